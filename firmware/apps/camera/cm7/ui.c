#include "cm7/ui.h"

#include "chip/cm7_memory.h"
#include "cm7/canvas.h"
#include "cm7/display.h"
#include "cm7/ui_state.h"
#include "tx_api.h"

#include <stdio.h>
#include <string.h>

enum { WIDTH = PANEL_WIDTH - UI_LEFT, HEIGHT = PANEL_HEIGHT, PIXELS = WIDTH * HEIGHT, MARGIN = 16 };
enum {
    CAME = 1,
    FIGURES = 2,
    BLINK_TICKS = 500,
    RETRY_TICKS = 4,
    NOTE_COLUMNS = 17,
    NOTE_ROWS = 3
};
enum { PATIENCE_US = 1000000 };

enum colour {
    BACKGROUND = 0xd0161b22,
    TEXT = 0xfff2f5f7,
    DIM = 0xff8a97a5,
    LINE_COLOUR = 0xff2f81f7,
    BUTTON = 0xff2b333d,
    BUTTON_HELD = 0xff2f81f7,
    RED = 0xffe5484d,
};
#define COLOUR(c) ((uint32_t)(c))

void ui_thread(ULONG unused);

static struct {
    TX_EVENT_FLAGS_GROUP events;
    struct ui_state state;
    struct link_figures own; /* as status_thread gave them */
    unsigned which;          /* of the two pictures, the one on the panel */
} ui = {.state.held = UI_NO_BUTTON};

void ui_open(void)
{
    tx_event_flags_create(&ui.events, (CHAR *)"ui");
}

void ui_message_came(void *unused, uint32_t line)
{
    (void)unused, (void)line;
    tx_event_flags_set(&ui.events, CAME, TX_OR);
}

void ui_show_figures(const struct link_figures *own)
{
    UINT before = tx_interrupt_control(TX_INT_DISABLE);
    ui.own = *own;
    tx_interrupt_control(before);
    tx_event_flags_set(&ui.events, FIGURES, TX_OR);
}

/* --- Drawing --- */

static void draw_tenths(struct canvas *canvas, unsigned y, const char *name, uint32_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%lu.%lu", (unsigned long)(value / 10),
             (unsigned long)(value % 10));
    canvas_text(canvas, CANVAS_SMALL, MARGIN, y, COLOUR(DIM), name);
    canvas_text(canvas, CANVAS_SMALL, MARGIN + 84, y, COLOUR(TEXT), text);
}

static void draw_figures(struct canvas *canvas)
{
    const struct ui_state *s = &ui.state;
    char text[24];
    canvas_text(canvas, CANVAS_LARGE, MARGIN, 18, 0xffffffff, "Duet");
    canvas_fill(canvas, MARGIN, 56, WIDTH - 2 * MARGIN, 2, COLOUR(LINE_COLOUR));
    draw_tenths(canvas, 70, "frames / s", s->frames_per_second_x10);
    snprintf(text, sizeof text, "%lu", (unsigned long)s->drops);
    canvas_text(canvas, CANVAS_SMALL, MARGIN, 94, COLOUR(DIM), "drops");
    canvas_text(canvas, CANVAS_SMALL, MARGIN + 84, 94, COLOUR(TEXT), text);
    draw_tenths(canvas, 118, "M7 load %", s->load_m7_permille);
    draw_tenths(canvas, 142, "M4 load %", s->load_m4_permille);
}

static void draw_stick(struct canvas *canvas)
{
    const struct panel_stick *stick = &ui.state.stick;
    char text[24];
    if (!stick->is_mounted)
        snprintf(text, sizeof text, "no stick");
    else
        snprintf(text, sizeof text, "%lu MB free", (unsigned long)stick->free_mb);
    canvas_text(canvas, CANVAS_SMALL, MARGIN, 178, COLOUR(DIM), "stick");
    canvas_text(canvas, CANVAS_SMALL, MARGIN, 200, COLOUR(TEXT), text);
}

/* While it records: a dot that blinks, and the time. */
static void draw_record(struct canvas *canvas, unsigned x, unsigned y)
{
    const struct panel_stick *stick = &ui.state.stick;
    char text[24];
    bool shown = !stick->is_recording || tx_time_get() / BLINK_TICKS % 2 == 0;
    if (shown)
        canvas_fill(canvas, x + 12, y + 19, 14, 14, COLOUR(RED));
    if (stick->is_recording)
        snprintf(text, sizeof text, "%lu:%02lu", (unsigned long)(stick->seconds / 60),
                 (unsigned long)(stick->seconds % 60));
    else
        snprintf(text, sizeof text, "Record");
    canvas_text(canvas, CANVAS_SMALL, x + 38, y + 17, COLOUR(TEXT), text);
}

static void draw_button(struct canvas *canvas, enum ui_button button)
{
    static const char *const names[UI_BUTTONS] = {NULL, "Photo", "Eject"};
    unsigned x = UI_BUTTON_X - UI_LEFT, y = ui_button_y(button);
    bool held = ui.state.held == button && ui.state.is_over;
    canvas_fill(canvas, x, y, UI_BUTTON_WIDTH, UI_BUTTON_HEIGHT,
                held ? COLOUR(BUTTON_HELD) : COLOUR(BUTTON));
    if (button == UI_RECORD)
        draw_record(canvas, x, y);
    else
        canvas_text(canvas, CANVAS_SMALL, x + 38, y + 17, COLOUR(TEXT), names[button]);
}

/* How much of the text goes into a row: to the last space that fits, or as it comes. */
static unsigned row_length(const char *text)
{
    unsigned length = 0, fits = 0;
    for (; text[length] && length < NOTE_COLUMNS; length++)
        if (text[length] == ' ')
            fits = length;
    return text[length] && fits ? fits : length;
}

static void draw_note(struct canvas *canvas)
{
    const char *text = ui.state.note;
    for (unsigned row = 0; row < NOTE_ROWS && *text; row++) {
        char line[NOTE_COLUMNS + 1];
        unsigned length = row_length(text);
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        canvas_text(canvas, CANVAS_SMALL, MARGIN, 424 + row * 18, COLOUR(DIM), line);
        text += length;
        while (*text == ' ')
            text++;
    }
}

/* Two pictures, so that one is drawn while the other is on the panel. False: neither is free. */
static bool show(void)
{
    if (!display_overlay_is_free())
        return false;
    ui.which ^= 1;
    uint32_t *pixels = DISPLAY_OVERLAY_MEMORY + ui.which * PIXELS;
    struct canvas canvas = {pixels, WIDTH, HEIGHT};
    canvas_fill(&canvas, 0, 0, WIDTH, HEIGHT, COLOUR(BACKGROUND));
    draw_figures(&canvas);
    draw_stick(&canvas);
    for (enum ui_button n = 0; n < UI_BUTTONS; n++)
        draw_button(&canvas, n);
    draw_note(&canvas);
    cache_clean(pixels, PIXELS * sizeof *pixels);
    return display_overlay(&(struct ltdc_layer){
        .x = UI_LEFT,
        .width = WIDTH,
        .height = HEIGHT,
        .pixels = pixels,
        .stride = WIDTH * sizeof *pixels,
        .format = PIXEL_ARGB8888,
        .alpha = 255,
    });
}

/* --- Hearing --- */

/* The M4 looks twice a second at the latest; a ring whose other end has opened anew says so once. */
static void send(uint8_t ask)
{
    int sent = duet_ring_send_wait(&own_link.asks, &ask, sizeof ask, PATIENCE_US);
    if (sent == DUET_RESTARTED)
        sent = duet_ring_send_wait(&own_link.asks, &ask, sizeof ask, PATIENCE_US);
    if (sent < 0)
        strcpy(ui.state.note, "the M4 does not answer");
}

static void take_messages(void)
{
    union panel_message message;
    for (;;) {
        int count = duet_ring_receive(&own_link.panel, &message, sizeof message);
        if (count == DUET_RESTARTED)
            continue;
        if (count <= 0)
            return;
        uint8_t ask = ui_take(&ui.state, &message, (uint32_t)count);
        if (ask)
            send(ask);
    }
}

static void take_figures(void)
{
    const volatile struct link_figures *m4 = link_peer_figures();
    UINT before = tx_interrupt_control(TX_INT_DISABLE);
    struct link_figures own = ui.own;
    tx_interrupt_control(before);
    ui.state.frames_per_second_x10 = own.frames_per_second_x10;
    ui.state.drops = own.drops + m4->drops;
    ui.state.load_m7_permille = own.load_permille;
    ui.state.load_m4_permille = m4->load_permille;
}

void ui_thread(ULONG unused)
{
    (void)unused;
    for (;;) {
        ULONG what = 0;
        bool shown = show();
        tx_event_flags_get(&ui.events, CAME | FIGURES, TX_OR_CLEAR, &what,
                           shown ? BLINK_TICKS : RETRY_TICKS);
        take_messages();
        if (what & FIGURES)
            take_figures();
    }
}
