// Virtual I/O Device 1.1, 2.6 "Split Virtqueues".
#include "virtqueue.h"

#define DESCRIPTOR_BYTES 16u
#define FLAG_WRITE       2u
#define NO_KICK          1u // VRING_AVAIL_F_NO_INTERRUPT, VRING_USED_F_NO_NOTIFY

// Both rings begin with flags and index.
#define RING_INDEX    2u
#define RING_ELEMENTS 4u

static uint16_t load16(const struct duet_virtqueue *queue, uint32_t offset)
{
    DUET_STEP();
    return __atomic_load_n((const uint16_t *)(const void *)(queue->ring + offset),
                           __ATOMIC_RELAXED);
}

static void store16(const struct duet_virtqueue *queue, uint32_t offset, uint32_t value)
{
    DUET_STEP();
    __atomic_store_n((uint16_t *)(void *)(queue->ring + offset), (uint16_t)value, __ATOMIC_RELAXED);
}

static uint32_t *word(const struct duet_virtqueue *queue, uint32_t offset)
{
    return (uint32_t *)(void *)(queue->ring + offset);
}

static uint32_t used_offset(uint32_t count, uint32_t align)
{
    uint32_t end = DESCRIPTOR_BYTES * count + RING_ELEMENTS + 2 * count + 2;

    return (end + align - 1) & ~(align - 1);
}

uint32_t virtqueue_bytes(uint32_t count, uint32_t align)
{
    return used_offset(count, align) + RING_ELEMENTS + 8 * count + 2;
}

void virtqueue_open(struct duet_virtqueue *queue, uint8_t *ring, uint32_t count, uint32_t align,
                    int is_driver)
{
    queue->ring = ring;
    queue->count = (uint16_t)count;
    queue->avail = DESCRIPTOR_BYTES * count;
    queue->used = used_offset(count, align);
    queue->is_driver = (uint8_t)is_driver;
    queue->scan = queue->ours = 0;
    for (uint32_t id = 0; id < DUET_RPMSG_BUFFERS; id++) {
        queue->state[id] = BUFFER_PEERS;
        queue->at[id] = NULL;
    }
    // A new ring is all 0. A device that starts on one that ran goes on where it stopped.
    queue->published = queue->taken = is_driver ? 0 : load16(queue, queue->used + RING_INDEX);
}

void virtqueue_fill(struct duet_virtqueue *queue, uint8_t *buffers, uint32_t address, uint32_t size,
                    uint32_t present, uint32_t flags)
{
    uint32_t end = queue->used + RING_ELEMENTS + 8u * queue->count;

    for (uint32_t offset = 0; offset < end; offset += 4)
        shared_store(word(queue, offset), 0);
    for (uint32_t id = 0; id < present && id < queue->count; id++) {
        uint32_t descriptor = id * DESCRIPTOR_BYTES;

        shared_store(word(queue, descriptor), address + id * size);
        shared_store(word(queue, descriptor + 8), size);
        shared_store(word(queue, descriptor + 12), flags);
        queue->at[id] = buffers + id * size;
        queue->length[id] = size;
        virtqueue_mark(queue, id, BUFFER_OURS);
    }
}

uint32_t virtqueue_waiting(const struct duet_virtqueue *queue)
{
    uint32_t theirs = (queue->is_driver ? queue->used : queue->avail) + RING_INDEX;

    return (uint16_t)(load16(queue, theirs) - queue->taken);
}

// Device: where the descriptor's buffer is, if it lies wholly in the window.
static int buffer_is_valid(struct duet_virtqueue *queue, uint32_t id,
                           const struct virtqueue_window *window)
{
    uint32_t descriptor = id * DESCRIPTOR_BYTES;
    uint32_t offset = shared_load(word(queue, descriptor)) - window->address;
    uint32_t length = shared_load(word(queue, descriptor + 8));

    queue->at[id] = window->base + offset;
    queue->length[id] = length;
    return offset < window->size && length <= window->size - offset && offset % 4 == 0 &&
           length >= DUET_RPMSG_HEADER;
}

int virtqueue_take(struct duet_virtqueue *queue, const struct virtqueue_window *window)
{
    uint32_t waiting = virtqueue_waiting(queue);
    uint32_t slot = queue->taken & (queue->count - 1u);
    uint32_t id;

    if (waiting == 0)
        return DUET_AGAIN;
    duet_fence();
    if (queue->is_driver)
        id = shared_load(word(queue, queue->used + RING_ELEMENTS + 8 * slot));
    else
        id = load16(queue, queue->avail + RING_ELEMENTS + 2 * slot);
    if (waiting > queue->count || id >= queue->count || queue->state[id] != BUFFER_PEERS)
        return DUET_CORRUPT;
    if (queue->is_driver ? !queue->at[id] : !buffer_is_valid(queue, id, window))
        return DUET_CORRUPT;
    queue->taken++;
    virtqueue_mark(queue, id, BUFFER_OURS);
    return (int)id;
}

void virtqueue_skip(struct duet_virtqueue *queue)
{
    uint32_t waiting = virtqueue_waiting(queue);

    queue->taken = (uint16_t)(queue->taken + (waiting > queue->count ? waiting : 1));
}

void virtqueue_give(struct duet_virtqueue *queue, uint32_t id)
{
    uint32_t slot = queue->published & (queue->count - 1u);
    uint32_t mine = queue->is_driver ? queue->avail : queue->used;

    virtqueue_mark(queue, id, BUFFER_PEERS);
    if (queue->is_driver) {
        store16(queue, mine + RING_ELEMENTS + 2 * slot, id);
    } else {
        shared_store(word(queue, mine + RING_ELEMENTS + 8 * slot), id);
        // The whole buffer, not the message: OpenAMP takes the capacity of a recycled buffer from it.
        shared_store(word(queue, mine + RING_ELEMENTS + 8 * slot + 4), queue->length[id]);
    }
    duet_fence();
    queue->published++;
    store16(queue, mine + RING_INDEX, queue->published);
    duet_fence();
}

void virtqueue_ask(const struct duet_virtqueue *queue, int asks)
{
    store16(queue, queue->is_driver ? queue->avail : queue->used, asks ? 0 : NO_KICK);
    duet_fence();
}

int virtqueue_wants_kick(const struct duet_virtqueue *queue)
{
    return !(load16(queue, queue->is_driver ? queue->used : queue->avail) & NO_KICK);
}
