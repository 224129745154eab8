/* The M7 reads the mailbox, the M4 writes it, the M7 reads it again; CURED: invalidated before. */
#include "cached.h"

#define UNLOADED(name) __attribute__((section(name ",\"aw\",%nobits@"), aligned(32)))
UNLOADED(".shared") volatile uint32_t mailbox[8];
enum { LETTER = 3, TIMES = 5 };

static void read_letter(void)
{
    for (unsigned n = 0; n < TIMES; n++)
        RESULT(10) = mailbox[LETTER];
}

int main(void)
{
#ifdef CM7
    set_memory(WRITE_BACK, 1);
    mailbox[0];
#endif
    meet(1);
#ifdef CM4
    mailbox[LETTER] = 0x1234;
#endif
    meet(2);
#ifdef CM7
#ifdef CURED
    DCIMVAC = (uint32_t)mailbox;
    dsb();
#endif
    read_letter();
#endif
    wait_forever();
}
