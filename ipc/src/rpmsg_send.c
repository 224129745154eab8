// From the application to the peer: a buffer, its bytes, its header.
#include "copy_short.h"
#include "rpmsg_private.h"

// Driver: takes all that came back. How many a device can take; or DUET_CORRUPT.
DUET_HOT int look_for_buffers(struct duet_virtqueue *queue)
{
    uint32_t waiting = virtqueue_waiting(queue);

    if (!queue->is_driver)
        return (int)waiting;
    for (; waiting > 0; waiting--)
        if (virtqueue_take(queue, NULL, waiting, BUFFER_OURS) < 0)
            return DUET_CORRUPT;
    return 0;
}

DUET_HOT int take_out(struct duet_rpmsg *rpmsg, uint32_t priority)
{
    struct duet_virtqueue *queue = &rpmsg->out;
    uint32_t reserve = priority == 0 ? 0 : rpmsg->config->reserve;
    int waiting = queue->ours > reserve ? 0 : look_for_buffers(queue);

    if (waiting < 0)
        return waiting;
    if (queue->ours + (uint32_t)waiting <= reserve)
        return DUET_AGAIN;
    if (queue->ours == 0)
        return virtqueue_take(queue, rpmsg->config, (uint32_t)waiting, BUFFER_OURS);
    do
        queue->scan = (uint16_t)((queue->scan + 1u) & (queue->count - 1u));
    while (queue->state[queue->scan] != BUFFER_OURS);
    return queue->scan;
}

int rpmsg_wait_more(struct duet_rpmsg *rpmsg, uint32_t start, uint32_t timeout_us)
{
    const struct duet_rpmsg_config *config = rpmsg->config;
    const struct duet_port *port = config->memory.port;
    uint32_t elapsed = port->clock(port) - start;

    if (elapsed >= timeout_us)
        return 0;
    if (config->notify)
        duet_notify_wait(config->notify, 1u << config->line, timeout_us - elapsed);
    return 1;
}

// A sending buffer, lent: its number, DUET_AGAIN or DUET_RESTARTED.
static int try_to_borrow(struct duet_rpmsg *rpmsg, uint32_t priority)
{
    int status = rpmsg_session(rpmsg);
    int id = status == DUET_OK ? take_out(rpmsg, priority) : DUET_AGAIN;

    if (id >= 0)
        virtqueue_mark(&rpmsg->out, (uint32_t)id, BUFFER_LENT);
    if (id == DUET_CORRUPT)
        rpmsg_refuse(rpmsg, &rpmsg->out);
    return status == DUET_RESTARTED ? status : id < 0 ? DUET_AGAIN : id;
}

// The same with a bound. The peer rings for a buffer from the look that found none until one is here.
static int borrow(struct duet_rpmsg *rpmsg, uint32_t priority, uint32_t timeout_us)
{
    const struct duet_port *port = rpmsg->config->memory.port;
    int id = try_to_borrow(rpmsg, priority);
    uint32_t start;

    if (id != DUET_AGAIN || timeout_us == 0)
        return id == DUET_AGAIN ? DUET_TIMEOUT : id;
    start = port->clock(port);
    do {
        if (rpmsg->is_up)
            virtqueue_ask(&rpmsg->out, 1);
        id = try_to_borrow(rpmsg, priority);
    } while (id == DUET_AGAIN && rpmsg_wait_more(rpmsg, start, timeout_us));
    if (rpmsg->is_up)
        virtqueue_ask(&rpmsg->out, 0);
    return id == DUET_AGAIN ? DUET_TIMEOUT : id;
}

DUET_HOT void post(struct duet_rpmsg *rpmsg, int id, uint32_t source, uint32_t destination,
                   uint32_t length)
{
    struct rpmsg_header *header = (void *)rpmsg->out.at[id];
    duet_rpmsg_observer *observer = rpmsg->config->observer;

    shared_store(&header->source, source);
    shared_store(&header->destination, destination);
    shared_store(&header->stamp, observer && destination != DUET_RPMSG_NAME_SERVER
                                     ? observer(rpmsg, length, 0, 1)
                                     : 0);
    shared_store(&header->length_flags, length);
    virtqueue_give(&rpmsg->out, (uint32_t)id);
    rpmsg_kick_for(rpmsg, &rpmsg->out);
}

DUET_HOT int send_copy(struct duet_rpmsg *rpmsg, uint32_t source, uint32_t destination,
                       const void *data, uint32_t length, uint32_t priority, uint32_t timeout_us)
{
    int id = rpmsg_is_settled(rpmsg) ? take_out(rpmsg, priority) : DUET_AGAIN;

    if (id < 0) {
        id = borrow(rpmsg, priority, timeout_us);
        if (id < 0)
            return id;
    }
    if (length > rpmsg->out.length[id] - DUET_RPMSG_HEADER) {
        virtqueue_mark(&rpmsg->out, (uint32_t)id, BUFFER_OURS);
        return DUET_TOO_LARGE;
    }
    duet_copy_message_out(rpmsg->out.at[id] + DUET_RPMSG_HEADER, data, length);
    post(rpmsg, id, source, destination, length);
    return DUET_OK;
}

// Waits until the endpoint knows its peer. A caller inside a callback cannot learn it, and is not kept.
static int wait_for_peer(struct duet_endpoint *endpoint, uint32_t timeout_us)
{
    struct duet_rpmsg *rpmsg = endpoint->rpmsg;
    const struct duet_port *port = rpmsg->config->memory.port;
    uint32_t start;

    if (endpoint->peer != DUET_RPMSG_ANY)
        return DUET_OK;
    start = port->clock(port);
    while (endpoint->peer == DUET_RPMSG_ANY) {
        int status = rpmsg->in_callback ? DUET_DOWN : duet_rpmsg_poll(rpmsg);

        if (rpmsg->in_callback || status == DUET_RESTARTED)
            return status;
        if (endpoint->peer == DUET_RPMSG_ANY && !rpmsg_wait_more(rpmsg, start, timeout_us))
            return DUET_TIMEOUT;
    }
    return DUET_OK;
}

int rpmsg_send_from(struct duet_endpoint *endpoint, uint32_t peer, const void *data,
                    uint32_t length, uint32_t priority, uint32_t timeout_us)
{
    return send_copy(endpoint->rpmsg, endpoint->address, peer, data, length, priority, timeout_us);
}

static int is_too_long(const struct duet_rpmsg *rpmsg, uint32_t length)
{
    return rpmsg->is_up && length > rpmsg->capacity;
}

int duet_rpmsg_send_to(struct duet_endpoint *endpoint, uint32_t peer, const void *data,
                       uint32_t length, uint32_t timeout_us)
{
    if (is_too_long(endpoint->rpmsg, length))
        return DUET_TOO_LARGE;
    return rpmsg_send_from(endpoint, peer, data, length, endpoint->priority, timeout_us);
}

int duet_rpmsg_send(struct duet_endpoint *endpoint, const void *data, uint32_t length,
                    uint32_t timeout_us)
{
    int status = wait_for_peer(endpoint, timeout_us);

    if (status != DUET_OK)
        return status;
    if (is_too_long(endpoint->rpmsg, length))
        return DUET_TOO_LARGE;
    return send_copy(endpoint->rpmsg, endpoint->address, endpoint->peer, data, length,
                     endpoint->priority, timeout_us);
}

void *duet_rpmsg_get_buffer(struct duet_endpoint *endpoint, uint32_t *capacity, uint32_t timeout_us)
{
    struct duet_rpmsg *rpmsg = endpoint->rpmsg;
    int id = borrow(rpmsg, endpoint->priority, timeout_us);

    if (id < 0)
        return NULL;
    *capacity = rpmsg->out.length[id] - DUET_RPMSG_HEADER;
    return rpmsg->out.at[id] + DUET_RPMSG_HEADER;
}

int duet_rpmsg_send_buffer(struct duet_endpoint *endpoint, void *buffer, uint32_t length)
{
    struct duet_rpmsg *rpmsg = endpoint->rpmsg;
    int id = rpmsg->is_up ? virtqueue_lent(&rpmsg->out, buffer) : -1;

    if (id < 0)
        return DUET_INVALID;
    if (length > rpmsg->out.length[id] - DUET_RPMSG_HEADER)
        return DUET_TOO_LARGE;
    if (rpmsg_session(rpmsg) != DUET_OK || endpoint->peer == DUET_RPMSG_ANY)
        return DUET_DOWN;
    post(rpmsg, id, endpoint->address, endpoint->peer, length);
    return DUET_OK;
}

int duet_rpmsg_drop_buffer(struct duet_endpoint *endpoint, void *buffer)
{
    struct duet_rpmsg *rpmsg = endpoint->rpmsg;
    int id = rpmsg->is_up ? virtqueue_lent(&rpmsg->out, buffer) : -1;

    if (id < 0)
        return DUET_INVALID;
    virtqueue_mark(&rpmsg->out, (uint32_t)id, BUFFER_OURS);
    return DUET_OK;
}
