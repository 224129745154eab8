/*
 * A doorbell out of an interrupt line: a write to EXTI_SWIER1 raises a line that no pin uses
 * (RM0399 21.3), at the core that has it unmasked. It wakes that core from Stop mode too: the M4
 * has no clock while it waits here.
 */
#ifndef EXTI_NOTIFICATION_H
#define EXTI_NOTIFICATION_H

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "duet/notify.h"
#include "duet/status.h"
#include "shared/example.h"

enum { EXTI_RINGS_CM4, EXTI_RINGS_CM7 }; /* lines 0 and 1 */
enum { LINE_BALL, ROUNDS = 5, PATIENCE_US = 100000 };

/* What the event is about stands beside it. An event says "look"; the state says what there is. */
struct map {
    struct duet_notify_shared notify;
    uint32_t served;   /* by the M7 */
    uint32_t returned; /* by the M4 */
};

#define MAP ((volatile struct map *)SHARED_BASE)

#endif
