#!/bin/sh
# Text bytes of ipc/ at -Os for the Cortex-M4, level by level, against their targets.
# With a revision as argument it also prints the change since then.
set -eu
cd "$(dirname "$0")/.."
out=${TMPDIR:-/tmp}/ipc_size.$$
trap 'rm -rf "$out"' EXIT
mkdir -p "$out"

flags="-mcpu=cortex-m4 -mthumb -Os -std=c11 -ffreestanding -DDUET_CORE_HAS_CACHE=0
-ffunction-sections -fdata-sections"

# text TREE FILE…: the sum of the files' text. With a bench/size_*.c first: what a program that uses
# these calls links, without the program itself.
text() {
    tree=$1
    shift
    files=
    for pattern in "$@"; do
        for file in "$tree"/ipc/$pattern; do
            [ ! -f "$file" ] || files="$files $file"
        done
    done
    objects=
    for file in $files; do
        object=$out/$(basename "$file").o
        arm-none-eabi-gcc $flags -I"$tree/ipc/include" -I"$tree/ipc/port/stm32h7" -c "$file" \
            -o "$object"
        objects="$objects $object"
    done
    case "$1" in
    bench/size_*)
        arm-none-eabi-gcc $flags -nostdlib -Wl,--gc-sections,--unresolved-symbols=ignore-all \
            -Wl,-e,main -Wl,-u,interrupt -o "$out/image" $objects -lgcc 2>/dev/null
        arm-none-eabi-nm -S -t d "$out/image" |
            awk '$3 ~ /[tTrR]/ && $4 != "main" && $4 != "interrupt" { sum += $2 } END { print sum + 0 }'
        ;;
    *) arm-none-eabi-size $objects 2>/dev/null | awk 'NR > 1 { sum += $1 } END { print sum + 0 }' ;;
    esac
}

# report NAME TARGET FILE…
report() {
    name=$1 target=$2
    shift 2
    now=$(text . "$@")
    change=
    [ -z "${base:-}" ] || change=$(printf '%+d' $((now - $(text "$out/base" "$@"))))
    verdict=
    [ "$target" = - ] || { [ "$now" -lt "$target" ] && verdict=ok || { verdict=OVER; failed=1; }; }
    printf '%-44s %6d %6s %5s %s\n' "$name" "$now" "$target" "$verdict" "$change"
}

failed=0
base=${1:-}
if [ -n "$base" ]; then
    mkdir -p "$out/base"
    git archive "$base" ipc | tar -x -C "$out/base"
fi
printf '%-44s %6s %6s\n' "text bytes, Cortex-M4, -Os" now target
report "copy" - src/copy.c
report "notification" - src/notify.c
report "ring" - src/ring.c
report "stream and message buffers" - src/stream_buffer.c
report "buffers inside one core" - src/stream_buffer_static.c
report "notification, ring, message buffers" 2048 bench/size_message_buffer.c \
    src/copy.c src/notify.c src/ring.c src/stream_buffer.c
report "regions" - src/region.c
report "frames" - src/frame.c
rpmsg="src/copy.c src/virtqueue.c src/rpmsg*.c"
report "RPMsg with name service, remote" 3072 bench/size_rpmsg.c $rpmsg
report "RPMsg, both roles and streams" - $rpmsg
report "port, stm32h7" - port/stm32h7/duet_stm32h7.c
exit $failed
