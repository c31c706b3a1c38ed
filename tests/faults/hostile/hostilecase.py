# SPDX-License-Identifier: MIT
"""Measures what an honest client feels, and what the agent holds, while somebody hostile is at work beside it."""
import glob
import os
import socket
import threading
import time

from lab import Case, Client, until

IS_LONG = os.environ.get("DORMOUSE_FAULTS") == "long"
TRIES = 200
P99_MAX = 0.050
GROWTH_MAX_KB = 8 * 1024
BACK_KB = 1024  # what may stay: what the allocator keeps, and what is remembered on purpose
PERIOD = 0.003  # between two questions: from two connections in turn, since each may ask 256 a second


def private_dirty_kb(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return sum(int(line.split()[1]) for line in file if line.startswith("Private_Dirty:"))


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def children(pid):
    found = []
    for path in glob.glob(f"/proc/{pid}/task/*/children"):
        try:
            with open(path, encoding="ascii") as file:
                found += file.read().split()
        except FileNotFoundError:  # a thread that has just ended
            pass
    return found


class Waits:
    """How long answers took."""

    def __init__(self):
        self.all = []

    def time(self, act):
        """Whoever would have asked during a long wait has waited, too: a stall of a second is not one bad answer of 200."""
        began = time.monotonic()
        answer = act()
        wait = time.monotonic() - began
        self.all.append(wait)
        while wait > PERIOD:
            wait -= PERIOD
            self.all.append(wait)
        return answer

    @property
    def p99(self):
        return sorted(self.all)[-(-len(self.all) * 99 // 100) - 1]


class Floor:
    """What this machine needs at that moment for the least that an agent may have to do: another process answers, and makes a small file durable first."""

    def __init__(self, folder):
        self.ours, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            self.ours.close()
            path = os.path.join(folder, "floor")
            while theirs.recv(1):
                with open(path, "wb") as file:
                    file.write(b"x" * 500)
                    os.fsync(file.fileno())
                theirs.send(b"x")
            os._exit(0)
        theirs.close()
        self.waits = Waits()

    def ask(self):
        self.ours.send(b"x")
        self.ours.recv(1)

    def close(self):
        self.ours.close()
        os.waitpid(self.pid, 0)


class Measured:
    """One attack: how long the honest client waited, and how much the agent grew."""

    def __init__(self):
        self.waits, self.floor_p99, self.before_kb, self.peak_kb, self.after_kb = Waits(), 0.0, 0, 0, 0

    def __str__(self):
        return (f"p99 {self.waits.p99 * 1000:.1f} ms, max {max(self.waits.all) * 1000:.1f} ms (floor p99 {self.floor_p99 * 1000:.1f} ms); "
                f"memory +{self.peak_kb - self.before_kb} kB, then {self.after_kb - self.before_kb:+} kB")


class Background(threading.Thread):
    """Does `act` over and over until it is left; what went wrong in it comes out there."""

    def __init__(self, act, per_second=0):
        super().__init__(daemon=True)
        self.act, self.period, self.over, self.failure, self.count = act, 1 / per_second if per_second else 0, threading.Event(), None, 0

    def run(self):
        due = time.monotonic()
        try:
            while not self.over.is_set():
                self.act()
                self.count += 1
                due += self.period
                time.sleep(max(0.0, due - time.monotonic()))
        except Exception as failure:  # told by __exit__
            self.failure = failure

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()
        if self.failure:
            raise self.failure


class HostileCase(Case):
    """One agent, warmed up, with an honest client."""

    def setUp(self):
        super().setUp()
        self.warmed = []

    def warm(self, agent):
        """What the first few hundred answers cost is no growth."""
        if agent in self.warmed:
            return
        self.warmed.append(agent)
        for _ in range(2):
            with Client(agent.path) as client:
                for _ in range(200):
                    client.ask("status")

    def measure(self, name, agent, attack=None, ends=lambda: None, tries=TRIES, refused=(), growth_kb=GROWTH_MAX_KB, back_kb=BACK_KB):
        """Asks `status` all through `attack`, then has it end; everything must be as before, but for `refused`, which must have been counted."""
        self.warm(agent)
        result, before_fds, before_refused = Measured(), descriptors(agent.pid), agent.status()["refused"]
        result.before_kb = result.peak_kb = private_dirty_kb(agent.pid)
        honest, floor = [Client(agent.path), Client(agent.path)], Floor(self.folder)
        try:
            if attack:
                attack()
            for number in range(tries):
                answer = result.waits.time(lambda: honest[number % 2].ask("status"))
                self.assertTrue(answer["ok"], answer)
                if number % 3 == 0:
                    result.peak_kb = max(result.peak_kb, private_dirty_kb(agent.pid))
                    floor.waits.time(floor.ask)
                time.sleep(PERIOD)
            self.assertEqual(children(agent.pid), [], "nothing of it was executed")
        finally:
            floor.close()
            result.floor_p99 = floor.waits.p99 if floor.waits.all else 0.0
            for client in honest:
                client.close()
            ends()
        until(lambda: f"descriptors of {name} are back; {descriptors(agent.pid)}, before {before_fds}", lambda: descriptors(agent.pid) <= before_fds)

        def settled():
            agent.status()
            result.after_kb = private_dirty_kb(agent.pid)
            return result.after_kb - result.before_kb <= back_kb
        try:
            until(f"memory of {name} is back", settled, timeout=20, period=0.1)
        finally:
            print(f"{name}: {result}; load {os.getloadavg()[0]:.1f}", flush=True)
        self.assertLessEqual(result.waits.p99, P99_MAX + result.floor_p99, f"{name}: the honest client waited; {result}")
        self.assertLess(result.peak_kb - result.before_kb, growth_kb, f"{name}: {result}")
        after_refused = agent.status()["refused"]
        for kind in refused:
            self.assertGreater(after_refused[kind], before_refused[kind], f"{name}: {kind} was not counted; {after_refused}")
        return result
