#!/bin/sh
# The camera system in board time: how fast the stick is written, what either core has to do while a film is
# recorded, how soon the panel follows finger and lens, and where memory is free.
set -eu
cd "$(dirname "$0")/.."
out=${TMPDIR:-/tmp}/camera_bench.$$
trap 'rm -rf "$out"' EXIT
mkdir -p "$out"

run_stick() {
    build/duet run --cm7 "build/firmware/$1/cm7.elf" --cm4 "build/firmware/$1/cm4.elf" --stick fresh --for 3s |
        grep 'kB/s'
}

echo "The stick, by USB and FAT, in board time:"
run_stick usb-stick
run_stick stick-relay
echo
echo "A film of 640x480 at 30 a second, to a stick: each second's figures"
printf '%s\n' '{"t":1500000,"type":"record\r"}' '{"t":1600000,"type":"status on\r"}' \
    '{"t":6700000,"type":"status off\r"}' '{"t":6800000,"type":"stop\r"}' >"$out/input"
build/duet run --stick fresh --input "$out/input" --for 7s | tr -d '\r' | grep -o 'frames .*load .*\|^DUET.*frames$'
echo
echo "The panel, in board time:"
for case in response latency moving; do
    firmware/test/panel.py build/duet $case || echo "panel.py $case: skipped, or failed"
done
echo
tools/memory_map.py build/firmware/camera
