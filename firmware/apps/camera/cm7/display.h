/*
 * The panel: the camera's picture one to one on layer 1, what the status column or a user interface
 * draws on layer 2 over it. display_thread (cm7/threads.c) starts the panel and gives the LTDC each
 * frame's address, at the vertical blank.
 */
#ifndef CAMERA_DISPLAY_H
#define CAMERA_DISPLAY_H

#include "drivers/ltdc.h"
#include "shared/link.h"

#include <stdbool.h>

enum { PANEL_WIDTH = 800, PANEL_HEIGHT = 480 };
enum { VIEW_WIDTH = 640 }; /* the camera's picture at its usual size; the rest is the column's */

/* Memory for layer 2, behind the camera's frames; no CPU touches it. */
#define DISPLAY_OVERLAY_MEMORY ((uint8_t *)(LINK_FRAMES + (1u << LINK_FRAMES_SIZE_LOG2)))

/* From tx_application_define. `overlay_is_free` is called each time that display_overlay() would take
 * a layer again; from display_thread. */
void display_open(void (*overlay_is_free)(void));
/* Handler of LINE_FRAMES. */
void display_frame_came(void *unused, uint32_t line);

/* Puts the layer on the panel from the next vertical blank on. False: there is no panel (yet),
 * or the one before is not on it yet, and stays. While a layer is shown its pixels may not be
 * drawn upon. One thread. */
bool display_overlay(const struct ltdc_layer *layer);
/* True: display_overlay() would take one, and only the last one's pixels are in use. */
bool display_overlay_is_free(void);

/* Fills in frames, drops, underruns and frames_per_second_x10 (since the last call). One thread. */
void display_figures(struct link_figures *figures);

#endif
