#!/bin/sh
# What a message costs from core to core on the virtual board: microseconds by size, and MB/s.
# With --check: only whether the bench runs to its end.
set -eu
cd "$(dirname "$0")/.."
elfs=build/firmware/ipc-bench
console=$(mktemp)
trap 'rm -f "$console"' EXIT
build/duet run --cm7 $elfs/cm7.elf --cm4 $elfs/cm4.elf --for 2s --strict --check --console "$console"
if ! grep -q '^M7: end$' "$console" || grep -q 'failed' "$console"; then
    cat "$console"
    exit 1
fi
[ "${1:-}" != --check ] || exit 0
rows() {
    sed -n 's/^M7: |/|/p' "$console" | awk -F'|' -v fields="$1" 'NF == fields' |
        sed 's/|\([^ ]\)/| \1/g; s/\([^ ]\)|/\1 |/g'
}
echo "One way, from the call that sends to the return of the call that received, in microseconds by"
echo "bytes; sustained, in MB/s, with messages of 496 bytes."
echo
echo "| level | place | M7's policy | direction | 1 | 16 | 64 | 256 | 496 | 512 | MB/s |"
echo "|---|---|---|---|---|---|---|---|---|---|---|"
rows 13
echo
echo "| 64 KB at a time | microseconds each | MB/s |"
echo "|---|---|---|"
rows 5
