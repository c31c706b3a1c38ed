# SPDX-License-Identifier: MIT
"""Each idle source against the service it asks: what it answers, what it makes of errors, silence, and services that come and go.
Run by hand: IDLE_PROBE=build/dev/tests/idleprobe DORMOUSE_BIN=build/dev/bin PYTHONPATH=tests/support /usr/bin/python3 tests/integration/idle/backends_test.py"""
import os
import signal
import threading
import time

import dbus

from desk import DISPLAY_CONFIG, LOGIND, MUTTER, SCREEN_SAVER, SYSTEMD, DeskCase, HungBus
from dpmsproxy import DpmsProxy
from lab import main

CALL_LIMIT = 2.0  # the caller of the idle sources waits no longer
SLACK = 1.0  # of a busy machine


class Nothing(DeskCase):
    def test_a_machine_without_a_desktop_answers_unknown_and_complains_of_nothing(self):
        probe = self.probe()
        answer = probe.ask()
        self.assertEqual((answer["idle_ms"], answer["sources"], answer["display_asleep"]), (None, [], False))
        self.assertLess(answer["took"], 0.5)
        self.assertEqual(probe.warnings(), [])
        self.assertEqual(probe.end(), 0)

    def test_a_bus_that_never_answers_costs_one_answer_its_time_and_is_told_once(self):
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = HungBus(self, "hung-session").address
        self.environment["DBUS_SYSTEM_BUS_ADDRESS"] = HungBus(self, "hung-system").address
        probe = self.probe()
        self.assertLess(probe.ask()["took"], CALL_LIMIT + SLACK)
        for _ in range(5):
            self.assertLess(probe.ask()["took"], 0.5)
        self.assertEqual(len(probe.warnings()), 2, probe.log())
        self.assertEqual(probe.end(), 0)  # within 5 s: nothing may hold the agent's exit up

    def test_a_bus_that_sends_garbage_is_left_alone(self):
        class Garbage(HungBus):
            def accept(self):
                try:
                    while True:
                        peer = self.socket.accept()[0]
                        self.peers.append(peer)
                        peer.sendall(b"OK 1234\r\n" + b"l\2\1\1" + b"\xff" * 300000)
                except OSError:
                    pass
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = Garbage(self, "garbage").address
        probe = self.probe()
        self.assertEqual(probe.ask()["sources"], [])
        self.assertEqual(len(probe.warnings()), 1, probe.log())


class Mutter(DeskCase):
    def test_its_milliseconds_and_its_display(self):
        bus = self.session_bus()
        mutter = bus.mock(MUTTER)
        mutter.control.AddMethod(MUTTER[2], "GetIdletime", "", "t", "ret = dbus.UInt64(123456)")
        display = bus.mock(DISPLAY_CONFIG)
        display.control.AddProperty(DISPLAY_CONFIG[2], "PowerSaveMode", dbus.Int32(0))
        probe = self.probe()
        answer = probe.ask()
        self.assertEqual((answer["idle_ms"], answer["sources"], answer["display_asleep"]), (123456, ["mutter"], False))
        display.control.UpdateProperties(DISPLAY_CONFIG[2], {"PowerSaveMode": dbus.Int32(3)})
        self.assertTrue(probe.ask()["display_asleep"])

    def test_errors_silence_and_nonsense_are_no_answer_and_no_flood(self):
        bus = self.session_bus()
        mutter = bus.mock(MUTTER)
        probe = self.probe()
        for _ in range(3):
            self.assertIsNone(probe.ask()["idle_ms"])  # no such method
        mutter.control.AddMethod(MUTTER[2], "GetIdletime", "", "s", "ret = 'long'")
        self.assertIsNone(probe.ask()["idle_ms"])
        mutter.control.AddMethod(MUTTER[2], "GetIdletime", "", "t", "ret = dbus.UInt64(2**64 - 1)")
        self.assertIsNone(probe.ask()["idle_ms"])
        self.assertEqual(probe.warnings(), [])
        mutter.send_signal(signal.SIGSTOP)
        self.assertIsNone(probe.ask()["idle_ms"])
        for _ in range(3):
            answer = probe.ask()
            self.assertIsNone(answer["idle_ms"])
            self.assertLess(answer["took"], CALL_LIMIT + SLACK)
        mutter.send_signal(signal.SIGCONT)
        mutter.control.AddMethod(MUTTER[2], "GetIdletime", "", "t", "ret = dbus.UInt64(7)")
        probe.ask_until("it is asked again", lambda answer: answer["idle_ms"] == 7)

    def test_a_service_and_a_bus_that_come_and_go(self):
        bus = self.session_bus()
        probe = self.probe()
        self.assertIsNone(probe.ask()["idle_ms"])
        for idle in (1000, 2000):
            mutter = bus.mock(MUTTER)
            mutter.control.AddMethod(MUTTER[2], "GetIdletime", "", "t", f"ret = dbus.UInt64({idle})")
            probe.ask_until("its answer", lambda answer: answer["idle_ms"] == idle)
            self.finish(mutter)
            probe.ask_until("its absence", lambda answer: answer["idle_ms"] is None)
        bus.stop()
        probe.ask_until("the bus's absence", lambda answer: answer["idle_ms"] is None)
        bus.start()
        bus.mock(MUTTER).control.AddMethod(MUTTER[2], "GetIdletime", "", "t", "ret = dbus.UInt64(3000)")
        probe.ask_until("its answer over the new bus", lambda answer: answer["idle_ms"] == 3000)


class ScreenSaver(DeskCase):
    def test_seconds_by_the_specification_and_milliseconds_by_kde(self):
        bus = self.session_bus()
        saver = bus.mock(SCREEN_SAVER)
        saver.control.AddMethod(SCREEN_SAVER[2], "GetSessionIdleTime", "", "u", "ret = dbus.UInt32(777)")
        probe = self.probe()
        answer = probe.ask()
        self.assertEqual((answer["idle_ms"], answer["sources"]), (777000, ["screensaver"]))
        kde = bus.mock(("org.kde.screensaver", "/ScreenSaver", "org.kde.screensaver"))
        self.assertEqual(probe.ask()["idle_ms"], 777)  # a thousand times too long would put a typing user's services to sleep
        self.finish(kde)
        probe.ask_until("seconds again", lambda answer: answer["idle_ms"] == 777000)

    def test_the_better_source_is_used_and_both_are_named(self):
        bus = self.session_bus()
        bus.mock(SCREEN_SAVER).control.AddMethod(SCREEN_SAVER[2], "GetSessionIdleTime", "", "u", "ret = dbus.UInt32(50)")
        bus.mock(MUTTER).control.AddMethod(MUTTER[2], "GetIdletime", "", "t", "ret = dbus.UInt64(9)")
        answer = self.probe().ask()
        self.assertEqual((answer["idle_ms"], answer["sources"]), (9, ["mutter", "screensaver"]))


class Logind(DeskCase):
    def setUp(self):
        super().setUp()
        self.logind = self.system_bus().mock(LOGIND, "logind")

    def session(self, name="c1", uid=None, seat="seat0", **properties):
        path = self.logind.control.AddSession(name, seat, dbus.UInt32(os.getuid() if uid is None else uid), "someone", True)
        session = self.logind.objects(path)
        session.UpdateProperties("org.freedesktop.login1.Session", properties)
        return session

    @staticmethod
    def ago(seconds):
        return dbus.UInt64(int((time.clock_gettime(time.CLOCK_MONOTONIC) - seconds) * 1e6))

    def test_idle_since(self):
        session = self.session(Type="wayland", IdleHint=True, IdleSinceHintMonotonic=self.ago(600))
        probe = self.probe()
        answer = probe.ask()
        self.assertEqual(answer["sources"], ["logind"])
        self.assertAlmostEqual(answer["idle_ms"] / 1000, 600, delta=SLACK)
        session.UpdateProperties("org.freedesktop.login1.Session", {"IdleHint": False, "IdleSinceHintMonotonic": self.ago(0)})
        self.assertEqual(probe.ask()["idle_ms"], 0)

    def test_a_hint_that_no_desktop_ever_set_says_nothing(self):
        self.session(Type="x11")  # else require_user_idle would wait for ever
        self.assertIsNone(self.probe().ask()["idle_ms"])

    def test_a_text_session_tells_its_last_input(self):
        self.session(Type="tty", IdleHint=False, IdleSinceHintMonotonic=self.ago(40))
        self.assertAlmostEqual(self.probe().ask()["idle_ms"] / 1000, 40, delta=SLACK)

    def test_the_seat_one_sits_at_counts_and_others_do_not(self):
        self.session("c1", Type="x11", IdleHint=True, IdleSinceHintMonotonic=self.ago(600))
        self.session("c2", Type="x11", IdleHint=True, IdleSinceHintMonotonic=self.ago(60))
        self.session("c3", uid=os.getuid() + 1, Type="x11", IdleHint=True, IdleSinceHintMonotonic=self.ago(1))
        self.assertAlmostEqual(self.probe().ask()["idle_ms"] / 1000, 60, delta=SLACK)

    def test_prepare_for_sleep(self):
        probe = self.probe()
        self.assertFalse(probe.ask()["slept_recently"])
        self.logind.control.EmitSignal(LOGIND[2], "PrepareForSleep", "b", [True])
        self.logind.control.EmitSignal(LOGIND[2], "PrepareForSleep", "b", [False])
        self.assertEqual(probe.next(), {"resumed": True})
        self.assertTrue(probe.ask()["slept_recently"])
        self.logind.control.EmitSignal("org.example.Other", "PrepareForSleep", "b", [False])
        self.assertTrue(probe.ask()["slept_recently"])
        self.assertTrue(probe.lines.empty())  # nor did the first one, which only announces the suspend


class X11(DeskCase):
    def test_the_idle_time_follows_input_within_a_second(self):
        server = self.x_server()
        probe = self.probe()
        server.input()
        typed = time.monotonic()
        self.assertEqual(probe.ask()["sources"], ["x11"])
        answer = probe.ask_until("two seconds of idleness", lambda answer: answer["idle_ms"] >= 2000)
        self.assertAlmostEqual(answer["idle_ms"] / 1000, time.monotonic() - typed, delta=1)
        for words in (["key", "b"], ["mousemove", "20", "30"], ["click", "1"]):
            before = time.monotonic()
            server.input(*words)
            answer = probe.ask()
            self.assertLess(answer["idle_ms"] / 1000, time.monotonic() - before + 0.1, words)
            self.assertLess(answer["took"], 1)
            probe.ask_until("some idleness", lambda answer: answer["idle_ms"] >= 300)

    def test_a_server_that_dies_takes_nobody_with_it_and_its_successor_is_used(self):
        server = self.x_server()
        probe = self.probe()
        self.assertEqual(probe.ask()["sources"], ["x11"])
        server.process.kill()
        server.process.wait()
        for _ in range(3):
            self.assertEqual(probe.ask()["sources"], [])
        self.assertIsNone(probe.process.poll())
        self.assertEqual(probe.warnings(), [])
        again = self.spawn("Xvfb", server.name, "-screen", "0", "320x200x24", "-nolisten", "tcp", "-noreset")
        probe.ask_until("the new server", lambda answer: answer["sources"] == ["x11"])
        self.assertIsNone(again.poll())

    def test_a_question_that_finds_the_server_dead_is_answered(self):
        server = self.x_server()
        probe = self.probe()
        self.assertEqual(probe.ask()["sources"], ["x11"])
        probe.process.send_signal(signal.SIGSTOP)  # so that it learns of the death by the question
        server.process.kill()
        server.process.wait()
        threading.Timer(0.2, probe.process.send_signal, [signal.SIGCONT]).start()
        answer = probe.ask()
        self.assertEqual(answer["sources"], [])
        self.assertLess(answer["took"], 1)
        self.assertEqual(probe.warnings(), [])

    def test_a_server_that_hangs_before_or_after_connecting_holds_nobody_up(self):
        for when in ("before", "after"):
            server = self.x_server()
            if when == "before":
                server.process.send_signal(signal.SIGSTOP)
            probe = self.probe()
            if when == "after":
                self.assertEqual(probe.ask()["sources"], ["x11"])
                server.process.send_signal(signal.SIGSTOP)
            with self.subTest(when):
                answer = probe.ask()
                self.assertEqual(answer["sources"], [])
                self.assertLess(answer["took"], CALL_LIMIT + SLACK)
                for _ in range(3):
                    self.assertLess(probe.ask()["took"], 0.5)
                self.assertEqual(len(probe.warnings()), 1, probe.log())
                server.process.send_signal(signal.SIGCONT)
                probe.ask_until("it is used again", lambda answer: answer["sources"] == ["x11"])
            self.assertEqual(probe.end(), 0)
            os.unlink(probe.log_path)

    def test_a_server_that_is_not_there_is_told_once_with_why(self):
        self.environment["DISPLAY"] = ":9999"
        probe = self.probe()
        for _ in range(3):
            self.assertEqual(probe.ask()["sources"], [])
        self.assertEqual(probe.log().count(":9999 tells no idleness: it does not let us connect"), 1, probe.log())

    def test_an_exit_does_not_wait_for_a_server_that_hangs(self):
        server = self.x_server()
        server.process.send_signal(signal.SIGSTOP)
        probe = self.probe()
        probe.ask()
        self.assertEqual(probe.end(), 0)

    def test_the_cookie_is_found_where_the_variables_say(self):
        servers, ours = os.path.join(self.folder, "authority"), os.path.join(self.folder, "ours")  # a server reads a changed file anew
        data = bytes(range(16))
        host = os.uname().nodename.encode()

        def field(content):
            return len(content).to_bytes(2, "big") + content

        def write(path, data):
            with open(path, "wb") as file:
                file.write((256).to_bytes(2, "big") + field(host) + field(b"") + field(b"MIT-MAGIC-COOKIE-1") + field(data))
        write(servers, data)
        write(ours, data)
        self.x_server("-auth", servers)
        self.environment["XAUTHORITY"] = ours
        self.assertEqual(self.probe().ask()["sources"], ["x11"])
        write(ours, bytes(16))
        self.assertEqual(self.probe().ask()["sources"], [])

    def test_the_display_of_the_user_manager_is_used_where_the_own_environment_has_none_or_an_old_one(self):
        server = self.x_server()
        self.session_bus().mock(SYSTEMD).control.AddProperty(
            SYSTEMD[2], "Environment", dbus.Array(["LANG=C", "DISPLAY=" + server.name, "HOME=" + self.environment["HOME"]], signature="s"))
        for own in (None, ":9999"):
            with self.subTest(own=own):
                self.environment.pop("DISPLAY", None)
                if own:
                    self.environment["DISPLAY"] = own
                self.probe().ask_until("its X server", lambda answer: answer["sources"] == ["x11"])

    def test_a_display_that_sleeps(self):
        proxy = DpmsProxy(self, self.x_server())
        self.environment["DISPLAY"] = proxy.name
        probe = self.probe()
        for level, enabled, asleep in ((0, 1, False), (1, 1, True), (3, 1, True), (3, 0, False), (0, 1, False)):
            proxy.level, proxy.enabled = level, enabled
            answer = probe.ask()
            self.assertEqual((answer["display_asleep"], answer["sources"]), (asleep, ["x11"]), (level, enabled, probe.log()))
        self.assertEqual(proxy.asked, 5)

    def test_beside_a_compositor_an_x_server_is_not_believed(self):
        self.x_server()  # Xwayland sees only the input to X clients: it would call a typing user idle
        self.environment["WAYLAND_DISPLAY"] = "nobody-there"
        self.assertEqual(self.probe().ask()["sources"], [])


if __name__ == "__main__":
    main()
