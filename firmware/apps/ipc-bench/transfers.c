/* Large things: the MDMA, and frames whose owner changes. 64 KB each. */
#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "duet/frame.h"
#include "duet/transfer.h"
#include "duet_stm32h7.h"
#include "ipc-bench/bench.h"

enum { LINE_MOVED = 3, LINE_FRAME = 4, LARGE = 65536, REPEATS = 16, PATIENCE_US = 1000000 };

#define POOL_SHARED ((struct duet_frame_shared *)0x3800c000u)
#define FROM        ((uint8_t *)0x24020000u) /* AXI SRAM */
#define FRAMES      ((uint8_t *)0x24040000u) /* two of 64 KB, cached by the M7 */

static struct duet_mover mover;

void mdma_handler(void);

void mdma_handler(void)
{
    duet_mover_serve(&mover);
}

static void print(const char *what, uint32_t microseconds)
{
    uint32_t per_piece = microseconds * 100 / REPEATS;
    say("| %s | %lu.%02lu | %lu |", what, (unsigned long)per_piece / 100,
        (unsigned long)per_piece % 100, (unsigned long)LARGE * REPEATS / microseconds);
}

/* AXI SRAM to SRAM1, completion told to the M4, which answers by the barrier. */
static void bench_mdma(void)
{
    static const struct duet_mover_config config = {
        .port = &link_port, .notify = &link_notify, .line = LINE_MOVED, .tell_peer = 1};
    static const struct duet_transfer transfer = {.from = FROM,
                                                  .to = (uint8_t *)0x30010000,
                                                  .row = LARGE,
                                                  .rows = 1,
                                                  .from_policy = DUET_MAINTAINED};
    if (IS_CM7) {
        duet_stm32h7_start_mdma(link_port.context);
        duet_mover_open(&mover, &config);
        irq_enable(IRQ_MDMA, 5);
    }
    duet_notify_take(&link_notify, BIT(LINE_MOVED));
    barrier();
    uint32_t start = example_microseconds();
    for (int n = 0; n < REPEATS; n++) {
        if (IS_CM7)
            must(duet_mover_start(&mover, &transfer), "the transfer");
        else
            duet_notify_wait(&link_notify, BIT(LINE_MOVED), PATIENCE_US);
        barrier();
    }
    if (IS_CM7)
        print("MDMA, AXI SRAM to SRAM1, told to the M4", example_microseconds() - start);
}

static struct duet_frame_config pool = {
    .control = LINK_MEMORY,
    .shared = POOL_SHARED,
    .buffers = FRAMES,
    .count = 2,
    .stride = LARGE,
    .notify = &link_notify,
    .line = LINE_FRAME,
};
static struct duet_frame_sender sender;
static struct duet_frame_receiver receiver;

static void send_frame(void)
{
    struct duet_frame frame;
    while (duet_frame_acquire(&sender, &frame, DUET_BY_DMA) != DUET_OK)
        duet_notify_wait(&link_notify, BIT(LINE_FRAME), PATIENCE_US);
    frame.length = LARGE;
    must(duet_frame_send(&sender, &frame), "a frame's send");
}

static void receive_frame(enum duet_frame_user user)
{
    struct duet_frame frame;
    while (duet_frame_receive(&receiver, &frame, DUET_EVERY_FRAME, user) != DUET_OK)
        duet_notify_wait(&link_notify, BIT(LINE_FRAME), PATIENCE_US);
    must(duet_frame_release(&receiver, &frame), "a frame's release");
}

/* Whole pictures that some DMA has filled, from the M4's hands to the M7's and back. */
static void bench_frames(const char *what, enum duet_frame_user user)
{
    barrier();
    uint32_t start = example_microseconds();
    for (int n = 0; n < REPEATS; n++)
        if (IS_CM7)
            receive_frame(user);
        else
            send_frame();
    barrier();
    if (IS_CM7)
        print(what, example_microseconds() - start);
}

static void open_pool(void)
{
    pool.pixels = (struct duet_memory){.port = &link_port,
                                       .policy = IS_CM7 ? DUET_MAINTAINED : DUET_NON_CACHEABLE};
    if (IS_CM7)
        must(duet_frame_open_receiver(&receiver, &pool), "the pool");
    else
        must(duet_frame_open_sender(&sender, &pool), "the pool");
}

void bench_transfers(void)
{
    bench_mdma();
    barrier();
    open_pool();
    bench_frames("frames, first round", DUET_BY_DMA);
    bench_frames("frames for the M7's DMAs", DUET_BY_DMA);
    bench_frames("frames for the M7's CPU", DUET_BY_CPU);
}
