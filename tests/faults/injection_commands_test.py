# SPDX-License-Identifier: MIT
"""Each system call of the commands that write fails in turn: what is told is true, what was there is whole, and typing it again does the rest.
Counted are the calls behind those that `dormouse version` makes: the dynamic loader and Qt's start."""
import os
import random
import re
import subprocess
import unittest

import injection
from injection import ERRORS, IMPOSSIBLE, LONG, SEED, TRACER, Point, Stage, Walk, counted, need, works
from lab import HANG, Case, Client, main, program, until

CALLS = ("openat", "write", "fsync", "fdatasync", "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "fchmod", "read",
         "newfstatat", "statx", "getdents64", "socket", "connect", "sendto", "pipe2", "clone", "clone3", "vfork", "fcntl", "flock", "eventfd2", "ftruncate",
         "utimensat", "faccessat2", "lseek")
SAMPLE = 24  # points of each command in the short version
FATAL = re.compile("QEventDispatcherUNIXPrivate|GLib-ERROR")  # what Qt and GLib say, and then end, when they have nothing to wait with
DEAD = 2**22 + 12345  # beyond pid_max of a 64-bit kernel: nobody has it


class Command:
    """A command line with what it finds, and what must hold after it, whether it says that it has succeeded or not."""

    def __init__(self, stage):
        self.stage = stage

    def run(self, *prefix):
        return subprocess.run([*prefix, program("dormouse"), *self.words], env=self.stage.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              errors="replace", timeout=HANG, check=False)

    def check(self, done):
        """After the run under the fault."""

    def settled(self):
        """After another one without."""

    def close(self):
        """Ends what it has started."""


class Wake(Command):
    """It says that the agent runs only where it does, and a try that failed keeps nobody from the next."""
    words = ("wake",)

    def answers(self):
        try:
            with Client(self.stage.at("agent.sock")) as client:
                return client.ask("status")["state"] == "WAKE"
        except OSError:
            return False

    def check(self, done):
        self.stage.record()
        if done.returncode == 0:
            need(self.answers(), f"it says so, but nobody runs: {done}")

    def settled(self):
        until("the agent answers", self.answers)
        until("the signal is counted", lambda: not os.path.exists(self.stage.at("wake.signal")))
        self.close()
        need(self.stage.record()["current_state"] == "WAKE", self.stage.record())
        self.stage.check_tidy()

    def close(self):
        try:
            with Client(self.stage.at("agent.sock")) as client:
                client.ask("stop")
        except OSError:
            return
        until("the agent has gone", lambda: not os.path.exists(self.stage.at("agent.lock")))


class Clean(Command):
    """Only what is dead goes, and what could not be removed is named."""
    words = ("clean",)

    def __init__(self, stage):
        super().__init__(stage)
        injection.beat(stage.root)
        for number in range(3):
            stage.put(f"wrappers/heartbeat-{DEAD}-{number}.json", b'{"pid":%d,"last_refresh":"2020-01-01T00:00:00+00:00"}' % DEAD)
        stage.put("wrappers/.old.tmp", b"")
        os.utime(stage.at("wrappers/.old.tmp"), (1, 1))

    def left(self):
        return sorted(os.listdir(self.stage.at("wrappers")))

    def check(self, done):
        living = f"heartbeat-{os.getpid()}-lab.json"
        need(living in self.left(), f"the living one was removed: {done}")
        dead = [name for name in self.left() if str(DEAD) in name]
        need(not dead or done.returncode != 0, f"it has left {dead} and says nothing: {done}")
        need(not dead or self.stage.at("wrappers") in done.stderr or FATAL.search(done.stderr), f"{dead} are not named: {done}")

    def settled(self):
        need(self.left() == [f"heartbeat-{os.getpid()}-lab.json"], f"still there: {self.left()}")


class Config(Command):
    """The configuration that it shows is the one that there is; or it says that it could not be read."""
    words = ("config", "show")

    def check(self, done):
        if done.returncode == 0:
            need('name = "store"' in done.stdout, f"it shows another configuration: {done}")


class Run(Command):
    """The command runs once, whatever becomes of its heartbeat, and none is left behind for ever."""

    def __init__(self, stage):
        super().__init__(stage)
        self.words = ("run", "--", "sh", "-c", f"echo ran >> {stage.at('ran')}")

    def check(self, done):
        ran = self.ran()
        need(ran <= 1, f"it ran {ran} times: {done}")
        need(ran == 1 or done.returncode != 0, f"it has not run, and says nothing: {done}")

    def ran(self):
        try:
            return self.stage.read("ran").count(b"ran")
        except FileNotFoundError:
            return 0

    def settled(self):
        need(self.ran() in (1, 2), f"it ran {self.ran()} times")
        self.words = ("clean",)  # as an agent does at its ticks
        need(self.run().returncode == 0 and not os.listdir(self.stage.at("wrappers")), "a heartbeat is left behind for ever")


@unittest.skipUnless(works(), "needs strace, allowed to trace: no system call was made to fail")
class Commands(Case):
    def setUp(self):
        super().setUp()
        self.random, self.first = random.Random(SEED), counted(program("dormouse"), "version")

    def numbers(self, kind):
        """Which N of each call are worth a try."""
        stage = Stage(self, "whole")
        command = kind(stage)
        try:
            trace = os.path.join(stage.folder, "trace")
            done = command.run(*TRACER, "-o", trace)
            self.assertEqual(done.returncode, 0, done)
            until("the tracer has gone", lambda: "exit_group" in stage.trace())
            calls = [line for line in stage.trace().splitlines() if re.match(r"\w+\(", line)]
            return {call: [number for number, line in enumerate((line for line in calls if line.startswith(call + "(")), 1)
                           if number > self.first[call] and not IMPOSSIBLE.search(line)] for call in CALLS}
        finally:
            command.close()
            stage.close()

    def attempt(self, kind):
        def attempt(stage, point):
            command = kind(stage)
            try:
                done = command.run(*TRACER, "-o", os.path.join(stage.folder, "trace"), *point.words(stage.root))
                if done.returncode != 0:
                    need(len(done.stderr) > 10, f"it fails without a word: {done}")
                need(done.returncode >= 0 or FATAL.search(done.stderr), f"it died: {done}")
                command.check(done)
                again = command.run()
                need(again.returncode == 0, f"not even the next time: {again}\nbefore: {done}")
                command.settled()
                return bool(stage.injected()), "told" if done.returncode or done.stderr else "unnoticed"
            finally:
                command.close()
        return attempt

    def walk(self, kind):
        points = [Point(call, error, number) for call, numbers in self.numbers(kind).items() for number in numbers for error in ERRORS]
        if not LONG:
            points = self.random.sample(points, min(SAMPLE, len(points)))
        walk = Walk(self, self.attempt(kind))
        walk.each(points)
        walk.report(f"dormouse {kind.__name__.lower()}")

    def test_wake(self):
        self.walk(Wake)

    def test_clean(self):
        self.walk(Clean)

    def test_config(self):
        self.walk(Config)

    def test_run(self):
        self.walk(Run)


if __name__ == "__main__":
    main()
