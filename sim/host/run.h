/* `duet run`. */
#ifndef SIM_HOST_RUN_H
#define SIM_HOST_RUN_H

#include "sim/host/options.h"

enum run_status { RUN_ENDED = 0, RUN_WRONG = 2, RUN_GUEST_FAILED = 3 };

/* Runs the board as the options say; returns the program's exit status. */
int run(const struct options *options);

#endif
