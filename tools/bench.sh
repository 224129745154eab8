#!/bin/sh
# Speed, as ratios to references measured in the same run.
set -eu
cd "$(dirname "$0")/.."
build/sim/bench_cpu build/sim/bench/loops.elf
