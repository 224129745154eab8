"""A WebSocket to the live page (RFC 6455), down to single frames, for tests that are no browser."""
import json
import os
import socket
import struct
from urllib.parse import urlsplit

TEXT, BINARY, CLOSE = 1, 2, 8


class Closed(Exception):
    pass


class Wire:
    def __init__(self, url, protocol, origin=None):
        place = urlsplit(url)
        self.socket = socket.create_connection((place.hostname, place.port), 10)
        self.held = b""
        self.socket.sendall((
            f"GET / HTTP/1.1\r\nHost: {place.netloc}\r\nOrigin: {origin or 'http://' + place.netloc}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: {protocol}\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.held:
            self._more()
        head, self.held = self.held.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise Closed(head)

    def _more(self):
        got = self.socket.recv(1 << 16)
        if not got:
            raise Closed("by the board")
        self.held += got

    def _take(self, count):
        while len(self.held) < count:
            self._more()
        taken, self.held = self.held[:count], self.held[count:]
        return taken

    def send(self, payload, kind=TEXT, last=True):
        """One frame, masked as a browser's are."""
        size = len(payload)
        head = bytes([kind | (0x80 if last else 0)])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 1 << 16:
            head += struct.pack(">BH", 0x80 | 126, size)
        else:
            head += struct.pack(">BQ", 0x80 | 127, size)
        mask = os.urandom(4) if size < 1 << 16 else bytes(4)
        masked = bytes(byte ^ mask[n % 4] for n, byte in enumerate(payload)) if any(mask) else payload
        self.socket.sendall(head + mask + masked)

    def order(self, **members):
        self.send(json.dumps(members).encode())

    def receive(self):
        """(kind, payload) of the next frame; the page's are never in pieces."""
        kind, size = self._take(2)
        if size == 126:
            size = struct.unpack(">H", self._take(2))[0]
        elif size == 127:
            size = struct.unpack(">Q", self._take(8))[0]
        payload = self._take(size)
        if kind & 15 == CLOSE:
            raise Closed(payload)
        return kind & 15, payload

    def news(self, name):
        """Waits for a text that has this member; its value."""
        while True:
            kind, payload = self.receive()
            if kind == TEXT and name in (text := json.loads(payload)):
                return text[name]

    def close(self):
        self.socket.close()


def bring(url, kind, name, content):
    """Uploads a file; the board's answer."""
    wire = Wire(url, "duet-upload")
    wire.send(json.dumps({"upload": kind, "name": name, "size": len(content)}).encode())
    for at in range(0, len(content), 50000):
        wire.send(content[at:at + 50000], BINARY)
    answer = json.loads(wire.receive()[1])
    wire.close()
    return answer
