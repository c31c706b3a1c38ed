# SPDX-License-Identifier: MIT
"""Wrong use: one line on stderr that says what to do, the documented exit code, nothing on stdout, nothing touched."""
import os
import shutil
import subprocess
import tempfile

from lab import HANG, NOBODY, Case, as_nobody, main, need_other_user, program


class WrongUse(Case):
    def run_agent(self, *words, root=None, prefix=(), path=None, **environment):
        return subprocess.run([*prefix, path or program("dormouse-agent"), "--root", root or self.root, *words], env={**self.environment, **environment},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=HANG)

    def assertTold(self, done, code, *parts):
        """Exit code, and one line that says all of `parts`."""
        self.assertEqual((done.returncode, done.stdout), (code, ""), done)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertTrue(done.stderr.startswith(("dormouse-agent: ", "dormouse: ")), done.stderr)
        self.assertLessEqual(len(done.stderr), 500)
        for part in parts:
            self.assertIn(part, done.stderr)


class Agent(WrongUse):
    def test_flags_and_keys(self):
        wrong = [
            (("--supervise",), 2, ("--supervise", "did you mean --supervised?", "--help")),
            (("--Root=/x",), 2, ("--Root",)),
            (("-x",), 2, ("unknown option",)),
            (("extra",), 2, ("extra", "--help")),
            (("--wake=yes",), 2, ("wake",)),
            (("--log-level", "loud"), 2, ("loud", "debug, info, warning or critical")),
            (("--log-level",), 2, ("log-level",)),
            (("--set",), 2, ("set",)),
            (("--set", "timers.tik=1"), 2, ("timers.tik", 'did you mean "timers.tick"?')),
            (("--set", "tick=1"), 2, ("tick",)),
            (("--set", "timers.tick"), 2, ("KEY=VALUE", "timers.tick=30")),
            (("--set", "=5"), 2, ("KEY=VALUE",)),
            (("--set", "timers.tick=soon"), 2, ("timers.tick", "soon", "90s")),
            (("--set", "timers.tick=-1"), 2, ("timers.tick", "above 0")),
            (("--set", "timers.tick=nan"), 2, ("timers.tick",)),
            (("--set", "timers.tick="), 2, ("timers.tick",)),
            (("--set", "lifecycle.presence=sometimes"), 2, ("attached", "active")),
            (("--set", "lifecycle.hibernation=never"), 2, ("auto", "exit", "linger")),
            (("--set", "sleep.strikes=0"), 2, ("sleep.strikes",)),
            (("--set", "timers.drowsy_after=40m"), 78, ("timers.drowsy_after", "timers.sleep_after")),
            (("--set", "timers.hibernate_after=60"), 78, ("timers.sleep_after", "timers.hibernate_after")),
            (("--set", "timers.tick=61"), 78, ("timers.tick", "60 s")),
            (("--socket", "/tmp/" + "x" * 200), 78, ("socket", "106" if os.uname().sysname == "Linux" else "102")),
        ]
        for words, code, parts in wrong:
            with self.subTest(words=words):
                self.assertTold(self.run_agent(*words), code, *parts)
                self.assertFalse(os.path.exists(self.root), "nothing is made")

    def test_environment(self):
        for name, value in (("LIFECYCLE_DROWSY_AFTER_SEC", "soon"), ("LIFECYCLE_HIBERNATE_AFTER_SEC", "-1"), ("IAI_MCP_SLEEP_QUARANTINE_TTL_HOURS", "1d")):
            with self.subTest(name=name):
                self.assertTold(self.run_agent(**{name: value}), 78, name, value)

    def test_long_root(self):
        """A root so deep that its socket has no name; another socket path helps."""
        root = self.at(*["deep" * 10] * 4)
        self.assertTold(self.run_agent(root=root), 78, "socket", "--socket")

    def test_what_they_are_asked_for(self):
        for name in ("dormouse-agent", "dormouse"):
            for word in ("--help", "--version"):
                done = subprocess.run([program(name), word], env=self.environment, capture_output=True, text=True, timeout=HANG)
                self.assertEqual((done.returncode, done.stderr), (0, ""), (name, word))
                self.assertIn("ormouse", done.stdout)
                if word == "--help":
                    self.assertIn("75", done.stdout) if name == "dormouse-agent" else self.assertIn("status", done.stdout)
                    self.assertLessEqual(max(map(len, done.stdout.splitlines())), 100, "fits a terminal")
        self.assertFalse(os.path.exists(self.root))

    def test_the_root_is_a_file(self):
        with open(self.root, "wb"):
            pass
        self.assertTold(self.run_agent(), 78, self.root, "folder")
        self.assertTold(self.run_agent(root=self.at("below")), 78, "file")

    def test_parts_of_the_root_are_no_folders(self):
        for name in ("wrappers", "logs"):
            with self.subTest(name=name):
                os.makedirs(self.root, 0o700)
                os.symlink("/tmp", self.at(name))
                self.assertTold(self.run_agent(), 78, self.at(name), "symbolic link")
                os.unlink(self.at(name))
                with open(self.at(name), "wb"):
                    pass
                self.assertTold(self.run_agent(), 78, self.at(name), "folder")
                shutil.rmtree(self.root)

    def test_something_else_is_the_lock_or_the_socket(self):
        os.makedirs(self.root, 0o700)
        for name in (".lifecycle.lock", "agent.sock"):
            with self.subTest(name=name):
                os.mkdir(self.at(name))
                self.assertTold(self.run_agent(), 78, self.at(name))
                os.rmdir(self.at(name))

    def test_already_running(self):
        agent = self.start()
        before = self.listing()
        self.assertTold(self.run_agent(), 75, f"pid {agent.pid}", "another agent")
        self.assertEqual(self.listing(), before)
        self.assertEqual(agent.status()["pid"], agent.pid)

    @need_other_user
    def test_rights(self):
        """As a user whose rights count."""
        os.chmod(self.folder, 0o755)
        path = os.path.join(self.folder, "dormouse-agent")
        shutil.copy(program("dormouse-agent"), path)
        os.makedirs(self.root, 0o700)
        if as_nobody():
            done = self.run_agent(prefix=as_nobody(), path=path)
            self.assertTold(done, 78, self.root, "chown", "--root")
            os.chown(self.root, NOBODY, NOBODY)
        os.chmod(self.root, 0o500)
        self.assertTold(self.run_agent(prefix=as_nobody(), path=path), 78, self.root, "writable", "chmod 700")
        os.chmod(self.root, 0o700)
        self.assertTold(self.run_agent(prefix=as_nobody(), path=path, root=os.path.join(self.folder, "elsewhere")) if as_nobody()
                        else self.run_agent(root="/elsewhere"), 78, "elsewhere", "--root")

    def test_somebody_elses_root(self):
        if os.geteuid() != 0:
            self.skipTest("needs root, to give a folder away")
        os.makedirs(self.root, 0o755)
        os.chown(self.root, NOBODY, NOBODY)
        self.assertTold(self.run_agent(), 78, self.root, "belongs to", str(NOBODY), "--root")
        self.assertEqual((os.stat(self.root).st_mode & 0o777, os.listdir(self.root)), (0o755, []), "left as it was")

    def test_ours_but_open_is_narrowed(self):
        for folder in (self.root, self.at("wrappers"), self.at("logs")):
            os.mkdir(folder)
            os.chmod(folder, 0o777)
        self.start()
        for folder in (self.root, self.at("wrappers"), self.at("logs")):
            self.assertEqual(os.stat(folder).st_mode & 0o777, 0o700)


class CommandLine(WrongUse):
    def test_no_agent(self):
        """No record says that this is as it should be: 69, and what to do."""
        for words in (("status",), ("why",), ("wrappers",), ("resume",)):
            with self.subTest(words=words):
                self.assertTold(self.dormouse(*words), 69, "no agent", "dormouse wake")
                self.assertFalse(os.path.exists(self.root), "looking makes nothing")
        self.put_record("DROWSY")
        self.assertTold(self.dormouse("status"), 69, "DROWSY", "dormouse wake")
        self.put_record("HIBERNATION")
        done = self.dormouse("status")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("HIBERNATION", done.stdout)

    def test_usage(self):
        for words, parts in ((("statsu",), ("statsu", "status")), (("status", "--jsn"), ("--jsn", "--json")), (("pause", "soon"), ("soon",)),
                             (("run",), ("run",)), (("status", "extra"), ("extra",)), (("history", "--since", "yesterday"), ("yesterday",)),
                             (("release",), ("release",))):
            with self.subTest(words=words):
                self.assertTold(self.dormouse(*words), 2, *parts)

    def test_a_root_that_is_none(self):
        with open(self.root, "wb"):
            pass
        done = self.dormouse("wake")
        self.assertTold(done, 78, self.root)

    def test_an_agent_that_cannot_start(self):
        """The waker says what it tried and why that failed, within its 10 s."""
        with tempfile.TemporaryDirectory(dir=self.folder) as alone:  # a command with no agent beside it
            shutil.copy(program("dormouse"), alone)
            done = subprocess.run([os.path.join(alone, "dormouse"), "wake"], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  timeout=HANG)
        self.assertTold(done, 69, "no agent could be started")


if __name__ == "__main__":
    main()
