#include "threads/ipc_wait.h"

static TX_EVENT_FLAGS_GROUP rung; /* flag 0, for all who wait at once */
static void (*chip_wait)(const struct duet_port *port, uint32_t timeout_us);

/*
 * Called with interrupts masked, after a look at what is pending. The kernel opens the mask when the
 * thread no longer runs, so no ring falls between. A flag that is left from before ends the wait at
 * once, and the library looks again.
 */
static void wait(const struct duet_port *port, uint32_t timeout_us)
{
    const uint32_t tick_us = 1000000u / TX_TIMER_TICKS_PER_SECOND;
    ULONG ticks = timeout_us / tick_us + 1, flags;
    if (tx_event_flags_get(&rung, 1, TX_OR_CLEAR, &flags, ticks) == TX_WAIT_ERROR && chip_wait)
        chip_wait(port, timeout_us); /* not a thread */
}

void ipc_wait_port(struct duet_port *port, const struct duet_port *chip)
{
    *port = *chip;
    port->wait = wait;
    chip_wait = chip->wait;
    tx_event_flags_create(&rung, (CHAR *)"ipc");
}

void ipc_wait_rung(void)
{
    tx_event_flags_set(&rung, 1, TX_OR);
}
