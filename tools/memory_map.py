#!/usr/bin/env python3
"""What of the board's memory the camera system takes, and what is free: sections of both ELFs against the regions of
their linker scripts, and what the cores share by apps/camera/shared/link.h.

usage: memory_map.py FIRMWARE_FOLDER     build/firmware/camera
"""
import os
import re
import subprocess
import sys

NAMES = {0x08000000: "flash, bank 1", 0x08100000: "flash, bank 2", 0x20000000: "DTCM", 0x10020000: "SRAM2, SRAM3",
         0x30000000: "SRAM1"}
CORES = {"cm7": "M7", "cm4": "M4"}
SHARED = """
#include "shared/link.h"
char SRAM4[sizeof(struct link_map)];
char SDRAM[LINK_SHARED_BYTES];
char SDRAM_size[1 << LINK_FRAMES_SIZE_LOG2];
"""


def output(*command, text=None):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def regions(folder, core):
    """Of a linker map: (origin, length)."""
    with open(f"{folder}/{core}.map", encoding="utf-8") as file:
        table = file.read().split("Memory Configuration")[1].split("Linker script")[0]
    return [(int(origin, 16), int(length, 16)) for origin, length in re.findall(r"^\w+ +(0x\w+) +(0x\w+) +\w+$", table, re.M)]


def sections(folder, core):
    """Where bytes are: (address, size), and of what is copied at the start also where it is kept."""
    found = []
    listing = output("arm-none-eabi-objdump", "-h", f"{folder}/{core}.elf")
    for size, runs, loads, flags in re.findall(r"^ +\d+ \S+ +(\w{8})  (\w{8})  (\w{8})  \w{8}  \S+ *\n +(.*)$", listing, re.M):
        if "ALLOC" not in flags:
            continue
        found.append((int(runs, 16), int(size, 16)))
        if "LOAD" in flags and loads != runs:
            found.append((int(loads, 16), int(size, 16)))
    return found


def shared():
    """Sizes of what link.h lays out, as the compiler has them."""
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
    folders = [f"-I{root}/{name}" for name in ("firmware/apps/camera", "firmware", "ipc/include", "kernel/include", "kernel/port/cortex_m")]
    assembly = output("arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb", "-DDUET_STM32H7_CORE_M4=1", "-DDUET_CORE_HAS_CACHE=0",
                      "-DTX_TIMER_TICKS_PER_SECOND=1000", *folders, "-S", "-o", "-", "-x", "c", "-", text=SHARED)
    return {name: int(size) for name, size in re.findall(r"\.size\s+(\w+), (\d+)", assembly)}


def row(name, size, used):
    print(f"{name:28} {size / 1024:9.1f} {used / 1024:9.1f} {(size - used) / 1024:9.1f}")


def main(folder):
    print(f"{'KB':28} {'size':>9} {'used':>9} {'free':>9}")
    taken = {}
    for core, name in CORES.items():
        for origin, length in regions(folder, core):
            used = sum(size for address, size in sections(folder, core) if origin <= address < origin + length)
            if used or NAMES[origin] not in taken:
                taken[NAMES[origin]] = (f"{name}: {NAMES[origin]}", length, used)
    for line in taken.values():
        row(*line)
    sizes = shared()
    row("shared: SRAM4", 64 << 10, sizes["SRAM4"])
    row("shared: SDRAM, uncached", sizes["SDRAM_size"], sizes["SDRAM"])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
