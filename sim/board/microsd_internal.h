/* What the files of the microSD card share: microsd.c has its commands, microsd_blocks.c its data. */
#ifndef SIM_BOARD_MICROSD_INTERNAL_H
#define SIM_BOARD_MICROSD_INTERNAL_H

#include "sim/board/microsd.h"

/* Of the card's status (SD specification, table 4-42). */
#define OUT_OF_RANGE 0x80000000u

enum status {
    BLOCK_LENGTH_ERROR = 1 << 29,
    ERASE_SEQUENCE_ERROR = 1 << 28,
    ERASE_PARAMETER = 1 << 27,
    WRITE_PROTECTED = 1 << 26,
    CRC_ERROR = 1 << 23,
    ILLEGAL_COMMAND = 1 << 22,
    ECC_FAILED = 1 << 21,
    GENERAL_ERROR = 1 << 19,
    READY_FOR_DATA = 1 << 8,
    APPLICATION_COMMAND = 1 << 5,
};

/* It is busy for so long, from now on or after what it is busy with already. */
void microsd_program(struct microsd *card, sim_time time);

/* As in struct sd_device. */
sim_time microsd_sends_at(void *ctx);
unsigned microsd_send(void *ctx, const struct sd_line *line, uint8_t *bytes, bool *good);
enum sd_token microsd_take(void *ctx, const struct sd_line *line, const uint8_t *bytes,
                           unsigned length);
sim_time microsd_busy_until(void *ctx);

#endif
