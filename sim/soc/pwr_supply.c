/*
 * The supplies of PWR and its voltage scaling: RM0399 7.4 and 7.8.1 to 7.8.4, 7.8.7.
 */
#include "sim/soc/pwr_parts.h"
#include "sim/soc/syscfg.h"

static const sim_time SCALING_DELAY = 20 * SIM_US;

bool pwr_backup_writable(struct soc *soc)
{
    return REG(soc->pwr, CR1) & CR1_DBP;
}

/* 7.8.3 */
void pwr_backup_reset(struct soc *soc)
{
    REG(soc->pwr, CR2) = 0;
}

static void start_scaling(struct pwr *pwr)
{
    REG(&pwr->block, D3CR) &= ~(uint32_t)D3CR_VOSRDY;
    REG(&pwr->block, CSR1) &= ~(uint32_t)CSR1_ACTVOSRDY;
    event_in(&block_sim(&pwr->block)->events, &pwr->scaled, SCALING_DELAY);
}

void pwr_scaled(void *ctx)
{
    struct pwr *pwr = ctx;
    uint32_t *regs = pwr->block.regs;
    regs[D3CR / 4] |= D3CR_VOSRDY;
    regs[CSR1 / 4] = (regs[CSR1 / 4] & ~(uint32_t)VOS) | (regs[D3CR / 4] & VOS);
    if (pwr->supply_valid)
        regs[CSR1 / 4] |= CSR1_ACTVOSRDY;
    if (pwr->supply_valid && regs[CR3 / 4] & CR3_SDEXTHP)
        regs[CR3 / 4] |= CR3_SDEXTRDY;
}

void pwr_overdrive_changed(struct soc *soc)
{
    start_scaling(pwr_of(soc));
}

/* Table 33. The converter's level counts when it supplies something else than the core. */
static bool is_supply(uint32_t cr3)
{
    bool level = cr3 & CR3_SDLEVEL, external = cr3 & CR3_SDEXTHP;
    switch (cr3 & (CR3_BYPASS | CR3_LDOEN | CR3_SDEN)) {
    case CR3_LDOEN:
    case CR3_BYPASS:
        return true;
    case CR3_SDEN:
        return !external;
    case CR3_SDEN | CR3_LDOEN:
        return level;
    case CR3_SDEN | CR3_BYPASS:
        return external && level;
    default:
        return false;
    }
}

/* The first write is the only one: a wrong one leaves the chip as it was, until the next power-on. */
static void set_supply(struct pwr *pwr, uint32_t value)
{
    pwr->supply_set = true;
    pwr->supply_valid = is_supply(value);
    if (pwr->supply_valid)
        start_scaling(pwr);
    else
        block_complain(&pwr->block, COMPLAINT_GUEST, CR3,
                       "PWR_CR3 is written with supply bits 0x%02x, which are no configuration "
                       "(RM0399 table 33): it is locked as it is, and ACTVOSRDY stays 0 until the "
                       "next power-on",
                       value & CR3_SUPPLY);
}

void pwr_write_cr3(struct pwr *pwr, uint32_t value, const struct block_access *access)
{
    struct block *block = &pwr->block;
    struct block_access allowed = *access;
    bool first = !pwr->supply_set && access->lanes & CR3_SUPPLY;
    if (first)
        set_supply(pwr, value);
    if (!first || !pwr->supply_valid)
        allowed.lanes &= ~(uint32_t)CR3_SUPPLY;
    block_store(block, CR3, value, &allowed);
    REG(block, CR3) &= ~(uint32_t)CR3_USB33RDY;
    if (REG(block, CR3) & CR3_USB33DEN)
        REG(block, CR3) |= CR3_USB33RDY;
}

/* 7.8.3: of the backup domain, and protected like it. */
void pwr_write_cr2(struct block *block, uint32_t value, const struct block_access *access)
{
    if (!pwr_backup_writable(block->soc)) {
        block_complain(block, COMPLAINT_GUEST, CR2,
                       "PWR_CR2 is written while PWR_CR1.DBP is 0: the write is lost");
        return;
    }
    block_store(block, CR2, value, access);
    REG(block, CR2) &= ~(uint32_t)CR2_BRRDY;
    REG(block, CR2) |= REG(block, CR2) & CR2_BREN ? CR2_BRRDY : 0;
}

/* SYSCFG_CFGR.PVDL fixes the PVD. */
void pwr_write_cr1(struct block *block, uint32_t value, const struct block_access *access)
{
    struct block_access allowed = *access;
    if (syscfg_pvd_locked(block->soc))
        allowed.lanes &= ~(uint32_t)CR1_PVDE_PLS;
    block_store(block, CR1, value, &allowed);
    pwr_monitor(block);
}

void pwr_write_d3cr(struct pwr *pwr, uint32_t value, const struct block_access *access)
{
    uint32_t before = REG(&pwr->block, D3CR) & VOS;
    block_store(&pwr->block, D3CR, value, access);
    if ((REG(&pwr->block, D3CR) & VOS) != before)
        start_scaling(pwr);
}
