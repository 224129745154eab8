/*
 * Fault 4. The M7 signals before the M4 sleeps, and the M4 then sleeps for ever.
 *
 * People meet it as a start that hangs on some boards, or after a change of speed: the M4 waits for
 * the *next* ring, and the only one came while it was still at work. A ring is an event and no
 * state: an interrupt that has been served leaves nothing behind.
 *
 * Cure: a count in shared memory says how many orders there are; the ring only says "look". It is
 * looked at with interrupts masked, because a pending one ends the WFI (ARMv7-M B1.5.19) and so
 * nothing fits between the look and the sleep. RM0399 11.3.7 (the interrupt of the HSEM).
 */
#ifndef ORDERS_H
#define ORDERS_H

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "shared/verdict.h"

enum { PATIENCE_US = 100000, MOMENT_MS = 2 };

struct map {
    uint32_t orders; /* how many the M7 has given */
};

#define MAP ((volatile struct map *)SHARED_BASE)

#endif
