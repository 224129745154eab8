/* USB OTG as a device, with a host by hand. */
#ifndef SIM_TEST_SOC_USB_DEVICE_FIXTURE_H
#define SIM_TEST_SOC_USB_DEVICE_FIXTURE_H

#include "sim/test/soc/usb_fixture.h"

enum {
    GOTGINT = 0x004,
    DCFG = 0x800,
    DCTL = 0x804,
    DSTS = 0x808,
    DIEPMSK = 0x810,
    DOEPMSK = 0x814,
    DAINTMSK = 0x81c,
    DIEPEMPMSK = 0x834,
    SDIS = 1 << 1,
    USBSUSP = 1 << 11,
    USBRST = 1 << 12,
    ENUMDNE = 1 << 13,
    SRQINT = 1 << 30,
    BSVLD = 1 << 19,
    DMAEN = 1 << 5,
    EP_XFRC = 1 << 0,
    STUP = 1 << 3,
    ITTXFE = 1 << 4,
    OTEPDIS = 1 << 4,
    TXFE = 1 << 7,
    NAKED = 1 << 13,
    USBAEP = 1 << 15,
    DPID = 1 << 16,
    NAKSTS = 1 << 17,
    BULK_TYPE = 2 << 18,
    EP_STALL = 1 << 21,
    CNAK = 1 << 26,
    SNAK = 1 << 27,
    SD0PID = 1 << 28,
    EPDIS = 1 << 30,
};
#define EPENA       0x80000000u
#define DIEPCTL(n)  (0x900u + 0x20u * (n))
#define DIEPINT(n)  (0x908u + 0x20u * (n))
#define DIEPTSIZ(n) (0x910u + 0x20u * (n))
#define DIEPDMA(n)  (0x914u + 0x20u * (n))
#define DTXFSTS(n)  (0x918u + 0x20u * (n))
#define DOEPCTL(n)  (0xb00u + 0x20u * (n))
#define DOEPINT(n)  (0xb08u + 0x20u * (n))
#define DOEPTSIZ(n) (0xb10u + 0x20u * (n))
#define DOEPDMA(n)  (0xb14u + 0x20u * (n))
#define DIEPTXF(n)  (0x100u + 4u * (n))
#define FIFO(n)     (0x1000u + 0x1000u * (n))

/* ---- The host ---- */

static const struct usb_bus *bus;
static unsigned attachments;

static inline void hear_attached(void *ctx, const struct usb_bus *its)
{
    (void)ctx;
    bus = its;
    attachments += its != NULL;
}

static const struct usb_host_end host = {NULL, hear_attached};
static struct usb_transaction last;

static inline enum usb_answer ask(enum usb_token token, unsigned address, unsigned endpoint,
                                  bool data1, const void *data, unsigned length)
{
    last = (struct usb_transaction){.token = token,
                                    .address = (uint8_t)address,
                                    .endpoint = (uint8_t)endpoint,
                                    .data1 = data1,
                                    .length = length};
    if (length)
        memcpy(last.data, data, length);
    return bus->transact(bus->ctx, &last);
}

static inline enum usb_answer ask_in(unsigned endpoint)
{
    return ask(USB_IN, 0, endpoint, false, NULL, 0);
}

static const uint8_t get_device[8] = {0x80, 6, 0, 1, 0, 0, 64, 0};

static inline enum usb_answer send_setup(void)
{
    return ask(USB_SETUP, 0, 0, false, get_device, 8);
}

static inline void plug(struct soc_fixture *f, bool in)
{
    usb_plug_host(soc_block(f->soc, "USB1_OTG_HS"), in ? &host : NULL);
}

static inline struct soc_fixture *start_plugged(void)
{
    struct soc_fixture *f = start();
    bus = NULL;
    attachments = 0;
    set(f, GUSBCFG, 1u << 30 | 9 << 10);
    set(f, DCTL, SDIS);
    plug(f, true);
    return f;
}

static inline void reset_bus(struct soc_fixture *f)
{
    bus->reset(bus->ctx, true);
    fixture_wait(f, 20 * SIM_MS);
    bus->reset(bus->ctx, false);
}

/* Attached and reset; interrupts are as wanted by no one. */
static inline struct soc_fixture *start_device(uint32_t ahb)
{
    struct soc_fixture *f = start_plugged();
    set(f, GAHBCFG, ahb);
    set(f, DCTL, 0);
    assert_non_null(bus);
    reset_bus(f);
    set(f, GRXFSIZ, 0x100);
    set(f, HNPTXFSIZ, 0x00200100);
    set(f, DIEPTXF(2), 0x00400120);
    return f;
}

#endif
