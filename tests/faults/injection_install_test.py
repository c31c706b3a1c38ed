# SPDX-License-Identifier: MIT
"""`dormouse install` with a real systemd, each of its system calls failing in turn: all of it is there, or nothing is and it says why; and the next try does it."""
import os
import random
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration", "systemd"))
import usermanager
from injection import ERRORS, IMPOSSIBLE, LONG, SEED, TRACER, counted, works
from lab import HANG, main, program
from usermanager import UNIT, WAKE

CALLS = ("openat", "write", "fsync", "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "rmdir", "fchmod", "read", "newfstatat",
         "socket", "connect", "pipe2", "clone", "clone3", "vfork")
SAMPLE = 6


def setUpModule():
    usermanager.isolate()


@unittest.skipUnless(works(), "needs strace, allowed to trace: no system call was made to fail")
class Install(usermanager.Case):
    def run_traced(self, *words):
        self.trace = os.path.join(self.folder, "trace")
        done = subprocess.run([*TRACER, "-o", self.trace, *words, program("dormouse"), "install"], env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, errors="replace", timeout=HANG, check=False)
        with open(self.trace, encoding="utf-8", errors="replace") as file:
            return done, [line for line in file.read().splitlines() if re.match(r"\w+\(", line)]

    def files(self):
        return {path: content for path, content in self.tree().items() if "/systemd/" in str(path)}

    def test_each_call_once(self):
        self.configure()
        before, first = self.files(), counted(program("dormouse"), "version")
        done, lines = self.run_traced()
        self.assertEqual(done.returncode, 0, done)
        self.wait_answer()
        whole = self.files()
        self.assertEqual(self.dormouse("uninstall").returncode, 0)
        points = [(call, number, error) for call in CALLS for error in ERRORS
                  for number, line in enumerate((line for line in lines if line.startswith(call + "(")), 1)
                  if number > first[call] and not IMPOSSIBLE.search(line)]
        chosen = points if LONG else random.Random(SEED).sample(points, SAMPLE)
        fired, told, violations = 0, 0, []
        for call, number, error in chosen:
            done, injected = self.run_traced("-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={number}")
            injected = [line for line in injected if "(INJECTED)" in line]
            fired, told = fired + bool(injected), told + (done.returncode != 0)
            try:
                self.check(done, before, whole)
            except AssertionError as wrong:
                violations.append(f"{call}:error={error}:when={number}\n{wrong}\n{done}\n{injected}")
            self.dormouse("uninstall")
        print(f"dormouse install: {fired} points tried, {len(violations)} violations; {told} told; DORMOUSE_SEED={SEED}", flush=True)
        self.assertEqual(violations, [], "\n\n".join(violations))

    def check(self, done, before, whole):
        if done.returncode == 0:
            self.wait_answer()
            self.assertEqual(self.files(), whole)
            return
        self.assertGreater(len(done.stderr), 10, "it fails without a word")
        if "could not be put back" not in done.stderr:  # told; only one fault at a time is tried, so that this is not expected
            self.assertEqual(self.files().keys(), before.keys(), "something is left behind")
        self.assertEqual([self.state(unit) for unit in (UNIT, WAKE)], ["inactive", "inactive"])
        self.install()
        self.wait_answer()
        self.assertEqual(self.files(), whole)


if __name__ == "__main__":
    main()
