# SPDX-License-Identifier: MIT
"""A private desktop: an X server without a screen, a session bus, a panel, and the real tray on it. Nothing of it outlives its test.

Needs Xvfb, trayer, xdotool, ImageMagick, dbus-daemon and, for the interpreter, the modules dbus and gi."""
import os
import re
import shutil
import socket
import signal
import subprocess
import sys
import unittest

import lab
from lab import HANG, LOG_LINE, until
from picture import Picture

try:
    from statusitem import NotificationServer, SessionBus
except ImportError as error:
    NotificationServer, SessionBus, UNIMPORTABLE = None, None, [f"the Python module {error.name}"]
else:
    UNIMPORTABLE = []

HERE = os.path.dirname(os.path.abspath(__file__))
TOOLS = ("Xvfb", "dbus-daemon", "trayer", "xdotool", "xwininfo", "import")
# A bus that starts nobody: what happens on a developer's desktop (portals, notification daemons) happens to no test.
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
"""


ICON_MOST = 130  # pixels; no window is that small
SKIPPED = 77  # exit code: nothing was tested


def missing():
    """What a test on a desktop needs and this machine lacks."""
    return [tool for tool in TOOLS if not shutil.which(tool)] + UNIMPORTABLE


def those(windows, condition):
    """The windows for which it holds; not those that are gone by now."""
    found = []
    for window in windows:
        try:
            if condition(window):
                found.append(window)
        except AssertionError:
            pass
    return found


def accepts(path):
    """Whether somebody listens on a Unix socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(path)
        except OSError:
            return False
    return True


class Window:
    """A window of the X server."""

    def __init__(self, desktop, number):
        self.desktop, self.number = desktop, number

    def geometry(self):
        """(x, y, width, height) on the screen."""
        text = self.desktop.run("xdotool", "getwindowgeometry", "--shell", self.number)
        values = dict(line.split("=") for line in text.split())
        return tuple(int(values[name]) for name in ("X", "Y", "WIDTH", "HEIGHT"))

    def is_popup(self):
        """A menu or a tooltip: no window manager is asked to place it."""
        done = subprocess.run(["xwininfo", "-id", self.number], env=self.desktop.environment, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=HANG)  # it may be gone by now
        return "Override Redirect State: yes" in done.stdout

    def is_icon(self):
        return max(self.geometry()[2:]) <= ICON_MOST

    def title(self):
        return self.desktop.run("xdotool", "getwindowname", self.number).rstrip("\n")

    def picture(self):
        return self.desktop.picture().crop(*self.geometry())

    def move(self, x, y):
        self.desktop.run("xdotool", "windowmove", "--sync", self.number, str(x), str(y))

    def focus(self):
        self.desktop.run("xdotool", "windowfocus", "--sync", self.number)

    def click(self, button=1):
        """On its middle."""
        x, y, width, height = self.geometry()
        self.desktop.run("xdotool", "mousemove", str(x + width // 2), str(y + height // 2), "click", str(button))


class Desktop:
    """`panel`: "xembed", "sni" or None."""

    def __init__(self, case, panel=None, screen="1280x900", panel_flags=()):
        self.case = case
        self.runtime = os.path.join(case.folder, "run")
        os.makedirs(self.runtime, 0o700, exist_ok=True)
        self.environment = {key: value for key, value in case.environment.items()
                            if not key.startswith(("LC_", "LANG", "QT_", "WAYLAND_", "DESKTOP_", "GTK_", "GNOME_", "KDE_"))}
        self.environment.update(XDG_RUNTIME_DIR=self.runtime, XDG_CONFIG_HOME=os.path.join(case.folder, "home", ".config"), LANG="C.UTF-8",
                                NO_AT_BRIDGE="1", QT_QPA_PLATFORM="xcb", PYTHONDONTWRITEBYTECODE="1")
        case.environment = self.environment  # agents and commands of the case live on this desktop, too
        self.environment["DISPLAY"] = ":" + self.start_display(screen)
        address = os.path.join(self.runtime, "bus")
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=" + address
        configuration = os.path.join(self.runtime, "bus.conf")
        with open(configuration, "w", encoding="utf-8") as file:
            file.write(BUS.format(path=address))
        self.start("dbus-daemon", f"--config-file={configuration}", "--nofork")
        until("the session bus listens", lambda: accepts(address))  # the file is there a moment before
        self.bus = SessionBus(case, self.environment["DBUS_SESSION_BUS_ADDRESS"])
        self.panel = None
        if panel == "xembed":
            self.panel = self.start_xembed_panel(*panel_flags)
        elif panel == "sni":
            self.panel = self.start_sni_panel()

    def start_display(self, screen):
        """The number that the server chose."""
        read_end, write_end = os.pipe()
        self.start("Xvfb", "-displayfd", str(write_end), "-screen", "0", screen + "x24", "-dpi", "96", "-nolisten", "tcp", "-noreset",
                   pass_fds=[write_end])
        os.close(write_end)
        number = b""
        while not number.endswith(b"\n"):
            piece = os.read(read_end, 16)
            if not piece:
                raise AssertionError("Xvfb does not start:\n" + self.log("Xvfb"))
            number += piece
        os.close(read_end)
        return number.decode().strip()

    def start_xembed_panel(self, *flags):
        """Returns once it owns the tray's selection."""
        panel = self.start("trayer", "--edge", "bottom", "--align", "right", "--widthtype", "request", "--height", "32", "--SetDockType", "true",
                           "--SetPartialStrut", "true", *flags)
        until(lambda: "the panel is there\n" + self.log("trayer"), lambda: self.windows("--class", "trayer") or self.windows("--name", "panel"))
        return panel

    def start_sni_panel(self, *flags):
        panel = self.start(sys.executable, os.path.join(HERE, "statusnotifierwatcher.py"), *flags, name="watcher")
        self.bus.until(lambda: "the watcher is there\n" + self.log("watcher"), lambda: "org.kde.StatusNotifierWatcher" in self.bus.names())
        return panel

    def log(self, name):
        with open(os.path.join(self.runtime, name + ".log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def start(self, *words, name=None, **options):
        """A process of this desktop, ended with the test."""
        with open(os.path.join(self.runtime, (name or os.path.basename(words[0])) + ".log"), "ab") as log:
            process = subprocess.Popen(words, env=options.pop("env", self.environment), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                                       start_new_session=True, **options)
        self.case.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        """It may be stopped (SIGSTOP), and has nothing to lose."""
        if process.poll() is None:
            process.kill()
        process.wait(HANG)

    def run(self, *words):
        done = subprocess.run(words, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=HANG)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(words)}: {done.returncode} {done.stderr}")
        return done.stdout

    def windows(self, *search):
        """The visible windows that xdotool finds by `search`."""
        done = subprocess.run(["xdotool", "search", "--onlyvisible", *search], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=HANG)
        return [Window(self, number) for number in done.stdout.split()]

    def window(self, title, timeout=HANG):
        """The one with `title` (a regular expression) in its title, once it is shown."""
        return until(lambda: f"a window {title!r}; there are {self.titles()}", lambda: self.titled(title), timeout, 0.05)[-1]

    def titled(self, title):
        """The windows of applications with `title` in their title; no menus, icons and the like."""
        return those(self.windows("--name", title), lambda window: not window.is_popup() and not window.is_icon() and window.title() != "panel")

    def gone(self, title, timeout=HANG):
        until(lambda: f"no window {title!r}; there are {self.titles()}", lambda: not self.titled(title), timeout, 0.05)

    def notifications(self):
        """A list to which every notification is added as (title, text), while the bus is turned. Before the tray tells the first."""
        return NotificationServer(self.bus).told

    def titles(self):
        return [window.title() for window in self.titled(".")]

    def picture(self):
        """The whole screen."""
        done = subprocess.run(["import", "-silent", "-window", "root", "-depth", "8", "ppm:-"], env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=HANG, check=True)
        return Picture.from_ppm(done.stdout)

    def key(self, *keys):
        self.run("xdotool", "key", "--delay", "40", *keys)

    def point(self, x, y):
        self.run("xdotool", "mousemove", str(x), str(y))

    def click(self, x, y, button=1):
        self.run("xdotool", "mousemove", str(x), str(y), "click", str(button))


class Tray:
    """A running dormouse-tray. What it writes to stderr beyond the usual and the allowed fails the test."""

    def __init__(self, desktop, *flags, allow=(), env=None, root=None, scheme="light"):
        self.desktop, self.case = desktop, desktop.case
        self.allow = [re.compile(pattern) for pattern in allow]
        self.log_path = os.path.join(self.case.folder, f"tray-{len(os.listdir(self.case.folder))}.log")
        words = [lab.program("dormouse-tray"), "--root", root or self.case.root, *(("--scheme", scheme) if scheme else ()), *flags]
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(words, env={**desktop.environment, **(env or {})}, cwd="/", stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, start_new_session=True)
        self.case.addCleanup(self.clear)

    @property
    def pid(self):
        return self.process.pid

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def lives(self):
        return self.process.poll() is None

    def wait(self, timeout=HANG):
        """Its exit code, once it ends by itself."""
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the tray does not end:\n{self.log()}") from None

    def stop(self):
        if self.lives():
            self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def item(self):
        """Its icon on a panel of the StatusNotifier kind."""
        def registered():
            if not self.lives():
                raise AssertionError(f"the tray ended with {self.process.returncode}:\n{self.log()}")
            return self.desktop.bus.items()
        self.desktop.bus.until(lambda: "an icon is registered\n" + self.log(), registered)
        return self.desktop.bus.item()

    def icon_window(self):
        """Its icon on an XEmbed panel: a small window inside the panel's."""
        def embedded():
            if not self.lives():
                raise AssertionError(f"the tray ended with {self.process.returncode}:\n{self.log()}")
            return those(self.desktop.windows("--pid", str(self.pid)), lambda window: window.is_icon() and window.geometry()[:2] != (0, 0))
        return until(lambda: "an icon in the panel\n" + self.log(), embedded, period=0.05)[-1]

    def popups(self):
        """Its open menus and tooltips."""
        return those(self.desktop.windows("--pid", str(self.pid)), lambda window: window.is_popup() and not window.is_icon())

    def menu_window(self):
        """Its open menu, once it has its size."""
        return until("an open menu", self.popups, period=0.05)[-1]

    def wait_menu_closed(self):
        until("the menu closes", lambda: not self.popups(), period=0.05)

    def complaints(self):
        return [line for line in self.log().splitlines()
                if (not LOG_LINE.match(line) or LOG_LINE.match(line).group(1) in ("warning", "critical", "fatal"))
                and not any(pattern.search(line) for pattern in self.allow)]

    def clear(self):
        lived = self.lives()
        if lived:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
        try:
            code = self.process.wait(HANG)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.case.assertEqual(self.complaints(), [], "the tray complained")
        if lived:
            self.case.assertEqual(code, 0, "the tray did not end cleanly:\n" + self.log())


@unittest.skipIf(missing(), f"needs {', '.join(missing())}")
class TrayCase(lab.Case):
    """A test of the tray: a private desktop and root."""

    def setUp(self):
        super().setUp()
        os.makedirs(self.root, 0o700)

    def desktop(self, panel=None, **options):
        return Desktop(self, panel, **options)

    def configure(self, text="# ours\n"):
        """Without a configuration, the tray welcomes a new user."""
        path = self.at("dormouse.toml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o600)

    def tray(self, desktop, *flags, **options):
        """On a configured root."""
        if not os.path.exists(self.at("dormouse.toml")):
            self.configure()
        return Tray(desktop, *flags, **options)

    def on_sni(self, *flags, **options):
        """(desktop, tray, its icon) on a panel of the StatusNotifier kind."""
        desktop = self.desktop("sni")
        tray = self.tray(desktop, *flags, **options)
        return desktop, tray, tray.item()

    def on_xembed(self, *flags, panel_flags=(), **options):
        """(desktop, tray, the window of its icon) on a panel of the XEmbed kind."""
        desktop = self.desktop("xembed", panel_flags=panel_flags)
        tray = self.tray(desktop, *flags, **options)
        return desktop, tray, tray.icon_window()


def main():
    """As lab.main(), but where nothing could be tested, that is the result."""
    result = unittest.main(exit=False, verbosity=2, module="__main__").result
    for test, reason in result.skipped:
        print(f"SKIPPED, NOT VERIFIED: {test}: {reason}", file=sys.stderr)
    if result.wasSuccessful() and len(result.skipped) == result.testsRun:
        sys.exit(SKIPPED)
    sys.exit(not result.wasSuccessful())
