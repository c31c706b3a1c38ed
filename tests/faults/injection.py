# SPDX-License-Identifier: MIT
"""A short life of an agent in which one system call fails, or a few in a row do; and what must hold afterwards. Standard library only.

strace makes the calls of the agent's own thread fail, not those of its children. Which calls are counted decides what `when=N` means:
- `mine`: openat, where most calls read /proc: only those that name the root, its folders or its files, or go through a descriptor of them;
- otherwise every call, from the first one behind the dynamic loader and Qt's start on: until there is a root folder nothing can be lost."""
import concurrent.futures
import errno
import fcntl
import glob
import json
import os
import random
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import traceback
from collections import Counter

import lab
from lab import HANG, Client, kill, marked, now, program, until

LONG = os.environ.get("DORMOUSE_FAULTS") in ("long", "every")
EVERY = os.environ.get("DORMOUSE_FAULTS") == "every"
SEED = int(os.environ.get("DORMOUSE_SEED") or random.SystemRandom().randrange(2**32))
JOBS = int(os.environ.get("DORMOUSE_JOBS") or 2)
ERRORS = ("EIO", "ENOSPC", "EINTR", "EACCES", "EMFILE", "EROFS")
TRACER = ["strace", "-D", "-y", "-qq"]
CONFIGURATION = """[[sleep.step]]
name = "note"
command = ["/bin/sh", "-c", "echo x >> $DORMOUSE_ROOT/ran"]
[[service]]
name = "store"
command = ["/bin/sleep", "3600"]
stop_in = "SLEEP"
[hooks]
on_wake = [["/bin/true"]]
"""
KEPT = {"python_key": {"nested": [1, 2.5, None, "ä"]}}
OLD_LOG = "lifecycle-events-2020-01-02.jsonl"
OLD_LINES = b'{"ts":"2020-01-02T00:00:00+00:00","event":"x"}\n' * 500
OURS = {"services.json", "dormouse.toml", "ran", "lifecycle_state.json", ".lifecycle.lock", "dormouse.json", "logs", ".daemon-state.json", "wrappers"}
FILES = ["", *sorted(OURS - {"ran"}), "agent.lock", "agent.sock", "wake.signal", f"logs/{OLD_LOG}", f"logs/{OLD_LOG}.gz", "logs/service-store.log",
         f"wrappers/heartbeat-{os.getpid()}-lab.json"]
# What no kernel does: refuse to write into a pipe or an event counter that is open, or to look at what is open. (A signal's handler writes into one.)
IMPOSSIBLE = re.compile(r'^(?!.* EINTR )(?:read|write)\(\d+<(?:pipe|anon_inode|socket):|^fcntl\(\d+<(?:pipe|anon_inode|socket):|^newfstatat\(\d+<[^>]*>, "",')
COMPLAINT = re.compile(r"^\S+ (warning|critical|fatal) |^dormouse-agent: ", re.MULTILINE)
PLAIN = {"lifecycle.hibernation": "linger"}
TICK = 0.1


class Violation(AssertionError):
    """Something was lost, or somebody was left waiting."""


def works():
    return bool(shutil.which("strace")) and lab.works(*TRACER, "-o", os.devnull, "true")


def calls_of(trace):
    return Counter(re.findall(r"^(\w+)\(", trace, re.MULTILINE))


def counted(*command):
    """How often a program that does nothing makes each call: what the dynamic loader and Qt's start need."""
    with tempfile.NamedTemporaryFile(mode="r", errors="replace") as trace:
        subprocess.run(["strace", "-qq", "-o", trace.name, *command], stdout=subprocess.DEVNULL, timeout=HANG, check=True)
        return calls_of(trace.read())


def errors_at(number):
    """Those that the n-th call fails with: each in turn, or every one."""
    return ERRORS if EVERY else (ERRORS[number % len(ERRORS)],)


def need(condition, text):
    if not condition:
        raise Violation(text() if callable(text) else text)


class Point:
    """One fault: `call` fails with `error` at its N-th time, and `stays` times more. Counted are all such calls, those on our files, or on one of them."""

    def __init__(self, call, error, when, stays=0, mine=False, only=None):
        self.call, self.error, self.when, self.stays = call, error, when, stays
        day = time.strftime("logs/lifecycle-events-%Y-%m-%d.jsonl", time.gmtime())
        self.files = [only] if only else [*FILES, day] if mine else []
        self.place = f" ({only or 'our files'})" if self.files else ""

    def __str__(self):
        return f"{self.call}:{self.what()}{self.place}"

    def what(self):
        return f"error={self.error}:when={self.when}" + (f"..{self.when + self.stays}" if self.stays else "")

    def words(self, root):
        paths = [os.path.normpath(os.path.join(root, name)) for name in self.files]
        return ["-e", f"trace=?{self.call}", "-e", f"inject=?{self.call}:{self.what()}", *(word for path in paths for word in ("-P", path))]


class Stage:
    """A private root for one point, with what an agent finds there; it has what lab.Agent wants of a test case."""
    at, read, json, put_record, put_json = lab.Case.at, lab.Case.read, lab.Case.json, lab.Case.put_record, lab.Case.put_json
    drop_signal, entries, transitions = lab.Case.drop_signal, lab.Case.entries, lab.Case.transitions

    def __init__(self, case, name, mount=None):
        self.folder = os.path.join(case.folder, name)
        self.root = os.path.join(self.folder, "root")
        self.home = os.path.join(self.folder, "home")
        self.environment = {**case.environment, "HOME": self.home, "DORMOUSE_ROOT": self.root}
        self.agents, self.acknowledged = [], 0
        os.makedirs(self.home)
        os.mkdir(self.root, 0o700)
        if mount:
            mount(self.root)
        for folder in (self.at("logs"), self.at("wrappers")):
            os.mkdir(folder, 0o700)
        self.put("dormouse.toml", CONFIGURATION.encode())
        self.put(f"logs/{OLD_LOG}", OLD_LINES)
        self.put_record("WAKE", **KEPT)
        self.put_json(".daemon-state.json", KEPT)

    def put(self, name, content):
        with open(self.at(name), "wb") as file:
            file.write(content)
        os.chmod(self.at(name), 0o600)

    def addCleanup(self, *_):  # pylint: disable=invalid-name
        """Agents and stages are ended by close()."""

    def launch(self, *prefix, stale_after=60, **options):
        return lab.Agent(self, timers={"tick": TICK, "stale_after": stale_after}, sets=PLAIN, prefix=prefix, **options)

    def trace(self):
        try:
            with open(os.path.join(self.folder, "trace"), encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def injected(self):
        return [line for line in self.trace().splitlines() if "(INJECTED)" in line]

    def close(self):
        for agent in self.agents:
            if agent.process.poll() is None:
                agent.process.kill()
            agent.process.wait(HANG)
        for pid in marked("HOME=" + self.home):
            kill(pid)
        shutil.rmtree(self.folder, ignore_errors=True)

    # What must hold.

    def record(self):
        try:
            record = self.json("lifecycle_state.json")
        except (OSError, ValueError) as error:
            raise Violation(f"the record is not whole: {error}") from None
        need({"current_state", "since_ts", "last_activity_ts", "wrapper_event_seq", "shadow_run"} <= set(record), f"the record lacks fields: {record}")
        return record

    def check_kept(self, agent, is_over=True, is_single=True):
        """What others wrote stays, what was logged stays, and a reader understands each line of the log. A fault that was not over at the end may have
        kept the last lines of the log from the disk; one that lasted over the start may have kept the agent from reading a file: then that lies beside."""
        for name in ("lifecycle_state.json", ".daemon-state.json"):
            copies = [name] + ([] if is_single else [os.path.basename(path) for path in glob.glob(self.at(name + ".bad-*"))])
            need(any({key: self.json(copy).get(key) for key in KEPT} == KEPT for copy in copies),
                 lambda name=name: f"a foreign key of {name} is lost: {self.json(name)}\n{agent.log()}")
        text = b""
        for path in glob.glob(self.at("logs", OLD_LOG + "*")):
            packed = path.endswith(".gz")
            with open(path, "rb") as file:
                text = subprocess.run(["gzip", "-dc"], stdin=file, capture_output=True, timeout=HANG, check=True).stdout if packed else file.read()
        need(text == OLD_LINES, f"the old log is not whole: {os.listdir(self.at('logs'))}")
        try:
            woken = self.transitions().count(("HIBERNATION", "WAKE"))
        except ValueError as error:
            raise Violation(f"a line of the log is torn: {error}") from None
        need(woken >= self.acknowledged or not is_over, lambda: f"{self.acknowledged} wakes acknowledged, {woken} in the log\n{agent.log()}")

    def check_gone(self, agent):
        """Nothing of it runs, and the lock is free."""
        left = marked("HOME=" + self.home)
        try:
            until("nothing of it runs", lambda: not marked("HOME=" + self.home), 10)
        except AssertionError:
            raise Violation(f"processes are left behind: {left}\n{agent.log()}") from None
        if os.path.exists(self.at(".lifecycle.lock")):
            with open(self.at(".lifecycle.lock"), "a+", encoding="utf-8") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    raise Violation("the lock is not free") from None

    def check_tidy(self):
        """No temporary stays for ever."""
        litter = [name for name in os.listdir(self.root) if name not in OURS and ".bad-" not in name]
        litter += [name for name in os.listdir(self.at("logs")) if not re.fullmatch(r"lifecycle-events-[\d-]+\.jsonl(\.gz)?|service-store\.log", name)]
        litter += [name for name in os.listdir(self.at("wrappers")) if not name.startswith("heartbeat-")]
        need(not litter, f"left behind for ever: {litter}")


class Life:
    """What the agent lives through: a wrapper, all states down and up again twice, a step, a service, a hold, SIGTERM."""

    def __init__(self, stage, agent):
        self.stage, self.agent, self.where, self.is_held = stage, agent, "start", False

    def told(self, what):
        return lambda: f"{what}; during: {self.where}\n{self.agent.log()}"

    def need_alive(self):
        need(self.agent.process.poll() is None, self.told(f"the agent ended by itself ({self.agent.process.returncode})"))

    def until(self, what, condition, timeout=HANG):
        """Until it is so. A connection may fail meanwhile; the agent may not."""
        def is_so():
            self.need_alive()
            self.stage.record()
            try:
                return condition()
            except (OSError, ValueError):
                return None
        try:
            return until(what, is_so, timeout)
        except Violation:
            raise
        except AssertionError as error:
            raise Violation(self.told(str(error))()) from None

    def ask_once(self, type_, **fields):
        with Client(self.agent.path, HANG) as client:
            return client.ask(type_, **fields)

    def ask(self, type_, **fields):
        """An answer, with the patience that clients have."""
        self.where = type_
        return self.until(f"{type_} is answered", lambda: self.ask_once(type_, **fields))

    def starts(self):
        """True once it serves; False when it has given up, with a word why."""
        deadline = time.monotonic() + HANG
        while time.monotonic() < deadline:
            if self.agent.process.poll() is not None:
                return False
            try:
                with Client(self.agent.path, HANG) as client:
                    if client.ask("status")["pid"] == self.agent.pid:
                        return True
            except (OSError, ValueError):
                pass
            time.sleep(0.005)
        raise Violation(self.told("it neither serves nor ends")())

    def accepted(self, type_, **fields):
        """Asked until it is granted: a refusal says that a write failed, and a connection that is closed that the answer could not be sent."""
        self.where, tries = type_, []
        def granted():
            tries.append(type_)
            answer = self.ask_once(type_, **fields)
            if answer["ok"] or (len(tries) > 1 and answer["reason"] == "already_sleeping"):  # the wish of an earlier try was kept
                return answer
            need(answer["reason"] == "state_write_failed", self.told(f"{type_} was refused: {answer}"))
            need(self.stage.root in answer["error"], f"the refusal names no path: {answer}")
            return None
        return self.until(f"{type_} is granted", granted)

    def reach(self, state):
        self.where += ", " + state
        self.until(lambda: f"it reaches {state}: {self.ask('status')['why']}", lambda: self.ask("status")["state"] == state)
        self.until(f"the record says {state}", lambda: self.stage.record()["current_state"] == state)

    def ready(self):
        self.where += ", the service"
        self.until(lambda: f"the service is ready: {self.ask('status')['services']}",
                   lambda: [service["state"] for service in self.ask("status")["services"]] == ["ready"])

    def wakes(self):
        """Acknowledged without a reserve, it is on the disk."""
        answer = self.accepted("force_wake")
        need(answer["state"] == "WAKE", f"woken, and yet {answer}")
        if answer.get("reason") != "wake_queued":
            need(self.stage.record()["current_state"] == "WAKE", self.told("an acknowledged wake is not in the record"))
            self.stage.acknowledged += 1

    def step(self):
        """A step that could not be started has a strike, and a back-off of hours; one that could not be read from the configuration was no part of
        the cycle. Then it is asked for again, as a person would."""
        self.where = "the step"
        def has_run():
            if os.path.exists(self.stage.at("ran")):
                return True
            cycle, status = self.ask("sleep_cycle", action="status"), self.ask("status")
            if (cycle["strikes"] or status["state"] == "HIBERNATION") and not status["running_step"]:
                self.accepted("force_rem")
            return False
        self.until(lambda: f"the step has run: {self.ask('sleep_cycle', action='status')}", has_run)

    def whole(self):
        stage = self.stage
        self.where = "the wrapper"
        self.until("there is room for a heartbeat", lambda: beat(stage.root))
        self.until("the wrapper is seen", lambda: self.ask("status")["wrappers"]["fresh"] == 1)
        self.accepted("user_initiated_sleep", force=True)
        self.step()
        self.reach("HIBERNATION")
        self.wakes()
        self.ready()
        self.accepted("hibernate", force=True)
        self.reach("HIBERNATION")
        self.where = "the signal"
        self.until("there is room for a signal", lambda: stage.drop_signal() or True)
        self.reach("WAKE")
        self.until("the signal is gone", lambda: not os.path.exists(stage.at("wake.signal")))
        self.is_held = self.accepted("pause", seconds=600)["paused"]
        self.ready()
        self.where = "the end"


def beat(root):
    """The heartbeat of this very process, by rename."""
    content = {"pid": os.getpid(), "uuid": "lab", "started_at": now(), "last_refresh": now(), "wrapper_version": "1.0.0", "schema_version": 1}
    temporary = os.path.join(root, "wrappers", ".lab.tmp")
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(content, file)
    os.replace(temporary, os.path.join(root, "wrappers", f"heartbeat-{os.getpid()}-lab.json"))
    return True


def live_through(stage, point):
    """Under the fault, and after it. Answers with (did it fire, what became of it)."""
    agent = stage.launch(*TRACER, "-o", os.path.join(stage.folder, "trace"), *point.words(stage.root), allow=[".*"])
    life = Life(stage, agent)
    served = life.starts()
    if served:
        life.whole()
        code = agent.stop()
    else:
        code = agent.wait()
    stage.check_gone(agent)  # nor the tracer
    fired = bool(stage.injected())
    is_over = "(INJECTED)" not in (stage.trace().splitlines() or [""])[-1]
    log = agent.log()
    if not served:
        need(fired, f"it does not start, and nothing failed\n{log}")
        need(code not in (0, None) and code > 0, f"it gave up with {code}\n{log}")
        is_heard = not any(line.startswith("write(2<") for line in stage.injected())  # else it could not even complain
        need(not is_heard or os.strerror(getattr(errno, point.error)) in log, f"it gave up without the cause\n{log}")
        is_placed = any(stage.root in line.partition(" = ")[0] for line in stage.injected())
        need(not is_heard or not is_placed or stage.root in log, f"it gave up without a path\n{log}")
    else:
        need(code == 0, f"it ended with {code}\n{log}")
    stage.check_kept(agent, is_over, not point.stays)
    if served and is_over:
        need(stage.record()["current_state"] == "WAKE", f"the record at the end: {stage.record()}\n{log}")
        need(point.stays or stage.record()["wrapper_event_seq"] > 7, f"nothing was counted: {stage.record()}")
    live_on(stage, life.is_held and is_over, log, not point.stays)
    return fired, "ended at the start" if not served else "told" if COMPLAINT.search(log) else "unnoticed"


def live_on(stage, is_held, before, is_single):
    """The next agent, with nothing wrong: it finds everything, and tidies up."""
    agent = stage.launch()
    life = Life(stage, agent)
    life.where = "the next agent"
    need(life.starts(), life.told("the next agent does not start"))
    snapshot = life.ask("status")
    need(snapshot["state"] == "WAKE", f"the next agent is in {snapshot['why']}\nbefore:\n{before}")
    need(not is_held or snapshot["paused_until"], lambda: f"the hold is forgotten\n{agent.log()}\nbefore:\n{before}")
    life.ready()
    need(agent.stop() == 0, life.told("the next agent does not end well"))
    need(not agent.complaints(), lambda: f"the next agent complains: {agent.complaints()}\nbefore:\n{before}")
    stage.check_gone(agent)
    stage.check_kept(agent, False, is_single)
    stage.check_tidy()


class Walk:
    """Tries points, several at a time, and keeps the count."""

    def __init__(self, case, live=None):
        self.case, self.live, self.outcomes, self.violations = case, live or live_through, Counter(), []
        self.lock, self.number = threading.Lock(), 0

    def attempt(self, point):
        """Whether the fault was reached."""
        with self.lock:
            self.number += 1
            stage = Stage(self.case, f"p{self.number}")
            if self.number % 200 == 0:
                print(f"{self.number} points, {len(self.violations)} violations, now at {point}", flush=True)
        try:
            fired, outcome = self.live(stage, point)
            with self.lock:
                self.outcomes[outcome if fired else "not reached"] += 1
            return fired
        except Exception as error:  # pylint: disable=broad-except
            injected = stage.injected()
            if any(IMPOSSIBLE.search(line) for line in injected):
                with self.lock:
                    self.outcomes["impossible"] += 1
                return True
            text = str(error) if isinstance(error, AssertionError) else traceback.format_exc()
            with self.lock:
                self.violations.append(f"{point}\n{text}\n" + "\n".join(injected[:5]))
                print(f"VIOLATION {self.violations[-1]}", flush=True)
            return True
        finally:
            stage.close()

    def each(self, points):
        with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            list(pool.map(self.attempt, points))

    def rows(self, rows):
        """Each row of points until two in a row were not reached."""
        def walk(row):
            missed = 0
            for point in row:
                missed = 0 if self.attempt(point) else missed + 1
                if missed == 2:
                    return
        with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            list(pool.map(walk, rows))

    def report(self, name):
        fired = sum(count for outcome, count in self.outcomes.items() if outcome not in ("not reached", "impossible")) + len(self.violations)
        print(f"{name}: {fired} points tried, {len(self.violations)} violations; {dict(self.outcomes)}; DORMOUSE_SEED={SEED}", flush=True)
        self.case.assertEqual(self.violations, [], "\n\n".join(self.violations))
        self.case.assertGreater(fired, 0, "no fault was reached: nothing is shown")
