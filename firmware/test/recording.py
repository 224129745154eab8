#!/usr/bin/env python3
"""The camera system records to a stick: what a person types, and what a computer finds on the stick then.

usage: recording.py DUET CASE [SECONDS]     CASE: film, scenario, exfat, touch, snapshot, pulled, full, full_at_eject,
                                            no_name, too_slow, too_large, read_only, odd
Exit status 77: the tools that make and check images are not here.
"""
import os
import re
import shutil
import subprocess
import sys

from camera_system import Board, check, noise, write_picture

SYNC_FRAMES = 30  # of a film that is cut off at most so many are lost
TOOLS = ("mkfs.exfat", "fsck.exfat", "mkfs.fat", "fsck.fat", "mcopy", "ffmpeg", "ffprobe")


def tool(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    check(done.returncode == 0, f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout


class Stick:
    """A fresh one, or what is in an image."""

    def __init__(self, board, kilobytes=65536, options=(), image=None):
        self.image = image or board.path("stick.img")
        self.board = board
        if not image:
            tool("mkfs.fat", "-C", "-n", "DUET", *options, self.image, str(kilobytes))

    def files(self):
        return re.findall(r"^::/(\S+)$", tool("mdir", "-b", "-i", self.image, "::"), re.M)

    def copy(self, name):
        path = self.board.path(name)
        tool("mcopy", "-n", "-i", self.image, f"::{name}", path)
        return path

    def is_clean(self):
        tool("fsck.fat", "-n", self.image)

    def has_a_torn_tail_at_most(self, name):
        """fsck cuts the open file to what the folder says, and finds no more to do."""
        done = subprocess.run(["fsck.fat", "-n", self.image], capture_output=True, text=True, check=False)
        known = re.compile(rf"fsck\.fat |/{re.escape(name)}$|  File size is \d+ bytes, cluster chain length is > \d+ bytes\.$"
                           r"|  Truncating file to|Free cluster summary|  Auto-correcting|Leaving|FATs differ|  Using first FAT"
                           r"|Reclaimed \d+ unused|\s*$|" + re.escape(self.image))
        strange = [line for line in done.stdout.splitlines() if not known.match(line)]
        check(not strange, f"fsck repairs more than the tail of {name}: {strange}")


def expect(lines, *patterns):
    at = 0
    for pattern in patterns:
        while at < len(lines) and not re.search(pattern, lines[at]):
            at += 1
        check(at < len(lines), f"no /{pattern}/ in {lines}")


def frames_of(path):
    return int(tool("ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames",
                    "-of", "csv=p=0", path).split(",")[0])


def worst_psnr(path, picture):
    """Of each frame against the picture before the lens."""
    tool("ffmpeg", "-v", "error", "-i", path, "-i", picture, "-lavfi",
         f"[0]format=gbrp[a];[1]format=gbrp[b];[a][b]psnr=stats_file={path}.psnr", "-f", "null", "-")
    with open(f"{path}.psnr", encoding="utf-8") as file:
        return min(float(value) for value in re.findall(r"psnr_avg:([\d.]+)", file.read()))


def film(board, seconds=3.0):
    """Plug, record, stop, eject: clean by fsck, every frame there, each like the picture."""
    kilobytes = max(262144, round(seconds * 1000))
    stick = Stick(board, kilobytes)
    size = str(kilobytes * 1024 // 1000000)[:2]
    end = 2.0 + seconds
    lines = board.run(end + 1.5, "--stick", stick.image,
                      typed=[(2.0, "record\r"), (end, "stop\rls\reject\rls\r")])
    expect(lines, rf'M4: stick "DUET": FAT\d\d, {size}\d MB', r"^recording DUET0001.AVI$", r"^DUET0001.AVI: \d+ frames$",
           r"\d+  2025-01-01 00:00  DUET0001.AVI$", r"^1 entry$", r"the stick may be taken out", r"ls: the stick was ejected: plug it in again")
    stick.is_clean()
    path = stick.copy("DUET0001.AVI")
    frames, meant = frames_of(path), round(seconds * 30)
    check(abs(frames - meant) <= 1, f"{frames} frames in {seconds} s")
    psnr = worst_psnr(path, board.path("picture.png"))
    check(psnr > 28, f"{psnr} dB")
    print(f"{seconds} s: {frames} frames, {psnr:.1f} dB at least, {os.path.getsize(path)} bytes")


BUTTONS = {"record": (720, 106), "photo": (683, 176), "eject": (757, 176)}


def touched(time, button, held=0.1):
    x, y = BUTTONS[button]
    return [{"t": round(time * 1e6), "touch": [x, y]}, {"t": round((time + held) * 1e6), "lift": True}]


def dragged(time):
    """A finger over the picture, and off it."""
    moves = [{"t": round((time + 0.02 * n) * 1e6), "touch": [300 + 10 * n, 100 + 5 * n]} for n in range(10)]
    return moves + [{"t": round((time + 0.25) * 1e6), "lift": True}]


def pixel(board, x, y):
    """Of the screenshot, as (red, green, blue)."""
    path = board.path("screen.png")
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-vf", f"crop=1:1:{x}:{y}", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                         capture_output=True, check=True).stdout
    return tuple(raw[:3])


def touch(board):
    """Record, stop, photo and eject by touch alone; a finger that slides off does nothing."""
    stick = Stick(board)
    slid = [{"t": 1500000, "touch": list(BUTTONS["record"])}, {"t": 1600000, "touch": [300, 200]}, {"t": 1700000, "lift": True}]
    lines = board.run(6.2, "--stick", stick.image,
                      also=slid + touched(2.0, "record") + touched(4.0, "record") + touched(4.6, "photo") + touched(5.2, "eject"))
    expect(lines, 'M4: stick "DUET"', "M4: recording DUET0001.AVI", r"M4: DUET0001.AVI: (59|60|61) frames", "M4: DUET0002.JPG",
           "M4: the stick may be taken out")
    check(sum("recording" in line for line in lines) == 1, f"{lines}")
    stick.is_clean()
    check(abs(frames_of(stick.copy("DUET0001.AVI")) - 60) <= 1, "the film has other frames")
    shown = []
    for until in (2.0, 2.05):
        board.run(until, "--stick", stick.image, "--screenshot", board.path("screen.png"), also=touched(2.0, "photo", 0.5))
        shown.append(pixel(board, 655, 160))
    check(shown[0] != shown[1] and shown[1][2] > 200, f"a button that is touched looks like {shown} 50 ms later")


def scenario(board):
    """As a person does it: plug, touch, ten seconds, touch, eject. Once more while the panel is used all the time."""
    use = sum((dragged(2.0 + 0.5 * n) for n in range(18)), []) + touched(4.3, "photo") + touched(8.3, "photo")
    for used in (False, True):
        stick = Stick(board)
        deeds = [{"t": 300000, "plug": stick.image}] + touched(1.6, "record") + touched(11.6, "record") + touched(12.4, "eject")
        lines = board.run(13, also=deeds + (use if used else []))
        expect(lines, 'M4: stick "DUET"', "M4: recording DUET0001.AVI", r"M4: DUET0001.AVI: (299|300|301) frames", "M4: the stick may be taken out")
        stick.is_clean()
        path = stick.copy("DUET0001.AVI")
        frames, psnr = frames_of(path), worst_psnr(path, board.path("picture.png"))
        check(299 <= frames <= 301 and psnr > 28, f"{frames} frames, {psnr} dB")
        check(len(stick.files()) == (3 if used else 1), f"{stick.files()}")
        print(f"10 s{' while the panel is used' if used else ''}: {frames} frames, {psnr:.1f} dB at least, clean")
        os.remove(stick.image)


def exfat(board):
    """A stick as large ones are formatted: clean by fsck.exfat, and the film is as long as it was said to be."""
    image = board.path("exfat.img")
    with open(image, "wb") as file:
        file.truncate(256 << 20)
    tool("mkfs.exfat", "-L", "LARGE", image)
    lines = board.run(4, "--stick", image, typed=[(1.5, "record\r"), (3.0, "stop\r"), (3.2, "ls\r"), (3.5, "eject\r")])
    expect(lines, 'M4: stick "LARGE": exFAT', "recording DUET0001.AVI", "DUET0001.AVI: 4[456] frames", "  DUET0001.AVI$", "may be taken out")
    tool("fsck.exfat", "-n", image)


def snapshot(board):
    """A picture while nothing and while a film is recorded; names go on."""
    stick = Stick(board)
    lines = board.run(4.5, "--stick", stick.image,
                      typed=[(1.5, "snapshot\r"), (2.0, "record\r"), (2.7, "snapshot\r"), (3.5, "stop\r"),
                             (3.8, "rm DUET0001.JPG\r"), (4.0, "rm NONE.JPG\r"), (4.2, "snapshot now\r")])
    expect(lines, "^DUET0001.JPG$", "recording DUET0002.AVI", "^DUET0003.JPG$", r"DUET0002.AVI: 4\d frames",
           "NONE.JPG: no such file", "usage: snapshot")
    stick.is_clean()
    check(stick.files() == ["DUET0002.AVI", "DUET0003.JPG"], f"{stick.files()}")
    psnr = worst_psnr(stick.copy("DUET0003.JPG"), board.path("picture.png"))
    check(psnr > 28, f"{psnr} dB")


def pulled(board):
    """Taken out in the middle of a film, then another one is plugged in and records at once."""
    first, second = Stick(board), board.path("second.img")
    tool("mkfs.fat", "-C", second, "65536")
    with open(board.path("more"), "w", encoding="utf-8"):
        pass
    lines = board.run(7.5, "--stick", first.image, typed=[(1.5, "record\r"), (5.3, "record\r"), (6.5, "stop\r")],
                      also=[{"t": 4200000, "unplug": True}, {"t": 4500000, "plug": second}])
    expect(lines, "recording DUET0001.AVI", "M4: DUET0001.AVI was cut off: of its 8[0-9] frames the last second may be lost",
           "M4: the stick was taken out$", 'M4: stick ""',
           "recording DUET0001.AVI", r"DUET0001.AVI: 3\d frames")
    first.has_a_torn_tail_at_most("DUET0001.AVI")
    frames = frames_of(first.copy("DUET0001.AVI"))
    check(frames >= 60, f"{frames} frames are left of 2.7 s")


def full(board):
    stick = Stick(board, 1440)
    lines = board.run(6, "--stick", stick.image, typed=[(1.5, "record\r"), (5.3, "record\r"), (5.6, "snapshot\r")])
    expect(lines, "recording", r"recording stopped, DUET0001.AVI has \d+ frames: the stick is full", "record: the stick is full",
           "snapshot: the stick is full")
    stick.is_clean()
    check(frames_of(stick.copy("DUET0001.AVI")) > 20, "the film is short")


def full_at_eject(board):
    """The stick becomes full by what is written at its ejection: the film ends there, and the stick may be taken out."""
    stick = Stick(board, 720)
    lines = board.run(4.6, "--stick", f"{stick.image},slow=0.3", typed=[(1.1, "record\r"), (2.9, "eject\r")])
    expect(lines, "^duet> eject$", r"M4: recording stopped, DUET0001.AVI has \d+ frames: the stick is full", "^the stick may be taken out$")
    stick.is_clean()
    check(frames_of(stick.copy("DUET0001.AVI")) > 10, "the film is short")


def no_name(board):
    """A film that must end because the camera changes its size, and none can follow: said, and it is whole."""
    stick = Stick(board)
    tool("mcopy", "-i", stick.image, board.path("picture.png"), "::DUET9998.JPG")
    lines = board.run(3, "--stick", stick.image,
                      typed=[(1.1, "record\r"), (2.1, "camera 320x240 60\r"), (2.6, "status\r"), (2.7, "record\r"), (2.8, "stop\r")])
    expect(lines, "^recording DUET9999.AVI$", r"recording stopped, DUET9999.AVI has \d+ frames: DUET9999 is there",
           "frames .* drops 0", "^record: DUET9999 is there: remove films and pictures$", "^stop: nothing is being recorded$")
    stick.is_clean()
    frames = frames_of(stick.copy("DUET9999.AVI"))
    check(28 <= frames <= 32, f"{frames} frames in 1 s")


def left_out(lines, why):
    return sum(int(n) for n in re.findall(why, "\n".join(lines)))


def too_slow(board):
    """A slow stick that becomes full: how many frames are not in the film is told, and all others are there."""
    stick = Stick(board, 720)
    lines = board.run(4.2, "--stick", f"{stick.image},slow=0.3", typed=[(1.1, "record\r"), (4.0, "status\r")])
    expect(lines, r"the stick was too slow for \d+ frames of DUET0001.AVI", r"recording stopped, DUET0001.AVI has \d+ frames: the stick is full",
           "drops 0")
    stick.is_clean()
    frames = frames_of(stick.copy("DUET0001.AVI"))
    slow = left_out(lines, r"too slow for (\d+) frames")
    check(slow > 10 and frames > 10, f"{frames} frames, {slow} left out")


def too_large(board):
    """Pictures that have more detail than there is room for are left out, and that is said."""
    stick = Stick(board)
    write_picture(board.path("picture.png"), 640, 480, noise)
    lines = board.run(3.4, "--stick", stick.image, typed=[(1.1, "snapshot\r"), (2.2, "record\r"), (3.2, "stop\r")])
    expect(lines, "^snapshot: the picture has too much detail", r"M4: \d+ frames of DUET0001.AVI had too much detail", "DUET0001.AVI: 0 frames")
    large = left_out(lines, r"(\d+) frames of DUET0001.AVI had too much detail")
    check(28 <= large <= 32, f"{large} frames in 1 s")
    stick.is_clean()
    check(stick.files() == ["DUET0001.AVI"], f"{stick.files()}")


def read_only(board):
    stick = Stick(board)
    lines = board.run(3, "--stick", f"{stick.image},ro", typed=[(1.5, "record\r"), (2.0, "snapshot\r"), (2.3, "rm X\r")])
    expect(lines, r'M4: stick "DUET": .* MB free, write-protected$', "^record: write-protected$", "^snapshot: write-protected$", "^X: no such file$")
    stick.is_clean()
    check(stick.files() == [], f"{stick.files()}")


def odd(board):
    """What is no stick, or none for this system, is said to be so, and the camera goes on."""
    with open(board.path("zeros"), "wb") as file:
        file.truncate(8 << 20)
    no_stick = "what is plugged in is no stick"
    # A hub is given five seconds for a stick to come up behind it.
    for what, says, time in ((board.path("zeros"), "the stick has no FAT or exFAT file system", 2.5),
                             ("kind=keyboard", no_stick, 2.5), ("kind=hub", no_stick, 6.5)):
        lines = board.run(time + 1, "--stick", what, typed=[(time, "record\r"), (time + 0.3, "status\r")])
        expect(lines, f"M4: {says}", f"record: {says}", "fps 30.0  drops 0")


CASES = {case.__name__: case for case in (film, scenario, exfat, touch, snapshot, pulled, full, full_at_eject, no_name, too_slow, too_large, read_only, odd)}


def main(duet, case, *seconds):
    if not all(shutil.which(name) for name in TOOLS):
        sys.exit(77)
    board = Board(duet)
    write_picture(board.path("picture.png"), 640, 480)
    CASES[case](board, *(float(s) for s in seconds))


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[2] not in CASES:
        sys.exit(__doc__)
    main(*sys.argv[1:])
