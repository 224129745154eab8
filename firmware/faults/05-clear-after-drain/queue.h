/*
 * Fault 5. The interrupt's flag is cleared after the queue was drained.
 *
 * People meet it as a message that lies in the queue until the next one comes: a console that is one
 * line behind, a request that times out once an hour. What arrives between the last look at the
 * queue and the clearing rings while the flag is still up, and then the flag is taken down.
 *
 * Cure: clear first, then drain. What arrives later raises the flag again, and at worst the handler
 * runs once more and finds nothing. RM0399 11.3.7, HSEM_CnICR.
 */
#ifndef QUEUE_H
#define QUEUE_H

#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "shared/verdict.h"

struct map {
    uint32_t posted; /* messages that the M7 has put in */
    uint32_t served; /* messages that the M4 has taken out */
};

#define MAP ((volatile struct map *)SHARED_BASE)

#endif
