# SPDX-License-Identifier: MIT
"""Something else where a file of ours should be, at start and while it runs: said with its path, nothing hangs, nothing is lost, and it heals."""
import datetime
import glob
import gzip
import json
import os
import random
import shutil
import socket
import subprocess
import threading
import time

from hostilecase import IS_LONG, PERIOD, HostileCase, Waits
from lab import HANG, Client, main, program, until

TIMERS = {"tick": 0.5, "stale_after": 60, "drowsy_after": 3600, "sleep_after": 3700, "hibernate_after": 3800}
OLD_DAYS, OLD_MB = (60, 8) if IS_LONG else (20, 4)
LONG_LOG_MB = 400 if IS_LONG else 30
DEEP = {"toml": b"a = " + b"[" * 300_000, "json": b'{"current_state":' * 100_000}


class Files(HostileCase):
    def setUp(self):
        super().setUp()
        os.makedirs(self.at("logs"), 0o700)
        os.chmod(self.root, 0o700)
        self.prey = os.path.join(self.folder, "prey")
        with open(self.prey, "w", encoding="utf-8") as file:
            file.write("somebody's")

    def put_strange(self, name, kind):
        path = self.at(name)
        if kind == "FIFO":
            os.mkfifo(path, 0o600)
        elif kind == "folder":
            os.makedirs(os.path.join(path, "within"), 0o700)
        elif kind == "link":
            os.symlink(self.prey, path)
        elif kind == "link to /dev/zero":
            os.symlink("/dev/zero", path)
        elif kind == "loop":
            os.symlink(path, path)
        elif kind == "socket":
            strange, short = socket.socket(socket.AF_UNIX), os.path.join(self.folder, "s")
            self.addCleanup(strange.close)
            strange.bind(short)
            os.rename(short, path)
        else:
            with open(path, "wb") as file:
                os.fchmod(file.fileno(), 0o600)
                if kind == "1 GiB sparse":
                    file.truncate(1 << 30)
                elif kind == "deep nesting":
                    file.write(DEEP["toml" if name.endswith(".toml") else "json"])
                elif kind == "binary":
                    file.write(bytes(range(256)) * 100)

    def remove(self, name):
        path = self.at(name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif os.path.lexists(path):
            os.unlink(path)

    def is_strange_still(self, name, kind):
        path = self.at(name)
        return {"FIFO": lambda: os.path.exists(path) and not os.path.isfile(path), "folder": lambda: os.path.isdir(os.path.join(path, "within")),
                "link": lambda: os.path.islink(path), "link to /dev/zero": lambda: os.path.islink(path), "loop": lambda: os.path.islink(path),
                "socket": lambda: os.path.exists(path) and not os.path.isfile(path)}.get(kind, lambda: True)()

    def prey_is_untouched(self):
        with open(self.prey, encoding="utf-8") as file:
            return file.read() == "somebody's"

    def put_in_place(self, name, kind):
        self.put_strange(name + ".new", kind)
        self.remove(name)
        os.rename(self.at(name + ".new"), self.at(name))


class Configuration(Files):
    KINDS = ("1 GiB sparse", "FIFO", "link to /dev/zero", "loop", "folder", "socket", "deep nesting", "binary")
    SOME = KINDS if IS_LONG else KINDS[:3] + KINDS[6:7]
    GOOD = "[timers]\ndrowsy_after = '3500s'\n"

    def mark(self, agent):
        return [mark["text"] for mark in agent.status()["attention"] if mark["what"] == "configuration"]

    def test_at_start(self):
        """It runs on defaults and says why, within what a start takes; nobody's services are stopped for a broken file."""
        for kind in self.SOME:
            with self.subTest(kind):
                self.put_strange("dormouse.toml", kind)
                agent = self.start(timers=TIMERS, allow=["running on defaults: "])
                text = until("the mark", lambda: self.mark(agent), timeout=10)[0]
                self.assertIn(self.at("dormouse.toml") if "link" not in kind else "configuration", text)
                self.assertIn(text, agent.status()["last_error"])
                self.assertIn("running on defaults: ", agent.log())
                self.assertTrue(self.is_strange_still("dormouse.toml", kind))
                agent.stop()
                self.remove("dormouse.toml")

    def test_while_it_runs(self):
        """What was read last counts on; who asks is answered all the same; mended, the mark goes."""
        with open(self.at("dormouse.toml"), "w", encoding="utf-8") as file:
            file.write(self.GOOD)
        agent = self.start(timers=TIMERS, allow=["the configuration stays as it was: "])
        for kind in self.SOME:
            with self.subTest(kind):
                self.measure(f"dormouse.toml, {kind}", agent, lambda: self.put_in_place("dormouse.toml", kind), tries=200)
                until("the mark", lambda: self.mark(agent), timeout=10)
                self.assertEqual(agent.ask("reload")["reason"], "invalid_message")
                self.assertTrue(self.is_strange_still("dormouse.toml", kind))
                self.remove("dormouse.toml")
                with open(self.at("dormouse.toml"), "w", encoding="utf-8") as file:
                    file.write(self.GOOD)
                until("mended", lambda: not self.mark(agent), timeout=10)
        os.unlink(self.at("dormouse.toml"))
        time.sleep(1.2)  # two ticks: seen as missing
        os.symlink(self.at("nowhere"), self.at("dormouse.toml"))
        until("a link to nowhere is told, too", lambda: self.mark(agent), timeout=10)


class State(Files):
    ALLOW = [r"lifecycle_state\.json", r"\.daemon-state\.json", r"dormouse\.json", "starting without memory", "cannot prune", "cannot mirror", "cannot announce",
             "is not usable"]
    NAMES = ("lifecycle_state.json", ".daemon-state.json", "dormouse.json")
    UNWRITABLE = ("FIFO", "folder", "link", "link to /dev/zero", "loop", "socket")
    READABLE = ("1 GiB sparse", "deep nesting", "binary")
    KINDS = UNWRITABLE + READABLE if IS_LONG else ("FIFO", "folder", "link", "1 GiB sparse", "binary")

    def test_at_start(self):
        """Awake, whatever stands there: what can be kept is kept, what is no file stays untouched and is told; and once it is gone all is written."""
        for kind in self.KINDS:
            with self.subTest(kind):
                for name in self.NAMES:
                    self.put_strange(name, kind)
                agent = self.start(timers=TIMERS, allow=self.ALLOW)
                self.assertEqual(agent.ask("force_wake")["state"], "WAKE")
                agent.ask("session_open", session_id="one")
                for name in self.NAMES:
                    if kind in self.READABLE and not (kind == "1 GiB sparse" and name == ".daemon-state.json"):  # others' data: not replaced
                        until(name + " is kept", lambda: glob.glob(self.at(name + ".bad-*")), timeout=10)
                        continue
                    self.assertIn(".json", agent.status()["last_error"])
                    self.assertTrue(self.is_strange_still(name, kind), name)
                if kind in self.UNWRITABLE or kind == "1 GiB sparse":
                    time.sleep(1.2)  # two more ticks
                    for line in ("cannot prune first turns", "cannot mirror the state", "starting without memory"):
                        self.assertLessEqual(agent.log().count(line), 1, "told once, not at every tick")
                    for name in self.NAMES if kind in self.UNWRITABLE else (".daemon-state.json",):
                        self.remove(name)
                until("it is well again", lambda: not agent.status()["last_error"], timeout=10)
                agent.ask("force_wake")
                agent.ask("session_open", session_id="two")
                self.assertEqual(self.json("lifecycle_state.json")["current_state"], "WAKE")
                self.assertIn("two", self.json(".daemon-state.json")["first_turn_pending"])
                agent.stop()
                self.assertTrue(os.path.isfile(self.at("dormouse.json")))
                for name in os.listdir(self.root):
                    if any(name.startswith(known) for known in self.NAMES):
                        self.remove(name)
        self.assertTrue(self.prey_is_untouched())

    def test_while_it_runs(self):
        """Looked at at each tick, and written at each wake: whoever asks beside is answered at once."""
        agent = self.start(timers=TIMERS, allow=self.ALLOW)
        agent.ask("force_wake")
        for kind in self.KINDS:
            with self.subTest(kind):
                def attack():
                    for name in self.NAMES:
                        self.put_in_place(name, kind)

                def ends():
                    agent.ask("session_open", session_id=kind)
                    agent.ask("pause", seconds=10)
                    agent.ask("resume")
                    for name in self.NAMES:
                        self.remove(name)
                    agent.ask("force_wake")
                    until("it is well again", lambda: agent.ask("pause", seconds=1)["ok"] and not agent.status()["last_error"], timeout=10)
                self.measure(f"state files, {kind}", agent, attack, ends)
                self.assertEqual(agent.state(), "WAKE")
        self.assertTrue(self.prey_is_untouched())


class Log(Files):
    def day(self, back=0):
        return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=back)).strftime("%Y-%m-%d")

    def name(self, back=0):
        return f"logs/lifecycle-events-{self.day(back)}.jsonl"

    def put_lines(self, path, megabytes, back=0):
        """Well-formed, none like the other."""
        source = random.Random(back)
        states = ["WAKE", "DROWSY", "SLEEP", "HIBERNATION"]
        with open(path, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            while file.tell() < megabytes << 20:
                stamp = f"{self.day(back)}T{source.randrange(24):02}:{source.randrange(60):02}:{source.randrange(60):02}.{source.randrange(1000):03}+00:00"
                file.write(json.dumps({"ts": stamp, "event": "state_transition", "from": source.choice(states), "to": source.choice(states),
                                       "trigger": "%x" % source.getrandbits(64)}) + "\n")

    def test_no_file(self):
        """Lines wait for what cannot be written, and history is told from what can be read."""
        for kind in ("FIFO", "folder", "link", "link to /dev/zero", "socket") if IS_LONG else ("FIFO", "folder", "link"):
            with self.subTest(kind):
                self.put_strange(self.name(), kind)
                agent = self.start(timers=TIMERS, allow=["event log"])
                self.assertTrue(agent.ask("history")["ok"])
                self.measure(f"event log, {kind}", agent, lambda: agent.ask("force_wake"))
                self.assertIn("event log", agent.status()["last_error"])
                self.assertTrue(self.is_strange_still(self.name(), kind))
                self.remove(self.name())
                until("it is well again", lambda: not agent.status()["last_error"], timeout=10)
                self.assertEqual([entry["trigger"] for entry in self.entries("state_transition")], ["request_arrived"])
                agent.stop()
                self.remove(self.name())
        self.assertTrue(self.prey_is_untouched())

    def test_a_huge_one(self):
        """History of it is read beside, in bounded memory; the agent appends to it as ever, and ends at once though it is being read."""
        for kind in ("1 GiB sparse", f"{LONG_LOG_MB} MB of lines"):
            with self.subTest(kind):
                if "sparse" in kind:
                    self.put_strange(self.name(), kind)
                else:
                    self.put_lines(self.at(self.name()), LONG_LOG_MB)
                agent = self.start(timers=TIMERS)
                with Client(agent.path) as asking, Client(agent.path) as second:
                    self.measure(f"history of {kind}", agent, lambda: asking.send("history"), lambda: self.assertTrue(asking.receive()["ok"]))
                    second.send("history", since="1970-01-01T00:00:00+00:00")
                    agent.ask("force_wake")
                    began = time.monotonic()
                    self.assertEqual(agent.stop(), 0)
                    self.assertLess(time.monotonic() - began, 10)
                self.remove(self.name())

    def test_a_small_archive_of_gigabytes(self):
        path = self.at(self.name(1) + ".gz")
        with gzip.open(path, "wb", compresslevel=1) as file:
            for _ in range(1024 if IS_LONG else 256):
                file.write(b"\0" * (1 << 20))
        os.chmod(path, 0o600)
        agent = self.start(timers=TIMERS)
        with Client(agent.path) as asking:
            self.measure("history of an archive that swells", agent, lambda: asking.send("history"), lambda: self.assertTrue(asking.receive()["ok"]))

    def test_old_days_to_archive(self):
        """An agent that comes back after months: it answers at once and archives beside; ended amidst, nothing is lost."""
        self.put_lines(self.at("a-day"), OLD_MB, 40)
        with open(self.at("a-day"), "rb") as file:
            lines = file.read()
        os.unlink(self.at("a-day"))
        for back in range(40, 40 + OLD_DAYS):
            with open(self.at(self.name(back)), "wb") as file:
                file.write(lines.replace(self.day(40).encode(), self.day(back).encode()))
        lengths = {back: os.path.getsize(self.at(self.name(back))) for back in range(40, 40 + OLD_DAYS)}
        agent = self.launch(timers=TIMERS)
        until("the socket", lambda: os.path.exists(agent.path), period=0.001)
        waits = Waits()
        with Client(agent.path) as client:
            for _ in range(200):
                waits.time(lambda: client.ask("status"))
                time.sleep(PERIOD)
        left = glob.glob(self.at("logs", "*.jsonl"))
        print(f"{OLD_DAYS} old days of {OLD_MB} MB: p99 {waits.p99 * 1000:.1f} ms, max {max(waits.all) * 1000:.1f} ms; {len(left) - 1} days still to archive then")
        self.assertGreater(len(left), 2, "too little for what this is to show")
        self.assertLessEqual(sorted(waits.all)[-3], 0.3, "the first answer may take what a start takes")
        began = time.monotonic()
        agent.stop()
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(glob.glob(self.at("logs", ".*")), [], "nothing half-made")
        agent = self.start(timers=TIMERS)
        until("all are archived", lambda: len(glob.glob(self.at("logs", "*.jsonl"))) == 1, timeout=300, period=0.1)
        for back, length in lengths.items():
            with gzip.open(self.at(self.name(back) + ".gz")) as file:
                self.assertEqual(sum(len(piece) for piece in iter(lambda: file.read(1 << 20), b"")), length)


class SocketPath(Files):
    def refused(self, *parts):
        done = subprocess.run([program("dormouse-agent"), "--root", self.root], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=HANG)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)

    def test_at_start(self):
        """Refused by name, and left as it is; a socket that nobody listens on any more is nobody's."""
        for kind in ("binary", "FIFO", "link", "link to /dev/zero", "folder"):
            with self.subTest(kind):
                self.put_strange("agent.sock", kind)
                before = os.lstat(self.at("agent.sock")).st_ino
                self.refused(self.at("agent.sock"))
                self.assertEqual(os.lstat(self.at("agent.sock")).st_ino, before)
                self.remove("agent.sock")
        self.assertTrue(self.prey_is_untouched())
        other = socket.socket(socket.AF_UNIX)
        self.addCleanup(other.close)
        other.bind(self.at("agent.sock"))
        other.listen()
        self.refused(self.at("agent.sock"))
        other.close()
        self.start(timers=TIMERS)

    def test_while_it_runs(self):
        """Somebody else's file of that name outlives the agent; who was connected is answered on."""
        agent = self.start(timers=TIMERS, allow=["the control socket was deleted"])
        with Client(agent.path) as client:
            self.put_strange("other", "binary")
            os.replace(self.at("other"), agent.path)  # in one step: a name that is free is taken again at once
            for _ in range(3):
                self.assertTrue(client.ask("status")["ok"])
                time.sleep(0.5)
            client.ask("stop")
        self.assertEqual(agent.wait(), 0)
        self.assertTrue(os.path.isfile(self.at("agent.sock")))


class HostileAgent(Files):
    """`dormouse` against something that has the agent's name: one line that says so, and an end."""

    def serve(self, act):
        server = socket.socket(socket.AF_UNIX)
        self.addCleanup(server.close)
        server.bind(self.at("agent.sock"))
        server.listen()

        def accept():
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=self.answer, args=(act, peer), daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()

    @staticmethod
    def answer(act, peer):
        try:
            act(peer)
        except OSError:
            pass

    def test_each(self):
        piece = b"x" * (1 << 20)
        kinds = {
            "100 MB without an end": lambda peer: [peer.sendall(piece) for _ in range(100)],
            "an object of 100 MB": lambda peer: peer.sendall(b'{"ok":true,"state":"' + piece * 100 + b'"}\n'),
            "half a line": lambda peer: (peer.sendall(b'{"ok":true,"sta'), time.sleep(60)),
            "silence": lambda peer: time.sleep(60), "hanging up": lambda peer: peer.close(), "binary": lambda peer: peer.sendall(b"\0\xff\n" * 1000),
            "no object": lambda peer: peer.sendall(b"[]\n"), "deep nesting": lambda peer: peer.sendall(b"[" * 500_000 + b"\n"),
            "lines without end": lambda peer: [peer.sendall(b'{"event":"snapshot"}\n' * 1000) for _ in range(100_000)],
        }
        with open(self.at("agent.lock"), "w", encoding="utf-8") as file:  # an agent lives, says this
            file.write(f"{os.getpid()}\ndormouse-agent\n{socket.gethostname()}\n")
        for name, act in kinds.items():
            self.remove("agent.sock")
            self.serve(act)
            for words in (("status",), ("wrappers",)):
                with self.subTest(name, words=words):
                    began = time.monotonic()
                    done = subprocess.run(["sh", "-c", 'ulimit -v 1000000; exec "$0" "$@"', program("dormouse"), *words], env=self.environment,
                                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=HANG)
                    self.assertLess(time.monotonic() - began, 20)
                    self.assertGreater(done.returncode, 0, (name, done))
                    self.assertEqual(done.stdout, "", name)
                    self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                    self.assertTrue(done.stderr.startswith("dormouse: "), done.stderr)
                    self.assertLess(len(done.stderr), 500)


if __name__ == "__main__":
    main()
