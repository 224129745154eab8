/*
 * Many events over one doorbell. The M4 watches the board; the M7 sleeps and is told what happened:
 * some events have a handler that runs in the interrupt, others are kept for the thread that waits
 * for them.
 */
#ifndef EVENT_NOTIFICATION_H
#define EVENT_NOTIFICATION_H

#include "chip/mmio.h"
#include "shared/link.h"

/* Lines from the M4 to the M7: the lowest number is handled first. ANSWER goes the other way. */
enum { LINE_ALARM, LINE_BUTTON, LINE_SAMPLE, LINE_ANSWER, LINE_COUNT };
enum { PATIENCE_US = 100000 };

/* What the events are about. The M4 writes, the M7 reads; the answer is the M7's. */
struct map {
    uint32_t degrees; /* behind LINE_ALARM */
    uint32_t presses; /* behind LINE_BUTTON */
    uint32_t samples; /* behind LINE_SAMPLE */
    uint32_t answered;
};

#define MAP ((volatile struct map *)LINK_FREE)

#endif
