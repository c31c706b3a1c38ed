# SPDX-License-Identifier: MIT
"""Who only looks is never there: a monitor that polls for weeks must not keep the memory in use, nor wake anything."""
import socket
import time

from lab import Case, Client, main, now, until

OBSERVERS = [("status", {}), ("why", {}), ("wrappers", {}), ("wrappers", {"limit": 1, "offset": 0}), ("history", {}), ("digest", {"peek": True}), ("digest", {})]
LINGER = {"lifecycle.hibernation": "linger"}
# Long enough that nothing happens by itself; the tick goes on all the time.
TIMERS = {"tick": 0.1, "stale_after": 300, "drowsy_after": 600, "sleep_after": 1200, "hibernate_after": 3600}


class Observers(Case):
    def look_hard(self, agent):
        """Everything that only looks, for a while, from several connections."""
        subscriber = agent.subscribe()
        silent = agent.client()
        half = socket.socket(socket.AF_UNIX)
        self.addCleanup(half.close)
        half.connect(agent.path)
        half.sendall(b'{"type":"force_wa')  # never finished
        with Client(agent.path) as client:
            for _ in range(10):
                for type_, fields in OBSERVERS:
                    self.assertIs(client.ask(type_, **fields)["ok"], True, type_)
                for type_ in ("no_such_message", "Force_Wake", ""):
                    self.assertEqual(client.ask(type_)["reason"], "unknown_message_type")
                self.assertEqual(client.ask("force_wake", unknown=1)["reason"], "invalid_message")
                self.assertEqual(client.ask("lease")["reason"], "invalid_message")
                self.assertEqual(client.ask("release", name="nobody's")["reason"], "not_found")
                client.socket.sendall(b"garbage\n[]\n{}\n")
                self.assertEqual([client.receive()["reason"] for _ in range(3)], ["invalid_message"] * 3)
        for words in (("status",), ("status", "--json"), ("why",), ("wrappers",), ("history",), ("digest", "--peek"), ("scan",)):
            done = self.dormouse(*words)
            self.assertEqual((done.returncode, done.stderr), (0, ""), words)
        for _ in range(20):
            agent.client().close()
        subscriber.close()
        silent.close()

    def assertUntouched(self, agent, state):
        seen = agent.subscribe()
        _, first = seen.wait_for_state(state)
        began = time.monotonic()
        record, log = self.read("lifecycle_state.json"), self.entries()
        self.look_hard(agent)
        _, last = time.monotonic(), agent.status()
        passed = time.monotonic() - began
        self.assertEqual(last["state"], state)
        for key in ("since_ts", "last_activity_ts", "wrapper_event_seq", "next" if state != "HIBERNATION" else "since_ts"):
            if key == "next":
                self.assertEqual(first[key]["state"], last[key]["state"])
            else:
                self.assertEqual(last[key], first[key], key)
        self.assertGreaterEqual(last["idle_sec"], first["idle_sec"] + passed - 0.2, "idle time goes on")
        self.assertEqual(self.read("lifecycle_state.json"), record, "not a byte of the record")
        self.assertEqual(self.entries(), log, "not a line in the log")
        self.assertEqual(set(seen.states()), {state})

    def test_awake(self):
        self.put_record("WAKE")
        self.assertUntouched(self.start(timers=TIMERS, sets=LINGER), "WAKE")

    def test_drowsy(self):
        self.put_record("DROWSY")
        self.assertUntouched(self.start(timers=TIMERS, sets=LINGER), "DROWSY")

    def test_asleep(self):
        """The record of a killed predecessor; clients have `stale_after` to report before anything goes on."""
        self.put_predecessor("SLEEP")
        self.assertUntouched(self.start(timers=TIMERS, sets=LINGER), "SLEEP")

    def test_lingering(self):
        agent = self.start(timers=TIMERS, sets=LINGER)
        agent.ask("hibernate")
        self.assertUntouched(agent, "HIBERNATION")

    def test_the_walk_goes_on_under_their_eyes(self):
        """Observed without a pause, everything happens as early as unobserved, the exit included."""
        agent = self.start(timers={"tick": 0.1, "stale_after": 0.2, "drowsy_after": 1, "sleep_after": 2, "hibernate_after": 4}, sets={"lifecycle.hibernation": "exit"})
        began = time.monotonic()
        seen = agent.subscribe()
        asked = 0
        try:
            with Client(agent.path) as client:
                while agent.process.poll() is None and time.monotonic() < began + 20:
                    client.ask(*OBSERVERS[0][:1])
                    asked += 1
        except OSError:
            pass
        self.assertEqual(agent.wait(5), 0, agent.log())
        self.assertLess(time.monotonic() - began, 5)
        self.assertGreater(asked, 100)
        seen.join(5)
        self.assertEqual(self.json("lifecycle_state.json")["current_state"], "HIBERNATION")
        self.assertEqual(self.transitions(), [("WAKE", "DROWSY"), ("DROWSY", "SLEEP"), ("SLEEP", "HIBERNATION")])
        self.assertEqual(len(self.entries("agent_started")), 1, "an observer starts nobody")

    def test_an_observer_at_the_last_moment_wakes_nobody(self):
        """Connections in each phase of the exit, asking for nothing but the state."""
        for attempt in range(10):
            agent = self.start(timers={"tick": 0.1}, sets={"lifecycle.hibernation": "exit"})
            before = len(self.entries("agent_started"))
            agent.ask("hibernate")
            deadline = time.monotonic() + 10
            while agent.process.poll() is None and time.monotonic() < deadline:
                try:
                    with Client(agent.path, timeout=5) as client:
                        client.send("status")
                        client.receive()
                except OSError:
                    pass
            self.assertEqual(agent.process.poll(), 0, f"try {attempt}: {agent.log()}")
            self.assertEqual(len(self.entries("agent_started")), before, f"try {attempt}: {self.entries()[-4:]}")
            self.assertEqual(self.json("lifecycle_state.json")["current_state"], "HIBERNATION")

    def test_the_absent_agent_is_not_started(self):
        self.start().stop()
        self.put_record("HIBERNATION")
        before = self.listing()
        for words in (("status",), ("status", "--json"), ("why",), ("wrappers",), ("history",), ("digest", "--peek"), ("scan",)):
            self.assertEqual(self.dormouse(*words).returncode, 0, words)
        self.assertEqual(self.listing(), before)

    def test_a_digest_is_shown_once_and_peeking_does_not_use_it_up(self):
        self.put_record("WAKE")
        self.put_json(".daemon-state.json", {"pending_digest": {"episodes_processed": 3}})
        agent = self.start(timers=TIMERS)
        for _ in range(3):
            self.assertEqual(agent.ask("digest", peek=True)["digest"], {"episodes_processed": 3})
        self.assertEqual(agent.status()["pending_digest"], {"episodes_processed": 3})
        self.assertEqual(agent.ask("digest")["digest"], {"episodes_processed": 3})
        self.assertIsNone(agent.ask("digest")["digest"])
        self.assertEqual(agent.ask("digest", peek=True)["digest"], {"episodes_processed": 3}, "the last one shown")
        state = self.json(".daemon-state.json")
        self.assertNotIn("pending_digest", state)
        # The next one is not due for 18 h.
        self.put_json(".daemon-state.json", {**state, "pending_digest": {"episodes_processed": 4}})
        self.assertIsNone(agent.ask("digest")["digest"])
        self.put_json(".daemon-state.json", {**state, "pending_digest": {"episodes_processed": 4}, "last_digest_shown_at": now(-18 * 3600 - 60)})
        self.assertEqual(agent.ask("digest")["digest"], {"episodes_processed": 4})
        agent.stop()
        agent = self.start(timers=TIMERS)
        self.assertEqual(agent.ask("digest", peek=True)["digest"], {"episodes_processed": 4}, "the last one shown, after a restart too")

    def test_a_client_that_reads_nothing_holds_nobody_up(self):
        agent = self.start(timers=TIMERS)
        deaf = agent.client()
        deaf.socket.setblocking(False)
        sent = 0
        try:
            while sent < 64 * 1024 * 1024:
                sent += deaf.socket.send(b'{"type":"history"}\n' * 1000)
        except BlockingIOError:
            pass
        for _ in range(20):
            began = time.monotonic()
            agent.status()
            self.assertLess(time.monotonic() - began, 1)
        deaf.close()
        until("it is forgotten", lambda: agent.ask("why")["ok"])


if __name__ == "__main__":
    main()
