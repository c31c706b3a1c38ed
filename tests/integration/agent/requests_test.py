# SPDX-License-Identifier: MIT
"""What clients ask for over the socket, with a real agent behind it; how it ends; what it says to strange messages."""
import os
import signal
import time

from lab import Case, Client, main, now, until

LINGER = {"lifecycle.hibernation": "linger"}
LONG = {"tick": 0.1, "stale_after": 300, "drowsy_after": 600, "sleep_after": 1200, "hibernate_after": 3600}


class Wake(Case):
    def begin(self, state):
        """An agent in that state, where it stays."""
        if state == "HIBERNATION":
            agent = self.start(timers=LONG, sets=LINGER)
            agent.ask("hibernate")
        else:
            self.put_predecessor(state)
            agent = self.start(timers=LONG, sets=LINGER)
        self.assertEqual(agent.state(), state)
        return agent

    def test_from_every_state(self):
        for state in ("WAKE", "DROWSY", "SLEEP", "HIBERNATION"):
            for type_ in ("force_wake", "request_arrived"):
                with self.subTest(state=state, type=type_):
                    agent = self.begin(state)
                    before = agent.status()
                    answer = agent.ask(type_, ts=now())
                    self.assertEqual((answer["ok"], answer["state"], answer.get("reason")), (True, "WAKE", None))
                    record = self.json("lifecycle_state.json")
                    self.assertEqual(record["current_state"], "WAKE")
                    self.assertGreater(record["wrapper_event_seq"], before["wrapper_event_seq"])
                    self.assertGreater(record["last_activity_ts"], before["last_activity_ts"])
                    last = self.entries("state_transition")[-1]
                    self.assertEqual((last["from"], last["to"], last["trigger"]), (state, "WAKE", "request_arrived"))
                    self.assertLess(agent.status()["idle_sec"], 1)
                    agent.stop()

    def test_a_busy_client_costs_one_write_in_half_a_minute(self):
        agent = self.start(timers=LONG)
        agent.ask("request_arrived")
        before = self.read("lifecycle_state.json"), self.entries()
        with Client(agent.path) as client:
            for _ in range(200):
                self.assertEqual(client.ask("request_arrived", uuid="someone")["state"], "WAKE")
        self.assertEqual((self.read("lifecycle_state.json"), self.entries()), before)
        self.assertLess(agent.status()["idle_sec"], 1, "but it was use")

    def test_by_the_command_line(self):
        agent = self.start(timers=LONG, sets=LINGER)
        slept = self.dormouse("hibernate")
        self.assertEqual((slept.returncode, slept.stderr), (0, ""))
        self.assertEqual(agent.state(), "HIBERNATION")
        woken = self.dormouse("wake", "--wait")
        self.assertEqual((woken.returncode, woken.stderr), (0, ""))
        self.assertEqual(agent.state(), "WAKE")
        self.assertEqual(self.dormouse("pause", "1h").returncode, 0)
        self.assertTrue(agent.status()["scheduler_paused"])
        self.assertEqual(self.dormouse("resume").returncode, 0)
        self.assertFalse(agent.status()["scheduler_paused"])

    def test_an_absent_agent_is_started(self):
        """Whoever comes in the morning: one command, and it is awake."""
        agent = self.start(timers={"tick": 0.1}, sets={"lifecycle.hibernation": "exit"})
        agent.ask("hibernate")
        agent.wait()
        woken = self.dormouse("wake", "--wait")
        self.assertEqual((woken.returncode, woken.stderr), (0, ""), woken)
        self.assertEqual(self.json("lifecycle_state.json")["current_state"], "WAKE")
        self.assertFalse(os.path.exists(self.at("wake.signal")))
        self.adopt_woken()


class Sessions(Case):
    def test_the_first_turn_is_told_once(self):
        agent = self.start(timers=LONG, sets=LINGER)
        agent.ask("hibernate")
        answer = agent.ask("session_open", session_id="abc", ts=now())
        self.assertEqual((answer["ok"], answer["reason"], answer["state"]), (True, "session_open_queued", "WAKE"))
        self.assertEqual(list(self.json(".daemon-state.json")["first_turn_pending"]), ["abc"])
        agent.kill()  # the mark survives
        agent = self.start(timers=LONG)
        turns = [agent.ask("consume_first_turn", session_id=name)["first_turn"] for name in ("abc", "abc", "other")]
        self.assertEqual(turns, [True, False, False])
        agent.ask("session_open", session_id="x" * 500)
        self.assertEqual(list(self.json(".daemon-state.json")["first_turn_pending"]), ["x" * 128])
        self.assertIs(agent.ask("consume_first_turn", session_id="x" * 500)["first_turn"], True)
        self.assertEqual(agent.ask("consume_first_turn")["reason"], "invalid_message")

    def test_turns_that_nobody_took_are_dropped(self):
        self.put_json(".daemon-state.json", {"first_turn_pending": {"old": now(-3700), "bad": "x", "young": now(-60)}})
        self.start(timers=LONG)
        until("they are dropped", lambda: list(self.json(".daemon-state.json")["first_turn_pending"]) == ["young"])
        dropped = until("that is logged", lambda: self.entries("first_turn_pending_expired"))
        self.assertEqual(sorted(dropped[0]["session_ids"]), ["bad", "old"])


class Housekeeping(Case):
    def test_acknowledge(self):
        self.put_json(".locked", {"pid": os.getpid()})
        agent = self.start(timers=LONG)
        until("a mark", lambda: agent.status()["attention"])
        self.assertEqual(agent.ask("acknowledge", what="nonsense")["reason"], "not_found")
        self.assertEqual(agent.ask("acknowledge")["reason"], "invalid_message")
        self.assertTrue(agent.ask("acknowledge", what="python_daemon")["ok"])
        self.assertEqual(agent.status()["attention"], [])
        agent.kill()
        agent = self.start(timers=LONG)
        until("some ticks", lambda: agent.status()["uptime_sec"] > 0.5)
        self.assertEqual(agent.status()["attention"], [], "acknowledged stays so, after a restart too")
        os.unlink(self.at(".locked"))
        until("some ticks", lambda: agent.status()["uptime_sec"] > 1)
        self.put_json(".locked", {"pid": os.getppid()})
        until("another cause is another mark", lambda: agent.status()["attention"])

    def test_clean(self):
        agent = self.start(timers=LONG)
        fresh, stale, dead = self.wrapper(), self.wrapper(), self.wrapper()
        fresh.beat()
        stale.beat(age=400)
        dead.beat()
        dead.die()
        litter = self.at("wrappers", ".someone.tmp")
        with open(litter, "wb"):
            pass
        os.utime(litter, (time.time() - 90000,) * 2)
        with open(self.at("wrappers", "notes.txt"), "wb"):
            pass
        answer = agent.ask("clean")
        self.assertEqual((answer["removed"], answer["heartbeats"], answer["temporaries"], answer["failures"]), (3, 2, 1, []))
        self.assertEqual(sorted(os.listdir(self.at("wrappers"))), sorted([os.path.basename(fresh.path), "notes.txt"]))
        self.assertEqual(agent.ask("clean")["removed"], 0)

    def test_wrappers_says_who_counts(self):
        agent = self.start(timers={**LONG, "stale_after": 5})
        fresh, stale, dead = self.wrapper("fresh"), self.wrapper("stale"), self.wrapper("dead")
        fresh.beat()
        stale.beat(age=400)
        dead.beat()
        dead.die()
        with agent.client() as holder:
            holder.ask("lease", name="build", pid=fresh.process.pid)
            until("all are seen", lambda: agent.ask("wrappers")["total"] == 4)
            listed = {item["name"]: item for item in agent.ask("wrappers")["wrappers"]}
            self.assertEqual({name: (item["status"].upper(), item["counts"]) for name, item in listed.items()},
                             {"fresh": ("FRESH", True), "stale": ("STALE", False), "dead": ("ORPHAN", False), "build": ("LEASE", True)})
            self.assertTrue(all(item["why_not"] for item in listed.values() if not item["counts"]))
            self.assertEqual(listed["fresh"]["path"], fresh.path)
            page = agent.ask("wrappers", limit=1, offset=3)
            self.assertEqual((page["total"], len(page["wrappers"])), (4, 1))


class Strange(Case):
    def test_messages_that_are_none(self):
        agent = self.start(timers=LONG)
        client = agent.client()
        for message, reason in (({"type": "dance"}, "unknown_message_type"), ({}, "invalid_message"),
                                ({"type": 7}, "invalid_message"), ({"type": "pause", "seconds": 0}, "invalid_message"),
                                ({"type": "pause", "seconds": "x"}, "invalid_message"), ({"type": "status", "x": 1}, "invalid_message"),
                                ({"type": "force_wake", "ts": 5}, "invalid_message"), ({"type": "lease", "name": ""}, "invalid_message"),
                                ({"type": "wrappers", "limit": 0}, "invalid_message"), ({"type": "history", "since": "yesterday"}, "invalid_message")):
            with self.subTest(message=message):
                client.send(message.pop("type", None), **message) if "type" in message else client.socket.sendall(b"{}\n")
                answer = client.receive()
                self.assertEqual((answer["ok"], answer["reason"]), (False, reason))
                self.assertTrue(answer["error"])
        self.assertIn("status", client.ask("statsu")["error"])
        self.assertEqual(agent.state(), "WAKE")
        refused = agent.status()["refused"]
        self.assertGreaterEqual(sum(refused.values()), 11)

    def test_answers_come_in_order_with_their_id(self):
        agent = self.start(timers=LONG)
        client = agent.client()
        ids = [1, "two", None, [3], {"four": 4}, 5.5]
        for type_ in ("history", "status", "why"):
            for id_ in ids:
                client.send(type_, id=id_)
        self.assertEqual([client.receive()["id"] for _ in range(18)], ids * 3)

    def test_a_line_that_is_too_long(self):
        agent = self.start(timers=LONG)
        client = agent.client()
        client.socket.sendall(b'{"type":"status","x":"' + b"x" * 70000 + b'"}\n')
        self.assertEqual(client.receive()["reason"], "too_large")
        self.assertIsNone(client.receive())
        self.assertTrue(agent.status()["ok"])


class End(Case):
    def test_stop_and_signals(self):
        for how in ("stop", signal.SIGTERM, signal.SIGINT):
            with self.subTest(how=how):
                agent = self.start(timers={"tick": 0.1, "drowsy_after": 0.2, "stale_after": 0.1})
                agent.wait_state("DROWSY")
                seen = agent.subscribe()
                seen.wait_for_state("DROWSY")
                before = self.json("lifecycle_state.json")
                if how == "stop":
                    self.assertTrue(agent.ask("stop")["ok"])
                else:
                    agent.signal(how)
                self.assertEqual(agent.wait(10), 0)
                self.assertEqual(self.entries()[-1]["event"], "agent_stopped")
                self.assertEqual(self.json("lifecycle_state.json"), before, "no transition")
                self.assertLockFree()
                self.assertEqual(self.dormouse("status").returncode, 69)

    def test_killed_it_goes_on_where_it_was(self):
        for state in ("DROWSY", "SLEEP"):
            with self.subTest(state=state):
                self.put_predecessor(state)
                agent = self.start(timers=LONG)
                since = agent.status()["since_ts"]
                agent.kill()
                again = self.start(timers=LONG)
                self.assertEqual((again.state(), again.status()["since_ts"]), (state, since))
                again.stop()

    def test_idle_time_survives_a_crash(self):
        """A restart is no use: else an agent that crashes now and then would keep the memory for ever."""
        agent = self.start(timers=LONG)
        agent.ask("force_wake")
        until("a second has passed", lambda: agent.status()["idle_sec"] > 1.5)
        agent.kill()
        self.assertGreater(self.start(timers=LONG).status()["idle_sec"], 1.5)

    def test_sighup_does_not_end_it(self):
        agent = self.start(timers=LONG)
        agent.signal(signal.SIGHUP)
        for _ in range(20):
            self.assertEqual(agent.state(), "WAKE")

    def test_history_tells_it(self):
        agent = self.start(timers=LONG, sets=LINGER)
        agent.ask("hibernate")
        agent.ask("force_wake")
        history = agent.ask("history")
        self.assertEqual([(item["from"], item["to"]) for item in history["transitions"]], self.transitions())
        self.assertEqual(history["total"], 4)
        page = agent.ask("history", limit=2, offset=1)
        self.assertEqual((page["total"], page["transitions"]), (4, history["transitions"][1:3]))
        self.assertEqual(agent.ask("history", until=now(-3600))["total"], 0)


if __name__ == "__main__":
    main()
