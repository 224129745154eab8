/*
 * The user interface on the panel (cm7/screens.h): what a pass wants to be seen is drawn where it differs
 * from what is seen. ui_thread (cm7/threads.c) hears of touches and of the stick from the M4.
 */
#ifndef CAMERA_UI_H
#define CAMERA_UI_H

#include "shared/link.h"

/* From tx_application_define. */
void ui_open(void);
/* Handler of LINE_PANEL. */
void ui_message_came(void *unused, uint32_t line);
/* The display takes the next picture of the column. Any context. */
void ui_overlay_is_free(void);
/* Something came of a job of cm7/remote.h. Any context. */
void ui_remote_changed(void);
/* This core's figures, once a second. One thread. */
void ui_show_figures(const struct link_figures *own);

#endif
