#!/usr/bin/env python3
"""Runs the camera system on the virtual board and checks what a person would see of it.

usage: camera_system.py DUET CASE      CASE: minute, modes, starts
"""
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import zlib

STATUS = re.compile(r"frames (\d+)  fps (\d+\.\d)  drops (\d+)  load M7 (\d+\.\d) %  M4 (\d+\.\d) %")


def write_picture(path, width=320, height=240):
    """A PNG with a gradient, so that nothing outside the project is needed."""
    rows = b"".join(
        b"\0" + bytes(v for x in range(width) for v in (x * 255 // width, y * 255 // height, (x ^ y) & 255))
        for y in range(height))

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
                   + chunk(b"IEND", b""))


class Board:
    def __init__(self, duet):
        self.duet = duet
        self.folder = tempfile.TemporaryDirectory()
        write_picture(self.path("picture.png"))

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def run(self, seconds, *options, typed=()):
        """The console's lines; any complaint about the firmware ends the test."""
        with open(self.path("input"), "w", encoding="utf-8") as file:
            for time, text in typed:
                file.write(json.dumps({"t": round(time * 1e6), "type": text + "\n"}) + "\n")
        result = subprocess.run(
            [self.duet, "run", "--camera", self.path("picture.png"), "--for", f"{seconds}s", "--strict",
             "--check", "--input", self.path("input"), "--events", self.path("events"), *options],
            capture_output=True, text=True, check=False)
        check(result.returncode == 0, f"exit status {result.returncode}: {result.stderr}")
        return result.stdout.splitlines()

    def events(self):
        with open(self.path("events"), encoding="utf-8") as file:
            return [json.loads(line) for line in file]


def check(condition, text):
    if not condition:
        sys.exit(f"camera_system: {text}")


def statuses(lines):
    return [tuple(float(v) for v in m.groups()) for m in map(STATUS.fullmatch, lines) if m]


def blinks(events, led):
    return [e["t"] for e in events if e.get("led") == led and e["on"]]


def minute(board):
    """30 frames a second from sensor to panel for 60 s, none dropped, each core under 10 % load."""
    figures = statuses(board.run(60))
    check(len(figures) >= 58, f"{len(figures)} status lines in 60 s")
    for frames, rate, drops, load_m7, load_m4 in figures[1:]:
        check(rate == 30.0, f"{rate} frames a second after {frames:.0f} frames")
        check(drops == 0, f"{drops:.0f} drops after {frames:.0f} frames")
        check(load_m7 < 10 and load_m4 < 10, f"load {load_m7} % and {load_m4} %")
    check(any(f[3] > 0 for f in figures) and any(f[4] > 0 for f in figures), "no load was measured")
    events = board.events()
    for led, period in (("LED2", 0.5e6), ("LED4", 1.0e6)):
        times = blinks(events, led)
        steps = {round(b - a) for a, b in zip(times, times[1:])}
        check(len(times) > 50 and all(abs(s - period) < 2000 for s in steps), f"{led} blinks every {steps} us")
    last = figures[-1]
    print(f"60 s: {last[0]:.0f} frames, {last[2]:.0f} drops, load M7 {max(f[3] for f in figures)} % at most, "
          f"M4 {max(f[4] for f in figures)} %")


def modes(board):
    """Every mode of the console runs at its rate without a drop; wrong use gets one line."""
    lines = board.run(11, typed=[(1.2, "camera 320x240 60"), (4.2, "camera 800x480 30"), (7.2, "camera 1x1 1"),
                                 (7.4, "nonsense"), (7.6, "camera 640x480 30"), (7.8, "pattern on"),
                                 (8.0, "pattern off"), (8.2, "mirror on"), (8.4, "flip on")])
    figures = statuses(lines)
    rates = [f[1] for f in figures]
    check(rates.count(60.0) >= 1 and rates.count(30.0) >= 4, f"rates {rates}")
    check(figures[-1][2] == 0, f"{figures[-1][2]:.0f} drops")
    check(sum(line.startswith("usage: camera") for line in lines) == 1, "a wrong mode gets no usage line")
    check(any(line.startswith("nonsense: no such command") for line in lines), "a wrong command gets no answer")
    check(lines.count("ok") == 7, f"{lines.count('ok')} commands were done")


def starts(board):
    """Both boot modes, both panels."""
    for options in ((), ("--set", "BCM4=0"), ("--set", "panel=nt35510"), ("--set", "panel=otm8009a")):
        lines = board.run(2.5, *options)
        name = "NT35510" if "panel=nt35510" in options else "OTM8009A"
        check(f"M7: panel {name}, 800x480" in lines, f"{options}: {lines}")
        check(statuses(lines)[-1][1:3] == (30.0, 0), f"{options}: {lines[-1]}")
        check(any(e.get("panel") == "on" for e in board.events()), f"{options}: the panel stays dark")


if __name__ == "__main__":
    {"minute": minute, "modes": modes, "starts": starts}[sys.argv[2]](Board(sys.argv[1]))
