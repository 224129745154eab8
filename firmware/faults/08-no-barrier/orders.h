/*
 * Fault 8. A message is marked as ready without a barrier behind its data.
 *
 * People meet it as a descriptor of the last message, or half of one, once in some thousand messages;
 * not in a debug build, not with a debugger, not while the cache holds the memory. The M7's stores
 * wait in its store buffer (DDI 0489, 5.9.2), and those to memory that is not cached leave it a line
 * at a time, in no promised order (ARMv7-M ARM A3.7.3). `volatile` orders what the compiler emits
 * and not what leaves the core.
 *
 * Cure: a DMB between the data and the mark, and another on the reader's side between the mark and
 * the data. A doorbell is a mark, too: stores to devices do not wait for those to memory.
 */
#ifndef ORDERS_H
#define ORDERS_H

#include "chip/cortex_m.h"
#include "shared/turns.h"
#include "shared/verdict.h"

enum { ORDERS = 2000 };

/* In SRAM4, which no cache holds; each part has a line of its own. */
struct board {
    struct {
        uint32_t number, place, length;
    } order __attribute__((aligned(32)));
    uint32_t ready __attribute__((aligned(32))); /* the last order that may be taken */
    uint32_t taken __attribute__((aligned(32))); /* the last one that was; the M4's */
};

#define BOARD ((volatile struct board *)((TURNS_FREE + 31u) & ~31u))

static inline uint32_t place_of(uint32_t number)
{
    return 0x24000000u + number * 64;
}

static inline uint32_t length_of(uint32_t number)
{
    return number % 60 + 1;
}

#endif
