/* WM8994 audio codec on I2C4: its registers, 16 bits each. What it would play is not heard. */
#ifndef SIM_BOARD_WM8994_H
#define SIM_BOARD_WM8994_H

#include "sim/soc/i2c.h"

enum { WM8994_REGISTERS = 0x800 };

struct wm8994 {
    struct i2c_device device;
    uint16_t regs[WM8994_REGISTERS];
    uint16_t address;
    unsigned written; /* bytes since START */
    bool low_byte;    /* of a register being read or written is next */
    uint8_t high;
};

void wm8994_init(struct wm8994 *codec);
void wm8994_power_on(struct wm8994 *codec);

#endif
