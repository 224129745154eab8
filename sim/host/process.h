/* A program of the host whose output is read: ffmpeg and ffprobe. */
#ifndef SIM_HOST_PROCESS_H
#define SIM_HOST_PROCESS_H

#include "sim/host/failure.h"

#include <stdio.h>
#include <sys/types.h>

struct process {
    pid_t pid;
    FILE *output; /* its standard output */
    int errors;   /* what it wrote to standard error, a file in memory */
};

/* argv ends with NULL; argv[0] is looked for in PATH. No shell is involved. */
bool process_start(struct process *process, const char *const argv[], struct failure *failure);
/* The last line of its standard error; "" if there is none. */
void process_last_error(const struct process *process, char *text, size_t size);
/* Waits until it has ended by itself; its exit status, -1: by a signal. */
int process_wait(struct process *process);
void process_end(struct process *process); /* ends it if it still runs; safe on a zeroed one */

#endif
