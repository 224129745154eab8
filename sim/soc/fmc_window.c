/*
 * FMC: what answers at the addresses of its banks (RM0399 23.5, 23.6): the SDRAM once it is
 * initialised (23.9.3), an error of the bus, or nothing where nothing is soldered. No NOR, PSRAM or
 * NAND is modelled.
 */
#include "sim/soc/fmc_internal.h"

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

bool fmc_clock_divider_set(const struct fmc *fmc)
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
    if (!fmc_clock_divider_set(fmc))
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

void fmc_update_windows(struct fmc *fmc)
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

/* An access ends self-refresh and power-down (23.9.4). */
static void wake_bank(struct fmc *fmc, unsigned bank)
{
    fmc->banks[bank].command = 0;
    fmc_show_modes(fmc);
    fmc_update_windows(fmc);
}

/* The FMC takes a bank for initialised once its commands were sent in order (23.9.3, steps 3 to 7);
 * of the chip it knows nothing. */
static bool initialised(const struct fmc *fmc, unsigned bank)
{
    return fmc_clock_divider_set(fmc) && fmc->banks[bank].mode_loaded;
}

/* Bytes that the rows, columns and banks of SDCR reach (23.6.3). */
static uint64_t reach(const struct fmc *fmc, unsigned bank)
{
    uint32_t control = REG(&fmc->block, SDCR1 + 4 * bank);
    unsigned bits = (control & 3) + 8 + (control >> 2 & 3) + 11 + (control & 1 << 6 ? 2 : 1);
    return (uint64_t)1 << (bits + (control >> 4 & 3));
}

/* One of the four NOR/PSRAM banks (23.6.1, 23.7.6): off, or without the leave for this access. */
static bool nor_refuses(const struct fmc *fmc, uint32_t offset, bool write)
{
    uint32_t control = REG(&fmc->block, BCR1 + 8 * (offset >> 26));
    bool nor = (control & BCR_MTYP) == BCR_MTYP_NOR;
    return !(control & BCR_MBKEN) || (nor && !(control & BCR_FACCEN)) ||
           (write && !(control & BCR_WREN));
}

static bool sdram_refuses(const struct fmc *fmc, unsigned bank, uint32_t offset, bool write)
{
    bool protected = REG(&fmc->block, SDCR1 + 4 * bank) & SDCR_WP;
    return !initialised(fmc, bank) || offset >= reach(fmc, bank) || (write && protected);
}

/* Where no chip answers: the errors of 23.5. That nothing is soldered to a bank the FMC cannot see:
 * the data lines float, which is read as 0, and what is written is lost. */
static enum bus_status answer(const struct window *window, uint32_t offset, bool write)
{
    const struct fmc *fmc = window->fmc;
    int bank = bank_at(fmc, (unsigned)(window - fmc->windows));
    bool refuses = bank == BANK_NOR    ? nor_refuses(fmc, offset, write)
                   : bank == BANK_NAND ? !(REG(&fmc->block, PCR) & PCR_PBKEN)
                                       : sdram_refuses(fmc, (unsigned)bank, offset, write);
    return refuses || !(REG(&fmc->block, BCR1) & BCR_FMCEN) ? BUS_ERROR : BUS_OK;
}

static void tell_why(struct window *window, int bank, enum missing missing, uint32_t address)
{
    struct block *block = &window->fmc->block;
    const struct fmc_sdram *chip = bank < 0 ? NULL : &window->fmc->banks[bank].chip;
    if (!chip || !chip->ram)
        block_complain(block, COMPLAINT_GUEST, 0x1000u + (window->base >> 28),
                       "nothing is wired to the memory bank at 0x%08x (access to 0x%08x)",
                       window->base, address);
    else if (missing != MISSING_NOTHING)
        block_complain(block, COMPLAINT_GUEST, (unsigned)missing << 1 | (unsigned)bank,
                       "%s in SDRAM bank %d is used at 0x%08x before it is initialised: %s",
                       chip->name, bank + 1, address, what_to_do[missing]);
    else
        block_complain(block, COMPLAINT_GUEST, 0x3000u + (unsigned)bank,
                       "0x%08x is beyond the %u MB of %s in SDRAM bank %d", address,
                       (unsigned)(chip->ram->size >> 20), chip->name, bank + 1);
}

/* The SDRAM behind a closed window that this access may use all the same; NULL: none. */
static const struct fmc_sdram *reach_closed(struct window *window, uint32_t address,
                                            const struct bus_access *access)
{
    struct fmc *fmc = window->fmc;
    bool debug = access->master == MASTER_DEBUG;
    int bank = bank_at(fmc, (unsigned)(window - fmc->windows));
    const struct ram *ram = bank < 0 ? NULL : fmc->banks[bank].chip.ram;
    enum missing missing = ram ? missing_step(fmc, (unsigned)bank) : MISSING_NOTHING;
    bool inside = ram && address - window->base + access->size <= ram->size;
    if (!debug && (!inside || missing != MISSING_NOTHING))
        tell_why(window, bank, missing, address);
    if (!inside || (!debug && missing != MISSING_NOTHING))
        return NULL;
    if (!debug && fmc->banks[bank].command)
        wake_bank(fmc, (unsigned)bank);
    return &fmc->banks[bank].chip;
}

static enum bus_status closed_read(void *ctx, uint32_t address, const struct bus_access *access,
                                   uint32_t *value)
{
    struct window *window = ctx;
    const struct fmc_sdram *chip = reach_closed(window, address, access);
    uint32_t offset = address - window->base;
    *value = 0;
    if (!chip)
        return answer(window, offset, false);
    for (unsigned n = 0; n < access->size; n++)
        *value |= (uint32_t)chip->ram->bytes[offset + n] << (8 * n);
    return BUS_OK;
}

static enum bus_status closed_write(void *ctx, uint32_t address, const struct bus_access *access,
                                    uint32_t value)
{
    struct window *window = ctx;
    const struct fmc_sdram *chip = reach_closed(window, address, access);
    uint32_t offset = address - window->base;
    if (!chip)
        return answer(window, offset, true);
    if (access->master != MASTER_DEBUG && window->memory->enabled)
        return bus_write(&block_sim(&window->fmc->block)->bus, access->master, address,
                         access->size, value);
    for (unsigned n = 0; n < access->size; n++)
        chip->ram->bytes[offset + n] = (uint8_t)(value >> (8 * n));
    return BUS_OK;
}

/* SDCR.WP: a write is ignored (23.9.5) and ends with an error (23.5), unless it is the debugger who
 * loads an image. */
static enum bus_status protected_write(void *ctx, uint32_t address, const struct bus_access *access,
                                       uint32_t value)
{
    struct window *window = ctx;
    if (access->master == MASTER_DEBUG)
        return closed_write(ctx, address, access, value);
    block_complain(&window->fmc->block, COMPLAINT_GUEST, 0x2000,
                   "write to write-protected SDRAM at 0x%08x: clear FMC_SDCRx.WP", address);
    return BUS_ERROR;
}

void fmc_init_windows(struct fmc *fmc)
{
    static const uint32_t bases[WINDOWS] = {0x60000000, 0x70000000, 0x80000000, 0xc0000000,
                                            0xd0000000};
    struct bus *bus = &block_sim(&fmc->block)->bus;
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
