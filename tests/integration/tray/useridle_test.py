# SPDX-License-Identifier: MIT
"""An agent that runs outside the desktop (a user service of a machine whose service manager knows no display) and sees nobody at the machine: the tray, which does
see, tells it. Else the agent would put services to sleep under their user's hands.
Run by hand: see CMakeLists.txt."""
import json
import time

from desktop import TrayCase, main
from lab import until

REPORTS_EVERY = 68  # seconds at the most: 64, and what a coarse timer may add
CLOSE = 4  # seconds that a time may be off: the agent asks at its tick, both round
# In SLEEP, where idleness matters to it, and stays there, since a step runs.
QUICK = {"tick": 0.5, "drowsy_after": 0.5, "sleep_after": 1, "hibernate_after": 3600}
STEP = '[[sleep.step]]\nname = "long"\ncommand = ["/bin/sleep", "3600"]\n'
BLIND = ("env", "-u", "DISPLAY", "-u", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent", "DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nonexistent")


class UserIdle(TrayCase):
    def setUp(self):
        super().setUp()
        self.touched_at = None

    def touch(self):
        """A key, by somebody who sits there."""
        before = time.monotonic()
        self.screen.key("a")
        self.touched_at = (before + time.monotonic()) / 2

    def seen(self):
        """(sources, seconds since the last input) as the agent tells them."""
        status = self.agent.status()
        return status["idle_sources"], status["user_idle_sec"]

    def knows(self):
        """Whether the agent knows of the last touch, by the tray."""
        sources, idle = self.seen()
        return sources == ["tray"] and idle is not None and abs(idle - (time.monotonic() - self.touched_at)) < CLOSE

    def wait_known(self, timeout):
        until(lambda: f"the touch {time.monotonic() - self.touched_at:.1f} s ago is known; told {self.seen()}\n{self.agent.log()}", self.knows, timeout, 0.1)

    def row(self):
        rows = json.loads(self.dormouse("doctor", "--json").stdout)["rows"]
        return next(row for row in rows if row["name"] == "idle source")

    def test_the_tray_sees_for_an_agent_that_cannot(self):
        self.configure(STEP)
        self.screen = self.desktop("sni")
        self.touch()
        self.agent = self.start(timers=QUICK, prefix=BLIND)
        self.agent.wait_state("SLEEP")
        self.assertEqual(self.seen(), ([], None))
        self.assertEqual(self.row()["status"], "WARN")
        tray = self.tray(self.screen)
        self.wait_known(timeout=15)
        row = self.row()
        self.assertEqual(row["status"], "PASS")
        self.assertIn("tray", row["text"])
        until("the touch is long past", lambda: time.monotonic() - self.touched_at > 3 * CLOSE, period=0.1)  # else both would look alike
        self.touch()
        self.assertFalse(self.knows())
        self.wait_known(timeout=REPORTS_EVERY + CLOSE)
        self.assertEqual(self.agent.state(), "SLEEP")  # to look is no presence
        tray.process.kill()
        until(lambda: f"nobody tells any more; told {self.seen()}", lambda: self.seen() == ([], None), timeout=15)

    def test_an_agent_that_sees_is_not_told(self):
        self.configure(STEP)
        self.screen = self.desktop("sni")
        self.agent = self.start(timers=QUICK)
        self.agent.wait_state("SLEEP")
        until("it sees", lambda: self.seen()[0] == ["x11"])
        tray = self.tray(self.screen)
        tray.item().wait_state("SLEEP")
        sources = []

        def is_settled():
            sources.append(self.seen()[0])
            return time.monotonic() - shown > 8  # a blind agent is told after 5 s
        shown = time.monotonic()
        until("the time of a first report has passed", is_settled, period=0.1)
        self.assertEqual([told for told in sources if told != ["x11"]], [])


if __name__ == "__main__":
    main()
