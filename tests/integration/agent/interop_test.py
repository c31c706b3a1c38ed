# SPDX-License-Identifier: MIT
"""The agent beside Python programs that use the same files: the reference's locks, records and keys."""
import datetime
import fcntl
import os
import signal
import socket
import threading
import time

from lab import TIME, Case, main, now, until


class Lock(Case):
    def hold(self, root=None):
        """Takes the lock as the Python daemon does for a dispatch; a descriptor."""
        os.makedirs(root or self.root, 0o700, exist_ok=True)
        file = open(self.at(".lifecycle.lock"), "a+", encoding="utf-8")
        self.addCleanup(file.close)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return file

    def test_held_for_good_it_keeps_the_agent_out(self):
        self.put_record("DROWSY", python=True)
        for folder in ("wrappers", "logs"):
            os.mkdir(self.at(folder), 0o700)
        self.wrapper().beat()
        self.hold()
        before = self.listing()
        began = time.monotonic()
        agent = self.launch(allow=[f"^dormouse-agent: .*pid {os.getpid()}.*"])
        self.assertEqual(agent.wait(), 75)
        self.assertTrue(2.8 <= time.monotonic() - began <= 6, "it is tried for 3 s")
        self.assertEqual(len(agent.log().splitlines()), 1)
        self.assertIn(f"pid {os.getpid()}", agent.log())
        self.assertIn(self.at(".lifecycle.lock"), agent.log())
        self.assertEqual(self.listing(), before, "it touches nothing")

    def test_supervised_it_waits(self):
        """A supervisor that sees failures in a row gives up, and then nothing wakes any more."""
        file = self.hold()
        agent = self.launch("--supervised", allow=["waiting for the lock: .*" + str(os.getpid())])
        until("it says that it waits", lambda: "waiting for the lock" in agent.log())
        self.assertIsNone(agent.process.poll())
        fcntl.flock(file, fcntl.LOCK_UN)
        agent.ready()
        self.assertEqual(agent.log().count("waiting for the lock"), 1)

    def test_held_for_a_moment_it_does_not(self):
        file = self.hold()
        agent = self.launch()
        timer = threading.Timer(1.0, lambda: fcntl.flock(file, fcntl.LOCK_UN))
        timer.start()
        agent.ready()
        timer.join()

    def test_it_keeps_python_out(self):
        agent = self.start()
        for _ in range(3):
            with self.assertRaises(BlockingIOError):
                self.hold()
        agent.ask("hibernate")
        with self.assertRaises(BlockingIOError):
            self.hold()
        agent.stop()
        self.assertLockFree()

    def test_leftovers_do_not_delay_the_start(self):
        """Whatever a predecessor left of its locks: a start takes no time, and needs nobody's hand."""
        for content in (b"", b"garbage\xff\x00", b"1\n", b"99999999\ndormouse-agent\nelsewhere\n", f"{os.getpid()}\ndormouse-agent\n\n\n\n".encode()):
            with self.subTest(content=content):
                os.makedirs(self.root, 0o700, exist_ok=True)
                for name in (".lifecycle.lock", "agent.lock"):
                    with open(self.at(name), "wb") as file:
                        file.write(b"" if name == ".lifecycle.lock" else content)
                with socket.socket(socket.AF_UNIX) as stale:  # a socket file that nobody serves
                    stale.bind(self.at("agent.sock"))
                began = time.monotonic()
                agent = self.start(allow=["took over the lock that an agent on host (elsewhere)? left"])
                self.assertLess(time.monotonic() - began, 2)
                agent.stop()
                self.assertLockFree()

    def test_killed_it_leaves_nothing_that_needs_a_human(self):
        for _ in range(5):
            agent = self.start()
            agent.kill()
            self.assertTrue(os.path.exists(self.at("agent.lock")))
        with open(self.at(".lifecycle.lock"), "a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        began = time.monotonic()
        self.start()
        self.assertLess(time.monotonic() - began, 2)

    def test_of_two_that_race_exactly_one_wins(self):
        for attempt in range(20):
            with self.subTest(attempt=attempt):
                pair = [self.launch(allow=["^dormouse-agent: another agent runs on this root"]) for _ in range(2)]
                until("one gives up", lambda: any(agent.process.poll() is not None for agent in pair), period=0.05)
                loser, winner = sorted(pair, key=lambda agent: agent.process.poll() is None)
                self.assertEqual(loser.process.returncode, 75, loser.log())
                self.assertIn(f"pid {winner.pid}", loser.log())
                winner.ready()
                self.assertEqual(winner.status()["pid"], winner.pid)
                winner.kill() if attempt % 2 else winner.stop()
                starts = [line["pid"] for line in self.entries("agent_started")]
                self.assertEqual(starts.count(winner.pid), 1)
                self.assertNotIn(loser.pid, starts, "who lost wrote nothing")


class Files(Case):
    def times(self, value, key=""):
        """Every string under a key that names a time."""
        if isinstance(value, dict):
            for name, part in value.items():
                yield from self.times(part, name)
        elif isinstance(value, list):
            for part in value:
                yield from self.times(part, key)
        elif isinstance(value, str) and (key in ("ts", "at", "since", "until", "s1") or key.endswith(("_ts", "_at", "_active", "_until"))):
            yield key, value

    def assertTimes(self, value, fewest):
        found = list(self.times(value))
        self.assertGreaterEqual(len(found), fewest, value)
        for key, text in found:
            self.assertRegex(text, TIME, key)
            age = datetime.datetime.now(datetime.timezone.utc) - datetime.datetime.fromisoformat(text)
            self.assertLess(abs(age.total_seconds()), 7200, key)

    def test_python_reads_what_we_write(self):
        agent = self.start(timers={"tick": 0.1, "drowsy_after": 0.2})
        agent.wait_state("DROWSY")
        agent.ask("session_open", session_id="s1")
        agent.ask("pause", seconds=3600, reason="a test")
        self.drop_signal()
        until("the signal is taken", lambda: not os.path.exists(self.at("wake.signal")))
        status = agent.status()
        agent.ask("hibernate")
        agent.stop()
        record = self.json("lifecycle_state.json")
        self.assertTimes(record, 2)
        self.assertIn(record["current_state"], ("WAKE", "DROWSY", "SLEEP", "HIBERNATION"))
        self.assertIs(type(record["wrapper_event_seq"]), int)
        state = self.json(".daemon-state.json")
        self.assertTimes(state, 3)
        self.assertEqual(list(state["first_turn_pending"]), ["s1"])
        entries = self.entries()
        self.assertTimes(entries, len(entries))
        self.assertTrue(all(list(entry)[0] == "ts" for entry in entries))
        self.assertTimes(self.json("dormouse.json"), 0)
        self.assertTimes(status, 4)
        for line in self.read(os.path.join("logs", os.listdir(self.at("logs"))[0])).splitlines():
            self.assertNotIn(b": ", line, "compact")
        self.assertIn(b'\n  "current_state"', self.read("lifecycle_state.json").replace(b"{\n  ", b"{\n\n  "))

    def test_the_legacy_state_is_kept_for_those_who_read_only_that(self):
        agent = self.start(timers={"tick": 0.1, "drowsy_after": 0.2})
        agent.wait_state("DROWSY")
        self.assertEqual(self.json(".daemon-state.json")["fsm_state"], "TRANSITIONING")
        self.assertEqual(self.json(".daemon-state.json")["daemon_pid"], agent.pid)
        agent.ask("force_wake")
        self.assertEqual(self.json(".daemon-state.json")["fsm_state"], "WAKE")
        agent.ask("hibernate")
        self.assertIn(self.json(".daemon-state.json")["fsm_state"], ("SLEEP", "TRANSITIONING"))

    def test_what_python_wrote_survives(self):
        record = self.put_record("DROWSY", later_field={"a": [1, 2.5, "ä\u2028", None]}, big=2 ** 62, sleep_cycle_progress={"attempt": 2, "mine": True},
                                 since_ts="2026-05-02T15:14:30.123456+00:00")
        state = {"scheduler_paused": True, "user_model": {"deep": [{"x": 1e-9}]}, "first_turn_pending": {"old": now(-90000), "new": now(-60)},
                 "pending_digest": {"episodes_processed": 3}, "last_digest_shown_at": "not a time", "fsm_state": "DREAMING", "big": 2 ** 63 - 1}
        self.put_json(".daemon-state.json", state)
        agent = self.start(timers={"tick": 0.1, "stale_after": 2})
        self.assertEqual(agent.state(), "DROWSY")
        agent.ask("session_open", session_id="fresh")
        # A Python daemon writes while the agent runs: what the agent read before is old now.
        during = self.json(".daemon-state.json")
        during["written_meanwhile"] = [1]
        self.put_json(".daemon-state.json", during)
        self.assertIs(agent.ask("consume_first_turn", session_id="fresh")["first_turn"], True)
        agent.stop()
        kept = self.json("lifecycle_state.json")
        for key in ("later_field", "big", "quarantine"):
            self.assertEqual(kept[key], record[key], key)
        after = self.json(".daemon-state.json")
        for key in ("scheduler_paused", "user_model", "pending_digest", "last_digest_shown_at", "big"):
            self.assertEqual(after[key], state[key], key)
        self.assertEqual(after["written_meanwhile"], [1])
        self.assertEqual(list(after["first_turn_pending"]), ["new"])

    def test_an_untouched_record_is_not_rewritten(self):
        """A value that we read and did not change is written back as it was; without cause nothing is written at all."""
        self.put_record("DROWSY", since_ts="2026-05-02T15:14:30Z")
        before = self.read("lifecycle_state.json")
        agent = self.start(timers={"tick": 0.05, "stale_after": 3})
        watched = agent.subscribe()
        watched.wait_for_state("DROWSY")
        until("some ticks", lambda: agent.status()["uptime_sec"] > 1)
        agent.stop()
        self.assertEqual(self.read("lifecycle_state.json"), before)

    def test_malformed_files_are_kept_and_nobody_is_kept_from_waking(self):
        allow = ["the lifecycle record is not usable", "starting without memory"]
        os.makedirs(self.root, 0o700)
        bad = {"lifecycle_state.json": b'{"current_state":"WAKE"', ".daemon-state.json": b'{"x": NaN}', "dormouse.json": b"\xff\xfe"}
        for name, content in bad.items():
            with open(self.at(name), "wb") as file:
                file.write(content)
        agent = self.start(allow=allow)
        self.assertEqual(agent.ask("force_wake")["state"], "WAKE")
        agent.ask("session_open", session_id="s")
        agent.stop()
        for name, content in bad.items():
            with self.subTest(name=name):
                kept = [other for other in os.listdir(self.root) if other.startswith(name + ".bad-")]
                self.assertEqual([self.read(other) for other in kept], [content])
                self.assertIsInstance(self.json(name), dict)

    def test_a_python_daemon_beside_it_is_told_of(self):
        """Two that manage the same memory: somebody should know."""
        self.put_json(".locked", {"pid": os.getpid(), "host": socket.gethostname()})
        agent = self.start(timers={"tick": 0.1})
        marks = until("attention", lambda: agent.status()["attention"])
        self.assertEqual([mark["what"] for mark in marks], ["python_daemon"])
        self.assertIn(str(os.getpid()), marks[0]["text"])
        self.assertNotIn("daemon_pid", self.json(".daemon-state.json"))
        os.unlink(self.at(".locked"))
        until("it is gone", lambda: not agent.status()["attention"])

    def test_one_of_another_host_is_none_of_ours(self):
        """A root that was copied, or is on a network: that number means another process there."""
        for key in ("host", "hostname"):
            self.put_json(".locked", {"pid": os.getpid(), key: "elsewhere.example"})
            agent = self.start(timers={"tick": 0.1})
            self.assertEqual(self.json(".daemon-state.json")["daemon_pid"], agent.pid)
            agent.stop()
            self.put_json(".locked", {"pid": os.getpid(), key: socket.gethostname().split(".")[0].upper() + ".example"})
            until("one of this host, with its domain", lambda a=self.start(timers={"tick": 0.1}): a.status()["attention"] and a.stop() == 0)


class Signals(Case):
    def test_a_foreign_lock_holder_does_not_hang_a_sigterm(self):
        """SIGTERM while it still tries for the lock ends it: a logout must not wait."""
        os.makedirs(self.root, 0o700)
        with open(self.at(".lifecycle.lock"), "a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            agent = self.launch("--supervised", allow=["waiting for the lock"])
            until("it waits", lambda: "waiting for the lock" in agent.log())
            agent.signal(signal.SIGTERM)
            self.assertEqual(agent.wait(5), 0)

    def test_observers_of_the_lock_file_take_nothing(self):
        """`dormouse status` beside a running agent, and beside none, leaves the locks alone."""
        agent = self.start()
        ino = os.stat(self.at(".lifecycle.lock")).st_ino
        for _ in range(5):
            self.assertEqual(self.dormouse("status").returncode, 0)
        agent.stop()
        before = self.listing()
        self.assertEqual(self.dormouse("status").returncode, 69)
        self.assertEqual(self.listing(), before)
        self.assertEqual(os.stat(self.at(".lifecycle.lock")).st_ino, ino)


if __name__ == "__main__":
    main()
