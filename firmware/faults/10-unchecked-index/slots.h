/*
 * Fault 10. An index that comes from the peer is used unchecked.
 *
 * People meet it as memory of one core that is overwritten when the *other* core has a bug, or is
 * half-way through a restart: each core must live with whatever the other writes into shared memory.
 * An assertion does not help, because release builds leave it out.
 *
 * Cure: read the peer's word once, compare it with the size of what it points into, and refuse. Read
 * once, because it may change between the look and the use.
 */
#ifndef SLOTS_H
#define SLOTS_H

#include "shared/turns.h"
#include "shared/verdict.h"

enum { SLOTS = 8, SLOT_WORDS = 8, MESSAGES = 4 };

struct map {
    uint32_t slot; /* where the M7 has put its message */
    uint32_t slots[SLOTS][SLOT_WORDS];
    uint32_t calibration[SLOT_WORDS]; /* the M4's own */
};

#define MAP ((volatile struct map *)TURNS_FREE)

#endif
