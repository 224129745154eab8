#!/usr/bin/env python3
"""What is brought to the live page and refused is answered, whatever is on its way still: upload.py PAGE_SERVER

A browser sends on until it has read the refusal. Each connection here has poured more than the sockets
hold before it reads, and reads to the end.
"""
import json
import os
import socket
import subprocess
import sys
import tempfile
import time

from wire import BINARY, Closed, Wire

POURED = bytes(1 << 18)
MESSAGES = 12
REFUSED = [
    ({"upload": "stick", "name": "a.png", "size": 300001}, "a.png: is no image of a stick"),
    ({"upload": "stick", "name": "b.img", "size": 0}, "b.img: is empty"),
    ({"upload": "letter", "name": "c.img", "size": 512}, '"upload" is stick, camera or browser'),
    ({"upload": "camera", "name": "d.png", "size": 1000}, "d.png: is longer than it said"),
    ({"upload": "browser"}, "the browser's camera sent something that is no JPEG"),
]


def pour(url, head):
    wire = Wire(url, "duet-upload")
    wire.send(json.dumps(head).encode())
    for _ in range(MESSAGES):
        wire.send(POURED, BINARY)
    time.sleep(0.05)  # the refusal is there, and nobody has read it
    return wire


def refusal(url, head, wanted):
    try:
        wire = pour(url, head)
        answer = json.loads(wire.receive()[1])
    except (Closed, OSError) as error:
        return f"{head}: no answer, but {error!r}"
    wire.close()
    return None if wanted in answer.get("failed", "") else f"{head}: {answer}"


def is_let_go(url):
    """Who has its answer and never closes is closed."""
    wire = Wire(url, "duet-upload")
    wire.send(b'{"upload":"letter"}')
    wire.socket.settimeout(60)
    wire.receive()
    try:
        while True:
            wire.receive()
    except Closed:
        return None
    except socket.timeout:
        return "a connection stays for ever after its refusal"


def main():
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen([sys.argv[1], "127.0.0.1:0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  env={**os.environ, "TMPDIR": folder})
        url = server.stdout.readline().decode().strip()
        wrong = [refusal(url, head, wanted) for head, wanted in REFUSED for _ in range(10)] + [is_let_go(url)]
        server.communicate(b"", timeout=60)
        wrong += [f"left in TMPDIR: {name}" for name in os.listdir(folder) if name.startswith("duet-")]
        wrong += [f"status {server.returncode}"] if server.returncode else []
    wrong = [text for text in wrong if text]
    print("\n".join(wrong) or f"{10 * len(REFUSED)} refusals, each read")
    sys.exit(1 if wrong else 0)


main()
