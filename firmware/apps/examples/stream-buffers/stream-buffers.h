/*
 * A stream buffer: bytes without boundaries from the M4 to the M7, with FreeRTOS's names. The
 * receiver sleeps until its trigger level is reached, or its time is over; then it takes what there
 * is.
 */
#ifndef STREAM_BUFFERS_H
#define STREAM_BUFFERS_H

#include "chip/mmio.h"
#include "duet/stream_buffer.h"
#include "shared/link.h"

enum { LINE_STREAM, LINE_TURN };
enum { STREAM_BYTES = 128, TRIGGER_BYTES = 10, PIECE_BYTES = 4, PATIENCE_MS = 20 };

struct map {
    struct duet_ring_shared ends;
    uint8_t bytes[STREAM_BYTES];
    uint32_t turn; /* the M7's: which story it waits for */
};

#define MAP ((struct map *)LINK_FREE)

/* Both cores say where the buffer is, and which end they have. */
static inline struct duet_ring_config stream_place(void)
{
    return (struct duet_ring_config){
        .memory = LINK_MEMORY,
        .shared = &MAP->ends,
        .data = MAP->bytes,
        .size = STREAM_BYTES,
        .notify = &link_notify,
        .line = LINE_STREAM,
    };
}

#endif
