#!/usr/bin/env python3
"""Compares the registers of the virtual chip with the vendor's register description.

Usage: compare.py DUMP_PROGRAM SVD EXPLANATIONS
Exit status 0: every difference is explained; 1: some are not; 77: no description to compare with.
"""
import fnmatch
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree


def number(text, default=0):
    return int(text, 0) if text else default


def described_registers(path):
    """(address, peripheral, name, reset, width) of each register of the description."""
    peripherals = {}
    for peripheral in ElementTree.parse(path).getroot().find("peripherals"):
        peripherals[peripheral.findtext("name")] = peripheral
    for name, peripheral in peripherals.items():
        base = number(peripheral.findtext("baseAddress"))
        source = peripherals[peripheral.get("derivedFrom", name)]
        for register in source.iter("register"):
            count = number(register.findtext("dim"), 1)
            for index in range(count):
                offset = number(register.findtext("addressOffset"))
                offset += index * number(register.findtext("dimIncrement"))
                yield (base + offset, name, register.findtext("name").replace("%s", str(index)),
                       number(register.findtext("resetValue")),
                       number(register.findtext("size"), 32))


def modelled_registers(program):
    """address -> (block, name, reset); and the base addresses of the modelled blocks."""
    registers = {}
    for line in subprocess.run([program], check=True, capture_output=True,
                               text=True).stdout.splitlines():
        address, block, name, value = line.split()
        registers[int(address, 16)] = (block, name, int(value, 16))
    return registers


def plain(name, block):
    """A name without its block's prefix (DSI_ of DSIHOST, too), underscores and case."""
    name = name.upper()
    head, _, tail = name.partition("_")
    if tail and block.upper().startswith(head):
        name = tail
    return name.replace("_", "")


def same_name(described, modelled, block, peripheral):
    """True if the names agree, numbers included."""
    return plain(modelled, block) == plain(plain(described, peripheral), block)


def read_explanations(path):
    rows = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                what, pattern, reason = line.split(None, 2)
                rows.append((what, pattern, reason.strip()))
    return rows


def main():
    program, svd, explanations_path = sys.argv[1:4]
    if not os.path.exists(svd):
        print(f"skipped: {svd} is not here")
        return 77
    explanations = read_explanations(explanations_path)
    modelled = modelled_registers(program)
    blocks = {address >> 10 for address in modelled}
    compared, explained, open_differences = 0, 0, []

    def differ(what, where, text):
        nonlocal explained
        for kind, pattern, _ in explanations:
            if kind in (what, "any") and fnmatch.fnmatch(where, pattern):
                explained += 1
                return
        open_differences.append(f"{what:8} {where}: {text}")

    for address, peripheral, name, reset, width in described_registers(svd):
        if address >> 10 not in blocks:
            continue
        compared += 1
        name = re.sub(r"^OTG_(HS_)?|_(Host|Device)$", "", name)
        where = f"{peripheral}.{name}"
        found = modelled.get(address & ~3)
        if found is None:
            differ("missing", where, f"0x{address:08x} is not modelled")
            continue
        block, ours, value = found
        if not same_name(name, ours, block, peripheral):
            differ("name", where, f"0x{address:08x} is {ours} of {block} here")
        value = value >> (8 * (address & 3)) & ((1 << width) - 1)
        if value != reset:
            differ("reset", where, f"0x{reset:08x} in the description, 0x{value:08x} here")
    print("\n".join(open_differences))
    print(f"{compared} registers compared, {explained} differences explained, "
          f"{len(open_differences)} not")
    return 1 if open_differences or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
