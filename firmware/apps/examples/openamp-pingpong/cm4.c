/* The M4 is the remote: it announces the service, and adds one to whatever comes. */
#include "openamp-pingpong/openamp-pingpong.h"

#include <string.h>

const struct duet_rpmsg_config duet_openamp_config = RPMSG_PLACE;

static struct rpmsg_endpoint endpoint;
static uint32_t message;
static bool has_message;

static int on_message(struct rpmsg_endpoint *ept, void *data, size_t length, uint32_t source,
                      void *priv)
{
    (void)ept;
    (void)source;
    (void)priv;
    if (length != sizeof message)
        return RPMSG_ERR_PARAM;
    memcpy(&message, data, sizeof message);
    has_message = true;
    return RPMSG_SUCCESS;
}

static void wait_for_message(void)
{
    for (OPENAMP_check_for_message(); !has_message; OPENAMP_check_for_message())
        rpmsg_sleep();
    has_message = false;
}

int main(void)
{
    rpmsg_start();
    must(MX_OPENAMP_Init(RPMSG_REMOTE, NULL), "init");
    OPENAMP_init_ept(&endpoint);
    must(OPENAMP_create_endpoint(&endpoint, SERVICE_NAME, RPMSG_ADDR_ANY, on_message, NULL),
         "endpoint");
    do {
        wait_for_message();
        message++;
        must(OPENAMP_send(&endpoint, &message, sizeof message), "send");
    } while (message < LAST_MESSAGE);
    example_sleep(10); /* the host has taken the last one, and printed */
    say("answered to the end");
    OPENAMP_destroy_ept(&endpoint);
    example_end();
}
