/*
 * Settings of the camera as a file on the stick: lines of a word and a number. No kernel, no hardware.
 */
#ifndef CAMERA_KEEPSAKE_H
#define CAMERA_KEEPSAKE_H

#include "shared/panel_link.h"

#include <stdbool.h>

#define KEEPSAKE_PATH "DUET.CFG"
enum { KEEPSAKE_BYTES = 128, KEEPSAKE_SETTINGS = 4 };

/* How many bytes. */
uint32_t keepsake_write(char text[KEEPSAKE_BYTES], const struct panel_camera *camera);
/* What `text` says; of what it does not say *camera keeps its own. False: it is no such file, and
 * nothing has changed. */
bool keepsake_read(const char *text, uint32_t bytes, struct panel_camera *camera);
/* What has to be asked for to bring the camera from `now` to `wanted`: how many. */
uint32_t keepsake_asks(const struct panel_camera *now, const struct panel_camera *wanted,
                       uint8_t asks[KEEPSAKE_SETTINGS]);

#endif
