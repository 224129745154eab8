#!/bin/sh
# What would share a cache line is refused when it is built: by the compiler in a map, by the linker at the
# ends of a shared memory. And each linker fragment puts the map where that memory is.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
command -v arm-none-eabi-gcc >/dev/null || {
    echo "skipped: there is no arm-none-eabi-gcc"
    exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# build MEMORY MEMBERS OFFSET: a program with a map of these members.
build() {
    cat >map.c <<END
#include "duet/ring.h"
struct map {
$2
};
DUET_ASSERT_LINES(struct map, ring);
__attribute__((section(".duet_$1"))) struct map shared;
int main(void) { return (int)shared.ring.producer.position; }
END
    name=$(echo "$1" | tr a-z A-Z)
    cat >link.ld <<END
DUET_${name}_OFFSET = $3;
INCLUDE $1.ld
SECTIONS { .text 0x08000000 : { *(.text*) } .rest : { *(.data*) *(.bss*) } }
END
    arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -O1 -ffreestanding -I"$here/../include" -nostdlib \
        -L"$here/../port/stm32h7/ld" -Wl,-T,link.ld -Wl,-e,main map.c -o map.elf >log 2>&1
}

failed=0
expect() { # MESSAGE-OR-EMPTY MEMORY MEMBERS OFFSET
    message=$1
    shift
    if build "$@"; then
        [ -z "$message" ] || { echo "not refused: $*"; failed=1; }
    elif [ -z "$message" ] || ! grep -q "$message" log; then
        echo "not as expected: $*"
        cat log
        failed=1
    fi
}

for place in sram1:30000000 sram2:30020000 sram3:30040000 sram4:38000000 axi_sram:24000000 \
    sdram:d0000000; do
    expect "" "${place%:*}" "struct duet_ring_shared ring;" 0
    address=$(arm-none-eabi-nm map.elf | awk '$3 == "shared" { print $1 }')
    [ "$address" = "${place#*:}" ] || {
        echo "${place%:*}: the map is at $address"
        failed=1
    }
done
expect "" sram4 "struct duet_ring_shared ring; uint8_t data[64];" 0x400
expect "does not begin on a cache line" sram4 \
    "uint32_t word; struct { struct duet_ring_end producer, consumer; } ring;" 0
expect "shares its last cache line" sram4 \
    "struct { struct duet_ring_end producer; uint32_t more; } ring;" 0
expect "does not begin on a cache line" sram4 \
    "struct { struct duet_ring_end producer, consumer; } ring;" 0x10
expect "shares its last cache line" sram1 \
    "struct { struct duet_ring_end producer, consumer; } ring; uint8_t data[8];" 0
exit $failed
