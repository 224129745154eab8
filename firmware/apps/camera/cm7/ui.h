/*
 * The user interface beside the camera's picture: figures, the stick, three buttons, what was said last.
 * ui_thread (cm7/threads.c) draws it and hears of touches and of the stick from the M4.
 */
#ifndef CAMERA_UI_H
#define CAMERA_UI_H

#include "shared/link.h"

/* From tx_application_define. */
void ui_open(void);
/* Handler of LINE_PANEL. */
void ui_message_came(void *unused, uint32_t line);
/* This core's figures, once a second. One thread. */
void ui_show_figures(const struct link_figures *own);

#endif
