/*
 * EXTI, extended interrupt and event controller: RM0399 chapter 21.
 *
 * Configurable lines have edges, a software trigger and a pending bit a core. Direct lines carry an
 * interrupt that the NVIC hears from its block itself: here they only wake a core whose clock is
 * stopped, or raise its event.
 */
#include "sim/soc/exti.h"

#include "sim/soc/classes.h"
#include "sim/soc/pwr.h"

/* Three groups of 32 lines, 0x20 apart; the cores' masks are 0x10 apart. */
enum {
    RTSR1 = 0x00,
    FTSR1 = 0x04,
    SWIER1 = 0x08,
    D3PMR1 = 0x0c,
    D3PCR1L = 0x10,
    D3PCR1H = 0x14,
    GROUP = 0x20,
    GROUPS = 3,
    MASKS = 0x80,
    MASKS_CORE = 0x40,
    MASKS_GROUP = 0x10,
    IMR = 0x00,
    EMR = 0x04,
    PR = 0x08,
};

/* Lines with edges (table 152). */
#define LINES1 0x003fffffu
#define LINES2 0x000a0000u
#define LINES3 0x00740000u
static const uint32_t configurable[GROUPS] = {LINES1, LINES2, LINES3};

/* Lines that only one of the cores has: HSEM, the other's SEV, the other's watchdog (table 152). */
static const uint32_t foreign[SOC_CORES][GROUPS] = {
    [SOC_CM7] = {0, 0, 1u << (78 - 64) | 1u << (80 - 64) | 1u << (82 - 64)},
    [SOC_CM4] = {0, 0, 1u << (77 - 64) | 1u << (79 - 64) | 1u << (84 - 64)},
};

#define CORE_MASKS(base, prefix)                                                                   \
    {base + 0x00, prefix "IMR1", 0xffc00000, 0xffffffff, 0, 0},                                    \
        {base + 0x04, prefix "EMR1", 0, 0xffffffff, 0, 0},                                         \
        {base + 0x08, prefix "PR1", 0, 0, 0, 0},                                                   \
        {base + 0x10, prefix "IMR2", 0xfff5ffff, 0xffffffff, 0, 0},                                \
        {base + 0x14, prefix "EMR2", 0, 0xffffffff, 0, 0},                                         \
        {base + 0x18, prefix "PR2", 0, 0, 0, 0},                                                   \
        {base + 0x20, prefix "IMR3", 0x018bffff, 0x01ffffff, 0, 0},                                \
        {base + 0x24, prefix "EMR3", 0, 0x01ffffff, 0, 0},                                         \
    {                                                                                              \
        base + 0x28, prefix "PR3", 0, 0, 0, 0                                                      \
    }

static const struct reg exti_regs[] = {
    {0x00, "RTSR1", 0, LINES1, 0, 0},
    {0x04, "FTSR1", 0, LINES1, 0, 0},
    {0x08, "SWIER1", 0, 0, 0, 0},
    {0x0c, "D3PMR1", 0, 0x0238ffff, 0, 0},
    {0x10, "D3PCR1L", 0, 0xffffffff, 0, 0},
    {0x14, "D3PCR1H", 0, 0xffffffff, 0, 0},
    {0x20, "RTSR2", 0, LINES2, 0, 0},
    {0x24, "FTSR2", 0, LINES2, 0, 0},
    {0x28, "SWIER2", 0, 0, 0, 0},
    {0x2c, "D3PMR2", 0, 0x003f020c, 0, 0},
    {0x30, "D3PCR2L", 0, 0xffffffff, 0, 0},
    {0x34, "D3PCR2H", 0, 0xffffffff, 0, 0},
    {0x40, "RTSR3", 0, LINES3, 0, 0},
    {0x44, "FTSR3", 0, LINES3, 0, 0},
    {0x48, "SWIER3", 0, 0, 0, 0},
    {0x4c, "D3PMR3", 0, 0x01000000, 0, 0},
    {0x50, "D3PCR3L", 0, 0xffffffff, 0, 0},
    {0x54, "D3PCR3H", 0, 0xffffffff, 0, 0},
    CORE_MASKS(MASKS, "C1"),
    CORE_MASKS(MASKS + MASKS_CORE, "C2"),
};

struct exti {
    struct block block;
};

static uint32_t *mask(struct block *block, enum soc_core core, unsigned group, unsigned which)
{
    return &REG(block, MASKS + core * MASKS_CORE + group * MASKS_GROUP + which);
}

static uint32_t lines_of(struct block *block, enum soc_core core, unsigned group, unsigned which)
{
    return *mask(block, core, group, which) & ~foreign[core][group];
}

/* Outputs to the NVIC in the order of the block's row, and the lines that raise each. */
static const struct output {
    uint32_t lines1;
} outputs[] = {
    {1u << 0},    {1u << 1},  {1u << 2},  {1u << 3},  {1u << 4},  {0x000003e0},
    {0x0000fc00}, {1u << 16}, {1u << 17}, {1u << 18}, {1u << 19},
};
enum { OUTPUT_CPU2_SEV = 11, OUTPUT_CPU1_SEV, OUTPUT_WKUP, OUTPUT_WWDG, OUTPUT_COMP };
enum { WKUP_FIRST = 55, WKUP_LAST = 60 }; /* the direct lines that go to the NVIC through here */
#define COMP_LINES 0x00300000u
#define WWDG_LINES (1u << (82 - 64) | 1u << (84 - 64))

static uint32_t asking(struct block *block, enum soc_core core, unsigned group)
{
    return lines_of(block, core, group, PR) & lines_of(block, core, group, IMR);
}

static bool wakeup_pin_asks(struct block *block, enum soc_core core)
{
    for (unsigned line = WKUP_FIRST; line <= WKUP_LAST; line++)
        if (block->soc->exti_line[line].level && lines_of(block, core, 1, IMR) >> (line - 32) & 1)
            return true;
    return false;
}

static void update_outputs(struct block *block)
{
    for (unsigned core = 0; core < SOC_CORES; core++) {
        uint32_t active = asking(block, core, 0);
        block_irq_core(block, OUTPUT_WKUP, core, wakeup_pin_asks(block, core));
        block_irq_core(block, OUTPUT_COMP, core, active & COMP_LINES);
        block_irq_core(block, OUTPUT_WWDG, core, asking(block, core, 2) & WWDG_LINES);
        for (unsigned n = 0; n < sizeof outputs / sizeof outputs[0]; n++)
            block_irq_core(block, n, core, (active & outputs[n].lines1) != 0);
    }
}

/* The line asks: unmasked cores wake, cores with the event open get their event. */
static void tell_cores(struct block *block, unsigned group, uint32_t bit)
{
    struct soc *soc = block->soc;
    for (unsigned core = 0; core < SOC_CORES; core++) {
        bool event = lines_of(block, core, group, EMR) & bit;
        if (event || (lines_of(block, core, group, IMR) & bit))
            pwr_wake(soc, core);
        if (event)
            soc->cores.event(soc->cores.ctx, core);
    }
}

/* A line is pending for the cores alone that have its interrupt open (21.3.1, table 153). */
static void trigger(struct block *block, unsigned group, uint32_t bit)
{
    for (unsigned core = 0; core < SOC_CORES; core++)
        *mask(block, core, group, PR) |= bit & lines_of(block, core, group, IMR);
    update_outputs(block);
    tell_cores(block, group, bit);
}

static void line_changed(void *ctx, unsigned line, bool level)
{
    struct block *block = ctx;
    unsigned group = line / 32;
    uint32_t bit = 1u << (line % 32);
    if (line >= WKUP_FIRST && line <= WKUP_LAST)
        update_outputs(block);
    if (configurable[group] & bit) {
        uint32_t edges = REG(block, group * GROUP + (level ? RTSR1 : FTSR1));
        if (edges & bit)
            trigger(block, group, bit);
    } else if (level) {
        tell_cores(block, group, bit);
    } else {
        pwr_request_gone(block->soc);
    }
}

bool exti_wakes(struct soc *soc, enum soc_core core)
{
    struct block *block = soc->exti;
    for (unsigned line = 0; line < SOC_EXTI_LINES; line++) {
        unsigned group = line / 32;
        uint32_t bit = 1u << (line % 32);
        bool stands = configurable[group] & bit ? lines_of(block, core, group, PR) & bit
                                                : soc->exti_line[line].level;
        if (stands && (lines_of(block, core, group, IMR) & bit))
            return true;
    }
    return false;
}

/* A core's SEV reaches the other as a direct line: 80 from the M7, 79 from the M4 (table 152). */
void soc_core_sent_event(struct soc *soc, enum soc_core core)
{
    struct block *block = soc->exti;
    unsigned line = core == SOC_CM7 ? 80 : 79;
    unsigned output = core == SOC_CM7 ? OUTPUT_CPU1_SEV : OUTPUT_CPU2_SEV;
    enum soc_core other = core == SOC_CM7 ? SOC_CM4 : SOC_CM7;
    if (lines_of(block, other, 2, IMR) >> (line - 64) & 1) {
        block_irq_core(block, output, other, true);
        block_irq_core(block, output, other, false);
    }
    wire_pulse(&soc->exti_line[line]);
}

/* Each 1 triggers, at any time: the bit reads 0 (21.6.3). */
static void write_swier(struct block *block, unsigned group, uint32_t value)
{
    for (unsigned bit = 0; bit < 32; bit++)
        if ((value & configurable[group]) >> bit & 1)
            trigger(block, group, 1u << bit);
}

static void write_pending(struct block *block, uint32_t offset, uint32_t value)
{
    REG(block, offset) &= ~value;
    update_outputs(block);
    pwr_request_gone(block->soc);
}

static void wake_by_level(struct block *block)
{
    for (unsigned core = 0; core < SOC_CORES; core++)
        if (soc_core_clock_stopped(block->soc, core) && exti_wakes(block->soc, core))
            pwr_wake(block->soc, core);
}

static void exti_write(struct block *block, uint32_t offset, uint32_t value,
                       const struct block_access *access)
{
    if (offset >= MASKS && offset % MASKS_GROUP == PR) {
        write_pending(block, offset, value);
        return;
    }
    if (offset < MASKS && offset % GROUP == SWIER1) {
        write_swier(block, offset / GROUP, value);
        return;
    }
    block_store(block, offset, value, access);
    if (offset >= MASKS) {
        update_outputs(block);
        wake_by_level(block);
        pwr_request_gone(block->soc);
    }
}

static void exti_reset(struct block *block)
{
    update_outputs(block);
}

static void exti_init(struct block *block)
{
    block->soc->exti = block;
    for (unsigned line = 0; line < SOC_EXTI_LINES; line++)
        wire_connect(&block->soc->exti_line[line], line_changed, block, line);
}

const struct block_class exti_class = {
    .name = "EXTI",
    .regs = exti_regs,
    .reg_count = sizeof exti_regs / sizeof exti_regs[0],
    .size = sizeof(struct exti),
    .init = exti_init,
    .reset = exti_reset,
    .write = exti_write,
};
