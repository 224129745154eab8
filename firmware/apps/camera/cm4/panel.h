/*
 * What the M4 tells the user interface on the M7 (shared/panel_link.h). Any thread.
 */
#ifndef CAMERA_PANEL_H
#define CAMERA_PANEL_H

#include "cm4/storage.h"
#include "shared/log.h"
#include "shared/panel_link.h"

/* From tx_application_define. */
void panel_open(void);
/* A message that finds no room is dropped: the M7 looks elsewhere, or does not run. */
void panel_tell(const void *message, uint32_t bytes);
/* A line of the panel's log. Before the kernel runs nothing is told. */
void panel_note(enum log_level level, const char *text);
/* What went wrong, to be read on the panel before going on. */
void panel_problem(enum storage_status status);

#endif
