#!/usr/bin/env python3
"""TinyUSB and FatFs on the M4 (apps/usb-stick), unmodified, with sticks of the virtual board.

Usage: usb_stick.py DUET FIRMWARE_FOLDER CASE
Exit status 77: the tools that make and check images are not here.
"""
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile

PIECE, PIECES = 32768, 64


def piece(number):
    """As apps/usb-stick and apps/stick-relay make it."""
    return struct.pack(f"<{PIECE // 4}I", *(number << 16 | n for n in range(PIECE // 4)))


EXPECTED = b"".join(piece(number) for number in range(PIECES))
GREETING = b"hello from the host\n"
MIB = 1 << 20


class Board:
    def __init__(self, duet, folder, work):
        self.duet, self.folder, self.work = duet, folder, work

    def run(self, *options, seconds=3):
        """Console and hash of a run; the firmware and the host are to be quiet about it."""
        command = [self.duet, "run", "--cm7", f"{self.folder}/cm7.elf", "--cm4",
                   f"{self.folder}/cm4.elf", "--for", f"{seconds}s", "--strict", "--hash", *options]
        done = subprocess.run(command, cwd=self.work, capture_output=True, text=True, timeout=300,
                              check=False)
        if done.returncode or done.stderr:
            sys.exit(f"{' '.join(command)}\nstatus {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def path(self, name):
        return os.path.join(self.work, name)


def expect(text, *patterns):
    """Each pattern, after the one before."""
    at = 0
    for pattern in patterns:
        found = re.compile(pattern, re.MULTILINE).search(text, at)
        if not found:
            sys.exit(f"no /{pattern}/ in:\n{text}")
        at = found.end()


def tool(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def make_image(board, name, size, bits, sector=512, partition=False):
    """A FAT image with one file and one folder; how mtools names its file system."""
    path, offset = board.path(name), MIB if partition else 0
    with open(path, "wb") as image:
        image.truncate(size)
        if partition:
            entry = struct.pack("<B3sB3sII", 0, b"\xfe\xff\xff", 0x0c, b"\xfe\xff\xff",
                                offset // sector, (size - offset) // sector)
            image.seek(446)
            image.write(entry + bytes(48) + b"\x55\xaa")
    tool("mkfs.fat", "--invariant", "-F", str(bits), "-S", str(sector), "-n", "TESTSTICK",
         "--offset", str(offset // sector), path, str((size - offset) // 1024))
    volume = f"{path}@@{offset}"
    greeting = board.path("greeting")
    with open(greeting, "wb") as file:
        file.write(GREETING)
    tool("mcopy", "-i", volume, greeting, "::Hello World.txt")
    tool("mmd", "-i", volume, "::Pictures")
    return volume


def check_image(board, volume, offset=0):
    path = volume.split("@@")[0]
    plain = board.path("plain")
    with open(path, "rb") as image, open(plain, "wb") as copy:
        image.seek(offset)
        shutil.copyfileobj(image, copy)
    tool("fsck.fat", "-n", plain)
    tool("mcopy", "-n", "-i", volume, "::duet.bin", board.path("got"))
    with open(board.path("got"), "rb") as file:
        if file.read() != EXPECTED:
            sys.exit("duet.bin is not what the firmware wrote")


def formats(board):
    for bits, size, sector, partition in ((12, 6 * MIB, 512, False), (16, 32 * MIB, 512, True),
                                          (32, 64 * MIB, 512, False), (32, 64 * MIB, 512, True),
                                          (16, 64 * MIB, 4096, False)):
        volume = make_image(board, "a.img", size, bits, sector, partition)
        said = board.run("--stick", f"a.img,sector={sector}")
        expect(said, rf"a stick of {size // sector} sectors of {sector} bytes",
               rf'FAT{bits}, label "TESTSTICK"', rf"Hello World.txt {len(GREETING)}", "Pictures/",
               "wrote 2097152 bytes", "read it", "all is well")
        check_image(board, volume, MIB if partition else 0)
        os.remove(board.path("a.img"))


def speed(board):
    """What the issue of a recording needs: more than 15 MB/s of board time through USB and FAT."""
    said = board.run("--stick", "fresh")
    rate = int(re.search(r"wrote \d+ bytes, (\d+) kB/s", said).group(1))
    if rate < 15000:
        sys.exit(f"{rate} kB/s are written: too slow")
    if board.run("--stick", "fresh") != said:
        sys.exit("two runs with the same stick are not the same")
    expect(board.run("--stick", "fresh,full", seconds=9), "all is well")


def small(board):
    """Where a command is a sector: none is waited for longer than it takes."""
    make_image(board, "a.img", 64 * MIB, 32)
    rate = int(re.search(r"wrote \d+ bytes, (\d+) kB/s", board.run("--stick", "a.img", seconds=2)).group(1))
    if rate < 4000:
        sys.exit(f"{rate} kB/s are written in clusters of 512 bytes: too slow")


def relay(board):
    """The same from the other core: what the M7 makes goes by ipc/ to the M4 and to the stick."""
    wrote = r"wrote 8388608 bytes of the M7's, (\d+) kB/s"
    rate = int(re.search(wrote, board.run("--stick", "fresh", "--check", seconds=2))[1])
    if rate < 15000:
        sys.exit(f"{rate} kB/s are written: too slow")
    volume = make_image(board, "a.img", 64 * MIB, 32)  # slower: a write for each cluster of 512 bytes
    expect(board.run("--stick", "a.img"), wrote)
    tool("fsck.fat", "-n", board.path("a.img"))
    tool("mcopy", "-n", "-i", volume, "::relay.bin", board.path("got"))
    with open(board.path("got"), "rb") as file:
        if file.read() != b"".join(piece(number) for number in range(256)):
            sys.exit("relay.bin is not what the M7 made")


def plugging(board):
    make_image(board, "a.img", 64 * MIB, 32)
    with open(board.path("input"), "w", encoding="utf-8") as file:
        for time, action in ((200, {"plug": "a.img"}), (1500, {"unplug": True}),
                             (1800, {"plug": "kind=keyboard"}), (2600, {"plug": "kind=hub"}),
                             (8500, {"plug": "fresh"})):
            file.write(json.dumps({"t": time * 1000} | action) + "\n")
    expect(board.run("--input", "input", seconds=10), "nothing is plugged in", "all is well",
           "nothing is plugged in", "that is no stick", "that is no stick", "a stick of 2097152",
           "all is well")


def pulled(board):
    """Pulled out amidst writing: the file system is mended by the tail of one file alone."""
    for writes in ("5", "20+3", "60+40", "0+700"):
        volume = make_image(board, "a.img", 64 * MIB, 32)
        said = board.run("--stick", f"a.img,pull={writes}")
        expect(said, "write: FatFs error|create: FatFs error", "nothing is plugged in")
        if tool("mtype", "-i", volume, "::Hello World.txt") != GREETING.decode():
            sys.exit(f"pull={writes}: another file was harmed")
        os.remove(board.path("a.img"))


def faults(board):
    """What goes wrong with a stick is noticed, and told from what does not matter."""
    expect(board.run("--stick", "fresh,ro"), "create: FatFs error 10")
    expect(board.run("--stick", "fresh,stall=7", seconds=4), "all is well")
    expect(board.run("--stick", "fresh,hang=20", seconds=10), "write: FatFs error 1",
           "no stick: it does not answer\n(?!M)")
    expect(board.run("--stick", "fresh,empty", seconds=6), "no stick: there is no card in it")
    expect(board.run("--stick", "fresh,fail=5000-5010"), "write: FatFs error 1")
    expect(board.run("--stick", "fresh,fail=0", seconds=3), "mount: FatFs error 1")
    with open(board.path("empty.img"), "wb") as image:
        image.truncate(8 * MIB)
    expect(board.run("--stick", "empty.img"), "mount: FatFs error 13")


def cables(board):
    """Lost and broken packets are sent again, and nothing comes out wrong."""
    for every in (7, 50, 1000):
        volume = make_image(board, "a.img", 64 * MIB, 32)
        said = board.run("--stick", f"a.img,errors={every}")
        if "all is well" in said:
            check_image(board, volume)
        elif every > 10:
            sys.exit(f"errors={every}:\n{said}")
        os.remove(board.path("a.img"))


def tell_lies(board, seeds):
    """A device that lies each second, and at last a stick: the board goes on, and takes it."""
    with open(board.path("input"), "w", encoding="utf-8") as file:
        for n, seed in enumerate(seeds):
            file.write(json.dumps({"t": n * 1000000 + 200000, "plug": f"fresh,size=4M,garbage={seed}"}) + "\n")
        file.write(json.dumps({"t": len(seeds) * 1000000 + 1000000, "plug": "fresh"}) + "\n")
    expect(board.run("--input", "input", seconds=len(seeds) + 4), "all is well\n(?!.*M4)")


def lies(board):
    """7325 gives its interface a number beyond the host stack's array."""
    tell_lies(board, [7325, *range(1, 120)])


def many_lies(board):
    """A hundred thousand."""
    for first in range(1, 100000, 500):
        tell_lies(board, range(first, first + 500))


def main():
    duet, folder, case = sys.argv[1:4]
    if not all(shutil.which(name) for name in ("mkfs.fat", "fsck.fat", "mcopy")):
        print("skipped: dosfstools or mtools are not here")
        return 77
    with tempfile.TemporaryDirectory() as work:
        globals()[case](Board(os.path.abspath(duet), os.path.abspath(folder), work))
    return 0


if __name__ == "__main__":
    sys.exit(main())
