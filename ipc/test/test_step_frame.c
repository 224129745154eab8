// One end of a pool of frames opens anew at each step of the other's call: no frame is lost to both.
#include "frame_pair.h"
#include "step.h"

static int open_both(void **state)
{
    setup(state);
    open_sender();
    open_receiver();
    return 0;
}

static void send_one(void)
{
    struct duet_frame frame;

    if (duet_frame_acquire(&sender, &frame, DUET_BY_CPU) == DUET_OK)
        duet_frame_send(&sender, &frame);
}

// Takes what there is and gives it back.
static void receive_one(void)
{
    struct duet_frame frame;

    if (duet_frame_receive(&receiver, &frame, DUET_EVERY_FRAME, DUET_BY_CPU) == DUET_OK)
        duet_frame_release(&receiver, &frame);
}

static void keep_one(void)
{
    struct duet_frame frame;

    duet_frame_receive(&receiver, &frame, DUET_EVERY_FRAME, DUET_BY_CPU);
}

static void settle(void)
{
    for (int i = 0; i < 8; i++) {
        send_one();
        receive_one();
    }
    for (uint32_t i = 0; i < 2 * COUNT; i++)
        receive_one();
}

static void receiver_restarts(void)
{
    open_receiver();
}

static void sender_restarts(void)
{
    open_sender();
}

// Whatever happened, and after both have talked, the sender can have all frames again.
static void all_can_be_had(long step)
{
    struct duet_frame frame[COUNT];

    settle();
    duet_frame_acquire(&sender, &frame[0], DUET_BY_CPU); // what came back is taken
    for (uint32_t i = frame[0].data ? 1 : 0; i < COUNT; i++)
        if (duet_frame_acquire(&sender, &frame[i], DUET_BY_CPU) != DUET_OK)
            fail_msg("step %ld: only %u of %u frames are left", step, i, COUNT);
    for (uint32_t i = 0; i < COUNT; i++)
        duet_frame_cancel(&sender, &frame[i]);
}

static void each_step(void (*life)(void), void (*event)(void), void (*prepare)(void))
{
    long step = 0;
    int came;

    do {
        step++;
        settle();
        prepare();
        came = interrupted_at(step, life, event);
        all_can_be_had(step);
    } while (came);
    assert_true(step > 10);
}

static void send_two(void)
{
    send_one();
    send_one();
}

static void receiver_restarts_while_the_sender_sends(void **state)
{
    (void)state;
    each_step(send_one, receiver_restarts, send_one);
    each_step(send_one, receiver_restarts, send_two);
}

static void sender_restarts_while_the_receiver_receives(void **state)
{
    (void)state;
    each_step(receive_one, sender_restarts, send_two);
}

static void receiver_dies_with_a_frame_in_its_hands(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        settle();
        send_two();
        keep_one();
        receiver_restarts();
        all_can_be_had(i);
    }
}

// ---- the other end acts at each step of each call after a restart

static struct duet_frame shown;

static void show_one(void)
{
    struct duet_frame frame;

    if (duet_frame_receive(&receiver, &frame, DUET_EVERY_FRAME, DUET_BY_CPU) != DUET_OK)
        return;
    if (shown.data)
        duet_frame_release(&receiver, &shown);
    shown = frame;
}

static void release_shown(void)
{
    if (shown.data)
        duet_frame_release(&receiver, &shown);
}

// What the receiver has is not given to who fills; no frame is both ends'.
static void send_one_that_nobody_has(void)
{
    struct duet_frame frame;

    if (duet_frame_acquire(&sender, &frame, DUET_BY_CPU) != DUET_OK)
        return;
    assert_int_equal(receiver.counts.held >> frame.index & 1, 0);
    duet_frame_send(&sender, &frame);
}

// The receiver keeps one while it takes another, and the sender takes what it may.
static void show_two_at_once(void)
{
    struct duet_frame frame;

    if (duet_frame_receive(&receiver, &frame, DUET_EVERY_FRAME, DUET_BY_CPU) != DUET_OK)
        return;
    for (uint32_t i = 0; i < COUNT; i++)
        send_one_that_nobody_has();
    duet_frame_release(&receiver, &frame);
}

static void send_three(void)
{
    for (int i = 0; i < 3; i++)
        send_one_that_nobody_has();
}

static void show_three(void)
{
    for (int i = 0; i < 3; i++)
        show_one();
}

// Turns after the restart, before the one that is interrupted.
static void take_turns(int turns)
{
    for (int i = 0; i < turns; i++)
        i % 2 ? send_one_that_nobody_has() : show_one();
}

static void each_step_after(void (*restart)(void), void (*life)(void), void (*event)(void))
{
    long steps = 0;

    for (int turns = 0; turns < 8; turns++) {
        int came;
        long step = 0;

        do {
            step++;
            release_shown();
            settle();
            send_one_that_nobody_has();
            show_one();
            assert_non_null(shown.data);
            restart();
            if (restart == receiver_restarts)
                shown = (struct duet_frame){0};
            take_turns(turns);
            came = interrupted_at(step, life, event);
            show_two_at_once();
            for (int i = 0; i < 6; i++)
                i % 2 ? send_one_that_nobody_has() : show_one();
            release_shown();
            all_can_be_had(step);
        } while (came);
        steps += step;
    }
    print_message("interrupted at %ld steps\n", steps);
}

static void release_and_show(void)
{
    release_shown();
    show_one();
}

static void no_frame_is_both_ends_after_the_sender_restarted(void **state)
{
    (void)state;
    each_step_after(sender_restarts, release_and_show, send_three);
    each_step_after(sender_restarts, send_three, release_and_show);
}

static void no_frame_is_both_ends_after_the_receiver_restarted(void **state)
{
    (void)state;
    each_step_after(receiver_restarts, send_three, show_three);
    each_step_after(receiver_restarts, show_three, send_three);
}

// A frame that the sender has while the receiver restarts: it is sent to the one after, or is lost, and
// is not free while it is on its way.
static struct duet_frame filled;

static void send_filled(void)
{
    duet_frame_send(&sender, &filled);
}

static void what_is_on_its_way_is_not_free_either(void **state)
{
    long step = 0;
    int came;

    (void)state;
    do {
        struct duet_frame got, mine[COUNT];
        uint32_t count = 0;

        step++;
        settle();
        assert_int_equal(duet_frame_acquire(&sender, &filled, DUET_BY_CPU), DUET_OK);
        receiver_restarts();
        shown = (struct duet_frame){0};
        came = interrupted_at(step, send_filled, show_one);
        while (count < COUNT && duet_frame_acquire(&sender, &mine[count], DUET_BY_CPU) == DUET_OK)
            count++;
        if (duet_frame_receive(&receiver, &got, DUET_EVERY_FRAME, DUET_BY_CPU) == DUET_OK) {
            assert_int_equal(sender.filling >> got.index & 1, 0);
            duet_frame_release(&receiver, &got);
        }
        while (count > 0)
            duet_frame_cancel(&sender, &mine[--count]);
        release_shown();
        all_can_be_had(step);
    } while (came);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(receiver_restarts_while_the_sender_sends, open_both,
                                        teardown),
        cmocka_unit_test_setup_teardown(sender_restarts_while_the_receiver_receives, open_both,
                                        teardown),
        cmocka_unit_test_setup_teardown(receiver_dies_with_a_frame_in_its_hands, open_both,
                                        teardown),
        cmocka_unit_test_setup_teardown(no_frame_is_both_ends_after_the_sender_restarted, open_both,
                                        teardown),
        cmocka_unit_test_setup_teardown(no_frame_is_both_ends_after_the_receiver_restarted,
                                        open_both, teardown),
        cmocka_unit_test_setup_teardown(what_is_on_its_way_is_not_free_either, open_both, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
