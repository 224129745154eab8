// The two that virtqueue.h promises as VIRTQUEUE_HOT.
#ifndef DUET_VIRTQUEUE_HOT_H
#define DUET_VIRTQUEUE_HOT_H

#include "virtqueue.h"

VIRTQUEUE_HOT int virtqueue_take(struct duet_virtqueue *queue,
                                 const struct duet_rpmsg_config *config, uint32_t waiting,
                                 uint8_t state)
{
    const uint8_t *elements = queue->theirs + VIRTQUEUE_ELEMENTS;
    uint32_t slot = queue->taken & (queue->count - 1u);
    uint32_t id;

    duet_fence();
    if (queue->is_driver)
        id = shared_load((const uint32_t *)(const void *)(elements + 8 * slot));
    else
        id = virtqueue_load(elements + 2 * slot);
    if (waiting > queue->count || id >= queue->count || queue->state[id] != BUFFER_PEERS)
        return DUET_CORRUPT;
    if (!(queue->is_fixed && queue->at[id]) &&
        (queue->is_driver || !virtqueue_find_buffer(queue, id, config)))
        return DUET_CORRUPT;
    queue->taken++;
    virtqueue_mark(queue, id, state);
    return (int)id;
}

VIRTQUEUE_HOT void virtqueue_give(struct duet_virtqueue *queue, uint32_t id)
{
    uint8_t *elements = queue->mine + VIRTQUEUE_ELEMENTS;
    uint32_t slot = queue->published & (queue->count - 1u);

    virtqueue_mark(queue, id, BUFFER_PEERS);
    if (queue->is_driver) {
        virtqueue_store(elements + 2 * slot, id);
    } else {
        uint32_t *element = (uint32_t *)(void *)(elements + 8 * slot);

        shared_store(element, id);
        // The whole buffer, not the message: OpenAMP takes the capacity of a recycled buffer from it.
        shared_store(element + 1, queue->length[id]);
    }
    duet_fence();
    queue->published++;
    virtqueue_store(queue->mine + VIRTQUEUE_INDEX, queue->published);
    duet_fence();
}

#endif
