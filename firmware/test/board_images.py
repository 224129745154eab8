#!/usr/bin/env python3
"""Checks what a real board gets: the images beside the camera system's ELFs, as programmers load them,
and the commands that write them.

usage: board_images.py DUET CASE      CASE: loads, dfu, packing, commands, option-bytes
"""
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

CORES = {"cm7": 0x08000000, "cm4": 0x08100000}
TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"
SKIPPED = 77


def check(condition, text):
    if not condition:
        sys.exit(f"board_images: {text}")


def run(*command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)


def loads(duet, camera):
    """ELF, HEX and raw images are the same board, to the bit of everything that happens on it."""
    def hash_of(*options):
        ran = run(duet, "run", "--for", "300ms", "--hash", *options)
        check(ran.returncode == 0, f"{options}: {ran.stderr}")
        return ran.stdout.splitlines()[-1]

    def load(suffix, *cores):
        return [word for core in cores for word in ("--load", f"{camera}/{core}{suffix(core)}")]

    elf = hash_of("--cm7", camera / "cm7.elf", "--cm4", camera / "cm4.elf")
    check(elf.startswith("hash "), f"no hash: {elf}")
    for what, suffix in (("hex", lambda core: ".hex"),
                         ("bin", lambda core: f".bin@0x{CORES[core]:08x}")):
        check(hash_of(*load(suffix, *CORES)) == elf, f"the .{what} files run otherwise than the ELFs")
        check(hash_of(*load(suffix, "cm7")) != elf, f"cm4.{what} makes no difference")


def flash_of(elf):
    """What an ELF's segments put into the flash: (address, bytes), gaps between them being zero."""
    data = elf.read_bytes()
    table, = struct.unpack_from("<I", data, 28)
    size, count = struct.unpack_from("<HH", data, 42)
    headers = [struct.unpack_from("<6I", data, table + n * size) for n in range(count)]
    pieces = sorted((physical, data[offset:offset + length])
                    for kind, offset, _, physical, length, _ in headers if kind == 1 and length)
    address, image = pieces[0][0], b""
    for start, piece in pieces:
        image = image.ljust(start - address, b"\0") + piece
    return address, image


def flash_of_hex(path):
    """The same of an Intel HEX file."""
    base, image, first = 0, b"", None
    for line in path.read_text(encoding="ascii").split():
        record = bytes.fromhex(line[1:])
        place, kind, data = base + int.from_bytes(record[1:3], "big"), record[3], record[4:-1]
        if kind == 4:
            base = int.from_bytes(data, "big") << 16
        elif kind == 0:
            first = place if first is None else first
            check(place == first + len(image), f"{path}: a gap before 0x{place:08x}")
            image += data
    return first, image


def crc32(data):
    """As in DFU 1.1, appendix B: the reflected polynomial 0xEDB88320, from all ones, not inverted."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xEDB88320 if crc & 1 else 0)
    return crc


def elements_of(file):
    """Reads a DfuSe file with one target by the format's description alone: [(address, bytes)]."""
    little = lambda start, length: int.from_bytes(file[start:start + length], "little")
    end = len(file) - 16
    check(file[:6] == b"DfuSe\x01", "the prefix's signature or version")
    check(little(6, 4) == end, "the prefix's size is not the file's without its suffix")
    check(file[10] == 1, "targets")
    check(file[11:17] == b"Target" and file[17] == 0, "the target's signature or alternate setting")
    check(little(18, 4) == 1 and file[22:277].rstrip(b"\0") == b"Internal Flash", "the target's name")
    check(little(277, 4) == end - 285, "the target's size")
    elements, place = [], 285
    for _ in range(little(281, 4)):
        length = little(place + 4, 4)
        elements.append((little(place, 4), file[place + 8:place + 8 + length]))
        place += 8 + length
    check(place == end, "the elements do not end where the suffix begins")
    check(little(end, 2) == 0xFFFF and little(end + 2, 2) == 0xDF11 and little(end + 4, 2) == 0x0483,
          "the suffix's device")
    check(file[end + 6:end + 12] == b"\x1a\x01UFD\x10", "the suffix's version, signature or length")
    check(little(end + 12, 4) == crc32(file[:-4]), "the suffix's CRC")
    return elements


def dfu(_, camera):
    elements = elements_of((camera / "camera.dfu").read_bytes())
    check([address for address, _ in elements] == list(CORES.values()), "the elements' addresses")
    for core, element in zip(CORES, elements):
        check(element[1] == (camera / f"{core}.bin").read_bytes(), f"the element is not {core}.bin")
        check(element == flash_of(camera / f"{core}.elf"), f"{core}.bin is not what the ELF loads")
        check(element == flash_of_hex(camera / f"{core}.hex"), f"{core}.bin is not {core}.hex")
    if shutil.which("dfu-suffix"):
        read = run("dfu-suffix", "-c", camera / "camera.dfu")
        check(read.returncode == 0 and "0xDF11" in read.stdout, f"dfu-suffix: {read.stderr}")


def packing(*_):
    """What dfuse.py refuses leaves the file of before as it was."""
    with tempfile.TemporaryDirectory() as folder:
        def pack(*specs):
            return run(TOOLS / "dfuse.py", "out.dfu", *specs, cwd=folder)

        for name, content in (("good", b"12345"), ("empty", b""), ("half", b"x" * 0x100001)):
            pathlib.Path(folder, name).write_bytes(content)
        good = "0x08100000:good"
        check(pack(good, "0x08000000:good").returncode == 0, "two good images were refused")
        packed = pathlib.Path(folder, "out.dfu").read_bytes()
        check(elements_of(packed) == [(0x08000000, b"12345"), (0x08100000, b"12345")], "the order")
        for specs, text in ((["0x08000000:none"], "none"),
                            (["0x08000000:empty"], "empty is empty"),
                            (["good"], "good: not ADDRESS:IMAGE"),
                            (["flash:good"], "flash:good: not ADDRESS:IMAGE"),
                            (["0x07ffffff:good"], "are not in the flash"),
                            (["0x081ffffc:good"], "are not in the flash"),
                            (["0x08200000:good"], "are not in the flash"),
                            ([good, "0x08000000:half"], "runs into the one at 0x08100000"),
                            ([good, good], "runs into the one at 0x08100000")):
            refused = pack(*specs)
            check(refused.returncode == 1 and text in refused.stderr and refused.stderr.count("\n") == 1,
                  f"{specs}: {refused.returncode} {refused.stderr}")
        check(pack().returncode == 2, "no image at all")
        check(pathlib.Path(folder, "out.dfu").read_bytes() == packed, "a refusal changed the output")
        check(len(os.listdir(folder)) == 4, "a refusal left a file behind")


class Desk:
    """The project's front door in a folder of its own, on a computer with these tools and USB devices.
    A tool writes its arguments to `log`."""

    def __init__(self, folder, tools=(), usb=(), status=0):
        self.folder = pathlib.Path(folder)
        self.log = self.folder / "log"
        for name in ("bin", "usb", "tools", "build/firmware/camera"):
            (self.folder / name).mkdir(parents=True)
        for name in ("sh", "cat", "dirname", "make"):
            (self.folder / "bin" / name).symlink_to(shutil.which(name))
        for name in tools:
            tool = self.folder / "bin" / name
            tool.write_text(f'#!/bin/sh\nprintf "%s\\n" {name} "$@" >> {self.log}\nexit {status}\n')
            tool.chmod(0o755)
        for number, device in enumerate(usb):
            (self.folder / "usb" / str(number)).mkdir()
            for file, text in zip(("idVendor", "idProduct"), device.split(":")):
                (self.folder / "usb" / str(number) / file).write_text(text + "\n")
        shutil.copy(TOOLS.parent / "Makefile", self.folder)
        shutil.copy(TOOLS / "board.sh", self.folder / "tools")

    def files(self):
        return sorted(str(path) for path in self.folder.rglob("*"))

    def call(self, *command):
        environment = {"PATH": str(self.folder / "bin"), "DUET_USB_DEVICES": str(self.folder / "usb")}
        return run(*command, cwd=self.folder, env=environment)


# Way, tools, USB devices, and the line that says what is missing.
MISSING = (
    ("flash", [], [], "make flash: OpenOCD is missing: apt-get install openocd"),
    ("flash", ["dfu-util"], ["0483:374e"], "make flash: OpenOCD is missing"),
    ("flash", ["openocd"], [], "make flash: no ST-LINK on USB: connect the board's CN2"),
    ("flash", ["st-flash"], ["1d6b:0002", "0483:df11"], "make flash: no ST-LINK on USB"),
    ("dfu", [], ["0483:df11"], "make dfu: dfu-util is missing: apt-get install dfu-util"),
    ("dfu", ["dfu-util"], [], "make dfu: no STM32 in DFU mode on USB: BOOT0 high"),
    ("dfu", ["dfu-util"], ["0483:374e"], "make dfu: no STM32 in DFU mode on USB"),
)
# Way, tool, USB device, and what the tool is told, a line a word.
WRITES = (
    ("flash", "openocd", "0483:374e", ["-f\nboard/stm32h747i-disco.cfg\n-f\n{tools}/board.tcl\n-c\n"
                                       "duet_flash {{{camera}/cm7.elf}} {{{camera}/cm4.elf}}\n"]),
    ("flash", "st-flash", "0483:374e", ["write\n{camera}/cm4.hex\n", "write\n{camera}/cm7.hex\n"]),
    ("dfu", "dfu-util", "0483:df11", [",0483:df11\n--alt\n0\n--download\n{camera}/camera.dfu\n"]),
)


def commands(_, camera):
    for way, tools, usb, line in MISSING:
        with tempfile.TemporaryDirectory() as folder:
            desk = Desk(folder, tools, usb)
            before = desk.files()
            said = desk.call("make", way)
            check(said.returncode != 0 and said.stderr.startswith(line), f"{line}: {said.stderr}")
            check(said.stderr.count("\n") == 2 and not said.stdout, f"more than a line: {said.stderr}")
            check(desk.files() == before, f"make {way} changed something: {desk.files()}")
    for way, tool, device, told in WRITES:
        for status in (0, 1):
            with tempfile.TemporaryDirectory() as folder:
                write(Desk(folder, [tool], [device], status), camera, way, told, status)


def write(desk, camera, way, told, status):
    place = desk.folder / "build/firmware/camera"
    missing = desk.call("tools/board.sh", way)
    check(missing.returncode == 1 and "is missing: make build" in missing.stderr, missing.stderr)
    for file in camera.iterdir():
        (place / file.name).symlink_to(file)
    check(desk.call("tools/board.sh", way, "--check").returncode == 0 and not desk.log.exists(),
          f"board.sh {way} --check wrote, or missed something")
    said = desk.call("tools/board.sh", way)
    check(said.returncode == status, f"board.sh {way}: {said.returncode} {said.stderr}")
    check(status == 0 or "not written completely" in said.stderr, said.stderr)
    log = desk.log.read_text()
    for words in told[:1] if status else told:
        words = words.format(tools=desk.folder / "tools", camera=place)
        check(words in log, f"board.sh {way}: {words!r} is not in {log!r}")


# OpenOCD's own commands, for a board whose option bytes are in `regs`.
FAKE = """
foreach name {reset flash verify_image} { proc $name {args} "echo \\"did $name \\$args\\"" }
proc init {} {}
array set regs {0x5200201c 0x1bc6aaf0 0x52002040 0x1ff00800 0x52002048 0x10000810}
proc read_memory {address width count} { return $::regs($address) }
"""
OPTIONS = (
    ("", ""),
    ("0x5200201c 0x1b86aaf0", ""),  # BCM4 = 0: the M7 starts the M4
    ("0x5200201c 0x1b46aaf0", "BCM7          is 0x0 and should be 0x1"),
    ("0x5200201c 0x9bc6aaf0", "SWAP_BANK_OPT is 0x1 and should be 0x0"),
    ("0x5200201c 0x1bc600f0", "RDP           is 0x0 and should be 0xaa"),
    ("0x52002040 0x1ff00810", "BOOT_CM7_ADD0 is 0x810 and should be 0x800"),
    ("0x52002048 0x10001000", "BOOT_CM4_ADD0 is 0x1000 and should be 0x810"),
)


def option_bytes(*_):
    if not shutil.which("openocd"):
        print("no openocd here: apt-get install openocd")
        sys.exit(SKIPPED)
    for registers, problem in OPTIONS:
        ran = run("openocd", "-c", FAKE, "-c", f"array set regs {{{registers}}}",
                  "-f", TOOLS / "board.tcl", "-c", "duet_flash {a b.elf} c.elf")
        did = [line for line in ran.stderr.splitlines() if line.startswith("did ")]
        if problem:
            check(ran.returncode != 0 and problem in ran.stderr and "nothing was written" in ran.stderr,
                  ran.stderr)
            check(did == ["did reset halt", "did reset run"], f"{problem}: {did}")
        else:
            check(ran.returncode == 0 and "should be" not in ran.stderr, ran.stderr)
            check(did == ["did reset halt", "did flash write_image erase {a b.elf}",
                          "did verify_image {a b.elf}", "did flash write_image erase c.elf",
                          "did verify_image c.elf", "did reset run"], str(did))


def main():
    duet = pathlib.Path(sys.argv[1]).resolve()
    cases = {"loads": loads, "dfu": dfu, "packing": packing, "commands": commands,
             "option-bytes": option_bytes}
    cases[sys.argv[2]](duet, duet.parent / "firmware/camera")


if __name__ == "__main__":
    main()
