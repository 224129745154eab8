/*
 * What both cores compute on the board while the checker watches, for bench_check: arithmetic, walks
 * through arrays that fit the M7's cache and that do not, and a word to the other core each round.
 * The M7's arrays are in AXI SRAM, the M4's in SRAM2. RESULT(30): 1 if the M7 caches.
 */
#include "cached.h"

#ifdef CM7
#define ARRAY ((volatile uint32_t *)0x24000000u)
#else
#define ARRAY ((volatile uint32_t *)0x10020000u)
#endif
enum { SMALL = 2048, LARGE = 16384 }; /* words */

static uint32_t arithmetic(uint32_t x)
{
    for (unsigned n = 0; n < 20000; n++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        x += x & 7 ? x * 3 : x >> 2;
    }
    return x;
}

static uint32_t walk(unsigned words, uint32_t sum)
{
    for (unsigned n = 0; n < words; n++) {
        sum = sum * 31 + ARRAY[n];
        ARRAY[n] = sum;
    }
    return sum;
}

/* The other core's word is looked at, and not waited for: waiting is no work. */
static uint32_t tell(uint32_t round)
{
    dmb();
#ifdef CM7
    RESULT(2) = round;
    return RESULT(3);
#else
    RESULT(3) = round;
    return RESULT(2);
#endif
}

int main(void)
{
    uint32_t sum = 1, round = 0;
#ifdef CM7
    set_memory(WRITE_BACK, RESULT(30) != 0);
#endif
    for (;;) {
        sum = arithmetic(sum);
        for (unsigned n = 0; n < 8; n++)
            sum = walk(SMALL, sum);
        sum = walk(LARGE, sum);
        tell(++round);
    }
}
