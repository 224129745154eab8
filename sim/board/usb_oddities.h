/* USB devices that are no stick, and a bad cable: what a person may plug in by mistake. */
#ifndef SIM_BOARD_USB_ODDITIES_H
#define SIM_BOARD_USB_ODDITIES_H

#include "sim/board/usb_device.h"

enum usb_oddity { USB_KEYBOARD, USB_HUB };

/* In place; then plug gadget->device. A keyboard (boot protocol, low speed) on which nobody types, or a
 * hub (high speed, four ports) with nothing in it. */
void usb_oddity_init(struct usb_gadget *gadget, struct sim *sim, enum usb_oddity kind);

/* A cable that spoils each so manyth transaction: in turn the device does not hear it, its answer is
 * not heard, or data arrive broken. */
struct usb_bad_cable {
    struct usb_device device; /* for usb_plug() */
    const struct usb_device *end;
    uint64_t every, count;
};

void usb_bad_cable_init(struct usb_bad_cable *cable, const struct usb_device *end, uint64_t every);

#endif
