#!/usr/bin/env python3
"""The stick is pulled out, and the power is cut, after each write of a recording that goes on in a second film: what
a computer finds on the stick then, what is said, and whether the next stick, or this one at the next start, is
recorded to.

usage: stick_cuts.py DUET STICK_CUTS FAT STRIDE NEXT_EVERY     STICK_CUTS: built from sim/test/machine/stick_cuts.c
Of all cuts each STRIDEth is looked at, and with each NEXT_EVERYth of these it is gone on to record.
Exit status 77: the tools that make and check images are not here.
"""
import hashlib
import os
import re
import shutil
import subprocess
import sys

from camera_system import Board, check, terminal, write_picture
from recording import SYNC_FRAMES, TOOLS, Stick, expect, frames_of, tool

MEGABYTES = {16: 64, 32: 144}
SECTORS = {16: 16, 32: 4}
ONE, TWO = "DUET0001.AVI", "DUET0002.AVI"


class Cut:
    """What is left of one."""

    def __init__(self, board, name):
        self.name, self.board = name, board
        self.stick = Stick(board, image=board.path(f"{name}.img"))
        with open(board.path(f"{name}.txt"), encoding="utf-8", newline="") as file:
            before, _, after = file.read().partition("\n---\n")
        self.before, self.after = terminal(before), terminal(after)
        # The story's films are closed when it is said how many frames they have, be it after the cut, and
        # not that it could not be ended. The cut may go through a line.
        said = "\n".join(terminal(before + after.split('M4: stick "')[0]))
        self.closed = [film for film in (ONE, TWO) if re.search(rf"{film}(:| has) \d+ frames", said)
                       and f"{film} was cut off" not in said]
        self.open = TWO if ONE in self.closed else ONE

    def file_hash(self, name):
        path = self.stick.copy(name)
        with open(path, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        os.remove(path)
        return digest

    def frames_left(self, name):
        path = self.stick.copy(name)
        frames = frames_of(path) if os.path.getsize(path) > 512 else 0
        os.remove(path)
        return frames

    def remove(self):
        for suffix in (".img", ".txt", ".next.img"):
            if os.path.exists(self.board.path(self.name + suffix)):
                os.remove(self.board.path(self.name + suffix))


def is_quiet(lines):
    """Nobody complains, no thread stops, the board does not start again."""
    wrong = [line for line in lines if re.search(r"complaint:|checker:|: thread |the core stopped|is up|board stopped", line)]
    check(not wrong, f"{wrong}")


def check_words(cut):
    """It is said in a person's words what happened, once; how many frames the film had then."""
    is_quiet(cut.after)
    said = "\n".join(cut.after)
    check(len(re.findall("^M4: the stick was taken out$", said, re.M)) == 1, f"{cut.after}")
    check("errors" not in said and "does not answer" not in said, f"{cut.after}")
    torn = re.findall(r"M4: (\S+) was cut off: of its (\d+) frames the last second may be lost", said)
    recorded = [line for line in cut.before if re.match("recording|M4: DUET", line)]
    if recorded and len(cut.closed) < 2 and not re.search(r"recording stopped|record:", said):
        check([name for name, _ in torn] == [cut.open], f"torn films {torn} in {cut.after}")
    return int(torn[0][1]) if torn else 0


def check_image(cut, known):
    """Files that were closed are what they are without the cut; the open one has all but its last second."""
    cut.stick.has_a_torn_tail_at_most(cut.open)
    for name in ["OLD.PNG", *cut.closed]:
        digest = cut.file_hash(name)
        check(known.setdefault(name, digest) == digest, f"{name} was harmed")
    return cut.frames_left(cut.open) if cut.open in cut.stick.files() and cut.open not in cut.closed else 0


def check_next_stick(cut):
    image = cut.board.path(f"{cut.name}.next.img")
    stick = Stick(cut.board, image=image)
    expect(cut.after, "the stick was taken out", 'M4: stick "DUET"', f"^recording {ONE}$", rf"^{ONE}: \d+ frames$")
    frames = int(re.search(rf"{ONE}: (\d+) frames", "\n".join(cut.after))[1])
    stick.is_clean()
    check(frames > 10 and frames_of(stick.copy(ONE)) == frames, f"{frames} frames on the next stick")


def check_next_start(cut):
    """The power comes back: what is on the stick stays as it is, and a film is added."""
    left = {name: cut.file_hash(name) for name in cut.stick.files()}
    lines = cut.board.run(2.5, "--stick", cut.stick.image, typed=[(1.4, "record\r"), (2.0, "stop\r"), (2.3, "eject\r")])
    expect(lines, 'M4: stick "DUET"', r"^recording DUET\d+.AVI$", r"^DUET\d+.AVI: \d+ frames$", "may be taken out")
    name, frames = re.search(r"^(\S+): (\d+) frames$", "\n".join(lines), re.M).groups()
    cut.stick.has_a_torn_tail_at_most(cut.open)
    check(name not in left and cut.frames_left(name) == int(frames), f"{name}, {frames} frames")
    for name, digest in left.items():
        check(cut.file_hash(name) == digest, f"{name} was harmed after the next start")


def look_at(cut, known, goes_on, starts):
    frames = check_words(cut)
    left = check_image(cut, known)
    check(left >= frames - SYNC_FRAMES, f"of {frames} frames {left} are left")
    if goes_on:
        check_next_stick(cut)
    if starts:
        check_next_start(cut)


def look_at_whole(board, known):
    cut = Cut(board, "whole")
    is_quiet(cut.before[2:])
    cut.stick.is_clean()
    check(cut.closed == [ONE, TWO], f"{cut.before}")
    for name, digest in known.items():
        check(cut.file_hash(name) == digest, f"{name} is not what it was before a cut")


def main(duet, program, fat, stride, next_every):
    if not all(shutil.which(name) for name in TOOLS):
        sys.exit(77)
    board = Board(duet)
    write_picture(board.path("picture.png"), 640, 480)
    stick = Stick(board, MEGABYTES[int(fat)] * 1024, options=("-F", fat, "-s", str(SECTORS[int(fat)])))
    tool("mcopy", "-i", stick.image, board.path("picture.png"), "::OLD.PNG")
    firmware = os.path.join(os.path.dirname(duet), "firmware/camera")
    command = [program, f"{firmware}/cm7.elf", f"{firmware}/cm4.elf", board.path("picture.png"), stick.image,
               board.folder.name, "3", stride, next_every, "1"]
    known, count = {}, 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as cuts:
        for line in cuts.stdout:
            name = line.split()[0]
            if name == "whole":
                break
            cut = Cut(board, name)
            try:
                look_at(cut, known, count % int(next_every) == 0, count % (4 * int(next_every)) == 0)
            except BaseException as wrong:
                cuts.kill()
                cuts.stdout.read()  # its copies write into the folder until they end
                if not isinstance(wrong, SystemExit):
                    raise
                sys.exit(f"cut {name}: {wrong}\n" + "\n".join(cut.before[-4:] + ["---"] + cut.after))
            cut.remove()
            count += 1
    check(cuts.returncode == 0 and line.startswith("whole"), f"stick_cuts ended with {cuts.returncode}")
    look_at_whole(board, known)
    print(f"{count} of {line.split()[1]} cuts, FAT{fat}: nothing is lost but the open film's last second")


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    main(*sys.argv[1:])
