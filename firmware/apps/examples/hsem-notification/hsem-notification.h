/*
 * A doorbell out of a semaphore: taking and releasing an HSEM semaphore interrupts whoever enabled
 * its interrupt (RM0399 11.3.7). It says only *that* something happened; 32 logical lines in shared
 * memory (duet/notify.h) say which, and keep it while nobody listens.
 */
#ifndef HSEM_NOTIFICATION_H
#define HSEM_NOTIFICATION_H

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "duet/notify.h"
#include "duet/status.h"
#include "shared/example.h"

enum { LINE_BALL, ROUNDS = 5, PATIENCE_US = 100000 };

/* What the event is about stands beside it. An event says "look"; the state says what there is. */
struct map {
    struct duet_notify_shared notify;
    uint32_t served;   /* by the M7 */
    uint32_t returned; /* by the M4 */
};

#define MAP ((volatile struct map *)SHARED_BASE)

#endif
