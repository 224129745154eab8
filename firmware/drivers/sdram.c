#include "drivers/sdram.h"

#include "chip/clocks.h"
#include "chip/stm32h747.h"

enum { COMMAND_CLOCK_ENABLE = 1, COMMAND_PRECHARGE_ALL, COMMAND_AUTO_REFRESH, COMMAND_LOAD_MODE };
enum { READY_POLLS = 0xffff };

/* Mode register of the SDRAM: burst length 1, sequential, CAS 3, write bursts of one. */
static const uint32_t mode_register = 3 << 4 | 1 << 9;

static bool command(uint32_t mode, uint32_t refreshes, uint32_t mode_bits)
{
    reg_write(FMC_SDCMR, FMC_SDCMR_MODE(mode) | FMC_SDCMR_CTB2 | FMC_SDCMR_NRFS(refreshes - 1) |
                             FMC_SDCMR_MRD(mode_bits));
    return reg_wait(FMC_SDSR, BIT(5), 0, READY_POLLS); /* BUSY, where the chip has it */
}

/* Bank 1's registers carry what both banks share: clock, burst, pipe, row cycle, precharge. */
static void configure(void)
{
    reg_write(FMC_SDCR1, FMC_SDCR1_SDCLK(2) | FMC_SDCR1_RBURST);
    reg_write(FMC_SDCR2, FMC_SDCR2_NC(1) | FMC_SDCR2_NR(1) | FMC_SDCR2_MWID(2) | FMC_SDCR2_NB |
                             FMC_SDCR2_CAS(3));
    reg_write(FMC_SDTR1, FMC_SDTR1_TRC(8 - 1) | FMC_SDTR1_TRP(2 - 1));
    reg_write(FMC_SDTR2, FMC_SDTR2_TMRD(2 - 1) | FMC_SDTR2_TXSR(9 - 1) | FMC_SDTR2_TRAS(6 - 1) |
                             FMC_SDTR2_TWR(3 - 1) | FMC_SDTR2_TRCD(2 - 1));
}

static void pause(uint32_t (*microseconds)(void), uint32_t duration)
{
    uint32_t start = microseconds();
    while (microseconds() - start <= duration)
        ;
}

bool sdram_start(uint32_t (*microseconds)(void))
{
    reg_set(RCC_AHB3ENR, RCC_AHB3ENR_FMCEN);
    (void)reg_read(RCC_AHB3ENR);
    configure();
    reg_set(FMC_BCR1, FMC_BCR1_FMCEN);
    if (!command(COMMAND_CLOCK_ENABLE, 1, 0))
        return false;
    pause(microseconds, 100);
    if (!command(COMMAND_PRECHARGE_ALL, 1, 0) || !command(COMMAND_AUTO_REFRESH, 8, 0) ||
        !command(COMMAND_LOAD_MODE, 1, mode_register))
        return false;
    /* 4096 rows in 64 ms: one in 15.6 us, less 20 clocks of margin (22.9.5, SDRTR). */
    reg_write(FMC_SDRTR, FMC_SDRTR_COUNT(CLOCK_SDRAM_HZ / 1000 * 64 / 4096 - 20));
    return true;
}
