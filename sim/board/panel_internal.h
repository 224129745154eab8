/* What the files of the panel share: panel.c has the picture and the commands, panel_read.c the answers. */
#ifndef SIM_BOARD_PANEL_INTERNAL_H
#define SIM_BOARD_PANEL_INTERNAL_H

#include "sim/board/panel.h"

enum dcs {
    DCS_SOFT_RESET = 0x01,
    DCS_GET_ID = 0x04,
    DCS_GET_STATUS = 0x09,
    DCS_GET_POWER_MODE = 0x0a,
    DCS_GET_ADDRESS_MODE = 0x0b,
    DCS_GET_PIXEL_FORMAT = 0x0c,
    DCS_GET_DISPLAY_MODE = 0x0d,
    DCS_GET_SIGNAL_MODE = 0x0e,
    DCS_GET_DIAGNOSTIC = 0x0f,
    DCS_SLEEP_IN = 0x10,
    DCS_SLEEP_OUT = 0x11,
    DCS_INVERT_OFF = 0x20,
    DCS_INVERT_ON = 0x21,
    DCS_ALL_OFF = 0x22,
    DCS_ALL_ON = 0x23,
    DCS_DISPLAY_OFF = 0x28,
    DCS_DISPLAY_ON = 0x29,
    DCS_SET_COLUMNS = 0x2a,
    DCS_SET_ROWS = 0x2b,
    DCS_WRITE_START = 0x2c,
    DCS_TEAR_OFF = 0x34,
    DCS_TEAR_ON = 0x35,
    DCS_ADDRESS_MODE = 0x36,
    DCS_IDLE_OFF = 0x38,
    DCS_IDLE_ON = 0x39,
    DCS_PIXEL_FORMAT = 0x3a,
    DCS_WRITE_CONTINUE = 0x3c,
    DCS_TEAR_LINE = 0x44,
    DCS_GET_SCANLINE = 0x45,
    DCS_BRIGHTNESS = 0x51,
    DCS_GET_BRIGHTNESS = 0x52,
    DCS_CONTROL = 0x53,
    DCS_GET_CONTROL = 0x54,
    DCS_GET_SUPPLIER = 0xa1,
    DCS_GET_ID1 = 0xda,
};

/* Of the scan from the frame memory: line 0 is the first of the vertical synchronisation. */
unsigned panel_scan_line(const struct panel *panel);
/* As struct dsi_panel has it. */
unsigned panel_read(void *ctx, enum dsi_type type, const uint8_t *bytes, unsigned count,
                    uint8_t *answer, unsigned room);

#endif
