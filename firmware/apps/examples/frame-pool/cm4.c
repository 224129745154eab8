/* The M4 draws pictures and sends them. */
#include "frame-pool/frame-pool.h"

static const struct duet_frame_config config = POOL;
static struct duet_frame_sender sender;

static void open_pool(void)
{
    must(duet_frame_open_sender(&sender, &config), "the pool");
}

static void draw(uint16_t *pixels, uint32_t number)
{
    for (uint32_t n = 0; n < WIDTH * HEIGHT; n++)
        pixels[n] = (uint16_t)number;
}

/* Waits for a free buffer: the line is raised when the M7 gives one back, too. */
static void send_picture(uint32_t number)
{
    struct duet_frame frame;
    while (duet_frame_acquire(&sender, &frame, DUET_BY_CPU) != DUET_OK)
        duet_notify_wait(&link_notify, BIT(LINE_FRAMES), PATIENCE_US);
    draw((uint16_t *)(void *)frame.data, number);
    frame.length = FRAME_BYTES;
    frame.tag = number;
    must(duet_frame_send(&sender, &frame), "send");
}

static void wait_for_story(uint32_t story)
{
    while (*(volatile uint32_t *)&MAP->story != story)
        duet_notify_wait(&link_notify, BIT(LINE_STORY), PATIENCE_US);
}

/* Takes all that are free, and gives them back unsent. */
static uint32_t count_free(void)
{
    struct duet_frame frames[FRAME_COUNT];
    uint32_t count = 0;
    while (count < FRAME_COUNT &&
           duet_frame_acquire(&sender, &frames[count], DUET_BY_CPU) == DUET_OK)
        count++;
    for (uint32_t n = 0; n < count; n++)
        must(duet_frame_cancel(&sender, &frames[n]), "cancel");
    return count;
}

int main(void)
{
    link_start(NULL, 0, open_pool);
    say("sends %d pictures by %d buffers", ALL_FRAMES, FRAME_COUNT);
    for (uint32_t number = 1; number <= ALL_FRAMES; number++)
        send_picture(number);
    wait_for_story(1);
    say("sends three more at once");
    for (uint32_t number = 1; number <= QUICK_FRAMES; number++)
        send_picture(ALL_FRAMES + number);
    duet_notify_raise(&link_notify, LINE_STORY);
    wait_for_story(2);
    say("%lu buffers of %d are free, the M7 has one", (unsigned long)count_free(), FRAME_COUNT);
    example_end();
}
