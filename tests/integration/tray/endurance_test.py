# SPDX-License-Identifier: MIT
"""200 state changes and 20 window openings: no complaint of a sanitizer, no growth, a clean end.
Run by hand: see CMakeLists.txt."""
import os

from desktop import TrayCase, main
from fakeagent import FakeAgent
from lab import now

# For a program built with the address sanitizer, which looks for leaks at its end.
KNOWN_LEAKS = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "support", "leaks.supp")
os.environ.setdefault("LSAN_OPTIONS", f"suppressions={KNOWN_LEAKS}:print_suppressions=0")
CHANGES, OPENINGS = 200, 20
PAGES = (("history", "History"), ("settings", "Settings"), ("about", "About"), ("status", "^Dormouse$"))
GROWTH = 12 << 20  # bytes; windows, fonts and caches that are made once are paid for before


def resident(pid):
    with open(f"/proc/{pid}/statm", "rb") as file:
        return int(file.read().split()[1]) * 4096


def is_sanitized(pid):
    with open(f"/proc/{pid}/maps", encoding="utf-8") as file:
        return "libasan" in file.read()


class Endurance(TrayCase):
    def test_many_changes_and_windows(self):
        fake = FakeAgent(self)
        desktop, tray, item = self.on_sni()
        fake.wait_subscribed()
        self.open_and_close(desktop, len(PAGES))
        self.change(fake, item, 20)
        before = resident(tray.pid)
        self.change(fake, item, CHANGES)
        self.open_and_close(desktop, OPENINGS)
        grown = resident(tray.pid) - before
        print(f"grown by {grown / 1024:.0f} KiB in {CHANGES} changes and {OPENINGS} windows")
        if not is_sanitized(tray.pid):  # a sanitizer keeps what is freed for a while
            self.assertLess(grown, GROWTH)
        self.assertEqual(tray.stop(), 0, tray.log())

    @staticmethod
    def change(fake, item, count):
        for number in range(count):
            state = ("DROWSY", "SLEEP", "HIBERNATION", "WAKE")[number % 4]
            marks = [{"what": f"mark {number % 3}", "text": f"mark number {number}", "since": now()}] if number % 5 == 0 else []
            fake.tell(state, attention=marks, scheduler_paused=number % 7 == 0, services=[
                {"name": f"service{each}", "state": "ready", "pid": 100 + each, "rss_bytes": 10_000_000 * number, "restarts": 0, "ready_in_sec": 1.0}
                for each in range(number % 6)], why=f"change number {number} of this test")
            if number % 10 == 9:
                item.wait_tool_tip(f"change number {number} of")
                item.entries()

    def open_and_close(self, desktop, count):
        for number in range(count):
            page, title = PAGES[number % len(PAGES)]
            assert self.tray(desktop, "--show", page).wait() == 0
            window = desktop.window(title)
            window.focus()
            desktop.key("Escape")
            desktop.gone(title)


if __name__ == "__main__":
    main()
