/*
 * A tick of 1 kHz from SysTick, on either core, and what is done by it: waits in sleep, and things
 * that come round. Thread context.
 */
#ifndef CAMERA_TICK_H
#define CAMERA_TICK_H

#include <stdbool.h>
#include <stdint.h>

/* clock_hz: of the calling core. No sleep of this core lasts longer than a tick from then on. */
void tick_start(uint32_t clock_hz);
/* Milliseconds since tick_start(); wraps after 49 days. */
uint32_t tick_count(void);
/* At least that long; sleeps between ticks. */
void tick_wait(uint32_t milliseconds);

/* Something that comes round every `length` milliseconds, without drift. */
struct period {
    uint32_t length;
    uint32_t last; /* when it was due last */
};
/* True once for each time that it is due; rounds that were missed altogether are left out. */
bool period_passed(struct period *period);

#endif
