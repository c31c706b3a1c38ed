# SPDX-License-Identifier: MIT
"""The writer lock against Python's flock, against a second agent, and after kill -9."""
import fcntl
import json
import os
import subprocess
import threading
import time

from probe import HANG, PROBE, Case, Holder, main, need_strace, probe


class Locks(Case):
    def lock_file(self):
        """Opens .lifecycle.lock as the Python daemon does."""
        file = open(self.at(".lifecycle.lock"), "a+")
        self.addCleanup(file.close)
        return file

    def hold(self, limit_ms=0):
        holder = Holder(self.root, limit_ms)
        self.addCleanup(holder.kill)
        return holder

    def snapshot(self):
        return {name: (os.lstat(self.at(name)), self.content(name)) for name in os.listdir(self.root)}

    def test_python_holds_it(self):
        file = self.lock_file()
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        before = self.snapshot()
        answer = probe("hold", self.root, "0")
        self.assertRefused(answer, "Busy")
        if os.path.exists("/proc/locks"):
            self.assertIn(f"pid {os.getpid()}", answer["text"])
        else:
            self.assertIn("iai-mcp", answer["text"])
        self.assertIn(self.at(".lifecycle.lock"), answer["text"])
        self.assertEqual(self.snapshot(), before, "an agent that fails touches nothing")

    def test_python_holds_it_for_a_moment(self):
        file = self.lock_file()
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        holder = self.hold(30000)
        self.assertIsNone(holder.process.poll())
        timer = threading.Timer(0.3, lambda: fcntl.flock(file, fcntl.LOCK_UN))
        timer.start()
        self.assertOk(holder.answer())
        timer.join()
        holder.release()

    def test_python_is_refused_while_we_live(self):
        holder = self.hold()
        self.assertOk(holder.answer())
        file = self.lock_file()
        with self.assertRaises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        holder.release()
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self.assertRefused(probe("hold", self.root, "0"), "Busy")  # the same file still: it is never unlinked
        self.assertFalse(os.path.exists(self.at("agent.lock")))

    def test_leftovers_delay_nobody(self):
        for content in (b"", b"garbage", b"1\n2\n3\n4\n5\n"):
            with self.subTest(content=content):
                self.put(".lifecycle.lock", b"", 0o644)
                self.put("agent.lock", content, 0o644)
                self.assertOk(probe("hold", self.root, "0"))

    def test_kill_frees_it(self):
        for _ in range(10):
            holder = self.hold()
            self.assertOk(holder.answer())
            with open(self.at("agent.lock")) as file:
                self.assertEqual(int(file.readline()), holder.process.pid)
            holder.kill()
            self.assertTrue(os.path.exists(self.at("agent.lock")))

    def test_the_other_agent_is_named(self):
        holder = self.hold()
        self.assertOk(holder.answer())
        answer = probe("hold", self.root, "0")
        self.assertRefused(answer, "Busy")
        self.assertIn("another agent", answer["text"])
        self.assertIn(f"storage_probe (pid {holder.process.pid})", answer["text"])

    def test_of_two_that_race_exactly_one_wins(self):
        for attempt in range(50):
            pair = [self.hold(), self.hold()]
            answers = [holder.answer() for holder in pair]
            self.assertEqual(sorted(answer["ok"] for answer in answers), [False, True], (attempt, answers))
            for holder in pair:
                holder.kill() if attempt % 2 else holder.release()

    @need_strace
    def test_a_file_exchanged_under_us_is_noticed(self):
        """Between our open and our flock somebody else puts a new file in place and locks that one: ours would keep nobody out."""
        command = ["strace", "-f", "-qq", "-o", os.devnull, "-e", "inject=flock:delay_enter=2000000:when=1", PROBE, "hold", self.root, "0"]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as late:
            deadline = time.monotonic() + HANG
            while not os.path.exists(self.at(".lifecycle.lock")) and time.monotonic() < deadline:
                time.sleep(0.005)
            with open(self.at("new"), "w") as new:
                fcntl.flock(new, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.rename(self.at("new"), self.at(".lifecycle.lock"))
                self.assertIsNone(late.poll())
                self.assertRefused(json.loads(late.stdout.readline()), "Busy")

    def test_strange_umask(self):
        for mask in (0, 0o022, 0o777):
            with self.subTest(mask=oct(mask)):
                for name in os.listdir(self.root):
                    os.unlink(self.at(name))
                holder = subprocess.Popen([PROBE, "hold", self.root, "0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, umask=mask)
                self.assertOk(json.loads(holder.stdout.readline()))
                for name in (".lifecycle.lock", "agent.lock"):
                    self.assertEqual(self.mode(name) & 0o077, 0)
                holder.communicate(timeout=HANG)


if __name__ == "__main__":
    main()
