#!/usr/bin/env python3
"""A session of gdb itself: session.py DUET BUILD"""
import shutil
import subprocess
import sys
import tempfile

from board import Board, firmware, hash_of, need_firmware, plain_hash

COMMANDS = """
set pagination off
set confirm off
set width 0
file {cm7}
add-symbol-file {cm4}
target remote 127.0.0.1:{port}
info threads
thread apply all info registers pc msp
hbreak cm7/main.c:main
hbreak cm4/main.c:main
continue
bt
stepi
info registers pc
continue
bt
delete
thread 1
next
info registers pc
x/4xb &line_buffers
delete
watch *(unsigned *)&line_buffers
continue
continue
delete
print $d0
monitor memory 0x08000000 16
monitor time
kill
"""

WANTED = [
    "Thread 1 (Cortex-M7",
    "Thread 2 (Cortex-M4",
    "Thread 1 hit Breakpoint",
    "Thread 2 hit Breakpoint",
    "Hardware watchpoint",
    "was written by the DMA2",
    "New value",
    "board time",
    "0x08000000  ",
]


def main():
    duet, build = sys.argv[1:3]
    need_firmware(build)
    gdb = shutil.which("gdb-multiarch")
    if not gdb:
        print("skipped: there is no gdb-multiarch")
        return 77
    board = Board(duet, "--for", "1s")
    with tempfile.NamedTemporaryFile("w", suffix=".gdb") as script:
        script.write(COMMANDS.format(cm7=firmware(build, "cm7"), cm4=firmware(build, "cm4"),
                                     port=board.port))
        script.flush()
        done = subprocess.run([gdb, "-nx", "-batch", "-x", script.name], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=120)
    text = done.stdout.decode(errors="replace")
    print(text)
    missing = [wanted for wanted in WANTED if wanted not in text]
    status, _, errors = board.end()
    print("missing:", missing, "status:", status, errors)
    return 1 if missing or status or "Error in sourced" in text else 0


sys.exit(main())
