#!/bin/sh
# Line and branch coverage of kernel/src and kernel/observe by the conformance suite and the random test, on the host:
# kernel/test/coverage.sh [least lines % [least branches %]]; fails below the least.
set -eu
kernel=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
info="TX_THREAD TX_TIMER TX_QUEUE TX_SEMAPHORE TX_MUTEX TX_EVENT_FLAGS TX_BLOCK_POOL TX_BYTE_POOL"
counted=
for kind in $info; do counted="$counted -D${kind}_ENABLE_PERFORMANCE_INFO"; done
flags="-std=gnu11 -O0 -g -fno-strict-aliasing -I$kernel/include -I$kernel/port/linux -I$kernel/src"
suite="$kernel/test/suite.c $kernel/test/platform_linux.c $kernel/test/test_*.c"

# run NAME PROGRAM-SOURCES DEFINITIONS: builds the kernel and a program with counters, and runs it.
run() {
    name=$1
    program=$2
    shift 2
    mkdir "$name"
    for source in "$kernel"/src/*.c "$kernel"/observe/*.c; do
        cc $flags "$@" --coverage -c "$source" -o "$name/$(basename "$source" .c).o"
    done
    cc $flags "$@" --coverage "$name"/*.o "$kernel"/port/linux/*.c $program -o "$name/program"
    "$name/program" >/dev/null
}
run plain "$suite"
run all "$suite" $counted -DTX_ENABLE_EVENT_TRACE -DTX_ENABLE_STACK_CHECKING -DTX_EXECUTION_PROFILE_ENABLE
run wide "$suite" -DTX_MAX_PRIORITIES=64
[ ! -f "$kernel/test/random.c" ] || run random "$kernel/test/random.c"
for directory in plain all wide random; do
    [ -d $directory ] || continue
    (cd $directory && gcov -b -c -j *.gcda >/dev/null 2>&1 || true)
done
python3 "$kernel/test/coverage.py" "$kernel/src:$kernel/observe" "${1:-98}" "${2:-95}" "$work"/*/*.gcov.json.gz
