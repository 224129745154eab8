/*
 * The MDMA moves memory while both cores do something else, and the end of it is told to the other
 * core. It reaches all of the chip's memories, also those that the M4 cannot see: the M7's DTCM.
 */
#ifndef MDMA_TRANSFER_H
#define MDMA_TRANSFER_H

#include "chip/mmio.h"
#include "duet/transfer.h"
#include "shared/link.h"

enum { LINE_MOVED, LINE_CHECKED, PATIENCE_US = 100000 };

/* A picture of one byte a pixel in AXI SRAM, and a window of it. */
enum { PICTURE_WIDTH = 640, WINDOW_WIDTH = 64, WINDOW_HEIGHT = 48, WINDOW_X = 320, WINDOW_Y = 16 };
enum { BLOCK_BYTES = 4096 };

/* SRAM1: the M7's cache may hold it, so the transfer does the cache duty. Whole lines each. */
struct arrived {
    uint8_t block[BLOCK_BYTES];
    uint8_t window[WINDOW_WIDTH * WINDOW_HEIGHT];
    uint8_t head[32], tail[32];
};

#define ARRIVED ((struct arrived *)0x30000000u)
#define PICTURE ((uint8_t *)0x24000000u) /* AXI SRAM */

/* What both cores expect there. */
static inline uint8_t block_byte(uint32_t n)
{
    return (uint8_t)(n * 7);
}

static inline uint8_t picture_byte(uint32_t x, uint32_t y)
{
    return (uint8_t)(x + 3 * y);
}

#endif
