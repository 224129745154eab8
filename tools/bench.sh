#!/bin/sh
# Speed: instructions per second of each core beside Unicorn and QEMU on the same ELF, in the same run;
# and board seconds per wall second of the camera system.
set -eu
cd "$(dirname "$0")/.."
build/sim/bench_cpu build/sim/bench/loops.elf
echo
echo "The camera system, 10 s of board time:"
build/duet run --for 10s --pace max --console build/bench_console.txt --stats |
    sed -n '/^board time/p;/^wall time/p;/^Cortex/p;/^frames/p'
