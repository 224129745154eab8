/*
 * Eight threads on each core, the same on both: a queue between two, a semaphore that two share, a mutex
 * that two nest, event flags, and a counter for each. When the time is over the M7 sends its counters to
 * the M4 in a message buffer, for which a thread of the M4, its highest, has waited all the while.
 */
#ifndef THREADS_H
#define THREADS_H

#include "duet/message_buffer.h"
#include "shared/example.h"
#include "tx_api.h"

enum { DEMO_THREADS = 8, DEMO_TICKS = 400 };

extern MessageBufferHandle_t counters_buffer; /* from the M7 to the M4 */
extern volatile uint32_t counters[DEMO_THREADS];
extern volatile uint32_t demo_failures; /* a service returned what it must not */
extern volatile bool demo_over;         /* after DEMO_TICKS: the eight have ended */

void demo_check(bool holds);
/* Joins the cores and starts the kernel with the eight threads and this core's ninth, which has the
 * highest priority. */
void demo_start(void (*ninth)(ULONG)) __attribute__((noreturn));

#endif
