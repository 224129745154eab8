/*
 * USB OTG, high speed and full speed (RM0399 chapters 60 and 61): the core's registers with nothing
 * on the wire. Resets, flushes, mode changes and frame numbers go as drivers wait for them; the port
 * never sees a device, so a channel that is enabled ends with transaction errors, and an endpoint
 * never sees a token.
 */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"

#include <stddef.h>

enum {
    GOTGINT = 0x004,
    GAHBCFG = 0x008,
    GUSBCFG = 0x00c,
    GRSTCTL = 0x010,
    GINTSTS = 0x014,
    GINTMSK = 0x018,
    HFIR = 0x404,
    HFNUM = 0x408,
    HAINT = 0x414,
    HAINTMSK = 0x418,
    HPRT = 0x440,
    HCCHAR0 = 0x500,
    HCINT0 = 0x508,
    HCINTMSK0 = 0x50c,
    CHANNEL_STRIDE = 0x20,
    CHANNELS = 16,
    DCTL = 0x804,
    DIEPCTL0 = 0x900,
    DIEPINT0 = 0x908,
    DOEPCTL0 = 0xb00,
    DOEPINT0 = 0xb08,
    ENDPOINTS = 9,
};

enum {
    GRSTCTL_CSRST = 1 << 0,
    GRSTCTL_FLUSHES = 3 << 4, /* RXFFLSH, TXFFLSH */
    GUSBCFG_FHMOD = 1 << 29,
    GUSBCFG_FDMOD = 1 << 30,
    GINTSTS_CMOD = 1 << 0,
    GINTSTS_HCINT = 1 << 25,
    /* Cleared by writing 1: all but the levels CMOD, OTGINT, RXFLVL, NPTXFE, the NAKs in effect,
     * and those that follow other registers. */
    GINTSTS_CLEARED = (int)0xf030fc0a,
    HPRT_ENABLED = 1 << 2,
    HPRT_CHANGES = 0x2a, /* PCDET, PENCHNG, POCCHNG */
    HPRT_KEPT = 0x61140, /* PSUSP, PRST's level, PPWR, PTCTL's lowest bit as they are written */
    HCCHAR_CHDIS = 1 << 30,
    HCCHAR_CHENA = (int)0x80000000,
    HCINT_CHH = 1 << 1,
    HCINT_TXERR = 1 << 7,
    EPCTL_DISABLE = 1 << 30,
    EPCTL_ENABLE = (int)0x80000000,
    EPCTL_CLEAR_NAK = 1 << 26,
    EPCTL_SET_NAK = 1 << 27,
    EPCTL_NAK = 1 << 17,
    EPINT_DISABLED = 1 << 1,
};

/* The core needs some clocks of its PHY for a reset, three microframes for a transaction that
 * nobody answers, and 25 ms to change its mode (GUSBCFG.FHMOD). */
#define RESET_TIME (1 * SIM_US)
#define ERROR_TIME (375 * SIM_US)
#define MODE_TIME  (25 * SIM_MS)
#define FRAME_TIME (1 * SIM_MS)

#define WHOLE 0xffffffffu

static const struct reg usb_regs[] = {
    {0x000, "GOTGCTL", 0x00000800, 0x001f0efc, 0, 0},
    {GOTGINT, "GOTGINT", 0, 0, 0, 0},
    {GAHBCFG, "GAHBCFG", 0, 0x000001bf, 0, 0},
    {GUSBCFG, "GUSBCFG", 0x00000a00, 0xe7ffbfff, 0, 0},
    {GRSTCTL, "GRSTCTL", 0x80000000, 0x000007c0, 0, 0},
    {GINTSTS, "GINTSTS", 0x04000020, 0, 0, 0},
    {GINTMSK, "GINTMSK", 0, WHOLE, 0, 0},
    {0x01c, "GRXSTSR", 0, 0, 0, 0},
    {0x020, "GRXSTSP", 0, 0, 0, 0},
    {0x024, "GRXFSIZ", 0x00000200, 0xffff, 0, 0},
    {0x028, "HNPTXFSIZ", 0x00000200, WHOLE, 0, 0},
    {0x02c, "GNPTXSTS", 0x00080200, 0, 0, 0},
    {0x038, "GCCFG", 0, 0x003f0000, 0, 0},
    {0x03c, "CID", 0x00001200, WHOLE, 0, 0},
    {0x040, "GSNPSID", 0x4f54330a, 0, 0, 0},
    {0x044, "GHWCFG", 0, 0, 4, 4},
    {0x054, "GLPMCFG", 0, 0x1fffbfbf, 0, 0},
    {0x100, "HPTXFSIZ", 0x02000600, WHOLE, 0, 0},
    {0x104, "DIEPTXF1", 0x02000400, WHOLE, 0, 0},
    {0x108, "DIEPTXF2", 0x02000600, WHOLE, 0, 0},
    {0x10c, "DIEPTXF3", 0x02000800, WHOLE, 0, 0},
    {0x110, "DIEPTXF4", 0x02000a00, WHOLE, 0, 0},
    {0x114, "DIEPTXF5", 0x02000c00, WHOLE, 0, 0},
    {0x118, "DIEPTXF6", 0x02000e00, WHOLE, 0, 0},
    {0x11c, "DIEPTXF7", 0x02001000, WHOLE, 0, 0},
    {0x120, "DIEPTXF8", 0x02001200, WHOLE, 0, 0},
    {0x400, "HCFG", 0, 7, 0, 0},
    {HFIR, "HFIR", 0x0000ea60, 0x1ffff, 0, 0},
    {HFNUM, "HFNUM", 0x00003fff, 0, 0, 0},
    {0x410, "HPTXSTS", 0x00080100, 0, 0, 0},
    {HAINT, "HAINT", 0, 0, 0, 0},
    {HAINTMSK, "HAINTMSK", 0, 0xffff, 0, 0},
    {HPRT, "HPRT", 0, 0, 0, 0},
    {HCCHAR0, "HCCHAR%u", 0, WHOLE, CHANNELS, CHANNEL_STRIDE},
    {0x504, "HCSPLT%u", 0, 0x8001ffff, CHANNELS, CHANNEL_STRIDE},
    {HCINT0, "HCINT%u", 0, 0, CHANNELS, CHANNEL_STRIDE},
    {HCINTMSK0, "HCINTMSK%u", 0, 0x7ff, CHANNELS, CHANNEL_STRIDE},
    {0x510, "HCTSIZ%u", 0, WHOLE, CHANNELS, CHANNEL_STRIDE},
    {0x514, "HCDMA%u", 0, WHOLE, CHANNELS, CHANNEL_STRIDE},
    {0x800, "DCFG", 0x02200000, 0x0300ffff, 0, 0},
    {DCTL, "DCTL", 0, 0x00040873, 0, 0},
    {0x808, "DSTS", 0x00000010, 0, 0, 0},
    {0x810, "DIEPMSK", 0, 0x237f, 0, 0},
    {0x814, "DOEPMSK", 0, 0x717f, 0, 0},
    {0x818, "DAINT", 0, 0, 0, 0},
    {0x81c, "DAINTMSK", 0, WHOLE, 0, 0},
    {0x828, "DVBUSDIS", 0x000017d7, 0xffff, 0, 0},
    {0x82c, "DVBUSPULSE", 0x000005b8, 0xffff, 0, 0},
    {0x830, "DTHRCTL", 0, 0x0bff0fff, 0, 0},
    {0x834, "DIEPEMPMSK", 0, 0xffff, 0, 0},
    {0x838, "DEACHINT", 0, 0, 0, 0},
    {0x83c, "DEACHINTMSK", 0, 0x00020002, 0, 0},
    {DIEPCTL0, "DIEPCTL%u", 0, WHOLE, ENDPOINTS, CHANNEL_STRIDE},
    {DIEPINT0, "DIEPINT0", 0x00000080, 0, 0, 0},
    {DIEPINT0 + CHANNEL_STRIDE, "DIEPINT%u", 0, 0, ENDPOINTS - 1, CHANNEL_STRIDE},
    {0x910, "DIEPTSIZ%u", 0, 0x7fffffff, ENDPOINTS, CHANNEL_STRIDE},
    {0x914, "DIEPDMA%u", 0, WHOLE, ENDPOINTS, CHANNEL_STRIDE},
    {0x918, "DTXFSTS%u", 0x00000200, 0, ENDPOINTS, CHANNEL_STRIDE},
    {DOEPCTL0, "DOEPCTL0", 0x00008000, WHOLE, 0, 0},
    {DOEPCTL0 + CHANNEL_STRIDE, "DOEPCTL%u", 0, WHOLE, ENDPOINTS - 1, CHANNEL_STRIDE},
    {DOEPINT0, "DOEPINT0", 0x00000080, 0, 0, 0},
    {DOEPINT0 + CHANNEL_STRIDE, "DOEPINT%u", 0, 0, ENDPOINTS - 1, CHANNEL_STRIDE},
    {0xb10, "DOEPTSIZ%u", 0, 0x7fffffff, ENDPOINTS, CHANNEL_STRIDE},
    {0xb14, "DOEPDMA%u", 0, WHOLE, ENDPOINTS, CHANNEL_STRIDE},
    {0xe00, "PCGCR", 0, 0xf3, 0, 0},
};

struct usb {
    struct block block;
    struct event reset_done, mode_changed, errors;
    uint32_t failing; /* channels whose transaction nobody answers, a bit each */
};

static struct event_queue *queue_of(struct usb *u)
{
    return &block_sim(&u->block)->events;
}

/* ---- Interrupts: channels, their sum, the core's ---- */

static void update_irq(struct usb *u)
{
    uint32_t channels = 0;
    for (unsigned n = 0; n < CHANNELS; n++)
        if (REG(&u->block, HCINT0 + n * CHANNEL_STRIDE) &
            REG(&u->block, HCINTMSK0 + n * CHANNEL_STRIDE))
            channels |= 1u << n;
    REG(&u->block, HAINT) = channels;
    bool any = channels & REG(&u->block, HAINTMSK);
    uint32_t status = REG(&u->block, GINTSTS) & ~(uint32_t)GINTSTS_HCINT;
    REG(&u->block, GINTSTS) = status | (any ? GINTSTS_HCINT : 0);
    bool raised = REG(&u->block, GINTSTS) & REG(&u->block, GINTMSK);
    block_irq(&u->block, 0, raised && REG(&u->block, GAHBCFG) & 1);
}

/* ---- Reset and flush: the bits fall by themselves, AHBIDL stays ---- */

static void end_reset(void *ctx)
{
    struct usb *u = ctx;
    REG(&u->block, GRSTCTL) &= ~(uint32_t)(GRSTCTL_CSRST | GRSTCTL_FLUSHES);
}

/* CSRST leaves what configures the PHY and the clocks. */
static void reset_core(struct usb *u)
{
    static const uint16_t kept[] = {GUSBCFG, 0x038, 0x03c, 0x054, 0x400, 0x800, 0xe00};
    uint32_t values[sizeof kept / sizeof kept[0]];
    for (size_t n = 0; n < sizeof kept / sizeof kept[0]; n++)
        values[n] = REG(&u->block, kept[n]);
    block_reset(&u->block);
    for (size_t n = 0; n < sizeof kept / sizeof kept[0]; n++)
        REG(&u->block, kept[n]) = values[n];
}

static void write_reset(struct usb *u, uint32_t value, const struct block_access *access)
{
    if (value & GRSTCTL_CSRST)
        reset_core(u);
    block_store(&u->block, GRSTCTL, value, access);
    REG(&u->block, GRSTCTL) |= value & (GRSTCTL_CSRST | GRSTCTL_FLUSHES);
    if (REG(&u->block, GRSTCTL) & (GRSTCTL_CSRST | GRSTCTL_FLUSHES))
        event_in(queue_of(u), &u->reset_done, RESET_TIME);
}

/* ---- Mode ---- */

static void take_mode(void *ctx)
{
    struct usb *u = ctx;
    bool host = REG(&u->block, GUSBCFG) & GUSBCFG_FHMOD;
    REG(&u->block, GINTSTS) &= ~(uint32_t)GINTSTS_CMOD;
    REG(&u->block, GINTSTS) |= host ? GINTSTS_CMOD : 0;
    update_irq(u);
}

/* ---- Channels and endpoints ---- */

static void halt(struct usb *u, unsigned channel, uint32_t why)
{
    uint32_t at = channel * CHANNEL_STRIDE;
    REG(&u->block, HCCHAR0 + at) &= ~((uint32_t)HCCHAR_CHENA | HCCHAR_CHDIS);
    REG(&u->block, HCINT0 + at) |= HCINT_CHH | why;
}

static void give_up(void *ctx)
{
    struct usb *u = ctx;
    for (unsigned n = 0; n < CHANNELS; n++)
        if (u->failing >> n & 1)
            halt(u, n, HCINT_TXERR);
    u->failing = 0;
    update_irq(u);
}

static void write_channel(struct usb *u, unsigned channel, uint32_t value)
{
    REG(&u->block, HCCHAR0 + channel * CHANNEL_STRIDE) = value;
    if (!(value & (uint32_t)HCCHAR_CHENA))
        return;
    if (value & HCCHAR_CHDIS) {
        u->failing &= ~(1u << channel);
        halt(u, channel, 0);
        return;
    }
    block_complain(&u->block, COMPLAINT_UNMODELLED, HCCHAR0,
                   "nothing is plugged in: the transaction of channel %u ends with errors",
                   channel);
    u->failing |= 1u << channel;
    if (!event_pending(&u->errors))
        event_in(queue_of(u), &u->errors, ERROR_TIME);
}

/* NAK by its set and clear bits; an endpoint that is disabled stops at once. */
static void write_endpoint(struct usb *u, uint32_t control, uint32_t interrupts, uint32_t value)
{
    uint32_t nak = REG(&u->block, control) & EPCTL_NAK;
    if (value & EPCTL_SET_NAK)
        nak = EPCTL_NAK;
    else if (value & EPCTL_CLEAR_NAK)
        nak = 0;
    if (value & EPCTL_DISABLE) {
        value &= ~(uint32_t)EPCTL_ENABLE;
        REG(&u->block, interrupts) |= EPINT_DISABLED;
    }
    const uint32_t momentary = EPCTL_DISABLE | EPCTL_SET_NAK | EPCTL_CLEAR_NAK | EPCTL_NAK;
    REG(&u->block, control) = (value & ~momentary) | nak;
}

/* The number of a register that repeats every 0x20 from `first`; -1: it is not one of them. */
static int repeated(uint32_t offset, uint32_t first, unsigned count)
{
    uint32_t past = offset - first;
    return past % CHANNEL_STRIDE == 0 && past / CHANNEL_STRIDE < count
               ? (int)(past / CHANNEL_STRIDE)
               : -1;
}

static bool write_repeated(struct usb *u, uint32_t offset, uint32_t value)
{
    int n;
    if ((n = repeated(offset, HCCHAR0, CHANNELS)) >= 0)
        write_channel(u, (unsigned)n, value);
    else if (repeated(offset, DIEPCTL0, ENDPOINTS) >= 0)
        write_endpoint(u, offset, offset + DIEPINT0 - DIEPCTL0, value);
    else if (repeated(offset, DOEPCTL0, ENDPOINTS) >= 0)
        write_endpoint(u, offset, offset + DOEPINT0 - DOEPCTL0, value);
    else if (repeated(offset, HCINT0, CHANNELS) >= 0 ||
             repeated(offset, DIEPINT0, ENDPOINTS) >= 0 ||
             repeated(offset, DOEPINT0, ENDPOINTS) >= 0)
        REG(&u->block, offset) &= ~value;
    else
        return false;
    return true;
}

/* ---- Port: power and reset are kept, change bits clear by 1, enable clears by 1 ---- */

static void write_port(struct usb *u, uint32_t value)
{
    uint32_t port = REG(&u->block, HPRT) & ~value & (HPRT_CHANGES | HPRT_ENABLED);
    REG(&u->block, HPRT) = port | (value & HPRT_KEPT);
}

static uint32_t frame_number(struct usb *u)
{
    if (!(REG(&u->block, HPRT) & HPRT_ENABLED))
        return REG(&u->block, HFNUM);
    return (uint32_t)(sim_now(block_sim(&u->block)) / FRAME_TIME) & 0x3fff;
}

/* ---- Registers ---- */

static uint32_t usb_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    (void)access;
    return offset == HFNUM ? frame_number((struct usb *)block) : REG(block, offset);
}

static void usb_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct usb *u = (struct usb *)block;
    switch (offset) {
    case GRSTCTL:
        write_reset(u, value, access);
        break;
    case GINTSTS:
        REG(block, GINTSTS) &= ~(value & (uint32_t)GINTSTS_CLEARED);
        break;
    case GOTGINT:
        REG(block, GOTGINT) &= ~value;
        break;
    case HPRT:
        write_port(u, value);
        break;
    case GUSBCFG:
        block_store(block, offset, value, access);
        event_in(queue_of(u), &u->mode_changed, MODE_TIME);
        break;
    default:
        if (!write_repeated(u, offset, value))
            block_store(block, offset, value, access);
    }
    update_irq(u);
}

static void usb_reset(struct block *block)
{
    struct usb *u = (struct usb *)block;
    event_cancel(queue_of(u), &u->reset_done);
    event_cancel(queue_of(u), &u->mode_changed);
    event_cancel(queue_of(u), &u->errors);
    u->failing = 0;
}

static void usb_init(struct block *block)
{
    struct usb *u = (struct usb *)block;
    event_init(&u->reset_done, "USB core reset", end_reset, u);
    event_init(&u->mode_changed, "USB mode", take_mode, u);
    event_init(&u->errors, "USB transaction errors", give_up, u);
}

const struct block_class usb_otg_class = {
    .name = "USB_OTG",
    .regs = usb_regs,
    .reg_count = sizeof usb_regs / sizeof usb_regs[0],
    .size = sizeof(struct usb),
    .init = usb_init,
    .reset = usb_reset,
    .read = usb_read,
    .write = usb_write,
};
