// Sessions: who is there, since when, and what happens when it is another one. docs/ipc-wire.md gives
// the order of the steps.
#include "rpmsg_private.h"

void rpmsg_kick(struct duet_rpmsg *rpmsg)
{
    const struct duet_rpmsg_config *config = rpmsg->config;

    DUET_STEP();
    if (config->notify)
        duet_notify_raise(config->notify, config->line);
    else
        config->memory.port->notify(config->memory.port);
}

void rpmsg_leave_session(struct duet_rpmsg *rpmsg)
{
    struct rpmsg_card *mine = rpmsg_card(rpmsg, rpmsg->config->role->is_host);

    rpmsg->is_up = 0;
    rpmsg->arrivals = 0;
    if (rpmsg->config->role->is_host)
        rpmsg_table_status(rpmsg->config, 0);
    if (!rpmsg->config->sessions)
        return;
    rpmsg->epoch++;
    if (rpmsg->epoch == 0)
        rpmsg->epoch = 1;
    rpmsg_write_word(&mine->seen, 0);
    rpmsg_write_word(&mine->epoch, rpmsg->epoch);
    rpmsg_write_word(&mine->magic, RPMSG_CARD_MAGIC);
    rpmsg_kick(rpmsg);
}

void rpmsg_enter_session(struct duet_rpmsg *rpmsg)
{
    for (struct duet_endpoint *e = rpmsg->endpoints; e; e = e->next) {
        e->peer = e->fixed_peer;
        e->announced = 0;
    }
    rpmsg->announce_due = 1;
    rpmsg->is_up = 1;
    virtqueue_ask(&rpmsg->out, 0);
}

int rpmsg_step_session(struct duet_rpmsg *rpmsg)
{
    const struct duet_rpmsg_role *role = rpmsg->config->role;
    const struct rpmsg_card *theirs = rpmsg_card(rpmsg, !role->is_host);

    if (!rpmsg->config->sessions) {
        role->plain(rpmsg);
    } else if (shared_load(&theirs->magic) == RPMSG_CARD_MAGIC) {
        uint32_t epoch = shared_load(&theirs->epoch);
        uint32_t seen = shared_load(&theirs->seen);
        uint32_t before = rpmsg->is_up;

        duet_fence();
        role->session(rpmsg, epoch, seen);
        if (before && epoch != rpmsg->told_epoch)
            rpmsg->tell = 1;
        rpmsg->told_epoch = epoch;
    }
    if (rpmsg->tell) {
        rpmsg->tell = 0;
        return DUET_RESTARTED;
    }
    return rpmsg->is_up ? DUET_OK : DUET_DOWN;
}

int duet_rpmsg_is_up(const struct duet_rpmsg *rpmsg)
{
    return (int)rpmsg->is_up;
}

void rpmsg_refuse(struct duet_rpmsg *rpmsg, struct duet_virtqueue *queue)
{
    rpmsg->refused++;
    if (rpmsg->config->sessions) {
        rpmsg->tell = 1;
        rpmsg_leave_session(rpmsg);
    } else {
        virtqueue_skip(queue);
    }
}

int duet_rpmsg_open(struct duet_rpmsg *rpmsg, const struct duet_rpmsg_config *config)
{
    if (config->memory.policy != DUET_NON_CACHEABLE ||
        ((uintptr_t)config->table | (uintptr_t)config->shared) % 4 != 0)
        return DUET_INVALID;
    rpmsg->config = config;
    rpmsg->endpoints = NULL;
    rpmsg->next_address = DUET_RPMSG_DYNAMIC;
    rpmsg->peer_epoch = rpmsg->told_epoch = rpmsg->session = 0;
    rpmsg->tell = rpmsg->refused = 0;
    rpmsg->in_callback = 0;
    rpmsg->their_epoch =
        config->sessions ? &rpmsg_card(rpmsg, !config->role->is_host)->epoch : NULL;
    rpmsg->epoch = shared_load(&rpmsg_card(rpmsg, config->role->is_host)->epoch);
    rpmsg_leave_session(rpmsg);
    rpmsg_session(rpmsg);
    return DUET_OK;
}
