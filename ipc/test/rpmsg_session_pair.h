// Two sides with an endpoint each, what they wrote, and how often they rang.
#ifndef DUET_TEST_RPMSG_SESSION_PAIR_H
#define DUET_TEST_RPMSG_SESSION_PAIR_H

#include "rpmsg_pair.h"

#define STATUS    (memory[0x30])
#define RING_SIZE 0x800u

struct card {
    uint32_t magic, epoch, seen;
};

static struct duet_endpoint end[2];
static uint8_t rings_before[RING_SIZE];
static uint32_t heard[2], kicks[2];
static void (*in_callback)(void);

static inline struct card *card_of(int core)
{
    return (struct card *)(void *)(memory + (core ? 0x3E0 : 0x3C0));
}

static inline uint32_t *table_word(uint32_t offset)
{
    return (uint32_t *)(void *)(memory + offset);
}

static inline void count_kick(const struct duet_port *port)
{
    kicks[port->core]++;
}

static inline int setup(void **state)
{
    (void)state;
    memset(memory, 0x3D, sizeof(memory));
    memset(side, 0xA5, sizeof(side)); // what a life before left in RAM
    configure();
    host.port[0].notify = host.port[1].notify = count_kick;
    heard[0] = heard[1] = kicks[0] = kicks[1] = 0;
    in_callback = NULL;
    return 0;
}

static inline int teardown(void **state)
{
    (void)state;
    duet_host_close(&host);
    return 0;
}

static inline void hear(struct duet_endpoint *endpoint, void *data, uint32_t length,
                        uint32_t source)
{
    (void)data;
    (void)length;
    (void)source;
    heard[endpoint == &end[1]]++;
    if (in_callback)
        in_callback();
}

static inline void open_side(int core)
{
    assert_int_equal(duet_rpmsg_open(&side[core], &config[core]), DUET_OK);
}

static inline void create_end(int core)
{
    assert_int_equal(duet_rpmsg_create_endpoint(&side[core], &end[core], "pair", DUET_RPMSG_ANY,
                                                DUET_RPMSG_ANY, hear),
                     DUET_OK);
}

static inline void open_both(void)
{
    for (int core = 0; core < 2; core++) {
        open_side(core);
        create_end(core);
    }
    settle();
    assert_true(duet_rpmsg_is_up(&side[0]) && duet_rpmsg_is_up(&side[1]));
}

static inline void assert_they_talk(void)
{
    for (int core = 0; core < 2; core++) {
        uint32_t before = heard[!core];

        assert_int_equal(duet_rpmsg_send(&end[core], "hello", 5, 0), DUET_OK);
        assert_int_equal(duet_rpmsg_poll(&side[!core]), 1);
        assert_int_equal(heard[!core], before + 1);
        assert_int_equal(side[core].refused, 0);
    }
}

static inline void remember_rings(void)
{
    memcpy(rings_before, memory + 0x400, RING_SIZE);
}

static inline void assert_rings_are_untouched(void)
{
    assert_memory_equal(rings_before, memory + 0x400, RING_SIZE);
}

#endif
