// A split virtio ring from either side. The driver's descriptors are written once, at a session's
// start, and never read back; the device checks each one. What the peer writes is read once.
#ifndef DUET_VIRTQUEUE_H
#define DUET_VIRTQUEUE_H

#include "duet/rpmsg.h"
#include "shared.h"

// Both rings begin with flags and index.
#define VIRTQUEUE_NO_KICK  1u // VRING_AVAIL_F_NO_INTERRUPT, VRING_USED_F_NO_NOTIFY
#define VIRTQUEUE_INDEX    2u
#define VIRTQUEUE_ELEMENTS 4u

// On the way of every message: in line, but in a build for size functions of virtqueue.c.
#ifdef __OPTIMIZE_SIZE__
#define VIRTQUEUE_HOT
#else
#define VIRTQUEUE_HOT DUET_HOT
#endif

enum {
    BUFFER_PEERS, // the peer has it
    BUFFER_OURS,
    BUFFER_LENT,    // ours, and the application has it
    BUFFER_ARRIVED, // ours, and its endpoint has not had it yet
};

DUET_INLINE void virtqueue_mark(struct duet_virtqueue *queue, uint32_t id, uint8_t state)
{
    int more = (state == BUFFER_OURS) - (queue->state[id] == BUFFER_OURS);

    queue->ours = (uint16_t)(queue->ours + more);
    queue->state[id] = state;
}

// Bytes of a ring.
uint32_t virtqueue_bytes(uint32_t count, uint32_t align);

void virtqueue_open(struct duet_virtqueue *queue, uint8_t *ring, uint32_t count, uint32_t align,
                    int is_driver);

// Driver: clears the ring and writes the descriptors of buffers that follow each other. Those from
// `present` on do not exist.
void virtqueue_fill(struct duet_virtqueue *queue, uint8_t *buffers, uint32_t address, uint32_t size,
                    uint32_t present, uint32_t flags);

DUET_INLINE uint16_t virtqueue_load(const uint8_t *at)
{
    DUET_STEP();
    return __atomic_load_n((const uint16_t *)(const void *)at, __ATOMIC_RELAXED);
}

DUET_INLINE void virtqueue_store(uint8_t *at, uint32_t value)
{
    DUET_STEP();
    __atomic_store_n((uint16_t *)(void *)at, (uint16_t)value, __ATOMIC_RELAXED);
}

// How many there are to take; more than the ring has when the index makes no sense.
DUET_INLINE uint32_t virtqueue_waiting(const struct duet_virtqueue *queue)
{
    return (uint16_t)(virtqueue_load(queue->theirs + VIRTQUEUE_INDEX) - queue->taken);
}

// Device: where the descriptor's buffer is; 0 when it does not lie wholly in the shared memory.
int virtqueue_find_buffer(struct duet_virtqueue *queue, uint32_t id,
                          const struct duet_rpmsg_config *config);

// Takes the next descriptor that the peer passed on, of `waiting` that there are, not 0: its number, or
// DUET_CORRUPT. It is `state` then.
VIRTQUEUE_HOT int virtqueue_take(struct duet_virtqueue *queue,
                                 const struct duet_rpmsg_config *config, uint32_t waiting,
                                 uint8_t state);

// Passes a descriptor to the peer.
VIRTQUEUE_HOT void virtqueue_give(struct duet_virtqueue *queue, uint32_t id);

// Passes over what could not be taken: one descriptor, or all where the index makes no sense.
void virtqueue_skip(struct duet_virtqueue *queue);

// The number of a buffer that the application has, or -1.
int virtqueue_lent(const struct duet_virtqueue *queue, const void *buffer);

// Whether this side wants to be told when the peer has passed a descriptor. At the beginning it does.
void virtqueue_ask(const struct duet_virtqueue *queue, int asks);

// 1 when the peer wants to be told.
DUET_INLINE int virtqueue_wants_kick(const struct duet_virtqueue *queue)
{
    return !(virtqueue_load(queue->theirs) & VIRTQUEUE_NO_KICK);
}

#ifndef __OPTIMIZE_SIZE__
#include "virtqueue_hot.h"
#endif

#endif
