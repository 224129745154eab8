/*
 * The DSI link (RM0399 chapter 34) as a panel sees it. All functions run at the board time at which
 * a packet has ended or the lines have been scanned, from an event callback.
 */
#ifndef SIM_SOC_DSI_H
#define SIM_SOC_DSI_H

#include "sim/soc/soc.h"

/* Data types of packets from the host (MIPI DSI, table 16), those that panels look at. */
enum dsi_type {
    DSI_COLOUR_MODE_OFF = 0x02,
    DSI_GENERIC_WRITE_0 = 0x03,
    DSI_GENERIC_READ_0 = 0x04,
    DSI_DCS_WRITE_0 = 0x05,
    DSI_DCS_READ = 0x06,
    DSI_COLOUR_MODE_ON = 0x12,
    DSI_GENERIC_WRITE_1 = 0x13,
    DSI_GENERIC_READ_1 = 0x14,
    DSI_DCS_WRITE_1 = 0x15,
    DSI_SHUTDOWN = 0x22,
    DSI_GENERIC_WRITE_2 = 0x23,
    DSI_GENERIC_READ_2 = 0x24,
    DSI_GENERIC_LONG_WRITE = 0x29,
    DSI_TURN_ON = 0x32,
    DSI_MAX_RETURN_SIZE = 0x37,
    DSI_DCS_LONG_WRITE = 0x39,
};

/* The panel at the other end, virtual channel 0. Any function may be NULL. Pixels are 0xFFRRGGBB. */
struct dsi_panel {
    void *ctx;
    /* A packet that wants no answer, without header and checksum: for DCS the command is bytes[0]. */
    void (*write)(void *ctx, enum dsi_type type, const uint8_t *bytes, unsigned count);
    /* A read; the number of bytes of the answer, at most `room`; 0: no answer. */
    unsigned (*read)(void *ctx, enum dsi_type type, const uint8_t *bytes, unsigned count,
                     uint8_t *answer, unsigned room);
    /* Video mode: lines of the stream, those that changed; frame: the active area ends. */
    void (*lines)(void *ctx, const uint32_t *pixels, unsigned first, unsigned count, unsigned width,
                  unsigned height);
    void (*frame)(void *ctx);
    /* Command mode: `count` pixels in the order of write_memory_start (`start`) or _continue. */
    void (*memory)(void *ctx, const uint32_t *pixels, unsigned count, bool start);
};

void dsi_connect(struct block *dsi, const struct dsi_panel *panel); /* copied */
/* The panel's tearing effect by a trigger on the link; its pin is heard where DSI_TE is selected. */
void dsi_tearing_trigger(struct block *dsi);

#endif
