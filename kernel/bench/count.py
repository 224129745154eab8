#!/usr/bin/env python3
"""Counts the instructions between the marks of bench.c, on QEMU's Cortex-M4 or Cortex-M7.

count.py ELF CORE: prints one line an operation. QEMU logs each translation block that it runs; with
-singlestep a block is one instruction. The two nops that the marks are do not count.
"""
import re
import subprocess
import sys
import tempfile

MACHINE = {"cm4": "mps2-an386", "cm7": "mps2-an500"}


def marks(elf):
    names = {}
    for line in subprocess.run(["arm-none-eabi-nm", elf], capture_output=True, text=True,
                               check=True).stdout.splitlines():
        address, _, name = line.split()[-3:] if len(line.split()) == 3 else ("0", "", "")
        if name.startswith("mark_"):
            names[int(address, 16) & ~1] = name[5:]
    return names


def count(elf, core):
    begun, counts = {}, {}
    at = marks(elf)
    with tempfile.NamedTemporaryFile() as log:
        subprocess.run(["qemu-system-arm", "-M", MACHINE[core], "-nographic", "-singlestep",
                        "-semihosting-config", "enable=on,target=native", "-d", "exec,nochain",
                        "-D", log.name, "-kernel", elf], check=True, timeout=300)
        executed = 0
        for line in open(log.name, errors="replace"):
            found = re.match(r"Trace \d+: 0x[0-9a-f]+ \[[0-9a-f]+/([0-9a-f]+)/", line)
            if not found:
                continue
            name = at.get(int(found.group(1), 16))
            if name is None:
                executed += 1
            elif name.endswith("_begin"):
                begun[name[:-6]] = executed
            elif name[:-4] in begun:
                counts.setdefault(name[:-4], executed - begun[name[:-4]])
    return counts


if __name__ == "__main__":
    for name, instructions in count(sys.argv[1], sys.argv[2]).items():
        print(f"{name:20} {instructions:6}")
