# SPDX-License-Identifier: MIT
"""`dormouse metrics` as Prometheus' own checker reads it, and as the textfile collector gets it."""
import os
import shutil
import subprocess

from lab import HANG, Case, main, now, until, works
from packages import unpacked


def promtool():
    """From PATH, else out of the distribution's package; None when there is neither."""
    folder = None if shutil.which("promtool") else unpacked("prometheus")
    return os.path.join(folder, "usr", "bin", "promtool") if folder else shutil.which("promtool")


PROMTOOL = promtool()


class Metrics(Case):
    def check(self, text):
        """promtool's verdict: nothing wrong with format, names and help."""
        if not PROMTOOL:
            self.skipTest("promtool is not here, and apt-get cannot download prometheus")
        ran = subprocess.run([PROMTOOL, "check", "metrics"], input=text, capture_output=True, text=True, timeout=HANG, check=False)
        self.assertEqual((ran.returncode, ran.stdout, ran.stderr), (0, "", ""))

    def metrics(self, *words):
        ran = self.dormouse("metrics", *words)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        return ran.stdout

    def start_busy(self):
        os.makedirs(self.root, 0o700)
        with open(self.at("dormouse.toml"), "w", encoding="utf-8") as file:
            os.chmod(file.name, 0o600)
            file.write('[[service]]\nname = "web"\ncommand = ["sleep", "3600"]\n')
        agent = self.start()
        agent.ask("force_wake")
        self.wrapper().beat()
        until("all is up", lambda: agent.status()["wrappers"]["fresh"] == 1 and agent.status()["services"][0]["state"] == "ready")
        return agent

    def test_of_an_agent(self):
        agent = self.start_busy()
        text = self.metrics()
        for line in ("dormouse_agent_up 1", 'dormouse_state{state="WAKE"} 1', 'dormouse_wrappers{kind="fresh"} 1', 'dormouse_service_ready{service="web"} 1'):
            self.assertIn(line, text.splitlines())
        memory = next(line for line in text.splitlines() if line.startswith("dormouse_service_resident_memory_bytes{"))
        self.assertGreater(float(memory.split()[-1]), 0)  # as of the moment it was ready, which may be right behind its exec
        self.check(text)
        agent.stop()

    def test_without_an_agent(self):
        self.put_record("HIBERNATION", quarantine={"until_ts": now(60), "reason": "x", "since_ts": now()})
        text = self.metrics()
        for line in ("dormouse_agent_up 0", "dormouse_agent_alive 0", 'dormouse_state{state="HIBERNATION"} 1', "dormouse_quarantined 1"):
            self.assertIn(line, text.splitlines())
        self.check(text)
        self.assertFalse(os.path.exists(self.at("agent.sock")), "metrics woke somebody")

    def test_without_anything(self):
        text = self.metrics()
        self.assertIn("dormouse_record_valid 0", text.splitlines())
        self.check(text)
        self.assertFalse(os.path.exists(self.root))

    def test_written_for_the_collector(self):
        """The collector runs as another user, and at any moment."""
        self.put_record("HIBERNATION")
        path = os.path.join(self.folder, "dormouse.prom")
        os.umask(0o077)
        self.assertEqual(self.metrics("--output", path), "")
        with open(path, encoding="utf-8") as file:
            self.check(file.read())
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o644)
        self.metrics("--output", path)
        self.assertEqual([name for name in os.listdir(self.folder) if "prom" in name], ["dormouse.prom"])

    def test_a_failed_write_keeps_the_old_file(self):
        self.put_record("HIBERNATION")
        folder = os.path.join(self.folder, "full")
        os.mkdir(folder)
        script = (f"mount -t tmpfs -o size=16k tmpfs {folder} && cd {folder} && echo old > dormouse.prom && (cat /dev/zero > filler 2>/dev/null; "
                  "\"$@\" --output dormouse.prom; echo code $?; cat dormouse.prom; ls -A)")
        if not works("unshare", "-Urm", "true"):
            self.skipTest("needs user and mount namespaces")
        ran = subprocess.run(["unshare", "-Urm", "sh", "-c", script, "sh", os.path.join(os.environ["DORMOUSE_BIN"], "dormouse"), "metrics"], env=self.environment,
                             capture_output=True, text=True, timeout=HANG, check=False)
        self.assertEqual(ran.stdout, "code 1\nold\ndormouse.prom\nfiller\n")
        self.assertIn("the metrics cannot be written", ran.stderr)

    def test_wrong_use(self):
        self.assertEqual(self.dormouse("metrics", "--output", "x.txt").returncode, 2)  # node_exporter would never read it
        ran = self.dormouse("metrics", "--output", "/nonexistent/x.prom")
        self.assertEqual(ran.returncode, 1)
        self.assertIn("/nonexistent/x.prom", ran.stderr)


if __name__ == "__main__":
    main()
