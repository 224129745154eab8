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


def masking(elf):
    """Where interrupts are masked and where they are given back."""
    begins, ends = set(), set()
    for line in subprocess.run(["arm-none-eabi-objdump", "-d", "--no-show-raw-insn", elf],
                               capture_output=True, text=True, check=True).stdout.splitlines():
        found = re.match(r"\s*([0-9a-f]+):\t(\S+)\s*(.*)", line)
        if not found:
            continue
        address, name, operands = int(found.group(1), 16), found.group(2), found.group(3)
        if name == "cpsid":
            begins.add(address)
        elif name == "cpsie" or name == "msr" and operands.startswith("PRIMASK"):
            ends.add(address)
    return begins, ends


def count(elf, core):
    begun, counts = {}, {}
    at = marks(elf)
    masks, unmasks = masking(elf)
    masked_since, started = None, False
    with tempfile.NamedTemporaryFile() as log:
        subprocess.run(["qemu-system-arm", "-M", MACHINE[core], "-nographic", "-singlestep",
                        "-semihosting-config", "enable=on,target=native", "-d", "exec,nochain",
                        "-D", log.name, "-kernel", elf], check=True, timeout=300)
        executed = 0
        for line in open(log.name, errors="replace"):
            found = re.match(r"Trace \d+: 0x[0-9a-f]+ \[[0-9a-f]+/([0-9a-f]+)/", line)
            if not found:
                continue
            address = int(found.group(1), 16)
            name = at.get(address)
            if address in masks and masked_since is None and started:
                masked_since = executed
            elif address in unmasks:
                if masked_since is not None:
                    counts["longest masked"] = max(counts.get("longest masked", 0),
                                                   executed - masked_since)
                masked_since = None
            if name is None:
                executed += 1
            elif name.endswith("_begin"):
                started = True  # before, the start-up has them masked
                begun[name[:-6]] = executed
            elif name[:-4] in begun:
                counts.setdefault(name[:-4], executed - begun[name[:-4]])
    return counts


if __name__ == "__main__":
    for name, instructions in count(sys.argv[1], sys.argv[2]).items():
        print(f"{name:20} {instructions:6}")
