#!/bin/sh
# Speed: instructions per second of each core beside Unicorn and QEMU on the same ELF, in the same run;
# what the cache and the checker cost; the kernel's operations on the virtual board; and board seconds per
# wall second of the camera system, and what that does in board time.
set -eu
cd "$(dirname "$0")/.."
build/sim/bench_cpu build/sim/bench/loops_cm7.elf build/sim/bench/loops_cm4.elf
for core in cm4 cm7; do
    for checks in "" unchecked_; do
        echo
        echo "The kernel on the board's $core${checks:+ without error checks}: instructions/cycles"
        echo "(timer, tick, expiry: with 1, 10, 100, 1000 timers active)"
        build/sim/bench_marks $core build/kernel/target/board_bench_$checks$core.elf
    done
done
echo
echo "Both cores on the board, with the M7's data cache and the coherency checker:"
build/sim/bench_check build/sim/bench/compute_cm7.elf build/sim/bench/compute_cm4.elf
for check in "" --check; do
    echo
    echo "The camera system, 10 s of board time${check:+ with $check}:"
    build/duet run --for 10s --pace max --console build/bench_console.txt --stats $check |
        sed -n '/^board time/p;/^wall time/p;/^Cortex/p;/^frames/p'
done
echo
tools/camera_bench.sh
echo
tools/ipc_bench.sh
echo
echo "Instructions, text bytes and stack of the library between the cores:"
tools/ipc_instructions.sh
tools/ipc_size.sh
tools/ipc_stack.py
