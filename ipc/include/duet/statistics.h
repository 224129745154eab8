// Statistics of one end of a ring, or of what one side of RPMsg sends or receives, in shared memory, written
// by that end's core alone: either core may read them, and so may a debugger, or `duet run --stats`
// (docs/ipc-wire.md). Name the observer and the memory in the configuration.
//
// Latency is measured from the producer's last send to the consumer's taking of it, whenever the consumer
// takes the last that is there; in RPMsg for each message, from its sending to its endpoint. It needs
// statistics at both ends and clocks with one origin, and in RPMsg sessions.
#ifndef DUET_STATISTICS_H
#define DUET_STATISTICS_H

#include "duet/ring.h"
#include "duet/rpmsg.h"

#define DUET_STATISTICS_MAGIC   0x54415453u // "STAT"
#define DUET_STATISTICS_BUCKETS 20u

enum {
    DUET_STATISTICS_PRODUCER = 1, // of a ring
    DUET_STATISTICS_CONSUMER,
    DUET_STATISTICS_SENT, // RPMsg
    DUET_STATISTICS_RECEIVED,
};

struct duet_statistics {
    uint32_t magic;
    uint32_t moves; // messages, or writes and reads of a stream
    uint32_t bytes; // a ring's with their lengths; wraps
    // Ring: most bytes that this end found in it, or left there. RPMsg: most buffers in use.
    uint32_t high_water;
    uint32_t slowest; // microseconds
    uint32_t kind;    // 0: nothing has moved
    uint32_t reserved[6];
    // Bucket 0: under 1 us. Bucket n: 2^(n-1) to 2^n us. The last: all above.
    uint32_t latency[DUET_STATISTICS_BUCKETS];
} __attribute__((aligned(DUET_LINE)));

// Clears them; before the end is opened.
void duet_statistics_open(struct duet_statistics *statistics, const struct duet_memory *memory);

void duet_statistics_observe(struct duet_ring *ring, uint32_t count);

// The observer of a struct duet_rpmsg_config; the memory of its statistics is non-cacheable.
uint32_t duet_statistics_observe_rpmsg(struct duet_rpmsg *rpmsg, uint32_t length, uint32_t stamp,
                                       int is_sent);

#endif
