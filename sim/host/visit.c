/* Visits of the past, as the present sends them. */
#include "sim/host/history_internal.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static bool precedes(const struct checkpoint *checkpoint, const struct history_goal *goal)
{
    if (goal->kind == HISTORY_COUNT)
        return checkpoint->at.instructions[goal->core] < goal->count;
    return machine_position_compare(&checkpoint->at, &goal->place) < 0;
}

/* The last checkpoint that precedes the goal, or is where all begins and the goal, too. */
static bool find_start(struct history *history, const struct history_goal *goal)
{
    unsigned index = history->count;
    if (goal->kind == HISTORY_START)
        index = history->count ? 1 : 0;
    else
        while (index && !precedes(&history->checkpoints[index - 1], goal))
            index--;
    const struct checkpoint *first = history->checkpoints;
    if (!index && goal->kind == HISTORY_COUNT && history->count &&
        first->at.instructions[goal->core] == goal->count)
        index = 1; /* it is the very beginning */
    history->start = index - 1;
    return index;
}

static sim_time time_of_next(const struct history *history)
{
    bool last = history->start + 1 == history->count;
    return last ? machine_time(history->machine) : history->checkpoints[history->start + 1].time;
}

bool history_visit(struct history *history, const struct history_goal *goal, const int *descriptors,
                   unsigned count)
{
    int ends[2];
    if (!find_start(history, goal) ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    history->shared->goal = *goal;
    history->shared->present = history_place(history);
    history->shared->until = time_of_next(history);
    history->shared->outcome = HISTORY_LOST;
    history->channel = ends[0];
    checkpoint_wake(&history->checkpoints[history->start], ends[1], descriptors, count);
    close(ends[1]);
    return true;
}

enum history_outcome history_wait(struct history *history)
{
    struct pollfd ready = {.fd = history->channel, .events = POLLIN};
    checkpoints_bury(history);
    while (poll(&ready, 1, 20) > 0) {
        if (checkpoint_receive(history))
            continue;
        close(history->channel);
        history->channel = -1;
        return history->shared->outcome;
    }
    return HISTORY_AWAY;
}

struct machine_position history_start(const struct history *history)
{
    return history->checkpoints[history->start].at;
}
