/*
 * SYSCFG, system configuration: RM0399 chapter 13. It chooses the port behind each EXTI line and
 * shows the option bytes as they were loaded at reset; boot addresses may be overwritten here.
 */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"
#include "sim/soc/flash.h"
#include "sim/soc/pwr.h"

enum {
    PMCR = 0x04,
    EXTICR1 = 0x08,
    EXTICR4 = 0x14,
    CFGR = 0x18,
    CCCSR = 0x20,
    PWRCR = 0x2c,
    UR0 = 0x300,
    UR1 = 0x304,
    UR2 = 0x308,
    UR3 = 0x30c,
    UR4 = 0x310,
};

enum {
    CCCSR_EN = 1u << 0,
    CCCSR_READY = 1u << 8,
    UR1_BCM4 = 1u << 0,
    UR1_BCM7 = 1u << 16,
};

static const struct reg syscfg_regs[] = {
    {PMCR, "PMCR", 0, 0x0fe003ff, 0, 0},
    {EXTICR1, "EXTICR%u", 0, 0x0000ffff, 4, 4},
    {CFGR, "CFGR", 0, 0x0000fecd, 0, 0},
    {CCCSR, "CCCSR", 0, 0x00010003, 0, 0},
    {0x24, "CCVR", 0, 0, 0, 0},
    {0x28, "CCCR", 0, 0x000000ff, 0, 0},
    {PWRCR, "PWRCR", 0, 0x00000001, 0, 0},
    {0x124, "PKGR", 0, 0, 0, 0},
    {UR0, "UR0", 0, 0, 0, 0},
    {UR1, "UR1", 0, 0, 0, 0},
    {UR2, "UR2", 0, 0xffff0003, 0, 0},
    {UR3, "UR3", 0, 0xffffffff, 0, 0},
    {UR4, "UR4", 0, 0x0000ffff, 0, 0},
    {0x314, "UR5", 0x00ff0000, 0, 0, 0},
    {0x318, "UR6", 0x000000ff, 0, 0, 0},
    {0x31c, "UR7", 0x000000ff, 0, 0, 0},
    {0x320, "UR8", 0, 0, 0, 0},
    {0x324, "UR9", 0x00ff00ff, 0, 0, 0},
    {0x328, "UR10", 0x00ff0000, 0, 0, 0},
    {0x32c, "UR11", 0x00010000, 0, 0, 0},
    {0x330, "UR12", 0x00000001, 0, 0, 0},
    {0x334, "UR13", 0x00010003, 0, 0, 0},
    {0x338, "UR14", 0x00010001, 0x00000001, 0, 0},
    {0x33c, "UR15", 0x00010001, 0, 0, 0},
    {0x340, "UR16", 0x00000001, 0, 0, 0},
    {0x344, "UR17", 0, 0, 0, 0},
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

static uint32_t syscfg_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    (void)access;
    uint32_t value = REG(block, offset);
    if (offset == CCCSR && (value & CCCSR_EN))
        value |= CCCSR_READY;
    return value;
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
    } else if (offset == UR3) {
        map_alias(block);
    }
}

/* What the option bytes say, loaded at reset (4.4.2). If neither core would boot the M7 does. */
static void syscfg_reset(struct block *block)
{
    struct soc *soc = block->soc;
    uint32_t options = flash_options(soc);
    uint32_t boot7 = flash_boot_addresses(soc, SOC_CM7);
    uint32_t boot4 = flash_boot_addresses(soc, SOC_CM4);
    REG(block, UR0) = options >> 31 | (options >> 8 & 0xff) << 16;
    REG(block, UR1) = (options & OPTSR_BCM4 ? UR1_BCM4 : 0) | (options & OPTSR_BCM7 ? UR1_BCM7 : 0);
    if (!REG(block, UR1))
        REG(block, UR1) = UR1_BCM7;
    REG(block, UR2) = (options >> 2 & 3) | boot7 << 16;
    REG(block, UR3) = boot7 >> 16 | boot4 << 16;
    REG(block, UR4) = boot4 >> 16;
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
