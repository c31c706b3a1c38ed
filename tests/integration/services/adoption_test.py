# SPDX-License-Identifier: MIT
"""The agent dies, the services do not; whatever the moment, the next one takes them up and starts none twice."""
import os
import shutil
import socket
import time
import unittest

from keeper import Case, alive, free_port
from lab import kill, main, marked, until, works


class Adoption(Case):
    def restarted(self, keeper, state="WAKE"):
        keeper.kill()
        again = self.keeper()
        if state:
            again.say("state", state)
        return again

    def test_a_client_notices_nothing(self):
        """kill -9 of the agent while the service answers: the connection goes on, and so does the process."""
        port = free_port()
        self.configure(self.server("memory", "--port", str(port), ready={"tcp": port}))
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        keeper.next_log("service_ready")
        pid = keeper.view("memory")["pid"]
        with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
            talk = client.makefile("rwb")

            def ping():
                talk.write(b"ping\n")
                talk.flush()
                self.assertEqual(talk.readline(), b"pong\n")
            self.assertEqual(talk.readline(), b"hello\n")
            for _ in range(5):
                ping()
                keeper = self.restarted(keeper)
                ping()
                self.assertEqual(keeper.next_log("service_adopted"), {"service": "memory", "pid": pid})
                self.assertEqual(keeper.wait_state("memory", "ready")["pid"], pid)
            talk.close()
        self.assertEqual(keeper.logged("service_ready"), [])  # nobody waited for it
        self.end(keeper)
        self.assertEqual((self.noted("memory", "starts"), self.noted("memory", "twice")), ([pid], []))

    def test_its_end_is_seen(self):
        """An adopted process is no child of ours; its death is noticed all the same, and it is started again."""
        self.configure(self.server("one"))
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        keeper.next_log("service_ready")
        keeper = self.restarted(keeper)
        pid = keeper.next_log("service_adopted")["pid"]
        kill(pid)
        self.assertNotIn("signal", keeper.next_log("service_crashed"))  # nobody but its parent is told how
        self.assertNotEqual(keeper.next_log("service_started")["pid"], pid)
        self.end(keeper)
        self.assertEqual(self.noted("one", "twice"), [])

    def test_it_is_stopped_where_the_state_forbids_it(self):
        self.configure(self.server("one", "--memory", "50"))
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        until("it runs", lambda: self.noted("one", "starts"))
        keeper.next_log("service_ready")
        keeper = self.restarted(keeper, "HIBERNATION")
        stopped = keeper.next_log("service_stopped")
        keeper.all_stopped()
        self.assertGreater(stopped["freed_bytes"], 50 * 1024 * 1024)
        self.assertEqual(self.records(), [])
        self.end(keeper)

    def test_no_longer_configured(self):
        self.configure(self.server("old"))
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        keeper.next_log("service_ready")
        pid = keeper.view("old")["pid"]
        self.configure(self.server("new"))
        keeper = self.restarted(keeper)
        self.assertEqual(keeper.next_log("service_stopped")["service"], "old")
        keeper.next_log("service_ready", "new")
        self.assertFalse(alive(pid))
        self.end(keeper)

    def test_another_command(self):
        """Adopted all the same; the new command counts from the next start on."""
        self.configure(self.server("one"))
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        keeper.next_log("service_ready")
        pid = keeper.view("one")["pid"]
        self.configure(self.server("one", "--memory", "1"))
        keeper = self.restarted(keeper)
        self.assertEqual(keeper.next_log("service_adopted")["pid"], pid)
        keeper.say("restart", "one")
        keeper.next_log("service_ready")
        self.assertEqual(self.records()[0]["command"][-1], "1")
        self.end(keeper)

    def test_a_reused_pid(self):
        """The pid in the file is somebody else's now: neither adopted nor harmed."""
        self.configure(self.server("one"))
        stranger = self.wrapper()
        self.put_json("services.json", {"services": [{"name": "one", "pid": stranger.process.pid, "start_time": 12345, "command": ["x"], "started_at": ""},
                                                     {"name": "gone", "pid": stranger.process.pid, "start_time": 12345, "command": ["x"], "started_at": ""}]})
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        keeper.next_log("service_ready")
        self.assertEqual(keeper.logged("service_adopted"), [])
        self.end(keeper)
        self.assertIsNone(stranger.process.poll())

    def test_another_boot(self):
        self.configure(self.server("one"))
        stranger = self.wrapper()
        with open(f"/proc/{stranger.process.pid}/stat", "rb") as file:
            start_time = int(file.read().rpartition(b") ")[2].split()[19])
        self.put_json("services.json", {"boot_id": "another", "services": [{"name": "one", "pid": stranger.process.pid, "start_time": start_time,
                                                                            "command": ["x"], "started_at": ""}]})
        keeper = self.keeper()
        keeper.say("state", "HIBERNATION")
        keeper.all_stopped()
        self.end(keeper)
        self.assertIsNone(stranger.process.poll())

    def test_a_broken_file(self):
        """Kept as .bad, told, and no reason not to start."""
        for content in (b"", b"{", b"[]", b'{"services": 7}', b'{"services": [{"name": "one", "pid": -1, "start_time": 3}, 7, {"pid": 1}]}'):
            with self.subTest(content):
                self.configure(self.server("one"))
                with open(self.at("services.json"), "wb") as file:
                    file.write(content)
                keeper = self.keeper()
                keeper.say("state", "WAKE")
                keeper.next_log("service_ready")
                self.end(keeper)

    def test_children_that_are_left(self):
        """The first process died while nobody was there; its children hold on to the port, and go before it is started again."""
        self.configure(self.server("parent", "--children", "2"))
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        until("it runs", lambda: self.noted("parent", "starts"))
        keeper.next_log("service_ready")
        pid = keeper.view("parent")["pid"]
        family = [number for number in map(int, filter(str.isdigit, os.listdir("/proc"))) if number != pid and session(number) == pid]
        self.assertEqual(len(family), 2)
        keeper.kill()
        kill(pid)
        until("it is dead", lambda: not alive(pid))
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        keeper.next_log("service_started")
        self.assertEqual([number for number in family if alive(number)], [])
        self.end(keeper)

    def test_killed_at_any_moment_of_a_start(self):
        """kill -9 of the agent before, in and behind the start: one instance, and whatever runs is known."""
        self.configure(self.server("one"))
        for number in range(30):
            keeper = self.keeper()
            keeper.say("state", "WAKE")
            time.sleep(0.0007 * number)  # any moment will do
            keeper.kill()
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        pid = keeper.wait_state("one", "ready")["pid"]
        until("it runs", lambda: pid in self.noted("one", "starts"))
        self.assertEqual([number for number in self.noted("one", "starts") if alive(number)], [pid])
        self.assertEqual(self.noted("one", "twice"), [])
        self.end(keeper)

    @unittest.skipUnless(shutil.which("strace") and works("strace", "-o", os.devnull, "true"), "needs strace, allowed to trace")
    def test_held_until_the_file_names_it(self):
        """The agent is killed when the process is there, and services.json is not written yet: the program never runs."""
        self.configure(self.server("one"))
        keeper = self.keeper(*strace_kill("renameat2,rename,renameat,linkat"))
        keeper.say("state", "WAKE")
        keeper.process.wait(60)
        self.assertFalse(os.path.exists(self.at("services.json")))
        home = os.path.join(self.folder, "home")
        until("the process that waited is gone", lambda: not marked("HOME=" + home))
        self.assertEqual(self.noted("one", "starts"), [])
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        until("it runs", lambda: len(self.noted("one", "starts")) == 1)
        self.end(keeper)

    def test_a_file_that_cannot_be_written(self):
        """Without a durable entry nothing runs: told, tried again, and healed."""
        os.makedirs(self.root, 0o700)
        self.configure(self.server("one"))
        os.makedirs(self.at("services.json"), 0o700)  # a folder cannot be replaced by a file
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        self.assertIn("services.json", keeper.next_log("service_crashed")["reason"])
        self.assertEqual(self.noted("one", "starts"), [])
        os.rmdir(self.at("services.json"))
        keeper.next_log("service_ready")
        self.end(keeper)


def strace_kill(calls):
    """Kills the tracee when it puts services.json in place."""
    return ["strace", "-qq", "-o", os.devnull, "-e", f"trace={calls}", "-e", f"inject={calls}:signal=KILL"]


def session(pid):
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None


if __name__ == "__main__":
    main()
