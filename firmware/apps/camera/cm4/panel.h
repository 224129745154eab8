/*
 * What the M4 tells the user interface on the M7 (shared/panel_link.h). Any thread.
 */
#ifndef CAMERA_PANEL_H
#define CAMERA_PANEL_H

#include "shared/panel_link.h"

#include <stdint.h>

/* From tx_application_define. */
void panel_open(void);
/* A message that finds no room is dropped: the M7 looks elsewhere, or does not run. */
void panel_tell(const void *message, uint32_t bytes);
/* On the panel and in the log. */
void panel_note(const char *text);

#endif
