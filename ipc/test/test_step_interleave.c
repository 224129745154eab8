// Two sends against two receives of the real code, in every interleaving of single steps with up to
// SWITCHES changes of the core that were not asked for. Both use the calls that wait, on a port that
// sleeps until the hardware line rings and takes its interrupt at the first step that is not masked:
// a lost wake-up shows as two cores asleep with work left. The ring holds one message, so both wait.
#include <limits.h>
#include <ucontext.h>

#include "pair.h"

#include "duet/ring.h"

void duet_step(void);

#define SWITCHES 3   // with "long" also where the handshake is part of it; else 2 there
#define SIZE     12u // one message of 5 bytes, and not two
#define STACK    (64 * 1024)

static struct duet_host host;
static struct {
    struct duet_notify_shared notify;
    struct duet_ring_shared ring;
    uint8_t data[SIZE] SHARED;
} shared;
static struct duet_notify_config notify_config[2];
static struct duet_notify notify[2];
static struct duet_ring_config config[2];
static struct duet_ring producer, consumer;

static ucontext_t main_context, context[2];
static char stack[2][STACK];
static int running = -1, done[2], asleep[2], rung[2], masked[2], received;
static long steps, switch_at[SWITCHES + 1];
static int switches_made, is_long;

static void run_other(void)
{
    int from = running;

    if (done[!from])
        return;
    running = !from;
    swapcontext(&context[from], &context[running]);
}

static void take_interrupt(void)
{
    int self = running;

    if (!rung[self] || masked[self])
        return;
    rung[self] = 0;
    masked[self] = 1; // it does not nest
    duet_notify_interrupt(&notify[self]);
    masked[self] = 0;
}

void duet_step(void)
{
    if (running < 0)
        return;
    steps++;
    if (steps == switch_at[switches_made]) {
        switches_made++;
        run_other();
    }
    take_interrupt();
}

static void ring_line(const struct duet_port *port)
{
    rung[!port->core] = 1;
}

static uint32_t mask(const struct duet_port *port)
{
    return (uint32_t)masked[port->core]++;
}

static void unmask(const struct duet_port *port, uint32_t state)
{
    masked[port->core] = (int)state;
    if (running == (int)port->core)
        take_interrupt();
}

static uint32_t stopped_clock(const struct duet_port *port)
{
    (void)port;
    return 0;
}

// Asleep until the line rings; nobody left to ring it is the end of all things.
static void sleep_until_rung(const struct duet_port *port, uint32_t timeout_us)
{
    int self = (int)port->core;

    (void)timeout_us;
    asleep[self] = 1;
    while (!rung[self]) {
        if (done[!self] || (asleep[!self] && !rung[!self]))
            fail_msg("core %d would sleep for ever; switches at %ld %ld %ld", self, switch_at[0],
                     switch_at[1], switch_at[2]);
        run_other();
    }
    asleep[self] = 0;
}

static void leave(int self)
{
    done[self] = 1;
    if (done[!self]) {
        running = -1;
        setcontext(&main_context);
    }
    running = !self;
    setcontext(&context[!self]);
}

static void sender(void)
{
    for (uint8_t i = 0; i < 2; i++) {
        uint8_t message[5] = {i, 1, 2, 3, 4};

        while (duet_ring_send_wait(&producer, message, 5, 1) < 0)
            continue; // told of the other's start
    }
    leave(0);
}

static void receiver(void)
{
    uint8_t message[5];

    while (received < 2) {
        if (duet_ring_receive_wait(&consumer, message, 5, 1) != 5)
            continue;
        assert_int_equal(message[0], received);
        assert_memory_equal(message + 1, "\1\2\3\4", 4);
        received++;
    }
    leave(1);
}

static void start_core(int core, void (*life)(void))
{
    getcontext(&context[core]);
    context[core].uc_stack.ss_sp = stack[core];
    context[core].uc_stack.ss_size = STACK;
    context[core].uc_link = NULL;
    makecontext(&context[core], life, 0);
}

static void prepare(int settled)
{
    running = -1;
    memset(&shared, 0, sizeof(shared));
    for (uint32_t core = 0; core < 2; core++)
        duet_notify_open(&notify[core], &notify_config[core]);
    duet_ring_open_producer(&producer, &config[0]);
    duet_ring_open_consumer(&consumer, &config[1]);
    for (int i = 0; settled && i < 4; i++) {
        duet_ring_used(&producer);
        duet_ring_used(&consumer);
    }
    for (int core = 0; settled && core < 2; core++)
        duet_notify_take(&notify[core], UINT32_MAX);
    for (int core = 0; core < 2; core++)
        done[core] = asleep[core] = rung[core] = masked[core] = 0;
    received = 0;
    steps = switches_made = 0;
}

// One run; the number of steps that it took.
static long run(int settled, int first)
{
    volatile int returned = 0;

    prepare(settled);
    start_core(0, sender);
    start_core(1, receiver);
    getcontext(&main_context);
    if (!returned) {
        returned = 1;
        running = first;
        setcontext(&context[first]);
    }
    assert_int_equal(received, 2);
    return steps;
}

static long all_schedules(int settled, int first)
{
    long runs = 0, a, b, c, length;

    // A switch beyond the run's end does not happen: the loops end there.
    for (a = 1;; a++) {
        for (b = a + 1;; b++) {
            for (c = settled || is_long ? b + 1 : LONG_MAX;; c++, runs++) {
                switch_at[0] = a;
                switch_at[1] = b;
                switch_at[2] = c;
                switch_at[3] = -1;
                length = run(settled, first);
                if (c > length)
                    break;
            }
            if (b > length)
                break;
        }
        if (a > length)
            return runs;
    }
}

static void every_interleaving_delivers_both_messages(void **state)
{
    (void)state;
    duet_host_open(&host);
    for (uint32_t core = 0; core < 2; core++) {
        host.port[core].notify = ring_line;
        host.port[core].acknowledge = NULL;
        host.port[core].mask = mask;
        host.port[core].unmask = unmask;
        host.port[core].clock = stopped_clock;
        host.port[core].wait = sleep_until_rung;
        notify_config[core] =
            (struct duet_notify_config){.memory = memory_of(&host, core), .shared = &shared.notify};
        config[core] = (struct duet_ring_config){.memory = memory_of(&host, core),
                                                 .shared = &shared.ring,
                                                 .data = shared.data,
                                                 .size = SIZE,
                                                 .notify = &notify[core]};
    }
    for (int settled = 1; settled >= 0; settled--) // without: the handshake is part of it
        for (int first = 0; first < 2; first++)
            print_message("%s, core %d first: %ld schedules\n", settled ? "agreed" : "starting",
                          first, all_schedules(settled, first));
    duet_host_close(&host);
}

int main(int argc, char **argv)
{
    is_long = argc > 1 && strcmp(argv[1], "long") == 0;
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_interleaving_delivers_both_messages)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
