/* The M7 looks at the pictures: first at every one, then at the newest only. */
#include "frame-pool/frame-pool.h"

static const struct duet_frame_config config = POOL;
static struct duet_frame_receiver receiver;

static void open_pool(void)
{
    must(duet_frame_open_receiver(&receiver, &config), "the pool");
}

/* Stale lines of the cache were dropped when the frame became ours: these are the M4's pixels. */
static uint32_t wrong_pixels(const struct duet_frame *frame)
{
    const uint16_t *pixels = (const uint16_t *)(const void *)frame->data;
    uint32_t wrong = 0;
    for (uint32_t n = 0; n < WIDTH * HEIGHT; n++)
        wrong += pixels[n] != frame->tag;
    return wrong;
}

static void receive(struct duet_frame *frame, enum duet_frame_mode mode)
{
    while (duet_frame_receive(&receiver, frame, mode, DUET_BY_CPU) != DUET_OK)
        duet_notify_wait(&link_notify, BIT(LINE_FRAMES), PATIENCE_US);
    say("picture %lu, %lu pixels wrong", (unsigned long)frame->tag,
        (unsigned long)wrong_pixels(frame));
}

static void tell(uint32_t story)
{
    *(volatile uint32_t *)&MAP->story = story;
    duet_notify_raise(&link_notify, LINE_STORY);
}

int main(void)
{
    struct duet_frame frame;
    MAP->story = 0;
    link_start(NULL, 0, open_pool);
    for (int n = 0; n < ALL_FRAMES; n++) {
        receive(&frame, DUET_EVERY_FRAME);
        must(duet_frame_release(&receiver, &frame), "release");
    }
    duet_notify_take(&link_notify, BIT(LINE_STORY));
    tell(1);
    while (!duet_notify_wait(&link_notify, BIT(LINE_STORY), PATIENCE_US))
        continue; /* looks away until all three are there */
    receive(&frame, DUET_LATEST_FRAME);
    say("%lu were passed over", (unsigned long)receiver.counts.starved);
    tell(2); /* still holding the last one */
    example_end();
}
