/*
 * A USB stick: mass storage, bulk-only transport (USB Mass Storage Class, Bulk-Only Transport 1.0)
 * over a SCSI disk. It takes its time as sticks do: so many bytes a second to and from its memory,
 * with a buffer of 32 KB between the wire and the memory.
 */
#ifndef SIM_BOARD_USB_STICK_H
#define SIM_BOARD_USB_STICK_H

#include "sim/board/scsi_disk.h"
#include "sim/board/usb_device.h"

/* What goes wrong with it, for who wants to see what firmware does then (usb_stick_faults.c). */
struct usb_stick_faults {
    /* Somebody pulls it out when it has done so many WRITE commands and after them so many
     * sectors have come: `pulled` is called then. */
    bool pull;
    uint64_t pull_commands, pull_sectors;
    void (*pulled)(void *ctx);
    void *ctx;
    uint64_t stall_every; /* each so manyth command is stalled and fails; 0: none */
    uint64_t hang_after;  /* after so many commands it says NAK for ever; 0: it does not */
    bool empty;           /* a card reader without a card */
    uint64_t garbage;     /* its descriptors are spoilt by this seed; 0: they are not */
};

struct usb_stick_config {
    struct disk disk;
    bool full_speed;                /* a stick of USB 1.1 */
    uint64_t read_rate, write_rate; /* bytes a second; 0: 35 MB/s and 25 MB/s */
    struct usb_stick_faults faults;
};

enum stick_state { STICK_COMMAND, STICK_DATA_IN, STICK_DATA_OUT, STICK_STATUS, STICK_BROKEN };

struct usb_stick_statistics {
    uint64_t commands, sectors_read, sectors_written, writes; /* writes: WRITE commands completed */
};

struct usb_stick {
    struct usb_gadget gadget;
    struct usb_stick_config config;
    struct scsi_disk scsi;
    struct usb_stick_statistics statistics;
    struct event pull;
    uint64_t random; /* of `garbage` */
    enum stick_state state;
    struct scsi_command command;
    uint32_t tag, expected;  /* of the command block wrapper */
    uint64_t sectors_before; /* written when the hand's count of sectors began */
    uint64_t writes_before;  /* WRITE commands completed before the one at hand */
    uint8_t status;          /* of the status wrapper that is to come */
    uint64_t limit, moved;   /* bytes of data that are to be moved, and that were */
    sim_time memory_free;    /* when the memory has done all that it was given */
    sim_time data_at;        /* when the sector that is to be read next is in the buffer */
    uint8_t sector[DISK_SECTOR_MAX];
    bool loaded; /* `sector` holds what is to be sent next */
};

/* usb_stick_faults.c */
void stick_faults_init(struct usb_stick *stick);
void stick_look_for_the_hand(struct usb_stick *stick); /* pulled out, if it is time */
bool stick_hangs(const struct usb_stick *stick);
bool stick_stalls(const struct usb_stick *stick); /* the command that begins */
unsigned stick_spoil(void *ctx, const struct usb_setup *setup, uint8_t *data, unsigned length);

/* In place; `config` is copied. Then plug gadget.device. */
void usb_stick_init(struct usb_stick *stick, struct sim *sim,
                    const struct usb_stick_config *config);

#endif
