/*
 * The OV5640 camera module on I2C4 and the DCMI, 24 MHz master clock of its own. M4, thread context;
 * the I2C and the pins must be up.
 */
#ifndef BOARD_OV5640_H
#define BOARD_OV5640_H

#include <stdbool.h>
#include <stdint.h>

struct ov5640_mode {
    uint16_t width, height;            /* YCbCr 4:2:2 as Y Cb Y Cr */
    uint16_t line_pixels, frame_lines; /* with blanking: 54 MHz / line_pixels / frame_lines = fps */
    uint8_t frames_per_second;
};

/* Wakes the sensor, checks its identity, loads everything but the size. It does not stream yet.
 * False: no OV5640 answers, or a register write was refused. */
bool ov5640_start(void (*wait_milliseconds)(uint32_t));
bool ov5640_set_mode(const struct ov5640_mode *mode);
bool ov5640_stream(bool on);
bool ov5640_mirror(bool on);
bool ov5640_flip(bool on);
bool ov5640_test_pattern(bool on);

#endif
