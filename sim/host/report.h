/* `duet report`: what a timeline of --trace comes to, in numbers. */
#ifndef SIM_HOST_REPORT_H
#define SIM_HOST_REPORT_H

#include "sim/host/failure.h"

#include <stdio.h>

/* Interrupts of each core (count, latency, duration), notifications of each direction (time to the
 * handler), load of each core by the second. False: the file is no trace of ours. */
bool report_print(FILE *to, const char *path, struct failure *failure);

#endif
