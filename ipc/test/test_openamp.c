// ST's ping-pong over the façade: a counter to 100 with an M7 that is the independent implementation.
#include "pair.h"
#include "simple_rings.h"

#include "duet/openamp.h"

#undef OPENAMP_TICK_TIMEOUT_US

static struct duet_host host;
static uint8_t memory[0x10000] SHARED;
static struct simple simple;

const struct duet_rpmsg_config duet_openamp_config = {
    .memory = {.port = &host.port[1], .policy = DUET_NON_CACHEABLE},
    .role = &duet_rpmsg_remote,
    .table = memory,
    .shared = memory + 0x400,
    .size = sizeof(memory) - 0x400,
    .address = SIMPLE_BASE,
};

static uint32_t message;
static int has_message;

static int receive(struct rpmsg_endpoint *ept, void *data, size_t len, uint32_t src, void *priv)
{
    (void)ept;
    (void)src;
    (void)priv;
    assert_int_equal(len, sizeof(message));
    memcpy(&message, data, sizeof(message));
    has_message = 1;
    return 0;
}

static void pingpong_counts_to_a_hundred(void **state)
{
    struct rpmsg_endpoint ept;
    uint8_t in[512];
    uint32_t src, dst, capacity, counter = 0;

    (void)state;
    duet_host_open(&host);
    simple_host_start(&simple, memory, 0, 0x400, 0x800, 4, 4);
    assert_int_equal(MX_OPENAMP_Init(RPMSG_HOST, NULL), -1); // not what was configured
    assert_int_equal(MX_OPENAMP_Init(RPMSG_REMOTE, NULL), 0);
    OPENAMP_init_ept(&ept);
    assert_int_equal(
        OPENAMP_create_endpoint(&ept, "openamp_pingpong_demo", RPMSG_ADDR_ANY, receive, NULL),
        RPMSG_SUCCESS);
    assert_int_equal(simple_host_receive(&simple, &src, &dst, in), 40);
    assert_int_equal(simple_host_send(&simple, 1024, src, "\0\0\0", 4, &capacity), 1);
    assert_int_equal(OPENAMP_Wait_EndPointready(&ept), RPMSG_SUCCESS);
    while (counter < 100) {
        if (!has_message)
            OPENAMP_check_for_message();
        assert_int_equal(has_message, 1);
        has_message = 0;
        message++;
        assert_int_equal(OPENAMP_send(&ept, &message, sizeof(message)), sizeof(message));
        assert_int_equal(simple_host_receive(&simple, &src, &dst, in), 4);
        assert_int_equal(dst, 1024);
        memcpy(&counter, in, 4);
        assert_int_equal(counter, message);
        assert_int_equal(simple_host_send(&simple, 1024, src, in, 4, &capacity), 1);
    }
    assert_int_equal(OPENAMP_send(&ept, in, 497), RPMSG_ERR_PARAM); // refused, not cut
    OPENAMP_DeInit();
    assert_int_equal(simple_host_receive(&simple, &src, &dst, in), 40); // withdrawn
    assert_int_equal(simple_get(in + 36, 4), 1);
    duet_host_close(&host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pingpong_counts_to_a_hundred)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
