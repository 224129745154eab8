/* The M7 sleeps until a block is there, and computes with its double-precision unit. */
#include "payload-processing/payload-processing.h"

static uint32_t asleep_us;

static void wait_for_block(uint32_t block)
{
    uint32_t before = example_microseconds();
    while (MAP->block != block)
        duet_notify_wait(&link_notify, BIT(LINE_BLOCK), PATIENCE_US);
    asleep_us += example_microseconds() - before;
}

/* 2 cos(2 pi k / 64) for the bins 2, 4 and 8. */
static const double coefficient[BINS] = {1.9615705608064609, 1.8477590650225735,
                                         1.4142135623730951};

/* Goertzel's filter: the power at one frequency, one multiplication a sample. */
static uint32_t power_at(uint32_t bin)
{
    double before = 0, last = 0;
    for (uint32_t n = 0; n < SAMPLES; n++) {
        double now = MAP->samples[n] + coefficient[bin] * last - before;
        before = last;
        last = now;
    }
    double power = last * last + before * before - coefficient[bin] * last * before;
    return (uint32_t)(power * 1000 / (1000.0 * 1000.0 * SAMPLES * SAMPLES / 4) + 0.5);
}

static void compute(uint32_t block)
{
    for (uint32_t bin = 0; bin < BINS; bin++)
        MAP->power[bin] = power_at(bin);
    MAP->done = block;
}

int main(void)
{
    MAP->block = MAP->done = 0;
    link_start(NULL, 0, NULL);
    duet_notify_raise(&link_notify, LINE_READY);
    uint32_t start = example_microseconds();
    for (uint32_t block = 1; block <= BLOCKS; block++) {
        wait_for_block(block);
        compute(block);
        duet_notify_raise(&link_notify, LINE_RESULT);
    }
    uint32_t share = residency(asleep_us, start);
    example_sleep(20); /* after what the M4 says of the last block */
    say("asleep %lu.%lu %%", (unsigned long)share / 10, (unsigned long)share % 10);
    example_end();
}
