/* The M7 takes each message, notes that it has seen it, and then has work to do. */
#include "chip/cm7_memory.h"
#include "mailbox.h"

enum { TABLE_WORDS = 20 * 1024 / 4 };
#define TABLE ((const volatile uint32_t *)0x24010000u) /* AXI SRAM */

static uint32_t damaged;
#ifdef FAULT_CURED
static uint32_t last_seen; /* in DTCM, which no cache touches; the sender never needs it */
#endif

static void note_seen(uint32_t number)
{
#ifdef FAULT_CURED
    last_seen = number;
#else
    MAILBOX->seen = number;
#endif
}

static void take_message(uint32_t expected)
{
    cache_invalidate(MAILBOX, sizeof *MAILBOX);
    uint32_t wrong = MAILBOX->number != expected;
    for (uint32_t n = 0; n < WORDS; n++)
        wrong += MAILBOX->words[n] != word_of(expected, n);
    damaged += wrong != 0;
    note_seen(expected);
}

/* Anything that goes through the cache: a table larger than it pushes out other lines. */
static void work(void)
{
    for (uint32_t n = 0; n < TABLE_WORDS; n += CACHE_LINE / 4)
        (void)TABLE[n];
}

int main(void)
{
    turns_start();
    for (uint32_t number = 1; number <= MESSAGES; number++) {
        ask();
        work();
        wait_for_answer();
        take_message(number);
    }
    say("%lu of %d messages are damaged", (unsigned long)damaged, MESSAGES);
    verdict(damaged == 0);
    example_end();
}
