# SPDX-License-Identifier: MIT
"""Stands before an X server that has no DPMS (Xvfb has none) and adds that extension, as far as DPMSInfo goes."""
import socket
import struct
import threading

OPCODE = 200  # no extension of Xvfb has a number that high
QUERY_EXTENSION, DPMS_INFO = 98, 7


def exactly(peer, count):
    data = b""
    while len(data) < count:
        more = peer.recv(count - len(data))
        if not more:
            raise EOFError
        data += more
    return data


class DpmsProxy:
    def __init__(self, case, server):
        self.server, self.level, self.enabled, self.asked = server, 0, 1, 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.name = f"127.0.0.1:{self.socket.getsockname()[1] - 6000}"  # a display's number is its port's, counted from there
        self.peers = [self.socket]
        case.addCleanup(self.stop)
        threading.Thread(target=self.accept, daemon=True).start()

    def stop(self):
        for peer in self.peers:
            try:
                peer.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            peer.close()

    def accept(self):
        try:
            while True:
                client = self.socket.accept()[0]
                server = socket.socket(socket.AF_UNIX)
                server.connect("/tmp/.X11-unix/X" + self.server.name[1:])
                self.peers += [client, server]
                queries, pending = set(), set()
                threading.Thread(target=self.run, args=(self.requests, client, server, queries, pending), daemon=True).start()
                threading.Thread(target=self.run, args=(self.replies, client, server, queries, pending), daemon=True).start()
        except OSError:
            pass

    @staticmethod
    def run(task, *arguments):
        try:
            task(*arguments)
        except (OSError, EOFError):
            pass

    def requests(self, client, server, queries, pending):
        """Sequence numbers stay right: what the server does not know becomes another request, one that has a reply of the same length."""
        setup = exactly(client, 12)
        name, data = struct.unpack_from("<HH", setup, 6)
        server.sendall(setup + exactly(client, (name + 3) // 4 * 4 + (data + 3) // 4 * 4))
        sequence = 0
        while True:
            head = exactly(client, 4)
            sequence += 1
            request = head + exactly(client, struct.unpack_from("<H", head, 2)[0] * 4 - 4)
            if head[0] == QUERY_EXTENSION and b"DPMS" in request:
                queries.add(sequence)
            if head[0] == OPCODE:
                assert head[1] == DPMS_INFO and len(request) == 4, request
                self.asked += 1
                pending.add(sequence)
                request = struct.pack("<BBHHH", QUERY_EXTENSION, 0, 3, 4, 0) + b"NONE"
            server.sendall(request)

    def replies(self, client, server, queries, pending):
        head = exactly(server, 8)
        client.sendall(head + exactly(server, struct.unpack_from("<H", head, 6)[0] * 4))
        while True:
            message = exactly(server, 32)
            if message[0] == 1:
                sequence, words = struct.unpack_from("<HI", message, 2)
                if sequence in queries:
                    message = message[:8] + bytes([1, OPCODE, 0, 0]) + message[12:]
                elif sequence in pending:
                    message = message[:8] + struct.pack("<HB", self.level, self.enabled) + bytes(21)
                message += exactly(server, words * 4)
            client.sendall(message)
