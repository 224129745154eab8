#include "cm4/camera.h"

#include "boards/stm32h747i_disco/board.h"
#include "boards/stm32h747i_disco/ov5640.h"
#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "cm4/encoder.h"
#include "drivers/dcmi.h"
#include "drivers/i2c.h"
#include "drivers/timer.h"
#include "shared/log.h"
#include "shared/picture_shape.h"
#include "shared/threads.h"
#include "tx_execution_profile.h"

#include <stddef.h>

/* 54 MHz / 3600 / 500 = 30 a second, 54 MHz / 1800 / 500 = 60. A line takes 67 us, of 320
 * pixels 33: the MDMA puts 8 lines in their blocks in less than 8 of them take. */
static const struct ov5640_mode modes[] = {
    {640, 480, 3600, 500, 30},
    {320, 240, 1800, 500, 60},
    {800, 480, 3600, 500, 30},
};

enum { RETRY_TICKS = 10 };

void camera_thread(ULONG unused);
void dcmi_handler(void);
void mdma_handler(void);

static struct {
    TX_MUTEX lock;        /* of all that follows, and of I2C4 */
    TX_SEMAPHORE stopped; /* the flow is to be started by the thread */
    const struct ov5640_mode *mode;
    bool sensor_works, flowing, held, mirror, flip, pattern;
    struct duet_frame filling, encoding;
    volatile uint32_t captured, lost;
    uint32_t counted_frames, counted_at;
} camera;

void dcmi_handler(void)
{
    _tx_execution_isr_enter();
    dcmi_interrupt();
    _tx_execution_isr_exit();
}

void mdma_handler(void)
{
    _tx_execution_isr_enter();
    dcmi_mdma_interrupt();
    encoder_mdma_interrupt();
    _tx_execution_isr_exit();
}

static void pass_on(struct duet_frame *frame)
{
    if (duet_frame_send(&own_link.sender, frame) != DUET_OK)
        camera.lost = camera.lost + 1;
}

/* In the codec's interrupt. */
static void encoded(void)
{
    pass_on(&camera.encoding);
}

/* In the MDMA's interrupt. A new buffer is taken before the full one goes, so that there is always
 * one to fill; without one the frame is dropped and its buffer filled again. */
static uint8_t *frame_done(uint8_t *frame)
{
    (void)frame;
    uint32_t width = camera.mode->width, height = camera.mode->height;
    struct duet_frame next, full = camera.filling;
    camera.captured = camera.captured + 1;
    if (duet_frame_acquire(&own_link.sender, &next, DUET_BY_DMA) != DUET_OK) {
        camera.lost = camera.lost + 1;
        return full.data;
    }
    full.length = width * height * 2;
    full.tag = shape_tag(&(struct picture_shape){
        .width = (uint16_t)width, .height = (uint16_t)height, .chroma = SHAPE_422});
    camera.filling = next;
    if (encoder_take_frame(full.data, width, height, encoded))
        camera.encoding = full;
    else
        pass_on(&full);
    return next.data;
}

static void frame_lost(void)
{
    camera.lost = camera.lost + 1;
}

/* The codec's interrupt may pass a frame on at any time. */
static bool take_buffer(void)
{
    UINT before = tx_interrupt_control(TX_INT_DISABLE);
    bool taken = duet_frame_acquire(&own_link.sender, &camera.filling, DUET_BY_DMA) == DUET_OK;
    tx_interrupt_control(before);
    return taken;
}

static bool start_flow(void)
{
    static const struct dcmi_events events = {.frame_done = frame_done, .frame_lost = frame_lost};
    if (!camera.filling.data && !take_buffer())
        return false;
    camera.flowing =
        dcmi_start(camera.mode->width, camera.mode->height, &events, camera.filling.data) &&
        ov5640_stream(true);
    return camera.flowing;
}

static void stop_flow(void)
{
    if (!camera.flowing)
        return;
    dcmi_stop(); /* first: a frame that the sensor cuts short is no loss */
    ov5640_stream(false);
    camera.flowing = false;
}

void camera_open(void)
{
    camera.mode = &modes[0];
    tx_mutex_create(&camera.lock, (CHAR *)"camera", TX_INHERIT);
    tx_semaphore_create(&camera.stopped, (CHAR *)"camera stopped", 1);
}

void camera_take_bus(void)
{
    tx_mutex_get(&camera.lock, TX_WAIT_FOREVER);
}

void camera_give_bus(void)
{
    tx_mutex_put(&camera.lock);
}

static void start_sensor(void)
{
    board_camera_pins();
    i2c_start();
    camera_take_bus();
    camera.counted_at = timer_microseconds(TIMER_CM4);
    camera.sensor_works = ov5640_start(wait_milliseconds) && ov5640_set_mode(camera.mode);
    camera_give_bus();
}

/* The M7 may not have opened its end yet. */
static bool resume_flow(void)
{
    camera_take_bus();
    bool done = camera.flowing || camera.held || start_flow();
    camera_give_bus();
    return done;
}

void camera_thread(ULONG unused)
{
    (void)unused;
    start_sensor();
    if (!camera.sensor_works) {
        log_line(LOG_ERROR, "no OV5640 answers on I2C4");
        return;
    }
    irq_enable(IRQ_DCMI, 3);
    irq_enable(IRQ_MDMA, 3);
    for (;;) {
        tx_semaphore_get(&camera.stopped, TX_WAIT_FOREVER);
        while (!resume_flow())
            tx_thread_sleep(RETRY_TICKS);
    }
}

static const struct ov5640_mode *find_mode(unsigned width, unsigned height,
                                           unsigned frames_per_second)
{
    for (size_t n = 0; n < sizeof modes / sizeof modes[0]; n++) {
        const struct ov5640_mode *mode = &modes[n];
        if (mode->width == width && mode->height == height &&
            mode->frames_per_second == frames_per_second)
            return mode;
    }
    return NULL;
}

static bool change_mode(const struct ov5640_mode *mode)
{
    if (!mode || !camera.sensor_works)
        return false;
    stop_flow();
    camera.mode = mode;
    bool is_set = ov5640_set_mode(mode);
    if (!is_set || (!camera.held && !start_flow()))
        tx_semaphore_ceiling_put(&camera.stopped, 1);
    return is_set;
}

bool camera_has_mode(unsigned width, unsigned height, unsigned frames_per_second)
{
    return find_mode(width, height, frames_per_second);
}

bool camera_set_mode(unsigned width, unsigned height, unsigned frames_per_second)
{
    camera_take_bus();
    bool done = change_mode(find_mode(width, height, frames_per_second));
    camera_give_bus();
    log_format(LOG_DEBUG, "camera %ux%u %u: %s", width, height, frames_per_second,
               done ? "done" : "refused");
    return done;
}

void camera_hold(bool on)
{
    camera_take_bus();
    camera.held = on;
    if (on)
        stop_flow();
    camera_give_bus();
    if (!on)
        tx_semaphore_ceiling_put(&camera.stopped, 1);
}

static bool set(bool (*sensor_set)(bool), bool on, bool *kept)
{
    camera_take_bus();
    bool done = camera.sensor_works && sensor_set(on);
    if (done)
        *kept = on;
    camera_give_bus();
    return done;
}

bool camera_set_mirror(bool on)
{
    return set(ov5640_mirror, on, &camera.mirror);
}

bool camera_set_flip(bool on)
{
    return set(ov5640_flip, on, &camera.flip);
}

bool camera_set_test_pattern(bool on)
{
    return set(ov5640_test_pattern, on, &camera.pattern);
}

void camera_get_state(struct camera_state *state)
{
    camera_take_bus();
    *state = (struct camera_state){
        .width = camera.mode->width,
        .height = camera.mode->height,
        .frames_per_second = camera.mode->frames_per_second,
        .mirror = camera.mirror,
        .flip = camera.flip,
        .pattern = camera.pattern,
        .sensor_works = camera.sensor_works,
    };
    camera_give_bus();
}

void camera_figures(struct link_figures *figures)
{
    uint32_t now = timer_microseconds(TIMER_CM4);
    uint32_t frames = camera.captured - camera.counted_frames;
    uint32_t passed = now - camera.counted_at;
    figures->frames = camera.captured;
    figures->drops = camera.lost;
    figures->frames_per_second_x10 =
        passed ? (uint32_t)(((uint64_t)frames * 10000000 + passed / 2) / passed) : 0;
    camera.counted_frames = camera.captured;
    camera.counted_at = now;
}
