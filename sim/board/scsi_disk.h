/*
 * A direct-access block device as SCSI sees it (SPC-4, SBC-3): decodes a command and either answers it
 * at once or says which sectors it moves. The transport moves the data.
 */
#ifndef SIM_BOARD_SCSI_DISK_H
#define SIM_BOARD_SCSI_DISK_H

#include "sim/board/disk.h"
#include "sim/core/event.h"

enum scsi_direction { SCSI_NO_DATA, SCSI_TO_HOST, SCSI_FROM_HOST };

/* Sense key, additional sense code and its qualifier, as 0xKKCCQQ. */
enum scsi_sense {
    SENSE_NONE = 0,
    SENSE_BECOMING_READY = 0x020401,
    SENSE_NO_MEDIUM = 0x023a00,
    SENSE_WRITE_ERROR = 0x030c00,
    SENSE_READ_ERROR = 0x031100,
    SENSE_UNKNOWN_COMMAND = 0x052000,
    SENSE_OUT_OF_RANGE = 0x052100,
    SENSE_WRONG_FIELD = 0x052400,
    SENSE_PREVENTED = 0x055302,
    SENSE_MEDIUM_CHANGED = 0x062800,
    SENSE_WRITE_PROTECTED = 0x072700,
    SENSE_ABORTED = 0x0b0000,
};

enum { SCSI_ANSWER_MAX = 256, SCSI_COMMAND_MAX = 16 };

struct scsi_command {
    enum scsi_direction direction;
    uint64_t length; /* bytes that the device wants to move */
    bool failed;     /* CHECK CONDITION; nothing is moved */
    bool sectors;    /* they are the medium's, from `sector` on; else `answer` */
    uint64_t sector;
    uint8_t answer[SCSI_ANSWER_MAX];
};

struct scsi_disk {
    const struct disk *disk;
    const char *product; /* up to 16 characters, and a serial number */
    const char *serial;
    enum scsi_sense sense; /* of the last command that failed */
    bool changed;          /* a unit attention is to be told */
    bool ejected, removal_prevented;
    sim_time ready_at; /* until then it is becoming ready */
};

void scsi_power_on(struct scsi_disk *scsi, sim_time ready_at, bool empty);
void scsi_decode(struct scsi_disk *scsi, sim_time now, const uint8_t *cdb, unsigned length,
                 struct scsi_command *command);
/* The command that was decoded last has failed while it moved its data. */
void scsi_fail(struct scsi_disk *scsi, enum scsi_sense sense);

#endif
