// Both ends of a ring of 256 bytes, and a notification each.
#ifndef DUET_TEST_RING_PAIR_H
#define DUET_TEST_RING_PAIR_H

#include "pair.h"

#include "duet/ring.h"

#define SIZE 256u

static struct duet_host host;
static struct {
    struct duet_notify_shared notify;
    struct duet_ring_shared ring;
    uint8_t data[SIZE] SHARED;
} shared;
static struct duet_notify_config notify_config[2];
static struct duet_notify notify[2];
static struct duet_ring_config config[2];
static struct duet_ring producer, consumer; // core 0, core 1

static int setup(void **state)
{
    (void)state;
    memset(&shared, 0x6D, sizeof(shared));
    duet_host_open(&host);
    for (uint32_t core = 0; core < 2; core++) {
        notify_config[core] =
            (struct duet_notify_config){.memory = memory_of(&host, core), .shared = &shared.notify};
        duet_notify_open(&notify[core], &notify_config[core]);
        config[core] = (struct duet_ring_config){.memory = memory_of(&host, core),
                                                 .shared = &shared.ring,
                                                 .data = shared.data,
                                                 .size = SIZE,
                                                 .notify = &notify[core],
                                                 .line = 4};
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    duet_host_close(&host);
    return 0;
}

static void settle(void)
{
    for (int i = 0; i < 4; i++) {
        duet_ring_used(&producer);
        duet_ring_used(&consumer);
    }
}

static void open_both(void)
{
    assert_int_equal(duet_ring_open_producer(&producer, &config[0]), DUET_OK);
    assert_int_equal(duet_ring_open_consumer(&consumer, &config[1]), DUET_OK);
    settle();
}

#endif
