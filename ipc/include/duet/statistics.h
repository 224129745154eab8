// Statistics of one end of a ring, in shared memory, written by that end's core alone: either core may
// read them, and so may a debugger. Name duet_statistics_observe and the memory in the ring's configuration.
//
// Latency is measured from the producer's last send to the consumer's taking of it, whenever the consumer
// takes the last that is there. It needs statistics at both ends and clocks with one origin.
#ifndef DUET_STATISTICS_H
#define DUET_STATISTICS_H

#include "duet/ring.h"

#define DUET_STATISTICS_MAGIC   0x54415453u // "STAT"
#define DUET_STATISTICS_BUCKETS 20u

struct duet_statistics {
    uint32_t magic;
    uint32_t moves;      // messages, or writes and reads of a stream
    uint32_t bytes;      // with their lengths; wraps
    uint32_t high_water; // most bytes that this end found in the ring, or left there
    uint32_t slowest;    // microseconds
    uint32_t reserved[7];
    // Bucket 0: under 1 us. Bucket n: 2^(n-1) to 2^n us. The last: all above.
    uint32_t latency[DUET_STATISTICS_BUCKETS];
} __attribute__((aligned(DUET_LINE)));

// Clears them; before the end is opened.
void duet_statistics_open(struct duet_statistics *statistics, const struct duet_memory *memory);

void duet_statistics_observe(struct duet_ring *ring, uint32_t count);

#endif
