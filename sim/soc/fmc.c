/*
 * Flexible memory controller: RM0399 chapter 23. The SDRAM controller (23.9) with its command
 * sequence, the bank remapping (23.6.1), the NOR/PSRAM and NAND registers. No NOR, PSRAM or NAND is
 * modelled behind them.
 */
#include "sim/soc/fmc.h"
#include "sim/soc/block.h"
#include "sim/soc/classes.h"

enum {
    BCR1 = 0x000,
    BTR1 = 0x004,
    PCR = 0x080,
    SR = 0x084,
    PMEM = 0x088,
    PATT = 0x08c,
    ECCR = 0x094,
    BWTR1 = 0x104,
    SDCR1 = 0x140,
    SDCR2 = 0x144,
    SDTR1 = 0x148,
    SDTR2 = 0x14c,
    SDCMR = 0x150,
    SDRTR = 0x154,
    SDSR = 0x158,
};

enum { BCR_BMAP_SHIFT = 24, BCR_FMCEN = 1u << 31 };
enum { SDCR_WP = 1 << 9 };
enum { SDCMR_CTB2 = 1 << 3, SDCMR_CTB1 = 1 << 4, SDCMR_COMMAND = 0x1f /* MODE, CTB2, CTB1 */ };
enum { SDSR_BUSY = 1 << 5 };
enum { SDRTR_CRE = 1, SDRTR_COUNT = 0x3ffe };

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
    {BCR1, "BCR1", 0x000030db, 0x833ffb7f, 0, 0},    {0x008, "BCR2", 0x000030d2, 0x000ffb7f, 0, 0},
    {0x010, "BCR3", 0x000030d2, 0x000ffb7f, 0, 0},   {0x018, "BCR4", 0x000030d2, 0x000ffb7f, 0, 0},
    {BTR1, "BTR%u", 0x0fffffff, 0x3fffffff, 4, 8},   {PCR, "PCR", 0x00000018, 0x000ffe76, 0, 0},
    {SR, "SR", 0x00000040, 0x0000003f, 0, 0},        {PMEM, "PMEM", 0xfcfcfcfc, 0xffffffff, 0, 0},
    {PATT, "PATT", 0xfcfcfcfc, 0xffffffff, 0, 0},    {ECCR, "ECCR", 0, 0, 0, 0},
    {BWTR1, "BWTR%u", 0x0fffffff, 0x300fffff, 4, 8}, {SDCR1, "SDCR1", 0x000002d0, 0x00007fff, 0, 0},
    {SDCR2, "SDCR2", 0x000002d0, 0x000003ff, 0, 0}, /* clock and read pipe: those of SDCR1 */
    {SDTR1, "SDTR%u", 0x0fffffff, 0x0fffffff, 2, 4}, {SDCMR, "SDCMR", 0, 0x007fffff, 0, 0},
    {SDRTR, "SDRTR", 0, 0x00007ffe, 0, 0},           {SDSR, "SDSR", 0, 0, 0, 0},
};

/* How far the guest has come with the initialisation of 23.9.3. */
struct sdram_bank {
    struct fmc_sdram chip; /* ram NULL: nothing is soldered there */
    bool clocked, precharged, mode_loaded;
    unsigned refreshes;
    uint16_t mode_register;
    uint8_t command; /* SDSR.MODES: normal 0, self-refresh 1, power-down 2 */
};

struct fmc;

/* 256 MB of the address map that the FMC serves. */
struct window {
    struct fmc *fmc;
    uint32_t base;
    struct bus_region *memory;   /* the chip, while it can be reached */
    struct bus_device protected; /* takes the writes of a write-protected bank */
    struct bus_device closed;    /* answers when it cannot be reached */
};

enum { WINDOWS = 5, WINDOW_SIZE = 0x10000000 };

struct fmc {
    struct block block;
    struct sdram_bank banks[2];
    struct window windows[WINDOWS];
    sim_time busy_until; /* of the SDRAM command under way */
};

/* What stands at a window: an SDRAM bank, or one of the others. */
enum { BANK_NOR = -1, BANK_NAND = -2 };

/* Bank mapping: 23.6.1, BMAP. */
static int bank_at(const struct fmc *fmc, unsigned window)
{
    static const int8_t map[3][WINDOWS] = {
        /* 0x6…, 0x7…, 0x8…, 0xC…, 0xD… */
        {BANK_NOR, 0, BANK_NAND, 0, 1},
        {0, 1, BANK_NAND, BANK_NOR, 1},
        {BANK_NOR, 1, BANK_NAND, 0, 1},
    };
    unsigned bmap = REG(&fmc->block, BCR1) >> BCR_BMAP_SHIFT & 3;
    return map[bmap < 3 ? bmap : 0][window];
}

/* The clock and the read pipe are those of SDCR1 for both banks (23.9.5). */
static bool clock_divider_set(const struct fmc *fmc)
{
    return (REG(&fmc->block, SDCR1) >> 10 & 3) >= 2;
}

static bool geometry_fits(const struct fmc *fmc, unsigned bank)
{
    const struct fmc_sdram *chip = &fmc->banks[bank].chip;
    uint32_t control = REG(&fmc->block, SDCR1 + 4 * bank);
    return (control & 3) + 8 == chip->columns && (control >> 2 & 3) + 11 == chip->rows &&
           8u << (control >> 4 & 3) == chip->width && (control & 1 << 6 ? 4 : 2) == chip->banks;
}

/* The latency that the chip was told, by its mode register, and that the FMC expects. */
static bool latency_agrees(const struct fmc *fmc, unsigned bank)
{
    return (fmc->banks[bank].mode_register >> 4 & 7u) ==
           (REG(&fmc->block, SDCR1 + 4 * bank) >> 7 & 3);
}

/* What is missing for a bank to work, in the order of 23.9.3. */
enum missing {
    MISSING_NOTHING,
    MISSING_ENABLE,
    MISSING_DIVIDER,
    MISSING_GEOMETRY,
    MISSING_CLOCK,
    MISSING_PRECHARGE,
    MISSING_REFRESH,
    MISSING_MODE,
    MISSING_LATENCY,
    MISSING_RATE,
};

static const char *const what_to_do[] = {
    [MISSING_ENABLE] = "set FMC_BCR1.FMCEN",
    [MISSING_DIVIDER] = "set the clock divider SDCLK in FMC_SDCR1 (it counts for both banks)",
    [MISSING_GEOMETRY] = "set rows, columns, banks and bus width in FMC_SDCRx as the chip has them",
    [MISSING_CLOCK] = "send the command 'clock configuration enable' (SDCMR.MODE 1)",
    [MISSING_PRECHARGE] = "send the command 'precharge all' (SDCMR.MODE 2)",
    [MISSING_REFRESH] = "send at least two auto-refresh commands (SDCMR.MODE 3)",
    [MISSING_MODE] = "load the chip's mode register (SDCMR.MODE 4)",
    [MISSING_LATENCY] = "make the CAS latency of FMC_SDCRx and of the mode register the same",
    [MISSING_RATE] = "set the refresh rate (SDRTR.COUNT)",
};

static enum missing missing_step(const struct fmc *fmc, unsigned bank)
{
    const struct sdram_bank *b = &fmc->banks[bank];
    if (!(REG(&fmc->block, BCR1) & BCR_FMCEN))
        return MISSING_ENABLE;
    if (!clock_divider_set(fmc))
        return MISSING_DIVIDER;
    if (!geometry_fits(fmc, bank))
        return MISSING_GEOMETRY;
    if (!b->clocked)
        return MISSING_CLOCK;
    if (!b->precharged)
        return MISSING_PRECHARGE;
    if (b->refreshes < 2)
        return MISSING_REFRESH;
    if (!b->mode_loaded)
        return MISSING_MODE;
    if (!latency_agrees(fmc, bank))
        return MISSING_LATENCY;
    return REG(&fmc->block, SDRTR) & SDRTR_COUNT ? MISSING_NOTHING : MISSING_RATE;
}

/* How fast the chip is as the registers have it: a burst begins with a row that has to be closed and
 * another that is opened, because the masters' buffers take turns (23.9.3; SDTR's fields are minus 1). */
static void set_speed(struct fmc *fmc, unsigned bank)
{
    const struct block *block = &fmc->block;
    const struct fmc_sdram *chip = &fmc->banks[bank].chip;
    uint64_t divider = REG(block, SDCR1) >> 10 & 3, hz = block_kernel_hz(block);
    uint32_t cas = REG(block, SDCR1 + 4 * bank) >> 7 & 3, precharge = REG(block, SDTR1) >> 20 & 15;
    uint32_t activate = REG(block, SDTR1 + 4 * bank) >> 24 & 15;
    sim_time clock = hz ? divider * SIM_S / hz : 0;
    chip->ram->traffic->latency = clock * (precharge + 1 + activate + 1 + cas);
    chip->ram->traffic->byte_time = clock * 8 / chip->width;
}

/* Opens and closes the windows after a register changed. */
static void update_windows(struct fmc *fmc)
{
    struct bus *bus = &block_sim(&fmc->block)->bus;
    for (unsigned n = 0; n < WINDOWS; n++) {
        struct window *window = &fmc->windows[n];
        int bank = bank_at(fmc, n);
        bool open = bank >= 0 && fmc->banks[bank].chip.ram &&
                    missing_step(fmc, (unsigned)bank) == MISSING_NOTHING &&
                    !fmc->banks[bank].command;
        if (!open) {
            bus_enable(bus, window->memory, false);
            continue;
        }
        struct ram *ram = fmc->banks[bank].chip.ram;
        set_speed(fmc, (unsigned)bank);
        bool protect = REG(&fmc->block, SDCR1 + 4u * (unsigned)bank) & SDCR_WP;
        const struct bus_device *device = protect ? &window->protected : NULL;
        if (window->memory->ram != ram || window->memory->device != device) {
            window->memory->size = ram->size < WINDOW_SIZE ? ram->size : WINDOW_SIZE;
            window->memory->device = device;
            bus_retarget(bus, window->memory, ram, 0);
        }
        bus_enable(bus, window->memory, true);
    }
}

/* Bytes of a chip that a window leads to, beyond the ends of the chip once more (the upper address
 * lines are not wired). */
static uint8_t *chip_bytes(const struct fmc_sdram *chip, uint32_t offset)
{
    return &chip->ram->bytes[offset % chip->ram->size];
}

static void show_modes(struct fmc *fmc)
{
    REG(&fmc->block, SDSR) = (uint32_t)(fmc->banks[0].command << 1 | fmc->banks[1].command << 3);
}

/* An access ends self-refresh and power-down (23.9.4). */
static void wake_bank(struct fmc *fmc, unsigned bank)
{
    fmc->banks[bank].command = 0;
    show_modes(fmc);
    update_windows(fmc);
}

/* The SDRAM behind a closed window that this access may use all the same; NULL: none. */
static const struct fmc_sdram *reach_closed(struct window *window, uint32_t address,
                                            enum bus_master master)
{
    struct fmc *fmc = window->fmc;
    int bank = bank_at(fmc, (unsigned)(window - fmc->windows));
    if (bank < 0 || !fmc->banks[bank].chip.ram) {
        if (master != MASTER_DEBUG)
            block_complain(&fmc->block, COMPLAINT_GUEST, 0x1000u + (window->base >> 28),
                           "nothing is wired to the memory bank at 0x%08x (access to 0x%08x)",
                           window->base, address);
        return NULL;
    }
    enum missing missing = missing_step(fmc, (unsigned)bank);
    if (missing != MISSING_NOTHING && master != MASTER_DEBUG) {
        block_complain(&fmc->block, COMPLAINT_GUEST, (unsigned)missing << 1 | (unsigned)bank,
                       "%s in SDRAM bank %d is used at 0x%08x before it is initialised: %s",
                       fmc->banks[bank].chip.name, bank + 1, address, what_to_do[missing]);
        return NULL;
    }
    if (missing == MISSING_NOTHING && master != MASTER_DEBUG && fmc->banks[bank].command)
        wake_bank(fmc, (unsigned)bank);
    return &fmc->banks[bank].chip;
}

/* With the controller off nobody ends the access; with a chip that was not set up the data lines
 * float, and this is read as 0. */
static enum bus_status closed_status(const struct window *window)
{
    const struct fmc *fmc = window->fmc;
    int bank = bank_at(fmc, (unsigned)(window - fmc->windows));
    bool on = REG(&fmc->block, BCR1) & BCR_FMCEN;
    return on && bank >= 0 && fmc->banks[bank].chip.ram ? BUS_OK : BUS_ERROR;
}

static enum bus_status closed_read(void *ctx, uint32_t address, const struct bus_access *access,
                                   uint32_t *value)
{
    struct window *window = ctx;
    const struct fmc_sdram *chip = reach_closed(window, address, access->master);
    *value = 0;
    if (!chip)
        return closed_status(window);
    for (unsigned n = 0; n < access->size; n++)
        *value |= (uint32_t)*chip_bytes(chip, address - window->base + n) << (8 * n);
    return BUS_OK;
}

static enum bus_status closed_write(void *ctx, uint32_t address, const struct bus_access *access,
                                    uint32_t value)
{
    struct window *window = ctx;
    const struct fmc_sdram *chip = reach_closed(window, address, access->master);
    if (!chip)
        return closed_status(window);
    uint32_t offset = (address - window->base) % chip->ram->size;
    struct bus_region *memory = window->memory;
    if (access->master != MASTER_DEBUG && memory->enabled && !memory->device)
        return bus_write(&block_sim(&window->fmc->block)->bus, access->master,
                         window->base + offset, access->size, value);
    for (unsigned n = 0; n < access->size; n++)
        *chip_bytes(chip, offset + n) = (uint8_t)(value >> (8 * n));
    return BUS_OK;
}

/* SDCR.WP: writes are ignored (23.9.5), unless it is the debugger who loads an image. */
static enum bus_status protected_write(void *ctx, uint32_t address, const struct bus_access *access,
                                       uint32_t value)
{
    struct window *window = ctx;
    if (access->master == MASTER_DEBUG)
        return closed_write(ctx, address, access, value);
    block_complain(&window->fmc->block, COMPLAINT_GUEST, 0x2000,
                   "write to write-protected SDRAM at 0x%08x: clear FMC_SDCRx.WP", address);
    return BUS_OK;
}

static void command_bank(struct fmc *fmc, unsigned bank, uint32_t command)
{
    struct sdram_bank *b = &fmc->banks[bank];
    switch (command & 7) {
    case COMMAND_NORMAL:
        b->command = 0;
        break;
    case COMMAND_CLOCK:
        b->clocked = clock_divider_set(fmc);
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
    show_modes(fmc);
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
        update_windows(fmc);
}

static void fmc_clock_changed(struct block *block)
{
    update_windows((struct fmc *)block);
}

static void fmc_reset(struct block *block)
{
    struct fmc *fmc = (struct fmc *)block;
    for (unsigned n = 0; n < 2; n++)
        fmc->banks[n] = (struct sdram_bank){.chip = fmc->banks[n].chip};
    fmc->busy_until = 0;
    update_windows(fmc);
}

static void fmc_init(struct block *block)
{
    static const uint32_t bases[WINDOWS] = {0x60000000, 0x70000000, 0x80000000, 0xc0000000,
                                            0xd0000000};
    struct fmc *fmc = (struct fmc *)block;
    struct bus *bus = &block_sim(block)->bus;
    uint32_t masters = MASTERS_ALL & ~MASTER_BIT(MASTER_BDMA);
    for (unsigned n = 0; n < WINDOWS; n++) {
        struct window *window = &fmc->windows[n];
        window->fmc = fmc;
        window->base = bases[n];
        window->closed = (struct bus_device){
            .name = "FMC", .ctx = window, .read = closed_read, .write = closed_write};
        window->protected =
            (struct bus_device){.name = "FMC", .ctx = window, .write = protected_write};
        window->memory = bus_add_ram(bus, bases[n], 0, masters, NULL, 0);
        bus_enable(bus, window->memory, false);
        bus_add_device(bus, bases[n], WINDOW_SIZE, masters, &window->closed);
    }
}

bool fmc_attach_sdram(struct soc *soc, unsigned bank, const struct fmc_sdram *sdram)
{
    struct fmc *fmc = (struct fmc *)soc_block(soc, "FMC");
    if (!fmc || bank < 1 || bank > 2 || fmc->banks[bank - 1].chip.ram)
        return false;
    fmc->banks[bank - 1].chip = *sdram;
    update_windows(fmc);
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
