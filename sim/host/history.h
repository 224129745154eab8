/*
 * The board's past, for a debugger that goes back in time. Checkpoints are copies of this process
 * (fork(), so that memory is shared until it is written), asleep. To look at a place in the past, a
 * copy of the checkpoint before it wakes up and runs the board on from there, as the same run to the
 * bit: it is the visitor. What came from outside comes from a log, and what it writes goes nowhere.
 * The process that runs the board, the present, stands still meanwhile.
 *
 * One thread calls all of this: that of the simulation.
 */
#ifndef SIM_HOST_HISTORY_H
#define SIM_HOST_HISTORY_H

#include "sim/host/camera_log.h"
#include "sim/host/deed.h"
#include "sim/host/failure.h"

struct history;

struct history_host {
    void *ctx;
    /* This process is a visitor of the past from now on: it has one thread, and all files that it had
     * open lead nowhere. */
    void (*depart)(void *ctx);
};

struct history *history_create(const struct hands *hands, const struct history_host *host,
                               struct camera_log *camera, struct failure *failure);
void history_destroy(struct history *history); /* the checkpoints end; NULL: no-op */

/* --- The present --- */

/* Whether there is any; it begins with a checkpoint at any place of the run. */
bool history_recorded(const struct history *history);
/* Keeps the present place. It comes back a second time, in another process, when this place is where a
 * visit starts: then history_is_past() is true. */
void history_checkpoint(struct history *history);
void history_forget(struct history *history); /* all of it */

/* Around what happens between two runs of the board: the first does what was done there, in the past;
 * the second makes checkpoints. */
void history_meet(struct history *history);
void history_met(struct history *history);
/* Does something to the board, and remembers it. False: see deed_do(). In the past it is a trial: from
 * here on the board goes another way, on which nothing comes from outside and which ends nowhere. */
bool history_do(struct history *history, const struct deed *deed, struct failure *failure);
/* machine_run(), in the past up to what history_meet() or a visit's goal wants. */
enum machine_stop history_run(struct history *history, sim_time until);

/* --- Visits --- */

struct history_goal {
    enum {
        HISTORY_COUNT,  /* where the core had retired this many instructions */
        HISTORY_PLACE,  /* this place */
        HISTORY_SEARCH, /* what is before this place is looked through */
        HISTORY_START,  /* where it all begins */
    } kind;
    enum soc_core core;
    uint64_t count;
    struct machine_position place;
};

enum history_outcome {
    HISTORY_AWAY,    /* the visit goes on */
    HISTORY_LOST,    /* the visitor came to grief */
    HISTORY_PRESENT, /* it has reached the present */
    HISTORY_LEFT,    /* nobody looks any more */
    HISTORY_BACK,    /* it is to go further back */
    HISTORY_FOUND,
    HISTORY_NOTHING, /* of a search */
};

/* Sends a visitor with copies of the descriptors (at most 4). HISTORY_COUNT starts at a checkpoint
 * where the core has not come to the count, HISTORY_PLACE and HISTORY_SEARCH at the last one before the
 * place. False: there is none. */
bool history_visit(struct history *history, const struct history_goal *goal, const int *descriptors,
                   unsigned count);
/* Waits a little (20 ms at most) for the visitor. */
enum history_outcome history_wait(struct history *history);
/* Of the visit's start, which is where a search that found nothing is to end next. */
struct machine_position history_start(const struct history *history);

/* --- For the visitor --- */

bool history_is_past(const struct history *history);
struct history_goal history_goal(const struct history *history);
/* The goal of the visit is where the board is. */
bool history_is_there(const struct history *history);
/* From there on it goes on up to the present. */
void history_stay(struct history *history);
bool history_is_trial(const struct history *history);
/* The board's place, of a trial the one where it began. */
struct machine_position history_here(const struct history *history);
bool history_is_staying(const struct history *history);
bool history_is_present(const struct history *history);
/* Does what the log says was done at this place. */
void history_redo(struct history *history);
_Noreturn void history_leave(struct history *history, enum history_outcome outcome);

#endif
