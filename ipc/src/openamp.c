// The names have no instance in their arguments, so here, and only here, the library has state of its own.
#include "duet/openamp.h"

static struct duet_rpmsg openamp;
static struct duet_rpmsg_config openamp_config;
static rpmsg_ns_bind_cb openamp_bind;

static int same_name(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

static void on_service(struct duet_rpmsg *rpmsg, const char *name, uint32_t address, int destroyed)
{
    if (!destroyed) {
        if (openamp_bind)
            openamp_bind(NULL, name, address);
        return;
    }
    for (struct duet_endpoint *e = rpmsg->endpoints; e; e = e->next) {
        struct rpmsg_endpoint *ept = (struct rpmsg_endpoint *)(void *)e;

        if (same_name(e->name, name) && ept->ns_unbind_cb) {
            ept->ns_unbind_cb(ept);
            return; // it may have destroyed the endpoint
        }
    }
}

static void on_message(struct duet_endpoint *endpoint, void *data, uint32_t length, uint32_t source)
{
    struct rpmsg_endpoint *ept = (struct rpmsg_endpoint *)(void *)endpoint;

    if (ept->cb)
        ept->cb(ept, data, length, source, ept->priv);
}

int MX_OPENAMP_Init(int role, rpmsg_ns_bind_cb ns_bind_cb)
{
    openamp_config = duet_openamp_config;
    openamp_config.service = on_service;
    openamp_bind = ns_bind_cb;
    // The configuration names the role too, so that only one of them is linked.
    if ((role == RPMSG_HOST) != (openamp_config.role->is_host != 0))
        return -1;
    return duet_rpmsg_open(&openamp, &openamp_config) == DUET_OK ? 0 : -1;
}

void OPENAMP_DeInit(void)
{
    while (openamp.endpoints)
        duet_rpmsg_destroy_endpoint(openamp.endpoints);
}

void OPENAMP_init_ept(struct rpmsg_endpoint *ept)
{
    *ept = (struct rpmsg_endpoint){.endpoint = {.peer = DUET_RPMSG_ANY}};
}

int OPENAMP_create_endpoint(struct rpmsg_endpoint *ept, const char *name, uint32_t dest,
                            rpmsg_ept_cb cb, rpmsg_ns_unbind_cb unbind_cb)
{
    ept->cb = cb;
    ept->ns_unbind_cb = unbind_cb;
    return duet_rpmsg_create_endpoint(&openamp, &ept->endpoint, name, DUET_RPMSG_ANY, dest,
                                      on_message) == DUET_OK
               ? RPMSG_SUCCESS
               : RPMSG_ERR_PARAM;
}

void OPENAMP_destroy_ept(struct rpmsg_endpoint *ept)
{
    duet_rpmsg_destroy_endpoint(&ept->endpoint);
}

int OPENAMP_send(struct rpmsg_endpoint *ept, const void *data, size_t len)
{
    uint32_t length = len > UINT32_MAX ? UINT32_MAX : (uint32_t)len;
    int status = duet_rpmsg_send(&ept->endpoint, data, length, OPENAMP_TICK_TIMEOUT_US);

    if (status == DUET_OK)
        return (int)len;
    return status == DUET_TOO_LARGE || status == DUET_INVALID ? RPMSG_ERR_PARAM : RPMSG_ERR_NO_BUFF;
}

void OPENAMP_check_for_message(void)
{
    duet_rpmsg_poll(&openamp);
}

int OPENAMP_Wait_EndPointready(struct rpmsg_endpoint *ept)
{
    const struct duet_port *port = openamp_config.memory.port;
    uint32_t start = port->clock(port);

    while (ept->endpoint.peer == DUET_RPMSG_ANY) {
        if (port->clock(port) - start >= OPENAMP_TICK_TIMEOUT_US)
            return RPMSG_ERR_NO_BUFF;
        OPENAMP_check_for_message();
    }
    return RPMSG_SUCCESS;
}
