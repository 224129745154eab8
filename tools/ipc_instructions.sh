#!/bin/sh
# Instructions of a Cortex-M4 at -O2 (or $1) for one send and one receive, counted by QEMU, beside what is
# published for FreeRTOS's message buffers (448 for 1 byte, 562 for 16).
set -eu
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb "${1:--O2}" -std=gnu11 -ffreestanding -nostdlib \
    -DDUET_CORE_HAS_CACHE=0 -ffunction-sections -Wl,--gc-sections -Iipc/include \
    -T ipc/bench/instructions.ld ipc/bench/instructions.c ipc/src/copy.c ipc/src/ring.c \
    ipc/src/notify.c ipc/src/stream_buffer.c -lgcc -o "$out/bench.elf"
printf '%-16s %6s %14s %10s\n' call bytes instructions FreeRTOS
timeout 60 qemu-system-arm -M mps2-an386 -icount shift=0 -nographic -semihosting \
    -kernel "$out/bench.elf" </dev/null >"$out/log" 2>&1
while read -r name size number; do
    theirs=
    case $name:$size in
    message-buffer:1) theirs=448 ;;
    message-buffer:16) theirs=562 ;;
    esac
    printf '%-16s %6s %14s %10s\n' "$name" "$size" "$number" "$theirs"
done <"$out/log"
