// What the library's two sides do together.
#include "rpmsg_pair.h"

static struct duet_endpoint here, there;
static char last[600];
static uint32_t count;

static int setup(void **state)
{
    (void)state;
    memset(memory, 0x4E, sizeof(memory));
    configure();
    for (int core = 0; core < 2; core++)
        assert_int_equal(duet_rpmsg_open(&side[core], &config[core]), DUET_OK);
    count = 0;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    duet_host_close(&host);
    return 0;
}

static void keep(struct duet_endpoint *endpoint, void *data, uint32_t length, uint32_t source)
{
    (void)endpoint;
    (void)source;
    memcpy(last, data, length);
    last[length] = 0;
    count++;
}

static void create_pair(const char *name)
{
    assert_int_equal(
        duet_rpmsg_create_endpoint(&side[0], &here, name, DUET_RPMSG_ANY, DUET_RPMSG_ANY, keep),
        DUET_OK);
    assert_int_equal(
        duet_rpmsg_create_endpoint(&side[1], &there, name, DUET_RPMSG_ANY, DUET_RPMSG_ANY, keep),
        DUET_OK);
    settle();
}

static void names_find_each_other_and_both_directions_work(void **state)
{
    (void)state;
    create_pair("console");
    assert_int_equal(here.peer, there.address);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(duet_rpmsg_send(&here, "down", 4, 0), DUET_OK);
        assert_int_equal(duet_rpmsg_poll(&side[1]), 1);
        assert_string_equal(last, "down");
        assert_int_equal(duet_rpmsg_send(&there, "up", 2, 0), DUET_OK);
        assert_int_equal(duet_rpmsg_poll(&side[0]), 1);
        assert_string_equal(last, "up");
    }
}

static void a_sender_that_does_not_wait_is_not_rung_for_its_buffer(void **state)
{
    unsigned long rings;
    uint32_t capacity;

    (void)state;
    create_pair("console");
    for (int core = 0; core < 2; core++) {
        rings = host.core[core].rings;
        assert_int_equal(duet_rpmsg_send(core ? &there : &here, "x", 1, 0), DUET_OK);
        assert_int_equal(duet_rpmsg_poll(&side[!core]), 1);
        assert_int_equal(host.core[core].rings, rings);
        while (duet_rpmsg_get_buffer(core ? &there : &here, &capacity, 1)) // the last look waits
            continue;
        assert_int_equal(host.core[core].rings, rings);
    }
}

static void addresses_are_unique(void **state)
{
    struct duet_endpoint a, b, c;

    (void)state;
    settle();
    assert_int_equal(duet_rpmsg_create_endpoint(&side[0], &a, NULL, 1024, 9, keep), DUET_OK);
    assert_int_equal(duet_rpmsg_create_endpoint(&side[0], &b, NULL, DUET_RPMSG_ANY, 9, keep),
                     DUET_OK);
    assert_int_equal(b.address, 1025);
    assert_int_equal(duet_rpmsg_create_endpoint(&side[0], &c, NULL, 1024, 9, keep), DUET_INVALID);
    assert_int_equal(duet_rpmsg_create_endpoint(&side[0], &c, NULL, 53, 9, keep), DUET_INVALID);
}

static char order[8];

static void note_order(struct duet_endpoint *endpoint, void *data, uint32_t length, uint32_t source)
{
    (void)data;
    (void)length;
    (void)source;
    order[count++] = *(const char *)endpoint->argument;
}

static void the_urgent_endpoint_is_served_first_and_has_buffers(void **state)
{
    struct duet_endpoint bulk, urgent, bulk_out, urgent_out;

    (void)state;
    config[0].reserve = 1;
    settle();
    duet_rpmsg_create_endpoint(&side[1], &bulk, NULL, 10, 10, note_order);
    duet_rpmsg_create_endpoint(&side[1], &urgent, NULL, 11, 11, note_order);
    duet_rpmsg_create_endpoint(&side[0], &bulk_out, NULL, 10, 10, keep);
    duet_rpmsg_create_endpoint(&side[0], &urgent_out, NULL, 11, 11, keep);
    bulk.argument = "b";
    urgent.argument = "u";
    urgent.priority = urgent_out.priority = 0;
    for (int i = 0; i < 3; i++)
        assert_int_equal(duet_rpmsg_send(&bulk_out, "b", 1, 0), DUET_OK);
    assert_int_equal(duet_rpmsg_send(&bulk_out, "b", 1, 0), DUET_TIMEOUT); // the last is not its
    assert_int_equal(duet_rpmsg_send(&urgent_out, "u", 1, 0), DUET_OK);
    assert_int_equal(duet_rpmsg_poll(&side[1]), 4);
    assert_memory_equal(order, "ubbb", 4);
}

static void *held;

static void hold_it(struct duet_endpoint *endpoint, void *data, uint32_t length, uint32_t source)
{
    (void)length;
    (void)source;
    held = data;
    duet_rpmsg_hold(endpoint);
}

static void zero_copy_both_ways(void **state)
{
    uint32_t capacity;

    (void)state;
    create_pair("nocopy");
    there.callback = hold_it;
    for (int i = 0; i < 50; i++) {
        char *buffer = duet_rpmsg_get_buffer(&here, &capacity, 0);

        assert_non_null(buffer);
        assert_int_equal(duet_rpmsg_drop_buffer(&here, buffer), DUET_OK);
        assert_int_equal(duet_rpmsg_send_buffer(&here, buffer, 4), DUET_INVALID);
        buffer = duet_rpmsg_get_buffer(&here, &capacity, 0);
        assert_int_equal(capacity, 496);
        memset(buffer, i, 496);
        assert_int_equal(duet_rpmsg_send_buffer(&here, buffer, 497), DUET_TOO_LARGE);
        assert_int_equal(duet_rpmsg_send_buffer(&here, buffer + 1, 4), DUET_INVALID);
        assert_int_equal(duet_rpmsg_send_buffer(&here, buffer, 496), DUET_OK);
        assert_int_equal(duet_rpmsg_send_buffer(&here, buffer, 496), DUET_INVALID); // not twice
        assert_int_equal(duet_rpmsg_poll(&side[1]), 1);
        assert_ptr_equal(held, buffer); // the same bytes, not a copy
        assert_int_equal(duet_rpmsg_release(&there, held), DUET_OK);
        assert_int_equal(duet_rpmsg_release(&there, held), DUET_INVALID);
    }
}

static uint8_t big[5000], built[5000];
static uint32_t built_bytes, pieces, errors;

static void build(struct duet_rpmsg_stream *stream, const void *data, uint32_t length,
                  uint32_t offset, uint32_t total, int status)
{
    (void)stream;
    if (status != DUET_OK) {
        errors++;
        return;
    }
    assert_true(offset + length <= total && total <= sizeof(built));
    memcpy(built + offset, data, length);
    built_bytes = offset + length;
    pieces++;
}

static void *serve_remote(void *argument)
{
    uint32_t *wanted = argument;

    while (__atomic_load_n(&built_bytes, __ATOMIC_RELAXED) < *wanted)
        duet_rpmsg_poll(&side[1]);
    return NULL;
}

static void a_stream_carries_any_length_and_reports_a_gap(void **state)
{
    struct duet_rpmsg_stream out, in;
    pthread_t thread;
    uint32_t lengths[] = {1, 487, 488, 489, 976, 5000};

    (void)state;
    settle();
    duet_rpmsg_create_stream(&side[0], &out, NULL, 20, 21, build);
    duet_rpmsg_create_stream(&side[1], &in, NULL, 21, 20, build);
    for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
        fill_pattern(big, lengths[i], (uint32_t)i);
        built_bytes = pieces = errors = 0;
        pthread_create(&thread, NULL, serve_remote, &lengths[i]);
        assert_int_equal(duet_rpmsg_stream_send(&out, big, lengths[i], 5000000), DUET_OK);
        pthread_join(thread, NULL);
        assert_pattern(built, lengths[i], (uint32_t)i);
        assert_int_equal(pieces, (lengths[i] + 487) / 488);
        assert_int_equal(errors, 0);
    }

    uint32_t fragment[4] = {100, 0, 1, 2}; // 8 bytes of 100, and then a piece from elsewhere

    duet_rpmsg_send(&out.endpoint, fragment, 16, 0);
    fragment[1] = 50;
    duet_rpmsg_send(&out.endpoint, fragment, 16, 0);
    duet_rpmsg_poll(&side[1]);
    assert_int_equal(errors, 1);
}

static void either_side_restarts_and_they_talk_again(void **state)
{
    (void)state;
    create_pair("console");
    for (int round = 0; round < 10; round++) {
        int dead = round % 2;
        struct duet_endpoint *old = dead ? &there : &here;

        assert_int_equal(duet_rpmsg_send(&here, "old", 3, 0), DUET_OK);
        duet_rpmsg_open(&side[dead], &config[dead]);
        assert_int_equal(duet_rpmsg_poll(&side[!dead]), DUET_RESTARTED);
        duet_rpmsg_create_endpoint(&side[dead], old, "console", DUET_RPMSG_ANY, DUET_RPMSG_ANY,
                                   keep);
        settle();
        count = 0;
        assert_int_equal(here.peer, there.address);
        assert_int_equal(duet_rpmsg_send(&here, "new", 3, 0), DUET_OK);
        duet_rpmsg_poll(&side[1]);
        assert_int_equal(count, 1);
        assert_string_equal(last, "new");
        assert_int_equal(duet_rpmsg_send(&there, "back", 4, 0), DUET_OK);
        duet_rpmsg_poll(&side[0]);
        assert_string_equal(last, "back");
    }
}

static void maintained_memory_is_refused(void **state)
{
    (void)state;
    config[0].memory.policy = DUET_MAINTAINED;
    assert_int_equal(duet_rpmsg_open(&side[0], &config[0]), DUET_INVALID);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_find_each_other_and_both_directions_work),
        TEST(a_sender_that_does_not_wait_is_not_rung_for_its_buffer),
        TEST(addresses_are_unique),
        TEST(the_urgent_endpoint_is_served_first_and_has_buffers),
        TEST(zero_copy_both_ways),
        TEST(a_stream_carries_any_length_and_reports_a_gap),
        TEST(either_side_restarts_and_they_talk_again),
        TEST(maintained_memory_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
