/* The M7's log: lines that the M4's console prints. Thread context. A line that finds no room is
 * dropped whole and counted; the next one that fits says how many were. */
#ifndef CAMERA_LOG_H
#define CAMERA_LOG_H

#include "shared/link.h"

void log_start(struct link *link);
void log_line(const char *text);
void log_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
