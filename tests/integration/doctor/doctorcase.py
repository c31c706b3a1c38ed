# SPDX-License-Identifier: MIT
"""What the tests of `dormouse doctor` share: an installation that is whole, and one look at it."""
import contextlib
import json
import os
import socket
import subprocess
import time

from lab import Case, HANG, now, program, until

UNITS = {
    "dormouse-agent.service": "[Service]\nType=notify\nExecStart={agent} --supervised --root {root}\n[Install]\nWantedBy=default.target\n",
    "dormouse-agent-wake.path": "[Path]\nPathExists={root}/wake.signal\n[Install]\nWantedBy=default.target\n",
}


class DoctorCase(Case):
    """A private root and home; the units are in the home, enabled, and right, as `dormouse install` leaves them."""

    def setUp(self):
        super().setUp()
        self.home = self.environment["HOME"]
        self.units = os.path.join(self.home, ".config", "systemd", "user")
        for name in UNITS:
            self.put_unit(name)
        for folder in (self.root, self.at("wrappers"), self.at("logs")):
            os.mkdir(folder, 0o700)

    def put_unit(self, name, agent=None, root=None):
        wants = os.path.join(self.units, "default.target.wants")
        os.makedirs(wants, exist_ok=True)
        with open(os.path.join(self.units, name), "w", encoding="utf-8") as file:
            file.write(UNITS[name].format(agent=agent or program("dormouse-agent"), root=root or self.root))
        link = os.path.join(wants, name)
        if not os.path.islink(link):
            os.symlink(os.path.join("..", name), link)

    def unit(self, *names):
        return os.path.join(self.units, *names)

    def put(self, name, text, mode=0o600):
        with open(self.at(name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.at(name), mode)

    def put_record(self, state, **fields):
        record = super().put_record(state, **fields)
        os.chmod(self.at("lifecycle_state.json"), 0o600)
        return record

    def put_log(self, *entries):
        """Entries as (seconds ago, kind, fields)."""
        for ago, kind, fields in sorted(entries, key=lambda entry: -entry[0]):
            stamp = now(-ago)
            path = self.at("logs", f"lifecycle-events-{stamp[:10]}.jsonl")
            with open(path, "a", encoding="utf-8") as file:
                file.write(json.dumps({"ts": stamp, "event": kind, **fields}, separators=(",", ":")) + "\n")
            os.chmod(path, 0o600)

    def put_heartbeat(self, pid, uuid, age=0.0, **fields):
        content = {"pid": pid, "uuid": uuid, "started_at": now(), "last_refresh": now(-age), "wrapper_version": "1.0.0", "schema_version": 1, **fields}
        with open(self.at("wrappers", f"heartbeat-{pid}-{uuid}.json"), "w", encoding="utf-8") as file:
            json.dump(content, file)

    def examine(self, *words, prefix=()):
        """(exit code, rows by name) of one run. Without an agent it must leave everything as it was, and start nobody."""
        is_alone = not any(agent.process.poll() is None for agent in self.agents)
        before = self.listing() if is_alone and not prefix else None
        ran = subprocess.run([*prefix, program("dormouse"), "doctor", "--json", *words], env=self.environment, stdin=subprocess.DEVNULL,
                             capture_output=True, text=True, timeout=HANG, check=False)
        self.assertEqual(ran.stderr, "")
        report = json.loads(ran.stdout)
        rows = {row["name"]: row for row in report["rows"]}
        self.assertEqual(len(rows), len(report["rows"]), "two rows of one name")
        for status in ("PASS", "WARN", "FAIL"):
            self.assertEqual(report[status.lower()], sum(row["status"] == status for row in rows.values()))
        for row in rows.values():
            self.assertEqual(row["remedy"] is None, row["status"] == "PASS", row)
        self.assertEqual(ran.returncode, 1 if report["fail"] else 0, "the exit code says otherwise")
        if before is not None:
            self.assertEqual(self.listing(), before, "doctor changed something")
        return ran.returncode, rows

    def assertFound(self, name, status, says, remedy, *words, others=(), **options):
        """Row `name` is `status`, and tells so; all others pass, but those in `others`."""
        code, rows = self.examine(*words, **options)
        row = rows[name]
        self.assertEqual(row["status"], status, row)
        self.assertIn(says, row["text"])
        self.assertIn(remedy, row["remedy"])
        wrong = {other: row for other, row in rows.items() if row["status"] != "PASS" and other not in (name, *others)}
        self.assertEqual(wrong, {}, "more was found than was planted")
        if status == "FAIL":
            self.assertEqual(code, 1)
        elif not others:
            self.assertEqual(code, 0)
        return rows

    def assertHealthy(self, *words):
        code, rows = self.examine(*words)
        self.assertEqual({name: row for name, row in rows.items() if row["status"] != "PASS"}, {})
        self.assertEqual(code, 0)

    def start_healthy(self, *flags, **options):
        """An agent in WAKE that knows whether its user is idle."""
        agent = self.start(*flags, **options)
        agent.ask("force_wake")
        self.report_idleness(agent)
        return agent

    def report_idleness(self, agent):
        client = agent.client()
        client.ask("user_idle", seconds=1)
        until("an idle source", lambda: agent.status()["idle_sources"])

    @contextlib.contextmanager
    def listening(self, path):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
            server.bind(path)
            server.listen()
            os.chmod(path, 0o600)
            yield server


def long_ago(path, seconds=3600):
    stamp = time.time() - seconds
    os.utime(path, (stamp, stamp), follow_symlinks=False)
