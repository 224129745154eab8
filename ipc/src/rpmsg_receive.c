// From the peer to its endpoint: the most urgent first.
#include "rpmsg_private.h"

DUET_HOT void give_in(struct duet_rpmsg *rpmsg, uint32_t id)
{
    virtqueue_give(&rpmsg->in, id);
    rpmsg->kick_due = 1;
}

static void arrive(struct duet_rpmsg *rpmsg, uint32_t id)
{
    const struct rpmsg_header *header = (void *)rpmsg->in.at[id];
    struct duet_rpmsg_arrival *arrival = &rpmsg->arrival[rpmsg->arrivals];
    uint32_t destination = shared_load(&header->destination);
    uint32_t length = shared_load(&header->length_flags) & 0xFFFF;

    arrival->source = shared_load(&header->source);
    arrival->length = (uint16_t)length;
    arrival->id = (uint16_t)id;
    arrival->endpoint = rpmsg_find(rpmsg, destination);
    if (length > rpmsg->in.length[id] - DUET_RPMSG_HEADER) {
        rpmsg->refused++;
    } else if (destination == DUET_RPMSG_NAME_SERVER) {
        rpmsg_name_service(rpmsg, header + 1, length);
    } else if (arrival->endpoint) {
        rpmsg->arrivals++;
        return;
    } else {
        rpmsg->refused++;
    }
    give_in(rpmsg, id);
}

static void collect(struct duet_rpmsg *rpmsg)
{
    uint32_t waiting = virtqueue_waiting(&rpmsg->in);

    while (waiting > 0 && rpmsg->arrivals < DUET_RPMSG_BUFFERS) {
        int id = virtqueue_take(&rpmsg->in, rpmsg->config, waiting, BUFFER_ARRIVED);

        if (id >= 0) {
            arrive(rpmsg, (uint32_t)id);
            waiting--;
        } else {
            rpmsg_refuse(rpmsg, &rpmsg->in);
            waiting = rpmsg->is_up ? virtqueue_waiting(&rpmsg->in) : 0;
        }
    }
}

DUET_HOT struct duet_rpmsg_arrival remove_arrival(struct duet_rpmsg *rpmsg, uint32_t at)
{
    struct duet_rpmsg_arrival arrival = rpmsg->arrival[at];

    rpmsg->arrivals--;
    for (; at < rpmsg->arrivals; at++)
        rpmsg->arrival[at] = rpmsg->arrival[at + 1];
    return arrival;
}

void rpmsg_pass_over(const struct duet_endpoint *endpoint)
{
    struct duet_rpmsg *rpmsg = endpoint->rpmsg;

    for (uint32_t i = rpmsg->arrivals; i-- > 0;)
        if (rpmsg->arrival[i].endpoint == endpoint)
            give_in(rpmsg, remove_arrival(rpmsg, i).id);
}

// The first of those for the most urgent endpoint.
static uint32_t most_urgent(const struct duet_rpmsg *rpmsg)
{
    uint32_t best = 0;

    for (uint32_t i = 1; i < rpmsg->arrivals; i++)
        if (rpmsg->arrival[i].endpoint->priority < rpmsg->arrival[best].endpoint->priority)
            best = i;
    return best;
}

DUET_COLD void observe(struct duet_rpmsg *rpmsg, uint32_t id, uint32_t length)
{
    const struct rpmsg_header *header = (void *)rpmsg->in.at[id];

    rpmsg->config->observer(rpmsg, length, shared_load(&header->stamp), 0);
}

DUET_HOT void deliver(struct duet_rpmsg *rpmsg, struct duet_rpmsg_arrival arrival)
{
    struct duet_endpoint *endpoint = arrival.endpoint;
    uint32_t epoch = rpmsg->epoch, peer_epoch = rpmsg->told_epoch;

    if (endpoint->peer == DUET_RPMSG_ANY)
        endpoint->peer = arrival.source;
    if (rpmsg->config->observer)
        observe(rpmsg, arrival.id, arrival.length);
    rpmsg->in.state[arrival.id] = BUFFER_LENT;
    rpmsg->hold = 0;
    rpmsg->in_callback = 1;
    endpoint->callback(endpoint, rpmsg->in.at[arrival.id] + DUET_RPMSG_HEADER, arrival.length,
                       arrival.source);
    rpmsg->in_callback = 0;
    if (!rpmsg->hold && rpmsg->is_up && epoch == rpmsg->epoch && peer_epoch == rpmsg->told_epoch &&
        rpmsg->in.state[arrival.id] == BUFFER_LENT)
        give_in(rpmsg, arrival.id);
}

// The most urgent of what is there, and what came meanwhile, until there is no more. Of what comes after
// the last look the peer tells anew.
DUET_HOT int serve(struct duet_rpmsg *rpmsg)
{
    int served = 0;

    for (uint32_t bound = 2 * DUET_RPMSG_BUFFERS; bound > 0 && rpmsg->is_up; bound--) {
        collect(rpmsg);
        if (rpmsg->arrivals == 0 || !rpmsg->is_up)
            break;
        deliver(rpmsg, remove_arrival(rpmsg, most_urgent(rpmsg)));
        served++;
        if (rpmsg->arrivals == 0)
            break;
    }
    return served;
}

int duet_rpmsg_poll(struct duet_rpmsg *rpmsg)
{
    int status = rpmsg_session(rpmsg);

    if (status != DUET_OK)
        return status;
    if (rpmsg->announce_due)
        rpmsg_announce_all(rpmsg);
    status = serve(rpmsg);
    if (rpmsg->kick_due && rpmsg->is_up)
        rpmsg_kick_for(rpmsg, &rpmsg->in);
    rpmsg->kick_due = 0;
    return status;
}

void duet_rpmsg_hold(struct duet_endpoint *endpoint)
{
    endpoint->rpmsg->hold = 1;
}

int duet_rpmsg_release(struct duet_endpoint *endpoint, void *data)
{
    struct duet_rpmsg *rpmsg = endpoint->rpmsg;
    int id = rpmsg_session(rpmsg) == DUET_OK ? virtqueue_lent(&rpmsg->in, data) : -1;

    if (id < 0)
        return DUET_INVALID;
    virtqueue_give(&rpmsg->in, (uint32_t)id);
    rpmsg_kick_for(rpmsg, &rpmsg->in);
    return DUET_OK;
}
