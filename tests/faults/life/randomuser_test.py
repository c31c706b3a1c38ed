# SPDX-License-Identifier: MIT
"""A random user for as long as one likes. What must hold whatever he does: the agent answers; whoever comes finds it awake; when nobody is there it
goes to sleep and stays so; its record is whole; nothing leaks; it quits when told to. DORMOUSE_SEED replays the steps, DORMOUSE_FAULTS=long takes 3 000."""
import collections
import os
import random
import time

from actions import WEIGHTS, Actions, Attached, Machine
from lab import Client, main, until
from lifecase import IS_LONG, STATES, LifeCase, children, descriptors, is_sanitized, need_proc, new_random, record_fault, threads

LENGTH = 3000 if IS_LONG else 105
SETTLE_EVERY = 30 if IS_LONG else 15
ANSWER = 20    # seconds after which it hangs; it answers within a thousandth of it
SETTLE = 60    # it takes 5
TIMERS = {"tick": 0.3, "stale_after": 1.2, "drowsy_after": 0.8, "sleep_after": 1.6, "hibernate_after": 3}
CLOCK = os.environ.get("FAULT_CLOCK")
WORKERS = 6    # the main one, and one each for scans, chores, history, the past, and an X server that hangs
FLAKY = "test -e $DORMOUSE_ROOT/fails && { rm -f $DORMOUSE_ROOT/fails; exit 1; }; exit 0"


@need_proc
class RandomUser(Actions, LifeCase):
    def setUp(self):
        super().setUp()
        self.assertTrue(CLOCK and os.path.exists(CLOCK), "FAULT_CLOCK must name clockshift.so")
        self.seed, self.random = new_random("randomuser")
        self.machine, self.starts = Machine(self.folder), random.Random(self.seed)
        self.environment.update(LD_PRELOAD=CLOCK, FAULT_CLOCK_FILE=self.machine.path,
                                ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0")
        self.configure([self.server("memory")], [("good", ["/bin/sh", "-c", "echo '{\"episodes_processed\": 1}'"]), ("flaky", ["/bin/sh", "-c", FLAKY])])
        self.attached, self.held_connections, self.trail = Attached(self), [], collections.deque(maxlen=40)
        self.number, self.counts, self.found, self.agent = 0, collections.Counter(), [], None
        self.leaves_by_itself = self.was_ended = False
        self.attached.start()
        self.addCleanup(self.attached.over.set)
        self.addCleanup(self.hang_up_all)

    def say(self, text=""):
        steps = "\n".join(self.trail)
        return f"DORMOUSE_SEED={self.seed}, step {self.number}: {text}\nthe last steps:\n{steps}\n{self.agent.log()[-6000:] if self.agent else ''}"

    def test_whatever_happens(self):
        before = time.monotonic()
        self.go_on()
        # All is drawn beforehand: how often an agent is started between two steps is not in our hand.
        names = self.random.choices(list(WEIGHTS), list(WEIGHTS.values()), k=LENGTH)
        script = [(name, self.random.randrange(1 << 32), self.random.uniform(0, 0.15)) for name in names]
        for self.number, step in enumerate(script, 1):
            self.take(*step)
            if self.number % SETTLE_EVERY == 0:
                self.settle(self.number // SETTLE_EVERY)
        self.settle_down()
        self.go_on()
        self.agent.signal(15)
        self.ended(self.agent.wait(ANSWER), 0)
        self.assertLockFree()
        print(f"{LENGTH} steps in {time.monotonic() - before:.0f} s, {len(self.agents)} agents, {dict(self.counts)}; "
              f"at rest (descriptors, threads): {sorted(set(self.found))}", flush=True)

    def take(self, name, seed, pause):
        self.go_on()
        self.random = random.Random(seed)
        detail = getattr(self, name)()
        self.trail.append(f"{time.strftime('%H:%M:%S')} {name} {detail if isinstance(detail, str) else ''}")
        self.counts[name] += 1
        time.sleep(pause)
        self.go_on()
        self.check()

    # --- the agent

    def go_on(self):
        """Starts the next agent where none runs: as a person or a service manager would."""
        while self.agent is None or self.agent.process.poll() is not None:
            if self.agent and not self.was_ended:
                self.ended(self.agent.process.poll(), *((0,) if self.leaves_by_itself else ()))
            self.was_ended = False
            self.leaves_by_itself = self.starts.random() < 0.3
            mode = "exit" if self.leaves_by_itself else "linger"
            flags = [] if self.leaves_by_itself else self.starts.choice(([], ["--supervised"]))
            self.agent = self.launch(*flags, timers=TIMERS, sets={"lifecycle.hibernation": mode}, allow=[r" warning dormouse\."])
            self.agent.ready()

    def ended(self, code, *expected):
        self.assertIn(code, expected, self.say("it ended"))
        self.was_ended = True

    def tell(self, type_, **fields):
        """One message; its answer, or None where the agent has left for HIBERNATION or lost its socket a moment ago."""
        deadline = time.monotonic() + ANSWER
        while True:
            try:
                with Client(self.agent.path, timeout=ANSWER) as client:
                    answer = client.ask(type_, **fields)
                self.assertIsInstance(answer.get("ok"), bool, self.say(answer))
                return answer
            except OSError as error:  # a time-out is one
                self.assertLess(time.monotonic(), deadline, self.say(f"{type_} is not answered: {error!r}"))
            if self.agent.process.poll() is not None:
                return None
            time.sleep(0.02)

    def hang_up_all(self):
        while self.held_connections:
            self.held_connections.pop().close()

    # --- what must hold

    def check(self):
        status = self.tell("status")
        if status is None:
            return
        self.assertTrue(status["ok"], self.say(status))
        self.assertEqual(status["pid"], self.agent.pid, self.say("another agent answers"))
        self.assertIn(status["state"], STATES, self.say())
        self.assertTrue(status["why"], self.say("it does not say why"))
        try:
            record = self.json("lifecycle_state.json")
        except FileNotFoundError:
            return  # deleted; it comes back with the next write
        self.assertIsNone(record_fault(record), self.say(record))

    def settle(self, number):
        """Half of the time somebody comes, half of the time all go."""
        if number % 2:
            if self.random.random() < 0.3:
                open(self.at("fails"), "w", encoding="utf-8").close()
            self.settle_down()
        else:
            self.settle_up()

    def settle_up(self):
        """Whoever comes finds it awake."""
        self.attached.come()

        def is_awake():
            self.go_on()
            return (self.tell("status") or {}).get("state") == "WAKE"
        until(lambda: self.say(f"a fresh heartbeat does not wake it: {self.tell('status')}"), is_awake, SETTLE)

    def settle_down(self):
        """When nobody is there it goes down, and stays there; and nothing is left open."""
        self.attached.empty()
        self.hang_up_all()
        self.go_on()
        self.tell("resume")
        self.tell("service", name="memory", action="stop")  # where it was to be left alone

        def is_down():
            if self.agent.process.poll() is not None:
                self.ended(self.agent.process.poll(), *((0,) if self.leaves_by_itself else ()))
                return self.json("lifecycle_state.json")["current_state"] == "HIBERNATION"
            return (self.tell("status") or {}).get("state") == "HIBERNATION"
        until(lambda: self.say(f"nobody is there, and it does not go down: {self.tell('status')}"), is_down, SETTLE)
        if self.leaves_by_itself:
            return self.ended(self.agent.wait(ANSWER), 0)
        until(lambda: self.say(f"children are left: {children(self.agent.pid)}"), lambda: not children(self.agent.pid), ANSWER)
        self.assertEqual(self.living("memory"), [], self.say("the service runs on"))
        self.assertEqual(self.noted("memory", "twice"), [], self.say("a second instance of the service"))
        time.sleep(3 * TIMERS["tick"])  # that it stays down is the point
        self.assertEqual((self.tell("status") or {}).get("state"), "HIBERNATION", self.say("it woke by itself"))
        self.check_leaks()

    def check_leaks(self):
        """At rest every agent looks the same, whatever it has lived through."""
        if is_sanitized(self.agent.pid):
            return
        self.found.append((descriptors(self.agent.pid), threads(self.agent.pid)))
        spare = [files - workers for files, workers in self.found]  # a worker that still waits for more has one of its own
        self.assertLessEqual(max(spare) - min(spare), 4, self.say(f"descriptors and threads at rest: {self.found}"))  # a watcher or two more or less
        self.assertLessEqual(self.found[-1][1], WORKERS, self.say("threads"))


if __name__ == "__main__":
    main()
