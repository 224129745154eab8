// A region: a shared memory that both cores agree on. The first 64 bytes are a card for each core,
// written by that core alone, with magic, version, a hash of the layout, and an epoch that grows each
// time the core opens the region. Neither core is the master and both may start first.
//
// Threads only, one at a time, but duet_region_beat, which any context may call.
#ifndef DUET_REGION_H
#define DUET_REGION_H

#include "duet/port.h"

#define DUET_REGION_MAGIC   0x54455544u // "DUET"
#define DUET_REGION_VERSION 1u

struct duet_region_card {
    uint32_t magic;
    uint32_t version;
    uint32_t layout; // duet_region_layout of the parts
    uint32_t size;   // bytes of the region
    uint32_t epoch;  // never 0 once opened
    uint32_t seen;   // the peer's epoch that this core has agreed to; 0: none
    uint32_t beats;  // grows with each duet_region_beat
    uint32_t open;   // 1 while open
};

struct duet_region_shared {
    struct duet_region_card card[2]; // by core
} __attribute__((aligned(DUET_LINE)));

// One part of the region. Parts are in ascending order, begin and end on cache lines, and do not
// overlap each other or the cards. The kind is the user's number for what is in it.
struct duet_region_part {
    uint32_t offset; // bytes from the region's start, a multiple of 32
    uint32_t size;   // bytes, a multiple of 32, not 0
    uint32_t kind;
    enum duet_policy policy;
};

// A part from a member of the struct that maps the region; see also DUET_ASSERT_LINES.
#define DUET_REGION_PART(map, member, number, how)                                                 \
    {                                                                                              \
        .offset = offsetof(map, member), .size = sizeof(((map *)0)->member), .kind = (number),     \
        .policy = (how)                                                                            \
    }

struct duet_region_config {
    struct duet_memory memory; // of the cards
    void *base;                // as this core addresses it; a multiple of 32
    uint32_t size;             // bytes, a multiple of 32
    const struct duet_region_part *parts;
    uint32_t part_count;
};

struct duet_region {
    const struct duet_region_config *config;
    uint32_t epoch;
    uint32_t peer_epoch; // agreed to; 0: none
    uint32_t beats;
    uint32_t peer_beats;
    uint32_t peer_beat_time;
};

// Checks the layout and writes this core's card with the next epoch. DUET_OK or DUET_INVALID.
int duet_region_open(struct duet_region *region, const struct duet_region_config *config);

// Says good-bye: the peer's duet_region_peer answers DUET_DOWN from now on.
void duet_region_close(struct duet_region *region);

// How the peer is: DUET_OK when both have agreed on each other's epoch, DUET_DOWN when it has not
// opened the region or not answered yet, DUET_MISMATCH when it was built with another layout,
// DUET_RESTARTED once when it opened the region again after it had been agreed on.
int duet_region_peer(struct duet_region *region);

// Boot synchronisation: asks duet_region_peer until it is DUET_OK. DUET_OK, DUET_MISMATCH or
// DUET_TIMEOUT after timeout_us microseconds (at most 2^31). Polls.
int duet_region_wait_peer(struct duet_region *region, uint32_t timeout_us);

// Shows that this core lives.
void duet_region_beat(struct duet_region *region);

// Microseconds since duet_region_silence first saw the peer's last beat: call it regularly.
uint32_t duet_region_silence(struct duet_region *region);

// Address of a part as this core sees it; NULL for a number out of range.
void *duet_region_part(const struct duet_region *region, uint32_t number);

// The hash of a layout: equal parts, equal hash.
uint32_t duet_region_layout(const struct duet_region_config *config);

#endif
