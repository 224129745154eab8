/*
 * FLASH, embedded flash memory: RM0399 chapter 4. Two banks of 1 MB in sectors of 128 KB, programmed
 * in words of 256 bits; bank 2 has its registers 0x100 higher, the common ones appear twice. Its registers and
 * keys; the rest is in flash_program.c, flash_options.c and flash_crc.c.
 */
#include "sim/soc/flash_parts.h"

#include "sim/soc/classes.h"

static const uint32_t FLASH_KEY[2] = {0x45670123, 0xcdef89ab};
static const uint32_t OPTION_KEY[2] = {0x08192a3b, 0x4c5d6e7f};

#define BANK(base, n)                                                                              \
    {base + KEYR, "KEYR" n, 0, 0, 0, 0}, {base + CR, "CR" n, 0x00000031, 0x1fef8770, 0, 0},        \
        {base + SR, "SR" n, 0, 0, 0, 0}, {base + CCR, "CCR" n, 0, 0, 0, 0},                        \
        {base + PRAR_CUR, "PRAR_CUR" n, 0x000000ff, 0, 0, 0},                                      \
        {base + PRAR_PRG, "PRAR_PRG" n, 0x000000ff, 0x8fff0fff, 0, 0},                             \
        {base + SCAR_CUR, "SCAR_CUR" n, 0x000000ff, 0, 0, 0},                                      \
        {base + SCAR_PRG, "SCAR_PRG" n, 0x000000ff, 0x8fff0fff, 0, 0},                             \
        {base + WPSN_CUR, "WPSN_CUR" n "R", 0x000000ff, 0, 0, 0},                                  \
        {base + WPSN_PRG, "WPSN_PRG" n "R", 0x000000ff, 0x000000ff, 0, 0},                         \
        {base + CRCCR, "CRCCR" n, 0x001c0000, 0x00300187, 0, 0},                                   \
        {base + CRCSADD, "CRCSADD" n "R", 0, 0x000ffffc, 0, 0},                                    \
        {base + CRCEADD, "CRCEADD" n "R", 0, 0x000ffffc, 0, 0},                                    \
    {                                                                                              \
        base + 0x60, "ECC_FA" n "R", 0, 0, 0, 0                                                    \
    }

#define COMMON(base, mark)                                                                         \
    {base + ACR, "ACR" mark, 0x00000037, 0x0000003f, 0, 0},                                        \
        {base + OPTKEYR, "OPTKEYR" mark, 0, 0, 0, 0},                                              \
        {base + OPTCR, "OPTCR" mark, 0x00000001, 0x40000000, 0, 0},                                \
        {base + OPTSR_CUR, "OPTSR_CUR" mark, OPTSR_FACTORY, 0, 0, 0},                              \
        {base + OPTSR_PRG, "OPTSR_PRG" mark, OPTSR_FACTORY, OPTSR_BITS, 0, 0},                     \
        {base + OPTCCR, "OPTCCR" mark, 0, 0, 0, 0},                                                \
        {base + BOOT7_CUR, "BOOT7_CURR" mark, BOOT7_FACTORY, 0, 0, 0},                             \
        {base + BOOT7_PRG, "BOOT7_PRGR" mark, BOOT7_FACTORY, 0xffffffff, 0, 0},                    \
        {base + BOOT4_CUR, "BOOT4_CURR" mark, BOOT4_FACTORY, 0, 0, 0},                             \
        {base + BOOT4_PRG, "BOOT4_PRGR" mark, BOOT4_FACTORY, 0xffffffff, 0, 0},                    \
    {                                                                                              \
        base + 0x5c, "CRCDATAR" mark, 0, 0, 0, 0                                                   \
    }

static const struct reg flash_regs[] = {
    COMMON(0, ""),
    BANK(0, "1"),
    COMMON(BANK2, "_"),
    BANK(BANK2, "2"),
};

void flash_update_interrupt(struct flash *flash)
{
    bool any = REG(&flash->block, OPTSR_CUR) & REG(&flash->block, OPTCR) & OPTSR_CHANGEERR;
    for (unsigned n = 0; n < BANKS; n++)
        any |= *bank_reg(&flash->bank[n], SR) & *bank_reg(&flash->bank[n], CR) & SR_FLAGS;
    block_irq(&flash->block, 0, any);
}

void flash_raise(struct bank *bank, uint32_t flag)
{
    *bank_reg(bank, SR) |= flag;
    flash_update_interrupt(bank->flash);
}

void flash_tell_watchers(struct flash *flash, uint32_t offset, uint32_t length)
{
    bus_tell_watchers(&block_sim(&flash->block)->bus, &flash->block.soc->memory.flash, offset,
                      length, MASTER_DEBUG);
}

/* True when the whole key has come; a wrong word closes the lock until reset. */
static bool key_written(const uint32_t key[2], unsigned *step, bool *failed, uint32_t value)
{
    if (*failed || value != key[*step]) {
        *failed = true;
        return false;
    }
    *step = (*step + 1) % 2;
    return *step == 0;
}

/* --- Registers --- */

static bool is_common(uint32_t offset)
{
    switch (offset) {
    case ACR:
    case OPTKEYR:
    case OPTCR:
    case OPTSR_CUR:
    case OPTSR_PRG:
    case OPTCCR:
    case BOOT7_CUR:
    case BOOT7_PRG:
    case BOOT4_CUR:
    case BOOT4_PRG:
    case CRCDATAR:
        return true;
    default:
        return false;
    }
}

static uint32_t flash_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct flash *flash = (struct flash *)block;
    (void)access;
    uint32_t in_bank = offset % BANK2;
    if (!is_common(in_bank))
        return REG(block, offset);
    uint32_t value = REG(block, in_bank);
    if (in_bank == OPTSR_CUR && event_pending(&flash->options_written))
        value |= OPTSR_OPT_BUSY;
    return value;
}

static void write_common(struct flash *flash, uint32_t offset, uint32_t value,
                         const struct block_access *access)
{
    struct block *block = &flash->block;
    switch (offset) {
    case OPTKEYR:
        if (key_written(OPTION_KEY, &flash->option_key_step, &flash->option_key_failed, value))
            REG(block, OPTCR) &= ~(uint32_t)OPTCR_OPTLOCK;
        break;
    case OPTCR:
        flash_write_optcr(flash, value, access);
        break;
    case OPTCCR:
        if (value & OPTSR_CHANGEERR)
            REG(block, OPTSR_CUR) &= ~(uint32_t)OPTSR_CHANGEERR;
        flash_update_interrupt(flash);
        break;
    case OPTSR_PRG:
    case BOOT7_PRG:
    case BOOT4_PRG:
        flash_write_option(flash, offset, value, access);
        break;
    default:
        block_store(block, offset, value, access);
    }
}

static void flash_write(struct block *block, uint32_t offset, uint32_t value,
                        const struct block_access *access)
{
    struct flash *flash = (struct flash *)block;
    struct bank *bank = &flash->bank[offset / BANK2 % BANKS];
    uint32_t in_bank = offset % BANK2;
    if (is_common(in_bank)) {
        write_common(flash, in_bank, value, access);
        return;
    }
    switch (in_bank) {
    case KEYR:
        if (key_written(FLASH_KEY, &bank->key_step, &bank->key_failed, value))
            *bank_reg(bank, CR) &= ~(uint32_t)CR_LOCK;
        break;
    case CR:
        flash_write_cr(bank, value, access);
        break;
    case CRCCR:
        flash_write_crccr(bank, value, access);
        break;
    case CCR:
        *bank_reg(bank, SR) &= ~(value & SR_FLAGS);
        flash_update_interrupt(flash);
        break;
    case PRAR_PRG:
    case SCAR_PRG:
    case WPSN_PRG:
        flash_write_option(flash, offset, value, access);
        break;
    default:
        block_store(block, offset, value, access);
    }
}

static void flash_reset(struct block *block)
{
    struct flash *flash = (struct flash *)block;
    struct event_queue *events = &block_sim(block)->events;
    flash_options_reset(flash);
    for (unsigned n = 0; n < BANKS; n++) {
        struct bank *bank = &flash->bank[n];
        event_cancel(events, &bank->finished);
        event_cancel(events, &bank->crc_done);
        bank->crc_sectors = 0;
        bank->written = 0;
        bank->key_step = 0;
        bank->key_failed = false;
    }
}

static void flash_init(struct block *block)
{
    struct flash *flash = (struct flash *)block;
    flash_options_init(flash);
    for (unsigned n = 0; n < BANKS; n++) {
        flash->bank[n].flash = flash;
        flash->bank[n].number = n;
        event_init(&flash->bank[n].finished, "flash bank done", flash_operation_finished,
                   &flash->bank[n]);
        event_init(&flash->bank[n].crc_done, "flash CRC done", flash_crc_done, &flash->bank[n]);
    }
    flash->memory = (struct bus_device){.name = "flash", .ctx = flash, .write = flash_memory_write};
    block->soc->flash = block;
    block->soc->flash_region->device = block->soc->cm4_alias->device = &flash->memory;
}

const struct block_class flash_class = {
    .name = "FLASH",
    .regs = flash_regs,
    .reg_count = sizeof flash_regs / sizeof flash_regs[0],
    .size = sizeof(struct flash),
    .init = flash_init,
    .reset = flash_reset,
    .read = flash_read,
    .write = flash_write,
};
