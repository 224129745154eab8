// Either core dies at every step of its RPMsg life: opening, announcing, sending, receiving, holding and
// giving back. The survivor's calls end, messages arrive at most once, in order and whole, and both
// talk again without a reset of the survivor.
#include "rpmsg_pair.h"
#include "step.h"

static struct duet_endpoint end[2];
static uint32_t sent[2], expected[2]; // by sender
static void *held[2];

static uint32_t stepping_clock(const struct duet_port *port)
{
    static uint32_t now;

    (void)port;
    return now += 10;
}

static void receive(struct duet_endpoint *endpoint, void *data, uint32_t length, uint32_t source)
{
    int from = endpoint == &end[0];
    uint32_t number;

    (void)source;
    assert_true(length >= 4);
    memcpy(&number, data, 4);
    assert_true(number >= expected[from] && number < sent[from]);
    assert_int_equal(length, 4 + number % 50);
    for (uint32_t i = 4; i < length; i++)
        assert_int_equal(((uint8_t *)data)[i], (uint8_t)(number * 31 + i * 7 + (i >> 8)));
    expected[from] = number + 1;
    if (number % 3 == 0 && !held[!from]) {
        held[!from] = data;
        duet_rpmsg_hold(endpoint);
    }
}

static void start(int core)
{
    held[core] = NULL;
    assert_int_equal(duet_rpmsg_open(&side[core], &config[core]), DUET_OK);
    assert_int_equal(duet_rpmsg_create_endpoint(&side[core], &end[core], "pair", DUET_RPMSG_ANY,
                                                DUET_RPMSG_ANY, receive),
                     DUET_OK);
}

static int send_next(int core)
{
    uint8_t message[60];
    uint32_t number = sent[core]++, length = 4 + number % 50;

    fill_pattern(message, length, number);
    memcpy(message, &number, 4);
    return duet_rpmsg_send(&end[core], message, length, 100);
}

static void turn(int core)
{
    int status = duet_rpmsg_poll(&side[core]);

    if (status == DUET_RESTARTED)
        held[core] = NULL; // no longer the caller's
    if (held[core]) {
        duet_rpmsg_release(&end[core], held[core]);
        held[core] = NULL;
    }
    send_next(core);
}

static void live(int core)
{
    start(core);
    for (int i = 0; i < 6; i++) {
        OTHER_CORE(turn(!core));
        turn(core);
    }
}

static void host_life(void)
{
    live(0);
}

static void remote_life(void)
{
    live(1);
}

static void talk_again(void)
{
    for (int i = 0; i < 8; i++) {
        turn(0);
        turn(1);
    }
    for (int i = 0; i < 6; i++)
        for (int core = 0; core < 2; core++) {
            duet_rpmsg_poll(&side[!core]);
            if (held[!core])
                duet_rpmsg_release(&end[!core], held[!core]);
            held[!core] = NULL;
            assert_int_equal(send_next(core), DUET_OK);
            duet_rpmsg_poll(&side[!core]);
            assert_int_equal(expected[core], sent[core]);
        }
}

static void begin(void)
{
    memset(memory, 0x3D, sizeof(memory));
    memset(sent, 0, sizeof(sent));
    memset(expected, 0, sizeof(expected));
    configure();
    host.port[0].clock = host.port[1].clock = stepping_clock;
}

static long enumerate(int victim, long stride)
{
    void (*life)(void) = victim ? remote_life : host_life;
    long lives = 0;

    for (long first = 1;; first++) {
        int died = 0;

        for (long second = 1 + first % stride;; second += stride) {
            begin();
            start(!victim);
            died = dies_at(first, life);
            lives++;
            side[victim].in_callback = 0;
            turn(!victim);

            int again = dies_at(second, life);

            turn(!victim);
            start(victim);
            talk_again();
            duet_host_close(&host);
            if (!again)
                break;
        }
        if (!died)
            return lives;
    }
}

static void a_host_that_dies_at_any_step_and_again(void **state)
{
    (void)state;
    print_message("host: %ld lives ended\n", enumerate(0, 7));
}

static void a_remote_that_dies_at_any_step_and_again(void **state)
{
    (void)state;
    print_message("remote: %ld lives ended\n", enumerate(1, 7));
}

// The survivor is in the middle of a call when the other core starts again, up to its first messages.
static int victim_core;

static void victim_starts(void)
{
    start(victim_core);
    for (int i = 0; i < 2; i++)
        turn(victim_core);
}

static void survivor_turns(void)
{
    for (int i = 0; i < 4; i++)
        turn(!victim_core);
}

static void a_start_of_the_other_in_the_middle_of_any_call(void **state)
{
    long at, steps = 0;

    (void)state;
    for (victim_core = 0; victim_core < 2; victim_core++)
        for (at = 1;; at++, steps++) {
            int came;

            begin();
            start(0);
            start(1);
            talk_again();
            came = interrupted_at(at, survivor_turns, victim_starts);
            talk_again();
            for (int core = 0; core < 2; core++) // nobody wrote on rings that were no longer his
                assert_int_equal(side[core].refused, 0);
            duet_host_close(&host);
            if (!came)
                break;
        }
    print_message("interrupted at %ld steps\n", steps);
}

// The word that says who the other is changes, and changes back at the next step: between two looks of one
// call. Either a restart is told, or nothing has changed for the survivor.
static uint32_t flips;
static int told;

static void flip_epoch(void)
{
    uint32_t *epoch = (uint32_t *)(void *)(memory + (victim_core ? 0x3E0 : 0x3C0)) + 1;

    *epoch ^= 0x100;
    if (++flips % 2)
        step_left = 1;
}

static void survivor_looks(void)
{
    for (int i = 0; i < 3; i++)
        told |= duet_rpmsg_poll(&side[!victim_core]) == DUET_RESTARTED;
}

static void a_word_that_changes_back_is_a_restart_or_nothing(void **state)
{
    (void)state;
    for (victim_core = 0; victim_core < 2; victim_core++)
        for (long at = 1;; at++) {
            int came;
            uint32_t epoch, peer;

            begin();
            start(0);
            start(1);
            talk_again();
            epoch = side[!victim_core].epoch;
            peer = end[!victim_core].peer;
            flips = 0, told = 0;
            came = interrupted_at(at, survivor_looks, flip_epoch);
            if (flips % 2)
                flip_epoch();
            if (!told) {
                assert_int_equal(side[!victim_core].epoch, epoch);
                assert_int_equal(end[!victim_core].peer, peer);
            } else if (victim_core) { // a host that tells has begun another session
                assert_int_not_equal(side[0].epoch, epoch);
            }
            talk_again();
            duet_host_close(&host);
            if (!came)
                break;
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_that_dies_at_any_step_and_again),
        cmocka_unit_test(a_remote_that_dies_at_any_step_and_again),
        cmocka_unit_test(a_start_of_the_other_in_the_middle_of_any_call),
        cmocka_unit_test(a_word_that_changes_back_is_a_restart_or_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
