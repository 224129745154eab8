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
        receive_frame(&drawings, LINE_DRAWINGS, &frame);
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

/* Takes a frame and keeps it, while the M7 opens its end anew and has to be answered. */
static void keep_one(void)
{
    struct duet_frame kept, none;
    receive_frame(&drawings, LINE_DRAWINGS, &kept);
    meet();
    uint32_t start = example_microseconds();
    while (example_microseconds() - start < PATIENCE_US / 10)
        duet_frame_receive(&drawings, &none, DUET_EVERY_FRAME, DUET_BY_CPU);
    meet();
}

int main(void)
{
    cached_link_start(open_pools);
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
    for (int n = 0; n < 60; n++) {
        duet_region_beat(&region);
        example_sleep(1);
    }
    meet_at_last();
    say("statistics: the M7 sent %lu and took %lu", (unsigned long)MAP->there.sent.moves,
        (unsigned long)MAP->back.received.moves);
    example_end();
}
