# SPDX-License-Identifier: MIT
"""Hostile clients beside an honest one: it is answered at once, nothing grows, and whatever was refused can be read in `status`."""
import json
import os
import random
import re
import signal
import subprocess
import sys
import time

from hostilecase import IS_LONG, HostileCase
from lab import HANG, Client, main, until

TIMERS = {"tick": 0.5, "stale_after": 60, "drowsy_after": 3600, "sleep_after": 3700, "hibernate_after": 3800}
TRIES = 2000 if IS_LONG else 200
HALF_LINE = 30  # seconds after which one closes the connection
WRONG = [None, True, False, 0, -1, 1.5, 1e308, -1e308, 2 ** 63, "", "x", "x" * 2000, "\x00\x1b[2J", [], [1], {}, {"a": {}}]
TEXT = {"reason", "ts", "uuid", "session_id", "name", "what", "since", "until", "action"}
FLAG, INTEGER, SECONDS = {"force", "peek"}, {"pid", "limit", "offset"}, {"seconds", "max_seconds"}


def messages():
    """(type, fields) of every message, from the table that the agent itself goes by."""
    with open(os.path.join(os.environ["DORMOUSE_SOURCE"], "agent", "serve", "messagetable.cpp"), encoding="utf-8") as file:
        rows = re.findall(r"Message\{control::type::k(\w+), \{(.*?)\}, \w+\}", file.read())
    snake = lambda word: re.sub(r"(?<=.)([A-Z])", r"_\1", word).lower()
    return [(snake(name), [snake(field.strip()[1:]) for field in fields.split(",") if field.strip()]) for name, fields in rows]


class Clients(HostileCase):
    def setUp(self):
        super().setUp()
        self.agent = self.start(timers=TIMERS)
        self.seed = os.environ.get("DORMOUSE_SEED") or str(random.SystemRandom().randrange(1 << 32))

    def attacker(self, kind, **options):
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "attacks.py")
        process = subprocess.Popen([sys.executable, script, kind, self.agent.path, self.seed], env=self.environment, stdout=subprocess.PIPE, **options)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        process.kill()
        process.wait(HANG)
        process.stdout.close()

    def attack(self, kind, *refused, tries=TRIES):
        with self.subTest(kind):
            processes = []

            def begin():
                processes.append(self.attacker(kind))
                self.assertEqual(processes[0].stdout.readline(), b"ready\n", f"the attacker did not come to it; seed {self.seed}")

            def ends():
                self.assertIsNone(processes[0].poll(), f"the attacker has given up; seed {self.seed}")
                self.end(processes[0])
            result = self.measure(kind, self.agent, begin, ends, tries, refused)
            self.assertEqual(self.agent.status()["wrappers"]["leases"], 0, "all that it held is gone")
            return result

    def test_each(self):
        print(f"seed {self.seed}")
        with Client(self.agent.path) as slow:
            slow.socket.sendall(b'{"type":"force_wa')
            began = time.monotonic()
            before = self.agent.status()
            for kind, *refused in (("half_lines",), ("long_lines", "line_too_long"), ("deaf_subscribers",), ("flood", "rate"), ("junk", "invalid"),
                                   ("no_objects", "invalid", "unknown_type"), ("bombs", "invalid", "unknown_type"), ("resets",), ("byte_by_byte",)):
                self.attack(kind, *refused)
            self.agent.ask("resume")  # some were killed amid what they did
            status = self.agent.status()
            for key in ("state", "scheduler_paused", "wish", "sleep_cycle_progress"):
                self.assertEqual(status[key], before[key], key)
            if IS_LONG:
                self.assertIsNone(slow.receive(), "half a line for half a minute")
                self.assertGreater(time.monotonic() - began, HALF_LINE - 1)
                self.assertGreater(self.agent.status()["refused"]["half_line"], 0)

    def test_those_who_never_read(self):
        self.attack("deaf_askers", "unread", tries=max(TRIES, 800))

    def test_those_who_ask_for_much(self):
        """By the thousand: leases, holds, sessions. They are use, and end with whoever asked."""
        for kind in ("leases", "holds", "sessions"):
            self.attack(kind)
        self.assertTrue(self.agent.ask("resume")["ok"])

    def test_a_thousand_connections(self):
        """Who is there keeps its place; who comes is told at once that it is full."""
        self.attack("many_connections", "connections")
        attacker = self.attacker("many_connections")
        self.assertEqual(attacker.stdout.readline(), b"ready\n")
        waits = []
        for _ in range(200):
            began = time.monotonic()
            with Client(self.agent.path) as client:
                answer = client.receive()
            waits.append(time.monotonic() - began)
            self.assertEqual(answer["reason"], "busy")
        self.assertLessEqual(sorted(waits)[197], 0.05, waits)
        self.end(attacker)
        until("there is room again", lambda: self.agent.ask("status").get("state"))

    def test_wrong_types(self):
        """Each message with each field of each wrong kind: refused, counted, and nothing done."""
        known = messages()
        self.assertGreater(len(known), 20)
        self.assertEqual({field for _, fields in known for field in fields} - TEXT - FLAG - INTEGER - SECONDS, set(), "a field that this test does not know")
        before, refused = self.agent.status(), 0
        client = self.agent.client()
        for type_, fields in known:
            for field in ["nonsense", "", *fields]:
                for value in WRONG:
                    if field in TEXT and isinstance(value, str) or field in FLAG and isinstance(value, bool):
                        continue
                    if field in INTEGER and isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2 ** 31:
                        continue
                    if field in SECONDS and (isinstance(value, float) and 0 < value < 1e9 or type_ == "user_idle" and value in (None, 0)) \
                            and not isinstance(value, bool):
                        continue
                    needed = {"name": "x", "session_id": "x", "what": "x", "action": "status"} if field not in ("nonsense", "") else {}
                    message = {key: needed[key] for key in fields if key in needed} | {field: value}
                    answer = client.ask(type_, **message)
                    self.assertEqual((answer["ok"], answer["reason"]), (False, "invalid_message"), (type_, field, value))
                    self.assertLess(len(answer["error"]), 300)
                    refused += 1
                    if refused % 250 == 0:
                        client = self.agent.client()
        after = self.agent.status()
        self.assertGreater(refused, 500)
        self.assertEqual(after["refused"]["invalid"] - before["refused"]["invalid"], refused)
        for key in ("state", "since_ts", "last_activity_ts", "wrapper_event_seq", "scheduler_paused", "wish", "wrappers"):
            self.assertEqual(after[key], before[key], key)
        self.assertEqual(self.entries("state_transition"), [])

    def test_a_stopped_subscriber(self):
        """Stopped while much happens: nobody waits for it, and let go on it is told how things are, not how they were a thousand times."""
        process = self.attacker("subscriber")
        self.assertEqual(json.loads(process.stdout.readline()).get("ok"), True)
        process.send_signal(signal.SIGSTOP)
        changes = [0]

        def attack():
            for number in range(10):
                with Client(self.agent.path) as client:
                    for _ in range(100):
                        client.ask("pause", seconds=1000, reason=f"{number}" + "r" * 400)
                        client.ask("resume")
                        changes[0] += 2

        def ends():
            self.agent.ask("pause", seconds=77, reason="the last")
            process.send_signal(signal.SIGCONT)
        self.measure("stopped subscriber", self.agent, attack, ends)
        told = 0
        for line in process.stdout:
            told += 1
            snapshot = json.loads(line)
            if "the last" in json.dumps(snapshot):
                break
        self.assertLess(told, changes[0] / 4)


if __name__ == "__main__":
    main()
