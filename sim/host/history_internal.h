/* What the files of the history share. */
#ifndef SIM_HOST_HISTORY_INTERNAL_H
#define SIM_HOST_HISTORY_INTERNAL_H

#include "sim/host/history.h"

#include <sys/types.h>

enum { CHECKPOINTS = 40, DYING = 64, DESCRIPTORS = 4 };

struct checkpoint { /* a process that sleeps */
    pid_t pid;
    int channel; /* to it */
    sim_time time;
    struct machine_position at;
};

struct shared { /* between the present and its visitor */
    struct history_goal goal;
    struct deed_place present;
    sim_time until; /* not later than this the visitor is where it goes */
    enum history_outcome outcome;
};

struct history {
    struct hands hands;
    struct machine *machine;
    struct history_host host;
    struct camera_log *camera;
    struct shared *shared;
    struct deed_log *log;
    uint64_t meeting; /* odd: between history_met() and history_meet() */
    sim_time last;    /* of the last checkpoint */
    /* the present's */
    struct checkpoint checkpoints[CHECKPOINTS + 1]; /* in the order of their places */
    unsigned count;
    pid_t dying[DYING];
    unsigned dying_count;
    unsigned start; /* of the visit */
    int channel;    /* to the visitor; the visitor's to the present; < 0: there is none */
    /* the visitor's */
    bool past;
    bool staying; /* it has been to its goal */
    bool trial;   /* it has gone another way, from: */
    struct machine_position tried_at;
    size_t cursor; /* in the log: what is next */
};

struct deed_place history_place(const struct history *history);

/* checkpoint.c */
void checkpoint_make(struct history *history);
/* Puts it into the list; one that is the least missed goes if there are too many. */
void checkpoint_add(struct history *history, const struct checkpoint *checkpoint);
void checkpoint_drop(struct history *history, unsigned index);
/* Those that were dropped, as far as they have ended. */
void checkpoints_bury(struct history *history);
/* Wakes a copy of it, and gives it the visitor's end of a channel and the descriptors. */
bool checkpoint_wake(const struct checkpoint *checkpoint, int channel, const int *descriptors,
                     unsigned count);
/* One that the visitor made. False: the visitor is gone. */
bool checkpoint_receive(struct history *history);

#endif
