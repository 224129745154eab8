/*
 * SYSCFG, system configuration: RM0399 chapter 13. It chooses the port behind each EXTI line and
 * shows the option bytes as they were loaded at reset; boot addresses may be overwritten here.
 */
#include "sim/soc/syscfg.h"
#include "sim/soc/block.h"
#include "sim/soc/classes.h"
#include "sim/soc/flash.h"
#include "sim/soc/pwr.h"
#include "sim/soc/rcc.h"

enum {
    PMCR = 0x04,
    EXTICR1 = 0x08,
    EXTICR4 = 0x14,
    CFGR = 0x18,
    CCCSR = 0x20,
    CCVR = 0x24,
    PWRCR = 0x2c,
    UR0 = 0x300,
    UR1 = 0x304,
    UR2 = 0x308,
    UR3 = 0x30c,
    UR4 = 0x310,
    UR5 = 0x314,
    UR6 = 0x318,
    UR7 = 0x31c,
    UR8 = 0x320,
    UR9 = 0x324,
    UR10 = 0x328,
    UR11 = 0x32c,
    UR12 = 0x330,
    UR13 = 0x334,
    UR14 = 0x338,
    UR15 = 0x33c,
    UR16 = 0x340,
    UR17 = 0x344,
};

enum {
    CCCSR_EN = 1u << 0,
    CCCSR_READY = 1u << 8,
    CCVR_TYPICAL = 0x88,
    CFGR_PVDL = 1u << 2,
    PMCR_SWITCHES = 0xfu << 24, /* open: the board's package has both pads of each (13.3.1) */
    UR1_BCM4 = 1u << 0,
    UR1_BCM7 = 1u << 16,
};

static const struct reg syscfg_regs[] = {
    {PMCR, "PMCR", PMCR_SWITCHES, 0x0fe003ff, 0, 0},
    {EXTICR1, "EXTICR%1u", 0, 0x0000ffff, 4, 4},
    {CFGR, "CFGR", 0, 0x0000fecd, 0, 0},
    {CCCSR, "CCCSR", 0, 0x00010003, 0, 0},
    {CCVR, "CCVR", 0, 0, 0, 0},
    {0x28, "CCCR", 0, 0x000000ff, 0, 0},
    {PWRCR, "PWRCR", 0, 0x00000001, 0, 0},
    {0x124, "PKGR", 0, 0, 0, 0},
    {UR0, "UR0", 0, 0, 0, 0},
    {UR1, "UR1", 0, UR1_BCM4 | UR1_BCM7, 0, 0},
    {UR2, "UR2", 0, 0xffff0000, 0, 0},
    {UR3, "UR3", 0, 0xffffffff, 0, 0},
    {UR4, "UR4", 0, 0x0000ffff, 0, 0},
    {UR5, "UR5", 0x00ff0000, 0, 0, 0},
    {UR6, "UR6", 0x000000ff, 0, 0, 0},
    {UR7, "UR7", 0x000000ff, 0, 0, 0},
    {UR8, "UR8", 0, 0, 0, 0},
    {UR9, "UR9", 0x00ff00ff, 0, 0, 0},
    {UR10, "UR10", 0x00ff0000, 0, 0, 0},
    {UR11, "UR11", 0x00010000, 0, 0, 0},
    {UR12, "UR12", 0x00000001, 0, 0, 0},
    {UR13, "UR13", 0x00010003, 0x00010000, 0, 0},
    {UR14, "UR14", 0x00010001, 0x00010001, 0, 0},
    {UR15, "UR15", 0x00010001, 0, 0, 0},
    {UR16, "UR16", 0x00000001, 0, 0, 0},
    {UR17, "UR17", 0, 0, 0, 0},
};

struct syscfg {
    struct block block;
};

enum { LINES = 16 };

static unsigned port_of(const struct block *block, unsigned line)
{
    return REG(block, EXTICR1 + line / 4 * 4) >> (4 * (line % 4)) & 0xf;
}

static void update_line(struct block *block, unsigned line)
{
    struct soc *soc = block->soc;
    unsigned port = port_of(block, line);
    wire_set(&soc->exti_line[line], port < SOC_PORTS && soc->pin_level[port][line].level);
}

static void pin_changed(void *ctx, unsigned index, bool level)
{
    struct block *block = ctx;
    (void)level;
    if (port_of(block, index % SOC_PINS) == index / SOC_PINS)
        update_line(block, index % SOC_PINS);
}

bool syscfg_pvd_locked(struct soc *soc)
{
    return REG(soc->syscfg, CFGR) & CFGR_PVDL;
}

bool syscfg_resets_in_stop(struct soc *soc, enum soc_core core, bool standby)
{
    static const struct {
        uint16_t offset;
        uint8_t bit;
    } allows[SOC_CORES][2] = {{{UR14, 0}, {UR13, 16}}, {{UR15, 0}, {UR14, 16}}};
    return !(REG(soc->syscfg, allows[core][standby].offset) >> allows[core][standby].bit & 1);
}

bool soc_boots_by_option(struct soc *soc, enum soc_core core)
{
    return REG(soc->syscfg, UR1) & (core == SOC_CM7 ? UR1_BCM7 : UR1_BCM4);
}

/* BOOT0 is tied low on this board: the addresses of set 0 count (2.6). */
uint32_t soc_boot_address(struct soc *soc, enum soc_core core)
{
    return REG(soc->syscfg, core == SOC_CM7 ? UR2 : UR3) & 0xffff0000;
}

/* The M4 finds the memory that it boots from at address 0 as well (2.6). */
static void map_alias(struct block *block)
{
    struct soc *soc = block->soc;
    uint32_t address = soc_boot_address(soc, SOC_CM4);
    struct bus *bus = &soc->sim->bus;
    struct bus_region *target = address ? bus_find(bus, MASTER_CM4, address) : NULL;
    bus_enable(bus, soc->cm4_alias, target && target->ram);
    if (!target || !target->ram)
        return;
    uint32_t offset = target->ram_offset + (address - target->base);
    uint32_t left = target->ram->size - offset;
    soc->cm4_alias->size = left < 1u << 20 ? left : 1u << 20;
    soc->cm4_alias->device = target->device;
    bus_retarget(bus, soc->cm4_alias, target->ram, offset);
}

/* The compensation cell runs from the CSI (12.3.11). */
static bool cell_ready(struct block *block)
{
    return REG(block, CCCSR) & CCCSR_EN && rcc_of(block->soc->rcc)->source[RCC_CSI].ready;
}

static uint32_t syscfg_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    (void)access;
    if (offset == CCCSR)
        return REG(block, offset) | (cell_ready(block) ? CCCSR_READY : 0);
    if (offset == CCVR)
        return cell_ready(block) ? CCVR_TYPICAL : 0;
    return REG(block, offset);
}

/* A core that is allowed to boot goes; one that runs is not stopped by the bit. */
static void boot(struct block *block, uint32_t allowed)
{
    struct soc *soc = block->soc;
    for (unsigned core = 0; core < SOC_CORES; core++)
        if (allowed & (core == SOC_CM7 ? UR1_BCM7 : UR1_BCM4))
            soc->cores.hold(soc->cores.ctx, core, false);
}

static void syscfg_write(struct block *block, uint32_t offset, uint32_t value,
                         const struct block_access *access)
{
    uint32_t before = REG(block, offset);
    block_store(block, offset, value, access);
    if (offset >= EXTICR1 && offset <= EXTICR4) {
        for (unsigned n = 0; n < 4; n++)
            update_line(block, (offset - EXTICR1) + n);
    } else if (offset == CFGR) {
        REG(block, CFGR) |= before; /* locks are set once (13.3.6) */
    } else if (offset == PWRCR && REG(block, PWRCR) != before) {
        pwr_overdrive_changed(block->soc);
    } else if (offset == UR1) {
        boot(block, REG(block, UR1) & ~before);
    } else if (offset == UR3) {
        map_alias(block);
    }
}

/* Both banks' areas and sectors (13.3.17 to 13.3.24). */
static void load_protections(struct block *block)
{
    struct soc *soc = block->soc;
    uint32_t pa1 = flash_protection(soc, 0, FLASH_PROTECTED_AREA);
    uint32_t pa2 = flash_protection(soc, 1, FLASH_PROTECTED_AREA);
    uint32_t sa1 = flash_protection(soc, 0, FLASH_SECURED_AREA);
    uint32_t sa2 = flash_protection(soc, 1, FLASH_SECURED_AREA);
    REG(block, UR4) |= pa1 >> 31 << 16;
    REG(block, UR5) = sa1 >> 31 | flash_protection(soc, 0, FLASH_WRITABLE_SECTORS) << 16;
    REG(block, UR6) = pa1 & 0x0fff0fff;
    REG(block, UR7) = sa1 & 0x0fff0fff;
    REG(block, UR8) = pa2 >> 31 | sa2 >> 31 << 16;
    REG(block, UR9) = flash_protection(soc, 1, FLASH_WRITABLE_SECTORS) | (pa2 & 0xfff) << 16;
    REG(block, UR10) = (pa2 >> 16 & 0xfff) | (sa2 & 0xfff) << 16;
    REG(block, UR11) = sa2 >> 16 & 0xfff;
}

/* Where the bits of FLASH_OPTSR are (13.3.24 to 13.3.30). */
static void load_modes(struct block *block, uint32_t options)
{
    static const struct {
        uint8_t option, width, bit;
        uint16_t offset;
    } fields[] = {{4, 1, 16, UR11},  {5, 1, 0, UR12},  {21, 1, 16, UR12}, {19, 2, 0, UR13},
                  {7, 1, 16, UR13},  {6, 1, 0, UR14},  {25, 1, 16, UR14}, {24, 1, 0, UR15},
                  {18, 1, 16, UR15}, {17, 1, 0, UR16}, {29, 1, 0, UR17}};
    for (uint32_t offset = UR12; offset <= UR17; offset += 4)
        REG(block, offset) = 0;
    for (size_t n = 0; n < sizeof fields / sizeof fields[0]; n++) {
        uint32_t value = options >> fields[n].option & ((1u << fields[n].width) - 1);
        REG(block, fields[n].offset) |= value << fields[n].bit;
    }
}

/* What the option bytes say, loaded at reset (4.4.2). If neither core would boot the M7 does. */
static void syscfg_reset(struct block *block)
{
    struct soc *soc = block->soc;
    uint32_t options = flash_options(soc);
    uint32_t boot7 = flash_boot_addresses(soc, SOC_CM7);
    uint32_t boot4 = flash_boot_addresses(soc, SOC_CM4);
    bool swapped = options >> 31;
    REG(block, UR0) = (swapped ? 0 : 1) | (options >> 8 & 0xff) << 16;
    REG(block, UR1) = (options & OPTSR_BCM4 ? UR1_BCM4 : 0) | (options & OPTSR_BCM7 ? UR1_BCM7 : 0);
    if (!REG(block, UR1))
        REG(block, UR1) = UR1_BCM7;
    REG(block, UR2) = (options >> 2 & 3) | boot7 << 16;
    REG(block, UR3) = boot7 >> 16 | boot4 << 16;
    REG(block, UR4) = boot4 >> 16;
    load_protections(block);
    load_modes(block, options);
    map_alias(block);
    for (unsigned line = 0; line < LINES; line++)
        update_line(block, line);
}

static void syscfg_init(struct block *block)
{
    block->soc->syscfg = block;
    for (unsigned port = 0; port < SOC_PORTS; port++)
        for (unsigned pin = 0; pin < SOC_PINS; pin++)
            wire_connect(&block->soc->pin_level[port][pin], pin_changed, block,
                         port * SOC_PINS + pin);
}

const struct block_class syscfg_class = {
    .name = "SYSCFG",
    .regs = syscfg_regs,
    .reg_count = sizeof syscfg_regs / sizeof syscfg_regs[0],
    .size = sizeof(struct syscfg),
    .init = syscfg_init,
    .reset = syscfg_reset,
    .read = syscfg_read,
    .write = syscfg_write,
};
