/*
 * DSI host and wrapper: RM0399 chapter 34. Video mode and adapted command mode from the LTDC, the
 * generic packet interface, the pattern generator, regulator, PLL and the PHY's states. Error flags of
 * the link are never raised by themselves (the virtual link makes no errors, and the time-outs of TCCR0
 * never run out); FIR0 and FIR1 force them.
 */
#include "sim/soc/classes.h"
#include "sim/soc/dsi_internal.h"
#include "sim/soc/ltdc.h"

enum { WCR_LTDCEN = 4, VSCR_EN = 1, VSCR_UR = 1 << 8 };

static const struct reg dsi_regs[] = {
    {DSI_VR, "VR", 0x3133302a, 0, 0, 0},
    {DSI_CR, "CR", 0, 0x00000001, 0, 0},
    {DSI_CCR, "CCR", 0, 0x0000ffff, 0, 0},
    {DSI_LVCIDR, "LVCIDR", 0, 0x00000003, 0, 0},
    {DSI_LCOLCR, "LCOLCR", 0, 0x0000010f, 0, 0},
    {DSI_LPCR, "LPCR", 0, 0x00000007, 0, 0},
    {DSI_LPMCR, "LPMCR", 0, 0x00ff00ff, 0, 0},
    {DSI_PCR, "PCR", 0, 0x0000001f, 0, 0},
    {DSI_GVCIDR, "GVCIDR", 0, 0x00000003, 0, 0},
    {DSI_MCR, "MCR", 0x00000001, 0x00000001, 0, 0},
    {DSI_VMCR, "VMCR", 0, 0x0111ff03, 0, 0},
    {DSI_VPCR, "VPCR", 0, 0x00003fff, 0, 0},
    {DSI_VCCR, "VCCR", 0, 0x00001fff, 0, 0},
    {0x044, "VNPCR", 0, 0x00001fff, 0, 0},
    {0x048, "VHSACR", 0, 0x00000fff, 0, 0},
    {0x04c, "VHBPCR", 0, 0x00000fff, 0, 0},
    {DSI_VLCR, "VLCR", 0, 0x00007fff, 0, 0},
    {DSI_VVSACR, "VVSACR", 0, 0x000003ff, 0, 0},
    {DSI_VVBPCR, "VVBPCR", 0, 0x000003ff, 0, 0},
    {DSI_VVFPCR, "VVFPCR", 0, 0x000003ff, 0, 0},
    {DSI_VVACR, "VVACR", 0, 0x00003fff, 0, 0},
    {DSI_LCCR, "LCCR", 0, 0x0000ffff, 0, 0},
    {DSI_CMCR, "CMCR", 0, 0x010f7f03, 0, 0},
    {DSI_GHCR, "GHCR", 0, 0x00ffffff, 0, 0},
    {DSI_GPDR, "GPDR", 0, 0, 0, 0},
    {DSI_GPSR, "GPSR", 0x00000015, 0, 0, 0},
    {0x078, "TCCR0", 0, 0xffffffff, 0, 0},
    {DSI_TCCR1, "TCCR1", 0, 0x0000ffff, 0, 0},
    {DSI_TCCR2, "TCCR2", 0, 0x0000ffff, 0, 0},
    {DSI_TCCR3, "TCCR3", 0, 0x0100ffff, 0, 0},
    {DSI_TCCR4, "TCCR4", 0, 0x0000ffff, 0, 0},
    {DSI_TCCR5, "TCCR5", 0, 0x0000ffff, 0, 0},
    {DSI_CLCR, "CLCR", 0, 0x00000003, 0, 0},
    {0x098, "CLTCR", 0, 0x03ff03ff, 0, 0},
    {0x09c, "DLTCR", 0, 0xffff7fff, 0, 0},
    {DSI_PCTLR, "PCTLR", 0, 0x00000006, 0, 0},
    {DSI_PCONFR, "PCONFR", 0x00000001, 0x0000ff03, 0, 0},
    {DSI_PUCR, "PUCR", 0, 0x0000000f, 0, 0},
    {0x0ac, "PTTCR", 0, 0x0000000f, 0, 0},
    {DSI_PSR, "PSR", DSI_PSR_RESET, 0, 0, 0},
    {DSI_ISR0, "ISR0", 0, 0, 0, 0},
    {DSI_ISR1, "ISR1", 0, 0, 0, 0},
    {DSI_IER0, "IER0", 0, 0x001fffff, 0, 0},
    {DSI_IER1, "IER1", 0, 0x00001fff, 0, 0},
    {DSI_FIR0, "FIR0", 0, 0, 0, 0},
    {DSI_FIR1, "FIR1", 0, 0, 0, 0},
    {DSI_VSCR, "VSCR", 0, 0x00000101, 0, 0},
    {0x10c, "LCVCIDR", 0, 0, 0, 0},
    {0x110, "LCCCR", 0, 0, 0, 0},
    {0x118, "LPMCCR", 0, 0, 0, 0},
    {0x138, "VMCCR", 0, 0, 0, 0},
    {0x13c, "VPCCR", 0, 0, 0, 0},
    {0x140, "VCCCR", 0, 0, 0, 0},
    {0x144, "VNPCCR", 0, 0, 0, 0},
    {0x148, "VHSACCR", 0, 0, 0, 0},
    {0x14c, "VHBPCCR", 0, 0, 0, 0},
    {0x150, "VLCCR", 0, 0, 0, 0},
    {0x154, "VVSACCR", 0, 0, 0, 0},
    {0x158, "VVBPCCR", 0, 0, 0, 0},
    {0x15c, "VVFPCCR", 0, 0, 0, 0},
    {0x160, "VVACCR", 0, 0, 0, 0},
    {DSI_WCFGR, "WCFGR", 0, 0x000000ff, 0, 0},
    {DSI_WCR, "WCR", 0, 0x0000000f, 0, 0},
    {DSI_WIER, "WIER", 0, 0x00002603, 0, 0},
    {DSI_WISR, "WISR", 0, 0, 0, 0},
    {DSI_WIFCR, "WIFCR", 0, 0, 0, 0},
    {0x418, "WPCR0", 0, 0x0ffd7fff, 0, 0},
    {0x41c, "WPCR1", 0, 0x064f13cf, 0, 0},
    {0x420, "WPCR2", 0, 0xffffffff, 0, 0},
    {0x424, "WPCR3", 0, 0xffffffff, 0, 0},
    {0x428, "WPCR4", 0, 0x000000ff, 0, 0},
    {DSI_WRPCR, "WRPCR", 0, 0x010379fd, 0, 0},
};

/* ---- Interrupts ---- */

void dsi_update_irq(struct dsi *dsi)
{
    struct block *block = &dsi->block;
    bool level = (REG(block, DSI_ISR0) & REG(block, DSI_IER0)) ||
                 (REG(block, DSI_ISR1) & REG(block, DSI_IER1)) ||
                 (REG(block, DSI_WISR) & REG(block, DSI_WIER) & WISR_FLAGS);
    block_irq(block, 0, level);
    block_mdma(block, 0, REG(block, DSI_WISR) & WISR_TEIF);
    block_mdma(block, 1, REG(block, DSI_WISR) & WISR_ERIF);
}

void dsi_set_wisr(struct dsi *dsi, uint32_t bits)
{
    REG(&dsi->block, DSI_WISR) |= bits;
    dsi_update_irq(dsi);
}

void dsi_set_isr1(struct dsi *dsi, uint32_t bits)
{
    REG(&dsi->block, DSI_ISR1) |= bits;
    dsi_update_irq(dsi);
}

/* ---- Registers ---- */

/* The copies in use: at once, or with VSCR.EN when VSCR.UR asks for it (34.15, VSCR). */
static void update_current(struct dsi *dsi)
{
    struct block *block = &dsi->block;
    for (uint32_t offset = DSI_LVCIDR; offset <= DSI_VVACR; offset += 4)
        if (block->reg_at[(offset + DSI_CURRENT) / 4] && offset + DSI_CURRENT != DSI_VSCR)
            REG(block, offset + DSI_CURRENT) = REG(block, offset);
    uint32_t mode = REG(block, DSI_VMCR);
    REG(block, DSI_VMCR + DSI_CURRENT) = (mode & 3) | (mode >> 6 & 0x3fc);
}

static void write_vscr(struct dsi *dsi)
{
    struct block *block = &dsi->block;
    if (REG(block, DSI_VSCR) & VSCR_UR)
        update_current(dsi);
    REG(block, DSI_VSCR) &= ~(uint32_t)VSCR_UR;
}

static uint32_t dsi_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct dsi *dsi = (struct dsi *)block;
    (void)access;
    if (offset == DSI_GPDR)
        return dsi_read_gpdr(dsi);
    if (offset == DSI_GPSR)
        return dsi_read_gpsr(dsi);
    uint32_t value = REG(block, offset);
    if (offset == DSI_ISR0 || offset == DSI_ISR1) { /* cleared by the read */
        REG(block, offset) = 0;
        dsi_update_irq(dsi);
    }
    return value;
}

static void write_effect(struct dsi *dsi, uint32_t offset, uint32_t value, uint32_t before)
{
    struct block *block = &dsi->block;
    switch (offset) {
    case DSI_GHCR:
        dsi_write_ghcr(dsi);
        break;
    case DSI_GPDR:
        dsi_write_gpdr(dsi, value);
        break;
    case DSI_FIR0:
    case DSI_FIR1:
        REG(block, offset - DSI_FIR0 + DSI_ISR0) |=
            value & block->reg_at[(offset - DSI_FIR0 + DSI_IER0) / 4]->writable;
        break;
    case DSI_WIFCR:
        REG(block, DSI_WISR) &= ~(value & WISR_FLAGS);
        break;
    case DSI_WRPCR:
        dsi_write_wrpcr(dsi, before);
        break;
    case DSI_LCOLCR:
        ltdc_redraw(dsi->ltdc);
        break;
    case DSI_WCFGR:
        ltdc_hold(dsi->ltdc, dsi_command_mode(dsi));
        break;
    case DSI_WCR:
        if (REG(block, DSI_WCR) & WCR_LTDCEN)
            dsi_start_refresh(dsi);
        break;
    case DSI_VSCR:
        write_vscr(dsi);
        break;
    default:
        break;
    }
}

static void dsi_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct dsi *dsi = (struct dsi *)block;
    uint32_t before = REG(block, offset);
    block_store(block, offset, value, access);
    write_effect(dsi, offset, value, before);
    if (!(REG(block, DSI_VSCR) & VSCR_EN))
        update_current(dsi);
    dsi_link_changed(dsi);
    dsi_update_irq(dsi);
}

static void dsi_reset(struct block *block)
{
    struct dsi *dsi = (struct dsi *)block;
    dsi_phy_reset(dsi);
    dsi_packets_reset(dsi);
    dsi_picture_reset(dsi);
    dsi_update_irq(dsi);
}

static void dsi_init(struct block *block)
{
    struct dsi *dsi = (struct dsi *)block;
    dsi_phy_init(dsi);
    dsi_packets_init(dsi);
    dsi_picture_init(dsi);
}

void dsi_connect(struct block *block, const struct dsi_panel *panel)
{
    ((struct dsi *)block)->panel = *panel;
}

const struct block_class dsi_class = {
    .name = "DSIHOST",
    .regs = dsi_regs,
    .reg_count = sizeof dsi_regs / sizeof dsi_regs[0],
    .size = sizeof(struct dsi),
    .init = dsi_init,
    .reset = dsi_reset,
    .read = dsi_read,
    .write = dsi_write,
};
