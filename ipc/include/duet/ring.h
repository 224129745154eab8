// A bounded ring from one producer to one consumer: across cores, or inside one. It carries bytes
// (duet_ring_write, duet_ring_read) or whole messages, each behind a 4-byte length (duet_ring_send,
// duet_ring_receive); a ring is used one way or the other.
//
// `size` bytes hold size - 1. Each end keeps its own position in its own memory and publishes it on a
// cache line of its own in shared memory; nothing that the peer writes is used before it was checked,
// and each word is read once. Each end has an epoch that grows when it is opened. When one end opens
// anew, the other notices at its next call, drops what was in flight, and the two agree again without
// a reset of the survivor: messages arrive at most once and in order.
//
// Contexts: any, but one at a time for each end. The …_wait calls: threads.
#ifndef DUET_RING_H
#define DUET_RING_H

#include "duet/notify.h"
#include "duet/status.h"

// In shared memory; each end is written by its owner alone.
struct duet_ring_end {
    uint32_t position; // below the ring's size
    uint32_t epoch;    // this end's; never 0 once opened
    uint32_t seen;     // the other end's epoch that this end has agreed to; 0: none
    uint32_t wake;     // raise this end's line when it can move this many bytes; 0: do not
    uint32_t moved;    // producer with statistics: its clock when it last sent, in microseconds
    uint32_t reserved[3];
};

struct duet_ring_shared {
    struct duet_ring_end producer;
    struct duet_ring_end consumer;
} __attribute__((aligned(DUET_LINE)));

#define DUET_RING_LENGTH_BYTES 4 // in front of each message

struct duet_ring;

// Called when an end has moved `count` bytes of a message or of a stream, and before the other end can see
// it; see duet/statistics.h. In the context of the call that moved them.
typedef void duet_ring_observer(struct duet_ring *ring, uint32_t count);

struct duet_ring_config {
    struct duet_memory memory;
    struct duet_ring_shared *shared; // as this core addresses it
    uint8_t *data;                   // a multiple of 32 where the policy is DUET_MAINTAINED
    uint32_t size;                // bytes of data, 8 to 2^31 - 1; a multiple of 32 where maintained
    struct duet_notify *notify;   // this core's; NULL: nobody is told
    uint32_t line;                // raised at the other end when that end asked for it
    duet_ring_observer *observer; // NULL: none
    struct duet_statistics *statistics; // the observer's, this end's own
};

// One end, in the memory of the core that has it. The members are the library's.
struct duet_ring {
    const struct duet_ring_config *config;
    struct duet_ring_end *mine;
    const struct duet_ring_end *theirs;
    uint8_t *data;
    uint32_t size;
    uint32_t position;
    uint32_t epoch;
    uint32_t peer_epoch;
    uint8_t is_producer;
    uint8_t is_heard; // somebody is to know when this end has moved
};

// Opens one end; config must outlive it. DUET_OK or DUET_INVALID.
int duet_ring_open_producer(struct duet_ring *ring, const struct duet_ring_config *config);
int duet_ring_open_consumer(struct duet_ring *ring, const struct duet_ring_config *config);

// This end's line is raised when the other has moved and this one can move `bytes` or more: as many
// bytes are there, or there is room for them. 0: never. After opening a consumer has 1, and a producer
// 0: who waits for room other than by the calls below asks, then tries again, then sleeps.
void duet_ring_set_wake(struct duet_ring *ring, uint32_t bytes);

// Begins a new session of this end: all in flight is lost, and the other end will be told.
void duet_ring_reset(struct duet_ring *ring);

// Bytes in the ring, from either end, or DUET_DOWN, DUET_RESTARTED, DUET_CORRUPT.
int duet_ring_used(struct duet_ring *ring);

// What the calls below are made of. A message is kept whole, behind its length; else bytes.
int duet_ring_put(struct duet_ring *ring, const void *bytes, uint32_t count, int message);
int duet_ring_get(struct duet_ring *ring, void *bytes, uint32_t count, int message);

// Producer. Writes as many of the bytes as there is room for: how many, or DUET_AGAIN for none.
static inline int duet_ring_write(struct duet_ring *ring, const void *bytes, uint32_t count)
{
    return duet_ring_put(ring, bytes, count, 0);
}

// Consumer. Reads up to count bytes: how many, or DUET_AGAIN for none.
static inline int duet_ring_read(struct duet_ring *ring, void *bytes, uint32_t count)
{
    return duet_ring_get(ring, bytes, count, 0);
}

// Producer. Sends one message of 1 byte or more, all or nothing: its length, DUET_AGAIN or
// DUET_TOO_LARGE.
static inline int duet_ring_send(struct duet_ring *ring, const void *message, uint32_t length)
{
    return duet_ring_put(ring, message, length, 1);
}

// Consumer. Takes one message: its length. DUET_AGAIN; DUET_TOO_LARGE when it is longer than
// capacity: it then stays in the ring.
static inline int duet_ring_receive(struct duet_ring *ring, void *message, uint32_t capacity)
{
    return duet_ring_get(ring, message, capacity, 1);
}

// Consumer. Length of the message that duet_ring_receive would take, or DUET_AGAIN.
int duet_ring_next_length(struct duet_ring *ring);

// The same with a bound of timeout_us microseconds (at most 2^31): DUET_TIMEOUT when there was no
// room or no message, or no peer, in that time. They sleep on the configuration's line when it has a
// notify, and poll otherwise.
int duet_ring_send_wait(struct duet_ring *ring, const void *message, uint32_t length,
                        uint32_t timeout_us);
int duet_ring_receive_wait(struct duet_ring *ring, void *message, uint32_t capacity,
                           uint32_t timeout_us);

// For waits of one's own: after a look that found nothing, sleeps until the other end may have moved.
// 0, at once: timeout_us microseconds have passed since the port's clock was `start`. Threads.
int duet_ring_doze(struct duet_ring *ring, uint32_t start, uint32_t timeout_us);

#endif
