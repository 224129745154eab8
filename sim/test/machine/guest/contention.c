/*
 * The M7 takes the time of a walk through AXI SRAM, not cached, and of one through its DTCM, while a DMA
 * stream copies nowhere, within AXI SRAM, and within SRAM1; then of a walk that misses in the data cache
 * with each word.
 */
#include "guest.h"

#define DEMCR         MMIO(0xe000edfcu)
#define DWT_CTRL      MMIO(0xe0001000u)
#define DWT_LAR       MMIO(0xe0001fb0u)
#define CYCCNT        MMIO(0xe0001004u)
#define CCR           MMIO(0xe000ed14u)
#define DCISW         MMIO(0xe000ef60u)
#define MPU_CTRL      MMIO(0xe000ed94u)
#define MPU_RBAR      MMIO(0xe000ed9cu)
#define MPU_RASR      MMIO(0xe000eda0u)
#define DMA2(offset)  MMIO(0x40020400u + (offset))
#define STREAM0(word) DMA2(0x10 + 4 * (word))

enum { DTCM = 0x20008000, AXI_SRAM = 0x24010000, SRAM1 = 0x30000000, LINE = 32 };
enum { WORDS = 4096, COPIED = 0xffff, STEP_OF_LINES = LINE / 4 };

#ifdef CM7
static uint32_t walk(uint32_t address, uint32_t step)
{
    volatile uint32_t *words = (volatile uint32_t *)address;
    uint32_t start = CYCCNT, sum = 0;
    for (uint32_t n = 0; n < WORDS; n++)
        sum += words[n * step];
    RESULT(30) = sum;
    return CYCCNT - start;
}

/* Words by bursts of four; longer than any walk takes. */
static void copy_within(uint32_t address)
{
    STREAM0(0) = 0;
    while (STREAM0(0) & 1)
        ;
    DMA2(0x08) = 0x3d;
    if (!address)
        return;
    STREAM0(1) = COPIED;
    STREAM0(2) = address;
    STREAM0(3) = address + 0x8000;
    STREAM0(5) = 4 | 3;
    STREAM0(0) = 1u << 21 | 1u << 23 | 2u << 13 | 2u << 11 | 2u << 6;
    STREAM0(0) |= 1;
    spin(200); /* until the copying shows */
}

static void cache_axi_sram(void)
{
    MPU_RBAR = 0x38000000u | 0x10;
    MPU_RASR = 3u << 24 | 0x0c0000 | 15 << 1 | 1;
    MPU_CTRL = 5;
    for (uint32_t line = 0; line < 512; line++)
        DCISW = line >> 2 << 5 | line << 30;
    dsb();
    CCR |= 1u << 16;
    dsb();
    isb();
}

int main(void)
{
    static const uint32_t copies[] = {0, AXI_SRAM, SRAM1};
    RCC(0xd8) |= 1u << 1;  /* DMA2 */
    RCC(0xdc) |= 1u << 29; /* SRAM1 */
    DEMCR |= 1u << 24;
    DWT_LAR = 0xc5acce55u;
    DWT_CTRL |= 1;
    for (unsigned n = 0; n < 3; n++) {
        copy_within(copies[n]);
        RESULT(10 + n) = walk(AXI_SRAM, 1);
        RESULT(13 + n) = walk(DTCM, 1);
        RESULT(16 + n) = STREAM0(1); /* how far the copying has not come */
    }
    cache_axi_sram();
    for (unsigned n = 0; n < 3; n++) {
        copy_within(copies[n]);
        RESULT(19 + n) = walk(AXI_SRAM, STEP_OF_LINES);
    }
    copy_within(0);
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
