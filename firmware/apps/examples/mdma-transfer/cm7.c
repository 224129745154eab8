/* The M7 describes three transfers, and sleeps while the MDMA moves them. */
#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "duet_stm32h7.h"
#include "mdma-transfer/mdma-transfer.h"

static uint8_t block[BLOCK_BYTES] __attribute__((aligned(32))); /* in DTCM, as all of .bss here */

static const struct duet_mover_config config = {
    .port = &link_port,
    .notify = &link_notify,
    .line = LINE_MOVED,
    .tell_peer = 1,
};
static struct duet_mover mover;

void mdma_handler(void);

/* The end of a piece: goes on with the next, or tells the M4 that all has arrived. */
void mdma_handler(void)
{
    duet_mover_serve(&mover);
}

/* From the TCM, which no cache holds. */
static const struct duet_transfer from_dtcm = {
    .from = block,
    .to = ARRIVED->block,
    .row = BLOCK_BYTES,
    .rows = 1,
    .from_policy = DUET_NON_CACHEABLE,
    .to_policy = DUET_MAINTAINED,
};

/* 48 rows out of a wider picture. This core drew it, and part of it is still in its cache only. */
static const struct duet_transfer window = {
    .from = PICTURE + WINDOW_Y * PICTURE_WIDTH + WINDOW_X,
    .to = ARRIVED->window,
    .row = WINDOW_WIDTH,
    .rows = WINDOW_HEIGHT,
    .from_stride = PICTURE_WIDTH,
    .to_stride = WINDOW_WIDTH,
    .from_policy = DUET_MAINTAINED,
    .to_policy = DUET_MAINTAINED,
};

/* Two places, one list, one completion. */
static const struct duet_transfer tail = {
    .from = &block[BLOCK_BYTES - 32],
    .to = ARRIVED->tail,
    .row = 32,
    .rows = 1,
    .to_policy = DUET_MAINTAINED,
};
static const struct duet_transfer head = {
    .from = &block[0],
    .to = ARRIVED->head,
    .row = 32,
    .rows = 1,
    .to_policy = DUET_MAINTAINED,
    .next = &tail,
};

static void move(const char *what, const struct duet_transfer *transfer)
{
    say("%s", what);
    must(duet_mover_start(&mover, transfer), "the transfer");
    if (!duet_notify_wait(&link_notify, BIT(LINE_CHECKED), PATIENCE_US))
        say("nobody answers");
}

int main(void)
{
    for (uint32_t n = 0; n < BLOCK_BYTES; n++)
        block[n] = block_byte(n);
    link_start(NULL, 0, NULL);
    for (uint32_t y = 0; y < WINDOW_Y + WINDOW_HEIGHT; y++)
        for (uint32_t x = 0; x < PICTURE_WIDTH; x++)
            PICTURE[y * PICTURE_WIDTH + x] = picture_byte(x, y);
    duet_stm32h7_start_mdma(link_port.context);
    duet_mover_open(&mover, &config);
    irq_enable(IRQ_MDMA, 5);
    while (duet_notify_take(&link_notify, BIT(LINE_CHECKED)) == 0)
        continue; /* pending from the start */
    move("4096 bytes from the DTCM to SRAM1", &from_dtcm);
    move("a window of 64 x 48 from a picture of 640 in AXI SRAM", &window);
    move("a list of two", &head);
    say("done");
    example_end();
}
