/*
 * A microSD card (SD Physical Layer Simplified Specification 6.00): high capacity, whatever its size, at
 * default and high speed, on one or four lines, at 3.3 V. It takes its time as cards do.
 */
#ifndef SIM_BOARD_MICROSD_H
#define SIM_BOARD_MICROSD_H

#include "sim/board/disk.h"
#include "sim/core/sim.h"
#include "sim/soc/sd.h"

/* A card's size is a multiple of this (its CSD counts so). */
#define MICROSD_UNIT ((uint64_t)512 << 10)

struct microsd_config {
    struct disk disk; /* of sectors of 512 bytes; see MICROSD_UNIT */
    uint64_t rate;    /* bytes a second that it writes; 0: as cards do */
    uint64_t errors;  /* the CRC of each so manyth block is wrong; 0: of none */
};

struct microsd_statistics {
    uint64_t commands, sectors_read, sectors_written;
};

enum microsd_state { /* as in CURRENT_STATE of its status */
                     CARD_IDLE,
                     CARD_READY,
                     CARD_IDENT,
                     CARD_STANDBY,
                     CARD_TRANSFER,
                     CARD_DATA,
                     CARD_RECEIVE,
                     CARD_PROGRAM,
                     CARD_INACTIVE,
};

enum { MICROSD_REPLY_MAX = 64 };

struct microsd {
    struct sd_device device;
    struct sim *sim;
    struct microsd_config config;
    struct microsd_statistics statistics;
    enum microsd_state state, state_before; /* now; as the present command came */
    uint32_t status;                        /* error bits to be told */
    uint16_t rca;
    bool application; /* CMD55 was the last command */
    unsigned width;
    bool high_speed;
    sim_time ready_at; /* of the first ACMD41 on: then it has initialised itself; 0: none came */
    sim_time free_at;  /* D0 is low until then */
    sim_time send_at;  /* the next block */
    uint8_t reply[MICROSD_REPLY_MAX]; /* a register that is sent as data */
    unsigned reply_length;            /* 0: sectors are sent */
    uint64_t sector, left;            /* of the transfer; UINT64_MAX: until it is stopped */
    uint32_t count;                   /* by CMD23; 0: none was given */
    uint32_t written;                 /* sectors of the last write */
    uint64_t erase_first, erase_last;
    unsigned erase_steps; /* 1: has the first, 2: both */
    uint64_t blocks;      /* sent and taken, for config.errors */
};

void microsd_init(struct microsd *card, struct sim *sim, const struct microsd_config *config);
void microsd_power_on(struct microsd *card);

/* microsd_registers.c: what it says of itself. Words are bits 127 to 0. */
void microsd_cid(uint32_t words[4]);
void microsd_csd(const struct microsd *card, uint32_t words[4]);
void microsd_scr(uint8_t bytes[8]);
void microsd_sd_status(const struct microsd *card, uint8_t bytes[64]);
/* The answer to CMD6; carries it out if it is no mere question and can be done. */
void microsd_switch(struct microsd *card, uint32_t argument, uint8_t bytes[64]);

#endif
