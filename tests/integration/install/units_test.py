# SPDX-License-Identifier: MIT
"""Units, desktop entries and metainfo as their own tools read them."""
import configparser
import os
import shutil
import subprocess
import tempfile
import unittest

import texts

LINUX = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "linux")


def unit(name, **facts):
    parser = configparser.RawConfigParser(strict=True, interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str
    parser.read_string(texts.text(name, **facts).decode())
    return {section: dict(parser[section]) for section in parser.sections()}


class Units(unittest.TestCase):
    maxDiff = None

    def test_service(self):
        service = unit("dormouse-agent.service")
        self.assertEqual(service["Unit"]["StartLimitIntervalSec"], "0")
        self.assertEqual(service["Install"], {"WantedBy": "default.target"})
        self.assertEqual(service["Service"], {
            "Type": "notify", "NotifyAccess": "main", "ExecStart": '"/opt/dormouse/bin/dormouse-agent" "--supervised" "--root" "/home/u/.iai-mcp"',
            "Environment": '"PATH=/home/u/bin:/usr/bin:/bin"', "Restart": "on-failure", "RestartSec": "5", "WatchdogSec": "180", "KillMode": "process",
            "TimeoutStopSec": "660", "OOMPolicy": "continue", "StandardInput": "null"})

    def test_triggers(self):
        path, listener = unit("dormouse-agent-wake.path"), unit("dormouse-agent.socket")
        self.assertEqual(path["Path"], {"PathExists": "/home/u/.iai-mcp/wake.signal", "Unit": "dormouse-agent.service", "TriggerLimitIntervalSec": "0"})
        self.assertEqual(listener["Socket"], {"ListenStream": "/home/u/.iai-mcp/agent.sock", "SocketMode": "0600", "DirectoryMode": "0700",
                                              "RemoveOnStop": "yes", "TriggerLimitIntervalSec": "0"})
        for one, target in ((path, "default.target"), (listener, "sockets.target")):
            self.assertEqual(one["Unit"]["StartLimitIntervalSec"], "0")
            self.assertEqual(one["Install"], {"WantedBy": target})

    def verify(self, folder):
        return subprocess.run(["systemd-analyze", "--user", "verify", *(os.path.join(folder, name) for name in sorted(os.listdir(folder)))],
                              env={**os.environ, "XDG_RUNTIME_DIR": folder, "SYSTEMD_UNIT_PATH": folder + ":"}, capture_output=True, text=True, timeout=60, check=False)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "SKIPPED: there is no systemd-analyze, so systemd has read no unit")
    def test_systemd_has_nothing_to_say(self):
        for facts in ({"agent": "/bin/true"}, {**texts.NASTY, "agent": "/bin/true"}):
            with tempfile.TemporaryDirectory() as folder:
                for name in ("dormouse-agent.service", "dormouse-agent-wake.path", "dormouse-agent.socket"):
                    with open(os.path.join(folder, name), "wb") as file:
                        file.write(texts.text(name, **facts))
                run = self.verify(folder)
                self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))
                with open(os.path.join(folder, "dormouse-agent.service"), "ab") as file:
                    file.write(b"[Service]\nRestrat=never\n")
                self.assertIn("Restrat", self.verify(folder).stderr, "systemd-analyze does not look")

    @unittest.skipUnless(shutil.which("desktop-file-validate"), "SKIPPED: there is no desktop-file-validate, so no desktop entry was read")
    def test_desktop_entries(self):
        for facts in (texts.FACTS, texts.NASTY):
            for name in ("dormouse-tray.desktop", "autostart.desktop", "agent-autostart.desktop"):
                with tempfile.TemporaryDirectory() as folder:
                    path = os.path.join(folder, name)
                    with open(path, "wb") as file:
                        file.write(texts.text(name, **facts))
                    run = subprocess.run(["desktop-file-validate", path], capture_output=True, text=True, timeout=60, check=False)
                    self.assertEqual((run.returncode, run.stdout + run.stderr), (0, ""), name)

    @unittest.skipUnless(shutil.which("appstreamcli"), "SKIPPED: there is no appstreamcli, so the metainfo was read by nobody")
    def test_metainfo(self):
        run = subprocess.run(["appstreamcli", "validate", "--no-net", "--no-color", os.path.join(LINUX, "io.dormouse.tray.metainfo.xml")], capture_output=True,
                             text=True, timeout=60, check=False)
        self.assertEqual(run.returncode, 0, run.stdout)

    def test_icon_is_whole(self):
        import xml.etree.ElementTree
        self.assertTrue(xml.etree.ElementTree.fromstring(texts.text("dormouse.svg")).tag.endswith("svg"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
