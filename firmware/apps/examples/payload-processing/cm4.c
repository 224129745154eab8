/* The M4 samples a square wave once a tick, hands over a block, and sleeps until its result is
 * there. */
#include "chip/cortex_m.h"
#include "payload-processing/payload-processing.h"

static uint32_t asleep_us;

/* What a converter would say: a square wave whose frequency doubles with each block. */
static int32_t sample(uint32_t block, uint32_t n)
{
    uint32_t half_period = SAMPLES / 2 / (1u << block);
    return n / half_period % 2 ? -1000 : 1000;
}

static void sleep_a_tick(void)
{
    uint32_t before = example_microseconds();
    wait_for_interrupt();
    asleep_us += example_microseconds() - before;
}

static void take_block(uint32_t block)
{
    for (uint32_t n = 0; n < SAMPLES; n++) {
        MAP->samples[n] = sample(block, n);
        sleep_a_tick();
    }
    MAP->block = block;
}

static void wait_for_result(uint32_t block)
{
    uint32_t before = example_microseconds();
    while (MAP->done != block)
        duet_notify_wait(&link_notify, BIT(LINE_RESULT), PATIENCE_US);
    asleep_us += example_microseconds() - before;
}

int main(void)
{
    link_start(NULL, 0, NULL);
    while (!duet_notify_wait(&link_notify, BIT(LINE_READY), PATIENCE_US))
        continue;
    uint32_t start = example_microseconds();
    for (uint32_t block = 1; block <= BLOCKS; block++) {
        take_block(block);
        duet_notify_raise(&link_notify, LINE_BLOCK);
        wait_for_result(block);
        say("block %lu: power %lu %lu %lu", (unsigned long)block, (unsigned long)MAP->power[0],
            (unsigned long)MAP->power[1], (unsigned long)MAP->power[2]);
    }
    uint32_t share = residency(asleep_us, start);
    say("asleep %lu.%lu %%", (unsigned long)share / 10, (unsigned long)share % 10);
    example_end();
}
