# SPDX-License-Identifier: MIT
"""Runs storage_probe, the C++ driver of shared/storage, for the tests beside it. Standard library only."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

PROBE = os.environ["STORAGE_PROBE"]
HANG = 60  # seconds; nothing here takes a tenth of it


def probe(*arguments, data=b"", wrapper=(), **options):
    """One command; the parsed answer, with the warnings it logged under "stderr"."""
    done = subprocess.run([*wrapper, PROBE, *arguments], input=data, capture_output=True, timeout=HANG, **options)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise AssertionError(f"no answer from {arguments}: {done.returncode} {done.stdout!r} {done.stderr!r}") from None
    answer["stderr"] = done.stderr.decode(errors="replace")
    return answer


def works(*command):
    try:
        return subprocess.run(command, capture_output=True, timeout=HANG).returncode == 0
    except OSError:
        return False


need_strace = unittest.skipUnless(shutil.which("strace") and works("strace", "-f", "-o", os.devnull, "true"), "needs strace, allowed to trace")


class Holder:
    """A process that takes the writer lock of a root, and keeps it until released or killed."""

    def __init__(self, root, limit_ms=0):
        self.process = subprocess.Popen([PROBE, "hold", root, str(limit_ms)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def answer(self):
        return json.loads(self.process.stdout.readline())

    def release(self):
        self.process.stdin.close()
        self.process.wait(HANG)
        self.process.stdout.close()

    def kill(self):
        self.process.kill()
        self.process.wait(HANG)
        self.process.stdin.close()
        self.process.stdout.close()


class Case(unittest.TestCase):
    """A private folder for each test."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="dormouse-storage-")
        self.addCleanup(folder.cleanup)
        self.root = folder.name

    def at(self, *names):
        return os.path.join(self.root, *names)

    def put(self, name, content, mode=0o600):
        with open(self.at(name), "wb") as file:
            file.write(content)
        os.chmod(self.at(name), mode)
        return self.at(name)

    def content(self, name):
        with open(self.at(name), "rb") as file:
            return file.read()

    def mode(self, name):
        return os.lstat(self.at(name)).st_mode & 0o7777

    def assertOk(self, answer):
        self.assertTrue(answer["ok"], answer)

    def assertRefused(self, answer, code, errno=None):
        self.assertFalse(answer["ok"], answer)
        self.assertEqual(answer["code"], code, answer)
        if errno is not None:
            self.assertEqual(answer["errno"], errno, answer)


def main():
    result = unittest.main(exit=False, verbosity=2).result
    for test, reason in result.skipped:
        print(f"SKIPPED, NOT VERIFIED: {test}: {reason}", file=sys.stderr)
    sys.exit(not result.wasSuccessful())
