/*
 * Where RPMsg is in SRAM4, and its doorbell, for the examples that use it: ST's layout of the
 * OpenAMP examples, HSEM 0 and 1. See docs/ipc-wire.md.
 */
#ifndef EXAMPLE_RPMSG_H
#define EXAMPLE_RPMSG_H

#include "duet/statistics.h"
#include "shared/example.h"

#ifdef DUET_STM32H7_CORE_M7
#define RPMSG_THIS_CORE   0
#define RPMSG_THIS_ROLE   duet_rpmsg_host
#define RPMSG_THIS_LAYOUT &duet_rpmsg_layout_st
#else
#define RPMSG_THIS_CORE   1
#define RPMSG_THIS_ROLE   duet_rpmsg_remote
#define RPMSG_THIS_LAYOUT NULL /* the remote takes it from the table */
#endif

/* By core: what each sent and received, below the console's ring; `duet run --stats` prints them. */
struct rpmsg_statistics {
    struct duet_statistics sent, received;
};
#define RPMSG_STATISTICS ((struct rpmsg_statistics *)SHARED_CONSOLE - 2 + RPMSG_THIS_CORE)

extern const struct duet_port rpmsg_port;

/* The initialiser of a struct duet_rpmsg_config. The table is 1 KB; shared memory goes up to the
 * statistics. Both cores run the library, so a restart of either is noticed (sessions). */
#define RPMSG_PLACE                                                                                \
    {                                                                                              \
        .memory = {.port = &rpmsg_port, .policy = DUET_NON_CACHEABLE}, .role = &RPMSG_THIS_ROLE,   \
        .table = (uint8_t *)SHARED_BASE,                                                           \
        .shared = (uint8_t *)(SHARED_BASE + DUET_RPMSG_TABLE_BYTES),                               \
        .size = SHARED_CONSOLE - 2 * sizeof(struct rpmsg_statistics) - SHARED_BASE -               \
                DUET_RPMSG_TABLE_BYTES,                                                            \
        .address = SHARED_BASE + DUET_RPMSG_TABLE_BYTES, .layout = RPMSG_THIS_LAYOUT,              \
        .sessions = 1, .observer = duet_statistics_observe_rpmsg, .sent = &RPMSG_STATISTICS->sent, \
        .received = &RPMSG_STATISTICS->received,                                                   \
    }

/* Starts this core (example_start), its doorbell and its statistics. */
void rpmsg_start(void);

/* Sleeps until the doorbell rings, unless it has rung since the last call, and at most a tick: poll
 * before and after. Threads. */
void rpmsg_sleep(void);

#endif
