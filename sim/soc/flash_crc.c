/*
 * The FLASH's CRC of what is programmed: RM0399 4.3.12, by the polynomial of the CRC block, word by word.
 */
#include <string.h>

#include "sim/soc/flash_parts.h"

static const sim_time CRC_TIME_PER_KB = 2 * SIM_US;

static uint32_t crc_of(uint32_t crc, const uint8_t *bytes, uint32_t length)
{
    for (uint32_t at = 0; at < length; at += 4) {
        uint32_t word;
        memcpy(&word, bytes + at, 4);
        crc ^= word;
        for (unsigned bit = 0; bit < 32; bit++)
            crc = crc << 1 ^ (crc >> 31 ? 0x04c11db7u : 0);
    }
    return crc;
}

static sim_time crc_of_range(struct bank *bank, uint32_t from, uint32_t to)
{
    struct flash *flash = bank->flash;
    const uint8_t *bytes = &flash->block.soc->memory.flash.bytes[bank->number * BANK_SIZE];
    uint32_t *crc = &REG(&flash->block, CRCDATAR);
    *crc = crc_of(*crc, bytes + from, to - from);
    return (to - from + 1023) / 1024 * CRC_TIME_PER_KB;
}

static sim_time crc_of_sectors(struct bank *bank)
{
    sim_time time = 0;
    for (uint32_t sector = 0; sector < BANK_SIZE / SECTOR_SIZE; sector++)
        if (bank->crc_sectors >> sector & 1)
            time += crc_of_range(bank, sector * SECTOR_SIZE, (sector + 1) * SECTOR_SIZE);
    return time;
}

static void start_crc(struct bank *bank)
{
    uint32_t control = *bank_reg(bank, CRCCR);
    uint32_t from = *bank_reg(bank, CRCSADD), last = *bank_reg(bank, CRCEADD);
    sim_time time = 0;
    if (control & CRCCR_ALL_BANK)
        time = crc_of_range(bank, 0, BANK_SIZE);
    else if (control & CRCCR_BY_SECT)
        time = crc_of_sectors(bank);
    else if (from <= last)
        time = crc_of_range(bank, from, last + 4);
    *bank_reg(bank, SR) |= SR_CRC_BUSY;
    event_in(&block_sim(&bank->flash->block)->events, &bank->crc_done, time);
}

void flash_crc_done(void *ctx)
{
    struct bank *bank = ctx;
    *bank_reg(bank, SR) &= ~(uint32_t)SR_CRC_BUSY;
    flash_raise(bank, SR_CRCEND);
}

/* The bits that act read 0 again; without CRC_EN nothing can be set up (4.9.26). */
void flash_write_crccr(struct bank *bank, uint32_t value, const struct block_access *access)
{
    struct block *block = &bank->flash->block;
    value &= access->lanes;
    if (!(*bank_reg(bank, CR) & CR_CRC_EN) || (*bank_reg(bank, SR) & SR_CRC_BUSY))
        return;
    block_store(block, CRCCR + bank->number * BANK2, value, access);
    if (value & CRCCR_CLEAN)
        REG(block, CRCDATAR) = 0xffffffff;
    if (value & CRCCR_CLEAN_SECT)
        bank->crc_sectors = 0;
    if (value & CRCCR_ADD_SECT)
        bank->crc_sectors |= (uint8_t)(1u << (value & CRCCR_SECT));
    if (value & CRCCR_START)
        start_crc(bank);
}

void flash_disable_crc(struct bank *bank)
{
    *bank_reg(bank, CRCCR) = CRCCR_RESET;
    bank->crc_sectors = 0;
    REG(&bank->flash->block, CRCDATAR) = 0;
}
