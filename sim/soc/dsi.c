/*
 * DSI host and wrapper: RM0399 chapter 34. Video mode and adapted command mode from the LTDC, the
 * generic packet interface, regulator, PLL and the PHY's states. Error flags of the link are never
 * raised by themselves (the virtual link makes no errors); FIR0 and FIR1 force them.
 */
#include "sim/soc/dsi.h"

#include <string.h>

#include "sim/soc/block.h"
#include "sim/soc/classes.h"
#include "sim/soc/ltdc.h"

enum {
    VR = 0x000,
    CR = 0x004,
    CCR = 0x008,
    LVCIDR = 0x00c,
    LCOLCR = 0x010,
    LPCR = 0x014,
    LPMCR = 0x018,
    PCR = 0x02c,
    GVCIDR = 0x030,
    MCR = 0x034,
    VMCR = 0x038,
    VPCR = 0x03c,
    VVACR = 0x060,
    LCCR = 0x064,
    CMCR = 0x068,
    GHCR = 0x06c,
    GPDR = 0x070,
    GPSR = 0x074,
    CLCR = 0x094,
    PCTLR = 0x0a0,
    PCONFR = 0x0a4,
    PUCR = 0x0a8,
    PSR = 0x0b0,
    ISR0 = 0x0bc,
    ISR1 = 0x0c0,
    IER0 = 0x0c4,
    IER1 = 0x0c8,
    FIR0 = 0x0d8,
    FIR1 = 0x0dc,
    VSCR = 0x100,
    CURRENT = 0x100, /* from a register to its copy in use */
    WCFGR = 0x400,
    WCR = 0x404,
    WIER = 0x408,
    WISR = 0x40c,
    WIFCR = 0x410,
    WRPCR = 0x430,
};

enum { CR_EN = 1, MCR_CMDM = 1, PCR_BTAE = 4, CMCR_TEARE = 1, CLCR_DPCC = 1 };
enum { PCTLR_DEN = 2, PCTLR_CKE = 4, PCONFR_TWO_LANES = 1 };
enum { PUCR_URCL = 1, PUCR_UECL = 2, PUCR_URDL = 4, PUCR_UEDL = 8 };
enum {
    PSR_PSSC = 1 << 2,
    PSR_UANC = 1 << 3,
    PSR_PSS0 = 1 << 4,
    PSR_UAN0 = 1 << 5,
    PSR_PSS1 = 1 << 7,
    PSR_UAN1 = 1 << 8,
    PSR_RESET = 0x1528,
};
enum { GPSR_CMDFE = 1, GPSR_CMDFF = 2, GPSR_PWRFE = 4, GPSR_PWRFF = 8, GPSR_PRDFE = 16 };
enum { GPSR_PRDFF = 32, GPSR_RCB = 64 };
enum { ISR1_GCWRE = 1 << 8, ISR1_GPWRE = 1 << 9, ISR1_GPTXE = 1 << 10, ISR1_GPRDE = 1 << 11 };
enum { WCFGR_DSIM = 1, WCFGR_TESRC = 1 << 4, WCFGR_AR = 1 << 6 };
enum { WCR_LTDCEN = 4, WCR_DSIEN = 8 };
enum {
    WISR_TEIF = 1 << 0,
    WISR_ERIF = 1 << 1,
    WISR_BUSY = 1 << 2,
    WISR_PLLLS = 1 << 8,
    WISR_PLLLIF = 1 << 9,
    WISR_PLLUIF = 1 << 10,
    WISR_RRS = 1 << 12,
    WISR_RRIF = 1 << 13,
    WISR_FLAGS = WISR_TEIF | WISR_ERIF | WISR_PLLLIF | WISR_PLLUIF | WISR_RRIF,
};
enum { WRPCR_PLLEN = 1, WRPCR_REGEN = 1 << 24 };

static const struct reg dsi_regs[] = {
    {VR, "VR", 0x3133302a, 0, 0, 0},
    {CR, "CR", 0, 0x00000001, 0, 0},
    {CCR, "CCR", 0, 0x0000ffff, 0, 0},
    {LVCIDR, "LVCIDR", 0, 0x00000003, 0, 0},
    {LCOLCR, "LCOLCR", 0, 0x0000010f, 0, 0},
    {LPCR, "LPCR", 0, 0x00000007, 0, 0},
    {LPMCR, "LPMCR", 0, 0x00ff00ff, 0, 0},
    {PCR, "PCR", 0, 0x0000001f, 0, 0},
    {GVCIDR, "GVCIDR", 0, 0x00000003, 0, 0},
    {MCR, "MCR", 0x00000001, 0x00000001, 0, 0},
    {VMCR, "VMCR", 0, 0x0111ff03, 0, 0},
    {VPCR, "VPCR", 0, 0x00003fff, 0, 0},
    {0x040, "VCCR", 0, 0x00001fff, 0, 0},
    {0x044, "VNPCR", 0, 0x00001fff, 0, 0},
    {0x048, "VHSACR", 0, 0x00000fff, 0, 0},
    {0x04c, "VHBPCR", 0, 0x00000fff, 0, 0},
    {0x050, "VLCR", 0, 0x00007fff, 0, 0},
    {0x054, "VVSACR", 0, 0x000003ff, 0, 0},
    {0x058, "VVBPCR", 0, 0x000003ff, 0, 0},
    {0x05c, "VVFPCR", 0, 0x000003ff, 0, 0},
    {VVACR, "VVACR", 0, 0x00003fff, 0, 0},
    {LCCR, "LCCR", 0, 0x0000ffff, 0, 0},
    {CMCR, "CMCR", 0, 0x010f7f03, 0, 0},
    {GHCR, "GHCR", 0, 0x00ffffff, 0, 0},
    {GPDR, "GPDR", 0, 0, 0, 0},
    {GPSR, "GPSR", 0x00000015, 0, 0, 0},
    {0x078, "TCCR0", 0, 0xffffffff, 0, 0},
    {0x07c, "TCCR1", 0, 0x0000ffff, 0, 0},
    {0x080, "TCCR2", 0, 0x0000ffff, 0, 0},
    {0x084, "TCCR3", 0, 0x0100ffff, 0, 0},
    {0x088, "TCCR4", 0, 0x0000ffff, 0, 0},
    {0x08c, "TCCR5", 0, 0x0000ffff, 0, 0},
    {CLCR, "CLCR", 0, 0x00000003, 0, 0},
    {0x098, "CLTCR", 0, 0x03ff03ff, 0, 0},
    {0x09c, "DLTCR", 0, 0xffff7fff, 0, 0},
    {PCTLR, "PCTLR", 0, 0x00000006, 0, 0},
    {PCONFR, "PCONFR", 0x00000001, 0x0000ff03, 0, 0},
    {PUCR, "PUCR", 0, 0x0000000f, 0, 0},
    {0x0ac, "PTTCR", 0, 0x0000000f, 0, 0},
    {PSR, "PSR", PSR_RESET, 0, 0, 0},
    {ISR0, "ISR0", 0, 0, 0, 0},
    {ISR1, "ISR1", 0, 0, 0, 0},
    {IER0, "IER0", 0, 0x001fffff, 0, 0},
    {IER1, "IER1", 0, 0x00001fff, 0, 0},
    {FIR0, "FIR0", 0, 0, 0, 0},
    {FIR1, "FIR1", 0, 0, 0, 0},
    {VSCR, "VSCR", 0, 0x00000101, 0, 0},
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
    {WCFGR, "WCFGR", 0, 0x000000ff, 0, 0},
    {WCR, "WCR", 0, 0x0000000f, 0, 0},
    {WIER, "WIER", 0, 0x00002603, 0, 0},
    {WISR, "WISR", 0, 0, 0, 0},
    {WIFCR, "WIFCR", 0, 0, 0, 0},
    {0x418, "WPCR0", 0, 0x0ffd7fff, 0, 0},
    {0x41c, "WPCR1", 0, 0x064f13cf, 0, 0},
    {0x420, "WPCR2", 0, 0xffffffff, 0, 0},
    {0x424, "WPCR3", 0, 0xffffffff, 0, 0},
    {0x428, "WPCR4", 0, 0x000000ff, 0, 0},
    {WRPCR, "WRPCR", 0, 0x010379fd, 0, 0},
};

enum { COMMANDS = 8, PAYLOAD = 4096, ANSWER = 128, LINE_MAX = 4096 };

/* 34.12: the regulator's start, and the PLL's lock time. */
#define REGULATOR_TIME (125 * SIM_US)
#define LOCK_TIME      (200 * SIM_US)

struct dsi {
    struct block block;
    struct dsi_panel panel;
    struct block *ltdc;
    struct event regulator, lock, sent;
    uint32_t commands[COMMANDS]; /* GHCR words, the first is under way */
    unsigned command_count;
    uint8_t payload[PAYLOAD]; /* bytes of GPDR, first in first out */
    unsigned payload_count;
    uint8_t answer[ANSWER];
    unsigned answer_count, answer_read;
    unsigned return_size; /* as told to the panel */
    bool refreshing;      /* adapted command mode: a frame is being sent */
    bool streaming;       /* video mode, all of the way is open */
};

/* ---- Interrupts ---- */

static void update_irq(struct dsi *dsi)
{
    struct block *block = &dsi->block;
    bool level = (REG(block, ISR0) & REG(block, IER0)) || (REG(block, ISR1) & REG(block, IER1)) ||
                 (REG(block, WISR) & REG(block, WIER) & WISR_FLAGS);
    block_irq(block, 0, level);
}

static void set_wisr(struct dsi *dsi, uint32_t bits)
{
    REG(&dsi->block, WISR) |= bits;
    update_irq(dsi);
}

static void set_isr1(struct dsi *dsi, uint32_t bits)
{
    REG(&dsi->block, ISR1) |= bits;
    update_irq(dsi);
}

/* ---- Regulator, PLL, PHY: 34.12 ---- */

static bool pll_locked(const struct dsi *dsi)
{
    return REG(&dsi->block, WISR) & WISR_PLLLS;
}

/* Bits a second on one lane: HSE / IDF * 2 * NDIV is the VCO; half of it, by ODF. */
static uint64_t lane_rate(const struct dsi *dsi)
{
    uint32_t wrpcr = REG(&dsi->block, WRPCR);
    uint64_t ndiv = wrpcr >> 2 & 0x7f, idf = wrpcr >> 11 & 15, odf = wrpcr >> 16 & 3;
    return soc_clock_hz(dsi->block.soc, CLOCK_HSE) / (idf ? idf : 1) * ndiv >> odf;
}

static void regulator_ready(void *ctx)
{
    set_wisr(ctx, WISR_RRS | WISR_RRIF);
}

static bool pll_can_lock(struct dsi *dsi)
{
    uint32_t wrpcr = REG(&dsi->block, WRPCR);
    uint64_t vco = (lane_rate(dsi) << (wrpcr >> 16 & 3)) * 2;
    if (!soc_clock_hz(dsi->block.soc, CLOCK_HSE)) {
        block_complain(&dsi->block, COMPLAINT_GUEST, WRPCR,
                       "the DSI PLL is on but its reference does not run: start the HSE");
        return false;
    }
    if (vco < 1000000000 || vco > 2000000000) /* 34.12.5 */
        block_complain(&dsi->block, COMPLAINT_GUEST, WRPCR + 1,
                       "the DSI PLL's VCO at %llu Hz is outside 1 to 2 GHz: set NDIV and IDF",
                       (unsigned long long)vco);
    return vco != 0;
}

static void update_phy(struct dsi *dsi);

static void pll_lock(void *ctx)
{
    struct dsi *dsi = ctx;
    if (!pll_can_lock(dsi))
        return;
    set_wisr(dsi, WISR_PLLLS | WISR_PLLLIF);
    update_phy(dsi);
}

static void pll_off(struct dsi *dsi)
{
    event_cancel(&block_sim(&dsi->block)->events, &dsi->lock);
    if (!pll_locked(dsi))
        return;
    REG(&dsi->block, WISR) &= ~(uint32_t)WISR_PLLLS;
    set_wisr(dsi, WISR_PLLUIF);
}

static void write_wrpcr(struct dsi *dsi, uint32_t before)
{
    struct event_queue *events = &block_sim(&dsi->block)->events;
    uint32_t now = REG(&dsi->block, WRPCR), changed = before ^ now;
    if (changed & WRPCR_REGEN) {
        event_cancel(events, &dsi->regulator);
        REG(&dsi->block, WISR) &= ~(uint32_t)WISR_RRS;
        if (now & WRPCR_REGEN)
            event_in(events, &dsi->regulator, REGULATOR_TIME);
    }
    if (changed & ~(uint32_t)WRPCR_REGEN) {
        pll_off(dsi);
        if (now & WRPCR_PLLEN)
            event_in(events, &dsi->lock, LOCK_TIME);
    }
    update_phy(dsi);
}

/* The link can carry packets. */
static bool link_ready(const struct dsi *dsi)
{
    const struct block *block = &dsi->block;
    return REG(block, CR) & CR_EN && pll_locked(dsi) && REG(block, WISR) & WISR_RRS &&
           (REG(block, PCTLR) & (PCTLR_DEN | PCTLR_CKE)) == (PCTLR_DEN | PCTLR_CKE) &&
           !(REG(block, PUCR) & (PUCR_URDL | PUCR_URCL));
}

/* PSR: lanes are in stop state once the PHY is on, not "not in ultra-low power" while it is asked
 * for; leaving takes the exit request and then its end (34.15, PSR). */
static uint32_t phy_status(const struct dsi *dsi)
{
    const struct block *block = &dsi->block;
    uint32_t psr = PSR_RESET, pucr = REG(block, PUCR);
    bool on = pll_locked(dsi) || pucr;
    bool two = REG(block, PCONFR) & PCONFR_TWO_LANES;
    if (on && REG(block, PCTLR) & PCTLR_DEN) {
        if ((pucr & (PUCR_URDL | PUCR_UEDL)) == PUCR_URDL)
            psr &= ~(uint32_t)(PSR_UAN0 | (two ? PSR_UAN1 : 0));
        else if (!pucr)
            psr |= (uint32_t)(PSR_PSS0 | (two ? PSR_PSS1 : 0));
    }
    if (on && REG(block, PCTLR) & PCTLR_CKE) {
        if ((pucr & (PUCR_URCL | PUCR_UECL)) == PUCR_URCL)
            psr &= ~(uint32_t)PSR_UANC;
        else if (!(pucr & PUCR_URCL) && !(REG(block, CLCR) & CLCR_DPCC))
            psr |= PSR_PSSC;
    }
    return psr;
}

/* ---- Packets: 34.7 ---- */

static bool is_long(uint8_t type)
{
    return type == DSI_GENERIC_LONG_WRITE || type == DSI_DCS_LONG_WRITE;
}

static bool is_read(uint8_t type)
{
    return type == DSI_DCS_READ || type == DSI_GENERIC_READ_0 || type == DSI_GENERIC_READ_1 ||
           type == DSI_GENERIC_READ_2;
}

static unsigned parameters(uint8_t type)
{
    switch (type) {
    case DSI_GENERIC_WRITE_2:
    case DSI_GENERIC_READ_2:
    case DSI_DCS_WRITE_1:
    case DSI_MAX_RETURN_SIZE:
        return 2;
    case DSI_GENERIC_WRITE_1:
    case DSI_GENERIC_READ_1:
    case DSI_DCS_WRITE_0:
    case DSI_DCS_READ:
        return 1;
    default:
        return 0;
    }
}

/* CMCR: this kind of packet goes in low-power mode. */
static bool low_power(const struct dsi *dsi, uint8_t type)
{
    static const struct {
        uint8_t type, bit;
    } bits[] = {
        {DSI_GENERIC_WRITE_0, 8},     {DSI_GENERIC_WRITE_1, 9}, {DSI_GENERIC_WRITE_2, 10},
        {DSI_GENERIC_READ_0, 11},     {DSI_GENERIC_READ_1, 12}, {DSI_GENERIC_READ_2, 13},
        {DSI_GENERIC_LONG_WRITE, 14}, {DSI_DCS_WRITE_0, 16},    {DSI_DCS_WRITE_1, 17},
        {DSI_DCS_READ, 18},           {DSI_DCS_LONG_WRITE, 19}, {DSI_MAX_RETURN_SIZE, 24},
    };
    for (unsigned n = 0; n < sizeof bits / sizeof bits[0]; n++)
        if (bits[n].type == type)
            return REG(&dsi->block, CMCR) >> bits[n].bit & 1;
    return false;
}

static sim_time packet_time(const struct dsi *dsi, uint32_t header)
{
    uint8_t type = header & 0x3f;
    uint64_t bits = 8 * (4 + (is_long(type) ? (header >> 8 & 0xffff) + 2 : 0));
    uint64_t rate = lane_rate(dsi), lanes = REG(&dsi->block, PCONFR) & PCONFR_TWO_LANES ? 2 : 1;
    uint32_t divider = REG(&dsi->block, CCR) & 0xff;
    if (low_power(dsi, type) && divider)
        return sim_cycles_to_time(bits * 2, rate / 8 / divider) + SIM_US;
    return sim_cycles_to_time(bits, rate * lanes) + SIM_US;
}

static void send_next(struct dsi *dsi)
{
    if (!dsi->command_count || event_pending(&dsi->sent))
        return;
    if (!link_ready(dsi)) {
        block_complain(&dsi->block, COMPLAINT_GUEST, GHCR,
                       "a packet waits for the DSI link: set CR.EN, PCTLR, the regulator and the "
                       "PLL first");
        return;
    }
    sim_time time = packet_time(dsi, dsi->commands[0]);
    event_in(&block_sim(&dsi->block)->events, &dsi->sent, time == SIM_NEVER ? SIM_MS : time);
}

static void take_answer(struct dsi *dsi, uint8_t type, const uint8_t *bytes, unsigned count)
{
    dsi->answer_count = dsi->answer_read = 0;
    if (!(REG(&dsi->block, PCR) & PCR_BTAE)) {
        block_complain(&dsi->block, COMPLAINT_GUEST, PCR,
                       "a read over DSI gets no answer without bus turn-around: set PCR.BTAE");
        return;
    }
    unsigned room = dsi->return_size < ANSWER ? dsi->return_size : ANSWER;
    if (dsi->panel.read)
        dsi->answer_count =
            dsi->panel.read(dsi->panel.ctx, (enum dsi_type)type, bytes, count, dsi->answer, room);
}

static void deliver(struct dsi *dsi, uint32_t header, const uint8_t *bytes, unsigned count)
{
    uint8_t type = header & 0x3f;
    if (type == DSI_MAX_RETURN_SIZE)
        dsi->return_size = header >> 8 & 0xffff;
    else if (header >> 6 & 3) /* another virtual channel: nobody is there */
        return;
    else if (is_read(type))
        take_answer(dsi, type, bytes, count);
    else if (dsi->panel.write)
        dsi->panel.write(dsi->panel.ctx, (enum dsi_type)type, bytes, count);
}

static void deliver_long(struct dsi *dsi, uint32_t header)
{
    unsigned count = header >> 8 & 0xffff, words = (count + 3) & ~3u;
    if (words > dsi->payload_count) {
        set_isr1(dsi, ISR1_GPTXE);
        dsi->payload_count = 0;
        return;
    }
    deliver(dsi, header, dsi->payload, count);
    dsi->payload_count -= words;
    memmove(dsi->payload, dsi->payload + words, dsi->payload_count);
}

static void packet_sent(void *ctx)
{
    struct dsi *dsi = ctx;
    uint32_t header = dsi->commands[0];
    if (is_long(header & 0x3f)) {
        deliver_long(dsi, header);
    } else {
        const uint8_t bytes[2] = {(uint8_t)(header >> 8), (uint8_t)(header >> 16)};
        deliver(dsi, header, bytes, parameters(header & 0x3f));
    }
    dsi->command_count--;
    memmove(dsi->commands, dsi->commands + 1, dsi->command_count * sizeof dsi->commands[0]);
    send_next(dsi);
}

static void write_ghcr(struct dsi *dsi)
{
    if (dsi->command_count == COMMANDS) {
        set_isr1(dsi, ISR1_GCWRE);
        return;
    }
    dsi->commands[dsi->command_count++] = REG(&dsi->block, GHCR);
    send_next(dsi);
}

static void write_gpdr(struct dsi *dsi, uint32_t value)
{
    if (dsi->payload_count + 4 > PAYLOAD) {
        set_isr1(dsi, ISR1_GPWRE);
        return;
    }
    memcpy(&dsi->payload[dsi->payload_count], &value, 4);
    dsi->payload_count += 4;
}

static uint32_t read_gpdr(struct dsi *dsi)
{
    uint32_t value = 0;
    unsigned left = dsi->answer_count - dsi->answer_read;
    if (!left) {
        set_isr1(dsi, ISR1_GPRDE);
        return 0;
    }
    memcpy(&value, &dsi->answer[dsi->answer_read], left < 4 ? left : 4);
    dsi->answer_read += left < 4 ? left : 4;
    return value;
}

static uint32_t read_gpsr(const struct dsi *dsi)
{
    uint32_t status = dsi->command_count ? 0 : GPSR_CMDFE;
    status |= dsi->command_count == COMMANDS ? GPSR_CMDFF : 0;
    status |= dsi->payload_count ? 0 : GPSR_PWRFE;
    status |= dsi->payload_count + 4 > PAYLOAD ? GPSR_PWRFF : 0;
    status |= dsi->answer_read == dsi->answer_count ? GPSR_PRDFE : 0;
    bool reading = dsi->command_count && is_read(dsi->commands[0] & 0x3f);
    return status | (reading ? GPSR_RCB : 0);
}

/* ---- Pictures ---- */

static bool command_mode(const struct dsi *dsi)
{
    return REG(&dsi->block, WCFGR) & WCFGR_DSIM;
}

static bool video_open(const struct dsi *dsi)
{
    return link_ready(dsi) && !command_mode(dsi) && !(REG(&dsi->block, MCR) & MCR_CMDM) &&
           REG(&dsi->block, WCR) & WCR_DSIEN && REG(&dsi->block, CLCR) & CLCR_DPCC;
}

/* After every register that opens or closes the way of the picture. */
static void update_phy(struct dsi *dsi)
{
    bool streaming = video_open(dsi);
    REG(&dsi->block, PSR) = phy_status(dsi);
    if (streaming && !dsi->streaming)
        ltdc_redraw(dsi->ltdc);
    dsi->streaming = streaming;
    if (dsi->command_count && link_ready(dsi))
        send_next(dsi);
}

/* LCOLCR.COLC: bits that the link carries. */
static uint32_t colour_mask(const struct dsi *dsi)
{
    unsigned coding = REG(&dsi->block, LCOLCR) & 15;
    return coding < 3 ? 0xfff8fcf8 : coding < 5 ? 0xfffcfcfc : 0xffffffff;
}

static const uint32_t *coded(const struct dsi *dsi, const uint32_t *pixels, unsigned count,
                             uint32_t *buffer)
{
    uint32_t mask = colour_mask(dsi);
    if (mask == 0xffffffff || count > LINE_MAX)
        return pixels;
    for (unsigned n = 0; n < count; n++)
        buffer[n] = pixels[n] & mask;
    return buffer;
}

static void check_geometry(struct dsi *dsi, unsigned width, unsigned height)
{
    unsigned line = REG(&dsi->block, VPCR), lines = REG(&dsi->block, VVACR);
    if (line != width || lines != height)
        block_complain(&dsi->block, COMPLAINT_GUEST, VPCR,
                       "the LTDC sends %u by %u pixels, but VPCR and VVACR say %u by %u", width,
                       height, line, lines);
}

static void take_lines(void *ctx, const uint32_t *pixels, unsigned first, unsigned count,
                       unsigned width, unsigned height)
{
    struct dsi *dsi = ctx;
    uint32_t buffer[LINE_MAX];
    if (dsi->streaming)
        check_geometry(dsi, width, height);
    for (unsigned n = 0; n < count; n++) {
        const uint32_t *line = coded(dsi, pixels + (size_t)n * width, width, buffer);
        if (dsi->streaming && dsi->panel.lines)
            dsi->panel.lines(dsi->panel.ctx, line, first + n, 1, width, height);
        else if (dsi->refreshing && dsi->panel.memory)
            dsi->panel.memory(dsi->panel.ctx, line, width, first + n == 0);
    }
}

/* 34.6: the refresh is over, LTDCEN falls. */
static void end_refresh(struct dsi *dsi)
{
    dsi->refreshing = false;
    REG(&dsi->block, WCR) &= ~(uint32_t)WCR_LTDCEN;
    REG(&dsi->block, WISR) &= ~(uint32_t)WISR_BUSY;
    set_wisr(dsi, WISR_ERIF);
}

static void take_frame(void *ctx)
{
    struct dsi *dsi = ctx;
    if (dsi->refreshing)
        end_refresh(dsi);
    if ((dsi->streaming || command_mode(dsi)) && dsi->panel.frame)
        dsi->panel.frame(dsi->panel.ctx);
}

static void start_refresh(struct dsi *dsi)
{
    if (dsi->refreshing || !command_mode(dsi) || !link_ready(dsi) ||
        !(REG(&dsi->block, WCR) & WCR_DSIEN))
        return;
    dsi->refreshing = true;
    REG(&dsi->block, WISR) |= WISR_BUSY;
    ltdc_redraw(dsi->ltdc);
    ltdc_scan_once(dsi->ltdc);
}

void dsi_tearing_effect(struct block *block, bool pin)
{
    struct dsi *dsi = (struct dsi *)block;
    bool wanted = REG(block, WCFGR) & WCFGR_TESRC;
    if (pin != wanted || (!pin && !(REG(block, CMCR) & CMCR_TEARE)))
        return;
    set_wisr(dsi, WISR_TEIF);
    if (REG(block, WCFGR) & WCFGR_AR)
        start_refresh(dsi);
}

void dsi_connect(struct block *block, const struct dsi_panel *panel)
{
    ((struct dsi *)block)->panel = *panel;
}

/* ---- Registers ---- */

/* The copies in use: at once, or with VSCR.EN when VSCR.UR asks for it (34.15, VSCR). */
static void update_current(struct dsi *dsi)
{
    struct block *block = &dsi->block;
    for (uint32_t offset = LVCIDR; offset <= VVACR; offset += 4)
        if (block->reg_at[(offset + CURRENT) / 4] && offset + CURRENT != VSCR)
            REG(block, offset + CURRENT) = REG(block, offset);
    uint32_t mode = REG(block, VMCR);
    REG(block, VMCR + CURRENT) = (mode & 3) | (mode >> 6 & 0x3fc);
}

static void write_vscr(struct dsi *dsi)
{
    struct block *block = &dsi->block;
    if (REG(block, VSCR) & 0x100)
        update_current(dsi);
    REG(block, VSCR) &= ~0x100u;
}

static uint32_t dsi_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct dsi *dsi = (struct dsi *)block;
    (void)access;
    if (offset == GPDR)
        return read_gpdr(dsi);
    if (offset == GPSR)
        return read_gpsr(dsi);
    uint32_t value = REG(block, offset);
    if (offset == ISR0 || offset == ISR1) { /* cleared by the read */
        REG(block, offset) = 0;
        update_irq(dsi);
    }
    return value;
}

static void write_effect(struct dsi *dsi, uint32_t offset, uint32_t value, uint32_t before)
{
    struct block *block = &dsi->block;
    switch (offset) {
    case GHCR:
        write_ghcr(dsi);
        break;
    case GPDR:
        write_gpdr(dsi, value);
        break;
    case FIR0:
    case FIR1:
        REG(block, offset - FIR0 + ISR0) |=
            value & block->reg_at[(offset - FIR0 + IER0) / 4]->writable;
        break;
    case WIFCR:
        REG(block, WISR) &= ~(value & WISR_FLAGS);
        break;
    case WRPCR:
        write_wrpcr(dsi, before);
        break;
    case LCOLCR:
        ltdc_redraw(dsi->ltdc);
        break;
    case WCFGR:
        ltdc_hold(dsi->ltdc, command_mode(dsi));
        break;
    case WCR:
        if (REG(block, WCR) & WCR_LTDCEN)
            start_refresh(dsi);
        break;
    case VSCR:
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
    if (!(REG(block, VSCR) & 1))
        update_current(dsi);
    update_phy(dsi);
    update_irq(dsi);
}

static void dsi_reset(struct block *block)
{
    struct dsi *dsi = (struct dsi *)block;
    struct event_queue *events = &block_sim(block)->events;
    event_cancel(events, &dsi->regulator);
    event_cancel(events, &dsi->lock);
    event_cancel(events, &dsi->sent);
    dsi->command_count = dsi->payload_count = 0;
    dsi->answer_count = dsi->answer_read = 0;
    dsi->return_size = 2; /* what fits a short answer */
    dsi->refreshing = dsi->streaming = false;
    if (dsi->ltdc)
        ltdc_hold(dsi->ltdc, false);
}

static void dsi_init(struct block *block)
{
    struct dsi *dsi = (struct dsi *)block;
    const struct ltdc_sink sink = {dsi, take_lines, take_frame};
    event_init(&dsi->regulator, "DSI regulator", regulator_ready, dsi);
    event_init(&dsi->lock, "DSI PLL", pll_lock, dsi);
    event_init(&dsi->sent, "DSI packet", packet_sent, dsi);
    dsi->ltdc = soc_block(block->soc, "LTDC");
    ltdc_connect(dsi->ltdc, &sink);
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
