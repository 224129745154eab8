/* The M7, with the cache that this is about. */
#include "cached-link/cached-link.h"
#include "chip/mmio.h"
#include "duet/transfer.h"

#include <string.h>

enum { WORK_BYTES = 20 * 1024 }; /* more than the cache is large */

#define WORK  ((volatile uint32_t *)0x24010000u) /* AXI SRAM */
#define DRAWN ((uint32_t *)(void *)MAP->drawn)

static struct duet_frame_receiver pictures;
static struct duet_frame_sender drawings;

static void open_pools(void)
{
    memset(MAP->drawings.pixels, 0, sizeof MAP->drawings.pixels);
    must(duet_frame_open_receiver(&pictures, &pictures_config), "the pictures");
    must(duet_frame_open_sender(&drawings, &drawings_config), "the drawings");
}

/* Lines leave the cache for others, the dirty ones with what is in them. */
static void work(void)
{
    for (uint32_t n = 0; n < WORK_BYTES / 4; n += 8)
        WORK[n] = n;
}

static void receive_pictures(void)
{
    uint32_t wrong = 0;
    for (uint32_t number = 1; number <= ROUNDS; number++) {
        struct duet_frame frame;
        receive_frame(&pictures, LINE_PICTURES, &frame, number % 2 ? DUET_BY_DMA : DUET_BY_CPU);
        duet_frame_hand(&pictures_config, &frame, DUET_BY_CPU);
        wrong += wrong_pixels(&frame, number);
        for (uint32_t n = 0; n < FRAME_BYTES; n += 64)
            frame.data[n] = 0; /* ours: we may */
        must(duet_frame_release(&pictures, &frame), "a release");
        if (number == ROUNDS / 2)
            work();
    }
    say("%d pictures, %lu words wrong", ROUNDS, (unsigned long)wrong);
}

static uint32_t free_drawings(void)
{
    struct duet_frame frames[FRAMES];
    uint32_t count = 0;
    while (count < FRAMES && duet_frame_acquire(&drawings, &frames[count], DUET_BY_DMA) == DUET_OK)
        count++;
    for (uint32_t n = 0; n < count; n++)
        must(duet_frame_cancel(&drawings, &frames[n]), "a cancel");
    return count;
}

/* A DMA draws this one. The buffer is dirty in the cache from before the pool was opened. */
static void send_moved_frame(uint32_t number)
{
    struct duet_frame frame;
    for (uint32_t n = 0; n < FRAME_BYTES / 4; n++)
        DRAWN[n] = word_of(number, n);
    port.clean(&port, DRAWN, FRAME_BYTES); /* and a barrier */
    acquire_frame(&drawings, LINE_DRAWINGS, &frame, DUET_BY_DMA);
    const struct duet_transfer piece = {
        .from = DRAWN, .to = frame.data, .row = FRAME_BYTES, .rows = 1};
    must(port.copy(&port, &piece), "a frame's transfer");
    while (port.copy_state(&port, &piece) == DUET_AGAIN)
        continue;
    frame.length = FRAME_BYTES;
    must(duet_frame_send(&drawings, &frame), "a moved frame");
}

/* Opens the sender's end anew: how many buffers are free then. */
static void begin_again(void)
{
    uint32_t free = 0, start = example_microseconds();
    must(duet_frame_open_sender(&drawings, &drawings_config), "the drawings again");
    while (free == 0 && example_microseconds() - start < PATIENCE_US)
        free = free_drawings();
    say("%lu of %d drawings are free", (unsigned long)free, FRAMES);
}

/* The M4 sleeps until there is room: it has asked to be told, and that is not overlooked. */
static void make_room(void)
{
    uint32_t words[MESSAGE_WORDS];
    for (int n = 0; n < WAKES; n++) {
        if (!duet_notify_wait(&notify, BIT(LINE_ROOM), PATIENCE_US))
            must(DUET_TIMEOUT, "a full ring");
        must(duet_ring_receive(&back, words, sizeof words), "a message of many");
    }
    meet_at_last();
    while (duet_ring_receive(&back, words, sizeof words) > 0)
        continue;
}

static void transfer(void)
{
    static const struct duet_mover_config config = {.port = &port};
    static const struct duet_transfer piece = {
        .from = DRAWN,
        .to = MAP->moved,
        .row = MOVED_BYTES,
        .rows = 1,
        .from_policy = POLICY,
        .to_policy = POLICY,
    };
    struct duet_mover mover;
    uint32_t wrong = 0;
    const uint32_t *moved = (const uint32_t *)(const void *)MAP->moved;
    duet_mover_open(&mover, &config);
    for (uint32_t round = 1; round <= 2; round++) {
        for (uint32_t n = 0; n < MOVED_BYTES / 4; n++)
            DRAWN[n] = word_of(round, n);
        must(duet_mover_start(&mover, &piece), "the transfer");
        must(duet_mover_wait(&mover, PATIENCE_US), "the transfer's end");
        for (uint32_t n = 0; n < MOVED_BYTES / 4; n++)
            wrong += moved[n] != word_of(round, n);
    }
    say("moved, %lu words wrong", (unsigned long)wrong);
}

/* The other core beats every millisecond. */
static void watch(void)
{
    uint32_t longest = 0;
    duet_region_silence(&region);
    for (int n = 0; n < 20; n++) {
        example_sleep(2);
        uint32_t silence = duet_region_silence(&region);
        longest = silence > longest ? silence : longest;
    }
    say("the M4 %s", longest < 10000 ? "beats" : "has fallen silent");
}

static void read_statistics(void)
{
    const struct duet_statistics *theirs = &MAP->there.received;
    port.invalidate(&port, theirs, sizeof *theirs);
    say("statistics: the M4 took %lu", (unsigned long)theirs->moves);
}

int main(void)
{
    cached_link_start(open_pools);
    duet_stm32h7_start_mdma(port.context);
    send_messages(&there);
    say("%d messages, %lu words wrong", MESSAGES, (unsigned long)take_messages(&back));
    meet();
    receive_pictures();
    send_moved_frame(1);
    for (uint32_t number = 2; number <= ROUNDS; number++) {
        work();
        send_frame(&drawings, LINE_DRAWINGS, number);
    }
    meet();
    meet(); /* the M4 has looked at the counts */
    send_frame(&drawings, LINE_DRAWINGS, ROUNDS + 1);
    meet();
    begin_again(); /* the M4 has one */
    meet();
    meet(); /* it has given it back */
    begin_again();
    meet();
    make_room();
    transfer();
    watch();
    meet();
    meet_at_last();
    read_statistics();
    example_sleep(20); /* after what the M4 says of them */
    say("done");
    example_end();
}
