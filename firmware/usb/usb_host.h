/*
 * A USB host on the board's connector, by TinyUSB, and the one stick that may be in it (stick.c, over
 * bulk_only.c).
 *
 * One thread owns it: all calls are that thread's, but for usb_host_interrupt(). Where the stick has to
 * work, a call runs TinyUSB and waits by usb_host_idle(); it comes back at last after
 * STICK_PATIENCE_MS. Buffers are of whole words, in memory that USB1's DMA reaches and no cache holds.
 */
#ifndef USB_HOST_H
#define USB_HOST_H

#include <stdbool.h>
#include <stdint.h>

enum { STICK_PATIENCE_MS = 3000, USB_HOST_PATIENCE_MS = 5000 };

/* What the program gives. */
uint32_t usb_host_milliseconds(void); /* since any origin */
/* Sleeps until USB1's interrupt, unless one has come since the last call; at most a millisecond. */
void usb_host_idle(void);

/* Pins, clocks and the host stack; the port has power from now on. False: the core does not answer. */
bool usb_host_start(void);
/* Lets the stack go on: devices come and go in it. Call it again and again. */
void usb_host_run(void);
void usb_host_interrupt(void); /* USB1's handler calls it */

enum usb_host_state {
    USB_HOST_EMPTY,
    USB_HOST_BUSY,     /* something was plugged in and is being asked what it is */
    USB_HOST_NO_STICK, /* it is no mass storage, or says within USB_HOST_PATIENCE_MS nothing that is
                          understood */
    USB_HOST_STICK,
};
enum usb_host_state usb_host_state(void);

/* Of a stick that is there. */
uint32_t stick_sector_size(void); /* 512 to 4096, a power of two */
uint32_t stick_sectors(void);
bool stick_is_write_protected(void);

/* Whole sectors, straight from and to the caller's buffer. False: see stick_last_error(). */
bool stick_read(void *bytes, uint32_t sector, uint32_t count);
bool stick_write(const void *bytes, uint32_t sector, uint32_t count);
/* What was written is where it stays without power. A stick that does not know the command keeps nothing
 * back, and is not asked again. */
bool stick_flush(void);

enum stick_error {
    STICK_GOOD,
    STICK_GONE,
    STICK_SILENT, /* it did not answer, or no sense came of it, though it was reset */
    STICK_NO_MEDIUM,
    STICK_WRITE_PROTECTED,
    STICK_BAD_SECTOR,
    STICK_REFUSES, /* anything else */
};
/* Why the last read, write or flush came back false, or a device did not become a stick. */
enum stick_error stick_last_error(void);

/* For usb_host.c: the device is gone, another may come. */
void stick_forget(void);
/* For usb_host.c: asks a device what it is; false: it is no stick that can be used. */
bool stick_meet(void);

#endif
