/* USB OTG in device mode (RM0399 60.14.33 on): endpoints with their bits, which never see a token. */
#include "sim/soc/usb_otg.h"

enum {
    EPCTL_NAK = 1 << 17,
    EPCTL_CLEAR_NAK = 1 << 26,
    EPCTL_SET_NAK = 1 << 27,
    EPCTL_DISABLE = 1 << 30,
    EPCTL_ENABLE = (int)0x80000000,
    EPINT_DISABLED = 1 << 1,
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

static bool is_endpoint(uint32_t offset, uint32_t first)
{
    return offset >= first && offset < first + USB_ENDPOINTS * USB_STRIDE &&
           (offset - first) % USB_STRIDE == 0;
}

bool usb_endpoint_write(struct usb *u, uint32_t offset, uint32_t value)
{
    if (is_endpoint(offset, DIEPCTL))
        write_control(u, offset, offset + DIEPINT - DIEPCTL, value);
    else if (is_endpoint(offset, DOEPCTL))
        write_control(u, offset, offset + DOEPINT - DOEPCTL, value);
    else if (is_endpoint(offset, DIEPINT) || is_endpoint(offset, DOEPINT))
        REG(&u->block, offset) &= ~value;
    else
        return false;
    return true;
}
