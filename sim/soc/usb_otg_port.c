/*
 * USB OTG: the host's port (RM0399 60.14.23, HPRT; 60.8; USB 2.0 7.1.7): power, connection, reset and
 * speed, suspend and resume, over-current; and the frames that an enabled port sends.
 */
#include "sim/soc/usb_otg.h"

#include <inttypes.h>

enum {
    HPRT_PCSTS = 1 << 0,
    HPRT_PCDET = 1 << 1,
    HPRT_PENA = 1 << 2,
    HPRT_PENCHNG = 1 << 3,
    HPRT_POCA = 1 << 4,
    HPRT_POCCHNG = 1 << 5,
    HPRT_PRES = 1 << 6,
    HPRT_PSUSP = 1 << 7,
    HPRT_PRST = 1 << 8,
    HPRT_PLSTS = 3 << 10,
    HPRT_DP_HIGH = 1 << 10,
    HPRT_DM_HIGH = 1 << 11,
    HPRT_PPWR = 1 << 12,
    HPRT_PSPD_SHIFT = 17,
    HPRT_PSPD = 3 << 17,
    HPRT_CHANGES = HPRT_PCDET | HPRT_PENCHNG | HPRT_POCCHNG,
    HPRT_WRITABLE = 0x1f140, /* PRES, PRST, PPWR, PTCTL; PSUSP is set by 1 and not cleared by 0 */
    HCFG_FSLSS = 1 << 2,
    GCCFG_PWRDWN = 1 << 16, /* 1: the internal transceiver is on */
    PCGCCTL_STPPCLK = 1 << 0,
    GOTGCTL_ASVLD = 1 << 18,
    FRAME_NUMBERS = 0x4000,
    FULL_SPEED_CLOCK = 48000000,
};

/* From power to the device's pull-up; the end of a reset to the first frame; how long a reset must
 * last (USB 2.0 7.1.7.5, TDRST); until a host notices that nobody is there any more. */
#define CONNECT_TIME    (20 * SIM_MS)
#define ENABLE_TIME     (10 * SIM_US)
#define RESET_LEAST     (10 * SIM_MS)
#define MICROFRAME_TIME (125 * SIM_US)

static uint32_t *hprt(struct usb *u)
{
    return &REG(&u->block, HPRT);
}

/* ---- PHYs ---- */

bool usb_external_phy(const struct usb *u)
{
    return u->block.row->instance == 1 && !(REG(&u->block, GUSBCFG) & GUSBCFG_PHYSEL);
}

static bool ulpi_clocked(struct usb *u, bool tell)
{
    const struct soc *soc = u->block.soc;
    const uint16_t gate =
        (uint16_t)(u->block.row->gate + 1); /* USBxOTGHSULPIEN follows USBxOTGHSEN */
    if (!soc->gate_open || soc->gate_open(soc->rcc, gate))
        return true;
    if (tell)
        block_complain(&u->block, COMPLAINT_GUEST, HPRT,
                       "the port is switched on, but the clock of the ULPI PHY is off in the RCC "
                       "(AHB1ENR.USB1OTGHSULPIEN): nothing will ever connect");
    return false;
}

static bool transceiver_works(struct usb *u, bool tell)
{
    uint64_t hz = block_kernel_hz(&u->block);
    if (!(REG(&u->block, GCCFG) & GCCFG_PWRDWN)) {
        if (tell)
            block_complain(&u->block, COMPLAINT_GUEST, GCCFG,
                           "the port is switched on, but the internal transceiver is off "
                           "(GCCFG.PWRDWN is 0): nothing will ever connect");
        return false;
    }
    if (hz + hz / 400 < FULL_SPEED_CLOCK || hz > FULL_SPEED_CLOCK + hz / 400) {
        if (tell)
            block_complain(&u->block, COMPLAINT_GUEST, HCFG,
                           "the internal transceiver needs 48 MHz and its clock in the RCC is "
                           "%" PRIu64 " Hz: nothing will ever connect",
                           hz);
        return false;
    }
    return true;
}

static bool wired(struct usb *u)
{
    return !u->socket.wired || u->socket.wired(u->socket.ctx);
}

bool usb_phy_works(struct usb *u, bool tell)
{
    return (usb_external_phy(u) ? ulpi_clocked(u, tell) : transceiver_works(u, tell)) && wired(u);
}

/* ---- Frames: they begin when the port is enabled, rest in suspend, and are counted on ---- */

enum usb_speed usb_port_speed(const struct usb *u)
{
    return usb_host(u) ? (enum usb_speed)(REG(&u->block, HPRT) >> HPRT_PSPD_SHIFT & 3) : u->speed;
}

sim_time usb_frame_time(const struct usb *u)
{
    return usb_port_speed(u) == USB_SPEED_HIGH ? MICROFRAME_TIME : SIM_MS;
}

uint64_t usb_frame(const struct usb *u)
{
    if (!u->frames_run)
        return u->first_frame;
    return u->first_frame + (usb_now(u) - u->frames_since) / usb_frame_time(u);
}

sim_time usb_frame_begin(const struct usb *u, uint64_t frame)
{
    return u->frames_since + (frame - u->first_frame) * usb_frame_time(u);
}

void usb_frames_start(struct usb *u)
{
    u->frames_since = usb_now(u);
    u->frames_run = true;
    usb_bus_look(u);
}

void usb_frames_stop(struct usb *u)
{
    if (u->frames_run) {
        REG(&u->block, HFNUM) = (uint32_t)(usb_frame(u) % FRAME_NUMBERS);
        u->first_frame = usb_frame(u) + 1;
    }
    u->frames_run = false;
    event_cancel(usb_events(u), &u->frame_begins);
}

bool usb_port_runs(const struct usb *u)
{
    return usb_host(u) && u->frames_run && !(REG(&u->block, PCGCCTL) & PCGCCTL_STPPCLK);
}

/* FRNUM counts microframes at high speed; FTREM, PHY clocks, is what is left of this one. */
uint32_t usb_frame_register(const struct usb *u)
{
    if (!u->frames_run)
        return REG(&u->block, HFNUM);
    uint64_t frame = usb_frame(u);
    sim_time left = usb_frame_begin(u, frame + 1) - usb_now(u);
    uint64_t clocks = left * (usb_external_phy(u) ? 60 : 48) / SIM_US;
    return (uint32_t)(clocks << 16 | frame % FRAME_NUMBERS);
}

void usb_frame_interrupts(struct usb *u)
{
    bool wanted = u->frames_run && REG(&u->block, GINTMSK) & GINTSTS_SOF &&
                  !(REG(&u->block, GINTSTS) & GINTSTS_SOF);
    if (!wanted)
        event_cancel(usb_events(u), &u->frame_begins);
    else if (!event_pending(&u->frame_begins))
        event_at(usb_events(u), &u->frame_begins, usb_frame_begin(u, usb_frame(u) + 1));
}

static void begin_frame(void *ctx)
{
    usb_update_irq(ctx);
}

/* HFIR is what the core counts in clocks of its PHY. 0 counts as not programmed, and so does the value
 * after reset. */
static void check_frame_interval(struct usb *u)
{
    uint32_t programmed = REG(&u->block, HFIR) & 0xffff;
    uint32_t right = (uint32_t)(usb_frame_time(u) / SIM_US) * (usb_external_phy(u) ? 60 : 48);
    if (usb_port_speed(u) == USB_SPEED_LOW || programmed == 0 || programmed == 0xea60 ||
        programmed == right || programmed == right - 1)
        return;
    block_complain(&u->block, COMPLAINT_GUEST, HFIR,
                   "HFIR is %u, but a frame has %u clocks of the PHY at this speed: devices would "
                   "lose the frame",
                   programmed, right);
}

/* ---- Enabled or not ---- */

static void disable(struct usb *u)
{
    if (*hprt(u) & HPRT_PENA)
        *hprt(u) |= HPRT_PENCHNG;
    *hprt(u) &= ~(uint32_t)(HPRT_PENA | HPRT_PSUSP | HPRT_PRES);
    usb_frames_stop(u);
}

static void is_gone(struct usb *u)
{
    bool connected = *hprt(u) & HPRT_PCSTS;
    disable(u);
    *hprt(u) &= ~(uint32_t)(HPRT_PCSTS | HPRT_PLSTS);
    if (connected)
        REG(&u->block, GINTSTS) |= GINTSTS_DISCINT;
}

/* A device of high speed connects as one of full speed (7.1.7.5). */
static void connects(struct usb *u)
{
    bool low = u->device->speed == USB_SPEED_LOW;
    uint32_t port = *hprt(u) & ~(uint32_t)(HPRT_PSPD | HPRT_PLSTS);
    uint32_t speed = low ? USB_SPEED_LOW : USB_SPEED_FULL;
    *hprt(u) = port | HPRT_PCSTS | HPRT_PCDET | (low ? HPRT_DM_HIGH : HPRT_DP_HIGH) |
               speed << HPRT_PSPD_SHIFT;
}

/* The FIFOs share 4 KB of memory (60.10.1): more than that overwrites itself. The periodic one does not
 * count while it is as after reset: nobody uses it. */
static void check_fifo_sizes(struct usb *u)
{
    uint32_t words = REG(&u->block, GRXFSIZ) + (REG(&u->block, HNPTXFSIZ) >> 16);
    if (REG(&u->block, HPTXFSIZ) != HPTXFSIZ_RESET)
        words += REG(&u->block, HPTXFSIZ) >> 16;
    if (words > USB_FIFO_WORDS)
        block_complain(
            &u->block, COMPLAINT_GUEST, GRXFSIZ,
            "the FIFOs together have %u words, and there are %u: they overwrite each other", words,
            USB_FIFO_WORDS);
}

static enum usb_speed agreed_speed(const struct usb *u)
{
    if (u->device->speed != USB_SPEED_HIGH)
        return u->device->speed;
    bool high = usb_external_phy(u) && !(REG(&u->block, HCFG) & HCFG_FSLSS);
    return high ? USB_SPEED_HIGH : USB_SPEED_FULL;
}

static void is_enabled(struct usb *u)
{
    enum usb_speed speed = agreed_speed(u);
    uint32_t port = *hprt(u) & ~(uint32_t)(HPRT_PSPD | HPRT_PSUSP);
    *hprt(u) = port | HPRT_PENA | HPRT_PENCHNG | (uint32_t)speed << HPRT_PSPD_SHIFT;
    check_fifo_sizes(u);
    if (u->device->reset)
        u->device->reset(u->device->ctx, speed);
    usb_frames_start(u);
}

/* ---- What happens in its time ---- */

static void schedule(struct usb *u, enum usb_port_step step, sim_time delay)
{
    u->next_step = step;
    event_in(usb_events(u), &u->port_changes, delay);
}

static void port_changes(void *ctx)
{
    struct usb *u = ctx;
    if (u->next_step == PORT_DISCONNECTS)
        is_gone(u);
    else if (u->next_step == PORT_CONNECTS)
        connects(u);
    else
        is_enabled(u);
    if (u->next_step == PORT_DISCONNECTS && u->device && u->vbus)
        schedule(u, PORT_CONNECTS, CONNECT_TIME);
    usb_update_irq(u);
}

/* ---- Power ---- */

static void expect_device(struct usb *u)
{
    if (u->device && usb_phy_works(u, true))
        schedule(u, PORT_CONNECTS, CONNECT_TIME);
}

void usb_port_power(struct usb *u)
{
    bool on = usb_host(u) && *hprt(u) & HPRT_PPWR;
    if (on == u->vbus)
        return;
    u->vbus = on;
    event_cancel(usb_events(u), &u->port_changes);
    REG(&u->block, GOTGCTL) &= ~(uint32_t)GOTGCTL_ASVLD;
    REG(&u->block, GOTGCTL) |= on ? GOTGCTL_ASVLD : 0;
    if (u->socket.vbus)
        u->socket.vbus(u->socket.ctx, on);
    if (u->device && u->device->power)
        u->device->power(u->device->ctx, on);
    if (on)
        expect_device(u);
    else
        is_gone(u);
}

/* ---- Reset, suspend, resume as the guest drives them ---- */

static void drive_reset(struct usb *u, bool level)
{
    if (level) {
        u->reset_began = usb_now(u);
        *hprt(u) &= ~(uint32_t)(HPRT_PENA | HPRT_PSUSP);
        usb_frames_stop(u);
        return;
    }
    sim_time lasted = usb_now(u) - u->reset_began;
    if (lasted < RESET_LEAST)
        block_complain(&u->block, COMPLAINT_GUEST, HPRT + 1,
                       "the port was reset for %" PRIu64 " us; a device may need %" PRIu64,
                       lasted / SIM_US, RESET_LEAST / SIM_US);
    bool leaving = event_pending(&u->port_changes) && u->next_step == PORT_DISCONNECTS;
    if (u->device && *hprt(u) & HPRT_PCSTS && !leaving)
        schedule(u, PORT_IS_ENABLED, ENABLE_TIME);
}

static void suspend(struct usb *u)
{
    *hprt(u) |= HPRT_PSUSP;
    usb_frames_stop(u);
}

static void end_resume(struct usb *u)
{
    *hprt(u) &= ~(uint32_t)HPRT_PSUSP;
    usb_frames_start(u);
}

void usb_port_write(struct usb *u, uint32_t value)
{
    uint32_t before = *hprt(u);
    bool suspended = before & HPRT_PSUSP;
    *hprt(u) &= ~(value & HPRT_CHANGES);
    *hprt(u) = (*hprt(u) & ~(uint32_t)HPRT_WRITABLE) | (value & HPRT_WRITABLE);
    if (value & before & HPRT_PENA) /* cleared by writing 1 */
        disable(u);
    if ((value ^ before) & HPRT_PRST)
        drive_reset(u, value & HPRT_PRST);
    if (suspended && before & HPRT_PRES && !(value & HPRT_PRES))
        end_resume(u);
    else if (value & HPRT_PSUSP && *hprt(u) & HPRT_PENA && !suspended)
        suspend(u);
    if (*hprt(u) & HPRT_PENA)
        check_frame_interval(u);
    usb_port_power(u);
}

/* ---- The board's side ---- */

void usb_connect(struct block *block, const struct usb_socket *socket)
{
    ((struct usb *)block)->socket = *socket;
}

static void pull_out(struct usb *u)
{
    u->device = NULL;
    if (u->busy) /* its answer never comes */
        u->answer = USB_SILENCE;
    event_cancel(usb_events(u), &u->port_changes);
    if (*hprt(u) & HPRT_PCSTS)
        schedule(u, PORT_DISCONNECTS, MICROFRAME_TIME);
}

void usb_plug(struct block *block, const struct usb_device *device)
{
    struct usb *u = (struct usb *)block;
    if (u->device && u->device->power && u->vbus)
        u->device->power(u->device->ctx, false);
    if (u->device)
        pull_out(u);
    u->device = device;
    if (!device || !u->vbus)
        return;
    if (device->power)
        device->power(device->ctx, true);
    if (!event_pending(&u->port_changes)) /* else it connects once the other is gone */
        expect_device(u);
}

void usb_overcurrent(struct block *block, bool level)
{
    struct usb *u = (struct usb *)block;
    if (level == !!(*hprt(u) & HPRT_POCA))
        return;
    *hprt(u) ^= HPRT_POCA;
    *hprt(u) |= HPRT_POCCHNG;
    if (level)
        disable(u);
    usb_update_irq(u);
}

/* The core drives resume by itself; ending it is the guest's business. */
void usb_remote_wakeup(struct block *block)
{
    struct usb *u = (struct usb *)block;
    if (!(*hprt(u) & HPRT_PSUSP))
        return;
    *hprt(u) |= HPRT_PRES;
    REG(&u->block, GINTSTS) |= (uint32_t)GINTSTS_WKUINT;
    usb_update_irq(u);
}

void usb_port_init(struct usb *u)
{
    event_init(&u->port_changes, "USB port", port_changes, u);
    event_init(&u->frame_begins, "USB frame", begin_frame, u);
}

void usb_port_reset(struct usb *u)
{
    event_cancel(usb_events(u), &u->port_changes);
    event_cancel(usb_events(u), &u->frame_begins);
    u->frames_run = false;
    u->first_frame = u->frames_seen = 0;
    if (!u->vbus)
        return;
    u->vbus = false;
    if (u->device && u->device->power)
        u->device->power(u->device->ctx, false);
    if (u->socket.vbus)
        u->socket.vbus(u->socket.ctx, false);
}
