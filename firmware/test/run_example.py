#!/usr/bin/env python3
"""Runs an example on the virtual board and compares the console with its expected.txt.

In expected.txt <n> stands for any number: figures in cycles or microseconds change with the timing.
Everything else must be there as it stands, in that order, and nothing more.

usage: run_example.py DUET EXAMPLE_ELFS EXPECTED [duet run's options]
"""
import pathlib
import re
import subprocess
import sys
import tempfile


def pattern_of(line):
    return re.escape(line).replace("<n>", r"\d+(\.\d+)?")


def differences(expected, seen):
    for number in range(max(len(expected), len(seen))):
        want = expected[number] if number < len(expected) else None
        got = seen[number] if number < len(seen) else None
        if want is None or got is None or not re.fullmatch(pattern_of(want), got):
            yield f"line {number + 1}:\n  expected {want!r}\n  console  {got!r}"


def main():
    duet, elfs, expected, *options = sys.argv[1:]
    with tempfile.NamedTemporaryFile(prefix="duet-console-") as console:
        command = [duet, "run", "--cm7", f"{elfs}/cm7.elf", "--cm4", f"{elfs}/cm4.elf",
                   "--for", "1s", "--strict", "--check", "--console", console.name, *options]
        status = subprocess.run(command).returncode
        seen = pathlib.Path(console.name).read_text(encoding="utf-8").splitlines()
    wrong = list(differences(pathlib.Path(expected).read_text(encoding="utf-8").splitlines(), seen))
    if status or wrong:
        print("\n".join(seen))
        print(f"exit status {status}", *wrong[:5], sep="\n")
    return 1 if status or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
