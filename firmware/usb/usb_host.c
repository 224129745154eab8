#include "usb/usb_host.h"
#include "usb/bulk_only.h"

#include "boards/stm32h747i_disco/board.h"
#include "chip/clocks.h"
#include "chip/stm32h747.h"

#include "host/hcd.h"
#include "portable/synopsys/dwc2/dwc2_common.h"
#include "tusb.h"

enum { SILENCES = 2, NOTICE_MS = 20 };

const uint32_t SystemCoreClock = CLOCK_CM4_HZ;

static struct {
    bool enumerated, met, is_stick;
    unsigned silences;  /* how often in a row it was given up; see usb_host_wait() */
    volatile bool gone; /* what was there; the stack is to begin anew */
    bool occupied;
    uint32_t occupied_since; /* milliseconds */
} connector;

/* ---- What TinyUSB asks for and tells ---- */

uint32_t tusb_time_millis_api(void)
{
    return usb_host_milliseconds();
}

void tusb_time_delay_ms_api(uint32_t milliseconds)
{
    uint32_t began = usb_host_milliseconds();
    while (usb_host_milliseconds() - began < milliseconds)
        usb_host_idle();
}

/* Before a channel sends a buffer. The M4 has no cache to clean, but its stores must be out before the
 * register is written by which the core fetches them (ARMv7-M ARM A3.7.3). */
bool hcd_dcache_clean(const void *address, uint32_t bytes)
{
    (void)address, (void)bytes;
    data_sync_barrier();
    return true;
}

void tuh_mount_cb(uint8_t device)
{
    (void)device;
    connector.enumerated = true;
}

void tuh_umount_cb(uint8_t device)
{
    (void)device;
    connector.enumerated = false;
}

/* ---- The connector ---- */

/* TinyUSB 0.18 waits for HPRT.PCDET when a device goes, which the core sets only when one comes: we
 * listen to GINTSTS.DISCINT for it. */
static bool start_stack(void)
{
    const tusb_rhport_init_t host = {.role = TUSB_ROLE_HOST, .speed = TUSB_SPEED_AUTO};
    if (!tusb_init(USB_HOST_PORT, &host))
        return false;
    hcd_int_disable(USB_HOST_PORT);
    DWC2_REG(USB_HOST_PORT)->gintmsk |= GINTSTS_DISCINT;
    hcd_int_enable(USB_HOST_PORT);
    return true;
}

bool usb_host_start(void)
{
    board_usb_pins();
    reg_set(RCC_AHB1ENR, RCC_AHB1ENR_USB1OTGHSEN | RCC_AHB1ENR_USB1OTGHSULPIEN);
    (void)reg_read(RCC_AHB1ENR);
    return start_stack();
}

/* Whatever was under way when the device went: transfers, channels, questions to it. All of it is
 * forgotten at once by a new start. */
static void begin_anew(void)
{
    connector.gone = connector.occupied = connector.met = connector.is_stick = false;
    connector.enumerated = false;
    if (!connector.silences)
        stick_forget();
    tuh_deinit(USB_HOST_PORT);
    start_stack();
}

static void look_at_port(void)
{
    bool occupied = hcd_port_connect_status(USB_HOST_PORT);
    if (occupied && !connector.occupied)
        connector.occupied_since = usb_host_milliseconds();
    connector.occupied = occupied;
}

void usb_host_run(void)
{
    if (connector.gone)
        begin_anew();
    tuh_task();
    look_at_port();
    if (bulk_only_present() && connector.enumerated && !connector.met) {
        connector.met = true;
        connector.is_stick = connector.silences < SILENCES && stick_meet();
        if (connector.is_stick)
            connector.silences = 0;
    }
}

bool usb_host_wait(const volatile bool *ended)
{
    uint32_t began = usb_host_milliseconds();
    while (!*ended && !connector.gone) {
        if (usb_host_milliseconds() - began > STICK_PATIENCE_MS) {
            connector.silences++;
            connector.gone = true; /* as if it were: the port starts anew, and asks it once more */
            return false;
        }
        if (!tuh_task_event_ready())
            usb_host_idle();
        tuh_task();
    }
    return *ended && !connector.gone;
}

bool usb_host_keeps_device(void)
{
    uint32_t began = usb_host_milliseconds();
    while (!connector.gone && usb_host_milliseconds() - began < NOTICE_MS)
        usb_host_idle();
    return !connector.gone || connector.silences;
}

void usb_host_interrupt(void)
{
    dwc2_regs_t *core = DWC2_REG(USB_HOST_PORT);
    if (core->gintsts & GINTSTS_DISCINT) {
        core->gintsts = GINTSTS_DISCINT;
        connector.gone = true;
        connector.silences = 0;
    }
    tuh_int_handler(USB_HOST_PORT, true);
}

enum usb_host_state usb_host_state(void)
{
    if (connector.silences >= SILENCES)
        return USB_HOST_NO_STICK;
    if (connector.gone || !connector.occupied)
        return connector.silences ? USB_HOST_BUSY : USB_HOST_EMPTY;
    if (connector.is_stick)
        return USB_HOST_STICK;
    if (connector.met)
        return USB_HOST_NO_STICK;
    uint32_t since = usb_host_milliseconds() - connector.occupied_since;
    return connector.enumerated || since > USB_HOST_PATIENCE_MS ? USB_HOST_NO_STICK : USB_HOST_BUSY;
}
