#!/usr/bin/env python3
"""gdb goes back to what spoilt a byte: spoilt.py DUET BUILD

A core, the M7's data cache, a DMA; and back by lines. Programs of firmware/faults/ and the camera system.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from board import Board, firmware, need_firmware

HEAD = """
set pagination off
set confirm off
set width 0
file {cm7}
add-symbol-file {cm4}
target remote 127.0.0.1:{port}
"""

# The receiver's cache writes an old line over the sender's message: seen from the M4, as memory has it.
CACHE = """
watch damaged
continue
continue
delete
thread 2
watch *(unsigned *)0x30000008
reverse-continue
monitor cache 0x30000000
thread 1
info symbol $pc
kill
"""
CACHE_WANTED = [
    r"Thread 1 hit Hardware watchpoint 1: damaged",
    r"0x30000008 was written back by the Cortex-M7's data cache in \S+ \(cm7\.c:{work}\), board time",
    r"Thread 2 hit Hardware watchpoint 2: .*\n\nOld value = \d+\nNew value = \d+",
    r"set 0 way \d dirty",  # it is about to happen
    r"main \+ \d+ in section",
]

# The other core's index leads out of the array.
CORE = """
hbreak cm4.c:{end}
continue
watch ((struct map *)(0x38000000 + sizeof(struct link_map) + sizeof(struct turns)))->calibration[3]
reverse-continue
bt 1
print slot
reverse-stepi
stepi
reverse-continue
continue
delete
continue
"""
CORE_WANTED = [
    r"Thread 2 hit Breakpoint 1",
    r"was written by the Cortex-M4 in \S+ \(cm4\.c:{clear}\), board time",
    r"Thread 2 hit Hardware watchpoint 2: .*\n\nOld value = 0\nNew value = 1003",
    r"\$1 = 8\n",  # of 8
    r"#0 .*cm4\.c:{clear}",
    r"was written by the Cortex-M4 in \S+ \(cm4\.c:{calibrate}\), board time",
    r"Old value = 1003\nNew value = 0\n(?:.*\n)*.*was written by the Cortex-M4 in \S+ \(cm4\.c:{calibrate}\)",
    r"\[Inferior 1 \(Remote target\) exited normally\]",
]

# By lines and functions; and a function that is called in the past.
LINES = """
hbreak verdict
continue
delete
reverse-step
reverse-finish
next
reverse-next
print (unsigned)duet_stm32h7_clock((void *){port})
monitor time
reverse-stepi
monitor time
continue
"""
LINES_WANTED = [
    r"Thread 2 hit Breakpoint 1, verdict",
    r"\n0x\w+ in say \(format=.*common\.c",
    r"\n0x\w+ in main \(\) at .*cm4\.c:{told}\n(?:.*\n)*{judged}\t +verdict\(",
    r"\$1 = \d+\n",
    r"a trial that began in the past\n(?:.*\n)*board time \S+ s, in the past\n",
    r"\[Inferior 1 \(Remote target\) exited normally\]",
]

# A breakpoint in each core, a watchpoint on what a DMA writes, and back to before it.
DMA = """
hbreak cm7/main.c:main
hbreak cm4/main.c:main
continue
continue
delete
watch *(unsigned *)&line_buffers
continue
continue
reverse-continue
reverse-continue
tbreak cm4/main.c:main
reverse-continue
reverse-continue
info threads
continue
kill
"""
DMA_WANTED = [
    r"Thread 1 hit Breakpoint",
    r"Thread 2 hit Breakpoint",
    r"Old value = 0\nNew value = ([1-9]\d*)\n(?:.*\n)*Old value = \1\nNew value = ([1-9]\d*)\n(?:.*\n)*"
    r"Old value = \2\nNew value = \1\n(?:.*\n)*Old value = \1\nNew value = 0\n",
    r"0x300[0-9a-f]{5} was written by the DMA2, board time",
    r"Thread 2 hit Temporary breakpoint 4",
    r"No more reverse-execution history",
    r"Thread 1 \(Cortex-M7.*reset_handler",
]


def lines(path, **texts):
    """The numbers of the lines that hold these texts."""
    with open(path) as file:
        all_lines = file.read().split("\n")
    return {name: next(n for n, line in enumerate(all_lines, 1) if text in line)
            for name, text in texts.items()}


def numbered(pattern, numbers):
    for name, number in numbers.items():
        pattern = pattern.replace("{" + name + "}", str(number))
    return pattern


def symbol(elf, name):
    """Its address; where both files have the name, gdb takes the first file's."""
    for line in subprocess.run(["nm", elf], stdout=subprocess.PIPE, check=True).stdout.splitlines():
        if line.split()[-1].decode() == name:
            return "0x" + line.split()[0].decode()
    sys.exit(f"{elf} has no {name}")


def session(gdb, duet, cm7, cm4, commands, *options):
    board = Board(duet, "--cm7", cm7, "--cm4", cm4, "--for", "1s", *options)
    with tempfile.NamedTemporaryFile("w", suffix=".gdb") as script:
        script.write(HEAD.format(cm7=cm7, cm4=cm4, port=board.port) + commands)
        script.flush()
        done = subprocess.run([gdb, "-nx", "-batch", "-x", script.name], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=120)
    board.end()
    return done.stdout.decode(errors="replace")


def check(name, text, wanted):
    missing = [each for each in wanted if not re.search(each, text)]
    if missing or "Error in sourced" in text:
        print(text)
        print(name, "is missing:", *missing, sep="\n")
        sys.exit(1)
    print("ok:", name)
    return text


def main():
    duet, build = sys.argv[1:3]
    need_firmware(build)
    gdb = shutil.which("gdb-multiarch")
    if not gdb:
        print("skipped: there is no gdb-multiarch")
        return 77
    faults = os.path.join(os.path.dirname(os.path.abspath(__file__)), *[".."] * 4, "firmware", "faults")

    def fault(name):
        folder = os.path.join(build, "firmware", "faults", name, "faulty")
        return [os.path.join(folder, core + ".elf") for core in ("cm7", "cm4")]

    camera = [firmware(build, core) for core in ("cm7", "cm4")]
    check("the write of a DMA", session(gdb, duet, *camera, DMA), DMA_WANTED)
    at = lines(os.path.join(faults, "10-unchecked-index", "cm4.c"), clear="slots[slot][n] = 0",
               calibrate="= 1000 + n;", end="example_end()")
    check("the write of a core",
          session(gdb, duet, *fault("10-unchecked-index"), CORE.replace("{end}", str(at["end"]))),
          [numbered(each, at) for each in CORE_WANTED])
    at = lines(os.path.join(faults, "10-unchecked-index", "cm4.c"), told='say("%lu of',
               judged="verdict(lost")
    calls = numbered(LINES, {"port": symbol(fault("10-unchecked-index")[1], "link_port")})
    check("back by lines", session(gdb, duet, *fault("10-unchecked-index"), calls),
          [numbered(each, at) for each in LINES_WANTED])
    at = lines(os.path.join(faults, "02-receiver-writes-header", "cm7.c"), work="(void)TABLE[n]")
    text = check("the write of a cache",
                 session(gdb, duet, *fault("02-receiver-writes-header"), CACHE),
                 [numbered(each, at) for each in CACHE_WANTED])
    old, new = (int(n) // 0x10001 for n in re.findall(r"2: .*\n\nOld value = (\d+)\nNew value = (\d+)",
                                                      text)[0])
    if not 0 < old < new:  # as messages: an older one was written over a newer one
        print("no older message is written over a newer one:", old, new)
        return 1
    return 0


sys.exit(main())
