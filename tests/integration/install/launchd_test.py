# SPDX-License-Identifier: MIT
"""`dormouse install` as it goes on macOS: every call of launchctl, argument by argument, noted by a stand-in that runs the real agent from the real property list. Nothing here has seen
a real launchd."""
import json
import os
import plistlib
import subprocess
import sys

import lab
from lab import program, until

STANDIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "launchctl.py")
AGENT, TRAY, DOMAIN = "io.dormouse.agent", "io.dormouse.tray", "gui/501"


class Launchd(lab.Case):
    def setUp(self):
        super().setUp()
        self.home = self.environment["HOME"]
        self.standin = os.path.join(self.folder, "standin")
        os.mkdir(self.standin)
        self.launchctl = os.path.join(self.folder, "launchctl")
        with open(STANDIN, encoding="utf-8") as source, open(self.launchctl, "w", encoding="utf-8") as file:
            file.write(f"#!{sys.executable}\n" + source.read())
        os.chmod(self.launchctl, 0o755)
        self.tray = os.path.join(self.folder, "dormouse-tray")
        os.symlink("/bin/true", self.tray)
        self.environment.update(STANDIN=self.standin)
        os.makedirs(self.root, 0o700)
        with open(self.at("dormouse.toml"), "w", encoding="utf-8") as file:
            file.write("[timers]\n" + "".join(f"{key} = {value}\n" for key, value in lab.TIMERS.items()))
        self.plist, self.trayPlist = (os.path.join(self.home, "Library/LaunchAgents", label + ".plist") for label in (AGENT, TRAY))
        self.addCleanup(self.end)

    def end(self):
        def gone():
            left = lab.marked("HOME=" + self.home)
            for pid in left:
                lab.kill(pid)
            return not left
        until("everything has ended", gone)

    def put(self, name, text):
        with open(os.path.join(self.standin, name), "w", encoding="utf-8") as file:
            file.write(text)

    def told(self):
        """What launchctl was told since the last time, without its questions."""
        path = os.path.join(self.standin, "calls")
        with open(path, encoding="utf-8") as file:
            calls = [json.loads(line) for line in file]
        os.unlink(path)
        self.assertFalse([call for call in calls if call[0] == "kickstart" or "-k" in call], "a busy agent would be killed")
        for call in calls:
            if call[0] in ("print", "print-disabled"):
                self.assertIn(call[1:], ([DOMAIN], [f"{DOMAIN}/{AGENT}"], [f"{DOMAIN}/{TRAY}"]))
        return [call for call in calls if not call[0].startswith("print")]

    def run_launchd(self, command, *flags, code=0):
        run = subprocess.run([os.environ["DORMOUSE_INSTALLPROBE"], "launchd", command, self.launchctl, program("dormouse-agent"), self.tray, *flags],
                             env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=lab.HANG, check=False)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run

    def answering(self):
        with lab.Client(self.at("agent.sock")) as client:
            return client.ask("status")["pid"]

    def test_install(self):
        run = self.run_launchd("install")
        self.assertEqual(self.told(), [["bootstrap", DOMAIN, self.plist]])
        self.assertIn(f"pid {self.answering()}", run.stdout)
        with open(self.plist, "rb") as file:
            job = plistlib.load(file)
        self.assertEqual(job["ProgramArguments"], [program("dormouse-agent"), "--supervised", "--root", self.root])
        self.assertNotIn("Sockets", job)
        self.assertEqual(os.stat(self.plist).st_mode & 0o022, 0, "launchd ignores what others may write")

    def test_twice_changes_nothing(self):
        self.run_launchd("install")
        pid = self.answering()
        self.told()
        self.assertIn("nothing had to be changed", self.run_launchd("install").stdout)
        self.assertEqual((self.told(), self.answering()), ([], pid))

    def test_an_update_lets_go_first(self):
        self.run_launchd("install")
        self.told()
        self.environment["PATH"] = "/opt/newer:" + self.environment["PATH"]
        self.run_launchd("install")
        self.assertEqual(self.told(), [["bootout", f"{DOMAIN}/{AGENT}"], ["bootstrap", DOMAIN, self.plist]])
        self.answering()

    def test_a_label_that_was_disabled_and_launchd_that_is_not_ready(self):
        self.put("disabled", AGENT)
        self.put("refusals", "..")
        self.run_launchd("install")
        call = ["bootstrap", DOMAIN, self.plist]
        self.assertEqual(self.told(), [["enable", f"{DOMAIN}/{AGENT}"], call, call, call])

    def test_sockets_come_and_go(self):
        def sockets():
            with open(self.plist, "rb") as file:
                return plistlib.load(file).get("Sockets")
        self.run_launchd("install", "--socket-activation")
        self.assertEqual(sockets(), {"Listeners": {"SockPathName": self.at("agent.sock"), "SockPathMode": 384}})
        self.run_launchd("install")
        self.assertTrue(sockets(), "the socket activation was lost")
        self.told()
        self.run_launchd("uninstall", "--socket-activation")
        self.assertEqual((sockets(), self.told()), (None, [["bootout", f"{DOMAIN}/{AGENT}"], ["bootstrap", DOMAIN, self.plist]]))

    def test_tray(self):
        self.run_launchd("install", "--tray")
        self.assertEqual(self.told(), [["bootstrap", DOMAIN, self.plist], ["bootstrap", DOMAIN, self.trayPlist]])
        self.run_launchd("uninstall", "--tray")
        self.assertEqual(self.told(), [["bootout", f"{DOMAIN}/{TRAY}"]])
        self.assertFalse(os.path.exists(self.trayPlist))
        self.answering()

    def test_uninstall_leaves_nothing_but_the_data(self):
        self.run_launchd("install", "--tray", "--socket-activation")
        self.told()
        logs = os.path.join(self.home, "Library/Logs")
        os.makedirs(logs)
        with open(os.path.join(logs, "dormouse-agent.log"), "w", encoding="utf-8"):
            pass
        self.run_launchd("uninstall")
        self.assertEqual(self.told(), [["bootout", f"{DOMAIN}/{AGENT}"], ["bootout", f"{DOMAIN}/{TRAY}"]])
        self.assertEqual([names for _, _, names in os.walk(self.home) if names], [])
        self.assertFalse(lab.marked("HOME=" + self.home))
        self.assertTrue(os.path.exists(self.at("dormouse.toml")))
        self.assertIn("nothing is installed", self.run_launchd("uninstall").stdout)

    def test_a_failed_installation_is_undone(self):
        os.symlink("/nowhere", self.at(".lifecycle.lock"))
        run = self.run_launchd("install", code=69)
        self.assertIn("exit code 78", run.stderr)
        self.assertIn("Library/Logs/dormouse-agent.log", run.stderr)
        self.assertEqual(self.told(), [["bootstrap", DOMAIN, self.plist], ["bootout", f"{DOMAIN}/{AGENT}"]])
        self.assertEqual([names for _, _, names in os.walk(self.home) if names], [])

    def test_a_failed_update_is_undone(self):
        self.run_launchd("install")
        self.told()
        with open(self.plist, "rb") as file:
            before = file.read()
        os.symlink("/nowhere", self.at("spoiled"))
        os.replace(self.at("spoiled"), self.at(".lifecycle.lock"))  # at once: an agent that runs takes a lock that is missing again
        self.run_launchd("install", "--socket-activation", code=69)
        out, back = ["bootout", f"{DOMAIN}/{AGENT}"], ["bootstrap", DOMAIN, self.plist]
        self.assertEqual(self.told(), [out, back, out, back])
        with open(self.plist, "rb") as file:
            self.assertEqual(file.read(), before)

    def test_dry_run(self):
        run = self.run_launchd("install", "--dry-run", "--tray")
        self.assertEqual(self.told(), [])
        self.assertIn(f"would run launchctl bootstrap {DOMAIN} {self.plist}", run.stdout)
        self.assertIn("<key>KeepAlive</key>", run.stdout)
        self.assertFalse(os.path.exists(self.plist))

    def test_an_edited_file_is_not_overwritten(self):
        self.run_launchd("install")
        with open(self.plist, "r+b") as file:
            text = file.read().replace(b"<integer>5</integer>", b"<integer>9</integer>")
            file.seek(0)
            file.write(text)
        self.assertIn("--force", self.run_launchd("install", code=78).stderr)
        self.assertIn("kept the old one as", self.run_launchd("install", "--force").stdout)

    def test_no_graphical_session(self):
        self.put("no-domain", "yes")
        run = self.run_launchd("install", code=1)
        self.assertIn("no graphical session", run.stderr)
        self.assertIn(f"dormouse-agent --root {self.root}", run.stderr)
        self.assertEqual(self.told(), [])

    def test_a_launchctl_that_hangs(self):
        self.put("hang", "yes")
        self.assertIn("no answer within 10 s", self.run_launchd("install", code=1).stderr)
        self.assertFalse(os.path.exists(self.plist))


if __name__ == "__main__":
    lab.main()
