# SPDX-License-Identifier: MIT
"""A tray icon as a desktop's panel sees it: the StatusNotifierItem's properties and signals, its menu by com.canonical.dbusmenu."""
import time

import dbus
import dbus.bus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

from lab import HANG
from picture import Stencil

WATCHER = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
NOTIFICATIONS = "org.freedesktop.Notifications"


class Entry:
    """One line of a menu."""

    def __init__(self, number, values, children):
        self.number = int(number)
        self.raw = str(values.get("label", ""))
        self.label = self.raw.replace("__", "\0").replace("_", "").replace("\0", "_")  # as panels show it
        self.is_enabled = bool(values.get("enabled", True))
        self.is_visible = bool(values.get("visible", True))
        self.is_separator = str(values.get("type", "")) == "separator"
        self.is_checkable = bool(str(values.get("toggle-type", "")))
        self.is_checked = self.is_checkable and int(values.get("toggle-state", 0)) == 1
        self.children = [Entry(*child) for child in children]

    def walk(self):
        for child in self.children:
            yield child
            yield from child.walk()

    def text(self, depth=0):
        mark = "--" if self.is_separator else self.raw + ("" if self.is_enabled else " (disabled)") + (" [x]" if self.is_checked else "")
        lines = ["  " * depth + mark] if self.number else []
        return "\n".join(lines + [child.text(depth + 1) for child in self.children])


class SessionBus:
    """A connection of one's own to a private session bus. For one thread."""

    def __init__(self, case, address):
        self.connection = dbus.bus.BusConnection(address, mainloop=dbus.mainloop.glib.DBusGMainLoop())
        case.addCleanup(self.connection.close)

    def turn(self, limit=0.02):
        """Hands out what has arrived; waits up to `limit` seconds for it."""
        context = GLib.MainContext.default()
        timer = GLib.timeout_add(max(1, int(limit * 1000)), lambda: True)
        context.iteration(True)
        GLib.source_remove(timer)
        while context.iteration(False):
            pass

    def until(self, what, condition, timeout=HANG):
        """As lab.until, with signals handed out meanwhile."""
        deadline = time.monotonic() + timeout
        while True:
            value = condition()
            if value:
                return value
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {timeout} s: {what() if callable(what) else what}")
            self.turn()

    def names(self):
        return [str(name) for name in self.connection.list_names()]

    def items(self):
        """The bus names of the registered icons."""
        try:
            properties = dbus.Interface(self.connection.get_object(WATCHER, "/StatusNotifierWatcher", introspect=False), dbus.PROPERTIES_IFACE)
            return [str(name) for name in properties.Get(WATCHER, "RegisteredStatusNotifierItems")]
        except dbus.DBusException:
            return []

    def register_host(self):
        watcher = self.connection.get_object(WATCHER, "/StatusNotifierWatcher", introspect=False)
        dbus.Interface(watcher, WATCHER).RegisterStatusNotifierHost("org.kde.StatusNotifierHost-test")

    def pid_of(self, name):
        return int(self.connection.call_blocking("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetConnectionUnixProcessID", "s",
                                                 [name]))

    def item(self, timeout=HANG):
        """The icon, once one is registered."""
        return StatusItem(self, self.until("an icon is registered", self.items, timeout)[-1])


class StatusItem:
    """One registered icon."""

    def __init__(self, bus, name):
        self.bus, self.name = bus, name
        item = bus.connection.get_object(name, "/StatusNotifierItem", introspect=False)
        self.properties, self.item = dbus.Interface(item, dbus.PROPERTIES_IFACE), dbus.Interface(item, ITEM)
        self.signals = []  # (steady time, name)
        bus.connection.add_signal_receiver(self.note, None, ITEM, name, "/StatusNotifierItem", member_keyword="member")
        self.menu_path = str(self.get("Menu"))
        self.menu = dbus.Interface(bus.connection.get_object(name, self.menu_path, introspect=False), MENU)

    def note(self, *_, member=None):
        self.signals.append((time.monotonic(), member))

    def get(self, name):
        return self.properties.Get(ITEM, name)

    def tool_tip(self):
        return str(self.get("ToolTip")[2])

    def images(self):
        """side → Stencil, as the panel gets them."""
        return {int(width): Stencil.from_argb(int(width), int(height), data) for width, height, data in self.get("IconPixmap") if width == height}

    def wait_tool_tip(self, *parts, timeout=HANG):
        """Until the tooltip has all of these in it."""
        return self.bus.until(lambda: f"{parts} in the tooltip; it is {self.tool_tip()!r}",
                              lambda: all(part in self.tool_tip() for part in parts) and self.tool_tip(), timeout)

    def wait_state(self, state, *parts, timeout=HANG):
        """Until it says that the agent is in that state now."""
        return self.bus.until(lambda: f"{state} {parts} as the state now; the tooltip is {self.tool_tip()!r}", lambda: self.says(state, *parts), timeout)

    def says(self, state, *parts):
        text = self.tool_tip()
        return text if text.startswith(state + " since ") and all(part in text for part in parts) else ""

    def entries(self):
        """The menu as it is when it opens."""
        self.menu.AboutToShow(dbus.Int32(0))
        return Entry(*self.menu.GetLayout(dbus.Int32(0), dbus.Int32(-1), dbus.Array([], signature="s"))[1])

    def find(self, *path, **facts):
        """The entry whose label is, or else the first whose label contains the first of `path`; below it the one with the next, and so on; None
        without one."""
        found = [self.entries()]
        for part in path:
            found = [entry for parent in found for entry in parent.walk() if part in entry.label]
            found.sort(key=lambda entry: part != entry.label)  # stable
        return next((entry for entry in found if all(getattr(entry, name) == value for name, value in facts.items())), None)

    def entry(self, *path, timeout=HANG, **facts):
        """That entry, once there is one with these facts (is_enabled=…)."""
        return self.bus.until(lambda: f"an entry {path} {facts}; there is\n{self.entries().text()}", lambda: self.find(*path, **facts), timeout)

    def click(self, *path, timeout=HANG):
        """Chooses that entry, once there is one that can be chosen."""
        entry = self.entry(*path, timeout=timeout, is_enabled=True)
        self.menu.Event(dbus.Int32(entry.number), "clicked", dbus.String("", variant_level=1), dbus.UInt32(0))
        return entry

    def menu_changes(self):
        """A list to which each change of the menu is added that a panel is told of."""
        told = []
        for member in ("LayoutUpdated", "ItemsPropertiesUpdated"):
            self.bus.connection.add_signal_receiver(lambda *_, member=None: told.append(member), member, MENU, self.name, self.menu_path,
                                                    member_keyword="member")
        return told

    def activate(self):
        """A plain click."""
        self.item.Activate(dbus.Int32(10), dbus.Int32(10))


class NotificationServer(dbus.service.Object):
    """org.freedesktop.Notifications: keeps what it is told."""

    def __init__(self, bus):
        self.told = []  # (title, text)
        self.name = dbus.service.BusName(NOTIFICATIONS, bus.connection, do_not_queue=True)
        super().__init__(bus.connection, "/org/freedesktop/Notifications")

    @dbus.service.method(NOTIFICATIONS, in_signature="susssasa{sv}i", out_signature="u")
    def Notify(self, _app, _replaces, _icon, title, text, _actions, _hints, _timeout):
        self.told.append((str(title), str(text)))
        return len(self.told)

    @dbus.service.method(NOTIFICATIONS, in_signature="u")
    def CloseNotification(self, _):
        pass

    @dbus.service.method(NOTIFICATIONS, out_signature="as")
    def GetCapabilities(self):
        return dbus.Array(["body", "actions"], signature="s")

    @dbus.service.method(NOTIFICATIONS, out_signature="ssss")
    def GetServerInformation(self):
        return "test", "dormouse", "1", "1.2"
