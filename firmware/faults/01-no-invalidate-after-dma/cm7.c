/* The M7 fetches pictures with the MDMA, and looks at the exposure of one while it comes. */
#include "chip/cm7_memory.h"
#include "picture.h"

static const struct duet_transfer to_picture = {
    .from = SENSOR,
    .to = PICTURE,
    .row = BYTES,
    .rows = 1,
};

static uint32_t exposure;

/* One pixel of every fourth row: each brings its window of 32 into the cache. */
static void look_at_exposure(void)
{
    for (uint32_t row = 2; row < HEIGHT; row += 4)
        exposure += PICTURE[row * WIDTH];
}

static void fetch_picture(void)
{
    cache_invalidate(PICTURE, BYTES);
    must(link_port.copy(&link_port, &to_picture), "the transfer");
    look_at_exposure();
    while (link_port.copy_state(&link_port, &to_picture) == DUET_AGAIN)
        continue;
#ifdef FAULT_CURED
    cache_invalidate(PICTURE, BYTES);
#endif
}

/* Windows that are not this round's, and how many of them are wholly the last round's. */
static uint32_t check(uint32_t round, uint32_t *old)
{
    uint32_t wrong = 0;
    for (uint32_t window = 0; window < BYTES; window += WINDOW) {
        uint32_t new_pixels = 0, old_pixels = 0;
        for (uint32_t n = window; n < window + WINDOW; n++) {
            new_pixels += PICTURE[n] == pixel(round, n);
            old_pixels += PICTURE[n] == pixel(round - 1, n);
        }
        wrong += new_pixels != WINDOW;
        *old += old_pixels == WINDOW;
    }
    return wrong;
}

static void take_picture(void)
{
    ask();
    wait_for_answer();
    fetch_picture();
}

int main(void)
{
    turns_start();
    duet_stm32h7_start_mdma(link_port.context);
    uint32_t wrong = 0, old = 0;
    take_picture();
    for (uint32_t round = 2; round <= ROUNDS; round++) {
        take_picture();
        wrong += check(round, &old);
    }
    say("%lu windows of 32 bytes are wrong, %lu of them show the last picture",
        (unsigned long)wrong, (unsigned long)old);
    verdict(wrong == 0);
    example_end();
}
