#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Instructions that whole programs execute for the same work, counted by callgrind: independent of how busy the machine is.

usage: compare.py --against REV [--bin DIR]               REV is built beside, in build/compare
       compare.py --against-bin DIR [--bin DIR]
       compare.py --recorded FILE --compiler NAME --qt VERSION [--bin DIR] [--record]
DIR holds dormouse and dormouse-agent; default: build/release/bin. Ends with 1 when anything takes 10 % more (--limit PERCENT), with 77 when it cannot be counted, or
nothing is recorded for this compiler and this Qt. --record writes what was counted into FILE."""
import argparse
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HANG = 300
SKIPPED = 77
HEARTBEATS = 1000
LINES = 10000


class Lab:
    """A private folder with what the programs read. Both builds are seen under the same paths."""

    def __init__(self, folder, programs):
        self.folder = folder
        self.root = os.path.join(folder, "root")
        self.bin = os.path.join(folder, "bin")
        if os.path.lexists(self.bin):
            os.unlink(self.bin)
        os.symlink(os.path.abspath(programs), self.bin)
        shutil.rmtree(self.root, ignore_errors=True)
        os.makedirs(os.path.join(self.root, "wrappers"), mode=0o700)
        os.chmod(self.root, 0o700)
        self.environment = {"HOME": folder, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "QT_HASH_SEED": "0", "DORMOUSE_ROOT": self.root,
                            "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent"}

    def counted(self, *words, driver=None, expected=0):
        """The instructions of one program; `driver` talks to it meanwhile."""
        out = os.path.join(self.folder, "callgrind.out")
        command = ["setarch", platform.machine(), "-R", "valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={out}", *words]
        with open(os.path.join(self.folder, "log"), "w+", encoding="utf-8") as log:
            process = subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            try:
                if driver:
                    driver()
                code = process.wait(HANG)
            finally:
                process.kill()
                process.wait()
            if code != expected:
                log.seek(0)
                raise RuntimeError(f"{' '.join(words)} ended with {code}:\n{log.read()}")
        with open(out, encoding="utf-8", errors="replace") as file:
            return int(re.search(r"^(?:summary|totals): (\d+)", file.read(), re.MULTILINE)[1])

    def connect(self):
        deadline = time.monotonic() + HANG
        while True:
            client = socket.socket(socket.AF_UNIX)
            client.settimeout(HANG)
            try:
                client.connect(os.path.join(self.root, "agent.sock"))
                return client.makefile("rwb", buffering=0), client
            except OSError:
                client.close()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def agent(self, *messages):
        """An agent that is asked these, one after the other, and then to stop."""
        def driver():
            stream, client = self.connect()
            with client:
                stream.write(b'{"type":"status"}\n')
                stream.readline()
                time.sleep(2)  # what an agent does half a second after its start is over, always
                for message in messages:
                    stream.write(json.dumps(message).encode() + b"\n")
                    stream.readline()
                stream.write(b'{"type":"stop"}\n')
                stream.readline()
        return self.counted(os.path.join(self.bin, "dormouse-agent"), "--root", self.root, "--set", "control.requests_per_second=100000", "--set",
                            "timers.tick=60", driver=driver)

    def dormouse(self, *words, expected=0):
        return self.counted(os.path.join(self.bin, "dormouse"), *words, expected=expected)

    def put_heartbeats(self):
        for number in range(HEARTBEATS):
            pid = 4194305 + number  # beyond what a kernel gives out: nobody lives
            text = {"pid": pid, "uuid": f"{number:036}", "started_at": "2026-05-02T10:00:00.000+00:00", "last_refresh": "2026-05-02T15:14:30.123+00:00",
                    "wrapper_version": "1.0.0", "schema_version": 1}
            with open(os.path.join(self.root, "wrappers", f"heartbeat-{pid}-{number:036}.json"), "w", encoding="utf-8") as file:
                json.dump(text, file)

    def put_history(self):
        subprocess.run([sys.executable, os.path.join(TOP, "tests", "support", "month.py"), self.root, "--now", "2026-05-29T16:20:00+00:00", "--pad", str(LINES)],
                       check=True)


def scenarios(lab):
    """(name, instructions), one after the other, on one root."""
    yield "agent: start, status, stop", lab.agent()
    yield "agent: 1000 × status", lab.agent(*[{"type": "status"}] * 1000)
    yield "agent: 50 × to sleep and back", lab.agent(*[{"type": "user_initiated_sleep"}, {"type": "force_wake"}] * 50)
    yield "dormouse status, no agent running", lab.dormouse("status", expected=69)
    lab.put_heartbeats()
    yield f"dormouse scan, {HEARTBEATS} heartbeats", lab.dormouse("scan", "--json")
    yield f"agent: start with {HEARTBEATS} heartbeats", lab.agent()
    lab.put_history()
    yield f"dormouse history, {LINES} lines", lab.dormouse("history", "--json", "--since", "2026-05-01", "--until", "2026-05-29")


def count(programs):
    with tempfile.TemporaryDirectory(prefix="dm-count-") as folder:
        return dict(scenarios(Lab(folder, programs)))


def built(revision):
    """The programs of another revision."""
    commit = subprocess.run(["git", "-C", TOP, "rev-parse", "--verify", revision + "^{commit}"], check=True, capture_output=True, text=True).stdout.strip()
    folder = os.path.join(TOP, "build", "compare", commit)
    source, build = os.path.join(folder, "source"), os.path.join(folder, "build")
    if not os.path.isdir(source):
        os.makedirs(source)
        archive = subprocess.Popen(["git", "-C", TOP, "archive", commit], stdout=subprocess.PIPE)
        subprocess.run(["tar", "-x", "-C", source], stdin=archive.stdout, check=True)
        if archive.wait() != 0:
            shutil.rmtree(source)
            raise RuntimeError(f"git archive {commit} failed")
    cache = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    quiet = {"stdout": subprocess.DEVNULL}
    print(f"building {commit[:12]} in {os.path.relpath(build, TOP)}", file=sys.stderr)
    subprocess.run(["cmake", "-S", source, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DDORMOUSE_TESTS=OFF", *cache], check=True, **quiet)
    subprocess.run(["cmake", "--build", build, "--target", "dormouse-agent", "dormouse", "dormouse-guard"], check=True, **quiet)
    return os.path.join(build, "bin")


def report(before, after, limit):
    """Prints both; True when nothing takes `limit` percent more."""
    worse = []
    print(f"{'instructions':40} {'before':>15} {'now':>15}  {'change':>8}")
    for name, present in after.items():
        past = before.get(name)
        if past is None:
            print(f"{name:40} {'-':>15} {present:15,}")
            continue
        change = (present / past - 1) * 100
        print(f"{name:40} {past:15,} {present:15,}  {change:+7.2f} %{'  TOO MUCH' if change >= limit else ''}")
        if change >= limit:
            worse.append(name)
    if worse:
        print(f"{limit:g} % more instructions, or worse: {', '.join(worse)}")
    return not worse


def skip(reason):
    print(f"SKIPPED, NOT VERIFIED: {reason}", file=sys.stderr)
    sys.exit(SKIPPED)


def recorded(options):
    """Counts of an earlier time, for this very compiler and Qt: other ones make other instructions of the same source."""
    tools = f"{options.compiler}, Qt {options.qt}, {platform.machine()}, {platform.libc_ver()[1]}"
    book = {}
    if os.path.exists(options.recorded):
        with open(options.recorded, encoding="utf-8") as file:
            book = json.load(file)
    if options.record:
        book[tools] = count(options.bin)
        with open(options.recorded, "w", encoding="utf-8") as file:
            json.dump(book, file, indent=2, ensure_ascii=False)
            file.write("\n")
    elif tools not in book:
        skip(f"nothing is recorded for {tools}; there is: {'; '.join(book) or 'nothing'}")
    return book[tools]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", metavar="REV")
    parser.add_argument("--against-bin", metavar="DIR")
    parser.add_argument("--recorded", metavar="FILE")
    parser.add_argument("--compiler", default="")
    parser.add_argument("--qt", default="")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--bin", default=os.path.join(TOP, "build", "release", "bin"))
    parser.add_argument("--limit", type=float, default=10, help="percent")
    options = parser.parse_args()
    if not (options.against or options.against_bin or options.recorded):
        parser.error("with what to compare?")
    if not shutil.which("valgrind") or not shutil.which("setarch"):
        skip("needs valgrind and setarch")
    if options.recorded:
        before = recorded(options)
    else:
        before = count(options.against_bin or built(options.against))
    after = before if options.record else count(options.bin)
    sys.exit(not report(before, after, options.limit))


if __name__ == "__main__":
    main()
