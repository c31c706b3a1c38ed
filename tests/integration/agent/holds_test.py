# SPDX-License-Identifier: MIT
"""Explicit wishes of a person: sleep now, stay awake, and the leases of programs that are at work."""
import os
import subprocess
import time

from lab import Case, main, until

LINGER = {"lifecycle.hibernation": "linger"}
LONG = {"tick": 0.1, "stale_after": 300, "drowsy_after": 600, "sleep_after": 1200, "hibernate_after": 3600}
QUICK = {"tick": 0.1, "stale_after": 0.1, "drowsy_after": 0.5, "sleep_after": 600, "hibernate_after": 3600}


class Sleep(Case):
    def attached(self, count=1, **fields):
        agent = self.start(timers=LONG, sets=LINGER)
        wrappers = [self.wrapper(f"client-{number}", **fields) for number in range(count)]
        for wrapper in wrappers:
            wrapper.beat()
        until("they are seen", lambda: agent.status()["wrappers"]["fresh"] == count)
        return agent, wrappers

    def test_with_a_client_attached(self):
        """It walks down although somebody is attached, and the heartbeats that go on do not undo it."""
        agent, wrappers = self.attached(2)
        seen = agent.subscribe()
        answer = agent.ask("user_initiated_sleep", reason="going home")
        self.assertEqual((answer["ok"], answer["state"]), (True, "SLEEP"))
        seen.wait_for_state("HIBERNATION")
        self.assertEqual(self.transitions(), [("WAKE", "DROWSY"), ("DROWSY", "SLEEP"), ("SLEEP", "HIBERNATION")])
        self.assertEqual(len(self.entries("sleep_cycle_completed")), 1)
        wish = agent.status()["wish"]
        self.assertEqual((wish["kind"], wish["reason"], len(wish["ignored"])), ("sleep", "going home", 2))
        for _ in range(3):
            for wrapper in wrappers:
                wrapper.beat()
            ages = until("they are read again", lambda: agent.ask("wrappers")["wrappers"])
            self.assertEqual([(item["counts"], bool(item["why_not"])) for item in ages], [(False, True)] * 2)
        self.assertEqual(agent.state(), "HIBERNATION")
        self.wrapper("newcomer").beat()
        agent.wait_state("WAKE", timeout=10)
        self.assertIsNone(agent.status()["wish"], "over with WAKE")
        until("all count again", lambda: all(item["counts"] for item in agent.ask("wrappers")["wrappers"]))

    def test_what_a_client_does_next_counts(self):
        """Used again, by its own word or by a request, an ignored client is presence."""
        for how in ("last_active", "request", "session"):
            with self.subTest(how=how):
                agent, (wrapper, other) = self.attached(2, last_active="2026-05-02T10:00:00+00:00")
                agent.ask("user_initiated_sleep")
                agent.wait_state("HIBERNATION")
                wrapper.beat()
                other.beat()
                if how == "last_active":
                    wrapper.beat(last_active="2026-05-02T10:00:05+00:00")
                elif how == "request":
                    agent.ask("request_arrived", uuid=wrapper.uuid)
                else:
                    agent.ask("session_open", session_id=wrapper.uuid)
                agent.wait_state("WAKE", timeout=10)
                agent.stop()
                for gone in (wrapper, other):
                    gone.leave()

    def test_a_restart_does_not_undo_it(self):
        agent, (wrapper,) = self.attached()
        agent.ask("user_initiated_sleep")
        agent.wait_state("HIBERNATION")
        agent.kill()
        wrapper.beat()
        agent = self.start("--supervised", timers=LONG, sets=LINGER)
        until("the wrapper is read", lambda: agent.status()["wrappers"]["fresh"] == 1)
        self.assertEqual(agent.state(), "HIBERNATION")

    def test_where_it_sleeps_already(self):
        agent = self.start(timers=LONG, sets=LINGER)
        self.assertEqual(agent.ask("hibernate")["state"], "HIBERNATION")
        answer = agent.ask("user_initiated_sleep")
        self.assertEqual((answer["ok"], answer["reason"]), (False, "already_sleeping"))
        again = agent.ask("hibernate")
        self.assertEqual((again["ok"], again["state"]), (True, "HIBERNATION"))
        self.assertEqual(len(self.transitions()), 3)

    def test_hibernate_runs_no_cycle(self):
        agent = self.start(timers=LONG, sets=LINGER)
        agent.ask("hibernate")
        self.assertEqual(self.entries("sleep_cycle_completed"), [])
        self.assertEqual([line["to"] for line in self.entries("state_transition")], ["DROWSY", "SLEEP", "HIBERNATION"])

    def test_one_wrapper_can_be_ignored(self):
        """`release heartbeat …`: this one no longer keeps it awake, the others do."""
        agent, (one, other) = self.attached(2)
        self.assertEqual(agent.ask("release", name="heartbeat nobody")["reason"], "not_found")
        self.assertTrue(agent.ask("release", name=f"heartbeat {one.uuid}")["ok"])
        counting = {item["uuid"]: item["counts"] for item in agent.ask("wrappers")["wrappers"]}
        self.assertEqual(counting, {one.uuid: False, other.uuid: True})
        self.assertEqual(agent.state(), "WAKE")


class Leases(Case):
    def test_a_lease_refuses_sleep_and_is_named(self):
        agent = self.start(timers=LONG, sets=LINGER)
        holder = agent.client()
        self.assertEqual(holder.ask("lease", name="nightly build")["state"], "WAKE")
        for type_ in ("user_initiated_sleep", "hibernate"):
            refused = agent.ask(type_)
            self.assertEqual((refused["ok"], refused["reason"], refused["leases"]), (False, "busy", ["nightly build"]))
            self.assertIn("nightly build", refused["error"])
        done = self.dormouse("sleep")
        self.assertEqual((done.returncode, done.stdout), (75, ""))
        self.assertIn("nightly build", done.stderr)
        self.assertEqual(agent.state(), "WAKE")
        self.assertTrue(agent.ask("user_initiated_sleep", force=True)["ok"])
        agent.wait_state("HIBERNATION")
        until("it stays there", lambda: agent.status()["uptime_sec"] > 1)
        self.assertEqual(agent.state(), "HIBERNATION", "the lease that was overruled is none any more")
        self.assertEqual(agent.client().ask("lease", name="another")["state"], "WAKE")

    def ends(self, agent, act):
        """DROWSY comes only after the lease's end, and then soon."""
        seen = agent.subscribe()
        until("it is long past drowsy_after", lambda: agent.status()["uptime_sec"] > 1.2)
        self.assertEqual(agent.state(), "WAKE")
        self.assertIsNone(agent.status()["next"])
        before = time.monotonic()
        act()
        arrived, _ = seen.wait_for_state("DROWSY", timeout=10)
        self.assertGreaterEqual(arrived - before, 0.4)
        return arrived - before

    def test_it_ends_with_its_connection(self):
        agent = self.start(timers=QUICK)
        holder = agent.client()
        holder.ask("lease", name="x")
        self.ends(agent, holder.close)

    def test_it_ends_with_its_process(self):
        agent = self.start(timers=QUICK)
        holder = agent.client()
        worker = subprocess.Popen(["sleep", "600"], env=self.environment)
        self.addCleanup(worker.wait)
        self.addCleanup(worker.kill)
        holder.ask("lease", name="x", pid=worker.pid)

        def end():
            worker.kill()
            worker.wait()
        self.ends(agent, end)
        self.assertEqual(holder.ask("lease", name="x", pid=worker.pid)["reason"], "invalid_message", "nobody has that pid")

    def test_it_ends_with_its_name(self):
        agent = self.start(timers=QUICK)
        holder = agent.client()
        holder.ask("lease", name="x")
        self.ends(agent, lambda: self.assertEqual(agent.ask("release", name="x")["released"], "x"))
        self.assertEqual(agent.ask("release", name="x")["reason"], "not_found")

    def test_it_ends_with_its_time(self):
        agent = self.start(timers=QUICK)
        holder = agent.client()
        began = time.monotonic()
        self.assertEqual(holder.ask("lease", name="x", max_seconds=1.5)["max_seconds"], 1.5)
        seen = agent.subscribe()
        arrived, _ = seen.wait_for_state("DROWSY", timeout=15)
        self.assertTrue(1.9 <= arrived - began <= 4, arrived - began)

    def test_nobody_gets_one_for_ever(self):
        agent = self.start(timers=LONG, sets={"lifecycle.lease_max": "1h"})
        self.assertEqual(agent.client().ask("lease", name="x", max_seconds=1e9)["max_seconds"], 3600)
        self.assertEqual(agent.client().ask("lease", name="y")["max_seconds"], 3600)

    def test_run_takes_it_again_after_a_crash_of_the_agent(self):
        """A long command must not lose its protection because the agent was restarted."""
        agent = self.start(timers={"tick": 0.1, "stale_after": 300})
        gate = os.path.join(self.folder, "gate")
        os.mkfifo(gate)
        with subprocess.Popen([os.path.join(os.environ["DORMOUSE_BIN"], "dormouse"), "run", "--name", "long", "--", "cat", gate], env=self.environment,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as runner:
            self.addCleanup(lambda: runner.poll() is None and runner.kill())
            until("its lease", lambda: agent.status()["wrappers"]["leases"] == 1)
            agent.kill()
            agent = self.start(timers={"tick": 0.1, "stale_after": 300})
            until("its lease again", lambda: agent.status()["wrappers"]["leases"] == 1)
            with open(gate, "wb"):
                pass
            self.assertEqual((runner.wait(30), runner.stderr.read()), (0, b""))
        until("no lease", lambda: agent.status()["wrappers"]["leases"] == 0)
        self.assertEqual(os.listdir(self.at("wrappers")), [])


class Holds(Case):
    def test_it_keeps_awake_and_its_end_is_the_end_of_use(self):
        agent = self.start(timers=QUICK)
        seen = agent.subscribe()
        began = time.monotonic()
        answer = agent.ask("pause", seconds=2, reason="a talk")
        self.assertEqual((answer["ok"], answer["paused"]), (True, True))
        self.assertTrue(answer["until"])
        held = agent.status()
        self.assertEqual((held["scheduler_paused"], held["paused_until"], held["next"]), (True, answer["until"], None))
        self.assertIn("a talk", held["why"])
        arrived, _ = seen.wait_for_state("DROWSY", timeout=20)
        self.assertTrue(2.4 <= arrived - began <= 5, arrived - began)
        self.assertFalse(agent.status()["scheduler_paused"])

    def test_it_wakes(self):
        for state in ("DROWSY", "SLEEP", "HIBERNATION"):
            with self.subTest(state=state):
                if state == "HIBERNATION":
                    agent = self.start(timers=LONG, sets=LINGER)
                    agent.ask("hibernate")
                else:
                    self.put_predecessor(state)
                    agent = self.start(timers=LONG, sets=LINGER)
                self.assertEqual(agent.ask("pause")["state"], "WAKE")
                self.assertIsNone(agent.status()["paused_until"])
                agent.ask("resume")
                agent.stop()

    def test_it_survives_a_crash(self):
        agent = self.start(timers=QUICK)
        ends = agent.ask("pause", seconds=3600)["until"]
        agent.kill()
        agent = self.start(timers=QUICK)
        until("long past drowsy_after", lambda: agent.status()["uptime_sec"] > 1.2)
        status = agent.status()
        self.assertEqual((status["state"], status["scheduler_paused"]), ("WAKE", True))
        self.assertEqual(status["paused_until"][:19], ends[:19])
        resumed = agent.ask("resume")
        self.assertEqual((resumed["paused"], resumed["state"]), (False, "WAKE"))
        self.assertLess(agent.status()["idle_sec"], 0.5, "resuming is the end of use")
        agent.wait_state("DROWSY", timeout=10)

    def test_an_end_while_nobody_ran(self):
        """It ran out while the agent was down: idleness counts from then, not from before and not from the start."""
        agent = self.start(timers=LONG)
        began = time.monotonic()
        agent.ask("pause", seconds=2)
        agent.kill()
        until("it is over since a second", lambda: time.monotonic() > began + 3)
        agent = self.start(timers=LONG)
        status, passed = agent.status(), time.monotonic() - began
        self.assertFalse(status["scheduler_paused"])
        self.assertAlmostEqual(status["idle_sec"], passed - 2, delta=0.5)

    def test_sleep_ends_it(self):
        agent = self.start(timers=LONG, sets=LINGER)
        for type_ in ("user_initiated_sleep", "hibernate"):
            agent.ask("pause")
            self.assertTrue(agent.ask(type_)["ok"])
            agent.wait_state("HIBERNATION")
            self.assertFalse(agent.status()["scheduler_paused"])

    def test_a_pause_that_only_python_set_is_none(self):
        self.put_json(".daemon-state.json", {"scheduler_paused": True})
        agent = self.start(timers=QUICK)
        self.assertFalse(agent.status()["scheduler_paused"])
        agent.wait_state("DROWSY", timeout=10)
        self.assertIs(self.json(".daemon-state.json")["scheduler_paused"], True)


if __name__ == "__main__":
    main()
