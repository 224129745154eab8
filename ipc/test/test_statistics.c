#include "pair.h"

#include "duet/statistics.h"

#define SIZE 256u

static struct duet_host host;
static uint32_t now;
static struct {
    struct duet_ring_shared ring;
    struct duet_statistics statistics[2];
    uint8_t data[SIZE] SHARED;
} shared;

static uint32_t clock_of_both(const struct duet_port *port)
{
    (void)port;
    return now;
}

static void counts_and_latencies_are_what_happened(void **state)
{
    struct duet_ring_config config[2];
    struct duet_ring producer, consumer;
    uint8_t bytes[64] = {0};
    const uint32_t delays[] = {0, 1, 3, 3, 1000, 4000000000};

    (void)state;
    duet_host_open(&host);
    for (uint32_t core = 0; core < 2; core++) {
        host.port[core].clock = clock_of_both;
        config[core] = (struct duet_ring_config){.memory = memory_of(&host, core),
                                                 .shared = &shared.ring,
                                                 .data = shared.data,
                                                 .size = SIZE,
                                                 .observer = duet_statistics_observe,
                                                 .statistics = &shared.statistics[core]};
        duet_statistics_open(&shared.statistics[core], &config[core].memory);
    }
    duet_ring_open_producer(&producer, &config[0]);
    duet_ring_open_consumer(&consumer, &config[1]);
    for (int i = 0; i < 3; i++) {
        duet_ring_used(&producer);
        duet_ring_used(&consumer);
    }
    for (int i = 0; i < 6; i++) {
        duet_ring_send(&producer, bytes, 10);
        now += delays[i];
        duet_ring_receive(&consumer, bytes, 64);
    }
    for (int i = 0; i < 3; i++) // two of them wait behind another: only the last is measured
        duet_ring_send(&producer, bytes, 60);
    for (int i = 0; i < 3; i++)
        duet_ring_receive(&consumer, bytes, 64);
    for (int core = 0; core < 2; core++) {
        const struct duet_statistics *s = &shared.statistics[core];

        assert_int_equal(s->magic, DUET_STATISTICS_MAGIC);
        assert_int_equal(s->moves, 9);
        assert_int_equal(s->high_water, 192);
    }
    assert_int_equal(shared.statistics[1].latency[0], 2);
    assert_int_equal(shared.statistics[1].latency[1], 1);
    assert_int_equal(shared.statistics[1].latency[2], 2);
    assert_int_equal(shared.statistics[1].latency[10], 1);
    assert_int_equal(shared.statistics[1].latency[19], 1);
    assert_int_equal(shared.statistics[1].slowest, 4000000000);
    duet_host_close(&host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(counts_and_latencies_are_what_happened)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
