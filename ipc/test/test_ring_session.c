// What the two ends of a ring write and say, step by step, when one of them opens anew.
#include "ring_pair.h"

#define LINE (1u << 4)

static void forget_rings(void)
{
    duet_notify_take(&notify[0], UINT32_MAX);
    duet_notify_take(&notify[1], UINT32_MAX);
}

static void an_open_that_cannot_be_right_is_refused(void **state)
{
    struct duet_ring_config good = config[0];

    (void)state;
    config[0].shared = NULL;
    assert_int_equal(duet_ring_open_producer(&producer, &config[0]), DUET_INVALID);
    config[0] = good;
    config[0].data = NULL;
    assert_int_equal(duet_ring_open_producer(&producer, &config[0]), DUET_INVALID);
    config[0] = good;
    config[0].shared = (void *)((uint8_t *)good.shared + 4);
    assert_int_equal(duet_ring_open_producer(&producer, &config[0]), DUET_INVALID);
    for (uint32_t size = 0; size < 8; size++) {
        config[0] = good;
        config[0].size = size;
        assert_int_equal(duet_ring_open_producer(&producer, &config[0]), DUET_INVALID);
        config[0].size = size | 0x80000000u;
        assert_int_equal(duet_ring_open_producer(&producer, &config[0]), DUET_INVALID);
    }
    config[0] = good;
    config[0].size = 8;
    config[0].data++; // any place will do where nothing is cached
    assert_int_equal(duet_ring_open_producer(&producer, &config[0]), DUET_OK);
}

static void an_end_keeps_its_place_and_takes_another_epoch(void **state)
{
    (void)state;
    shared.ring.producer = (struct duet_ring_end){.position = 12, .epoch = 40, .seen = 7};
    shared.ring.consumer = (struct duet_ring_end){.position = SIZE, .epoch = UINT32_MAX};
    memset(&producer, 0, sizeof(producer));
    memset(&consumer, 0, sizeof(consumer));
    duet_ring_open_producer(&producer, &config[0]);
    duet_ring_open_consumer(&consumer, &config[1]);
    assert_int_equal(shared.ring.producer.position, 12);
    assert_int_equal(shared.ring.producer.epoch, 41);
    assert_int_equal(shared.ring.producer.seen, 0);
    assert_int_equal(shared.ring.producer.wake, 0);
    assert_int_equal(shared.ring.consumer.position, 0); // not one that makes no sense
    assert_int_equal(shared.ring.consumer.epoch, 1);    // and never 0
    assert_int_equal(shared.ring.consumer.wake, 1);
    settle();
    assert_int_equal(shared.ring.consumer.position, 12); // empty: where the producer is
    assert_int_equal(duet_ring_send(&producer, "new", 3), 3);
}

static void what_memory_holds_counts_and_not_a_stale_line(const struct duet_port *port,
                                                          const volatile void *address,
                                                          uint32_t size)
{
    (void)port;
    if (address == &shared.ring.producer && size >= sizeof(struct duet_ring_end))
        shared.ring.producer = (struct duet_ring_end){.position = 20, .epoch = 60};
}

static void an_end_looks_at_memory_before_it_opens(void **state)
{
    (void)state;
    shared.ring.producer = (struct duet_ring_end){.position = 12, .epoch = 40};
    host.port[0].invalidate = what_memory_holds_counts_and_not_a_stale_line;
    host.port[0].clean = NULL;
    config[0].memory.policy = DUET_MAINTAINED;
    duet_ring_open_producer(&producer, &config[0]);
    assert_int_equal(producer.epoch, 61);
    assert_int_equal(producer.position, 20);
}

// Each step that the other end has to answer rings it.
static void each_step_is_rung(void **state)
{
    uint8_t in[8];

    (void)state;
    open_both();
    forget_rings();
    duet_ring_reset(&producer);
    assert_int_equal(duet_notify_take(&notify[1], UINT32_MAX), LINE);
    assert_int_equal(duet_ring_receive(&consumer, in, 8), DUET_RESTARTED); // it lets go
    assert_int_equal(duet_notify_take(&notify[0], UINT32_MAX), LINE);
    assert_int_equal(duet_ring_used(&producer), DUET_DOWN); // it answers the consumer's epoch
    assert_int_equal(duet_notify_take(&notify[1], UINT32_MAX), LINE);
    assert_int_equal(duet_ring_receive(&consumer, in, 8), DUET_AGAIN); // it agrees
    assert_int_equal(duet_notify_take(&notify[0], UINT32_MAX), LINE);
    assert_int_equal(duet_ring_used(&producer), 0);
    assert_int_equal(duet_notify_take(&notify[1], UINT32_MAX), 0); // and all is said
}

static void a_restart_is_told_at_the_first_look_and_once(void **state)
{
    uint8_t in[8];

    (void)state;
    open_both();
    duet_ring_open_producer(&producer, &config[0]); // and does not look yet
    assert_int_equal(duet_ring_receive(&consumer, in, 8), DUET_RESTARTED);
    for (int i = 0; i < 3; i++)
        assert_int_equal(duet_ring_receive(&consumer, in, 8), DUET_DOWN);
    settle();
    assert_int_equal(duet_ring_receive(&consumer, in, 8), DUET_AGAIN);
    duet_ring_open_consumer(&consumer, &config[1]);
    assert_int_equal(duet_ring_used(&producer), DUET_RESTARTED);
    for (int i = 0; i < 3; i++)
        assert_int_equal(duet_ring_used(&producer), DUET_DOWN);
}

// A core that lost its line may begin with the epoch that it had: what the other end agreed to is void.
static void an_epoch_that_comes_again_has_to_be_agreed_to_anew(void **state)
{
    uint8_t in[8];

    (void)state;
    memset(&shared.ring, 0, sizeof(shared.ring));
    open_both();
    assert_int_equal(duet_ring_send(&producer, "old", 3), 3);
    assert_int_equal(duet_ring_receive(&consumer, in, 8), 3);
    memset(&shared.ring.producer, 0, sizeof(shared.ring.producer));
    duet_ring_open_producer(&producer, &config[0]);
    assert_int_equal(shared.ring.producer.epoch, shared.ring.consumer.seen);
    assert_int_equal(duet_ring_receive(&consumer, in, 8), DUET_RESTARTED);
    for (int i = 0; i < 3; i++)
        assert_int_equal(duet_ring_send(&producer, "lost", 4), DUET_DOWN);
    assert_int_equal(duet_ring_receive(&consumer, in, 8), DUET_AGAIN);
    assert_int_equal(duet_ring_send(&producer, "new", 3), 3);
    assert_int_equal(duet_ring_receive(&consumer, in, 8), 3);
}

static void an_end_that_never_opened_is_not_agreed_with(void **state)
{
    (void)state;
    duet_ring_open_consumer(&consumer, &config[1]);
    shared.ring.producer = (struct duet_ring_end){.position = 9, .seen = consumer.epoch};
    for (int i = 0; i < 3; i++)
        assert_int_equal(duet_ring_used(&consumer), DUET_DOWN);
    assert_int_equal(shared.ring.consumer.seen, 0);
    assert_int_not_equal(consumer.position, 9);

    open_both();
    shared.ring.consumer.epoch = 0; // gone, and nobody to be told of
    for (int i = 0; i < 3; i++)
        assert_int_equal(duet_ring_used(&producer), DUET_DOWN);
}

static void a_place_that_makes_no_sense_is_not_agreed_to(void **state)
{
    uint32_t bad[] = {SIZE, SIZE + 1, 0x80000000u, UINT32_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        duet_ring_open_consumer(&consumer, &config[1]);
        shared.ring.producer =
            (struct duet_ring_end){.position = bad[i], .epoch = 3, .seen = consumer.epoch};
        uint32_t epoch = consumer.epoch;

        assert_int_equal(duet_ring_used(&consumer), DUET_CORRUPT);
        assert_int_not_equal(consumer.epoch, epoch);
        assert_true(consumer.position < SIZE);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_open_that_cannot_be_right_is_refused),
        TEST(an_end_keeps_its_place_and_takes_another_epoch),
        TEST(an_end_looks_at_memory_before_it_opens),
        TEST(each_step_is_rung),
        TEST(a_restart_is_told_at_the_first_look_and_once),
        TEST(an_epoch_that_comes_again_has_to_be_agreed_to_anew),
        TEST(an_end_that_never_opened_is_not_agreed_with),
        TEST(a_place_that_makes_no_sense_is_not_agreed_to),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
