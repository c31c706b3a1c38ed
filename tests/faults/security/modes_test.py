# SPDX-License-Identifier: MIT
"""Whatever the umask: nothing that the programs make is wider than 0600, folders 0700, not for an instant; but for what `metrics --output` writes."""
import os
import re
import shutil
import stat
import subprocess
import unittest

import lab
from lab import HANG, Case, main, until, works

CONFIGURATION = """
[[service]]
name = "web"
command = ["/bin/sh", "-c", "head -c 11000000 /dev/zero; exec sleep 3600"]
stop_timeout = "1s"
[[sleep.step]]
name = "count"
command = ["/bin/sh", "-c", "echo '{\\"episodes_processed\\": 2}'"]
[[sleep.step]]
name = "fails"
command = ["/bin/false"]
[hooks]
on_wake = [["/bin/false"]]
"""
CREATING = re.compile(r"^(\d+) +(?:<\.\.\. )?(umask|open|openat|creat|mkdir|mkdirat|mknod|mknodat|chmod|fchmod|fchmodat)\(?(.*)")
need_strace = unittest.skipUnless(shutil.which("strace") and works("strace", "-f", "-o", os.devnull, "true"), "needs strace, allowed to trace")


class Modes(Case):
    def life(self, mask, prefix=()):
        """All that an agent and the commands write, with `mask` for the umask of everybody."""
        os.makedirs(self.root, 0o700)
        self.put("dormouse.toml", CONFIGURATION)
        os.makedirs(self.at("logs"), 0o700)
        self.put("logs/lifecycle-events-2026-01-02.jsonl", '{"ts":"2026-01-02T00:00:00+00:00","event":"x"}\n')
        self.put("services.json", "{broken")
        self.put(".daemon-state.json", "{broken")
        agent = self.start(prefix=prefix, umask=mask, timers={"tick": 0.2}, sets={"lifecycle.hibernation": "linger", "sleep.strikes": 1},
                           allow=[".*"])
        agent.ask("session_open", session_id="s")
        agent.ask("pause", seconds=3600)
        agent.ask("resume")
        agent.ask("force_rem")
        until("a quarantine", lambda: self.entries("quarantine_entered"))
        until("its log is rotated", lambda: os.path.exists(self.at("logs", "service-web.log.1")))
        until("the old log is an archive", lambda: os.path.exists(self.at("logs", "lifecycle-events-2026-01-02.jsonl.gz")))
        agent.ask("hibernate", force=True)
        agent.wait_state("HIBERNATION")
        self.dormouse("run", "--", "/bin/sh", "-c", f"ls -l {self.at('wrappers')} > {self.folder}/seen", umask=mask)
        self.assertEqual(agent.stop(), 0)
        return agent

    def put(self, name, content):
        with open(self.at(name), "w", encoding="utf-8") as file:
            file.write(content)
        os.chmod(self.at(name), 0o600)

    def assertNarrow(self, folder, but=()):
        wide = {}
        for at, folders, files in os.walk(folder):
            for name in folders + files:
                mode = stat.S_IMODE(os.lstat(os.path.join(at, name)).st_mode)
                if mode & (0o077 if name in folders else 0o177) and os.path.join(at, name) not in but:
                    wide[os.path.join(at, name)] = oct(mode)
        self.assertEqual(wide, {})

    def test_everything_under_the_root(self):
        for mask in (0, 0o077):
            with self.subTest(umask=oct(mask)):
                self.life(mask)
                self.assertGreater(len(os.listdir(self.root)), 7)
                self.assertNarrow(self.root)
                with open(os.path.join(self.folder, "seen"), encoding="utf-8") as file:
                    self.assertIn("-rw------- ", file.read(), "the heartbeat of `dormouse run`")
                shutil.rmtree(self.root)

    def test_an_agent_that_is_woken(self):
        """By the command line, with folders above the root that are still to be made."""
        self.root = os.path.join(self.folder, "deep", "er", "root")
        self.environment["DORMOUSE_ROOT"] = self.root
        done = self.dormouse("wake", umask=0)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNarrow(os.path.join(self.folder, "deep"))
        self.adopt_woken()

    def test_metrics_are_for_everybody(self):
        for mask in (0, 0o077):
            path = os.path.join(self.folder, "x.prom")
            self.assertEqual(self.dormouse("metrics", "--output", path, umask=mask).returncode, 0)
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o644, "documented: the collector is another user")

    @unittest.skipUnless(os.path.exists(lab.program("dormouse-tray")), "no tray was built")
    def test_what_the_tray_keeps(self):
        """It remembers what it has told: a page opened, then asked to end."""
        home = self.environment["HOME"]
        environment = {**self.environment, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": os.path.join(self.folder, "run")}
        os.mkdir(environment["XDG_RUNTIME_DIR"], 0o700)
        with subprocess.Popen([lab.program("dormouse-tray"), "--root", self.root, "--show", "settings"], env=environment, umask=0, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True) as tray:
            until("it has its lock", lambda: os.listdir(environment["XDG_RUNTIME_DIR"]) or tray.poll() is not None)
            until("it listens", lambda: any(name.endswith(".sock") for name in os.listdir(environment["XDG_RUNTIME_DIR"])))
            tray.terminate()
            self.assertEqual(tray.wait(HANG), 0, tray.stderr.read())
        self.assertNarrow(environment["XDG_RUNTIME_DIR"])
        caches = [os.path.join(at, name) for at, folders, files in os.walk(home) for name in folders + files if "/.cache" in os.path.join(at, name)]
        self.assertNarrow(home, but=caches)  # those of fontconfig, which it makes for every program

    @need_strace
    def test_not_for_an_instant(self):
        """Each call that makes a file, with the umask as it was then."""
        trace = os.path.join(self.folder, "trace")
        calls = "trace=umask,open,openat,creat,mkdir,mkdirat,mknod,mknodat,chmod,fchmod,fchmodat"
        self.life(0, prefix=("strace", "-D", "-f", "-qq", "-o", trace, "-e", calls))
        mask, made, wide = 0, 0, []
        agent_pid = None
        with open(trace, encoding="utf-8", errors="replace") as file:
            for line in file:
                match = CREATING.match(line)
                if not match:
                    continue
                pid, call, rest = match.groups()
                agent_pid = agent_pid or pid
                if call == "umask":
                    mask = int(rest.split(")")[0], 8) if pid == agent_pid else mask
                    continue
                ours = self.root in rest or call == "fchmod"
                mode = re.search(r", (0\d*)\)", rest)
                if not ours or not mode or (call.startswith("open") and "O_CREAT" not in rest):  # O_TMPFILE has no name to open it by
                    continue
                made += 1
                effective = int(mode.group(1), 8) & (0o777 if "chmod" in call else ~mask)
                if effective & 0o077:
                    wide.append(line.strip())
        self.assertGreater(made, 20)
        self.assertEqual(wide, [])


if __name__ == "__main__":
    main()
