/*
 * Flexible memory controller: RM0399 chapter 23. The SDRAM controller (23.9) with its command
 * sequence, the NOR/PSRAM and NAND registers.
 */
#include "sim/soc/classes.h"
#include "sim/soc/fmc_internal.h"

/* SDCMR.MODE (23.9.5) */
enum {
    COMMAND_NORMAL,
    COMMAND_CLOCK,
    COMMAND_PRECHARGE_ALL,
    COMMAND_AUTO_REFRESH,
    COMMAND_LOAD_MODE,
    COMMAND_SELF_REFRESH,
    COMMAND_POWER_DOWN,
};

static const struct reg fmc_regs[] = {
    {BCR1, "BCR1", 0x000030db, 0x833ffb7f, 0, 0},
    {0x008, "BCR2", 0x000030d2, 0x000ffb7f, 0, 0},
    {0x010, "BCR3", 0x000030d2, 0x000ffb7f, 0, 0},
    {0x018, "BCR4", 0x000030d2, 0x000ffb7f, 0, 0},
    {BTR1, "BTR%1u", 0x0fffffff, 0x3fffffff, 4, 8},
    {PCR, "PCR", 0x00000018, 0x000ffe76, 0, 0},
    {SR, "SR", 0x00000040, 0x0000003f, 0, 0},
    {PMEM, "PMEM", 0xfcfcfcfc, 0xffffffff, 0, 0},
    {PATT, "PATT", 0xfcfcfcfc, 0xffffffff, 0, 0},
    {ECCR, "ECCR", 0, 0, 0, 0},
    {BWTR1, "BWTR%1u", 0x0fffffff, 0x300fffff, 4, 8},
    {SDCR1, "SDCR1", 0x000002d0, 0x00007fff, 0, 0},
    {SDCR2, "SDCR2", 0x000002d0, 0x000003ff, 0, 0}, /* clock and read pipe: those of SDCR1 */
    {SDTR1, "SDTR%1u", 0x0fffffff, 0x0fffffff, 2, 4},
    {SDCMR, "SDCMR", 0, 0x007fffff, 0, 0},
    {SDRTR, "SDRTR", 0, 0x00007ffe, 0, 0},
    {SDSR, "SDSR", 0, 0, 0, 0},
};

void fmc_show_modes(struct fmc *fmc)
{
    REG(&fmc->block, SDSR) = (uint32_t)(fmc->banks[0].command << 1 | fmc->banks[1].command << 3);
}

static void command_bank(struct fmc *fmc, unsigned bank, uint32_t command)
{
    struct sdram_bank *b = &fmc->banks[bank];
    switch (command & 7) {
    case COMMAND_NORMAL:
        b->command = 0;
        break;
    case COMMAND_CLOCK:
        b->clocked = fmc_clock_divider_set(fmc);
        break;
    case COMMAND_PRECHARGE_ALL:
        b->precharged = b->clocked;
        break;
    case COMMAND_AUTO_REFRESH:
        if (b->precharged)
            b->refreshes += (command >> 5 & 15) + 1;
        break;
    case COMMAND_LOAD_MODE:
        b->mode_loaded = b->precharged;
        b->mode_register = (uint16_t)(command >> 9 & 0x3fff);
        break;
    case COMMAND_SELF_REFRESH:
        b->command = 1;
        break;
    case COMMAND_POWER_DOWN:
        b->command = 2;
        break;
    default:
        break;
    }
}

/* SDRAM clock cycles that a command takes: tRC for each refresh, tRP, tMRD (23.9.5, SDTR). */
static uint64_t command_cycles(const struct fmc *fmc, uint32_t command)
{
    uint32_t timing = REG(&fmc->block, SDTR1);
    uint64_t row_cycle = (timing >> 12 & 15) + 1;
    return (command & 7) == COMMAND_AUTO_REFRESH ? ((command >> 5 & 15) + 1) * row_cycle
                                                 : row_cycle;
}

static void send_command(struct fmc *fmc, uint32_t command)
{
    struct block *block = &fmc->block;
    if (command & SDCMR_CTB1)
        command_bank(fmc, 0, command);
    if (command & SDCMR_CTB2)
        command_bank(fmc, 1, command);
    fmc_show_modes(fmc);
    uint64_t divider = REG(block, SDCR1) >> 10 & 3;
    sim_time time = sim_cycles_to_time(command_cycles(fmc, command) * (divider ? divider : 1),
                                       block_kernel_hz(block));
    fmc->busy_until = time == SIM_NEVER ? 0 : sim_now(block_sim(block)) + time;
}

static uint32_t fmc_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    const struct fmc *fmc = (const struct fmc *)block;
    (void)access;
    bool busy = sim_now(block_sim(block)) < fmc->busy_until;
    return REG(block, offset) | (offset == SDSR && busy ? SDSR_BUSY : 0);
}

/* SDCMR: a command and its banks are gone once they are sent and read as 0 (23.9.5 has them as rw, but
 * drivers that set the next command's bits in what they read work on the chip). */
static void fmc_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct fmc *fmc = (struct fmc *)block;
    block_store(block, offset, value, access);
    if (offset == SDCMR) {
        send_command(fmc, REG(block, SDCMR));
        REG(block, SDCMR) &= ~(uint32_t)SDCMR_COMMAND;
    }
    if (offset < PCR || offset >= SDCR1)
        fmc_update_windows(fmc);
}

static void fmc_clock_changed(struct block *block)
{
    fmc_update_windows((struct fmc *)block);
}

static void fmc_reset(struct block *block)
{
    struct fmc *fmc = (struct fmc *)block;
    for (unsigned n = 0; n < 2; n++)
        fmc->banks[n] = (struct sdram_bank){.chip = fmc->banks[n].chip};
    fmc->busy_until = 0;
    fmc_update_windows(fmc);
}

static void fmc_init(struct block *block)
{
    fmc_init_windows((struct fmc *)block);
}

bool fmc_attach_sdram(struct soc *soc, unsigned bank, const struct fmc_sdram *sdram)
{
    struct fmc *fmc = (struct fmc *)soc_block(soc, "FMC");
    if (!fmc || bank < 1 || bank > 2 || fmc->banks[bank - 1].chip.ram)
        return false;
    fmc->banks[bank - 1].chip = *sdram;
    fmc_update_windows(fmc);
    return true;
}

const struct block_class fmc_class = {
    .name = "FMC",
    .regs = fmc_regs,
    .reg_count = sizeof fmc_regs / sizeof fmc_regs[0],
    .size = sizeof(struct fmc),
    .init = fmc_init,
    .reset = fmc_reset,
    .read = fmc_read,
    .write = fmc_write,
    .clock_changed = fmc_clock_changed,
};
