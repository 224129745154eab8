/*
 * Two cores, one counter. `count++` is a read, an addition and a write; when the other core writes
 * in between, its addition is lost. A hardware semaphore keeps the other core out meanwhile.
 */
#ifndef HSEM_SYNC_H
#define HSEM_SYNC_H

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "shared/example.h"

enum { HSEM_COUNTER = 5, ROUNDS_CM7 = 18000, ROUNDS_CM4 = 2000 };

struct map {
    uint32_t counter, by_m7; /* touched under the semaphore only */
    uint32_t cm4_done;       /* the M4 has counted */
    uint32_t done;           /* both have, the M7 last */
};

#define MAP ((volatile struct map *)SHARED_BASE)

/* Reading HSEM_RLR *takes* the semaphore when it is free (RM0399 11.3.3): the value says who has it
 * now. It is no way to look whether it is free; that is what HSEM_R is for. */
static inline void take(uint32_t semaphore, uint32_t core_id)
{
    while (reg_read(HSEM_RLR0 + 4 * semaphore) != (HSEM_LOCK | core_id << 8))
        continue;
}

static inline void give(uint32_t semaphore, uint32_t core_id)
{
    reg_write(HSEM_R0 + 4 * semaphore, core_id << 8);
}

/* What each core does, both at the same time. */
static inline void count(uint32_t core_id, int rounds)
{
    for (int round = 0; round < rounds; round++) {
        take(HSEM_COUNTER, core_id);
        MAP->counter = MAP->counter + 1;
        MAP->by_m7 = MAP->by_m7 + (core_id == HSEM_COREID_CM7);
        data_memory_barrier(); /* the count is in memory before the other core may read it */
        give(HSEM_COUNTER, core_id);
    }
}

#endif
