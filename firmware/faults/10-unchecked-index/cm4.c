/* The M4 takes each message, and clears its slot for the next. */
#include "slots.h"

static void take_message(void)
{
    uint32_t slot = MAP->slot;
#ifdef FAULT_CURED
    if (slot >= SLOTS) {
        say("refused: slot %lu of %d", (unsigned long)slot, SLOTS);
        return;
    }
#endif
    say("message in slot %lu", (unsigned long)slot);
    for (uint32_t n = 0; n < SLOT_WORDS; n++)
        MAP->slots[slot][n] = 0;
}

int main(void)
{
    for (uint32_t n = 0; n < SLOT_WORDS; n++)
        MAP->calibration[n] = 1000 + n;
    turns_start();
    for (uint32_t message = 0; message < MESSAGES; message++) {
        wait_until_asked();
        take_message();
        answer();
    }
    uint32_t lost = 0;
    for (uint32_t n = 0; n < SLOT_WORDS; n++)
        lost += MAP->calibration[n] != 1000 + n;
    say("%lu of %d words of the calibration are lost", (unsigned long)lost, SLOT_WORDS);
    verdict(lost == 0);
    example_end();
}
