/*
 * What a message costs from core to core, by level of the library, place and policy. Both cores run
 * the same plan in step; the M7 prints.
 */
#ifndef IPC_BENCH_H
#define IPC_BENCH_H

#include "shared/link.h"

#ifdef DUET_STM32H7_CORE_M7
enum { IS_CM7 = 1 };
#else
enum { IS_CM7 = 0 };
#endif

enum { LONGEST = 512, RPMSG_LONGEST = 496 };

/* Directions; each has a notification line and an area of memory of its own. */
enum { TO_CM4, TO_CM7, DIRECTIONS };
enum { AREA_BYTES = 6144 };

/* Memory to send through, one area for each direction. */
struct place {
    const char *name;
    const char *policy_name;
    uint8_t *areas[DIRECTIONS];
    enum duet_policy policy; /* as the M7 sees it; the M4 has no cache */
};

/* One level of the library. All on both cores; a core sends in its own direction only. */
struct level {
    const char *name;
    bool takes_cached;
    uint32_t longest;                        /* bytes in a message */
    void (*open)(const struct place *place); /* both at the same time; returns when joined */
    void (*send)(const void *message, uint32_t length);
    void (*receive)(void *message, uint32_t length); /* returns when it is there */
};

extern const struct level level_ring_polled, level_ring, level_message_buffer, level_rpmsg;

/* Both cores have come here. Spins. */
void barrier(void);

static inline unsigned own_direction(void)
{
    return IS_CM7 ? TO_CM4 : TO_CM7;
}

static inline enum duet_policy policy_here(const struct place *place)
{
    return IS_CM7 ? place->policy : DUET_NON_CACHEABLE;
}

/* The MDMA and the pool of frames; the M7 prints. */
void bench_transfers(void);

#endif
