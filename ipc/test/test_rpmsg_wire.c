// The library against the independent implementation of simple_rings.h, in both roles, in both layouts
// that are in the field.
#include "pair.h"
#include "simple_rings.h"

#include "duet/rpmsg.h"

static struct duet_host host;
static uint8_t memory[0x10000] SHARED;
static struct simple simple;
static struct duet_rpmsg rpmsg;
static struct duet_rpmsg_config config;
static const struct duet_rpmsg_layout *layouts[] = {&duet_rpmsg_layout_st,
                                                    &duet_rpmsg_layout_arduino};

static int setup(void **state)
{
    (void)state;
    memset(memory, 0xB7, sizeof(memory));
    duet_host_open(&host);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    duet_host_close(&host);
    return 0;
}

static void open_as(const struct duet_rpmsg_role *role, const struct duet_rpmsg_layout *layout)
{
    config = (struct duet_rpmsg_config){.memory = memory_of(&host, !role->is_host),
                                        .role = role,
                                        .table = memory,
                                        .shared = memory + 0x400,
                                        .size = sizeof(memory) - 0x400,
                                        .address = SIMPLE_BASE,
                                        .layout = role->is_host ? layout : NULL};
    assert_int_equal(duet_rpmsg_open(&rpmsg, &config), DUET_OK);
}

static void start_simple_host(const struct duet_rpmsg_layout *layout)
{
    simple_host_start(&simple, memory, layout->vring1, layout->vring0, layout->buffers,
                      layout->count, layout->align);
}

static void echo(struct duet_endpoint *endpoint, void *data, uint32_t length, uint32_t source)
{
    uint8_t copy[512];

    memcpy(copy, data, length);
    assert_int_equal(duet_rpmsg_send_to(endpoint, source, copy, length, 0), DUET_OK);
}

static void the_table_and_rings_are_where_the_field_has_them(void **state)
{
    const uint32_t used[] = {80, 1184}, avail[] = {64, 1024};

    (void)state;
    for (int i = 0; i < 2; i++) {
        uint8_t *vring0 = memory + 0x400 + layouts[i]->vring0;

        memset(memory, 0xB7, sizeof(memory));
        open_as(&duet_rpmsg_host, layouts[i]);
        assert_int_equal(simple_get(memory, 4), 1);
        assert_int_equal(simple_get(memory + 4, 4), 1);
        assert_int_equal(simple_get(memory + 8, 4), 0); // OpenAMP refuses a table without
        assert_int_equal(simple_get(memory + 12, 4), 0);
        assert_int_equal(simple_get(memory + 0x10, 4), 0x18);
        assert_int_equal(simple_get(memory + 0x18, 4), 3);
        assert_int_equal(simple_get(memory + 0x1C, 4), 7);
        assert_int_equal(simple_get(memory + 0x24, 4), 1); // name service
        assert_int_equal(memory[0x30], 7);                 // DRIVER_OK among them
        assert_int_equal(memory[0x31], 2);
        assert_int_equal(simple_get(memory + 0x34, 4), SIMPLE_BASE + layouts[i]->vring0);
        assert_int_equal(simple_get(memory + 0x48, 4), SIMPLE_BASE + layouts[i]->vring1);
        assert_int_equal(simple_get(memory + 0x3C, 4), layouts[i]->count);
        // vring0 is prefilled: as many available as there are, none used
        assert_int_equal(simple_get(vring0 + avail[i] + 2, 2), layouts[i]->count);
        assert_int_equal(simple_get(vring0 + used[i] + 2, 2), 0);
        assert_int_equal(simple_get(vring0, 4), SIMPLE_BASE + layouts[i]->buffers);
        assert_int_equal(simple_get(vring0 + 8, 4), 512);
        assert_int_equal(simple_get(vring0 + 12, 2), 2);
    }
}

// 5000 messages of all lengths, so that rings and 16-bit indices wrap where they can.
static void echo_many_from_simple_host(uint32_t address)
{
    uint8_t out[496], in[512];
    uint32_t src, dst, capacity;

    for (uint32_t i = 0; i < 5000; i++) {
        uint32_t length = i * 7 % 497;

        fill_pattern(out, length, i);
        assert_int_equal(simple_host_send(&simple, 77, address, out, length, &capacity), 1);
        assert_int_equal(capacity, 512);
        assert_int_equal(duet_rpmsg_poll(&rpmsg), 1);
        assert_int_equal(simple_host_receive(&simple, &src, &dst, in), length);
        assert_pattern(in, length, i);
        assert_int_equal(src, address);
        assert_int_equal(dst, 77);
    }
}

static void the_remote_announces_answers_and_withdraws(void **state)
{
    struct duet_endpoint endpoint;
    uint8_t in[512];
    uint32_t src, dst;

    (void)state;
    for (int i = 0; i < 2; i++) {
        memset(memory, 0, sizeof(memory));
        open_as(&duet_rpmsg_remote, NULL);
        assert_int_equal(duet_rpmsg_create_endpoint(&rpmsg, &endpoint, "openamp_pingpong_demo",
                                                    DUET_RPMSG_ANY, DUET_RPMSG_ANY, echo),
                         DUET_OK);
        assert_int_equal(duet_rpmsg_poll(&rpmsg), DUET_DOWN);
        start_simple_host(layouts[i]);
        assert_int_equal(duet_rpmsg_poll(&rpmsg), 0);
        assert_int_equal(simple_host_receive(&simple, &src, &dst, in), 40);
        assert_int_equal(dst, 53);
        assert_string_equal((char *)in, "openamp_pingpong_demo");
        assert_int_equal(simple_get(in + 32, 4), 1024);
        assert_int_equal(simple_get(in + 36, 4), 0);
        assert_int_equal(simple_host_receive(&simple, &src, &dst, in), -1);
        echo_many_from_simple_host(1024);
        assert_int_equal(endpoint.peer, 77); // learnt from the first message
        duet_rpmsg_destroy_endpoint(&endpoint);
        assert_int_equal(simple_host_receive(&simple, &src, &dst, in), 40);
        assert_int_equal(simple_get(in + 36, 4), 1);
    }
}

static uint32_t served_address;
static int served_end;
static struct duet_endpoint created;

static void service(struct duet_rpmsg *r, const char *name, uint32_t address, int destroyed)
{
    assert_string_equal(name, "raw");
    served_address = address;
    served_end = destroyed;
    if (!destroyed)
        duet_rpmsg_create_endpoint(r, &created, name, DUET_RPMSG_ANY, address, echo);
}

static void the_host_binds_services_and_answers(void **state)
{
    uint8_t name[40] = "raw", out[496], in[512];
    uint32_t src, dst;

    (void)state;
    for (int i = 0; i < 2; i++) {
        open_as(&duet_rpmsg_host, layouts[i]);
        config.service = service;
        simple_remote_start(&simple, memory);
        simple_put(name + 32, 4, 1030);
        simple_put(name + 36, 4, 0);
        assert_int_equal(simple_remote_send(&simple, 1030, 53, name, 40), 1);
        duet_rpmsg_poll(&rpmsg);
        assert_int_equal(served_address, 1030);
        assert_int_equal(created.peer, 1030);
        assert_int_equal(duet_rpmsg_send(&created, "", 1, 0), DUET_OK); // the byte 0 to begin with
        assert_int_equal(simple_remote_receive(&simple, &src, &dst, in), 1);
        assert_int_equal(dst, 1030);
        for (uint32_t n = 0; n < 5000; n++) {
            uint32_t length = n * 11 % 497;

            fill_pattern(out, length, n);
            assert_int_equal(simple_remote_send(&simple, 1030, created.address, out, length), 1);
            assert_int_equal(duet_rpmsg_poll(&rpmsg), 1);
            assert_int_equal(simple_remote_receive(&simple, &src, &dst, in), length);
            assert_pattern(in, length, n);
        }
        simple_put(name + 36, 4, 1);
        simple_remote_send(&simple, 1030, 53, name, 40);
        duet_rpmsg_poll(&rpmsg);
        assert_int_equal(served_end, 1);
        assert_int_equal(created.peer, DUET_RPMSG_ANY); // until it is announced again
    }
}

static void a_full_ring_ends_a_send_in_time_and_too_long_is_refused(void **state)
{
    struct duet_endpoint endpoint;
    uint8_t out[497] = {0}, in[512];
    uint32_t src, dst, buffers[] = {4, 46}; // Arduino's pool holds 110 of 128

    (void)state;
    for (int i = 0; i < 2; i++) {
        open_as(&duet_rpmsg_host, layouts[i]);
        simple_remote_start(&simple, memory);
        duet_rpmsg_create_endpoint(&rpmsg, &endpoint, NULL, 5, 6, echo);
        assert_int_equal(duet_rpmsg_send(&endpoint, out, 497, 0), DUET_TOO_LARGE);
        assert_int_equal(simple_remote_receive(&simple, &src, &dst, in), -1);
        for (uint32_t n = 0; n < buffers[i]; n++)
            assert_int_equal(duet_rpmsg_send(&endpoint, out, 496, 0), DUET_OK);

        uint32_t start = host.port[0].clock(&host.port[0]);

        assert_int_equal(duet_rpmsg_send(&endpoint, out, 1, 10000), DUET_TIMEOUT);
        assert_in_range(host.port[0].clock(&host.port[0]) - start, 10000, 2000000);
        assert_int_equal(simple_remote_receive(&simple, &src, &dst, in), 496);
        assert_int_equal(duet_rpmsg_send(&endpoint, out, 1, 0), DUET_OK);
    }
}

static void an_oversized_send_of_the_remote_costs_no_buffer(void **state)
{
    struct duet_endpoint endpoint;
    uint8_t out[600] = {0}, in[512];
    uint32_t src, dst;

    (void)state;
    open_as(&duet_rpmsg_remote, NULL);
    start_simple_host(layouts[0]);
    duet_rpmsg_create_endpoint(&rpmsg, &endpoint, NULL, 5, 6, echo);
    duet_rpmsg_poll(&rpmsg);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(duet_rpmsg_send(&endpoint, out, 497, 0), DUET_TOO_LARGE);
        assert_int_equal(duet_rpmsg_send(&endpoint, out, 3, 0), DUET_OK);
        assert_int_equal(simple_host_receive(&simple, &src, &dst, in), 3);
    }
}

static uint32_t delivered;

static void count_only(struct duet_endpoint *endpoint, void *data, uint32_t length, uint32_t source)
{
    const volatile uint8_t *bytes = data;

    (void)endpoint;
    (void)source;
    for (uint32_t i = 0; i < length; i++)
        (void)bytes[i]; // the sanitizer sees whether all of it may be read
    delivered++;
}

static void words_that_make_no_sense_are_refused_and_the_rest_goes_on(void **state)
{
    struct duet_endpoint endpoint;
    uint32_t bad[] = {0, 4, 0x37FFFFFF, 0x38000402, 0x38010000, 0x3800FFFC, UINT32_MAX};
    uint32_t capacity;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        memset(memory, 0, sizeof(memory));
        start_simple_host(layouts[0]);
        open_as(&duet_rpmsg_remote, NULL);
        duet_rpmsg_create_endpoint(&rpmsg, &endpoint, NULL, 5, 6, count_only);
        assert_int_equal(duet_rpmsg_poll(&rpmsg), 0);
        delivered = 0;
        simple_host_send(&simple, 6, 5, "good", 4, &capacity);
        simple_host_send(&simple, 6, 5, "bad", 3, &capacity);
        simple_put(simple_descriptor(&simple.to_remote, 1), 4, bad[i]); // its address
        duet_rpmsg_poll(&rpmsg);
        assert_int_equal(delivered, 1);
        simple_host_send(&simple, 6, 5, "good", 4, &capacity);
        simple_put(simple_descriptor(&simple.to_remote, 2) + 8, 4, 0xFF00); // its length
        duet_rpmsg_poll(&rpmsg);
        simple_host_send(&simple, 6, 5, "good", 4, &capacity);
        simple_put(memory + 0x400 + 0x800 + 7 * 512 + 12, 2, 0xFFFF); // the message's
        duet_rpmsg_poll(&rpmsg);
        simple_put(simple_avail(&simple.to_remote) + 2, 2, 1000); // an index from nowhere
        duet_rpmsg_poll(&rpmsg);
        assert_int_equal(delivered, 1);
        assert_true(rpmsg.refused >= 3);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_table_and_rings_are_where_the_field_has_them),
        TEST(the_remote_announces_answers_and_withdraws),
        TEST(the_host_binds_services_and_answers),
        TEST(a_full_ring_ends_a_send_in_time_and_too_long_is_refused),
        TEST(an_oversized_send_of_the_remote_costs_no_buffer),
        TEST(words_that_make_no_sense_are_refused_and_the_rest_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
