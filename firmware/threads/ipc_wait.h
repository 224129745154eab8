/*
 * The library between the cores under the kernel: its calls that wait (duet_notify_wait, a ring's, a
 * message buffer's, RPMsg's, a transfer's) suspend the calling thread, and the others go on. Before
 * the kernel runs they wait as they do without it.
 */
#ifndef THREADS_IPC_WAIT_H
#define THREADS_IPC_WAIT_H

#include "duet/port.h"
#include "tx_api.h"

/* Time-outs in ticks for the calls that take microseconds; TX_WAIT_FOREVER is as long as they can. */
static inline uint32_t ipc_ticks(ULONG ticks)
{
    const ULONG tick_us = 1000000u / TX_TIMER_TICKS_PER_SECOND;
    return ticks > UINT32_MAX / tick_us ? UINT32_MAX : ticks * tick_us;
}

/* *port becomes the chip's port with the kernel's way of waiting. One port a core; from
 * tx_application_define. */
void ipc_wait_port(struct duet_port *port, const struct duet_port *chip);

/* Whoever waits looks again. From the hardware line's handler, after duet_notify_interrupt. */
void ipc_wait_rung(void);

#endif
