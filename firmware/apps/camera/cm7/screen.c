#include "cm7/screen.h"

#include "boards/stm32h747i_disco/board.h"
#include "chip/cm7_memory.h"
#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "cm7/canvas.h"
#include "drivers/ltdc.h"
#include "drivers/sdram.h"
#include "drivers/timer.h"

#include <stdio.h>

enum { LAYER_CAMERA = 1, LAYER_STATUS = 2 };
enum { PANEL_WIDTH = 800, PANEL_HEIGHT = 480 };
enum { COLUMN_X = 640, COLUMN_WIDTH = PANEL_WIDTH - COLUMN_X };

/* Two pictures of the column, so that one is drawn while the other is shown; behind the frames. */
static uint32_t *const column[2] = {
    (uint32_t *)(SDRAM_BASE + (1u << LINK_FRAMES_SIZE_LOG2)),
    (uint32_t *)(SDRAM_BASE + (1u << LINK_FRAMES_SIZE_LOG2) +
                 sizeof(uint32_t) * COLUMN_WIDTH * PANEL_HEIGHT),
};

static struct {
    struct link *link;
    struct duet_frame shown, coming; /* coming: set in the LTDC, from the next blank on shown */
    uint32_t layout;                 /* tag of the frames that layer 1 is set up for */
    unsigned drawn;                  /* which column was drawn last */
    bool column_waits;               /* a drawn column is to be shown at the next reload */
    volatile bool reloaded;
    volatile uint32_t underruns;
    uint32_t frames, counted_frames, counted_at;
    bool works;
} screen;

void ltdc_handler(void);
void ltdc_error_handler(void);

void ltdc_handler(void)
{
    if (ltdc_interrupt())
        screen.reloaded = true;
}

void ltdc_error_handler(void)
{
    screen.underruns = screen.underruns + ltdc_error_interrupt();
}

static void reset_panel(void (*wait_milliseconds)(uint32_t))
{
    gpio_output(PANEL_RESET, false);
    wait_milliseconds(20);
    gpio_write(PANEL_RESET, true);
    wait_milliseconds(10);
}

static void show_column(void)
{
    const struct ltdc_layer layer = {
        .x = COLUMN_X,
        .width = COLUMN_WIDTH,
        .height = PANEL_HEIGHT,
        .pixels = column[screen.drawn],
        .stride = COLUMN_WIDTH * sizeof(uint32_t),
        .format = PIXEL_ARGB8888,
        .alpha = 255,
    };
    ltdc_set_layer(LAYER_STATUS, &layer);
}

bool screen_start(struct link *link, void (*wait_milliseconds)(uint32_t))
{
    screen.link = link;
    screen.counted_at = timer_microseconds(TIMER_CM7);
    reset_panel(wait_milliseconds);
    ltdc_start(&board_panel_timing, 0x101418);
    screen.works = dsi_start(&board_panel_timing) && board_panel_start(wait_milliseconds);
    if (!screen.works)
        return false;
    screen_draw_status(&(struct link_figures){0}, &(struct link_figures){0});
    show_column();
    screen.column_waits = false;
    ltdc_reload_now();
    dsi_flow();
    irq_enable(IRQ_LTDC, 4);
    irq_enable(IRQ_LTDC_ERROR, 4);
    return true;
}

/* Smaller pictures stand in the middle of what the column leaves free; wider ones go under it. */
static void place_camera(uint32_t tag, const void *pixels)
{
    unsigned width = tag >> 16, height = tag & 0xffff;
    unsigned room = width <= COLUMN_X ? COLUMN_X : PANEL_WIDTH;
    const struct ltdc_layer layer = {
        .x = (uint16_t)((room - width) / 2),
        .y = (uint16_t)((PANEL_HEIGHT - height) / 2),
        .width = (uint16_t)width,
        .height = (uint16_t)height,
        .pixels = pixels,
        .stride = width * 2,
        .format = PIXEL_RGB565,
        .alpha = 255,
    };
    ltdc_set_layer(LAYER_CAMERA, &layer);
    screen.layout = tag;
}

/* A tag that makes no picture of this panel is not believed. */
static bool sensible(const struct duet_frame *frame)
{
    uint32_t width = frame->tag >> 16, height = frame->tag & 0xffff;
    return width && height && width <= FRAME_WIDTH_MAX && height <= FRAME_HEIGHT_MAX &&
           width * height * 2 <= frame->length;
}

static void after_reload(void)
{
    if (!screen.coming.data)
        return;
    if (screen.shown.data)
        duet_frame_release(&screen.link->receiver, &screen.shown);
    screen.shown = screen.coming;
    screen.coming = (struct duet_frame){0};
    screen.frames++;
}

static bool take_frame(void)
{
    struct duet_frame frame;
    if (duet_frame_receive(&screen.link->receiver, &frame, DUET_LATEST_FRAME, DUET_BY_DMA) !=
        DUET_OK)
        return false;
    if (!sensible(&frame)) {
        duet_frame_release(&screen.link->receiver, &frame);
        return false;
    }
    screen.coming = frame;
    if (frame.tag != screen.layout)
        place_camera(frame.tag, frame.data);
    else
        ltdc_set_pixels(LAYER_CAMERA, frame.data);
    return true;
}

void screen_service(void)
{
    if (screen.reloaded) {
        screen.reloaded = false;
        after_reload();
    }
    if (!screen.works || ltdc_reload_waits() || screen.coming.data)
        return;
    bool changed = take_frame();
    if (screen.column_waits) {
        show_column();
        screen.column_waits = false;
        changed = true;
    }
    if (changed)
        ltdc_reload_at_blank();
}

void screen_figures(struct link_figures *figures)
{
    uint32_t now = timer_microseconds(TIMER_CM7);
    uint32_t frames = screen.frames - screen.counted_frames, passed = now - screen.counted_at;
    figures->frames = screen.frames;
    figures->drops = screen.link->receiver.counts.starved + screen.link->receiver.counts.lost;
    figures->frames_per_second_x10 =
        passed ? (uint32_t)(((uint64_t)frames * 10000000 + passed / 2) / passed) : 0;
    screen.counted_frames = screen.frames;
    screen.counted_at = now;
}

static void draw_row(struct canvas *canvas, unsigned row, const char *name, const char *value)
{
    unsigned y = 84 + row * 62;
    canvas_text(canvas, CANVAS_SMALL, 16, y, 0xff8a97a5, name);
    canvas_text(canvas, CANVAS_LARGE, 16, y + 20, 0xfff2f5f7, value);
}

/* Into the column that is not shown; screen_service() brings it on. */
void screen_draw_status(const struct link_figures *own, const volatile struct link_figures *m4)
{
    if (!screen.works || screen.column_waits)
        return;
    screen.drawn ^= 1;
    struct canvas canvas = {column[screen.drawn], COLUMN_WIDTH, PANEL_HEIGHT};
    char text[24];
    canvas_fill(&canvas, 0, 0, COLUMN_WIDTH, PANEL_HEIGHT, 0xd0161b22);
    canvas_fill(&canvas, 16, 62, COLUMN_WIDTH - 32, 2, 0xff2f81f7);
    canvas_text(&canvas, CANVAS_LARGE, 16, 22, 0xffffffff, "Duet");
    uint32_t rate = own->frames_per_second_x10, drops = own->drops + m4->drops;
    snprintf(text, sizeof text, "%lu.%lu", (unsigned long)(rate / 10), (unsigned long)(rate % 10));
    draw_row(&canvas, 0, "frames / s", text);
    snprintf(text, sizeof text, "%lu", (unsigned long)drops);
    draw_row(&canvas, 1, "drops", text);
    uint32_t loads[2] = {own->load_permille, m4->load_permille};
    for (unsigned n = 0; n < 2; n++) {
        snprintf(text, sizeof text, "%lu.%lu %%", (unsigned long)(loads[n] / 10),
                 (unsigned long)(loads[n] % 10));
        draw_row(&canvas, 2 + n, n == CORE_CM7 ? "Cortex-M7" : "Cortex-M4", text);
    }
    snprintf(text, sizeof text, "%lu", (unsigned long)own->frames);
    draw_row(&canvas, 4, "shown", text);
    cache_clean(column[screen.drawn], sizeof(uint32_t) * COLUMN_WIDTH * PANEL_HEIGHT);
    screen.column_waits = true;
}
