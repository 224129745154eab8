#include "cm7/ui.h"

#include "cm7/display.h"
#include "cm7/keepsake.h"
#include "cm7/paint.h"
#include "cm7/remote.h"
#include "cm7/screens.h"
#include "shared/log.h"
#include "tx_api.h"

#include <stdio.h>
#include <string.h>

enum { CAME = 1, FIGURES = 2, OVERLAY_IS_FREE = 4, REMOTE_CHANGED = 8 };
enum { PATIENCE_US = 1000000, PANEL_PIXELS = GUI_WIDTH * GUI_HEIGHT };

void ui_thread(ULONG unused);

/* What stands in one of the two pictures that take turns on the panel. */
struct sheet {
    struct painting painting;
    struct screens_sheet form;
};

static struct {
    TX_EVENT_FLAGS_GROUP events;
    struct gui gui;
    struct ui_state state;
    struct link_figures own; /* as status_thread gave them */
    uint32_t rate_before;    /* frames a second, ten times, in the second before */
    struct painting wanted;
    struct sheet sheets[2];
    unsigned shown; /* of the two, the one on the panel */
} ui;

void ui_open(void)
{
    tx_event_flags_create(&ui.events, (CHAR *)"ui");
}

void ui_message_came(void *unused, uint32_t line)
{
    (void)unused, (void)line;
    tx_event_flags_set(&ui.events, CAME, TX_OR);
}

void ui_overlay_is_free(void)
{
    tx_event_flags_set(&ui.events, OVERLAY_IS_FREE, TX_OR);
}

void ui_remote_changed(void)
{
    tx_event_flags_set(&ui.events, REMOTE_CHANGED, TX_OR);
}

void ui_show_figures(const struct link_figures *own)
{
    UINT before = tx_interrupt_control(TX_INT_DISABLE);
    ui.own = *own;
    tx_interrupt_control(before);
    tx_event_flags_set(&ui.events, FIGURES, TX_OR);
}

/* --- What is asked for --- */

static void say(enum log_level level, const char *text)
{
    struct panel_note note = {.kind = PANEL_NOTE, .level = (uint8_t)level};
    snprintf(note.text, sizeof note.text, "%s", text);
    ui_take(&ui.state, (const union panel_message *)&note, sizeof note);
}

/* The M4 looks twice a second at the latest; a ring whose other end has opened anew says so once. */
static void ask(uint8_t what)
{
    int sent = duet_ring_send_wait(&own_link.asks, &what, sizeof what, PATIENCE_US);
    if (sent == DUET_RESTARTED)
        sent = duet_ring_send_wait(&own_link.asks, &what, sizeof what, PATIENCE_US);
    if (sent < 0)
        say(LOG_WARNING, "the M4 does not answer");
}

static void grant(const struct ui_wish *wish)
{
    static const enum remote_kind kinds[] = {
        [WISH_LIST] = REMOTE_LIST,   [WISH_SHOW] = REMOTE_SHOW,     [WISH_REMOVE] = REMOTE_REMOVE,
        [WISH_PAUSE] = REMOTE_PAUSE, [WISH_SEEK] = REMOTE_SEEK,     [WISH_LEAVE] = REMOTE_LEAVE,
        [WISH_KEEP] = REMOTE_KEEP,   [WISH_RECALL] = REMOTE_RECALL,
    };
    if (wish->kind == WISH_ASK) {
        ask((uint8_t)wish->value);
        return;
    }
    struct remote_job job = {
        .kind = kinds[wish->kind],
        .value = wish->value,
        .number = ui.state.gallery_wishes,
        .camera = ui.state.camera,
    };
    memcpy(job.path, ui.state.chosen, sizeof job.path);
    if (!remote_do(&job))
        say(LOG_WARNING, "the stick has more to do already");
}

static void grant_wishes(void)
{
    for (uint32_t n = 0; n < ui.state.wish_count; n++)
        grant(&ui.state.wishes[n]);
    ui.state.wish_count = 0;
}

/* --- Passes --- */

static void pass(enum gui_finger finger, int x, int y)
{
    ui.state.milliseconds = tx_time_get() * 1000 / TX_TIMER_TICKS_PER_SECOND;
    gui_begin(&ui.gui, finger, x, y);
    screens_build(&ui.gui, &ui.state);
    gui_end(&ui.gui);
    grant_wishes();
}

static void take_message(const union panel_message *message, uint32_t bytes)
{
    if (message->kind != PANEL_TOUCH || bytes != sizeof message->touch) {
        ui_take(&ui.state, message, bytes);
        return;
    }
    enum gui_finger finger = ui_touch(&ui.state, &message->touch);
    if (finger != GUI_NO_FINGER)
        pass(finger, message->touch.x, message->touch.y);
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
        take_message(&message, (uint32_t)count);
    }
}

/* Of frames that come at any time in a second there may be one more in this and one less in the next. */
static void take_figures(void)
{
    const volatile struct link_figures *m4 = link_peer_figures();
    UINT before = tx_interrupt_control(TX_INT_DISABLE);
    struct link_figures own = ui.own;
    tx_interrupt_control(before);
    ui.state.figures = (struct ui_figures){
        .frames_per_second_x10 = (own.frames_per_second_x10 + ui.rate_before + 1) / 2,
        .drops = own.drops + m4->drops,
        .load_m7_permille = own.load_permille,
        .load_m4_permille = m4->load_permille,
    };
    ui.rate_before = own.frames_per_second_x10;
}

/* The camera is to be as the stick kept it. */
static void bring_back(const struct panel_camera *wanted)
{
    uint8_t asks[KEEPSAKE_SETTINGS];
    if (!ui.state.camera.works)
        return;
    uint32_t count = keepsake_asks(&ui.state.camera, wanted, asks);
    for (uint32_t n = 0; n < count; n++)
        ask(asks[n]);
    if (count)
        say(LOG_INFO, "the camera's settings are those of the stick");
}

static void take_news(void)
{
    static const struct panel_dialog silent = {
        .kind = PANEL_DIALOG,
        .sign = SIGN_WARNING,
        .title = "The other core does not answer",
        .text = "Restart the board. What was recorded before is on the stick."};
    struct panel_camera camera;
    switch (remote_get_news(&camera)) {
    case REMOTE_SILENT:
        ui_take(&ui.state, (const union panel_message *)&silent, sizeof silent);
        break;
    case REMOTE_KEPT:
        say(LOG_INFO, "the settings are kept on the stick, in " KEEPSAKE_PATH);
        break;
    case REMOTE_RECALLED:
        bring_back(&camera);
        break;
    default:
        break;
    }
}

static void take_remote(void)
{
    static struct album album;
    remote_get_album(&album);
    ui_take_album(&ui.state, &album);
    take_news();
}

/* --- Drawing --- */

static uint8_t *pixels_of(unsigned which)
{
    return DISPLAY_OVERLAY_MEMORY + which * PANEL_PIXELS * sizeof(uint32_t);
}

static struct ltdc_layer layer_of(unsigned which, const struct screens_sheet *form)
{
    uint32_t bytes = pixel_bytes(form->format);
    struct box window = form->window;
    return (struct ltdc_layer){
        .x = (uint16_t)window.left,
        .y = (uint16_t)window.top,
        .width = (uint16_t)(window.right - window.left),
        .height = (uint16_t)(window.bottom - window.top),
        .pixels = pixels_of(which) + (uint32_t)(window.top * GUI_WIDTH + window.left) * bytes,
        .stride = GUI_WIDTH * bytes,
        .format = form->format,
        .alpha = 255,
    };
}

static bool same_form(const struct screens_sheet *a, const struct screens_sheet *b)
{
    return a->format == b->format && a->window.left == b->window.left &&
           a->window.top == b->window.top && a->window.right == b->window.right &&
           a->window.bottom == b->window.bottom;
}

/* How the sheet differs from what is wanted, within the part that is seen. */
static struct damage damage_of(const struct sheet *sheet, const struct screens_sheet *form)
{
    struct damage damage = {0}, seen = {0};
    damage_between(&damage, &sheet->painting, &ui.wanted, form->window);
    if (!same_form(&sheet->form, form))
        damage_add(&damage, form->window);
    for (uint32_t n = 0; n < damage.count; n++)
        damage_add(&seen, box_common(damage.box[n], form->window));
    return seen;
}

static void draw(unsigned which, const struct screens_sheet *form)
{
    struct sheet *sheet = &ui.sheets[which];
    struct damage damage = damage_of(sheet, form);
    const struct canvas canvas = {pixels_of(which), form->format, GUI_WIDTH, form->window};
    for (uint32_t n = 0; n < damage.count; n++)
        paint_box(&ui.gui, &canvas, damage.box[n]);
    sheet->painting = ui.wanted;
    sheet->form = *form;
}

/* Brings on the panel what the last pass wants there: one sheet is drawn while the other is seen.
 * False: it cannot be yet. */
static bool show(void)
{
    struct screens_sheet form = screens_sheet(&ui.state);
    const struct sheet *shown = &ui.sheets[ui.shown];
    paint_list(&ui.gui, &ui.wanted);
    if (same_form(&shown->form, &form) && !damage_of(shown, &form).count)
        return true;
    if (!display_overlay_is_free())
        return false;
    ui.shown ^= 1;
    draw(ui.shown, &form);
    struct ltdc_layer layer = layer_of(ui.shown, &form);
    return display_overlay(&layer);
}

void ui_thread(ULONG unused)
{
    (void)unused;
    gui_open(&ui.gui);
    for (;;) {
        ULONG what = 0;
        pass(GUI_NO_FINGER, 0, 0);
        ULONG for_what = CAME | FIGURES | REMOTE_CHANGED | (show() ? 0 : OVERLAY_IS_FREE);
        tx_event_flags_get(&ui.events, for_what, TX_OR_CLEAR, &what, screens_change_in(&ui.state));
        take_messages();
        if (what & FIGURES)
            take_figures();
        if (what & REMOTE_CHANGED)
            take_remote();
    }
}
