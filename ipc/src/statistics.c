#include "duet/statistics.h"

#include "virtqueue.h"

_Static_assert(sizeof(struct duet_statistics) % DUET_LINE == 0, "whole cache lines");

void duet_statistics_open(struct duet_statistics *statistics, const struct duet_memory *memory)
{
    uint32_t *words = (uint32_t *)(void *)statistics;

    for (uint32_t i = 0; i < sizeof(*statistics) / 4; i++)
        shared_store(&words[i], 0);
    shared_store(&statistics->magic, DUET_STATISTICS_MAGIC);
    shared_publish(memory, statistics, sizeof(*statistics));
}

static void add(uint32_t *word, uint32_t amount)
{
    shared_store(word, shared_load(word) + amount);
}

static void raise_to(uint32_t *word, uint32_t value)
{
    if (value > shared_load(word))
        shared_store(word, value);
}

static void note_latency(struct duet_statistics *statistics, uint32_t microseconds)
{
    uint32_t bucket = 0;

    raise_to(&statistics->slowest, microseconds);
    while (microseconds && bucket < DUET_STATISTICS_BUCKETS - 1) {
        microseconds >>= 1;
        bucket++;
    }
    add(&statistics->latency[bucket], 1);
}

// From the producer's last move, of which `moved` was written with the position that the consumer has taken,
// so behind its fence. The clock is read last: it is not before what was seen.
static void note_age(struct duet_statistics *statistics, struct duet_ring *ring)
{
    const struct duet_port *port = ring->config->memory.port;
    uint32_t moved = shared_load(&ring->theirs->moved);

    note_latency(statistics, port->clock(port) - moved);
}

// The peer's words are only compared here: whatever they are, nothing is indexed by them.
void duet_statistics_observe(struct duet_ring *ring, uint32_t count)
{
    const struct duet_ring_config *config = ring->config;
    const struct duet_port *port = config->memory.port;
    struct duet_statistics *statistics = config->statistics;
    uint32_t theirs, used;

    shared_fetch(&config->memory, ring->theirs, sizeof(*ring->theirs));
    theirs = shared_load(&ring->theirs->position);
    used = ring->is_producer ? ring->position - theirs : theirs - ring->position;
    used = used & 0x80000000u ? used + ring->size : used;
    if (ring->is_producer)
        shared_store(&ring->mine->moved, port->clock(port)); // seen with the position
    else if (used == 0)
        note_age(statistics, ring);
    shared_store(&statistics->kind,
                 ring->is_producer ? DUET_STATISTICS_PRODUCER : DUET_STATISTICS_CONSUMER);
    add(&statistics->moves, 1);
    add(&statistics->bytes, count);
    if (used < ring->size)
        raise_to(&statistics->high_water, ring->is_producer ? used : used + count);
    shared_publish(&config->memory, statistics, sizeof(*statistics));
}

// Buffers that the peer has and this one; to a device, all that are not to be had.
static uint32_t buffers_in_use(const struct duet_virtqueue *queue)
{
    uint32_t back = virtqueue_load(queue->theirs + VIRTQUEUE_INDEX);
    uint32_t used = queue->is_driver ? (uint16_t)(queue->published - back) + 1u
                                     : queue->count - (uint32_t)(uint16_t)(back - queue->taken);

    return used < queue->count ? used : queue->count;
}

uint32_t duet_statistics_observe_rpmsg(struct duet_rpmsg *rpmsg, uint32_t length, uint32_t stamp,
                                       int is_sent)
{
    const struct duet_rpmsg_config *config = rpmsg->config;
    struct duet_statistics *statistics = is_sent ? config->sent : config->received;
    uint32_t now = config->sessions ? config->memory.port->clock(config->memory.port) : 0;

    if (statistics) {
        shared_store(&statistics->kind, is_sent ? DUET_STATISTICS_SENT : DUET_STATISTICS_RECEIVED);
        add(&statistics->moves, 1);
        add(&statistics->bytes, length);
        raise_to(&statistics->high_water,
                 is_sent ? buffers_in_use(&rpmsg->out) : rpmsg->arrivals + 1);
        if (stamp != 0 && config->sessions)
            note_latency(statistics, now - stamp);
    }
    return now != 0 || !config->sessions ? now : 1;
}
