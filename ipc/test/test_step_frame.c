// One end of a pool of frames opens anew at each step of the other's call: no frame is lost to both.
#include "pair.h"
#include "step.h"

#include "duet/frame.h"

#define COUNT  3u
#define STRIDE 64u

static struct duet_host host;
static struct {
    struct duet_frame_shared frames;
    uint8_t pixels[COUNT * STRIDE] SHARED;
} shared;
static struct duet_frame_config config[2];
static struct duet_frame_sender sender;     // core 1
static struct duet_frame_receiver receiver; // core 0

static int setup(void **state)
{
    (void)state;
    memset(&shared, 0x99, sizeof(shared));
    duet_host_open(&host);
    for (uint32_t core = 0; core < 2; core++)
        config[core] = (struct duet_frame_config){.control = memory_of(&host, core),
                                                  .pixels = memory_of(&host, core),
                                                  .shared = &shared.frames,
                                                  .buffers = shared.pixels,
                                                  .count = COUNT,
                                                  .stride = STRIDE};
    duet_frame_open_sender(&sender, &config[1]);
    duet_frame_open_receiver(&receiver, &config[0]);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    duet_host_close(&host);
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
    duet_frame_open_receiver(&receiver, &config[0]);
}

static void sender_restarts(void)
{
    duet_frame_open_sender(&sender, &config[1]);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(receiver_restarts_while_the_sender_sends, setup, teardown),
        cmocka_unit_test_setup_teardown(sender_restarts_while_the_receiver_receives, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(receiver_dies_with_a_frame_in_its_hands, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
