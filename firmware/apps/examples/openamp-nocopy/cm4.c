/* The M4 samples straight into the buffers that it sends. */
#include "openamp-nocopy/openamp-nocopy.h"

static const struct duet_rpmsg_config config = RPMSG_PLACE;
static struct duet_rpmsg rpmsg;
static struct duet_endpoint endpoint;

static void on_message(struct duet_endpoint *from, void *data, uint32_t length, uint32_t source)
{
    (void)from;
    (void)data;
    (void)length;
    (void)source; /* the M7's first message tells its address; that is all it is for */
}

/* get: the buffer is ours. send: it is the M7's, and we do not touch it again. */
static void send_block(uint32_t number)
{
    uint32_t capacity;
    struct block *block = duet_rpmsg_get_buffer(&endpoint, &capacity, PATIENCE_US);
    if (!block || capacity < sizeof *block) {
        say("no buffer for block %lu", (unsigned long)number);
        return;
    }
    block->number = number;
    for (uint32_t n = 0; n < SAMPLES; n++)
        block->samples[n] = number * n;
    must(duet_rpmsg_send_buffer(&endpoint, block, sizeof *block), "send");
}

int main(void)
{
    rpmsg_start();
    must(duet_rpmsg_open(&rpmsg, &config), "open");
    must(duet_rpmsg_create_endpoint(&rpmsg, &endpoint, SERVICE_NAME, DUET_RPMSG_ANY, DUET_RPMSG_ANY,
                                    on_message),
         "endpoint");
    while (endpoint.peer == DUET_RPMSG_ANY) {
        rpmsg_sleep();
        duet_rpmsg_poll(&rpmsg);
    }
    say("%d buffers, filled in place", BLOCKS);
    for (uint32_t number = 1; number <= BLOCKS; number++)
        send_block(number);
    /* All four are held by the M7 now; there is no fifth until it lets one go. */
    uint32_t capacity;
    if (!duet_rpmsg_get_buffer(&endpoint, &capacity, 2000))
        say("all buffers are with the M7: none within 2 ms");
    uint32_t *last = duet_rpmsg_get_buffer(&endpoint, &capacity, PATIENCE_US); /* this one waits */
    if (!last)
        must(DUET_TIMEOUT, "buffer");
    say("the M7 let go");
    *last = BLOCKS + 1;
    must(duet_rpmsg_send_buffer(&endpoint, last, sizeof *last), "send");
    example_end();
}
