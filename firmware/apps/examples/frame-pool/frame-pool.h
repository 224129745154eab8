/*
 * A pool of pictures. What crosses between the cores is 16 bytes that say whose a buffer is now;
 * the pixels stay where they are. Who has a frame says who is going to touch it, and the library
 * does the cache duty that follows from that.
 */
#ifndef FRAME_POOL_H
#define FRAME_POOL_H

#include "chip/mmio.h"
#include "duet/frame.h"
#include "shared/link.h"

enum { LINE_FRAMES, LINE_STORY };
enum { WIDTH = 64, HEIGHT = 48, FRAME_BYTES = WIDTH * HEIGHT * 2, FRAME_COUNT = 3 };
enum { PATIENCE_US = 20000, ALL_FRAMES = 6, QUICK_FRAMES = 3 };

struct map {
    struct duet_frame_shared pool; /* SRAM4: who has what */
    uint32_t story;                /* how far the M7 is */
};

#define MAP ((struct map *)LINK_FREE)

/* The pixels are in SRAM1, which the M7's cache may hold and the M4 has no cache for. */
#ifdef DUET_STM32H7_CORE_M7
#define PIXELS_POLICY DUET_MAINTAINED
#else
#define PIXELS_POLICY DUET_NON_CACHEABLE
#endif

#define POOL                                                                                       \
    {                                                                                              \
        .control = LINK_MEMORY, .pixels = {.port = &link_port, .policy = PIXELS_POLICY},           \
        .shared = &MAP->pool, .buffers = (uint8_t *)0x30000000u, .count = FRAME_COUNT,             \
        .stride = FRAME_BYTES, .notify = &link_notify, .line = LINE_FRAMES,                        \
    }

#endif
