# SPDX-License-Identifier: MIT
"""Whole processes, measured from outside: latency, memory, wake-ups, processor time, writes to the disk. Writes one JSON object: {row: {…figures…}}.

usage: processes.py OUT.json [ROW...]
Needs DORMOUSE_BIN (the programs), DORMOUSE_BENCH_BIN (the floors); PYTHONPATH with tests/support. A row that cannot be measured says why in "skipped"."""
import json
import os
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time

import desktop
import lab
from lab import HANG, until

DEBOUNCE = 0.050  # seconds that the watcher waits on purpose
WATCHED = float(os.environ.get("DORMOUSE_BENCH_MINUTES", "3")) * 60  # for wake-ups
LONG = float(os.environ.get("DORMOUSE_BENCH_CPU_MINUTES", "10")) * 60  # for the processor time with one wrapper
WAITS = "poll,ppoll,select,pselect6,epoll_wait,epoll_pwait,epoll_pwait2,futex,clock_nanosleep,nanosleep,read,recvmsg,restart_syscall"
# "812 16:02:11.123456 poll(...) = 1 <3.200112>": a wait that was over; one that took under a millisecond waited for nothing.
OVER = re.compile(r"^(\d+) +(\d+\.\d+) .* = .*<(\d+\.\d+)>$")


def floor(name):
    return os.path.join(os.environ["DORMOUSE_BENCH_BIN"], name)


def percentile(values, percent):
    values = sorted(values)
    return values[max(0, -(-len(values) * percent // 100) - 1)]


class Bench(desktop.TrayCase):
    """One row. Not a test: a case of the laboratory gives it a private root, and ends whatever it started."""

    def runTest(self):
        pass

    def stat_seconds(self, pid):
        """Processor seconds that /proc/<pid>/stat tells, in steps of 10 ms."""
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def private_dirty(self, pid):
        """Bytes."""
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Private_Dirty:"))

    def daemon(self, *words, **options):
        process = subprocess.Popen(words, env=self.environment, stdin=subprocess.DEVNULL, **options)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    # --- latency ------------------------------------------------------------------------------------------------------

    def wake_latency(self):
        """A rename into the folder → the subscriber is told WAKE; beside it inotify, a durable dispatch and a line on a socket, by turns."""
        agent = self.start(timers={"tick": 60, "stale_after": 0.3, "drowsy_after": 0.02})
        asking, seen, wrapper = agent.client(), agent.subscribe(), self.wrapper()
        plain = self.plain_watch()
        ours, theirs = [], []
        for _ in range(250):
            until("drowsy", lambda: asking.ask("resume")["state"] == "DROWSY")
            seen.wait_for(lambda snapshot: snapshot["state"] == "DROWSY", after=max(0, len(seen.events) - 1))
            told = len(seen.events)
            began = wrapper.beat()
            ours.append(seen.wait_for_state("WAKE", after=told)[0] - began - DEBOUNCE)
            wrapper.leave()
            theirs.append(plain())
        return {"p99_ms": percentile(ours, 99) * 1e3, "median_ms": statistics.median(ours) * 1e3, "floor_p99_ms": percentile(theirs, 99) * 1e3,
                "floor_median_ms": statistics.median(theirs) * 1e3, "tries": len(ours)}

    def plain_watch(self):
        """A function that measures the floor once."""
        folder, state, path = (os.path.join(self.folder, name) for name in ("watched", "state", "watch.sock"))
        os.mkdir(folder)
        os.mkdir(state)
        self.daemon(floor("bench_watch"), folder, state, path)
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(HANG)
        self.addCleanup(client.close)

        def connects():
            try:
                return client.connect(path) is None
            except OSError:
                return False
        until("the floor listens", connects)

        def measure():
            temporary = os.path.join(folder, ".new.tmp")
            with open(temporary, "w", encoding="utf-8") as file:
                file.write("x" * 220)
            began = time.monotonic()
            os.replace(temporary, os.path.join(folder, "heartbeat"))
            client.recv(64)
            return time.monotonic() - began
        return measure

    # --- memory -------------------------------------------------------------------------------------------------------

    def memory(self):
        """Idle, with 100 wrappers, after 100 000 requests; and whether it grew in the second half of them."""
        os.sync()  # pages of a program that was just linked count as dirty, until they are on the disk
        empty = self.daemon(floor("bench_empty"), stdout=subprocess.PIPE)
        empty.stdout.read(1)
        empty.stdout.close()
        agent = self.start(timers={"tick": 2, "stale_after": 90}, sets={"control.requests_per_second": 100000})
        idle = self.private_dirty(agent.pid)
        for _ in range(100):
            self.wrapper().beat()
        until("100 wrappers", lambda: agent.status()["wrappers"]["fresh"] == 100)
        client = agent.client()
        figures = []
        for _ in range(2):
            for _ in range(500):
                client.socket.sendall(b'{"type":"status"}\n' * 100)
                for _ in range(100):
                    client.reader.readline()
            figures.append(self.private_dirty(agent.pid))
        base = self.private_dirty(empty.pid)
        return {"ours_bytes": figures[1], "floor_bytes": base, "ratio": figures[1] / base, "start_bytes": idle, "after_50000_bytes": figures[0],
                "grown_bytes": figures[1] - figures[0]}

    # --- wake-ups -----------------------------------------------------------------------------------------------------

    def settle(self, pids):
        """Until nothing that belongs to the start is left to do."""
        def switches():
            return [line for pid in pids for thread in os.listdir(f"/proc/{pid}/task")
                    for line in open(f"/proc/{pid}/task/{thread}/status", encoding="ascii") if line.startswith("voluntary")]
        last, since = switches(), time.monotonic()

        def is_quiet():
            nonlocal last, since
            present = switches()
            if present != last:
                last, since = present, time.monotonic()
            return time.monotonic() - since > 4
        until("quiet", is_quiet, period=0.25)

    def wakeups(self, pids, seconds=WATCHED):
        """pid → how often a minute a wait of one of its threads ended; by strace."""
        logs, tracers = {}, []
        for pid in pids:
            logs[pid] = os.path.join(self.folder, f"strace-{pid}")
            tracers.append(self.daemon("strace", "-f", "-ttt", "-T", "-e", f"trace={WAITS}", "-o", logs[pid], "-p", str(pid), stderr=subprocess.DEVNULL))
        time.sleep(2)  # to attach wakes
        start = time.time()
        time.sleep(seconds)
        for tracer in tracers:
            tracer.send_signal(signal.SIGINT)
            tracer.wait(HANG)
        return {pid: self.rate(self.ended(log, start, start + seconds), seconds) for pid, log in logs.items()}

    @staticmethod
    def rate(instants, seconds):
        """By the intervals: of what happens each 30 s, three minutes hold six or seven."""
        if len(instants) < 2:
            return len(instants) / seconds * 60
        return round((len(instants) - 1) / (instants[-1] - instants[0]) * 60, 1)

    @staticmethod
    def ended(path, begin, end):
        instants = []
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                match = OVER.match(line)
                if match and float(match[3]) > 0.001:
                    instants.append(float(match[2]) + (0 if "resumed>" in line else float(match[3])))
        return [instant for instant in sorted(instants) if begin <= instant <= end]

    def beating(self, wrapper, period=30):
        """Refreshes as wrappers do, until the row is over."""
        over = threading.Event()

        def beat():
            while not over.is_set():
                wrapper.beat()
                over.wait(period)
        thread = threading.Thread(target=beat)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(over.set)

    def agent_wakeups_quiet(self):
        agent = self.start(timers={"tick": 30, "stale_after": 90})
        self.settle([agent.pid])
        return {"per_minute": self.wakeups([agent.pid])[agent.pid]}

    def agent_wakeups_wrapper(self):
        agent = self.start(timers={"tick": 30, "stale_after": 90})
        self.beating(self.wrapper())
        time.sleep(5)
        return {"per_minute": self.wakeups([agent.pid])[agent.pid]}

    def agent_wakeups_lingering(self):
        agent = self.start(timers={"tick": 30, "stale_after": 90}, sets={"lifecycle.hibernation": "linger"})
        agent.ask("hibernate")
        agent.wait_state("HIBERNATION")
        self.settle([agent.pid])
        return {"per_minute": self.wakeups([agent.pid])[agent.pid]}

    def tray_wakeups(self):
        if desktop.missing():
            return {"skipped": "needs " + ", ".join(desktop.missing())}
        screen = self.desktop("sni")  # first: an agent that sees the display itself needs no tray to tell it who is there
        agent = self.start(timers={"tick": 30, "stale_after": 90})
        agent.ask("pause")  # else the way to DROWSY would be a change
        tray = self.tray(screen)
        tray.item().wait_tool_tip("WAKE")
        told = agent.subscribe()  # what the agent says of its first minute is a change, too, when it ends
        told.wait_for(lambda snapshot: "after a start" not in snapshot["why"], timeout=180)
        self.settle([tray.pid])
        return {"per_minute": self.wakeups([tray.pid])[tray.pid], "agent": agent.pid}

    # --- processor ----------------------------------------------------------------------------------------------------

    def cpu_one_wrapper(self):
        agent = self.start(timers={"tick": 30, "stale_after": 90})
        self.beating(self.wrapper())
        time.sleep(5)
        before = self.stat_seconds(agent.pid)
        time.sleep(LONG)
        return {"percent": (self.stat_seconds(agent.pid) - before) / LONG * 100, "seconds": LONG}

    def cpu_10000_wrappers(self):
        """333 renames a second for two minutes, each wrapper its own file and process number; status is asked all the while."""
        agent = self.start(timers={"tick": 30, "stale_after": 90})
        names = [self.at("wrappers", f"heartbeat-{os.getpid()}-{number:036}.json") for number in range(10000)]
        temporary = self.at("wrappers", ".bench.tmp")

        def beat(number):
            text = json.dumps({"pid": os.getpid(), "uuid": f"{number:036}", "started_at": lab.now(), "last_refresh": lab.now(), "wrapper_version": "1.0.0",
                               "schema_version": 1})
            with open(temporary, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(temporary, names[number])
        for number in range(10000):
            beat(number)
        until("10 000 wrappers", lambda: agent.status()["wrappers"]["fresh"] == 10000)
        time.sleep(10)
        seconds, client, delays = 120, agent.client(), []
        begin, before = time.monotonic(), self.stat_seconds(agent.pid)
        for number in range(int(seconds * 333)):
            beat(number % 10000)
            if number % 33 == 0:
                asked = time.monotonic()
                client.ask("status")
                delays.append(time.monotonic() - asked)
            time.sleep(max(0, begin + (number + 1) / 333 - time.monotonic()))
        took = time.monotonic() - begin
        return {"percent": (self.stat_seconds(agent.pid) - before) / took * 100, "renames_per_second": seconds * 333 / took,
                "status_p99_ms": percentile(delays, 99) * 1e3, "status_median_ms": statistics.median(delays) * 1e3, "asked": len(delays)}

    # --- disk ---------------------------------------------------------------------------------------------------------

    def writes_per_refresh(self):
        """What one wrapper's refreshes cost the disk: files put in place, and syncs."""
        agent = self.start(timers={"tick": 30, "stale_after": 90})
        wrapper = self.wrapper()
        wrapper.beat()
        time.sleep(1)
        log = os.path.join(self.folder, "writes")
        tracer = self.daemon("strace", "-f", "-e", "trace=rename,renameat,renameat2,linkat,fsync,fdatasync,unlink", "-o", log, "-p", str(agent.pid),
                             stderr=subprocess.DEVNULL)
        time.sleep(1)
        begin = time.monotonic()
        for _ in range(4):
            wrapper.beat()
            time.sleep(30)
        tracer.send_signal(signal.SIGINT)
        tracer.wait(HANG)
        with open(log, encoding="utf-8") as file:
            lines = file.read()
        return {"refreshes": 4, "seconds": time.monotonic() - begin, "record": len(re.findall(r"rename.*lifecycle_state\.json\"", lines)),
                "memory": len(re.findall(r"rename.*/dormouse\.json\"", lines)), "syncs": len(re.findall(r"f(?:data)?sync\(", lines))}


ROWS = ("wake_latency", "memory", "agent_wakeups_quiet", "agent_wakeups_wrapper", "agent_wakeups_lingering", "tray_wakeups", "cpu_10000_wrappers",
        "writes_per_refresh", "cpu_one_wrapper")
WAITING = {"agent_wakeups_quiet", "agent_wakeups_wrapper", "agent_wakeups_lingering", "tray_wakeups", "writes_per_refresh", "cpu_one_wrapper"}  # mostly asleep: side by side


def measure(name):
    case = Bench()
    try:
        case.setUp()
        return getattr(case, name)()
    except (AssertionError, OSError) as error:
        return {"skipped": f"{type(error).__name__}: {error}"}
    finally:
        case.doCleanups()


def main():
    out, rows = sys.argv[1], sys.argv[2:] or ROWS
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    results = {}
    for name in (row for row in rows if row not in WAITING):
        results[name] = measure(name)
        print(f"{name}: {results[name]}", file=sys.stderr, flush=True)
    if any(row in WAITING for row in rows):
        if not (shutil.which("strace") and lab.works("strace", "-o", "/dev/null", "true")):
            results.update({row: {"skipped": "needs strace, and the right to use it"} for row in rows if row in WAITING and row != "cpu_one_wrapper"})
        threads = []
        for name in (row for row in rows if row in WAITING and row not in results):
            thread = threading.Thread(target=lambda name=name: results.__setitem__(name, measure(name)))
            thread.start()
            threads.append(thread)
        for thread in threads:
            thread.join()
    with open(out, "w", encoding="utf-8") as file:
        json.dump(results, file, indent=2)
    for name in rows:
        print(f"{name}: {results[name]}", file=sys.stderr)


if __name__ == "__main__":
    main()
