// The wire of Arduino's RPC library, byte for byte, with the independent rings as the M7, and the
// library's own two sides with each other.
#include "rpmsg_pair.h"
#include "simple_rings.h"

#include "duet/rpc.h"

static uint8_t field[0x10000] SHARED;
static struct simple simple;
static struct duet_rpc rpc[2];
static uint8_t raw[64], tty[64];
static uint32_t raw_length, tty_length;

static int add(struct duet_msgpack_reader *params, uint32_t count,
               struct duet_msgpack_writer *result, void *argument)
{
    int64_t a, b;

    (void)argument;
    if (count != 2 || duet_msgpack_get_int(params, &a) != DUET_OK ||
        duet_msgpack_get_int(params, &b) != DUET_OK)
        return DUET_INVALID;
    duet_msgpack_put_int(result, a + b);
    return DUET_OK;
}

static int nothing(struct duet_msgpack_reader *params, uint32_t count,
                   struct duet_msgpack_writer *result, void *argument)
{
    (void)params;
    (void)count;
    (void)result;
    ++*(int *)argument;
    return DUET_OK;
}

static int too_long(struct duet_msgpack_reader *params, uint32_t count,
                    struct duet_msgpack_writer *result, void *argument)
{
    (void)params;
    (void)count;
    (void)argument;
    for (int i = 0; i < 600; i++)
        duet_msgpack_put_nil(result);
    return DUET_OK;
}

static int nothings;
static const struct duet_rpc_method methods[] = {
    {"add", add, NULL}, {"nothing", nothing, &nothings}, {"long", too_long, NULL}};

static void on_raw(struct duet_rpc *r, const void *bytes, uint32_t length)
{
    (void)r;
    memcpy(raw, bytes, length);
    raw_length = length;
}

static void on_tty(struct duet_rpc *r, const void *bytes, uint32_t length)
{
    (void)r;
    memcpy(tty, bytes, length);
    tty_length = length;
}

static const struct duet_rpc_config rpc_config = {
    .methods = methods, .method_count = 3, .raw = on_raw, .tty = on_tty};

static uint32_t raw_address, rpc_address;

// The M7 of the field: takes the announcements, answers with one byte 0 on each endpoint.
static void field_start(void)
{
    static const struct duet_rpmsg_layout *const layout = &duet_rpmsg_layout_arduino;
    uint8_t in[512];
    uint32_t src, dst, capacity;

    memset(field, 0, sizeof(field));
    configure();
    simple_host_start(&simple, field, layout->vring1, layout->vring0, layout->buffers,
                      layout->count, layout->align);
    config[1].sessions = 0;
    config[1].table = field;
    config[1].shared = field + 0x400;
    config[1].size = sizeof(field) - 0x400;
    assert_int_equal(duet_rpmsg_open(&side[1], &config[1]), DUET_OK);
    assert_int_equal(duet_rpc_open(&rpc[1], &side[1], &rpc_config), DUET_OK);
    assert_int_equal(simple_host_receive(&simple, &src, &dst, in), 40);
    assert_string_equal((char *)in, "raw"); // first raw, then rpc
    raw_address = simple_get(in + 32, 4);
    assert_int_equal(simple_host_receive(&simple, &src, &dst, in), 40);
    assert_string_equal((char *)in, "rpc");
    rpc_address = simple_get(in + 32, 4);
    simple_host_send(&simple, 1024, raw_address, "", 1, &capacity);
    simple_host_send(&simple, 1025, rpc_address, "", 1, &capacity);
    duet_rpc_poll(&rpc[1]);
    assert_int_equal(duet_rpc_is_ready(&rpc[1]), 1);
    assert_int_equal(simple_host_receive(&simple, &src, &dst, in), -1);
}

static int ask(const void *request, uint32_t length, uint8_t *in)
{
    uint32_t src, dst, capacity;

    simple_host_send(&simple, 1025, rpc_address, request, length, &capacity);
    duet_rpc_poll(&rpc[1]);
    return simple_host_receive(&simple, &src, &dst, in);
}

static void calls_are_answered_byte_for_byte(void **state)
{
    static const uint8_t call[] = {0x94, 0x00, 0xCE, 0x24, 0x00, 0x12, 0x34,
                                   0xA3, 'a',  'd',  'd',  0x92, 0x01, 0x02};
    static const uint8_t answer[] = {0x94, 0x01, 0xCE, 0x24, 0x00, 0x12, 0x34, 0xC0, 0x03};
    static const uint8_t unknown[] = {0x94, 0x00, 0x07, 0xA1, 'X', 0x93, 1, 2, 3};
    static const uint8_t void_call[] = {0x94, 0x00, 0x08, 0xA7, 'n', 'o',
                                        't',  'h',  'i',  'n',  'g', 0x90};
    const char *error = "rpclib: server could not find function 'X' with argument count 3.";
    uint8_t in[512];

    (void)state;
    field_start();
    assert_int_equal(ask(call, sizeof(call), in), sizeof(answer));
    assert_memory_equal(in, answer, sizeof(answer));
    assert_int_equal(ask(unknown, sizeof(unknown), in), 7 + 2 + strlen(error) + 1);
    assert_memory_equal(in, "\x94\x01\xCE\0\0\0\7\xD9", 8);
    assert_int_equal(in[8], strlen(error));
    assert_memory_equal(in + 9, error, strlen(error));
    assert_int_equal(ask(void_call, sizeof(void_call), in), 9);
    assert_memory_equal(in + 7, "\xC0\xC0", 2); // no error, no result
    duet_host_close(&host);
}

static void notifications_and_raw_bytes_arrive_and_leave(void **state)
{
    static const uint8_t unknown[] = {0x93, 0x02, 0xA1, 'X', 0x90};
    static const uint8_t text[] = {0x93, 0x02, 0xA3, 't', 't', 'y', 0x91, 0xC4, 2, 'h', 'i'};
    uint8_t in[512];
    uint32_t src, dst, capacity;

    (void)state;
    field_start();
    assert_int_equal(ask(unknown, sizeof(unknown), in), -1); // silent
    assert_int_equal(ask(text, sizeof(text), in), -1);
    assert_int_equal(tty_length, 2);
    assert_memory_equal(tty, "hi", 2);
    simple_host_send(&simple, 1024, raw_address, "bytes", 5, &capacity);
    duet_rpc_poll(&rpc[1]);
    assert_memory_equal(raw, "bytes", 5);
    assert_int_equal(duet_rpc_tty(&rpc[1], "ok", 2, 0), DUET_OK);
    assert_int_equal(simple_host_receive(&simple, &src, &dst, in), 11);
    assert_memory_equal(in, "\x93\x02\xA3tty\x91\xC4\x02ok", 11);
    assert_int_equal(dst, 1025);
    assert_int_equal(duet_rpc_raw(&rpc[1], "up", 2, 0), DUET_OK);
    assert_int_equal(simple_host_receive(&simple, &src, &dst, in), 2);
    assert_int_equal(dst, 1024);
    duet_host_close(&host);
}

static void what_is_no_call_is_refused(void **state)
{
    static const uint8_t bad[][6] = {{0},
                                     {0x94},
                                     {0x94, 0x00, 0xCE},
                                     {0x94, 0x00, 0x01, 0xC0, 0x90},
                                     {0x94, 0x03, 1, 2, 3},
                                     {0x95, 0, 1, 2, 3, 4},
                                     {0x94, 0x00, 1, 0xBF, 'a', 0x90}};
    uint8_t in[512];

    (void)state;
    field_start();
    for (uint32_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        for (uint32_t length = 1; length <= 6; length++)
            assert_int_equal(ask(bad[i], length, in), -1);
    assert_int_equal(rpc[1].refused, 6 * sizeof(bad) / sizeof(*bad));
    duet_host_close(&host);
}

static volatile int serving;

static void *serve(void *argument)
{
    (void)argument;
    while (serving)
        duet_rpc_poll(&rpc[1]);
    return NULL;
}

static void the_two_sides_call_each_other(void **state)
{
    struct duet_msgpack_writer writer;
    struct duet_msgpack_reader result;
    const char *error;
    uint32_t length;
    int64_t sum;
    pthread_t thread;

    (void)state;
    configure();
    for (int core = 0; core < 2; core++) {
        duet_rpmsg_open(&side[core], &config[core]);
        duet_rpc_open(&rpc[core], &side[core], &rpc_config);
    }
    for (int i = 0; i < 6; i++) {
        duet_rpc_poll(&rpc[0]);
        duet_rpc_poll(&rpc[1]);
    }
    assert_int_equal(duet_rpc_is_ready(&rpc[0]) && duet_rpc_is_ready(&rpc[1]), 1);
    serving = 1;
    pthread_create(&thread, NULL, serve, NULL);
    for (int64_t i = 0; i < 500; i++) {
        duet_rpc_begin(&rpc[0], &writer, "add", 2);
        duet_msgpack_put_int(&writer, i);
        duet_msgpack_put_int(&writer, -70000);
        assert_int_equal(duet_rpc_call(&rpc[0], &writer, &result, 5000000), DUET_OK);
        assert_int_equal(duet_msgpack_get_int(&result, &sum), DUET_OK);
        assert_true(sum == i - 70000);
    }
    duet_rpc_begin(&rpc[0], &writer, "long", 0);
    assert_int_equal(duet_rpc_call(&rpc[0], &writer, &result, 5000000), DUET_RPC_FAILED);
    assert_int_equal(duet_msgpack_get_string(&result, &error, &length), DUET_OK);
    serving = 0;
    pthread_join(thread, NULL);

    uint32_t before = host.port[0].clock(&host.port[0]);

    duet_rpc_begin(&rpc[0], &writer, "add", 0);
    assert_int_equal(duet_rpc_call(&rpc[0], &writer, &result, 20000), DUET_TIMEOUT);
    assert_in_range(host.port[0].clock(&host.port[0]) - before, 20000, 2000000);
    duet_host_close(&host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_are_answered_byte_for_byte),
        cmocka_unit_test(notifications_and_raw_bytes_arrive_and_leave),
        cmocka_unit_test(what_is_no_call_is_refused),
        cmocka_unit_test(the_two_sides_call_each_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
