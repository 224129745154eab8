#include "sim/host/history_internal.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

/* While the board runs; a visitor adds some near the place it goes to. */
static const sim_time interval = 100 * SIM_MS;
static const sim_time least_interval = SIM_MS;

struct history *history_create(const struct hands *hands, const struct history_host *host,
                               struct camera_log *camera, struct failure *failure)
{
    struct history *history = calloc(1, sizeof *history);
    if (!history) {
        failed(failure, "out of memory");
        return NULL;
    }
    *history = (struct history){
        .hands = *hands, .machine = hands->machine, .host = *host, .camera = camera, .channel = -1};
    void *shared = mmap(NULL, sizeof *history->shared, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    history->shared = shared == MAP_FAILED ? NULL : shared;
    history->log = deed_log_create();
    if (history->shared && history->log)
        return history;
    history_destroy(history);
    failed(failure, "out of memory");
    return NULL;
}

void history_destroy(struct history *history)
{
    if (!history)
        return;
    history_forget(history);
    if (history->channel >= 0)
        close(history->channel);
    if (history->shared)
        munmap(history->shared, sizeof *history->shared);
    deed_log_destroy(history->log);
    free(history);
}

bool history_recorded(const struct history *history)
{
    return history->count;
}

bool history_is_past(const struct history *history)
{
    return history->past;
}

struct deed_place history_place(const struct history *history)
{
    return (struct deed_place){history->meeting, machine_position(history->machine)};
}

/* --- Recording --- */

void history_forget(struct history *history)
{
    while (history->count)
        checkpoint_drop(history, history->count - 1);
    deed_log_empty(history->log);
}

void history_checkpoint(struct history *history)
{
    if (!history->past && !history->count)
        prctl(PR_SET_CHILD_SUBREAPER, 1); /* of the checkpoints that visitors make */
    history->last = machine_time(history->machine);
    history->cursor = deed_log_end(history->log);
    checkpoint_make(history);
}

/* What a visitor leaves behind comes closer and closer to where it goes. */
static bool checkpoint_is_due(const struct history *history)
{
    sim_time now = machine_time(history->machine), since = now - history->last;
    if (!history->past)
        return history->count && since >= interval;
    if (history->staying || since < least_interval)
        return false;
    sim_time until = history->shared->until;
    return until > now && since >= (until - history->last) / 3;
}

/* Without the pictures of its time a checkpoint is of no use. */
static void drop_blind(struct history *history)
{
    while (history->camera && history->count &&
           history->checkpoints[0].time < camera_log_since(history->camera))
        checkpoint_drop(history, 0);
}

void history_met(struct history *history)
{
    if (!history->past)
        drop_blind(history);
    checkpoints_bury(history);
    history->meeting++;
    if (checkpoint_is_due(history))
        history_checkpoint(history);
}

bool history_do(struct history *history, const struct deed *deed, struct failure *failure)
{
    struct deed_place place = history_place(history);
    if (history->past) {
        history->tried_at = history_here(history);
        history->trial = true;
        return deed_do(deed, &history->hands, failure);
    }
    bool done = deed_do(deed, &history->hands, failure);
    if (history->count && !deed_log_add(history->log, deed, &place))
        history_forget(history);
    return done;
}

/* --- In the past --- */

static bool is_here(const struct history *history, const struct deed_place *place)
{
    struct machine_position here = machine_position(history->machine);
    return place->meeting == history->meeting && machine_position_compare(&place->at, &here) == 0;
}

/* The present has ended: nobody waits for what the visitor finds. */
static bool is_forsaken(const struct history *history)
{
    struct pollfd present = {.fd = history->channel, .events = POLLIN};
    return poll(&present, 1, 0) > 0;
}

void history_redo(struct history *history)
{
    const struct deed_place *next;
    struct failure ignored;
    if (is_forsaken(history))
        _exit(0);
    if (history->trial)
        return;
    while ((next = deed_log_look(history->log, history->cursor)) && is_here(history, next)) {
        struct deed deed = deed_log_take(history->log, &history->cursor);
        deed_do(&deed, &history->hands, &ignored); /* it failed then too */
    }
}

void history_meet(struct history *history)
{
    history->meeting++;
    if (history->past)
        history_redo(history);
}

static void sooner(struct machine_position *to, const struct machine_position *other)
{
    if (machine_position_compare(other, to) < 0)
        *to = *other;
}

enum machine_stop history_run(struct history *history, sim_time until)
{
    if (!history->past)
        return machine_run(history->machine, until);
    if (history->trial)
        return machine_run(history->machine, until);
    const struct shared *shared = history->shared;
    const struct deed_place *deed = deed_log_look(history->log, history->cursor);
    struct machine_position to = shared->present.at;
    if (deed && deed->meeting == history->meeting)
        sooner(&to, &deed->at);
    if (!history->staying &&
        (shared->goal.kind == HISTORY_PLACE || shared->goal.kind == HISTORY_SEARCH))
        sooner(&to, &shared->goal.place);
    return machine_run_to(history->machine, until, &to);
}

struct history_goal history_goal(const struct history *history)
{
    return history->shared->goal;
}

static bool has_reached(const struct history *history, const struct machine_position *place)
{
    struct machine_position here = machine_position(history->machine);
    return machine_position_compare(&here, place) >= 0;
}

bool history_is_there(const struct history *history)
{
    const struct history_goal *goal = &history->shared->goal;
    struct machine_position here = machine_position(history->machine);
    switch (goal->kind) {
    case HISTORY_COUNT:
        return here.instructions[goal->core] >= goal->count;
    case HISTORY_START:
        return true;
    default:
        return has_reached(history, &goal->place);
    }
}

bool history_is_trial(const struct history *history)
{
    return history->trial;
}

struct machine_position history_here(const struct history *history)
{
    return history->trial ? history->tried_at : machine_position(history->machine);
}

void history_stay(struct history *history)
{
    history->staying = true;
}

bool history_is_staying(const struct history *history)
{
    return history->staying;
}

bool history_is_present(const struct history *history)
{
    const struct deed_place *present = &history->shared->present;
    return !history->trial && history->meeting >= present->meeting &&
           has_reached(history, &present->at) && !deed_log_look(history->log, history->cursor);
}

void history_leave(struct history *history, enum history_outcome outcome)
{
    history->shared->outcome = outcome;
    _exit(0);
}
