/*
 * The cores' own event: SEV on one core ends a WFE on the other, without an interrupt and without a
 * register. The event flag of a core keeps one event, so a SEV that comes before the WFE is not
 * lost; which event it was stands in shared memory.
 */
#ifndef SEV_NOTIFICATION_H
#define SEV_NOTIFICATION_H

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "duet/notify.h"
#include "duet/status.h"
#include "shared/example.h"

enum { LINE_BALL, ROUNDS = 5, PATIENCE_US = 100000, TICK_US = 1000 };

/* What the event is about stands beside it. An event says "look"; the state says what there is. */
struct map {
    struct duet_notify_shared notify;
    uint32_t served;   /* by the M7 */
    uint32_t returned; /* by the M4 */
};

#define MAP ((volatile struct map *)SHARED_BASE)

#endif
