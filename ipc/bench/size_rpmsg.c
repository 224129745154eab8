// What the remote core's firmware links that talks RPMsg through one announced endpoint.
// tools/ipc_size.sh counts all of the image but main.
#include "duet/rpmsg.h"

extern const struct duet_rpmsg_config config;

struct duet_rpmsg rpmsg;
struct duet_endpoint endpoint;

static void echo(struct duet_endpoint *from, void *data, uint32_t length, uint32_t source)
{
    (void)source;
    duet_rpmsg_send(from, data, length, 1000);
}

int main(void)
{
    duet_rpmsg_open(&rpmsg, &config);
    duet_rpmsg_create_endpoint(&rpmsg, &endpoint, "echo", DUET_RPMSG_ANY, DUET_RPMSG_ANY, echo);
    for (;;)
        duet_rpmsg_poll(&rpmsg);
}
