# SPDX-License-Identifier: MIT
"""Services that are processes of ours: started in order, ready, stopped for good, restarted, logged, measured."""
import os
import signal
import time
from random import Random

from keeper import Case, alive, free_port
from lab import kill, main, until


def smaps(pid, key):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith(key))


class Own(Case):
    def test_start_ready_stop(self):
        """Heavy memory comes with WAKE, and goes with HIBERNATION, to the byte as /proc has it."""
        port = free_port()
        self.configure(self.server("heavy", "--memory", "200", "--port", str(port), ready={"tcp": port}))
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        started = keeper.next_log("service_started")
        ready = keeper.next_log("service_ready")
        view = keeper.view("heavy")
        self.assertEqual((view["state"], view["pid"], view["restarts"]), ("ready", started["pid"], 0))
        self.assertEqual(view["ready_in_sec"], ready["ready_sec"])
        told = smaps(view["pid"], "Rss:")
        self.assertGreater(told, 200 * 1024 * 1024)
        self.assertAlmostEqual(view["rss_bytes"], told, delta=told / 10)
        self.assertEqual([record["pid"] for record in self.records()], [view["pid"]])
        keeper.say("state", "HIBERNATION")
        stopped = keeper.next_log("service_stopped")
        keeper.all_stopped()
        self.assertEqual(stopped["code"], 0)
        self.assertAlmostEqual(stopped["freed_bytes"], told, delta=told / 10)
        self.assertEqual(keeper.look()["freed_bytes"], stopped["freed_bytes"])
        self.assertFalse(alive(view["pid"]))
        self.assertEqual(self.records(), [])
        self.assertPrivate()
        keeper.say("state", "WAKE")
        keeper.next_log("service_ready")
        self.assertEqual(keeper.look()["freed_bytes"], 0)
        self.end(keeper)
        self.assertEqual((len(self.noted("heavy", "starts")), self.noted("heavy", "twice")), (2, []))

    def test_order(self):
        """The second is started when the first is ready, and stopped before it."""
        port = free_port()
        self.configure(self.server("first", "--port", str(port), "--port-after", "0.5", ready={"tcp": port}), self.server("second"))
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        keeper.next_log("service_ready", "second")
        order = [(line["log"], line["fields"]["service"]) for line in keeper.lines if "log" in line]
        self.assertEqual(order, [("service_started", "first"), ("service_ready", "first"), ("service_started", "second"), ("service_ready", "second")])
        self.assertGreater(keeper.logged("service_ready", "first")[0]["ready_sec"], 0.5)
        keeper.say("state", "HIBERNATION")
        keeper.all_stopped()
        self.assertEqual([fields["service"] for fields in keeper.logged("service_stopped")], ["second", "first"])
        self.end(keeper)

    def test_ready_by_command(self):
        """A command that exits 0 says that it is ready; its failures are no failure of the service."""
        mark = os.path.join(self.folder, "mark")
        self.configure(self.server("slow", ready={"command": ["test", "-e", mark]}))
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        keeper.next_log("service_started")
        self.assertEqual(keeper.view("slow")["state"], "starting")
        self.assertFalse(keeper.look()["all_ready"])
        with open(mark, "wb"):
            pass
        keeper.next_log("service_ready")
        self.assertTrue(keeper.look()["all_ready"])
        self.end(keeper)

    def test_sigterm_ignored(self):
        """Who ignores SIGTERM is killed after stop_timeout, with all its children."""
        self.configure(self.server("stubborn", "--ignore-term", "--children", "2", stop_timeout="300ms"))
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        pid = keeper.next_log("service_started")["pid"]
        until("it runs", lambda: self.noted("stubborn", "starts"))
        family = [number for number in map(int, filter(str.isdigit, os.listdir("/proc"))) if session(number) == pid]
        self.assertEqual(len(family), 3)
        begun = time.monotonic()
        keeper.say("state", "HIBERNATION")
        stopped = keeper.next_log("service_stopped")
        keeper.all_stopped()
        self.assertGreaterEqual(time.monotonic() - begun, 0.3)
        self.assertEqual(stopped["signal"], signal.SIGKILL)
        self.assertEqual([number for number in family if alive(number)], [])
        self.end(keeper)

    def test_children_that_stay(self):
        """Children that the server leaves behind would keep its memory: they go, too."""
        self.configure(self.server("parent", "--children", "2", stop_timeout="300ms"))
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        pid = keeper.next_log("service_started")["pid"]
        until("it runs", lambda: self.noted("parent", "starts"))
        keeper.say("state", "HIBERNATION")
        keeper.all_stopped()
        self.assertEqual([number for number in map(int, filter(str.isdigit, os.listdir("/proc"))) if session(number) == pid and alive(number)], [])
        self.end(keeper)

    def test_a_stopped_process_ends(self):
        """One under SIGSTOP hears SIGTERM all the same."""
        self.configure(self.server("frozen", stop_timeout="60s"))
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        pid = keeper.next_log("service_started")["pid"]
        until("it runs", lambda: self.noted("frozen", "starts"))
        kill(pid, signal.SIGSTOP)
        keeper.say("state", "HIBERNATION")
        keeper.all_stopped()
        self.assertEqual(self.noted("frozen", "ends"), [pid])
        self.end(keeper)

    def test_crash_and_restart(self):
        """A server that is killed comes back a second later; the children it left do not stand in its way."""
        self.configure(self.server("fragile", "--children", "1"))
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        pid = keeper.next_log("service_started")["pid"]
        until("it runs", lambda: self.noted("fragile", "starts"))
        kill(pid)
        crashed = keeper.next_log("service_crashed")
        self.assertEqual((crashed["signal"], crashed["deaths"]), (signal.SIGKILL, 1))
        self.assertEqual(keeper.view("fragile")["state"], "failed")
        again = keeper.next_log("service_started")["pid"]
        self.assertNotEqual(again, pid)
        self.assertEqual(keeper.wait_state("fragile", "ready")["restarts"], 1)
        self.assertEqual(self.noted("fragile", "twice"), [])
        self.end(keeper)

    def test_what_cannot_start(self):
        """The reason is told, and the ones behind it do not pay for it for ever."""
        self.configure({"name": "typo", "command": ["no-such-program-anywhere"]})
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        crashed = keeper.next_log("service_crashed")
        self.assertIn("no-such-program-anywhere", crashed["reason"])
        self.assertEqual(keeper.view("typo")["state"], "failed")
        keeper.say("state", "HIBERNATION")
        keeper.all_stopped()
        self.end(keeper)

    def test_five_deaths_are_told(self):
        self.configure(self.server("doomed", "--crash"))
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        for number in range(1, 5):
            self.assertEqual(keeper.next_log("service_crashed")["deaths"], number)
            keeper.say("state", "HIBERNATION")  # a wake does not wait for the next try
            keeper.all_stopped()
            keeper.say("state", "WAKE")
        self.assertEqual(keeper.next_log("service_crashed")["deaths"], 5)
        self.assertIn("exit code 7", keeper.look()["troubled"]["doomed"])
        self.end(keeper)

    def test_by_hand(self):
        self.configure(self.server("one"), self.server("two"))
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        keeper.next_log("service_ready", "two")
        first = keeper.view("one")["pid"]
        keeper.say("restart", "one")
        self.assertEqual(keeper.next("answer", lambda line: "acted" in line)["acted"]["state"], "stopping")
        keeper.next_log("service_ready", "one")
        self.assertNotEqual(keeper.view("one")["pid"], first)
        keeper.say("stop", "one")
        keeper.next_log("service_stopped", "one")
        self.assertEqual(keeper.view("one")["state"], "stopped")
        keeper.say("leave_alone", "two")
        keeper.next_log("service_left_alone", "two")
        two = keeper.view("two")
        self.assertEqual(two["state"], "left_alone")
        keeper.say("state", "HIBERNATION")
        keeper.all_stopped()
        self.assertTrue(alive(two["pid"]))
        keeper.say("start", "two")
        keeper.say("stop", "two")
        keeper.next_log("service_stopped", "two")
        keeper.say("stop", "nobody")
        self.assertIn("nobody", keeper.next("error", lambda line: "error" in line)["error"])
        self.end(keeper)

    def test_wakes_and_stops_in_a_hurry(self):
        """Whatever comes in between: one instance, and the last wish counts."""
        self.configure(self.server("a", "--term-takes", "0.05"), self.server("b", "--term-takes", "0.02"))
        keeper = self.keeper()
        for number in range(40):
            keeper.say("state", "WAKE" if number % 2 == 0 else "HIBERNATION")
            time.sleep(0.003 * (number % 11))  # no wait for anything: any moment will do
        keeper.say("state", "WAKE")
        for name in ("a", "b"):
            keeper.wait_state(name, "ready")
        self.end(keeper)
        for name in ("a", "b"):
            self.assertEqual(self.noted(name, "twice"), [])

    def test_wishes_of_all_kinds_at_random(self):
        """States, hands, reloads, deaths and kill -9 of the agent in any order: one instance each, and in the end everything that is wanted runs."""
        for seed in range(4):
            with self.subTest(seed):
                random = Random(seed)
                names = [f"{name}{seed}" for name in "abc"]
                services = [self.server(name, "--term-takes", str(random.choice([0, 0.02, 0.1])), stop_in=random.choice(["DROWSY", "SLEEP", "HIBERNATION"]))
                            for name in names]
                self.configure(*services)
                keeper = self.keeper()
                for _ in range(60):
                    name = random.choice(names)
                    wish = random.randrange(12)
                    if wish < 5:
                        keeper.say("state", random.choice(["WAKE", "DROWSY", "SLEEP", "HIBERNATION"]))
                    elif wish < 8:
                        keeper.say(random.choice(["start", "stop", "restart"]), name)
                    elif wish == 8:
                        self.configure(*random.sample(services, random.randrange(1, 4)))
                        keeper.say("reload")
                    elif wish == 9 and self.noted(name, "starts"):
                        pid = self.noted(name, "starts")[-1]
                        if alive(pid):
                            kill(pid)
                    elif wish == 10:
                        keeper.kill()
                        keeper = self.keeper()
                    time.sleep(random.choice([0, 0, 0.01, 0.05, 0.15]))  # any moment will do
                self.configure(*services)
                keeper.say("reload")
                keeper.say("state", "HIBERNATION")
                keeper.say("state", "WAKE")
                for name in names:
                    pid = keeper.wait_state(name, "ready")["pid"]
                    until(f"{name} runs", lambda: self.noted(name, "starts")[-1:] == [pid])
                    self.assertEqual([each for each in self.noted(name, "starts") if alive(each)], [pid])
                    self.assertEqual(self.noted(name, "twice"), [])
                self.assertEqual({record["name"] for record in self.records()}, set(names))
                self.end(keeper)

    def test_reload(self):
        """A new command counts from the next start on; what is no longer configured is stopped."""
        self.configure(self.server("kept"), self.server("gone"))
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        keeper.next_log("service_ready", "gone")
        pid = keeper.view("kept")["pid"]
        self.configure(self.server("kept", "--memory", "1"), self.server("new"))
        keeper.say("reload")
        self.assertEqual(keeper.next_log("service_stopped")["service"], "gone")
        keeper.next_log("service_ready", "new")
        self.assertEqual(keeper.view("kept")["pid"], pid)
        keeper.say("restart", "kept")
        keeper.next_log("service_ready", "kept")
        self.assertEqual([record["command"][-1] for record in self.records() if record["name"] == "kept"], ["1"])
        self.assertEqual({view["name"] for view in keeper.look()["views"]}, {"kept", "new"})
        self.end(keeper)

    def test_log_rotation(self):
        """10 MiB, three kept, while it runs and when it starts; never readable to others."""
        self.configure(self.server("chatty", "--flood", str(11 * 1024 * 1024)))
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        keeper.next_log("service_ready")
        log = self.at("logs", "service-chatty.log")
        until("it has written", lambda: os.path.getsize(log) > 11 * 1024 * 1024)
        keeper.say("poll")
        until("it is rotated", lambda: os.path.exists(log + ".1") and os.path.getsize(log) == 0)
        self.assertEqual(os.path.getsize(log + ".1"), 10 * 1024 * 1024)
        keeper.say("state", "HIBERNATION")
        keeper.all_stopped()
        for number in range(4):
            with open(log, "wb") as file:
                file.truncate(10 * 1024 * 1024)
            os.chmod(log, 0o600)
            keeper.say("state", "WAKE")
            keeper.next_log("service_ready")
            keeper.say("state", "HIBERNATION")
            keeper.all_stopped()
        self.assertEqual(sorted(os.listdir(self.at("logs"))), ["service-chatty.log"] + [f"service-chatty.log.{number}" for number in (1, 2, 3)])
        self.assertPrivate()
        self.end(keeper)

    def test_a_log_that_leads_elsewhere(self):
        """A link in place of the log is not followed, and is told."""
        os.makedirs(self.at("logs"), 0o700)
        precious = os.path.join(self.folder, "precious")
        os.symlink(precious, self.at("logs", "service-careful.log"))
        self.configure(self.server("careful"))
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        self.assertIn("regular file", keeper.next_log("service_crashed")["reason"])
        self.assertFalse(os.path.exists(precious))
        self.end(keeper)

    def test_environment(self):
        """[env] and DORMOUSE_ROOT are there; what a service manager said to the agent is not; signals and descriptors are as a program expects them."""
        self.configure({"name": "curious", "command": ["sh", "-c", "env; ls -l /proc/self/fd; grep -E 'Sig(Blk|Ign)' /proc/self/status; exec sleep 3600"]})
        with open(self.at("dormouse.toml"), "a", encoding="utf-8") as file:
            file.write('[env]\nGREETING = "hello there"\n')
        keeper = self.keeper(NOTIFY_SOCKET="/nowhere", LISTEN_FDS="1", WATCHDOG_USEC="1")
        keeper.say("state", "WAKE")
        keeper.next_log("service_ready")
        log = self.at("logs", "service-curious.log")
        text = until("it has written", lambda: "SigIgn" in (content := content_of(log)) and content)
        self.assertIn("GREETING=hello there\n", text)
        self.assertIn(f"DORMOUSE_ROOT={self.root}\n", text)
        for word in ("NOTIFY_SOCKET", "LISTEN_FDS", "WATCHDOG_USEC"):
            self.assertNotIn(word, text)
        descriptors = [line.split(" -> ") for line in text.splitlines() if " -> " in line]
        self.assertEqual([target for _, target in descriptors[:3]], ["/dev/null", log, log])
        self.assertEqual(len(descriptors), 4)  # ls has its own
        signals = {line.split()[0]: int(line.split()[1], 16) for line in text.splitlines() if line.startswith("Sig")}
        inner = 1 << 31 | 1 << 32  # glibc keeps two for itself, and leaves them ignored in whatever posix_spawn starts
        self.assertEqual((signals["SigIgn:"] & ~inner, signals["SigBlk:"]), (0, 0))
        self.end(keeper)


def content_of(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def session(pid):
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None


if __name__ == "__main__":
    main()
