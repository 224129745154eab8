#include "ring_pair.h"

static void a_ring_holds_all_but_one_byte_and_wraps(void **state)
{
    uint8_t out[SIZE], in[SIZE];

    (void)state;
    open_both();
    fill_pattern(out, SIZE, 1);
    assert_int_equal(duet_ring_write(&producer, out, SIZE), SIZE - 1);
    assert_int_equal(duet_ring_write(&producer, out, 1), DUET_AGAIN);
    assert_int_equal(duet_ring_read(&consumer, in, 100), 100);
    assert_pattern(in, 100, 1);
    assert_int_equal(duet_ring_write(&producer, out, SIZE), 100);
    assert_int_equal(duet_ring_read(&consumer, in, SIZE), SIZE - 1);
    assert_memory_equal(in, out + 100, SIZE - 1 - 100);
    assert_memory_equal(in + SIZE - 1 - 100, out, 100);
    assert_int_equal(duet_ring_read(&consumer, in, 1), DUET_AGAIN);
}

static void messages_of_every_length_at_every_place_arrive_whole(void **state)
{
    uint8_t out[SIZE], in[SIZE + 1];
    uint32_t number = 0;

    (void)state;
    open_both();
    for (uint32_t round = 0; round < 40; round++)
        for (uint32_t length = 1; length <= SIZE - 5; length++, number++) {
            fill_pattern(out, length, number);
            assert_int_equal(duet_ring_send(&producer, out, length), length);
            memset(in, 0xEE, sizeof(in));
            assert_int_equal(duet_ring_next_length(&consumer), length);
            assert_int_equal(duet_ring_receive(&consumer, in, length), length);
            assert_pattern(in, length, number);
            assert_int_equal(in[length], 0xEE); // and not a byte more
        }
}

static void what_does_not_fit_is_refused_whole(void **state)
{
    uint8_t message[SIZE] = {0};

    (void)state;
    open_both();
    assert_int_equal(duet_ring_send(&producer, message, 0), DUET_INVALID);
    assert_int_equal(duet_ring_send(&producer, message, SIZE - 4), DUET_TOO_LARGE);
    assert_int_equal(duet_ring_send(&producer, message, SIZE - 5), SIZE - 5);
    assert_int_equal(duet_ring_send(&producer, message, 1), DUET_AGAIN);
    assert_int_equal(duet_ring_receive(&consumer, message, 10), DUET_TOO_LARGE);
    assert_int_equal(duet_ring_receive(&consumer, message, SIZE), SIZE - 5); // it had stayed
}

static void an_end_is_told_when_it_can_move_what_it_asked_for(void **state)
{
    uint8_t bytes[SIZE] = {0};

    (void)state;
    open_both();
    duet_notify_take(&notify[0], UINT32_MAX);
    duet_notify_take(&notify[1], UINT32_MAX);
    for (int i = 0; i < 5; i++) // 250 of 255 bytes
        assert_int_equal(duet_ring_send(&producer, bytes, 46), 46);
    assert_int_equal(duet_notify_take(&notify[1], UINT32_MAX), 1u << 4);
    duet_ring_receive(&consumer, bytes, SIZE);
    assert_int_equal(duet_notify_take(&notify[0], UINT32_MAX), 0); // it does not wait
    duet_ring_set_wake(&producer, 156);
    duet_ring_receive(&consumer, bytes, SIZE);
    assert_int_equal(duet_notify_take(&notify[0], UINT32_MAX), 0); // 155 are free
    duet_ring_set_wake(&producer, 155);
    duet_ring_receive(&consumer, bytes, SIZE);
    assert_int_equal(duet_notify_take(&notify[0], UINT32_MAX), 1u << 4);
    duet_ring_set_wake(&consumer, 0);
    duet_ring_send(&producer, bytes, 46);
    assert_int_equal(duet_notify_take(&notify[1], UINT32_MAX), 0);
}

static void a_message_of_every_length_at_every_place_is_copied_whole(void **state)
{
    static uint8_t sent[160], got[160 + 8];

    (void)state;
    for (uint32_t place = 0; place < 4; place++)
        for (uint32_t length = 1; length <= 150; length++)
            for (uint32_t skew = 0; skew < 4; skew++) {
                memset(&shared, 0, sizeof(shared));
                open_both();
                if (place)
                    duet_ring_write(&producer, sent, place);
                if (place)
                    duet_ring_read(&consumer, got, place);
                fill_pattern(sent + skew, length, length);
                memset(got, 0xEE, sizeof(got));
                assert_int_equal(duet_ring_send(&producer, sent + skew, length), length);
                assert_int_equal(duet_ring_receive(&consumer, got + 3 - skew, length), length);
                assert_pattern(got + 3 - skew, length, length);
                for (uint32_t i = 0; i < 3 - skew; i++)
                    assert_int_equal(got[i], 0xEE);
                assert_int_equal(got[3 - skew + length], 0xEE);
            }
}

static void nothing_is_sent_to_nobody(void **state)
{
    (void)state;
    duet_ring_open_producer(&producer, &config[0]);
    assert_int_equal(duet_ring_send(&producer, "x", 1), DUET_DOWN);

    const struct duet_port *port = &host.port[0];
    uint32_t start = port->clock(port);

    assert_int_equal(duet_ring_send_wait(&producer, "x", 1, 15000), DUET_TIMEOUT);
    assert_in_range(port->clock(port) - start, 15000, 2000000);
}

static void a_consumer_that_restarts_is_told_and_gets_only_new_messages(void **state)
{
    uint8_t in[8];

    (void)state;
    open_both();
    for (int i = 0; i < 5; i++) {
        assert_int_equal(duet_ring_send(&producer, "old", 3), 3);
        duet_ring_open_consumer(&consumer, &config[1]);
        assert_int_equal(duet_ring_receive(&consumer, in, 8), DUET_DOWN);
        assert_int_equal(duet_ring_send(&producer, "lost", 4), DUET_RESTARTED);
        assert_int_equal(duet_ring_send(&producer, "lost", 4), DUET_DOWN);
        assert_int_equal(duet_ring_receive(&consumer, in, 8), DUET_AGAIN);
        assert_int_equal(duet_ring_send(&producer, "new", 3), 3);
        assert_int_equal(duet_ring_receive(&consumer, in, 8), 3);
        assert_memory_equal(in, "new", 3);
    }
}

static void a_producer_that_restarts_is_told_and_sends_on(void **state)
{
    uint8_t in[8];

    (void)state;
    open_both();
    for (int i = 0; i < 5; i++) {
        assert_int_equal(duet_ring_send(&producer, "old", 3), 3);
        duet_ring_open_producer(&producer, &config[0]);
        assert_int_equal(duet_ring_send(&producer, "no", 2), DUET_DOWN);
        assert_int_equal(duet_ring_receive(&consumer, in, 8), DUET_RESTARTED);
        assert_int_equal(duet_ring_receive(&consumer, in, 8), DUET_AGAIN);
        assert_int_equal(duet_ring_send(&producer, "new", 3), 3);
        assert_int_equal(duet_ring_receive(&consumer, in, 8), 3);
        assert_memory_equal(in, "new", 3);
    }
}

static void both_restarting_over_old_memory_start_empty(void **state)
{
    uint8_t in[8];

    (void)state;
    for (int first = 0; first < 2; first++) {
        open_both();
        assert_int_equal(duet_ring_send(&producer, "old", 3), 3);
        for (int step = 0; step < 2; step++)
            if (step == first)
                duet_ring_open_producer(&producer, &config[0]);
            else
                duet_ring_open_consumer(&consumer, &config[1]);
        settle();
        assert_int_equal(duet_ring_receive(&consumer, in, 8), DUET_AGAIN);
    }
}

static void positions_and_lengths_that_make_no_sense_are_refused(void **state)
{
    uint8_t in[SIZE];
    uint32_t bad[] = {SIZE, SIZE + 1, 0x7FFFFFFF, 0x80000000, UINT32_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        open_both();
        shared.ring.producer.position = bad[i];
        assert_int_equal(duet_ring_receive(&consumer, in, SIZE), DUET_CORRUPT);
        open_both();
        shared.ring.consumer.position = bad[i];
        assert_int_equal(duet_ring_send(&producer, in, 1), DUET_CORRUPT);
        open_both();
        assert_int_equal(duet_ring_send(&producer, in, 8), 8);
        for (uint32_t at = 0; at < SIZE; at += 4)
            memcpy(shared.data + at, &bad[i], 4);
        assert_int_equal(duet_ring_receive(&consumer, in, SIZE), DUET_CORRUPT);
        settle(); // and both go on without being opened again
        assert_int_equal(duet_ring_send(&producer, "ok", 2), 2);
        assert_int_equal(duet_ring_receive(&consumer, in, SIZE), 2);
    }
}

static void *send_all(void *argument)
{
    uint8_t message[64];

    (void)argument;
    for (uint32_t i = 0; i < 30000; i++) {
        uint32_t length = 4 + i % 60;

        fill_pattern(message, length, i);
        if (duet_ring_send_wait(&producer, message, length, 5000000) < 0)
            return "a send failed";
    }
    return NULL;
}

static void thirty_thousand_messages_between_threads_in_order(void **state)
{
    pthread_t thread;
    void *complaint;
    uint8_t message[64];

    (void)state;
    open_both();
    pthread_create(&thread, NULL, send_all, NULL);
    for (uint32_t i = 0; i < 30000; i++) {
        int length = duet_ring_receive_wait(&consumer, message, sizeof(message), 5000000);

        assert_int_equal(length, 4 + i % 60);
        assert_pattern(message, (uint32_t)length, i);
    }
    pthread_join(thread, &complaint);
    assert_null(complaint);
}

// A cache for core 0: it reads and writes through an image of its own, as a write-back cache may at
// the worst. The ring's memory on core 0 is the image; clean and invalidate copy lines.
static uint8_t image[sizeof(shared)] SHARED;

static void cache_clean(const struct duet_port *port, const volatile void *address, uint32_t size)
{
    uintptr_t at = ((uintptr_t)address - (uintptr_t)image) & ~(uintptr_t)31;
    uintptr_t end = (uintptr_t)address - (uintptr_t)image + size;

    (void)port;
    for (; at < end; at += 32)
        memcpy((uint8_t *)&shared + at, image + at, 32);
}

static void cache_invalidate(const struct duet_port *port, const volatile void *address,
                             uint32_t size)
{
    uintptr_t at = (uintptr_t)address - (uintptr_t)image;

    (void)port;
    assert_int_equal(at % 32, 0);
    assert_int_equal(size % 32, 0);
    memcpy(image + at, (uint8_t *)&shared + at, size);
}

static void on_cached_memory_core_0(void)
{
    uint8_t *base = image;

    memcpy(image, &shared, sizeof(image));
    host.port[0].clean = cache_clean;
    host.port[0].invalidate = cache_invalidate;
    host.port[0].line_size = 32;
    config[0].memory.policy = DUET_MAINTAINED;
    config[0].shared = (void *)(base + ((uint8_t *)&shared.ring - (uint8_t *)&shared));
    config[0].data = base + ((uint8_t *)shared.data - (uint8_t *)&shared);
    config[0].notify = NULL;
    config[1].notify = NULL;
}

static void a_cached_producer_and_consumer_see_each_other(void **state)
{
    uint8_t out[64], in[64];

    (void)state;
    on_cached_memory_core_0();
    for (int direction = 0; direction < 2; direction++) {
        struct duet_ring *from = direction ? &consumer : &producer;
        struct duet_ring *to = direction ? &producer : &consumer;

        duet_ring_open_producer(from, &config[direction]);
        duet_ring_open_consumer(to, &config[!direction]);
        for (int i = 0; i < 4; i++) {
            duet_ring_used(from);
            duet_ring_used(to);
        }
        for (uint32_t i = 0; i < 2000; i++) {
            uint32_t length = 1 + i % 64;

            fill_pattern(out, length, i);
            assert_int_equal(duet_ring_send(from, out, length), length);
            assert_int_equal(duet_ring_receive(to, in, 64), length);
            assert_pattern(in, length, i);
        }
    }
}

static void data_that_shares_a_cache_line_is_refused(void **state)
{
    (void)state;
    on_cached_memory_core_0();
    config[0].size = SIZE - 4;
    assert_int_equal(duet_ring_open_producer(&producer, &config[0]), DUET_INVALID);
    config[0].size = SIZE - 32;
    config[0].data += 4;
    assert_int_equal(duet_ring_open_producer(&producer, &config[0]), DUET_INVALID);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_ring_holds_all_but_one_byte_and_wraps),
        TEST(messages_of_every_length_at_every_place_arrive_whole),
        TEST(what_does_not_fit_is_refused_whole),
        TEST(an_end_is_told_when_it_can_move_what_it_asked_for),
        TEST(a_message_of_every_length_at_every_place_is_copied_whole),
        TEST(nothing_is_sent_to_nobody),
        TEST(a_consumer_that_restarts_is_told_and_gets_only_new_messages),
        TEST(a_producer_that_restarts_is_told_and_sends_on),
        TEST(both_restarting_over_old_memory_start_empty),
        TEST(positions_and_lengths_that_make_no_sense_are_refused),
        TEST(thirty_thousand_messages_between_threads_in_order),
        TEST(a_cached_producer_and_consumer_see_each_other),
        TEST(data_that_shares_a_cache_line_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
