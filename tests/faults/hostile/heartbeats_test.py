# SPDX-License-Identifier: MIT
"""Hostile heartbeats beside an honest client: it is answered as if they were not there, and only its own heartbeat keeps the machine's services awake."""
import json
import os
import socket
import stat
import threading
import subprocess
import unittest

from hostilecase import GROWTH_MAX_KB, IS_LONG, Background, HostileCase, private_dirty_kb
from lab import Client, main, now, until

GONE = 4194304  # above any pid of Linux
FLOOD = 100_000 if IS_LONG else 10_000
KEPT_MAX = 10_000  # heartbeats that are kept in memory
# Nobody's absence is noticed late, and nothing is litter before all of it is there.
TIMERS = {"tick": 0.5, "stale_after": 600 if IS_LONG else 60, "drowsy_after": 3600, "sleep_after": 3700, "hibernate_after": 3800}
BOMB = "/nonexistent/dormouse-must-not-run"


def heartbeat(pid, **fields):
    return {"pid": pid, "uuid": "hostile", "started_at": now(), "last_refresh": now(), "wrapper_version": "1", "schema_version": 1, **fields}


class Folder(HostileCase):
    def setUp(self):
        super().setUp()
        self.agent = self.start(timers=TIMERS)
        self.honest = self.wrapper("honest")
        self.honest.beat()
        until("the honest one is there", lambda: self.agent.status()["wrappers"]["fresh"] == 1)
        self.live = self.honest.process.pid  # a name that would count, were it a heartbeat
        self.prey = os.path.join(self.folder, "prey")
        with open(self.prey, "w", encoding="utf-8") as file:
            json.dump(heartbeat(self.live), file)

    def name(self, pid, rest="hostile"):
        return self.at("wrappers", f"heartbeat-{pid}-{rest}.json")

    def put(self, content, pid=GONE, rest="hostile"):
        """By rename, as wrappers do."""
        path, temporary = self.name(pid, rest), self.at("wrappers", ".hostile.tmp")
        with open(temporary, "wb") as file:
            file.write(content if isinstance(content, bytes) else json.dumps(content).encode())
        os.replace(temporary, path)
        return path

    def counting(self):
        return [entry["name"] for entry in self.agent.ask("wrappers", limit=KEPT_MAX)["wrappers"] if entry["counts"]]

    def attack(self, name, act, ends=lambda: None, fresh=1, **options):
        with self.subTest(name):
            before = set(os.listdir(self.at("wrappers")))
            self.measure(name, self.agent, act, ends, **options)
            status = self.agent.status()
            self.assertEqual((status["wrappers"]["fresh"], status["state"]), (fresh, "WAKE"), status["wrappers"])
            self.assertEqual(self.counting(), ["honest"] * fresh)
            for made in set(os.listdir(self.at("wrappers"))) - before:
                path = self.at("wrappers", made)
                if os.path.isdir(path) and not os.path.islink(path):
                    os.chmod(path, 0o700)
                    for entry in os.listdir(path):
                        os.unlink(os.path.join(path, entry))
                    os.rmdir(path)
                else:
                    os.unlink(path)

    def prey_is_untouched(self):
        with open(self.prey, encoding="utf-8") as file:
            return json.load(file)["uuid"] == "hostile"

    def test_no_regular_files(self):
        """FIFO, socket, device, folder and links with the name of somebody who lives: neither opened for long, nor followed, nor presence, nor cleaned."""
        path = self.name(self.live, "other")
        loop = self.name(self.live, "loop")

        def folder():
            os.mkdir(path)
            with open(os.path.join(path, "heartbeat-1-x.json"), "w", encoding="utf-8") as file:
                file.write("{}")

        def a_socket():
            short = os.path.join(self.folder, "s")
            listening = socket.socket(socket.AF_UNIX)
            self.addCleanup(listening.close)
            listening.bind(short)
            os.rename(short, path)

        kinds = {
            "FIFO": lambda: os.mkfifo(path), "socket": a_socket, "folder": folder,
            "link to /dev/zero": lambda: os.symlink("/dev/zero", path), "link to a heartbeat": lambda: os.symlink(self.prey, path),
            "link to nothing": lambda: os.symlink(BOMB, path),
            "loop of links": lambda: (os.symlink(loop, path), os.symlink(path, loop)),
        }
        for name, (major, minor) in {"device (zero)": (1, 5), "device (terminal)": (5, 0)}.items():
            try:
                os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(major, minor))
                os.unlink(path)
                kinds[name] = lambda device=os.makedev(major, minor): os.mknod(path, 0o600 | stat.S_IFCHR, device)
            except PermissionError:
                print(f"SKIPPED, NOT VERIFIED: {name}: needs the right to make devices")
        if IS_LONG:
            for name, make in kinds.items():
                self.attack(name, lambda: (make(), self.cleaned(path)))

        def all_of_them():
            for number, make in enumerate(kinds.values()):
                make()
                self.cleaned(path)
                os.rename(path, self.name(self.live, f"other-{number}"))
        self.attack(f"{len(kinds)} kinds of no file", all_of_them)
        self.assertTrue(self.prey_is_untouched())

    def cleaned(self, path):
        """On request, too, nothing of it goes."""
        self.assertEqual(self.agent.ask("clean")["heartbeats"], 0)
        self.assertTrue(os.path.lexists(path))

    def test_content(self):
        """What is no heartbeat, however it is written. The pid inside lives, the one in the name does not."""
        good = json.dumps(heartbeat(self.live)).encode()
        deep = b'{"pid":' + b"[" * 30000 + b"]" * 30000 + b"}"
        contents = {
            "NUL bytes": b"\0" * 60000, "NUL bytes within": good.replace(b"hostile", b"ho\0stile"), "deep nesting": deep,
            "deep nesting beside": good[:-1] + b',"x":' + b'{"a":' * 12000, "invalid UTF-8": good.replace(b"hostile", b"\xff\xfe\xc0\x80"),
            "half of it": good[: len(good) // 2], "empty": b"", "an array": b"[" + good + b"]", "huge numbers": b'{"pid":1e308,"last_refresh":9e999}',
            "pid overflow": json.dumps(heartbeat(2 ** 64 + self.live)).encode(), "negative pid": json.dumps(heartbeat(-1)).encode(),
            "pid as text": json.dumps(heartbeat(str(self.live))).encode(), "pid true": json.dumps(heartbeat(True)).encode(),
            "pid as fraction": good.replace(str(self.live).encode(), str(self.live).encode() + b".5"),
            "future time": json.dumps(heartbeat(self.live, last_refresh=now(86400))).encode(),
            "time far beyond": json.dumps(heartbeat(self.live, last_refresh="9999-12-31T23:59:59+00:00")).encode(),
            "a name to frighten people": json.dumps(heartbeat(GONE, name="\x1b[2J\n" + "x" * 60000)).encode(),
            "a uuid of megabytes": json.dumps(heartbeat(GONE, uuid="u" * 2_000_000)).encode(),
        }

        def all_at_once():
            for number, content in enumerate(contents.values()):
                self.put(content, rest=str(number))
        self.attack("18 kinds of content", all_at_once)
        for name, content in contents.items():
            with self.subTest(name):
                self.put(content)
                self.honest.beat()
                until("seen", lambda: self.agent.ask("wrappers")["total"] == 2, timeout=10)
                self.assertEqual(self.counting(), ["honest"])
        double = good[:-1] + f',"pid":{GONE}}}'.encode()
        self.attack("duplicate keys", lambda: [self.put(double, rest=str(number)) for number in range(100)])

    def test_names(self):
        """Names that are no text, or more than one line of it; nothing of them reaches anybody's terminal raw."""
        folder = os.fsencode(self.at("wrappers"))
        names = [b"heartbeat-%d-a\nb.json" % GONE, b"heartbeat-%d-\x1b[2J.json" % GONE, b"heartbeat-%d-\xff\xfe.json" % GONE, b"heartbeat-.json",
                 b"heartbeat-%d-.json" % 2 ** 70, b"heartbeat--5-x.json", b"heartbeat-1e3-x.json", b"heartbeat-0x10-x.json", b"heartbeat-%d.json" % GONE,
                 b"heartbeat-%d-" % GONE + b"n" * 220 + b".json"]

        def make():
            for name in names:
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(b"{")
        self.attack("names", make)
        make()
        until("seen", lambda: self.agent.ask("wrappers")["total"] > 1)
        for words in (("wrappers",), ("scan",), ("status",), ("clean",)):
            done = subprocess.run([os.path.join(os.environ["DORMOUSE_BIN"], "dormouse"), *words], env=self.environment, capture_output=True, timeout=60)
            self.assertEqual(done.returncode, 0, done)
            raw = [byte for byte in done.stdout + done.stderr if byte < 32 and byte != 10 or byte == 127]
            self.assertEqual(raw, [], done.stdout)
        self.assertNotIn("\nb.json", self.dormouse("wrappers").stdout)

    def test_a_sparse_gigabyte(self):
        def make():
            with open(self.name(GONE), "wb") as file:
                file.truncate(1 << 30)
        self.attack("1 GiB sparse", make)

    def test_writers_without_pause(self):
        """1 000 times a second, half written as often as not; then by rename."""
        path = self.put(heartbeat(GONE))
        content = [json.dumps(heartbeat(GONE)).encode(), b'{"pid":', b"", b"\0" * 70000]
        turn = [0]

        def in_place():
            turn[0] += 1
            with open(path, "r+b") as file:
                file.truncate(0)
                file.write(content[turn[0] % len(content)])

        def by_rename():
            turn[0] += 1
            self.put(content[turn[0] % 2])

        def rights():
            turn[0] += 1
            os.chmod(path, (0o600, 0, 0o4777)[turn[0] % 3])
        for name, act in (("rewritten in place 1 000/s", in_place), ("renamed 1 000/s", by_rename), ("rights changed 1 000/s", rights)):
            if not os.path.exists(path):
                self.put(content[0])
            background = Background(act, 1000)
            self.attack(name, background.start, lambda: background.__exit__())
            print(f"{name}: {background.count} times")

    def flood(self, pid, age):
        content = json.dumps(heartbeat(pid, last_refresh=now(-age)))
        for number in range(FLOOD):
            with open(self.name(pid, str(number)), "w", encoding="utf-8") as file:
                file.write(content.replace("hostile", f"hostile-{number}"))

    def seen(self):
        counts = self.agent.status()["wrappers"]
        return counts["fresh"] + counts["stale"] + counts["orphan"] + counts["overflow"]

    def left(self, pid):
        return sum(name.startswith(f"heartbeat-{pid}-") for name in os.listdir(self.at("wrappers")))

    def remove(self, pid):
        for number in range(FLOOD):
            os.unlink(self.name(pid, str(number)))

    def test_a_flood(self):
        """Files by the ten thousand, of somebody who lives: none is litter, however old, and all of them cost the honest one nothing."""
        def ends():
            until("all have come", lambda: self.left(self.live) == FLOOD + 1, timeout=300, period=0.1)
            until("all are seen", lambda: self.seen() == FLOOD + 1, timeout=300, period=0.1)
            grown = private_dirty_kb(self.agent.pid) - before_kb
            print(f"{min(FLOOD, KEPT_MAX)} heartbeats known: memory +{grown} kB")
            self.assertLess(grown, GROWTH_MAX_KB)
            self.assertEqual(self.counting(), ["honest"])
            self.assertEqual(self.agent.status()["wrappers"]["overflow"], max(0, FLOOD + 1 - KEPT_MAX))
            self.remove(self.live)
        self.warm(self.agent)
        before_kb = private_dirty_kb(self.agent.pid)

        def comes():
            flood = threading.Thread(target=self.flood, args=(self.live, 3600))
            self.addCleanup(flood.join)
            flood.start()
        with Background(self.honest.beat, 5):
            # The bound on what is kept is a bound on memory; what stays are the last 256 wrappers that went, each in a page of its own.
            self.measure(f"{FLOOD} heartbeats", self.agent, comes, ends, 1000, back_kb=4096)

    def test_the_dead_go(self):
        """Nobody waits while the agent removes dead heartbeats by itself, nor while somebody has it clean up."""
        def ends():
            until("the dead are gone", lambda: self.left(GONE) == 0, timeout=300, period=0.1)
        with Background(self.honest.beat, 5):
            self.measure(f"{FLOOD} dead heartbeats", self.agent, lambda: self.flood(GONE, 3600), ends, tries=600, back_kb=4096)
            self.flood(GONE + 1, 0)  # not old enough to go by itself
            self.flood(self.live, 3600)
            cleaning = Client(self.agent.path)
            self.addCleanup(cleaning.close)
            cleaning.ask("status")

            def cleaned():
                self.assertEqual(cleaning.receive()["heartbeats"], 2 * FLOOD)
                self.assertEqual(self.left(self.live), 1, "the honest one stays")
            self.measure(f"{2 * FLOOD} heartbeats cleaned on request", self.agent, lambda: cleaning.send("clean"), cleaned, 600, back_kb=4096)
        self.assertEqual(self.counting(), ["honest"])


if __name__ == "__main__":
    main()
