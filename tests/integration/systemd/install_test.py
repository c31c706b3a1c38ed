# SPDX-License-Identifier: MIT
"""`dormouse install` and `uninstall` with a real systemd: what a user gets who types them, twice, wrongly, or where something is in the way."""
import fcntl
import os
import re
import stat
import subprocess
import unittest

import lab
import usermanager
from lab import program, until
from usermanager import SOCKET, UNIT, WAKE


def setUpModule():
    usermanager.isolate()


class Install(usermanager.Case):
    def test_everything_is_there_and_answers(self):
        self.configure()
        run = self.install()
        status = self.wait_answer()
        self.assertIn(f"pid {status['pid']}", run.stdout)
        self.assertEqual(stat.S_IMODE(os.stat(self.at("agent.sock")).st_mode), 0o600)
        for unit in (UNIT, WAKE):
            self.assertEqual(self.systemctl("is-enabled", unit).stdout.strip(), "enabled")
            self.assertEqual(self.state(unit), "active")
        self.assertEqual(self.show("LoadState", SOCKET), "not-found")
        with open(f"/proc/{status['pid']}/environ", "rb") as file:
            environment = dict(entry.split(b"=", 1) for entry in file.read().split(b"\0") if b"=" in entry)
        self.assertTrue(environment[b"PATH"].startswith(b"/opt/users/own:"), "the agent has not the PATH of the terminal")
        with open(f"/proc/{status['pid']}/cmdline", "rb") as file:
            words = file.read().split(b"\0")[:-1]
        self.assertEqual(words, [os.path.realpath(program("dormouse-agent")).encode(), b"--supervised", b"--root", self.root.encode()])
        self.assertTrue(self.show("StatusText").startswith("WAKE; "), self.show("StatusText"))
        self.assertEqual((self.show("Type"), self.show("KillMode"), self.show("Restart"), self.show("RestartUSec"), self.show("WatchdogUSec"),
                          self.show("TimeoutStopUSec"), self.show("StartLimitIntervalUSec")),
                         ("notify", "process", "on-failure", "5s", "3min", "11min", "0"))

    def test_twice_changes_nothing(self):
        self.configure()
        self.install("--socket-activation")
        pid, before = self.wait_answer()["pid"], self.tree()
        run = self.install()
        self.assertIn("nothing had to be changed", run.stdout)
        self.assertEqual(self.wait_answer()["pid"], pid, "the agent, and all services with it, were restarted for nothing")
        self.assertEqual(self.tree(), before)
        self.assertEqual(self.state(SOCKET), "active", "the socket activation was lost")

    def test_another_terminal_updates_what_is_there(self):
        self.configure()
        self.install()
        pid = self.wait_answer()["pid"]
        self.environment["PATH"] = "/opt/newer:" + self.environment["PATH"]
        self.install()
        self.assertNotEqual(self.wait_answer()["pid"], pid)
        with open(os.path.join(self.units, UNIT), encoding="utf-8") as file:
            self.assertIn('"PATH=/opt/newer:/opt/users/own:', file.read())

    def test_dry_run_only_tells(self):
        self.configure()
        before = self.tree()
        run = self.install("--dry-run", "--socket-activation", "--tray") if os.path.exists(program("dormouse-tray")) else self.install("--dry-run", "--socket-activation")
        self.assertEqual(self.tree(), before)
        self.assertEqual(self.show("LoadState"), "not-found")
        for text in (UNIT, WAKE, SOCKET, "would run systemctl --user daemon-reload", "would run systemctl --user enable --now " + UNIT, "StartLimitIntervalSec=0"):
            self.assertIn(text, run.stdout)

    def test_uninstall_leaves_nothing_but_the_data(self):
        before = self.tree()
        self.configure()
        self.install("--socket-activation")
        self.wait_answer()
        pid = self.pid()
        run = self.dormouse("uninstall")
        self.assertEqual((run.returncode, run.stderr), (0, ""), run.stdout)
        self.assertEqual(self.tree(), before)
        for unit in (UNIT, WAKE, SOCKET):
            self.assertEqual((self.show("LoadState", unit), self.state(unit)), ("not-found", "inactive"))
        until("systemd has forgotten it", lambda: not self.systemctl("list-units", "--all", "--no-legend", "dormouse*").stdout)
        self.assertFalse(os.path.exists(f"/proc/{pid}"))
        self.assertFalse(os.path.exists(self.at("agent.sock")), "a socket that nobody serves")
        self.assertTrue(os.path.exists(self.at("logs")) and os.path.exists(self.at("dormouse.toml")), "the data went, too")
        again = self.dormouse("uninstall")
        self.assertEqual((again.returncode, again.stdout), (0, "nothing is installed\n"))

    def test_socket_activation_comes_and_goes(self):
        self.configure()
        self.install()
        self.install("--socket-activation")
        self.assertEqual(self.state(SOCKET), "active")
        self.wait_answer()
        run = self.dormouse("uninstall", "--socket-activation")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertEqual(self.show("LoadState", SOCKET), "not-found")
        self.assertEqual((self.state(WAKE), self.systemctl("is-enabled", UNIT).stdout.strip()), ("active", "enabled"))
        self.wait_answer()

    @unittest.skipUnless(os.path.exists(program("dormouse-tray")), "SKIPPED: dormouse-tray is not built, so its entries were not installed")
    def test_tray(self):
        before = self.tree()
        self.configure()
        self.install("--tray")
        entry = os.path.join(self.home, ".config/autostart/dormouse-tray.desktop")
        with open(entry, encoding="utf-8") as file:
            self.assertIn(f'Exec="{os.path.realpath(program("dormouse-tray"))}" "--root" "{self.root}"\n', file.read())
        self.assertTrue(os.path.exists(os.path.join(self.home, ".local/share/applications/dormouse-tray.desktop")))
        self.assertTrue(os.path.exists(os.path.join(self.home, ".local/share/icons/hicolor/scalable/apps/dormouse.svg")))
        self.assertEqual(self.dormouse("uninstall", "--tray").returncode, 0)
        self.assertFalse(os.path.exists(entry))
        self.wait_answer()
        self.assertEqual(self.dormouse("uninstall").returncode, 0)
        self.assertEqual(self.tree(), before)

    def test_awkward_root(self):
        self.root = os.path.join(self.folder, "my $HOME 50% \"root\"")
        self.environment["DORMOUSE_ROOT"] = self.root
        self.configure()
        self.install("--socket-activation")
        self.wait_answer()
        self.hibernate()
        run = self.dormouse("wake")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.wait_answer("WAKE")


class Trouble(usermanager.Case):
    def test_a_failed_installation_is_undone(self):
        before = self.tree()
        self.spoil()
        run = self.install(code=69)
        self.assertIn("exit code 78", run.stderr)
        self.assertIn("journalctl --user -u dormouse-agent", run.stderr)
        self.assertEqual(self.tree(), before)
        self.assertEqual((self.show("LoadState"), self.show("LoadState", WAKE)), ("not-found", "not-found"))

    def test_a_failed_update_is_undone(self):
        self.configure()
        self.install()
        self.wait_answer()
        before = self.tree()
        self.spoil()
        self.environment["PATH"] = "/opt/newer:" + self.environment["PATH"]
        self.install("--socket-activation", code=69)
        self.assertEqual(self.tree(), before)
        self.assertEqual((self.systemctl("is-enabled", UNIT).stdout.strip(), self.state(WAKE), self.show("LoadState", SOCKET)),
                         ("enabled", "active", "not-found"))
        self.mend()
        self.wait_answer()  # restarted by systemd, as before

    def test_an_edited_unit_is_not_overwritten(self):
        self.configure()
        self.install()
        path = os.path.join(self.units, UNIT)
        with open(path, "a", encoding="utf-8") as file:
            file.write("Nice=5\n")
        self.environment["PATH"] = "/opt/newer:" + self.environment["PATH"]
        run = self.install(code=78)
        self.assertIn("was edited", run.stderr)
        self.assertIn("--force", run.stderr)
        with open(path, encoding="utf-8") as file:
            self.assertIn("Nice=5", file.read())
        self.assertEqual(self.dormouse("uninstall").returncode, 78)
        run = self.install("--force")
        kept = re.search(r"kept the old one as (\S+)", run.stdout).group(1)
        with open(kept, encoding="utf-8") as file:
            self.assertIn("Nice=5", file.read())
        self.assertEqual(self.dormouse("uninstall").returncode, 0)

    def test_another_users_file_or_root_is_left_alone(self):
        os.makedirs(self.units)
        path = os.path.join(self.units, WAKE)
        with open(path, "w", encoding="utf-8") as file:
            file.write("[Path]\nPathExists=/nowhere\n")
        self.configure()
        self.assertIn("not one of", self.install(code=78).stderr)
        os.unlink(path)
        self.install()
        first = self.wait_answer()["pid"]
        self.environment["DORMOUSE_ROOT"] = os.path.join(self.folder, "other")
        for command in ("install", "uninstall"):
            run = self.dormouse(command)
            self.assertEqual(run.returncode, 78)
            self.assertIn("serves another root", run.stderr)
            self.assertIn(self.root, run.stderr)
        self.assertEqual(self.pid(), first)

    def test_sudo_is_refused(self):
        os.chown(self.home, lab.NOBODY, lab.NOBODY)
        before = self.tree()
        for command in ("install", "uninstall"):
            run = self.dormouse(command)
            self.assertEqual(run.returncode, 78)
            self.assertIn("without sudo", run.stderr)
        self.assertEqual(self.tree(), before)

    def test_a_masked_unit_is_told(self):
        os.makedirs(self.units)
        os.symlink("/dev/null", os.path.join(self.units, UNIT))
        self.configure()
        self.assertIn("symbolic link", self.install(code=78).stderr)

    def test_an_agent_started_by_hand_makes_room(self):
        byHand = self.start()
        run = self.install("--socket-activation")
        self.assertIn(f"started by hand (pid {byHand.pid})", run.stdout)
        self.assertEqual(byHand.wait(), 0)
        self.wait_answer()

    def test_no_user_manager(self):
        self.configure()
        self.log_out()
        before = self.tree()
        run = self.install(code=1)
        self.assertIn("no systemd user manager answers", run.stderr)
        self.assertIn(f"{os.path.realpath(program('dormouse-agent'))} --root {self.root}", run.stderr)
        self.assertIn("autostart", run.stderr)
        self.assertEqual(self.tree(), before)

    def test_uninstall_without_a_user_manager(self):
        before = self.tree()
        self.configure()
        self.install()
        self.log_out()
        run = self.dormouse("uninstall")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(self.tree(), before)

    def test_a_lock_that_somebody_holds_is_waited_for(self):
        self.configure()
        self.install()
        self.systemctl("stop", WAKE, UNIT)
        self.drop_in("[Service]\nWatchdogSec=6\n")
        with open(self.at(".lifecycle.lock"), "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.systemctl("start", UNIT)
            pid = self.pid()
            until("it says what it waits for", lambda: "lock" in self.show("StatusText"))
            fed = self.show("WatchdogTimestampMonotonic")
            until("the watchdog is fed all the while", lambda: int(self.show("WatchdogTimestampMonotonic")) > int(fed) + 7_000_000)
            self.assertEqual((self.pid(), self.show("NRestarts"), self.state()), (pid, "0", "active"))
        self.assertEqual(self.wait_answer()["pid"], pid)


if __name__ == "__main__":
    lab.main()
