/* The M7's side of the log (shared/log.h). Lines wait until the M4 listens; log_thread
 * (cm7/threads.c) sends them. One that finds no room is dropped whole and counted, and the next
 * that fits says how many were. */
#ifndef CAMERA_LOG_H
#define CAMERA_LOG_H

/* From tx_application_define, before the first line. */
void log_open(void);

#endif
