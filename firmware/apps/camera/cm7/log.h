/* The M7's log: lines that the M4's console prints. Thread context. Lines wait until the M4 listens;
 * one that finds no room is dropped whole and counted, and the next that fits says how many were. */
#ifndef CAMERA_LOG_H
#define CAMERA_LOG_H

#include "shared/link.h"

void log_line(const char *text);
void log_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Sends what waits, as far as there is room. */
void log_service(struct link *link);

#endif
