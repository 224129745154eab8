"""The remote serial protocol by a plain socket, for the tests."""
import socket
import sys


class Link:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.bytes = b""

    def send_raw(self, data):
        self.socket.sendall(data)

    def send(self, text):
        data = text.encode("latin-1")
        self.send_raw(b"$" + data + b"#%02x" % (sum(data) & 255))

    def receive(self):
        """The next packet; text for the console (O…) goes into self.said."""
        while True:
            start = self.bytes.find(b"$")
            end = self.bytes.find(b"#", start) if start >= 0 else -1
            if 0 <= end <= len(self.bytes) - 3:
                packet = self.bytes[start + 1:end].decode("latin-1")
                self.bytes = self.bytes[end + 3:]
                return packet
            more = self.socket.recv(65536)
            if not more:
                return None
            self.bytes += more

    def wait(self, seconds):
        """The next packet, or None if none comes in that time."""
        self.socket.settimeout(seconds)
        try:
            return self.receive()
        except TimeoutError:
            return None
        finally:
            self.socket.settimeout(60)

    def hear(self):
        """The next text for the console."""
        return bytes.fromhex(self.receive()[1:]).decode()

    def ask(self, text):
        self.send(text)
        return self.receive()

    def run(self, text):
        """Runs the board; the stop reply and what was said meanwhile."""
        said = ""
        self.send(text)
        while True:
            reply = self.receive()
            if reply is None or not reply.startswith("O") or reply == "OK":
                return reply, said
            said += bytes.fromhex(reply[1:]).decode()


def word(hexadecimal):
    return int.from_bytes(bytes.fromhex(hexadecimal), "little")


def expect(what, condition, *shown):
    if not condition:
        print("FAILED:", what, *shown)
        sys.exit(1)
    print("ok:", what)


def monitor(link, command):
    return bytes.fromhex(link.ask("qRcmd," + command.encode().hex())).decode()
