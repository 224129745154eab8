/*
 * USB OTG in device mode (RM0399 60.6, 60.14.33 on; USB 2.0 7.1.7): whether VBUS makes a session, the
 * pull-up by which a host sees the device, bus resets with the speed that they agree on, suspend after
 * 3 ms of nothing. What a host that is plugged into the connector (usb.h) does comes in here. Resume,
 * remote wakeup, LPM and isochronous endpoints are no business of such hosts yet.
 */
#include "sim/soc/usb_otg.h"

#include <stddef.h>

enum {
    GOTGCTL_BVALOEN = 1 << 6,
    GOTGCTL_BVALOVAL = 1 << 7,
    GOTGCTL_BSVLD = 1 << 19,
    GOTGINT_SEDET = 1 << 2,
    GCCFG_VBDEN = 1 << 21,
    DCFG_DSPD = 3,
    DSTS_SUSPSTS = 1 << 0,
    DSTS_ENUMSPD = 3 << 1,
    ENUMSPD_HIGH = 0 << 1,
    ENUMSPD_FULL = 1 << 1, /* by the external PHY */
    ENUMSPD_FULL_INTERNAL = 3 << 1,
    FRAME_NUMBERS = 0x4000,
};

#define IDLE_TIME (3 * SIM_MS) /* USB 2.0 7.1.7.6 */

/* ---- Suspend ---- */

static void is_idle(void *ctx)
{
    struct usb *u = ctx;
    REG(&u->block, DSTS) |= DSTS_SUSPSTS;
    REG(&u->block, GINTSTS) |= GINTSTS_ESUSP | GINTSTS_USBSUSP;
    usb_update_irq(u);
}

static void rests(struct usb *u)
{
    event_in(usb_events(u), &u->idle, IDLE_TIME);
}

static void stirs(struct usb *u)
{
    event_cancel(usb_events(u), &u->idle);
    REG(&u->block, DSTS) &= ~(uint32_t)DSTS_SUSPSTS;
}

/* ---- Session and attachment ---- */

/* VBUS, as the PHY tells it; the guest may say it in its place. */
static bool session_valid(struct usb *u)
{
    uint32_t control = REG(&u->block, GOTGCTL);
    if (control & GOTGCTL_BVALOEN)
        return control & GOTGCTL_BVALOVAL;
    return u->host && usb_phy_works(u, false) &&
           (usb_external_phy(u) || REG(&u->block, GCCFG) & GCCFG_VBDEN);
}

static void set_session(struct usb *u, bool valid)
{
    u->session = valid;
    REG(&u->block, GOTGCTL) &= ~(uint32_t)GOTGCTL_BSVLD;
    REG(&u->block, GOTGCTL) |= valid ? GOTGCTL_BSVLD : 0;
    if (valid)
        REG(&u->block, GINTSTS) |= GINTSTS_SRQINT;
    else if (!usb_host(u))
        REG(&u->block, GOTGINT) |= GOTGINT_SEDET;
}

static void set_attached(struct usb *u, bool attached)
{
    u->attached = attached;
    usb_frames_stop(u);
    if (!attached)
        stirs(u);
    else if (!(REG(&u->block, DSTS) & DSTS_SUSPSTS))
        rests(u);
    if (u->host)
        u->host->attached(u->host->ctx, attached ? &u->bus : NULL);
}

/* Who enables interrupts and the pull-up waits for a host: told if none can come. */
static bool pulls_up(struct usb *u)
{
    bool waits = REG(&u->block, GAHBCFG) & GAHBCFG_GINT;
    return u->host && u->session && !(REG(&u->block, DCTL) & DCTL_SDIS) && usb_phy_works(u, waits);
}

void usb_device_look(struct usb *u)
{
    bool session = !usb_host(u) && session_valid(u);
    if (session != u->session)
        set_session(u, session);
    bool attached = pulls_up(u);
    if (attached != u->attached)
        set_attached(u, attached);
}

/* ---- The host's side ---- */

static void hear_reset(struct usb *u)
{
    stirs(u);
    usb_frames_stop(u);
    for (unsigned n = 1; n < USB_ENDPOINTS; n++) {
        EP(u, n, DIEPCTL) &= ~(uint32_t)EPCTL_USBAEP;
        EP(u, n, DOEPCTL) &= ~(uint32_t)EPCTL_USBAEP;
    }
    u->setup_open = u->setup_waits = false;
    REG(&u->block, GINTSTS) |= GINTSTS_USBRST;
}

static void end_reset(struct usb *u)
{
    bool high = usb_external_phy(u) && !(REG(&u->block, DCFG) & DCFG_DSPD);
    uint32_t code = high                  ? ENUMSPD_HIGH
                    : usb_external_phy(u) ? ENUMSPD_FULL
                                          : ENUMSPD_FULL_INTERNAL;
    u->speed = high ? USB_SPEED_HIGH : USB_SPEED_FULL;
    u->address = REG(&u->block, DCFG) >> 4 & 0x7f;
    REG(&u->block, DSTS) = (REG(&u->block, DSTS) & ~(uint32_t)DSTS_ENUMSPD) | code;
    REG(&u->block, GINTSTS) |= GINTSTS_ENUMDNE;
    usb_frames_start(u);
}

static void reset(void *ctx, bool level)
{
    struct usb *u = ctx;
    if (!u->attached)
        return;
    if (level)
        hear_reset(u);
    else
        end_reset(u);
    usb_update_irq(u);
}

static enum usb_speed speed(void *ctx)
{
    return ((const struct usb *)ctx)->speed;
}

/* The new address is used from the host's first token to it on: the old one has to do until then. */
static bool is_addressed(struct usb *u, unsigned address)
{
    unsigned set = REG(&u->block, DCFG) >> 4 & 0x7f;
    if (address == set)
        u->address = (uint8_t)set;
    return address == u->address;
}

static enum usb_answer transact(void *ctx, struct usb_transaction *t)
{
    struct usb *u = ctx;
    if (!u->attached || !u->frames_run || t->endpoint >= USB_ENDPOINTS ||
        !is_addressed(u, t->address))
        return USB_SILENCE;
    enum usb_answer answer = usb_endpoint_answer(u, t);
    usb_update_irq(u);
    return answer;
}

void usb_plug_host(struct block *block, const struct usb_host_end *host)
{
    struct usb *u = (struct usb *)block;
    if (u->attached) {
        set_attached(u, false);
        rests(u);
    }
    u->host = host;
    usb_device_look(u);
    usb_update_irq(u);
}

/* ---- Registers ---- */

uint32_t usb_device_status(const struct usb *u)
{
    return REG(&u->block, DSTS) | (uint32_t)(u->frames_run ? usb_frame(u) % FRAME_NUMBERS : 0) << 8;
}

void usb_device_init(struct usb *u)
{
    event_init(&u->idle, "USB idle", is_idle, u);
    u->bus = (struct usb_bus){u, reset, speed, transact};
}

void usb_device_reset(struct usb *u)
{
    bool attached = u->attached;
    event_cancel(usb_events(u), &u->idle);
    u->session = u->attached = u->setup_open = u->setup_waits = false;
    u->address = 0;
    for (unsigned n = 0; n < USB_ENDPOINTS; n++) {
        u->in[n].data1 = u->out[n].data1 = false;
        u->in[n].length = 0;
    }
    if (attached && u->host)
        u->host->attached(u->host->ctx, NULL);
}
