/* The M7 is the host: it waits for the service, sends 0, and sends back whatever comes. */
#include "openamp-pingpong/openamp-pingpong.h"

#include <string.h>

const struct duet_rpmsg_config duet_openamp_config = RPMSG_PLACE;

static struct rpmsg_endpoint endpoint;
static uint32_t service_address, message;
static bool has_service, has_message;

static int on_message(struct rpmsg_endpoint *ept, void *data, size_t length, uint32_t source,
                      void *priv)
{
    (void)ept;
    (void)source;
    (void)priv;
    if (length != sizeof message)
        return RPMSG_ERR_PARAM;
    memcpy(&message, data, sizeof message); /* the buffer goes back when this returns */
    has_message = true;
    return RPMSG_SUCCESS;
}

static void on_service(struct rpmsg_device *device, const char *name, uint32_t address)
{
    (void)device;
    say("service \"%s\" announced", name);
    service_address = address;
    has_service = strcmp(name, SERVICE_NAME) == 0;
}

static void on_service_destroyed(struct rpmsg_endpoint *ept)
{
    (void)ept;
    say("service withdrawn");
}

/* Nothing arrives but in OPENAMP_check_for_message, so the core may sleep between two of them. */
static void wait_for(const bool *flag)
{
    for (OPENAMP_check_for_message(); !*flag; OPENAMP_check_for_message())
        rpmsg_sleep();
}

static void send(uint32_t value)
{
    must(OPENAMP_send(&endpoint, &value, sizeof value), "send");
}

int main(void)
{
    rpmsg_start();
    must(MX_OPENAMP_Init(RPMSG_HOST, on_service), "init");
    wait_for(&has_service);
    OPENAMP_init_ept(&endpoint);
    must(OPENAMP_create_endpoint(&endpoint, SERVICE_NAME, service_address, on_message,
                                 on_service_destroyed),
         "endpoint");
    uint32_t start = example_microseconds(), round_trips = 0;
    send(0);
    for (message = 0; message < LAST_MESSAGE; round_trips++) {
        has_message = false;
        wait_for(&has_message);
        if (message < LAST_MESSAGE)
            send(message);
    }
    uint32_t passed = example_microseconds() - start;
    say("counter %lu after %lu round trips", (unsigned long)message, (unsigned long)round_trips);
    say("%lu us for each", (unsigned long)(passed / round_trips));
    for (;;) {
        rpmsg_sleep();
        OPENAMP_check_for_message();
    }
}
