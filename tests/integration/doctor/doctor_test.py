# SPDX-License-Identifier: MIT
"""Faults are planted, one at a time, and `dormouse doctor` has to find each: the row, the remedy, the exit code, and nothing else."""
import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import unittest

from doctorcase import DoctorCase, long_ago
from lab import HANG, MARK, main, now, program, until, works

EXIT = {"lifecycle.hibernation": "exit"}
DEAD = 2 ** 22 + 1  # above the highest PID there can be
need_namespaces = unittest.skipUnless(works("unshare", "-Urm", "true"), "needs user and mount namespaces")


class Healthy(DoctorCase):
    def test_a_hibernated_agent_passes(self):
        agent = self.start(timers={"drowsy_after": 0.5, "sleep_after": 0.5, "hibernate_after": 1}, sets=EXIT)
        agent.ask("hibernate")
        self.assertEqual(agent.wait(), 0)
        self.assertEqual(self.json("lifecycle_state.json")["current_state"], "HIBERNATION")
        self.assertHealthy()

    def test_an_agent_in_wake_passes(self):
        agent = self.start_healthy()
        self.wrapper().beat()
        until("it is seen", lambda: agent.status()["wrappers"]["fresh"] == 1)
        self.assertHealthy()

    def test_a_person_reads_aligned_lines_without_colour_in_a_pipe(self):
        self.put_record("WAKE")
        ran = self.dormouse("doctor")
        self.assertEqual(ran.returncode, 1)
        self.assertNotIn("\x1b", ran.stdout)
        lines = ran.stdout.splitlines()
        self.assertTrue(lines[0].startswith("FAIL  agent"))
        self.assertRegex(lines[1], r"^ +-> dormouse wake$")
        self.assertRegex(lines[-1], r"^\d+ rows: \d+ PASS, \d+ WARN, \d+ FAIL$")
        columns = {line.index(re.search(r"^\w{4}  .*?  +(?=\S)", line).group()[-1]) for line in lines if line.startswith(("PASS", "WARN", "FAIL"))}
        self.assertEqual(len(columns), 1)

    def test_a_terminal_gets_colour(self):
        self.put_record("HIBERNATION")
        command = f"{program('dormouse')} doctor"
        ran = subprocess.run([sys.executable, "-c", "import pty,sys; sys.exit(pty.spawn(['sh','-c',sys.argv[1]]) >> 8)", command],
                             env={**self.environment, "TERM": "xterm"}, stdin=subprocess.DEVNULL, capture_output=True, timeout=HANG, check=False)
        self.assertIn(b"\x1b[", ran.stdout)


class Agents(DoctorCase):
    def test_killed(self):
        agent = self.start_healthy()
        agent.kill()
        self.assertFound("agent", "FAIL", "was killed", "dormouse wake", others=["socket"])

    def test_stale_socket(self):
        self.put_record("HIBERNATION")
        with self.listening(self.at("agent.sock")):
            pass
        self.assertFound("socket", "WARN", "left over", "dormouse wake")

    def test_foreign_listener(self):
        self.put_record("HIBERNATION")
        with self.listening(self.at("agent.sock")) as server:
            server.settimeout(0.01)
            self.assertFound("socket", "FAIL", "other program", "ss -xlp")
            with self.assertRaises(TimeoutError):
                server.accept()  # to look must not connect: it would wake an activated agent

    def freeze(self, agent):
        agent.signal(signal.SIGSTOP)
        self.addCleanup(agent.signal, signal.SIGCONT)
        return agent

    def assertMends(self, agent, complaint):
        """Once it goes on, it mends what was deleted, and says so."""
        agent.signal(signal.SIGCONT)
        agent.allow.append(re.compile(complaint))
        until("the agent has mended it", lambda: complaint in agent.log())
        self.assertHealthy()

    def test_frozen(self):
        agent = self.freeze(self.start_healthy())
        self.assertFound("agent", "FAIL", "stopped", f"kill -CONT {agent.pid}", others=["socket", "idle source"])

    def test_socket_removed(self):
        agent = self.freeze(self.start_healthy())  # one that runs makes it again
        os.unlink(self.at("agent.sock"))
        self.assertFound("socket", "FAIL", "is missing", f"kill {agent.pid}", others=["agent", "idle source"])
        self.assertMends(agent, "the control socket was deleted")

    def test_socket_of_another_root(self):
        other = self.start_healthy()
        first, self.root = self.root, os.path.join(self.folder, "second")
        for name in ("dormouse-agent.service", "dormouse-agent-wake.path"):
            self.put_unit(name)
        agent = self.start_healthy()
        self.assertFound("socket", "FAIL", f"pid {other.pid}, but agent.lock names pid {agent.pid}", "--root and --socket", "--root", self.root, "--socket",
                         os.path.join(first, "agent.sock"), others=["autostart"])

    def test_foreign_lock(self):
        self.put_record("HIBERNATION")
        with open(self.at(".lifecycle.lock"), "w", encoding="utf-8") as file:
            os.chmod(file.name, 0o600)
            fcntl.flock(file, fcntl.LOCK_EX)
            self.assertFound("lock", "FAIL", f"(pid {os.getpid()})", f"kill {os.getpid()}")

    def test_lock_deleted(self):
        agent = self.freeze(self.start_healthy())  # one that runs takes it again
        os.unlink(self.at(".lifecycle.lock"))
        self.assertFound("lock", "FAIL", "deleted", f"kill {agent.pid}", others=["agent", "socket", "idle source"])
        self.assertMends(agent, "the lock was deleted or replaced")

    def test_lock_is_a_link(self):
        self.put_record("HIBERNATION")
        os.symlink("/dev/null", self.at(".lifecycle.lock"))
        self.assertFound("lock", "FAIL", "no regular file", "mv ")

    def test_wake_signal_that_nobody_hears(self):
        self.put_record("HIBERNATION")
        self.put("wake.signal", "{}")
        long_ago(self.at("wake.signal"))
        self.assertFound("wake signal", "FAIL", "nobody came", "dormouse wake")

    def test_wake_signal_that_cannot_be_removed(self):
        path = self.at("wake.signal")
        self.put("wake.signal", "{}")
        long_ago(path)
        if not works("chattr", "+i", path):
            self.skipTest("needs chattr +i: root, and a file system that has it")
        self.addCleanup(works, "chattr", "-i", path)
        self.start_healthy(allow=[r"wake\.signal"])
        self.assertFound("wake signal", "FAIL", "cannot remove", "chattr -i")
        works("chattr", "-i", path)


class Files(DoctorCase):
    def setUp(self):
        super().setUp()
        self.put_record("HIBERNATION")

    def test_bad_record(self):
        self.put("lifecycle_state.json", '{"current_state": "WA')
        self.assertFound("record", "FAIL", "not valid", "dormouse wake", others=["agent"])

    def test_drift(self):
        self.put_record("DROWSY")
        self.put(".daemon-state.json", '{"fsm_state": "SLEEP"}')
        self.assertFound("legacy state", "FAIL", "DROWSY, and .daemon-state.json says SLEEP", "dormouse wake", others=["agent"])

    def test_drift_beside_an_agent(self):
        self.start_healthy()
        self.put(".daemon-state.json", '{"fsm_state": "DREAMING"}')
        self.assertFound("legacy state", "FAIL", "WAKE, and .daemon-state.json says DREAMING", "dormouse wake")

    def test_root_open_to_others(self):
        os.chmod(self.root, 0o777)
        self.assertFound("rights", "FAIL", "can be written by others (mode 0777)", f"chmod 700 {self.root}")

    def test_record_open_to_others(self):
        os.chmod(self.at("lifecycle_state.json"), 0o666)
        self.assertFound("rights", "FAIL", "lifecycle_state.json", "chmod 600")

    def test_wrappers_closed_to_ourselves(self):
        os.chmod(self.at("wrappers"), 0o000)
        others = () if os.geteuid() == 0 else ("heartbeats",)
        self.assertFound("rights", "FAIL", "cannot be used by yourself", "chmod 700", others=others)
        os.chmod(self.at("wrappers"), 0o700)

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to give a file away")
    def test_record_of_another_user(self):
        os.chown(self.at("lifecycle_state.json"), 65534, 65534)
        self.assertFound("rights", "FAIL", "belongs to another user (uid 65534)", "sudo chown -R 0 ", others=["agent", "record"])

    def test_foreign_writable_configuration(self):
        self.put("dormouse.toml", "[timers]\n", mode=0o666)
        self.assertFound("configuration", "FAIL", "others may write it", "")

    def test_broken_configuration(self):
        self.put("dormouse.toml", "[timers]\ndrowsy_afer = 5\ntick = \"x\"\n")
        self.assertFound("configuration", "FAIL", "dormouse.toml:2:", "dormouse config check")

    def test_thresholds_that_do_not_rise(self):
        self.put("dormouse.toml", "[timers]\ndrowsy_after = \"3h\"\n")
        self.assertFound("configuration", "FAIL", "drowsy_after", "mend dormouse.toml")

    def test_command_not_found(self):
        self.put("dormouse.toml", '[env]\nPATH = "/usr/bin:/bin"\n[[sleep.step]]\nname = "tidy"\ncommand = ["dormouse-no-such-tool"]\n')
        self.assertFound("commands", "FAIL", 'step "tidy": "dormouse-no-such-tool" is not found', "[env]")

    def test_clock_set_back(self):
        self.put_record("HIBERNATION", since_ts=now(3 * 3600), last_activity_ts=now(3 * 3600))
        self.assertFound("clock", "FAIL", "in the future", "timedatectl")

    def test_log_of_tomorrow(self):
        self.put_log((-30 * 3600, "agent_started", {}))
        self.assertFound("clock", "WARN", "future", "timedatectl")

    def test_torn_log(self):
        self.put_log((60, "agent_started", {}), (50, "agent_stopped", {}))
        with open(self.at("logs", f"lifecycle-events-{now()[:10]}.jsonl"), "a", encoding="utf-8") as file:
            file.write('{"ts":"' + now()[:9])
            os.chmod(file.name, 0o600)
        self.assertFound("history", "WARN", "1 line", "readers skip them")

    @need_namespaces
    def test_full_disk(self):
        script = (f"mount -t tmpfs -o size=512k,mode=700 tmpfs {self.root} && cd {self.root} && mkdir -m 700 wrappers logs && umask 077 && "
                  f"cp {self.folder}/record lifecycle_state.json && (cat /dev/zero > filler 2>/dev/null; exec \"$@\")")
        shutil.copy(self.at("lifecycle_state.json"), os.path.join(self.folder, "record"))
        self.assertFound("disk space", "FAIL", "full", "make room", prefix=["unshare", "-Urm", "sh", "-c", script, "sh"])

    @need_namespaces
    def test_read_only_disk(self):
        script = f"mount --bind {self.root} {self.root} && mount -o remount,bind,ro {self.root} && exec \"$@\""
        self.assertFound("disk space", "FAIL", "read-only", "--root", prefix=["unshare", "-Urm", "sh", "-c", script, "sh"])


class Clients(DoctorCase):
    def setUp(self):
        super().setUp()
        self.put_record("HIBERNATION")

    def test_hibernation_with_clients_that_count(self):
        self.wrapper("claude-code").beat()
        self.assertFound("hibernation", "FAIL", "claude-code", "dormouse wake")

    def test_hibernation_that_was_asked_for(self):
        agent = self.start("--wake", sets={"lifecycle.hibernation": "linger"})
        self.wrapper("claude-code").beat()
        until("it counts", lambda: agent.status()["wrappers"]["fresh"] == 1)
        agent.ask("hibernate")
        agent.wait_state("HIBERNATION")
        self.report_idleness(agent)
        self.assertHealthy()
        agent.kill()
        os.unlink(self.at("agent.sock"))
        self.assertHealthy()

    def test_dead_heartbeats_by_the_thousand(self):
        for i in range(2000):
            self.put_heartbeat(DEAD, f"dead-{i}", age=3600)
        self.assertFound("heartbeats", "WARN", "2000 of 2000", "dormouse clean")
        self.assertEqual(self.dormouse("clean").returncode, 0)  # the remedy is one
        self.assertHealthy()

    def test_overflow(self):
        for i in range(10_050):
            with open(self.at("wrappers", f"heartbeat-{DEAD}-{i}.json"), "wb"):
                pass
        self.assertFound("overflow", "WARN", "50 heartbeat files", "dormouse clean", others=["heartbeats"])

    def test_heartbeats_of_tomorrow(self):
        self.put_heartbeat(DEAD, "ahead", age=-86400)
        self.assertFound("clock", "WARN", "1 heartbeat", "timedatectl")

    def test_leaked_wrapper(self):
        self.put_record("WAKE")
        host = subprocess.Popen(["sh", "-c", "sleep 3600 >/dev/null & echo $!; read line"], env={**self.environment, "DORMOUSE_LAB": MARK}, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, text=True, start_new_session=True)
        pid = int(host.stdout.readline())
        self.addCleanup(lambda: works("kill", "-9", str(pid)))
        agent = self.start_healthy(timers={"stale_after": 600, "sleep_after": 600})
        self.put_heartbeat(pid, "leaky", name="mcp")
        until("it is seen", lambda: agent.status()["wrappers"]["fresh"] == 1)
        host.kill()
        host.wait(HANG)
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            if int(file.read().split()[3]) != 1:
                self.skipTest("orphans do not go to PID 1 here")
        self.put_heartbeat(pid, "leaky", name="mcp")
        until("it is leaked", lambda: agent.status()["wrappers"]["leaked"] == 1)
        self.assertFound("leaked", "WARN", "1 wrapper", f"kill {pid}")
        agent.kill()
        rows = self.examine()[1]
        self.assertEqual(rows["leaked"]["status"], "WARN")  # remembered

    def test_no_idle_source(self):
        agent = self.start()
        if agent.status()["idle_sources"]:
            self.skipTest("there is an idle source on this machine")
        self.assertFound("idle source", "WARN", "heartbeats alone", "dormouse-tray")

    @need_namespaces
    def test_exhausted_inotify(self):
        prefix = ["unshare", "-Ur", "sh", "-c", "echo 0 > /proc/sys/user/max_inotify_instances && exec \"$@\"", "sh"]
        self.start_healthy(prefix=prefix, allow=[r"inotify|watch"])
        self.assertFound("watcher limits", "WARN", "no inotify instance", "fs.inotify.max_user_instances")

    @need_namespaces
    def test_exhausted_watches(self):
        prefix = ["unshare", "-Ur", "sh", "-c", "echo 1 > /proc/sys/user/max_inotify_watches && exec \"$@\"", "sh"]
        self.start_healthy(prefix=prefix, allow=[r"inotify|watch"])
        self.assertFound("watcher limits", "WARN", "could not watch", "fs.inotify.max_user_watches")


class Work(DoctorCase):
    def setUp(self):
        super().setUp()
        self.put_record("HIBERNATION")

    def test_flapping(self):
        for i in range(40):
            away, back = ("WAKE", "DROWSY"), ("DROWSY", "WAKE")
            source, target = back if i % 2 else away
            self.put_log((3000 - i * 60, "state_transition", {"from": source, "to": target, "trigger": "heartbeat_refresh" if i % 2 else "idle_5min"}))
        self.assertFound("history", "WARN", "40 transitions within one hour", "timers.drowsy_after")

    def test_crashes(self):
        self.put_log(*[(4000 - i * 60, "agent_started", {}) for i in range(5)], (10, "agent_stopped", {}))
        self.assertFound("history", "WARN", "4 times without a word", "journalctl")

    def test_starvation(self):
        self.put_log((100 * 3600, "agent_started", {}), (100 * 3600, "state_transition", {"from": "HIBERNATION", "to": "WAKE", "trigger": "wake_signal"}),
                     (3600, "agent_stopped", {}))
        self.assertFound("starvation", "WARN", "no sleep cycle has completed", "dormouse cycle run")

    def test_quarantine_in_the_record(self):
        self.put_record("HIBERNATION", quarantine={"until_ts": now(3600), "reason": "sleep step 2 (vacuum) failed 3x", "since_ts": now()})
        self.assertFound("sleep cycle", "FAIL", "(vacuum) failed 3x", "dormouse cycle reset-quarantine")

    def test_quarantine_of_an_agent(self):
        self.put("dormouse.toml", '[sleep]\nstrikes = 1\n[[sleep.step]]\nname = "bad"\ncommand = ["false"]\n')
        agent = self.start_healthy(allow=[r"bad|cycle|quarantine"])
        agent.ask("force_rem")
        until("quarantine", lambda: agent.status()["quarantine"])
        self.assertFound("sleep cycle", "FAIL", "bad", "dormouse cycle reset-quarantine")
        self.assertEqual(self.dormouse("cycle", "reset-quarantine").returncode, 0)
        self.assertHealthy()

    def test_strike(self):
        self.put("dormouse.toml", '[[sleep.step]]\nname = "bad"\ncommand = ["false"]\n')
        agent = self.start_healthy(allow=[r"bad|cycle"])
        agent.ask("force_rem")
        until("a strike", lambda: agent.ask("sleep_cycle", action="status")["strikes"])
        self.assertFound("sleep cycle", "WARN", "bad has failed 1 time", "dormouse cycle run")

    def test_crash_looping_service(self):
        self.put("dormouse.toml", '[[service]]\nname = "web"\ncommand = ["false"]\n')
        agent = self.start_healthy(allow=[r"web|service"])
        until("five deaths", lambda: any(mark["what"] == "service web" for mark in agent.status()["attention"]))
        self.assertFound("services", "FAIL", "web: failed", "service-web.log")

    def test_survivor_of_a_killed_agent(self):
        self.put("dormouse.toml", '[[service]]\nname = "web"\ncommand = ["sleep", "3600"]\n')
        agent = self.start_healthy()
        until("it runs", lambda: agent.status()["services"][0]["state"] == "ready")
        pid = agent.status()["services"][0]["pid"]
        self.addCleanup(lambda: works("kill", "-9", str(pid)))
        agent.kill()
        self.assertFound("services", "WARN", "web", "dormouse wake", others=["agent", "socket"])
        works("kill", "-9", str(pid))

    def test_python_daemon_that_nobody_manages(self):
        package = os.path.join(self.folder, "python", "iai_mcp")
        os.makedirs(package)
        for name, text in (("__init__.py", ""), ("daemon.py", "import time\nprint(flush=True)\ntime.sleep(3600)\n")):
            with open(os.path.join(package, name), "w", encoding="utf-8") as file:
                file.write(text)
        environment = {**self.environment, "DORMOUSE_LAB": MARK, "IAI_MCP_STORE": self.root}
        daemon = subprocess.Popen([sys.executable, "-m", "iai_mcp.daemon"], cwd=os.path.dirname(package), env=environment, stdout=subprocess.PIPE)
        self.addCleanup(lambda: (daemon.kill(), daemon.communicate()))
        daemon.stdout.readline()
        self.assertFound("python daemon", "WARN", f"pid {daemon.pid}", f"kill {daemon.pid}")

    def test_python_daemon_named_by_locked(self):
        daemon = self.wrapper().process
        self.put(".locked", f'{{"pid": {daemon.pid}}}')
        self.assertFound("python daemon", "WARN", f"pid {daemon.pid}", "[[service]]")

    def test_changed_commands_are_told(self):
        self.put("dormouse.toml", "")
        agent = self.start_healthy(allow=[r"command"])
        self.put("dormouse.toml", '[[service]]\nname = "web"\ncommand = ["sleep", "3600"]\n')
        self.assertTrue(agent.ask("reload")["ok"])
        until("a mark", lambda: agent.status()["attention"])
        self.assertFound("attention", "WARN", "new commands", "dormouse acknowledge commands_changed")
        self.assertEqual(agent.stop(), 0)


class Autostart(DoctorCase):
    def setUp(self):
        super().setUp()
        self.put_record("HIBERNATION")

    def test_not_installed(self):
        shutil.rmtree(self.units)
        self.assertFound("autostart", "WARN", "not installed", "dormouse install")

    def test_disabled(self):
        os.unlink(self.unit("default.target.wants", "dormouse-agent.service"))
        self.assertFound("autostart", "FAIL", "not enabled", "systemctl --user enable --now dormouse-agent.service")

    def test_masked(self):
        os.unlink(self.unit("dormouse-agent.service"))
        os.symlink("/dev/null", self.unit("dormouse-agent.service"))
        self.assertFound("autostart", "FAIL", "masked", "unmask")

    def test_pointing_at_a_program_that_is_gone(self):
        self.put_unit("dormouse-agent.service", agent="/opt/gone/dormouse-agent")
        self.assertFound("autostart", "FAIL", "/opt/gone/dormouse-agent, which is not there", "dormouse install")

    def test_pointing_at_another_program(self):
        self.put_unit("dormouse-agent.service", agent="/bin/true")
        self.assertFound("autostart", "WARN", "/bin/true", "dormouse install")

    def test_pointing_at_another_root(self):
        self.put_unit("dormouse-agent.service", root="/elsewhere")
        self.assertFound("autostart", "WARN", "another root", "dormouse install --root")

    def test_no_wake_trigger(self):
        os.unlink(self.unit("dormouse-agent-wake.path"))
        self.assertFound("autostart", "FAIL", "nothing watches for wake.signal", "dormouse install")

    def test_wake_trigger_disabled(self):
        os.unlink(self.unit("default.target.wants", "dormouse-agent-wake.path"))
        self.assertFound("autostart", "FAIL", "is inactive", "dormouse-agent-wake.path")

    def test_store_variable(self):
        self.environment["IAI_MCP_STORE"] = "/elsewhere"
        self.assertFound("root", "WARN", "IAI_MCP_STORE", "DORMOUSE_ROOT")


main()
