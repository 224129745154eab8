// How two ends agree (docs/ipc-wire.md, "Ring"): positions never jump under a reader. An end that
// opens keeps the position that it finds, clears `seen` and raises its epoch. The producer answers a
// new consumer epoch in its own `seen`, and is then frozen until the consumer answers; the consumer
// answers only while the producer is frozen, and first moves to the producer's position.
#include "duet/ring.h"
#include "shared.h"

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

static int is_producer(const struct duet_ring *ring)
{
    return ring->mine == &ring->config->shared->producer;
}

static void begin_session(struct duet_ring *ring)
{
    ring->peer_epoch = 0;
    ring->epoch++;
    if (ring->epoch == 0)
        ring->epoch = 1;
    write_word(ring, &ring->mine->seen, 0);
    write_word(ring, &ring->mine->position, ring->position);
    write_word(ring, &ring->mine->epoch, ring->epoch);
    tell_peer(ring);
}

static int open_end(struct duet_ring *ring, const struct duet_ring_config *config,
                    struct duet_ring_end *mine, const struct duet_ring_end *theirs)
{
    uintptr_t lines =
        config->memory.policy == DUET_MAINTAINED ? (uintptr_t)config->data | config->size : 0;

    if (!config->memory.port || !config->data || config->size < 8 || config->size > 1u << 30 ||
        ((lines | (uintptr_t)config->shared) % DUET_LINE) != 0)
        return DUET_INVALID;
    ring->config = config;
    ring->mine = mine;
    ring->theirs = theirs;
    shared_fetch(&config->memory, mine, sizeof(*mine));
    ring->epoch = shared_load(&mine->epoch);
    ring->position = shared_load(&mine->position);
    if (ring->position >= config->size)
        ring->position = 0;
    begin_session(ring);
    return DUET_OK;
}

int duet_ring_open_producer(struct duet_ring *ring, const struct duet_ring_config *config)
{
    if (!config->shared)
        return DUET_INVALID;
    return open_end(ring, config, &config->shared->producer, &config->shared->consumer);
}

int duet_ring_open_consumer(struct duet_ring *ring, const struct duet_ring_config *config)
{
    if (!config->shared)
        return DUET_INVALID;
    return open_end(ring, config, &config->shared->consumer, &config->shared->producer);
}

void duet_ring_reset(struct duet_ring *ring)
{
    begin_session(ring);
}

static int corrupt(struct duet_ring *ring)
{
    begin_session(ring);
    return DUET_CORRUPT;
}

// The peer's epoch is not the one agreed on, or it has not agreed to ours. A step of the handshake.
static int agree(struct duet_ring *ring, uint32_t epoch, uint32_t seen)
{
    uint32_t known = ring->peer_epoch;

    if (epoch == 0)
        return DUET_DOWN;
    if (is_producer(ring)) {
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

        if (position >= ring->config->size)
            return corrupt(ring);
        ring->position = position;
        write_word(ring, &ring->mine->position, position);
    }
    ring->peer_epoch = epoch;
    write_word(ring, &ring->mine->seen, epoch);
    tell_peer(ring);
    return known ? DUET_RESTARTED : is_producer(ring) ? DUET_DOWN : DUET_OK;
}

// The bytes in the ring, once both ends agree. Each word of the peer's is read once; `position` after
// the epochs, because an end moves it before it agrees.
static int look(struct duet_ring *ring)
{
    const struct duet_ring_end *theirs = ring->theirs;

    shared_fetch(&ring->config->memory, theirs, sizeof(*theirs));

    uint32_t epoch = shared_load(&theirs->epoch);
    uint32_t seen = shared_load(&theirs->seen);

    duet_fence();
    if (epoch != ring->peer_epoch || seen != ring->epoch)
        return agree(ring, epoch, seen);

    uint32_t position = shared_load(&theirs->position);

    if (position >= ring->config->size)
        return corrupt(ring);
    duet_fence();

    uint32_t used = is_producer(ring) ? ring->position - position : position - ring->position;

    return (int)(used & 0x80000000u ? used + ring->config->size : used);
}

int duet_ring_used(struct duet_ring *ring)
{
    return look(ring);
}

static uint32_t put(const struct duet_ring *ring, uint32_t at, const void *bytes, uint32_t count)
{
    const struct duet_ring_config *config = ring->config;
    uint32_t first = config->size - at;

    if (count >= first) {
        duet_copy(config->data + at, bytes, first);
        shared_publish(&config->memory, config->data + at, first);
        bytes = (const uint8_t *)bytes + first;
        count -= first;
        at = 0;
    }
    duet_copy(config->data + at, bytes, count);
    shared_publish(&config->memory, config->data + at, count);
    return at + count;
}

static void fetch_lines(const struct duet_memory *memory, const uint8_t *bytes, uint32_t count)
{
    uintptr_t start = (uintptr_t)bytes & ~(uintptr_t)(DUET_LINE - 1);
    uintptr_t end = ((uintptr_t)bytes + count + DUET_LINE - 1) & ~(uintptr_t)(DUET_LINE - 1);

    shared_fetch(memory, (const void *)start, (uint32_t)(end - start));
}

static uint32_t get(const struct duet_ring *ring, uint32_t at, void *bytes, uint32_t count)
{
    const struct duet_ring_config *config = ring->config;
    uint32_t first = config->size - at;

    if (count >= first) {
        fetch_lines(&config->memory, config->data + at, first);
        duet_copy(bytes, config->data + at, first);
        bytes = (uint8_t *)bytes + first;
        count -= first;
        at = 0;
    }
    fetch_lines(&config->memory, config->data + at, count);
    duet_copy(bytes, config->data + at, count);
    return at + count;
}

static void move(struct duet_ring *ring, uint32_t position)
{
    ring->position = position;
    write_word(ring, &ring->mine->position, position);
    tell_peer(ring);
}

int duet_ring_write(struct duet_ring *ring, const void *bytes, uint32_t count)
{
    int used = look(ring);

    if (used < 0)
        return used;

    uint32_t space = ring->config->size - 1 - (uint32_t)used;

    if (count > space)
        count = space;
    if (count == 0)
        return DUET_AGAIN;
    move(ring, put(ring, ring->position, bytes, count));
    return (int)count;
}

int duet_ring_read(struct duet_ring *ring, void *bytes, uint32_t count)
{
    int used = look(ring);

    if (used < 0)
        return used;
    if (count > (uint32_t)used)
        count = (uint32_t)used;
    if (count == 0)
        return DUET_AGAIN;
    move(ring, get(ring, ring->position, bytes, count));
    return (int)count;
}

int duet_ring_send(struct duet_ring *ring, const void *message, uint32_t length)
{
    if (length == 0)
        return DUET_INVALID;
    if (length > ring->config->size - 1 - DUET_RING_LENGTH_BYTES)
        return DUET_TOO_LARGE;

    int used = look(ring);

    if (used < 0)
        return used;
    if (length + DUET_RING_LENGTH_BYTES > ring->config->size - 1 - (uint32_t)used)
        return DUET_AGAIN;

    uint32_t at = put(ring, ring->position, &length, DUET_RING_LENGTH_BYTES);

    move(ring, put(ring, at, message, length));
    return DUET_OK;
}

// Length of the first message, and in `at` where its bytes begin.
static int first_message(struct duet_ring *ring, uint32_t *at)
{
    int used = look(ring);

    if (used <= 0)
        return used < 0 ? used : DUET_AGAIN;

    uint32_t length;

    if (used <= DUET_RING_LENGTH_BYTES)
        return corrupt(ring);
    *at = get(ring, ring->position, &length, DUET_RING_LENGTH_BYTES);
    if (length == 0 || length > (uint32_t)used - DUET_RING_LENGTH_BYTES)
        return corrupt(ring);
    return (int)length;
}

int duet_ring_next_length(struct duet_ring *ring)
{
    uint32_t at;

    return first_message(ring, &at);
}

int duet_ring_receive(struct duet_ring *ring, void *message, uint32_t capacity)
{
    uint32_t at = 0;
    int length = first_message(ring, &at);

    if (length < 0)
        return length;
    if ((uint32_t)length > capacity)
        return DUET_TOO_LARGE;
    move(ring, get(ring, at, message, (uint32_t)length));
    return length;
}

// Sleeps until the other end moved or the bound has passed; 0 when it has.
static int wait_for_peer(const struct duet_ring *ring, uint32_t start, uint32_t timeout_us)
{
    const struct duet_port *port = ring->config->memory.port;
    uint32_t elapsed = port_clock(port) - start;

    if (!port->clock || elapsed >= timeout_us)
        return 0;
    if (ring->config->notify)
        duet_notify_wait(ring->config->notify, 1u << ring->config->line, timeout_us - elapsed);
    return 1;
}

int duet_ring_send_wait(struct duet_ring *ring, const void *message, uint32_t length,
                        uint32_t timeout_us)
{
    uint32_t start = port_clock(ring->config->memory.port);

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
    uint32_t start = port_clock(ring->config->memory.port);

    for (;;) {
        int status = duet_ring_receive(ring, message, capacity);

        if (status != DUET_AGAIN && status != DUET_DOWN)
            return status;
        if (!wait_for_peer(ring, start, timeout_us))
            return DUET_TIMEOUT;
    }
}
