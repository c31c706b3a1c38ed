# SPDX-License-Identifier: MIT
"""What a package would hold, installed into a folder of its own: everything that a user expects is there, and works from there alone.
DORMOUSE_PACKAGE names a package (.deb or .tar.gz) to look at instead of the build tree. By hand:
  DORMOUSE_BUILD=build/release PYTHONPATH=tests/support python3 tests/integration/install/package_test.py"""
import glob
import gzip
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, "..", "..", "..")
FOLDER = tempfile.mkdtemp(prefix="dmp-")
PREFIX = os.path.join(FOLDER, "usr")
os.environ["DORMOUSE_BIN"] = os.path.join(PREFIX, "bin")  # before the laboratory reads it

import lab  # noqa: E402
from lab import HANG, program, until  # noqa: E402

PROGRAMS = {"bin/dormouse", "bin/dormouse-agent", "bin/dormouse-tray", "libexec/dormouse/dormouse-guard"}
COMPLETIONS = {"bash": "share/bash-completion/completions/dormouse", "zsh": "share/zsh/vendor-completions/_dormouse",
               "fish": "share/fish/vendor_completions.d/dormouse.fish"}
FILES = {"share/applications/dormouse-tray.desktop", "share/icons/hicolor/scalable/apps/dormouse.svg", "share/metainfo/io.dormouse.tray.metainfo.xml",
         "share/man/man1/dormouse.1", "share/man/man1/dormouse-agent.1", "share/man/man1/dormouse-tray.1",
         "share/doc/dormouse/README.md", "share/doc/dormouse/CHANGELOG.md", "share/doc/dormouse/copyright"}
SANITIZED = os.environ.get("DORMOUSE_SANITIZE")


def setUpModule():
    unittest.addModuleCleanup(shutil.rmtree, FOLDER, ignore_errors=True)
    package = os.environ.get("DORMOUSE_PACKAGE")
    if package and package.endswith(".deb"):
        subprocess.run(["dpkg-deb", "-x", package, FOLDER], check=True, timeout=HANG)
    elif package:
        os.mkdir(PREFIX)
        subprocess.run(["tar", "-xf", package, "-C", PREFIX, "--strip-components=1"], check=True, timeout=HANG)
    else:
        run = subprocess.run([os.environ.get("DORMOUSE_CMAKE", "cmake"), "--install", os.environ["DORMOUSE_BUILD"], "--prefix", "/usr"],
                             env={**os.environ, "DESTDIR": FOLDER}, capture_output=True, text=True, timeout=HANG, check=False)
        if run.returncode != 0:
            raise AssertionError("cmake --install: " + run.stderr)


def installed(name):
    return os.path.join(PREFIX, name)


def text(name):
    """A file's content; a package of Debian's holds manual pages compressed."""
    if os.path.exists(installed(name)):
        with open(installed(name), encoding="utf-8") as file:
            return file.read()
    with gzip.open(installed(name) + ".gz", "rt", encoding="utf-8") as file:
        return file.read()


class Layout(unittest.TestCase):
    maxDiff = None

    def test_every_file_is_there_and_none_besides(self):
        docs = {"share/doc/dormouse/docs/" + os.path.basename(path) for path in glob.glob(os.path.join(SOURCE, "docs", "*.md"))}
        self.assertGreater(len(docs), 5)
        found = {os.path.relpath(os.path.join(folder, name), PREFIX) for folder, _, names in os.walk(PREFIX) for name in names}
        plain = {name[:-3] if name.startswith("share/man/") and name.endswith(".gz") else name for name in found}
        plain.discard("share/doc/dormouse/changelog.gz")  # of a .deb
        self.assertEqual(sorted(plain), sorted(PROGRAMS | FILES | docs | (set() if SANITIZED else set(COMPLETIONS.values()))))
        self.assertEqual(os.listdir(FOLDER), ["usr"], "something outside of /usr")

    def test_rights(self):
        for folder, folders, names in os.walk(PREFIX):
            for name in folders + names:
                path = os.path.join(folder, name)
                status = os.lstat(path)
                if stat.S_ISLNK(status.st_mode):
                    self.fail(f"{path} is a link")
                is_run = stat.S_ISDIR(status.st_mode) or os.path.relpath(path, PREFIX) in PROGRAMS
                # A folder made by somebody with umask 002 is his group's, too; what runs as everybody is nobody's to change.
                self.assertEqual(stat.S_IMODE(status.st_mode) & 0o7757, 0o755 if is_run else 0o644, path)

    @unittest.skipUnless(shutil.which("readelf"), "SKIPPED: there is no readelf, so nobody looked where the programs search their libraries")
    def test_no_library_is_searched_where_it_was_built(self):
        for name in PROGRAMS:
            run = subprocess.run(["readelf", "-d", installed(name)], capture_output=True, text=True, timeout=HANG, check=True)
            self.assertNotRegex(run.stdout, "RPATH|RUNPATH", name)

    def test_manual_pages_are_of_these_programs(self):
        for name in ("dormouse", "dormouse-agent", "dormouse-tray"):
            self.assertIn(f".TH {name.upper()} 1", text(f"share/man/man1/{name}.1").replace("\\-", "-"))

    @unittest.skipIf(SANITIZED, "a sanitized build installs none")
    def test_completions_are_those_of_the_program(self):
        for shell, path in COMPLETIONS.items():
            run = subprocess.run([program("dormouse"), "completions", shell], capture_output=True, text=True, timeout=HANG, check=True)
            self.assertGreater(len(run.stdout), 1000)
            self.assertEqual(text(path), run.stdout, shell)

    def test_licences(self):
        licences = text("share/doc/dormouse/copyright")
        with open(os.path.join(SOURCE, "LICENSE"), encoding="utf-8") as file:
            words = file.read().split("\n\n", 2)[2].split()
        self.assertIn(" ".join(words), " ".join(word for word in licences.split() if word != "."), "the licence is not whole")
        for holder in ("The Dormouse authors", "Mark Gillard", "Simon Ser"):
            self.assertIn("Copyright: ", licences)
            self.assertIn(holder, licences)

    def test_desktop_entry_leads_to_program_and_icon(self):
        entry = dict(line.split("=", 1) for line in text("share/applications/dormouse-tray.desktop").splitlines() if "=" in line)
        self.assertTrue(os.access(program(entry["Exec"]), os.X_OK), entry["Exec"])
        icon = xml.etree.ElementTree.parse(installed(f"share/icons/hicolor/scalable/apps/{entry['Icon']}.svg")).getroot()
        self.assertTrue(icon.tag.endswith("svg"))
        launchable = xml.etree.ElementTree.parse(installed("share/metainfo/io.dormouse.tray.metainfo.xml")).find("launchable").text
        self.assertTrue(os.path.exists(installed("share/applications/" + launchable)), launchable)
        if shutil.which("desktop-file-validate"):
            run = subprocess.run(["desktop-file-validate", installed("share/applications/dormouse-tray.desktop")], capture_output=True, text=True,
                                 timeout=HANG, check=False)
            self.assertEqual((run.returncode, run.stdout + run.stderr), (0, ""))


class Programs(lab.Case):
    """The programs as a user starts them after the installation, with nothing of the build beside them."""

    def test_they_say_one_version(self):
        said = {subprocess.run([program(name), "--version"], env=self.environment, capture_output=True, text=True, timeout=HANG, check=True).stdout.split()[-1]
                for name in ("dormouse", "dormouse-agent", "dormouse-tray")}
        self.assertEqual(len(said), 1, said)

    def test_a_step_runs_through_the_installed_guard(self):
        os.makedirs(self.root, 0o700)
        with open(self.at("dormouse.toml"), "w", encoding="utf-8") as file:
            file.write('[[sleep.step]]\nname = "look"\ncommand = ["/bin/sh", "-c", "readlink /proc/$PPID/exe > \\"$DORMOUSE_ROOT/guard\\""]\n')
        os.chmod(self.at("dormouse.toml"), 0o600)
        agent = self.start(sets={"lifecycle.hibernation": "linger"})
        run = self.dormouse("sleep")
        self.assertEqual(run.returncode, 0, run.stderr)
        until(lambda: "the step has run\n" + agent.log(), lambda: os.path.exists(self.at("guard")) and self.read("guard"))
        self.assertEqual(self.read("guard").decode().strip(), os.path.realpath(installed("libexec/dormouse/dormouse-guard")))
        agent.wait_state("HIBERNATION")

    def test_wake_finds_the_installed_agent(self):
        self.put_record("HIBERNATION")
        run = self.dormouse("wake", "--wait")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        with lab.Client(self.at("agent.sock")) as client:
            pid = client.ask("status")["pid"]
        self.assertEqual(os.readlink(f"/proc/{pid}/exe"), os.path.realpath(program("dormouse-agent")))
        self.adopt_woken()

    def test_doctor_finds_nothing_wrong(self):
        self.start()
        run = self.dormouse("doctor")
        self.assertIn(" 0 FAIL", run.stdout)
        self.assertIn("PASS  agent ", run.stdout)

    def test_the_tray_starts(self):
        run = subprocess.run([program("dormouse-tray"), "--help"], env=self.environment, capture_output=True, text=True, timeout=HANG, check=False)
        self.assertEqual((run.returncode, run.stderr), (0, ""))

    def test_a_real_systemd_starts_the_installed_agent(self):
        """The units name the programs where they were installed, and systemd has nothing against them."""
        run = subprocess.run([sys.executable, os.path.join(HERE, "..", "systemd", "install_test.py"), "Install.test_everything_is_there_and_answers",
                              "Install.test_tray"], capture_output=True, text=True, timeout=HANG * 3, check=False)
        if "skipped" in run.stderr:
            self.skipTest("SKIPPED: no user manager of the test's own here; see systemd_install")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)


if __name__ == "__main__":
    lab.main()
