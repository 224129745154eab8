#include "sim/board/usb_oddities.h"

#include <string.h>

enum {
    TO_HOST = 0x80,
    HID_REPORT = 0x22,
    HUB_DESCRIPTOR = 0x29,
    GET_STATUS = 0,
    GET_DESCRIPTOR = 6
};

/* ---- A keyboard (HID 1.11, appendix B) ---- */

static const uint8_t boot_report[] = {
    0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x05, 0x07, 0x19, 0xe0, 0x29, 0xe7, 0x15, 0x00, 0x25,
    0x01, 0x75, 0x01, 0x95, 0x08, 0x81, 0x02, 0x95, 0x01, 0x75, 0x08, 0x81, 0x01, 0x95, 0x06,
    0x75, 0x08, 0x15, 0x00, 0x25, 0x65, 0x05, 0x07, 0x19, 0x00, 0x29, 0x65, 0x81, 0x00, 0xc0};

static const uint8_t hid_descriptor[] = {9, 0x21, 0x11, 0x01, 0, 1, HID_REPORT, sizeof boot_report,
                                         0};

static const struct usb_model keyboard_model = {
    .vendor = 0x1209,
    .product = 0x0002,
    .release = 0x0100,
    .interface_class = 3,
    .interface_subclass = 1,
    .interface_protocol = 1,
    .manufacturer = "Duet",
    .product_name = "USB keyboard",
    .class_descriptor = hid_descriptor,
    .class_descriptor_size = sizeof hid_descriptor,
    .endpoint_count = 1,
    .endpoints = {{0x81, 3, 8, 8, 10}},
    .milliamperes = 100,
};

/* Reports are all zero; SET_IDLE, SET_PROTOCOL and SET_REPORT are taken. */
static int keyboard_request(void *ctx, const struct usb_setup *setup, uint8_t *data)
{
    (void)ctx;
    if (setup->request == GET_DESCRIPTOR && setup->value >> 8 == HID_REPORT) {
        memcpy(data, boot_report, sizeof boot_report);
        return sizeof boot_report;
    }
    if ((setup->type & ~TO_HOST) != 0x21)
        return -1;
    memset(data, 0, 8);
    return setup->type & TO_HOST ? 8 : 0;
}

/* ---- A hub (USB 2.0 chapter 11) ---- */

static const struct usb_model hub_model = {
    .vendor = 0x1209,
    .product = 0x0003,
    .release = 0x0100,
    .device_class = 9,
    .interface_class = 9,
    .manufacturer = "Duet",
    .product_name = "USB hub",
    .endpoint_count = 1,
    .endpoints = {{0x81, 3, 1, 1, 12}},
    .milliamperes = 100,
};

static int hub_request(void *ctx, const struct usb_setup *setup, uint8_t *data)
{
    static const uint8_t descriptor[] = {9, HUB_DESCRIPTOR, 4, 0, 0, 50, 100, 0, 0xff};
    (void)ctx;
    if (!(setup->type & TO_HOST))
        return 0; /* features of ports are set and cleared */
    memset(data, 0, 4);
    if (setup->request == GET_STATUS)
        return 4;
    if (setup->request != GET_DESCRIPTOR || setup->value >> 8 != HUB_DESCRIPTOR)
        return -1;
    memcpy(data, descriptor, sizeof descriptor);
    return sizeof descriptor;
}

/* ---- Either ---- */

/* Nobody types, nobody plugs anything in: the interrupt endpoint says NAK. */
static const struct usb_function keyboard_function = {.request = keyboard_request};
static const struct usb_function hub_function = {.request = hub_request};

void usb_oddity_init(struct usb_gadget *gadget, struct sim *sim, enum usb_oddity kind)
{
    bool keyboard = kind == USB_KEYBOARD;
    usb_gadget_init(gadget, sim, keyboard ? &keyboard_model : &hub_model,
                    keyboard ? &keyboard_function : &hub_function, gadget,
                    keyboard ? USB_SPEED_LOW : USB_SPEED_HIGH);
}

/* ---- A bad cable ---- */

static enum usb_answer transact(void *ctx, struct usb_transaction *t)
{
    struct usb_bad_cable *cable = ctx;
    if (++cable->count % cable->every)
        return cable->end->transact(cable->end->ctx, t);
    unsigned way = (unsigned)(cable->count / cable->every % 3);
    if (way == 0)
        return USB_SILENCE; /* the token was not heard */
    enum usb_answer answer = cable->end->transact(cable->end->ctx, t);
    return way == 1 || answer != USB_ACK || t->token != USB_IN ? USB_SILENCE : USB_GARBLED;
}

static void acknowledged(void *ctx, unsigned endpoint)
{
    const struct usb_device *end = ((struct usb_bad_cable *)ctx)->end;
    if (end->acknowledged)
        end->acknowledged(end->ctx, endpoint);
}

static void power(void *ctx, bool on)
{
    const struct usb_device *end = ((struct usb_bad_cable *)ctx)->end;
    if (end->power)
        end->power(end->ctx, on);
}

static void reset(void *ctx, enum usb_speed speed)
{
    const struct usb_device *end = ((struct usb_bad_cable *)ctx)->end;
    if (end->reset)
        end->reset(end->ctx, speed);
}

static sim_time ready(void *ctx, const struct usb_transaction *t)
{
    const struct usb_device *end = ((struct usb_bad_cable *)ctx)->end;
    return end->ready ? end->ready(end->ctx, t) : 0;
}

void usb_bad_cable_init(struct usb_bad_cable *cable, const struct usb_device *end, uint64_t every)
{
    *cable = (struct usb_bad_cable){.end = end, .every = every};
    cable->device = (struct usb_device){.ctx = cable,
                                        .name = end->name,
                                        .speed = end->speed,
                                        .power = power,
                                        .reset = reset,
                                        .transact = transact,
                                        .acknowledged = acknowledged,
                                        .ready = ready};
}
