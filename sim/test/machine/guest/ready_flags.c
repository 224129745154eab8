/* Point 8: every ready flag rises after it was asked for, and falls after it was switched off. */
#include "guest.h"

#ifdef CM7
static unsigned next = 10;

/* 1: it was down, rose; and rose not at once. */
static void expect(volatile uint32_t *reg, uint32_t mask, uint32_t wanted)
{
    uint32_t before = (*reg & mask) == wanted, loops = 0;
    while ((*reg & mask) != wanted && ++loops < 4000000)
        ;
    RESULT(next++) = !before && loops < 4000000;
}

static void toggle(volatile uint32_t *reg, uint32_t on, uint32_t ready)
{
    *reg |= on;
    expect(reg, ready, ready);
}

static void off(volatile uint32_t *reg, uint32_t on, uint32_t ready)
{
    *reg &= ~on;
    expect(reg, ready, 0);
}

int main(void)
{
    PWR_CR3 = 0x00000004; /* direct SMPS: once */
    expect(&PWR_CSR1, 1u << 13, 1u << 13);
    PWR_CR3 = 0x00000002;
    RESULT(8) = PWR_CR3 & 7;
    PWR_D3CR = 3u << 14;
    expect(&PWR_D3CR, 1u << 13, 1u << 13);
    RESULT(9) = PWR_CSR1 >> 14 & 3;
    toggle(&RCC_CR, 1u << 16, 1u << 17); /* HSE */
    RCC_PLLCKSELR = 5u << 4 | 2;         /* 25 MHz / 5 */
    RCC_PLL1DIVR = (160 - 1) | 1u << 9 | 3u << 16 | 1u << 24;
    toggle(&RCC_CR, 1u << 24, 1u << 25); /* PLL1: 800 MHz, P = 2 */
    FLASH_ACR = 0x24;
    RCC_D1CFGR = 8 | 4u << 4; /* HCLK 200 MHz */
    RCC_CFGR = 3;
    expect(&RCC_CFGR, 7u << 3, 3u << 3);
    RCC_CR &= ~(1u << 24 | 1u << 16); /* both are needed: they stay */
    RESULT(7) = RCC_CR >> 16 & 0x303;
    RCC_CFGR = 0;
    expect(&RCC_CFGR, 7u << 3, 0);
    off(&RCC_CR, 1u << 24, 1u << 25);
    off(&RCC_CR, 1u << 16, 1u << 17);
    toggle(&RCC_CSR, 1, 2); /* LSI */
    off(&RCC_CSR, 1, 2);
    toggle(&RCC_CR, 1u << 12, 1u << 13); /* HSI48 */
    off(&RCC_CR, 1u << 12, 1u << 13);
    PWR_CR1 |= 1u << 8;      /* DBP */
    toggle(&RCC_BDCR, 1, 2); /* LSE */
    off(&RCC_BDCR, 1, 2);
    RESULT(6) = next;
    CM7_DONE = DONE;
    wait_forever();
}
#else
int main(void)
{
    CM4_DONE = DONE;
    wait_forever();
}
#endif
