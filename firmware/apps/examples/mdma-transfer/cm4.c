/* The M4 is told when something has arrived, and looks whether it is right. */
#include "mdma-transfer/mdma-transfer.h"

static uint32_t wrong_in_block(const uint8_t *bytes, uint32_t first, uint32_t count)
{
    uint32_t wrong = 0;
    for (uint32_t n = 0; n < count; n++)
        wrong += bytes[n] != block_byte(first + n);
    return wrong;
}

static uint32_t wrong_in_window(void)
{
    uint32_t wrong = 0;
    for (uint32_t y = 0; y < WINDOW_HEIGHT; y++)
        for (uint32_t x = 0; x < WINDOW_WIDTH; x++)
            wrong +=
                ARRIVED->window[y * WINDOW_WIDTH + x] != picture_byte(WINDOW_X + x, WINDOW_Y + y);
    return wrong;
}

static void wait_for_transfer(void)
{
    while (!duet_notify_wait(&link_notify, BIT(LINE_MOVED), PATIENCE_US))
        continue;
}

static void answer(const char *what, uint32_t wrong)
{
    say("%s arrived, %lu bytes wrong", what, (unsigned long)wrong);
    duet_notify_raise(&link_notify, LINE_CHECKED);
}

int main(void)
{
    link_start(NULL, 0, NULL);
    duet_notify_take(&link_notify, BIT(LINE_MOVED)); /* pending from the start */
    wait_for_transfer();
    answer("the block", wrong_in_block(ARRIVED->block, 0, BLOCK_BYTES));
    wait_for_transfer();
    answer("the window", wrong_in_window());
    wait_for_transfer();
    answer("the list", wrong_in_block(ARRIVED->head, 0, 32) +
                           wrong_in_block(ARRIVED->tail, BLOCK_BYTES - 32, 32));
    example_end();
}
