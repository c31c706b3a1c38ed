# SPDX-License-Identifier: MIT
"""The root or wrappers/ is deleted, moved away or replaced by a link under a running agent; and the watches of the system run out."""
import os
import shutil
import subprocess
import unittest

import injection
from injection import TRACER, Life, Stage, need
from lab import Case, Client, main, until

COUNTS = {"tried": 0}
IN_NAMESPACE = ["unshare", "--user", "--map-root-user", "--"]


def tearDownModule():
    print(f"folders and watches: {COUNTS['tried']} situations tried", flush=True)


def has_own_limits():
    """A user namespace counts its own watches, and its limits are ours to lower."""
    return subprocess.run([*IN_NAMESPACE, "sh", "-c", "echo 7 > /proc/sys/user/max_inotify_instances"], capture_output=True, check=False).returncode == 0


def remove(folder):
    """As often as it takes: the agent may be writing."""
    until("the folder is gone", lambda: shutil.rmtree(folder, ignore_errors=True) or not os.path.exists(folder))


class FolderCase(Case):
    def stage(self, name="stage"):
        COUNTS["tried"] += 1
        stage = Stage(self, name)
        self.addCleanup(stage.close)
        return stage

    def starts(self, stage, *prefix, **options):
        life = Life(stage, stage.launch(*prefix, allow=[".*"], **options))
        need(life.starts(), lambda: f"it does not serve\n{life.agent.log()}")
        return life

    def sees(self, life, count):
        life.until(f"{count} wrappers are seen", lambda: life.ask("status")["wrappers"]["fresh"] == count)

    def ends(self, stage, life, is_held=False):
        self.assertEqual(life.agent.stop(), 0, life.agent.log())
        stage.check_gone(life.agent)
        stage.check_kept(life.agent)
        injection.live_on(stage, is_held, life.agent.log(), True)


class Wrappers(FolderCase):
    def seen(self, **options):
        stage = self.stage()
        life = self.starts(stage, **options)
        injection.beat(stage.root)
        self.sees(life, 1)
        return stage, life

    def test_deleted_and_made_again(self):
        """As clients do it when the folder is missing: the next heartbeat is seen, and keeps awake."""
        stage, life = self.seen()
        shutil.rmtree(stage.at("wrappers"))
        self.sees(life, 0)
        os.mkdir(stage.at("wrappers"), 0o700)
        injection.beat(stage.root)
        self.sees(life, 1)
        self.ends(stage, life)

    def test_moved_and_made_again(self):
        """What happens in the folder that was moved away is nobody's presence any more."""
        stage, life = self.seen()
        os.rename(stage.at("wrappers"), os.path.join(stage.folder, "old"))
        os.mkdir(stage.at("wrappers"), 0o700)
        self.sees(life, 0)
        injection.beat(stage.root)
        self.sees(life, 1)
        self.ends(stage, life)

    def test_replaced_by_a_link(self):
        """A link may lead anywhere: nothing behind it is read, who was there grows stale, and the agent says so until there is a folder again."""
        stage, life = self.seen(stale_after=1.5)
        aside = os.path.join(stage.folder, "aside")
        os.rename(stage.at("wrappers"), aside)
        os.symlink(aside, stage.at("wrappers"))
        until("a beat behind the link", lambda: injection.beat(stage.root))
        self.sees(life, 0)
        life.until("somebody is told", lambda: [item for item in life.ask("status")["attention"] if item["what"] == "wrappers_folder"])
        os.unlink(stage.at("wrappers"))
        os.rename(aside, stage.at("wrappers"))
        injection.beat(stage.root)
        self.sees(life, 1)
        life.until("and that it is over", lambda: not life.ask("status")["attention"])
        self.ends(stage, life)


class Root(FolderCase):
    def moved(self, stage):
        aside = stage.root + ".aside"
        os.rename(stage.root, aside)
        return aside

    def test_moved_and_put_back(self):
        """While it is away nothing is forgotten, and who is connected is woken; then it all reaches the disk."""
        stage = self.stage()
        life = self.starts(stage)
        life.ready()
        life.accepted("hibernate", force=True)
        life.reach("HIBERNATION")
        with Client(life.agent.path) as client:
            aside = self.moved(stage)
            answer = client.ask("force_wake")
            self.assertEqual((answer["ok"], answer["state"], answer["reason"]), (True, "WAKE", "wake_queued"))
            self.assertIn("No such file or directory", client.ask("status")["last_error"])
            self.assertEqual(client.ask("hibernate", force=True)["reason"], "state_write_failed")
            self.assertEqual(client.ask("force_wake")["state"], "WAKE")
            self.assertFalse(os.path.exists(stage.root), "a folder was made where the user's had been")
            os.rename(aside, stage.root)
            until("all is written", lambda: not client.ask("status")["last_error"])
        life.reach("WAKE")
        life.ready()
        life.accepted("pause", seconds=600)
        self.ends(stage, life, is_held=True)

    def test_moved_behind_a_link(self):
        """To another disk, say: the link leads to the same files, and nobody notices."""
        stage = self.stage()
        life = self.starts(stage)
        life.ready()
        os.symlink(self.moved(stage), stage.root)
        injection.beat(stage.root)
        life.whole()
        self.ends(stage, life, is_held=True)

    def test_moved_while_it_starts(self):
        """At any moment of a start: it serves or says why not."""
        for number in range(20 if injection.LONG else 5):
            with self.subTest(number=number):
                stage = self.stage(f"start{number}")
                agent = stage.launch(allow=[".*"])
                until("it has begun", lambda stage=stage, agent=agent: os.path.exists(stage.at(".lifecycle.lock")) or agent.process.poll() is not None, period=0)
                aside = self.moved(stage)
                until("it is decided", lambda agent=agent: agent.process.poll() is not None or "watches" in agent.log())
                if os.path.exists(stage.root):
                    shutil.rmtree(stage.root)
                os.rename(aside, stage.root)
                life = Life(stage, agent)
                if agent.process.poll() is None:
                    self.assertTrue(life.starts(), agent.log())
                    self.ends(stage, life)
                else:
                    self.assertIn(stage.root, agent.log())
                    injection.live_on(stage, False, agent.log(), True)

    def test_deleted(self):
        """`rm -rf`: the agent is found again as soon as the folder is, and stays the only one."""
        stage = self.stage()
        life = self.starts(stage)
        life.ready()
        remove(stage.root)
        os.makedirs(stage.at("wrappers"), 0o700)
        os.chmod(stage.root, 0o700)
        until("it is there", lambda: os.path.exists(stage.at("agent.lock")) and os.path.exists(stage.at("agent.sock")))
        second = stage.launch(allow=[".*"])
        self.assertEqual(second.wait(), 75, second.log())
        self.assertIn(f"pid {life.agent.pid}", second.log())
        with Client(life.agent.path) as client:
            self.assertEqual(client.ask("status")["pid"], life.agent.pid)
            self.assertTrue(client.ask("force_wake")["ok"])
            self.assertTrue(client.ask("hibernate", force=True)["ok"])
        until("its record is there", lambda: os.path.exists(stage.at("lifecycle_state.json")) and stage.record()["current_state"] == "HIBERNATION")
        self.assertEqual(life.agent.stop(), 0, life.agent.log())
        stage.check_gone(life.agent)
        stage.check_tidy()

    def test_deleted_and_taken_by_another(self):
        """Another agent was quicker: there must not be two who write."""
        stage = self.stage()
        life = self.starts(stage)
        life.ready()
        os.kill(life.agent.pid, 19)  # it sleeps over what happens
        shutil.rmtree(stage.root)
        second = Stage.launch(stage, allow=[".*"])
        other = Life(stage, second)
        self.assertTrue(other.starts(), second.log())
        os.kill(life.agent.pid, 18)
        self.assertEqual(life.agent.wait(), 75, "the first goes on writing")
        self.assertIn(f"pid {second.pid}", life.agent.log())
        self.assertEqual(second.status()["pid"], second.pid)
        self.assertTrue(os.path.exists(stage.at("agent.lock")), "the first took the second's lock away")
        self.assertEqual(second.stop(), 0, second.log())
        stage.check_gone(second)


class Watches(FolderCase):
    def check(self, prefix, words):
        """The tick finds what no watch tells, and doctor names the cause."""
        stage = self.stage(f"stage{COUNTS['tried']}")
        life = self.starts(stage, *prefix)
        injection.beat(stage.root)
        self.sees(life, 1)
        stage.drop_signal()
        life.until("the signal is seen", lambda: not os.path.exists(stage.at("wake.signal")))
        self.assertRegex(life.agent.log(), "changes are found at each tick instead")
        done = subprocess.run([os.path.join(os.environ["DORMOUSE_BIN"], "dormouse"), "doctor"], env=stage.environment, capture_output=True, text=True,
                              timeout=60, check=False)
        self.assertRegex(done.stdout + done.stderr, words)
        self.assertRegex(done.stdout + done.stderr, "at its tick only")
        self.assertEqual(life.agent.stop(), 0, life.agent.log())
        stage.check_gone(life.agent)

    @unittest.skipUnless(has_own_limits(), "needs user namespaces: the system's limits were not really reached")
    def test_no_instance_left(self):
        self.check([*IN_NAMESPACE, "sh", "-c", 'echo 0 > /proc/sys/user/max_inotify_instances; exec "$@"', "sh"], "no inotify instance")

    @unittest.skipUnless(has_own_limits(), "needs user namespaces: the system's limits were not really reached")
    def test_no_watch_left(self):
        self.check([*IN_NAMESPACE, "sh", "-c", 'echo 1 > /proc/sys/user/max_inotify_watches; exec "$@"', "sh"], "could not watch")

    @unittest.skipUnless(injection.works(), "needs strace, allowed to trace")
    def test_refused_by_injection(self):
        for call, error, words in (("inotify_init1,?inotify_init", "EMFILE", "no inotify instance"), ("inotify_add_watch", "ENOSPC", "could not watch")):
            with self.subTest(call=call):
                self.check([*TRACER, "-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={call}:error={error}"], words)


if __name__ == "__main__":
    main()
