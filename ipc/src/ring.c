// How two ends agree (docs/ipc-wire.md, "Ring"): positions never jump under a reader. An end that
// opens keeps the position that it finds, clears `seen` and raises its epoch. The producer answers a
// new consumer epoch in its own `seen`, and is then frozen until the consumer answers; the consumer
// answers only while the producer is frozen, and first moves to the producer's position.
#include "ring_quick.h"

// Which end this is: known where it is asked, but a build for size has one function for both.
#ifdef __OPTIMIZE_SIZE__
#define ROLE(ring, known) ((void)(known), (ring)->is_producer)
#else
#define ROLE(ring, known) (known)
#endif

static void begin_session(struct duet_ring *ring)
{
    ring->peer_epoch = 0;
    ring->epoch = (ring->epoch + 1) | 1; // another one, and not 0
    ring_write(ring, &ring->mine->seen, 0);
    ring_write(ring, &ring->mine->position, ring->position);
    ring_write(ring, &ring->mine->epoch, ring->epoch);
    ring_tell(ring);
}

static int open_end(struct duet_ring *ring, const struct duet_ring_config *config,
                    uint32_t is_producer)
{
    struct duet_ring_shared *shared = config->shared;
    struct duet_ring_end *mine;
    uintptr_t lines = (uintptr_t)shared;

    if (DUET_CORE_HAS_CACHE && config->memory.policy == DUET_MAINTAINED)
        lines |= (uintptr_t)config->data | config->size;
    if (!shared || !config->data || (int)config->size < 8 || lines % DUET_LINE != 0)
        return DUET_INVALID;
    mine = is_producer ? &shared->producer : &shared->consumer;
    ring->config = config;
    ring->data = config->data;
    ring->size = config->size;
#ifndef __OPTIMIZE_SIZE__
    ring->is_heard = config->observer || config->notify;
#endif
    ring->is_producer = (uint8_t)is_producer;
    ring->mine = mine;
    ring->theirs = is_producer ? &shared->consumer : &shared->producer;
    shared_fetch(&config->memory, mine, sizeof(*mine));
    ring->epoch = shared_load(&mine->epoch);
    ring->position = shared_load(&mine->position);
    if (ring->position >= ring->size)
        ring->position = 0;
    shared_store(&mine->wake, !is_producer); // all that comes, and no room
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
        ring_write(ring, &ring->mine->seen, 0);
        ring_tell(ring);
        return DUET_RESTARTED;
    } else {
        uint32_t position = shared_load(&ring->theirs->position);

        if (position >= ring->size)
            return corrupt(ring);
        ring->position = position;
        ring_write(ring, &ring->mine->position, position);
    }
    ring->peer_epoch = epoch;
    ring_write(ring, &ring->mine->seen, epoch);
    ring_tell(ring);
    return known ? DUET_RESTARTED : ring->is_producer ? DUET_DOWN : DUET_OK;
}

// The bytes in the ring, once both ends agree. Each word of the peer's is read once; `position` after
// the epochs, because an end moves it before it agrees.
DUET_HOT int look(struct duet_ring *ring, uint32_t is_producer)
{
    const struct duet_ring_end *theirs = ring->theirs;

    ring_fetch_theirs(ring);

    uint32_t epoch = shared_load(&theirs->epoch);
    uint32_t seen = shared_load(&theirs->seen);

    duet_fence();
    if (epoch == 0 || epoch != ring->peer_epoch || seen != ring->epoch)
        return agree(ring, epoch, seen);

    uint32_t position = shared_load(&theirs->position);

    if (position >= ring->size)
        return corrupt(ring);
    duet_fence();

    if (ROLE(ring, is_producer))
        return (int)ring_between(ring, position, ring->position);
    return (int)ring_between(ring, ring->position, position);
}

int duet_ring_used(struct duet_ring *ring)
{
    return look(ring, ring->is_producer);
}

// One run of bytes without a wrap, in the direction of this end.
DUET_HOT void move_run(const struct duet_ring *ring, uint32_t at, uint8_t *bytes, uint32_t count,
                       uint32_t is_producer)
{
    const struct duet_memory *memory = &ring->config->memory;
    uint8_t *data = ring->data + at;

    if (ROLE(ring, is_producer)) {
        duet_copy_out(data, bytes, count);
        shared_publish(memory, data, count);
    } else {
        ring_fetch(ring, data, count);
        duet_copy_in(bytes, data, count);
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

void duet_ring_set_wake(struct duet_ring *ring, uint32_t bytes)
{
    ring_write(ring, &ring->mine->wake, bytes);
    duet_fence();
}

// All of a message, or of bytes as many as there is room for.
DUET_COLD int put(struct duet_ring *ring, const void *bytes, uint32_t count, int message)
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

        at = move_bytes(ring, at, &length, header, 1);
    }
    ring_move(ring, move_bytes(ring, at, (void *)(uintptr_t)bytes, count, 1), header + count,
              (uint32_t)used + header + count, 0);
    return (int)count;
}

int duet_ring_put(struct duet_ring *ring, const void *bytes, uint32_t count, int message)
{
    if (message && quick_put(ring, bytes, count))
        return (int)count;
    return put(ring, bytes, count, message);
}

// Length of the first message, and in `at` where its bytes begin; `used` bytes are there, not 0.
DUET_HOT int first_message(struct duet_ring *ring, uint32_t used, uint32_t *at)
{
    uint32_t length;

    if (used <= DUET_RING_LENGTH_BYTES)
        return corrupt(ring);
    *at = move_bytes(ring, ring->position, &length, DUET_RING_LENGTH_BYTES, 0);
    if (length - 1 >= used - DUET_RING_LENGTH_BYTES)
        return corrupt(ring);
    return (int)length;
}

int duet_ring_next_length(struct duet_ring *ring)
{
    uint32_t at;
    int used = look(ring, 0);

    if (used <= 0)
        return used < 0 ? used : DUET_AGAIN;
    return first_message(ring, (uint32_t)used, &at);
}

DUET_COLD int get(struct duet_ring *ring, void *bytes, uint32_t count, int message)
{
    uint32_t at = ring->position, header = message ? DUET_RING_LENGTH_BYTES : 0;
    int used = look(ring, 0);
    int length = used <= 0 || !message ? used : first_message(ring, (uint32_t)used, &at);

    if (length <= 0)
        return length < 0 ? length : DUET_AGAIN;
    if (message && (uint32_t)length > count)
        return DUET_TOO_LARGE;
    if ((uint32_t)length < count)
        count = (uint32_t)length;
    if (!message)
        at = ring->position; // look may have moved it
    ring_move(ring, move_bytes(ring, at, bytes, count, 0), count + header,
              ring->size - 1 - ((uint32_t)used - count - header), 0);
    return (int)count;
}

int duet_ring_get(struct duet_ring *ring, void *bytes, uint32_t count, int message)
{
    int length = message ? quick_get(ring, bytes, count) : 0;

    return length != 0 ? length : get(ring, bytes, count, message);
}

int duet_ring_doze(struct duet_ring *ring, uint32_t start, uint32_t timeout_us)
{
    const struct duet_ring_config *config = ring->config;
    uint32_t elapsed = config->memory.port->clock(config->memory.port) - start;
    uint32_t line = 1u << config->line;

    if (elapsed >= timeout_us)
        return 0;
    if (config->notify && !duet_notify_take(config->notify, line))
        duet_notify_sleep(config->notify, line, timeout_us - elapsed);
    return 1;
}

static uint32_t clock_of(const struct duet_ring *ring)
{
    return ring->config->memory.port->clock(ring->config->memory.port);
}

static int is_to_wait(int status)
{
    return status == DUET_AGAIN || status == DUET_DOWN;
}

int duet_ring_send_wait(struct duet_ring *ring, const void *message, uint32_t length,
                        uint32_t timeout_us)
{
    uint32_t start;
    int status;

    if (quick_put(ring, message, length))
        return (int)length;
    status = put(ring, message, length, 1);
    if (!is_to_wait(status))
        return status;
    start = clock_of(ring);
    duet_ring_set_wake(ring, length + DUET_RING_LENGTH_BYTES);
    do
        status = put(ring, message, length, 1);
    while (is_to_wait(status) && duet_ring_doze(ring, start, timeout_us));
    duet_ring_set_wake(ring, 0);
    return is_to_wait(status) ? DUET_TIMEOUT : status;
}

int duet_ring_receive_wait(struct duet_ring *ring, void *message, uint32_t capacity,
                           uint32_t timeout_us)
{
    uint32_t start = 0, has_start = 0;

    for (;;) {
        int status = quick_get(ring, message, capacity);

        if (status > 0)
            return status;
        if (status == 0)
            status = get(ring, message, capacity, 1);
        if (!is_to_wait(status))
            return status;
        if (!has_start)
            start = clock_of(ring);
        has_start = 1;
        if (!duet_ring_doze(ring, start, timeout_us))
            return DUET_TIMEOUT;
    }
}
