#include "rpmsg_pair.h"

#include "duet/statistics.h"

#define SIZE 256u

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
    struct duet_ring_config ring[2];
    struct duet_ring producer, consumer;
    uint8_t bytes[64] = {0};
    const uint32_t delays[] = {0, 1, 3, 3, 1000, 4000000000};

    (void)state;
    duet_host_open(&host);
    for (uint32_t core = 0; core < 2; core++) {
        host.port[core].clock = clock_of_both;
        ring[core] = (struct duet_ring_config){.memory = memory_of(&host, core),
                                               .shared = &shared.ring,
                                               .data = shared.data,
                                               .size = SIZE,
                                               .observer = duet_statistics_observe,
                                               .statistics = &shared.statistics[core]};
        duet_statistics_open(&shared.statistics[core], &ring[core].memory);
    }
    duet_ring_open_producer(&producer, &ring[0]);
    duet_ring_open_consumer(&consumer, &ring[1]);
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

static uint32_t seen_position, seen_moved;

static void look_at_shared(struct duet_ring *ring, uint32_t count)
{
    duet_statistics_observe(ring, count);
    seen_position = shared.ring.producer.position;
    seen_moved = shared.ring.producer.moved;
}

// Else the consumer could take a message with the time of the one before.
static void the_time_is_there_before_the_message(void **state)
{
    struct duet_ring_config ring;
    struct duet_ring producer, consumer;
    uint32_t before;

    (void)state;
    memset(&shared, 0, sizeof(shared));
    duet_host_open(&host);
    host.port[0].clock = clock_of_both;
    ring = (struct duet_ring_config){.memory = memory_of(&host, 0),
                                     .shared = &shared.ring,
                                     .data = shared.data,
                                     .size = SIZE,
                                     .observer = look_at_shared,
                                     .statistics = &shared.statistics[0]};
    duet_ring_open_producer(&producer, &ring);
    duet_ring_open_consumer(&consumer, &ring);
    for (int i = 0; i < 3; i++) {
        duet_ring_used(&producer);
        duet_ring_used(&consumer);
    }
    before = shared.ring.producer.position;
    now = 99;
    assert_int_equal(duet_ring_send(&producer, &before, 4), 4);
    assert_int_equal(seen_position, before);
    assert_int_equal(seen_moved, 99);
    assert_int_equal(shared.ring.producer.position, before + 8);
    duet_host_close(&host);
}

static uint32_t heard;

static void hear(struct duet_endpoint *endpoint, void *data, uint32_t length, uint32_t source)
{
    (void)endpoint;
    (void)data;
    (void)length;
    (void)source;
    heard++;
}

static struct duet_statistics sent[2] SHARED, received[2] SHARED;
static struct duet_endpoint endpoint[2];

static void open_rpmsg_with_statistics(uint32_t sessions)
{
    memset(memory, 0, sizeof(memory));
    configure();
    for (uint32_t core = 0; core < 2; core++) {
        host.port[core].clock = clock_of_both;
        config[core].sessions = sessions;
        config[core].observer = duet_statistics_observe_rpmsg;
        config[core].sent = &sent[core];
        config[core].received = &received[core];
        duet_statistics_open(&sent[core], &config[core].memory);
        duet_statistics_open(&received[core], &config[core].memory);
        duet_rpmsg_open(&side[core], &config[core]);
        duet_rpmsg_create_endpoint(&side[core], &endpoint[core], NULL, 7, 7, hear);
    }
    settle();
}

static void rpmsg_counts_messages_buffers_and_latencies(void **state)
{
    const uint8_t bytes[64] = {0};

    (void)state;
    for (uint32_t from = 0; from < 2; from++) {
        uint32_t to = from ^ 1;

        now = 0; // a stamp of 0 would say that there is none
        open_rpmsg_with_statistics(1);
        for (int i = 0; i < 3; i++)
            assert_int_equal(duet_rpmsg_send(&endpoint[from], bytes, 20, 0), DUET_OK);
        now = 700;
        duet_rpmsg_poll(&side[to]);
        assert_int_equal(duet_rpmsg_send(&endpoint[from], bytes, 4, 0), DUET_OK);
        now = 703;
        duet_rpmsg_poll(&side[to]);
        assert_int_equal(sent[from].kind, DUET_STATISTICS_SENT);
        assert_int_equal(sent[from].moves, 4);
        assert_int_equal(sent[from].bytes, 64);
        assert_int_equal(sent[from].high_water, 3);
        assert_int_equal(received[to].kind, DUET_STATISTICS_RECEIVED);
        assert_int_equal(received[to].moves, 4);
        assert_int_equal(received[to].bytes, 64);
        assert_int_equal(received[to].high_water, 3);
        assert_int_equal(received[to].latency[10], 3); // 699 us: the first stamp was 1
        assert_int_equal(received[to].latency[2], 1);
        assert_int_equal(received[to].slowest, 699);
        assert_int_equal(sent[to].moves + received[from].moves, 0);
        duet_host_close(&host);
    }
}

// The word of the stamp is OpenAMP's reserved one: 0 for a peer that may be any.
static void rpmsg_without_sessions_stamps_nothing(void **state)
{
    const uint8_t bytes[8] = {0};

    (void)state;
    open_rpmsg_with_statistics(0);
    now = 5;
    assert_int_equal(duet_rpmsg_send(&endpoint[0], bytes, 8, 0), DUET_OK);
    for (uint32_t at = 0x400 + 0x800; at < sizeof(memory); at += 512)
        if (memory[at] == 7 && memory[at + 4] == 7) // the message's header
            assert_int_equal(memory[at + 8] | memory[at + 9], 0);
    now = 90;
    duet_rpmsg_poll(&side[1]);
    assert_int_equal(received[1].moves, 1);
    assert_int_equal(received[1].slowest, 0);
    duet_host_close(&host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_and_latencies_are_what_happened),
        cmocka_unit_test(the_time_is_there_before_the_message),
        cmocka_unit_test(rpmsg_counts_messages_buffers_and_latencies),
        cmocka_unit_test(rpmsg_without_sessions_stamps_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
