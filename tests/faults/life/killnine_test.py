# SPDX-License-Identifier: MIT
"""kill -9 of the agent at random moments under load. A user would lose: an acknowledged wake, pause or session; the night's progress; a service that
people are using; or the agent itself, if a lock needed a hand. DORMOUSE_FAULTS=long for 1 000 kills; by hand: see ../CMakeLists.txt."""
import bisect
import collections
import json
import os
import random
import threading
import time

from changer import FIRST_TURNS_MAX, Changer, Truth
from lab import Client, main, until
from lifecase import IS_LONG, STEPS, LifeCase, need_proc, new_random, record_fault, wall

KILLS = 1000 if IS_LONG else 100
ROUND = 0.12  # seconds of load; the kill comes at a random moment of it
QUIET_TIMERS = {"tick": 0.2, "stale_after": 3600, "drowsy_after": 6000, "sleep_after": 6000, "hibernate_after": 6000}
CLOCK_SLACK = 0.002  # the log tells milliseconds
STEP = "echo $DORMOUSE_STEP >> $DORMOUSE_ROOT/ran; sleep 0.0%d; echo '{\"episodes_processed\": 1}'"
NAMES = ["one", "two", "three"]


class Observers(threading.Thread):
    """Those who only look, a subscriber among them, and the heartbeats of the wrappers that are there."""

    def __init__(self, case, agent):
        super().__init__(daemon=True)
        self.case, self.clients = case, [Client(agent.path) for _ in range(2)]

    def run(self):
        looks = ("status", "history", "wrappers", "why", "sleep_cycle")
        count = 0
        try:
            self.clients[0].send("subscribe")
            while True:
                count += 1
                kind = looks[count % len(looks)]
                answer = self.clients[1].ask(kind, **({"action": "status"} if kind == "sleep_cycle" else {}))
                assert answer["ok"], answer
                for wrapper in self.case.attached[:3]:
                    if wrapper.process.poll() is None:
                        wrapper.beat()
        except OSError:
            pass
        finally:
            for client in self.clients:
                client.close()


class Log:
    """The event log as its bytes grew, over all kills."""

    def __init__(self, case):
        self.case, self.seen, self.transitions, self.timeline = case, {}, [], []
        self.torn = self.gaps = self.started = 0

    def read(self):
        """Answers with a fault, or None. Whole lines that were there stay there, byte for byte."""
        folder = self.case.at("logs")
        for name in sorted(name for name in os.listdir(folder) if name.startswith("lifecycle-events-")):
            with open(os.path.join(folder, name), "rb") as file:
                content = file.read()
            before = self.seen.get(name, b"")
            if not content.startswith(before):
                return f"{name} lost what was in it"
            whole = content.rfind(b"\n") + 1
            for line in content[len(before):whole].splitlines():
                if fault := self.take(line):
                    return fault
            self.seen[name] = content[:whole]
        return None

    def take(self, line):
        try:
            entry = json.loads(line)
        except ValueError:
            self.torn += 1
            return None if self.torn <= self.case.kills else f"more torn lines than kills: {line!r}"
        if entry["event"] == "agent_started":
            self.started += 1
            self.timeline.append((wall(entry["ts"]), entry["state"]))
        if entry["event"] != "state_transition":
            return None
        if self.transitions and self.transitions[-1]["to"] != entry["from"]:
            # Killed between the record and its line: one line is missing, and it was never acknowledged.
            self.gaps += 1
            if (self.transitions[-1]["to"], entry["from"]) not in STEPS or self.gaps > self.case.kills:
                return f"more than the last line is missing between {self.transitions[-1]} and {entry}"
        self.transitions.append(entry)
        self.timeline.append((wall(entry["ts"]), entry["to"]))
        return None

    def was_awake(self, since, until_):
        """Whether the log has a WAKE at some moment of that time."""
        first = bisect.bisect_left(self.timeline, (since - CLOCK_SLACK, ""))
        last = bisect.bisect_right(self.timeline, (until_ + CLOCK_SLACK, "~"))
        return any(state == "WAKE" for _, state in self.timeline[max(0, first - 1):last])


@need_proc
class KillNine(LifeCase):
    def setUp(self):
        super().setUp()
        self.seed, self.random = new_random("killnine")
        self.attached, self.kills, self.log_file, self.truth = [], 0, Log(self), Truth()
        self.under_way = None
        self.seq, self.moments, self.starts = 0, collections.Counter(), []

    def say(self, text, agent=None):
        return f"DORMOUSE_SEED={self.seed}, kill {self.kills}: {text}" + (f"\n{agent.log()}" if agent else "")

    def test_at_any_moment_under_load(self):
        self.configure([self.server("memory"), (*self.server("spare"), "after = []")],
                       [(name, ["/bin/sh", "-c", STEP % (2 + number)]) for number, name in enumerate(NAMES)])
        before = time.monotonic()
        while self.kills < KILLS:
            self.round()
        agent = self.restart()
        self.check_restarted(agent)
        agent.ask("force_wake")
        self.check_services(agent)
        agent.ask("service", name="spare", action="stop")  # one that is left alone outlives the agent
        self.assertEqual(agent.stop(), 0, agent.log())
        self.assertIsNone(self.log_file.read())
        self.assertLockFree()
        self.tell(time.monotonic() - before)

    def tell(self, took):
        truth, log = self.truth, self.log_file
        print(f"{self.kills} kills in {took:.0f} s, killed in {dict(self.moments)}; {truth.answered} of {truth.sent} changes acknowledged, "
              f"{len(truth.wakes)} of them wakes, 0 lost; {len(log.transitions)} transitions in the log, {log.torn} torn lines, {log.gaps} lines "
              f"missing behind a kill; {len(self.noted('memory', 'starts'))} starts of the service, no second instance; "
              f"restart to answer {sorted(self.starts)[len(self.starts) // 2] * 1000:.0f} ms median, {max(self.starts) * 1000:.0f} ms at most", flush=True)
        self.assertGreater(truth.answered, self.kills, "there was load")
        self.assertGreater(len(self.moments), 2, "killed in more than two states")

    def launch_next(self):
        # One that was told to stop when the agent was killed dies on its successor, which starts it again.
        return self.launch("--supervised", timers=QUIET_TIMERS, sets={"lifecycle.hibernation": "linger"}, allow=["service (memory|spare) died: ended"])

    def restart(self):
        """The next agent, which has to come up by itself."""
        before = time.monotonic()
        agent = self.launch_next().ready()
        self.starts.append(time.monotonic() - before)
        return agent

    def round(self):
        if self.random.random() < 0.15:
            agent = self.launch_next()
            time.sleep(self.random.uniform(0, 0.03))  # in the middle of its start
            return self.end(agent, [], [])
        agent = self.restart()
        self.check_restarted(agent)
        is_alone = self.random.random() < 0.6
        seeds = [self.random.randrange(1 << 32) for _ in range(1 if is_alone else 3)]
        changers = [Changer(self, agent, random.Random(seed), self.truth if is_alone else Truth(), is_alone) for seed in seeds]
        observers = Observers(self, agent)
        for thread in (*changers, observers):
            thread.start()
        time.sleep(self.random.uniform(0, ROUND))  # the moment is the point
        self.end(agent, changers, [observers])

    def end(self, agent, changers, others):
        known = len(self.truth.wakes)
        agent.kill()
        self.kills += 1
        for thread in (*changers, *others):
            thread.join(60)
            self.assertFalse(thread.is_alive(), self.say("a client hangs"))
        for changer in changers:
            self.assertEqual(changer.faults, [], self.say("wrong answers", agent))
            if changer.truth is not self.truth:
                self.truth.take_over(changer.truth)
        self.under_way = self.truth.under_way
        self.truth.killed()
        if os.path.exists(self.at("lifecycle_state.json")):
            self.check_record(agent, bool(changers))
        self.check_files(agent)
        for since, at, kind in self.truth.wakes[known:]:
            self.assertTrue(self.log_file.was_awake(since, at), self.say(f"{kind} was acknowledged and is not in the log", agent))
        until(lambda: self.say(f"steps outlive the agent: {self.steps_alive()}"), lambda: not self.steps_alive())

    def check_record(self, agent, was_up):
        """Whole, and the one before or after the last acknowledged change."""
        record = self.json("lifecycle_state.json")
        self.assertIsNone(record_fault(record), self.say(record, agent))
        state = record["current_state"]
        self.moments[state if was_up else "its start"] += 1
        self.assertIn(state, self.truth.states, self.say(f"under way: {self.under_way}; {record}", agent))
        self.assertGreaterEqual(record["wrapper_event_seq"], self.seq, self.say("activity forgotten", agent))
        self.seq = record["wrapper_event_seq"]
        self.assertIsNone(self.log_file.read(), self.say("the log", agent))
        last = (self.log_file.transitions or [{"to": "WAKE", "ts": None}])[-1]
        if last["ts"] != record["since_ts"]:
            self.assertIn((last["to"], state), STEPS, self.say(f"the log ends with {last}, the record is {record}", agent))

    def check_files(self, agent):
        for name in ("dormouse.json", ".daemon-state.json", "services.json"):
            if os.path.exists(self.at(name)):
                self.assertIsInstance(self.json(name), dict, self.say(name))
        self.assertEqual(self.noted("memory", "twice") + self.noted("spare", "twice"), [], self.say("a second instance of a service", agent))
        bad = [name for name in os.listdir(self.root) if ".bad-" in name]
        self.assertEqual(bad, [], self.say("a file was malformed", agent))
        self.assertLessEqual(len(self.truth.digests), 1, self.say("one digest in 18 h"))

    def check_restarted(self, agent):
        """What was acknowledged is what the next agent goes on with."""
        if os.path.lexists(self.at("wake.signal")) or self.under_way == "signal":
            until(self.say("a wake.signal is lost", agent), lambda: not os.path.lexists(self.at("wake.signal")))
        status = agent.status()
        self.assertIn(status["state"], self.truth.states, self.say(f"under way: {self.under_way}; {status['why']}", agent))
        if self.truth.held is not None:
            self.assertEqual(status["scheduler_paused"], self.truth.held, self.say("the hold", agent))
        if self.truth.left_alone is not None:
            spare = next(view for view in status["services"] if view["name"] == "spare")
            self.assertEqual(spare["state"] == "left_alone", self.truth.left_alone, self.say(spare, agent))
        if self.truth.states == {"WAKE"}:
            self.check_services(agent)
        if len(self.truth.first_turns) > FIRST_TURNS_MAX / 2:  # the agent keeps a hundred
            self.take_first_turns(agent)

    def take_first_turns(self, agent):
        with agent.client() as client:
            for session in list(self.truth.first_turns):
                is_first = client.ask("consume_first_turn", session_id=session)["first_turn"]
                self.assertTrue(is_first, self.say(f"the first turn of {session} is lost", agent))
        self.truth.first_turns.clear()

    def check_services(self, agent):
        """What runs is known to the agent, and is one."""
        def views():
            return [view["pid"] for view in agent.status()["services"] if view["name"] == "memory" and view["pid"] in self.living("memory")]
        pid = until(lambda: self.say(f"the service runs: {agent.status()['services']}, {self.living('memory')}", agent), views)
        self.assertEqual(self.living("memory"), pid, self.say("instances that nobody knows", agent))


if __name__ == "__main__":
    main()
