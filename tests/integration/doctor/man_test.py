# SPDX-License-Identifier: MIT
"""The man pages: clean for groff and mandoc, and complete: whatever --help knows stands there, too."""
import os
import re
import shutil
import subprocess

from lab import HANG, Case, main, program
from packages import unpacked

FOLDER = os.path.join(os.environ["DORMOUSE_SOURCE"], "resources", "man")
PROGRAMS = ["dormouse", "dormouse-agent", "dormouse-tray"]


def source(name):
    with open(os.path.join(FOLDER, name + ".1"), encoding="utf-8") as file:
        return file.read()


def plain(text):
    """A page's source without fonts and escapes."""
    return re.sub(r"\\f[BIR]", "", text).replace("\\-", "-").replace("\\e", "\\").replace("\\&", "")


class Pages(Case):
    def help(self, name, *words):
        path = program(name)
        if not os.path.exists(path):
            self.skipTest(f"{name} is not built")
        ran = subprocess.run([path, *words, "--help"], env={**self.environment, "QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True, timeout=HANG,
                             check=False)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return ran.stdout

    def flags(self, text):
        return set(re.findall(r"(?m)^ +(?:-\w, )?(--[a-z][a-z-]*)", text))

    def assertHasFlags(self, page, flags, where):
        for flag in flags:
            self.assertRegex(page, rf"(?m)(^|[\s\[|]){flag}($|[\s\],|])", f"{flag} of {where}")

    def test_groff_is_content(self):
        if not shutil.which("groff"):
            self.skipTest("needs groff")
        for name in PROGRAMS:
            ran = subprocess.run(["groff", "-ww", "-man", "-Tutf8", "-z", os.path.join(FOLDER, name + ".1")], capture_output=True, text=True, timeout=HANG,
                                 check=False)
            self.assertEqual((ran.returncode, ran.stdout, ran.stderr), (0, "", ""), name)

    def test_mandoc_is_content(self):
        folder = None if shutil.which("mandoc") else unpacked("mandoc")
        checker = os.path.join(folder, "usr", "bin", "mandoc") if folder else shutil.which("mandoc")
        if not checker:
            self.skipTest("mandoc is not here, and apt-get cannot download it")
        for name in PROGRAMS:
            ran = subprocess.run([checker, "-T", "lint", "-W", "warning", os.path.join(FOLDER, name + ".1")], capture_output=True, text=True, timeout=HANG,
                                 check=False)
            self.assertEqual((ran.returncode, ran.stdout), (0, ""), name)

    def test_every_flag_of_agent_and_tray(self):
        for name in PROGRAMS[1:]:
            text = self.help(name)
            flags = self.flags(text)
            self.assertGreater(len(flags), 5)
            self.assertHasFlags(plain(source(name)), flags, name)

    def test_every_key_of_set(self):
        keys = re.findall(r"(?m)^  ([a-z]+\.\w+)$", self.help("dormouse-agent"))
        self.assertGreater(len(keys), 10)
        for key in keys:
            self.assertIn(f"\n.B {key}\n", source("dormouse-agent"))

    def test_every_window_of_show(self):
        windows = re.search(r"Open a window at once: ([^.]*)\.", " ".join(self.help("dormouse-tray").split())).group(1).split(", ")
        for window in windows:
            self.assertRegex(source("dormouse-tray"), rf"(?m)^\.BR? {window}( |$)")

    def test_every_command_with_its_flags(self):
        page = plain(source("dormouse"))
        entries = {re.match(r"[a-z]+", entry).group(): entry for entry in re.split(r"\n\.TP\n(?=[a-z]+(?: |\n))", page)[1:]}
        overview = self.dormouse("help").stdout
        commands = re.findall(r"(?m)^  ([a-z]+)  +\S", overview.split("Examples")[0])
        self.assertGreater(len(commands), 20)
        for command in commands:
            self.assertIn(command, entries)
            text = self.help("dormouse", command)
            own = text.split("With every command")[0]
            self.assertHasFlags(entries[command], self.flags(own), f"dormouse {command}")
            usage = " ".join(re.search(r"\nUsage\n  dormouse (.*)\n", own).group(1).split())
            self.assertEqual(entries[command].split("\n")[0], usage)
            self.assertHasFlags(page, self.flags(text), f"dormouse {command}")


if __name__ == "__main__":
    main()
