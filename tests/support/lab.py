# SPDX-License-Identifier: MIT
"""A laboratory for the real programs: an agent in a private root with scaled timers, clients, fake wrappers. Standard library only.

A test program that uses it needs DORMOUSE_BIN (the folder of dormouse-agent and dormouse). Nothing it starts outlives it, whatever happens."""
import datetime
import fcntl
import glob
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import uuid

HANG = 60  # seconds after which something is taken to hang; nothing that is waited for takes a tenth of it
NOBODY = 65534
MARK = f"{os.getpid()}-{uuid.uuid4()}"  # in the environment of whatever this test program starts
# Nothing happens by itself, and the tick is quick.
TIMERS = {"tick": 0.5, "stale_after": 0.5, "drowsy_after": 600, "sleep_after": 600, "hibernate_after": 600}
LOG_LINE = re.compile(r"^\d{4}-\d\d-\d\dT[\d:.]+Z (debug|info|warning|critical|fatal) \S+: ")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}|\.\d{6})?\+00:00$")  # what fromisoformat of Python 3.10 reads


def program(name):
    return os.path.join(os.environ["DORMOUSE_BIN"], name)


def works(*command):
    try:
        return subprocess.run(command, capture_output=True, timeout=HANG).returncode == 0
    except OSError:
        return False


need_other_user = unittest.skipUnless(os.geteuid() != 0 or (shutil.which("setpriv") and works("setpriv", f"--reuid={NOBODY}", "--clear-groups", "true")),
                                      "needs setpriv, to be another user than root")


def as_nobody():
    """What a command is started with so that file rights mean something."""
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if os.geteuid() == 0 else []


def now(offset=0.0):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=offset)).isoformat(timespec="milliseconds")


def until(what, condition, timeout=HANG, period=0.01):
    """Waits until `condition()` is true, and answers with it."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout} s: {what() if callable(what) else what}")
        time.sleep(period)


def marked(text):
    """The processes with `text` in their environment. By /proc; elsewhere nobody is found."""
    found = []
    for path in glob.glob("/proc/[0-9]*/environ"):
        try:
            with open(path, "rb") as file:
                environment = file.read()
            with open(path.replace("environ", "stat"), "rb") as file:
                isZombie = file.read().rpartition(b") ")[2].startswith(b"Z")
        except OSError:
            continue
        pid = int(path.split("/")[2])
        if text.encode() in environment and not isZombie and pid != os.getpid():
            found.append(pid)
    return found


def kill(pid, number=signal.SIGKILL):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def start_guard():
    """A process that ends what this one leaves behind, should it be killed itself (by a test runner's time-out)."""
    read_end, write_end = os.pipe()
    subprocess.Popen([sys.executable, os.path.abspath(__file__), "--guard", MARK, str(read_end)], pass_fds=[read_end], start_new_session=True,
                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(read_end)
    return write_end  # open as long as this process lives; not inherited


def guard(mark, read_end):
    os.read(int(read_end), 1)
    for _ in range(20):
        for pid in marked("DORMOUSE_LAB=" + mark):
            kill(pid)
        time.sleep(0.05)


class Client:
    """A connection to the control socket."""

    def __init__(self, path, timeout=HANG):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        try:
            self.socket.connect(path)
        except OSError:
            self.socket.close()
            raise
        self.reader = self.socket.makefile("rb")

    def send(self, type_, **fields):
        self.socket.sendall(json.dumps({"type": type_, **fields}).encode() + b"\n")

    def receive(self):
        """The next line; None when the agent has closed the connection."""
        try:
            line = self.reader.readline()
        except ConnectionError:
            return None
        return json.loads(line) if line.endswith(b"\n") else None

    def ask(self, type_, **fields):
        self.send(type_, **fields)
        answer = self.receive()
        if answer is None:
            raise ConnectionError(f"the agent closed the connection instead of answering {type_}")
        return answer

    def close(self):
        self.reader.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Subscriber(threading.Thread):
    """Everything that `subscribe` tells, each with the steady time of its arrival."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.client = Client(path, timeout=None)
        self.changed = threading.Condition()
        self.events = []
        self.is_over = False
        self.client.send("subscribe")
        self.start()

    def run(self):
        while True:
            try:
                message = self.client.receive()
            except (OSError, ValueError):
                message = None
            arrived = time.monotonic()
            with self.changed:
                if message is None:
                    self.is_over = True
                elif message.get("event") == "snapshot":
                    self.events.append((arrived, message))
                self.changed.notify_all()
                if message is None:
                    return

    def wait_for(self, condition, after=0, timeout=HANG):
        """The first (time, snapshot) from index `after` on that fits."""
        def first():
            return next((event for event in self.events[after:] if condition(event[1])), None)
        with self.changed:
            if not self.changed.wait_for(lambda: first() or self.is_over, timeout) or not first():
                raise AssertionError(f"nothing fits; told: {[event[1]['state'] for event in self.events]}")
            return first()

    def wait_for_state(self, state, after=0, timeout=HANG):
        return self.wait_for(lambda snapshot: snapshot["state"] == state, after, timeout)

    def states(self):
        with self.changed:
            return [snapshot["state"] for _, snapshot in self.events]

    def close(self):
        try:
            self.client.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.join(HANG)
        self.client.close()


class Wrapper:
    """A client as the agent sees it: a living process with a heartbeat file."""

    def __init__(self, root, name="wrapper", **fields):
        self.process = subprocess.Popen(["sleep", "3600"], env={**os.environ, "DORMOUSE_LAB": MARK}, start_new_session=True)
        self.uuid = str(uuid.uuid4())
        self.path = os.path.join(root, "wrappers", f"heartbeat-{self.process.pid}-{self.uuid}.json")
        self.fields = {"name": name, **fields}

    def content(self, age=0.0, **fields):
        return json.dumps({"pid": self.process.pid, "uuid": self.uuid, "started_at": now(), "last_refresh": now(-age), "wrapper_version": "1.0.0",
                           "schema_version": 1, **self.fields, **fields})

    def beat(self, age=0.0, **fields):
        """As wrappers do it: by rename. Answers with the steady time just before it."""
        temporary = os.path.join(os.path.dirname(self.path), f".{self.uuid}.tmp")
        with open(temporary, "w", encoding="utf-8") as file:
            file.write(self.content(age, **fields))
        before = time.monotonic()
        os.replace(temporary, self.path)
        return before

    def beat_in_place(self):
        with open(self.path, "r+", encoding="utf-8") as file:
            before = time.monotonic()
            file.write(self.content())
            file.truncate()
        return before

    def leave(self):
        try:
            os.unlink(self.path)
        except FileNotFoundError:
            pass

    def die(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(HANG)


class Agent:
    """A running dormouse-agent."""

    def __init__(self, case, *flags, timers=None, sets=None, prefix=(), allow=(), program_path=None, **options):
        self.case, self.root, self.allow = case, case.root, [re.compile(pattern) for pattern in allow]
        self.path = os.path.join(self.root, "agent.sock")
        settings = {f"timers.{key}": value for key, value in {**TIMERS, **(timers or {})}.items()} | (sets or {})
        words = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
        self.log_path = os.path.join(case.folder, f"agent-{len(case.agents)}.log")
        environment = case.environment
        if "strace" in prefix:  # there leaks cannot be looked for
            environment = {**environment, "ASAN_OPTIONS": environment.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([*prefix, program_path or program("dormouse-agent"), "--root", self.root, *words, *flags], env=environment,
                                            cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **options)
        case.agents.append(self)

    @property
    def pid(self):
        return self.process.pid

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def client(self, timeout=HANG):
        client = Client(self.path, timeout)
        self.case.addCleanup(client.close)
        return client

    def ready(self):
        """Waits until it answers; self, so that it can be written behind the start."""
        def answers():
            if self.process.poll() is not None:
                raise AssertionError(f"the agent ended with {self.process.returncode} instead of answering:\n{self.log()}")
            try:
                with Client(self.path) as client:
                    return client.ask("status")["pid"] == self.pid
            except OSError:
                return False
        until(lambda: "the agent answers\n" + self.log(), answers)
        return self

    def ask(self, type_, **fields):
        """One message on a connection of its own."""
        with Client(self.path) as client:
            return client.ask(type_, **fields)

    def status(self):
        return self.ask("status")

    def state(self):
        return self.status()["state"]

    def wait_state(self, state, timeout=HANG):
        until(lambda: f"{state}; it is {self.status()['why']}\n{self.log()}", lambda: self.state() == state, timeout)

    def subscribe(self):
        subscriber = Subscriber(self.path)
        self.case.addCleanup(subscriber.close)
        return subscriber

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        self.process.wait(HANG)

    def wait(self, timeout=HANG):
        """Its exit code, once it ends by itself."""
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the agent does not end:\n{self.log()}") from None

    def stop(self):
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        return self.wait()

    def complaints(self):
        """What its stderr says beyond the usual and the allowed."""
        return [line for line in self.log().splitlines()
                if (not LOG_LINE.match(line) or LOG_LINE.match(line).group(1) in ("warning", "critical", "fatal"))
                and not any(pattern.search(line) for pattern in self.allow)]


class Case(unittest.TestCase):
    """A private root for each test. Fails on any unexpected line of an agent, and on any process left behind."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="dm-", dir=os.environ.get("DORMOUSE_LAB_TMP"))
        self.root = os.path.join(self.folder, "root")
        home = os.path.join(self.folder, "home")
        os.mkdir(home)
        hidden = ("DORMOUSE_", "IAI_MCP_", "LIFECYCLE_", "XDG_", "DBUS_", "LISTEN_", "NOTIFY_", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY")
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith(hidden)}
        self.environment.update(HOME=home, DORMOUSE_ROOT=self.root, DORMOUSE_LAB=MARK, LC_ALL="C.UTF-8",
                                DBUS_SYSTEM_BUS_ADDRESS="unix:path=/nonexistent")  # nobody's desktop has a say here
        self.agents, self.wrappers = [], []
        self.addCleanup(self.clear)

    def clear(self):
        """Runs after all that the test itself asked to be cleaned."""
        for child in [agent.process for agent in self.agents] + [wrapper.process for wrapper in self.wrappers]:
            if child.poll() is None:
                child.kill()
            child.wait(HANG)
        left = marked("HOME=" + os.path.join(self.folder, "home"))
        for pid in left:
            kill(pid)
        until("all processes gone", lambda: not marked("HOME=" + os.path.join(self.folder, "home")))
        complaints = [f"{agent.log_path}: {line}" for agent in self.agents for line in agent.complaints()]
        shutil.rmtree(self.folder, ignore_errors=True)
        self.assertFalse(os.path.exists(self.folder), "the private folder could not be removed")
        self.assertEqual(complaints, [], "an agent complained")
        self.assertEqual(left, [], "processes were left behind")

    def start(self, *flags, **options):
        """An agent that answers."""
        return self.launch(*flags, **options).ready()

    def launch(self, *flags, **options):
        return Agent(self, *flags, **options)

    def adopt_woken(self):
        """Ends an agent that `dormouse` has started, as a user would."""
        with Client(self.at("agent.sock")) as client:
            client.ask("stop")
        until("the woken agent has gone", lambda: not os.path.exists(self.at("agent.lock")))
        until("its process, too", lambda: not marked("HOME=" + os.path.join(self.folder, "home")))

    def wrapper(self, name="wrapper", **fields):
        wrapper = Wrapper(self.root, name, **fields)
        self.wrappers.append(wrapper)
        return wrapper

    def dormouse(self, *words, **options):
        """Runs the command line to its end."""
        return subprocess.run([program("dormouse"), *words], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=HANG, **options)

    def at(self, *names):
        return os.path.join(self.root, *names)

    def read(self, name):
        with open(self.at(name), "rb") as file:
            return file.read()

    def json(self, name):
        return json.loads(self.read(name))

    def put_json(self, name, value):
        os.makedirs(self.root, 0o700, exist_ok=True)
        with open(self.at(name), "w", encoding="utf-8") as file:
            json.dump(value, file, indent=2)

    def put_record(self, state, **fields):
        """A record as Python writes it."""
        record = {"current_state": state, "since_ts": now(), "last_activity_ts": now(), "wrapper_event_seq": 7, "sleep_cycle_progress": None,
                  "quarantine": None, "shadow_run": False, **fields}
        self.put_json("lifecycle_state.json", record)
        return record

    def put_predecessor(self, state, **fields):
        """What an agent of this boot leaves that was killed in `state`."""
        agent = self.start()
        agent.ask("force_wake")  # so that it has something to remember, the boot for one
        agent.kill()
        return self.put_record(state, **fields)

    def drop_signal(self, content=b"{}"):
        """As the reference's wrapper does it: by rename."""
        temporary = self.at(".wake.signal.lab")
        with open(temporary, "wb") as file:
            file.write(content)
        os.replace(temporary, self.at("wake.signal"))

    def entries(self, *kinds):
        """The event log's lines, oldest first."""
        lines = []
        for path in sorted(glob.glob(self.at("logs", "lifecycle-events-*.jsonl"))):
            with open(path, encoding="utf-8") as file:
                lines += [json.loads(line) for line in file]
        return [line for line in lines if not kinds or line["event"] in kinds]

    def transitions(self):
        """(from, to) of every entry into a state: WAKE→WAKE is none."""
        return [(line["from"], line["to"]) for line in self.entries("state_transition") if line["from"] != line["to"]]

    def listing(self):
        """Everything under the root: kind, rights, owner, size, time, content."""
        result = {}
        for folder, folders, files in os.walk(self.root):
            for name in [".", *folders, *files]:
                path = os.path.join(folder, name)
                info = os.lstat(path)
                content = None
                if name in files and os.path.isfile(path):
                    with open(path, "rb") as file:
                        content = file.read()
                result[os.path.relpath(path, self.root)] = (info.st_mode, info.st_uid, info.st_ino, info.st_size, info.st_mtime_ns, content)
        return result

    def assertPrivate(self):
        """Nothing of ours may be read or written by others."""
        paths = [self.root] + [os.path.join(folder, name) for folder, folders, files in os.walk(self.root) for name in folders + files]
        wide = {path: oct(os.lstat(path).st_mode & 0o7777) for path in paths if os.lstat(path).st_mode & 0o7077}
        self.assertEqual(wide, {})
        folders = {path for path in paths if os.path.isdir(path)}
        executable = [path for path in paths if path not in folders and os.lstat(path).st_mode & 0o111]
        self.assertEqual(executable, [])

    def assertLockFree(self):
        with open(self.at(".lifecycle.lock"), "a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for name in ("agent.lock", "agent.sock"):
            self.assertFalse(os.path.lexists(self.at(name)), name)


def main():
    result = unittest.main(exit=False, verbosity=2).result
    for test, reason in result.skipped:
        print(f"SKIPPED, NOT VERIFIED: {test}: {reason}", file=sys.stderr)
    sys.exit(not result.wasSuccessful())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--guard"]:
        guard(*sys.argv[2:4])
    else:
        sys.exit("lab.py is a module of the tests")
else:
    GUARD = start_guard()
