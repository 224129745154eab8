/*
 * A computer at the other end of the board's USB connector (USB 2.0 chapters 7.1.7 and 9): as a device
 * attaches it waits until the contact is sure, resets it, asks for the device descriptor, resets again,
 * gives an address, reads all descriptors and sets the first configuration. It tells what it found, and
 * what went wrong. Of a human interface device it then asks the first interrupt endpoint for reports.
 */
#ifndef SIM_BOARD_USB_PC_H
#define SIM_BOARD_USB_PC_H

#include "sim/core/sim.h"
#include "sim/soc/usb.h"

enum { USB_PC_DATA = 1024, USB_PC_STRING = 127, USB_PC_REPORT = 64 };

/* What is known of the device so far. */
struct usb_pc_found {
    enum usb_speed speed;
    uint16_t vendor, product, release;
    uint8_t device_class; /* of the device; 0: of its first interface */
    uint8_t interfaces;
    char manufacturer[USB_PC_STRING], name[USB_PC_STRING],
        serial[USB_PC_STRING]; /* ASCII, or "?" */
};

/* Any may be NULL. */
struct usb_pc_listener {
    void *ctx;
    void (*attached)(void *ctx, bool attached); /* for good, not bouncing */
    void (*configured)(void *ctx, const struct usb_pc_found *found);
    void (*failed)(void *ctx, const char *why); /* it asks no more until the device attaches anew */
    void (*report)(void *ctx, const uint8_t *bytes,
                   unsigned count); /* one that is not as the last */
};

enum usb_pc_outcome {
    USB_PC_GOES_ON,
    USB_PC_DONE,
    USB_PC_STALLED,
    USB_PC_SILENT,
    USB_PC_NAKED,
    USB_PC_BABBLED
};

/* A control transfer without data, or with data of the device. */
struct usb_pc_transfer {
    bool active;
    enum { USB_PC_SETUP, USB_PC_DATA_IN, USB_PC_STATUS } stage;
    uint8_t setup[8];
    unsigned done, wanted;
    unsigned errors; /* one after another */
    bool data1;
    sim_time began, patience; /* patience: from a NAK to the next attempt */
    uint8_t data[USB_PC_DATA];
};

struct usb_pc {
    struct usb_host_end end; /* for board_plug_host() */
    struct sim *sim;
    struct usb_pc_listener listener;
    const struct usb_bus *bus; /* NULL: nothing is attached */
    struct event next;
    unsigned step, attempts;
    bool told; /* the listener: it is attached */
    bool resets;
    char why[96]; /* what was wrong */
    uint8_t address, packet, strings[3], configuration;
    uint16_t language;
    struct usb_pc_found found;
    struct usb_pc_transfer transfer;
    /* of a human interface device */
    uint8_t report_interface, report_endpoint; /* 0: none */
    uint16_t report_size;
    sim_time report_interval;
    bool report_data1;
    unsigned last_count;
    uint8_t last[USB_PC_REPORT];
};

/* usb_pc_transfer.c: begins one; then a transaction at a time, and how long until the next. */
void usb_pc_ask(struct usb_pc *pc, const uint8_t setup[8]);
enum usb_pc_outcome usb_pc_transact(struct usb_pc *pc, sim_time *pause);

/* In place. Then plug pc->end, and pull it out before it ends. */
void usb_pc_init(struct usb_pc *pc, struct sim *sim, const struct usb_pc_listener *listener);

/* "mass storage", by the code of a class; "unknown" */
const char *usb_pc_class_name(uint8_t code);

#endif
