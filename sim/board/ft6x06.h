/*
 * FocalTech FT6x06 touch controller of the panel: I2C, interrupt pin, two fingers. Its axes are those
 * of the glass before it was mounted on its side: X 0 to 479 upwards, Y 0 to 799 to the right.
 */
#ifndef SIM_BOARD_FT6X06_H
#define SIM_BOARD_FT6X06_H

#include "sim/board/board.h"
#include "sim/soc/i2c.h"

enum { FT6X06_FINGERS = 2 };

struct ft6x06_finger {
    bool down, reported; /* reported: its press has been seen once */
    unsigned x, y;       /* as the eye sees it */
    unsigned from_x, from_y;
};

struct ft6x06 {
    struct i2c_device device;
    struct sim *sim;
    struct ft6x06_finger fingers[FT6X06_FINGERS];
    uint8_t regs[256];
    uint8_t address;
    bool address_given;
    struct event report, pulse_end;
    void (*interrupt)(void *ctx, bool level); /* the INT pin, active low */
    void *ctx;
};

void ft6x06_init(struct ft6x06 *touch, struct sim *sim);
void ft6x06_power_on(struct ft6x06 *touch);
void ft6x06_touch(struct ft6x06 *touch, unsigned finger, unsigned x, unsigned y);
void ft6x06_lift(struct ft6x06 *touch, unsigned finger);

#endif
