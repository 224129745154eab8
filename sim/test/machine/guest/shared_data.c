/*
 * One program, three settings of the M7's data cache (RESULT(30), set from outside): 0 off, 1 write-
 * through, 2 write-back. The M7 and the M4 exchange words in AXI SRAM by no maintenance, then by the
 * right one; and the M7 takes the time of a walk through an array there.
 */
#include "cached.h"

#define DEMCR    MMIO(0xe000edfcu)
#define DWT_CTRL MMIO(0xe0001000u)
#define DWT_LAR  MMIO(0xe0001fb0u)
#define CYCCNT   MMIO(0xe0001004u)

#define SETTING   RESULT(30)
#define INBOX     MMIO(0x24001000u)
#define OUTBOX    MMIO(0x24001020u)
#define MINE      MMIO(0x24001040u) /* and in the same line: */
#define NEIGHBOUR MMIO(0x24001050u)
#define ARRAY     ((volatile uint32_t *)0x24002000u)
enum { WORDS = 2048, ROUNDS = 4 };

#ifdef CM7
static uint32_t walk(void)
{
    DEMCR |= 1u << 24;
    DWT_LAR = 0xc5acce55u;
    DWT_CTRL |= 1;
    uint32_t start = CYCCNT;
    for (unsigned round = 0; round < ROUNDS; round++)
        for (unsigned n = 0; n < WORDS; n++)
            ARRAY[n] = ARRAY[n] + n;
    return CYCCNT - start;
}

int main(void)
{
    static const uint32_t types[] = {NOT_CACHED, WRITE_THROUGH, WRITE_BACK};
    set_memory(types[SETTING % 3], SETTING != 0);
    INBOX;
    OUTBOX;
    MINE;
    OUTBOX = 0x2222;
    MINE = 0x3333;
    meet(1);
    meet(2); /* the M4 wrote and read */
    RESULT(10) = INBOX;
    DCIMVAC = 0x24001000u;
    DCCMVAC = 0x24001020u;
    DCCMVAC = 0x24001040u;
    dsb();
    RESULT(11) = INBOX;
    meet(3);
    RESULT(15) = walk();
    meet(4);
    CM7_DONE = DONE;
    wait_forever();
}
#else
int main(void)
{
    meet(1);
    INBOX = 0x1111;
    NEIGHBOUR = 0x4444;
    RESULT(12) = OUTBOX;
    meet(2);
    meet(3);
    RESULT(13) = OUTBOX;
    RESULT(14) = NEIGHBOUR;
    meet(4);
    RESULT(16) = ARRAY[WORDS - 1];
    CM4_DONE = DONE;
    wait_forever();
}
#endif
