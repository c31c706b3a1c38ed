# SPDX-License-Identifier: MIT
"""Notifications: what is worth one, each once, also across restarts of the tray.
Run by hand: see CMakeLists.txt."""
from desktop import TrayCase, main
from fakeagent import FakeAgent
from lab import now

QUARANTINE = {"what": "quarantine", "text": "the sleep cycle failed three times: no space left", "since": now(-60)}
CRASHES = {"what": "service ollama", "text": "ollama keeps crashing", "since": now(-30)}


class Notices(TrayCase):
    def open(self, state="DROWSY", **fields):
        """(fake agent, tray, its icon, what is notified)"""
        fake = FakeAgent(self, state, **fields)
        desktop = self.desktop("sni")
        told = desktop.notifications()
        tray = self.tray(desktop)
        item = tray.item()
        fake.wait_subscribed()
        return fake, tray, item, told

    @staticmethod
    def about(told, part):
        return [text for text in told if part in " ".join(text)]

    def test_each_mark_once(self):
        fake, tray, item, told = self.open()
        fake.tell(attention=[QUARANTINE])
        item.bus.until("a notification of the quarantine", lambda: self.about(told, "no space left"))
        fake.tell(attention=[QUARANTINE, CRASHES])
        item.bus.until("a notification of the crashes", lambda: self.about(told, "keeps crashing"))
        fake.tell("SLEEP", attention=[QUARANTINE, CRASHES])
        item.wait_state("SLEEP")
        self.assertEqual(tray.stop(), 0)
        desktop = tray.desktop
        desktop.bus.until("the icon has gone", lambda: not desktop.bus.items())
        again = self.tray(desktop).item()
        again.wait_state("SLEEP")
        again.bus.turn(0.5)
        self.assertEqual((len(self.about(told, "no space left")), len(self.about(told, "keeps crashing"))), (1, 1))

    def test_a_cause_that_comes_again_is_told_again(self):
        fake, _, item, told = self.open()
        fake.tell(attention=[QUARANTINE])
        item.bus.until("a notification", lambda: self.about(told, "no space left"))
        fake.tell(attention=[])
        fake.tell(attention=[{**QUARANTINE, "since": now()}])
        item.bus.until("another notification", lambda: len(self.about(told, "no space left")) == 2)

    def test_the_digest_is_asked_for_on_wake_and_told_once(self):
        fake, _, item, told = self.open("SLEEP", pending_digest={"cycles": 1, "transitions": 4})
        fake.replies["digest"] = {"digest": {"cycles": 1, "transitions": 4}}
        item.wait_state("SLEEP")
        self.assertFalse([asked for asked in fake.requests if asked["type"] == "digest"], "nobody is there to read it")
        fake.tell("WAKE")
        fake.wait_request("digest")
        self.assertFalse([asked for asked in fake.requests if asked["type"] == "digest" and asked.get("peek")])
        item.bus.until("a notification", lambda: told)
        fake.tell("DROWSY")
        fake.tell("WAKE", pending_digest=None)
        item.wait_state("WAKE")
        item.bus.turn(0.5)
        self.assertEqual(len(told), 1)


if __name__ == "__main__":
    main()
