/*
 * The console on USART1: a status line a second, the M7's log lines, and a few commands. Thread
 * context. What does not fit the transmit buffer is dropped by whole texts and counted.
 */
#ifndef CAMERA_CONSOLE_H
#define CAMERA_CONSOLE_H

#include "shared/link.h"

void console_start(struct link *link);
void console_print(const char *text);
/* Reads what was typed and what the M7 has logged. */
void console_service(void);
void console_status(const struct link_figures *own, const volatile struct link_figures *peer);

#endif
