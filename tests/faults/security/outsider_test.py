# SPDX-License-Identifier: MIT
"""Another user of the machine gets at nothing of ours, and nothing that he plants is believed, followed or written through."""
import datetime
import glob
import json
import os
import stat
import subprocess
import unittest

import lab
from lab import HANG, NOBODY, Wrapper, now, until
from twousers import OWN, Case, call, main, need_outsider

LONG = os.environ.get("DORMOUSE_FAULTS") == "long"
ROUNDS = 100 if LONG else 10
DENIED = ("PermissionError", "FileNotFoundError", "IsADirectoryError")
CONFIGURATION = """
[[service]]
name = "web"
command = ["/bin/sh", "-c", "echo up; exec sleep 3600"]
[[sleep.step]]
name = "count"
command = ["/bin/true"]
[hooks]
on_wake = [["/bin/true"]]
"""


def today():
    return f"logs/lifecycle-events-{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}.jsonl"


def target_of(path):
    try:
        return os.readlink(path)
    except FileNotFoundError:
        return ""  # closed meanwhile


def owner_of(path):
    try:
        return os.lstat(path).st_uid
    except FileNotFoundError:
        return None


@need_outsider
class APrivateRoot(Case):
    """The root is ours and closed, and everybody comes as far as its parent."""

    def lived(self):
        self.put("dormouse.toml", CONFIGURATION)
        agent = self.start(sets={"lifecycle.hibernation": "linger"})
        self.addCleanup(agent.stop)  # its service would outlive a killed one
        agent.ask("session_open", session_id="s")
        agent.ask("pause", seconds=3600)
        agent.ask("resume")
        agent.ask("force_rem")
        until("a cycle", lambda: self.entries("sleep_cycle_completed"))
        wrapper = self.wrapper()
        wrapper.beat()
        until("it is seen", lambda: agent.status()["wrappers"]["fresh"])
        return agent

    def test_nothing_is_read_reached_or_changed(self):
        agent = self.lived()
        paths = [self.root] + [os.path.join(folder, name) for folder, folders, files in os.walk(self.root) for name in folders + files]
        self.assertGreater(len(paths), 12)
        before = self.listing()
        for path in paths:
            for attack in ("read", "write", "list", "remove", "open_up"):
                with self.subTest(attack=attack, path=path):
                    self.assertIn(call(attack, path), DENIED)
            self.assertIn(call("move", path, os.path.join(self.shared, "mine")), DENIED)
            if path != self.root:
                self.assertIn(call("link", os.path.join(self.shared, "linked"), path), DENIED)
        self.assertIn(call("connect", self.at("agent.sock"), '{"type":"stop"}\n'), DENIED)
        names = ["wake.signal", "dormouse.toml", "agent.sock", "agent.lock", ".lifecycle.lock", "lifecycle_state.json.aBcDeF", "services.json", "dormouse.json",
                 f"wrappers/heartbeat-1-{NOBODY}.json", today(), "logs/service-web.log", "logs/service-web.log.1"]
        for name in names:
            for attack, words in (("put", ("{}",)), ("symlink", (self.precious,)), ("folder", ())):
                self.assertIn(call(attack, self.at(name), *words), DENIED, (attack, name))
        self.assertEqual(call("move", self.root, self.root + ".aside"), "PermissionError")
        after = self.listing()
        changed = {name for name in before.keys() | after.keys() if before.get(name, [None])[:5] != after.get(name, [None])[:5]}
        self.assertEqual(changed - {".", "lifecycle_state.json", ".daemon-state.json", "dormouse.json", "logs/" + os.path.basename(today())}, set())
        self.assertEqual(agent.state(), "WAKE")
        self.assertPrecious()

    def test_no_abstract_name(self):
        """Those have no rights: everybody may connect."""
        agent = self.lived()
        targets = [target_of(path) for path in glob.glob(f"/proc/{agent.pid}/fd/*")]
        sockets = {target[8:-1] for target in targets if target.startswith("socket:")}
        with open("/proc/net/unix", encoding="utf-8") as file:
            ours = [line.split() for line in file.read().splitlines()[1:] if line.split()[6] in sockets]
        self.assertTrue([words for words in ours if words[7:] == [self.at("agent.sock")]])
        self.assertEqual([words for words in ours if words[7:] and words[7].startswith("@")], [])
        self.assertEqual(call("connect", "@" + self.at("agent.sock")), "ConnectionRefusedError")

    def test_one_who_gets_through_is_told_and_closed(self):
        """Rights can be lost, by a chmod -R for one: then the peer's uid decides."""
        agent = self.lived()
        os.chmod(self.root, 0o755)
        os.chmod(self.at("agent.sock"), 0o777)
        answer = call("connect", self.at("agent.sock"), '{"type":"stop"}\n')
        self.assertIn(f"serves the user with uid {OWN} only", answer)
        self.assertNotIn("state", answer)
        until("it is counted", lambda: agent.status()["refused"]["foreign_uid"] == 1)  # what is asked within a millisecond gets the same answer


@need_outsider
class AWideParent(Case):
    def test_a_socket_in_a_shared_folder(self):
        path = os.path.join(self.shared, "agent.sock")
        agent = self.launch("--socket", path)
        agent.path = path
        agent.ready()
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        for attack, words in (("connect", ()), ("remove", ()), ("open_up", ()), ("move", (path + ".aside",))):
            self.assertEqual(call(attack, path, *words), "PermissionError", attack)
        agent.stop()
        self.assertEqual(os.listdir(self.shared), [])

    def test_a_socket_of_the_outsider_is_not_believed(self):
        """Neither agent, command line nor tray tells it a word."""
        path = os.path.join(self.shared, "agent.sock")
        call("serve", path)
        self.assertRefused(self.run_agent("--socket", path), "another user", path, "--socket")
        holder = self.start()  # agent.lock names somebody who lives, so that everybody dares to connect
        for words in (("status",), ("why",), ("wake",), ("sleep",), ("stop",), ("digest",), ("wrappers",)):
            with self.subTest(words=words):
                done = self.dormouse(*words, "--socket", path)
                self.assertNotEqual(done.returncode, 0, done)
                self.assertIn(f"another user (uid {NOBODY})", done.stderr)
        tray = subprocess.Popen([lab.program("dormouse-tray"), "--root", self.root, "--socket", path, "--log-level", "info"], stdin=subprocess.DEVNULL,
                                env={**self.environment, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": self.root}, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, start_new_session=True) if os.path.exists(lab.program("dormouse-tray")) else None
        self.assertIsNotNone(tray, "no tray was built")
        connections = call("served", path)["connections"]
        until("the tray came, too", lambda: call("served", path)["connections"] > connections or tray.poll() is not None)
        tray.terminate()
        self.assertEqual(tray.wait(HANG), 0)
        self.assertEqual(call("served", path)["bytes"], 0, "something was said to a stranger")
        self.assertEqual(holder.state(), "WAKE")

    def test_a_root_that_he_made(self):
        target = os.path.join(self.shared, "his")
        call("folder", target)
        call("folder", os.path.join(target, "wrappers"))
        call("put", os.path.join(target, "wake.signal"))
        link = os.path.join(self.shared, "link")
        call("symlink", link, self.root)
        os.mkdir(self.root, 0o700)
        for root, part in ((target, "belongs to"), (link, "symbolic link")):
            with self.subTest(root=root):
                self.assertRefused(self.run_agent(root=root), root, part, str(NOBODY), "--root")
                for words in (("wake",), ("run", "--", "true")):
                    done = self.dormouse("--root", root, *words)
                    self.assertIn(part, done.stderr)
                    self.assertEqual(done.returncode, 78 if words == ("wake",) else 0)  # his program runs all the same
        self.assertEqual(sorted(os.listdir(target)), ["wake.signal", "wrappers"])
        self.assertEqual((os.listdir(os.path.join(target, "wrappers")), os.listdir(self.root)), ([], []))

    def test_a_folder_above_that_everybody_may_write(self):
        """Whoever may rename the root can put his own in its place."""
        for mode in (0o777, 0o707, 0o757):
            for depth in (["x"], ["x", "y"]):
                with self.subTest(mode=oct(mode), depth=depth):
                    open_folder = os.path.join(self.folder, f"open{mode}{len(depth)}")
                    os.mkdir(open_folder)
                    os.chmod(open_folder, mode)
                    root = os.path.join(open_folder, *depth)
                    self.assertRefused(self.run_agent(root=root), open_folder, "everybody may write", "chmod o-w", "--root")
                    done = self.dormouse("--root", root, "wake")
                    self.assertEqual(done.returncode, 78, done)
                    os.chmod(open_folder, mode | 0o1000)
                    self.assertEqual(self.run_agent(root=root), (None, ""), "sticky as /tmp is")

    def test_a_race_for_the_root(self):
        """In a sticky folder the first to make the name has it: never is anything of ours written into what is his, or by way of it."""
        root = os.path.join(self.shared, "x")
        mine = os.path.join(self.folder, "mine")
        won = lost = 0
        for target in (mine, os.path.join(self.shared, "trap")):
            os.path.isdir(target) or (os.mkdir(target, 0o700) if target == mine else call("folder", target))
            for kinds in (["folder", "nothing"], ["link", "nothing"], ["link", "folder"], ["folder", "link", "nothing", "file"]):
                call("swap", root, kinds, target)
                for _ in range(max(1, ROUNDS // 8)):
                    code, text = self.run_agent(root=root)
                    self.assertIn(code, (None, 78), text)
                    won, lost = won + (code is None), lost + (code == 78)
                    if code is None:
                        info = os.lstat(root)
                        self.assertEqual((info.st_uid, stat.S_IMODE(info.st_mode)), (OWN, 0o700))
                        subprocess.run(["rm", "-r", root], check=True)
                self.assertGreater(call("rest"), 0)
        print(f"a race for the root: won {won}, refused {lost}")
        self.assertEqual(os.listdir(mine), [])
        self.assertEqual(call("list", os.path.join(self.shared, "trap")), "done")
        self.assertEqual(os.listdir(os.path.join(self.shared, "trap")), [])

    def test_a_race_for_an_export(self):
        """What is written into a shared folder never goes through a link that is put there meanwhile."""
        open_folder = os.path.join(self.folder, "open")
        os.mkdir(open_folder)
        os.chmod(open_folder, 0o777)
        written = 0
        for folder in (self.shared, open_folder):
            path = os.path.join(folder, "state.prom")
            for kinds in (["link", "nothing"], ["file", "link", "nothing"]):
                call("swap", path, kinds, self.precious)
                for _ in range(ROUNDS):
                    done = self.dormouse("metrics", "--output", path)
                    written += done.returncode == 0
                    self.assertPrecious()
                    if folder == self.shared and owner_of(path) == OWN:
                        os.unlink(path)  # where it is sticky he cannot, and so would be out of the race
                call("rest")
            left = [name for name in os.listdir(folder) if name != "state.prom"]
            self.assertEqual(left, [], "temporaries were left behind")
        print(f"a race for an export: written {written}")
        self.assertGreater(written, 0)
        call("symlink", link := os.path.join(self.shared, "link.prom"), self.precious)
        done = self.dormouse("metrics", "--output", link)
        self.assertIn("symbolic link", done.stderr)
        self.assertNotEqual(done.returncode, 0)
        call("put", his := os.path.join(self.shared, "his.prom"), "his", mode=0o666)
        done = self.dormouse("metrics", "--output", his)
        self.assertIn(f"another user (uid {NOBODY})", done.stderr)
        self.assertEqual(call("content", his), "his")
        self.assertPrecious()


@need_outsider
class PlantedBefore(Case):
    """The root was open for a while, and is narrowed by the agent; what the outsider left in it counts for nothing, and is told."""

    def state_of(self, agent):
        status = agent.status()
        return status["state"], str(status["last_error"]) + json.dumps(status["attention"])

    def test_a_record(self):
        self.plant("lifecycle_state.json", json.dumps({"current_state": "HIBERNATION", "since_ts": now(), "last_activity_ts": now(), "wrapper_event_seq": 1,
                                                       "shadow_run": False, "sleep_cycle_progress": None, "quarantine": None}))
        content = self.read("lifecycle_state.json")
        agent = self.start("--supervised", allow=["record", "copy of the bad"])
        self.assertEqual(agent.state(), "WAKE", "his word was taken")
        self.assertIn(f"belongs to another user (uid {NOBODY})", agent.log())
        agent.ask("force_wake")
        self.assertIn("lifecycle_state.json", self.state_of(agent)[1], "nobody is told that it cannot be written")
        self.assertEqual(self.read("lifecycle_state.json"), content)

    def test_memory_and_services(self):
        """services.json names a process of ours that has nothing to do with it: it must live on."""
        victim = self.wrapper().process
        with open(f"/proc/{victim.pid}/stat", encoding="utf-8") as file:
            start = int(file.read().rpartition(")")[2].split()[19])
        self.plant("services.json", json.dumps({"services": [{"name": "web", "pid": victim.pid, "start_time": start, "command": ["sleep", "3600"]}]}))
        self.plant("dormouse.json", json.dumps({"acknowledged": [], "hold": {"until": None}, "quarantine": {"until_ts": "x"}}))
        self.plant(".daemon-state.json", json.dumps({"pending_digest": {"lie": 1}, "first_turn_pending": {"lie": now()}}))
        agent = self.start(sets={"lifecycle.hibernation": "linger"}, allow=["another user"])
        self.assertIn("services.json", agent.log())
        self.assertIn("dormouse.json", agent.log())
        self.assertIn(".daemon-state.json", agent.log())
        answer = agent.ask("digest", peek=True)
        self.assertIn(f"belongs to another user (uid {NOBODY})", answer["error"])
        agent.ask("hibernate", force=True)
        agent.wait_state("HIBERNATION")
        agent.stop()
        self.assertIsNone(victim.poll(), "a stranger's word ended a process")

    def test_a_wake_signal(self):
        """It wakes nobody, and goes: a service manager would start an agent for it over and over."""
        agent = self.start(timers={"tick": 0.2}, sets={"lifecycle.hibernation": "linger"}, allow=["wake.signal"])
        agent.ask("hibernate")
        agent.wait_state("HIBERNATION")
        seen = agent.subscribe()
        self.plant("wake.signal", "{}")
        until("it is removed", lambda: not os.path.exists(self.at("wake.signal")))
        self.assertIn(f"wake.signal belongs to another user (uid {NOBODY})", agent.log())
        self.assertEqual(agent.state(), "HIBERNATION")
        self.assertEqual(set(seen.states()), {"HIBERNATION"})
        self.drop_signal()
        agent.wait_state("WAKE")

    def test_a_heartbeat(self):
        """Readable or not, it keeps nobody awake."""
        process = self.wrapper().process
        for mode in (0o644, 0o600):
            name = f"wrappers/heartbeat-{process.pid}-{mode}.json"
            self.plant(name, json.dumps({"pid": process.pid, "uuid": str(mode), "last_refresh": now(20), "name": "his"}), mode=mode)
        self.put(f"wrappers/heartbeat-{process.pid}-ours.json", json.dumps({"pid": process.pid, "uuid": "ours", "last_refresh": now()}))
        scan = json.loads(self.dormouse("scan", "--json").stdout)
        self.assertNotIn("his", json.dumps(scan))
        agent = self.start(allow=["heartbeat"])
        until("ours is seen", lambda: agent.ask("wrappers")["total"])
        self.assertEqual([entry["uuid"] for entry in agent.ask("wrappers")["wrappers"]], ["ours"])
        until("he is named", lambda: f"belongs to another user (uid {NOBODY})" in agent.log())
        done = self.dormouse("doctor")
        self.assertIn(f"belongs to another user (uid {NOBODY})", done.stdout)

    def test_locks(self):
        """He holds the flock of his file in our root: we are told at once, and do not wait for him."""
        self.plant(".lifecycle.lock", hold=True)
        self.assertRefused(self.run_agent(), ".lifecycle.lock", f"another user (uid {NOBODY})", "remove it")
        os.unlink(self.at(".lifecycle.lock"))
        wrapper = Wrapper(self.root)
        self.addCleanup(wrapper.die)
        self.plant("agent.lock", f"{wrapper.process.pid}\nsleep\n{os.uname().nodename}\n\n\n", hold=True)
        agent = self.start()
        with open(self.at("agent.lock"), encoding="utf-8") as file:
            self.assertEqual(int(file.readline()), agent.pid)

    def test_logs(self):
        """He could read whatever we append to a file of his; a second name of his outside makes no difference."""
        outside = os.path.join(self.shared, "outside")
        call("put", outside, "")
        self.wide_root()
        self.assertEqual(call("link", self.at(today()), outside), "done")
        self.assertEqual(call("put", self.at("logs", "service-web.log")), "done")
        self.put("dormouse.toml", CONFIGURATION)
        agent = self.start(allow=["event log", "lifecycle-events", "log belongs to somebody else", "web"])
        self.addCleanup(agent.stop)
        until("the service is told of", lambda: "belongs to somebody else" in agent.log() + json.dumps(agent.status()))
        self.assertIn(f"the event log belongs to another user (uid {NOBODY})", agent.log())
        self.assertIn("event log", self.state_of(agent)[1])
        self.assertEqual((call("content", outside), self.read("logs/service-web.log")), ("", b""))

    def test_a_configuration(self):
        """It holds commands: each way of slipping one in is refused with its reason, and none of them runs."""
        ran = os.path.join(self.shared, "ran")
        evil = f'[hooks]\non_wake = [["/usr/bin/touch", "{ran}"]]\n'
        download = os.path.join(self.folder, "home", "download.toml")  # ours, by a browser, and written by who knows
        with open(download, "w", encoding="utf-8") as file:
            file.write(evil)

        def foreign():
            self.plant("dormouse.toml", evil)

        def linked():
            self.wide_root()
            self.assertEqual(call("symlink", self.at("dormouse.toml"), download), "done")
            self.narrow()

        def leads_to_his():
            call("put", his := os.path.join(self.shared, "his.toml"), evil)
            os.symlink(his, self.at("dormouse.toml"))
        cases = ((foreign, f"another user (uid {NOBODY}"), (linked, f"another user (uid {NOBODY}) made"), (leads_to_his, f"another user (uid {NOBODY}"),
                 (lambda: self.put("dormouse.toml", evil, 0o666), "mode 0666"), (lambda: self.put("dormouse.toml", evil, 0o620), "mode 0620"))
        for prepare, reason in cases:
            with self.subTest(reason=reason):
                os.makedirs(self.root, 0o700, exist_ok=True)
                prepare()
                agent = self.start(allow=["configuration"])
                agent.ask("hibernate", force=True)
                agent.ask("force_wake")
                self.assertIn(reason, self.state_of(agent)[1])
                done = self.dormouse("config", "check")
                self.assertEqual(done.returncode, 78, done)
                self.assertIn(reason, done.stderr + done.stdout)
                agent.stop()
                self.assertFalse(os.path.exists(ran), "his command ran")
                os.unlink(self.at("dormouse.toml"))

    def test_a_socket(self):
        self.wide_root()
        call("serve", self.at("agent.sock"))
        self.assertRefused(self.run_agent(), "agent.sock", f"another user (uid {NOBODY})")
        done = self.dormouse("wake")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f"another user (uid {NOBODY})", done.stderr)
        self.assertEqual(call("served", self.at("agent.sock"))["bytes"], 0)
        call("forget")
        self.start()  # nobody serves it any more: it is replaced

    def test_links_everywhere(self):
        """A link in place of each file that we write: what it leads to stays as it was."""
        names = ["lifecycle_state.json", ".lifecycle.lock", "agent.lock", ".daemon-state.json", "dormouse.json", "services.json", "wake.signal", "agent.sock",
                 today(), "logs/service-web.log", "logs/service-web.log.1"]
        for name in names:
            with self.subTest(name=name):
                self.wide_root()
                self.assertEqual(call("symlink", self.at(name), self.precious), "done")
                self.put("dormouse.toml", CONFIGURATION)
                if name == "wake.signal":
                    done = self.dormouse("wake")
                    self.assertIn("symbolic link", done.stderr)
                    self.adopt_woken()
                code, text = self.run_agent()
                self.assertIn(code, (None, 78), text)
                self.assertPrecious()
                self.assertFalse(self.answers(self.at("agent.sock")))
                subprocess.run(["rm", "-r", self.root], check=True)


if __name__ == "__main__":
    main()
