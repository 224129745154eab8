/*
 * FLASH, embedded flash memory: RM0399 chapter 4. Two banks of 1 MB in sectors of 128 KB, programmed
 * in words of 256 bits; bank 2 has its registers 0x100 higher, the common ones appear twice.
 */
#include "sim/soc/flash.h"

#include <string.h>

#include "sim/soc/classes.h"

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
    SR_FLAGS = 0x0fff0000,
    CR_CRC_EN = 1u << 15,
    CRCCR_SECT = 7u << 0,
    CRCCR_ALL_BANK = 1u << 7,
    CRCCR_BY_SECT = 1u << 8,
    CRCCR_ADD_SECT = 1u << 9,
    CRCCR_CLEAN_SECT = 1u << 10,
    CRCCR_START = 1u << 16,
    CRCCR_CLEAN = 1u << 17,
    OPTCR_OPTLOCK = 1u << 0,
    OPTCR_OPTSTART = 1u << 1,
    OPTCR_MER = 1u << 4,
    OPTSR_OPT_BUSY = 1u << 0,
    OPTSR_CHANGEERR = 1u << 30,
};

static const uint32_t FLASH_KEY[2] = {0x45670123, 0xcdef89ab};
static const uint32_t OPTION_KEY[2] = {0x08192a3b, 0x4c5d6e7f};

/* As shipped: both cores boot, no protection (4.9; the board's facts). */
#define OPTSR_SWAP_BANK 0x80000000u
#define OPTCR_SWAP_BANK 0x80000000u
#define OPTSR_FACTORY   0x13deaaf0u
#define BOOT7_FACTORY   0x1ff00800u
#define BOOT4_FACTORY   0x10000810u
#define OPTSR_BITS      0xa3f7fffcu

#define BANK(base, n)                                                                              \
    {base + KEYR, "KEYR" n, 0, 0, 0, 0}, {base + CR, "CR" n, 0x00000031, 0x0fef8770, 0, 0},        \
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
    {base + ACR, "ACR" mark, 0x00000037, 0x00000037, 0, 0},                                        \
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

enum { BANKS = 2, BANK_SIZE = 1 << 20, SECTOR_SIZE = 128 << 10, WORD_SIZE = 32 };

/* Typical times (data sheet, table "flash memory programming"), the erase times shortened tenfold:
 * firmware waits for them in loops. */
static const sim_time PROGRAM_TIME = 100 * SIM_US;
static const sim_time SECTOR_TIME = 100 * SIM_MS;
static const sim_time BANK_TIME = 400 * SIM_MS;
static const sim_time OPTION_TIME = 10 * SIM_MS;

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
    bool swapped;             /* bank 2 is at 0x08000000 */
    struct bus_device memory; /* takes the writes to the array */
};

static uint32_t *bank_reg(struct bank *bank, uint32_t offset)
{
    return &REG(&bank->flash->block, offset + bank->number * BANK2);
}

static void update_interrupt(struct flash *flash)
{
    bool any = false;
    for (unsigned n = 0; n < BANKS; n++)
        any |= *bank_reg(&flash->bank[n], SR) & *bank_reg(&flash->bank[n], CR) & SR_FLAGS;
    block_irq(&flash->block, 0, any);
}

static void raise_flag(struct bank *bank, uint32_t flag)
{
    *bank_reg(bank, SR) |= flag;
    update_interrupt(bank->flash);
}

static void start(struct bank *bank, sim_time time)
{
    *bank_reg(bank, SR) |= SR_BSY | SR_QW;
    event_in(&block_sim(&bank->flash->block)->events, &bank->finished, time);
}

static void finished(void *ctx)
{
    struct bank *bank = ctx;
    *bank_reg(bank, SR) &= ~(uint32_t)(SR_BSY | SR_QW);
    *bank_reg(bank, CR) &= ~(uint32_t)(CR_START | CR_FW);
    raise_flag(bank, SR_EOP);
}

/* Cores may hold decoded code of these bytes. */
static void tell_watchers(struct flash *flash, uint32_t offset, uint32_t length)
{
    bus_tell_watchers(&block_sim(&flash->block)->bus, &flash->block.soc->memory.flash, offset,
                      length, MASTER_DEBUG);
}

/* --- Programming (4.3.9) --- */

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
        raise_flag(bank, SR_WRPERR);
        return;
    }
    tell_watchers(flash, bank->word, WORD_SIZE);
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
        raise_flag(bank, SR_INCERR);
        bank->written = 0;
        return;
    }
    if (bank->written & mask)
        raise_flag(bank, SR_STRBERR);
    memcpy(&bank->buffer[offset % WORD_SIZE], &value, size);
    bank->written |= mask;
    *bank_reg(bank, SR) |= SR_WBNE;
    if (bank->written == 0xffffffffu)
        program(bank);
}

static enum bus_status memory_write(void *ctx, uint32_t address, const struct bus_access *access,
                                    uint32_t value)
{
    struct flash *flash = ctx;
    uint32_t alias = address < 0x08000000 ? flash->block.soc->cm4_alias->ram_offset : 0;
    uint32_t offset = (address + alias) % (BANKS * BANK_SIZE);
    struct bank *bank = &flash->bank[offset / BANK_SIZE];
    if (!(*bank_reg(bank, CR) & CR_PG) || (*bank_reg(bank, SR) & SR_BSY)) {
        raise_flag(bank, SR_PGSERR);
        block_complain(&flash->block, COMPLAINT_GUEST, offset / SECTOR_SIZE,
                       "flash is written at 0x%08x while FLASH_CR.PG is 0 or the bank is busy: "
                       "PGSERR, nothing is programmed",
                       address);
    } else {
        buffer_bytes(bank, offset, access->size, value);
    }
    return BUS_OK;
}

/* --- Erasing (4.3.10) --- */

static void erase(struct flash *flash, uint32_t offset, uint32_t length)
{
    tell_watchers(flash, offset, length);
    memset(&flash->block.soc->memory.flash.bytes[offset], 0xff, length);
}

static void erase_sector(struct bank *bank, unsigned sector)
{
    if (sector_protected(bank, sector * SECTOR_SIZE)) {
        raise_flag(bank, SR_WRPERR);
        return;
    }
    erase(bank->flash, bank->number * BANK_SIZE + sector * SECTOR_SIZE, SECTOR_SIZE);
    start(bank, SECTOR_TIME);
}

static void erase_bank(struct bank *bank)
{
    if ((*bank_reg(bank, WPSN_CUR) & 0xff) != 0xff) {
        raise_flag(bank, SR_WRPERR);
        return;
    }
    erase(bank->flash, bank->number * BANK_SIZE, BANK_SIZE);
    start(bank, BANK_TIME);
}

static void start_requested(struct bank *bank)
{
    uint32_t cr = *bank_reg(bank, CR);
    if (*bank_reg(bank, SR) & SR_BSY)
        raise_flag(bank, SR_PGSERR);
    else if (cr & CR_BER)
        erase_bank(bank);
    else if (cr & CR_SER)
        erase_sector(bank, cr >> 8 & 7);
    else
        raise_flag(bank, SR_PGSERR);
}

/* LOCK can only be set here; while it stands nothing else can be changed (4.5.1). */
static void write_cr(struct bank *bank, uint32_t value, const struct block_access *access)
{
    static const uint32_t bits = 0x0fef8770 | CR_PG | CR_SER | CR_BER;
    uint32_t *cr = bank_reg(bank, CR);
    uint32_t mask = bits & access->lanes;
    if (*cr & CR_LOCK)
        return;
    *cr = (*cr & ~mask) | (value & mask) | (value & CR_LOCK);
    if (value & CR_LOCK)
        bank->key_step = 0;
    if (value & CR_START) {
        *cr |= CR_START;
        start_requested(bank);
    }
    if ((value & CR_FW) && bank->written)
        program(bank);
    update_interrupt(bank->flash);
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

/* --- CRC of what is programmed (4.3.12), by the polynomial of the CRC block, word by word --- */

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

static void crc_done(void *ctx)
{
    struct bank *bank = ctx;
    *bank_reg(bank, SR) &= ~(uint32_t)SR_CRC_BUSY;
    raise_flag(bank, SR_CRCEND);
}

/* The bits that act read 0 again; without CRC_EN nothing can be set up (4.9.26). */
static void write_crccr(struct bank *bank, uint32_t value, const struct block_access *access)
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

/* --- Option bytes (4.4) --- */

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

static void options_written(void *ctx)
{
    struct flash *flash = ctx;
    for (size_t n = 0; n < OPTIONS; n++)
        flash->option[n] = REG(&flash->block, option_regs[n].program);
    load_options(flash);
    REG(&flash->block, OPTCR) &= ~(uint32_t)OPTCR_OPTSTART;
}

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
    tell_watchers(flash, 0, BANKS * BANK_SIZE);
    exchange(bytes, bytes + BANK_SIZE, BANK_SIZE);
    exchange((uint8_t *)&flash->option[FIRST_OF_BANK], (uint8_t *)&flash->option[FIRST_OF_BANK + 3],
             3 * sizeof flash->option[0]);
    flash->swapped = !flash->swapped;
}

static void write_optcr(struct flash *flash, uint32_t value, const struct block_access *access)
{
    struct block *block = &flash->block;
    if (REG(block, OPTCR) & OPTCR_OPTLOCK)
        return;
    block_store(block, OPTCR, value, access);
    REG(block, OPTCR) |= value & OPTCR_OPTLOCK;
    if (value & OPTCR_OPTSTART) {
        REG(block, OPTCR) |= OPTCR_OPTSTART;
        event_in(&block_sim(block)->events, &flash->options_written, OPTION_TIME);
    }
    if (value & OPTCR_MER)
        for (unsigned n = 0; n < BANKS; n++)
            erase_bank(&flash->bank[n]);
}

static void write_option(struct flash *flash, uint32_t offset, uint32_t value,
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

const char *flash_set_option(struct soc *soc, const char *name, uint32_t value)
{
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
        {"BOOT_CM4_ADD1", BOOT4_PRG, 16, 16},
    };
    for (size_t n = 0; n < sizeof options / sizeof options[0]; n++) {
        if (strcmp(options[n].name, name) != 0)
            continue;
        if (value >> options[n].width)
            return "the value has more bits than this option";
        uint32_t mask = ((1u << options[n].width) - 1) << options[n].low;
        uint32_t *reg = &REG(soc->flash, options[n].offset);
        *reg = (*reg & ~mask) | (value << options[n].low & mask);
        options_written((struct flash *)soc->flash);
        /* Images are loaded to where the running chip has them. */
        ((struct flash *)soc->flash)->swapped = REG(soc->flash, OPTSR_CUR) & OPTSR_SWAP_BANK;
        return NULL;
    }
    return "";
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
    bool failed = false;
    switch (offset) {
    case OPTKEYR:
        if (key_written(OPTION_KEY, &flash->option_key_step, &failed, value))
            REG(block, OPTCR) &= ~(uint32_t)OPTCR_OPTLOCK;
        break;
    case OPTCR:
        write_optcr(flash, value, access);
        break;
    case OPTCCR:
        if (value & OPTSR_CHANGEERR)
            REG(block, OPTSR_CUR) &= ~(uint32_t)OPTSR_CHANGEERR;
        break;
    case OPTSR_PRG:
    case BOOT7_PRG:
    case BOOT4_PRG:
        write_option(flash, offset, value, access);
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
        write_cr(bank, value, access);
        break;
    case CRCCR:
        write_crccr(bank, value, access);
        break;
    case CCR:
        *bank_reg(bank, SR) &= ~(value & SR_FLAGS);
        update_interrupt(flash);
        break;
    case PRAR_PRG:
    case SCAR_PRG:
    case WPSN_PRG:
        write_option(flash, offset, value, access);
        break;
    default:
        block_store(block, offset, value, access);
    }
}

static void flash_reset(struct block *block)
{
    struct flash *flash = (struct flash *)block;
    struct event_queue *events = &block_sim(block)->events;
    event_cancel(events, &flash->options_written);
    flash->option_key_step = 0;
    if (flash->swapped != !!(flash->option[0] & OPTSR_SWAP_BANK))
        swap_banks(flash);
    load_options(flash); /* they outlive every reset (4.4.2) */
    REG(block, OPTCR) |= flash->swapped ? OPTCR_SWAP_BANK : 0;
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
    for (size_t n = 0; n < OPTIONS; n++)
        flash->option[n] = option_regs[n].factory;
    for (unsigned n = 0; n < BANKS; n++) {
        flash->bank[n].flash = flash;
        flash->bank[n].number = n;
        event_init(&flash->bank[n].finished, "flash bank done", finished, &flash->bank[n]);
        event_init(&flash->bank[n].crc_done, "flash CRC done", crc_done, &flash->bank[n]);
    }
    event_init(&flash->options_written, "option bytes written", options_written, flash);
    flash->memory = (struct bus_device){.name = "flash", .ctx = flash, .write = memory_write};
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
