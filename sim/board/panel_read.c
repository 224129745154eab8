/* The panel's answers to read commands (MIPI display command set 1.1). */
#include <string.h>

#include "sim/board/panel_internal.h"

static uint8_t power_mode(const struct panel *panel)
{
    return (uint8_t)((panel->awake ? 0x90 : 0) | (panel->idle ? 0x40 : 0) | 0x08 |
                     (panel->display_on ? 0x04 : 0));
}

static uint8_t display_mode(const struct panel *panel)
{
    return (uint8_t)((panel->inverted ? 0x20 : 0) | (panel->all_on ? 0x10 : 0) |
                     (panel->all_off ? 0x08 : 0));
}

static uint8_t read_byte(const struct panel *panel, uint8_t what)
{
    switch (what) {
    case DCS_GET_POWER_MODE:
        return power_mode(panel);
    case DCS_GET_ADDRESS_MODE:
        return panel->madctl;
    case DCS_GET_PIXEL_FORMAT:
        return panel->colour_format;
    case DCS_GET_DISPLAY_MODE:
        return display_mode(panel);
    case DCS_GET_SIGNAL_MODE:
        return panel->tearing_on ? 0x80 : 0;
    case DCS_GET_DIAGNOSTIC:
        return panel->awake ? 0xc0 : 0;
    case DCS_GET_BRIGHTNESS:
        return panel->brightness;
    case DCS_GET_CONTROL:
        return panel->control;
    case DCS_GET_ID1:
    case DCS_GET_ID1 + 1:
    case DCS_GET_ID1 + 2:
        return panel->model->id[what - DCS_GET_ID1];
    default:
        return 0;
    }
}

unsigned panel_read(void *ctx, enum dsi_type type, const uint8_t *bytes, unsigned count,
                    uint8_t *answer, unsigned room)
{
    const struct panel *panel = ctx;
    (void)type;
    uint8_t reply[5] = {0};
    unsigned length = 1;
    if (panel->in_reset || !count)
        return 0;
    if (bytes[0] == DCS_GET_ID) {
        memcpy(reply, panel->model->id, length = 3);
    } else if (bytes[0] == DCS_GET_SUPPLIER) {
        memcpy(reply, panel->model->supplier, length = 5);
    } else if (bytes[0] == DCS_GET_SCANLINE) {
        unsigned line = panel_scan_line(panel);
        reply[0] = (uint8_t)(line >> 8);
        reply[1] = (uint8_t)line;
        length = 2;
    } else {
        reply[0] = read_byte(panel, bytes[0]);
    }
    length = length < room ? length : room;
    memcpy(answer, reply, length);
    return length;
}
