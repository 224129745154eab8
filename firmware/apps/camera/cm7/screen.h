/*
 * The panel: the camera's picture one to one on layer 1, the status column on layer 2. Thread context
 * but for the LTDC's handlers, which screen.c defines.
 */
#ifndef CAMERA_SCREEN_H
#define CAMERA_SCREEN_H

#include "shared/link.h"

#include <stdbool.h>

/* False: no panel answers; the rest of the system goes on without. */
bool screen_start(struct link *link, void (*wait_milliseconds)(uint32_t));
/* Takes the newest frame, if there is one and the one before is on the panel. */
void screen_service(void);
/* Fills in frames, drops and frames_per_second_x10 (since the last call). */
void screen_figures(struct link_figures *figures);
void screen_draw_status(const struct link_figures *own, const volatile struct link_figures *m4);

#endif
