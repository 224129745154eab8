/*
 * A core's threads come from one table, cmN/threads.c: one thread an activity, its entry in the
 * file of the activity's name.
 */
#ifndef CAMERA_THREADS_H
#define CAMERA_THREADS_H

#include "tx_api.h"

#include <stdbool.h>

struct activity {
    const char *name;
    void (*entry)(ULONG unused);
    UINT priority; /* 0 is the first; kernel timers run at 0 */
    void *stack;
    ULONG stack_bytes;
};

enum { ACTIVITIES_MAX = 16 };

/* A row of the table with the entry NAME_thread and a stack of its own. */
#define ACTIVITY(thread, order, bytes)                                                             \
    {                                                                                              \
        .name = #thread, .entry = thread##_thread, .priority = (order),                            \
        .stack = (uint64_t[(bytes) / 8]){0}, .stack_bytes = (bytes),                               \
    }

extern const struct activity activities[];
extern const unsigned activity_count;

/* From tx_application_define: creates and starts them all. False: a row of the table is wrong. */
bool threads_create(void);

/* The first of them in the kernel's list of all threads. */
TX_THREAD *threads_first(void);

/* Sleeps to the end of a period that began at *due, and moves *due there; periods that were missed
 * altogether are left out. Threads. */
void sleep_out(ULONG *due, ULONG period);

/* As drivers want it: at least that long. Threads; tick and millisecond are one. */
void wait_milliseconds(uint32_t milliseconds);

#endif
