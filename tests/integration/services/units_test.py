# SPDX-License-Identifier: MIT
"""Services that systemd or launchd runs, each by a stand-in for its program: what it is told, and what is made of its answers."""
import json
import os
import sys

import keeper as keepers
from keeper import alive
from lab import kill, main, until

STANDIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "standin.py")
PLIST = "/Users/somebody/Library/LaunchAgents/com.example.memory.plist"


class Units(keepers.Case):
    def setUp(self):
        super().setUp()
        self.tools, self.standin = os.path.join(self.folder, "tools"), os.path.join(self.folder, "standin")
        os.mkdir(self.tools)
        os.mkdir(self.standin)
        for name in ("systemctl", "launchctl"):
            with open(os.path.join(self.tools, name), "w", encoding="utf-8") as file:
                file.write(f"#!{sys.executable}\n")
                with open(STANDIN, encoding="utf-8") as source:
                    file.write(source.read())
            os.chmod(os.path.join(self.tools, name), 0o755)
        self.environment.update(STANDIN=self.standin, PATH=self.tools + ":" + self.environment["PATH"])

    def put(self, name, text=""):
        with open(os.path.join(self.standin, name), "w", encoding="utf-8") as file:
            file.write(text)

    def noted_by_standin(self, name):
        try:
            with open(os.path.join(self.standin, name), encoding="utf-8") as file:
                return file.read().splitlines()
        except FileNotFoundError:
            return []

    def calls(self, but=("show", "print")):
        """The verbs it was asked for."""
        words = [json.loads(line) for line in self.noted_by_standin("calls")]
        return [call for call in words if not any(verb in call for verb in but)]

    def spawned(self):
        return [int(line) for line in self.noted_by_standin("spawned")]

    def in_wake(self, **keys):
        self.configure({"name": "unit", **keys})
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        return keeper


class Systemd(Units):
    KEYS = {"systemd": "memory.service", "stop_timeout": "500ms"}

    def test_start_and_stop(self):
        keeper = self.in_wake(**self.KEYS)
        keeper.next_log("service_ready")
        view = keeper.view("unit")
        self.assertEqual((view["state"], view["pid"], view["rss_bytes"]), ("ready", self.spawned()[0], 123456789))
        keeper.say("state", "HIBERNATION")
        self.assertEqual(keeper.next_log("service_stopped")["freed_bytes"], 123456789)
        keeper.all_stopped()
        self.assertEqual(self.calls(), [["systemctl", "--user", "--no-block", verb, "--", "memory.service"] for verb in ("start", "stop")])
        self.end(keeper)

    def test_one_that_takes_its_time(self):
        self.put("slow", "1")
        keeper = self.in_wake(**self.KEYS)
        until("it was told", self.calls)
        self.assertEqual(keeper.view("unit")["state"], "starting")
        self.assertGreater(keeper.next_log("service_ready")["ready_sec"], 0.9)
        self.end(keeper)

    def test_a_stop_during_the_start(self):
        self.put("slow", "60")
        keeper = self.in_wake(**self.KEYS)
        until("it was told", self.calls)
        keeper.say("state", "HIBERNATION")
        keeper.all_stopped()
        self.assertEqual([call[3] for call in self.calls()], ["start", "stop"])
        self.assertEqual(self.spawned(), [])
        self.end(keeper)

    def test_one_that_does_not_end(self):
        self.put("stubborn")
        keeper = self.in_wake(**self.KEYS)
        keeper.next_log("service_ready")
        keeper.say("state", "HIBERNATION")
        keeper.all_stopped()
        self.assertIn(["systemctl", "--user", "kill", "--signal=SIGKILL", "--", "memory.service"], self.calls())
        self.assertFalse(alive(self.spawned()[0]))
        self.end(keeper)

    def test_it_runs_already(self):
        """Found running: not started again, and stopped where the state forbids it."""
        keeper = self.in_wake(**self.KEYS)
        keeper.next_log("service_ready")
        keeper.kill()
        keeper = self.keeper()
        self.assertEqual(keeper.next_log("service_adopted")["pid"], self.spawned()[0])
        keeper.say("state", "WAKE")
        keeper.wait_state("unit", "ready")
        self.assertEqual(len(self.calls()), 1)
        keeper.kill()
        keeper = self.keeper()
        keeper.say("state", "HIBERNATION")
        keeper.all_stopped()
        self.assertFalse(alive(self.spawned()[0]))
        self.end(keeper)

    def test_it_dies(self):
        keeper = self.in_wake(**self.KEYS)
        keeper.next_log("service_ready")
        kill(self.spawned()[0])
        keeper.next_log("service_crashed")
        keeper.next_log("service_ready")
        self.assertEqual(keeper.view("unit")["pid"], self.spawned()[1])
        self.end(keeper)

    def test_its_manager_restarts_it(self):
        """Restart= of the unit is the manager's business: its new process is found, and nothing else is done."""
        self.put("restart")
        keeper = self.in_wake(**self.KEYS)
        keeper.next_log("service_ready")
        kill(self.spawned()[0])
        until("its new process is seen", lambda: len(self.spawned()) == 2 and keeper.view("unit")["pid"] == self.spawned()[1])
        self.assertEqual(len(self.calls()), 1)
        self.assertEqual(keeper.logged("service_crashed"), [])
        os.unlink(os.path.join(self.standin, "restart"))
        self.end(keeper)

    def test_no_such_unit(self):
        self.put("absent")
        keeper = self.in_wake(**self.KEYS)
        self.assertIn("not found", keeper.next_log("service_crashed")["reason"])
        self.end(keeper)

    def test_a_manager_that_does_not_answer(self):
        """Told after five seconds, tried again later; the agent's end does not hang on it."""
        self.put("mute")
        keeper = self.in_wake(**self.KEYS)
        os.unlink(os.path.join(self.standin, "mute"))  # the first question stays without an answer
        keeper.next_log("service_ready")
        self.end(keeper)

    def test_no_manager_at_all(self):
        for name in ("systemctl", "launchctl"):
            os.unlink(os.path.join(self.tools, name))
        self.environment["PATH"] = self.tools
        self.configure({"name": "unit", "launchd": "com.example.memory"})  # no such program on Linux
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        self.assertIn("not on this machine", keeper.next_log("service_crashed")["reason"])
        self.end(keeper)


class Launchd(Units):
    KEYS = {"launchd": "com.example.memory", "stop_timeout": "500ms"}

    def domain(self, label=""):
        return f"gui/{os.getuid()}" + (f"/{label}" if label else "")

    def test_bootout_and_bootstrap(self):
        """A label that runs is booted out, and comes back from where it came, also under the next agent."""
        self.put("loaded", PLIST)
        self.put("pid", str(self.wrapper().process.pid))
        keeper = self.in_wake(**self.KEYS)
        keeper.next_log("service_adopted")
        keeper.say("state", "HIBERNATION")
        keeper.all_stopped()
        self.assertEqual(self.json("services.json")["property_lists"], {"com.example.memory": PLIST})
        keeper.kill()
        keeper = self.keeper()
        keeper.say("state", "WAKE")
        keeper.next_log("service_ready")
        self.assertEqual(self.calls(), [["launchctl", "bootout", self.domain("com.example.memory")], ["launchctl", "bootstrap", self.domain(), PLIST]])
        self.assertEqual(keeper.view("unit")["pid"], self.spawned()[0])
        self.end(keeper)

    def test_loaded_on_demand(self):
        """One that loading does not start is kickstarted."""
        self.put("on-demand")
        home = os.path.join(self.folder, "home", "Library", "LaunchAgents")
        os.makedirs(home)
        path = os.path.join(home, "com.example.memory.plist")
        with open(path, "wb"):
            pass
        keeper = self.in_wake(**self.KEYS)
        keeper.next_log("service_ready")
        self.assertEqual(self.calls(), [["launchctl", "bootstrap", self.domain(), path], ["launchctl", "kickstart", self.domain("com.example.memory")]])
        self.end(keeper)

    def test_nobody_knows_where_it_came_from(self):
        keeper = self.in_wake(**self.KEYS)
        self.assertIn("property list", keeper.next_log("service_crashed")["reason"])
        self.end(keeper)

    def test_one_that_does_not_end(self):
        self.put("loaded", PLIST)
        keeper = self.in_wake(**self.KEYS)
        keeper.next_log("service_ready")
        self.put("stubborn")
        keeper.say("state", "HIBERNATION")
        keeper.all_stopped()
        self.assertEqual([call[1] for call in self.calls()], ["kickstart", "bootout", "kill", "bootout"])
        self.assertFalse(alive(self.spawned()[0]))
        self.end(keeper)


if __name__ == "__main__":
    main()
