#include "usb/usb_host.h"

#include "boards/stm32h747i_disco/board.h"
#include "chip/clocks.h"
#include "chip/stm32h747.h"

#include "host/hcd.h"
#include "portable/synopsys/dwc2/dwc2_common.h"
#include "tusb.h"

const uint32_t SystemCoreClock = CLOCK_CM4_HZ;

static struct {
    uint8_t device; /* TinyUSB's number of the stick; 0: none */
    bool enumerated;
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

void tuh_msc_mount_cb(uint8_t device)
{
    connector.device = device;
}

void tuh_msc_umount_cb(uint8_t device)
{
    (void)device;
    connector.device = 0;
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
    connector.gone = connector.occupied = false;
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
}

void usb_host_interrupt(void)
{
    dwc2_regs_t *core = DWC2_REG(USB_HOST_PORT);
    if (core->gintsts & GINTSTS_DISCINT) {
        core->gintsts = GINTSTS_DISCINT;
        connector.gone = true;
    }
    tuh_int_handler(USB_HOST_PORT, true);
}

enum usb_host_state usb_host_state(void)
{
    if (connector.gone || !connector.occupied)
        return USB_HOST_EMPTY;
    if (connector.device)
        return USB_HOST_STICK;
    uint32_t since = usb_host_milliseconds() - connector.occupied_since;
    return connector.enumerated || since > USB_HOST_PATIENCE_MS ? USB_HOST_NO_STICK : USB_HOST_BUSY;
}

/* ---- Sectors ---- */

struct transfer {
    volatile bool ended, passed;
};

static bool transfer_ended(uint8_t device, const tuh_msc_complete_data_t *data)
{
    struct transfer *transfer = (struct transfer *)data->user_arg;
    (void)device;
    transfer->passed = data->csw->status == MSC_CSW_STATUS_PASSED;
    transfer->ended = true;
    return true;
}

static bool wait_for(const struct transfer *transfer)
{
    uint32_t began = usb_host_milliseconds();
    while (!transfer->ended) {
        if (connector.gone || !connector.device ||
            usb_host_milliseconds() - began > STICK_PATIENCE_MS)
            return false;
        if (!tuh_task_event_ready())
            usb_host_idle();
        tuh_task();
    }
    return transfer->passed;
}

uint32_t stick_sector_size(void)
{
    return tuh_msc_get_block_size(connector.device, 0);
}

uint32_t stick_sectors(void)
{
    return tuh_msc_get_block_count(connector.device, 0);
}

/* TinyUSB counts the bytes of a command in 16 bits. */
static uint32_t most_sectors(void)
{
    return 32768 / stick_sector_size();
}

bool stick_read(void *bytes, uint32_t sector, uint32_t count)
{
    static struct transfer transfer;
    uint8_t *to = bytes;
    while (count && connector.device && !connector.gone) {
        uint32_t part = count < most_sectors() ? count : most_sectors();
        transfer = (struct transfer){0};
        if (!tuh_msc_read10(connector.device, 0, to, sector, (uint16_t)part, transfer_ended,
                            (uintptr_t)&transfer) ||
            !wait_for(&transfer))
            return false;
        to += part * stick_sector_size();
        sector += part;
        count -= part;
    }
    return count == 0;
}

bool stick_write(const void *bytes, uint32_t sector, uint32_t count)
{
    static struct transfer transfer;
    const uint8_t *from = bytes;
    while (count && connector.device && !connector.gone) {
        uint32_t part = count < most_sectors() ? count : most_sectors();
        transfer = (struct transfer){0};
        if (!tuh_msc_write10(connector.device, 0, from, sector, (uint16_t)part, transfer_ended,
                             (uintptr_t)&transfer) ||
            !wait_for(&transfer))
            return false;
        from += part * stick_sector_size();
        sector += part;
        count -= part;
    }
    return count == 0;
}
