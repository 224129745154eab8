/*
 * WM8994: 16-bit registers at 16-bit addresses, most significant byte first, the address counting on (data
 * sheet "control interface"). Register 0 is the id; writing it resets. Others keep what is written and
 * begin as 0, but for those below.
 */
#include "sim/board/wm8994.h"

#include <string.h>

enum { SOFTWARE_RESET = 0x000, CHIP_REVISION = 0x100, ID = 0x8994, REVISION_D = 3 };

static void count_on(struct wm8994 *codec)
{
    codec->low_byte = !codec->low_byte;
    if (!codec->low_byte)
        codec->address = (uint16_t)((codec->address + 1u) % WM8994_REGISTERS);
}

static bool start(void *ctx, bool read)
{
    struct wm8994 *codec = ctx;
    if (!read)
        codec->written = 0;
    codec->low_byte = false;
    return true;
}

static void write_register(struct wm8994 *codec, uint16_t value)
{
    if (codec->address == SOFTWARE_RESET)
        wm8994_power_on(codec);
    else if (codec->address != CHIP_REVISION)
        codec->regs[codec->address] = value;
}

static bool write(void *ctx, uint8_t byte)
{
    struct wm8994 *codec = ctx;
    if (codec->written < 2) {
        codec->address = (uint16_t)((codec->address << 8 | byte) % WM8994_REGISTERS);
        codec->written++;
        return true;
    }
    if (codec->low_byte)
        write_register(codec, (uint16_t)(codec->high << 8 | byte));
    codec->high = byte;
    count_on(codec);
    return true;
}

static uint8_t read(void *ctx)
{
    struct wm8994 *codec = ctx;
    uint16_t value = codec->regs[codec->address];
    uint8_t byte = (uint8_t)(codec->low_byte ? value : value >> 8);
    count_on(codec);
    return byte;
}

void wm8994_init(struct wm8994 *codec)
{
    codec->device = (struct i2c_device){.name = "WM8994",
                                        .ctx = codec,
                                        .address = 0x34 >> 1,
                                        .start = start,
                                        .write = write,
                                        .read = read};
    wm8994_power_on(codec);
}

void wm8994_power_on(struct wm8994 *codec)
{
    memset(codec->regs, 0, sizeof codec->regs);
    codec->regs[SOFTWARE_RESET] = ID;
    codec->regs[CHIP_REVISION] = REVISION_D;
}
