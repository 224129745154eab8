/* The M4 does what the letters say, until it crashes; its supervisor lives on and looks around. */
#include "letters.h"

#include <string.h>

static bool cut;

static void take_letter(void)
{
    char letter[SLOT_BYTES + 1] = "";
    while (MAP->taken == MAP->sent)
        wait_for_interrupt();
    data_memory_barrier();
    for (size_t n = 0; n < SLOT_BYTES; n++)
        letter[n] = MAP->slots[MAP->taken % SLOTS][n];
    MAP->taken = MAP->taken + 1;
    cut |= strlen(letter) == SLOT_BYTES;
    say("does \"%s\"", letter);
}

int main(void)
{
    example_start();
    for (int letter = 0; letter < LETTERS_UNTIL_CRASH; letter++)
        take_letter();
    example_sleep(PATIENCE_MS);
    if (cut)
        say("a letter was cut");
    if (!MAP->done)
        say("the M7 has been in send() for %d ms", PATIENCE_MS);
    verdict(!cut && MAP->done);
    example_end();
}
