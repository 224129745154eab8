// How two ends agree (docs/ipc-wire.md, "Ring"): positions never jump under a reader. An end that
// opens keeps the position that it finds, clears `seen` and raises its epoch. The producer answers a
// new consumer epoch in its own `seen`, and is then frozen until the consumer answers; the consumer
// answers only while the producer is frozen, and first moves to the producer's position.
#include "duet/ring.h"
#include "shared.h"

// Which end this is: known where it is asked, but a build for size has one function for both.
#ifdef __OPTIMIZE_SIZE__
#define ROLE(ring, known) ((void)(known), (ring)->is_producer)
#else
#define ROLE(ring, known) (known)
#endif

static void publish(const struct duet_ring *ring)
{
    shared_publish(&ring->config->memory, ring->mine, sizeof(*ring->mine));
}

static void write_word(const struct duet_ring *ring, uint32_t *word, uint32_t value)
{
    duet_fence();
    shared_store(word, value);
    publish(ring);
}

static void tell_peer(const struct duet_ring *ring)
{
    if (ring->config->notify)
        duet_notify_raise(ring->config->notify, ring->config->line);
}

static void begin_session(struct duet_ring *ring)
{
    ring->peer_epoch = 0;
    ring->epoch = (ring->epoch + 1) | 1; // another one, and not 0
    write_word(ring, &ring->mine->seen, 0);
    write_word(ring, &ring->mine->position, ring->position);
    write_word(ring, &ring->mine->epoch, ring->epoch);
    tell_peer(ring);
}

static int open_end(struct duet_ring *ring, const struct duet_ring_config *config,
                    uint32_t is_producer)
{
    struct duet_ring_shared *shared = config->shared;
    struct duet_ring_end *mine = is_producer ? &shared->producer : &shared->consumer;
    uintptr_t lines = (uintptr_t)shared;

    if (DUET_CORE_HAS_CACHE && config->memory.policy == DUET_MAINTAINED)
        lines |= (uintptr_t)config->data | config->size;
    if (!shared || !config->data || (int)config->size < 8 || lines % DUET_LINE != 0)
        return DUET_INVALID;
    ring->config = config;
    ring->size = config->size;
    ring->is_producer = is_producer;
    ring->mine = mine;
    ring->theirs = is_producer ? &shared->consumer : &shared->producer;
    shared_fetch(&config->memory, mine, sizeof(*mine));
    ring->epoch = shared_load(&mine->epoch);
    ring->position = shared_load(&mine->position);
    if (ring->position >= ring->size)
        ring->position = 0;
    shared_store(&mine->wake, 0);
    begin_session(ring);
    return DUET_OK;
}

int duet_ring_open_producer(struct duet_ring *ring, const struct duet_ring_config *config)
{
    return open_end(ring, config, 1);
}

int duet_ring_open_consumer(struct duet_ring *ring, const struct duet_ring_config *config)
{
    return open_end(ring, config, 0);
}

void duet_ring_reset(struct duet_ring *ring)
{
    begin_session(ring);
}

DUET_COLD int corrupt(struct duet_ring *ring)
{
    begin_session(ring);
    return DUET_CORRUPT;
}

// The peer's epoch is not the one agreed on, or it has not agreed to ours. A step of the handshake.
DUET_COLD int agree(struct duet_ring *ring, uint32_t epoch, uint32_t seen)
{
    uint32_t known = ring->peer_epoch;

    if (epoch == 0)
        return DUET_DOWN;
    if (ring->is_producer) {
        if (epoch == known)
            return DUET_DOWN;
    } else if (seen != ring->epoch) {
        if (known == 0)
            return DUET_DOWN;
        ring->peer_epoch = 0;
        write_word(ring, &ring->mine->seen, 0);
        tell_peer(ring);
        return DUET_RESTARTED;
    } else {
        uint32_t position = shared_load(&ring->theirs->position);

        if (position >= ring->size)
            return corrupt(ring);
        ring->position = position;
        write_word(ring, &ring->mine->position, position);
    }
    ring->peer_epoch = epoch;
    write_word(ring, &ring->mine->seen, epoch);
    tell_peer(ring);
    return known ? DUET_RESTARTED : ring->is_producer ? DUET_DOWN : DUET_OK;
}

// The bytes in the ring, once both ends agree. Each word of the peer's is read once; `position` after
// the epochs, because an end moves it before it agrees.
DUET_HOT int look(struct duet_ring *ring, uint32_t is_producer)
{
    const struct duet_ring_end *theirs = ring->theirs;

    shared_fetch(&ring->config->memory, theirs, sizeof(*theirs));

    uint32_t epoch = shared_load(&theirs->epoch);
    uint32_t seen = shared_load(&theirs->seen);

    duet_fence();
    if (epoch != ring->peer_epoch || seen != ring->epoch)
        return agree(ring, epoch, seen);

    uint32_t position = shared_load(&theirs->position);

    if (position >= ring->size)
        return corrupt(ring);
    duet_fence();

    uint32_t used = ROLE(ring, is_producer) ? ring->position - position : position - ring->position;

    return (int)(used & 0x80000000u ? used + ring->size : used);
}

int duet_ring_used(struct duet_ring *ring)
{
    return look(ring, ring->is_producer);
}

static void fetch_lines(const struct duet_memory *memory, const uint8_t *bytes, uint32_t count)
{
    uintptr_t start = (uintptr_t)bytes & ~(uintptr_t)(DUET_LINE - 1);
    uintptr_t end = ((uintptr_t)bytes + count + DUET_LINE - 1) & ~(uintptr_t)(DUET_LINE - 1);

    shared_fetch(memory, (const void *)start, (uint32_t)(end - start));
}

// One run of bytes without a wrap, in the direction of this end.
DUET_HOT void move_run(const struct duet_ring *ring, uint32_t at, uint8_t *bytes, uint32_t count,
                       uint32_t is_producer)
{
    const struct duet_memory *memory = &ring->config->memory;
    uint8_t *data = ring->config->data + at;

    if (ROLE(ring, is_producer)) {
        duet_copy(data, bytes, count);
        shared_publish(memory, data, count);
    } else {
        fetch_lines(memory, data, count);
        duet_copy(bytes, data, count);
    }
}

// The position after the bytes. count is at most the ring's size.
DUET_HOT uint32_t move_bytes(const struct duet_ring *ring, uint32_t at, void *bytes, uint32_t count,
                             uint32_t is_producer)
{
    uint32_t first = ring->size - at;
    uint8_t *next = bytes;

    if (count >= first) {
        move_run(ring, at, next, first, is_producer);
        next += first;
        count -= first;
        at = 0;
    }
    move_run(ring, at, next, count, is_producer);
    return at + count;
}

// The length in front of a message: most often one word that does not wrap.
DUET_HOT uint32_t move_length(const struct duet_ring *ring, uint32_t at, uint32_t *length,
                              uint32_t is_producer)
{
#ifndef __OPTIMIZE_SIZE__
    struct length_word {
        uint32_t word;
    } __attribute__((packed, may_alias)) volatile *place = (void *)(ring->config->data + at);

    if (ring->size - at > sizeof(*place) &&
        (!DUET_CORE_HAS_CACHE || ring->config->memory.policy == DUET_NON_CACHEABLE)) {
        DUET_STEP();
        if (is_producer)
            place->word = *length;
        else
            *length = place->word;
        return at + (uint32_t)sizeof(*place);
    }
#endif
    return move_bytes(ring, at, length, DUET_RING_LENGTH_BYTES, is_producer);
}

DUET_HOT void move(struct duet_ring *ring, uint32_t position, uint32_t count)
{
    ring->position = position;
    write_word(ring, &ring->mine->position, position);
    if (ring->config->observer)
        ring->config->observer(ring, count);
}

// The consumer stores `wake` and then looks; the producer moves and then reads it: one of the two sees
// the other.
DUET_HOT void tell_consumer(const struct duet_ring *ring, uint32_t used)
{
    if (!ring->config->notify)
        return;
    duet_fence();
    shared_fetch(&ring->config->memory, ring->theirs, sizeof(*ring->theirs));
    if (used >= shared_load(&ring->theirs->wake))
        tell_peer(ring);
}

void duet_ring_set_wake(struct duet_ring *ring, uint32_t bytes)
{
    write_word(ring, &ring->mine->wake, bytes);
    duet_fence();
}

int duet_ring_put(struct duet_ring *ring, const void *bytes, uint32_t count, int message)
{
    uint32_t header = message ? DUET_RING_LENGTH_BYTES : 0;
    uint32_t limit = ring->size - 1 - header;
    uint32_t at = ring->position;
    int used;

    if (message && count - 1 >= limit)
        return count ? DUET_TOO_LARGE : DUET_INVALID;
    used = look(ring, 1);
    if (used < 0)
        return used;
    limit -= (uint32_t)used; // may wrap below 0 by the header
    if ((int)limit <= 0)
        return DUET_AGAIN;
    if (count > limit) {
        if (message)
            return DUET_AGAIN;
        count = limit;
    }
    if (message) {
        uint32_t length = count;

        at = move_length(ring, at, &length, 1);
    }
    move(ring, move_bytes(ring, at, (void *)(uintptr_t)bytes, count, 1), header + count);
    tell_consumer(ring, (uint32_t)used + header + count);
    return (int)count;
}

// Length of the first message, and in `at` where its bytes begin.
DUET_HOT int first_message(struct duet_ring *ring, uint32_t *at)
{
    uint32_t length;
    int used = look(ring, 0);

    if (used <= 0)
        return used < 0 ? used : DUET_AGAIN;
    if (used <= DUET_RING_LENGTH_BYTES)
        return corrupt(ring);
    *at = move_length(ring, ring->position, &length, 0);
    if (length - 1 >= (uint32_t)used - DUET_RING_LENGTH_BYTES)
        return corrupt(ring);
    return (int)length;
}

int duet_ring_next_length(struct duet_ring *ring)
{
    uint32_t at;

    return first_message(ring, &at);
}

int duet_ring_get(struct duet_ring *ring, void *bytes, uint32_t count, int message)
{
    uint32_t at = ring->position;
    int length = message ? first_message(ring, &at) : look(ring, 0);

    if (length <= 0)
        return length < 0 ? length : DUET_AGAIN;
    if (message && (uint32_t)length > count)
        return DUET_TOO_LARGE;
    if ((uint32_t)length < count)
        count = (uint32_t)length;
    if (!message)
        at = ring->position; // look may have moved it
    move(ring, move_bytes(ring, at, bytes, count, 0),
         message ? count + DUET_RING_LENGTH_BYTES : count);
    tell_peer(ring);
    return (int)count;
}

// Sleeps until the other end moved or the bound has passed; 0 when it has.
static int wait_for_peer(const struct duet_ring *ring, uint32_t start, uint32_t timeout_us)
{
    const struct duet_port *port = ring->config->memory.port;
    uint32_t elapsed = port->clock(port) - start;

    if (elapsed >= timeout_us)
        return 0;
    if (ring->config->notify)
        duet_notify_wait(ring->config->notify, 1u << ring->config->line, timeout_us - elapsed);
    return 1;
}

int duet_ring_send_wait(struct duet_ring *ring, const void *message, uint32_t length,
                        uint32_t timeout_us)
{
    uint32_t start = ring->config->memory.port->clock(ring->config->memory.port);

    for (;;) {
        int status = duet_ring_send(ring, message, length);

        if (status != DUET_AGAIN && status != DUET_DOWN)
            return status;
        if (!wait_for_peer(ring, start, timeout_us))
            return DUET_TIMEOUT;
    }
}

int duet_ring_receive_wait(struct duet_ring *ring, void *message, uint32_t capacity,
                           uint32_t timeout_us)
{
    uint32_t start = ring->config->memory.port->clock(ring->config->memory.port);

    for (;;) {
        int status = duet_ring_receive(ring, message, capacity);

        if (status != DUET_AGAIN && status != DUET_DOWN)
            return status;
        if (!wait_for_peer(ring, start, timeout_us))
            return DUET_TIMEOUT;
    }
}
