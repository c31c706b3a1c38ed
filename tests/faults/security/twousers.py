# SPDX-License-Identifier: MIT
"""Two ordinary users on one machine: this test program becomes the one, who runs Dormouse; the other, an outsider, does what he is told by call().

Needs root at its start, to become both. As an ordinary user it stays who it is, and what needs the outsider is skipped."""
import atexit
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import unittest

import lab
from lab import HANG, NOBODY, until

OWN = 65533
PROGRAMS = ("dormouse-agent", "dormouse", "dormouse-guard", "dormouse-tray")


def tried(action):
    """What became of an attack: "done", or the name of the error."""
    try:
        action()
    except OSError as error:
        return type(error).__name__
    return "done"


class Attacks:
    """What the outsider can do; each answers with something that JSON knows."""

    def __init__(self):
        self.stopping = threading.Event()
        self.threads, self.counts, self.servers, self.swaps = [], {}, [], 0

    def read(self, path):
        return tried(lambda: os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK)))

    def write(self, path):
        return tried(lambda: os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK)))

    def list(self, path):
        return tried(lambda: os.listdir(path))

    def look(self, path):
        return tried(lambda: os.lstat(path))

    def remove(self, path):
        return tried(lambda: os.unlink(path))

    def move(self, path, to):
        return tried(lambda: os.rename(path, to))

    def open_up(self, path):
        return tried(lambda: os.chmod(path, 0o777))

    def link(self, path, to):
        return tried(lambda: os.link(to, path))

    def symlink(self, path, to):
        return tried(lambda: os.symlink(to, path))

    def folder(self, path, mode=0o777):
        return tried(lambda: (os.mkdir(path), os.chmod(path, mode)))

    def put(self, path, content="", mode=0o666):
        def action():
            with open(path, "w", encoding="utf-8") as file:
                file.write(content)
            os.chmod(path, mode)
        return tried(action)

    def content(self, path):
        with open(path, encoding="utf-8") as file:
            return file.read()

    def connect(self, path, send=""):
        """"done" and the first line, where one comes; or the error."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
            peer.settimeout(HANG)
            try:
                peer.connect(path.replace("@", "\0", 1) if path.startswith("@") else path)
                try:
                    peer.sendall(send.encode())
                except BrokenPipeError:
                    pass  # it was sent away first, with a line that can still be read
                return "done " + peer.makefile("r", encoding="utf-8").readline()
            except OSError as error:
                return type(error).__name__

    def serve(self, path):
        """A socket that pretends to be an agent; served() tells what was said to it."""
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.bind(path)
        os.chmod(path, 0o777)
        server.listen(16)
        self.servers.append(server)
        heard = {"connections": 0, "bytes": 0}
        self.counts[path] = heard

        def answer(peer):
            try:
                peer.sendall(b'{"ok":true,"event":"snapshot","state":"SLEEP","why":"a lie","pid":1,"wrappers":{},"services":[],"attention":[]}\n')
                while data := peer.recv(4096):
                    heard["bytes"] += len(data)
            except OSError:
                pass
            peer.close()

        def loop():
            while True:
                try:
                    peer = server.accept()[0]
                except OSError:
                    return
                heard["connections"] += 1
                threading.Thread(target=answer, args=(peer,), daemon=True).start()
        threading.Thread(target=loop, daemon=True).start()
        return "done"

    def served(self, path):
        return self.counts[path]

    def hold(self, path):
        """Keeps the flock of a file of his."""
        import fcntl
        file = open(path, "r+", encoding="utf-8")  # pylint: disable=consider-using-with
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self.servers.append(file)
        return "done"

    def swap(self, path, kinds, target):
        """Puts one thing after the other at `path`, as fast as can be, until rest()."""
        def one(kind):
            make = {"file": lambda: self.put(path, "{}"), "link": lambda: self.symlink(path, target), "folder": lambda: self.folder(path),
                    "nothing": lambda: None}[kind]
            make()

        def clear():
            tried(lambda: os.unlink(path))
            tried(lambda: os.rmdir(path))
        self.stopping.clear()
        self.swaps = 0

        def loop():
            while not self.stopping.is_set():
                for kind in kinds:
                    clear()
                    one(kind)
                    self.swaps += 1
            clear()
        self.threads.append(threading.Thread(target=loop, daemon=True))
        self.threads[-1].start()
        return "done"

    def rest(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(HANG)
        self.threads = []
        return self.swaps

    def forget(self):
        self.rest()
        for one in self.servers:
            one.close()
        self.servers, self.counts = [], {}
        return "done"


def become(user):
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    os.umask(0)
    os.chdir("/")


class Outsider:
    """The other user, in a process of his own."""

    def __init__(self):
        orders, self.orders = os.pipe()
        self.answers, answers = os.pipe()
        if os.fork() == 0:
            os.close(self.orders)
            os.close(self.answers)
            try:
                self.obey(os.fdopen(orders, encoding="utf-8"), answers)
            finally:
                os._exit(0)
        os.close(orders)
        os.close(answers)
        self.reader = os.fdopen(self.answers, encoding="utf-8")

    @staticmethod
    def obey(orders, answers):
        become(NOBODY)
        attacks = Attacks()
        for line in orders:
            name, words, named = json.loads(line)
            try:
                answer = {"answer": getattr(attacks, name)(*words, **named)}
            except Exception:  # told to the test, whatever it is  # pylint: disable=broad-except
                answer = {"failed": traceback.format_exc()}
            os.write(answers, json.dumps(answer).encode() + b"\n")

    def call(self, name, *words, **named):
        os.write(self.orders, json.dumps([name, words, named]).encode() + b"\n")
        answer = json.loads(self.reader.readline())
        if "failed" in answer:
            raise AssertionError(answer["failed"])
        return answer["answer"]


def settle():
    """Forks the outsider and becomes an ordinary user, with programs that such a one may run. Nothing of that when started as one."""
    if os.geteuid() != 0:
        return None
    folder = tempfile.mkdtemp(prefix="dm-bin-")
    for name in PROGRAMS:
        if os.path.exists(lab.program(name)):
            shutil.copy(lab.program(name), folder)
            os.chmod(os.path.join(folder, name), 0o755)
    for name in ["", *os.listdir(folder)]:
        os.chown(os.path.join(folder, name), OWN, OWN)
    os.chmod(folder, 0o755)
    outsider = Outsider()
    become(OWN)
    os.umask(0o022)
    os.environ["DORMOUSE_BIN"] = folder
    atexit.register(shutil.rmtree, folder, True)
    return outsider


OUTSIDER = settle()
need_outsider = unittest.skipUnless(OUTSIDER, "only root can be two users; not one attack of another user was tried")


def call(name, *words, **named):
    return OUTSIDER.call(name, *words, **named)


class Case(lab.Case):
    """Beside the private root: `shared`, a folder as /tmp is, and `precious`, a file of ours that must not change."""

    def setUp(self):
        super().setUp()
        os.chmod(self.folder, 0o755)  # the worst case: everybody comes as far as the root
        self.shared = os.path.join(self.folder, "shared")
        os.mkdir(self.shared)
        os.chmod(self.shared, 0o1777)
        self.precious = os.path.join(self.folder, "home", "precious")
        with open(self.precious, "w", encoding="utf-8") as file:
            file.write("precious")
        os.chmod(self.precious, 0o640)
        if OUTSIDER:
            self.addCleanup(call, "forget")

    def assertPrecious(self):
        with open(self.precious, encoding="utf-8") as file:
            self.assertEqual((file.read(), stat.S_IMODE(os.stat(self.precious).st_mode)), ("precious", 0o640), "a file of ours was changed by way of a link")

    def wide_root(self):
        """The root as it was while everybody could write in it; narrow() ends that."""
        for path in (self.root, self.at("wrappers"), self.at("logs")):
            os.makedirs(path, exist_ok=True)
            os.chmod(path, 0o777)

    def narrow(self):
        for path in (self.at("wrappers"), self.at("logs"), self.root):
            os.chmod(path, 0o700)

    def plant(self, name, content="", hold=False, **how):
        """A file of the outsider in our root, perhaps with its flock in his hands."""
        self.wide_root()
        self.assertEqual(call("put", self.at(name), content, **how), "done")
        if hold:
            call("hold", self.at(name))
        self.narrow()
        return self.at(name)

    def put(self, name, content, mode=0o600):
        os.makedirs(self.root, 0o700, exist_ok=True)
        with open(self.at(name), "w", encoding="utf-8") as file:
            file.write(content)
        os.chmod(self.at(name), mode)

    def run_agent(self, *words, root=None):
        """To its end; one that goes on is ended, with None for its code."""
        with subprocess.Popen([lab.program("dormouse-agent"), "--root", root or self.root, *words], env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
            socket_path = os.path.join(root or self.root, "agent.sock")
            until("it ends or answers", lambda: process.poll() is not None or self.answers(socket_path))
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=HANG)
                return None, ""
            return process.returncode, process.stderr.read()

    @staticmethod
    def answers(path):
        try:
            if os.stat(path).st_uid != os.geteuid():
                return False  # the outsider's: what he is told is counted
            with lab.Client(path) as client:
                return "uptime_sec" in client.ask("status")
        except (OSError, TypeError, ValueError):
            return False

    def assertRefused(self, answer, *parts):
        code, text = answer
        self.assertEqual(code, 78, text)
        for part in parts:
            self.assertIn(part, text)


main = lab.main
