/*
 * The camera: sensor, capture and the frames' way to the M7. camera_thread (cm4/threads.c) wakes
 * the sensor, starts with 640x480 at 30 frames a second once the M7 has opened its end, and starts
 * the flow again where it stopped. The frames themselves pass by in the MDMA's interrupt.
 */
#ifndef CAMERA_CAMERA_H
#define CAMERA_CAMERA_H

#include "shared/link.h"

#include <stdbool.h>
#include <stdint.h>

/* From tx_application_define. */
void camera_open(void);

/* I2C4 is the sensor's and others': who talks to it has the bus meanwhile. Threads. */
void camera_take_bus(void);
void camera_give_bus(void);

struct camera_state {
    unsigned width, height, frames_per_second;
    bool mirror, flip, pattern;
    bool sensor_works;
};
/* From any thread. */
void camera_get_state(struct camera_state *state);

/* From any thread. */
bool camera_has_mode(unsigned width, unsigned height, unsigned frames_per_second);
/* From any thread. False: no such mode, or the sensor refused; what runs goes on. */
bool camera_set_mode(unsigned width, unsigned height, unsigned frames_per_second);
bool camera_set_mirror(bool on);
bool camera_set_flip(bool on);
bool camera_set_test_pattern(bool on);

/* On: no frames come, until it is off again. Another sends frames meanwhile. Any thread. */
void camera_hold(bool on);

/* Fills in frames, drops and frames_per_second_x10 (since the last call). One thread. */
void camera_figures(struct link_figures *figures);

#endif
