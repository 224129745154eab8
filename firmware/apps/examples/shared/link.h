/*
 * Both cores joined by the library, for the examples that are about what comes above: a region with
 * a card for each core, and 32 notification lines over the HSEM.
 */
#ifndef EXAMPLE_LINK_H
#define EXAMPLE_LINK_H

#include "duet/notify.h"
#include "duet/region.h"
#include "duet/status.h"
#include "shared/example.h"

struct link_map {
    struct duet_region_shared cards;
    struct duet_notify_shared notify;
};

/* The example's part of SRAM4, behind the link's. */
#define LINK_FREE (SHARED_BASE + sizeof(struct link_map))

/* This core's: HSEM for the doorbell, WFI to wait, MDMA channel 0 of the M7 or 1 of the M4 to copy.
 */
extern struct duet_port link_port;
extern struct duet_notify link_notify;

#define LINK_MEMORY                                                                                \
    {                                                                                              \
        .port = &link_port, .policy = DUET_NON_CACHEABLE                                           \
    }

/* Starts this core (example_start), opens the link and waits until the other core has, too. Lines
 * of `entries` that have a handler call it from the interrupt; the others are kept for
 * duet_notify_wait. `prepare`, NULL for none, runs before the other core's arrival is waited for:
 * it opens what both must have open. Every line is pending once afterwards. */
void link_start(const struct duet_notify_entry *entries, uint32_t count, void (*prepare)(void));

#endif
