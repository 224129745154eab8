#!/usr/bin/env python3
"""Runs the camera system on the virtual board and checks what a person would see of it.

usage: camera_system.py DUET CASE      CASE: minute, modes, starts, shell, editing, pins, reboot, faults
"""
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import zlib

STATUS = re.compile(r"frames (\d+)  fps (\d+\.\d)  drops (\d+)  load M7 (\d+\.\d) %  M4 (\d+\.\d) %"
                    r"  underruns (\d+)  texts lost (\d+)")
PROMPT = "duet> "


def terminal(text):
    """The lines that a VT100 shows of what came over the wire, the last one being the cursor's."""
    lines, row, column = [], "", 0
    for part in re.findall(r"\x1b\[\d*[A-Z]|[\s\S]", text):
        if part == "\r":
            column = 0
        elif part == "\n":
            lines.append(row.rstrip())
            row = ""
        elif part == "\x1b[K":
            row = row[:column]
        elif part.startswith("\x1b["):
            check(part.endswith("D"), f"a sequence that the shell does not need: {part!r}")
            column -= int(part[2:-1])
        elif part >= " ":
            row = row.ljust(column)[:column] + part + row[column + 1:]
            column += 1
    return lines + [row]


def gradient(width, height):
    return b"".join(
        b"\0" + bytes(v for x in range(width) for v in (x * 255 // width, y * 255 // height, (x ^ y) & 255))
        for y in range(height))


def noise(width, height):
    """No two pixels have anything to do with each other."""
    numbers = random.Random(1)
    return b"".join(b"\0" + numbers.randbytes(3 * width) for _ in range(height))


def write_picture(path, width=320, height=240, rows=gradient):
    """A PNG, so that nothing outside the project is needed."""
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows(width, height)))
                   + chunk(b"IEND", b""))


class Board:
    def __init__(self, duet):
        self.duet = duet
        self.folder = tempfile.TemporaryDirectory()
        write_picture(self.path("picture.png"))

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def broken(self, core, function, instruction):
        """The image of a core, in which a function begins with another instruction."""
        folder = os.path.join(os.path.dirname(self.duet), "firmware/camera")
        with open(os.path.join(folder, f"{core}.elf"), "rb") as file:
            image = bytearray(file.read())
        symbols = subprocess.run(["arm-none-eabi-nm", os.path.join(folder, f"{core}.elf")], capture_output=True,
                                 text=True, check=True).stdout
        address = int(re.search(rf"^(\w+) T {function}$", symbols, re.M)[1], 16)
        start, = struct.unpack_from("<I", image, 28)
        size, count = struct.unpack_from("<HH", image, 42)
        for n in range(count):
            _, offset, virtual, _, length = struct.unpack_from("<5I", image, start + n * size)
            if virtual <= address < virtual + length:
                struct.pack_into("<H", image, offset + address - virtual, instruction)
        with open(self.path(f"{core}.elf"), "wb") as file:
            file.write(image)
        return f"--{core}", self.path(f"{core}.elf")

    def run(self, seconds, *options, typed=(), also=()):
        """The console's lines as a terminal shows them; any complaint about the firmware ends the test.
        What is typed needs its own "\\r"; `also` is further lines for --input."""
        deeds = [{"t": round(time * 1e6), "type": text} for time, text in typed] + list(also)
        with open(self.path("input"), "w", encoding="utf-8") as file:
            for deed in sorted(deeds, key=lambda deed: deed["t"]):
                file.write(json.dumps(deed) + "\n")
        strict = [] if "--cm4" in options else ["--strict", "--check"]
        result = subprocess.run(
            [self.duet, "run", "--camera", self.path("picture.png"), "--for", f"{seconds}s", *strict,
             "--input", self.path("input"), "--events", self.path("events"), *options],
            capture_output=True, check=False)
        check(result.returncode == 0, f"exit status {result.returncode}: {result.stderr.decode()}")
        return terminal(result.stdout.decode())

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
    figures = statuses(board.run(60, typed=[(0.5, "status on\r")]))
    check(len(figures) >= 58, f"{len(figures)} status lines in 60 s")
    for frames, rate, drops, load_m7, load_m4, underruns, lost in figures[1:]:
        check(rate == 30.0, f"{rate} frames a second after {frames:.0f} frames")
        check(drops == 0, f"{drops:.0f} drops after {frames:.0f} frames")
        check(underruns == 0 and lost == 0, f"{underruns:.0f} underruns, {lost:.0f} texts lost")
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
    lines = board.run(11, typed=[(0.5, "status on\r"), (1.2, "camera 320x240 60\r"), (4.2, "camera 800x480 30\r"),
                                 (7.2, "camera 1x1 1\r"), (7.4, "nonsense\r"), (7.6, "camera 640x480 30\r"),
                                 (7.8, "camera pattern on\r"), (8.0, "camera pattern off\r"),
                                 (8.2, "camera mirror on\r"), (8.4, "camera flip on\r")])
    figures = statuses(lines)
    rates = [f[1] for f in figures]
    check(rates.count(60.0) >= 1 and rates.count(30.0) >= 4, f"rates {rates}")
    check(figures[-1][2] == 0, f"{figures[-1][2]:.0f} drops")
    check(sum(line.startswith("usage: camera 640x480 30 |") for line in lines) == 1, "a wrong mode gets no usage line")
    check("nonsense: no such command; type help" in lines, "a wrong command gets no answer")
    for answer in ("320x240 at 60 a second, mirror off, flip off, pattern off",
                   "800x480 at 30 a second, mirror off, flip off, pattern off",
                   "640x480 at 30 a second, mirror off, flip off, pattern on",
                   "640x480 at 30 a second, mirror on, flip on, pattern off"):
        check(answer in lines, f"not answered: {answer}")


def starts(board):
    """Both boot modes, both panels."""
    for options in ((), ("--set", "BCM4=0"), ("--set", "panel=nt35510"), ("--set", "panel=otm8009a")):
        lines = board.run(2.5, *options, typed=[(2.2, "status\r")])
        name = "NT35510" if "panel=nt35510" in options else "OTM8009A"
        check(f"M7: panel {name}, 800x480" in lines, f"{options}: {lines}")
        check(statuses(lines)[-1][1:3] == (30.0, 0), f"{options}: {lines[-1]}")
        check(any(e.get("panel") == "on" for e in board.events()), f"{options}: the panel stays dark")


def answers(lines, command):
    """What stands between a command's line and the next prompt."""
    begin = lines.index(PROMPT + command) + 1
    end = next(n for n in range(begin, len(lines)) if lines[n].startswith(PROMPT.rstrip()))
    return lines[begin:end]


def shell(board):
    """Each command: what it answers, and one line for wrong use."""
    right = ["help", "status", "camera", "threads", "ipc", "leds", "leds 1 on", "leds 4 off", "leds 3 blink", "log",
             "log debug", "ls", "ls /x", "cat a", "rm a", "record", "stop", "snapshot", "eject"]
    wrong = ["help me", "status maybe", "camera on", "camera 640x480", "camera 640x480 31", "camera flip", "threads 1",
             "ipc 1", "leds 5 on", "leds 0 on", "leds 1 red", "leds 1", "log loud", "ls a b", "cat", "rm", "record a",
             "stop it", "snapshot a", "eject now", "reboot now"]
    typed = [(2.2 + 0.1 * n, text + "\r") for n, text in enumerate(right + wrong)]
    lines = board.run(3.2 + 0.1 * len(typed), typed=typed)
    answer = {command: answers(lines, command) for command in right + wrong}
    check(len(answer["help"]) == 15 and answer["help"][0].split()[0] == "help", f"help: {answer['help']}")
    check(statuses(answer["status"])[0][1:3] == (30.0, 0), f"status: {answer['status']}")
    check(answer["status"][1] == "stick: no stick: plug one in", f"status: {answer['status']}")
    rows = {tuple(line.split()[:2]): line.split() for line in answer["threads"][1:]}
    for core, thread in (("M7", "display"), ("M7", "status"), ("M4", "camera"), ("M4", "player"), ("M7", "remote"), ("M4", "shell"), ("M4", "handlers")):
        check((core, thread) in rows, f"threads: {answer['threads']}")
    shell_row = rows["M4", "shell"]
    check(shell_row[3] == "14" and 100 < int(shell_row[4].split("/")[0]) < 4000, f"threads: {shell_row}")
    check(0 < float(rows["M7", "display"][6]) < 5, f"threads: {rows['M7', 'display']}")
    sent = re.search(r"frames sent (\d+), no buffer free 0, lost 0", " ".join(answer["ipc"]))
    check(sent and int(sent[1]) > 60, f"ipc: {answer['ipc']}")
    check(answer["leds"] == ["1 green off, 2 orange blink, 3 red off, 4 blue blink"], f"leds: {answer['leds']}")
    check(answer["log"] == ["log info"] and answer["log debug"] == ["log debug"], "log")
    for command in ("ls", "ls /x", "cat a", "rm a", "record", "snapshot", "eject"):
        name = command.split()[-1]
        check(answer[command] == [f"{name}: no stick: plug one in"], f"{command}: {answer[command]}")
    check(answer["stop"] == ["stop: nothing is being recorded"], f"stop: {answer['stop']}")
    for command in wrong:
        check(len(answer[command]) == 1 and answer[command][0].startswith("usage: " + command.split()[0]),
              f"{command}: {answer[command]}")
    events = board.events()
    at = {command: time * 1e6 for (time, _), command in zip(typed, right + wrong)}
    check([e["on"] for e in events if e.get("led") == "LED1"] == [True], "leds 1 on")
    check(not any(e.get("led") == "LED4" and e["on"] and e["t"] > at["leds 4 off"] + 1e5 for e in events), "leds 4 off")
    check(len(blinks(events, "LED3")) >= 3, "leds 3 blink")


def editing(board):
    """As at a real terminal: keys that edit, history, completion, lines of the log in between."""
    lines = board.run(6.6, typed=[
        (1.5, "xlog\x1b[D\x1b[D\x1b[D\x7f\x05\r"), (1.8, "\x1b[A inf\x7f\x7f\x7finfo\r"), (2.1, "st\ta\t\r"),
        (2.4, "le\t\r"), (2.7, "not this\x03"), (3.0, "status on\r"), (3.2, "half a li"), (5.5, "ne\x15leds\r"), (6.0, "x" * 150 + "\r")])
    check(answers(lines, "log") == ["log info"] and answers(lines, "log info") == ["log info"], f"editing: {lines}")
    check("status  stop" in lines and len(statuses(answers(lines, "status"))) == 1, f"completion: {lines}")
    check(PROMPT + "not this^C" in lines, f"^C: {lines}")
    check("x" * 60 + ": no such command; type help" in lines, f"a long line: {lines[-4:]}")
    between = lines[lines.index(PROMPT + "status on") + 1:lines.index(PROMPT + "leds", -8)]
    check(len(statuses(between)) == len(between) >= 2, f"lines while one is typed: {between}")


def pins(board):
    """What pins are for stands in registers that both cores read and write again: each under semaphore 29."""
    log = subprocess.run([board.duet, "run", "--for", "300ms", "--console", board.path("console"), "--log",
                          "HSEM,GPIOA,GPIOB,GPIOC,GPIOD,GPIOG,GPIOI,GPIOJ"],
                         capture_output=True, text=True, check=True).stderr
    owner, writers = None, {}
    identity = {"Cortex-M7": 0x80000300, "Cortex-M4": 0x80000100}
    for core, register, way, value in re.findall(
            r"(Cortex-M\d) (HSEM\.R(?:LR)?29|GPIO\w\.(?:MODER|OTYPER|OSPEEDR|PUPDR|AFR[LH])) (<-|->) 0x(\w{8})", log):
        if register == "HSEM.R29":
            owner = None
        elif register == "HSEM.RLR29":
            owner = core if int(value, 16) == identity[core] else owner
        else:
            check(owner == core, f"{core} {register} {way} 0x{value} while {owner} has the semaphore")
            writers.setdefault(register.split(".")[0], set()).add(core)
    check(sum(len(cores) == 2 for cores in writers.values()) >= 3, f"ports that both cores set up: {writers}")


def reboot(board):
    """Both cores start again, in either boot order, and frames come again."""
    for options in ((), ("--set", "BCM4=0")):
        lines = board.run(4.3, *options, typed=[(1.2, "reboot\r"), (4.0, "status\r")])
        again = lines.index("both cores start again")
        check("M7: panel OTM8009A, 800x480" in lines[again:], f"{options}: {lines}")
        figures = statuses(lines[again:])
        check(figures and figures[0][1:3] == (30.0, 0) and figures[0][0] < 120, f"{options}: {lines}")


def faults(board):
    """A thread that faults is told by name, with where and the way there; the others and the frames go on. A core that
    faults in a handler says so before it stops, or the other core does for it."""
    whole = ("--cm7", os.path.join(os.path.dirname(board.duet), "firmware/camera/cm7.elf"),
             "--cm4", os.path.join(os.path.dirname(board.duet), "firmware/camera/cm4.elf"))
    undefined = 0xde00
    for core, other, function, thread, caller in (("cm4", whole[:2], "run_leds", "M4: thread shell", "run"),
                                                  ("cm7", whole[2:], "ui_show_figures", "M7: thread status", "status_thread")):
        lines = board.run(4, *other, *board.broken(core, function, undefined),
                          typed=[(1.0, "status on\r"), (2.0, "leds\r")])
        told = [line for line in lines if line.startswith(thread)]
        check(len(told) == 1 and re.search(r"stopped: bad instruction, at 0x0", told[0]), f"{function}: {lines}")
        calls = re.findall(r"0x\w+", told[0].partition(", called from")[2])
        names = subprocess.run(["arm-none-eabi-addr2line", "-fe", whole[3 if core == "cm4" else 1], *calls], capture_output=True,
                               text=True, check=True).stdout.splitlines()[::2]
        check(caller in names, f"{function}: called from {names}, not from {caller}: {told}")
        check(statuses(lines)[-1][1:3] == (30.0, 0), f"{function}: frames stop: {lines}")
        events = board.events()
        check([e["on"] for e in events if e.get("led") == "LED3"] == [True], f"{function}: the red LED")
        check(all(len([t for t in blinks(events, led) if t > 3e6]) for led in ("LED2", "LED4")), f"{function}: LEDs")
    for core, other, function, name in (("cm4", whole[:2], "dcmi_mdma_interrupt", "M4"),
                                        ("cm7", whole[2:], "dma2d_result", "M7")):
        lines = board.run(2.5, *other, *board.broken(core, function, undefined))
        check(any(line.startswith(f"{name}: the core stopped, in a handler: bad instruction, at 0x0") for line in lines),
              f"{function}: {lines}")


if __name__ == "__main__":
    cases = {"minute": minute, "modes": modes, "starts": starts, "shell": shell, "editing": editing, "pins": pins, "reboot": reboot,
             "faults": faults}
    cases[sys.argv[2]](Board(sys.argv[1]))
