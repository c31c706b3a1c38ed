# SPDX-License-Identifier: MIT
"""What the user sees of an agent that is killed, frozen, newer, or no agent at all; and that a good one is found again.
Run by hand: see CMakeLists.txt."""
import json
import signal
import time

from desktop import main
from fakeagent import FakeAgent, garbage, half_a_line, snapshot
from iconcase import IconCase
from lab import until

RETRIES = 8  # in the first ten seconds: 0.25 s, and each time twice as long


class RealAgent(IconCase):
    def test_killed_and_started_again(self):
        agent = self.start()
        agent.ask("force_wake")  # so that there is a record
        _, _, item = self.on_sni()
        item.wait_state("WAKE")
        agent.kill()
        item.wait_tool_tip("No agent is running", "last known: WAKE", timeout=10)
        self.assertLook(item, "noagent")
        self.assertTrue(item.entry("Wake Now").is_enabled)
        self.assertFalse(item.entry("Sleep Now").is_enabled)
        self.start()
        item.wait_state("WAKE", timeout=10)

    def test_a_frozen_agent_is_told_within_seconds_of_looking(self):
        agent = self.start()
        _, _, item = self.on_sni()
        item.wait_state("WAKE")
        agent.signal(signal.SIGSTOP)
        self.addCleanup(agent.signal, signal.SIGCONT)
        looked = time.monotonic()
        item.entries()
        item.wait_tool_tip("The agent does not answer", "last known: WAKE", timeout=10)
        self.assertLess(time.monotonic() - looked, 5)
        self.assertLook(item, "noagent-attention")
        item.entry("does not answer")
        self.assertFalse(item.entry("Sleep Now").is_enabled)
        agent.signal(signal.SIGCONT)
        item.wait_state("WAKE", timeout=10)
        self.assertLook(item, "awake")

    def test_frozen_before_the_tray_starts(self):
        agent = self.start()
        agent.signal(signal.SIGSTOP)
        self.addCleanup(agent.signal, signal.SIGCONT)
        _, _, item = self.on_sni()
        item.wait_tool_tip("The agent does not answer", f"pid {agent.pid}", timeout=10)
        agent.signal(signal.SIGCONT)
        item.wait_state("WAKE", timeout=15)

    def test_stopped_in_order(self):
        agent = self.start()
        agent.ask("force_wake")  # so that there is a record
        _, _, item = self.on_sni()
        item.wait_state("WAKE")
        self.assertEqual(agent.stop(), 0)
        item.wait_tool_tip("No agent is running", timeout=10)

    def test_started_after_the_tray(self):
        _, _, item = self.on_sni()
        item.wait_tool_tip("No agent is running")
        self.start()
        item.wait_state("WAKE", timeout=10)

    def test_a_restart_looks_like_no_fault(self):
        agent = self.start()
        _, _, item = self.on_sni()
        item.wait_state("WAKE")
        agent.stop()
        self.start().ask("pause")
        seen = []
        item.bus.until("the new agent is heard", lambda: seen.append(item.tool_tip()) or "kept awake" in seen[-1], timeout=10)
        self.assertEqual([text for text in seen if "does not" in text or "protocol" in text], [])


class Strange(IconCase):
    def connect(self, **options):
        fake = FakeAgent(self, **options)
        _, tray, item = self.on_sni()
        return fake, tray, item

    def assertRecovers(self, fake, item):
        """A good agent in its place is found at once, not at the next try."""
        fake.stop()
        FakeAgent(self, "DROWSY")
        item.wait_state("DROWSY", timeout=10)
        self.assertLook(item, "drowsy")

    def assertPatient(self, fake, tray):
        """It tries again, more and more seldom, and does not spin."""
        before, since = fake.accepted, time.monotonic()
        spent = cpu(tray.pid)
        until("ten seconds", lambda: time.monotonic() - since > 10, period=0.2)
        self.assertLessEqual(fake.accepted - before, RETRIES)
        self.assertLess(cpu(tray.pid) - spent, 1.0, "seconds of work in ten seconds of waiting")

    def test_a_newer_agent_with_unknown_fields(self):
        fake, _, item = self.connect(state="SLEEP", version="9.0.0", dreams=[{"of": "cheese"}], wrappers={"fresh": 2, "herds": 7},
                                     services=[{"name": "ollama", "state": "levitating", "altitude": 3}], quarantine=[], next="soon")
        item.wait_state("SLEEP", "2 wrappers")
        self.assertLook(item, "asleep")
        item.entry("ollama", "Stop")
        fake.send_raw(b'{"event":"dream","of":"cheese"}\n')
        fake.tell("WAKE", wrappers={"fresh": 0})
        item.wait_state("WAKE")

    def test_a_newer_agent_in_an_unknown_state(self):
        fake, _, item = self.connect(state="SLEEP")
        item.wait_state("SLEEP")
        fake.tell("TORPOR", version="9.0.0")
        item.wait_tool_tip("9.0.0", "newer than this tray", timeout=10)
        self.assertLook(item, "noagent-attention")
        fake.tell("WAKE")
        item.wait_state("WAKE", timeout=10)

    def test_garbage(self):
        fake, tray, item = self.connect(greeting=garbage())
        item.wait_tool_tip("does not speak", "protocol", timeout=10)
        self.assertLook(item, "noagent-attention")
        self.assertFalse(item.entry("Sleep Now").is_enabled)
        self.assertPatient(fake, tray)
        self.assertRecovers(fake, item)

    def test_garbage_from_an_agent_that_was_good(self):
        fake, _, item = self.connect(state="WAKE")
        item.wait_state("WAKE")
        fake.greeting = garbage()
        fake.send_raw(garbage())
        item.wait_tool_tip("does not speak", "protocol", timeout=10)
        self.assertRecovers(fake, item)

    def test_json_that_is_no_answer(self):
        fake, _, item = self.connect(greeting=b'[1, 2, 3]\n"hello"\n')
        item.wait_tool_tip("does not speak", "protocol", timeout=10)
        self.assertRecovers(fake, item)

    def test_half_a_line_and_silence(self):
        fake, tray, item = self.connect(greeting=half_a_line())
        item.wait_tool_tip("The agent does not answer", timeout=10)
        self.assertLook(item, "noagent-attention")
        self.assertPatient(fake, tray)
        self.assertRecovers(fake, item)

    def test_half_a_line_from_an_agent_that_was_good(self):
        fake, _, item = self.connect(state="WAKE")
        item.wait_state("WAKE")
        fake.is_silent = True
        fake.send_raw(half_a_line("SLEEP"))
        self.assertIn("WAKE since", item.tool_tip(), "half a line says nothing")
        item.entries()  # to look is to ask
        item.wait_tool_tip("The agent does not answer", "last known: WAKE", timeout=10)
        rest = json.dumps({"event": "snapshot", **snapshot("SLEEP")}).encode()
        fake.send_raw(rest[len(rest) // 2:] + b"\n")
        fake.is_silent = False
        self.assertRecovers(fake, item)

    def test_silence(self):
        fake, tray, item = self.connect(is_silent=True)
        item.wait_tool_tip("The agent does not answer", timeout=10)
        self.assertPatient(fake, tray)
        fake.is_silent = False
        self.assertRecovers(fake, item)

    def test_an_agent_that_hangs_up_at_once(self):
        fake, tray, item = self.connect(is_silent=True)
        fake.hangs_up = True
        fake.hang_up()
        item.wait_tool_tip("does not answer", timeout=10)
        self.assertPatient(fake, tray)
        self.assertRecovers(fake, item)

    def test_an_agent_that_refuses_more_clients(self):
        fake, tray, item = self.connect(greeting=b'{"ok":false,"reason":"busy","error":"128 connections are open"}\n')
        item.wait_tool_tip("128 connections are open", timeout=10)
        self.assertPatient(fake, tray)
        self.assertRecovers(fake, item)

    def test_a_line_without_an_end_does_not_grow_the_tray(self):
        fake, tray, item = self.connect(state="WAKE")
        item.wait_state("WAKE")
        fake.greeting = garbage()
        before = resident(tray.pid)
        fake.send_raw(b'{"event":"snapshot","why":"' + b"x" * (24 << 20))
        item.wait_tool_tip("does not speak", "protocol", timeout=20)
        self.assertLess(resident(tray.pid) - before, 64 << 20)
        self.assertRecovers(fake, item)

    def test_texts_of_the_agent_are_only_text(self):
        fake, _, item = self.connect(state="WAKE", why="<b>bold</b> & <img src=x>\x1b[31m\n\u202eevil")
        text = item.wait_tool_tip("bold")
        self.assertNotIn("<b>", text, "a panel would draw it as markup")
        self.assertNotIn("\x1b", text)
        self.assertNotIn("\u202e", text)
        fake.tell(attention=[{"what": "odd & <b>", "text": "this & that", "since": "no time"}])
        item.entry("this & that")


def cpu(pid):
    """Seconds of work so far."""
    with open(f"/proc/{pid}/stat", "rb") as file:
        fields = file.read().rpartition(b") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def resident(pid):
    with open(f"/proc/{pid}/statm", "rb") as file:
        return int(file.read().split()[1]) * 4096


if __name__ == "__main__":
    main()
