# SPDX-License-Identifier: MIT
"""What passes between the agent and whoever started it, without a systemd: notifications, and descriptors that are handed over."""
import os
import signal
import socket
import sys
import threading
import time

import lab
from lab import Client, until

# Run by a Python of its own, which the agent takes the place of: only so is its pid known before.
HAND_OVER = """
import fcntl, os, sys
pid, count, handed, *command = sys.argv[1:]
high = [fcntl.fcntl(int(number), fcntl.F_DUPFD, 100) for number in handed.split(",") if number]
for index, number in enumerate(high):
    os.dup2(number, 3 + index, inheritable=True)
    os.close(number)
os.environ.update(LISTEN_PID=pid or str(os.getpid()), LISTEN_FDS=count, LISTEN_FDNAMES="x")
os.execv(command[0], command)
"""
STAY = 10  # seconds that an agent stays for those who only look


class Manager(threading.Thread):
    """The other end of NOTIFY_SOCKET."""

    def __init__(self, address):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.told = []
        self.start()

    def run(self):
        while True:
            data = self.socket.recv(65536)
            if not data:
                return
            self.told.append(data.decode())

    def lines(self):
        return [line for data in list(self.told) for line in data.split("\n")]


class Notices(lab.Case):
    def watch(self, address, **variables):
        manager = Manager("\0" + address[1:] if address.startswith("@") else address)
        self.environment.update(NOTIFY_SOCKET=address, **variables)
        return manager

    def notify_path(self):
        return os.path.join(self.folder, "notify")

    def test_a_life(self):
        for address in (self.notify_path(), f"@dormouse-test-{lab.MARK}"):
            with self.subTest(address):
                manager = self.watch(address)
                agent = self.start()
                until("it says what it does", lambda: any(line.startswith("STATUS=WAKE; ") for line in manager.lines()))
                fed = manager.lines().count("WATCHDOG=1")
                until("each tick is told", lambda: manager.lines().count("WATCHDOG=1") > fed + 2)
                self.assertEqual(agent.stop(), 0)
                self.assertEqual(manager.lines()[0], "READY=1")
                self.assertEqual(manager.lines().count("READY=1"), 1)
                self.assertIn("STOPPING=1", manager.lines())
                self.assertFalse([line for line in manager.lines() if line.split("=")[0] not in ("READY", "WATCHDOG", "STATUS", "STOPPING")])

    def test_ready_before_the_lock(self):
        first = self.start()
        manager = self.watch(self.notify_path())
        second = self.launch("--supervised", allow=("waiting for the lock",))
        until("it tells that it waits, again and again",
              lambda: len([line for line in manager.lines() if line.startswith("STATUS=waiting for the lock") and str(first.pid) in line]) >= 2)
        self.assertEqual(manager.lines()[0], "READY=1")
        self.assertIn("WATCHDOG=1", manager.lines())
        second.signal(signal.SIGTERM)
        self.assertEqual(second.wait(), 0)

    def test_a_slow_stop_feeds_the_watchdog_in_time(self):
        """Only that the end is told at once, before the services have ended; the timer's 30 s are tried with a real systemd."""
        manager = self.watch(self.notify_path(), WATCHDOG_USEC="3000000")
        os.makedirs(self.root, 0o700)
        with open(self.at("dormouse.toml"), "w", encoding="utf-8") as file:
            file.write('[[service]]\nname = "slow"\ncommand = ["sh", "-c", "trap \'sleep 2; exit 0\' TERM; while :; do sleep 0.1; done"]\nstop_timeout = "20s"\n')
        agent = self.start()
        until("the service runs", lambda: agent.status()["services"][0]["pid"])
        time.sleep(0.3)  # for its trap
        agent.signal(signal.SIGTERM)
        until("the end is told", lambda: "STOPPING=1" in manager.lines())
        self.assertIsNone(agent.process.poll(), "the services were not waited for")
        self.assertEqual(agent.wait(), 0)

    def test_a_manager_that_is_gone_harms_nobody(self):
        self.environment.update(NOTIFY_SOCKET=os.path.join(self.folder, "nobody"), WATCHDOG_USEC="3000000")
        agent = self.start(allow=("the service manager cannot be told",))
        ticks = agent.status()["uptime_sec"]
        until("it ticks on", lambda: agent.status()["uptime_sec"] > ticks + 2)
        self.assertEqual(len([line for line in agent.log().splitlines() if "cannot be told" in line]), 1, "told again and again")

    def test_nonsense_is_not_spoken_to(self):
        for address in ("relative", "@", "/" + "x" * 200):
            with self.subTest(address):
                self.environment.update(NOTIFY_SOCKET=address)
                self.start(allow=("NOTIFY_SOCKET is neither",)).stop()


class Handed(lab.Case):
    def listener(self, path=None, kind=socket.SOCK_STREAM):
        os.makedirs(self.root, 0o700, exist_ok=True)
        one = socket.socket(socket.AF_UNIX, kind)
        one.bind(path or self.at("agent.sock"))
        if kind == socket.SOCK_STREAM:
            one.listen(16)
        self.addCleanup(one.close)
        return one

    def hand(self, *sockets, flags=("--supervised",), pid="", count=None, **options):
        """An agent that finds `sockets` from descriptor 3 on, as systemd hands them over."""
        words = [str(one.fileno()) for one in sockets]
        prefix = (sys.executable, "-c", HAND_OVER, pid, str(len(sockets) if count is None else count), ",".join(words))
        return self.launch(*flags, prefix=prefix, pass_fds=[one.fileno() for one in sockets], **options)

    def test_the_socket_is_used_and_left_behind(self):
        listener = self.listener()
        inode = os.stat(self.at("agent.sock")).st_ino
        agent = self.hand(listener).ready()
        self.assertEqual(os.stat(self.at("agent.sock")).st_ino, inode)
        with open(f"/proc/{agent.pid}/fdinfo/3", encoding="utf-8") as file:
            flags = int(next(line for line in file if line.startswith("flags")).split()[1], 8)
        self.assertTrue(flags & os.O_CLOEXEC, "children would inherit it")
        self.assertEqual(agent.stop(), 0)
        self.assertEqual(os.stat(self.at("agent.sock")).st_ino, inode, "the manager's socket was removed")

    def test_descriptors_for_another_process_are_not_touched(self):
        stranger = self.listener(os.path.join(self.folder, "stranger"))
        agent = self.hand(stranger, pid="1").ready()
        self.assertTrue(os.path.exists(self.at("agent.sock")), "it made no socket of its own")
        self.assertTrue(os.readlink(f"/proc/{agent.pid}/fd/3").startswith("socket:"), "somebody else's descriptor was closed")
        agent.stop()
        self.assertFalse(os.path.exists(self.at("agent.sock")))

    def test_what_is_no_listening_socket_is_not_used(self):
        datagram = self.listener(os.path.join(self.folder, "datagram"), socket.SOCK_DGRAM)
        agent = self.hand(datagram, allow=("is not used",)).ready()
        self.assertTrue(os.path.exists(self.at("agent.sock")))
        agent.stop()

    def test_one_socket_is_enough(self):
        second = os.path.join(self.folder, "second")
        agent = self.hand(self.listener(), self.listener(second), allow=("is not used",)).ready()
        agent.stop()

    def test_a_count_without_descriptors(self):
        self.hand(count=9000).ready().stop()

    def test_a_request_that_waits_wakes_in_whatever_state(self):
        for state in ("HIBERNATION", "SLEEP", "DROWSY"):
            with self.subTest(state):
                listener = self.listener()
                self.put_record(state)
                with Client(self.at("agent.sock")) as client:
                    client.send("request_arrived")
                    agent = self.hand(listener)
                    self.assertEqual(client.receive()["state"], "WAKE")
                agent.wait_state("WAKE")
                agent.stop()
                listener.close()
                os.unlink(self.at("agent.sock"))

    def test_the_stay_begins_anew_with_each_question(self):
        listener = self.listener()
        self.put_record("HIBERNATION")
        with Client(self.at("agent.sock")) as client:
            client.send("status")
            agent = self.hand(listener)
            self.assertEqual(client.receive()["state"], "HIBERNATION")
            time.sleep(STAY * 0.6)
            self.assertEqual(client.ask("why")["ok"], True)
            time.sleep(STAY * 0.6)
            asked = time.monotonic()
            self.assertEqual(client.ask("status")["state"], "HIBERNATION", "it left while somebody was looking")
            self.assertEqual(agent.wait(), 0)
            self.assertGreater(time.monotonic() - asked, STAY - 1)

    def test_nobody_asked_so_nobody_is_waited_for(self):
        listener = self.listener()
        self.put_record("HIBERNATION")
        begun = time.monotonic()
        self.assertEqual(self.hand(listener).wait(), 0)
        self.assertLess(time.monotonic() - begun, STAY - 1, "at login it lingers for nobody")

    def test_a_wake_during_the_stay(self):
        listener = self.listener()
        self.put_record("HIBERNATION")
        with Client(self.at("agent.sock")) as client:
            client.send("status")
            agent = self.hand(listener)
            self.assertEqual(client.receive()["state"], "HIBERNATION")
            self.assertEqual(client.ask("force_wake")["state"], "WAKE")
            time.sleep(STAY + 1)  # that it stays cannot be waited for
            self.assertEqual(client.ask("status")["state"], "WAKE")
            client.ask("hibernate", force=True)
            begun = time.monotonic()
            self.assertEqual(agent.wait(), 0)
            self.assertLess(time.monotonic() - begun, STAY - 1, "a hibernation of today waits for observers")


class ByHand(lab.Case):
    def test_a_socket_of_an_unknown_owner_is_left_alone(self):
        """No unit is installed that could be started instead."""
        os.makedirs(self.root, 0o700)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as one:
            one.bind(self.at("agent.sock"))
            one.listen(64)
            inode = os.stat(self.at("agent.sock")).st_ino
            agent = self.launch(allow=("somebody serves the control socket already",))
            self.assertEqual(agent.wait(), 75)
            self.assertEqual(os.stat(self.at("agent.sock")).st_ino, inode)


if __name__ == "__main__":
    lab.main()
