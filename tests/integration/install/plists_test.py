# SPDX-License-Identifier: MIT
"""The property lists: launchd refuses one that is not well formed without a word, and forgets a key of a wrong type. Strictly parsed, checked against a document type, each key's
value and type, for usual and for nasty paths."""
import os
import plistlib
import shutil
import subprocess
import tempfile
import unittest

import texts

HERE = os.path.dirname(os.path.abspath(__file__))
MACOS = os.path.join(HERE, "..", "..", "..", "macos")


def typed(value):
    """A value with its type, all the way down: True is not 1."""
    if isinstance(value, dict):
        return {key: typed(member) for key, member in value.items()}
    if isinstance(value, list):
        return [typed(member) for member in value]
    return type(value).__name__, value


def agent(facts, sockets):
    extra = ["--socket", facts["socket"]] if facts["socket"] != facts["root"] + "/agent.sock" else []
    expected = {
        "Label": "io.dormouse.agent",
        "ProgramArguments": [facts["agent"], "--supervised", "--root", facts["root"], *extra],
        "EnvironmentVariables": {"PATH": facts["path"]},
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False, "PathState": {facts["root"] + "/wake.signal": True}},
        "ThrottleInterval": 5,
        "ExitTimeOut": 660,
        "AbandonProcessGroup": True,
        "ProcessType": "Background",
        "StandardOutPath": facts["logs"] + "/dormouse-agent.log",
        "StandardErrorPath": facts["logs"] + "/dormouse-agent.log",
    }
    if sockets:
        expected["Sockets"] = {"Listeners": {"SockPathName": facts["socket"], "SockPathMode": 0o600}}
    return expected


def tray(facts):
    extra = ["--socket", facts["socket"]] if facts["socket"] != facts["root"] + "/agent.sock" else []
    return {"Label": "io.dormouse.tray", "ProgramArguments": [facts["tray"], "--root", facts["root"], *extra], "RunAtLoad": True,
            "LimitLoadToSessionType": "Aqua", "ProcessType": "Interactive"}


class PropertyLists(unittest.TestCase):
    maxDiff = None

    def test_every_key_has_its_value_and_type(self):
        for name, facts in (("usual", texts.FACTS), ("nasty", texts.NASTY)):
            for file, expected in (("agent.plist", agent(facts, False)), ("agent-sockets.plist", agent(facts, True)), ("tray.plist", tray(facts))):
                with self.subTest(name, file=file):
                    self.assertEqual(typed(plistlib.loads(texts.text(file, **facts), fmt=plistlib.FMT_XML)), typed(expected))

    def test_the_agent_is_killed_only_after_its_services_had_their_time(self):
        with open(os.path.join(HERE, "..", "..", "..", "shared", "config", "servicesreader.cpp"), encoding="utf-8") as file:
            self.assertIn("kStopTimeoutMax = 10min", file.read(), "the longest stop_timeout has changed: ExitTimeOut and TimeoutStopSec must be above it")
        self.assertGreater(plistlib.loads(texts.text("agent.plist"))["ExitTimeOut"], 600)

    def test_the_bundle_has_no_icon_in_the_dock(self):
        with open(os.path.join(MACOS, "Info.plist.in"), "rb") as file:
            info = plistlib.loads(file.read().replace(b"@VERSION@", b"1.2.3"))
        self.assertIs(info["LSUIElement"], True)
        self.assertEqual((info["CFBundleIdentifier"], info["CFBundleExecutable"], info["CFBundlePackageType"], info["CFBundleVersion"]),
                         ("io.dormouse.tray", "dormouse-tray", "APPL", "1.2.3"))

    def valid(self, content):
        with tempfile.NamedTemporaryFile(suffix=".plist") as file:
            file.write(content)
            file.flush()
            run = subprocess.run(["xmllint", "--nonet", "--noout", "--dtdvalid", os.path.join(HERE, "plist.dtd"), file.name], capture_output=True,
                                 timeout=60, check=False)
            return run.returncode == 0

    @unittest.skipUnless(shutil.which("xmllint"), "SKIPPED: there is no xmllint, so no document type was checked")
    def test_document_type(self):
        for facts in (texts.FACTS, texts.NASTY):
            for name in ("agent.plist", "agent-sockets.plist", "tray.plist"):
                content = texts.text(name, **facts)
                self.assertTrue(self.valid(content), name)
                # The check bites.
                self.assertFalse(self.valid(content.replace(b"<key>Label</key>", b"", 1)), name)
                self.assertFalse(self.valid(content.replace(b"<true/>", b"<yes/>", 1)), name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
