/*
 * The hand of a person at the live page. A touch of a finger and a press of a button last a while of
 * board time, and so does the time until the next one, however slowly the board runs: a short click would
 * be over before the board has looked.
 */
#ifndef SIM_HOST_HAND_H
#define SIM_HOST_HAND_H

#include "sim/host/input.h"

enum { HAND_PARTS = 8, HAND_QUEUE = 128 }; /* two fingers and six buttons */

struct hand {
    struct {
        bool down;
        sim_time since;
        char button[8];
    } parts[HAND_PARTS];
    struct action queue[HAND_QUEUE]; /* in order */
    size_t first, count;
};

/* Whether the hand does it: touch, lift, press and release. */
bool hand_does(const struct action *action);
/* Later, in the order of these calls. Takes such an action, which has nothing to be freed. */
void hand_put(struct hand *hand, const struct action *action);
/* What it does now, one at each call. False: nothing. */
bool hand_next(struct hand *hand, sim_time now, struct action *action);

#endif
