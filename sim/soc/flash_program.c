/*
 * Programming and erasing the FLASH's array: RM0399 4.3.9 and 4.3.10, with their errors of 4.7.
 */
#include <string.h>

#include "sim/soc/flash_parts.h"

/* Typical times (data sheet, table "flash memory programming"), the erase times shortened tenfold:
 * firmware waits for them in loops. */
static const sim_time PROGRAM_TIME = 100 * SIM_US;
static const sim_time SECTOR_TIME = 100 * SIM_MS;
static const sim_time BANK_TIME = 400 * SIM_MS;

/* What comes while the bank is busy waits in its queue. */
static void start(struct bank *bank, sim_time time)
{
    struct event_queue *events = &block_sim(&bank->flash->block)->events;
    sim_time free = event_pending(&bank->finished) ? bank->finished.when : events->now;
    *bank_reg(bank, SR) |= SR_BSY | SR_QW;
    event_at(events, &bank->finished, free + time);
}

void flash_operation_finished(void *ctx)
{
    struct bank *bank = ctx;
    *bank_reg(bank, SR) &= ~(uint32_t)(SR_BSY | SR_QW);
    *bank_reg(bank, CR) &= ~(uint32_t)(CR_START | CR_FW);
    flash_raise(bank, SR_EOP);
}

/* --- Programming --- */

static bool sector_protected(struct bank *bank, uint32_t offset_in_bank)
{
    return !(*bank_reg(bank, WPSN_CUR) >> (offset_in_bank / SECTOR_SIZE) & 1);
}

static void program(struct bank *bank)
{
    struct flash *flash = bank->flash;
    uint8_t *bytes = &flash->block.soc->memory.flash.bytes[bank->word];
    bool is_protected = sector_protected(bank, bank->word % BANK_SIZE);
    bank->written = 0;
    *bank_reg(bank, SR) &= ~(uint32_t)SR_WBNE;
    if (is_protected) {
        flash_raise(bank, SR_WRPERR);
        return;
    }
    flash_tell_watchers(flash, bank->word, WORD_SIZE);
    for (unsigned n = 0; n < WORD_SIZE; n++)
        bytes[n] &= bank->buffer[n]; /* bits only fall; erasing raises them */
    start(bank, PROGRAM_TIME);
}

static void buffer_bytes(struct bank *bank, uint32_t offset, unsigned size, uint32_t value)
{
    uint32_t mask = ((1u << size) - 1) << (offset % WORD_SIZE);
    if (!bank->written) {
        memset(bank->buffer, 0xff, WORD_SIZE);
        bank->word = offset & ~(WORD_SIZE - 1u);
    } else if (bank->word != (offset & ~(WORD_SIZE - 1u))) {
        flash_raise(bank, SR_INCERR);
        bank->written = 0;
        return;
    }
    if (bank->written & mask)
        flash_raise(bank, SR_STRBERR);
    memcpy(&bank->buffer[offset % WORD_SIZE], &value, size);
    bank->written |= mask;
    *bank_reg(bank, SR) |= SR_WBNE;
    if (bank->written == 0xffffffffu)
        program(bank);
}

static void drop_buffer(struct bank *bank)
{
    bank->written = 0;
    *bank_reg(bank, SR) &= ~(uint32_t)SR_WBNE;
}

/* 4.7.3: without PG, or before an earlier error of the sequence is cleared, nothing is programmed. */
static void refuse_write(struct bank *bank, uint32_t address)
{
    drop_buffer(bank);
    flash_raise(bank, SR_PGSERR);
    block_complain(&bank->flash->block, COMPLAINT_GUEST, address / SECTOR_SIZE,
                   "flash is written at 0x%08x while FLASH_CR.PG is 0, or INCERR or PGSERR stands: "
                   "PGSERR, nothing is programmed",
                   address);
}

enum bus_status flash_memory_write(void *ctx, uint32_t address, const struct bus_access *access,
                                   uint32_t value)
{
    struct flash *flash = ctx;
    uint32_t alias = address < 0x08000000 ? flash->block.soc->cm4_alias->ram_offset : 0;
    uint32_t offset = (address + alias) % (BANKS * BANK_SIZE);
    struct bank *bank = &flash->bank[offset / BANK_SIZE];
    if (!(*bank_reg(bank, CR) & CR_PG) || *bank_reg(bank, SR) & (SR_PGSERR | SR_INCERR))
        refuse_write(bank, address);
    else
        buffer_bytes(bank, offset, access->size, value);
    return BUS_OK;
}

/* --- Erasing --- */

void flash_erase(struct flash *flash, uint32_t offset, uint32_t length)
{
    flash_tell_watchers(flash, offset, length);
    memset(&flash->block.soc->memory.flash.bytes[offset], 0xff, length);
}

static void erase_sector(struct bank *bank, unsigned sector)
{
    if (sector_protected(bank, sector * SECTOR_SIZE)) {
        flash_raise(bank, SR_WRPERR);
        return;
    }
    flash_erase(bank->flash, bank->number * BANK_SIZE + sector * SECTOR_SIZE, SECTOR_SIZE);
    start(bank, SECTOR_TIME);
}

void flash_erase_bank(struct bank *bank)
{
    if ((*bank_reg(bank, WPSN_CUR) & 0xff) != 0xff) {
        flash_raise(bank, SR_WRPERR);
        return;
    }
    flash_erase(bank->flash, bank->number * BANK_SIZE, BANK_SIZE);
    start(bank, BANK_TIME);
}

static void start_requested(struct bank *bank)
{
    uint32_t cr = *bank_reg(bank, CR);
    if (cr & CR_BER)
        flash_erase_bank(bank);
    else if (cr & CR_SER)
        erase_sector(bank, cr >> 8 & 7);
    else
        flash_raise(bank, SR_PGSERR);
    if (!event_pending(&bank->finished)) /* refused, which is an answer, too */
        *bank_reg(bank, CR) &= ~(uint32_t)CR_START;
}

/* --- CR --- */

/* What follows of bits that fell: no buffer without PG (4.6.2), no CRC without CRC_EN (4.9.4). */
static void bits_fell(struct bank *bank, uint32_t fallen)
{
    if (fallen & CR_PG)
        drop_buffer(bank);
    if (fallen & CR_CRC_EN)
        flash_disable_crc(bank);
}

/* LOCK can only be set here; while it stands nothing else can be changed (4.5.1). */
void flash_write_cr(struct bank *bank, uint32_t value, const struct block_access *access)
{
    static const uint32_t bits = 0x1fef8770 | CR_PG | CR_SER | CR_BER;
    uint32_t *cr = bank_reg(bank, CR), before = *cr, mask = bits & access->lanes;
    if (before & CR_LOCK)
        return;
    *cr = (before & ~mask) | (value & mask) | (value & CR_LOCK);
    if (value & CR_LOCK)
        bank->key_step = 0;
    bits_fell(bank, before & ~*cr);
    if (value & CR_START) {
        *cr |= CR_START;
        start_requested(bank);
    }
    if ((value & CR_FW) && bank->written)
        program(bank);
    flash_update_interrupt(bank->flash);
}
