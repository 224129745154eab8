/* The M7, with the cache that this is about. */
#include "cached-link/cached-link.h"
#include "duet/transfer.h"

enum { WORK_BYTES = 20 * 1024 }; /* more than the cache is large */

#define WORK  ((volatile uint32_t *)0x24010000u) /* AXI SRAM */
#define DRAWN ((uint32_t *)0x24000000u)

static struct duet_frame_receiver pictures;
static struct duet_frame_sender drawings;

static void open_pools(void)
{
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
        receive_frame(&pictures, LINE_PICTURES, &frame);
        wrong += wrong_pixels(&frame, number);
        for (uint32_t n = 0; n < FRAME_BYTES; n += 64)
            frame.data[n] = 0; /* ours: we may */
        must(duet_frame_release(&pictures, &frame), "a release");
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

/* The other core holds a frame while this one opens its end anew: it has it still. */
static void begin_again(void)
{
    uint32_t free = 0, start = example_microseconds();
    send_frame(&drawings, LINE_DRAWINGS, ROUNDS + 1);
    meet(); /* it has it */
    must(duet_frame_open_sender(&drawings, &drawings_config), "the drawings again");
    while (free == 0 && example_microseconds() - start < PATIENCE_US)
        free = free_drawings();
    say("%lu of %d drawings are free", (unsigned long)free, FRAMES);
    meet();
}

static void transfer(void)
{
    static const struct duet_mover_config config = {.port = &port};
    static const struct duet_transfer piece = {
        .from = DRAWN,
        .to = MAP->moved,
        .row = MOVED_BYTES,
        .rows = 1,
        .from_policy = DUET_MAINTAINED,
        .to_policy = DUET_MAINTAINED,
    };
    struct duet_mover mover;
    uint32_t wrong = 0;
    const uint32_t *moved = (const uint32_t *)(const void *)MAP->moved;
    duet_stm32h7_start_mdma(port.context);
    duet_mover_open(&mover, &config);
    for (uint32_t round = 1; round <= 2; round++) {
        for (uint32_t n = 0; n < MOVED_BYTES / 4; n++)
            DRAWN[n] = round * 0x10001 + n;
        must(duet_mover_start(&mover, &piece), "the transfer");
        must(duet_mover_wait(&mover, PATIENCE_US), "the transfer's end");
        for (uint32_t n = 0; n < MOVED_BYTES / 4; n++)
            wrong += moved[n] != round * 0x10001 + n;
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
    send_messages(&there);
    say("%d messages, %lu words wrong", MESSAGES, (unsigned long)take_messages(&back));
    meet();
    receive_pictures();
    for (uint32_t number = 1; number <= ROUNDS; number++) {
        send_frame(&drawings, LINE_DRAWINGS, number);
        work();
    }
    meet();
    meet(); /* the M4 has looked at the counts */
    begin_again();
    transfer();
    watch();
    meet_at_last();
    read_statistics();
    example_sleep(20); /* after what the M4 says of them */
    say("done");
    example_end();
}
