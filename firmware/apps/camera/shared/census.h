/*
 * What a core's threads do, counted once a second by its status thread and put on the core's card
 * in the shared map, where the shell reads both.
 */
#ifndef CAMERA_CENSUS_H
#define CAMERA_CENSUS_H

#include "shared/link.h"

/* Fills this core's card; passed_cycles: of its clock, since the last call. One thread. */
void census_take(uint64_t passed_cycles);

/* A thread's state in a word. */
const char *census_state(unsigned state);

#endif
