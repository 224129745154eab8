/*
 * Sleep between interrupts, and what share of the time it was. A core's load is the time that it was
 * not asleep: interrupt handlers count as load. Thread context of either core.
 */
#ifndef CAMERA_IDLE_H
#define CAMERA_IDLE_H

#include "drivers/timer.h"

#include <stdint.h>

struct idle {
    enum timer timer;
    uint32_t asleep_us;   /* since the last idle_load_permille() */
    uint32_t measured_at; /* when that was */
};

void idle_start(struct idle *idle, enum timer timer);
/* Sleeps until an interrupt, unless one is pending already; it runs before this returns. */
void idle_sleep(struct idle *idle);
/* The load since the last call, 0 to 1000. */
uint32_t idle_load_permille(struct idle *idle);

#endif
