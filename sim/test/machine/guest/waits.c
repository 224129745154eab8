/*
 * Both cores at 480 and 240 MHz: what a byte costs the M7 that copies words out of SRAM1 and SRAM4, not
 * cached, and the M4 that stores bytes there. Each is timed for N and for 2 N, so that what they begin
 * and end with falls out.
 */
#define PLL1_N 192u
#include "drivers.h"

#define DEMCR    MMIO(0xe000edfcu)
#define DWT_CTRL MMIO(0xe0001000u)
#define DWT_LAR  MMIO(0xe0001fb0u)
#define CYCCNT   MMIO(0xe0001004u)

enum { SRAM1 = 0x30004000, SRAM4 = 0x38004000, BYTES = 2048 };

void systick_handler(void);
void systick_handler(void)
{
    ticks++;
}

/* Without the tick, which would be counted, too. */
static void start_counter(void)
{
    SYST_CSR = 0;
    DEMCR |= 1u << 24;
    DWT_LAR = 0xc5acce55u;
    DWT_CTRL |= 1;
}

#ifdef CM7
static uint32_t to[2 * BYTES / 4]; /* in the DTCM */

static uint32_t copy(uint32_t address, uint32_t bytes)
{
    uint32_t *sink = to, *end = to + bytes / 4;
    uint32_t start = CYCCNT;
    __asm volatile("1: ldmia %0!, {r4, r5, r6, r8}\n"
                   "stmia %1!, {r4, r5, r6, r8}\n"
                   "cmp %1, %2\n"
                   "bne 1b"
                   : "+r"(address), "+r"(sink)
                   : "r"(end)
                   : "r4", "r5", "r6", "r8", "cc", "memory");
    return CYCCNT - start;
}

static void make_sram1_uncached(void)
{
    MMIO(0xe000ed98u) = 2;
    MMIO(0xe000ed9cu) = 0x30000000u;
    MMIO(0xe000eda0u) = 3u << 24 | 1u << 19 | 18u << 1 | 1;
    dsb();
    isb();
}

int main(void)
{
    boot_both();
    make_sram1_uncached();
    start_counter();
    RESULT(10) = copy(SRAM1, 2 * BYTES) - copy(SRAM1, BYTES);
    RESULT(11) = copy(SRAM4, 2 * BYTES) - copy(SRAM4, BYTES);
    CM7_DONE = DONE;
    wait_forever();
}
#else
static uint32_t fill(uint32_t address, uint32_t bytes)
{
    uint32_t end = address + bytes, start = CYCCNT;
    __asm volatile("1: strb %2, [%0], #1\n"
                   "cmp %0, %1\n"
                   "bne 1b"
                   : "+r"(address)
                   : "r"(end), "r"(start)
                   : "cc", "memory");
    return CYCCNT - start;
}

int main(void)
{
    boot_both();
    start_counter();
    RESULT(20) = fill(SRAM1 + 0x4000, 2 * BYTES) - fill(SRAM1 + 0x4000, BYTES);
    RESULT(21) = fill(SRAM4 + 0x4000, 2 * BYTES) - fill(SRAM4 + 0x4000, BYTES);
    CM4_DONE = DONE;
    wait_forever();
}
#endif
