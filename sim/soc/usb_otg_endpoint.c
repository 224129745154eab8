/*
 * USB OTG in device mode (RM0399 60.14.33 on): endpoints with their bits, which never see a token. What
 * drivers wait for when they set up, stall and close endpoints happens: NAKs take effect, an endpoint
 * that is disabled stops.
 */
#include "sim/soc/usb_otg.h"

enum {
    DCTL_GINSTS = 1 << 2,
    DCTL_GONSTS = 1 << 3,
    DCTL_SGINAK = 1 << 7,
    DCTL_CGINAK = 1 << 8,
    DCTL_SGONAK = 1 << 9,
    DCTL_CGONAK = 1 << 10,
};

enum {
    EPCTL_NAK = 1 << 17,
    EPCTL_CLEAR_NAK = 1 << 26,
    EPCTL_SET_NAK = 1 << 27,
    EPCTL_DISABLE = 1 << 30,
    EPCTL_ENABLE = (int)0x80000000,
    EPINT_DISABLED = 1 << 1,
    EPINT_NAK_EFFECTIVE = 1 << 6, /* of IN endpoints */
    EPINT_EMPTY = 1 << 7,
};

/* NAK by its set and clear bits; an endpoint that is disabled stops at once. */
static void write_control(struct usb *u, uint32_t control, uint32_t interrupts, uint32_t value)
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

static void write_in_control(struct usb *u, uint32_t offset, uint32_t value)
{
    uint32_t interrupts = offset + DIEPINT - DIEPCTL;
    write_control(u, offset, interrupts, value);
    if (value & EPCTL_SET_NAK)
        REG(&u->block, interrupts) |= EPINT_NAK_EFFECTIVE;
    else if (value & EPCTL_CLEAR_NAK)
        REG(&u->block, interrupts) &= ~(uint32_t)EPINT_NAK_EFFECTIVE;
}

static uint32_t in_interrupts(const struct usb *u, unsigned n)
{
    bool empty = REG(&u->block, DIEPEMPMSK) >> n & 1;
    uint32_t mask = (REG(&u->block, DIEPMSK) & ~(uint32_t)EPINT_EMPTY) | (empty ? EPINT_EMPTY : 0);
    return REG(&u->block, DIEPINT + n * USB_STRIDE) & mask;
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

static bool is_endpoint(uint32_t offset, uint32_t first)
{
    return offset >= first && offset < first + USB_ENDPOINTS * USB_STRIDE &&
           (offset - first) % USB_STRIDE == 0;
}

bool usb_endpoint_write(struct usb *u, uint32_t offset, uint32_t value,
                        const struct block_access *access)
{
    if (offset == DCTL)
        write_device_control(u, value, access);
    else if (is_endpoint(offset, DIEPCTL))
        write_in_control(u, offset, value);
    else if (is_endpoint(offset, DOEPCTL))
        write_control(u, offset, offset + DOEPINT - DOEPCTL, value);
    else if (is_endpoint(offset, DIEPINT) || is_endpoint(offset, DOEPINT))
        REG(&u->block, offset) &= ~value;
    else
        return false;
    return true;
}
