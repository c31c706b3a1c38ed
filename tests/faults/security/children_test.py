# SPDX-License-Identifier: MIT
"""What children get of the agent (nothing that is its own), and what becomes of what they print (it stays where the documents say)."""
import json
import os
import re
import signal
import subprocess
import sys
import unittest

import lab
from lab import HANG, Case, main, until

LINGER = {"lifecycle.hibernation": "linger"}
PRIVATE = {"NOTIFY_SOCKET": "/nowhere/notify", "LISTEN_PID": "1", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "secret-name", "LISTEN_PIDFDID": "7",
           "WATCHDOG_USEC": "90000000", "WATCHDOG_PID": "1", "WATCHDOG_LATER": "9"}
INNER = 1 << 31 | 1 << 32  # glibc keeps two signals for itself, and leaves them ignored in whatever posix_spawn starts
# Notes what it was given, as KIND, and goes on.
LOOK = ("mkdir -p $OUT/{kind}.part && ls -l /proc/self/fd > $OUT/{kind}.part/fd && cat /proc/self/environ > $OUT/{kind}.part/environ && "
        "cat /proc/self/status > $OUT/{kind}.part/status && (umask > $OUT/{kind}.part/umask) && mv -T $OUT/{kind}.part $OUT/{kind}; ")


class Children(Case):
    def setUp(self):
        super().setUp()
        self.out = os.path.join(self.folder, "out")
        os.mkdir(self.out)
        self.environment["OUT"] = self.out

    def configure(self, *sections):
        os.makedirs(self.root, 0o700, exist_ok=True)
        with open(self.at("dormouse.toml"), "w", encoding="utf-8") as file:
            file.write("\n".join(sections))
        os.chmod(self.at("dormouse.toml"), 0o600)

    @staticmethod
    def shell(script):
        return json.dumps(["/bin/sh", "-c", script])

    def everybody(self, script, failing="", more=""):
        """One child of each kind; `script` has {kind} in it."""
        def of(kind, end=""):
            return self.shell(script.format(kind=kind) + end)
        self.configure(f'[[service]]\nname = "web"\ncommand = {of("service", "exec sleep 3600")}\nready = {{ command = {of("ready")} }}',
                       f'[[sleep.step]]\nname = "step"\ncommand = {of("step", failing)}\n{more}',
                       f'[hooks]\non_wake = [{of("hook")}]\non_drowsy = [{of("failing_hook", "exit 3")}]\n[env]\nGREETING = "hello"')

    def seen(self, kind, name):
        path = os.path.join(self.out, kind, name)
        until(f"{kind} ran", lambda: os.path.exists(path))
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def descriptors(self, kind):
        """Number and target of each; without the folder that ls itself reads."""
        pairs = [line.split(" -> ") for line in self.seen(kind, "fd").splitlines() if " -> " in line]
        return {front.split()[-1]: target for front, target in pairs if not re.fullmatch(r"/proc/\d+/fd", target)}

    def assertClean(self, kind, allowed, mask="0022"):
        descriptors = self.descriptors(kind)
        self.assertEqual({number for number in descriptors if int(number) > 2} - allowed, set(), f"{kind}: {descriptors}")
        self.assertEqual(descriptors["0"], "/dev/null")
        names = {entry.split("=")[0] for entry in self.seen(kind, "environ").split("\0") if entry}
        self.assertEqual(names & PRIVATE.keys(), set(), kind)
        signals = {line.split()[0]: int(line.split()[1], 16) for line in self.seen(kind, "status").splitlines() if line.startswith(("SigBlk", "SigIgn"))}
        self.assertEqual((signals["SigBlk:"], signals["SigIgn:"] & ~INNER), (0, 0), kind)
        self.assertEqual(self.seen(kind, "umask").strip(), mask, kind)

    @unittest.skipUnless(sys.platform == "linux", "looks into /proc")
    def test_what_they_are_given(self):
        """An agent that was itself given descriptors, a service manager's variables, blocked and ignored signals."""
        self.everybody(LOOK)
        ends = os.pipe()
        self.addCleanup(lambda: [os.close(end) for end in ends])
        self.environment.update(PRIVATE)

        def spoil():
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1, signal.SIGCHLD, signal.SIGALRM})
            signal.signal(signal.SIGQUIT, signal.SIG_IGN)
        agent = self.start(sets=LINGER, pass_fds=ends, preexec_fn=spoil, umask=0o022, allow=["hook", "service manager"])
        self.addCleanup(agent.stop)  # its service would outlive a killed one
        self.assertIn(str(ends[0]), os.listdir(f"/proc/{agent.pid}/fd"), "or this shows nothing")
        agent.ask("hibernate")
        agent.ask("force_wake")
        agent.ask("force_rem")
        for kind in ("service", "ready", "step", "hook"):
            with self.subTest(kind=kind):
                self.assertClean(kind, set())
        environ = self.seen("step", "environ")
        for word in (f"DORMOUSE_ROOT={self.root}", "DORMOUSE_STEP=step", "DORMOUSE_ATTEMPT=0", "GREETING=hello"):
            self.assertIn(word + "\0", environ)

    @unittest.skipUnless(sys.platform == "linux", "looks into /proc")
    def test_an_agent_that_a_command_starts(self):
        """It stays for days: what the caller had open (a script's lock) it must not keep open, nor speak to the caller's service manager."""
        self.everybody(LOOK)
        lock = os.open(os.path.join(self.folder, "lock"), os.O_RDWR | os.O_CREAT)
        self.addCleanup(os.close, lock)
        self.environment.update(PRIVATE)
        for words in (("wake",), ("run", "--", "/bin/sh", "-c", LOOK.format(kind="program"))):
            with self.subTest(words=words):
                done = self.dormouse(*words, pass_fds=[lock])
                self.assertEqual(done.returncode, 0, done)
                with open(self.at("agent.lock"), encoding="utf-8") as file:
                    pid = int(file.readline())
                files = [os.readlink(f"/proc/{pid}/fd/{name}") for name in os.listdir(f"/proc/{pid}/fd")]
                self.assertNotIn(os.path.join(self.folder, "lock"), files)
                with open(f"/proc/{pid}/environ", encoding="utf-8") as file:
                    names = {entry.split("=")[0] for entry in file.read().split("\0")}
                self.assertEqual(names & PRIVATE.keys(), set())
                self.adopt_woken()
        numbers = self.descriptors("program")
        self.assertEqual(set(numbers) - {"0", "1", "2", str(lock)}, set(), "the program of `dormouse run` gets what its caller gave, and nothing of ours")
        self.assertEqual(numbers[str(lock)], os.path.join(self.folder, "lock"))
        self.assertIn("NOTIFY_SOCKET=/nowhere/notify", self.seen("program", "environ"), "it stands in our place")

    def answers(self, agent):
        """Everything that can be asked without changing much, and what the programs print."""
        questions = [("status", {}), ("why", {}), ("wrappers", {}), ("history", {}), ("digest", {"peek": True}), ("sleep_cycle", {"action": "status"}),
                     ("service", {"name": "web", "action": "start"}), ("service", {"name": "nobody", "action": "stop"}), ("reload", {}), ("clean", {}),
                     ("force_wake", {}), ("consume_first_turn", {"session_id": "x"}), ("acknowledge", {"what": "x"}), ("release", {"name": "x"}),
                     ("user_idle", {"seconds": 1}), ("nonsense", {})]
        texts = [json.dumps(agent.ask(type_, **fields), ensure_ascii=False) for type_, fields in questions]
        for words in (("status",), ("status", "--json"), ("why",), ("services",), ("history", "--json"), ("digest", "--peek"), ("metrics",), ("doctor", "--json"),
                      ("wrappers",), ("config", "show")):
            done = self.dormouse(*words)
            texts.append(f"{words}: {done.stdout}{done.stderr}")
        return texts

    def found(self, marker):
        """The files under the root that hold it."""
        paths = [os.path.join(folder, name) for folder, _, files in os.walk(self.root) for name in files]
        return {os.path.relpath(path, self.root) for path in paths if marker.encode() in open(path, "rb").read()}  # pylint: disable=consider-using-with

    def test_what_they_print(self):
        """Secrets of each kind, on both channels, also as JSON; the script builds them, so that they stand in no command."""
        script = "for c in out err; do m=SECRET; echo $m-{kind}-$c; echo '{{\"'$m-{kind}-$c'\": \"x\"}}'; done; {{ m=SECRET; echo $m-{kind}-err >&2; }}; touch $OUT/{kind}; "
        for log_output in (True, False):
            with self.subTest(log_output=log_output):
                for name in os.listdir(self.out):
                    os.unlink(os.path.join(self.out, name))
                self.everybody(script, failing="exit 1", more="" if log_output else "log_output = false")
                agent = self.start("--log-level", "debug", sets={**LINGER, "sleep.strikes": 1}, allow=["step failed", "quarantined", "hook"])
                seen = agent.subscribe()
                agent.ask("user_initiated_sleep")
                until("the failing hook", lambda: self.entries("hook_failed"))
                agent.ask("force_wake")
                agent.ask("force_rem")
                until("the step has failed", lambda: self.entries("quarantine_entered"))
                for kind in ("service", "ready", "step", "hook", "failing_hook"):
                    until(f"{kind} has printed", lambda k=kind: os.path.exists(os.path.join(self.out, k)))
                until("its log", lambda: "SECRET-service-err" in self.read("logs/service-web.log").decode())
                told = "\n".join(self.answers(agent) + [json.dumps(snapshot) for _, snapshot in seen.events])
                self.assertNotIn("SECRET-", told)
                agent.stop()
                events = {name for name in os.listdir(self.at("logs")) if name.startswith("lifecycle-events")}
                events = {"logs/" + name for name in events}
                self.assertEqual(self.found("SECRET-service"), {"logs/service-web.log"})
                self.assertEqual(self.found("SECRET-failing_hook"), events, "docs/files.md: hook_failed")
                for kind in ("ready", "hook-"):
                    self.assertEqual(self.found("SECRET-" + kind), set(), kind)
                self.assertEqual(self.found("SECRET-step"), events if log_output else set())
                said = [line for line in agent.log().splitlines() if "SECRET-" in line]
                self.assertEqual([line for line in said if not (log_output and "SECRET-step" in line)], [], "the agent's own log")
                lab.shutil.rmtree(self.root)


if __name__ == "__main__":
    main()
