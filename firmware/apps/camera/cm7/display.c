#include "cm7/display.h"

#include "boards/stm32h747i_disco/board.h"
#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "cm7/blitter.h"
#include "drivers/ltdc.h"
#include "drivers/timer.h"
#include "shared/log.h"
#include "shared/picture_shape.h"
#include "shared/threads.h"
#include "tx_execution_profile.h"

enum { LAYER_CAMERA = 1, LAYER_OVERLAY = 2 };
/* What the thread waits for. */
enum {
    FRAME_CAME = 1,
    RELOADED = 2,
    OVERLAY_CHANGED = 4,
    CONVERTED = 8,
    FAILED = 16,
    ANYTHING = 31
};

void display_thread(ULONG unused);
void ltdc_handler(void);
void ltdc_error_handler(void);

/* A frame in the colours of the panel. `tag` 0: it is nobody's. */
struct picture {
    uint32_t tag; /* as the frame's */
    uint16_t *pixels;
};

static struct {
    TX_EVENT_FLAGS_GROUP events;
    struct duet_frame frame; /* that the DMA2D converts; data NULL: none */
    struct picture pictures[PICTURE_COUNT];
    /* NULL: none. `coming` is set in the LTDC and shown from the next blank on. */
    struct picture *shown, *coming, *ready, *making;
    uint32_t layout; /* tag of the pictures that layer 1 is set up for */
    struct ltdc_layer overlay;
    void (*overlay_is_free)(void);
    volatile enum { SHOWN, WAITS, SET } overlay_state; /* SET: as coming */
    bool reload_waits;                                 /* until the blank was told by RELOADED */
    volatile uint32_t underruns;
    uint32_t frames, counted_frames, counted_at;
    uint32_t passed_over; /* pictures that were made and overtaken by the next */
    bool works;
} display;

void ltdc_handler(void)
{
    _tx_execution_isr_enter();
    if (ltdc_interrupt())
        tx_event_flags_set(&display.events, RELOADED, TX_OR);
    _tx_execution_isr_exit();
}

void ltdc_error_handler(void)
{
    display.underruns = display.underruns + ltdc_error_interrupt();
}

/* In the DMA2D's interrupt. */
static void converted(enum dma2d_result result)
{
    tx_event_flags_set(&display.events, result == DMA2D_DONE ? CONVERTED : FAILED, TX_OR);
}

void display_open(void (*overlay_is_free)(void))
{
    display.overlay_is_free = overlay_is_free;
    blitter_open();
    for (unsigned n = 0; n < PICTURE_COUNT; n++)
        display.pictures[n].pixels = (uint16_t *)(LINK_PICTURES + n * FRAME_BYTES_MAX);
    tx_event_flags_create(&display.events, (CHAR *)"display");
}

void display_frame_came(void *unused, uint32_t line)
{
    (void)unused, (void)line;
    tx_event_flags_set(&display.events, FRAME_CAME, TX_OR);
}

static void reset_panel(void)
{
    gpio_output(PANEL_RESET, false);
    wait_milliseconds(20);
    gpio_write(PANEL_RESET, true);
    wait_milliseconds(10);
}

static bool start(void)
{
    display.counted_at = timer_microseconds(TIMER_CM7);
    reset_panel();
    ltdc_start(&board_panel_timing, 0x101418);
    if (!dsi_start(&board_panel_timing) || !board_panel_start(wait_milliseconds))
        return false;
    ltdc_reload_now();
    dsi_flow();
    irq_enable(IRQ_LTDC, 4);
    irq_enable(IRQ_LTDC_ERROR, 4);
    blitter_start();
    return true;
}

/* Smaller pictures stand in the middle of what the status column leaves free; wider ones go
 * under it. */
static void place_camera(const struct picture *picture)
{
    struct picture_shape shape = shape_of_tag(picture->tag);
    unsigned width = shape.width, height = shape.height;
    unsigned room = width <= VIEW_WIDTH ? VIEW_WIDTH : PANEL_WIDTH;
    const struct ltdc_layer layer = {
        .x = (uint16_t)((room - width) / 2),
        .y = (uint16_t)((PANEL_HEIGHT - height) / 2),
        .width = (uint16_t)width,
        .height = (uint16_t)height,
        .pixels = picture->pixels,
        .stride = shape_columns(&shape) * shape_unit_width(&shape) * 2,
        .format = PIXEL_RGB565,
        .alpha = 255,
    };
    ltdc_set_layer(LAYER_CAMERA, &layer);
    display.layout = picture->tag;
    log_format(LOG_DEBUG, "frames of %ux%u", width, height);
}

/* A tag that makes no picture of this panel is not believed. */
static bool sensible(const struct duet_frame *frame)
{
    struct picture_shape shape = shape_of_tag(frame->tag);
    return shape.chroma <= SHAPE_420 && shape.width && shape.width <= FRAME_WIDTH_MAX &&
           shape.height && shape.height <= FRAME_HEIGHT_MAX && shape_bytes(&shape) <= frame->length;
}

static void free_overlay(void)
{
    display.overlay_state = SHOWN;
    display.overlay_is_free();
}

static void after_reload(void)
{
    if (!display.reload_waits)
        return; /* the one of start() */
    display.reload_waits = false;
    if (display.overlay_state == SET)
        free_overlay();
    if (!display.coming)
        return;
    if (display.shown)
        display.shown->tag = 0;
    display.shown = display.coming;
    display.coming = NULL;
    display.frames++;
}

/* There always is one: at most three are in use when another is asked for. */
static struct picture *free_picture(void)
{
    struct picture *picture = display.pictures;
    while (picture->tag)
        picture++;
    return picture;
}

/* The newest frame goes through the DMA2D, unless one is on its way there. */
static void convert_frame(void)
{
    if (display.making || duet_frame_receive(&own_link.receiver, &display.frame, DUET_LATEST_FRAME,
                                             DUET_BY_DMA) != DUET_OK)
        return;
    if (!sensible(&display.frame)) {
        duet_frame_release(&own_link.receiver, &display.frame);
        return;
    }
    struct picture_shape shape = shape_of_tag(display.frame.tag);
    display.making = free_picture();
    display.making->tag = display.frame.tag;
    blitter_take();
    dma2d_convert(display.frame.data, display.making->pixels,
                  shape_columns(&shape) * shape_unit_width(&shape), shape.height,
                  (enum dma2d_chroma)shape.chroma);
    blitter_ring(converted);
}

/* The frame goes back as soon as the picture is made. */
static void after_conversion(bool done)
{
    blitter_give();
    duet_frame_release(&own_link.receiver, &display.frame);
    if (!done) {
        display.making->tag = 0;
    } else {
        if (display.ready) {
            display.ready->tag = 0;
            display.passed_over++;
        }
        display.ready = display.making;
    }
    display.making = NULL;
}

static bool take_picture(void)
{
    if (!display.ready)
        return false;
    display.coming = display.ready;
    display.ready = NULL;
    if (display.coming->tag != display.layout)
        place_camera(display.coming);
    else
        ltdc_set_pixels(LAYER_CAMERA, display.coming->pixels);
    return true;
}

static bool take_overlay(void)
{
    if (display.overlay_state != WAITS)
        return false;
    ltdc_set_layer(LAYER_OVERLAY, &display.overlay);
    display.overlay_state = SET;
    return true;
}

/* What has come is set at once and shown from the next blank on; until then nothing more is
 * taken. */
static void bring_on(void)
{
    if (display.reload_waits)
        return;
    bool picture = take_picture(), overlay = take_overlay();
    display.reload_waits = picture || overlay;
    if (display.reload_waits)
        ltdc_reload_at_blank();
}

void display_thread(ULONG unused)
{
    (void)unused;
    display.works = start();
    if (!display.works) {
        log_line(LOG_ERROR, "no panel answers on DSI");
        return;
    }
    log_format(LOG_INFO, "panel %s, 800x480", board_panel_name());
    display.overlay_is_free();
    for (;;) {
        ULONG what = 0;
        convert_frame();
        bring_on();
        tx_event_flags_get(&display.events, ANYTHING, TX_OR_CLEAR, &what, TX_WAIT_FOREVER);
        if (what & RELOADED)
            after_reload();
        if (what & (CONVERTED | FAILED))
            after_conversion(what & CONVERTED);
    }
}

bool display_overlay_is_free(void)
{
    return display.works && display.overlay_state == SHOWN;
}

bool display_overlay(const struct ltdc_layer *layer)
{
    if (!display_overlay_is_free())
        return false;
    display.overlay = *layer;
    display.overlay_state = WAITS;
    tx_event_flags_set(&display.events, OVERLAY_CHANGED, TX_OR);
    return true;
}

void display_figures(struct link_figures *figures)
{
    uint32_t now = timer_microseconds(TIMER_CM7);
    uint32_t frames = display.frames - display.counted_frames, passed = now - display.counted_at;
    figures->frames = display.frames;
    figures->drops =
        own_link.receiver.counts.starved + own_link.receiver.counts.lost + display.passed_over;
    figures->frames_per_second_x10 =
        passed ? (uint32_t)(((uint64_t)frames * 10000000 + passed / 2) / passed) : 0;
    figures->underruns = display.underruns;
    display.counted_frames = display.frames;
    display.counted_at = now;
}
