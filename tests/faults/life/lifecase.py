# SPDX-License-Identifier: MIT
"""What the tests of this folder share: a seed that replays, the short and the long version, a day's configuration, and what /proc tells."""
import datetime
import json
import os
import random
import sys
import unittest

from lab import Case, marked

IS_LONG = os.environ.get("DORMOUSE_FAULTS") == "long"
SERVER = os.path.join(os.environ.get("DORMOUSE_SOURCE", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")),
                      "tests", "integration", "services", "server.py")
STATES = ("WAKE", "DROWSY", "SLEEP", "HIBERNATION")
# (from, to) of every transition there is, lifecycle.md.
STEPS = {("WAKE", "DROWSY"), ("DROWSY", "WAKE"), ("DROWSY", "SLEEP"), ("SLEEP", "HIBERNATION")} | {(state, "WAKE") for state in STATES}
need_proc = unittest.skipUnless(sys.platform == "linux", "looks into /proc")


def new_random(what):
    """From DORMOUSE_SEED, or from a new seed; either is printed."""
    seed = int(os.environ.get("DORMOUSE_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"{what}: DORMOUSE_SEED={seed} replays it", flush=True)
    return seed, random.Random(seed)


def wall(text):
    """The seconds since 1970 of a time that the agent wrote."""
    return datetime.datetime.fromisoformat(text).timestamp()


def record_fault(value):
    """What is wrong with a lifecycle record, None when nothing is."""
    if not isinstance(value, dict):
        return "no object"
    if value.get("current_state") not in STATES:
        return f"current_state {value.get('current_state')!r}"
    for key in ("since_ts", "last_activity_ts"):
        if not isinstance(value.get(key), str) or not value[key]:
            return f"{key} {value.get(key)!r}"
        wall(value[key])
    if type(value.get("wrapper_event_seq")) is not int or value["wrapper_event_seq"] < 0:
        return f"wrapper_event_seq {value.get('wrapper_event_seq')!r}"
    if not isinstance(value.get("shadow_run"), bool):
        return f"shadow_run {value.get('shadow_run')!r}"
    return next((key for key in ("sleep_cycle_progress", "quarantine") if not isinstance(value.get(key), (dict, type(None)))), None)


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def threads(pid):
    return len(os.listdir(f"/proc/{pid}/task"))


def children(pid):
    """(pid, is a zombie) of each child."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                fields = file.read().rpartition(b") ")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append((int(name), fields[0] == b"Z"))
    return found


def private_dirty(pid):
    """Bytes that are this process' alone."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Private_Dirty:"))


def is_sanitized(pid):
    with open(f"/proc/{pid}/maps", encoding="utf-8") as file:
        return "libasan" in file.read()


class LifeCase(Case):
    def configure(self, services=(), steps=()):
        """dormouse.toml with (name, command, more lines...) each."""
        os.makedirs(self.root, 0o700, exist_ok=True)
        text = ""
        for table, entries in (("service", services), ("sleep.step", steps)):
            for name, command, *more in entries:
                text += f'[[{table}]]\nname = "{name}"\ncommand = {json.dumps(command)}\n' + "".join(line + "\n" for line in more)
        path = self.at("dormouse.toml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o600)

    def server(self, name, *flags):
        """A service that notes who ran, and who found another instance of itself."""
        return (name, [sys.executable, SERVER, os.path.join(self.folder, name), *flags])

    def noted(self, name, what):
        try:
            with open(os.path.join(self.folder, name, what), encoding="utf-8") as file:
                return [int(line) for line in file]
        except FileNotFoundError:
            return []

    def living(self, name):
        """The instances that run. A number alone may be another's by now; a zombie has no command line."""
        return [pid for pid in self.noted(name, "starts") if os.path.join(self.folder, name).encode() in proc_bytes(pid, "cmdline")]

    def steps_alive(self):
        return [pid for pid in marked("DORMOUSE_ROOT=" + self.root) if b"DORMOUSE_STEP=" in proc_bytes(pid, "environ")]


def proc_bytes(pid, name):
    try:
        with open(f"/proc/{pid}/{name}", "rb") as file:
            return file.read()
    except OSError:
        return b""
