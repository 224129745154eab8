/*
 * The same work on the same kind of memory, with both policies: not cached at all (an MPU region),
 * or cached with maintenance done by the library. In cycles of the M7, by DWT_CYCCNT.
 */
#ifndef CACHEABLE_VS_NONCACHEABLE_H
#define CACHEABLE_VS_NONCACHEABLE_H

#include "chip/mmio.h"
#include "duet/ring.h"
#include "shared/link.h"

enum { LINE_TAKEN, PATIENCE_US = 100000 };
enum { UNCACHED, CACHED, POLICIES };
enum { BLOCK_BYTES = 8192, RING_BYTES = 1024, MESSAGE_BYTES = 256, MESSAGES = 50 };

/* One half of SRAM1 for each policy: 64 KB, which is what an MPU region can be. */
enum { HALF_LOG2 = 16 };

struct half {
    uint8_t block[BLOCK_BYTES];
    struct duet_ring_shared ends;
    uint8_t ring[RING_BYTES];
};

/* Which round it is. Set by one core, looked at by the other until it is. */
struct map {
    uint32_t asked;   /* by the M7 */
    uint32_t written; /* by the M4 */
};

#define MAP ((volatile struct map *)LINK_FREE)

#define HALF(policy) ((struct half *)(0x30000000u + (uint32_t)(policy) * (1u << HALF_LOG2)))

/* The number of the round, so that old content is never taken for new. */
static inline uint32_t word_of(uint32_t round, uint32_t n)
{
    return round * 0x10001 + n;
}

#endif
