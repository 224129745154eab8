// What a pool does with what cannot be: held beyond the pool, messages that are none, messages without end.
#include "frame_calls.h"

static struct duet_notify notify[2];

// The receiver's word of what it holds is taken as far as it can be true.
static void what_is_said_to_be_held_is_within_the_pool_and_not_ours(void **state)
{
    struct duet_frame filling;

    (void)state;
    open_both();
    assert_int_equal(acquire(&filling), DUET_OK);
    open_receiver();
    shared.frames.receiver.held = UINT32_MAX;
    for (int i = 0; i < 3; i++) {
        struct duet_frame frame;

        assert_int_not_equal(acquire(&frame), DUET_OK);
        assert_int_not_equal(receive(&frame), DUET_OK);
    }
    assert_int_equal(sender.out, ((1u << COUNT) - 1) & ~(1u << filling.index));
    assert_int_equal(duet_frame_cancel(&sender, &filling), DUET_OK);
    assert_int_equal(free_frames(), 1);
}

static void memory_says_that_two_are_held(const struct duet_port *port,
                                          const volatile void *address, uint32_t size)
{
    (void)port;
    if (address == &shared.frames.receiver && size == sizeof(shared.frames.receiver))
        shared.frames.receiver.held = 3;
}

static void what_is_held_is_read_from_memory_and_not_from_a_stale_line(void **state)
{
    struct duet_frame frame;

    (void)state;
    host.port[1].invalidate = memory_says_that_two_are_held;
    host.port[1].clean = NULL;
    config[1].control.policy = DUET_MAINTAINED;
    open_sender();
    open_receiver();
    for (int i = 0; i < 4; i++) {
        if (acquire(&frame) == DUET_OK)
            break;
        receive(&frame);
    }
    assert_int_equal(frame.index, 2);
    assert_int_equal(sender.out, 3);
}

// Neither end can say what is not a frame's message: the sender counts anew.
static void a_return_that_makes_no_sense_begins_anew(void **state)
{
    static const uint8_t bytes[32];
    uint32_t lengths[] = {4, 15, 17, 32};

    (void)state;
    for (size_t i = 0; i <= sizeof(lengths) / sizeof(*lengths); i++) {
        struct duet_frame frame;
        uint32_t back = sender.back.epoch, forward = sender.forward.epoch;

        open_both();
        send_frame(); // and it is in flight
        back = sender.back.epoch, forward = sender.forward.epoch;
        if (i < sizeof(lengths) / sizeof(*lengths)) {
            assert_int_equal(duet_ring_send(&receiver.back, bytes, lengths[i]), (int)lengths[i]);
        } else { // a length that is more than there is
            uint32_t at = receiver.back.position;

            assert_int_equal(duet_ring_send(&receiver.back, bytes, 16), 16);
            for (uint32_t k = 0; k < 4; k++)
                shared.frames.back[(at + k) % DUET_FRAME_RING_BYTES] = 0x55;
        }
        assert_int_equal(acquire(&frame), DUET_DOWN);
        assert_int_not_equal(sender.back.epoch, back);
        assert_int_not_equal(sender.forward.epoch, forward);
        assert_int_equal(receive(&frame), DUET_RESTARTED); // what was in flight is dropped
        agree();
        assert_int_equal(free_frames(), COUNT);
    }
}

static void a_position_that_makes_no_sense_begins_anew(void **state)
{
    struct duet_frame frame;

    (void)state;
    open_both();
    send_frame();
    shared.frames.forward_ring.consumer.position = UINT32_MAX;
    assert_int_equal(acquire(&frame), DUET_DOWN);
    assert_int_equal(receive(&frame), DUET_RESTARTED);
    agree();
    assert_int_equal(free_frames(), COUNT);

    open_both();
    send_frame();
    assert_int_equal(receive(&frame), DUET_OK);
    assert_int_equal(duet_frame_release(&receiver, &frame), DUET_OK);
    send_frame();
    uint32_t epoch = receiver.forward.epoch;

    shared.frames.back_ring.consumer.position = UINT32_MAX; // of what is on its way back
    receive(&frame);
    assert_int_not_equal(receiver.forward.epoch, epoch); // the sender is made to count anew
    agree();
    assert_int_equal(free_frames(), COUNT);
}

static void the_same_while_a_frame_goes_back(void **state)
{
    struct duet_frame frame;

    (void)state;
    open_both();
    send_frame();
    assert_int_equal(receive(&frame), DUET_OK);

    uint32_t epoch = receiver.forward.epoch;

    shared.frames.back_ring.consumer.position = UINT32_MAX;
    assert_int_equal(duet_frame_release(&receiver, &frame), DUET_OK);
    assert_int_not_equal(receiver.forward.epoch, epoch);
    agree();
    assert_int_equal(free_frames(), COUNT);
}

// A peer that answers each move with another message: a call ends all the same.
static uint32_t floods;
static struct duet_ring *flooded;

static void send_another(const struct duet_port *port)
{
    struct message message = {.frame = floods % COUNT};

    duet_notify_take(&notify[!port->core], UINT32_MAX);
    if (floods++ < 1000)
        duet_ring_send(flooded, &message, sizeof(message));
}

// `core` is the one that is flooded; its peer's `wake` asks for each move.
static void open_both_with_a_flood(uint32_t core, struct duet_ring *ring, uint32_t *wake)
{
    static struct duet_notify_config notify_config[2];

    for (uint32_t i = 0; i < 2; i++) {
        notify_config[i] =
            (struct duet_notify_config){.memory = memory_of(&host, i), .shared = &shared.notify};
        assert_int_equal(duet_notify_open(&notify[i], &notify_config[i]), DUET_OK);
        config[i].notify = &notify[i];
    }
    open_both();
    duet_notify_take(&notify[!core], UINT32_MAX);
    *wake = 1;
    host.port[core].notify = send_another;
    flooded = ring;
    floods = 0;
    send_another(&host.port[core]);
}

static void returns_without_end_do_not_hold_the_sender(void **state)
{
    struct duet_frame frame;

    (void)state;
    open_both_with_a_flood(1, &receiver.back, &shared.frames.back_ring.producer.wake);
    acquire(&frame);
    assert_in_range(floods, DUET_FRAME_MAX, DUET_FRAME_MAX + 2);
}

static void frames_without_end_do_not_hold_the_receiver(void **state)
{
    struct duet_frame frame;

    (void)state;
    open_both_with_a_flood(0, &sender.forward, &shared.frames.forward_ring.producer.wake);
    assert_int_equal(duet_frame_receive(&receiver, &frame, DUET_LATEST_FRAME, DUET_BY_DMA),
                     DUET_OK);
    assert_in_range(floods, DUET_FRAME_MAX, 2 * DUET_FRAME_MAX + 4); // a frame back rings, too
}

static void restart_sender(const struct duet_port *port)
{
    (void)port;
    host.port[0].notify = NULL;
    config[0].notify = NULL;
    open_sender();
}

// The sender restarts between two looks of one call: the frame counts, and the restart is told next.
static void a_restart_behind_the_latest_frame_is_told_next(void **state)
{
    struct duet_frame frame, next;

    (void)state;
    open_both_with_a_flood(0, &sender.forward, &shared.frames.forward_ring.producer.wake);
    host.port[0].notify = restart_sender;
    assert_int_equal(duet_frame_receive(&receiver, &frame, DUET_LATEST_FRAME, DUET_BY_DMA),
                     DUET_OK);
    assert_int_equal(duet_frame_receive(&receiver, &next, DUET_LATEST_FRAME, DUET_BY_DMA),
                     DUET_RESTARTED);
    assert_int_equal(duet_frame_receive(&receiver, &next, DUET_LATEST_FRAME, DUET_BY_DMA),
                     DUET_DOWN);
}

static void the_latest_frame_is_given_at_once(void **state)
{
    struct duet_frame frame;

    (void)state;
    open_both();
    for (int i = 0; i < 4; i++) {
        send_frame();
        assert_int_equal(duet_frame_receive(&receiver, &frame, DUET_LATEST_FRAME, DUET_BY_DMA),
                         DUET_OK);
        assert_int_equal(duet_frame_release(&receiver, &frame), DUET_OK);
    }
}

static void a_frame_is_the_callers_once(void **state)
{
    struct duet_frame frame, copy;

    (void)state;
    open_both();
    assert_int_equal(acquire(&frame), DUET_OK);
    copy = frame;
    assert_int_equal(duet_frame_cancel(&sender, &frame), DUET_OK);
    assert_int_equal(duet_frame_cancel(&sender, &copy), DUET_INVALID);
    assert_int_equal(duet_frame_send(&sender, &copy), DUET_INVALID);
    assert_int_equal(acquire(&frame), DUET_OK);
    copy = frame;
    copy.data += 32; // altered
    assert_int_equal(duet_frame_send(&sender, &copy), DUET_INVALID);
    assert_int_equal(duet_frame_send(&sender, &frame), DUET_OK);
    assert_int_equal(shared.frames.sender.frames, 1);
    assert_int_equal(shared.frames.sender.lost, 0);
}

// A frame that is held already, or a message of another length, gives none and is counted.
static void a_message_that_is_no_frame_is_refused(void **state)
{
    struct message held;
    static const uint8_t bytes[32] = {1}; // of a frame that nobody holds

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct duet_frame shown, frame;
        uint32_t epoch;

        open_both();
        send_frame();
        assert_int_equal(receive(&shown), DUET_OK);
        held = (struct message){.frame = shown.index, .length = 1};
        epoch = receiver.forward.epoch;
        if (i == 0)
            assert_int_equal(duet_ring_send(&sender.forward, &held, 16), 16);
        else
            assert_int_equal(duet_ring_send(&sender.forward, bytes, i == 1 ? 12 : 20),
                             i == 1 ? 12 : 20);
        assert_int_equal(receive(&frame), DUET_CORRUPT);
        assert_null(frame.data);
        assert_int_not_equal(receiver.forward.epoch, epoch);
        assert_int_equal(receiver.counts.lost, 1);
        agree();
        assert_int_equal(free_frames(), COUNT - 1); // what is shown stays shown
        assert_int_equal(duet_frame_release(&receiver, &shown), DUET_OK);
        assert_int_equal(free_frames(), COUNT);
    }
}

// What is found behind the latest frame is told at the next call, and once.
static void what_comes_behind_the_latest_frame_is_told_next(void **state)
{
    struct duet_frame frame;

    (void)state;
    open_both();
    send_frame();
    assert_int_equal(duet_ring_send(&sender.forward, "no frame", 8), 8);
    assert_int_equal(duet_frame_receive(&receiver, &frame, DUET_LATEST_FRAME, DUET_BY_DMA),
                     DUET_OK);
    assert_non_null(frame.data);

    struct duet_frame next;

    assert_int_equal(duet_frame_receive(&receiver, &next, DUET_LATEST_FRAME, DUET_BY_DMA),
                     DUET_CORRUPT);
    assert_int_equal(duet_frame_receive(&receiver, &next, DUET_LATEST_FRAME, DUET_BY_DMA),
                     DUET_DOWN);
    assert_int_equal(duet_frame_release(&receiver, &frame), DUET_OK);
    agree();
    assert_int_equal(free_frames(), COUNT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_said_to_be_held_is_within_the_pool_and_not_ours),
        TEST(what_is_held_is_read_from_memory_and_not_from_a_stale_line),
        TEST(a_return_that_makes_no_sense_begins_anew),
        TEST(a_position_that_makes_no_sense_begins_anew),
        TEST(the_same_while_a_frame_goes_back),
        TEST(returns_without_end_do_not_hold_the_sender),
        TEST(frames_without_end_do_not_hold_the_receiver),
        TEST(a_restart_behind_the_latest_frame_is_told_next),
        TEST(the_latest_frame_is_given_at_once),
        TEST(a_frame_is_the_callers_once),
        TEST(a_message_that_is_no_frame_is_refused),
        TEST(what_comes_behind_the_latest_frame_is_told_next),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
