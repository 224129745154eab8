/*
 * Fault 6. One core leaves the HSEM's clock to the other.
 *
 * People meet it as a notification that works while both cores are awake, and not when the other
 * sleeps deeply: exactly when it would have to wake it. The HSEM has a clock while a core that has
 * enabled it *for itself* is not in CStop; the other core's enable is worth nothing then.
 *
 * Cure: each core sets RCC_AHB4ENR.HSEMEN, which each finds at the same address as its own.
 * RM0399 9.5.11 (peripheral clock gating), 11.3.7.
 */
#ifndef RING_H
#define RING_H

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "shared/verdict.h"

enum { PATIENCE_MS = 20 };

struct map {
    uint32_t answers; /* of the M7, one for each ring that it hears */
    uint32_t stop;    /* 1: the M7 may go to Stop mode */
};

#define MAP ((volatile struct map *)SHARED_BASE)

#endif
