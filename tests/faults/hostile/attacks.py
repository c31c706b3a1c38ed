# SPDX-License-Identifier: MIT
"""Hostile clients, one kind a process: attacks.py KIND SOCKET [SEED]. Says "ready" once it is at work, and goes on until it is killed."""
import itertools
import json
import os
import random
import select
import socket
import sys
import time

MANY = int(os.environ.get("DORMOUSE_ATTACKERS", "100"))


def connect(path):
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(10)
    client.connect(path)
    return client


def ask(client, **fields):
    client.sendall(json.dumps(fields).encode() + b"\n")
    answer = b""
    while not answer.endswith(b"\n"):
        piece = client.recv(65536)
        if not piece:
            raise ConnectionError("closed")
        answer += piece
    return answer


def ready():
    print("ready", flush=True)


def for_ever():
    ready()
    while True:
        time.sleep(3600)


def again(act, pause=0.0):
    """The agent may close, refuse, not read: whoever attacks comes back."""
    for number in itertools.count():
        try:
            act()
        except OSError:
            time.sleep(0.01)
        if number == 0:
            ready()
        time.sleep(pause)


def half_lines(path, _):
    held = [connect(path) for _ in range(MANY)]
    for client in held:
        client.sendall(b'{"type":"force_wa')
    for_ever()


def long_lines(path, _):
    """10 MiB, without an end and with one."""
    turn = itertools.count()

    def act():
        with connect(path) as client:
            client.sendall(b'{"type":"' + b"x" * (10 << 20) + (b'"}\n' if next(turn) % 2 else b""))
            client.recv(1)
    again(act)


def many_connections(path, _):
    """A thousand, of which those that are let in stay; the others, who are told at once that it is full, come back."""
    held = []

    def act():
        client = connect(path)
        if select.select([client], [], [], 0.01)[0]:
            client.close()
        else:
            held.append(client)
    for _ in range(1000):
        try:
            act()
        except OSError:
            pass
    again(act, 0.001)


def deaf_subscribers(path, _):
    held = [connect(path) for _ in range(MANY)]
    for client in held:
        client.sendall(b'{"type":"subscribe"}\n')
    with connect(path) as changing:
        ready()
        while True:  # what is told changes all the time
            ask(changing, type="pause", seconds=1000, reason="r" * 400)
            ask(changing, type="resume")


def deaf_askers(path, _):
    """Questions with long answers, which nobody reads."""
    line = b'{"type":"wrappers"}\n{"type":"status"}\n' * 200
    held = []

    def act():
        if len(held) < 50:
            client = connect(path)
            client.setblocking(False)
            held.append(client)
        for client in list(held):
            try:
                client.send(line)
            except BlockingIOError:
                pass
            except OSError:
                held.remove(client)
    again(act, 0.01)


def flood(path, _):
    """As fast as answers can be read away."""
    held = [connect(path) for _ in range(20)]
    line = b'{"type":"status"}\n' * 50
    for client in held:
        client.setblocking(False)
    ready()
    while True:
        for client in held:
            for act in (lambda: client.send(line), lambda: client.recv(1 << 20)):
                try:
                    act()
                except BlockingIOError:
                    pass
        time.sleep(0.002)


def junk(path, seed):
    source = random.Random(seed)

    def act():
        with connect(path) as client:
            for _ in range(20):
                client.sendall(source.randbytes(source.randrange(1, 4000)) + b"\n")
            client.shutdown(socket.SHUT_WR)
            while client.recv(65536):
                pass
    again(act, 0.01)


def no_objects(path, _):
    lines = [b"[]", b"1", b'"status"', b"null", b"true", b"{}", b'{"type":1}', b'{"type":null}', b'{"type":["status"]}', b'[{"type":"stop"}]', b"NaN", b"{",
             b'{"type":"st\\u0000op"}', b'{"type":"stop"', b'{"type":"stop"}}', b'\xef\xbb\xbf{"type":"stop"}', b'{"type":"\xff"}', b"\0" * 100]

    def act():
        with connect(path) as client:
            client.sendall(b"\n".join(lines) + b"\n")
            client.shutdown(socket.SHUT_WR)
            while client.recv(65536):
                pass
    again(act, 0.02)


def bombs(path, _):
    """Little to send, much to hold: nesting and numbers, with the longest line that is allowed."""
    room = 65000
    bodies = [b"[" * room, b'{"a":' * (room // 5), b'{"type":"status","id":' + b"[" * 30000 + b"]" * 30000 + b"}",
              b'{"type":"status","id":' + b"9" * room + b"}", b'{"type":"pause","seconds":' + b"9" * room + b"}", b'{"type":"pause","seconds":1e99999}',
              b'{"type":"wrappers","limit":' + b"1" * room + b"}", b'{"type":"status","id":"' + b"\\u0001" * (room // 6) + b'"}',
              b'{"type":"lease","name":"' + b"n" * room + b'"}', b'{"type":"' + b"t" * room + b'"}', b"{" + b'"a":1,' * (room // 6) + b'"type":"status"}']

    def act():
        with connect(path) as client:
            for body in bodies:
                client.sendall(body + b"\n")
            client.shutdown(socket.SHUT_WR)
            while client.recv(1 << 20):
                pass
    again(act, 0.02)


def leases(path, _):
    """By the thousand, from as many connections as there may be."""
    held = [connect(path) for _ in range(MANY)]
    for number, client in enumerate(held):
        for count in range(40):
            ask(client, type="lease", name=f"hostile-{number}-{count}-" + "x" * 80, max_seconds=3600)
    for_ever()


def holds(path, _):
    with connect(path) as client:
        ready()
        for number in itertools.count():
            ask(client, type="pause", seconds=1 + number % 1000, reason="r" * 500)


def resets(path, _):
    def act():
        for content in (b"", b'{"type":"sta', b'{"type":"status"}\n', b'{"type":"subscribe"}\n' * 20, b'{"type":"history"}\n'):
            client = connect(path)
            client.sendall(content)
            client.close()
    again(act)


def byte_by_byte(path, _):
    """A request that never ends, from many at once."""
    held = [connect(path) for _ in range(MANY)]
    ready()
    while True:
        for client in list(held):
            try:
                client.send(b" ")
            except OSError:
                held.remove(client)
        time.sleep(0.5)


def sessions(path, _):
    with connect(path) as client:
        ready()
        for number in itertools.count():
            ask(client, type="session_open", session_id=f"{number}-" + "s" * 200)
            ask(client, type="consume_first_turn", session_id=f"{number + 1}")


def subscriber(path, _):
    """An honest one, which somebody stops and lets go on: what it is told, it prints."""
    with connect(path) as client:
        client.settimeout(None)
        client.sendall(b'{"type":"subscribe"}\n')
        for line in client.makefile("rb"):
            sys.stdout.buffer.write(line)
            sys.stdout.flush()


KINDS = [half_lines, long_lines, many_connections, deaf_subscribers, deaf_askers, flood, junk, no_objects, bombs, leases, holds, resets, byte_by_byte, sessions,
         subscriber]


if __name__ == "__main__":
    kind, path = sys.argv[1:3]
    {known.__name__: known for known in KINDS}[kind](path, sys.argv[3] if len(sys.argv) > 3 else "1")
