// The way of nearly every message: both ends agree, and it lies in one piece. Whatever is not so is
// answered by 0, and ring.c does it the general way.
//
// One word of the peer's tells that nothing has changed since both agreed: an end that opens anew first
// clears its `seen`, which the producer looks at, and the consumer's agreement is to the producer's
// epoch. The position may be read before or after that word: see docs/ipc-wire.md, "Ring".
#ifndef DUET_RING_QUICK_H
#define DUET_RING_QUICK_H

#include "copy_short.h"
#include "duet/ring.h"

struct ring_length {
    uint32_t word;
} __attribute__((packed, may_alias));

DUET_HOT uint32_t ring_between(const struct duet_ring *ring, uint32_t from, uint32_t to)
{
    uint32_t bytes = to - from;

    return bytes & 0x80000000u ? bytes + ring->size : bytes;
}

DUET_HOT void ring_publish(const struct duet_ring *ring)
{
    shared_publish(&ring->config->memory, ring->mine, sizeof(*ring->mine));
}

DUET_HOT void ring_write(const struct duet_ring *ring, uint32_t *word, uint32_t value)
{
    duet_fence();
    shared_store(word, value);
    ring_publish(ring);
}

DUET_HOT void ring_tell(const struct duet_ring *ring)
{
    if (ring->config->notify)
        duet_notify_raise(ring->config->notify, ring->config->line);
}

// Whether somebody is to know when this end has moved: asked first where the build is for speed.
#ifdef __OPTIMIZE_SIZE__
#define RING_IS_HEARD(ring) 1
#else
#define RING_IS_HEARD(ring) (ring)->is_heard
#endif

// Drops the lines that hold these bytes.
DUET_HOT void ring_fetch(const struct duet_ring *ring, const void *bytes, uint32_t count)
{
    uintptr_t start = (uintptr_t)bytes & ~(uintptr_t)(DUET_LINE - 1);
    uintptr_t end = ((uintptr_t)bytes + count + DUET_LINE - 1) & ~(uintptr_t)(DUET_LINE - 1);

    shared_fetch(&ring->config->memory, (const void *)start, (uint32_t)(end - start));
}

DUET_HOT void ring_fetch_theirs(const struct duet_ring *ring)
{
    shared_fetch(&ring->config->memory, ring->theirs, sizeof(*ring->theirs));
}

// This end has moved: its position for the other to see, and who hears of it. Who waits stores `wake` and
// then looks; who has moved reads it after that: one of the two sees the other. `ready` is what the
// peer can move now; its `wake` of 0 asks for nothing. A `wake` that was read before, and asks, is as good.
DUET_HOT void ring_move(struct duet_ring *ring, uint32_t position, uint32_t count, uint32_t ready,
                        uint32_t wake)
{
    ring->position = position;
    if (RING_IS_HEARD(ring) && ring->config->observer)
        ring->config->observer(ring, count);
    ring_write(ring, &ring->mine->position, position);
    if (!RING_IS_HEARD(ring) || !ring->config->notify)
        return;
    if (wake - 1 >= ready) {
        duet_fence();
        ring_fetch_theirs(ring);
        wake = shared_load(&ring->theirs->wake);
    }
    if (wake - 1 < ready)
        duet_notify_raise(ring->config->notify, ring->config->line);
}

#ifdef __OPTIMIZE_SIZE__ // the long way does all, in half the bytes
#define quick_put(ring, bytes, count)    0
#define quick_get(ring, bytes, capacity) 0
#else
// Whether nothing has changed, by that word, and the peer's position.
DUET_HOT int quick_look(const struct duet_ring *ring, const uint32_t *word, uint32_t agreed,
                        uint32_t *position)
{
    ring_fetch_theirs(ring);
    *position = shared_load(&ring->theirs->position);
    return shared_load(word) == agreed && *position < ring->size;
}

// The peer's `wake`, where it came with the line that was just looked at, and costs nothing; else 0.
DUET_HOT uint32_t quick_wake(const struct duet_ring *ring)
{
    if (!DUET_CORE_HAS_CACHE || ring->config->memory.policy != DUET_MAINTAINED)
        return 0;
    return shared_load(&ring->theirs->wake);
}

// Sends a message that fits before the consumer's position or the end of the data: 1, or 0. Sizes are
// below 2^31, so a length that would wrap the sum has its sign bit set.
DUET_HOT int quick_put(struct duet_ring *ring, const void *bytes, uint32_t count)
{
    struct ring_length *place = (void *)(ring->data + ring->position);
    uint32_t end = ring->position + DUET_RING_LENGTH_BYTES + count;
    uint32_t position, wake;

    if (!quick_look(ring, &ring->theirs->seen, ring->epoch, &position) || (int)count <= 0 ||
        end >= (position > ring->position ? position : ring->size))
        return 0;
    wake = quick_wake(ring);
    DUET_STEP(); // no fence: a store does not overtake the branch on what was loaded
    ((volatile struct ring_length *)place)->word = count;
    duet_copy_message_out(place + 1, bytes, count);
    shared_publish(&ring->config->memory, place, DUET_RING_LENGTH_BYTES + count);
    ring_move(ring, end, count + DUET_RING_LENGTH_BYTES, ring_between(ring, position, end), wake);
    return 1;
}

// The length of the message that lies at `place`, of at most `left` bytes; its bytes are fetched.
DUET_HOT uint32_t quick_length(const struct duet_ring *ring, const struct ring_length *place,
                               uint32_t left)
{
    uint32_t first = left < DUET_LINE ? left : DUET_LINE, length;

    ring_fetch(ring, place, DUET_RING_LENGTH_BYTES + first);
    DUET_STEP();
    length = ((const volatile struct ring_length *)place)->word;
    if (DUET_CORE_HAS_CACHE && length > first && length <= left)
        ring_fetch(ring, (const uint8_t *)(place + 1) + first, length - first);
    return length;
}

// Receives a message of at most `capacity` bytes that lies in one piece: its length. DUET_AGAIN: there
// is none. 0: the long way.
DUET_HOT int quick_get(struct duet_ring *ring, void *bytes, uint32_t capacity)
{
    const struct ring_length *place = (const void *)(ring->data + ring->position);
    uint32_t position, length, left, wake;

    if (ring->peer_epoch == 0 ||
        !quick_look(ring, &ring->theirs->epoch, ring->peer_epoch, &position))
        return 0;
    left = position - ring->position - DUET_RING_LENGTH_BYTES;
    if ((int)left <= 0)
        return position == ring->position ? DUET_AGAIN : 0;
    wake = quick_wake(ring);
    duet_fence(); // between the look and what it is about
    length = quick_length(ring, place, left);
    if (length - 1 >= left || length > capacity)
        return 0;
    duet_copy_message_in(bytes, place + 1, length);
    left -= length;
    ring_move(ring, position - left, length + DUET_RING_LENGTH_BYTES, ring->size - 1 - left, wake);
    return (int)length;
}

#endif

#endif
