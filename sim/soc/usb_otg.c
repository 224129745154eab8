/*
 * USB OTG, high speed and full speed (RM0399 chapter 60): registers, reset, mode and
 * interrupts of the core. USB1 has an external ULPI PHY for high speed; USB2 is the same core with its
 * internal full-speed PHY alone. As a host it is complete but for split transactions and the OTG
 * protocols (HNP, SRP, battery detection); in device mode but for isochronous endpoints, resume and LPM.
 */
#include "sim/soc/usb_otg.h"

#include "sim/soc/classes.h"

#include <stddef.h>

enum {
    GRSTCTL_CSRST = 1 << 0,
    GRSTCTL_FLUSHES = 3 << 4, /* RXFFLSH, TXFFLSH */
    FLUSH_ALL = GRSTCTL_FLUSHES | 0x10 << 6,
    /* Of GINTSTS, what is cleared by writing 1, beside SOF: the others are levels. */
    GINTSTS_CLEARED = (int)0xf030fc02,
    GINTSTS_LEVELS = GINTSTS_OTGINT | GINTSTS_SOF | GINTSTS_RXFLVL | GINTSTS_NPTXFE |
                     GINTSTS_HPRTINT | GINTSTS_HCINT | GINTSTS_PTXFE | GINTSTS_GINAKEFF |
                     GINTSTS_GONAKEFF | GINTSTS_IEPINT | GINTSTS_OEPINT,
    HPRT_CHANGES = 0x2a, /* PCDET, PENCHNG, POCCHNG */
};

/* The core needs some clocks of its PHY for a reset, and 25 ms to change its mode (60.14.4, FHMOD). */
#define RESET_TIME (1 * SIM_US)
#define MODE_TIME  (25 * SIM_MS)

#define WHOLE 0xffffffffu

static const struct reg usb_regs[] = {
    {GOTGCTL, "GOTGCTL", 0x00000800, 0x001f0efc, 0, 0},
    {GOTGINT, "GOTGINT", 0, 0, 0, 0},
    {GAHBCFG, "GAHBCFG", 0, 0x000001bf, 0, 0},
    {GUSBCFG, "GUSBCFG", 0x00000a00, 0xe7ffbfff, 0, 0},
    {GRSTCTL, "GRSTCTL", 0x80000000, 0x000007c0, 0, 0},
    {GINTSTS, "GINTSTS", 0x04000020, 0, 0, 0},
    {GINTMSK, "GINTMSK", 0, WHOLE, 0, 0},
    {GRXSTSR, "GRXSTSR", 0, 0, 0, 0},
    {GRXSTSP, "GRXSTSP", 0, 0, 0, 0},
    {GRXFSIZ, "GRXFSIZ", 0x00000200, 0xffff, 0, 0},
    {HNPTXFSIZ, "HNPTXFSIZ", 0x02000200, WHOLE, 0, 0},
    {HNPTXSTS, "GNPTXSTS", 0x00080200, 0, 0, 0},
    {GCCFG, "GCCFG", 0, 0x003f0000, 0, 0},
    {CID, "CID", 0x00002300, WHOLE, 0, 0},
    {0x040, "GSNPSID", 0x4f54330a, 0, 0, 0},
    /* How the core was built: DMA, ULPI, 16 channels, 9 endpoints, 4 KB of FIFO. Not in the manual;
     * drivers for many chips read them. */
    {0x044, "GHWCFG1", 0, 0, 0, 0},
    {0x048, "GHWCFG2", 0x229fe190, 0, 0, 0},
    {0x04c, "GHWCFG3", 0x03b8d2e8, 0, 0, 0},
    {0x050, "GHWCFG4", 0xe3f00030, 0, 0, 0},
    {GLPMCFG, "GLPMCFG", 0, 0x1fffbfbf, 0, 0},
    {0x05c, "GDFIFOCFG", 0x03b80400, WHOLE, 0, 0}, /* likewise */
    {HPTXFSIZ, "HPTXFSIZ", HPTXFSIZ_RESET, WHOLE, 0, 0},
    {0x104, "DIEPTXF1", 0x02000400, WHOLE, 0, 0},
    {0x108, "DIEPTXF2", 0x02000600, WHOLE, 0, 0},
    {0x10c, "DIEPTXF3", 0x02000800, WHOLE, 0, 0},
    {0x110, "DIEPTXF4", 0x02000a00, WHOLE, 0, 0},
    {0x114, "DIEPTXF5", 0x02000c00, WHOLE, 0, 0},
    {0x118, "DIEPTXF6", 0x02000e00, WHOLE, 0, 0},
    {0x11c, "DIEPTXF7", 0x02001000, WHOLE, 0, 0},
    {0x120, "DIEPTXF8", 0x02001200, WHOLE, 0, 0},
    {0x124, "DIEPTXF%9u", 0, 0, 7, 4}, /* not there; drivers for larger cores clear them */
    {HCFG, "HCFG", 0, 7, 0, 0},
    {HFIR, "HFIR", 0x0000ea60, 0x1ffff, 0, 0},
    {HFNUM, "HFNUM", 0x00003fff, 0, 0, 0},
    {HPTXSTS, "HPTXSTS", 0x00080100, 0, 0, 0},
    {HAINT, "HAINT", 0, 0, 0, 0},
    {HAINTMSK, "HAINTMSK", 0, 0xffff, 0, 0},
    {HPRT, "HPRT", 0, 0, 0, 0},
    {HCCHAR, "HCCHAR%u", 0, WHOLE, USB_CHANNELS, USB_STRIDE},
    {HCSPLT, "HCSPLT%u", 0, 0x8001ffff, USB_CHANNELS, USB_STRIDE},
    {HCINT, "HCINT%u", 0, 0, USB_CHANNELS, USB_STRIDE},
    {HCINTMSK, "HCINTMSK%u", 0, 0x7ff, USB_CHANNELS, USB_STRIDE},
    {HCTSIZ, "HCTSIZ%u", 0, WHOLE, USB_CHANNELS, USB_STRIDE},
    {HCDMA, "HCDMA%u", 0, WHOLE, USB_CHANNELS, USB_STRIDE},
    {DCFG, "DCFG", 0x02200000, 0x0300ffff, 0, 0},
    {DCTL, "DCTL", 0, 0x00040873, 0, 0},
    {DSTS, "DSTS", 0x00000010, 0, 0, 0},
    {DIEPMSK, "DIEPMSK", 0, 0x237f, 0, 0},
    {DOEPMSK, "DOEPMSK", 0, 0x717f, 0, 0},
    {DAINT, "DAINT", 0, 0, 0, 0},
    {DAINTMSK, "DAINTMSK", 0, WHOLE, 0, 0},
    {0x828, "DVBUSDIS", 0x000017d7, 0xffff, 0, 0},
    {0x82c, "DVBUSPULSE", 0x000005b8, 0xffff, 0, 0},
    {0x830, "DTHRCTL", 0, 0x0bff0fff, 0, 0},
    {DIEPEMPMSK, "DIEPEMPMSK", 0, 0xffff, 0, 0},
    {0x838, "DEACHINT", 0, 0, 0, 0},
    {0x83c, "DEACHINTMSK", 0, 0x00020002, 0, 0},
    {DIEPCTL, "DIEPCTL%u", 0, WHOLE, USB_ENDPOINTS, USB_STRIDE},
    {DIEPINT, "DIEPINT0", 0x00000080, 0, 0, 0},
    {DIEPINT + USB_STRIDE, "DIEPINT%1u", 0, 0, USB_ENDPOINTS - 1, USB_STRIDE},
    {DIEPTSIZ, "DIEPTSIZ%u", 0, 0x7fffffff, USB_ENDPOINTS, USB_STRIDE},
    {DIEPDMA, "DIEPDMA%u", 0, WHOLE, USB_ENDPOINTS, USB_STRIDE},
    {DTXFSTS, "DTXFSTS%u", 0x00000200, 0, USB_ENDPOINTS, USB_STRIDE},
    {DOEPCTL, "DOEPCTL0", 0x00008000, WHOLE, 0, 0},
    {DOEPCTL + USB_STRIDE, "DOEPCTL%1u", 0, WHOLE, USB_ENDPOINTS - 1, USB_STRIDE},
    {DOEPINT, "DOEPINT0", 0x00000080, 0, 0, 0},
    {DOEPINT + USB_STRIDE, "DOEPINT%1u", 0, 0, USB_ENDPOINTS - 1, USB_STRIDE},
    {DOEPTSIZ, "DOEPTSIZ%u", 0, 0x7fffffff, USB_ENDPOINTS, USB_STRIDE},
    {DOEPDMA, "DOEPDMA%u", 0, WHOLE, USB_ENDPOINTS, USB_STRIDE},
    {PCGCCTL, "PCGCR", 0, 0xf3, 0, 0},
    {DFIFO, "DFIFO", 0, 0, USB_CHANNELS *USB_FIFO_STRIDE / 4, 4},
};

/* ---- Interrupts: channels, their sum, the core's ---- */

static bool any_channel(struct usb *u)
{
    uint32_t channels = 0;
    for (unsigned n = 0; n < USB_CHANNELS; n++)
        if (CH(u, n, HCINT) & CH(u, n, HCINTMSK))
            channels |= 1u << n;
    REG(&u->block, HAINT) = channels;
    return channels & REG(&u->block, HAINTMSK);
}

static uint32_t levels(struct usb *u)
{
    uint32_t level = 0;
    if (REG(&u->block, GOTGINT))
        level |= GINTSTS_OTGINT;
    if (any_channel(u))
        level |= GINTSTS_HCINT;
    if (REG(&u->block, HPRT) & HPRT_CHANGES)
        level |= GINTSTS_HPRTINT;
    if (usb_rx_waiting(u))
        level |= GINTSTS_RXFLVL;
    if (usb_queue_empty(u, USB_NON_PERIODIC))
        level |= GINTSTS_NPTXFE;
    if (usb_queue_empty(u, USB_PERIODIC))
        level |= GINTSTS_PTXFE;
    if (u->frames_run && usb_frame(u) >= u->frames_seen)
        level |= GINTSTS_SOF;
    return usb_host(u) ? level : level | usb_endpoint_levels(u);
}

void usb_update_irq(struct usb *u)
{
    uint32_t status = REG(&u->block, GINTSTS) & ~(uint32_t)GINTSTS_LEVELS;
    REG(&u->block, GINTSTS) = status | levels(u);
    bool raised = REG(&u->block, GINTSTS) & REG(&u->block, GINTMSK);
    block_irq(&u->block, 0, raised && REG(&u->block, GAHBCFG) & GAHBCFG_GINT);
    usb_frame_interrupts(u);
}

static void clear_interrupts(struct usb *u, uint32_t value)
{
    REG(&u->block, GINTSTS) &= ~(value & (uint32_t)GINTSTS_CLEARED);
    if (value & GINTSTS_SOF && u->frames_run)
        u->frames_seen = usb_frame(u) + 1;
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
    static const uint16_t kept[] = {GUSBCFG, GCCFG, CID, GLPMCFG, HCFG, DCFG, PCGCCTL};
    enum { KEPT = sizeof kept / sizeof kept[0] };
    uint32_t values[KEPT];
    bool host = usb_host(u);
    for (size_t n = 0; n < KEPT; n++)
        values[n] = REG(&u->block, kept[n]);
    block_reset(&u->block);
    for (size_t n = 0; n < KEPT; n++)
        REG(&u->block, kept[n]) = values[n];
    REG(&u->block, GINTSTS) |= host ? GINTSTS_CMOD : 0;
}

static void write_reset(struct usb *u, uint32_t value, const struct block_access *access)
{
    if (value & GRSTCTL_CSRST)
        reset_core(u);
    block_store(&u->block, GRSTCTL, value, access);
    usb_flush(u, value);
    REG(&u->block, GRSTCTL) |= value & (GRSTCTL_CSRST | GRSTCTL_FLUSHES);
    if (REG(&u->block, GRSTCTL) & (GRSTCTL_CSRST | GRSTCTL_FLUSHES))
        event_in(usb_events(u), &u->reset_done, RESET_TIME);
}

/* ---- Mode ---- */

static void take_mode(void *ctx)
{
    struct usb *u = ctx;
    bool host = REG(&u->block, GUSBCFG) & GUSBCFG_FHMOD;
    REG(&u->block, GINTSTS) &= ~(uint32_t)GINTSTS_CMOD;
    REG(&u->block, GINTSTS) |= host ? GINTSTS_CMOD : 0;
    usb_port_power(u);
    usb_device_look(u);
    usb_update_irq(u);
}

/* Written again with the mode that it has, as drivers do with other bits, nothing changes. */
static void write_configuration(struct usb *u, uint32_t value, const struct block_access *access)
{
    bool before = REG(&u->block, GUSBCFG) & GUSBCFG_FHMOD;
    block_store(&u->block, GUSBCFG, value, access);
    bool host = REG(&u->block, GUSBCFG) & GUSBCFG_FHMOD;
    if (host != before)
        event_in(usb_events(u), &u->mode_changed, MODE_TIME);
}

/* ---- Registers ---- */

static uint32_t usb_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct usb *u = (struct usb *)block;
    (void)access;
    if (offset >= DFIFO)
        return usb_fifo_read(u);
    switch (offset) {
    case GINTSTS:
        if ((REG(block, GINTSTS) & (uint32_t)GINTSTS_LEVELS) != levels(u))
            usb_update_irq(u);
        return REG(block, GINTSTS);
    case GRXSTSR:
        return usb_rx_peek(u);
    case GRXSTSP:
        return usb_rx_pop(u);
    case HNPTXSTS:
        return usb_queue_status(u, USB_NON_PERIODIC);
    case HPTXSTS:
        return usb_queue_status(u, USB_PERIODIC);
    case HFNUM:
        return usb_frame_register(u);
    default:
        return usb_endpoint_read(u, offset);
    }
}

static bool is_channel_register(uint32_t offset, uint32_t first)
{
    return offset >= first && offset < first + USB_CHANNELS * USB_STRIDE &&
           (offset - first) % USB_STRIDE == 0;
}

static void write_other(struct usb *u, uint32_t offset, uint32_t value,
                        const struct block_access *access)
{
    if (is_channel_register(offset, HCCHAR))
        usb_channel_write(u, (offset - HCCHAR) / USB_STRIDE, value);
    else if (is_channel_register(offset, HCINT))
        REG(&u->block, offset) &= ~value;
    else if (!usb_endpoint_write(u, offset, value, access))
        block_store(&u->block, offset, value, access);
}

static void usb_write(struct block *block, uint32_t offset, uint32_t value,
                      const struct block_access *access)
{
    struct usb *u = (struct usb *)block;
    if (offset >= DFIFO) {
        usb_fifo_write(u, (offset - DFIFO) / USB_FIFO_STRIDE, value);
        return;
    }
    switch (offset) {
    case GRSTCTL:
        write_reset(u, value, access);
        break;
    case GINTSTS:
        clear_interrupts(u, value);
        break;
    case GOTGINT:
        REG(block, GOTGINT) &= ~value;
        break;
    case HPRT:
        usb_port_write(u, value);
        break;
    case GUSBCFG:
        write_configuration(u, value, access);
        break;
    case PCGCCTL:
        block_store(block, offset, value, access);
        usb_bus_look(u);
        break;
    default:
        write_other(u, offset, value, access);
    }
    if (!usb_host(u))
        usb_device_look(u);
    usb_update_irq(u);
}

/* ---- Reset, class ---- */

static void usb_reset(struct block *block)
{
    struct usb *u = (struct usb *)block;
    event_cancel(usb_events(u), &u->reset_done);
    event_cancel(usb_events(u), &u->mode_changed);
    usb_bus_reset(u);
    usb_channels_reset(u);
    usb_flush(u, FLUSH_ALL);
    usb_port_reset(u);
    usb_device_reset(u);
}

static void usb_init(struct block *block)
{
    struct usb *u = (struct usb *)block;
    u->master = block->row->instance == 1 ? MASTER_USB1 : MASTER_USB2;
    u->memory = (struct bus_port){block_sim(block), u->master, NULL};
    event_init(&u->reset_done, "USB core reset", end_reset, u);
    event_init(&u->mode_changed, "USB mode", take_mode, u);
    usb_port_init(u);
    usb_channels_init(u);
    usb_bus_init(u);
    usb_device_init(u);
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
