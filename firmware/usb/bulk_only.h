/*
 * Mass storage by bulk-only transport (Universal Serial Bus Mass Storage Class, Bulk-Only Transport 1.0)
 * as a class driver of TinyUSB. TinyUSB's own takes a stalled data phase and an old status for success;
 * this one recovers as the specification says (5.3, 6.7) and tells failure from success.
 *
 * For the thread that owns the USB host (usb_host.h).
 */
#ifndef USB_BULK_ONLY_H
#define USB_BULK_ONLY_H

#include <stdbool.h>
#include <stdint.h>

struct bulk_only_command {
    uint8_t block[16], block_length;
    bool to_host;
    void *data; /* words that the core's DMA reaches; NULL if length is 0 */
    uint32_t length;
    uint32_t moved; /* filled in: the bytes that the device took or gave */
};

enum bulk_only_outcome {
    BULK_ONLY_PASSED,
    BULK_ONLY_FAILED, /* the device says so: ask it for its sense */
    BULK_ONLY_BROKEN, /* no answer, or none that makes sense, though the device was reset */
};

bool bulk_only_present(void); /* a device with this transport is configured */
enum bulk_only_outcome bulk_only_do(struct bulk_only_command *command);

/* usb_host.c: runs the stack until *ended; false: the device is gone, or has not come to an end within
 * STICK_PATIENCE_MS and was given up. */
bool usb_host_wait(const volatile bool *ended);
/* usb_host.c: after a transfer that failed. While a device is pulled out transfers fail before the port
 * has noticed anything: it is given some time. False: the device is gone. */
bool usb_host_keeps_device(void);

#endif
