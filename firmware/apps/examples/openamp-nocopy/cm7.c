/* The M7 holds the blocks where they are, works on them together, and gives them back. */
#include "openamp-nocopy/openamp-nocopy.h"

static void on_service(struct duet_rpmsg *rpmsg, const char *name, uint32_t address, int destroyed);
static void on_block(struct duet_endpoint *endpoint, void *data, uint32_t length, uint32_t source);

static const struct duet_rpmsg_config place = RPMSG_PLACE;
static struct duet_rpmsg_config config;
static struct duet_rpmsg rpmsg;
static struct duet_endpoint endpoint;
static const struct block *held[BLOCKS];
static uint32_t held_count, shorts;

static void on_service(struct duet_rpmsg *owner, const char *name, uint32_t address, int destroyed)
{
    if (destroyed)
        return;
    must(duet_rpmsg_create_endpoint(owner, &endpoint, name, DUET_RPMSG_ANY, address, on_block),
         "endpoint");
    must(duet_rpmsg_send(&endpoint, "", 1, PATIENCE_US), "hello"); /* our address, for the M4 */
}

/* Without hold, the buffer goes back when this returns. */
static void on_block(struct duet_endpoint *from, void *data, uint32_t length, uint32_t source)
{
    (void)source;
    if (length == sizeof(struct block) && held_count < BLOCKS) {
        held[held_count++] = data;
        duet_rpmsg_hold(from);
    } else {
        shorts++;
    }
}

static uint32_t sum_of(const struct block *block)
{
    uint32_t sum = 0;
    for (uint32_t n = 0; n < SAMPLES; n++)
        sum += block->samples[n];
    return sum;
}

static void receive_until(const uint32_t *count, uint32_t wanted)
{
    for (duet_rpmsg_poll(&rpmsg); *count < wanted; duet_rpmsg_poll(&rpmsg))
        rpmsg_sleep();
}

int main(void)
{
    rpmsg_start();
    config = place;
    config.service = on_service;
    must(duet_rpmsg_open(&rpmsg, &config), "open");
    receive_until(&held_count, BLOCKS);
    example_sleep(10); /* the M4 finds that no buffer is left */
    say("%lu blocks held", (unsigned long)held_count);
    for (uint32_t n = 0; n < BLOCKS; n++)
        say("block %lu: sum %lu", (unsigned long)held[n]->number, (unsigned long)sum_of(held[n]));
    for (uint32_t n = 0; n < BLOCKS; n++)
        must(duet_rpmsg_release(&endpoint, (void *)held[n]), "release");
    receive_until(&shorts, 1);
    say("done");
    example_end();
}
