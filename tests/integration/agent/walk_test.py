# SPDX-License-Identifier: MIT
"""The whole way from a heartbeat to an agent that is gone, and back: what Dormouse is for."""
import os
import signal
import time
import unittest

from lab import Case, main, now, until

SCALED = {"tick": 1, "stale_after": 2, "drowsy_after": 3, "sleep_after": 6, "hibernate_after": 20}
DOWN = [("WAKE", "DROWSY"), ("DROWSY", "SLEEP"), ("SLEEP", "HIBERNATION")]
EXIT = {"lifecycle.hibernation": "exit"}
LINGER = {"lifecycle.hibernation": "linger"}


def switches(pid):
    """Voluntary context switches of each thread: how often it slept and was woken."""
    counts = {}
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/status", encoding="ascii") as file:
            counts[thread] = next(int(line.split()[1]) for line in file if line.startswith("voluntary_ctxt_switches"))
    return counts


class Walk(Case):
    def test_down_and_up_again(self):
        """One command comes and goes; the memory is free a little later; the next one finds everything as it was."""
        foreign = {"python_key": {"nested": [1, 2.5, None, "ä"]}, "another": 12345678901234567}
        self.put_record("WAKE", **foreign)
        os.chmod(self.at("lifecycle_state.json"), 0o644)
        agent = self.start(timers=SCALED, sets=EXIT, umask=0)
        ran = self.dormouse("run", "--", "sleep", "2")
        self.assertEqual((ran.returncode, ran.stdout, ran.stderr), (0, "", ""))
        self.assertEqual(agent.wait(), 0, agent.log())
        self.assertEqual(self.transitions(), DOWN)
        walked = [line for line in self.entries("state_transition") if line["from"] != line["to"]]
        self.assertEqual([line["trigger"] for line in walked], ["idle_5min", "idle_30min", "sleep_cycle_done"])
        kinds = [line["event"] for line in self.entries()]
        self.assertEqual(kinds[0], "agent_started")
        self.assertEqual(kinds[-1], "lifecycle_hibernation_exit")
        self.assertIn("sleep_cycle_completed", kinds)
        self.assertLockFree()
        self.assertPrivate()

        left = self.json("lifecycle_state.json")
        self.assertEqual(left["current_state"], "HIBERNATION")
        self.assertEqual({key: left[key] for key in foreign}, foreign)
        self.assertGreater(left["wrapper_event_seq"], 7)
        again = self.start(timers=SCALED, sets=EXIT, umask=0o777)
        self.assertEqual(self.transitions(), DOWN + [("HIBERNATION", "WAKE")])
        woken = self.json("lifecycle_state.json")
        self.assertEqual(woken["current_state"], "WAKE")
        self.assertEqual(woken["wrapper_event_seq"], left["wrapper_event_seq"] + 1)
        same = set(left) - {"current_state", "since_ts", "last_activity_ts", "wrapper_event_seq"}
        self.assertEqual({key: woken[key] for key in same}, {key: left[key] for key in same})
        self.assertEqual(again.state(), "WAKE")
        self.assertPrivate()

    def test_two_wrappers_and_a_watcher(self):
        """A subscriber sees each state once, with a reason, in the order of the log."""
        agent = self.start(timers={"tick": 0.1, "stale_after": 1, "drowsy_after": 1.5, "sleep_after": 3, "hibernate_after": 4}, sets=EXIT)
        seen = agent.subscribe()
        first, second = self.wrapper("editor"), self.wrapper("chat")
        first.beat()
        second.beat()
        seen.wait_for(lambda snapshot: snapshot["wrappers"]["fresh"] == 2)
        for wrapper in (first, second):
            wrapper.leave()
        self.assertEqual(agent.wait(), 0)
        seen.join(10)
        states = [state for state, before in zip(seen.states(), [None] + seen.states()) if state != before]
        self.assertEqual(states, ["WAKE", "DROWSY", "SLEEP", "HIBERNATION"])
        self.assertTrue(all(snapshot["why"] for _, snapshot in seen.events))
        self.assertIn("editor", next(snapshot["why"] for _, snapshot in seen.events if snapshot["wrappers"]["fresh"] == 2))

    def test_after_a_crash_a_stale_heartbeat_does_not_keep_it_awake(self):
        """A wrapper that was killed leaves its file behind. It must neither pin the memory nor stay for ever."""
        agent = self.start(timers={"tick": 0.1, "stale_after": 1, "drowsy_after": 0.5, "sleep_after": 1, "hibernate_after": 2}, sets=EXIT)
        wrapper = self.wrapper()
        wrapper.beat()
        until("it is seen", lambda: agent.status()["wrappers"]["fresh"] == 1)
        wrapper.die()
        self.assertEqual(agent.wait(), 0)
        self.assertEqual(self.transitions(), DOWN)
        self.assertFalse(os.path.exists(wrapper.path))


class Linger(Case):
    def lingering(self):
        agent = self.start(timers={"tick": 0.2}, sets=LINGER)
        self.assertEqual(agent.ask("hibernate")["state"], "HIBERNATION")
        return agent

    @unittest.skipIf("TSAN_OPTIONS" in os.environ, "the thread sanitizer has a thread of its own, which wakes")
    def test_it_is_silent_and_answers(self):
        """An agent that waits for the next morning must not wake the processor."""
        agent = self.lingering()
        self.assertEqual(agent.state(), "HIBERNATION")
        # What the last question stirred up settles first.
        until("a quiet second", lambda: self.switched(agent, 1.0) == 0, period=0)
        woken = self.switched(agent, 5.0)
        self.assertLessEqual(woken, 1, f"woke {woken} times in 5 s")
        self.assertEqual(agent.state(), "HIBERNATION")
        self.assertIsNone(agent.process.poll())

    def switched(self, agent, seconds):
        before = switches(agent.pid)
        time.sleep(seconds)  # not a wait for something: the length of the measurement
        return sum(count - before.get(thread, 0) for thread, count in switches(agent.pid).items())

    def test_a_heartbeat_wakes_it(self):
        agent = self.lingering()
        seen = agent.subscribe()
        seen.wait_for_state("HIBERNATION")
        self.wrapper().beat()
        seen.wait_for_state("WAKE", timeout=5)
        self.assertEqual(self.entries("state_transition")[-1]["trigger"], "request_arrived")

    def test_a_signal_wakes_it(self):
        agent = self.lingering()
        seen = agent.subscribe()
        seen.wait_for_state("HIBERNATION")
        self.drop_signal()
        seen.wait_for_state("WAKE", timeout=5)
        until("the signal is taken away", lambda: not os.path.exists(self.at("wake.signal")))
        self.assertEqual(self.entries("state_transition")[-1]["trigger"], "wake_signal")

    def test_a_client_wakes_it(self):
        agent = self.lingering()
        self.assertEqual(agent.ask("force_wake", ts=now())["state"], "WAKE")
        agent.wait_state("WAKE")

    def test_the_tick_goes_on_after_a_wake(self):
        """It was stopped while nobody was there; without it, nobody would ever be drowsy again."""
        agent = self.start(timers={"tick": 0.2, "drowsy_after": 1}, sets=LINGER)
        agent.ask("hibernate")
        agent.ask("force_wake")
        agent.wait_state("DROWSY")

    def test_exit_is_told_once_and_lingering_too(self):
        agent = self.lingering()
        agent.ask("status")
        self.assertEqual([line["mode"] for line in self.entries("lifecycle_hibernation_exit")], ["linger"])
        agent.ask("force_wake")
        agent.ask("hibernate")
        self.assertEqual(len(self.entries("lifecycle_hibernation_exit")), 2)


class ShadowRun(Case):
    def test_it_stays_and_says_what_it_would_have_done(self):
        agent = self.start("--shadow-run", timers={"tick": 0.2}, sets=EXIT)
        self.assertEqual(agent.ask("hibernate")["state"], "HIBERNATION")
        warnings = self.entries("shadow_run_warning")
        self.assertEqual([(line["would_action"], line["blocked_by"]) for line in warnings], [("hibernate_kill_process", "shadow_run=True")])
        self.assertEqual(self.entries("lifecycle_hibernation_exit"), [])
        self.assertIs(self.json("lifecycle_state.json")["shadow_run"], True)
        self.assertIs(agent.status()["shadow_run"], True)
        self.drop_signal()
        agent.wait_state("WAKE")
        agent.signal(signal.SIGTERM)
        self.assertEqual(agent.wait(), 0)


if __name__ == "__main__":
    main()
