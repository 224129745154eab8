/*
 * OV5640: registers by SCCB, and the frame's course: VSYNC, then line by line. Exposure, colour
 * correction and focus are those of a perfect camera: their registers keep what is written and
 * change nothing.
 */
#include "sim/board/ov5640.h"

#include <stdlib.h>
#include <string.h>

#include "sim/soc/dcmi.h"

enum {
    SYSTEM_CTRL0 = 0x3008,
    PAD_OUTPUT_ENABLE_01 = 0x3017,
    MIPI_CTRL00 = 0x300e,
    FRAME_CTRL02 = 0x4202,
    POLARITY_CTRL00 = 0x4740,
};
enum { SOFTWARE_RESET = 0x80, SOFTWARE_POWER_DOWN = 0x40 };
enum { PAD_VSYNC_HREF_PCLK = 0x70, MIPI_ENABLE = 4 };
enum { POLARITY_HREF = 2, POLARITY_VSYNC = 1 };

/* Registers that are not 0 after reset and that firmware looks at (data sheet, chapter 7). */
static const struct {
    uint16_t address;
    uint8_t value;
} defaults[] = {
    {0x3000, 0x30}, {0x3002, 0x1c}, {0x3004, 0xcf}, {0x3006, 0xc3}, {0x3008, 0x02}, {0x300a, 0x56},
    {0x300b, 0x40}, {0x300e, 0x58}, {0x302a, 0xb0}, {0x3034, 0x1a}, {0x3035, 0x11}, {0x3036, 0x69},
    {0x3037, 0x03}, {0x3100, 0x78}, {0x3108, 0x16}, {0x3200, 0x00}, {0x3503, 0x00}, {0x3804, 0x0a},
    {0x3805, 0x3f}, {0x3806, 0x07}, {0x3807, 0x9f}, {0x3808, 0x0a}, {0x3809, 0x20}, {0x380a, 0x07},
    {0x380b, 0x98}, {0x380c, 0x0b}, {0x380d, 0x1c}, {0x380e, 0x07}, {0x380f, 0xb0}, {0x3811, 0x10},
    {0x3813, 0x04}, {0x3814, 0x11}, {0x3815, 0x11}, {0x3820, 0x40}, {0x3824, 0x01}, {0x4300, 0xf8},
    {0x4407, 0x0c}, {0x4602, 0x04}, {0x4604, 0x03}, {0x460c, 0x20}, {0x4713, 0x02}, {0x4740, 0x20},
    {0x4837, 0x10}, {0x5000, 0x06}, {0x5001, 0x01}, {0x5025, 0x00},
};

enum { DEFAULTS = sizeof defaults / sizeof defaults[0] };

static bool outputs(const struct ov5640 *sensor)
{
    const uint8_t *regs = sensor->regs;
    return !sensor->powered_down && !(regs[SYSTEM_CTRL0] & SOFTWARE_POWER_DOWN) &&
           !(regs[FRAME_CTRL02] & 15) && !(regs[MIPI_CTRL00] & MIPI_ENABLE) &&
           (regs[PAD_OUTPUT_ENABLE_01] & PAD_VSYNC_HREF_PCLK) == PAD_VSYNC_HREF_PCLK;
}

/* ---- Pins: levels by the polarity register. Bit 1 is the level of HREF between lines; bit 0 is
 * inverted against the data sheet: 0 makes VSYNC high during the blanking. ---- */

static void set_vsync(struct ov5640 *sensor, bool blank)
{
    dcmi_vsync(sensor->dcmi, blank != !!(sensor->regs[POLARITY_CTRL00] & POLARITY_VSYNC));
}

static void set_href(struct ov5640 *sensor, bool data)
{
    dcmi_hsync(sensor->dcmi, data != !!(sensor->regs[POLARITY_CTRL00] & POLARITY_HREF));
}

/* ---- The picture ---- */

static bool grow(uint8_t **buffer, size_t *size, size_t wanted)
{
    if (wanted <= *size)
        return true;
    uint8_t *larger = realloc(*buffer, wanted);
    if (!larger)
        return false;
    *buffer = larger;
    *size = wanted;
    return true;
}

static void mirror(uint8_t *rgb, unsigned width, unsigned height)
{
    for (unsigned y = 0; y < height; y++, rgb += (size_t)3 * width) {
        for (unsigned a = 0, b = width - 1; a < b; a++, b--) {
            uint8_t pixel[3];
            memcpy(pixel, rgb + 3 * a, 3);
            memcpy(rgb + 3 * a, rgb + 3 * b, 3);
            memcpy(rgb + 3 * b, pixel, 3);
        }
    }
}

static void flip(uint8_t *rgb, unsigned width, unsigned height)
{
    size_t row = (size_t)3 * width;
    for (unsigned a = 0, b = height - 1; a < b; a++, b--) {
        for (size_t n = 0; n < row; n++) {
            uint8_t byte = rgb[a * row + n];
            rgb[a * row + n] = rgb[b * row + n];
            rgb[b * row + n] = byte;
        }
    }
}

static void expose(struct ov5640 *sensor)
{
    const struct ov5640_mode *mode = &sensor->mode;
    if (mode->test_pattern & 0x80) {
        ov5640_test_pattern(mode, sensor->rgb);
        return;
    }
    if (sensor->source.capture)
        sensor->source.capture(sensor->source.ctx, sensor->frame_start, mode->width, mode->height,
                               sensor->rgb);
    else
        memset(sensor->rgb, 0, (size_t)3 * mode->width * mode->height);
    if (mode->mirrored)
        mirror(sensor->rgb, mode->width, mode->height);
    if (mode->flipped)
        flip(sensor->rgb, mode->width, mode->height);
}

/* Register 0x4407: quantisation scale, small is fine. */
static unsigned jpeg_quality(const struct ov5640 *sensor)
{
    unsigned scale = sensor->regs[0x4407] & 63;
    return scale < 2 ? 95 : 100 - scale;
}

/* JPEG mode 3: the stream in lines of 0x4602/3 bytes, the last one filled up with zeros. */
static void compress(struct ov5640 *sensor)
{
    struct ov5640_mode *mode = &sensor->mode;
    unsigned line = (unsigned)sensor->regs[0x4602] << 8 | sensor->regs[0x4603];
    size_t room = (size_t)mode->width * mode->height * 3 + 8192, length = 0;
    mode->lines = 0;
    if (!line || !grow(&sensor->bytes, &sensor->bytes_size, room + line))
        return;
    if (sensor->source.jpeg)
        length = sensor->source.jpeg(sensor->source.ctx, sensor->rgb, mode->width, mode->height,
                                     jpeg_quality(sensor), sensor->bytes, room);
    else
        complain(&sensor->sim->reporter, COMPLAINT_UNMODELLED, "OV5640", 0x3821,
                 "the camera source has no JPEG encoder: JPEG frames are empty");
    memset(sensor->bytes + length, 0, line);
    mode->line_bytes = line;
    mode->lines = (unsigned)((length + line - 1) / line);
    if (mode->lines > mode->read_lines)
        mode->lines = mode->read_lines;
}

static const uint8_t *line_to_send(struct ov5640 *sensor)
{
    if (sensor->mode.jpeg)
        return sensor->bytes + (size_t)sensor->line * sensor->mode.line_bytes;
    ov5640_convert_line(&sensor->mode, sensor->rgb, sensor->line, sensor->bytes);
    return sensor->bytes;
}

/* ---- Time ---- */

static sim_time frame_time(const struct ov5640_mode *mode, uint64_t frames)
{
    return ov5640_clock_time(mode->system, frames * mode->hts * mode->vts);
}

/* The n-th line of the picture, n up to the number of lines, after the frame's start. */
static sim_time line_offset(const struct ov5640_mode *mode, unsigned n)
{
    uint64_t clocks = (uint64_t)mode->first_line * mode->hts;
    if (mode->lines)
        clocks += (uint64_t)n * mode->read_lines * mode->hts / mode->lines;
    return ov5640_clock_time(mode->system, clocks);
}

static uint64_t pixel_hz(const struct ov5640_mode *mode)
{
    return mode->pixel.numerator / mode->pixel.denominator;
}

static sim_time line_duration(const struct ov5640_mode *mode)
{
    return mode->line_bytes * SIM_S / pixel_hz(mode);
}

static bool mode_is_sound(struct ov5640 *sensor, const struct ov5640_mode *mode)
{
    bool sound = mode->width && mode->height && mode->hts && mode->vts > 8 &&
                 mode->height <= mode->vts && mode->system.numerator && pixel_hz(mode) &&
                 frame_time(mode, 1) >= 100 * SIM_US;
    if (!sound)
        complain(&sensor->sim->reporter, COMPLAINT_GUEST, "OV5640", 0x3808,
                 "registers make no frame: %u by %u pixels, HTS %u, VTS %u, pixel clock %llu Hz",
                 mode->width, mode->height, mode->hts, mode->vts,
                 (unsigned long long)pixel_hz(mode));
    return sound;
}

/* The sensor's output FIFO would overflow if a line's bytes took longer than the line. */
static void fit_line(struct ov5640 *sensor, struct ov5640_mode *mode)
{
    sim_time room = line_offset(mode, 1) - line_offset(mode, 0);
    room -= room / 32;
    if (!mode->lines || line_duration(mode) <= room)
        return;
    complain(
        &sensor->sim->reporter, COMPLAINT_UNMODELLED, "OV5640", 0x3824,
        "at a pixel clock of %llu Hz a line of %u bytes does not fit its time; the overflow of "
        "the sensor's FIFO is not modelled, the clock is taken as fast enough",
        (unsigned long long)pixel_hz(mode), mode->line_bytes);
    mode->pixel = (struct ov5640_clock){mode->line_bytes * SIM_S / room + 1, 1};
}

/* ---- The course of a frame ---- */

static void trace_end(struct ov5640 *sensor)
{
    if (sensor->traced)
        sim_trace_end(sensor->sim, "sensor", 0);
    sensor->traced = false;
}

static void stop(struct ov5640 *sensor)
{
    trace_end(sensor);
    event_cancel(&sensor->sim->events, &sensor->step);
    sensor->streaming = false;
}

static void schedule(struct ov5640 *sensor, enum ov5640_step next, sim_time when)
{
    sensor->next = next;
    event_at(&sensor->sim->events, &sensor->step, when);
}

static bool same_duration(const struct ov5640_mode *a, const struct ov5640_mode *b)
{
    return a->system.numerator * b->system.denominator ==
               b->system.numerator * a->system.denominator &&
           a->hts * a->vts == b->hts * b->vts;
}

/* Takes the registers for the frame that begins now. */
static bool take_mode(struct ov5640 *sensor)
{
    struct ov5640_mode mode = ov5640_decode(sensor->regs);
    if (!mode_is_sound(sensor, &mode))
        return false;
    if (!same_duration(&mode, &sensor->mode)) {
        sensor->anchor = sensor->frame_start;
        sensor->frames_since_anchor = 0;
    }
    sensor->mode = mode;
    return grow(&sensor->rgb, &sensor->rgb_size, (size_t)3 * mode.width * mode.height) &&
           grow(&sensor->bytes, &sensor->bytes_size, mode.line_bytes);
}

static void begin_frame(struct ov5640 *sensor)
{
    sensor->frame_start = sim_now(sensor->sim);
    set_href(sensor, false);
    set_vsync(sensor, true);
    if (sensor->frame_starts)
        sensor->frame_starts(sensor->ctx);
    if (!take_mode(sensor)) {
        stop(sensor);
        return;
    }
    sim_trace_begin(sensor->sim, "sensor", 0, "frame", 0, 0);
    sensor->traced = true;
    expose(sensor);
    if (sensor->mode.jpeg)
        compress(sensor);
    fit_line(sensor, &sensor->mode);
    sensor->line = 0;
    uint64_t blank = (uint64_t)sensor->mode.first_line * sensor->mode.hts / 2;
    schedule(sensor, OV5640_VSYNC_END,
             sensor->frame_start + ov5640_clock_time(sensor->mode.system, blank));
}

static void schedule_line(struct ov5640 *sensor)
{
    if (sensor->line < sensor->mode.lines) {
        schedule(sensor, OV5640_LINE,
                 sensor->frame_start + line_offset(&sensor->mode, sensor->line));
        return;
    }
    sensor->frames++;
    trace_end(sensor);
    sensor->frames_since_anchor++;
    schedule(sensor, OV5640_FRAME,
             sensor->anchor + frame_time(&sensor->mode, sensor->frames_since_anchor));
}

static void send_line(struct ov5640 *sensor)
{
    const struct dcmi_samples samples = {line_to_send(sensor), NULL, sensor->mode.line_bytes,
                                         pixel_hz(&sensor->mode)};
    set_href(sensor, true);
    dcmi_line(sensor->dcmi, &samples);
    schedule(sensor, OV5640_LINE_END, sim_now(sensor->sim) + line_duration(&sensor->mode));
}

static void step(void *ctx)
{
    struct ov5640 *sensor = ctx;
    switch (sensor->next) {
    case OV5640_FRAME:
        begin_frame(sensor);
        break;
    case OV5640_VSYNC_END:
        set_vsync(sensor, false);
        schedule_line(sensor);
        break;
    case OV5640_LINE:
        send_line(sensor);
        break;
    case OV5640_LINE_END:
        set_href(sensor, false);
        sensor->line++;
        schedule_line(sensor);
        break;
    }
}

/* After a register or a pin that starts or stops the stream. */
static void update_stream(struct ov5640 *sensor)
{
    bool wanted = outputs(sensor);
    if (wanted && !sensor->streaming) {
        sensor->streaming = true;
        sensor->mode = (struct ov5640_mode){0};
        schedule(sensor, OV5640_FRAME, sim_now(sensor->sim) + SIM_MS);
    } else if (!wanted && sensor->streaming) {
        stop(sensor);
    }
}

/* ---- SCCB ---- */

static void set_defaults(struct ov5640 *sensor)
{
    memset(sensor->regs, 0, sizeof sensor->regs);
    for (unsigned n = 0; n < DEFAULTS; n++)
        sensor->regs[defaults[n].address] = defaults[n].value;
}

static bool read_only(uint16_t address)
{
    return address == 0x300a || address == 0x300b || address == 0x302a;
}

static void write_register(struct ov5640 *sensor, uint16_t address, uint8_t value)
{
    if (read_only(address))
        return;
    sensor->regs[address] = value;
    if (address == SYSTEM_CTRL0 && value & SOFTWARE_RESET)
        set_defaults(sensor);
    /* A mode that made no frame gets its chance when it is changed. */
    if (sensor->streaming && !event_pending(&sensor->step))
        stop(sensor);
    update_stream(sensor);
}

static bool sccb_start(void *ctx, bool read)
{
    struct ov5640 *sensor = ctx;
    if (sensor->powered_down)
        return false;
    if (!read)
        sensor->address_bytes = 0;
    return true;
}

static bool sccb_write(void *ctx, uint8_t byte)
{
    struct ov5640 *sensor = ctx;
    if (sensor->address_bytes < 2) {
        sensor->address = (uint16_t)(sensor->address << 8 | byte);
        sensor->address_bytes++;
        return true;
    }
    write_register(sensor, sensor->address++, byte);
    return true;
}

static uint8_t sccb_read(void *ctx)
{
    struct ov5640 *sensor = ctx;
    return sensor->regs[sensor->address++];
}

/* ---- Pins and power ---- */

void ov5640_power_down_pin(struct ov5640 *sensor, bool high)
{
    sensor->powered_down = high;
    update_stream(sensor);
}

void ov5640_power_on(struct ov5640 *sensor)
{
    stop(sensor);
    set_defaults(sensor);
    sensor->frames = 0;
    update_stream(sensor);
}

void ov5640_init(struct ov5640 *sensor, struct sim *sim, struct block *dcmi,
                 const struct camera_source *source)
{
    *sensor = (struct ov5640){.sim = sim, .dcmi = dcmi, .source = *source};
    sensor->device = (struct i2c_device){.name = "OV5640",
                                         .ctx = sensor,
                                         .address = 0x78 >> 1,
                                         .start = sccb_start,
                                         .write = sccb_write,
                                         .read = sccb_read};
    event_init(&sensor->step, "OV5640", step, sensor);
    set_defaults(sensor);
}

void ov5640_free(struct ov5640 *sensor)
{
    stop(sensor);
    free(sensor->rgb);
    free(sensor->bytes);
}
