/* Points 5, 6 and 10: CPUID, the NVIC's four priority bits, the cache's geometry; 11: start-up. */
#include "guest.h"

#ifdef CM7
#define BASE 10
#else
#define BASE 20
#endif

/* Point 10: cleaning by set and way, as start-up code does it with the numbers of CCSIDR. */
static uint32_t clean_by_set_and_way(void)
{
    uint32_t steps = 0;
    SCB_CSSELR = 0;
    dsb();
    uint32_t ccsidr = SCB_CCSIDR;
    for (int32_t set = ccsidr >> 13 & 0x7fff; set >= 0; set--)
        for (int32_t way = ccsidr >> 3 & 0x3ff; way >= 0; way--) {
            MMIO(0xe000ef6c) = (uint32_t)set << 5 | (uint32_t)way << 30;
            steps++;
        }
    dsb();
    return steps;
}

/* Point 11. */
static void start_up_writes(void)
{
    MMIO(0x51008108) = 1;
    MMIO(0x52004000) = 0x000030d2;
    RCC(0xd8) |= 1u << 14;
    MMIO(0x40024400) |= 1;
}

int main(void)
{
    RESULT(BASE) = SCB_CPUID;
    NVIC_IPR(40) = 0xff;
    RESULT(BASE + 1) = NVIC_IPR(40);
#ifdef CM7
    RESULT(BASE + 2) = clean_by_set_and_way();
    start_up_writes();
    RESULT(BASE + 3) = MMIO(0x51008108);
    RESULT(BASE + 4) = MMIO(0x5c001000);
    RESULT(BASE + 5) = MMIO(0x40024400);
    RESULT(BASE + 6) = *(volatile uint16_t *)0x1ff1e880;
    CM7_DONE = DONE;
#else
    start_up_writes();
    RESULT(BASE + 3) = MMIO(0x51008108);
    CM4_DONE = DONE;
#endif
    wait_forever();
}
