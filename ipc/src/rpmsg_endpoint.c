// Endpoints, and the name service that tells the peer of them.
#include "rpmsg_private.h"

struct name_message {
    char name[DUET_RPMSG_NAME];
    uint32_t address;
    uint32_t destroyed;
};

_Static_assert(sizeof(struct name_message) == 40, "name service message on the wire");

static int announce(struct duet_endpoint *endpoint, uint32_t destroyed)
{
    struct name_message message = {.address = endpoint->address, .destroyed = destroyed};

    duet_copy(message.name, endpoint->name, DUET_RPMSG_NAME);
    return rpmsg_send_from(endpoint, DUET_RPMSG_NAME_SERVER, &message, sizeof(message), 0, 0);
}

static int is_announced(const struct duet_endpoint *endpoint)
{
    return !endpoint->rpmsg->config->role->is_host && endpoint->name[0] &&
           endpoint->fixed_peer == DUET_RPMSG_ANY;
}

void rpmsg_announce_all(struct duet_rpmsg *rpmsg)
{
    uint32_t left = 0;

    for (struct duet_endpoint *e = rpmsg->endpoints; e && rpmsg->is_up; e = e->next)
        if (!e->announced && is_announced(e)) {
            e->announced = announce(e, 0) == DUET_OK;
            left |= !e->announced;
        }
    rpmsg->announce_due = left | !rpmsg->is_up;
}

struct duet_endpoint *rpmsg_find(struct duet_rpmsg *rpmsg, uint32_t address)
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
        while (rpmsg_find(rpmsg, rpmsg->next_address))
            rpmsg->next_address++;
        address = rpmsg->next_address++;
    }
    if (address == DUET_RPMSG_NAME_SERVER || rpmsg_find(rpmsg, address))
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
    rpmsg_announce_all(rpmsg);
    return DUET_OK;
}

void rpmsg_name_service(struct duet_rpmsg *rpmsg, const void *data, uint32_t length)
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
    rpmsg_pass_over(endpoint);
}
