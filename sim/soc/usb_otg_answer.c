/*
 * USB OTG in device mode: what an endpoint answers to a token of the host, and what that does to
 * DIEPINTx, DOEPINTx, DIEPTSIZx, DOEPTSIZx and their DMA (RM0399 60.15, device programming model). In
 * slave mode packets for the guest go through the receive FIFO, and the transfer's end is seen when its
 * status is popped; SETUP is always taken, and its phase ends with the next token.
 */
#include "sim/soc/usb_otg.h"

#include <string.h>

enum { SETUP_SIZE = 8 };

static void raise_in(struct usb *u, unsigned n, uint32_t flags)
{
    EP(u, n, DIEPINT) |= flags;
}

static void raise_out(struct usb *u, unsigned n, uint32_t flags)
{
    EP(u, n, DOEPINT) |= flags;
}

static enum usb_answer dma_failed(struct usb *u, unsigned n, uint32_t address)
{
    block_complain(&u->block, COMPLAINT_GUEST, DIEPDMA + 1 + n,
                   "endpoint %u: its DMA cannot reach 0x%08x", n, address);
    return USB_SILENCE;
}

/* Of a register xTSIZ, one packet of this length less. */
static uint32_t count_packet(uint32_t size, unsigned length)
{
    uint32_t left = size & EPTSIZ_XFRSIZ;
    left = left > length ? left - length : 0;
    if (size & EPTSIZ_PKTCNT)
        size -= EPTSIZ_ONE_PACKET;
    return (size & ~(uint32_t)EPTSIZ_XFRSIZ) | left;
}

/* ---- SETUP ---- */

static void end_setup(struct usb *u)
{
    EP(u, 0, DOEPCTL) &= ~(uint32_t)EPCTL_EPENA;
    raise_out(u, 0, EPINT_STUP);
}

/* The first other token shows that no further SETUP comes. */
static void close_setup(struct usb *u)
{
    if (!u->setup_open)
        return;
    u->setup_open = false;
    if (usb_dma(u))
        end_setup(u);
    else
        usb_rx_put(u, 0, RX_SETUP_COMPLETE, NULL);
}

/* By DMA, the endpoint has to be enabled: until then it stays in the receive FIFO. */
void usb_endpoint_deliver_setup(struct usb *u)
{
    if (!u->setup_waits || !(EP(u, 0, DOEPCTL) & (uint32_t)EPCTL_EPENA))
        return;
    u->setup_waits = false;
    if (!usb_memory_write(u, EP(u, 0, DOEPDMA), &u->transaction)) {
        dma_failed(u, 0, EP(u, 0, DOEPDMA));
        return;
    }
    EP(u, 0, DOEPDMA) += SETUP_SIZE;
    raise_out(u, 0, EPINT_STPKTRX);
    u->setup_open = true;
}

static bool store_setup(struct usb *u, const struct usb_transaction *t)
{
    if (usb_dma(u)) {
        u->transaction = *t;
        u->setup_waits = true;
        usb_endpoint_deliver_setup(u);
        return true;
    }
    if (!usb_rx_room(u, SETUP_SIZE))
        return false;
    usb_rx_put(u, 0, RX_SETUP, t);
    u->setup_open = true;
    return true;
}

/* It ends a STALL; both directions say NAK until the guest knows what to do, and go on with DATA1. */
static enum usb_answer setup(struct usb *u, const struct usb_transaction *t)
{
    if (t->length != SETUP_SIZE || t->endpoint || !store_setup(u, t))
        return USB_SILENCE;
    if (EP(u, 0, DOEPTSIZ) & EPTSIZ_STUPCNT)
        EP(u, 0, DOEPTSIZ) -= EPTSIZ_ONE_SETUP;
    for (unsigned n = DIEPCTL; n <= DOEPCTL; n += DOEPCTL - DIEPCTL)
        REG(&u->block, n) = (REG(&u->block, n) & ~(uint32_t)EPCTL_STALL) | EPCTL_NAKSTS;
    u->in[0].data1 = u->out[0].data1 = true;
    return USB_ACK;
}

/* ---- IN ---- */

/* All of the transfer that the host has not had, up to a packet. */
static unsigned next_length(const struct usb *u, unsigned n)
{
    unsigned most = usb_endpoint_packet(u, n, EP(u, n, DIEPCTL));
    unsigned left = (EP(u, n, DIEPTSIZ) & EPTSIZ_XFRSIZ) + u->in[n].length;
    return left < most ? left : most;
}

static bool in_ready(struct usb *u, unsigned n)
{
    unsigned length = next_length(u, n), depth = usb_endpoint_fifo_depth(u, n);
    if (!(EP(u, n, DIEPCTL) & (uint32_t)EPCTL_EPENA) || !(EP(u, n, DIEPTSIZ) & EPTSIZ_PKTCNT))
        return false;
    if (usb_dma(u) && length > 4 * depth)
        block_complain(&u->block, COMPLAINT_GUEST, DTXFSTS + n,
                       "endpoint %u: its transmit FIFO has %u words, fewer than a packet of %u "
                       "bytes: nothing is ever sent",
                       n, depth, length);
    return usb_dma(u) ? length <= 4 * depth : u->in[n].length >= length;
}

static bool in_data(struct usb *u, unsigned n, struct usb_transaction *t)
{
    struct usb_in_endpoint *in = &u->in[n];
    t->length = next_length(u, n);
    if (t->length > USB_PACKET_MAX)
        return false;
    if (usb_dma(u)) {
        if (!usb_memory_read(u, EP(u, n, DIEPDMA), t))
            return dma_failed(u, n, EP(u, n, DIEPDMA)), false;
        EP(u, n, DIEPDMA) += t->length;
        return true;
    }
    memcpy(t->data, in->data, t->length);
    in->length -= t->length;
    memmove(in->data, &in->data[t->length], in->length);
    return true;
}

/* XFRSIZ counts what enters the FIFO: in slave mode the guest has written it before. */
static enum usb_answer answer_in(struct usb *u, unsigned n, struct usb_transaction *t)
{
    bool refused = EP(u, n, DIEPCTL) & EPCTL_NAKSTS || REG(&u->block, DCTL) & DCTL_GINSTS;
    if (refused || !in_ready(u, n)) {
        raise_in(u, n, EPINT_NAK | (u->in[n].length ? 0 : EPINT_ITTXFE));
        return USB_NAK;
    }
    if (!in_data(u, n, t))
        return USB_SILENCE;
    t->data1 = u->in[n].data1;
    usb_endpoint_toggle(u, n, DIEPCTL, !t->data1);
    EP(u, n, DIEPTSIZ) = count_packet(EP(u, n, DIEPTSIZ), usb_dma(u) ? t->length : 0);
    if (!(EP(u, n, DIEPTSIZ) & EPTSIZ_PKTCNT)) {
        EP(u, n, DIEPCTL) &= ~(uint32_t)EPCTL_EPENA;
        raise_in(u, n, EPINT_XFRC);
    }
    return USB_ACK;
}

/* ---- OUT, PING ---- */

static void out_complete(struct usb *u, unsigned n)
{
    EP(u, n, DOEPCTL) &= ~(uint32_t)EPCTL_EPENA;
    raise_out(u, n, EPINT_XFRC);
}

static bool out_ready(struct usb *u, unsigned n, unsigned most)
{
    bool enabled = EP(u, n, DOEPCTL) & (uint32_t)EPCTL_EPENA;
    if (!enabled)
        raise_out(u, n, EPINT_OTEPDIS);
    if (EP(u, n, DOEPCTL) & EPCTL_NAKSTS || REG(&u->block, DCTL) & DCTL_GONSTS)
        return false;
    return enabled && EP(u, n, DOEPTSIZ) & EPTSIZ_PKTCNT && (usb_dma(u) || usb_rx_room(u, most));
}

static bool store_out(struct usb *u, unsigned n, const struct usb_transaction *t)
{
    if (!usb_dma(u)) {
        usb_rx_put(u, n, RX_DATA, t);
        return true;
    }
    if (!usb_memory_write(u, EP(u, n, DOEPDMA), t))
        return dma_failed(u, n, EP(u, n, DOEPDMA)), false;
    EP(u, n, DOEPDMA) += t->length;
    return true;
}

/* A packet that came before, as our ACK was lost, is taken and forgotten. */
static enum usb_answer answer_out(struct usb *u, unsigned n, const struct usb_transaction *t)
{
    unsigned most = usb_endpoint_packet(u, n, EP(u, n, DOEPCTL));
    if (!out_ready(u, n, most)) {
        raise_out(u, n, EPINT_NAK);
        return USB_NAK;
    }
    if (t->token == USB_PING || t->data1 != u->out[n].data1)
        return USB_ACK;
    if (t->length > most || !store_out(u, n, t))
        return USB_SILENCE;
    usb_endpoint_toggle(u, n, DOEPCTL, !t->data1);
    EP(u, n, DOEPTSIZ) = count_packet(EP(u, n, DOEPTSIZ), t->length);
    if (t->length == most && EP(u, n, DOEPTSIZ) & EPTSIZ_PKTCNT)
        return USB_ACK;
    EP(u, n, DOEPCTL) |= EPCTL_NAKSTS;
    if (usb_dma(u))
        out_complete(u, n);
    else
        usb_rx_put(u, n, RX_COMPLETE, NULL);
    return USB_ACK;
}

/* ---- All ---- */

enum usb_answer usb_endpoint_answer(struct usb *u, struct usb_transaction *t)
{
    unsigned n = t->endpoint;
    if (t->token == USB_SETUP)
        return setup(u, t);
    uint32_t control = t->token == USB_IN ? EP(u, n, DIEPCTL) : EP(u, n, DOEPCTL);
    if (n && !(control & EPCTL_USBAEP))
        return USB_SILENCE;
    if (n == 0)
        close_setup(u);
    if (control & EPCTL_STALL)
        return USB_STALL;
    return t->token == USB_IN ? answer_in(u, n, t) : answer_out(u, n, t);
}

void usb_endpoint_popped(struct usb *u, uint32_t status)
{
    unsigned n = status & 15;
    switch (status >> 17 & 15) {
    case RX_DATA:
    case RX_SETUP:
        u->rx.unread = ((status >> 4 & 0x7ff) + 3) / 4;
        break;
    case RX_COMPLETE:
        out_complete(u, n);
        break;
    case RX_SETUP_COMPLETE:
        end_setup(u);
        break;
    }
}
