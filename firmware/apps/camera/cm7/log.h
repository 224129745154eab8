/*
 * The M7's log: lines that the M4's console prints. Any thread, and tx_application_define. log_thread
 * (cm7/threads.c) sends them; until the M4 listens they wait. One that finds no room is dropped whole
 * and counted, and the next that fits says how many were.
 */
#ifndef CAMERA_LOG_H
#define CAMERA_LOG_H

/* From tx_application_define, before the first line. */
void log_open(void);
/* At most 109 characters; the rest is cut off. */
void log_line(const char *text);
void log_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
