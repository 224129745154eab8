/*
 * What is plugged into USB1 and USB2 (RM0399 chapter 60; USB 2.0 chapters 7 and 8). The block is the
 * host: it makes the packets and their times, a device only answers, one transaction at a time. All
 * functions of a device run at the board time at which the transaction's token begins. In device mode
 * the block answers, and a host that is plugged in makes packets and times.
 */
#ifndef SIM_SOC_USB_H
#define SIM_SOC_USB_H

#include "sim/soc/soc.h"

enum { USB_PACKET_MAX = 1024 };

enum usb_speed { USB_SPEED_HIGH, USB_SPEED_FULL, USB_SPEED_LOW }; /* coded as HPRT.PSPD */

enum usb_token { USB_OUT, USB_IN, USB_SETUP, USB_PING };

enum usb_answer {
    USB_ACK,     /* OUT, SETUP, PING: taken. IN: data follow */
    USB_NYET,    /* OUT at high speed: taken, and no room for more; else as USB_ACK */
    USB_NAK,     /* not now */
    USB_STALL,   /* not like that */
    USB_SILENCE, /* nobody answers */
    USB_GARBLED, /* something, whose CRC is wrong */
};

struct usb_transaction {
    enum usb_token token;
    uint8_t address, endpoint;
    bool data1;      /* the data packet is DATA1; of IN, filled in by the device */
    unsigned length; /* of the data; likewise */
    uint8_t data[USB_PACKET_MAX];
};

/* The owner keeps it alive while it is plugged. Any function but transact() may be NULL. */
struct usb_device {
    void *ctx;
    const char *name;     /* static storage */
    enum usb_speed speed; /* the fastest that it can; one of high speed falls back to full speed */
    void (*power)(void *ctx, bool on); /* VBUS */
    /* The end of a bus reset: address 0, not configured, at this speed. */
    void (*reset)(void *ctx, enum usb_speed speed);
    enum usb_answer (*transact)(void *ctx, struct usb_transaction *transaction);
    /* The host's ACK of the data that an IN of this endpoint brought; without it they come again. */
    void (*acknowledged)(void *ctx, unsigned endpoint);
    /* After a NAK: when this endpoint may first answer otherwise, for that it is not asked in vain a
     * thousand times until then. Not later than it truly can. NULL, or a time past: at once. */
    sim_time (*ready)(void *ctx, const struct usb_transaction *transaction);
};

/* What a host does to a block in device mode: a bus reset, and after it a transaction at a time (not
 * isochronous), called when it has gone over the wire; data of an IN count as acknowledged. */
struct usb_bus {
    void *ctx;
    void (*reset)(void *ctx, bool level);
    enum usb_speed (*speed)(void *ctx); /* that the last reset agreed on */
    enum usb_answer (*transact)(void *ctx, struct usb_transaction *transaction);
};

/* A host in the place of a device; likewise. */
struct usb_host_end {
    void *ctx;
    /* A device's pull-up shows, and can be asked by the bus; NULL: it shows no more. */
    void (*attached)(void *ctx, const struct usb_bus *bus);
};

/* The connector on the board. */
struct usb_socket {
    void *ctx;
    bool (*wired)(
        void *ctx); /* the PHY can be reached: asked when the port gets power; NULL: yes */
    void (*vbus)(void *ctx, bool on); /* the power switch; NULL: nobody looks */
};

void usb_connect(struct block *usb, const struct usb_socket *socket); /* copied */
/* NULL: pulls out what is plugged in. */
void usb_plug(struct block *usb, const struct usb_device *device);
/* The power switch's fault output. */
void usb_overcurrent(struct block *usb, bool level);
/* The device asks a suspended host to resume (USB 2.0 7.1.7.7). */
void usb_remote_wakeup(struct block *usb);

/* A host in the place of a device, which gives VBUS. NULL: pulls it out. */
void usb_plug_host(struct block *usb, const struct usb_host_end *host);
/* How long a transaction takes, up to the next token. */
sim_time usb_transaction_time(enum usb_speed speed, const struct usb_transaction *transaction,
                              enum usb_answer answer, bool handshake);

#endif
