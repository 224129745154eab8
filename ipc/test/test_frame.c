#include "frame_pair.h"

static int receive(struct duet_frame *frame, enum duet_frame_mode mode)
{
    return duet_frame_receive(&receiver, frame, mode, DUET_BY_CPU);
}

static int send_number(uint32_t number)
{
    struct duet_frame frame;
    int status = duet_frame_acquire(&sender, &frame, DUET_BY_CPU);

    if (status != DUET_OK)
        return status;
    fill_pattern(frame.data, STRIDE, number);
    frame.length = STRIDE;
    frame.tag = number;
    return duet_frame_send(&sender, &frame);
}

static void settle(void)
{
    struct duet_frame frame;

    for (int i = 0; i < 5; i++) {
        if (duet_frame_acquire(&sender, &frame, DUET_BY_DMA) == DUET_OK)
            duet_frame_cancel(&sender, &frame);
        if (receive(&frame, DUET_EVERY_FRAME) == DUET_OK)
            duet_frame_release(&receiver, &frame);
    }
}

static void open_both(void)
{
    open_sender();
    open_receiver();
    settle();
}

static void every_frame_arrives_in_order_and_goes_back(void **state)
{
    struct duet_frame frame;

    (void)state;
    open_both();
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(send_number(i), DUET_OK);
        assert_int_equal(receive(&frame, DUET_EVERY_FRAME), DUET_OK);
        assert_int_equal(frame.tag, i);
        assert_int_equal(frame.length, STRIDE);
        assert_pattern(frame.data, STRIDE, i);
        assert_int_equal(duet_frame_release(&receiver, &frame), DUET_OK);
        assert_null(frame.data);
    }
    assert_int_equal(shared.frames.sender.frames, 1000);
    assert_int_equal(shared.frames.receiver.frames, 1000);
    assert_int_equal(shared.frames.sender.starved, 0);
}

static void an_owned_buffer_is_nobody_elses(void **state)
{
    struct duet_frame a, b, c, d;

    (void)state;
    open_both();
    assert_int_equal(send_number(1), DUET_OK);
    assert_int_equal(receive(&a, DUET_EVERY_FRAME), DUET_OK);
    assert_int_equal(duet_frame_acquire(&sender, &b, DUET_BY_DMA), DUET_OK);
    assert_int_equal(duet_frame_acquire(&sender, &c, DUET_BY_DMA), DUET_OK);
    assert_int_equal(duet_frame_acquire(&sender, &d, DUET_BY_DMA), DUET_AGAIN);
    assert_null(d.data);
    assert_true(a.data != b.data && b.data != c.data && a.data != c.data);
    assert_int_equal(shared.frames.sender.starved, 1);
    assert_int_equal(duet_frame_release(&receiver, &b), DUET_INVALID);

    struct duet_frame copy = a;

    assert_int_equal(duet_frame_release(&receiver, &a), DUET_OK);
    assert_int_equal(duet_frame_release(&receiver, &copy), DUET_INVALID); // not twice
    assert_int_equal(duet_frame_acquire(&sender, &d, DUET_BY_DMA), DUET_OK);
    assert_ptr_equal(d.data, copy.data);
    d.length = STRIDE + 1;
    assert_int_equal(duet_frame_send(&sender, &d), DUET_INVALID);
}

static void latest_mode_gives_the_newest_and_counts_the_rest(void **state)
{
    struct duet_frame frame;

    (void)state;
    open_both();
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(send_number(i), DUET_OK);
    assert_int_equal(receive(&frame, DUET_LATEST_FRAME), DUET_OK);
    assert_int_equal(frame.tag, 2);
    assert_pattern(frame.data, STRIDE, 2);
    assert_int_equal(shared.frames.receiver.starved, 2);
    assert_int_equal(receive(&frame, DUET_LATEST_FRAME), DUET_AGAIN);
    for (uint32_t i = 0; i < 2; i++)
        assert_int_equal(send_number(i), DUET_OK); // the two skipped ones are free again
    assert_int_equal(send_number(9), DUET_AGAIN);
}

static void a_receiver_that_restarts_loses_frames_and_no_buffer(void **state)
{
    struct duet_frame frame;

    (void)state;
    open_both();
    for (uint32_t round = 0; round < 20; round++) {
        assert_int_equal(send_number(1), DUET_OK);
        assert_int_equal(receive(&frame, DUET_EVERY_FRAME), DUET_OK);
        assert_int_equal(send_number(2), DUET_OK);
        duet_frame_open_receiver(&receiver, &config[0]);
        settle();
        for (uint32_t i = 0; i < COUNT; i++)
            assert_int_equal(send_number(10 + i), DUET_OK);
        for (uint32_t i = 0; i < COUNT; i++) {
            assert_int_equal(receive(&frame, DUET_EVERY_FRAME), DUET_OK);
            assert_int_equal(frame.tag, 10 + i);
            assert_int_equal(duet_frame_release(&receiver, &frame), DUET_OK);
        }
    }
}

static void a_sender_that_restarts_leaves_the_shown_frame_alone(void **state)
{
    struct duet_frame shown, frame;
    int status;

    (void)state;
    open_both();
    for (uint32_t round = 0; round < 20; round++) {
        assert_int_equal(send_number(7), DUET_OK);
        assert_int_equal(receive(&shown, DUET_EVERY_FRAME), DUET_OK);
        assert_int_equal(send_number(8), DUET_OK);
        duet_frame_open_sender(&sender, &config[1]);
        send_number(50); // lost: the receiver has not answered yet
        status = receive(&frame, DUET_EVERY_FRAME);
        if (status == DUET_OK) { // an old frame that it could still take
            assert_int_equal(duet_frame_release(&receiver, &frame), DUET_OK);
            status = receive(&frame, DUET_EVERY_FRAME);
        }
        assert_int_equal(status, DUET_RESTARTED);
        settle();
        assert_int_equal(send_number(100), DUET_OK);
        assert_int_equal(send_number(101), DUET_OK);
        assert_int_equal(send_number(102), DUET_AGAIN); // the shown frame is not overwritten
        assert_pattern(shown.data, STRIDE, 7);
        assert_int_equal(duet_frame_release(&receiver, &shown), DUET_OK);
        assert_int_equal(send_number(102), DUET_OK);
        for (uint32_t i = 0; i < 3; i++) {
            assert_int_equal(receive(&frame, DUET_EVERY_FRAME), DUET_OK);
            assert_int_equal(frame.tag, 100 + i);
            assert_int_equal(duet_frame_release(&receiver, &frame), DUET_OK);
        }
    }
}

static void a_message_that_makes_no_sense_gives_no_frame(void **state)
{
    struct duet_frame frame;
    uint32_t bad[2][2] = {{3, STRIDE}, {0, STRIDE + 1}}; // index, length out of range

    (void)state;
    for (int i = 0; i < 2; i++) {
        open_both();
        assert_int_equal(send_number(1), DUET_OK);

        uint32_t at =
            (sender.forward.position + DUET_FRAME_RING_BYTES - 16) % DUET_FRAME_RING_BYTES;

        memcpy(shared.frames.forward + at, bad[i], 8);
        assert_int_equal(receive(&frame, DUET_EVERY_FRAME), DUET_CORRUPT);
        assert_null(frame.data);
        settle();
        for (uint32_t n = 0; n < COUNT; n++) // and no buffer was lost by it
            assert_int_equal(send_number(n), DUET_OK);
    }
}

static uint32_t cleaned, dropped;

static void count_clean(const struct duet_port *port, const volatile void *address, uint32_t size)
{
    (void)port;
    if ((const uint8_t *)address >= shared.pixels)
        cleaned += size;
}

static void count_drop(const struct duet_port *port, const volatile void *address, uint32_t size)
{
    (void)port;
    assert_non_null((const void *)(uintptr_t)address);
    if ((const uint8_t *)address >= shared.pixels)
        dropped += size;
}

static void assert_duty(uint32_t clean, uint32_t drop)
{
    assert_int_equal(cleaned, clean);
    assert_int_equal(dropped, drop);
    cleaned = dropped = 0;
}

static void the_owner_type_does_the_cache_duty(void **state)
{
    struct duet_frame frame;

    (void)state;
    open_both();
    for (int core = 0; core < 2; core++) {
        host.port[core].clean = count_clean;
        host.port[core].invalidate = count_drop;
        config[core].pixels.policy = DUET_MAINTAINED;
    }
    cleaned = dropped = 0;
    duet_frame_acquire(&sender, &frame, DUET_BY_CPU);
    assert_duty(0, 0);
    duet_frame_send(&sender, &frame);
    assert_duty(STRIDE, 0); // written by the CPU: to memory
    duet_frame_receive(&receiver, &frame, DUET_EVERY_FRAME, DUET_BY_CPU);
    assert_duty(0, STRIDE); // what the cache held before is stale
    duet_frame_hand(&config[0], &frame, DUET_BY_DMA);
    assert_duty(STRIDE, 0);
    duet_frame_hand(&config[0], &frame, DUET_BY_CPU);
    assert_duty(0, STRIDE);
    duet_frame_release(&receiver, &frame);
    assert_duty(0, STRIDE); // nothing may be evicted over the next picture
    duet_frame_acquire(&sender, &frame, DUET_BY_DMA);
    assert_duty(0, STRIDE);
    duet_frame_send(&sender, &frame);
    assert_duty(0, 0);
    duet_frame_receive(&receiver, &frame, DUET_EVERY_FRAME, DUET_BY_DMA);
    duet_frame_release(&receiver, &frame);
    assert_duty(0, 0); // DMA to DMA costs nothing
    assert_int_equal(receive(&frame, DUET_EVERY_FRAME), DUET_AGAIN);
    assert_duty(0, 0); // and no frame, either
}

static void *camera(void *argument)
{
    (void)argument;
    for (uint32_t i = 0; i < 20000; i++)
        while (send_number(i) != DUET_OK)
            continue;
    return NULL;
}

static void frames_between_threads_are_never_torn(void **state)
{
    pthread_t thread;
    struct duet_frame frame;
    uint32_t next = 0;

    (void)state;
    open_both();
    pthread_create(&thread, NULL, camera, NULL);
    while (next < 20000) {
        if (receive(&frame, next % 7 ? DUET_EVERY_FRAME : DUET_LATEST_FRAME) != DUET_OK)
            continue;
        assert_true(frame.tag >= next);
        next = frame.tag + 1;
        assert_pattern(frame.data, STRIDE, frame.tag);
        duet_frame_release(&receiver, &frame);
    }
    pthread_join(thread, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_frame_arrives_in_order_and_goes_back),
        TEST(an_owned_buffer_is_nobody_elses),
        TEST(latest_mode_gives_the_newest_and_counts_the_rest),
        TEST(a_receiver_that_restarts_loses_frames_and_no_buffer),
        TEST(a_sender_that_restarts_leaves_the_shown_frame_alone),
        TEST(a_message_that_makes_no_sense_gives_no_frame),
        TEST(the_owner_type_does_the_cache_duty),
        TEST(frames_between_threads_are_never_torn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
