# SPDX-License-Identifier: MIT
"""Rivals: many agents at once, a Python daemon that takes the lock for milliseconds, a killed agent whose parent has not noticed, files of a running agent
that somebody tidies away, and programs of other versions. A user would lose his state to two writers, or the agent to a lock that nobody holds."""
import fcntl
import os
import signal
import subprocess
import threading
import time

from fakeagent import FakeAgent, snapshot
from lab import Case, Client, main, marked, program, until
from lifecase import IS_LONG, need_proc

RIVALS = 20
ROUNDS = 20 if IS_LONG else 2
GIVES_UP = "^dormouse-agent: another agent runs on this root"


class Agents(Case):
    def test_of_twenty_exactly_one_wins(self):
        for attempt in range(ROUNDS):
            agents = [self.launch(allow=[GIVES_UP]) for _ in range(RIVALS)]
            until("all but one give up", lambda: sum(agent.process.poll() is not None for agent in agents) == RIVALS - 1, period=0.05)
            winner = next(agent for agent in agents if agent.process.poll() is None).ready()
            self.assertEqual({agent.process.returncode for agent in agents if agent is not winner}, {75})
            self.assertTrue(all(f"pid {winner.pid}" in agent.log() for agent in agents if agent is not winner), "each loser names the winner")
            winner.kill() if attempt % 2 else winner.stop()
            starts = [line["pid"] for line in self.entries("agent_started")]
            self.assertEqual([agent.pid for agent in agents if agent.pid in starts], [winner.pid], "who lost wrote nothing")

    def test_of_twenty_that_wait_one_after_the_other_takes_over(self):
        """A service manager gone mad: each waits for the lock, and each death is followed by exactly one successor."""
        agents = [self.launch("--supervised", allow=["waiting for the lock: "]) for _ in range(RIVALS // 2)]
        for number in range(RIVALS // 2):
            until("somebody answers", lambda: self.serving(), period=0.05)
            owner = self.serving()
            self.assertIn(owner, [agent.pid for agent in agents])
            self.assertEqual(len(self.entries("agent_started")), number + 1, "only the owner writes")
            next(agent for agent in agents if agent.pid == owner).kill()
        self.assertIsNone(self.serving())

    def serving(self):
        try:
            with Client(self.at("agent.sock")) as client:
                return client.ask("status")["pid"]
        except OSError:
            return None

    def test_beside_a_python_daemon_there_is_one_owner_at_a_time(self):
        """It takes the lock for milliseconds, again and again, while agents start, work and are killed."""
        os.makedirs(self.root, 0o700)
        over, owners, faults = threading.Event(), [], []

        def dispatch():
            while not over.is_set():
                with open(self.at(".lifecycle.lock"), "a+", encoding="utf-8") as file:
                    try:
                        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError:
                        time.sleep(0.001)
                        continue
                    before = self.read_record()
                    time.sleep(0.004)
                    if self.read_record() != before:
                        faults.append("the record changed under the daemon's lock")
                    owners.append(1)
                time.sleep(0.002)
        daemon = threading.Thread(target=dispatch)
        daemon.start()
        try:
            for number in range(3 * ROUNDS):
                agent = self.start()
                taken = len(owners)
                answer = agent.ask("force_wake") if number % 2 else agent.ask("user_initiated_sleep", force=True)
                self.assertTrue(answer["ok"] or answer["reason"] == "already_sleeping", answer)
                self.assertEqual(len(owners), taken, "an agent and the daemon owned it at once")
                agent.kill() if number % 3 else agent.stop()
                until("the daemon has it again", lambda: len(owners) > taken)
        finally:
            over.set()
            daemon.join()
        self.assertEqual(faults, [])

    def read_record(self):
        try:
            return self.read("lifecycle_state.json")
        except FileNotFoundError:
            return None


@need_proc
class Leftovers(Case):
    def test_a_killed_agent_that_nobody_has_buried_is_no_agent(self):
        """Its number and its name are still in the process table; it answers nobody and holds nothing."""
        agent = self.start()
        agent.ask("user_initiated_sleep", force=True)
        agent.signal(signal.SIGKILL)
        os.waitid(os.P_PID, agent.pid, os.WEXITED | os.WNOWAIT)
        began = time.monotonic()
        said = self.dormouse("status")
        self.assertIn("no agent is running", said.stderr)
        self.assertNotIn(f"pid {agent.pid}", said.stdout)
        woken = self.dormouse("wake")
        self.assertEqual(woken.returncode, 0, woken.stderr)
        self.assertLess(time.monotonic() - began, 10, "nobody waited for it")
        self.adopt_woken()
        agent.process.wait(60)

    def test_an_agent_that_is_just_starting_is_waited_for(self):
        """It has the lock, and its socket comes an instant later."""
        fake = FakeAgent(self, "DROWSY")
        for words in (["status"], ["pause"], ["wake"]):
            os.rename(fake.path, fake.path + ".later")
            later = threading.Timer(0.3, os.rename, (fake.path + ".later", fake.path))
            later.start()
            said = self.dormouse(*words)
            later.join()
            self.assertEqual(said.returncode, 0, f"{words}: {said.stderr}")

    def test_an_agent_that_is_on_its_way_out_is_followed_by_another(self):
        """It has closed its socket, and waits for a service to end."""
        os.makedirs(self.root, 0o700)
        with open(self.at("dormouse.toml"), "w", encoding="utf-8") as file:
            file.write('[[service]]\nname = "slow"\ncommand = ["/bin/sh", "-c", "trap \'sleep 3; exit 0\' TERM; while :; do sleep 0.1; done"]\n')
        agent = self.start()
        until("its service runs", lambda: agent.status()["services"][0]["state"] == "ready")
        agent.ask("stop")
        woken = self.dormouse("wake")
        self.assertEqual(woken.returncode, 0, woken.stderr)
        self.assertEqual(agent.wait(), 0)
        self.adopt_woken()

    def test_whoever_tidies_up_does_not_lose_the_agent(self):
        """Its locks and its socket are deleted, one and all: it is found again, and no second one starts beside it."""
        agent = self.start(timers={"tick": 60}, allow=[" was deleted", "the lock was deleted or replaced"])
        names = ("agent.sock", "agent.lock", ".lifecycle.lock")
        for gone in (*[[name] for name in names], names):
            for name in gone:
                os.unlink(self.at(name))
            until(f"{gone} are there again", lambda: all(os.path.lexists(self.at(name)) for name in names))
            until("it answers", lambda: self.answers(agent))
            self.assertEqual(self.dormouse("status").returncode, 0)
            self.assertPrivate()
            second = self.launch(allow=[GIVES_UP])
            self.assertEqual(second.wait(), 75)
        self.assertEqual(agent.stop(), 0, agent.log())
        self.assertLockFree()

    @staticmethod
    def answers(agent):
        try:
            return agent.status()["pid"] == agent.pid
        except OSError:
            return False


@need_proc
class Versions(Case):
    """The command line beside an agent that was not built with it; of the tray see ../../integration/tray/trouble_test.py."""

    def test_a_later_agent(self):
        fake = FakeAgent(self, "DROWSY", version="9.0.0", dreams=[{"of": "cheese"}], wrappers={"fresh": 2, "herds": 7}, attention=[{"what": "x", "since": 7}],
                         services=[{"name": "memory", "state": "hovering", "pid": "many", "height": 3}], quarantine={"until_ts": None}, next={"state": "TORPOR"})
        for words in (["status"], ["why"], ["wrappers"], ["history"], ["services"], ["status", "--json"], ["doctor"]):
            said = self.dormouse(*words)
            self.assertIn(said.returncode, (0, 1), f"{words}: {said.returncode} {said.stderr}")
            self.assertNotIn("rror", said.stderr, words)
        self.assertIn("9.0.0", self.dormouse("status").stdout)
        fake.tell("TORPOR")
        said = self.dormouse("status")
        self.assertGreaterEqual(said.returncode, 0, "it crashed")
        self.assertIn("same version", said.stderr)

    def test_an_earlier_agent(self):
        """It knows less: fewer keys in its answers, and some messages not at all."""
        fake = FakeAgent(self, "SLEEP", version="0.0.1")
        kept = {"state", "since_ts", "last_activity_ts", "wrapper_event_seq", "shadow_run", "version", "pid", "fsm_state"}
        fake.snapshot = {key: value for key, value in snapshot("SLEEP", version="0.0.1").items() if key in kept}
        unknown = {"ok": False, "reason": "unknown_message_type"}
        fake.replies |= {name: {**unknown, "type": name, "error": f"no message is called {name}"} for name in ("sleep_cycle", "service", "lease", "why")}
        said = self.dormouse("status")
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertIn("SLEEP", said.stdout)
        for words in (["cycle"], ["why"], ["service", "memory", "restart"]):
            said = self.dormouse(*words)
            self.assertEqual(said.returncode, 1, f"{words}: {said}")
            self.assertIn("no message is called", said.stderr)
        self.assertEqual(self.dormouse("run", "--", "true").returncode, 0, "a command runs all the same")


@need_proc
class CommandLine(Case):
    """kill -9 of `dormouse` while it writes: what it writes is there whole or not at all, and the next try succeeds."""

    def are_woken_gone(self):
        """An agent that the killed one has started may come when that of its successor has been ended already."""
        try:
            with Client(self.at("agent.sock")) as client:
                client.ask("stop")
        except (OSError, ValueError):
            pass
        return not marked("HOME=" + self.environment["HOME"])

    def test_killed_while_it_wakes(self):
        for number in range(40 if IS_LONG else 10):
            waker = subprocess.Popen([program("dormouse"), "wake"], env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL)
            time.sleep(0.002 * number)  # any moment
            waker.kill()
            waker.wait()
            names = os.listdir(self.root) if os.path.isdir(self.root) else []
            if "wake.signal" in names:
                self.assertIsInstance(self.json("wake.signal"), dict)
            woken = self.dormouse("wake")
            self.assertEqual(woken.returncode, 0, woken.stderr)
            until("all that were woken have gone", self.are_woken_gone)
            self.assertEqual([name for name in os.listdir(self.root) if name.startswith("wake.signal")], [])


if __name__ == "__main__":
    main()
