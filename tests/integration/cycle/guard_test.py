#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The guard program with real process groups: nothing that an agent started may outlive it, and nothing of the agent may reach what it started.
Run by hand: DORMOUSE_BIN=build/dev/bin PYTHONPATH=tests/support python3 tests/integration/cycle/guard_test.py"""
import shutil
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import uuid

from lab import kill, marked, program, until

GRACE = 1.5
IGNORE = "trap '' TERM; "
linux = unittest.skipUnless(sys.platform == "linux", "looks into /proc")


class Guarded:
    """One run of the guard. Its processes carry a mark of their own in the environment."""

    def __init__(self, mode, *command, options=(), as_pipe=False, **popen):
        self.mark = f"{os.getpid()}-{uuid.uuid4()}"
        self.ours = None
        if as_pipe:
            theirs, self.pipe = os.pipe()
        else:
            self.ours, other = socket.socketpair()
            theirs = other.detach()
        environment = dict(os.environ, GUARD_MARK=self.mark, **popen.pop("env", {}))
        self.started = time.monotonic()
        self.process = subprocess.Popen([program("dormouse-guard"), mode, str(theirs), *options, "--", *command], pass_fds=[theirs, *popen.pop("more_fds", [])],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, **popen)
        os.close(theirs)

    def left(self):
        return marked("GUARD_MARK=" + self.mark)

    def go(self):
        """The word that a held command waits for; others are not disturbed by it."""
        try:
            self.ours.send(b"g")
        except BrokenPipeError:
            pass  # it has ended already

    def close(self):
        """What the death of the agent looks like."""
        if self.ours:
            self.ours.close()
        else:
            os.close(self.pipe)

    def end(self, timeout=10):
        """Exit code, output, and what the guard told."""
        output, _ = self.process.communicate(timeout=timeout)
        self.took = time.monotonic() - self.started
        told = self.ours.recv(4096).decode() if self.ours and self.ours.fileno() >= 0 else ""
        return self.process.returncode, output.decode(), told


class GuardTest(unittest.TestCase):
    def run_guard(self, *arguments, **options):
        guarded = Guarded(*arguments, **options)
        self.addCleanup(lambda: [kill(pid) for pid in guarded.left()])
        self.addCleanup(guarded.process.stdout.close)
        if guarded.ours:
            self.addCleanup(guarded.ours.close)
        return guarded

    def shell(self, script, **options):
        return self.run_guard("--group", "/bin/sh", "-c", script, **options)

    def read_line(self, guarded):
        return guarded.process.stdout.readline().decode().strip()

    def assert_gone(self, guarded):
        if sys.platform == "linux":
            self.assertEqual(guarded.left(), [])

    def test_an_end_is_told_as_it_was(self):
        for script, code, told in [("exit 0", 0, "exited 0\n"), ("exit 75", 75, "exited 75\n"), ("exit 127", 127, "exited 127\n"),
                                   ("kill -TERM $$", -15, "signalled 15\n"), ("kill -9 $$", -9, "signalled 9\n")]:
            with self.subTest(script):
                guarded = self.shell(script)
                self.assertEqual(guarded.end(), (code, "", told))
                self.assertLess(guarded.took, GRACE, "nothing was left, and still it waited")

    def test_without_a_way_to_tell_the_exit_code_says_it(self):
        guarded = self.run_guard("--group", "/bin/sh", "-c", "exit 7", as_pipe=True)
        self.assertEqual(guarded.end(), (7, "", ""))
        guarded.close()

    def test_a_command_that_cannot_start_is_told_apart_from_its_own_127(self):
        with tempfile.TemporaryDirectory() as folder:
            text = os.path.join(folder, "text")
            with open(text, "w") as file:
                file.write("echo a shell ran this\n")
            for mode, command, rights, code, told in [("--group", os.path.join(folder, "none"), 0o700, 127, "cannot-start 2\n"),
                                                      ("--group", "dormouse-no-such-program", 0o700, 127, "cannot-start 2\n"),
                                                      ("--group", text, 0o600, 126, "cannot-start 13\n"),
                                                      ("--group", text, 0o700, 126, "cannot-start 8\n"),  # never a shell
                                                      ("--hold", text, 0o600, 126, "cannot-start 13\n")]:
                with self.subTest(command=command, mode=mode, rights=oct(rights)):
                    os.chmod(text, rights)
                    guarded = self.run_guard(mode, command)
                    guarded.go()
                    end = guarded.end()
                    self.assertEqual((end[0], end[2].split("\n")[0] + "\n"), (code, told))
                    self.assertIn("cannot start " + command, end[1])

    def test_a_name_is_looked_up_on_the_path_of_its_environment(self):
        with tempfile.TemporaryDirectory() as folder:
            script = os.path.join(folder, "greet")
            with open(script, "w") as file:
                file.write("#!/bin/sh\necho hello\n")
            os.chmod(script, 0o700)
            guarded = self.run_guard("--group", "greet", env={"PATH": "/nonexistent:" + folder + ":/bin"})
            self.assertEqual(guarded.end()[:2], (0, "hello\n"))

    @linux
    def test_grandchildren_that_ignore_sigterm_die_with_the_agent(self):
        guarded = self.shell(IGNORE + "(" + IGNORE + "sleep 60; sleep 60) & (" + IGNORE + "while :; do sleep 60; done) & echo up; wait; wait; sleep 60")
        self.assertEqual(self.read_line(guarded), "up")
        until("grandchildren", lambda: len(guarded.left()) >= 5)
        before = time.monotonic()
        guarded.close()
        until("an empty group", lambda: not guarded.left(), timeout=10)
        took = time.monotonic() - before
        self.assertGreater(took, GRACE - 0.1, "they had no time to end by themselves")
        self.assertLess(took, 2.5)
        guarded.end()

    @linux
    def test_those_that_obey_are_not_waited_for(self):
        guarded = self.shell("sleep 60 & echo up; sleep 60")
        self.assertEqual(self.read_line(guarded), "up")
        before = time.monotonic()
        guarded.close()
        guarded.end()
        self.assertLess(time.monotonic() - before, GRACE - 0.2)
        self.assert_gone(guarded)

    @linux
    def test_a_stopped_process_hears_of_the_end(self):
        with tempfile.TemporaryDirectory() as folder:
            guarded = self.shell(f"trap 'echo cleaned up > {folder}/note; exit' TERM; echo up; while :; do sleep 0.1; done")
            self.assertEqual(self.read_line(guarded), "up")
            for pid in guarded.left():
                if pid != guarded.process.pid:
                    kill(pid, signal.SIGSTOP)
            guarded.close()
            guarded.end()
            self.assertTrue(os.path.exists(folder + "/note"))
        self.assert_gone(guarded)

    @linux
    def test_what_a_command_leaves_behind_goes_too_and_its_code_stays(self):
        up = os.path.join(tempfile.mkdtemp(), "up")  # else it could be told to end before it knows to ignore it
        self.addCleanup(shutil.rmtree, os.path.dirname(up))
        guarded = self.shell("(" + IGNORE + f"touch {up}; sleep 60) & while ! [ -e {up} ]; do sleep 0.01; done; exit 3")
        code, _, told = guarded.end()
        self.assertEqual((code, told), (3, "exited 3\n"))
        self.assertGreater(guarded.took, GRACE - 0.1)
        self.assert_gone(guarded)
        quick = self.shell("sleep 60 & exit 4")
        self.assertEqual(quick.end()[0], 4)
        self.assertLess(quick.took, GRACE - 0.2)
        self.assert_gone(quick)

    @linux
    def test_the_guard_survives_what_its_group_is_sent(self):
        guarded = self.shell("trap : TERM INT HUP; kill -TERM 0; kill -INT 0; kill -HUP 0; kill -USR1 0 || :; exit 5")
        code = guarded.end()[0]
        self.assertIn(code, (5, -10))  # SIGUSR1 ends the shell, never the guard before it has told so
        again = self.shell("trap : TERM; kill -TERM 0; sleep 0.1; exit 6")
        self.assertEqual(again.end(), (6, "", "exited 6\n"))

    @linux
    def test_a_killed_group_leaves_nothing(self):
        guarded = self.shell("sleep 60 & kill -9 0")
        self.assertEqual(guarded.end()[0], -9)
        until("an empty group", lambda: not guarded.left())

    @linux
    def test_the_agents_own_group_is_another_one(self):
        guarded = self.shell("echo up; sleep 60")
        self.read_line(guarded)
        groups = {os.getpgid(pid) for pid in guarded.left()}
        self.assertEqual(groups, {guarded.process.pid})
        guarded.close()
        guarded.end()

    @linux
    def test_no_descriptor_signal_or_umask_of_the_agent_is_inherited(self):
        read_end, write_end = os.pipe()
        os.set_inheritable(read_end, True)
        spoil = lambda: (signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGUSR1}), signal.signal(signal.SIGPIPE, signal.SIG_IGN),
                         signal.signal(signal.SIGHUP, signal.SIG_IGN), os.umask(0o077))
        look = "ls /proc/self/fd; grep -E 'Sig(Blk|Ign)' /proc/self/status; umask"
        for mode in "--group", "--hold":
            with self.subTest(mode):
                guarded = self.run_guard(mode, "/bin/bash", "-c", look, options=("--umask", "022"), preexec_fn=spoil, more_fds=[read_end, write_end])
                guarded.go()
                words = guarded.end()[1].split()
                self.assertEqual(words, ["0", "1", "2", "3", "SigBlk:", "0" * 16, "SigIgn:", "0" * 16, "0022"])  # 3 is the folder that ls reads
        os.close(read_end)
        os.close(write_end)

    @linux
    def test_many_open_descriptors_are_closed(self):
        pipes = [end for _ in range(200) for end in os.pipe()]
        guarded = self.run_guard("--group", "/bin/ls", "/proc/self/fd", more_fds=pipes)
        self.assertEqual(guarded.end()[1].split(), ["0", "1", "2", "3"])
        for end in pipes:
            os.close(end)

    def test_niceness_is_the_commands_and_not_the_guards(self):
        guarded = self.run_guard("--group", "/bin/sh", "-c", "nice; ps -o ni= -p $PPID", options=("--nice", "10"))
        mine = os.nice(0)
        self.assertEqual(guarded.end()[1].split(), [str(min(mine + 10, 19)), str(mine)])

    def test_a_held_command_starts_at_the_word_and_keeps_the_pid(self):
        guarded = self.run_guard("--hold", "/bin/sh", "-c", "echo $$; ps -o sess= -p $$")
        self.assertIsNone(guarded.process.poll())
        guarded.go()
        code, output, _ = guarded.end()
        self.assertEqual(code, 0)
        self.assertEqual(output.split(), [str(guarded.process.pid)] * 2, "the same process, in a session of its own")

    def test_a_held_command_never_runs_without_the_word(self):
        with tempfile.TemporaryDirectory() as folder:
            for as_pipe in False, True:
                guarded = self.run_guard("--hold", "/usr/bin/touch", folder + "/ran", as_pipe=as_pipe)
                guarded.close()
                self.assertEqual(guarded.end()[0], 0)
            self.assertEqual(os.listdir(folder), [])

    def test_a_held_command_can_be_ended(self):
        guarded = self.run_guard("--hold", "/bin/true")
        guarded.process.terminate()
        self.assertEqual(guarded.end()[0], -15)

    def test_wrong_use_is_said(self):
        for arguments in [], ["--group"], ["--group", "3"], ["--group", "3", "--"], ["--group", "1", "--", "true"], ["--group", "x", "--", "true"], \
                ["--hold", "3", "--umask", "9", "--", "true"], ["--nice", "1", "--", "true"], ["--group", "3", "--nice", "-1", "--", "true"], ["--what", "3", "--", "true"], \
                ["--group", "999", "--", "true"]:
            with self.subTest(arguments):
                done = subprocess.run([program("dormouse-guard"), *arguments], capture_output=True, timeout=10)
                self.assertEqual(done.returncode, 2)
                self.assertIn(b"dormouse-guard", done.stderr)


if __name__ == "__main__":
    unittest.main()
