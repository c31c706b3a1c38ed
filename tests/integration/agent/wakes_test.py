# SPDX-License-Identifier: MIT
"""A wake is never lost: not in the moments around an exit, not by a wake.signal in a strange shape, not by a disk that refuses."""
import os
import random
import shutil
import stat
import time

from lab import Agent, Case, Client, as_nobody, main, need_other_user, program, until, works

SEED = int(os.environ.get("DORMOUSE_SEED") or random.SystemRandom().randrange(2 ** 32))
EXIT = {"lifecycle.hibernation": "exit"}
LINGER = {"lifecycle.hibernation": "linger"}
QUIET = {"tick": 0.2}


def can_freeze(folder):
    """Whether a file can be made that nobody may remove."""
    path = os.path.join(folder, "frozen")
    with open(path, "wb"):
        pass
    able = works("chattr", "+i", path)
    works("chattr", "-i", path)
    os.unlink(path)
    return able


def answers(agent):
    """The socket is there an instant before it is listened on."""
    try:
        return agent.status()["ok"]
    except OSError:
        return False


class OnTheWayDown(Case):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        print(f"DORMOUSE_SEED={SEED}")

    def pause(self, longest):
        """Not a wait for something: the random moment that is tried."""
        time.sleep(self.random.uniform(0, longest))

    def force_wake(self, agent):
        """True when the agent has promised it."""
        try:
            return agent.ask("force_wake")["state"] == "WAKE"
        except OSError:
            return False

    def insist(self, attempt):
        """What every waker does: the signal, an agent if there is none, and again until `status` answers."""
        deadline = time.monotonic() + 10
        agent = self.agents[-1]
        while time.monotonic() < deadline:
            try:
                with Client(self.at("agent.sock")) as client:
                    return client.ask("status")
            except OSError:
                pass
            if agent.process.poll() is not None:
                self.assertEqual(agent.process.returncode, 0, agent.log())
                agent = self.launch(timers=QUIET, sets=EXIT)
            time.sleep(0.02)
        self.fail(f"try {attempt} of seed {SEED}: never awake\n{agent.log()}")

    def way_down(self, attempt, wake):
        """One hibernation, with `wake` at a random moment around it. Whatever happens, the end is WAKE."""
        agent = self.start(timers=QUIET, sets=EXIT)
        with Client(agent.path) as client:
            client.send("hibernate")
            self.pause(0.12)
            wake(agent)
            state = self.insist(attempt)["state"]
            if state != "WAKE":
                # It answered on its way down, before it had seen the signal: asked again, as by `wake --wait`.
                until(lambda: f"try {attempt} of seed {SEED}: WAKE\n{agent.log()}", lambda: self.insist(attempt)["state"] == "WAKE", timeout=10)
        for each in (agent, self.agents[-1]):
            each.kill()
        self.assertEqual(self.json("lifecycle_state.json")["current_state"], "WAKE", f"try {attempt} of seed {SEED}")
        self.assertFalse(os.path.exists(self.at("wake.signal")))

    def test_a_signal_at_any_moment(self):
        for attempt in range(60):
            self.way_down(attempt, lambda _: self.drop_signal())

    def test_a_request_at_any_moment(self):
        """Refused or cut off, the waker goes on with the signal; promised, the promise is kept."""
        for attempt in range(60):
            promised = []

            def wake(agent):
                promised.append(self.force_wake(agent))
                if not promised[0]:
                    self.drop_signal()
            self.way_down(attempt, wake)
            if promised[0]:
                self.assertEqual(self.entries("state_transition")[-1]["to"], "WAKE")

    def test_a_signal_in_the_last_milliseconds_brings_a_new_agent_by_itself(self):
        """Dropped while the agent lives, nobody needs to start one. Dropped a moment later, it is there for the next start."""
        anew = 0
        for attempt in range(40):
            agent = self.start(timers=QUIET, sets=EXIT)
            with Client(agent.path) as client:
                client.send("hibernate")
                client.receive()
                while client.receive():  # its end: the socket is closed while the lock is being released
                    pass
            self.pause(0.002)
            self.drop_signal()
            for _ in range(500):
                if agent.process.poll() is not None or not os.path.exists(self.at("wake.signal")):
                    break
                time.sleep(0.01)
            if agent.process.poll() is None:
                anew += 1
                until(lambda: f"try {attempt} of seed {SEED}: WAKE\n{agent.log()}", lambda: self.json("lifecycle_state.json")["current_state"] == "WAKE", timeout=10)
                self.assertIsNone(agent.process.poll(), f"try {attempt} of seed {SEED}: it took the signal and left\n{agent.log()}")
                agent.kill()
            else:
                self.assertEqual(agent.process.returncode, 0)
                self.assertTrue(os.path.exists(self.at("wake.signal")), f"try {attempt} of seed {SEED}: the signal was taken and nobody woke")
                self.start(timers=QUIET, sets=EXIT).kill()
            self.assertEqual(self.json("lifecycle_state.json")["current_state"], "WAKE", f"try {attempt} of seed {SEED}")
        print(f"{anew} of 40 started anew by themselves")

    def test_a_signal_between_the_last_looks(self):
        """With the agent held up just before it gives the lock back: the look after that finds the signal, and it starts itself anew."""
        if not shutil.which("strace"):
            self.skipTest("needs strace")
        slowed = ["strace", "-f", "-qq", "-o", os.devnull, "-e", "trace=unlink,unlinkat", "-e", "inject=unlink,unlinkat:delay_enter=700000", "-P", self.at("agent.lock")]
        agent = self.launch(timers=QUIET, sets=EXIT, prefix=slowed)
        until("it answers", lambda: answers(agent))  # the socket is there an instant before it is listened on
        pid = agent.status()["pid"]
        with Client(agent.path) as client:
            client.ask("hibernate")
        until("the exit is under way", lambda: self.entries("lifecycle_hibernation_exit"))
        time.sleep(0.3)  # amid the 0.7 s that the removal of agent.lock takes
        self.assertTrue(os.path.exists(self.at("agent.lock")))
        self.drop_signal()
        until("WAKE by the same process, started anew", lambda: self.transitions()[-1:] == [("HIBERNATION", "WAKE")])
        self.assertEqual([line["pid"] for line in self.entries("agent_started")], [pid, pid])
        until("it answers", lambda: answers(agent))
        self.assertEqual(agent.state(), "WAKE")
        agent.ask("stop")
        self.assertEqual(agent.wait(), 0)

    def test_supervised_leaves_the_signal_to_its_supervisor(self):
        """Whatever the trigger sees is still there when it looks, or the agent is awake."""
        for attempt in range(30):
            agent = self.start("--supervised", timers=QUIET)
            with Client(agent.path) as client:
                client.ask("hibernate")  # a signal that came before it would rightly be overruled
                self.pause(0.1)
                self.drop_signal()
            until("decided", lambda: agent.process.poll() is not None or not os.path.exists(self.at("wake.signal")))
            if agent.process.poll() is None and not os.path.exists(self.at("wake.signal")):
                until(lambda: f"try {attempt} of seed {SEED}: WAKE\n{agent.log()}", lambda: self.json("lifecycle_state.json")["current_state"] == "WAKE", timeout=5)
                agent.stop()
                continue
            self.assertEqual(agent.wait(), 0)
            self.assertTrue(os.path.exists(self.at("wake.signal")), f"try {attempt} of seed {SEED}")
            self.assertEqual(self.start("--supervised", timers=QUIET).state(), "WAKE")
            self.agents[-1].stop()


class WakeSignal(Case):
    def lingering(self, **options):
        agent = self.start(timers=QUIET, sets=LINGER, **options)
        agent.ask("hibernate")
        return agent

    def test_whatever_it_holds(self):
        agent = self.lingering()
        for content in (b"", b"\xff\x00", b"x" * 100000):
            self.drop_signal(content)
            agent.wait_state("WAKE", timeout=10)
            until("it is taken", lambda: not os.path.exists(self.at("wake.signal")))
            agent.ask("hibernate")

    def test_a_fifo_or_a_link_does_not_block(self):
        agent = self.lingering()
        for make in (os.mkfifo, lambda path: os.symlink("/dev/zero", path), lambda path: os.symlink("nowhere", path)):
            make(self.at("wake.signal"))
            agent.wait_state("WAKE", timeout=10)
            until("it is taken", lambda: not os.path.lexists(self.at("wake.signal")))
            agent.ask("hibernate")

    def test_a_folder_is_moved_aside_and_counts(self):
        agent = self.lingering(allow=["a folder stood in the place of wake.signal"])
        seen = agent.subscribe()
        seen.wait_for_state("HIBERNATION")
        os.mkdir(self.at("made"))
        with open(self.at("made", "inside"), "wb") as file:
            file.write(b"somebody's")
        os.rename(self.at("made"), self.at("wake.signal"))
        seen.wait_for_state("WAKE", timeout=10)
        self.assertFalse(os.path.exists(self.at("wake.signal")))
        aside = [name for name in os.listdir(self.root) if name.startswith("wake.signal.folder-")]
        self.assertEqual([self.read(os.path.join(name, "inside")) for name in aside], [b"somebody's"])

    def test_each_counts_once(self):
        """Two in a row are two wakes; one is one."""
        agent = self.start(timers={**QUIET, "drowsy_after": 1, "stale_after": 0.1})
        self.drop_signal()
        until("it is taken", lambda: not os.path.exists(self.at("wake.signal")))
        before = agent.status()["wrapper_event_seq"]
        agent.wait_state("DROWSY", timeout=10)
        self.assertEqual(agent.status()["wrapper_event_seq"], before)
        self.drop_signal()
        agent.wait_state("WAKE", timeout=10)

    def test_it_wakes_an_agent_that_starts(self):
        self.put_record("HIBERNATION")
        self.drop_signal()
        agent = self.start("--supervised", timers=QUIET)
        agent.wait_state("WAKE", timeout=10)
        self.assertFalse(os.path.exists(self.at("wake.signal")))

    def test_supervised_without_one_leaves_a_hibernation_alone(self):
        """Login must not load anything that nobody asked for."""
        self.start(timers=QUIET).stop()
        self.put_record("HIBERNATION")
        before = self.read("lifecycle_state.json")
        agent = self.launch("--supervised", timers=QUIET)
        self.assertEqual(agent.wait(20), 0)
        self.assertEqual(self.read("lifecycle_state.json"), before)
        self.assertEqual(self.transitions(), [])
        self.assertEqual(self.start("--supervised", "--wake", timers=QUIET).state(), "WAKE")

    def test_one_that_cannot_be_removed(self):
        """It wakes once, somebody is told, and the agent stays: else it and its supervisor would go round in circles."""
        if not can_freeze(self.folder):
            self.skipTest("chattr +i does not work here")
        agent = self.lingering(allow=["cannot remove wake.signal"])
        self.drop_signal()
        agent.kill()
        self.put_record("HIBERNATION")
        os.chmod(self.at("wake.signal"), 0o600)
        self.assertTrue(works("chattr", "+i", self.at("wake.signal")))
        self.addCleanup(works, "chattr", "-i", self.at("wake.signal"))
        agent = self.start("--supervised", timers={**QUIET, "stale_after": 0.1, "drowsy_after": 0.5, "sleep_after": 1, "hibernate_after": 2},
                           allow=["cannot remove wake.signal"])
        until("it has counted", lambda: ("HIBERNATION", "WAKE") in self.transitions())
        agent.wait_state("HIBERNATION", timeout=20)
        until("somebody is told", lambda: [mark["what"] for mark in agent.status()["attention"]] == ["wake_signal"])
        self.assertIsNone(agent.process.poll())
        self.assertEqual(agent.log().count("cannot remove wake.signal"), 1)
        self.assertEqual(self.transitions().count(("HIBERNATION", "WAKE")), 1)
        agent.kill()
        agent = self.start("--supervised", timers=QUIET, allow=["cannot remove wake.signal"])
        until("the scan is over", lambda: agent.status()["uptime_sec"] > 1)
        self.assertEqual(agent.state(), "HIBERNATION", "it has counted, in an earlier life")
        works("chattr", "-i", self.at("wake.signal"))
        seen = agent.subscribe()  # which does not have it look, as a question would
        seen.wait_for_state("HIBERNATION")
        self.drop_signal()
        seen.wait_for_state("WAKE", timeout=10)
        until("it is taken", lambda: not os.path.exists(self.at("wake.signal")))


class Refused(Case):
    """A disk that takes no writes keeps nobody from waking."""

    def setUp(self):
        super().setUp()
        os.chmod(self.folder, 0o755)
        self.program = os.path.join(self.folder, "dormouse-agent")  # where another user may reach it
        shutil.copy(program("dormouse-agent"), self.program)
        os.makedirs(self.root, 0o700)
        if as_nobody():
            os.chown(self.root, 65534, 65534)

    def start_nobody(self, **options):
        return Agent(self, prefix=as_nobody(), program_path=self.program, **options)

    @need_other_user
    def test_a_root_that_becomes_read_only(self):
        allow = ["cannot write", "cannot append", "cannot mirror", "cannot remove wake.signal", "cannot be", "Permission"]
        agent = self.start_nobody(timers=QUIET, sets=LINGER, allow=allow)
        until("it answers", lambda: agent.process.poll() is None and os.path.exists(agent.path))
        as_user = self.user_client()
        self.assertEqual(as_user(agent, "hibernate")["state"], "HIBERNATION")
        before = self.read("lifecycle_state.json")
        os.chmod(self.root, 0o500)
        answer = as_user(agent, "force_wake")
        self.assertEqual((answer["ok"], answer["state"], answer.get("reason")), (True, "WAKE", "wake_queued"))
        status = as_user(agent, "status")
        self.assertEqual(status["state"], "WAKE")
        self.assertIn("lifecycle_state.json", status["last_error"])
        self.assertEqual(self.read("lifecycle_state.json"), before)
        os.chmod(self.root, 0o700)
        until("it is written once it can be", lambda: self.json("lifecycle_state.json")["current_state"] == "WAKE")
        until("and logged", lambda: self.transitions()[-1:] == [("HIBERNATION", "WAKE")])
        until("and no longer told", lambda: as_user(agent, "status")["last_error"] is None)

        # Down again, and a signal that cannot be removed.
        as_user(agent, "hibernate")
        self.drop_signal()
        os.chmod(self.root, 0o500)
        until("WAKE", lambda: as_user(agent, "status")["state"] == "WAKE", timeout=10)
        os.chmod(self.root, 0o700)
        until("the signal is taken at last", lambda: not os.path.exists(self.at("wake.signal")))
        self.assertEqual(agent.stop(), 0)

    def user_client(self):
        """Asks as the user the agent serves: root is a stranger to it."""
        def ask(agent, type_):
            if not as_nobody():
                return agent.ask(type_)
            import json
            import subprocess
            code = ("import socket,sys\ns=socket.socket(socket.AF_UNIX)\ns.settimeout(30)\ns.connect(sys.argv[1])\n"
                    "s.sendall(b'{\"type\":\"%s\"}\\n' % sys.argv[2].encode())\nprint(s.makefile().readline())")
            done = subprocess.run([*as_nobody(), "python3", "-I", "-c", code, agent.path, type_], capture_output=True, text=True, timeout=60, check=True)
            return json.loads(done.stdout)
        return ask

    @need_other_user
    def test_a_stranger_is_told_so(self):
        if not as_nobody():
            self.skipTest("needs root, to be a stranger")
        agent = self.start_nobody(timers=QUIET)
        until("it answers", lambda: os.path.exists(agent.path))
        self.assertEqual(stat.S_IMODE(os.lstat(agent.path).st_mode), 0o600)
        with Client(agent.path) as client:
            answer = client.receive()
            self.assertEqual((answer["ok"], answer["reason"]), (False, "invalid_message"))
            self.assertIn("65534", answer["error"])
            self.assertIsNone(client.receive())
        self.assertEqual(agent.stop(), 0)


if __name__ == "__main__":
    main()
