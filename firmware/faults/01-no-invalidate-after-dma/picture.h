/*
 * Fault 1. A buffer is invalidated before a DMA fills it, and not again when the DMA is done.
 *
 * People meet it as a picture or packet that is right but for a few windows of exactly 32 bytes,
 * which show what the buffer held before. Whatever reads the buffer while the DMA runs fetches a
 * whole line of it into the cache: here a look at the exposure, on the chip also a speculative read
 * that no line of the program asks for (so it may not be cured by "nobody reads it meanwhile").
 *
 * Cure: invalidate before, so that no dirty line is written over the DMA's bytes, *and* after, so
 * that what was fetched in between is forgotten. PM0253 4.8 (cache maintenance), AN4839.
 */
#ifndef PICTURE_H
#define PICTURE_H

#include "duet/transfer.h"
#include "shared/turns.h"
#include "shared/verdict.h"

enum { WIDTH = 512, HEIGHT = 32, BYTES = WIDTH * HEIGHT, WINDOW = 32, ROUNDS = 4 };

#define SENSOR  ((uint8_t *)0x30000000u) /* SRAM1: the M4 writes pictures there */
#define PICTURE ((uint8_t *)0x24000000u) /* AXI SRAM: where the M7 wants them */

static inline uint8_t pixel(uint32_t round, uint32_t n)
{
    return (uint8_t)(round * 50 + n / WIDTH);
}

#endif
