/*
 * The part that all USB devices have in common (USB 2.0 chapters 8.5, 8.6 and 9): endpoint 0 with its
 * standard requests, descriptors, address and configuration, data toggles and halts. What a device is
 * for is its function: endpoints other than 0, and requests of a class.
 */
#ifndef SIM_BOARD_USB_DEVICE_H
#define SIM_BOARD_USB_DEVICE_H

#include "sim/core/sim.h"
#include "sim/soc/usb.h"

enum { USB_ENDPOINTS_MAX = 4, USB_CONTROL_MAX = 1024, USB_IN_BIT = 0x80 };

/* Descriptor types (table 9-5). */
enum {
    USB_DEVICE_DESCRIPTOR = 1,
    USB_CONFIGURATION_DESCRIPTOR = 2,
    USB_STRING_DESCRIPTOR = 3,
    USB_QUALIFIER_DESCRIPTOR = 6,
    USB_OTHER_SPEED_DESCRIPTOR = 7,
};

struct usb_endpoint_model {
    uint8_t address;     /* USB_IN_BIT: to the host */
    uint8_t attributes;  /* 2: bulk, 3: interrupt */
    uint16_t high, full; /* largest packet at each speed */
    uint8_t interval;    /* as the descriptor codes it */
};

/* What the descriptors say. Strings are ASCII. All static storage. */
struct usb_model {
    uint16_t vendor, product, release;
    uint8_t device_class;
    uint8_t interface_class, interface_subclass, interface_protocol;
    const char *manufacturer, *product_name, *serial;
    const uint8_t *class_descriptor; /* between the interface's and its endpoints'; NULL: none */
    uint8_t class_descriptor_size;
    uint8_t endpoint_count;
    struct usb_endpoint_model endpoints[USB_ENDPOINTS_MAX];
    uint16_t milliamperes;
};

struct usb_setup {
    uint8_t type, request;
    uint16_t value, index, length;
};

/* Any member may be NULL. Endpoints are addresses: 0x81 is endpoint 1 to the host. */
struct usb_function {
    /* A class's or vendor's request, or a descriptor that is not of the standard. Data of the host
     * are in `data`; an answer goes there, and its length is returned; -1: STALL. */
    int (*request)(void *ctx, const struct usb_setup *setup, uint8_t *data);
    /* A packet for an endpoint: ACK, NYET (high speed), NAK, or STALL by usb_gadget_halt(). */
    enum usb_answer (*out)(void *ctx, uint8_t endpoint, const uint8_t *data, unsigned length);
    /* The host pings: would out() take a packet now? NULL: yes. */
    bool (*takes)(void *ctx, uint8_t endpoint);
    /* The next packet of an endpoint: ACK with data and length, NAK, or likewise. */
    enum usb_answer (*in)(void *ctx, uint8_t endpoint, uint8_t *data, unsigned *length);
    void (*taken)(void *ctx, uint8_t endpoint); /* the host has that packet */
    void (*configured)(void *ctx, bool configured);
    void (*halt_cleared)(void *ctx, uint8_t endpoint);
    void (*power)(void *ctx, bool on);
    sim_time (*ready)(void *ctx, uint8_t endpoint); /* struct usb_device.ready */
    /* May change an answer before it is sent: descriptors that lie. The new length. */
    unsigned (*spoil)(void *ctx, const struct usb_setup *setup, uint8_t *data, unsigned length);
};

enum usb_control_stage {
    CONTROL_IDLE,
    CONTROL_DATA_IN,
    CONTROL_DATA_OUT,
    CONTROL_STATUS_IN,
    CONTROL_STATUS_OUT,
    CONTROL_STALLED
};

/* An endpoint to the host keeps its packet until the host has it. */
struct usb_endpoint {
    bool data1, halted, waiting;
    unsigned length;
    uint8_t data[USB_PACKET_MAX];
};

struct usb_gadget {
    struct usb_device device; /* for usb_plug() */
    struct sim *sim;
    const struct usb_model *model;
    const struct usb_function *function;
    void *ctx; /* the function's */
    enum usb_speed speed;
    uint8_t address, configuration;
    enum usb_control_stage stage;
    struct usb_setup setup;
    unsigned done, length; /* of control_data */
    uint8_t control_data[USB_CONTROL_MAX];
    struct usb_endpoint in[16], out[16];
};

void usb_gadget_init(struct usb_gadget *gadget, struct sim *sim, const struct usb_model *model,
                     const struct usb_function *function, void *ctx, enum usb_speed speed);
void usb_gadget_halt(struct usb_gadget *gadget, uint8_t endpoint);
/* Largest packet of the endpoint at the present speed; 0: no such endpoint. */
unsigned usb_gadget_packet_size(const struct usb_gadget *gadget, uint8_t endpoint);

/* Of endpoint 0 (5.5.3): 8 bytes at low speed, else our devices take the most that there is. */
static inline unsigned usb_control_packet(enum usb_speed speed)
{
    return speed == USB_SPEED_LOW ? 8 : 64;
}

/* usb_descriptor.c: writes a standard descriptor; its length, 0: there is none. */
unsigned usb_descriptor(const struct usb_model *model, enum usb_speed speed, bool can_high,
                        uint8_t type, uint8_t index, uint8_t *to);

#endif
