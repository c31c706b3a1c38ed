# SPDX-License-Identifier: MIT
"""A real systemd user manager for tests, in a mount namespace of this process alone: the machine's own is never touched."""
import ctypes
import os
import shutil
import subprocess
import unittest

import lab
from lab import HANG, until

CLONE_NEWNS = 0x00020000
SYSTEMD = "/lib/systemd/systemd"
RUNTIME = "/run/user/0"
UNIT = "dormouse-agent.service"
WAKE = "dormouse-agent-wake.path"
SOCKET = "dormouse-agent.socket"
# As in linux/, but in the folders of a test: what the machine has enabled for everybody is not started.
UNIT_PATH = "/usr/lib/systemd/user"


def isolate():
    """Gives this process a /run of its own, as if systemd had booted the machine. Skips the module where that cannot be."""
    if os.geteuid() != 0 or not os.path.exists(SYSTEMD) or not shutil.which("systemctl"):
        raise unittest.SkipTest("SKIPPED: a user manager of the test's own needs root and systemd; nothing was tried against a real systemd")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:
        raise unittest.SkipTest(f"SKIPPED: no mount namespace ({os.strerror(ctypes.get_errno())}); nothing was tried against a real systemd")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
    os.makedirs("/run/systemd/system")
    os.makedirs(RUNTIME, 0o700)


class Case(lab.Case):
    """A user with a session: HOME, a root in it, and a user manager."""

    def setUp(self):
        super().setUp()
        self.home = self.environment["HOME"]
        self.units = os.path.join(self.home, ".config/systemd/user")
        self.environment.update(XDG_RUNTIME_DIR=RUNTIME, SYSTEMD_UNIT_PATH=self.units + ":" + UNIT_PATH, PATH="/opt/users/own:" + self.environment["PATH"])
        self.manager = None
        self.addCleanup(self.log_out)
        self.log_in()

    def log_in(self):
        self.log = os.path.join(self.folder, "manager.log")
        with open(self.log, "ab") as log:
            self.manager = subprocess.Popen([SYSTEMD, "--user"], env=self.environment, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until("the user manager runs", lambda: self.systemctl("is-system-running").stdout.strip() in ("running", "degraded"))

    def log_out(self):
        if not self.manager:
            return
        self.systemctl("exit")
        try:
            self.manager.wait(HANG)
        except subprocess.TimeoutExpired:
            self.manager.kill()
            self.manager.wait(HANG)
        self.manager = None
        # The tests' agents are killed with the manager's cgroup only where there is one.
        for pid in lab.marked("HOME=" + self.home):
            lab.kill(pid)
        until("everything has ended", lambda: not lab.marked("HOME=" + self.home))

    def systemctl(self, *words):
        return subprocess.run(["systemctl", "--user", *words], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=HANG,
                              check=False)

    def show(self, name, unit=UNIT):
        return self.systemctl("show", "--property=" + name, "--value", unit).stdout.strip()

    def state(self, unit=UNIT):
        return self.show("ActiveState", unit)

    def pid(self):
        return int(self.show("MainPID"))

    def configure(self, text="", **timers):
        """Everything quick, and nothing by itself."""
        os.makedirs(self.root, 0o700, exist_ok=True)
        timers = {**lab.TIMERS, **timers}
        with open(self.at("dormouse.toml"), "w", encoding="utf-8") as file:
            file.write("[timers]\n" + "".join(f"{key} = {value}\n" for key, value in timers.items()) + text)

    def spoil(self):
        """No agent can start any more: a link stands where the lock should be (exit 78)."""
        os.makedirs(self.root, 0o700, exist_ok=True)
        os.symlink("/nowhere", self.at("spoiled"))
        os.replace(self.at("spoiled"), self.at(".lifecycle.lock"))  # at once: an agent that runs takes a lock that is missing again

    def mend(self):
        if os.path.lexists(self.at(".lifecycle.lock")):
            os.unlink(self.at(".lifecycle.lock"))

    def drop_in(self, text, unit=UNIT):
        folder = os.path.join(self.units, unit + ".d")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "test.conf"), "w", encoding="utf-8") as file:
            file.write(text)
        self.systemctl("daemon-reload")

    def install(self, *flags, code=0):
        run = self.dormouse("install", *flags)
        self.assertEqual(run.returncode, code, f"{run.stdout}{run.stderr}{self.journal()}")
        return run

    def journal(self):
        """What the manager and the agent have said: there is no journal, so it went where the manager's output goes."""
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()[-6000:]

    def ask(self, type_, **fields):
        with lab.Client(self.at("agent.sock")) as client:
            return client.ask(type_, **fields)

    def answers(self):
        """The status that the unit's own agent gives; nothing while there is none."""
        try:
            status = self.ask("status")
        except (OSError, ConnectionError):
            return None
        return status if status["pid"] == self.pid() else None

    def wait_answer(self, state=None):
        return until(lambda: f"the agent answers in {state}\n{self.journal()}",
                     lambda: (lambda status: status if status and state in (None, status["state"]) else None)(self.answers()))

    def hibernate(self):
        """The agent goes down of its own accord."""
        self.assertTrue(self.ask("hibernate", force=True)["ok"])
        until(lambda: "the unit is down\n" + self.journal(), lambda: self.state() == "inactive")

    def tree(self):
        """Everything under HOME, with its content."""
        found = {}
        for folder, folders, names in os.walk(self.home):
            for name in folders + names:
                path = os.path.join(folder, name)
                if os.path.islink(path):
                    found[path] = os.readlink(path)
                elif os.path.isfile(path):
                    with open(path, "rb") as file:
                        found[path] = file.read()
                else:
                    found[path] = None
        return found
