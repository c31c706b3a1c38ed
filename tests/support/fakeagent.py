# SPDX-License-Identifier: MIT
"""An agent as a tray sees it, with every behaviour a real one does not show: it says what it is told to, garbage or nothing."""
import copy
import ctypes
import json
import os
import socket
import threading
import time

from lab import now

PROGRAM = "dormouse-agent"
PR_SET_NAME = 15


def first_line(path):
    try:
        with open(path, encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return ""


def snapshot(state="WAKE", **fields):
    """What a healthy agent says of itself, with `fields` instead of its own."""
    at = now()
    return {"state": state, "since_ts": at, "state_since_ts": at, "last_activity_ts": at, "wrapper_event_seq": 1, "shadow_run": False,
            "version": "0.1.0", "pid": os.getpid(), "daemon_started_at": at, "uptime_sec": 1.5,
            "fsm_state": {"WAKE": "WAKE", "DROWSY": "TRANSITIONING", "SLEEP": "SLEEP"}.get(state, "SLEEP"),
            "wrappers": {"fresh": 0, "stale": 0, "orphan": 0, "leaked": 0, "leases": 0, "overflow": 0}, "idle_sec": 1.5, "user_idle_sec": None,
            "idle_sources": [], "next": None, "why": f"fake: {state.lower()} for a test", "attention": [], "scheduler_paused": False,
            "paused_until": None, "wish": None, "sleep_cycle_progress": None, "running_step": None, "quarantine": None, "services": [],
            "freed_bytes": None, "pending_digest": None, "refused": {}, "last_error": None, **fields}


class FakeAgent:
    """Serves <root>/agent.sock from a thread of this process, whose pid and name stand in agent.lock.

    `replies`: type of message → the answer (or a function of the message). `is_silent`: accepts and reads, never answers. `greeting`: bytes sent
    to each new connection instead of answering anything."""

    def __init__(self, case, state="WAKE", greeting=None, is_silent=False, **fields):
        self.root, self.path = case.root, os.path.join(case.root, "agent.sock")
        self.snapshot, self.greeting, self.is_silent = snapshot(state, **fields), greeting, is_silent
        self.replies = {"wrappers": {"total": 0, "wrappers": []}, "history": {"total": 0, "transitions": []}}
        self.changed = threading.Condition()
        self.requests, self.connections, self.subscribers = [], [], []
        self.accepted = 0
        self.is_over = self.hangs_up = False
        os.makedirs(os.path.join(self.root, "wrappers"), 0o700, exist_ok=True)
        os.makedirs(os.path.join(self.root, "logs"), 0o700, exist_ok=True)
        os.chmod(self.root, 0o700)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        old = os.umask(0o177)
        try:
            self.listener.bind(self.path)
        finally:
            os.umask(old)
        self.listener.listen(16)
        self.hold_lock()
        self.acceptor = threading.Thread(target=self.accept, daemon=True)
        self.acceptor.start()
        case.addCleanup(self.stop)

    def hold_lock(self):
        """As the agent does it: the lock comes last, for from then on it answers. The file appears whole."""
        ctypes.CDLL(None).prctl(PR_SET_NAME, PROGRAM.encode(), 0, 0, 0)  # of the main thread: what /proc/<pid>/comm says
        lines = [str(os.getpid()), PROGRAM, socket.gethostname(), first_line("/etc/machine-id"), first_line("/proc/sys/kernel/random/boot_id")]
        temporary = os.path.join(self.root, ".agent.lock.fake")
        with open(temporary, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        os.replace(temporary, os.path.join(self.root, "agent.lock"))

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with self.changed:
                if self.is_over:
                    connection.close()
                    return
                self.connections.append(connection)
                self.accepted += 1
                self.changed.notify_all()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            if self.hangs_up:
                connection.shutdown(socket.SHUT_RDWR)
            if self.greeting is not None:
                connection.sendall(self.greeting)
            with connection.makefile("rb") as reader:
                for line in reader:
                    self.answer(connection, line)
        except (OSError, ValueError):
            pass
        with self.changed:
            self.connections = [other for other in self.connections if other is not connection]
            self.subscribers = [other for other in self.subscribers if other is not connection]
            self.changed.notify_all()
        connection.close()

    def answer(self, connection, line):
        message = json.loads(line)
        with self.changed:
            self.requests.append(message)
            self.changed.notify_all()
            if self.is_silent or self.greeting is not None:
                return
            self.send(connection, self.reply(message))
            if message["type"] == "subscribe":
                self.subscribers.append(connection)
                self.send(connection, {"event": "snapshot", **self.snapshot})

    def reply(self, message):
        reply = {"ok": True}
        if "id" in message:
            reply["id"] = message["id"]
        scripted = self.replies.get(message["type"], {})
        if message["type"] == "status" and not scripted:
            scripted = self.snapshot
        return {**reply, **(scripted(message) if callable(scripted) else scripted)}

    @staticmethod
    def send(connection, value):
        try:
            connection.sendall(json.dumps(value).encode() + b"\n")
        except OSError:
            pass

    def tell(self, state=None, **changes):
        """A changed snapshot to all subscribers. Answers with the steady time just before it."""
        with self.changed:
            self.snapshot = copy.deepcopy(self.snapshot) | changes
            if state:
                at = now()
                self.snapshot |= {"state": state, "since_ts": at, "state_since_ts": at, "why": changes.get("why", f"fake: {state.lower()} for a test")}
            before = time.monotonic()
            for connection in self.subscribers:
                self.send(connection, {"event": "snapshot", **self.snapshot})
            return before

    def send_raw(self, data):
        """Bytes as they are, to everybody."""
        with self.changed:
            for connection in self.connections:
                try:
                    connection.sendall(data)
                except OSError:
                    pass

    def hang_up(self):
        """Closes the connections that are open."""
        with self.changed:
            for connection in self.connections:
                connection.shutdown(socket.SHUT_RDWR)

    def wait_subscribed(self, timeout=30):
        with self.changed:
            if not self.changed.wait_for(lambda: self.subscribers, timeout):
                raise AssertionError(f"nobody subscribed within {timeout} s; asked: {self.requests}")

    def wait_request(self, type_, timeout=30, **fields):
        """The first message of that type with these fields."""
        def first():
            return next((message for message in self.requests if message["type"] == type_ and fields.items() <= message.items()), None)
        with self.changed:
            if not self.changed.wait_for(first, timeout):
                raise AssertionError(f"no {type_} {fields} within {timeout} s; asked: {self.requests}")
            return first()

    def stop(self):
        """Gone, as after a clean end: no lock, no socket, no connection."""
        with self.changed:
            if self.is_over:
                return
            self.is_over = True
            connections = list(self.connections)
        for name in ("agent.lock", "agent.sock"):
            try:
                os.unlink(os.path.join(self.root, name))
            except FileNotFoundError:
                pass
        for end in (self.listener, *connections):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.listener.close()
        self.acceptor.join(10)


def half_a_line(state="WAKE"):
    """A snapshot that breaks off in its middle."""
    line = json.dumps({"event": "snapshot", **snapshot(state)}).encode()
    return line[:len(line) // 2]


def garbage():
    """An HTTP server, more or less; and bytes that are no text at all."""
    return b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n" + bytes(range(256)) + b"\n"
