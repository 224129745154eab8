/* Files of the program's own, in a folder in TMPDIR, for what has no place of the person's. The folder goes
 * when the program exits; of a program that was killed it stays until the next one sweeps. From any thread. */
#ifndef SIM_HOST_SCRATCH_H
#define SIM_HOST_SCRATCH_H

#include "sim/host/failure.h"

#include <stddef.h>

enum { SCRATCH_PATH_MAX = 4096, SCRATCH_NAME_MAX = 64 };

/* A new, empty file, open for reading and writing; its path holds `name`, as far as that may be in one.
 * The caller closes and unlinks it. -1: see the failure. */
int scratch_create(const char *name, char path[SCRATCH_PATH_MAX], struct failure *failure);
/* Removes what programs that run no longer have left in TMPDIR. */
void scratch_sweep(void);
/* Takes out of a text what scratch_create() put before the names that it was given. */
void scratch_take_out(char *text);
/* What a person calls a file: the last part of its path, for one of scratch_create() the name that it
 * got there. A part of `path`. */
const char *scratch_name(const char *path);

#endif
