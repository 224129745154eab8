/* The M7 sends messages; a bug of its own counts the slots from 5 without end. */
#include "slots.h"

int main(void)
{
    turns_start();
    for (uint32_t message = 0; message < MESSAGES; message++) {
        uint32_t slot = 5 + message;
        for (uint32_t n = 0; n < SLOT_WORDS && slot < SLOTS; n++)
            MAP->slots[slot][n] = message;
        MAP->slot = slot;
        ask();
        wait_for_answer();
    }
    example_end();
}
