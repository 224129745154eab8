/*
 * A free-running 32-bit microsecond clock per core: TIM5 on the M7, TIM2 on the M4. It runs while
 * the core sleeps (CSleep), so it also measures sleep. Wraps after 71 minutes. Any context.
 */
#ifndef DRIVERS_TIMER_H
#define DRIVERS_TIMER_H

#include <stdint.h>

enum timer { TIMER_CM7, TIMER_CM4 };

/* After clocks_start(). The counter's clock is 240 MHz / 240. */
void timer_start(enum timer timer);
/* This core reads a timer that the other has started. */
void timer_join(enum timer timer);
uint32_t timer_microseconds(enum timer timer);

#endif
