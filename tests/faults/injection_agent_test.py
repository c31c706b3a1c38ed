# SPDX-License-Identifier: MIT
"""Each system call of a short life of the agent fails: once, then some twenty times in a row. What must hold afterwards stands in injection.py.
The short version takes a sample of the points, spread over the calls; the long one (DORMOUSE_FAULTS=long) tries every call, each with the next error;
DORMOUSE_FAULTS=every, which takes a day, every call with every error."""
import os
import random
import re
import unittest
from collections import Counter

from injection import ERRORS, LONG, SEED, TRACER, Life, Point, Stage, Walk, calls_of, counted, errors_at, works
from lab import Case, main, program

# How often each is tried in the short version; a call that is not made here (another architecture, another libc) costs nothing.
CALLS = {"openat": 12, "write": 9, "fsync": 10, "fdatasync": 3, "rename": 4, "renameat": 5, "renameat2": 2, "link": 2, "linkat": 4, "unlink": 3,
         "unlinkat": 3, "ftruncate": 1, "fchmod": 3, "mkdir": 2, "flock": 4, "read": 4, "pread64": 2, "newfstatat": 5, "getdents64": 3,
         "accept4": 3, "socket": 2, "bind": 1, "listen": 1, "fcntl": 4, "pipe2": 2, "socketpair": 1, "eventfd2": 1, "inotify_init1": 1,
         "inotify_add_watch": 2, "clone": 2, "clone3": 2, "vfork": 1, "fork": 1, "pidfd_open": 1, "statx": 3, "sendto": 2}
# Most of these look into /proc, as often as there are processes: of them those are counted that are about our files.
MINE = ("openat", "read", "newfstatat", "getdents64", "statx")
FOR_A_WHILE = ("openat", "write", "fsync", "fdatasync", "rename", "renameat", "renameat2", "linkat", "unlink", "unlinkat", "newfstatat", "flock", "fcntl",
               "read", "accept4", "clone", "clone3", "pipe2", "socket")
LENGTH = 20
# Behind a failed accept stands a pause of a second, behind a failed start of a process a back-off that doubles.
LENGTHS = {"accept4": 3, "clone": 2, "clone3": 2, "pipe2": 4}


@unittest.skipUnless(works(), "needs strace, allowed to trace: no system call was made to fail")
class Injection(Case):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)

    def whole(self, words):
        """The calls that are made in a life without faults."""
        stage = Stage(self, "whole")
        try:
            agent = stage.launch(*TRACER, "-o", os.path.join(stage.folder, "trace"), *words(stage), allow=[".*"])
            life = Life(stage, agent)
            self.assertTrue(life.starts(), agent.log())
            life.whole()
            self.assertEqual(agent.stop(), 0)
            stage.check_gone(agent)
            return stage.trace()
        finally:
            stage.close()

    def ranges(self):
        """From where to where the N of each call goes: behind the loader's and Qt's own start, to the end of a life."""
        first = counted(program("dormouse-agent"), "--version")
        trace = self.whole(lambda stage: ())
        last, own = calls_of(trace), Counter()
        for call in MINE:
            own[call] = calls_of(self.whole(lambda stage, call=call: Point(call, "EIO", 60000, mine=True).words(stage.root)))[call]
        if not LONG:  # short of the byte by which a signal's handler tells of it: that cannot fail, and to find that out takes a minute
            last["write"] = calls_of(re.split(r'(?m)^write\(\d+<pipe:[^>]*>, "t"', trace)[0])["write"] - LENGTH
        bounds = {call: (1, own[call]) if call in MINE else (first[call] + 1, last[call]) for call in CALLS}
        return {call: (begin, end) for call, (begin, end) in bounds.items() if begin <= end}

    def sample(self, call, bounds, count):
        """Numbers spread over the whole range, each with another error."""
        first, last = bounds
        count = min(count, last - first + 1)
        width = (last - first + 1) / count
        errors = self.random.sample(ERRORS * (1 + count // len(ERRORS)), count)
        return [(first + int(width * (number + self.random.random())), error) for number, error in enumerate(errors)]

    @staticmethod
    def row(call, first, last):
        """To the end of a life, however long it gets."""
        return [Point(call, error, number, mine=call in MINE) for number in range(first, 2 * last + 10) for error in errors_at(number)]

    def test_once(self):
        """A fault that is gone at the next try costs nothing but that try."""
        walk, ranges = Walk(self), self.ranges()
        if LONG:
            walk.rows([self.row(call, *bounds) for call, bounds in ranges.items()])
        else:
            walk.each([Point(call, error, number, mine=call in MINE) for call, bounds in ranges.items()
                       for number, error in self.sample(call, bounds, CALLS[call])])
        walk.report("each call once")

    def test_for_a_while(self):
        """A fault that stays for some twenty calls, and then goes: it heals by itself."""
        walk, ranges = Walk(self), self.ranges()
        points = []
        for call in [call for call in FOR_A_WHILE if call in ranges]:
            first, last = ranges[call]
            length = LENGTHS.get(call, LENGTH)
            chosen = self.sample(call, (first, last), 2)
            if LONG:
                chosen = [(number, error) for number in range(first, last + 1, length) for error in errors_at(number // length)]
            points += [Point(call, error, number, length, call in MINE) for number, error in chosen]
        walk.each(points)
        walk.report("for a while")

    def test_each_file_once(self):
        """What cannot be read at the start, and can be a moment later, is neither forgotten nor taken for bad."""
        walk = Walk(self)
        names = ("dormouse.toml", "lifecycle_state.json", "dormouse.json", "services.json", ".daemon-state.json", ".lifecycle.lock", "agent.lock")
        for number, name in enumerate(names):
            walk.each([Point("openat", error, 1, only=name) for error in (ERRORS if LONG else (ERRORS[(SEED + number) % len(ERRORS)],))])
        walk.each([Point("statx", "EIO", 1, only=program("dormouse-guard"))])  # without the guard nothing is started
        walk.report("each file once")

    def test_elsewhere(self):
        """/proc, /dev and the libraries' own files cannot be opened or read: what is not known for a while is known again later."""
        walk = Walk(self)
        first, last = counted(program("dormouse-agent"), "--version"), calls_of(self.whole(lambda stage: ()))
        for call in MINE:
            numbers = range(first[call] + 1, last[call], 7) if LONG else [number for number, _ in self.sample(call, (first[call] + 1, last[call]), 2)]
            walk.each([Point(call, self.random.choice(ERRORS), number, 10 * (number % 2)) for number in numbers])
        walk.report("elsewhere")


if __name__ == "__main__":
    main()
