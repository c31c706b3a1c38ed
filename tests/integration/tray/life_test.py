# SPDX-License-Identifier: MIT
"""How the tray lives: panels that come late or go, a second start, languages, clean ends.
Run by hand: see CMakeLists.txt."""
import os
import signal
import subprocess
import time

import lab
from desktop import Tray, TrayCase, main
from fakeagent import FakeAgent
from lab import HANG, until

NO_PANEL = r"this desktop shows no tray icons"
# Qt says so of each language whose locale is not installed, and goes on in that language.
NO_LOCALE = (r"Detected locale", r"Qt depends on a UTF-8 locale", r"If this causes problems", r"^$")


def switches(pid):
    """How often its threads have slept and been woken so far."""
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/status", encoding="ascii") as file:
            total += sum(int(line.split()[1]) for line in file if line.startswith("voluntary_ctxt_switches"))
    return total


class Panels(TrayCase):
    def alone(self):
        """A tray on a desktop without a panel, which has said so."""
        FakeAgent(self, "DROWSY")
        desktop = self.desktop()
        tray = self.tray(desktop, allow=[NO_PANEL])
        until("it says that there is no panel", lambda: "no tray icons" in tray.log())
        return desktop, tray

    def test_without_a_panel_it_says_so_once_and_waits_quietly(self):
        _, tray = self.alone()
        before, since = switches(tray.pid), time.monotonic()
        until("eight seconds", lambda: time.monotonic() - since > 8, period=0.2)
        self.assertLess(switches(tray.pid) - before, 20)
        self.assertEqual(tray.log().count("no tray icons"), 1)
        self.assertEqual(tray.stop(), 0)

    def test_an_xembed_panel_that_comes_later(self):
        desktop, tray = self.alone()
        desktop.start_xembed_panel()
        tray.icon_window()

    def test_a_status_notifier_panel_that_comes_later(self):
        desktop, tray = self.alone()
        desktop.start_sni_panel()
        item = desktop.bus.item()
        item.wait_state("DROWSY")
        # It has started itself anew, for Qt chooses the kind of icon once a process.
        self.assertEqual([desktop.bus.pid_of(name) for name in desktop.bus.items()], [tray.pid])
        self.assertTrue(tray.lives())

    def test_a_watcher_whose_host_comes_later(self):
        """At login a desktop's watcher runs before its panel does."""
        FakeAgent(self, "DROWSY")
        desktop = self.desktop()
        desktop.start_sni_panel("--host-later")
        tray = self.tray(desktop, allow=[NO_PANEL])
        until("it says that there is no panel", lambda: desktop.bus.turn() or "no tray icons" in tray.log())
        self.assertEqual(desktop.bus.items(), [])
        desktop.bus.register_host()
        desktop.bus.item(timeout=20).wait_state("DROWSY")

    def test_a_status_notifier_panel_that_starts_anew(self):
        FakeAgent(self, "DROWSY")
        desktop, tray, _ = self.on_sni()
        desktop.end(desktop.panel)
        desktop.bus.until("the panel has gone", lambda: not desktop.bus.items())
        desktop.start_sni_panel()
        desktop.bus.item().wait_state("DROWSY")
        self.assertTrue(tray.lives())

    def test_an_xembed_panel_that_starts_anew(self):
        desktop, tray, _ = self.on_xembed()
        desktop.end(desktop.panel)
        until("the icon has gone", lambda: not [window for window in desktop.windows("--pid", str(tray.pid))])
        desktop.start_xembed_panel()
        tray.icon_window()


class Starts(TrayCase):
    def test_a_second_start_shows_a_window_of_the_first(self):
        desktop, first, item = self.on_sni()
        for page, title in (("history", "History"), ("settings", "Settings"), ("about", "About"), ("welcome", "Set Up"), ("status", "^Dormouse$")):
            self.assertEqual(self.tray(desktop, "--show", page).wait(), 0, page)
            window = desktop.window(title)
            self.assertEqual(desktop.run("xdotool", "getwindowpid", window.number).strip(), str(first.pid), page)
        self.assertEqual(desktop.bus.items(), [item.name], "a second icon")

    def test_a_second_start_without_wishes_shows_the_state(self):
        desktop, _, _ = self.on_sni()
        self.assertEqual(self.tray(desktop).wait(), 0)
        desktop.window("^Dormouse$")

    def test_another_root_is_another_tray(self):
        desktop, _, item = self.on_sni()
        other = os.path.join(self.folder, "other")
        os.makedirs(other, 0o700)
        with open(os.path.join(other, "dormouse.toml"), "w", encoding="utf-8"):
            pass
        second = Tray(desktop, root=other)
        desktop.bus.until("two icons", lambda: len(desktop.bus.items()) == 2)
        self.assertTrue(second.lives())
        self.assertIn(item.name, desktop.bus.items())

    def test_after_a_kill_the_next_start_is_the_first(self):
        desktop, first, _ = self.on_sni()
        first.process.kill()
        first.process.wait(HANG)
        desktop.bus.until("the icon has gone", lambda: not desktop.bus.items())
        second = self.tray(desktop)
        second.item()
        self.assertTrue(second.lives())

    def test_two_starts_at_once_make_one_icon(self):
        desktop = self.desktop("sni")
        trays = [self.tray(desktop) for _ in range(4)]
        desktop.bus.item()
        desktop.bus.until("the others leave", lambda: sum(tray.lives() for tray in trays) == 1)
        self.assertEqual(sorted(tray.wait() for tray in trays if not tray.lives()), [0, 0, 0])
        self.assertEqual(len(desktop.bus.items()), 1)

    def test_the_first_start_welcomes_and_later_ones_do_not(self):
        desktop = self.desktop("sni")
        tray = Tray(desktop)
        desktop.window("Set Up")
        self.assertEqual(tray.stop(), 0)
        self.configure()
        second = self.tray(desktop)
        second.item().bus.turn(0.5)
        self.assertEqual(desktop.titles(), [])


class Ends(TrayCase):
    def test_signals_end_it_cleanly(self):
        desktop = self.desktop("sni")
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            tray = self.tray(desktop, "--show", "history")
            tray.item()
            desktop.window("History")
            tray.process.send_signal(number)
            self.assertEqual(tray.wait(), 0, number)
            desktop.bus.until("the icon has gone", lambda: not desktop.bus.items())

    def test_closing_the_last_window_leaves_the_icon(self):
        desktop, tray, _ = self.on_sni("--show", "about")
        window = desktop.window("About")
        window.focus()
        desktop.key("Escape")
        desktop.gone("About")
        self.assertTrue(tray.lives())


class Languages(TrayCase):
    def labels(self, desktop, language):
        tray = self.tray(desktop, env={"LANG": language, "LANGUAGE": language.split(".")[0]}, allow=NO_LOCALE)
        item = tray.item()
        item.bus.until("an agent was looked for", lambda: item.tool_tip())
        item.entries()
        labels = {entry.label for entry in item.entries().walk() if entry.label}
        self.assertEqual(tray.stop(), 0)
        desktop.bus.until("the icon has gone", lambda: not desktop.bus.items())
        return labels

    def test_german_and_chinese(self):
        desktop = self.desktop("sni")
        english, german, chinese = (self.labels(desktop, language) for language in ("C.UTF-8", "de_DE.UTF-8", "zh_CN.UTF-8"))
        self.assertIn("Wake Now", english)
        self.assertEqual(sorted(english & german), [], "not translated into German")
        self.assertEqual(sorted(english & chinese), [], "not translated into Chinese")
        self.assertTrue(all(any("\u4e00" <= letter <= "\u9fff" for letter in label) for label in chinese), chinese)

    def test_right_to_left_turns_windows_round_and_keeps_their_size(self):
        desktop = self.desktop("sni")
        for page, title in (("history", "History"), ("settings", "Settings"), ("status", "^Dormouse$"), ("welcome", "Set Up")):
            sizes, pictures = [], []
            for flags in ((), ("-reverse",)):
                tray = self.tray(desktop, "--show", page, *flags)
                window = desktop.window(title)
                until("it is drawn", lambda: len(window.picture().colours()) > 2)
                sizes.append(window.geometry()[2:])
                pictures.append(window.picture())
                self.assertEqual(tray.stop(), 0)
            self.assertEqual(sizes[0], sizes[1], page)
            self.assertGreater(pictures[0].difference(pictures[1])[0], 500, f"{page} is not turned round")


class CommandLine(TrayCase):
    def run_tray(self, *words, **environment):
        runtime = os.path.join(self.folder, "run")
        os.makedirs(runtime, 0o700, exist_ok=True)
        return subprocess.run([lab.program("dormouse-tray"), *words], env={**self.environment, "XDG_RUNTIME_DIR": runtime, **environment}, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=HANG)

    def test_help_and_version_need_no_display(self):
        for word, expected in (("--help", "--show"), ("--version", "dormouse-tray ")):
            done = self.run_tray(word)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn(expected, done.stdout)

    def test_wrong_words_are_told(self):
        for words, expected in ((("--shov", "history"), "--show"), (("--show", "histery"), "history"), (("--scheme", "pink"), "light"),
                                (("--log-level", "loud"), "--log-level loud: expected one of debug,"), (("surplus",), "surplus")):
            done = self.run_tray(*words, QT_QPA_PLATFORM="offscreen")
            self.assertEqual(done.returncode, 2, words)
            self.assertIn(expected, done.stderr)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)

    def test_without_a_display_it_says_what_to_do(self):
        hidden = {name: value for name, value in self.environment.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
        done = subprocess.run([lab.program("dormouse-tray")], env=hidden, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=HANG)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("dormouse status", done.stderr)


if __name__ == "__main__":
    main()
