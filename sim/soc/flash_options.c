/*
 * The option bytes: RM0399 4.4, with the readout protection's transitions of 4.5.3 and the exchange of the
 * banks of 4.3.13.
 */
#include <string.h>

#include "sim/soc/flash_parts.h"

static const sim_time OPTION_TIME = 10 * SIM_MS;

static const struct {
    uint16_t program, current;
    uint32_t factory;
} option_regs[OPTIONS] = {
    {OPTSR_PRG, OPTSR_CUR, OPTSR_FACTORY},
    {BOOT7_PRG, BOOT7_CUR, BOOT7_FACTORY},
    {BOOT4_PRG, BOOT4_CUR, BOOT4_FACTORY},
    {PRAR_PRG, PRAR_CUR, 0xff},
    {SCAR_PRG, SCAR_CUR, 0xff},
    {WPSN_PRG, WPSN_CUR, 0xff},
    {BANK2 + PRAR_PRG, BANK2 + PRAR_CUR, 0xff},
    {BANK2 + SCAR_PRG, BANK2 + SCAR_CUR, 0xff},
    {BANK2 + WPSN_PRG, BANK2 + WPSN_CUR, 0xff},
};

static void load_options(struct flash *flash)
{
    for (size_t n = 0; n < OPTIONS; n++) {
        REG(&flash->block, option_regs[n].program) = flash->option[n];
        REG(&flash->block, option_regs[n].current) = flash->option[n];
    }
}

static void take_options(struct flash *flash)
{
    for (size_t n = 0; n < OPTIONS; n++)
        flash->option[n] = REG(&flash->block, option_regs[n].program);
    load_options(flash);
}

/* --- Readout protection --- */

enum { RDP_NONE = 0xaa, RDP_FOR_GOOD = 0xcc };

static uint32_t readout_protection(uint32_t optsr)
{
    return optsr >> 8 & 0xff;
}

/* In level 2 nothing changes any more but the banks' places. */
static bool is_allowed(struct flash *flash)
{
    if (readout_protection(flash->option[0]) != RDP_FOR_GOOD)
        return true;
    uint32_t changed = (REG(&flash->block, OPTSR_PRG) ^ flash->option[0]) & ~OPTSR_SWAP_BANK;
    for (size_t n = 1; n < OPTIONS; n++)
        changed |= REG(&flash->block, option_regs[n].program) ^ flash->option[n];
    return !changed;
}

/* Back to level 0 goes what level 1 protected: flash, backup SRAM, the RTC's backup registers. */
static void lose_protected(struct flash *flash)
{
    enum { RTC_BKP0R = 0x50, RTC_BKP_END = 0xd0 };
    struct soc *soc = flash->block.soc;
    struct block *rtc = soc_block(soc, "RTC");
    struct ram *backup = &soc->memory.backup;
    flash_erase(flash, 0, BANKS * BANK_SIZE);
    bus_tell_watchers(&soc->sim->bus, backup, 0, backup->size, MASTER_DEBUG);
    memset(backup->bytes, 0, backup->size);
    for (uint32_t offset = RTC_BKP0R; rtc && offset < RTC_BKP_END; offset += 4)
        REG(rtc, offset) = 0;
}

static void options_written(void *ctx)
{
    struct flash *flash = ctx;
    struct block *block = &flash->block;
    uint32_t before = readout_protection(flash->option[0]);
    REG(block, OPTCR) &= ~(uint32_t)OPTCR_OPTSTART;
    if (!is_allowed(flash)) { /* the new values stay where they can be looked at (4.4.3) */
        REG(block, OPTSR_CUR) |= OPTSR_CHANGEERR;
        flash_update_interrupt(flash);
        return;
    }
    take_options(flash);
    if (before != RDP_NONE && readout_protection(flash->option[0]) == RDP_NONE)
        lose_protected(flash);
    flash_raise(&flash->bank[0], SR_EOP); /* they are in bank 1 (4.8) */
}

/* --- The banks' places --- */

static void exchange(uint8_t *one, uint8_t *other, uint32_t length)
{
    for (uint32_t n = 0; n < length; n++) {
        uint8_t byte = one[n];
        one[n] = other[n];
        other[n] = byte;
    }
}

/* 4.3.13: by a reset the banks change places, and their registers and options with them. */
static void swap_banks(struct flash *flash)
{
    uint8_t *bytes = flash->block.soc->memory.flash.bytes;
    flash_tell_watchers(flash, 0, BANKS * BANK_SIZE);
    exchange(bytes, bytes + BANK_SIZE, BANK_SIZE);
    exchange((uint8_t *)&flash->option[FIRST_OF_BANK], (uint8_t *)&flash->option[FIRST_OF_BANK + 3],
             3 * sizeof flash->option[0]);
    flash->swapped = !flash->swapped;
}

/* --- Registers --- */

void flash_write_optcr(struct flash *flash, uint32_t value, const struct block_access *access)
{
    struct block *block = &flash->block;
    if (REG(block, OPTCR) & OPTCR_OPTLOCK)
        return;
    block_store(block, OPTCR, value, access);
    REG(block, OPTCR) |= value & OPTCR_OPTLOCK;
    flash_update_interrupt(flash);
    if (value & OPTCR_OPTSTART) {
        REG(block, OPTCR) |= OPTCR_OPTSTART;
        event_in(&block_sim(block)->events, &flash->options_written, OPTION_TIME);
    }
    if (value & OPTCR_MER)
        for (unsigned n = 0; n < BANKS; n++)
            flash_erase_bank(&flash->bank[n]);
}

void flash_write_option(struct flash *flash, uint32_t offset, uint32_t value,
                        const struct block_access *access)
{
    if (!(REG(&flash->block, OPTCR) & OPTCR_OPTLOCK))
        block_store(&flash->block, offset, value, access);
}

uint32_t flash_options(struct soc *soc)
{
    return REG(soc->flash, OPTSR_CUR);
}

uint32_t flash_boot_addresses(struct soc *soc, enum soc_core core)
{
    return REG(soc->flash, core == SOC_CM7 ? BOOT7_CUR : BOOT4_CUR);
}

uint32_t flash_protection(struct soc *soc, unsigned bank, enum flash_protection which)
{
    static const uint16_t offsets[] = {PRAR_CUR, SCAR_CUR, WPSN_CUR};
    return REG(soc->flash, offsets[which] + bank * BANK2);
}

static const struct {
    const char *name;
    uint16_t offset;
    uint8_t low, width;
} options[] = {
    {"BCM4", OPTSR_PRG, 22, 1},           {"BCM7", OPTSR_PRG, 23, 1},
    {"BOR_LEV", OPTSR_PRG, 2, 2},         {"RDP", OPTSR_PRG, 8, 8},
    {"SWAP_BANK", OPTSR_PRG, 31, 1},      {"IWDG1_SW", OPTSR_PRG, 4, 1},
    {"IWDG2_SW", OPTSR_PRG, 5, 1},        {"BOOT_CM7_ADD0", BOOT7_PRG, 0, 16},
    {"BOOT_CM7_ADD1", BOOT7_PRG, 16, 16}, {"BOOT_CM4_ADD0", BOOT4_PRG, 0, 16},
    {"BOOT_CM4_ADD1", BOOT4_PRG, 16, 16}, {"NRST_STOP_D1", OPTSR_PRG, 6, 1},
    {"NRST_STBY_D1", OPTSR_PRG, 7, 1},    {"NRST_STOP_D2", OPTSR_PRG, 24, 1},
    {"NRST_STBY_D2", OPTSR_PRG, 25, 1},
};

const char *flash_option_name(unsigned n)
{
    return n < sizeof options / sizeof *options ? options[n].name : NULL;
}

const char *flash_set_option(struct soc *soc, const char *name, uint32_t value)
{
    for (size_t n = 0; n < sizeof options / sizeof options[0]; n++) {
        if (strcmp(options[n].name, name) != 0)
            continue;
        if (value >> options[n].width)
            return "the value has more bits than this option";
        uint32_t mask = ((1u << options[n].width) - 1) << options[n].low;
        uint32_t *reg = &REG(soc->flash, options[n].offset);
        *reg = (*reg & ~mask) | (value << options[n].low & mask);
        take_options((struct flash *)soc->flash);
        /* Images are loaded to where the running chip has them. */
        ((struct flash *)soc->flash)->swapped = REG(soc->flash, OPTSR_CUR) & OPTSR_SWAP_BANK;
        return NULL;
    }
    return "";
}

void flash_options_reset(struct flash *flash)
{
    event_cancel(&block_sim(&flash->block)->events, &flash->options_written);
    flash->option_key_step = 0;
    flash->option_key_failed = false;
    if (flash->swapped != !!(flash->option[0] & OPTSR_SWAP_BANK))
        swap_banks(flash);
    load_options(flash); /* they outlive every reset (4.4.2) */
    REG(&flash->block, OPTCR) |= flash->swapped ? OPTCR_SWAP_BANK : 0;
}

void flash_options_init(struct flash *flash)
{
    for (size_t n = 0; n < OPTIONS; n++)
        flash->option[n] = option_regs[n].factory;
    event_init(&flash->options_written, "option bytes written", options_written, flash);
}
