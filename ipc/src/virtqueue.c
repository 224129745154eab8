// Virtual I/O Device 1.1, 2.6 "Split Virtqueues".
#include "virtqueue_hot.h"

#define DESCRIPTOR_BYTES 16u
#define FLAG_WRITE       2u

static uint32_t *word(uint8_t *at)
{
    return (uint32_t *)(void *)at;
}

static uint32_t used_offset(uint32_t count, uint32_t align)
{
    uint32_t end = DESCRIPTOR_BYTES * count + VIRTQUEUE_ELEMENTS + 2 * count + 2;

    return (end + align - 1) & ~(align - 1);
}

uint32_t virtqueue_bytes(uint32_t count, uint32_t align)
{
    return used_offset(count, align) + VIRTQUEUE_ELEMENTS + 8 * count + 2;
}

void virtqueue_open(struct duet_virtqueue *queue, uint8_t *ring, uint32_t count, uint32_t align,
                    int is_driver)
{
    queue->ring = ring;
    queue->count = (uint16_t)count;
    queue->mine = ring + (is_driver ? DESCRIPTOR_BYTES * count : used_offset(count, align));
    queue->theirs = ring + (is_driver ? used_offset(count, align) : DESCRIPTOR_BYTES * count);
    queue->is_driver = (uint8_t)is_driver;
    queue->is_fixed = (uint8_t)is_driver;
    queue->scan = queue->ours = 0;
    for (uint32_t id = 0; id < DUET_RPMSG_BUFFERS; id++) {
        queue->state[id] = BUFFER_PEERS;
        queue->at[id] = NULL;
    }
    // A new ring is all 0. A device that starts on one that ran goes on where it stopped.
    queue->published = queue->taken = is_driver ? 0 : virtqueue_load(queue->mine + VIRTQUEUE_INDEX);
}

void virtqueue_fill(struct duet_virtqueue *queue, uint8_t *buffers, uint32_t address, uint32_t size,
                    uint32_t present, uint32_t flags)
{
    const uint8_t *end = queue->theirs + VIRTQUEUE_ELEMENTS + 8u * queue->count;

    for (uint8_t *at = queue->ring; at < end; at += 4)
        shared_store(word(at), 0);
    for (uint32_t id = 0; id < present && id < queue->count; id++) {
        uint8_t *descriptor = queue->ring + id * DESCRIPTOR_BYTES;

        shared_store(word(descriptor), address + id * size);
        shared_store(word(descriptor + 8), size);
        shared_store(word(descriptor + 12), flags);
        queue->at[id] = buffers + id * size;
        queue->length[id] = size;
        virtqueue_mark(queue, id, BUFFER_OURS);
    }
}

int virtqueue_find_buffer(struct duet_virtqueue *queue, uint32_t id,
                          const struct duet_rpmsg_config *config)
{
    uint8_t *descriptor = queue->ring + id * DESCRIPTOR_BYTES;
    uint32_t offset = shared_load(word(descriptor)) - config->address;
    uint32_t length = shared_load(word(descriptor + 8));

    if (offset >= config->size || length > config->size - offset || offset % 4 != 0 ||
        length < DUET_RPMSG_HEADER)
        return 0;
    queue->at[id] = config->shared + offset;
    queue->length[id] = length;
    return 1;
}

int virtqueue_lent(const struct duet_virtqueue *queue, const void *buffer)
{
    for (uint32_t id = 0; id < queue->count; id++)
        if (queue->state[id] == BUFFER_LENT && queue->at[id] + DUET_RPMSG_HEADER == buffer)
            return (int)id;
    return -1;
}

void virtqueue_skip(struct duet_virtqueue *queue)
{
    uint32_t waiting = virtqueue_waiting(queue);

    queue->taken = (uint16_t)(queue->taken + (waiting > queue->count ? waiting : 1));
}

void virtqueue_ask(const struct duet_virtqueue *queue, int asks)
{
    virtqueue_store(queue->mine, asks ? 0 : VIRTQUEUE_NO_KICK);
    duet_fence();
}
