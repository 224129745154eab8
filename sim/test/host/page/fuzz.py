#!/usr/bin/env python3
"""Whatever comes to the live page by its sockets, the host lives: fuzz.py PAGE_SERVER [ROUNDS]

The server is built with the sanitizers. Orders, uploads and frames are spoilt, cut off and left open, and
between them somebody watches, whose page stays alive.
"""
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from urllib.parse import urlsplit

from wire import BINARY, TEXT, Closed, Wire, bring

ORDERS = [{"touch": [10, 20], "finger": 1}, {"lift": 1}, {"type": "ls\r"}, {"press": "UP"}, {"plug": "fresh"}, {"plug": True},
          {"unplug": True}, {"camera": "scene"}, {"hold": True}, {"go": True}, {"step": 5}, {"pace": "max"}, {"reset": True}]
HEADS = [{"upload": "stick", "name": "a.img", "size": 3072}, {"upload": "camera", "name": "b.png", "size": 5000}, {"upload": "browser"}]


def spoil(draw, content):
    content = bytearray(content)
    for _ in range(draw.randint(0, 3)):
        if content:
            content[draw.randrange(len(content))] = draw.randrange(256)
    return bytes(content[:draw.randint(0, len(content))] if draw.random() < 0.2 else content)


def some_jpeg():
    return subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=64x48", "-frames:v", "1", "-f", "mjpeg", "-"],
                          stdout=subprocess.PIPE, check=True, stdin=subprocess.DEVNULL).stdout


def order(draw, url, _):
    wire = Wire(url, "duet")
    for _ in range(draw.randint(1, 6)):
        wire.send(spoil(draw, json.dumps(draw.choice(ORDERS)).encode()), draw.choice([TEXT, TEXT, TEXT, TEXT, BINARY, 0]),
                  draw.random() < 0.9)
    wire.close()


def upload(draw, url, jpeg):
    wire = Wire(url, "duet-upload")
    head = draw.choice(HEADS)
    wire.send(spoil(draw, json.dumps(head).encode()) if draw.random() < 0.4 else json.dumps(head).encode())
    for _ in range(draw.randint(0, 4)):
        content = spoil(draw, jpeg) if draw.random() < 0.7 else draw.randbytes(draw.randint(0, 4000))
        wire.send(content, draw.choice([BINARY, BINARY, BINARY, TEXT]), draw.random() < 0.9)
    if draw.random() < 0.5:
        wire.socket.settimeout(0.05)  # it may wait for more
        wire.receive()
    wire.close()


def frame(draw, url, _):
    """Bytes that are no frames at all, or claim to be long ones."""
    wire = Wire(url, draw.choice(["duet", "duet-upload"]))
    wire.socket.sendall(draw.choice([draw.randbytes(draw.randint(1, 200)), b"\x81\xff" + b"\xff" * 8 + bytes(4), b"\x82\xfe\xff\xff" + bytes(200)]))
    wire.close()


def request(draw, url, _):
    place = urlsplit(url)
    line = f"GET {draw.choice(['/', '/files', '/files/a', '/files/../../etc/passwd', '/files/%00%ff', '/' + 'x' * 3000])} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n"
    with socket.create_connection((place.hostname, place.port), 10) as plain:
        plain.sendall(spoil(draw, line.encode()))
        plain.settimeout(0.02)
        try:
            plain.recv(1000)
        except OSError:
            pass


def main():
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 600
    draw, jpeg, done = random.Random(7), some_jpeg(), 0
    with tempfile.TemporaryDirectory() as folder:
        image = os.path.join(folder, "broken.img")
        subprocess.run(["mkfs.fat", "-C", image, "2000"], check=True, stdout=subprocess.DEVNULL)
        with open(image, "r+b") as file:  # a stick whose tables are spoilt too
            for _ in range(400):
                file.seek(draw.randrange(64, 40000))
                file.write(draw.randbytes(1))
        server = subprocess.Popen([sys.argv[1], "127.0.0.1:0", image], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, env={**os.environ, "TMPDIR": folder})
        url = server.stdout.readline().decode().strip()
        for _ in range(rounds):
            try:
                draw.choice([order, order, upload, upload, frame, request])(draw, url, jpeg)
                done += 1
            except (Closed, OSError):
                pass
            if server.poll() is not None:
                break
        alive = server.poll() is None
        if alive:
            watcher = Wire(url, "duet")
            watcher.news("t")
            alive = bring(url, "camera", "end.png", jpeg) == {"ok": True} and urllib.request.urlopen(url).status == 200
            watcher.close()
        _, said = server.communicate(b"", timeout=60)
        left = [name for name in os.listdir(folder) if name.startswith("duet-")]
    print(f"{done} of {rounds} rounds to their end, status {server.returncode}, left in TMPDIR: {left}")
    sys.stderr.write(said.decode(errors="replace")[:3000])
    sys.exit(0 if alive and server.returncode == 0 and not left and done > rounds / 4 else 1)


main()
