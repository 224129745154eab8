/* What the files of the FLASH share. RM0399 chapter 4. */
#ifndef SIM_SOC_FLASH_PARTS_H
#define SIM_SOC_FLASH_PARTS_H

#include "sim/soc/flash.h"

enum {
    ACR = 0x00,
    KEYR = 0x04,
    OPTKEYR = 0x08,
    CR = 0x0c,
    SR = 0x10,
    CCR = 0x14,
    OPTCR = 0x18,
    OPTSR_CUR = 0x1c,
    OPTSR_PRG = 0x20,
    OPTCCR = 0x24,
    PRAR_CUR = 0x28,
    PRAR_PRG = 0x2c,
    SCAR_CUR = 0x30,
    SCAR_PRG = 0x34,
    WPSN_CUR = 0x38,
    WPSN_PRG = 0x3c,
    BOOT7_CUR = 0x40,
    BOOT7_PRG = 0x44,
    BOOT4_CUR = 0x48,
    BOOT4_PRG = 0x4c,
    CRCCR = 0x50,
    CRCSADD = 0x54,
    CRCEADD = 0x58,
    CRCDATAR = 0x5c,
    BANK2 = 0x100,
};

enum {
    CR_LOCK = 1u << 0,
    CR_PG = 1u << 1,
    CR_SER = 1u << 2,
    CR_BER = 1u << 3,
    CR_FW = 1u << 6,
    CR_START = 1u << 7,
    SR_BSY = 1u << 0,
    SR_WBNE = 1u << 1,
    SR_QW = 1u << 2,
    SR_CRC_BUSY = 1u << 3,
    SR_EOP = 1u << 16,
    SR_WRPERR = 1u << 17,
    SR_PGSERR = 1u << 18,
    SR_STRBERR = 1u << 19,
    SR_INCERR = 1u << 21,
    SR_CRCEND = 1u << 27,
    SR_FLAGS = 0x1fef0000,
    CR_CRC_EN = 1u << 15,
    CRCCR_SECT = 7u << 0,
    CRCCR_ALL_BANK = 1u << 7,
    CRCCR_BY_SECT = 1u << 8,
    CRCCR_ADD_SECT = 1u << 9,
    CRCCR_CLEAN_SECT = 1u << 10,
    CRCCR_START = 1u << 16,
    CRCCR_CLEAN = 1u << 17,
    CRCCR_RESET = 0x001c0000,
    OPTCR_OPTLOCK = 1u << 0,
    OPTCR_OPTSTART = 1u << 1,
    OPTCR_MER = 1u << 4,
    OPTSR_OPT_BUSY = 1u << 0,
    OPTSR_CHANGEERR = 1u << 30,
};

/* As shipped: both cores boot, no protection (4.9; the board's facts). */
#define OPTSR_SWAP_BANK 0x80000000u
#define OPTCR_SWAP_BANK 0x80000000u
#define OPTSR_FACTORY   0x13deaaf0u
#define BOOT7_FACTORY   0x1ff00800u
#define BOOT4_FACTORY   0x10000810u
#define OPTSR_BITS      0xa3f7fffcu

enum { BANKS = 2, BANK_SIZE = 1 << 20, SECTOR_SIZE = 128 << 10, WORD_SIZE = 32 };

struct bank {
    struct flash *flash;
    unsigned number;       /* 0 or 1 */
    struct event finished; /* of what makes it busy */
    struct event crc_done;
    uint8_t crc_sectors; /* of CRC by sector, a bit each */
    uint32_t word;       /* offset in the flash of the word being written */
    uint32_t written;    /* its bytes that have come, a bit each */
    uint8_t buffer[WORD_SIZE];
    unsigned key_step;
    bool key_failed;
};

enum { OPTIONS = 9, FIRST_OF_BANK = 3 /* of bank 1; three more are bank 2's */ };

struct flash {
    struct block block;
    uint32_t option[OPTIONS]; /* the option bytes themselves, in the order of option_regs */
    struct bank bank[BANKS];
    struct event options_written;
    unsigned option_key_step;
    bool option_key_failed;
    bool swapped;             /* bank 2 is at 0x08000000 */
    struct bus_device memory; /* takes the writes to the array */
};

static inline uint32_t *bank_reg(struct bank *bank, uint32_t offset)
{
    return &REG(&bank->flash->block, offset + bank->number * BANK2);
}

/* flash.c */
void flash_update_interrupt(struct flash *flash);
void flash_raise(struct bank *bank, uint32_t flag); /* of SR */
/* Cores may hold decoded code of these bytes. */
void flash_tell_watchers(struct flash *flash, uint32_t offset, uint32_t length);

/* flash_program.c: an operation is over; FLASH_CR; a write to the array; erasing without a question. */
void flash_operation_finished(void *bank);
void flash_write_cr(struct bank *bank, uint32_t value, const struct block_access *access);
enum bus_status flash_memory_write(void *flash, uint32_t address, const struct bus_access *access,
                                   uint32_t value);
void flash_erase(struct flash *flash, uint32_t offset, uint32_t length);
void flash_erase_bank(struct bank *bank); /* if no sector of it is protected */

/* flash_crc.c */
void flash_crc_done(void *bank);
void flash_write_crccr(struct bank *bank, uint32_t value, const struct block_access *access);
void flash_disable_crc(struct bank *bank);

/* flash_options.c */
void flash_options_init(struct flash *flash);
void flash_options_reset(struct flash *flash);
void flash_write_optcr(struct flash *flash, uint32_t value, const struct block_access *access);
void flash_write_option(struct flash *flash, uint32_t offset, uint32_t value,
                        const struct block_access *access);

#endif
