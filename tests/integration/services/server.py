# SPDX-License-Identifier: MIT
"""A heavy server to be managed by tests: as bad as its flags say. It notes in FOLDER/starts who ran, and in FOLDER/twice who found another instance."""
import argparse
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time


def append(path, text):
    with open(path, "a", encoding="utf-8") as file:
        file.write(text + "\n")


def hold(megabytes):
    """Memory that is really there."""
    block = bytearray(megabytes * 1024 * 1024)
    block[::4096] = b"x" * len(block[::4096])
    return block


def serve(connection):
    try:
        with connection:
            connection.sendall(b"hello\n")
            while connection.recv(4096) == b"ping\n":
                connection.sendall(b"pong\n")
    except ConnectionError:
        pass  # somebody only looked whether it is there


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--port", type=int)
    parser.add_argument("--port-after", type=float, default=0)
    parser.add_argument("--memory", type=int, default=0)
    parser.add_argument("--children", type=int, default=0, help="processes that ignore SIGTERM")
    parser.add_argument("--ignore-term", action="store_true")
    parser.add_argument("--term-takes", type=float, default=0)
    parser.add_argument("--crash", action="store_true", help="dies of its own accord with 7")
    parser.add_argument("--flood", type=int, default=0, help="bytes of output")
    flags = parser.parse_args()
    os.makedirs(flags.folder, exist_ok=True)
    lock = open(os.path.join(flags.folder, "instance"), "a", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        append(os.path.join(flags.folder, "twice"), str(os.getpid()))
        sys.exit(9)

    def terminate(*_):
        time.sleep(flags.term_takes)
        append(os.path.join(flags.folder, "ends"), str(os.getpid()))
        os._exit(0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN if flags.ignore_term else terminate)
    held = hold(flags.memory)
    for _ in range(flags.children):
        subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('child', flush=True); time.sleep(3600)"],
                         stdout=subprocess.PIPE).stdout.readline()
    append(os.path.join(flags.folder, "starts"), str(os.getpid()))
    print(f"serving {os.getpid()} with {len(held)} bytes", flush=True)
    if flags.crash:
        sys.exit(7)
    if flags.flood:
        os.write(1, (b"0123456789abcde\n" * (flags.flood // 16 + 1))[:flags.flood])
    if flags.port is None:
        while True:
            time.sleep(3600)
    time.sleep(flags.port_after)
    with socket.create_server(("127.0.0.1", flags.port)) as server:
        while True:
            threading.Thread(target=serve, args=server.accept()[:1], daemon=True).start()


if __name__ == "__main__":
    main()
