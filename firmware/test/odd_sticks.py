#!/usr/bin/env python3
"""Sticks that fail, and what may be on one: what a person types at the camera system's console, and reads.

usage: odd_sticks.py DUET CASE     CASE: errors, silent, tree, names, in_use, many, all_of_many
Exit status 77: the tools that make and check images are not here.
"""
import os
import re
import shutil
import struct
import sys

from camera_system import PROMPT, Board, answers, check, write_picture
from recording import TOOLS, Stick, expect, frames_of, tool

os.environ["LC_ALL"] = "C.UTF-8"  # of mtools


def put(stick, name, text=b""):
    path = stick.board.path("put")
    with open(path, "wb") as file:
        file.write(text)
    tool("mcopy", "-i", stick.image, path, f"::{name}")


def after_prompt(lines, command):
    """The answer to a command, without what the board said by itself meanwhile."""
    return [line for line in answers(lines, command) if not line.startswith("M4: ")]


def goes_on(lines):
    """No thread has stopped, the board has not started again, frames come."""
    check(sum("is up" in line for line in lines) == 1, f"the board started again: {lines}")
    check(not any("stopped: " in line and "thread" in line for line in lines), f"{lines}")
    expect(lines, r"fps 30\.0  drops 0")


def errors(board):
    """Sectors that cannot be read or written: at the mounting, in a film, in its folder's entry; stalls that pass."""
    broken = "the stick reports errors: check it on a computer"
    stick = Stick(board)
    tool("mcopy", "-i", stick.image, board.path("picture.png"), "::OLD.PNG")
    lines = board.run(1.4, "--stick", f"{stick.image},fail=0", typed=[(1.1, "record\r")])
    expect(lines, f"^M4: {broken}$", f"^record: {broken}$")
    lines = board.run(3.8, "--stick", f"{stick.image},fail=4000-4010",
                      typed=[(1.1, "record\r"), (3.0, "stop\r"), (3.1, "cat OLD.PNG\r"), (3.3, "\x03"), (3.6, "status\r")])
    expect(lines, "^recording DUET0001.AVI$", "M4: DUET0001.AVI was cut off: of its .. frames the last second may be lost",
           f"M4: recording stopped, DUET0001.AVI has .. frames: {broken}", "^stop: nothing is being recorded$")
    goes_on(lines)
    stick.has_a_torn_tail_at_most("DUET0001.AVI")
    check(frames_of(stick.copy("DUET0001.AVI")) >= 30, "more than a second is lost")
    lines = board.run(2.5, "--stick", f"{stick.image},stall=40", typed=[(1.1, "record\r"), (2.1, "stop\r"), (2.3, "status\r")])
    expect(lines, "^recording DUET0002.AVI$", r"^DUET0002.AVI: (29|30|31) frames$")
    goes_on(lines)
    check(frames_of(stick.copy("DUET0002.AVI")) in (29, 30, 31), "a stalled command loses frames")


def silent(board):
    """A stick that stops answering, and a reader without a card."""
    stick = Stick(board)
    lines = board.run(9.5, "--stick", f"{stick.image},hang=300", typed=[(1.5, "record\r"), (9.0, "record\r"), (9.2, "status\r")])
    expect(lines, "^recording DUET0001.AVI$", "M4: DUET0001.AVI was cut off", "M4: the stick does not answer", "^record: the stick does not answer")
    goes_on(lines)
    check("M4: the stick was taken out" not in lines, f"{lines}")
    lines = board.run(7, "--stick", f"{stick.image},empty", typed=[(6.0, "record\r"), (6.2, "status\r")])
    expect(lines, "^M4: there is no card in the reader$", "^record: there is no card in the reader$")
    goes_on(lines)


def tree(board):
    """Thirty folders in each other."""
    stick = Stick(board)
    folder = ""
    for _ in range(30):
        folder += "/d"
        tool("mmd", "-i", stick.image, f"::{folder}")
    put(stick, f"{folder}/x.txt", b"down here")
    lines = board.run(3.2, "--stick", stick.image,
                      typed=[(1.1, f"ls {folder}\r"), (1.3, f"cat {folder}/x.txt\r"), (1.5, f"rm {folder}\r"), (1.7, f"rm {folder}/x.txt\r"),
                             (1.9, f"rm {folder}\r"), (2.1, f"ls {folder}\r"), (2.3, "ls /d/d/e\r"), (2.5, "cat d\r"), (2.6, "ls d/\r"),
                             (3.0, "status\r")])
    text = "\n".join(lines)
    check(re.search(r" 9  ....-..-.. ..:..  x.txt$", text, re.M) and "down here" in lines, f"{lines}")
    expect(lines, "folder is not empty$", "no such file$", "^/d/d/e: no such file", "^d: it is a folder$", r"folder +.*d/$", "^1 entry$")
    goes_on(lines)
    stick.is_clean()
    check(tool("mdir", "-b", "-i", stick.image, f"::{folder[:-2]}").split() == [], "the folder is still there")


def names(board):
    """UTF-8, spaces, names as long as there may be, and longer as UTF-8, a file of no bytes; what cannot be one."""
    stick = Stick(board)
    longest = "n" * 251 + ".txt"
    for name in ("Grüße aus 東京.txt", longest, "ä" * 200 + ".txt"):
        put(stick, name, f"in {name[:5]}".encode())
    put(stick, "nothing")
    stays = [name for name in stick.files() if name != "nothing"]
    short = re.search(r"^(\S+) +13 ", tool("mdir", "-i", stick.image, "::"), re.M)[1]
    typed = {"ls": 1.1, 'cat "Grüße aus 東京.txt"': 1.4, "cat NOTHING": 1.6, 'rm "grüße AUS 東京.TXT"': 1.8, "rm nothing": 1.9, "cat nothing": 2.0,
             'rm "a:b?"': 2.1, "cat": 2.2, "ls / /": 2.3, 'cat "open': 2.4, "rm /": 2.5, "cat /": 2.55, "rm \x7f": 2.6, f"ls {longest[:120]}": 2.7,
             f"cat {short}": 2.8, f"ls {short}": 2.9, "status": 3.1}
    lines = board.run(3.3, "--stick", stick.image, typed=[(time, text + "\r") for text, time in typed.items()])
    said = {text: after_prompt(lines, text) for text in typed if "\x7f" not in text and len(text) < 60}
    listed = [re.match(r" *(\d+)  \d{4}-\d\d-\d\d \d\d:\d\d  (.*)$", line).groups() for line in said["ls"][:-1]]
    check([name for _, name in listed] == ["Grüße aus 東京.txt", longest, short, "nothing"] and said["ls"][-1] == "4 entries", f"{said['ls']}")
    for text, meant in {'cat "Grüße aus 東京.txt"': "in Grüße", 'rm "grüße AUS 東京.TXT"': None, "rm nothing": None,
                        "cat NOTHING": "",
                        "cat nothing": "nothing: no such file", 'rm "a:b?"': "a:b?: not a file name", "cat": "usage: cat FILE",
                        "ls / /": "usage: ls [FOLDER]", 'cat "open': "a line has at most 8 words, and an even number of quotes",
                        "rm /": "/: not a file name", "cat /": "/: not a file name", f"cat {short}": "in äääää",
                        f"ls {short}": f"{short}: it is a file"}.items():
        check(said[text] == ([] if meant is None else [meant]), f"{text}: {said[text]}")
    goes_on(lines)
    stick.is_clean()
    check(stick.files() == stays, f"{stick.files()}")


def in_use(board):
    """The film that is being recorded is neither removed nor read, however its name is written."""
    stick = Stick(board)
    spelled = ["DUET0001.AVI", "/DUET0001.AVI", "duet0001.avi", "DUET0001.AVI.", "//Duet0001.Avi"]
    typed = [(1.1, "record\r"), *((1.3 + 0.1 * n, f"rm {name}\r") for n, name in enumerate(spelled)), (1.9, "cat duet0001.avi\r"),
             (2.1, "stop\r"), (2.4, "snapshot\r"), (2.6, "rm duet0002.jpg\r"), (2.8, "ls\r"), (3.0, "status\r")]
    lines = board.run(3.2, "--stick", stick.image, typed=typed)
    for name in spelled:
        check(after_prompt(lines, f"rm {name}") == [f"{name}: in use"], f"rm {name}: {after_prompt(lines, f'rm {name}')}")
    expect(lines, "^duet0001.avi: in use$", r"^DUET0001.AVI: (29|30|31) frames$", "^1 entry$")
    goes_on(lines)
    stick.is_clean()
    check(frames_of(stick.copy("DUET0001.AVI")) in (29, 30, 31), "the film is not whole")


def make_many(stick, count):
    """A folder of so many files of no bytes: what would take mtools hours is copied as a file, and then called a folder."""
    def entry(name, kind, cluster=0):
        return struct.pack("<11sB8xH4xHI", name, kind, cluster >> 16, cluster & 0xffff, 0)

    files = b"".join(entry(b"FILE%04u%s" % (n, b"TXT"), 0x20) for n in range(count))
    put(stick, "MANY", entry(b".", 0x10) + entry(b"..", 0x10) + files)
    with open(stick.image, "r+b") as file:
        image = file.read()
        at = image.index(b"MANY       \x20")
        high, = struct.unpack_from("<H", image, at + 20)
        low, = struct.unpack_from("<H", image, at + 26)
        dots = image.index(entry(b".", 0x10))
        for place, what in ((at, entry(b"MANY".ljust(11), 0x10, high << 16 | low)), (dots, entry(b".".ljust(11), 0x10, high << 16 | low)),
                            (dots + 32, entry(b"..".ljust(11), 0x10))):
            file.seek(place)
            file.write(what)
    stick.is_clean()


def many(board):
    """Ten thousand files in a folder: listing them is ended by ^C, whatever was typed before it; the last one is found, and removed."""
    stick = Stick(board)
    make_many(stick, 10000)
    lines = board.run(4, "--stick", stick.image,
                      typed=[(1.1, "ls many\r"), (1.2, "x" * 300), (1.4, "\x03"), (1.9, "cat many/file9999.txt\r"), (2.2, "rm many/file9999.txt\r"),
                             (2.5, "rm many/file9999.txt\r"), (2.8, "rm many\r"), (3.0, "record\r"), (3.5, "stop\r"), (3.8, "status\r")])
    check(100 < sum("FILE" in line for line in lines) < 1000, "^C does not end it")
    expect(lines, r"^\d+ entries, and perhaps more$")
    expect(lines, "^many/file9999.txt: no such file$", "^many: the folder is not empty$", "^recording DUET0001.AVI$", "^DUET0001.AVI: 1. frames$")
    goes_on(lines)
    stick.is_clean()
    check(tool("mdir", "-b", "-i", stick.image, "::MANY").count("FILE") == 9999, "other files are gone")


def all_of_many(board):
    stick = Stick(board)
    make_many(stick, 10000)
    lines = board.run(40, "--stick", stick.image, typed=[(1.5, "ls many\r"), (39.0, "status\r")])
    check([line.split()[-1] for line in lines if "FILE" in line] == [f"FILE{n:04}.TXT" for n in range(10000)], "not all are listed")
    expect(lines, "^10000 entries$")
    goes_on(lines)


CASES = {case.__name__: case for case in (errors, silent, tree, names, in_use, many, all_of_many)}


def main(duet, case):
    if not all(shutil.which(name) for name in TOOLS):
        sys.exit(77)
    board = Board(duet)
    write_picture(board.path("picture.png"), 640, 480)
    CASES[case](board)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[2] not in CASES:
        sys.exit(__doc__)
    main(*sys.argv[1:])
