/*
 * A fault: what it was stands in the shared map, the red LED goes on, and the thread that caused it
 * ends while the others go on. A fault in a handler stops the core; the other still reads the map.
 */
#ifndef CAMERA_FAULT_H
#define CAMERA_FAULT_H

#include "shared/link.h"

/* What the core `which` wrote about a fault since the last call; NULL: nothing new. Threads,
 * one. */
const char *fault_news(enum core which);

/* Each core's own: the last words before it stops. From the fault handler. */
void fault_last_words(const char *text);

#endif
