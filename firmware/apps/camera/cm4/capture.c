#include "cm4/capture.h"

#include "boards/stm32h747i_disco/ov5640.h"
#include "chip/cortex_m.h"
#include "cm4/console.h"
#include "drivers/timer.h"

#include <stddef.h>

/* 54 MHz / 1800 / 1000 = 30 a second, / 500 = 60. A block is what one line buffer holds. */
static const struct mode {
    struct ov5640_mode sensor;
    uint32_t block_lines;
} modes[] = {
    {{640, 480, 1800, 1000, 30}, 12},
    {{320, 240, 1800, 500, 60}, 24},
    {{800, 480, 1800, 1000, 30}, 10},
};

static struct {
    struct link *link;
    const struct mode *mode;
    bool sensor_works, flowing;
    struct duet_frame filling;
    volatile uint32_t captured, lost;
    uint32_t counted_frames, counted_at;
} capture;

/* In the MDMA's interrupt. A new buffer is taken before the full one goes, so that there is always
 * one to fill; without one the frame is dropped and its buffer filled again. */
static uint8_t *frame_done(uint8_t *pixels)
{
    (void)pixels;
    struct duet_frame next;
    capture.captured = capture.captured + 1;
    if (duet_frame_acquire(&capture.link->sender, &next, DUET_BY_DMA) != DUET_OK) {
        capture.lost = capture.lost + 1;
        return capture.filling.data;
    }
    const struct ov5640_mode *sensor = &capture.mode->sensor;
    capture.filling.length = (uint32_t)sensor->width * sensor->height * 2;
    capture.filling.tag = link_tag(sensor->width, sensor->height);
    if (duet_frame_send(&capture.link->sender, &capture.filling) != DUET_OK)
        capture.lost = capture.lost + 1;
    capture.filling = next;
    return next.data;
}

static void frame_lost(void)
{
    capture.lost = capture.lost + 1;
}

static bool start_flow(void)
{
    static const struct dcmi_events events = {.frame_done = frame_done, .frame_lost = frame_lost};
    if (!capture.filling.data &&
        duet_frame_acquire(&capture.link->sender, &capture.filling, DUET_BY_DMA) != DUET_OK)
        return false;
    const struct dcmi_picture picture = {
        .line_bytes = capture.mode->sensor.width * 2u,
        .lines = capture.mode->sensor.height,
        .block_lines = capture.mode->block_lines,
    };
    capture.flowing = dcmi_start(&picture, &events, capture.filling.data) && ov5640_stream(true);
    return capture.flowing;
}

static void stop_flow(void)
{
    if (!capture.flowing)
        return;
    ov5640_stream(false);
    dcmi_stop();
    capture.flowing = false;
}

void capture_start(struct link *link, void (*wait_milliseconds)(uint32_t))
{
    capture.link = link;
    capture.mode = &modes[0];
    capture.counted_at = timer_microseconds(TIMER_CM4);
    capture.sensor_works =
        ov5640_start(wait_milliseconds) && ov5640_set_mode(&capture.mode->sensor);
    if (!capture.sensor_works)
        console_print("camera: no OV5640 answers on I2C4\n");
}

void capture_service(void)
{
    if (capture.sensor_works && !capture.flowing)
        start_flow();
}

static const struct mode *find_mode(unsigned width, unsigned height, unsigned frames_per_second)
{
    for (size_t n = 0; n < sizeof modes / sizeof modes[0]; n++) {
        const struct ov5640_mode *sensor = &modes[n].sensor;
        if (sensor->width == width && sensor->height == height &&
            sensor->frames_per_second == frames_per_second)
            return &modes[n];
    }
    return NULL;
}

bool capture_set_mode(unsigned width, unsigned height, unsigned frames_per_second)
{
    const struct mode *mode = find_mode(width, height, frames_per_second);
    if (!mode || !capture.sensor_works)
        return false;
    stop_flow();
    capture.mode = mode;
    return ov5640_set_mode(&mode->sensor) && start_flow();
}

bool capture_set_mirror(bool on)
{
    return capture.sensor_works && ov5640_mirror(on);
}

bool capture_set_flip(bool on)
{
    return capture.sensor_works && ov5640_flip(on);
}

bool capture_set_test_pattern(bool on)
{
    return capture.sensor_works && ov5640_test_pattern(on);
}

void capture_figures(struct link_figures *figures)
{
    uint32_t now = timer_microseconds(TIMER_CM4);
    uint32_t frames = capture.captured - capture.counted_frames;
    uint32_t passed = now - capture.counted_at;
    figures->frames = capture.captured;
    figures->drops = capture.lost;
    figures->frames_per_second_x10 =
        passed ? (uint32_t)(((uint64_t)frames * 10000000 + passed / 2) / passed) : 0;
    capture.counted_frames = capture.captured;
    capture.counted_at = now;
}
