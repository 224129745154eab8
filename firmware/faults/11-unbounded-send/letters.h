/*
 * Fault 11. A send to a peer that no longer takes anything has no bound, and a message that is too
 * long is cut.
 *
 * People meet the first as a core that hangs because the *other* one crashed: no more watchdog
 * kicks, no log of why. They meet the second as a command that does something else than was meant.
 *
 * Cure: every wait has a bound in time and an error for it; what does not fit is refused whole.
 * docs/ipc.md has both for every call that waits (DUET_TIMEOUT, DUET_TOO_LARGE).
 */
#ifndef LETTERS_H
#define LETTERS_H

#include "chip/cortex_m.h"
#include "shared/verdict.h"

enum { SLOTS = 4, SLOT_BYTES = 16, LETTERS = 9, LETTERS_UNTIL_CRASH = 3, PATIENCE_MS = 50 };
enum { SEND_BOUND_US = 10000 };

struct map {
    uint32_t sent;  /* by the M7 */
    uint32_t taken; /* by the M4 */
    uint32_t done;  /* 1: the M7 has come back from its last send */
    char slots[SLOTS][SLOT_BYTES];
};

#define MAP ((volatile struct map *)SHARED_BASE)

#endif
