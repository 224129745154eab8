/*
 * OmniVision OV5640 camera module: serial control bus (SCCB, on I2C) at 0x78, parallel video port
 * to the DCMI, power-down pin. The module has its own 24 MHz oscillator.
 */
#ifndef SIM_BOARD_OV5640_H
#define SIM_BOARD_OV5640_H

#include "sim/board/board.h"
#include "sim/soc/i2c.h"

/* A clock that need not be a whole number of hertz. */
struct ov5640_clock {
    uint64_t numerator, denominator; /* numerator 0: stopped */
};

/* What a frame is made by; taken from the registers when it begins. */
struct ov5640_mode {
    unsigned width, height;     /* of the picture */
    unsigned line_bytes, lines; /* as sent: for JPEG, of the compressed stream */
    unsigned hts, vts;          /* clocks a line, lines a frame */
    unsigned first_line; /* of the frame's lines, that begins with the first of the picture */
    unsigned read_lines; /* lines of the sensor that make the picture */
    struct ov5640_clock system, pixel;
    uint8_t format, test_pattern;
    bool mirrored, flipped, jpeg;
    uint8_t data_mask; /* data pads that are driven */
};

enum ov5640_step { OV5640_FRAME, OV5640_VSYNC_END, OV5640_LINE, OV5640_LINE_END };

struct ov5640 {
    struct i2c_device device;
    struct sim *sim;
    struct block *dcmi;
    struct camera_source source;
    void (*frame_starts)(void *ctx); /* for checks of the wiring; may be NULL */
    void *ctx;
    uint8_t regs[0x10000];
    uint16_t address; /* of the next access by SCCB */
    unsigned address_bytes;
    bool powered_down; /* pin */
    bool streaming;
    struct event step;
    enum ov5640_step next;
    struct ov5640_mode mode;
    sim_time anchor, frame_start; /* frames begin at anchor + n * (their exact duration) */
    uint64_t frames_since_anchor, frames;
    bool traced; /* the timeline has been told of the frame at hand */
    unsigned line;
    uint8_t *rgb, *bytes; /* the picture; what is sent of it, for JPEG all of it */
    size_t rgb_size, bytes_size;
};

void ov5640_init(struct ov5640 *sensor, struct sim *sim, struct block *dcmi,
                 const struct camera_source *source);
void ov5640_free(struct ov5640 *sensor);
void ov5640_power_on(struct ov5640 *sensor);
void ov5640_power_down_pin(struct ov5640 *sensor, bool high);

/* ov5640_mode.c: the registers' meaning. */
struct ov5640_mode ov5640_decode(const uint8_t *regs);
/* Duration of `count` periods. */
sim_time ov5640_clock_time(struct ov5640_clock clock, uint64_t count);
unsigned ov5640_pixel_bytes(uint8_t format);

/* ov5640_picture.c: a line of the picture as the sensor sends it (`mode->line_bytes`). */
void ov5640_convert_line(const struct ov5640_mode *mode, const uint8_t *rgb, unsigned line,
                         uint8_t *bytes);
/* The test pattern instead of the scene. */
void ov5640_test_pattern(const struct ov5640_mode *mode, uint8_t *rgb);

#endif
