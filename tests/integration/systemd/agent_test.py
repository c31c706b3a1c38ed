# SPDX-License-Identifier: MIT
"""An installed agent under a real systemd: what starts it, what keeps it, what ends it."""
import os
import signal
import stat
import time
import unittest

import lab
import usermanager
from lab import Client, until
from usermanager import SOCKET, UNIT, WAKE

STAY = 10  # seconds that an agent stays for those who only look


def setUpModule():
    usermanager.isolate()


class Waking(usermanager.Case):
    def test_hibernation_stays_down_until_the_signal(self):
        self.configure()
        self.install()
        self.wait_answer()
        self.hibernate()
        self.assertEqual((self.show("Result"), self.show("NRestarts"), self.show("ExecMainStatus")), ("success", "0", "0"))
        self.assertEqual(self.state(WAKE), "active")
        started = self.show("ExecMainStartTimestampMonotonic")
        time.sleep(6)  # longer than RestartSec: that nothing happens cannot be waited for
        self.assertEqual((self.state(), self.show("ExecMainStartTimestampMonotonic")), ("inactive", started), "it came back by itself")
        self.drop_signal()
        self.wait_answer("WAKE")
        until("the signal is taken away", lambda: not os.path.exists(self.at("wake.signal")))

    def test_dormouse_wakes_through_systemd(self):
        self.configure()
        self.install()
        self.wait_answer()
        self.hibernate()
        run = self.dormouse("wake")
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "the agent runs (systemd)\n", ""))
        self.wait_answer("WAKE")

    def test_a_signal_at_the_last_moment_is_not_lost(self):
        self.configure()
        self.install()
        self.wait_answer()
        for _ in range(5):
            self.assertTrue(self.ask("hibernate", force=True)["ok"])
            self.drop_signal()
            self.wait_answer("WAKE")

    def test_the_first_request_on_the_socket_is_answered(self):
        self.configure()
        self.install("--socket-activation")
        self.wait_answer()
        for message in ("request_arrived", "force_wake"):
            self.hibernate()
            path = self.at("agent.sock")
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
            inode = os.stat(path).st_ino
            with Client(path) as client:
                self.assertEqual(client.ask(message)["state"], "WAKE")
            self.wait_answer("WAKE")
            self.assertEqual(os.stat(path).st_ino, inode, "the agent made a socket of its own")

    def test_who_only_looks_is_answered_from_hibernation(self):
        self.configure('[[service]]\nname = "canary"\ncommand = ["touch", "%s"]\n' % self.at("canary"))
        self.install("--socket-activation")
        self.wait_answer()
        until("the service runs", lambda: os.path.exists(self.at("canary")))
        self.hibernate()
        os.unlink(self.at("canary"))
        with Client(self.at("agent.sock")) as client:
            self.assertEqual(client.ask("status")["state"], "HIBERNATION")
            time.sleep(STAY / 2)
            asked = time.monotonic()
            status = client.ask("status")
            self.assertEqual(status["state"], "HIBERNATION")
            until("it leaves again", lambda: self.state() == "inactive")
            stayed = time.monotonic() - asked
        self.assertGreaterEqual(stayed, STAY - 1, "it left while somebody was looking")
        self.assertEqual((self.show("Result"), self.state(SOCKET)), ("success", "active"))
        self.assertFalse(os.path.exists(self.at("canary")), "looking has started a service")

    def test_login_with_a_hibernated_record_starts_no_service(self):
        self.configure('[[service]]\nname = "canary"\ncommand = ["touch", "%s"]\n' % self.at("canary"))
        self.install("--socket-activation")
        self.wait_answer()
        until("the service runs", lambda: os.path.exists(self.at("canary")))
        self.hibernate()
        os.unlink(self.at("canary"))
        record = self.json("lifecycle_state.json")
        self.log_out()
        self.log_in()
        until("the agent has looked and gone", lambda: self.show("ExecMainExitTimestampMonotonic") not in ("", "0") and self.state() == "inactive")
        self.assertEqual((self.show("Result"), self.state(WAKE), self.state(SOCKET)), ("success", "active", "active"))
        self.assertFalse(os.path.exists(self.at("canary")), "a login has started a service")
        self.assertEqual(self.json("lifecycle_state.json"), record)
        self.assertEqual(self.dormouse("wake").returncode, 0)
        until("now it is started", lambda: os.path.exists(self.at("canary")))

    def test_login_otherwise_starts_the_agent(self):
        self.configure()
        self.install()
        self.wait_answer()
        self.log_out()
        self.log_in()
        self.wait_answer("WAKE")

    def test_an_agent_by_hand_leaves_the_socket_to_systemd(self):
        self.configure()
        self.install("--socket-activation")
        self.wait_answer()
        self.hibernate()
        byHand = self.launch()
        self.assertEqual(byHand.wait(), 0)
        self.assertIn("systemd serves " + self.at("agent.sock"), byHand.log())
        byHand.allow.append(lab.re.compile("systemd serves"))
        self.wait_answer("WAKE")


class Staying(usermanager.Case):
    def test_a_crash_brings_it_back_and_the_services_live_on(self):
        self.configure('[[service]]\nname = "long"\ncommand = ["sleep", "3600"]\n')
        self.install("--socket-activation")
        self.wait_answer()
        service = until("the service runs", lambda: self.answers()["services"][0]["pid"])
        pid = self.pid()
        os.kill(pid, signal.SIGKILL)
        status = until(lambda: "it is back\n" + self.journal(), lambda: (lambda s: s if s and s["pid"] != pid else None)(self.answers()))
        self.assertEqual(self.show("NRestarts"), "1")
        until("the service was taken up again", lambda: self.answers()["services"][0]["pid"] == service)
        self.assertEqual(status["state"], "WAKE")

    def test_the_watchdog_ends_what_hangs(self):
        self.configure()
        self.install()
        self.drop_in("[Service]\nWatchdogSec=3\nRestartSec=100ms\nTimeoutAbortSec=2\n")
        self.systemctl("restart", UNIT)
        pid = self.wait_answer()["pid"]
        fed = int(self.show("WatchdogTimestampMonotonic"))
        until("the tick feeds it", lambda: int(self.show("WatchdogTimestampMonotonic")) > fed + 6_000_000)
        self.assertEqual((self.pid(), self.show("NRestarts")), (pid, "0"))
        os.kill(pid, signal.SIGSTOP)
        until(lambda: "another one answers\n" + self.journal(), lambda: self.pid() != pid and self.answers())
        self.assertEqual(self.show("NRestarts"), "1")

    def test_a_lingering_agent_feeds_the_watchdog(self):
        self.configure('[lifecycle]\nhibernation = "linger"\n')
        self.install()
        self.drop_in("[Service]\nWatchdogSec=3\n")
        self.systemctl("restart", UNIT)
        pid = self.wait_answer()["pid"]
        self.ask("hibernate", force=True)
        until("it lingers", lambda: self.answers()["state"] == "HIBERNATION")
        fed = int(self.show("WatchdogTimestampMonotonic"))
        until("it is fed all the same", lambda: int(self.show("WatchdogTimestampMonotonic")) > fed + 6_000_000)
        self.assertEqual((self.pid(), self.show("NRestarts"), self.answers()["state"]), (pid, "0", "HIBERNATION"))

    def test_a_slow_stop_is_waited_for(self):
        script = "trap 'sleep 4; exit 0' TERM; while :; do sleep 0.1; done"
        self.configure('[[service]]\nname = "slow"\ncommand = ["sh", "-c", "%s"]\nstop_timeout = "20s"\n' % script)
        self.install()
        self.drop_in("[Service]\nWatchdogSec=3\n")
        self.systemctl("daemon-reload")
        self.wait_answer()
        until("the service runs", lambda: self.answers()["services"][0]["pid"])
        begun = time.monotonic()
        self.assertEqual(self.systemctl("stop", UNIT).returncode, 0)
        self.assertGreater(time.monotonic() - begun, 3)
        self.assertEqual((self.show("Result"), self.state()), ("success", "inactive"))

    def test_twenty_failed_starts_leave_the_wake_trigger_alive(self):
        self.configure()
        self.install("--socket-activation")
        self.wait_answer()
        self.hibernate()
        self.drop_in("[Service]\nRestartSec=50ms\n")
        self.spoil()
        self.drop_signal()
        until(lambda: "twenty starts\n" + self.journal(), lambda: int(self.show("NRestarts")) >= 20)
        until("it fails for the reason that is meant", lambda: self.show("ExecMainStatus") == "78")  # 0 while one is just running
        for unit in (WAKE, SOCKET):
            self.assertEqual((self.state(unit), self.show("Result", unit)), ("active", "success"), unit)
        self.mend()
        self.wait_answer("WAKE")
        self.hibernate()
        self.drop_signal()
        self.wait_answer("WAKE")
        self.hibernate()
        with Client(self.at("agent.sock")) as client:
            self.assertTrue(client.ask("force_wake")["ok"])

    def test_children_are_told_nothing_of_systemd(self):
        self.configure('[[service]]\nname = "env"\ncommand = ["sh", "-c", "env > %s.new; mv %s.new %s; sleep 3600"]\n' % ((self.at("environment"),) * 3))
        self.install("--socket-activation")
        self.wait_answer()
        until("the service runs", lambda: os.path.exists(self.at("environment")))
        names = {line.split("=")[0] for line in self.read("environment").decode().splitlines()}
        self.assertFalse(names & {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"}, names)
        pid = self.answers()["services"][0]["pid"]
        held = {os.readlink(f"/proc/{pid}/fd/{number}") for number in os.listdir(f"/proc/{pid}/fd")}
        self.assertFalse([name for name in held if name.startswith("socket:")], "a service holds the control socket open")


if __name__ == "__main__":
    lab.main()
