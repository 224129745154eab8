// What two sides with sessions write and say, step by step, when one of them opens anew; and what a
// side without sessions does (docs/ipc-wire.md, "RPMsg").
#include "rpmsg_session_pair.h"

static void an_open_that_cannot_be_right_is_refused(void **state)
{
    (void)state;
    for (int core = 0; core < 2; core++) {
        struct duet_rpmsg_config good = config[core];

        config[core].memory.policy = DUET_MAINTAINED;
        assert_int_equal(duet_rpmsg_open(&side[core], &config[core]), DUET_INVALID);
        config[core] = good;
        config[core].table++;
        assert_int_equal(duet_rpmsg_open(&side[core], &config[core]), DUET_INVALID);
        config[core] = good;
        config[core].shared += 2;
        assert_int_equal(duet_rpmsg_open(&side[core], &config[core]), DUET_INVALID);
        config[core] = good;
    }
}

static void a_layout_that_does_not_fit_never_comes_up(void **state)
{
    struct duet_rpmsg_layout bad = duet_rpmsg_layout_st;

    (void)state;
    bad.count = 3;
    for (uint32_t sessions = 0; sessions < 2; sessions++) {
        const struct duet_rpmsg_layout *layouts[] = {NULL, &bad};

        for (int i = 0; i < 2; i++) {
            config[0].sessions = config[1].sessions = sessions;
            config[0].layout = layouts[i];
            open_side(0);
            open_side(1);
            settle();
            assert_false(duet_rpmsg_is_up(&side[0]) || duet_rpmsg_is_up(&side[1]));
            assert_int_equal(STATUS, 0);
        }
    }
}

static void an_open_takes_another_epoch_and_tells(void **state)
{
    (void)state;
    for (int core = 0; core < 2; core++) {
        memset(card_of(!core), 0x3D, sizeof(struct card));
        *card_of(core) = (struct card){0, 100, 9};
        open_side(core);
        assert_int_equal(card_of(core)->magic, 0x314D5052);
        assert_int_equal(card_of(core)->epoch, 101);
        assert_int_equal(card_of(core)->seen, 0);
        assert_true(kicks[core] > 0);
        card_of(core)->epoch = UINT32_MAX;
        open_side(core);
        assert_int_equal(card_of(core)->epoch, 1); // and never 0
    }
}

// Whatever RAM held before, no restart is told of a peer that was not there.
static void the_first_session_is_no_restart(void **state)
{
    (void)state;
    side[1].session = 0x3D3D3D3E; // the epoch that the host is about to have
    for (int core = 0; core < 2; core++) {
        open_side(core);
        create_end(core);
    }
    for (int i = 0; i < 6; i++)
        for (int core = 0; core < 2; core++)
            assert_in_set(duet_rpmsg_poll(&side[core]) & 0xFF,
                          ((LargestIntegralType[]){0, DUET_DOWN & 0xFF}), 2);
    assert_int_equal(side[0].refused | side[1].refused, 0);
    assert_they_talk();
}

static void what_has_no_magic_is_no_peer(void **state)
{
    (void)state;
    for (int core = 0; core < 2; core++) {
        uint32_t epoch;

        memset(card_of(!core), 0x3D, sizeof(struct card));
        open_side(core);
        epoch = side[core].epoch;
        *card_of(!core) = (struct card){0x314D5053, 5, epoch};
        for (int i = 0; i < 4; i++)
            assert_int_equal(duet_rpmsg_poll(&side[core]), DUET_DOWN);
        assert_int_equal(side[core].epoch, epoch);
        assert_int_equal(card_of(core)->seen, 0);
    }
}

static void the_steps_of_a_restart_of_the_remote(void **state)
{
    uint32_t epoch;

    (void)state;
    open_both();
    assert_they_talk();
    assert_int_equal(STATUS, 7);
    epoch = card_of(0)->epoch;
    open_side(1);
    for (int i = 0; i < 3; i++) // the table and the rings are those of the session before
        assert_int_equal(duet_rpmsg_poll(&side[1]), DUET_DOWN);
    kicks[0] = kicks[1] = 0;
    remember_rings();
    assert_int_equal(duet_rpmsg_poll(&side[0]), DUET_RESTARTED);
    assert_int_equal(STATUS, 0);
    assert_int_equal(card_of(0)->epoch, epoch + 1);
    assert_int_equal(card_of(0)->seen, 0);
    assert_int_equal(kicks[0], 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(duet_rpmsg_poll(&side[0]), DUET_DOWN); // once
    assert_rings_are_untouched();                               // until the remote has let go
    for (int i = 0; i < 3; i++)
        assert_int_equal(duet_rpmsg_poll(&side[1]), DUET_DOWN);
    assert_int_equal(card_of(1)->seen, epoch + 1);
    assert_int_equal(kicks[1], 1); // once, too
    assert_int_equal(duet_rpmsg_poll(&side[0]), 0);
    assert_int_equal(STATUS, 7);
    assert_int_equal(card_of(0)->seen, card_of(1)->epoch);
    assert_int_equal(kicks[0], 2);
    assert_int_equal(end[0].peer, DUET_RPMSG_ANY); // the peer's addresses are another's
    assert_int_equal(duet_rpmsg_poll(&side[1]), 0);
    create_end(1);
    settle();
    assert_they_talk();
}

static void the_steps_of_a_restart_of_the_host(void **state)
{
    (void)state;
    open_both();
    assert_they_talk();
    kicks[0] = kicks[1] = 0;
    open_side(0);
    create_end(0);
    remember_rings();
    assert_int_equal(duet_rpmsg_poll(&side[1]), DUET_RESTARTED);
    assert_int_equal(card_of(1)->seen, card_of(0)->epoch);
    assert_int_equal(kicks[1], 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(duet_rpmsg_poll(&side[1]), DUET_DOWN);
    assert_int_equal(kicks[1], 1);
    assert_rings_are_untouched();
    settle();
    assert_they_talk();
}

// Ends a session in the middle of the first of two callbacks. What had arrived is nobody's any more, and
// the rings are not this side's to write.
static int survivor;

static void the_other_restarts_and_is_noticed(void)
{
    in_callback = NULL;
    open_side(!survivor);
    duet_rpmsg_send(&end[survivor], "x", 1, 0);
}

static void what_had_arrived_in_a_session_goes_with_it(void **state)
{
    (void)state;
    for (survivor = 0; survivor < 2; survivor++) {
        open_both();
        assert_they_talk();
        heard[survivor] = 0;
        for (int i = 0; i < 2; i++)
            assert_int_equal(duet_rpmsg_send(&end[!survivor], "hello", 5, 0), DUET_OK);
        in_callback = the_other_restarts_and_is_noticed;
        remember_rings();
        duet_rpmsg_poll(&side[survivor]);
        assert_int_equal(heard[survivor], 1);
        assert_false(duet_rpmsg_is_up(&side[survivor]));
        duet_rpmsg_destroy_endpoint(&end[survivor]);
        assert_rings_are_untouched();
    }
}

static void who_waits_while_nobody_is_there_writes_no_ring(void **state)
{
    (void)state;
    for (int core = 0; core < 2; core++) {
        uint32_t capacity;

        open_both();
        open_side(!core);
        assert_int_equal(duet_rpmsg_poll(&side[core]), DUET_RESTARTED);
        remember_rings();
        assert_int_equal(duet_rpmsg_send_to(&end[core], 1024, "x", 1, 2000), DUET_TIMEOUT);
        assert_null(duet_rpmsg_get_buffer(&end[core], &capacity, 2000));
        assert_rings_are_untouched();
    }
}

// An index that makes no sense ends the session, on the receiving and on the sending ring.
static void an_index_that_makes_no_sense_begins_a_new_session(void **state)
{
    (void)state;
    for (int core = 0; core < 2; core++)
        for (int sending = 0; sending < 2; sending++) {
            struct duet_virtqueue *queue = sending ? &side[core].out : &side[core].in;
            uint16_t *index = (uint16_t *)(uintptr_t)(const void *)(queue->theirs + 2);
            uint32_t epoch;

            open_both();
            assert_they_talk();
            epoch = card_of(core)->epoch;
            queue = sending ? &side[core].out : &side[core].in;
            index = (uint16_t *)(uintptr_t)(const void *)(queue->theirs + 2);
            *index = (uint16_t)(*index + 100);
            if (sending)
                for (int i = 0; i < 8 && side[core].is_up; i++)
                    duet_rpmsg_send(&end[core], "x", 1, 0);
            else
                duet_rpmsg_poll(&side[core]);
            assert_int_equal(side[core].refused, 1);
            assert_false(duet_rpmsg_is_up(&side[core]));
            assert_int_equal(card_of(core)->epoch, epoch + 1);
            assert_int_equal(duet_rpmsg_poll(&side[core]), DUET_RESTARTED);
            assert_int_equal(duet_rpmsg_poll(&side[core]), DUET_DOWN);
            settle();
            side[core].refused = 0;
            assert_they_talk();
        }
}

static void a_table_that_is_another_device_is_not_followed(void **state)
{
    static const uint32_t words[] = {0x00, 0x10, 0x18, 0x1C};

    (void)state;
    config[0].sessions = config[1].sessions = 0;
    open_side(0);
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        uint32_t good = *table_word(words[i]);

        *table_word(words[i]) = good + 1;
        open_side(1);
        assert_int_equal(duet_rpmsg_poll(&side[1]), DUET_DOWN);
        *table_word(words[i]) = good;
    }
    STATUS = 3; // not DRIVER_OK yet
    assert_int_equal(duet_rpmsg_poll(&side[1]), DUET_DOWN);
    STATUS = 7;
    assert_int_equal(duet_rpmsg_poll(&side[1]), 0);
}

static void a_remote_without_sessions_hears_of_a_host_that_begins_anew(void **state)
{
    uint8_t cards[64];

    (void)state;
    config[0].sessions = config[1].sessions = 0;
    memcpy(cards, memory + 0x3C0, 64);
    open_both();
    assert_they_talk();
    STATUS = 0;
    assert_int_equal(duet_rpmsg_poll(&side[1]), DUET_RESTARTED);
    assert_int_equal(duet_rpmsg_poll(&side[1]), DUET_DOWN);
    assert_int_equal(STATUS, 0);
    open_side(0);
    create_end(0);
    settle();
    assert_they_talk();
    assert_memory_equal(cards, memory + 0x3C0, 64); // which are not of this wire
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_open_that_cannot_be_right_is_refused),
        TEST(a_layout_that_does_not_fit_never_comes_up),
        TEST(an_open_takes_another_epoch_and_tells),
        TEST(the_first_session_is_no_restart),
        TEST(what_has_no_magic_is_no_peer),
        TEST(the_steps_of_a_restart_of_the_remote),
        TEST(the_steps_of_a_restart_of_the_host),
        TEST(what_had_arrived_in_a_session_goes_with_it),
        TEST(who_waits_while_nobody_is_there_writes_no_ring),
        TEST(an_index_that_makes_no_sense_begins_a_new_session),
        TEST(a_table_that_is_another_device_is_not_followed),
        TEST(a_remote_without_sessions_hears_of_a_host_that_begins_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
