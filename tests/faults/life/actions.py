# SPDX-License-Identifier: MIT
"""What a random user does: to the agent, to its files, to its clients and to the machine. Each is a method `do_…` of a mixin for LifeCase."""
import os
import shutil
import signal
import struct
import threading
import time

from lab import Client, Subscriber, Wrapper

BEAT = 0.3  # seconds between two refreshes of a wrapper; they go stale after 1.2
DAY = 86_400
# Not services.json: without it nobody can know what runs.
FILES = ("lifecycle_state.json", "dormouse.json", ".daemon-state.json", "agent.sock", "agent.lock", ".lifecycle.lock", "wake.signal")


class Machine:
    """Its clocks, as programs with clockshift.so see them."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "clock")
        self.wall = self.boot = 0
        with open(self.path, "wb") as file:
            file.write(struct.pack("qq", 0, 0))

    def shift(self, wall, boot=0):
        self.wall, self.boot = self.wall + wall, self.boot + boot
        with open(self.path, "r+b") as file:  # in place: it is mapped
            file.write(struct.pack("qq", self.wall, self.boot))


class Attached(threading.Thread):
    """Wrappers that refresh their heartbeats as long as they live, on the machine's clock."""

    def __init__(self, case):
        super().__init__(daemon=True)
        self.case, self.lock, self.over = case, threading.Lock(), threading.Event()
        self.beating, self.frozen = [], []

    def run(self):
        while not self.over.wait(BEAT):
            self.refresh()

    def refresh(self):
        with self.lock:
            for wrapper in self.beating:
                try:
                    os.makedirs(os.path.dirname(wrapper.path), 0o700, exist_ok=True)  # as wrappers do
                    wrapper.beat(age=-self.case.machine.wall)
                except FileNotFoundError:
                    pass  # it was deleted in between: the next one comes soon

    def come(self):
        wrapper = Wrapper(self.case.root)
        self.case.wrappers.append(wrapper)
        with self.lock:
            self.beating.append(wrapper)
        self.refresh()
        return wrapper

    def take(self, chance, frozen=False):
        """One of them, which no longer refreshes; None when there is none."""
        with self.lock:
            kind = self.frozen if frozen else self.beating
            return kind.pop(chance.randrange(len(kind))) if kind else None

    def empty(self):
        with self.lock:
            gone = self.beating + self.frozen
            self.beating, self.frozen = [], []
        for wrapper in gone:
            wrapper.leave()
            wrapper.die()


class Actions:
    """`self.random`, `self.agent`, `self.attached`, `self.machine` and `self.held_connections` belong to the case."""

    def pick(self, *choices):
        return self.random.choice(choices)

    # --- wrappers

    def do_wrapper_comes(self):
        if len(self.attached.beating) < 6:
            self.attached.come()

    def do_wrapper_goes(self):
        if wrapper := self.attached.take(self.random):
            wrapper.leave()
            wrapper.die()

    def do_wrapper_crashes(self):
        if wrapper := self.attached.take(self.random):
            wrapper.die()

    def do_wrapper_hangs(self):
        if wrapper := self.attached.take(self.random):
            self.attached.frozen.append(wrapper)

    def do_wrapper_goes_on(self):
        if wrapper := self.attached.take(self.random, frozen=True):
            self.attached.beating.append(wrapper)

    def do_wrapper_writes_rubbish(self):
        if wrapper := self.attached.take(self.random):
            self.attached.frozen.append(wrapper)
            if os.path.exists(wrapper.path):
                with open(wrapper.path, "wb") as file:
                    file.write(self.pick(b"", b"{", b"\xff\x00", b"[]", b'{"pid": true}'))

    # --- clients

    def do_request(self):
        self.tell(self.pick("force_wake", "request_arrived"))

    def do_session(self):
        self.tell(self.pick("session_open", "consume_first_turn"), session_id=f"s{self.random.randrange(5)}")

    def do_wish(self):
        self.tell(self.pick("user_initiated_sleep", "hibernate"), force=self.pick(True, False))

    def do_cycle(self):
        if self.random.random() < 0.5:
            return self.tell("force_rem")
        return self.tell("sleep_cycle", action=self.pick("status", "reset_quarantine"))

    def do_pause(self):
        self.tell("pause", seconds=self.random.uniform(0.1, 20))

    def do_resume(self):
        self.tell("resume")

    def do_look(self):
        for kind in self.random.sample(("status", "why", "wrappers", "history", "digest", "reload", "clean", "acknowledge"), 3):
            self.tell(kind, **{"acknowledge": {"what": "x"}, "digest": {"peek": True}}.get(kind, {}))

    def do_service(self):
        self.tell("service", name="memory", action=self.pick("start", "stop", "restart", "leave_alone"))

    def do_user_idle(self):
        self.tell("user_idle", seconds=self.pick(None, 0.5, 4000))

    def do_nonsense(self):
        self.tell(self.pick("sleep", "", "status", "lease"), surplus=1)

    def do_lease(self):
        client = self.connect()
        if client:
            client.send("lease", name=f"run {len(self.held_connections)}", max_seconds=self.random.uniform(0.5, 30))
            self.held_connections.append(client)

    def do_release(self):
        wrappers = self.tell("wrappers") or {}
        names = [entry.get("name") or f"heartbeat {entry.get('uuid')}" for entry in wrappers.get("wrappers", [])]
        self.tell("release", name=self.pick(*names, "nothing"))

    def do_subscribe(self):
        client = self.connect()
        if client:
            client.close()
            self.held_connections.append(Subscriber(self.agent.path))

    def do_hang_up(self):
        for _ in range(min(3, len(self.held_connections))):
            self.held_connections.pop(self.random.randrange(len(self.held_connections))).close()

    def do_half_a_line(self):
        client = self.connect()
        if client:
            client.socket.sendall(b'{"type":"sta')
            self.held_connections.append(client)

    def connect(self):
        try:
            return Client(self.agent.path, timeout=20)
        except OSError:
            return None  # it is on its way down, or its socket was deleted a moment ago

    # --- files

    def do_delete(self):
        name = self.pick(*FILES)
        if os.path.lexists(self.at(name)):
            os.unlink(self.at(name))
            return name
        return None

    def do_delete_a_heartbeat(self):
        for wrapper in self.attached.beating[:1]:
            wrapper.leave()

    def do_delete_a_folder(self):
        name = self.pick("wrappers", "logs")
        if name == "wrappers" and self.random.random() < 0.5:
            shutil.rmtree(self.at("moved"), ignore_errors=True)
            os.rename(self.at(name), self.at("moved"))
        else:
            shutil.rmtree(self.at(name), ignore_errors=True)
        return name

    def do_wake_signal(self):
        self.drop_signal(self.pick(b"", b"{}", b"\xff"))

    def do_wake_signal_folder(self):
        if not os.path.lexists(self.at("wake.signal")):
            os.mkdir(self.at("wake.signal"))

    # --- signals; after those that end it, the next agent is started

    def do_term(self):
        self.agent.signal(signal.SIGTERM)
        self.ended(self.agent.wait(20), 0)

    def do_stop(self):
        self.tell("stop")
        self.ended(self.agent.wait(20), 0)

    def do_kill(self):
        self.agent.kill()
        self.ended(self.agent.process.returncode, -9)

    def do_hup(self):
        self.agent.signal(signal.SIGHUP)

    def do_freeze(self):
        self.agent.signal(signal.SIGSTOP)
        time.sleep(self.random.uniform(0.05, 0.8))  # how long it stands still is the point
        self.agent.signal(signal.SIGCONT)

    # --- the machine

    def do_clock_step(self):
        self.machine.shift(self.pick(DAY, -DAY, 3600, -3600, 300))
        self.attached.refresh()

    def do_suspend(self):
        length = self.pick(8 * 3600, 60, 3600)
        self.machine.shift(length, length)


WEIGHTS = {"do_wrapper_comes": 9, "do_wrapper_goes": 4, "do_wrapper_crashes": 3, "do_wrapper_hangs": 3, "do_wrapper_goes_on": 2, "do_wrapper_writes_rubbish": 1,
           "do_request": 4, "do_session": 3, "do_wish": 4, "do_cycle": 3, "do_pause": 2, "do_resume": 3, "do_look": 4, "do_service": 2, "do_user_idle": 2,
           "do_nonsense": 1, "do_lease": 3, "do_release": 2, "do_subscribe": 2, "do_hang_up": 3, "do_half_a_line": 1, "do_delete": 5,
           "do_delete_a_heartbeat": 2, "do_delete_a_folder": 2, "do_wake_signal": 3, "do_wake_signal_folder": 1, "do_term": 1, "do_stop": 1, "do_kill": 3,
           "do_hup": 2, "do_freeze": 2, "do_clock_step": 4, "do_suspend": 3}
