// Either core dies at every step of opening, sending, receiving and notifying, and once more at every
// step of its next life. The survivor is told within its bound, messages arrive at most once, in order
// and whole, and both talk again without a reset of the survivor.
#include "pair.h"
#include "step.h"

#include "duet/frame.h"

#define SIZE 64u

static struct duet_host host;
static struct {
    struct duet_notify_shared notify;
    struct duet_ring_shared ring;
    uint8_t data[SIZE] SHARED;
    struct duet_frame_shared frames;
    uint8_t pixels[2 * 32] SHARED;
} shared;
static struct duet_notify_config notify_config[2];
static struct duet_notify notify[2];
static struct duet_ring_config config[2];
static struct duet_ring producer, consumer; // core 0, core 1
static uint32_t next_sent, next_expected;

static uint32_t frozen_clock(const struct duet_port *port)
{
    static uint32_t now; // each look takes 10 us, so that bounds end without waiting

    (void)port;
    return now += 10;
}

static void power_on(void)
{
    memset(&shared, 0x77, sizeof(shared));
    duet_host_open(&host);
    for (uint32_t core = 0; core < 2; core++) {
        host.port[core].clock = frozen_clock;
        host.port[core].wait = NULL;
        notify_config[core] =
            (struct duet_notify_config){.memory = memory_of(&host, core), .shared = &shared.notify};
        config[core] = (struct duet_ring_config){.memory = memory_of(&host, core),
                                                 .shared = &shared.ring,
                                                 .data = shared.data,
                                                 .size = SIZE,
                                                 .notify = &notify[core],
                                                 .line = 4};
    }
    next_sent = next_expected = 0;
}

static void start_producer(void)
{
    assert_int_equal(duet_notify_open(&notify[0], &notify_config[0]), DUET_OK);
    assert_int_equal(duet_ring_open_producer(&producer, &config[0]), DUET_OK);
}

static void start_consumer(void)
{
    assert_int_equal(duet_notify_open(&notify[1], &notify_config[1]), DUET_OK);
    assert_int_equal(duet_ring_open_consumer(&consumer, &config[1]), DUET_OK);
}

static int send_next(void)
{
    uint8_t message[20];
    uint32_t number = next_sent++, length = 4 + number % 16;

    fill_pattern(message, length, number);
    memcpy(message, &number, 4);
    return duet_ring_send_wait(&producer, message, length, 200);
}

// Takes all that is there; a message from the past or a torn one fails the test.
static void receive_all(void)
{
    uint8_t message[20];
    int length;

    for (int i = 0; i < 20; i++) {
        length = duet_ring_receive(&consumer, message, sizeof(message));
        if (length > 0) {
            uint32_t number;

            memcpy(&number, message, 4);
            assert_true(number >= next_expected && number < next_sent);
            assert_int_equal(length, 4 + number % 16);
            for (uint32_t k = 4; k < (uint32_t)length; k++)
                assert_int_equal(message[k], (uint8_t)(number * 31 + k * 7));
            next_expected = number + 1;
        }
    }
}

static void talk_again(void)
{
    for (int i = 0; i < 4; i++) {
        duet_ring_used(&producer);
        duet_ring_used(&consumer);
    }
    receive_all();
    duet_notify_take(&notify[0], UINT32_MAX);
    duet_notify_take(&notify[1], UINT32_MAX);
    for (int i = 0; i < 6; i++) {
        int sent = send_next();

        assert_int_equal(sent, 4 + (next_sent - 1) % 16);
        assert_int_equal(duet_notify_take(&notify[1], UINT32_MAX), 1u << 4);
        receive_all();
        assert_int_equal(next_expected, next_sent);
        assert_int_equal(duet_notify_take(&notify[0], UINT32_MAX), 0); // it did not wait
    }
}

static void producer_life(void)
{
    start_producer();
    OTHER_CORE(receive_all());
    for (int i = 0; i < 6; i++) {
        send_next();
        if (i % 2)
            OTHER_CORE(receive_all());
    }
}

static void consumer_life(void)
{
    start_consumer();
    for (int i = 0; i < 6; i++) {
        OTHER_CORE(send_next());
        if (i % 3 == 2)
            receive_all();
    }
}

// Kills `victim` at each step of one life, and the next life at every `stride`th step.
static long enumerate(int victim, long stride)
{
    void (*life)(void) = victim == 0 ? producer_life : consumer_life;
    long first, second, lives = 0;

    for (first = 1;; first++) {
        int died = 0;

        for (second = 1;; second += stride) {
            power_on();
            if (victim == 0)
                start_consumer();
            else
                start_producer();
            died = dies_at(first, life);
            lives++;
            // the survivor's calls end, whatever it finds
            if (victim == 0)
                receive_all();
            else
                send_next();

            int again = dies_at(second, life);

            if (victim == 0) {
                receive_all();
                start_producer();
            } else {
                send_next();
                start_consumer();
            }
            talk_again();
            duet_host_close(&host);
            if (!again)
                break;
        }
        if (!died)
            return lives;
    }
}

static void a_producer_that_dies_at_any_step_and_again(void **state)
{
    (void)state;
    print_message("producer: %ld lives ended\n", enumerate(0, 1));
}

static void a_consumer_that_dies_at_any_step_and_again(void **state)
{
    (void)state;
    print_message("consumer: %ld lives ended\n", enumerate(1, 1));
}

// ---- frames

static struct duet_frame_config frame_config[2];
static struct duet_frame_sender sender;     // core 1
static struct duet_frame_receiver receiver; // core 0
static struct duet_frame shown;
static uint32_t frame_number, frame_expected;

static void send_frame(void)
{
    struct duet_frame frame;

    if (duet_frame_acquire(&sender, &frame, DUET_BY_CPU) != DUET_OK)
        return;
    memset(frame.data, (int)frame_number, 32);
    frame.length = 32;
    frame.tag = frame_number++;
    duet_frame_send(&sender, &frame);
}

static void assert_shown_is_whole(void)
{
    if (shown.data)
        for (int i = 0; i < 32; i++)
            assert_int_equal(shown.data[i], (uint8_t)shown.tag);
}

// Shows the next frame and gives back the one before, as a display does.
static void show_frame(void)
{
    struct duet_frame frame;

    assert_shown_is_whole();
    if (duet_frame_receive(&receiver, &frame, DUET_EVERY_FRAME, DUET_BY_DMA) != DUET_OK)
        return;
    assert_true(frame.tag >= frame_expected && frame.tag < frame_number + 1);
    frame_expected = frame.tag + 1;
    if (shown.data)
        duet_frame_release(&receiver, &shown);
    shown = frame;
    assert_shown_is_whole();
}

static void start_sender(void)
{
    assert_int_equal(duet_frame_open_sender(&sender, &frame_config[1]), DUET_OK);
}

static void start_receiver(void)
{
    shown = (struct duet_frame){0};
    assert_int_equal(duet_frame_open_receiver(&receiver, &frame_config[0]), DUET_OK);
}

static void sender_life(void)
{
    start_sender();
    for (int i = 0; i < 8; i++) {
        send_frame();
        OTHER_CORE(show_frame());
    }
}

static void receiver_life(void)
{
    start_receiver();
    for (int i = 0; i < 8; i++) {
        OTHER_CORE(send_frame());
        show_frame();
    }
}

static void frames_power_on(void)
{
    power_on();
    for (uint32_t core = 0; core < 2; core++)
        frame_config[core] = (struct duet_frame_config){.control = memory_of(&host, core),
                                                        .pixels = memory_of(&host, core),
                                                        .shared = &shared.frames,
                                                        .buffers = shared.pixels,
                                                        .count = 2,
                                                        .stride = 32};
    frame_number = frame_expected = 0;
    start_sender();
    start_receiver();
    for (int i = 0; i < 6; i++) {
        send_frame();
        show_frame();
    }
    assert_non_null(shown.data);
}

static long enumerate_frames(int victim)
{
    void (*life)(void) = victim ? sender_life : receiver_life;

    for (long at = 1;; at++) {
        frames_power_on();

        int died = dies_at(at, life);

        for (int i = 0; i < 3; i++)
            victim ? show_frame() : send_frame();
        victim ? start_sender() : start_receiver();
        for (int i = 0; i < 6; i++) {
            send_frame();
            show_frame();
        }
        for (int i = 0; i < 6; i++) { // every buffer is in use again: no frame is left out
            uint32_t number = frame_number;

            send_frame();
            assert_int_equal(frame_number, number + 1);
            show_frame();
            assert_int_equal(shown.tag, number);
        }
        duet_host_close(&host);
        if (!died)
            return at;
    }
}

static void a_frame_sender_that_dies_at_any_step(void **state)
{
    (void)state;
    print_message("frame sender: stopped at %ld steps\n", enumerate_frames(1));
}

static void a_frame_receiver_that_dies_at_any_step(void **state)
{
    (void)state;
    print_message("frame receiver: stopped at %ld steps\n", enumerate_frames(0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_producer_that_dies_at_any_step_and_again),
        cmocka_unit_test(a_consumer_that_dies_at_any_step_and_again),
        cmocka_unit_test(a_frame_sender_that_dies_at_any_step),
        cmocka_unit_test(a_frame_receiver_that_dies_at_any_step),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
