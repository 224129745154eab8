/*
 * A core's load: the share of the time that it was awake, interrupt handlers included. The cycle
 * counter of the DWT stands still while the core sleeps (unless a debugger keeps its clock running:
 * DBGMCU_CR.DBGSLEEP), so its cycles over those of the microsecond clock are the load.
 */
#ifndef CAMERA_LOAD_H
#define CAMERA_LOAD_H

#include "drivers/timer.h"

#include <stdint.h>

struct load {
    enum timer timer;
    uint32_t clock_mhz;
    uint32_t cycles, at_us; /* when load_permille() was called last */
};

/* clock_mhz: of this core. The kernel has started the counter. */
void load_start(struct load *load, enum timer timer, uint32_t clock_mhz);
/* The load since the last call, 0 to 1000, and the cycles of the core's clock since then. Call
 * it at least every 8 s, or the counter wraps. */
uint32_t load_permille(struct load *load, uint64_t *passed_cycles);

#endif
