/*
 * Work divided by what each core is good at: the M4 samples, which is little work often; the M7
 * computes, which is much work seldom. Each sleeps while the other works.
 */
#ifndef PAYLOAD_PROCESSING_H
#define PAYLOAD_PROCESSING_H

#include "chip/mmio.h"
#include "shared/link.h"

enum { LINE_BLOCK, LINE_RESULT, LINE_READY, PATIENCE_US = 500000 };
enum { BLOCKS = 3, SAMPLES = 64, BINS = 3 };

/* Samples a millisecond apart; the result is the power at three frequencies, in thousandths. */
struct map {
    uint32_t block; /* number of the one in `samples`, by the M4 */
    int32_t samples[SAMPLES];
    uint32_t done; /* number of the one in `power`, by the M7 */
    uint32_t power[BINS];
};

#define MAP ((volatile struct map *)LINK_FREE)

/* What share of the time since `start` this core was asleep, in tenths of a percent. */
static inline uint32_t residency(uint32_t asleep_us, uint32_t start_us)
{
    uint32_t passed = example_microseconds() - start_us;
    return passed ? (uint32_t)((uint64_t)asleep_us * 1000 / passed) : 0;
}

#endif
