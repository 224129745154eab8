#!/bin/sh
# board.sh flash|dfu [--check]: writes the camera system to a real STM32H747I-DISCO, through its
# ST-LINK or by USB to the chip's own loader (docs/board-flash.md). What is missing is said in one
# line before anything is written; --check ends there.
set -eu
way=$1
here=$(cd "$(dirname "$0")/.." && pwd)
images=$here/build/firmware/camera
# Where Linux lists what is on USB.
devices=${DUET_USB_DEVICES:-/sys/bus/usb/devices}
st_link="0483:3744 0483:3748 0483:374b 0483:374e 0483:374f 0483:3752 0483:3753 0483:3754"
st_loader="0483:df11"

fail() {
    echo "make $way: $1" >&2
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# connected ID…: is one of these on USB?
connected() {
    for vendor in "$devices"/*/idVendor; do
        [ -r "$vendor" ] || continue
        id=$(cat "$vendor"):$(cat "${vendor%idVendor}idProduct")
        case " $* " in *" $id "*) return 0 ;; esac
    done
    return 1
}

check_flash() {
    has openocd || has st-flash ||
        fail "OpenOCD is missing: apt-get install openocd (or stlink-tools)"
    # shellcheck disable=SC2086 # a list
    connected $st_link ||
        fail "no ST-LINK on USB: connect the board's CN2 (Micro-B, JP6 on STlk) to this computer"
}

check_dfu() {
    has dfu-util || fail "dfu-util is missing: apt-get install dfu-util"
    connected $st_loader || fail "no STM32 in DFU mode on USB: \
BOOT0 high (short R192), USB on PA11 and PA12 (P2, pins 1 and 4), reset; see docs/board-flash.md"
}

check_images() {
    for file; do
        [ -r "$images/$file" ] || fail "build/firmware/camera/$file is missing: make build"
    done
}

write_flash() {
    check_images cm7.elf cm4.elf cm7.hex cm4.hex
    if has openocd; then
        # Its board file would set up the QUADSPI, which has nothing for the camera system.
        openocd -c "set QUADSPI 0" -f board/stm32h747i-disco.cfg -f "$here/tools/board.tcl" \
            -c "duet_flash {$images/cm7.elf} {$images/cm4.elf}"
    else
        st-flash --format ihex write "$images/cm4.hex" &&
            st-flash --reset --format ihex write "$images/cm7.hex"
    fi || fail "the board was not written completely; see the message above and docs/board-flash.md"
    echo "Both cores run the camera system. Its console: the ST-LINK's serial port, 115200 baud."
}

write_dfu() {
    check_images camera.dfu
    dfu-util --device ,$st_loader --alt 0 --download "$images/camera.dfu" ||
        fail "the board was not written completely; see the message above and docs/board-flash.md"
    echo "Written. Take BOOT0 low (open R192) and press reset: both cores run the camera system."
}

case $way in
flash | dfu) "check_$way" ;;
*) echo "usage: board.sh flash|dfu [--check]" >&2 && exit 2 ;;
esac
[ "${2:-}" = --check ] || "write_$way"
