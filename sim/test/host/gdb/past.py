#!/usr/bin/env python3
"""Back in time, by a plain socket: past.py DUET BUILD"""
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile

from board import Board, hash_of, need_firmware, plain_hash, symbol
from remote import Link, expect, monitor, word

BEGIN = "replaylog:begin"
SHOWN = (0x24000000, 0x30000000, 0x10020000, 0x20000000)


def state(link):
    """All that can be seen: both cores' registers and counts, board time, some of each memory."""
    seen = [monitor(link, "time").replace(", in the past", "")]
    seen += [monitor(link, "hsem"), monitor(link, "regs DMA2")]
    chosen = link.ask("qC")[2:]
    for thread in "12":
        link.ask("Hg" + thread)
        seen.append(link.ask("g"))
        seen += [link.ask(f"m{at:x},200") for at in SHOWN]
    link.ask("Hg" + chosen)
    return seen


def beginning(link):
    for packet in ("bs", "bc"):
        reply, _ = link.run(packet)
        expect(f"{packet} before the first instruction", BEGIN in reply, reply)
    first = state(link)
    link.run("vCont;s:1")
    reply, _ = link.run("bs")
    expect("the first instruction undone", reply == "T05thread:1;" and state(link) == first, reply)
    expect("and no more than that", BEGIN in link.run("bs")[0] and state(link) == first)


def run_to(link, at):
    expect("a breakpoint", link.ask(f"Z0,{at:x},2") == "OK")
    reply, _ = link.run("vCont;c")
    expect("is reached", reply.startswith("T05"), reply)
    expect("and goes", link.ask(f"z0,{at:x},2") == "OK")


def steps(link, thread, count):
    """n instructions back and n forward, each place as it was."""
    seen = []
    link.run(f"vCont;s:{thread}")  # right after an instruction of this core
    for _ in range(count):
        seen.append(state(link))
        reply, _ = link.run(f"vCont;s:{thread}")
        expect("a step", reply == f"T05thread:{thread};", reply)
    end = state(link)
    for n in reversed(range(count)):
        link.ask(f"Hg{thread}")
        reply, _ = link.run("bs")
        if reply != f"T05thread:{thread};" or state(link) != seen[n]:
            expect(f"{count - n} steps back", False, reply)
    for n in range(1, count + 1):
        link.run(f"vCont;s:{thread}")
        if state(link) != (seen + [end])[n]:
            expect(f"{n} steps forward again", False)
    expect(f"{count} steps of thread {thread} back and forward", True)


def stops_backwards(link, at, count):
    """Stops at a breakpoint, the same ones forward and backwards."""
    link.ask(f"Z0,{at:x},2")
    forward = []
    for _ in range(count):
        link.run("vCont;c")
        forward.append(state(link))
    backward = [forward[-1]]
    for _ in range(count - 1):
        reply, _ = link.run("bc")
        expect("a stop", "thread" in reply and BEGIN not in reply, reply)
        backward.append(state(link))
    expect("the same stops backwards", backward == forward[::-1])
    again = [backward[-1]]
    for _ in range(count - 1):
        link.run(f"z0,{at:x},2")  # as gdb goes on from a breakpoint
        link.run("vCont;s:2")
        link.run(f"Z0,{at:x},2")
        link.run("vCont;c")
        again.append(state(link))
    expect("and forward again", again == forward)
    expect("which is the present", "in the past" not in monitor(link, "time"))
    link.ask(f"z0,{at:x},2")


def watch_backwards(link, address):
    """A watch on what a DMA writes: before each write the value that the last one left."""
    link.ask(f"Z2,{address:x},4")
    values = []
    for _ in range(4):
        reply, said = link.run("vCont;c")
        expect("a write", f"watch:{address:x}" in reply and "DMA2" in said, reply, said)
        values.append((word(link.ask(f"m{address:x},4")), said))
    for n in (3, 2, 1):
        reply, said = link.run("bc")
        expect("the write, named as before", f"watch:{address:x}" in reply and said == values[n][1],
               reply, said)
        expect("is undone", word(link.ask(f"m{address:x},4")) == values[n - 1][0])
        before = state(link)
        reply, _ = link.run("bs")
        expect("gdb's own step moves nothing", "watch" not in reply and state(link) == before)
    link.ask(f"z2,{address:x},4")


def trial(link):
    """What is changed in the past is tried out there; the run that was recorded stays."""
    link.ask("Hg1")
    link.run("bs")
    before = state(link)
    expect("in the past", "in the past" in monitor(link, "time"))
    expect("a register", link.ask("P3=12345678") == "OK" and link.ask("p3") == "12345678")
    expect("memory", link.ask("M24070000,2:aa55") == "OK" and link.ask("m24070000,2") == "aa55")
    expect("a trial", "a trial" in monitor(link, "time"))
    expect("a step", link.run("vCont;s:1")[0] == "T05thread:1;")
    expect("a reset", "first instruction" in monitor(link, "reset"))
    link.send("vCont;c")
    expect("runs on, past the end of the run", link.wait(1) is None)
    link.send_raw(b"\3")
    expect("until it is interrupted", link.receive().startswith("T02"))
    link.ask("Hg1")
    link.run("bs")
    link.run("vCont;s:1")
    expect("and the run that was recorded is as it was", state(link) == before)


def wander(link, rounds):
    """Anywhere, at random: what was seen once at a count of instructions is there again."""
    draw, seen = random.Random(1), {}
    for _ in range(rounds):
        thread = draw.choice("12")
        link.ask("Hg" + thread)
        for packet in draw.choices(("bs", f"vCont;s:{thread}"), k=draw.randint(1, 6)):
            reply, _ = link.run(packet)
            if not reply.startswith("T05thread:" + thread):
                expect("a stop", False, packet, reply)
        now = state(link)
        place = (thread, now[0])
        if seen.setdefault(place, now) != now:
            expect("the same place twice", False, now, seen[place])
    expect(f"{rounds} rounds at random", True)


def outputs(duet, options, folder, gdb):
    names = [os.path.join(folder, name) for name in ("console", "events", "trace")]
    arguments = [*options, "--console", names[0], "--events", names[1], "--trace", names[2]]
    if gdb:
        board = Board(duet, "--hash", *arguments)
        gdb(Link(board.port))
        status, out, _ = board.end()
        expect("exit status", status == 0)
        result = hash_of(out)
    else:
        result = plain_hash(duet, *arguments)
    return result, [open(name, "rb").read() for name in names]


def whole_session(build):
    def session(link):
        beginning(link)
        run_to(link, symbol(build, "cm7", "main"))
        steps(link, 1, 12)
        steps(link, 2, 12)
        wander(link, 12)
        lines = symbol(build, "cm4", "line_buffers")
        watch_backwards(link, lines)
        trial(link)
        stops_backwards(link, symbol(build, "cm4", "SysTick_Handler"), 4)
        link.send("vCont;c")
        link.send_raw(b"\3")
        expect("the interrupt", link.receive().startswith("T02"))
        expect("back from there", BEGIN in link.run("bc")[0])
        expect("and to the end", link.run("vCont;c")[0] == "W00")
    return session


def film(folder):
    path = os.path.join(folder, "film.mp4")
    picture = "gradients=size=160x120:rate=25:c0=orange:c1=navy"  # nowhere black, as no picture is
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", picture, "-t", "1", "-pix_fmt",
                    "yuv420p", path], check=True, stdin=subprocess.DEVNULL)
    return path


def changes_in_the_present(duet, build):
    """What a debugger changes in the present is there again when it comes by from the past."""
    board = Board(duet, "--for", "100ms")
    link = Link(board.port)
    run_to(link, symbol(build, "cm7", "main"))
    expect("a byte is changed", link.ask("M24070000,4:01020304") == "OK")
    link.run("vCont;s:1")
    link.run("bs")
    link.run("bs")
    expect("before it", link.ask("m24070000,4") == "00000000")
    link.run("vCont;s:1")
    link.run("vCont;s:1")
    expect("after it", link.ask("m24070000,4") == "01020304")
    expect("kill", link.send("k") is None)
    expect("ends it, from the past or not", board.end()[0] == 0)


def end_in_the_past(duet, build):
    board = Board(duet, "--for", "100ms")
    link = Link(board.port)
    run_to(link, symbol(build, "cm7", "main"))
    expect("a step back", link.run("bs")[0] == "T05thread:1;")
    board.process.send_signal(signal.SIGINT)
    try:
        gone = link.receive() is None
    except ConnectionResetError:
        gone = True
    expect("Ctrl-C ends all of it", gone and board.end()[0] == 0)


def main():
    duet, build = sys.argv[1:3]
    need_firmware(build)
    with tempfile.TemporaryDirectory() as folder:
        clicks = os.path.join(folder, "input")
        with open(clicks, "w") as file:
            file.write('{"t":150000,"type":"help\\r"}\n{"t":190000,"touch":[100,100]}\n')
        options = ["--for", "300ms", "--input", clicks]
        if shutil.which("ffmpeg"):
            options += ["--camera", film(folder)]
        plain = outputs(duet, options, folder, None)
        looked = outputs(duet, options, folder, whole_session(build))
    expect("the hash is that of an undisturbed run", plain[0] == looked[0])
    for n, name in enumerate(("console", "events", "trace")):
        expect(f"so is --{name}", plain[1][n] == looked[1][n])
    changes_in_the_present(duet, build)
    end_in_the_past(duet, build)


if __name__ == "__main__":
    main()
