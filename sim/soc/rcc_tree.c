/*
 * The clock tree of the RCC: what each clock's frequency is. RM0399 9.5, figures 51 and 55 to 65.
 */
#include "sim/soc/rcc.h"

enum {
    HSI_HZ = 64000000,
    CSI_HZ = 4000000,
    HSI48_HZ = 48000000,
    LSE_HZ = 32768,
    LSI_HZ = 32000,
};

static uint32_t field(const struct rcc *rcc, uint32_t offset, unsigned low, unsigned width)
{
    return REG(&rcc->block, offset) >> low & ((1u << width) - 1);
}

static uint64_t source_hz(const struct rcc *rcc, enum rcc_source source)
{
    if (!rcc->source[source].ready)
        return 0;
    switch (source) {
    case RCC_HSI:
        return HSI_HZ >> field(rcc, RCC_CR, 3, 2);
    case RCC_CSI:
        return CSI_HZ;
    case RCC_HSI48:
        return HSI48_HZ;
    case RCC_HSE:
        return rcc->block.soc->hse_hz;
    case RCC_LSE:
        return LSE_HZ;
    case RCC_LSI:
        return LSI_HZ;
    default:
        return 0;
    }
}

static uint64_t pll_reference_hz(const struct rcc *rcc)
{
    static const enum rcc_source sources[3] = {RCC_HSI, RCC_CSI, RCC_HSE};
    unsigned select = field(rcc, RCC_PLLCKSELR, 0, 2);
    return select < 3 ? source_hz(rcc, sources[select]) : 0;
}

enum pll_output { PLL_P, PLL_Q, PLL_R };

/* 9.7.12 and 9.7.13: f(vco) = reference / DIVM * (DIVN + 1 + FRACN / 2^13). */
static uint64_t pll_hz(const struct rcc *rcc, unsigned pll, enum pll_output output)
{
    static const unsigned low[3] = {9, 16, 24};
    unsigned n = pll - 1;
    uint64_t divm = field(rcc, RCC_PLLCKSELR, 4 + 8 * n, 6);
    bool enabled = field(rcc, RCC_PLLCFGR, 16 + 3 * n + output, 1);
    if (!rcc->source[RCC_PLL1 + n].ready || !enabled || !divm)
        return 0;
    uint64_t multiplier = (uint64_t)(field(rcc, RCC_PLL1DIVR + 8 * n, 0, 9) + 1) << 13;
    multiplier += rcc->fraction[n];
    uint64_t divider = field(rcc, RCC_PLL1DIVR + 8 * n, low[output], 7) + 1;
    return pll_reference_hz(rcc) * multiplier / (divm * divider << 13);
}

static uint64_t system_hz(const struct rcc *rcc)
{
    switch (rcc->sws) {
    case 1:
        return source_hz(rcc, RCC_CSI);
    case 2:
        return source_hz(rcc, RCC_HSE);
    case 3:
        return pll_hz(rcc, 1, PLL_P);
    default:
        return source_hz(rcc, RCC_HSI);
    }
}

/* HPRE and D1CPRE: 1, then 2 to 512 without 32 (9.7.7). */
static uint64_t divided_ahb(uint64_t hz, uint32_t code)
{
    static const uint8_t shift[8] = {1, 2, 3, 4, 6, 7, 8, 9};
    return code & 8 ? hz >> shift[code & 7] : hz;
}

static uint64_t divided_apb(uint64_t hz, uint32_t code)
{
    return code & 4 ? hz >> ((code & 3) + 1) : hz;
}

static uint64_t cm7_hz(const struct rcc *rcc)
{
    return divided_ahb(system_hz(rcc), field(rcc, RCC_D1CFGR, 8, 4));
}

static uint64_t hclk_hz(const struct rcc *rcc)
{
    return divided_ahb(cm7_hz(rcc), field(rcc, RCC_D1CFGR, 0, 4));
}

/* 9.7.6, TIMPRE: timers run at 2 (or 4) times their APB, but never above HCLK. */
static uint64_t timer_hz(const struct rcc *rcc, uint32_t ppre)
{
    uint64_t hclk = hclk_hz(rcc), fast = divided_apb(hclk, ppre) * 2;
    if (field(rcc, RCC_CFGR, 15, 1))
        fast *= 2;
    return fast < hclk ? fast : hclk;
}

static uint64_t per_hz(const struct rcc *rcc)
{
    static const enum rcc_source sources[3] = {RCC_HSI, RCC_CSI, RCC_HSE};
    unsigned select = field(rcc, RCC_D1CCIPR, 28, 2);
    return select < 3 ? source_hz(rcc, sources[select]) : 0;
}

static uint64_t apb_hz(const struct rcc *rcc, unsigned apb)
{
    static const struct {
        uint32_t offset;
        unsigned low;
    } prescaler[] = {
        [1] = {RCC_D2CFGR, 4}, [2] = {RCC_D2CFGR, 8}, [3] = {RCC_D1CFGR, 4}, [4] = {RCC_D3CFGR, 4}};
    return divided_apb(hclk_hz(rcc), field(rcc, prescaler[apb].offset, prescaler[apb].low, 3));
}

/* What a kernel clock can be taken from. */
enum input {
    OFF,
    APB, /* the block's own bus clock */
    HCLK,
    SYSTEM,
    PLL1P,
    PLL1Q,
    PLL2P,
    PLL2Q,
    PLL2R,
    PLL3P,
    PLL3Q,
    PLL3R,
    HSI,
    CSI,
    HSI48,
    HSE,
    LSE,
    LSI,
    PER,
};

static uint64_t input_hz(const struct rcc *rcc, enum input input, unsigned apb)
{
    static const enum rcc_source plain[] = {[HSI] = RCC_HSI, [CSI] = RCC_CSI, [HSI48] = RCC_HSI48,
                                            [HSE] = RCC_HSE, [LSE] = RCC_LSE, [LSI] = RCC_LSI};
    switch (input) {
    case OFF:
        return 0;
    case APB:
        return apb_hz(rcc, apb);
    case HCLK:
        return hclk_hz(rcc);
    case SYSTEM:
        return system_hz(rcc);
    case PLL1P:
    case PLL1Q:
        return pll_hz(rcc, 1, PLL_P + (input - PLL1P));
    case PLL2P:
    case PLL2Q:
    case PLL2R:
        return pll_hz(rcc, 2, PLL_P + (input - PLL2P));
    case PLL3P:
    case PLL3Q:
    case PLL3R:
        return pll_hz(rcc, 3, PLL_P + (input - PLL3P));
    case PER:
        return per_hz(rcc);
    default:
        return source_hz(rcc, plain[input]);
    }
}

/* Kernel clock switches: D1CCIPR, D2CCIP1R, D2CCIP2R, D3CCIPR (9.7.18 to 9.7.21). */
static const struct kernel_switch {
    uint8_t offset, low, width, apb;
    uint8_t input[8];
} switches[CLOCK_COUNT] = {
    [CLOCK_USART16] = {RCC_D2CCIP2R, 3, 3, 2, {APB, PLL2Q, PLL3Q, HSI, CSI, LSE}},
    [CLOCK_USART234578] = {RCC_D2CCIP2R, 0, 3, 1, {APB, PLL2Q, PLL3Q, HSI, CSI, LSE}},
    [CLOCK_LPUART1] = {RCC_D3CCIPR, 0, 3, 4, {APB, PLL2Q, PLL3Q, HSI, CSI, LSE}},
    [CLOCK_I2C123] = {RCC_D2CCIP2R, 12, 2, 1, {APB, PLL3R, HSI, CSI}},
    [CLOCK_I2C4] = {RCC_D3CCIPR, 8, 2, 4, {APB, PLL3R, HSI, CSI}},
    [CLOCK_SPI123] = {RCC_D2CCIP1R, 12, 3, 0, {PLL1Q, PLL2P, PLL3P, OFF, PER}},
    [CLOCK_SPI45] = {RCC_D2CCIP1R, 16, 3, 2, {APB, PLL2Q, PLL3Q, HSI, CSI, HSE}},
    [CLOCK_SPI6] = {RCC_D3CCIPR, 28, 3, 4, {APB, PLL2Q, PLL3Q, HSI, CSI, HSE}},
    [CLOCK_SAI1] = {RCC_D2CCIP1R, 0, 3, 0, {PLL1Q, PLL2P, PLL3P, OFF, PER}},
    [CLOCK_SAI23] = {RCC_D2CCIP1R, 6, 3, 0, {PLL1Q, PLL2P, PLL3P, OFF, PER}},
    [CLOCK_SAI4] = {RCC_D3CCIPR, 21, 3, 0, {PLL1Q, PLL2P, PLL3P, OFF, PER}},
    [CLOCK_LPTIM1] = {RCC_D2CCIP2R, 28, 3, 1, {APB, PLL2P, PLL3R, LSE, LSI, PER}},
    [CLOCK_LPTIM2] = {RCC_D3CCIPR, 10, 3, 4, {APB, PLL2P, PLL3R, LSE, LSI, PER}},
    [CLOCK_LPTIM345] = {RCC_D3CCIPR, 13, 3, 4, {APB, PLL2P, PLL3R, LSE, LSI, PER}},
    [CLOCK_FMC] = {RCC_D1CCIPR, 0, 2, 0, {HCLK, PLL1Q, PLL2R, PER}},
    [CLOCK_QUADSPI] = {RCC_D1CCIPR, 4, 2, 0, {HCLK, PLL1Q, PLL2R, PER}},
    [CLOCK_SDMMC] = {RCC_D1CCIPR, 16, 1, 0, {PLL1Q, PLL2R}},
    [CLOCK_RNG] = {RCC_D2CCIP2R, 8, 2, 0, {HSI48, PLL1Q, LSE, LSI}},
    [CLOCK_USB] = {RCC_D2CCIP2R, 20, 2, 0, {OFF, PLL1Q, PLL3Q, HSI48}},
    [CLOCK_FDCAN] = {RCC_D2CCIP1R, 28, 2, 0, {HSE, PLL1Q, PLL2Q}},
    [CLOCK_ADC] = {RCC_D3CCIPR, 16, 2, 0, {PLL2P, PLL3R, PER}},
};

static uint64_t rtc_hz(const struct rcc *rcc)
{
    uint32_t divider = field(rcc, RCC_CFGR, 8, 6);
    if (!field(rcc, RCC_BDCR, 15, 1))
        return 0;
    switch (field(rcc, RCC_BDCR, 8, 2)) {
    case 1:
        return source_hz(rcc, RCC_LSE);
    case 2:
        return source_hz(rcc, RCC_LSI);
    case 3:
        return divider > 1 ? source_hz(rcc, RCC_HSE) / divider : 0;
    default:
        return 0;
    }
}

/* 9.5.4 and 9.7.6. */
uint64_t rcc_mco_hz(const struct rcc *rcc, unsigned n)
{
    static const uint8_t inputs[2][8] = {{HSI, LSE, HSE, PLL1Q, HSI48},
                                         {SYSTEM, PLL2P, HSE, PLL1P, CSI, LSI}};
    uint32_t low = n == 1 ? 18 : 25, divider = field(rcc, RCC_CFGR, low, 4);
    enum input input = inputs[n - 1][field(rcc, RCC_CFGR, low + 4, 3)];
    return divider ? input_hz(rcc, input, 0) / divider : 0;
}

uint64_t rcc_clock_hz(struct block *block, enum soc_clock clock)
{
    const struct rcc *rcc = (const struct rcc *)block;
    const struct kernel_switch *kernel = &switches[clock];
    if (kernel->width)
        return input_hz(rcc, kernel->input[field(rcc, kernel->offset, kernel->low, kernel->width)],
                        kernel->apb);
    switch (clock) {
    case CLOCK_CM7:
        return cm7_hz(rcc);
    case CLOCK_CM4:
    case CLOCK_HCLK:
        return hclk_hz(rcc);
    case CLOCK_APB1:
    case CLOCK_APB2:
    case CLOCK_APB3:
    case CLOCK_APB4:
        return apb_hz(rcc, 1 + (clock - CLOCK_APB1));
    case CLOCK_TIM_APB1:
        return timer_hz(rcc, field(rcc, RCC_D2CFGR, 4, 3));
    case CLOCK_TIM_APB2:
        return timer_hz(rcc, field(rcc, RCC_D2CFGR, 8, 3));
    case CLOCK_LTDC:
        return pll_hz(rcc, 3, PLL_R);
    case CLOCK_RTC:
        return rtc_hz(rcc);
    case CLOCK_LSI:
        return source_hz(rcc, RCC_LSI);
    case CLOCK_LSE:
        return source_hz(rcc, RCC_LSE);
    case CLOCK_HSE:
    case CLOCK_DSI: /* the DSI PHY's PLL takes the HSE (9.5.8) */
        return source_hz(rcc, RCC_HSE);
    case CLOCK_PER:
        return per_hz(rcc);
    default:
        return 0;
    }
}
