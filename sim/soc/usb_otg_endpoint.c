/*
 * USB OTG in device mode: registers of endpoints and their transmit FIFOs (RM0399 60.14.33 on). NAKs
 * take effect at once, and an endpoint that is disabled stops at once.
 */
#include "sim/soc/usb_otg.h"

#include <string.h>

enum {
    DCTL_SGINAK = 1 << 7,
    DCTL_CGINAK = 1 << 8,
    DCTL_SGONAK = 1 << 9,
    DCTL_CGONAK = 1 << 10,
    ALL_FIFOS = 0x10,
};

/* ---- What an endpoint is like ---- */

/* Endpoint 0 has a code for it, in DIEPCTL0 for both directions. */
unsigned usb_endpoint_packet(const struct usb *u, unsigned n, uint32_t control)
{
    return n ? control & EPCTL_MPSIZ : 64u >> (EP(u, 0, DIEPCTL) & 3);
}

static unsigned fifo_of(const struct usb *u, unsigned n)
{
    return n ? EP(u, n, DIEPCTL) >> EPCTL_TXFNUM_SHIFT & 15 : 0;
}

unsigned usb_endpoint_fifo_depth(const struct usb *u, unsigned n)
{
    unsigned fifo = fifo_of(u, n);
    if (fifo >= USB_ENDPOINTS)
        return 0;
    unsigned depth = REG(&u->block, fifo ? HPTXFSIZ + 4 * fifo : HNPTXFSIZ) >> 16;
    return depth < USB_FIFO_WORDS ? depth : USB_FIFO_WORDS;
}

/* DATA0 and DATA1; endpoint 0 does not show it. */
void usb_endpoint_toggle(struct usb *u, unsigned n, uint32_t control, bool data1)
{
    *(control == DIEPCTL ? &u->in[n].data1 : &u->out[n].data1) = data1;
    if (n == 0)
        return;
    EP(u, n, control) &= ~(uint32_t)EPCTL_DPID;
    EP(u, n, control) |= data1 ? EPCTL_DPID : 0;
}

/* ---- Transmit FIFOs, in slave mode ---- */

static unsigned fifo_used(const struct usb *u, unsigned n)
{
    unsigned packet = usb_endpoint_packet(u, n, EP(u, n, DIEPCTL)), length = u->in[n].length;
    if (!packet)
        return 0;
    return length / packet * ((packet + 3) / 4) + (length % packet + 3) / 4;
}

static unsigned fifo_room(const struct usb *u, unsigned n)
{
    unsigned used = fifo_used(u, n), depth = usb_endpoint_fifo_depth(u, n);
    return used < depth ? depth - used : 0;
}

/* By TXFELVL: half empty or completely empty. */
static bool fifo_empty(const struct usb *u, unsigned n)
{
    unsigned used = fifo_used(u, n);
    if (n && !(EP(u, n, DIEPCTL) & EPCTL_USBAEP))
        return false;
    return REG(&u->block, GAHBCFG) & GAHBCFG_TXFELVL ? used == 0
                                                     : 2 * used <= usb_endpoint_fifo_depth(u, n);
}

/* The rest of a packet's last word does not count. */
void usb_endpoint_fifo_write(struct usb *u, unsigned n, uint32_t word)
{
    if (n >= USB_ENDPOINTS || usb_dma(u))
        return;
    struct usb_in_endpoint *in = &u->in[n];
    uint32_t left = EP(u, n, DIEPTSIZ) & EPTSIZ_XFRSIZ;
    unsigned packet = usb_endpoint_packet(u, n, EP(u, n, DIEPCTL));
    if (!left || !packet) {
        block_complain(&u->block, COMPLAINT_GUEST, DFIFO + n,
                       "a word is written into the FIFO of endpoint %u, which has nothing to send "
                       "(DIEPTSIZ.XFRSIZ)",
                       n);
        return;
    }
    if (!fifo_room(u, n) && in->length % packet % 4 == 0) {
        block_complain(&u->block, COMPLAINT_GUEST, DFIFO + USB_CHANNELS + 1,
                       "the transmit FIFO overflows: look at its free words first");
        return;
    }
    unsigned size = packet - in->length % packet;
    size = size < 4 ? size : 4;
    size = size < left ? size : left;
    memcpy(&in->data[in->length], &word, size);
    in->length += size;
    EP(u, n, DIEPTSIZ) -= size;
    usb_update_irq(u);
}

void usb_endpoint_flush(struct usb *u, unsigned fifo)
{
    for (unsigned n = 0; n < USB_ENDPOINTS; n++)
        if (fifo == ALL_FIFOS || fifo == fifo_of(u, n))
            u->in[n].length = 0;
}

/* ---- Interrupts ---- */

static uint32_t in_flags(const struct usb *u, unsigned n)
{
    uint32_t stored = EP(u, n, DIEPINT) & ~(uint32_t)EPINT_TXFE;
    return stored | (fifo_empty(u, n) ? EPINT_TXFE : 0);
}

static uint32_t in_interrupts(const struct usb *u, unsigned n)
{
    bool empty = REG(&u->block, DIEPEMPMSK) >> n & 1;
    uint32_t mask = (REG(&u->block, DIEPMSK) & ~(uint32_t)EPINT_TXFE) | (empty ? EPINT_TXFE : 0);
    return in_flags(u, n) & mask;
}

uint32_t usb_endpoint_levels(struct usb *u)
{
    struct block *block = &u->block;
    uint32_t sum = 0;
    for (unsigned n = 0; n < USB_ENDPOINTS; n++) {
        sum |= in_interrupts(u, n) ? 1u << n : 0;
        sum |= REG(block, DOEPINT + n * USB_STRIDE) & REG(block, DOEPMSK) ? 0x10000u << n : 0;
    }
    REG(block, DAINT) = sum;
    sum &= REG(block, DAINTMSK);
    return (REG(block, DCTL) & DCTL_GINSTS ? GINTSTS_GINAKEFF : 0) |
           (REG(block, DCTL) & DCTL_GONSTS ? GINTSTS_GONAKEFF : 0) |
           (sum & 0xffff ? GINTSTS_IEPINT : 0) | (sum >> 16 ? GINTSTS_OEPINT : 0);
}

/* ---- Registers ---- */

static bool is_endpoint(uint32_t offset, uint32_t first)
{
    return offset >= first && offset < first + USB_ENDPOINTS * USB_STRIDE &&
           (offset - first) % USB_STRIDE == 0;
}

uint32_t usb_endpoint_read(struct usb *u, uint32_t offset)
{
    if (offset == DSTS)
        return usb_device_status(u);
    if (is_endpoint(offset, DIEPINT))
        return in_flags(u, (offset - DIEPINT) / USB_STRIDE);
    if (is_endpoint(offset, DTXFSTS))
        return fifo_room(u, (offset - DTXFSTS) / USB_STRIDE);
    return REG(&u->block, offset);
}

/* What stays of a control register, whatever is written: EPENA once it is set, the toggle; of endpoint
 * 0, that it is there, and its STALL until the next SETUP. */
static uint32_t kept_bits(unsigned n, uint32_t before)
{
    uint32_t kept = before & ((uint32_t)EPCTL_EPENA | EPCTL_DPID);
    return n ? kept : kept | (before & EPCTL_STALL) | EPCTL_USBAEP;
}

/* NAK by its set and clear bits; an endpoint that is disabled stops at once. */
static void write_control(struct usb *u, uint32_t control, unsigned n, uint32_t value)
{
    const uint32_t momentary = EPCTL_EPDIS | EPCTL_SNAK | EPCTL_CNAK | EPCTL_NAKSTS | EPCTL_DPID |
                               EPCTL_SD0PID | EPCTL_SD1PID;
    uint32_t interrupts = control + DIEPINT - DIEPCTL, before = EP(u, n, control);
    uint32_t nak = before & EPCTL_NAKSTS;
    if (value & EPCTL_SNAK)
        nak = EPCTL_NAKSTS;
    else if (value & EPCTL_CNAK)
        nak = 0;
    EP(u, n, control) = (value & ~momentary) | nak | kept_bits(n, before);
    if (value & EPCTL_EPDIS) {
        EP(u, n, control) &= ~(uint32_t)EPCTL_EPENA;
        EP(u, n, interrupts) |= EPINT_EPDISD;
    }
    if (control == DOEPCTL && n == 0)
        usb_endpoint_deliver_setup(u);
    if (n && value & (EPCTL_SD0PID | EPCTL_SD1PID))
        usb_endpoint_toggle(u, n, control, value & EPCTL_SD1PID);
}

static void write_in_control(struct usb *u, unsigned n, uint32_t value)
{
    write_control(u, DIEPCTL, n, value);
    if (value & EPCTL_SNAK)
        EP(u, n, DIEPINT) |= EPINT_INEPNE;
    else if (value & EPCTL_CNAK)
        EP(u, n, DIEPINT) &= ~(uint32_t)EPINT_INEPNE;
}

/* The global NAKs, of which the state shows. */
static void write_device_control(struct usb *u, uint32_t value, const struct block_access *access)
{
    uint32_t state = REG(&u->block, DCTL) & (DCTL_GINSTS | DCTL_GONSTS);
    block_store(&u->block, DCTL, value, access);
    state |= (value & DCTL_SGINAK ? DCTL_GINSTS : 0) | (value & DCTL_SGONAK ? DCTL_GONSTS : 0);
    state &= ~(uint32_t)((value & DCTL_CGINAK ? DCTL_GINSTS : 0) |
                         (value & DCTL_CGONAK ? DCTL_GONSTS : 0));
    REG(&u->block, DCTL) = (REG(&u->block, DCTL) & ~(uint32_t)(DCTL_GINSTS | DCTL_GONSTS)) | state;
}

bool usb_endpoint_write(struct usb *u, uint32_t offset, uint32_t value,
                        const struct block_access *access)
{
    if (offset == DCTL)
        write_device_control(u, value, access);
    else if (is_endpoint(offset, DIEPCTL))
        write_in_control(u, (offset - DIEPCTL) / USB_STRIDE, value);
    else if (is_endpoint(offset, DOEPCTL))
        write_control(u, DOEPCTL, (offset - DOEPCTL) / USB_STRIDE, value);
    else if (is_endpoint(offset, DIEPINT) || is_endpoint(offset, DOEPINT))
        REG(&u->block, offset) &= ~value;
    else
        return false;
    return true;
}
