/*
 * How long a core waits for memory, in its own cycles beyond those of the instruction. The table is for
 * the M7 at 400 MHz with its AXI at half, and the M4 at 200 MHz; at other clocks it is scaled by the
 * core's, as bus ratios and FLASH_ACR.LATENCY go with it. Masters do not hinder each other, devices
 * answer at once, and fetches of instructions cost nothing but what the instruction's count says.
 *
 * Only "no wait states" is documented (RM0399 2.4, DDI 0489 2.2, AN4839 3: TCM by the M7, its own SRAM by
 * the M4; AN4891: a read of flash takes FLASH_ACR.LATENCY AXI cycles more than one of SRAM). All other
 * figures are estimates: the path's bridges, by RM0399 figure 1, at two core cycles each way.
 */
#include "sim/machine/internal.h"

/* To the first word of a load, a store when the buffer is full, a line of 32 bytes. */
static const struct timing {
    uint32_t first, last;
    struct {
        uint8_t load, store, line;
    } m7, m4;
} timings[] = {
    {0x00000000, 0x0000ffff, {0, 0, 0}, {4, 0, 0}},    /* ITCM; to the M4 flash, by its ART */
    {0x08000000, 0x081fffff, {14, 2, 20}, {4, 2, 0}},  /* flash, LATENCY 4 */
    {0x10000000, 0x1004ffff, {0, 0, 0}, {0, 0, 0}},    /* D2 SRAM, the M4's own addresses */
    {0x1ff00000, 0x1ff3ffff, {14, 2, 20}, {8, 2, 0}},  /* system flash */
    {0x20000000, 0x2001ffff, {0, 0, 0}, {0, 0, 0}},    /* DTCM */
    {0x24000000, 0x2407ffff, {8, 1, 14}, {6, 1, 0}},   /* AXI SRAM */
    {0x30000000, 0x3004ffff, {14, 2, 28}, {0, 0, 0}},  /* D2 SRAM */
    {0x38000000, 0x3800ffff, {16, 2, 30}, {6, 1, 0}},  /* SRAM4 */
    {0x38800000, 0x38800fff, {16, 2, 30}, {6, 1, 0}},  /* backup SRAM */
    {0x60000000, 0x8fffffff, {40, 4, 72}, {24, 2, 0}}, /* FMC and QUADSPI */
    {0xc0000000, 0xdfffffff, {40, 4, 72}, {24, 2, 0}}, /* SDRAM at half of the FMC's clock */
};

enum { M7_HZ = 400000000, M4_HZ = 200000000 };

/* Rounded up: what waits at all waits a cycle. */
static uint8_t scaled(const struct machine_core *core, uint8_t cycles)
{
    uint64_t full = core->id == SOC_CM7 ? M7_HZ : M4_HZ;
    uint64_t wait = (cycles * core->hz + full - 1) / full;
    return (uint8_t)(wait < UINT8_MAX ? wait : UINT8_MAX);
}

void machine_set_waits(const struct machine_core *core, uint32_t address, struct cpu_page *page)
{
    for (unsigned n = 0; n < sizeof timings / sizeof *timings; n++) {
        const struct timing *timing = &timings[n];
        if (address < timing->first || address > timing->last)
            continue;
        bool m7 = core->id == SOC_CM7;
        page->read_wait = scaled(core, m7 ? timing->m7.load : timing->m4.load);
        page->write_wait = scaled(core, m7 ? timing->m7.store : timing->m4.store);
        page->line_wait = scaled(core, timing->m7.line);
        return;
    }
}
