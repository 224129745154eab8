/*
 * status_thread (cm4/threads.c): once a second the figures of this core, told to the other, and
 * what faults either core has had.
 */
#ifndef CAMERA_STATUS_H
#define CAMERA_STATUS_H

#include <stdbool.h>

/* The last second's figures of both cores, on the console. Threads. */
void status_print(void);
/* Whether the thread does that every second; at start it does not. Any thread. */
void status_repeat(bool on);

#endif
