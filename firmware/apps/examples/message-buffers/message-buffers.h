/*
 * The control-buffer pattern: two data buffers, two receiving tasks, one control buffer.
 *
 * All share one doorbell. After each message the sender's "send completed" hook puts the number of
 * the data buffer into the control buffer and rings. The receiver's interrupt handler reads the
 * control buffer, and so knows which of its tasks has something to do.
 */
#ifndef MESSAGE_BUFFERS_H
#define MESSAGE_BUFFERS_H

#include "chip/mmio.h"
#include "duet/message_buffer.h"
#include "shared/link.h"

enum { BUFFER_TEXT, BUFFER_NUMBERS, DATA_BUFFERS };
enum { LINE_CONTROL, LINE_DONE };
enum { DATA_BYTES = 256, CONTROL_BYTES = 128, MESSAGES = 3, PATIENCE_MS = 100 };

/* One buffer in shared memory: what both ends say, and the bytes. */
struct shared_buffer {
    struct duet_ring_shared ends;
    uint8_t bytes[DATA_BYTES];
};

struct map {
    struct shared_buffer data[DATA_BUFFERS];
    struct duet_ring_shared control_ends;
    uint8_t control[CONTROL_BYTES];
};

#define MAP ((struct map *)LINK_FREE)

/* Where the buffers are; the same on both cores. Only the control buffer rings. */
static inline struct duet_ring_config data_buffer(unsigned which)
{
    return (struct duet_ring_config){
        .memory = LINK_MEMORY,
        .shared = &MAP->data[which].ends,
        .data = MAP->data[which].bytes,
        .size = DATA_BYTES,
    };
}

static inline struct duet_ring_config control_buffer(void)
{
    return (struct duet_ring_config){
        .memory = LINK_MEMORY,
        .shared = &MAP->control_ends,
        .data = MAP->control,
        .size = CONTROL_BYTES,
        .notify = &link_notify,
        .line = LINE_CONTROL,
    };
}

/* Until both ends know each other: each has to look once after the other was opened. A buffer that
 * rings does it by itself; the data buffers have no ring of their own. */
static inline void join(MessageBufferHandle_t buffer)
{
    do
        xMessageBufferIsEmpty(buffer);
    while (duet_stream_buffer_status(buffer) == DUET_DOWN);
}

#endif
