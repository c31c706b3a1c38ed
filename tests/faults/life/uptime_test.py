# SPDX-License-Identifier: MIT
"""Forty days of uptime of a real agent, with quick timers: as many wakes, sleeps, cycles, service starts, clients and heartbeats as such days have.
What it holds is the same at the end as after the first tenth. A user would lose memory day by day. DORMOUSE_FAULTS=long: five naps a day, 57 600 heartbeats
(what one client writes that is open half of the time)."""
import glob
import gzip
import itertools
import json
import os
import statistics
import time
import uuid

from actions import DAY, Machine
from lab import Client, main, until
from lifecase import IS_LONG, LifeCase, children, descriptors, is_sanitized, need_proc, private_dirty, threads

DAYS = 40
NAPS, BEATS, CALLS = (5, 288, 36) if IS_LONG else (1, 60, 30)  # a day, a nap, a nap
# Bytes of private memory, of 1.1 MiB: pages that fill up, and the first archive. What is in use of them stays the same to the last kilobyte.
GROWTH = 512 << 10
TIMERS = {"tick": 0.2, "stale_after": 60, "drowsy_after": 600, "sleep_after": 600, "hibernate_after": 600}
QUESTIONS = ("status", "why", "wrappers", "history", "digest", "sleep_cycle", "reload", "clean")


CLOCK = os.environ.get("FAULT_CLOCK")


@need_proc
class Uptime(LifeCase):
    def test_forty_days(self):
        self.configure([self.server("memory")], [(name, ["/bin/sh", "-c", "echo '{\"episodes_processed\": 1}'"]) for name in ("one", "two")])
        self.assertTrue(CLOCK and os.path.exists(CLOCK), "FAULT_CLOCK must name clockshift.so")
        self.machine = Machine(self.folder)
        self.environment.update(LD_PRELOAD=CLOCK, FAULT_CLOCK_FILE=self.machine.path,
                                ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0")
        agent = self.start(timers=TIMERS, sets={"lifecycle.hibernation": "linger"})
        self.numbers = itertools.count()
        self.remember_many(agent)
        began, rests = time.monotonic(), []
        for number in range(DAYS * NAPS):
            self.nap(agent, number)
            is_compared = DAYS * NAPS // 10 <= number < DAYS * NAPS // 5 or number >= DAYS * NAPS * 9 // 10
            rests.append(self.at_rest(agent, is_compared))
            if (number + 1) % NAPS == 0:
                self.machine.shift(DAY, DAY)  # suspended until tomorrow
        tenth = len(rests) // 10
        early, late = rests[tenth:2 * tenth], rests[-tenth:]
        files = [max(rest[0] for rest in part) for part in (early, late)]
        memory = [statistics.median(rest[1] for rest in part) for part in (early, late)]
        workers = max(rest[2] for rest in rests)
        print(f"{DAYS} days of {NAPS} naps in {time.monotonic() - began:.0f} s, {DAYS * NAPS * BEATS} heartbeats, {next(self.numbers)} messages; after a tenth "
              f"and at the end: descriptors {files}, private memory {[round(size / 1024) for size in memory]} KiB; at most {workers} threads", flush=True)
        if not is_sanitized(agent.pid):
            self.assertLessEqual(files[1], files[0] + 1, f"descriptors at rest: {[rest[0] for rest in rests]}")
            self.assertLessEqual(memory[1], memory[0] + GROWTH, f"private memory at rest: {[rest[1] for rest in rests]}")
            self.assertLessEqual(workers, 6)
        self.assertEqual(self.noted("memory", "twice"), [])
        self.check_log()
        self.assertEqual(agent.stop(), 0, agent.log())

    def check_log(self):
        """Each nap had its cycle; what is older than 30 days is archived, and nothing is lost."""
        lines, archives = [], glob.glob(self.at("logs", "*.jsonl.gz"))
        for path in archives:
            with gzip.open(path, "rt", encoding="utf-8") as file:
                lines += [json.loads(line) for line in file]
        self.assertGreaterEqual(len(archives), DAYS - 32)
        completed = [line for line in lines + self.entries() if line["event"] == "sleep_cycle_completed"]
        self.assertEqual(len(completed), DAYS * NAPS, "a cycle each")

    def remember_many(self, agent):
        """Wrappers that are gone are remembered for a day, 256 of them at most: a busy day's worth, so that what follows adds nothing."""
        wrapper = self.wrapper("passing")
        for _ in range(12):
            names = []
            for _ in range(25):
                wrapper.uuid = str(uuid.uuid4())
                wrapper.path = self.at("wrappers", f"heartbeat-{wrapper.process.pid}-{wrapper.uuid}.json")
                wrapper.beat(age=-self.machine.wall)
                names.append(wrapper.path)
            until("they are seen", lambda: agent.status()["wrappers"]["fresh"] == len(names))
            for name in names:
                os.unlink(name)
            until("they are gone", lambda: agent.status()["wrappers"]["fresh"] == 0)

    def nap(self, agent, number):
        """Up by one of the ways there are, busy, and down through a cycle."""
        wrappers = [self.wrapper(f"client {count}") for count in range(2)]
        if number % 3 == 0:
            self.drop_signal()
        elif number % 3 == 1:
            agent.ask("force_wake")
        subscriber = agent.subscribe()
        for wrapper in wrappers:
            wrapper.beat(age=-self.machine.wall)
        subscriber.wait_for_state("WAKE")
        for beat in range(BEATS):
            wrappers[beat % 2].beat(age=-self.machine.wall)
            if beat % (BEATS // CALLS or 1) == 0:
                self.call(agent, beat)
        wrappers[0].leave()
        for wrapper in wrappers:
            wrapper.die()
        self.assertTrue(agent.ask("user_initiated_sleep", force=True)["ok"])
        subscriber.wait_for(lambda snapshot: snapshot["state"] == "HIBERNATION" and all(service["pid"] is None for service in snapshot["services"]))
        subscriber.close()
        agent.ask("clean")  # the heartbeat that was left
        self.wrappers = [wrapper for wrapper in self.wrappers if wrapper.process.poll() is None]

    def call(self, agent, beat):
        """A client that comes, asks, and goes: sometimes in the middle of a line."""
        with Client(agent.path) as client:
            number = next(self.numbers)
            kind = QUESTIONS[number % len(QUESTIONS)]
            client.ask(kind, **{"sleep_cycle": {"action": "status"}, "history": {"limit": 5}, "digest": {"peek": True}}.get(kind, {}))
            client.ask("session_open", session_id=f"s{number}")
            client.ask("consume_first_turn", session_id=f"s{number}")
            client.ask("lease", name=f"run {number}")
            client.ask("nonsense")
            if beat % 3:
                client.socket.sendall(b'{"type":')

    def at_rest(self, agent, is_compared):
        """(descriptors, private memory, threads); memory only where it is compared, and behind a tick, which gives back what is free."""
        until(lambda: f"children are left: {children(agent.pid)}", lambda: not children(agent.pid))
        until("its connections are closed", lambda: agent.status()["wrappers"]["leases"] == 0)
        with Client(agent.path) as client:  # answered behind all that was due
            client.ask("status")
            files, memory = descriptors(agent.pid), 0
            if is_compared:
                client.ask("force_wake")
                samples = []
                for _ in range(4):
                    time.sleep(TIMERS["tick"])  # ticks are what is waited for
                    samples.append(private_dirty(agent.pid))
                memory = min(samples)
            return files, memory, threads(agent.pid)


if __name__ == "__main__":
    main()
