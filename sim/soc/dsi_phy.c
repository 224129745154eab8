/* The DSI's regulator, PLL and lanes: RM0399 34.12, and PSR. */
#include "sim/soc/dsi_internal.h"

enum { CR_EN = 1, CLCR_DPCC = 1, PCTLR_DEN = 2, PCTLR_CKE = 4, PCONFR_TWO_LANES = 1 };
enum { PUCR_URCL = 1, PUCR_UECL = 2, PUCR_URDL = 4, PUCR_UEDL = 8 };
enum {
    PSR_PSSC = 1 << 2,
    PSR_UANC = 1 << 3,
    PSR_PSS0 = 1 << 4,
    PSR_UAN0 = 1 << 5,
    PSR_PSS1 = 1 << 7,
    PSR_UAN1 = 1 << 8,
};
enum { WRPCR_PLLEN = 1, WRPCR_REGEN = 1 << 24 };

/* The regulator's start, and the PLL's lock time. */
#define REGULATOR_TIME (125 * SIM_US)
#define LOCK_TIME      (200 * SIM_US)

static bool pll_locked(const struct dsi *dsi)
{
    return REG(&dsi->block, DSI_WISR) & WISR_PLLLS;
}

/* HSE / IDF * 2 * NDIV is the VCO; half of it, by ODF. */
uint64_t dsi_lane_rate(const struct dsi *dsi)
{
    uint32_t wrpcr = REG(&dsi->block, DSI_WRPCR);
    uint64_t ndiv = wrpcr >> 2 & 0x7f, idf = wrpcr >> 11 & 15, odf = wrpcr >> 16 & 3;
    return soc_clock_hz(dsi->block.soc, CLOCK_HSE) / (idf ? idf : 1) * ndiv >> odf;
}

static void regulator_ready(void *ctx)
{
    dsi_set_wisr(ctx, WISR_RRS | WISR_RRIF);
}

static bool pll_can_lock(struct dsi *dsi)
{
    uint32_t wrpcr = REG(&dsi->block, DSI_WRPCR);
    uint64_t vco = (dsi_lane_rate(dsi) << (wrpcr >> 16 & 3)) * 2;
    if (!soc_clock_hz(dsi->block.soc, CLOCK_HSE)) {
        block_complain(&dsi->block, COMPLAINT_GUEST, DSI_WRPCR,
                       "the DSI PLL is on but its reference does not run: start the HSE");
        return false;
    }
    if (vco < 1000000000 || vco > 2000000000) /* 34.12.5 */
        block_complain(&dsi->block, COMPLAINT_GUEST, DSI_WRPCR + 1,
                       "the DSI PLL's VCO at %llu Hz is outside 1 to 2 GHz: set NDIV and IDF",
                       (unsigned long long)vco);
    return vco != 0;
}

static void pll_lock(void *ctx)
{
    struct dsi *dsi = ctx;
    if (!pll_can_lock(dsi))
        return;
    dsi_set_wisr(dsi, WISR_PLLLS | WISR_PLLLIF);
    dsi_link_changed(dsi);
}

static void pll_off(struct dsi *dsi)
{
    event_cancel(&block_sim(&dsi->block)->events, &dsi->lock);
    if (!pll_locked(dsi))
        return;
    REG(&dsi->block, DSI_WISR) &= ~(uint32_t)WISR_PLLLS;
    dsi_set_wisr(dsi, WISR_PLLUIF);
}

void dsi_write_wrpcr(struct dsi *dsi, uint32_t before)
{
    struct event_queue *events = &block_sim(&dsi->block)->events;
    uint32_t now = REG(&dsi->block, DSI_WRPCR), changed = before ^ now;
    if (changed & WRPCR_REGEN) {
        event_cancel(events, &dsi->regulator);
        REG(&dsi->block, DSI_WISR) &= ~(uint32_t)WISR_RRS;
        if (now & WRPCR_REGEN)
            event_in(events, &dsi->regulator, REGULATOR_TIME);
    }
    if (changed & ~(uint32_t)WRPCR_REGEN) {
        pll_off(dsi);
        if (now & WRPCR_PLLEN)
            event_in(events, &dsi->lock, LOCK_TIME);
    }
    dsi_link_changed(dsi);
}

unsigned dsi_lanes(const struct dsi *dsi)
{
    return REG(&dsi->block, DSI_PCONFR) & PCONFR_TWO_LANES ? 2 : 1;
}

bool dsi_link_ready(const struct dsi *dsi)
{
    const struct block *block = &dsi->block;
    return REG(block, DSI_CR) & CR_EN && pll_locked(dsi) && REG(block, DSI_WISR) & WISR_RRS &&
           (REG(block, DSI_PCTLR) & (PCTLR_DEN | PCTLR_CKE)) == (PCTLR_DEN | PCTLR_CKE) &&
           !(REG(block, DSI_PUCR) & (PUCR_URDL | PUCR_URCL));
}

/* PSR: lanes are in stop state once the PHY is on, not "not in ultra-low power" while it is asked
 * for; leaving takes the exit request and then its end (34.15, PSR). */
uint32_t dsi_phy_status(const struct dsi *dsi)
{
    const struct block *block = &dsi->block;
    uint32_t psr = DSI_PSR_RESET, pucr = REG(block, DSI_PUCR);
    bool on = pll_locked(dsi) || pucr;
    bool two = dsi_lanes(dsi) == 2;
    if (on && REG(block, DSI_PCTLR) & PCTLR_DEN) {
        if ((pucr & (PUCR_URDL | PUCR_UEDL)) == PUCR_URDL)
            psr &= ~(uint32_t)(PSR_UAN0 | (two ? PSR_UAN1 : 0));
        else if (!pucr)
            psr |= (uint32_t)(PSR_PSS0 | (two ? PSR_PSS1 : 0));
    }
    if (on && REG(block, DSI_PCTLR) & PCTLR_CKE) {
        if ((pucr & (PUCR_URCL | PUCR_UECL)) == PUCR_URCL)
            psr &= ~(uint32_t)PSR_UANC;
        else if (!(pucr & PUCR_URCL) && !(REG(block, DSI_CLCR) & CLCR_DPCC))
            psr |= PSR_PSSC;
    }
    return psr;
}
void dsi_phy_reset(struct dsi *dsi)
{
    event_cancel(&block_sim(&dsi->block)->events, &dsi->regulator);
    event_cancel(&block_sim(&dsi->block)->events, &dsi->lock);
}

void dsi_phy_init(struct dsi *dsi)
{
    event_init(&dsi->regulator, "DSI regulator", regulator_ready, dsi);
    event_init(&dsi->lock, "DSI PLL", pll_lock, dsi);
}
