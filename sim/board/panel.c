/*
 * The panel's controller: MIPI display command set 1.1 with frame memory, in video and in command
 * mode. Commands of the makers' own pages (power, gamma, timing) are taken and have no effect.
 */
#include "sim/board/panel_internal.h"

#include <string.h>

enum { COLUMNS = PANEL_HEIGHT, ROWS = PANEL_WIDTH }; /* of the glass as it is made */

enum { MADCTL_MY = 0x80, MADCTL_MX = 0x40, MADCTL_MV = 0x20, MADCTL_BGR = 0x08 };
enum { CONTROL_BCTRL = 0x20 };

/* The controller's own refresh. */
#define REFRESH_TIME (SIM_S / 60)
enum { SCAN_LINES = ROWS + 32 };

/* ---- What is seen ---- */

bool panel_shows(const struct panel *panel)
{
    bool dimmed = panel->control & CONTROL_BCTRL && panel->brightness == 0;
    return !panel->in_reset && panel->awake && panel->display_on && !panel->shut_down &&
           panel->backlit && !dimmed;
}

static void update_shows(struct panel *panel)
{
    bool shows = panel_shows(panel);
    if (shows == panel->showed)
        return;
    panel->showed = shows;
    panel->changed = true;
    if (panel->shows)
        panel->shows(panel->listener_ctx, shows);
}

static void end_frame(void *ctx)
{
    struct panel *panel = ctx;
    if (!panel->showed)
        return;
    panel->refreshes++;
    sim_trace_mark(panel->sim, "panel", 0, panel->changed ? "new picture" : "refresh");
    if (!panel->changed)
        return;
    panel->changed = false;
    memcpy(panel->seen, panel->picture, sizeof panel->seen);
    panel->frames++;
    if (panel->frame)
        panel->frame(panel->listener_ctx);
}

static uint32_t seen_colour(const struct panel *panel, uint32_t colour)
{
    if (panel->all_on || panel->all_off)
        return panel->all_on ? 0xffffff : 0;
    if (panel->idle) /* eight colours */
        colour = (colour & 0x800000 ? 0xff0000 : 0) | (colour & 0x8000 ? 0xff00 : 0) |
                 (colour & 0x80 ? 0xff : 0);
    return panel->inverted ? ~colour : colour;
}

void panel_look(const struct panel *panel, uint8_t *rgb)
{
    bool shows = panel_shows(panel);
    const uint32_t *picture = &panel->seen[0][0];
    for (size_t n = 0; n < (size_t)PANEL_WIDTH * PANEL_HEIGHT; n++) {
        uint32_t colour = shows ? seen_colour(panel, picture[n]) : 0;
        *rgb++ = (uint8_t)(colour >> 16);
        *rgb++ = (uint8_t)(colour >> 8);
        *rgb++ = (uint8_t)colour;
    }
}

/* ---- Frame memory ---- */

static uint32_t in_order(const struct panel *panel, uint32_t pixel)
{
    if (panel->madctl & MADCTL_BGR)
        return (pixel >> 16 & 0xff) | (pixel & 0xff00) | (pixel & 0xff) << 16;
    return pixel & 0xffffff;
}

/* Address mode: exchange, then mirror. The glass stands on its side: its rows run to the right, its
 * columns upwards. */
static void put_pixel(struct panel *panel, unsigned column, unsigned row, uint32_t pixel)
{
    unsigned x = panel->madctl & MADCTL_MV ? row : column;
    unsigned y = panel->madctl & MADCTL_MV ? column : row;
    if (x >= COLUMNS || y >= ROWS)
        return;
    if (panel->madctl & MADCTL_MX)
        x = COLUMNS - 1 - x;
    if (panel->madctl & MADCTL_MY)
        y = ROWS - 1 - y;
    uint32_t *place = &panel->picture[COLUMNS - 1 - x][y];
    uint32_t colour = in_order(panel, pixel);
    panel->changed |= *place != colour;
    *place = colour;
}

static bool upright(const struct panel *panel)
{
    return (panel->madctl & (MADCTL_MY | MADCTL_MX | MADCTL_MV | MADCTL_BGR)) ==
           (MADCTL_MX | MADCTL_MV);
}

static void put_upright(struct panel *panel, unsigned y, const uint32_t *pixels, unsigned width)
{
    uint32_t *row = panel->picture[y];
    uint32_t difference = 0;
    for (unsigned x = 0; x < width; x++) {
        uint32_t colour = pixels[x] & 0xffffff;
        difference |= row[x] ^ colour;
        row[x] = colour;
    }
    panel->changed |= difference != 0;
}

static void take_lines(void *ctx, const uint32_t *pixels, unsigned first, unsigned count,
                       unsigned width, unsigned height)
{
    struct panel *panel = ctx;
    (void)height;
    if (panel->in_reset)
        return;
    for (unsigned n = 0; n < count; n++) {
        const uint32_t *line = pixels + (size_t)n * width;
        if (upright(panel) && first + n < PANEL_HEIGHT) {
            put_upright(panel, first + n, line, width < PANEL_WIDTH ? width : PANEL_WIDTH);
            continue;
        }
        for (unsigned x = 0; x < width; x++)
            put_pixel(panel, x, first + n, line[x]);
    }
}

static void write_pixel(struct panel *panel, uint32_t pixel)
{
    put_pixel(panel, panel->x, panel->y, pixel);
    if (panel->x++ < panel->column[1])
        return;
    panel->x = panel->column[0];
    if (panel->y++ >= panel->row[1])
        panel->y = panel->row[0];
}

static void start_write(struct panel *panel)
{
    panel->x = panel->column[0];
    panel->y = panel->row[0];
}

static void take_memory(void *ctx, const uint32_t *pixels, unsigned count, bool start)
{
    struct panel *panel = ctx;
    if (panel->in_reset)
        return;
    if (start)
        start_write(panel);
    for (unsigned n = 0; n < count; n++)
        write_pixel(panel, pixels[n]);
}

/* Pixels in a packet, in the format that was set. */
static void write_bytes(struct panel *panel, const uint8_t *bytes, unsigned count)
{
    bool half = (panel->colour_format & 7) == 5;
    for (unsigned step = half ? 2 : 3; count >= step; count -= step, bytes += step) {
        uint32_t v = (uint32_t)bytes[0] << 8 | bytes[1];
        uint32_t r = v >> 11 & 31, g = v >> 5 & 63, b = v & 31;
        if (half)
            write_pixel(panel, (r << 3 | r >> 2) << 16 | (g << 2 | g >> 4) << 8 | b << 3 | b >> 2);
        else
            write_pixel(panel, v << 8 | bytes[2]);
    }
    end_frame(panel);
}

/* ---- Commands ---- */

static sim_time scan_phase(const struct panel *panel)
{
    return (sim_now(panel->sim) - panel->scan_start) % REFRESH_TIME;
}

unsigned panel_scan_line(const struct panel *panel)
{
    return panel->awake ? (unsigned)(scan_phase(panel) * SCAN_LINES / REFRESH_TIME) : 0;
}

static void schedule_tearing(struct panel *panel)
{
    if (!panel->tearing_on || !panel->awake || panel->in_reset || panel->tear_line >= SCAN_LINES) {
        event_cancel(&panel->sim->events, &panel->tearing);
    } else if (!event_pending(&panel->tearing)) {
        sim_time then = panel->tear_line * REFRESH_TIME / SCAN_LINES, now = scan_phase(panel);
        event_in(&panel->sim->events, &panel->tearing,
                 then > now ? then - now : then - now + REFRESH_TIME);
    }
}

/* TE is high as the scan begins or, after set_tear_scanline, as it reaches that line. */
static void tearing_due(void *ctx)
{
    struct panel *panel = ctx;
    dsi_tearing_trigger(panel->dsi);
    if (panel->tearing_effect) {
        panel->tearing_effect(panel->listener_ctx, true);
        panel->tearing_effect(panel->listener_ctx, false);
    }
    schedule_tearing(panel);
}

static void set_tearing(struct panel *panel, bool on, unsigned line)
{
    event_cancel(&panel->sim->events, &panel->tearing);
    panel->tearing_on = on;
    panel->tear_line = line;
}

static void set_awake(struct panel *panel, bool awake)
{
    if (awake && !panel->awake)
        panel->scan_start = sim_now(panel->sim);
    panel->awake = awake;
}

static void set_defaults(struct panel *panel)
{
    panel->awake = panel->display_on = panel->inverted = panel->idle = false;
    panel->all_on = panel->all_off = panel->tearing_on = panel->shut_down = false;
    panel->madctl = panel->brightness = panel->control = 0;
    panel->tear_line = 0;
    panel->colour_format = panel->model->colour_format;
    panel->column[0] = panel->row[0] = panel->x = panel->y = 0;
    panel->column[1] = COLUMNS - 1;
    panel->row[1] = ROWS - 1;
}

static void set_window(unsigned *window, const uint8_t *bytes, unsigned count)
{
    if (count < 5)
        return;
    window[0] = (unsigned)bytes[1] << 8 | bytes[2];
    window[1] = (unsigned)bytes[3] << 8 | bytes[4];
}

/* Commands without a parameter that matters. */
static void simple_command(struct panel *panel, uint8_t command)
{
    switch (command) {
    case DCS_SOFT_RESET:
        set_defaults(panel);
        break;
    case DCS_SLEEP_IN:
    case DCS_SLEEP_OUT:
        set_awake(panel, command == DCS_SLEEP_OUT);
        break;
    case DCS_INVERT_OFF:
    case DCS_INVERT_ON:
        panel->inverted = command == DCS_INVERT_ON;
        break;
    case DCS_ALL_OFF:
    case DCS_ALL_ON:
        panel->all_off = command == DCS_ALL_OFF;
        panel->all_on = command == DCS_ALL_ON;
        break;
    case 0x12: /* partial mode on, normal mode on: both end "all pixels" */
    case 0x13:
        panel->all_on = panel->all_off = false;
        break;
    case DCS_DISPLAY_OFF:
    case DCS_DISPLAY_ON:
        panel->display_on = command == DCS_DISPLAY_ON;
        break;
    case DCS_TEAR_OFF:
    case DCS_TEAR_ON:
        set_tearing(panel, command == DCS_TEAR_ON, 0);
        break;
    case DCS_IDLE_OFF:
    case DCS_IDLE_ON:
        panel->idle = command == DCS_IDLE_ON;
        break;
    default:
        return;
    }
    panel->changed = true;
}

static void command(struct panel *panel, const uint8_t *bytes, unsigned count)
{
    uint8_t value = count > 1 ? bytes[1] : 0;
    switch (bytes[0]) {
    case DCS_SET_COLUMNS:
        set_window(panel->column, bytes, count);
        break;
    case DCS_SET_ROWS:
        set_window(panel->row, bytes, count);
        break;
    case DCS_WRITE_START:
        start_write(panel);
        write_bytes(panel, bytes + 1, count - 1);
        break;
    case DCS_WRITE_CONTINUE:
        write_bytes(panel, bytes + 1, count - 1);
        break;
    case DCS_TEAR_LINE:
        if (count > 2)
            set_tearing(panel, true, (unsigned)value << 8 | bytes[2]);
        break;
    case DCS_ADDRESS_MODE:
        panel->madctl = value;
        break;
    case DCS_PIXEL_FORMAT:
        panel->colour_format = value;
        break;
    case DCS_BRIGHTNESS:
        panel->brightness = value;
        break;
    case DCS_CONTROL:
        panel->control = value;
        break;
    default:
        simple_command(panel, bytes[0]);
        break;
    }
    schedule_tearing(panel);
    update_shows(panel);
}

/* Packets of the video stream itself. */
static void display_control(struct panel *panel, enum dsi_type type)
{
    if (type == DSI_COLOUR_MODE_ON || type == DSI_COLOUR_MODE_OFF)
        panel->idle = type == DSI_COLOUR_MODE_ON;
    else if (type == DSI_SHUTDOWN || type == DSI_TURN_ON)
        panel->shut_down = type == DSI_SHUTDOWN;
    panel->changed = true;
    update_shows(panel);
}

static bool is_dcs(enum dsi_type type)
{
    return type == DSI_DCS_WRITE_0 || type == DSI_DCS_WRITE_1 || type == DSI_DCS_LONG_WRITE;
}

/* The makers' pages may be written with generic packets as well; both are the same to them. */
static void take_write(void *ctx, enum dsi_type type, const uint8_t *bytes, unsigned count)
{
    struct panel *panel = ctx;
    if (!panel->in_reset && !count)
        display_control(panel, type);
    bool generic = type == DSI_GENERIC_WRITE_1 || type == DSI_GENERIC_WRITE_2 ||
                   type == DSI_GENERIC_LONG_WRITE;
    if (!panel->in_reset && count && (is_dcs(type) || generic))
        command(panel, bytes, count);
}

/* ---- Pins and power ---- */

void panel_reset_pin(struct panel *panel, bool asserted)
{
    panel->in_reset = asserted;
    if (asserted)
        set_defaults(panel);
    schedule_tearing(panel);
    update_shows(panel);
}

void panel_backlight(struct panel *panel, bool on)
{
    panel->backlit = on;
    update_shows(panel);
}

void panel_power_on(struct panel *panel)
{
    memset(panel->picture, 0, sizeof panel->picture);
    memset(panel->seen, 0, sizeof panel->seen);
    set_defaults(panel);
    schedule_tearing(panel);
    update_shows(panel);
}

void panel_init(struct panel *panel, const struct panel_model *model, struct sim *sim,
                struct block *dsi)
{
    *panel = (struct panel){.model = model, .sim = sim, .dsi = dsi, .backlit = true};
    event_init(&panel->tearing, "panel tearing effect", tearing_due, panel);
    set_defaults(panel);
    const struct dsi_panel link = {panel,      take_write, panel_read,
                                   take_lines, end_frame,  take_memory};
    dsi_connect(dsi, &link);
}
