/*
 * The camera: sensor, capture and the frames' way to the M7. Thread context but where it says so.
 */
#ifndef CAMERA_CAPTURE_H
#define CAMERA_CAPTURE_H

#include "drivers/dcmi.h"
#include "shared/link.h"

#include <stdbool.h>
#include <stdint.h>

/* Wakes the sensor and starts with 640x480 at 30 frames a second; a sensor that does not answer is
 * said on the console. The interrupts of DCMI and MDMA may be enabled afterwards. */
void capture_start(struct link *link, void (*wait_milliseconds)(uint32_t));
/* Call now and then: starts the flow once the M7 has opened its end, and again after it restarted. */
void capture_service(void);

/* False: no such mode, or the sensor refused; what runs goes on. */
bool capture_set_mode(unsigned width, unsigned height, unsigned frames_per_second);
bool capture_set_mirror(bool on);
bool capture_set_flip(bool on);
bool capture_set_test_pattern(bool on);

/* Fills in frames, drops and frames_per_second_x10 (since the last call). */
void capture_figures(struct link_figures *figures);

#endif
