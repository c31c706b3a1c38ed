# SPDX-License-Identifier: MIT
"""The real agent with idle sources: a user who types is left alone, whatever hangs or dies beside the agent, and a suspend counts as one.
Run by hand: as backends_test.py, with IDLE_CLOCK=build/dev/tests/idleclock.so"""
import os
import time

from desk import LOGIND, MUTTER, DeskCase, HungBus
from lab import HANG, Client, main, until

# A stay in each state of a second or so, if nobody is there.
QUICK = {"tick": 0.2, "stale_after": 0.5, "drowsy_after": 1, "sleep_after": 3, "hibernate_after": 600}
REQUIRED = {"sleep.require_user_idle": "true", "lifecycle.hibernation": "linger"}
EIGHT_HOURS = 8 * 3600


class Agent(DeskCase):
    def wait_asleep(self, agent, timeout=HANG):
        """It need not stay there: a sleep cycle without steps is over at once."""
        until(lambda: f"SLEEP; {agent.status()['why']}\n{agent.log()}", lambda: ("DROWSY", "SLEEP") in self.transitions(), timeout)

    def wait_long_idle(self, agent, seconds, meanwhile=lambda: None):
        """Until no client was there for so long."""
        def idle():
            meanwhile()
            return (agent.status()["idle_sec"] or 0) > seconds
        until("idleness of the clients", idle, period=0.05)

    def test_typing_keeps_require_user_idle_from_sleeping(self):
        server = self.x_server()
        server.input()
        agent = self.start(timers=QUICK, sets=REQUIRED)

        def type_on():
            server.input()
            self.assertNotIn(("DROWSY", "SLEEP"), self.transitions())
        self.wait_long_idle(agent, 5, type_on)
        status = agent.status()
        self.assertEqual((status["state"], status["idle_sources"]), ("DROWSY", ["x11"]))
        self.assertLess(status["user_idle_sec"], 2)
        self.wait_asleep(agent)  # once the typing ends

    def test_status_names_the_sources_before_they_matter(self):
        self.x_server()
        agent = self.start()  # nobody will be idle for ten minutes
        until("the source", lambda: agent.status()["idle_sources"] == ["x11"])

    def test_an_x_server_that_dies_leaves_the_agent_to_the_heartbeats(self):
        server = self.x_server()
        server.input()
        agent = self.start(timers=QUICK, sets=REQUIRED)
        self.wait_long_idle(agent, 3, server.input)
        server.process.kill()
        server.process.wait(HANG)
        self.wait_asleep(agent)  # what is required of a source that is gone is waived
        self.assertEqual(agent.status()["idle_sources"], [])
        self.assertEqual(agent.stop(), 0)

    def measure(self, agent, count=600):
        """The 99th percentile of `status`, in seconds, over some ticks and questions."""
        took = []
        with Client(agent.path) as client:
            for _ in range(count):
                before = time.monotonic()
                client.ask("status")
                took.append(time.monotonic() - before)
                time.sleep(0.005)  # the pace of the measurement; nothing is waited for
        return sorted(took)[count * 99 // 100]

    def test_a_bus_that_hangs_changes_neither_the_tick_nor_the_socket(self):
        free = self.start(timers=QUICK, sets=REQUIRED)
        without = self.measure(free)
        self.assertEqual(free.stop(), 0)
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = HungBus(self, "hung-session").address
        self.environment["DBUS_SYSTEM_BUS_ADDRESS"] = HungBus(self, "hung-system").address
        agent = self.start("--wake", timers=QUICK, sets=REQUIRED, allow=["accepts, but does not answer"])
        beside = self.measure(agent)
        print(f"p99 of status: {without * 1000:.2f} ms without, {beside * 1000:.2f} ms beside buses that hang")
        self.assertLess(beside, 2 * without + 0.001)
        self.wait_asleep(agent)
        before = time.monotonic()
        self.assertEqual(agent.stop(), 0)
        self.assertLess(time.monotonic() - before, 2)

    def test_a_suspend_of_eight_hours_is_one_and_gives_wrappers_their_grace(self):
        logind = self.system_bus().mock(LOGIND, "logind")
        slept = os.path.join(self.folder, "slept")
        self.environment.update(LD_PRELOAD=os.environ["IDLE_CLOCK"], IDLE_CLOCK_FILE=slept,
                                ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0")
        agent = self.start(timers={"tick": 30, "stale_after": 90})
        wrapper = self.wrapper()
        wrapper.beat()
        until("the wrapper counts", lambda: agent.status()["wrappers"]["fresh"] == 1)
        until("logind is listened to", lambda: logind.control.GetMethodCalls("ListSessions"))
        logind.control.EmitSignal(LOGIND[2], "PrepareForSleep", "b", [True])
        with open(slept + ".new", "w", encoding="utf-8") as file:
            file.write(str(EIGHT_HOURS))
        os.replace(slept + ".new", slept)
        before = time.monotonic()
        logind.control.EmitSignal(LOGIND[2], "PrepareForSleep", "b", [False])
        resumed = until("the resume is in the log", lambda: self.entries("system_resumed"))
        self.assertLess(time.monotonic() - before, 5)  # at once, not at the next tick
        self.assertAlmostEqual(resumed[0]["slept_sec"], EIGHT_HOURS, delta=30)
        status = agent.status()
        self.assertEqual((status["state"], status["wrappers"]["fresh"], status["wrappers"]["stale"]), ("WAKE", 1, 0))
        self.assertEqual(len(self.entries("system_resumed")), 1)

    def test_a_resume_without_input_since_lets_housekeeping_go_on(self):
        logind = self.system_bus().mock(LOGIND, "logind")
        mutter = self.session_bus().mock(MUTTER)
        mutter.control.AddMethod(MUTTER[2], "GetIdletime", "", "t", "ret = dbus.UInt64(4500)")  # not idle for long enough
        agent = self.start(timers={**QUICK, "sleep_after": 5}, sets=REQUIRED)
        self.wait_long_idle(agent, 6)
        self.assertEqual(agent.state(), "DROWSY")
        logind.control.EmitSignal(LOGIND[2], "PrepareForSleep", "b", [False])
        self.wait_asleep(agent, 4)

    def tray_until_drowsy(self):
        """An agent that only the word of a tray keeps from sleeping, and that tray."""
        agent = self.start(timers=QUICK, sets=REQUIRED)
        tray = agent.client()
        self.wait_long_idle(agent, 4, lambda: self.assertTrue(tray.ask("user_idle", seconds=0.5)["ok"]))
        status = agent.status()
        self.assertEqual((status["state"], status["idle_sources"]), ("DROWSY", ["tray"]))
        self.assertLess(status["user_idle_sec"], 2)
        return agent, tray

    def test_the_trays_word_goes_with_its_connection(self):
        agent, tray = self.tray_until_drowsy()
        tray.close()
        self.wait_asleep(agent, 1.5)  # sooner than its word would have aged: what is required of an absent source is waived
        self.assertEqual(agent.status()["idle_sources"], [])

    def test_a_tray_that_knows_no_more_is_an_absent_source(self):
        agent, tray = self.tray_until_drowsy()
        self.assertTrue(tray.ask("user_idle", seconds=None)["ok"])
        self.wait_asleep(agent, 1.5)
        self.assertEqual(agent.status()["idle_sources"], [])

    def test_the_trays_word_is_the_last_resort(self):
        self.session_bus().mock(MUTTER).control.AddMethod(MUTTER[2], "GetIdletime", "", "t", "ret = dbus.UInt64(500)")
        agent = self.start(timers=QUICK, sets=REQUIRED)
        tray = agent.client()
        self.wait_long_idle(agent, 4, lambda: tray.ask("user_idle", seconds=1000))
        status = agent.status()
        self.assertEqual((status["state"], status["idle_sources"]), ("DROWSY", ["mutter", "tray"]))

    def test_a_report_shows_at_once_whether_the_agent_sees_by_itself(self):
        """Else a tray that came before the desktop's own source would report for ever, and `doctor` would warn of a source that is missing."""
        bus = self.session_bus()
        agent = self.start()  # nobody will be idle for ten minutes, so that it has no other reason to look
        tray = agent.client()
        self.assertTrue(tray.ask("user_idle", seconds=1)["ok"])
        until("the tray's word", lambda: agent.status()["idle_sources"] == ["tray"])
        tray.close()
        until("it is gone", lambda: agent.status()["idle_sources"] == [])
        bus.mock(MUTTER).control.AddMethod(MUTTER[2], "GetIdletime", "", "t", "ret = dbus.UInt64(500)")
        tray = agent.client()
        self.assertTrue(tray.ask("user_idle", seconds=1)["ok"])
        until("its own source", lambda: agent.status()["idle_sources"] == ["mutter", "tray"])


if __name__ == "__main__":
    main()
