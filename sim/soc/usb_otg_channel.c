/*
 * USB OTG: host channels (RM0399 60.14.25 to 30, 60.15): enabled, halted, and what each answer of a
 * device does to HCINTx, HCTSIZx and HCDMAx. In DMA mode the core goes through a whole transfer by
 * itself, asks with PING after NAK and NYET, and halts the channel at its end or at the first thing
 * that needs the guest. In slave mode it does what is posted, and stops after everything but ACK until
 * the guest halts the channel.
 */
#include "sim/soc/usb_otg.h"

enum {
    TYPE_CONTROL,
    TYPE_ISOCHRONOUS,
    TYPE_BULK,
    TYPE_INTERRUPT,
    XFRSIZ = 0x7ffff,
    PKTCNT = 0x3ff << 19,
    ONE_PACKET = 1 << 19,
    DPID_SHIFT = 29,
    DPID = 3 << 29,
    DPID_DATA1 = 2,
    DPID_SETUP = 3,
};

#define HALT_TIME (300 * SIM_NS)

/* ---- Its registers ---- */

static unsigned type(const struct usb *u, unsigned n)
{
    return CH(u, n, HCCHAR) >> 18 & 3;
}

bool usb_channel_periodic(const struct usb *u, unsigned n)
{
    return type(u, n) == TYPE_INTERRUPT || type(u, n) == TYPE_ISOCHRONOUS;
}

bool usb_channel_isochronous(const struct usb *u, unsigned n)
{
    return type(u, n) == TYPE_ISOCHRONOUS;
}

static bool is_in(const struct usb *u, unsigned n)
{
    return CH(u, n, HCCHAR) & HCCHAR_EPDIR;
}

static unsigned largest(const struct usb *u, unsigned n)
{
    return CH(u, n, HCCHAR) & HCCHAR_MPSIZ;
}

static unsigned data_pid(const struct usb *u, unsigned n)
{
    return CH(u, n, HCTSIZ) >> DPID_SHIFT & 3;
}

/* DATA0 and DATA1 in turn; after SETUP comes DATA1. Isochronous ones are the guest's business. */
static void toggle(struct usb *u, unsigned n)
{
    unsigned next = data_pid(u, n) == DPID_DATA1 ? 0 : DPID_DATA1;
    if (usb_channel_isochronous(u, n))
        return;
    CH(u, n, HCTSIZ) = (CH(u, n, HCTSIZ) & ~(uint32_t)DPID) | next << DPID_SHIFT;
}

/* One packet less; true: it was the last. */
static bool count_packet(struct usb *u, unsigned n)
{
    if (CH(u, n, HCTSIZ) & PKTCNT)
        CH(u, n, HCTSIZ) -= ONE_PACKET;
    return !(CH(u, n, HCTSIZ) & PKTCNT);
}

void usb_channel_raise(struct usb *u, unsigned n, uint32_t flags)
{
    CH(u, n, HCINT) |= flags;
}

/* ---- Halts ---- */

void usb_channel_halt(struct usb *u, unsigned n, uint32_t why)
{
    CH(u, n, HCCHAR) &= ~((uint32_t)HCCHAR_CHENA | HCCHAR_CHDIS);
    u->channel[n] = (struct usb_channel){0};
    usb_channel_raise(u, n, HCINT_CHH | why);
}

/* In DMA mode it halts at once, in slave mode the guest has to do it. */
static void fail(struct usb *u, unsigned n, uint32_t why)
{
    if (usb_dma(u)) {
        usb_channel_halt(u, n, why);
        return;
    }
    usb_channel_raise(u, n, why);
    u->channel[n].stopped = true;
}

/* In slave mode the halt of an IN channel comes through the receive FIFO, after its data. */
static void halt_now(struct usb *u, unsigned n)
{
    bool through_fifo = !usb_dma(u) && is_in(u, n) && CH(u, n, HCCHAR) & (uint32_t)HCCHAR_CHENA;
    usb_queue_forget(usb_queue_of(u, n), n);
    if (!through_fifo) {
        usb_channel_halt(u, n, 0);
        return;
    }
    CH(u, n, HCCHAR) &= ~((uint32_t)HCCHAR_CHENA | HCCHAR_CHDIS);
    u->channel[n] = (struct usb_channel){0};
    usb_rx_put(u, n, RX_HALTED, NULL);
}

/* ---- The guest writes HCCHARx ---- */

static bool splits(struct usb *u, unsigned n)
{
    if (!(CH(u, n, HCSPLT) & (uint32_t)HCSPLT_SPLITEN))
        return false;
    block_complain(&u->block, COMPLAINT_UNMODELLED, HCSPLT,
                   "split transactions (channel %u): there is nothing behind a hub; they end with "
                   "errors",
                   n);
    return true;
}

static void post_first(struct usb *u, unsigned n, bool was_enabled)
{
    if (CH(u, n, HCTSIZ) & (uint32_t)HCTSIZ_DOPING && !is_in(u, n)) {
        usb_post(u, n, USB_PING);
    } else if (is_in(u, n)) {
        usb_post(u, n, USB_IN);
    } else if (!was_enabled && !(CH(u, n, HCTSIZ) & XFRSIZ)) {
        usb_post(u, n, data_pid(u, n) == DPID_SETUP ? USB_SETUP : USB_OUT);
    }
}

/* Takes some clocks: drivers that set CHDIS and then, in a second access, CHENA, still find both. */
static void halt_asked(void *ctx)
{
    struct usb *u = ctx;
    for (unsigned n = 0; n < USB_CHANNELS; n++)
        if (u->channel[n].halting && !(u->busy && u->active == n))
            halt_now(u, n);
    usb_bus_look(u);
    usb_update_irq(u);
}

static void ask_to_halt(struct usb *u, unsigned n)
{
    u->channel[n].halting = true;
    if (!event_pending(&u->halts))
        event_in(usb_events(u), &u->halts, HALT_TIME);
}

static void enable(struct usb *u, unsigned n, bool was_enabled)
{
    struct usb_channel *c = &u->channel[n];
    if (!was_enabled) {
        *c = (struct usb_channel){.unwritten = CH(u, n, HCTSIZ) & XFRSIZ};
        c->frame = UINT64_MAX;
        splits(u, n);
    }
    if (usb_dma(u) && CH(u, n, HCDMA) % 4)
        block_complain(&u->block, COMPLAINT_GUEST, HCDMA,
                       "HCDMA%u is 0x%08x: its lowest two bits count as 0", n, CH(u, n, HCDMA));
    if (!usb_dma(u))
        post_first(u, n, was_enabled);
    usb_bus_look(u);
}

void usb_channel_write(struct usb *u, unsigned n, uint32_t value)
{
    const uint32_t both = (uint32_t)HCCHAR_CHENA | HCCHAR_CHDIS;
    bool was_enabled = CH(u, n, HCCHAR) & (uint32_t)HCCHAR_CHENA;
    if (u->channel[n].halting)
        return;
    CH(u, n, HCCHAR) = value | (was_enabled ? (uint32_t)HCCHAR_CHENA : 0);
    if ((value & both) == both)
        ask_to_halt(u, n);
    else if (value & (uint32_t)HCCHAR_CHENA)
        enable(u, n, was_enabled);
}

void usb_channels_init(struct usb *u)
{
    event_init(&u->halts, "USB channel halts", halt_asked, u);
}

void usb_channels_reset(struct usb *u)
{
    event_cancel(usb_events(u), &u->halts);
    for (unsigned n = 0; n < USB_CHANNELS; n++)
        u->channel[n] = (struct usb_channel){0};
}

/* ---- DMA ---- */

static void dma_failed(struct usb *u, unsigned n)
{
    block_complain(&u->block, COMPLAINT_GUEST, HCDMA + 1 + n,
                   "channel %u: its DMA cannot reach 0x%08x", n, CH(u, n, HCDMA));
    usb_channel_halt(u, n, HCINT_AHBERR);
}

static enum usb_token next_token(const struct usb *u, unsigned n)
{
    if (is_in(u, n))
        return USB_IN;
    if (data_pid(u, n) == DPID_SETUP)
        return USB_SETUP;
    return CH(u, n, HCTSIZ) & (uint32_t)HCTSIZ_DOPING ? USB_PING : USB_OUT;
}

bool usb_channel_fetch(struct usb *u, unsigned n, struct usb_transaction *t)
{
    uint32_t left = CH(u, n, HCTSIZ) & XFRSIZ, most = largest(u, n);
    t->token = next_token(u, n);
    t->length = 0;
    if (t->token != USB_OUT && t->token != USB_SETUP)
        return true;
    t->length = left < most ? left : most;
    t->length = t->length < USB_PACKET_MAX ? t->length : USB_PACKET_MAX;
    if (usb_memory_read(u, CH(u, n, HCDMA), t))
        return true;
    dma_failed(u, n);
    return false;
}

/* ---- What answers do ---- */

static void sent(struct usb *u, unsigned n, const struct usb_transaction *t, enum usb_answer answer)
{
    if (!usb_channel_isochronous(u, n))
        usb_channel_raise(u, n, answer == USB_NYET ? HCINT_NYET : HCINT_ACK);
    if (usb_dma(u)) {
        CH(u, n, HCTSIZ) -= t->length;
        CH(u, n, HCDMA) += t->length;
    }
    toggle(u, n);
    if (count_packet(u, n)) {
        usb_channel_raise(u, n, HCINT_XFRC);
        if (usb_dma(u))
            usb_channel_halt(u, n, 0);
        else
            CH(u, n, HCCHAR) &= ~(uint32_t)HCCHAR_CHENA;
    } else if (answer == USB_NYET) {
        CH(u, n, HCTSIZ) |= usb_dma(u) ? (uint32_t)HCTSIZ_DOPING : 0;
        u->channel[n].stopped = !usb_dma(u);
    }
}

static void pinged(struct usb *u, unsigned n)
{
    CH(u, n, HCTSIZ) &= ~(uint32_t)HCTSIZ_DOPING;
    usb_channel_raise(u, n, HCINT_ACK);
}

/* A packet that was sent before: the host's ACK was lost (USB 2.0 8.6.3). */
static bool repeated(struct usb *u, unsigned n, const struct usb_transaction *t)
{
    return !usb_channel_isochronous(u, n) && t->data1 != (data_pid(u, n) == DPID_DATA1);
}

static void put_data(struct usb *u, unsigned n, const struct usb_transaction *t)
{
    if (!usb_dma(u)) {
        usb_rx_put(u, n, RX_DATA, t);
        return;
    }
    if (!usb_memory_write(u, CH(u, n, HCDMA), t)) {
        dma_failed(u, n);
        return;
    }
    CH(u, n, HCDMA) += t->length;
    usb_channel_raise(u, n, HCINT_ACK);
}

static void received(struct usb *u, unsigned n, const struct usb_transaction *t)
{
    uint32_t left = CH(u, n, HCTSIZ) & XFRSIZ;
    if (t->length > largest(u, n) || t->length > left) {
        fail(u, n, HCINT_BBERR);
        return;
    }
    if (u->device && u->device->acknowledged && !usb_channel_isochronous(u, n))
        u->device->acknowledged(u->device->ctx, t->endpoint);
    if (repeated(u, n, t)) {
        if (usb_dma(u))
            usb_channel_halt(u, n, HCINT_DTERR);
        else
            usb_rx_put(u, n, RX_TOGGLE_ERROR, NULL);
        return;
    }
    put_data(u, n, t);
    if (!(CH(u, n, HCCHAR) & (uint32_t)HCCHAR_CHENA))
        return;
    CH(u, n, HCTSIZ) -= t->length;
    toggle(u, n);
    if (!count_packet(u, n) && t->length == largest(u, n))
        return;
    if (usb_dma(u))
        usb_channel_halt(u, n, HCINT_XFRC);
    else
        usb_rx_put(u, n, RX_COMPLETE, NULL);
}

static void refused(struct usb *u, unsigned n, const struct usb_transaction *t)
{
    const struct usb_device *device = u->device;
    usb_channel_raise(u, n, HCINT_NAK);
    if (!usb_dma(u)) {
        u->channel[n].stopped = t->token != USB_IN;
    } else if (usb_channel_periodic(u, n)) {
        usb_channel_halt(u, n, 0);
    } else {
        if (t->token == USB_OUT && usb_port_speed(u) == USB_SPEED_HIGH)
            CH(u, n, HCTSIZ) |= (uint32_t)HCTSIZ_DOPING;
        u->channel[n].quiet = device && device->ready ? device->ready(device->ctx, t) : 0;
    }
}

static void apply(struct usb *u, unsigned n, const struct usb_transaction *t,
                  enum usb_answer answer)
{
    switch (answer) {
    case USB_ACK:
    case USB_NYET:
        if (t->token == USB_IN)
            received(u, n, t);
        else if (t->token == USB_PING)
            pinged(u, n);
        else
            sent(u, n, t, answer);
        break;
    case USB_NAK:
        refused(u, n, t);
        break;
    case USB_STALL:
        fail(u, n, HCINT_STALL);
        break;
    case USB_SILENCE:
    case USB_GARBLED:
        fail(u, n, HCINT_TXERR);
        break;
    }
}

void usb_channel_result(struct usb *u, unsigned n, const struct usb_transaction *t,
                        enum usb_answer answer)
{
    if (CH(u, n, HCCHAR) & (uint32_t)HCCHAR_CHENA)
        apply(u, n, t, answer);
    if (u->channel[n].halting && !event_pending(&u->halts))
        halt_now(u, n);
    usb_update_irq(u);
}
