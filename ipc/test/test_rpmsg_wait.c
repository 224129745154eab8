// Calls that wait: for a buffer, for a peer to be known; and buffers that a session outlived.
#include "rpmsg_session_pair.h"

static struct duet_notify notify[2];

static void open_both_with_notification(void)
{
    static struct duet_notify_shared shared;
    static struct duet_notify_config notify_config[2];

    for (uint32_t core = 0; core < 2; core++) {
        notify_config[core] =
            (struct duet_notify_config){.memory = memory_of(&host, core), .shared = &shared};
        assert_int_equal(duet_notify_open(&notify[core], &notify_config[core]), DUET_OK);
        config[core].notify = &notify[core];
        config[core].line = 3;
    }
    open_both();
}

static uint16_t *flags_of(int core)
{
    return (uint16_t *)(void *)side[core].out.mine;
}

static uint32_t waits;

static void the_peer_gives_back(const struct duet_port *port, uint32_t timeout_us)
{
    assert_true(timeout_us > 0);
    assert_int_equal(*flags_of((int)port->core) & 1, 0); // it is asked to ring
    waits++;
    if (waits == 2)
        duet_rpmsg_poll(&side[!port->core]);
}

// Who waits for a buffer asks to be rung, sleeps, and no longer asks when it has one.
static void a_wait_for_a_buffer_asks_and_sleeps(void **state)
{
    (void)state;
    open_both_with_notification();
    for (int core = 0; core < 2; core++) {
        assert_int_equal(*flags_of(core) & 1, 1);
        while (duet_rpmsg_send(&end[core], "x", 1, 0) == DUET_OK)
            continue;
        assert_int_equal(*flags_of(core) & 1, 1); // a call that does not wait does not ask
        duet_notify_take(&notify[core], UINT32_MAX);
        waits = 0;
        host.port[core].wait = the_peer_gives_back;
        assert_int_equal(duet_rpmsg_send(&end[core], "y", 1, 1000000), DUET_OK);
        assert_int_equal(waits, 2);
        assert_int_equal(*flags_of(core) & 1, 1);
        host.port[core].wait = NULL;
        duet_rpmsg_poll(&side[!core]);
    }
}

// A send that has to learn its peer first: it is served meanwhile, told of a restart, and bounded.
static void the_peer_names_itself(const struct duet_port *port, uint32_t timeout_us)
{
    (void)timeout_us;
    waits++;
    if (waits == 2)
        duet_rpmsg_send_to(&end[!port->core], end[port->core].address, "me", 2, 0);
}

static void the_peer_restarts(const struct duet_port *port, uint32_t timeout_us)
{
    (void)timeout_us;
    waits++;
    open_side(!port->core);
}

static int status_in_callback;

static void send_to_nobody_known(void)
{
    struct duet_endpoint lone;

    in_callback = NULL;
    duet_rpmsg_create_endpoint(&side[0], &lone, "lone", DUET_RPMSG_ANY, DUET_RPMSG_ANY, hear);
    status_in_callback = duet_rpmsg_send(&lone, "x", 1, 1000000);
    duet_rpmsg_destroy_endpoint(&lone);
}

static void a_send_to_a_peer_that_is_not_known_yet(void **state)
{
    (void)state;
    open_both_with_notification();
    duet_notify_take(&notify[0], UINT32_MAX);
    end[0].peer = DUET_RPMSG_ANY;
    assert_int_equal(duet_rpmsg_send(&end[0], "x", 1, 0), DUET_TIMEOUT);
    waits = 0;
    host.port[0].wait = the_peer_names_itself;
    assert_int_equal(duet_rpmsg_send(&end[0], "x", 1, 10000000), DUET_OK);
    assert_int_equal(waits, 2);
    assert_int_equal(end[0].peer, end[1].address);

    uint32_t capacity;
    void *buffer = duet_rpmsg_get_buffer(&end[0], &capacity, 0);

    assert_non_null(buffer);
    end[0].peer = DUET_RPMSG_ANY;
    assert_int_equal(duet_rpmsg_send_buffer(&end[0], buffer, 1), DUET_DOWN);
    assert_int_equal(duet_rpmsg_drop_buffer(&end[0], buffer), DUET_OK);
    assert_int_equal(duet_rpmsg_drop_buffer(&end[0], buffer), DUET_INVALID);

    in_callback = send_to_nobody_known;
    duet_rpmsg_send_to(&end[1], end[0].address, "x", 1, 0);
    assert_int_equal(duet_rpmsg_poll(&side[0]), 1);
    assert_int_equal(status_in_callback, DUET_DOWN); // it is not kept in a callback

    end[0].peer = DUET_RPMSG_ANY;
    waits = 0;
    host.port[0].wait = the_peer_restarts;
    assert_int_equal(duet_rpmsg_send(&end[0], "x", 1, 10000000), DUET_RESTARTED);
    assert_int_equal(waits, 1);
}

// A buffer that was got before the peer restarted is nobody's, and is neither sent nor dropped.
static void a_buffer_of_a_session_before_is_refused(void **state)
{
    (void)state;
    for (int core = 0; core < 2; core++) {
        uint32_t capacity;
        void *buffer;

        open_both();
        assert_they_talk();
        buffer = duet_rpmsg_get_buffer(&end[core], &capacity, 0);
        assert_non_null(buffer);
        remember_rings();
        open_side(!core);
        assert_int_equal(duet_rpmsg_send_buffer(&end[core], buffer, 1), DUET_DOWN);
        assert_int_equal(duet_rpmsg_send_buffer(&end[core], buffer, 1), DUET_INVALID);
        assert_int_equal(duet_rpmsg_drop_buffer(&end[core], buffer), DUET_INVALID);
        assert_rings_are_untouched();
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_wait_for_a_buffer_asks_and_sleeps),
        TEST(a_send_to_a_peer_that_is_not_known_yet),
        TEST(a_buffer_of_a_session_before_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
