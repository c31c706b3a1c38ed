# SPDX-License-Identifier: MIT
"""Faults in system calls (by strace), and a disk that is really full (a small tmpfs in a private mount namespace)."""
import errno
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from probe import PROBE, Case, main, need_strace, probe, works

OLD = b"old content"
SIZES = (8, 4000, 16384, 20000, 600000)
DAY = "2026-05-02T10:00:00Z"
LOG = "lifecycle-events-2026-05-02.jsonl"


need_mount = unittest.skipUnless(os.geteuid() == 0 and works("unshare", "-m", "true"), "needs root and mount namespaces")


def injected(*faults):
    """A wrapper that makes system calls fail; a fault that was never reached shows in the trace."""
    return ["strace", "-f", "-qq", "-o", os.devnull, *(word for fault in faults for word in ("-e", f"inject={fault}"))]


@need_strace
class AtomicWrite(Case):
    def write(self, *faults, size=20000):
        self.put("state.json", OLD)
        return probe("write", self.at("state.json"), data=b"n" * size, wrapper=injected(*faults))

    def assertOld(self, answer, number, step):
        self.assertRefused(answer, "Io", number)
        self.assertIn(self.at("state.json"), answer["text"])
        self.assertIn(step, answer["text"])
        self.assertEqual(self.content("state.json"), OLD)
        self.assertEqual(os.listdir(self.root), ["state.json"])

    def test_fsync(self):
        for number in (errno.EIO, errno.ENOSPC):
            for size in SIZES:
                with self.subTest(number=number, size=size):
                    self.assertOld(self.write(f"fsync:error={errno.errorcode[number]}:when=1", size=size), number, "fsync")

    def test_rename(self):
        self.assertOld(self.write("rename,renameat,renameat2:error=EIO"), errno.EIO, "rename")

    def test_chmod(self):
        self.assertOld(self.write("fchmod:error=EPERM"), errno.EPERM, "chmod")

    def test_new_file_link(self):
        answer = probe("write", self.at("new.json"), data=b"n", wrapper=injected("linkat:error=EIO"))
        self.assertRefused(answer, "Io")
        self.assertEqual(os.listdir(self.root), [])

    def test_write(self):
        """Every write in turn fails: the old content or, where only the probe's own output was hit, the new one."""
        for number in range(1, 4):
            for size in SIZES:
                with self.subTest(number=number, size=size):
                    self.put("state.json", OLD)
                    subprocess.run([*injected(f"write:error=ENOSPC:when={number}"), PROBE, "write", self.at("state.json")], input=b"n" * size,
                                   capture_output=True, timeout=60)
                    self.assertIn(self.content("state.json"), (OLD,) if number == 1 else (OLD, b"n" * size))
                    self.assertEqual(os.listdir(self.root), ["state.json"])

    def test_folder_fsync(self):
        answer = self.write("fsync:error=EIO:when=2")
        self.assertRefused(answer, "NotDurable", errno.EIO)
        self.assertEqual(self.content("state.json"), b"n" * 20000)

    def test_interrupted(self):
        self.assertOk(self.write("fsync:error=EINTR:when=1"))
        self.assertEqual(self.content("state.json"), b"n" * 20000)

    def traced(self, *faults):
        self.put("state.json", OLD, 0o644)
        trace = self.at("trace")
        wrapper = ["strace", "-f", "-qq", "-o", trace, "-e", "trace=openat,chmod,fchmod,fchmodat", *faults]
        self.assertOk(probe("write", self.at("state.json"), data=b"new", wrapper=wrapper, umask=0))
        with open(trace) as file:
            lines = file.read().splitlines()
        os.unlink(trace)
        return lines

    def test_without_unnamed_temporaries(self):
        """File systems without O_TMPFILE, and macOS: the temporary has a name, and is private from its creation."""
        opens = [line for line in self.traced() if "openat(" in line]
        unnamed = [number for number, line in enumerate(opens, 1) if "O_TMPFILE" in line]
        self.assertEqual(len(unnamed), 1, "the call that is to fail")
        text = "\n".join(self.traced("-e", f"inject=openat:error=EOPNOTSUPP:when={unnamed[0]}"))
        self.assertRegex(text, r'state\.json\.[A-Za-z]{6}", O_RDWR\|O_CREAT\|O_EXCL\|O_CLOEXEC, 0600')
        modes = re.findall(r"chmod\w*\(.*, (0\d+)\)", text)
        self.assertTrue(modes)
        self.assertEqual([mode for mode in modes if int(mode, 8) & 0o077], [], "never wider than 0600, not even for an instant")
        self.assertEqual((self.content("state.json"), self.mode("state.json")), (b"new", 0o600))
        self.assertEqual(os.listdir(self.root), ["state.json"])

    def test_a_new_file_where_others_may_look(self):
        """The same where there is no old file and the folder is open to others: QSaveFile would make its temporary as wide as the umask lets it be."""
        os.chmod(self.root, 0o755)
        trace = os.path.join(tempfile.mkdtemp(), "trace")
        self.addCleanup(shutil.rmtree, os.path.dirname(trace))
        wrapper = ["strace", "-f", "-qq", "-o", trace, "-e", "trace=openat"]

        def opens(*faults):
            self.assertOk(probe("write", self.at("new.json"), data=b"new", wrapper=[*wrapper, *faults], umask=0))
            with open(trace) as file:
                lines = [line for line in file.read().splitlines() if "openat(" in line]
            self.assertEqual((self.content("new.json"), self.mode("new.json"), os.listdir(self.root)), (b"new", 0o600, ["new.json"]))
            os.unlink(self.at("new.json"))
            return lines
        unnamed = [number for number, line in enumerate(opens(), 1) if "O_TMPFILE" in line]
        self.assertEqual(len(unnamed), 1, "the call that is to fail")
        named = [re.search(r'"(.*)", O_.*O_CREAT.*, (0\d+)\)', line) for line in opens("-e", f"inject=openat:error=EOPNOTSUPP:when={unnamed[0]}")]
        made = [match.groups() for match in named if match]
        self.assertTrue(made)
        self.assertEqual([path for path, mode in made if int(mode, 8) & 0o077 and os.path.dirname(path) == self.root], [], "others could have opened it")

    def test_killed_at_any_call(self):
        """kill -9 at each call that changes something: the file is whole, and is the one before or after."""
        for call in ("fchmod", "write", "fsync", "fdatasync", "linkat", "rename"):
            for when in (1, 2):
                with self.subTest(call=call, when=when):
                    self.put("state.json", OLD)
                    subprocess.run([*injected(f"{call}:signal=KILL:when={when}"), PROBE, "write", self.at("state.json")], input=b"new", capture_output=True,
                                   timeout=60)
                    self.assertIn(self.content("state.json"), (OLD, b"new"))
                    for name in os.listdir(self.root):
                        self.assertRegex(name, r"^state\.json(\.[A-Za-z]{6})?$")
                        self.assertEqual(self.mode(name), 0o600)
                        os.unlink(self.at(name))


@need_strace
class Log(Case):
    def test_append(self):
        """Half a line never stays, and what was there before always does."""
        before = b'{"a":1}\n'
        for call, number, code in (("fsync", errno.EIO, "NotDurable"), ("flock", errno.ENOLCK, "Io"), ("pread64", errno.EIO, "Io"),
                                   ("write", errno.ENOSPC, "Io"), ("openat", errno.EMFILE, "Io")):
            with self.subTest(call=call):
                self.put(LOG, before)
                wrapper = injected(f"{call}:error={errno.errorcode[number]}") + ["-P", self.at(LOG)]
                self.assertRefused(probe("append", self.root, DAY, data=b"x", wrapper=wrapper), code, number)
                if code == "NotDurable":
                    self.assertRegex(self.content(LOG), rb'^\{"a":1\}\n\{.*\}\n$')
                else:
                    self.assertEqual(self.content(LOG), before)
        self.put(LOG, before)
        self.assertOk(probe("append", self.root, DAY, data=b"x", wrapper=injected("write:error=EINTR:when=1") + ["-P", self.at(LOG)]))
        self.assertEqual(self.content(LOG).count(b"\n"), 2)

    def test_archive(self):
        """Whatever fails, or kills, the entries are there; and the next try succeeds."""
        plain = b'{"ts":"2026-01-02T00:00:00+00:00","event":"x"}\n' * 3000
        name = "lifecycle-events-2026-01-02.jsonl"
        for call in ("write", "fsync", "rename", "unlink", "flock"):
            for what in ("error=EIO", "signal=KILL"):
                for when in range(1, 4):
                    with self.subTest(call=call, what=what, when=when):
                        for old in os.listdir(self.root):
                            os.unlink(self.at(old))
                        self.put(name, plain)
                        subprocess.run([*injected(f"{call}:{what}:when={when}"), PROBE, "archive", self.root, DAY], capture_output=True, timeout=60)
                        self.assertEqual(probe("count", self.root, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")["entries"], 3000)
                        self.assertOk(probe("archive", self.root, DAY))
                        self.assertEqual(os.listdir(self.root), [name + ".gz"])
                        self.assertEqual(probe("count", self.root, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")["entries"], 3000)


@need_mount
class FullDisk(Case):
    """Each script runs in a mount namespace of its own, with 64 kB of room at $1 and the probe at $2."""

    def run_full(self, script):
        done = subprocess.run(["unshare", "-m", "sh", "-euc", 'mount -t tmpfs -o size=64k none "$1"; cd "$1"\n' + script, "sh", self.root, PROBE],
                              capture_output=True, timeout=120, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_old_content_survives(self):
        for size in SIZES + (40000,):
            with self.subTest(size=size):
                out = self.run_full(f"""
                    printf 'old content' > f; head -c 100000 /dev/zero > fill 2>/dev/null || true
                    test {size} -ne 40000 || truncate -s 32768 fill   # part of it fits
                    head -c {size} /dev/zero | "$2" write "$1/f" && exit 3
                    test "$(cat f)" = 'old content'; test "$(ls -A | tr '\\n' ' ')" = 'f fill '
                    rm fill; printf new | "$2" write "$1/f"; test "$(cat f)" = new""" if size != 600000 else """
                    printf 'old content' > f
                    head -c 600000 /dev/zero | "$2" write "$1/f" && exit 3
                    test "$(cat f)" = 'old content'; test "$(ls -A)" = f""")
                self.assertIn('"errno":28', out)

    def test_log_has_no_half_line(self):
        out = self.run_full(f"""
            echo hello | "$2" append "$1" {DAY}; cp {LOG} before
            head -c 20000 /dev/zero > fill; head -c 100000 /dev/zero >> fill 2>/dev/null || true; truncate -s -4096 fill
            head -c 20000 /dev/zero | tr '\\0' x | "$2" append "$1" {DAY} && exit 3
            cmp {LOG} before; rm fill
            echo hello | "$2" append "$1" {DAY}; test "$(wc -l < {LOG})" = 2""")
        self.assertIn('"errno":28', out)

    def test_archive_waits_for_room(self):
        self.run_full(f"""
            name=lifecycle-events-2026-01-02.jsonl
            head -c 12000 /dev/urandom | base64 -w 100 > $name; cp $name ../copy.$$
            head -c 100000 /dev/zero > fill 2>/dev/null || true
            "$2" archive "$1" {DAY} && exit 3
            cmp $name ../copy.$$; test ! -e $name.gz; test -z "$(ls -A | grep tmp)"
            rm fill; "$2" archive "$1" {DAY}; gzip -dc $name.gz | cmp - ../copy.$$; rm ../copy.$$; test ! -e $name""")

    def test_the_lock_is_taken_all_the_same(self):
        self.run_full("""
            : > .lifecycle.lock; head -c 100000 /dev/zero > fill 2>/dev/null || true
            "$2" hold "$1" 0 < /dev/null; "$2" hold "$1" 0 < /dev/null""")

    def test_a_bad_file_is_kept(self):
        self.run_full("""
            printf '{broken' > f; head -c 100000 /dev/zero > fill 2>/dev/null || true
            "$2" keep "$1/f"; test "$(cat f.bad-tag)" = '{broken'""")


if __name__ == "__main__":
    main()
