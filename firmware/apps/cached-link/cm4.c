/* The M4, which has no cache: what it writes is in memory, and what it reads is from there. */
#include "cached-link/cached-link.h"

static struct duet_frame_sender pictures;
static struct duet_frame_receiver drawings;

static void open_pools(void)
{
    must(duet_frame_open_sender(&pictures, &pictures_config), "the pictures");
    must(duet_frame_open_receiver(&drawings, &drawings_config), "the drawings");
}

static void receive_drawings(void)
{
    uint32_t wrong = 0;
    for (uint32_t number = 1; number <= ROUNDS; number++) {
        struct duet_frame frame;
        receive_frame(&drawings, LINE_DRAWINGS, &frame, DUET_BY_CPU);
        wrong += wrong_pixels(&frame, number);
        must(duet_frame_release(&drawings, &frame), "a release");
    }
    say("%d drawings, %lu words wrong", ROUNDS, (unsigned long)wrong);
}

/* What the M7's ends say of themselves, read in memory. */
static void read_counts(void)
{
    say("the M7 received %lu and sent %lu", (unsigned long)MAP->pictures.shared.receiver.frames,
        (unsigned long)MAP->drawings.shared.sender.frames);
}

/* The M7 opens its end anew and has to be answered. */
static void answer_for_a_while(void)
{
    struct duet_frame none;
    uint32_t start = example_microseconds();
    while (example_microseconds() - start < PATIENCE_US / 20)
        duet_frame_receive(&drawings, &none, DUET_EVERY_FRAME, DUET_BY_CPU);
}

/* Takes a frame and keeps it meanwhile; and gives it back before the next time. */
static void keep_one(void)
{
    struct duet_frame kept;
    receive_frame(&drawings, LINE_DRAWINGS, &kept, DUET_BY_CPU);
    meet();
    answer_for_a_while();
    meet();
    must(duet_frame_release(&drawings, &kept), "the kept one's release");
    meet();
    answer_for_a_while();
    meet();
}

static void wait_cycles(uint32_t cycles)
{
    for (uint32_t start = example_cycles(); example_cycles() - start < cycles;)
        continue;
}

/* Fills the ring, has one message taken, and asks for room at every moment of that. How often it
 * was not told at once: the tick woke it. */
static uint32_t count_late(void)
{
    uint32_t words[MESSAGE_WORDS] = {0}, late = 0;
    while (duet_ring_send(&back, words, sizeof words) > 0)
        continue;
    for (uint32_t n = 0; n < WAKES; n++) {
        duet_notify_raise(&notify, LINE_ROOM);
        wait_cycles(n * WAKE_STEP_CYCLES);
        uint32_t start = example_microseconds();
        must(duet_ring_send_wait(&back, words, sizeof words, PATIENCE_US), "a message at last");
        late += example_microseconds() - start > LATE_US;
    }
    meet_at_last();
    return late;
}

int main(void)
{
    cached_link_start(open_pools);
    say("statistics are %s", MAP->there.sent.magic == DUET_STATISTICS_MAGIC ? "there" : "missing");
    say("%d messages, %lu words wrong", MESSAGES, (unsigned long)take_messages(&there));
    send_messages(&back);
    meet();
    for (uint32_t number = 1; number <= ROUNDS; number++)
        send_frame(&pictures, LINE_PICTURES, number);
    receive_drawings();
    meet();
    read_counts();
    meet();
    keep_one();
    say("%lu of %d waits for room were too long", (unsigned long)count_late(), WAKES);
    for (int n = 0; n < 60; n++) {
        duet_region_beat(&region);
        example_sleep(1);
    }
    meet();
    meet_at_last();
    say("statistics: the M7 sent %lu and took %lu", (unsigned long)MAP->there.sent.moves,
        (unsigned long)MAP->back.received.moves);
    example_end();
}
