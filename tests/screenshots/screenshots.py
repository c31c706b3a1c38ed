# SPDX-License-Identifier: MIT
"""Makes the pictures of the documents from the real programs: a private desktop for each, with a real agent, a real panel, and services that are
small stand-ins. Linux only; needs what the tests of the tray need, and dunst.

usage: ./dev screenshots [NAME...]      NAME: one of the methods below, for example Screenshots.test_menu
DORMOUSE_IMAGES: where to, default docs/images."""
import os
import shutil
import subprocess
import sys
import threading
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(TOP, "tests", "support"))
os.environ.setdefault("DORMOUSE_BIN", os.path.join(TOP, "build", "release", "bin"))

from desktop import Tray, TrayCase  # noqa: E402
from lab import HANG, Agent, main, until  # noqa: E402
from picture import Picture  # noqa: E402

IMAGES = os.environ.get("DORMOUSE_IMAGES", os.path.join(TOP, "docs", "images"))
SCALE = 2  # pixels for each that is meant, as on a display of double density
SCREEN = "2560x1800"
LINGER = {"lifecycle.hibernation": "linger"}
# What is behind everything, the panel, and text on the panel.
LOOKS = {"light": ((214, 220, 228), (240, 240, 242), (40, 40, 44)), "dark": ((62, 68, 80), (30, 31, 35), (232, 232, 236))}

# What stands in for a model server: holds memory, and is ready at once.
SERVER = "import sys, time; held = bytearray(int(sys.argv[1]) << 20); held[::4096] = b'x' * len(held[::4096]); time.sleep(3600)"
CONFIGURATION = """# What Dormouse looks after.
[timers]
drowsy_after = "5m"
sleep_after = "30m"
hibernate_after = "2h"

[[service]]
name = "ollama"
command = ["{python}", "-c", "{server}", "780"]

[[service]]
name = "iai-mcp"
command = ["{python}", "-c", "{server}", "210"]
"""
# Keeps a sleep from being over at once.
LONG_CYCLE = """[[sleep.step]]
name = "dreams"
command = ["/bin/sleep", "600"]
"""
DUNST = """[global]
monitor = 0
width = ({width}, {width})
height = 600
origin = top-right
offset = 40x40
frame_width = 2
frame_color = "#c4cad4"
separator_height = 2
padding = 28
horizontal_padding = 32
text_icon_padding = 28
font = DejaVu Sans 20
line_height = 4
markup = full
format = "<b>%s</b>\\n%b"
alignment = left
icon_position = left
min_icon_size = 96
max_icon_size = 96
corner_radius = 0
progress_bar = false
[urgency_normal]
background = "#fbfbfc"
foreground = "#26262a"
timeout = 0
[urgency_low]
background = "#fbfbfc"
foreground = "#26262a"
timeout = 0
[urgency_critical]
background = "#fbfbfc"
foreground = "#26262a"
frame_color = "#d08770"
timeout = 0
"""


def hexadecimal(colour):
    return "#%02x%02x%02x" % colour


def save(picture, name):
    os.makedirs(IMAGES, exist_ok=True)
    path = os.path.join(IMAGES, name + ".png")
    picture.save_png(path)
    print(f"{os.path.relpath(path)}: {picture.width}x{picture.height}", flush=True)


def joined(parts, gap, background):
    """Side by side, on the same height."""
    width = sum(part.width for part in parts) + gap * (len(parts) + 1)
    height = max(part.height for part in parts)
    sheet, x = Picture.plain(width, height, background), gap
    for part in parts:
        sheet = sheet.pasted(part, x, (height - part.height) // 2)
        x += part.width + gap
    return sheet


def framed(picture, behind):
    """A window on what is behind it: a margin with a soft shadow, and a hairline."""
    margin, reach = 40, 34
    line = tuple(channel * 3 // 4 for channel in behind)
    width, height = picture.width + 2 * margin, picture.height + 2 * margin
    rows = []
    for y in range(height):
        down = max(margin - y, y - (margin + picture.height - 1), 0)
        row = bytearray()
        for x in range(width):
            aside = max(margin - x, x - (margin + picture.width - 1), 0)
            distance = min((down * down + aside * aside) ** 0.5, reach)
            shade = 1 - 0.2 * (1 - distance / reach) ** 2.5
            row += bytes(int(channel * shade) for channel in behind)
        rows.append(bytes(row))
    sheet = Picture(width, height, b"".join(rows))
    sheet = sheet.pasted(Picture.plain(picture.width + 2, picture.height + 2, line), margin - 1, margin - 1)
    return sheet.pasted(picture, margin, margin)


def steady(take):
    """What `take` shows once two pictures in a row are alike: nothing is being drawn."""
    last = [take()]

    def is_steady():
        time.sleep(0.15)
        previous, last[0] = last[0], take()
        return previous.data == last[0].data
    until("a steady picture", is_steady, timeout=20)
    return last[0]


@unittest.skipUnless(shutil.which("dunst"), "needs dunst")
@unittest.skipUnless(sys.platform == "linux", "needs Xvfb")
class Screenshots(TrayCase):
    def studio(self, scheme, panel="xembed", scale=SCALE):
        """A desktop in these colours, its panel at the top."""
        behind, bar, _ = LOOKS[scheme]
        desktop = self.desktop(None, screen=SCREEN)
        desktop.environment.update(QT_SCALE_FACTOR=str(scale), TZ="UTC")
        wallpaper = os.path.join(self.folder, "wallpaper.png")
        Picture.plain(8, 8, behind).save_png(wallpaper)
        # Its exit code says nothing; the screen does.
        subprocess.run(["display", "-window", "root", wallpaper], env=desktop.environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=HANG)
        until("the wallpaper", lambda: desktop.picture().at(5, 5) == behind)
        if panel == "xembed":
            desktop.start_xembed_panel("--transparent", "true", "--alpha", "0", "--tint", "0x" + hexadecimal(bar)[1:], "--height", str(32 * scale),
                                       "--edge", "top", "--align", "left", "--widthtype", "percent", "--width", "100", "--padding", str(12 * scale))
        else:
            desktop.start_sni_panel()
        self.park(desktop)
        return desktop

    @staticmethod
    def park(desktop):
        """The pointer, where it is over nothing."""
        desktop.point(2540, 1780)

    def configured(self):
        self.configure(CONFIGURATION.format(python=sys.executable, server=SERVER))

    def start_at_work(self):
        """An agent with its services up; they end with the test."""
        agent = Agent(self, timers={"drowsy_after": "5m", "sleep_after": "30m", "hibernate_after": "2h", "stale_after": "4s"}).ready()
        self.addCleanup(self.end_services, agent)
        agent.ask("force_wake")
        until(lambda: f"services run\n{agent.status()}", lambda: all(
            service["state"] == "ready" and (service["rss_bytes"] or 0) > 200 << 20 for service in agent.status()["services"]))
        return agent

    def attach(self, *names):
        """Wrappers that beat until the test is over."""
        wrappers, over = [self.wrapper(name) for name in names], threading.Event()

        def beat():
            while not over.wait(0.5):
                for wrapper in wrappers:
                    wrapper.beat()
        thread = threading.Thread(target=beat)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(over.set)

    @staticmethod
    def end_services(agent):
        for service in agent.status()["services"]:
            agent.ask("service", name=service["name"], action="stop")
        until("the services have ended", lambda: all(service["state"] == "stopped" for service in agent.status()["services"]))

    def shown(self, desktop, page, title, scheme, *flags):
        """The window `title`, drawn and in focus."""
        self.tray(desktop, "--show", page, *flags, scheme=scheme)
        window = desktop.window(title)
        window.focus()
        self.park(desktop)
        return window

    def label(self, text, colour, background):
        """A line of text as a picture."""
        done = subprocess.run(["convert", "-background", hexadecimal(background), "-fill", hexadecimal(colour), "-font", "DejaVu-Sans", "-pointsize",
                               "22", f"label:{text}", "-depth", "8", "ppm:-"], capture_output=True, check=True, timeout=HANG)
        return Picture.from_ppm(done.stdout)

    # --- the icon -----------------------------------------------------------------------------------------------------

    def moments(self):
        """(label, root, what the tooltip then says) for each look of the icon, each with an agent of its own."""
        yield "awake", self.moment("awake", lambda agent: agent.ask("force_wake"))
        yield "drowsy", self.moment("drowsy", lambda agent: agent.wait_state("DROWSY"), drowsy_after=0.5)
        yield "asleep", self.moment("asleep", lambda agent: (agent.ask("user_initiated_sleep"), agent.wait_state("SLEEP")), text=LONG_CYCLE)
        yield "hibernating", self.moment("hibernating", lambda agent: (agent.ask("hibernate"), agent.wait_state("HIBERNATION")))
        yield "no agent", self.moment("nobody", None)
        yield "held awake", self.moment("held", lambda agent: agent.ask("pause"))
        yield "attention", self.moment("attention", self.break_configuration)

    def moment(self, name, act, text="# ours\n", **timers):
        """A root of its own, with that configuration and an agent brought to that moment."""
        self.root = os.path.join(self.folder, name)
        os.makedirs(self.root, 0o700)
        self.configure(text)
        if act:
            act(self.start(sets=LINGER, timers=timers, allow=["dormouse.toml"]))
        return self.root

    def break_configuration(self, agent):
        self.configure("[timers]\ndrowsy_after = \"soon\"\n")
        agent.ask("reload")
        until("an attention mark", lambda: agent.status()["attention"])

    def icon_states(self, scheme):
        _, bar, ink = LOOKS[scheme]
        desktop = self.studio(scheme, scale=2 * SCALE)
        tiles, shown = [], []
        for text, root in self.moments():
            tray = self.tray(desktop, root=root, scheme=scheme)
            window = tray.icon_window()
            if text == "attention":  # it is notified, too, by a balloon that covers part of the icon for a while
                until("the balloon", tray.popups)
                until("its end", lambda: not tray.popups(), period=0.2)
            icon = steady(window.picture)
            self.assertTrue(icon.box_unlike(bar, 16), text)
            self.assertEqual(tray.stop(), 0)
            until("the icon has gone", lambda: not desktop.windows("--pid", str(tray.pid)))
            side = min(icon.width, icon.height)
            icon = icon.crop((icon.width - side) // 2, (icon.height - side) // 2, side, side)
            words = self.label(text, ink, bar)
            shown.append(icon)
            tile = Picture.plain(max(words.width, icon.width), 210, bar)
            tile = tile.pasted(icon, (tile.width - icon.width) // 2, 40)
            tiles.append(tile.pasted(words, (tile.width - words.width) // 2, 148))
        self.assertEqual(len({tile.data for tile in shown}), len(shown), "two looks are the same")
        save(joined(tiles, 48, bar), f"icon-states-{scheme}")

    def test_icon_states_light(self):
        self.icon_states("light")

    def test_icon_states_dark(self):
        self.icon_states("dark")

    # --- what the icon opens ------------------------------------------------------------------------------------------

    def at_work(self, scheme):
        """(desktop, tray, icon window) with services that run and wrappers that use them."""
        self.configured()
        desktop = self.studio(scheme)
        agent = self.start_at_work()
        self.attach("claude-code", "cursor")
        until("two wrappers, and the patience after a start is over",
              lambda: agent.status()["wrappers"]["fresh"] == 2 and "clients get" not in agent.status()["why"])
        tray = self.tray(desktop, scheme=scheme)
        window = tray.icon_window()
        steady(window.picture)
        return desktop, tray, window

    @staticmethod
    def below_panel(desktop, boxes, margin=28):
        """The left end of the panel, and what is below it within `margin` of these (x, y, width, height)."""
        return desktop.picture().crop(0, 0, max(box[0] + box[2] for box in boxes) + margin, max(box[1] + box[3] for box in boxes) + margin)

    def menu(self, scheme, name):
        desktop, tray, window = self.at_work(scheme)
        x, y, width, height = window.geometry()
        desktop.click(x + width // 2 - 8, y + height - 2, 3)
        tray.menu_window()
        self.park(desktop)
        desktop.key("r", "Right")  # the services, and what can be done with the first of them
        until("the submenus", lambda: len(tray.popups()) == 3)
        boxes = [menu.geometry() for menu in tray.popups()]
        save(steady(lambda: self.below_panel(desktop, boxes)), name)

    def test_menu_light(self):
        self.menu("light", "menu")

    def test_menu_dark(self):
        self.menu("dark", "menu-dark")

    def test_tooltip(self):
        desktop, tray, window = self.at_work("light")
        before = desktop.picture()
        x, y, width, height = window.geometry()
        desktop.point(x + width // 2 - 4, y + height - 4)
        desktop.point(x + width // 2, y + height - 3)

        def tip():
            return [other for other in desktop.windows("--pid", str(tray.pid))
                    if "TOOLTIP" in desktop.run("xprop", "-id", other.number, "_NET_WM_WINDOW_TYPE")]
        shown = until("a tooltip", tip, period=0.1)[0]
        self.assertNotEqual(before.data, desktop.picture().data)
        save(steady(lambda: self.below_panel(desktop, [shown.geometry()])), "tooltip")

    def test_status(self):
        desktop, _, _ = self.at_work("light")
        self.assertEqual(self.tray(desktop, "--show", "status").wait(), 0)
        window = desktop.window("^Dormouse$")
        window.focus()
        save(framed(steady(window.picture), LOOKS["light"][0]), "status")

    def test_notification(self):
        """A real notification daemon, and what Sleep Now says."""
        self.configured()
        desktop = self.studio("light", "sni")
        path = os.path.join(self.folder, "dunstrc")
        with open(path, "w", encoding="utf-8") as file:
            file.write(DUNST.format(width=840))
        desktop.start("dunst", "-config", path)
        desktop.bus.until("a notification daemon", lambda: "org.freedesktop.Notifications" in desktop.bus.names())
        self.start_at_work()
        item = self.tray(desktop).item()
        item.wait_state("WAKE")
        item.click("Sleep Now")
        shown = until("a notification", lambda: desktop.windows("--class", "dunst"), period=0.1)[0]
        x, y, width, height = shown.geometry()
        save(steady(lambda: desktop.picture().crop(x - 28, y - 28, width + 56, height + 56)), "notification")

    # --- windows ------------------------------------------------------------------------------------------------------

    def history(self, scheme):
        subprocess.run([sys.executable, os.path.join(TOP, "tests", "support", "month.py"), self.root], check=True, timeout=HANG)
        self.put_record("WAKE")
        self.configure()
        desktop = self.studio(scheme, "sni")
        agent = self.start()
        agent.ask("force_wake")
        window = self.shown(desktop, "history", "History", scheme)
        desktop.key("alt+3")
        save(framed(steady(window.picture), LOOKS[scheme][0]), f"history-{scheme}")

    def test_history_light(self):
        self.history("light")

    def test_history_dark(self):
        self.history("dark")

    def test_settings(self):
        self.configured()
        desktop = self.studio("light", "sni")
        window = self.shown(desktop, "settings", "Settings", "light")
        save(framed(steady(window.picture), LOOKS["light"][0]), "settings")

    def test_welcome(self):
        """On a machine that has Ollama."""
        desktop = self.studio("light", "sni")
        programs = os.path.join(desktop.environment["HOME"], "bin")
        os.mkdir(programs)
        path = os.path.join(programs, "ollama")
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\nexec sleep 3600\n")
        os.chmod(path, 0o755)
        desktop.environment["PATH"] = programs + ":" + desktop.environment["PATH"]
        Tray(desktop)
        window = desktop.window("Set Up")
        window.focus()
        save(framed(steady(window.picture), LOOKS["light"][0]), "welcome")


if __name__ == "__main__":
    main()
