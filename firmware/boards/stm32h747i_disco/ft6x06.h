/*
 * The panel's touch controller FT6x06 on I2C4, up to two fingers; its interrupt is PK7, low for a moment
 * with each report, 60 a second while it is touched. M4, thread context, whoever has the I2C bus.
 */
#ifndef BOARD_FT6X06_H
#define BOARD_FT6X06_H

#include <stdbool.h>
#include <stdint.h>

enum { FT6X06_FINGERS = 2 };

struct ft6x06_finger {
    bool down;
    uint16_t x, y; /* on the panel, in pixels; kept when it is lifted */
};

/* Finds it, at either address that panels of this board have, and opens its interrupt at this core.
 * False: none answers. */
bool ft6x06_start(void);
/* By the controller's numbers of fingers. False: it does not answer. */
bool ft6x06_read(struct ft6x06_finger fingers[FT6X06_FINGERS]);
/* From the handler of EXTI9_5: acknowledges; true if it was the touch controller's. */
bool ft6x06_interrupt(void);

#endif
