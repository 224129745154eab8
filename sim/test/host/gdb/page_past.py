#!/usr/bin/env python3
"""What the live page did is in the past too: page_past.py DUET BUILD

A fresh stick is plugged in and a picture put before the camera by the page. A debugger that goes back to
before that and forward again finds the same run: the stick is mounted again, the pictures are the same.
"""
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "page"))
from board import Board, need_firmware, symbol
from past import BEGIN, run_to, state
from remote import Link, expect, monitor
from wire import Wire, bring


def picture():
    return subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "mandelbrot=s=160x120", "-frames:v", "1",
                           "-f", "image2pipe", "-c:v", "png", "-"], stdout=subprocess.PIPE, check=True,
                          stdin=subprocess.DEVNULL).stdout


def from_the_page(url):
    page = Wire(url, "duet")
    page.order(plug="fresh")
    while page.news("stick")["state"] != "plugged":
        pass
    expect("a picture is brought", bring(url, "camera", "fractal.png", picture()) == {"ok": True})
    while page.news("camera") != "fractal.png":
        pass
    page.close()


def scratch(folder):
    return [name for name in os.listdir(folder) if name.startswith("duet-")]


FRAMES = 0xD0000000  # the camera's first frame lies there


def run_on(link, at, times):
    expect("a breakpoint", link.ask(f"Z0,{at:x},2") == "OK")
    for _ in range(times):
        reply, _ = link.run("vCont;c")
        expect("is reached", reply.startswith("T05"), reply)
    link.ask(f"z0,{at:x},2")
    return state(link) + [link.ask(f"m{FRAMES + n:x},200") for n in range(0, 0x80000, 0x10000)]


def main():
    duet, build = sys.argv[1:]
    need_firmware(build)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TMPDIR"] = folder
        board = Board(duet, "--web", "127.0.0.1:0", "--for", "1s")
        link = Link(board.port)
        run_to(link, symbol(build, "cm7", "main"))
        from_the_page(re.search(r"http://\S+", board.said).group())
        mount, shown = symbol(build, "cm4", "f_mount"), symbol(build, "cm7", "duet_frame_release")
        mounted = run_on(link, mount, 1)
        pictures = run_on(link, shown, 3)
        expect("a picture is seen", len(set(pictures[-8:])) > 4)
        run_on(link, shown, 1)  # the present is behind all that is looked at again
        expect("back to the beginning", BEGIN in link.run("bc")[0])
        expect("the stick is mounted as before", run_on(link, mount, 1) == mounted)
        expect("the pictures are as before", run_on(link, shown, 3) == pictures)
        expect("in the past", "in the past" in monitor(link, "time"))
        expect("and on to the end", link.run("vCont;c")[0] == "W00")
        expect("exit status", board.end()[0] == 0)
        expect("nothing is left in TMPDIR", not scratch(folder), scratch(folder))


main()
