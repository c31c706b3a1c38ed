# SPDX-License-Identifier: MIT
"""Drives keeper_probe, a program that does nothing but keep services. Standard library only."""
import glob
import json
import os
import queue
import socket
import subprocess
import sys
import threading

import lab
from lab import HANG, LOG_LINE, program, until

SERVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "server.py")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def alive(pid):
    """Zombies are none."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b") ")[2][:1] not in b"ZX"
    except OSError:
        return False


def zombies(parent):
    found = []
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path, "rb") as file:
                fields = file.read().rpartition(b") ")[2].split()
        except OSError:
            continue
        if fields[0] == b"Z" and int(fields[1]) == parent:
            found.append(path)
    return found


class Keeper:
    """A running keeper_probe. Its lines are kept in `lines`; next() waits for one."""

    def __init__(self, case, *prefix, **options):
        self.case, self.lines, self.fresh = case, [], queue.Queue()
        self.log_path = os.path.join(case.folder, f"keeper-{len(case.agents)}.log")
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([*prefix, program("keeper_probe"), case.root], env={**case.environment, **options}, cwd="/",
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True)
        case.agents.append(self)
        case.addCleanup(self.close)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    @property
    def pid(self):
        return self.process.pid

    def read(self):
        for line in self.process.stdout:
            value = json.loads(line)
            self.lines.append(value)
            self.fresh.put(value)
        self.fresh.put(None)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(HANG)
        self.reader.join(HANG)
        self.process.stdin.close()
        self.process.stdout.close()

    def complaints(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
        return [line for line in lines if not LOG_LINE.match(line) and "dormouse-guard: " not in line]

    def say(self, *words):
        self.process.stdin.write((" ".join(words) + "\n").encode())
        self.process.stdin.flush()

    def next(self, what, fits):
        """The next line that fits."""
        while True:
            try:
                line = self.fresh.get(timeout=HANG)
            except queue.Empty:
                line = None
            if line is None:
                with open(self.log_path, encoding="utf-8", errors="replace") as file:
                    raise AssertionError(f"no {what}; told: {self.lines}\n{file.read()}")
            if fits(line):
                return line

    def next_log(self, kind, service=None):
        """The fields of the next log line of a kind."""
        return self.next(kind, lambda line: line.get("log") == kind and service in (None, line["fields"]["service"]))["fields"]

    def begun(self):
        self.next("start", lambda line: line.get("ready"))
        return self

    def all_stopped(self):
        self.next("all_stopped", lambda line: line.get("all_stopped"))

    def look(self):
        self.say("look")
        return self.next("views", lambda line: "views" in line)

    def view(self, name):
        return next(view for view in self.look()["views"] if view["name"] == name)

    def wait_state(self, name, state):
        """The view of a service once it is in `state`."""
        return until(lambda: f"{name} is {state}: {self.view(name)}", lambda: (view := self.view(name))["state"] == state and view)

    def logged(self, kind, service=None):
        return [line["fields"] for line in self.lines if line.get("log") == kind and service in (None, line["fields"]["service"])]

    def kill(self):
        self.process.kill()
        self.process.wait(HANG)


class Case(lab.Case):
    """With servers whose instances are counted, in /proc."""

    def setUp(self):
        if not os.path.exists("/proc/self/stat"):
            self.skipTest("needs /proc")
        super().setUp()

    def configure(self, *services):
        """Each service is a table: name, and what is needed of it."""
        lines = []
        for service in services:
            lines.append("[[service]]")
            for key, value in service.items():
                if key == "ready" and "tcp" in value:
                    lines.append(f"ready = {{ tcp = {value['tcp']} }}")
                elif key == "ready":
                    lines.append(f"ready = {{ command = {json.dumps(value['command'])} }}")
                else:
                    lines.append(f"{key} = {json.dumps(value)}")
        os.makedirs(self.root, 0o700, exist_ok=True)
        with open(self.at("dormouse.toml"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        os.chmod(self.at("dormouse.toml"), 0o600)

    def notes(self, name):
        return os.path.join(self.folder, "notes-" + name)

    def server(self, name, *flags, **keys):
        return {"name": name, "command": [sys.executable, SERVER, self.notes(name), *flags], **keys}

    def noted(self, name, what):
        """The pids that a server wrote down: starts, ends, twice."""
        try:
            with open(os.path.join(self.notes(name), what), encoding="utf-8") as file:
                return [int(line) for line in file]
        except FileNotFoundError:
            return []

    def keeper(self, *prefix, **options):
        return Keeper(self, *prefix, **options).begun()

    def end(self, keeper):
        """Everything is stopped, and nothing is left behind: not even a zombie."""
        keeper.say("end")
        keeper.all_stopped()
        self.assertEqual(zombies(keeper.pid), [])
        keeper.say("quit")
        self.assertEqual(keeper.process.wait(HANG), 0)

    def records(self):
        return self.json("services.json")["services"]
