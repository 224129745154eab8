#!/usr/bin/env python3
"""What the firmware counts in shared memory, as `duet run --stats` finds it: what one core sent, the
other received.

usage: shared_statistics.py DUET BUILD/firmware
"""
import re
import subprocess
import sys

# Program: (kind, how many pairs of sender and receiver, whether each message's latency is measured)
PROGRAMS = {"cached-link": ("ring", 2, False), "examples/remote-service": ("RPMsg", 2, True),
            "camera": ("ring", 1, False)}
LINE = re.compile(r"shared +0x\w{8} (ring|RPMsg), (sent|received): messages (\d+), bytes (\d+), "
                  r"at most (\d+) (?:bytes|buffers)(?:, slowest (\d+) us)?(?:, under (.*))?")


def blocks(duet, elfs):
    command = [duet, "run", "--cm7", f"{elfs}/cm7.elf", "--cm4", f"{elfs}/cm4.elf", "--for", "1s",
               "--strict", "--stats"]
    out = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    return [match.groups() for match in LINE.finditer(out)]


def wrong(found, kind, pairs, measured):
    """Complaints about one program's blocks."""
    moved = {way: sorted((int(b[2]), int(b[3])) for b in found if b[0] == kind and b[1] == way)
             for way in ("sent", "received")}
    if len(moved["sent"]) != pairs or moved["sent"] != moved["received"]:
        yield f"what was sent is not what was received: {moved}"
    for _, way, messages, length, most, slowest, latencies in found:
        if not int(messages) or not int(length) or not int(most):
            yield f"{way}: nothing moved"
        counts = sum(int(count) for count in re.findall(r"us (\d+)", latencies or ""))
        if way == "received" and measured and counts != int(messages):
            yield f"{messages} messages, {counts} latencies"
        if way == "received" and not 0 < int(slowest or 0) < 1000000:
            yield f"slowest {slowest} us"


def main():
    duet, firmware = sys.argv[1:]
    failed = False
    for program, expected in PROGRAMS.items():
        found = blocks(duet, f"{firmware}/{program}")
        for complaint in wrong(found, *expected):
            print(f"{program}: {complaint}")
            failed = True
    return failed


if __name__ == "__main__":
    sys.exit(main())
