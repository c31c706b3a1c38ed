# SPDX-License-Identifier: MIT
"""A StatusNotifierWatcher and host as a program of its own: what a desktop's panel is to a tray icon. Ends with the bus.

usage: DBUS_SESSION_BUS_ADDRESS=… statusnotifierwatcher.py [--host-later]
--host-later: no host is there until somebody calls RegisterStatusNotifierHost"""
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

WATCHER = "org.kde.StatusNotifierWatcher"
PATH = "/StatusNotifierWatcher"
# dbus-python knows no properties; Qt takes nobody for a watcher who does not declare these.
DECLARED = "".join(f'<property name="{name}" type="{kind}" access="read"/>' for name, kind in (
    ("RegisteredStatusNotifierItems", "as"), ("IsStatusNotifierHostRegistered", "b"), ("ProtocolVersion", "i")))


class Panel(dbus.service.Object):
    def __init__(self, bus, has_host):
        self.has_host = has_host
        self.items = {}  # unique bus name → the name it registered
        self.name = dbus.service.BusName(WATCHER, bus, do_not_queue=True)
        super().__init__(bus, PATH)
        bus.add_signal_receiver(self.forget, "NameOwnerChanged", "org.freedesktop.DBus")

    def forget(self, name, _, owner):
        if not owner and self.items.pop(str(name), None):
            self.StatusNotifierItemUnregistered(name)

    @dbus.service.method(WATCHER, in_signature="s", sender_keyword="sender")
    def RegisterStatusNotifierItem(self, service, sender=None):
        self.items[str(sender)] = str(service)
        self.StatusNotifierItemRegistered(sender)

    @dbus.service.method(WATCHER, in_signature="s")
    def RegisterStatusNotifierHost(self, _):
        self.has_host = True
        self.StatusNotifierHostRegistered()

    @dbus.service.signal(WATCHER, signature="s")
    def StatusNotifierItemRegistered(self, service):
        pass

    @dbus.service.signal(WATCHER, signature="s")
    def StatusNotifierItemUnregistered(self, service):
        pass

    @dbus.service.signal(WATCHER, signature="")
    def StatusNotifierHostRegistered(self):
        pass

    @dbus.service.method(dbus.PROPERTIES_IFACE, in_signature="s", out_signature="a{sv}")
    def GetAll(self, _):
        return {"RegisteredStatusNotifierItems": dbus.Array(list(self.items), signature="s"),
                "IsStatusNotifierHostRegistered": dbus.Boolean(self.has_host), "ProtocolVersion": dbus.Int32(0)}

    @dbus.service.method(dbus.PROPERTIES_IFACE, in_signature="ss", out_signature="v")
    def Get(self, interface, name):
        return self.GetAll(interface)[name]

    @dbus.service.method(dbus.INTROSPECTABLE_IFACE, out_signature="s", path_keyword="path", connection_keyword="connection")
    def Introspect(self, path, connection):
        text = super().Introspect(path, connection)
        head, opening, rest = text.partition(f'<interface name="{WATCHER}">')
        return head + opening + DECLARED + rest


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    panel = Panel(dbus.SessionBus(), "--host-later" not in sys.argv)
    assert panel
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
