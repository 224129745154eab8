/*
 * The 4 inch panel of the board: 480 by 800 pixels mounted on its side, so the eye sees 800 by 480.
 * Its controller (OTM8009A or NT35510, by the board's revision) speaks the MIPI display command set.
 */
#ifndef SIM_BOARD_PANEL_H
#define SIM_BOARD_PANEL_H

#include "sim/board/board.h"
#include "sim/soc/dsi.h"

/* What tells one controller from the other. */
struct panel_model {
    const char *name;
    uint8_t id[3];         /* commands DAh, DBh, DCh */
    uint8_t supplier[5];   /* A1h, device descriptor block */
    uint8_t colour_format; /* COLMOD after reset */
};
extern const struct panel_model otm8009a_model, nt35510_model;

struct panel {
    const struct panel_model *model;
    struct sim *sim;
    struct block *dsi;
    struct event tearing;
    /* Told when the panel begins or ceases to show, and when its picture has changed. */
    void *listener_ctx;
    void (*shows)(void *ctx, bool on);
    void (*frame)(void *ctx);
    void (*tearing_effect)(void *ctx, bool level); /* the TE pin */
    bool in_reset, backlit;                        /* pins */
    bool awake, display_on, inverted, all_on, all_off, tearing_on, idle;
    bool shut_down; /* by a packet of the video stream */
    bool showed;    /* as told last */
    bool changed;   /* since the last frame */
    uint8_t madctl, colour_format, brightness, control;
    unsigned column[2], row[2]; /* the window, both ends included */
    unsigned x, y;              /* next pixel of a memory write */
    unsigned tear_line;         /* line of the scan at which TE pulses */
    sim_time scan_start;
    uint64_t frames, refreshes;
    uint32_t picture[PANEL_HEIGHT][PANEL_WIDTH]; /* the frame memory, turned upright, 0x00RRGGBB */
    uint32_t seen[PANEL_HEIGHT][PANEL_WIDTH];    /* what the last whole refresh showed of it */
};

void panel_init(struct panel *panel, const struct panel_model *model, struct sim *sim,
                struct block *dsi);
void panel_power_on(struct panel *panel);
void panel_reset_pin(struct panel *panel, bool asserted);
void panel_backlight(struct panel *panel, bool on);
bool panel_shows(const struct panel *panel);
/* As the eye sees it: PANEL_WIDTH * PANEL_HEIGHT * 3 bytes; black when it does not show. */
void panel_look(const struct panel *panel, uint8_t *rgb);

#endif
