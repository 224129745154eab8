// Endpoints, the name service, and sessions. The rings are in virtqueue.c, the table in
// rpmsg_table.c. docs/ipc-wire.md gives every byte and the order of a session's steps.
#include "copy_short.h"
#include "rpmsg_private.h"

struct message_header {
    uint32_t source;
    uint32_t destination;
    uint32_t stamp; // reserved in OpenAMP: 0
    uint32_t length_flags;
};

struct name_message {
    char name[DUET_RPMSG_NAME];
    uint32_t address;
    uint32_t destroyed;
};

_Static_assert(sizeof(struct message_header) == DUET_RPMSG_HEADER, "RPMsg header on the wire");
_Static_assert(sizeof(struct name_message) == 40, "name service message on the wire");

// ---- sessions

DUET_HOT void kick_for(struct duet_rpmsg *rpmsg, const struct duet_virtqueue *queue)
{
    if (virtqueue_wants_kick(queue))
        rpmsg_kick(rpmsg);
}

void rpmsg_kick(struct duet_rpmsg *rpmsg)
{
    const struct duet_rpmsg_config *config = rpmsg->config;

    DUET_STEP();
    if (config->notify)
        duet_notify_raise(config->notify, config->line);
    else
        config->memory.port->notify(config->memory.port);
}

// Nothing is up any more: this side's epoch asks the other to begin a new session.
void rpmsg_leave_session(struct duet_rpmsg *rpmsg)
{
    struct rpmsg_card *mine = rpmsg_card(rpmsg, rpmsg->config->role->is_host);

    rpmsg->is_up = 0;
    rpmsg->arrivals = 0;
    rpmsg->session = 0;
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
    rpmsg->arrivals = 0;
    rpmsg->announce_due = 1;
    rpmsg->is_up = 1;
    virtqueue_ask(&rpmsg->out, 0);
}

// Both are up, and the peer's epoch alone says that nothing has changed.
DUET_HOT int is_settled(const struct duet_rpmsg *rpmsg)
{
    return rpmsg->is_up && rpmsg->their_epoch &&
           shared_load(rpmsg->their_epoch) == rpmsg->told_epoch;
}

// A step of the session: DUET_OK, DUET_DOWN, or DUET_RESTARTED once after what was up has ended.
static int step_session(struct duet_rpmsg *rpmsg)
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

DUET_HOT int session(struct duet_rpmsg *rpmsg)
{
    return is_settled(rpmsg) ? DUET_OK : step_session(rpmsg);
}

int duet_rpmsg_is_up(const struct duet_rpmsg *rpmsg)
{
    return (int)rpmsg->is_up;
}

// The peer wrote what makes no sense.
static void refuse(struct duet_rpmsg *rpmsg, struct duet_virtqueue *queue)
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
    rpmsg->peer_epoch = rpmsg->told_epoch = rpmsg->tell = rpmsg->refused = 0;
    rpmsg->in_callback = 0;
    rpmsg->their_epoch =
        config->sessions ? &rpmsg_card(rpmsg, !config->role->is_host)->epoch : NULL;
    rpmsg->epoch = shared_load(&rpmsg_card(rpmsg, config->role->is_host)->epoch);
    rpmsg_leave_session(rpmsg);
    session(rpmsg);
    return DUET_OK;
}

// ---- sending

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
    int status = session(rpmsg);
    int id = status == DUET_OK ? take_out(rpmsg, priority) : DUET_AGAIN;

    if (id >= 0)
        virtqueue_mark(&rpmsg->out, (uint32_t)id, BUFFER_LENT);
    if (id == DUET_CORRUPT)
        refuse(rpmsg, &rpmsg->out);
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
    struct message_header *header = (void *)rpmsg->out.at[id];
    duet_rpmsg_observer *observer = rpmsg->config->observer;

    shared_store(&header->source, source);
    shared_store(&header->destination, destination);
    shared_store(&header->stamp, observer && destination != DUET_RPMSG_NAME_SERVER
                                     ? observer(rpmsg, length, 0, 1)
                                     : 0);
    shared_store(&header->length_flags, length);
    virtqueue_give(&rpmsg->out, (uint32_t)id);
    kick_for(rpmsg, &rpmsg->out);
}

DUET_HOT int send_copy(struct duet_rpmsg *rpmsg, uint32_t source, uint32_t destination,
                       const void *data, uint32_t length, uint32_t priority, uint32_t timeout_us)
{
    int id = is_settled(rpmsg) ? take_out(rpmsg, priority) : DUET_AGAIN;

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

DUET_COLD int send_from(struct duet_endpoint *endpoint, uint32_t peer, const void *data,
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
    return send_from(endpoint, peer, data, length, endpoint->priority, timeout_us);
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

// The number of a buffer that the application has, or -1.
static int lent(const struct duet_virtqueue *queue, const void *buffer)
{
    for (uint32_t id = 0; id < queue->count; id++)
        if (queue->state[id] == BUFFER_LENT && queue->at[id] + DUET_RPMSG_HEADER == buffer)
            return (int)id;
    return -1;
}

int duet_rpmsg_send_buffer(struct duet_endpoint *endpoint, void *buffer, uint32_t length)
{
    struct duet_rpmsg *rpmsg = endpoint->rpmsg;
    int id = rpmsg->is_up ? lent(&rpmsg->out, buffer) : -1;

    if (id < 0)
        return DUET_INVALID;
    if (length > rpmsg->out.length[id] - DUET_RPMSG_HEADER)
        return DUET_TOO_LARGE;
    if (session(rpmsg) != DUET_OK || endpoint->peer == DUET_RPMSG_ANY)
        return DUET_DOWN;
    post(rpmsg, id, endpoint->address, endpoint->peer, length);
    return DUET_OK;
}

int duet_rpmsg_drop_buffer(struct duet_endpoint *endpoint, void *buffer)
{
    struct duet_rpmsg *rpmsg = endpoint->rpmsg;
    int id = rpmsg->is_up ? lent(&rpmsg->out, buffer) : -1;

    if (id < 0)
        return DUET_INVALID;
    virtqueue_mark(&rpmsg->out, (uint32_t)id, BUFFER_OURS);
    return DUET_OK;
}

// ---- endpoints and the name service

static int announce(struct duet_endpoint *endpoint, uint32_t destroyed)
{
    struct name_message message = {.address = endpoint->address, .destroyed = destroyed};

    duet_copy(message.name, endpoint->name, DUET_RPMSG_NAME);
    return send_from(endpoint, DUET_RPMSG_NAME_SERVER, &message, sizeof(message), 0, 0);
}

static int is_announced(const struct duet_endpoint *endpoint)
{
    return !endpoint->rpmsg->config->role->is_host && endpoint->name[0] &&
           endpoint->fixed_peer == DUET_RPMSG_ANY;
}

static void announce_all(struct duet_rpmsg *rpmsg)
{
    uint32_t left = 0;

    for (struct duet_endpoint *e = rpmsg->endpoints; e && rpmsg->is_up; e = e->next)
        if (!e->announced && is_announced(e)) {
            e->announced = announce(e, 0) == DUET_OK;
            left |= !e->announced;
        }
    rpmsg->announce_due = left | !rpmsg->is_up;
}

static struct duet_endpoint *find(struct duet_rpmsg *rpmsg, uint32_t address)
{
    struct duet_endpoint *e = rpmsg->endpoints;

    while (e && e->address != address)
        e = e->next;
    return e;
}

static int same_name(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

int duet_rpmsg_create_endpoint(struct duet_rpmsg *rpmsg, struct duet_endpoint *endpoint,
                               const char *name, uint32_t address, uint32_t peer,
                               duet_rpmsg_callback *callback)
{
    uint32_t i = 0;

    if (address == DUET_RPMSG_ANY) {
        while (find(rpmsg, rpmsg->next_address))
            rpmsg->next_address++;
        address = rpmsg->next_address++;
    }
    if (address == DUET_RPMSG_NAME_SERVER || find(rpmsg, address))
        return DUET_INVALID;
    for (; name && name[i] && i < DUET_RPMSG_NAME - 1; i++)
        endpoint->name[i] = name[i];
    for (; i < DUET_RPMSG_NAME; i++)
        endpoint->name[i] = 0;
    endpoint->rpmsg = rpmsg;
    endpoint->callback = callback;
    endpoint->address = address;
    endpoint->peer = endpoint->fixed_peer = peer;
    endpoint->priority = 1;
    endpoint->announced = 0;
    endpoint->next = rpmsg->endpoints;
    rpmsg->endpoints = endpoint;
    announce_all(rpmsg);
    return DUET_OK;
}

static void name_service(struct duet_rpmsg *rpmsg, const void *data, uint32_t length)
{
    struct name_message message;
    struct duet_endpoint *e = rpmsg->endpoints;

    if (length != sizeof(message)) {
        rpmsg->refused++;
        return;
    }
    duet_copy(&message, data, sizeof(message));
    message.name[DUET_RPMSG_NAME - 1] = 0;
    uint32_t before = message.destroyed ? message.address : DUET_RPMSG_ANY;
    uint32_t after = message.destroyed ? DUET_RPMSG_ANY : message.address;

    while (e && !(e->peer == before && same_name(e->name, message.name)))
        e = e->next;
    if (e)
        e->peer = after;
    if ((!e || message.destroyed) && rpmsg->config->service)
        rpmsg->config->service(rpmsg, message.name, message.address, message.destroyed & 1);
}

// ---- receiving

DUET_HOT void give_in(struct duet_rpmsg *rpmsg, uint32_t id)
{
    virtqueue_give(&rpmsg->in, id);
    rpmsg->kick_due = 1;
}

static void arrive(struct duet_rpmsg *rpmsg, uint32_t id)
{
    const struct message_header *header = (void *)rpmsg->in.at[id];
    struct duet_rpmsg_arrival *arrival = &rpmsg->arrival[rpmsg->arrivals];
    uint32_t destination = shared_load(&header->destination);
    uint32_t length = shared_load(&header->length_flags) & 0xFFFF;

    arrival->source = shared_load(&header->source);
    arrival->length = (uint16_t)length;
    arrival->id = (uint16_t)id;
    arrival->endpoint = find(rpmsg, destination);
    if (length > rpmsg->in.length[id] - DUET_RPMSG_HEADER) {
        rpmsg->refused++;
    } else if (destination == DUET_RPMSG_NAME_SERVER) {
        name_service(rpmsg, header + 1, length);
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
            refuse(rpmsg, &rpmsg->in);
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
    const struct message_header *header = (void *)rpmsg->in.at[id];

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
    int status = session(rpmsg);

    if (status != DUET_OK)
        return status;
    if (rpmsg->announce_due)
        announce_all(rpmsg);
    status = serve(rpmsg);
    if (rpmsg->kick_due && rpmsg->is_up)
        kick_for(rpmsg, &rpmsg->in);
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
    int id = session(rpmsg) == DUET_OK ? lent(&rpmsg->in, data) : -1;

    if (id < 0)
        return DUET_INVALID;
    virtqueue_give(&rpmsg->in, (uint32_t)id);
    kick_for(rpmsg, &rpmsg->in);
    return DUET_OK;
}

void duet_rpmsg_destroy_endpoint(struct duet_endpoint *endpoint)
{
    struct duet_rpmsg *rpmsg = endpoint->rpmsg;
    struct duet_endpoint **link = &rpmsg->endpoints;

    if (endpoint->announced && rpmsg->is_up)
        announce(endpoint, 1);
    while (*link && *link != endpoint)
        link = &(*link)->next;
    if (*link)
        *link = endpoint->next;
    for (uint32_t i = rpmsg->arrivals; i-- > 0;)
        if (rpmsg->arrival[i].endpoint == endpoint)
            give_in(rpmsg, remove_arrival(rpmsg, i).id);
}
