# SPDX-License-Identifier: MIT
"""A real heavy service under the real agent: redis-server with 200 MB, unpacked into the test's own folder, never installed."""
import glob
import os
import shutil
import socket
import subprocess
import threading
import unittest

from keeper import Case, alive, free_port
from lab import HANG, main, until

PACKAGES = ["redis-server", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1", "libsystemd0"]
MEGABYTES = 220
QUIET = {"tick": 0.3, "stale_after": 300, "drowsy_after": 600, "sleep_after": 1200, "hibernate_after": 3600}


class Client:
    """Speaks as much of the Redis protocol as is needed here."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=HANG)
        self.reader = self.socket.makefile("rb")

    def ask(self, *words):
        parts = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self.socket.sendall(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts))
        line = self.reader.readline()
        if line.startswith(b"$"):
            return self.reader.read(int(line[1:]) + 2)[:-2]
        return line.strip()

    def close(self):
        self.reader.close()
        self.socket.close()


class Pings(threading.Thread):
    """A client that is served all the time, and counts its answers."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.client, self.count, self.failure, self.is_over = Client(port), 0, None, threading.Event()
        self.start()

    def run(self):
        try:
            while not self.is_over.wait(0.001):
                if self.client.ask("PING") != b"+PONG":
                    raise AssertionError("no PONG")
                self.count += 1
        except Exception as failure:  # told by the test
            self.failure = failure

    def end(self):
        self.is_over.set()
        self.join(HANG)
        self.client.close()


def unpack(folder):
    """(program, folders of its libraries), or the reason why there is none."""
    if shutil.which("redis-server"):
        return shutil.which("redis-server"), ""
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise unittest.SkipTest("no redis-server, and no apt-get and dpkg to unpack one")
    done = subprocess.run(["apt-get", "download", *PACKAGES], cwd=folder, capture_output=True, text=True, timeout=5 * HANG)
    for package in glob.glob(os.path.join(folder, "*.deb")):
        subprocess.run(["dpkg", "-x", package, os.path.join(folder, "unpacked")], check=True, timeout=HANG)
        os.unlink(package)
    path = os.path.join(folder, "unpacked", "usr", "bin", "redis-server")
    libraries = ":".join(sorted({os.path.dirname(name) for name in glob.glob(os.path.join(folder, "unpacked", "**", "*.so*"), recursive=True)}))
    works = os.path.exists(path) and subprocess.run([path, "--version"], env={**os.environ, "LD_LIBRARY_PATH": libraries}, capture_output=True).returncode == 0
    if not works:
        raise unittest.SkipTest(f"redis-server could not be unpacked: {done.stderr.strip().splitlines()[-1:]}")
    return path, libraries


def resident(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmRSS:"))


class Redis(Case):
    def setUp(self):
        super().setUp()
        self.place = os.path.join(self.folder, "redis")
        os.mkdir(self.place)
        self.program, libraries = unpack(self.place)
        self.port = free_port()
        command = [self.program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", self.place]
        self.configure({"name": "redis", "command": command, "ready": {"tcp": self.port}})
        if libraries:
            with open(self.at("dormouse.toml"), "a", encoding="utf-8") as file:
                file.write(f'[env]\nLD_LIBRARY_PATH = "{libraries}"\n')

    def service(self, agent):
        return agent.status()["services"][0]

    def ready(self, agent):
        return until(lambda: f"redis is ready: {agent.status()['services']}\n{agent.log()}",
                     lambda: (view := self.service(agent))["state"] == "ready" and view)

    def fill(self):
        client = Client(self.port)
        for number in range(MEGABYTES):
            self.assertEqual(client.ask("SET", f"key-{number}", os.urandom(1024 * 1024)), b"+OK")
        client.close()

    def instances(self):
        return [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and self.is_ours(pid)]

    def is_ours(self, pid):
        try:
            return os.readlink(f"/proc/{pid}/exe") in (self.program, os.path.realpath(self.program)) and alive(pid)
        except OSError:
            return False

    def test_a_day_of_a_heavy_service(self):
        agent = self.start("--wake", timers=QUIET, sets={"lifecycle.hibernation": "linger"})
        view = self.ready(agent)
        self.assertGreater(view["ready_in_sec"], 0)
        self.assertEqual(self.instances(), [view["pid"]])
        self.fill()

        # kill -9 of the agent while a client is served
        pings = Pings(self.port)
        for _ in range(3):
            agent.kill()
            before = pings.count
            until("the client is served without an agent", lambda: pings.count > before + 10)
            agent = self.start(timers=QUIET, sets={"lifecycle.hibernation": "linger"})
            self.assertEqual(self.ready(agent)["pid"], view["pid"])
            self.assertEqual(self.instances(), [view["pid"]])
        pings.end()
        self.assertIsNone(pings.failure)
        self.assertEqual([(line["service"], line["pid"]) for line in self.entries("service_adopted")], [("redis", view["pid"])] * 3)

        told = resident(view["pid"])
        self.assertGreater(told, 200 * 1024 * 1024)
        self.assertEqual(agent.ask("hibernate")["state"], "HIBERNATION")
        until("redis is gone", lambda: not self.instances())
        down = until("its memory is told", lambda: self.entries("lifecycle_hibernation_exit"))[0]
        self.assertAlmostEqual(down["freed_bytes"], told, delta=told / 10)
        self.assertAlmostEqual(agent.status()["freed_bytes"], told, delta=told / 10)
        agent.ask("force_wake")
        again = self.ready(agent)
        self.assertNotEqual(again["pid"], view["pid"])
        self.assertEqual(self.instances(), [again["pid"]])
        self.assertEqual(len(self.entries("service_started")), 2)

        # SIGTERM to the agent ends its services
        self.assertEqual(agent.stop(), 0)
        self.assertEqual(self.instances(), [])


if __name__ == "__main__":
    main()
