/*
 * What one core makes the other brings to the stick: the M7 fills pieces, and each goes by ipc/ to the M4,
 * which writes it into a file. How fast that is, in board time.
 */
#ifndef RELAY_H
#define RELAY_H

#include "chip/mmio.h"
#include "duet/frame.h"
#include "shared/link.h"

enum { LINE_PIECES };
enum { PIECE = 32768, PIECES = 256, PIECE_COUNT = 4, PATIENCE_US = 20000 };

#define POOL ((struct duet_frame_shared *)LINK_FREE)

/* The pieces are in SRAM1, which the M7's cache may hold, and USB's DMA reads. */
#ifdef DUET_STM32H7_CORE_M7
#define PIECES_POLICY DUET_MAINTAINED
#else
#define PIECES_POLICY DUET_NON_CACHEABLE
#endif

#define PIECES_CONFIG                                                                              \
    {                                                                                              \
        .control = LINK_MEMORY, .pixels = {.port = &link_port, .policy = PIECES_POLICY},           \
        .shared = POOL, .buffers = (uint8_t *)0x30000000u, .count = PIECE_COUNT, .stride = PIECE,  \
        .notify = &link_notify, .line = LINE_PIECES,                                               \
    }

#endif
