// What a pool does when an end of it opens anew: whose each frame is, and what is counted.
#include "frame_calls.h"

static void a_pool_that_cannot_be_right_is_refused(void **state)
{
    struct duet_frame_config bad[11];
    uint32_t n = 0;

    (void)state;
    for (uint32_t i = 0; i < 11; i++)
        bad[i] = config[0];
    bad[n++].shared = NULL;
    bad[n++].shared = (void *)((uint8_t *)config[0].shared + 4);
    bad[n++].buffers = NULL;
    bad[n++].buffers += 4;
    bad[n++].control.port = NULL;
    bad[n++].pixels.port = NULL;
    bad[n++].count = 0;
    bad[n++].count = DUET_FRAME_MAX + 1;
    bad[n++].stride = 0;
    bad[n++].stride = STRIDE + 4;
    bad[n++].stride = 0x20000000u;
    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(duet_frame_open_sender(&sender, &bad[i]), DUET_INVALID);
        assert_int_equal(duet_frame_open_receiver(&receiver, &bad[i]), DUET_INVALID);
    }
}

static void the_counts_of_a_life_before_are_gone(void **state)
{
    (void)state;
    open_both();
    assert_int_equal(shared.frames.sender.frames, 0);
    assert_int_equal(shared.frames.sender.lost, 0);
    assert_int_equal(shared.frames.receiver.held, 0);
    assert_int_equal(shared.frames.receiver.frames, 0);
    for (int i = 0; i < 2; i++) {
        struct duet_frame frame;

        send_frame();
        assert_int_equal(receive(&frame), DUET_OK);
        assert_int_equal(frame.sequence, i);
        assert_int_equal(shared.frames.sender.frames, 1 + i);
        assert_int_equal(shared.frames.receiver.frames, 1 + i);
        assert_int_equal(duet_frame_release(&receiver, &frame), DUET_OK);
        assert_int_equal(shared.frames.receiver.freed, 1 + i);
    }
    open_sender();
    open_receiver();
    assert_int_equal(shared.frames.sender.frames, 0);
    assert_int_equal(shared.frames.receiver.frames, 0);
}

static void no_frame_is_given_out_before_the_receiver_has_answered(void **state)
{
    struct duet_frame frame;

    (void)state;
    open_sender();
    for (int i = 0; i < 3; i++)
        assert_int_equal(acquire(&frame), DUET_DOWN);
    open_receiver();
    assert_int_equal(acquire(&frame), DUET_DOWN);
    agree();
    assert_int_equal(free_frames(), COUNT);
}

static void what_a_receiver_lost_is_free_and_counted(void **state)
{
    struct duet_frame shown, frame;

    (void)state;
    open_both();
    send_frame();
    send_frame();
    assert_int_equal(receive(&shown), DUET_OK);
    assert_int_equal(free_frames(), 1);
    open_receiver();
    assert_int_equal(acquire(&frame), DUET_DOWN);
    assert_int_equal(acquire(&frame), DUET_DOWN); // until it has answered
    agree();
    assert_int_equal(free_frames(), COUNT);
    send_frame();
    assert_int_equal(shared.frames.sender.freed, 2);
}

static void a_send_to_a_receiver_that_restarted_is_lost_and_counted(void **state)
{
    struct duet_frame frame;

    (void)state;
    open_both();
    assert_int_equal(acquire(&frame), DUET_OK);
    open_receiver();
    assert_int_equal(duet_frame_send(&sender, &frame), DUET_DOWN);
    assert_null(frame.data);
    assert_int_equal(shared.frames.sender.lost, 1);
    assert_int_equal(shared.frames.sender.frames, 0);
    agree();
    assert_int_equal(free_frames(), COUNT);
}

// A sender that restarts leaves alone what is shown, whatever comes back meanwhile.
static void what_is_inherited_comes_back_once(void **state)
{
    struct duet_frame shown, again, frame[COUNT];
    struct message late;

    (void)state;
    open_both();
    send_frame();
    assert_int_equal(receive(&shown), DUET_OK);
    late = (struct message){.frame = receiver.stamps[shown.index]};
    open_sender();
    agree();
    assert_int_equal(free_frames(), COUNT - 1);
    assert_int_equal(duet_frame_release(&receiver, &shown), DUET_OK);
    assert_int_equal(free_frames(), COUNT); // by a stamp of a session before
    for (uint32_t i = 0; i < COUNT; i++)
        send_frame();
    assert_int_equal(receive(&again), DUET_OK);
    assert_int_equal(again.index, shown.index);
    assert_int_equal(duet_ring_send(&receiver.back, &late, sizeof(late)), sizeof(late));
    assert_int_equal(acquire(&frame[0]), DUET_AGAIN); // and not a second time
    assert_int_equal(duet_frame_release(&receiver, &again), DUET_OK);
    assert_int_equal(free_frames(), 1);
}

static void a_return_of_what_is_not_out_frees_nothing(void **state)
{
    struct duet_frame filling, frame;
    struct message false_return;

    (void)state;
    open_both();
    assert_int_equal(acquire(&filling), DUET_OK);
    sender.stamps[filling.index] = filling.index; // as a frame that was out before has
    false_return = (struct message){.frame = filling.index};
    assert_int_equal(duet_ring_send(&receiver.back, &false_return, 16), 16);
    assert_int_equal(acquire(&frame), DUET_OK);
    assert_int_not_equal(frame.index, filling.index);
    assert_int_equal(sender.out, 0);
}

// Released while nobody was there: it goes back when the sender is.
static void a_frame_waits_for_its_sender(void **state)
{
    struct duet_frame frame;

    (void)state;
    open_both();
    send_frame();
    assert_int_equal(receive(&frame), DUET_OK);

    uint32_t seen = shared.frames.back_ring.consumer.seen;

    shared.frames.back_ring.consumer.seen = 0; // the sender is about to open anew
    assert_int_equal(duet_frame_release(&receiver, &frame), DUET_OK);
    assert_int_equal(receiver.returning, 1u << 0);
    shared.frames.back_ring.consumer.seen = seen;
    receive(&frame);
    assert_int_equal(receiver.returning, 0);
    assert_int_equal(free_frames(), COUNT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_pool_that_cannot_be_right_is_refused),
        TEST(the_counts_of_a_life_before_are_gone),
        TEST(no_frame_is_given_out_before_the_receiver_has_answered),
        TEST(what_a_receiver_lost_is_free_and_counted),
        TEST(a_send_to_a_receiver_that_restarted_is_lost_and_counted),
        TEST(what_is_inherited_comes_back_once),
        TEST(a_return_of_what_is_not_out_frees_nothing),
        TEST(a_frame_waits_for_its_sender),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
