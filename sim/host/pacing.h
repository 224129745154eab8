/* How board time follows the person's: as fast as a board or as it goes, held, or a step at a time. None
 * of it changes the run. */
#ifndef SIM_HOST_PACING_H
#define SIM_HOST_PACING_H

#include "sim/core/event.h"

#include <stdbool.h>

struct pacing {
    bool real; /* as fast as a board; else as it goes */
    bool held;
    sim_time hold_at; /* SIM_NEVER: nowhere */
    double wall;      /* board time `board` was due at wall time `wall` */
    sim_time board;
};

void pacing_start(struct pacing *pacing, bool real, double wall);
void pacing_hold(struct pacing *pacing);
void pacing_go(struct pacing *pacing);
/* On by this much from `now`, and held there. */
void pacing_step(struct pacing *pacing, sim_time now, sim_time step);
bool pacing_holds(struct pacing *pacing, sim_time now);
/* Sleeps while the board is ahead of the person. */
void pacing_keep(struct pacing *pacing, sim_time now, double wall);

#endif
