/*
 * What every example begins with: both cores started in either boot order, a clock and a tick on
 * each, and a console to which both can print.
 *
 * The M7 sets up the chip's clocks while the M4 waits in Stop mode. Then both go on at once. The
 * console is the M4's USART1; a line of the M7 crosses to it by a ring in SRAM4. What one core says
 * before it notifies the other stands before what the other says then.
 */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include "duet_stm32h7.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Semaphores of the HSEM: two are doorbells, two are for the start (chip/boot.h), the others are the
 * example's. */
enum { HSEM_RINGS_CM4, HSEM_RINGS_CM7 };

enum { TICK_HZ = 1000 };

/* SRAM4 as the examples share it: 60 KB for the example, then the console's ring. No cache holds
 * it. */
#define SHARED_BASE    0x38000000u
#define SHARED_CONSOLE 0x3800f000u

/* Either core, first of all: returns when the clocks run, the tick ticks and the console is open.
 * The notification lines and their interrupts are the example's. */
void example_start(void);

/* One line on the console, as printf; "M4: " or "M7: " goes in front and the newline behind. At
 * most 100 characters. Threads. It waits for room: some milliseconds when much is said. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Says what failed, and stops this core, when `status` is a failure (below zero). */
void must(int status, const char *what);

/* Microseconds of this core's clock; both count from this core's start. Any context. */
uint32_t example_microseconds(void);

/* Sleeps at least that long. Threads. */
void example_sleep(uint32_t milliseconds);

/* Nothing more to do: sleeps for ever, the console goes on. */
void example_end(void) __attribute__((noreturn));

/* Cycles of this core since any origin (DWT_CYCCNT). It stands still while the core sleeps. */
uint32_t example_cycles(void);

/* The M4: sleeps until all that was said has left the USART, so that the domain may stop. */
void console_flush(void);

#endif
