#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A minute with Dormouse, in a terminal: two wrappers come, work and leave, the agent walks down to HIBERNATION and exits,
and a client wakes it again. Everything on the stage is real: the agent, the command line, the wrappers and the socket.
Only the timers are scaled, and the root is a private one that is removed at the end.

usage: demo.py --bin FOLDER    the folder with dormouse-agent and dormouse"""

import argparse
import datetime
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
import uuid

TIMERS = {"stale_after": 2, "drowsy_after": 4, "sleep_after": 10, "hibernate_after": 30}
LIMIT = 90  # seconds that any one change of state may take before the show is given up
STATES = {"WAKE": ("32", "●"), "DROWSY": ("33", "◐"), "SLEEP": ("34", "○"), "HIBERNATION": ("35", "◌")}


class Trouble(Exception):
    """Something on the stage did not happen; its text is for the person who watches."""


class Screen:
    """Lines with the time since the show began; colours only on a terminal."""

    def __init__(self):
        self.began = time.monotonic()
        self.colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        self.width = max(60, min(shutil.get_terminal_size((100, 24)).columns, 120))

    def paint(self, code, text):
        return f"\033[{code}m{text}\033[0m" if self.colours else text

    def line(self, text="", mark=" ", label="", code="0"):
        """One message: the time, a mark and a label in colour, and the text, wrapped beside them."""
        clock = f"{time.monotonic() - self.began:6.1f} s "
        label = f"{label:<12}" if label else ""
        indent = len(clock) + len(mark) + len(label) + 3
        rows = textwrap.wrap(text, self.width - indent) or [""]
        head = " ".join(filter(None, (self.paint("2", clock), self.paint(code, mark), label and self.paint("1;" + code, label))))
        print(f"{head} {rows[0]}", flush=True)
        for row in rows[1:]:
            print(" " * (indent if label else indent - 1) + row, flush=True)

    def act(self, text):
        print(f"\n{self.paint('1', text)}", flush=True)

    def say(self, text):
        self.line(text, mark="·", code="36")

    def state(self, snapshot, note):
        code, mark = STATES.get(snapshot["state"], ("0", "?"))
        self.line(note, mark, snapshot["state"], code)


class Subscriber:
    """A client of the agent that only looks: `subscribe`, then a line for each change."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)
        self.socket.sendall(b'{"type":"subscribe"}\n')
        self.pending = b""

    def snapshots(self, seconds):
        """What comes within `seconds`: a list of snapshots, or None once the agent is gone."""
        if not select.select([self.socket], [], [], max(0, seconds))[0]:
            return []
        try:
            data = self.socket.recv(65536)
        except ConnectionError:
            data = b""
        if not data:
            return None
        *lines, self.pending = (self.pending + data).split(b"\n")
        objects = [json.loads(line) for line in lines if line]
        return [o for o in objects if "state" in o]


class Stage:
    """The private root with the agent and the wrappers on it. Everything started here is ended by close()."""

    def __init__(self, folder):
        self.agent_program = os.path.join(folder, "dormouse-agent")
        self.client_program = os.path.join(folder, "dormouse")
        for program in (self.agent_program, self.client_program):
            if not os.access(program, os.X_OK):
                raise Trouble(f"{program} is missing: build it with ./dev build")
        self.home = tempfile.mkdtemp(prefix="dormouse-demo-")
        self.root = os.path.join(self.home, "root")
        self.socket_path = os.path.join(self.root, "agent.sock")
        self.log_path = os.path.join(self.home, "agent.log")
        self.children = []
        # A home of its own: no agent that is installed for you is asked to do anything, and the woken agent keeps the scaled timers.
        hidden = ("DORMOUSE_", "IAI_MCP_", "LIFECYCLE_", "XDG_")
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(hidden)}
        self.environment.update(HOME=self.home, DORMOUSE_ROOT=self.root, PYTHONDONTWRITEBYTECODE="1",
                                LIFECYCLE_DROWSY_AFTER_SEC=str(TIMERS["drowsy_after"]),
                                LIFECYCLE_SLEEP_HEARTBEAT_IDLE_SEC=str(TIMERS["sleep_after"]),
                                LIFECYCLE_HIBERNATE_AFTER_SEC=str(TIMERS["hibernate_after"]))

    def start(self, *command, log=subprocess.DEVNULL):
        child = subprocess.Popen(command, env=self.environment, cwd=self.home, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                 start_new_session=True)
        self.children.append(child)
        return child

    def start_agent(self):
        settings = {"timers.tick": 1, **{f"timers.{key}": value for key, value in TIMERS.items()}, "lifecycle.hibernation": "exit"}
        options = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
        with open(self.log_path, "wb") as log:
            return self.start(self.agent_program, "--root", self.root, *options, log=log)

    def start_wrapper(self, name):
        return self.start(sys.executable, os.path.abspath(__file__), "--wrapper", self.root, "--name", name)

    def subscribe(self):
        """Connects as soon as the agent listens; hang limit 10 s."""
        deadline = time.monotonic() + 10
        while True:
            try:
                return Subscriber(self.socket_path)
            except OSError as error:
                if time.monotonic() > deadline:
                    raise Trouble(f"the agent does not answer on {self.socket_path}: {error}\n{self.log()}") from error
                time.sleep(0.05)

    def client(self, *words):
        """Runs `dormouse` and answers with what it printed."""
        done = subprocess.run([self.client_program, *words], env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=30, check=False)
        if done.returncode:
            raise Trouble(f"dormouse {' '.join(words)} ended with {done.returncode}: {done.stderr.strip()}\n{self.log()}")
        return done.stdout.rstrip("\n")

    def log(self):
        try:
            with open(self.log_path, encoding="utf-8", errors="replace") as file:
                return file.read()[-2000:]
        except OSError:
            return ""

    def close(self):
        """Ends all that was started, a woken agent included, and removes the root."""
        for child in self.children:
            if child.poll() is None:
                child.terminate()
        for child in self.children:
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._stop_woken_agent()
        shutil.rmtree(self.home, ignore_errors=True)

    def _stop_woken_agent(self):
        """The agent that `dormouse wake` started is no child of ours: it is asked to stop, and ends the connection when it does."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(10)
                connection.connect(self.socket_path)
                connection.sendall(b'{"type":"stop"}\n')
                while connection.recv(65536):
                    pass
            deadline = time.monotonic() + 5
            while os.path.exists(os.path.join(self.root, "agent.lock")) and time.monotonic() < deadline:
                time.sleep(0.05)
        except OSError:
            pass  # nobody listens: nothing to stop


class Show:
    def __init__(self, stage, screen):
        self.stage, self.screen = stage, screen
        self.subscriber = None
        self.snapshot = {}
        self.shown = None

    def note(self, snapshot):
        note = snapshot.get("why", "")
        following = snapshot.get("next")
        if following and not re.search(r" in \d+:\d\d", note):
            wait = (datetime.datetime.fromisoformat(following["at"]) - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
            note += f"  → {following['state']} in {max(0, wait):.0f} s"
        return note

    def watch(self, seconds, until=None):
        """Shows each change for so long, or until a state is reached or (until = "gone") the agent has exited."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            snapshots = self.subscriber.snapshots(deadline - time.monotonic())
            if snapshots is None:
                if until == "gone":
                    return
                raise Trouble("the agent has gone away\n" + self.stage.log())
            for snapshot in snapshots:
                self.snapshot = snapshot
                # Durations move all the time; a line is worth it only when something else does.
                shown = (snapshot["state"], re.sub(r"[\d:]+ ?(ms|s|min|h|d)?\b", "", snapshot.get("why", "")))
                if shown != self.shown:
                    self.shown = shown
                    self.screen.state(snapshot, self.note(snapshot))
            if until is not None and self.snapshot.get("state") == until:
                return
        if until is not None:
            raise Trouble(f"{until} was not reached within {seconds} s; still {self.snapshot.get('state')}\n{self.stage.log()}")

    def quote(self, command, output):
        print(f"\n  {self.screen.paint('1', '$ ' + command)}")
        print(textwrap.indent(output, "  "), flush=True)

    def play(self):
        say, act = self.screen.say, self.screen.act
        print(self.screen.paint("1", "A minute with Dormouse"))
        print("Real programs on a private root; only the timers are scaled: drowsy after "
              + "{drowsy_after} s, asleep after {sleep_after} s without anybody.".format(**TIMERS))
        act("1  Somebody works")
        agent = self.stage.start_agent()
        self.subscriber = self.stage.subscribe()
        say(f"the agent starts (pid {agent.pid}); this window subscribes to it, which does not count as use")
        self.watch(1)
        first = self.stage.start_wrapper("claude-code")
        say(f"claude-code comes (pid {first.pid}): a small Python program that writes a heartbeat file")
        self.watch(4)
        second = self.stage.start(self.stage.client_program, "run", "--name", "editor", "--", "sleep", "8")
        say(f"an editor comes (pid {second.pid}): `dormouse run --name editor -- sleep 8`")
        self.watch(1)
        self.quote("dormouse wrappers", self.stage.client("wrappers"))
        print()
        self.watch(4)
        act("2  Everybody leaves")
        first.terminate()
        say("claude-code is closed and takes its heartbeat along")
        while second.poll() is None:
            self.watch(0.5)
        say(f"the editor is done, `dormouse run` ends with its exit code: {second.returncode}")
        self.watch(LIMIT, until="DROWSY")
        self.watch(2)
        act("3  Somebody was only away for a coffee")
        back = self.stage.start_wrapper("claude-code")
        say(f"claude-code is back (pid {back.pid}); its heartbeat alone is enough")
        self.watch(LIMIT, until="WAKE")
        self.watch(4)
        back.terminate()
        say("and is closed for the day")
        for state in ("DROWSY", "SLEEP"):
            self.watch(LIMIT, until=state)
        act("4  Nobody needs the memory")
        self.watch(LIMIT, until="HIBERNATION")
        self.watch(LIMIT, until="gone")
        code = agent.wait(10)
        say(f"the agent has exited with {code}; not a byte of it is left in memory")
        if code != 0:
            raise Trouble(self.stage.log())
        self.quote("dormouse status", self.stage.client("status"))
        print()
        time.sleep(2)
        act("5  The next morning")
        say("a client that finds nobody runs `dormouse wake`")
        self.quote("dormouse wake --wait", self.stage.client("wake", "--wait"))
        print()
        self.subscriber, self.shown = self.stage.subscribe(), None
        self.watch(10, until="WAKE")
        self.quote("dormouse history", self.stage.client("history"))
        self.screen.act("The end. The root was private and is gone; ./dev run does the same on your own.")


def wrapper(root, name):
    """What any client does: a heartbeat file, replaced by rename, removed at the end."""
    identity = str(uuid.uuid4())
    path = os.path.join(root, "wrappers", f"heartbeat-{os.getpid()}-{identity}.json")
    started = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        while True:
            now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
            heartbeat = {"pid": os.getpid(), "uuid": identity, "started_at": started,
                         "last_refresh": now, "last_active": now, "name": name, "wrapper_version": "demo", "schema_version": 1}
            with open(path + ".tmp", "w", encoding="utf-8") as file:
                json.dump(heartbeat, file)
            os.replace(path + ".tmp", path)
            time.sleep(0.5)
    finally:
        for leftover in (path + ".tmp", path):
            if os.path.exists(leftover):
                os.remove(leftover)


def main():
    parser = argparse.ArgumentParser(description="A minute's show of Dormouse, in a private root.")
    parser.add_argument("--bin", help="the folder with dormouse-agent and dormouse")
    parser.add_argument("--wrapper", metavar="ROOT", help=argparse.SUPPRESS)
    parser.add_argument("--name", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.wrapper:
        return wrapper(options.wrapper, options.name)
    if not options.bin:
        parser.error("--bin is needed")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    stage = None
    try:
        stage = Stage(os.path.abspath(options.bin))
        Show(stage, Screen()).play()
    except KeyboardInterrupt:
        print("\nstopped; cleaning up", file=sys.stderr)
        return 130
    except (Trouble, OSError, subprocess.TimeoutExpired) as trouble:
        print(f"\ndemo: {trouble}", file=sys.stderr)
        return 1
    finally:
        if stage is not None:
            stage.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
