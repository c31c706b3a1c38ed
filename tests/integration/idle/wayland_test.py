# SPDX-License-Identifier: MIT
"""Idleness by ext-idle-notify-v1, against a compositor of the tests' own (idlecompositor.cpp).
Run by hand: as backends_test.py, with IDLE_COMPOSITOR=build/dev/tests/idlecompositor"""
import os
import signal
import subprocess
import time

from desk import MUTTER, DeskCase
from lab import HANG, MARK, main

NAME = "wayland-lab"
FINENESS = 400  # ms; a minute in an agent with the default timers


class Compositor:
    def __init__(self, case, *flags):
        self.process = subprocess.Popen([os.environ["IDLE_COMPOSITOR"], NAME, *flags], env={**case.environment, "DORMOUSE_LAB": MARK}, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, start_new_session=True)
        case.addCleanup(self.stop)
        assert self.process.stdout.readline() == b"ready\n"
        case.environment["WAYLAND_DISPLAY"] = NAME

    def say(self, word):
        self.process.stdin.write(word.encode())
        self.process.stdin.flush()

    def stop(self):
        self.process.kill()
        self.process.wait(HANG)
        self.process.stdin.close()
        self.process.stdout.close()


class Wayland(DeskCase):
    def test_idle_and_back(self):
        compositor = Compositor(self)
        probe = self.probe(str(FINENESS))
        started = time.monotonic()
        answer = probe.ask()
        self.assertEqual((answer["idle_ms"], answer["sources"]), (0, ["wayland"]))  # somebody may be there: nothing else is known yet
        answer = probe.ask_until("idleness", lambda answer: answer["idle_ms"] > 0)
        self.assertGreaterEqual(answer["idle_ms"], FINENESS)
        answer = probe.ask_until("longer idleness", lambda answer: answer["idle_ms"] >= 2000)
        self.assertLessEqual(answer["idle_ms"] / 1000, time.monotonic() - started + 1)
        before = time.monotonic()
        compositor.say("input")
        probe.ask_until("the user is back", lambda answer: answer["idle_ms"] == 0)
        self.assertLess(time.monotonic() - before, 1)
        self.assertEqual(probe.warnings(), [])

    def test_a_second_seat(self):
        compositor = Compositor(self)
        probe = self.probe(str(FINENESS))
        probe.ask_until("idleness", lambda answer: (answer["idle_ms"] or 0) > 0)
        compositor.say("seat")
        probe.ask_until("a seat that was just added is not idle", lambda answer: answer["idle_ms"] == 0)
        probe.ask_until("until it is", lambda answer: answer["idle_ms"] > 0)
        compositor.say("unseat")
        probe.ask_until("the first seat goes on", lambda answer: answer["idle_ms"] > 2 * FINENESS)

    def test_a_compositor_that_does_not_offer_it_leaves_the_others(self):
        Compositor(self, "without-idle")
        self.session_bus().mock(MUTTER).control.AddMethod(MUTTER[2], "GetIdletime", "", "t", "ret = dbus.UInt64(42)")
        answer = self.probe().ask()
        self.assertEqual((answer["idle_ms"], answer["sources"]), (42, ["mutter"]))

    def test_one_that_dies_or_throws_us_out_is_used_again_once_it_is_back(self):
        compositor = Compositor(self)
        probe = self.probe(str(FINENESS))
        self.assertEqual(probe.ask()["sources"], ["wayland"])
        compositor.say("break")
        probe.ask_until("a connection anew", lambda answer: answer["sources"] == ["wayland"] and answer["idle_ms"] > 0)
        compositor.stop()
        probe.ask_until("its absence", lambda answer: answer["sources"] == [])
        for name in (NAME, NAME + ".lock"):
            os.unlink(os.path.join(self.folder, name))
        Compositor(self)
        probe.ask_until("its successor", lambda answer: answer["sources"] == ["wayland"])
        self.assertIsNone(probe.process.poll())
        self.assertEqual(probe.warnings(), [])

    def test_one_that_hangs_holds_nobody_up(self):
        compositor = Compositor(self)
        compositor.process.send_signal(signal.SIGSTOP)
        probe = self.probe(str(FINENESS))
        self.assertLess(probe.ask()["took"], 3)
        for _ in range(3):
            self.assertLess(probe.ask()["took"], 0.5)
        self.assertEqual(len(probe.warnings()), 1, probe.log())
        compositor.process.send_signal(signal.SIGCONT)
        probe.ask_until("it answers again", lambda answer: answer["sources"] == ["wayland"])
        self.assertEqual(probe.end(), 0)


if __name__ == "__main__":
    main()
