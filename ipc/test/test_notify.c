#include "pair.h"

#include "duet/notify.h"

struct fixture {
    struct duet_host host;
    struct duet_notify_shared shared;
    struct duet_notify_config config[2];
    struct duet_notify notify[2];
};

static int setup(void **state)
{
    struct fixture *f = aligned_alloc(DUET_LINE, (sizeof(*f) + 31) / 32 * 32);

    memset(f, 0, sizeof(*f));
    memset(&f->shared, 0xA5, sizeof(f->shared)); // what a memory holds at power-on
    duet_host_open(&f->host);
    for (uint32_t core = 0; core < 2; core++)
        f->config[core] =
            (struct duet_notify_config){.memory = memory_of(&f->host, core), .shared = &f->shared};
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    duet_host_close(&f->host);
    free(f);
    return 0;
}

static void open_both(struct fixture *f)
{
    for (int core = 0; core < 2; core++)
        assert_int_equal(duet_notify_open(&f->notify[core], &f->config[core]), DUET_OK);
    for (int core = 0; core < 2; core++)
        duet_notify_take(&f->notify[core], UINT32_MAX);
}

static void everything_is_pending_once_after_open_in_both_orders(void **state)
{
    struct fixture *f = *state;

    for (int first = 0; first < 2; first++) {
        memset(&f->shared, 0x5A + first, sizeof(f->shared));
        duet_notify_open(&f->notify[first], &f->config[first]);
        assert_int_equal(duet_notify_take(&f->notify[first], UINT32_MAX), UINT32_MAX);
        duet_notify_open(&f->notify[!first], &f->config[!first]);
        assert_int_equal(duet_notify_take(&f->notify[!first], UINT32_MAX), UINT32_MAX);
        assert_int_equal(duet_notify_take(&f->notify[!first], UINT32_MAX), 0);
    }
}

static void a_raise_is_taken_once_by_the_other_core_alone(void **state)
{
    struct fixture *f = *state;

    open_both(f);
    duet_notify_raise(&f->notify[0], 3);
    duet_notify_raise(&f->notify[0], 31);
    assert_int_equal(duet_notify_pending(&f->notify[1], UINT32_MAX), 1u << 3 | 1u << 31);
    assert_int_equal(duet_notify_take(&f->notify[0], UINT32_MAX), 0);
    assert_int_equal(duet_notify_take(&f->notify[1], 1u << 3), 1u << 3);
    assert_int_equal(duet_notify_take(&f->notify[1], UINT32_MAX), 1u << 31);
    assert_int_equal(duet_notify_take(&f->notify[1], UINT32_MAX), 0);
    duet_notify_raise(&f->notify[0], 32); // no such line
    assert_int_equal(duet_notify_take(&f->notify[1], UINT32_MAX), 0);
}

static void raising_a_pending_line_rings_no_second_time(void **state)
{
    struct fixture *f = *state;

    open_both(f);

    unsigned long before = f->host.core[1].rings;

    for (int i = 0; i < 10; i++)
        duet_notify_raise(&f->notify[0], 5);
    assert_int_equal(f->host.core[1].rings - before, 1);
    assert_int_equal(duet_notify_take(&f->notify[1], UINT32_MAX), 1u << 5);
    duet_notify_raise(&f->notify[0], 5);
    assert_int_equal(f->host.core[1].rings - before, 2);
}

static uint32_t handled_line, handled_times;
static struct fixture *handled_fixture;

static void handler(void *argument, uint32_t line)
{
    assert_ptr_equal(argument, &handled_line);
    handled_line = line;
    handled_times++;
    if (handled_times == 1) // an event that comes while the first is looked at
        duet_notify_raise(&handled_fixture->notify[0], line);
}

static void a_raise_during_the_handler_is_a_new_event(void **state)
{
    struct fixture *f = *state;
    struct duet_notify_entry entries[3] = {[2] = {.handler = handler, .argument = &handled_line}};

    f->config[1].entries = entries;
    f->config[1].entry_count = 3;
    open_both(f);
    handled_fixture = f;
    handled_times = 0;
    duet_notify_raise(&f->notify[0], 2);
    duet_notify_raise(&f->notify[0], 7);
    duet_notify_interrupt(&f->notify[1]);
    assert_int_equal(handled_times, 1);
    duet_notify_interrupt(&f->notify[1]);
    assert_int_equal(handled_times, 2);
    assert_int_equal(handled_line, 2);
    duet_notify_interrupt(&f->notify[1]);
    assert_int_equal(handled_times, 2);
    assert_int_equal(duet_notify_take(&f->notify[1], UINT32_MAX), 1u << 7); // kept for a thread
}

static void a_wait_keeps_its_bound_with_a_dead_peer(void **state)
{
    struct fixture *f = *state;

    open_both(f);

    const struct duet_port *port = &f->host.port[0];
    uint32_t start = port->clock(port);

    assert_int_equal(duet_notify_wait(&f->notify[0], 1, 20000), 0);

    uint32_t took = port->clock(port) - start;

    assert_in_range(took, 20000, 2000000);
}

static void *answer_every_event(void *argument)
{
    struct fixture *f = argument;

    for (int i = 0; i < 20000; i++) {
        if (!duet_notify_wait(&f->notify[1], 1, 5000000))
            return "an event was lost on its way to core 1";
        duet_notify_raise(&f->notify[1], 9);
    }
    return NULL;
}

static void twenty_thousand_round_trips_between_threads_lose_nothing(void **state)
{
    struct fixture *f = *state;
    pthread_t thread;
    void *complaint;

    open_both(f);
    pthread_create(&thread, NULL, answer_every_event, f);
    for (int i = 0; i < 20000; i++) {
        duet_notify_raise(&f->notify[0], 0);
        assert_int_equal(duet_notify_wait(&f->notify[0], 1u << 9, 5000000), 1u << 9);
    }
    pthread_join(thread, &complaint);
    assert_null(complaint);
}

static void a_bad_configuration_touches_nothing(void **state)
{
    struct fixture *f = *state;
    struct duet_notify_shared before = f->shared;
    struct duet_notify_config bad = f->config[0];

    bad.entry_count = 33;
    assert_int_equal(duet_notify_open(&f->notify[0], &bad), DUET_INVALID);
    bad = f->config[0];
    bad.shared = (struct duet_notify_shared *)(void *)((uint8_t *)&f->shared + 4);
    assert_int_equal(duet_notify_open(&f->notify[0], &bad), DUET_INVALID);
    assert_memory_equal(&before, &f->shared, sizeof(before));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(everything_is_pending_once_after_open_in_both_orders, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_raise_is_taken_once_by_the_other_core_alone, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(raising_a_pending_line_rings_no_second_time, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_raise_during_the_handler_is_a_new_event, setup, teardown),
        cmocka_unit_test_setup_teardown(a_wait_keeps_its_bound_with_a_dead_peer, setup, teardown),
        cmocka_unit_test_setup_teardown(twenty_thousand_round_trips_between_threads_lose_nothing,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_bad_configuration_touches_nothing, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
