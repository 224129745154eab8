#!/usr/bin/env python3
"""The user interface on the panel: what it looks like, beside pictures of each screen, and what touches do.

usage: panel.py DUET CASE         CASE: screens, films, pages, errors, pulled,
                                        settings, moving, response, latency
       panel.py DUET keep CASE    takes what is seen now as the pictures to compare with (look at them!)
Exit status 77: the tools that make and check images are not here.
"""
import os
import shutil
import subprocess
import sys

from camera_system import Board, check, statuses, write_picture
from recording import Stick, TOOLS, expect, tool

PICTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "panel")
WIDTH, HEIGHT, TILE = 800, 480, 32
# What is never the same: figures of loads and rates.
FIGURES = (650, 284, 790, 376)

MAIN = {"record": (720, 106), "photo": (683, 176), "eject": (757, 176), "gallery": (683, 244), "settings": (757, 244),
        "note": (720, 428)}
BACK, REMOVE, OK, KEEP, YES = (671, 32), (720, 448), (400, 330), (310, 330), (490, 330)
PLAY, FROM_START, GALLERY_BACK = (720, 262), (720, 320), (40, 36)


def card(n):
    return 16 + n % 4 * 196 + 90, 76 + n // 4 * 204 + 70


def tap(time, place, held=0.08):
    return [{"t": round(time * 1e6), "touch": list(place)}, {"t": round((time + held) * 1e6), "lift": True}]


def pixels(path):
    return subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                          capture_output=True, check=True).stdout


def difference(seen, kept, masks):
    """The mean difference in the tile that differs most, of 255."""
    worst = 0
    for top in range(0, HEIGHT, TILE):
        for left in range(0, WIDTH, TILE):
            if any(left < right and left + TILE > x and top < bottom and top + TILE > y for x, y, right, bottom in masks):
                continue
            total = 0
            for y in range(top, top + TILE):
                at, end = (y * WIDTH + left) * 3, (y * WIDTH + left + TILE) * 3
                if seen[at:end] != kept[at:end]:
                    total += sum(abs(a - b) for a, b in zip(seen[at:end], kept[at:end]))
            worst = max(worst, total / (TILE * TILE * 3))
    return worst


class Panel:
    """A run of the board with pictures of its panel on the way."""

    def __init__(self, board, keep):
        self.board, self.keep, self.deeds, self.shots = board, keep, [], []

    def tap(self, time, place, held=0.08):
        self.deeds += tap(time, place, held)

    def shot(self, time, name, masks=(FIGURES,)):
        path = self.board.path(f"{name}.png")
        self.deeds.append({"t": round(time * 1e6), "screenshot": path})
        self.shots.append((name, path, masks))

    def run(self, seconds, *options, typed=()):
        lines = self.board.run(seconds, *options, typed=typed, also=self.deeds)
        for name, path, masks in self.shots:
            kept = os.path.join(PICTURES, f"{name}.png")
            if self.keep:
                os.makedirs(PICTURES, exist_ok=True)
                shutil.copy(path, kept)
            else:
                worst = difference(pixels(path), pixels(kept), masks)
                check(worst < 12, f"{name}.png differs by {worst:.1f} in a tile from {kept}: the panel shows {path}")
                print(f"{name}: differs by {worst:.2f} at most")
        return lines

    def no_frame_is_lost(self, lines):
        frames, _, drops, _, _, underruns, lost = statuses(lines)[-1]
        check((drops, underruns, lost) == (0, 0, 0), f"{frames:.0f} frames, {drops:.0f} drops, {underruns:.0f} underruns")


def screens(board, keep):
    """Main view, recording, log, settings; nothing is lost while the panel is used."""
    stick, panel = Stick(board), Panel(board, keep)
    panel.shot(1.9, "main")
    panel.tap(2.0, MAIN["record"])
    panel.tap(3.0, MAIN["note"])
    panel.shot(4.2, "recording")
    panel.tap(4.3, MAIN["note"])
    panel.tap(4.5, MAIN["record"])
    panel.tap(4.8, MAIN["settings"])
    panel.shot(5.3, "settings")
    panel.tap(5.4, BACK)
    panel.tap(5.6, MAIN["eject"])
    panel.shot(6.2, "ejected")
    panel.tap(6.3, OK)
    lines = panel.run(6.8, "--stick", stick.image, typed=[(0.8, "camera pattern on\r"), (6.5, "status\r")])
    expect(lines, "M4: recording DUET0001.AVI", r"M4: DUET0001.AVI: 7\d frames", "M4: the stick may be taken out")
    panel.no_frame_is_lost(lines)
    stick.is_clean()


def films(board, keep):
    """Gallery, picture, film that is played, paused, played again; removed after a question."""
    stick, panel = Stick(board), Panel(board, keep)
    panel.tap(1.3, MAIN["photo"])
    panel.tap(1.6, MAIN["record"])
    panel.tap(2.3, MAIN["gallery"])
    panel.tap(2.6, card(0))
    panel.shot(3.0, "not-while-recording")
    panel.tap(3.1, OK)
    panel.tap(3.3, GALLERY_BACK)
    panel.tap(3.5, MAIN["record"])
    panel.tap(3.8, MAIN["gallery"])
    panel.shot(4.5, "gallery", ())
    panel.tap(4.6, card(1))
    panel.shot(5.0, "picture", ())
    panel.tap(5.1, BACK)
    panel.tap(5.3, card(0))
    panel.tap(5.9, PLAY)
    panel.shot(6.3, "playing", ())
    panel.tap(6.4, REMOVE)
    panel.shot(6.8, "remove", ())
    panel.tap(6.9, KEEP)
    panel.tap(7.1, FROM_START)
    panel.tap(9.6, PLAY) # it has ended: again
    panel.tap(10.0, BACK)
    panel.tap(10.3, card(1))
    panel.tap(10.7, REMOVE)
    panel.tap(10.9, YES)
    panel.tap(11.6, GALLERY_BACK)
    lines = panel.run(12.6, "--stick", stick.image, typed=[(0.8, "camera pattern on\r"), (7.9, "record\r"), (12.3, "status\r")])
    expect(lines, "DUET0001.JPG", "recording DUET0002.AVI", r"DUET0002.AVI: (5[5-9]|60) frames",
           "record: a film or picture is shown")
    panel.no_frame_is_lost(lines)
    check(stick.files() == ["DUET0002.AVI"], f"{stick.files()}")
    stick.is_clean()


def pages(board, keep):
    """A stroke turns the gallery's page. A picture whose name is longer than the panel's is there by its short one: it is shown, removed."""
    del keep
    stick, name = Stick(board), "äöü" * 14 + ".jpg"
    tool("ffmpeg", "-v", "error", "-i", board.path("picture.png"), "-pix_fmt", "yuvj420p", board.path(name))
    for n in range(9): # the latest come first, eight a page
        tool("mcopy", "-i", stick.image, board.path(name), f"::{f'{n}.jpg' if n else name}")
    stroke = [{"t": 2200000 + 20000 * n, "touch": [600 - 40 * n, 200 + 2 * n]} for n in range(8)] + [{"t": 2380000, "lift": True}]
    deeds = tap(1.5, MAIN["gallery"]) + stroke + tap(3.0, card(0)) + tap(3.6, REMOVE) + tap(4.0, YES)
    board.run(4.6, "--stick", stick.image, also=deeds)
    stick.is_clean()
    check(stick.files() == [f"{n}.jpg" for n in range(1, 9)], f"{stick.files()}")


def errors(board, keep):
    """No stick, a full one, a write-protected one: words that a person understands."""
    panel = Panel(board, keep)
    panel.tap(1.8, MAIN["record"])
    panel.shot(2.2, "no-stick")
    panel.tap(2.3, OK)
    panel.tap(2.5, MAIN["gallery"])
    panel.shot(2.9, "gallery-no-stick", ())
    panel.run(3.0, typed=[(0.8, "camera pattern on\r")])
    small, panel = Stick(board, 720), Panel(board, keep)
    panel.tap(1.8, MAIN["record"])
    panel.shot(5.4, "full")
    lines = panel.run(5.5, "--stick", small.image, typed=[(0.8, "camera pattern on\r")])
    expect(lines, r"recording stopped, DUET0001.AVI has \d+ frames: the stick is full")
    os.remove(small.image)
    locked, panel = Stick(board, 720), Panel(board, keep)
    panel.tap(1.8, MAIN["photo"])
    panel.shot(2.3, "protected")
    panel.run(2.4, "--stick", f"{locked.image},ro", typed=[(0.8, "camera pattern on\r")])


def pulled(board, keep):
    """The stick is taken out while a film is played, and while its page is seen: the panel says so."""
    stick, panel = Stick(board), Panel(board, keep)
    panel.tap(1.3, MAIN["record"])
    panel.tap(3.0, MAIN["record"])
    panel.tap(3.4, MAIN["gallery"])
    panel.tap(4.0, card(0))
    panel.deeds.append({"t": 4900000, "unplug": True})
    panel.shot(6.3, "pulled")
    panel.tap(6.4, OK)
    panel.deeds.append({"t": 6600000, "plug": stick.image})
    panel.tap(8.0, card(0))
    panel.deeds.append({"t": 8200000, "unplug": True})
    panel.tap(10.0, OK)
    panel.tap(10.2, GALLERY_BACK)
    lines = panel.run(11, "--stick", stick.image, typed=[(0.8, "camera pattern on\r"), (10.8, "status\r")])
    expect(lines, "the stick was taken out", 'stick "DUET"', "the stick was taken out")
    panel.no_frame_is_lost(lines)


def settings(board, keep):
    """What was chosen is kept on the stick, and comes back with it; a stick that cannot keep it says so."""
    del keep
    stick = Stick(board, 1440)
    choose = tap(1.8, MAIN["settings"]) + tap(2.0, (720, 286)) + tap(2.4, (720, 160)) + tap(2.8, (720, 448))
    lines = board.run(3.6, "--stick", stick.image, also=choose, typed=[(3.4, "camera\r"), (3.5, "cat DUET.CFG\r")])
    expect(lines, "320x240 at 60 a second, mirror on, flip off", "Duet settings", "mode 1", "mirror 1", "flip 0", "pattern 0")
    stick.is_clean()
    lines = board.run(2.4, "--stick", f"{stick.image},ro", also=tap(1.8, MAIN["settings"]) + tap(2.0, (720, 448)), typed=[(2.3, "camera\r")])
    expect(lines, "write-protected", "320x240 at 60 a second, mirror on, flip off")


def moving(board, keep):
    """60 pictures a second while a finger draws the slider, none while nothing changes, and little to do for the M7."""
    del keep
    stick = Stick(board, 2880)
    knob, begin, seconds = 780, 5.4, 1.0
    deeds = tap(1.3, MAIN["record"]) + tap(2.3, MAIN["record"]) + tap(2.6, MAIN["gallery"]) + tap(3.4, card(0))
    steps = round(seconds * 125)
    places = [knob - abs((4 * n + 100) % 200 - 100) for n in range(steps)] # to the left and back
    deeds += [{"t": round((begin + n / 125) * 1e6), "touch": [x, 186]} for n, x in enumerate(places)]
    deeds.append({"t": round((begin + seconds) * 1e6), "lift": True})
    lines = board.run(7.2, "--stick", stick.image, also=deeds, typed=[(0.8, "camera pattern on\r"), (1.0, "status on\r")])
    shown = [event["t"] / 1e6 for event in board.events() if "frame" in event]
    quiet = sum(begin - 0.6 < t < begin for t in shown)
    drawn = sum(begin + 0.1 < t < begin + seconds for t in shown) / (seconds - 0.1)
    check(quiet == 0, f"{quiet} pictures in 0.6 s in which nothing changes")
    check(drawn >= 55, f"{drawn:.0f} pictures a second while the slider is drawn")
    figures = statuses(lines)
    check(all((f[2], f[5], f[6]) == (0, 0, 0) for f in figures), f"{figures}")
    load = max(f[3] for f in figures)
    check(load < 25, f"load M7 {load} %")
    print(f"slider drawn: {drawn:.0f} pictures a second; M7 {load} % at most in any second, recording, gallery and film included")


def latency(board, keep):
    """From what is before the lens to the panel, at several times in a frame's course."""
    del keep
    for name, colour in (("black", "black"), ("white", "white")):
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"color={colour}:s=640x480", "-frames:v", "1",
                        board.path(f"{name}.png")], check=True)
    deeds, shots, changes = [{"t": 1000000, "camera": board.path("black.png")}], {}, 4
    for change in range(changes):
        at = 1.5 + change * 0.3 + change * 0.0083
        deeds += [{"t": round(at * 1e6), "camera": board.path(("white", "black")[change % 2] + ".png")}]
        shots[at] = [(at + n / 1000, board.path(f"{change}-{n}.png")) for n in range(40, 130, 3)]
        deeds += [{"t": round(time * 1e6) + 1, "screenshot": path} for time, path in shots[at]]
    board.run(1.7 + changes * 0.31, also=deeds)
    spot, times = (240 * WIDTH + 320) * 3, []
    for at, series in shots.items():
        looks = [(time, pixels(path)[spot]) for time, path in series]
        changed = [time for time, look in looks if abs(look - looks[0][1]) > 128]
        check(changed, f"what comes before the lens at {at} s is not on the panel 130 ms later")
        times.append((changed[0] - at) * 1000)
    check(max(times) <= 110, f"{times}")
    print(f"lens to panel: {min(times):.0f} to {max(times):.0f} ms")


def response(board, keep):
    """From the finger to the pixel: the first picture in which the button looks touched."""
    del keep
    at = 2.0
    deeds = tap(at, MAIN["photo"], 0.3)
    shots = [(at + n / 1000, board.path(f"{n}.png")) for n in range(0, 60, 2)]
    deeds += [{"t": round(time * 1e6), "screenshot": path} for time, path in shots]
    board.run(2.1, also=deeds, typed=[(0.8, "camera pattern on\r")])
    spot = (160 * WIDTH + 655) * 3
    looks = [(time, pixels(path)[spot:spot + 3]) for time, path in shots]
    changed = [time for time, look in looks if look != looks[0][1]]
    check(changed, "the button never looks touched")
    milliseconds = round((changed[0] - at) * 1000)
    check(milliseconds <= 50, f"the button looks touched after {milliseconds} ms")
    print(f"touch to pixel: {milliseconds} ms at most")


CASES = {"screens": screens, "films": films, "pages": pages, "errors": errors, "pulled": pulled, "settings": settings, "moving": moving,
         "response": response, "latency": latency}


def main(duet, *words):
    if not all(shutil.which(name) for name in TOOLS):
        sys.exit(77)
    board = Board(duet)
    write_picture(board.path("picture.png"), 640, 480)
    CASES[words[-1]](board, words[0] == "keep")


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[-1] not in CASES:
        sys.exit(__doc__)
    main(*sys.argv[1:])
