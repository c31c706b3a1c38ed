# SPDX-License-Identifier: MIT
"""A disk that is really full, or read-only, and descriptors that have really run out: who wants to be awake is, nothing is lost, and it heals.
The root lies on a small tmpfs, in a mount namespace of this test program alone."""
import ctypes
import os
import random
import resource
import subprocess
import threading
import time
import unittest

import injection
from injection import LONG, SEED, Life, Stage, Violation, need
from lab import HANG, Case, Client, main, until

CLONE_NEWNS = 0x00020000
SIZE = 512 * 1024
PAGE = 4096
COUNTS = {"tried": 0}


def isolated():
    """A mount namespace of our own; what is mounted in it goes with this process."""
    if os.geteuid() != 0:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.unshare(CLONE_NEWNS) == 0 and subprocess.run(["mount", "--make-rprivate", "/"], capture_output=True, check=False).returncode == 0


IS_ISOLATED = isolated()
need_mount = unittest.skipUnless(IS_ISOLATED, "needs root and mount namespaces: no disk was filled, none was read-only")


def tearDownModule():
    print(f"full disk, read-only, descriptors: {COUNTS['tried']} situations tried; DORMOUSE_SEED={SEED}", flush=True)


def mount_small(options=""):
    return lambda path: subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700{options}", "none", path], check=True)


class Disk:
    """The small disk of a stage: filled up to `free` bytes, and emptied."""

    def __init__(self, root):
        self.root, self.path = root, os.path.join(root, "fill")
        self.lock = threading.Lock()

    def fill(self, free=0):
        """Pages are what a tmpfs gives: 8 bytes are free within the last page of a file, and nothing is for a new one."""
        with self.lock, open(self.path, "ab", buffering=0) as file:
            for size in (65536, PAGE, 1):
                try:
                    while file.write(b"\0" * size) == size:
                        pass
                except OSError:
                    pass
            if free >= PAGE:
                file.truncate(os.fstat(file.fileno()).st_size - free // PAGE * PAGE)
            elif free:
                file.truncate(os.fstat(file.fileno()).st_size - free)

    def empty(self):
        with self.lock:
            os.truncate(self.path, 0)

    def remove(self):
        with self.lock:
            os.unlink(self.path)


class DiskCase(Case):
    def setUp(self):
        super().setUp()
        self.number, self.random = 0, random.Random(SEED)

    def stage(self, mount=None):
        COUNTS["tried"] += 1
        self.number += 1
        stage = Stage(self, f"s{self.number}", mount)
        def close():
            for agent in stage.agents:
                if agent.process.poll() is None:
                    agent.process.kill()
                agent.process.wait(HANG)
            while os.path.ismount(stage.root):
                subprocess.run(["umount", "-l", stage.root], check=True)
            stage.close()
        self.addCleanup(close)
        return stage

    def starts(self, stage, **options):
        life = Life(stage, stage.launch(allow=[".*"], **options))
        need(life.starts(), lambda: f"it does not serve\n{life.agent.log()}")
        return life

    def recovers(self, stage, life):
        """After the fault: everything reaches the disk, and the next agent finds it."""
        life.until("nothing is left to be written", lambda: not life.ask("status")["last_error"])
        life.reach("WAKE")
        life.ready()
        life.accepted("pause", seconds=600)
        self.assertEqual(life.agent.stop(), 0, life.agent.log())
        stage.check_gone(life.agent)
        stage.check_kept(life.agent)
        injection.live_on(stage, True, life.agent.log(), True)


@need_mount
class FullDisk(DiskCase):
    FREE = (0, 8, PAGE, 5 * PAGE)

    def test_while_it_runs(self):
        """Nobody sleeps on a full disk, since that could not be told to the next agent; but whoever asks is awake at once."""
        for free in self.FREE:
            for state in ("WAKE", "HIBERNATION"):
                with self.subTest(free=free, state=state):
                    stage = self.stage(mount_small())
                    disk, life = Disk(stage.root), self.starts(stage)
                    life.ready()
                    if state == "HIBERNATION":
                        life.accepted("hibernate", force=True)
                        life.reach("HIBERNATION")
                    before = stage.record()
                    disk.fill(free)
                    if state == "HIBERNATION":
                        life.wakes()
                    else:
                        answer = life.ask("hibernate", force=True)
                        if not answer["ok"]:
                            self.assertEqual(answer["reason"], "state_write_failed")
                            self.assertIn(stage.at("lifecycle_state.json"), answer["error"])
                            self.assertIn("No space left on device", answer["error"])
                            self.assertEqual(stage.record(), before)
                    if free < PAGE:
                        self.assertIn("No space left on device", life.ask("status")["last_error"], "nobody is told")
                    life.until("a full disk keeps it awake", lambda life=life: life.ask("force_wake")["state"] == "WAKE")
                    disk.remove()
                    self.recovers(stage, life)

    def test_at_the_start(self):
        """A login on a full disk: it runs, in the state it was left in, and says what is wrong."""
        for free in self.FREE:
            with self.subTest(free=free):
                stage = self.stage(mount_small())
                disk = Disk(stage.root)
                disk.fill(free)
                life = self.starts(stage)
                self.assertEqual(life.ask("force_wake")["state"], "WAKE")
                disk.remove()
                self.recovers(stage, life)
                self.assertGreaterEqual(len(stage.entries("agent_started")), 2, "the start on the full disk was never logged")

    def test_filling_up_again_and_again(self):
        """Somebody writes whatever there is room for, gives way for a moment, and comes back: sooner or later all is done."""
        for _ in range(8 if LONG else 2):
            stage = self.stage(mount_small())
            disk, life, is_over = Disk(stage.root), self.starts(stage), threading.Event()
            moments = random.Random(self.random.randrange(2**32))
            def compete(disk=disk, is_over=is_over, moments=moments):
                while not is_over.is_set():
                    disk.fill(moments.choice(self.FREE))
                    is_over.wait(moments.uniform(0, 0.15))
                    disk.empty()
                    is_over.wait(moments.uniform(0, 0.15))
            rival = threading.Thread(target=compete)
            rival.start()
            try:
                life.whole()
            finally:
                is_over.set()
                rival.join()
            disk.remove()
            self.recovers(stage, life)

    def test_no_inode_left(self):
        """There is room, but not for one more file."""
        stage = self.stage(mount_small(",nr_inodes=64"))
        life = self.starts(stage)
        life.ready()
        life.accepted("hibernate", force=True)
        life.reach("HIBERNATION")
        names = []
        try:
            for number in range(64):
                names.append(stage.at(f"inode{number}"))
                os.close(os.open(names[-1], os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        except OSError:
            names.pop()
        life.wakes()
        self.assertIn("No space left on device", life.ask("status")["last_error"])
        for name in names:
            os.unlink(name)
        self.recovers(stage, life)


@need_mount
class ReadOnly(DiskCase):
    def cover(self, stage):
        """What every new look at the root finds from now on is read-only; the same files lie beneath."""
        subprocess.run(["mount", "--bind", stage.root, stage.root], check=True)
        subprocess.run(["mount", "-o", "remount,ro,bind", stage.root], check=True)

    def test_while_it_runs(self):
        stage = self.stage()
        life = self.starts(stage)
        life.ready()
        life.accepted("hibernate", force=True)
        life.reach("HIBERNATION")
        self.cover(stage)
        answer = life.ask("force_wake")
        self.assertEqual((answer["ok"], answer["state"], answer["reason"]), (True, "WAKE", "wake_queued"))
        self.assertIn("Read-only file system", life.ask("status")["last_error"])
        refused = life.ask("hibernate", force=True)
        self.assertEqual((refused["ok"], refused["reason"]), (False, "state_write_failed"))
        self.assertIn("Read-only file system", refused["error"])
        self.assertEqual(stage.record()["current_state"], "HIBERNATION")
        self.assertEqual(life.ask("force_wake")["state"], "WAKE")
        subprocess.run(["umount", stage.root], check=True)
        self.recovers(stage, life)

    def test_at_the_start(self):
        """It says so, and changes nothing; `dormouse` looks all the same."""
        stage = self.stage()
        self.cover(stage)
        agent = stage.launch(allow=[".*"])
        self.assertEqual(agent.wait(), 78, agent.log())
        self.assertIn("read-only", agent.log())
        self.assertIn(stage.root, agent.log())
        subprocess.run(["umount", stage.root], check=True)
        stage.check_gone(agent)
        injection.live_on(stage, False, agent.log(), True)


class Descriptors(DiskCase):
    @staticmethod
    def limited(kind, number):
        """A soft limit: raising a hard one is not everybody's."""
        return {"preexec_fn": lambda: resource.setrlimit(kind, (number, resource.getrlimit(kind)[1]))}

    def cpu(self, agent):
        with open(f"/proc/{agent.pid}/stat", encoding="ascii", errors="replace") as file:
            return sum(int(word) for word in file.read().rpartition(")")[2].split()[11:13]) / os.sysconf("SC_CLK_TCK")

    def test_few(self):
        """With fewer and fewer descriptors it serves, or says why not; and it ends when it is told to."""
        served = []
        for number in range(24, 3, -1 if LONG else -2):
            stage = self.stage()
            agent = stage.launch(allow=[".*"], **self.limited(resource.RLIMIT_NOFILE, number))
            def is_decided(agent=agent):
                return agent.process.poll() is not None or "no client can be accepted for now" in agent.log() or answers(agent)
            until(lambda agent=agent: "it serves, ends or says what is wrong\n" + agent.log(), is_decided)
            if agent.process.poll() is None:
                served += [number] if answers(agent) else []
                self.assertEqual(agent.stop(), 0, agent.log())
            else:
                self.assertRegex(agent.log(), "Too many open files|cannot open shared object file: Error 24")
            stage.check_gone(agent)
            injection.live_on(stage, False, agent.log(), True)
        self.assertIn(24, served)

    def test_all_taken_by_clients(self):
        """Who is connected wakes it all the same; the others are served when there is room again; meanwhile it does not spin."""
        stage = self.stage()
        life = self.starts(stage, **self.limited(resource.RLIMIT_NOFILE, 32))
        life.ready()
        life.accepted("hibernate", force=True)
        life.reach("HIBERNATION")
        clients = [Client(life.agent.path) for _ in range(40)]
        until("no descriptor is left", lambda: len(os.listdir(f"/proc/{life.agent.pid}/fd")) >= 31)
        until("it says so", lambda: "Too many open files" in life.agent.log())
        answer = clients[0].ask("force_wake")
        self.assertEqual((answer["ok"], answer["state"]), (True, "WAKE"))
        before = self.cpu(life.agent)
        time.sleep(2)  # the length of the measurement
        self.assertLess(self.cpu(life.agent) - before, 1.0, "it spins")
        for client in clients:
            client.close()
        self.recovers(stage, life)

    def test_files_that_may_not_grow(self):
        """ulimit -f: what does not fit is an error like any other, and no signal that kills."""
        stage = self.stage()
        life = self.starts(stage, **self.limited(resource.RLIMIT_FSIZE, 600))
        answer = life.ask("hibernate", force=True)
        self.assertTrue(answer["ok"] or "File too large" in answer["error"], answer)
        life.until("it is awake for who asks", lambda: life.ask("force_wake")["state"] == "WAKE")
        resource.prlimit(life.agent.pid, resource.RLIMIT_FSIZE, resource.getrlimit(resource.RLIMIT_FSIZE))
        self.recovers(stage, life)


def answers(agent):
    try:
        with Client(agent.path, 1) as client:
            return client.ask("status")["pid"] == agent.pid
    except OSError:
        return False


if __name__ == "__main__":
    main()
