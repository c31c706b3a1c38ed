# SPDX-License-Identifier: MIT
"""A desk to sit at, for tests of the idle sources: private message buses with mocked services, X servers, and the probe that prints what the sources say.
Needs python3-dbusmock, so it runs with the system's Python."""
import json
import os
import queue
import signal
import socket
import subprocess
import threading
import time

import dbus
import dbus.bus

from lab import HANG, MARK, Case, until

MOCK = "org.freedesktop.DBus.Mock"
MUTTER = ("org.gnome.Mutter.IdleMonitor", "/org/gnome/Mutter/IdleMonitor/Core", "org.gnome.Mutter.IdleMonitor")
DISPLAY_CONFIG = ("org.gnome.Mutter.DisplayConfig", "/org/gnome/Mutter/DisplayConfig", "org.gnome.Mutter.DisplayConfig")
SCREEN_SAVER = ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver")
SYSTEMD = ("org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager")
LOGIND = ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")


class Bus:
    """A message bus of this test's own."""

    def __init__(self, case, name):
        self.case, self.path = case, os.path.join(case.folder, name + ".bus")
        self.address = "unix:path=" + self.path
        self.process = None
        self.start()
        case.addCleanup(self.stop)

    def start(self):
        self.process = self.case.spawn("dbus-daemon", "--session", "--nofork", "--nopidfile", "--address=" + self.address)
        until("the bus accepts", lambda: self.accepts())

    def accepts(self):
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(self.path) == 0

    def stop(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait(HANG)
        try:
            os.unlink(self.path)
        except FileNotFoundError:
            pass

    def connect(self):
        connection = dbus.bus.BusConnection(self.address)
        connection.set_exit_on_disconnect(False)
        self.case.addCleanup(connection.close)
        return connection

    def mock(self, names, *template):
        """A mocked service; its process, with `control` to tell it what to do."""
        name, path, interface = names
        words = ["--template", *template] if template else [name, path, interface]
        process = self.case.spawn("/usr/bin/python3", "-m", "dbusmock", "--session", *words, DBUS_SESSION_BUS_ADDRESS=self.address)
        connection = self.connect()
        until(name, lambda: connection.name_has_owner(name))
        process.control = dbus.Interface(connection.get_object(name, path), MOCK)
        process.objects = lambda other: dbus.Interface(connection.get_object(name, other), MOCK)
        return process


class HungBus:
    """Accepts, and never answers: what blocks QDBusConnection::systemBus() for more than half a minute."""

    def __init__(self, case, name):
        path = os.path.join(case.folder, name)
        self.address = "unix:path=" + path
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(path)
        self.socket.listen(64)
        self.peers = []
        threading.Thread(target=self.accept, daemon=True).start()
        case.addCleanup(self.stop)

    def accept(self):
        try:
            while True:
                self.peers.append(self.socket.accept()[0])
        except OSError:
            pass

    def stop(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for peer in self.peers:
            peer.close()


class XServer:
    """An X server without a screen, and input to it."""

    def __init__(self, case, *flags):
        read_end, write_end = os.pipe()
        self.process = case.spawn("Xvfb", "-displayfd", str(write_end), "-screen", "0", "320x200x24", "-nolisten", "tcp", "-noreset", *flags, pass_fds=[write_end])
        os.close(write_end)
        with os.fdopen(read_end) as pipe:
            self.name = ":" + pipe.readline().strip()

    def input(self, *words, **environment):
        subprocess.run(["xdotool", *(words or ["key", "a"])], env={**os.environ, "DISPLAY": self.name, **environment}, check=True, timeout=HANG)


class Probe:
    """tests/integration/idle/idleprobe.cpp."""

    def __init__(self, case, *words):
        self.log_path = os.path.join(case.folder, "probe.log")
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen([os.environ["IDLE_PROBE"], *words], env=case.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                            stderr=log, start_new_session=True)
        case.addCleanup(self.end)
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def next(self, timeout=HANG):
        try:
            return self.lines.get(timeout=timeout)
        except queue.Empty:
            raise AssertionError(f"the probe says nothing:\n{self.log()}") from None

    def ask(self):
        """One answer, with how long it took."""
        before = time.monotonic()
        self.process.stdin.write(b"?\n")
        self.process.stdin.flush()
        answer = self.next()
        answer["took"] = time.monotonic() - before
        return answer

    def ask_until(self, what, condition):
        answers = []

        def asked():
            answers.append(self.ask())
            return condition(answers[-1])
        until(lambda: f"{what}; last {answers[-1]}\n{self.log()}", asked, period=0.05)
        return answers[-1]

    def log(self):
        with open(self.log_path, encoding="utf-8") as file:
            return file.read()

    def warnings(self):
        return [line for line in self.log().splitlines() if " warning " in line or " critical " in line]

    def end(self):
        """Its exit code; it must go at once, whatever hangs."""
        if self.process.poll() is None:
            self.process.stdin.close()
        try:
            return self.process.wait(5)
        finally:
            self.process.kill()
            self.process.wait(HANG)
            self.process.stdout.close()


class DeskCase(Case):
    """A desk with nobody's display and no bus, until the test says otherwise."""

    def setUp(self):
        super().setUp()
        for name in ("DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"):
            self.environment.pop(name, None)
        self.environment["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=" + os.path.join(self.folder, "none")
        self.environment["XDG_RUNTIME_DIR"] = self.folder

    def spawn(self, *command, pass_fds=(), **environment):
        process = subprocess.Popen(command, env={**self.environment, "DORMOUSE_LAB": MARK, **environment}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, pass_fds=pass_fds, start_new_session=True)
        self.addCleanup(self.finish, process)
        return process

    @staticmethod
    def finish(process):
        if process.poll() is None:
            process.kill()
        process.wait(HANG)

    def session_bus(self):
        bus = Bus(self, "session")
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.address
        return bus

    def system_bus(self):
        bus = Bus(self, "system")
        self.environment["DBUS_SYSTEM_BUS_ADDRESS"] = bus.address
        return bus

    def x_server(self, *flags):
        if os.environ.get("IDLE_X11", "ON") != "ON":
            self.skipTest("this build has no X11 (DORMOUSE_X11)")
        server = XServer(self, *flags)
        self.environment["DISPLAY"] = server.name
        return server

    def probe(self, *words):
        return Probe(self, *words)
