# SPDX-License-Identifier: MIT
"""A day of the agent under valgrind's memcheck: every message there is, wrappers that come and go, a service, a cycle, hooks, a broken configuration, folders that
vanish, wakes of every kind, and the end. 0 errors, 0 bytes definitely lost. A nightly script, not a test of CI: it takes a minute, and valgrind may be absent.
Run: DORMOUSE_BIN=build/release/bin PYTHONPATH=tests/support python3 tests/faults/life/valgrind_day.py"""
import os
import re
import shutil
import signal
import subprocess
import sys
import time

from lab import main, now, program, until
from lifecase import LifeCase

SUPPRESSIONS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "valgrind.supp")
TIMERS = {"tick": 1, "stale_after": 20, "drowsy_after": 600, "sleep_after": 600, "hibernate_after": 600}
MESSAGES = [("status", {}), ("why", {}), ("wrappers", {}), ("wrappers", {"limit": 1, "offset": 1}), ("history", {}), ("history", {"since": "2020-01-01", "limit": 3}),
            ("digest", {"peek": True}), ("digest", {}), ("session_open", {"session_id": "s" * 200}), ("consume_first_turn", {"session_id": "s" * 128}),
            ("request_arrived", {"uuid": "u"}), ("force_wake", {"ts": now()}), ("lease", {"name": "run", "max_seconds": 60}), ("release", {"name": "run"}),
            ("lease", {"name": "kept"}), ("user_idle", {"seconds": 3}), ("user_idle", {"seconds": None}), ("pause", {"seconds": 60, "reason": "r" * 600}),
            ("resume", {}), ("service", {"name": "memory", "action": "restart"}), ("service", {"name": "none", "action": "stop"}),
            ("sleep_cycle", {"action": "status"}), ("sleep_cycle", {"action": "reset_quarantine"}), ("acknowledge", {"what": "nothing"}), ("reload", {}),
            ("clean", {}), ("nonsense", {}), ("status", {"surplus": 1}), ("force_rem", {})]


class Day(LifeCase):
    def valgrind(self):
        self.report = os.path.join(self.folder, "valgrind.txt")
        return ["valgrind", "--tool=memcheck", "--leak-check=full", "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite", "--num-callers=30",
                "--error-exitcode=99", "--trace-children=no", f"--suppressions={SUPPRESSIONS}", f"--log-file={self.report}"]

    def test_a_day(self):
        if not shutil.which("valgrind"):
            self.skipTest("needs valgrind")
        self.configure([self.server("memory")], [("one", ["/bin/sh", "-c", "echo '{\"episodes_processed\": 2}'"]), ("two", ["/bin/false"])])
        with open(self.at("dormouse.toml"), "a", encoding="utf-8") as file:
            file.write('[hooks]\non_wake = [["/bin/true"]]\non_hibernation = [["/bin/false"]]\n')
        began = time.monotonic()
        agent = self.start(prefix=self.valgrind(), timers=TIMERS, sets={"lifecycle.hibernation": "linger"}, allow=[r" warning dormouse\."])
        self.morning(agent)
        self.noon(agent)
        self.night(agent)
        agent.signal(signal.SIGTERM)
        code = agent.wait(120)
        self.judge(code, time.monotonic() - began)

    def morning(self, agent):
        """People come, and ask for everything there is."""
        wrappers = [self.wrapper(f"client {number}") for number in range(5)]
        for wrapper in wrappers * 3:
            wrapper.beat()
        with open(self.at("wrappers", "heartbeat-1-torn.json"), "wb") as file:
            file.write(b'{"pid": \xff')
        subscriber = agent.subscribe()
        subscriber.wait_for(lambda snapshot: snapshot["wrappers"]["fresh"] >= 5)
        with agent.client() as client:
            for kind, fields in MESSAGES:
                self.assertIn(client.ask(kind, **fields)["ok"], (True, False))
            client.socket.sendall(b"[]\n\xff\x00\n{\n" + b"x" * 70_000 + b"\n")
            until("the long line closes the connection", lambda: client.receive() is None)
        for wrapper in wrappers[:2]:
            wrapper.leave()
            wrapper.die()
        wrappers[2].die()
        subscriber.close()

    def noon(self, agent):
        """Somebody edits the configuration, deletes folders, and sets signals."""
        path = self.at("dormouse.toml")
        with open(path, encoding="utf-8") as file:
            good = file.read()
        for text in (good + "[[[", good + '\n[timers]\nticks = 3\n', good.replace("episodes", "chapters")):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            agent.ask("reload")
        agent.signal(signal.SIGHUP)
        for name in ("agent.sock", "agent.lock", ".lifecycle.lock", "lifecycle_state.json"):
            os.unlink(self.at(name))
        until("it is found again", lambda: self.answers(agent))
        for name in ("wrappers", "logs"):
            shutil.rmtree(self.at(name))
        os.mkdir(self.at("wrappers"), 0o700)
        self.wrapper("new").beat()
        until("the new one is seen", lambda: agent.status()["wrappers"]["fresh"] == 1)

    @staticmethod
    def answers(agent):
        try:
            return agent.status()["ok"]
        except OSError:
            return False

    def night(self, agent):
        """Down through a cycle that fails, or past it, and up again by each of the ways there are."""
        for number in range(3):
            agent.ask("user_initiated_sleep", force=True)
            until("the second step has failed", lambda: agent.ask("sleep_cycle", action="status")["strikes"])
            agent.ask("hibernate", force=True)
            agent.wait_state("HIBERNATION")
            if number == 0:
                self.drop_signal()
            elif number == 1:
                agent.ask("force_wake")
            else:
                self.wrapper("returns").beat()
            agent.wait_state("WAKE")
        until("the service is up", lambda: agent.status()["services"][0]["state"] == "ready")

    def judge(self, code, took):
        with open(self.report, encoding="utf-8") as file:
            report = file.read()
        errors = re.search(r"ERROR SUMMARY: (\d+) errors.*\(suppressed: (\d+)", report)
        lost = re.search(r"definitely lost: ([\d,]+) bytes", report)
        self.assertIsNotNone(errors, report)
        version = subprocess.run(["valgrind", "--version"], capture_output=True, text=True).stdout.strip()
        print(f"{version}, {program('dormouse-agent')}: a day in {took:.0f} s, {errors.group(1)} errors, {errors.group(2)} suppressed, "
              f"{lost.group(1) if lost else 0} bytes definitely lost", flush=True)
        self.assertEqual((errors.group(1), lost.group(1) if lost else "0", code), ("0", "0", 0), report[:20000])


if __name__ == "__main__":
    sys.exit(main())
