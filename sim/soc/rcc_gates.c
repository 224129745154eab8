/*
 * Which block has a clock: RM0399 9.5.10 and 9.5.11. A block is clocked for the cores that have enabled it:
 * while one of them runs, and while it is in CSleep if its low-power enable says so. In CStop a core's blocks
 * have no bus clock, but for those of D3 that RCC_D3AMR keeps.
 */
#include "sim/soc/pwr.h"
#include "sim/soc/rcc.h"

/* Numbers of bits. */
enum { AHB4ENR_CRCEN = 19, AHB4ENR_BDMAEN = 21, AHB4ENR_HSEMEN = 25, D3AMR_BDMAAMEN = 0 };
enum { LPENR_OF_ENR = 0x28 };

/* Enable registers by domain: AHB3 and APB3 are D1's; AHB1, AHB2, APB1 and APB2 D2's. */
static const uint8_t domain_enables[SOC_CORES][6] = {
    [SOC_CM7] = {0xd4, 0xe4},
    [SOC_CM4] = {0xd8, 0xdc, 0xe8, 0xec, 0xf0},
};
static const uint16_t banks[SOC_CORES] = {RCC_C1_BANK, RCC_C2_BANK};

/* D3AMR keeps a block of domain D3 going without a core; its bits are where the enables are, but for
 * the BDMA's (9.7.37). */
static bool is_autonomous(struct block *block, uint32_t offset, uint32_t bit)
{
    if (offset == RCC_AHB4ENR && bit == AHB4ENR_BDMAEN)
        bit = D3AMR_BDMAAMEN;
    else if (offset != RCC_APB4ENR && (offset != RCC_AHB4ENR || bit < AHB4ENR_CRCEN))
        return false;
    return REG(block, RCC_D3AMR) >> bit & 1;
}

bool rcc_gate_in_domain(uint16_t gate, enum soc_core core)
{
    for (unsigned n = 0; domain_enables[core][n]; n++)
        if (gate >> 5 == domain_enables[core][n])
            return true;
    return false;
}

bool rcc_allocates(struct block *block, enum soc_core core, enum soc_core domain)
{
    uint32_t any = 0;
    for (unsigned n = 0; domain_enables[domain][n]; n++)
        any |= REG(block, domain_enables[domain][n] - RCC_OWN_BANK + banks[core]);
    return any != 0;
}

/* What the core asks for in CSleep, of what it has enabled. HSEMEN has no bit there: the semaphores go on. */
static uint32_t kept_in_sleep(struct block *block, enum soc_core core, uint32_t offset)
{
    uint32_t kept = REG(block, offset - RCC_OWN_BANK + banks[core] + LPENR_OF_ENR);
    return offset == RCC_AHB4ENR ? kept | 1u << AHB4ENR_HSEMEN : kept;
}

/* The core has enabled the block, and asks for its clock as it runs or sleeps. */
static bool clocked_by(struct block *block, enum soc_core core, uint32_t offset, uint32_t bit)
{
    uint32_t mask = REG(block, offset - RCC_OWN_BANK + banks[core]);
    if (pwr_core_sleeps(block->soc, core))
        mask &= kept_in_sleep(block, core, offset);
    return mask >> bit & 1;
}

/* With both cores in CStop nobody is there to look, and what was enabled goes on. */
bool rcc_gate_open(struct block *block, uint16_t gate)
{
    uint32_t offset = gate >> 5, bit = gate & 31;
    bool by_cm7 = clocked_by(block, SOC_CM7, offset, bit);
    bool by_cm4 = clocked_by(block, SOC_CM4, offset, bit);
    bool cm7_stopped = soc_core_clock_stopped(block->soc, SOC_CM7);
    bool cm4_stopped = soc_core_clock_stopped(block->soc, SOC_CM4);
    if (cm7_stopped == cm4_stopped || is_autonomous(block, offset, bit))
        return by_cm7 || by_cm4;
    return cm7_stopped ? by_cm4 : by_cm7;
}

/* Hardly any program closes a gate for CSleep: the others shall not pay for it. */
static bool any_sleep_gate(struct block *block)
{
    uint32_t closed = 0;
    for (unsigned core = 0; core < SOC_CORES; core++)
        for (uint32_t offset = RCC_AHB3ENR; offset <= RCC_APB4ENR; offset += 4)
            closed |= REG(block, offset - RCC_OWN_BANK + banks[core]) &
                      ~kept_in_sleep(block, (enum soc_core)core, offset);
    return closed != 0;
}

void rcc_gates_written(struct rcc *rcc)
{
    struct block *block = &rcc->block;
    struct soc *soc = block->soc;
    bool before = soc->sleep_gates;
    soc->sleep_gates = any_sleep_gate(block);
    pwr_allocation_changed(soc);
    if (before || soc->sleep_gates)
        soc_gates_changed(soc);
}

void rcc_sleep_changed(struct block *block)
{
    if (block->soc->sleep_gates)
        soc_gates_changed(block->soc);
}
