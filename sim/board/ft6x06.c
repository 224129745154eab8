/*
 * FT6x06: register map of application note "FT6x06 registers" 1.0. Thresholds and filters keep what
 * is written and change nothing.
 */
#include "sim/board/ft6x06.h"

#include <string.h>

enum {
    GEST_ID = 0x01,
    TD_STATUS = 0x02,
    P1_XH = 0x03,
    POINT_STRIDE = 6,
    TH_GROUP = 0x80,
    CTRL = 0x86,
    TIMEENTERMONITOR = 0x87,
    PERIODACTIVE = 0x88,
    PERIODMONITOR = 0x89,
    LIB_VER_L = 0xa2,
    CIPHER = 0xa3,
    G_MODE = 0xa4,
    FIRMID = 0xa6,
    FOCALTECH_ID = 0xa8,
};

enum { EVENT_DOWN, EVENT_UP, EVENT_CONTACT, EVENT_NONE };
enum { GESTURE_UP = 0x10, GESTURE_RIGHT = 0x14, GESTURE_DOWN = 0x18, GESTURE_LEFT = 0x1c };
enum { GESTURE_LENGTH = 80 };

#define REPORT_TIME (SIM_S / 60)
#define PULSE_TIME  (200 * SIM_US)

static unsigned fingers_down(const struct ft6x06 *touch)
{
    return (unsigned)touch->fingers[0].down + touch->fingers[1].down;
}

static void set_interrupt(struct ft6x06 *touch, bool level)
{
    if (touch->interrupt)
        touch->interrupt(touch->ctx, level);
}

/* G_MODE 0: low as long as it is touched. 1: a pulse for each report. */
static void update_interrupt(struct ft6x06 *touch, bool report)
{
    if (!touch->regs[G_MODE]) {
        event_cancel(&touch->sim->events, &touch->pulse_end);
        set_interrupt(touch, fingers_down(touch) == 0);
    } else if (report) {
        set_interrupt(touch, false);
        event_in(&touch->sim->events, &touch->pulse_end, PULSE_TIME);
    }
}

static void pulse_over(void *ctx)
{
    set_interrupt(ctx, true);
}

static void fill_point(uint8_t *point, unsigned id, unsigned event, unsigned x, unsigned y)
{
    point[0] = (uint8_t)(event << 6 | x >> 8);
    point[1] = (uint8_t)x;
    point[2] = (uint8_t)(id << 4 | y >> 8);
    point[3] = (uint8_t)y;
    point[4] = 0x20; /* weight, area */
    point[5] = 0x10;
}

/* Fingers that are down come first; one that has just left says so once. */
static void fill_points(struct ft6x06 *touch)
{
    unsigned slot = 0;
    memset(&touch->regs[P1_XH], 0xff, 2 * POINT_STRIDE);
    touch->regs[TD_STATUS] = (uint8_t)fingers_down(touch);
    for (unsigned pass = 0; pass < 2; pass++) {
        for (unsigned n = 0; n < FT6X06_FINGERS; n++) {
            struct ft6x06_finger *f = &touch->fingers[n];
            if (f->down != (pass == 0) || (!f->down && !f->reported))
                continue;
            unsigned event = !f->down ? EVENT_UP : f->reported ? EVENT_CONTACT : EVENT_DOWN;
            fill_point(&touch->regs[P1_XH + slot++ * POINT_STRIDE], n, event,
                       PANEL_HEIGHT - 1 - f->y, f->x);
            f->reported = f->down;
        }
    }
}

static void report(struct ft6x06 *touch)
{
    fill_points(touch);
    update_interrupt(touch, true);
    if (fingers_down(touch))
        event_in(&touch->sim->events, &touch->report, REPORT_TIME);
    else
        event_cancel(&touch->sim->events, &touch->report);
}

static void report_due(void *ctx)
{
    report(ctx);
}

/* A stroke, in the axes of the glass. */
static uint8_t gesture(const struct ft6x06_finger *f)
{
    int right = (int)f->from_y - (int)f->y; /* X of the glass runs upwards */
    int down = (int)f->x - (int)f->from_x;  /* and its Y to the right */
    int across = right < 0 ? -right : right, along = down < 0 ? -down : down;
    if (across < GESTURE_LENGTH && along < GESTURE_LENGTH)
        return 0;
    if (across > along)
        return right > 0 ? GESTURE_RIGHT : GESTURE_LEFT;
    return down > 0 ? GESTURE_DOWN : GESTURE_UP;
}

void ft6x06_touch(struct ft6x06 *touch, unsigned finger, unsigned x, unsigned y)
{
    if (finger >= FT6X06_FINGERS)
        return;
    struct ft6x06_finger *f = &touch->fingers[finger];
    f->x = x < PANEL_WIDTH ? x : PANEL_WIDTH - 1;
    f->y = y < PANEL_HEIGHT ? y : PANEL_HEIGHT - 1;
    if (!f->down) {
        f->from_x = f->x;
        f->from_y = f->y;
        touch->regs[GEST_ID] = 0;
        f->reported = false;
    }
    f->down = true;
    report(touch);
}

void ft6x06_lift(struct ft6x06 *touch, unsigned finger)
{
    if (finger >= FT6X06_FINGERS || !touch->fingers[finger].down)
        return;
    touch->fingers[finger].down = false;
    touch->regs[GEST_ID] = gesture(&touch->fingers[finger]);
    report(touch);
}

/* ---- I2C: the first byte is the register, which then counts up ---- */

static bool start(void *ctx, bool read)
{
    struct ft6x06 *touch = ctx;
    if (!read)
        touch->address_given = false;
    return true;
}

static bool write_byte(void *ctx, uint8_t byte)
{
    struct ft6x06 *touch = ctx;
    if (!touch->address_given) {
        touch->address = byte;
        touch->address_given = true;
        return true;
    }
    uint8_t at = touch->address++;
    if (at == 0 || (at >= TH_GROUP && at <= PERIODMONITOR) || at == G_MODE)
        touch->regs[at] = byte;
    if (at == G_MODE) {
        set_interrupt(touch, true);
        update_interrupt(touch, false);
    }
    return true;
}

static uint8_t read_byte(void *ctx)
{
    struct ft6x06 *touch = ctx;
    return touch->regs[touch->address++];
}

void ft6x06_power_on(struct ft6x06 *touch)
{
    event_cancel(&touch->sim->events, &touch->report);
    event_cancel(&touch->sim->events, &touch->pulse_end);
    memset(touch->regs, 0, sizeof touch->regs);
    memset(touch->fingers, 0, sizeof touch->fingers);
    memset(&touch->regs[P1_XH], 0xff, 2 * POINT_STRIDE);
    touch->regs[TH_GROUP] = 0x16;
    touch->regs[CTRL] = 0x01;
    touch->regs[TIMEENTERMONITOR] = 0x0a;
    touch->regs[PERIODACTIVE] = 0x06;
    touch->regs[PERIODMONITOR] = 0x28;
    touch->regs[LIB_VER_L] = 0x01;
    touch->regs[CIPHER] = 0x06;
    touch->regs[FIRMID] = 0x10;
    touch->regs[FOCALTECH_ID] = 0x11;
    set_interrupt(touch, true);
}

void ft6x06_init(struct ft6x06 *touch, struct sim *sim)
{
    *touch = (struct ft6x06){.sim = sim};
    touch->device = (struct i2c_device){
        .name = "FT6x06", .ctx = touch, .start = start, .write = write_byte, .read = read_byte};
    event_init(&touch->report, "FT6x06 report", report_due, touch);
    event_init(&touch->pulse_end, "FT6x06 interrupt", pulse_over, touch);
}
