// Transfers: memory to memory by the port's copy engine (MDMA on the STM32H7) between any two places,
// the M7's TCMs included, in rows with strides, in linked lists; by this core where there is no engine.
//
// The cache duty is done by the policies that the transfer states. Completion is told to the other core,
// or to this one, by a notification line.
//
// Contexts: any, but one at a time for each mover; duet_mover_serve is for the engine's interrupt, or
// for polling. One mover a channel.
#ifndef DUET_TRANSFER_H
#define DUET_TRANSFER_H

#include "duet/notify.h"
#include "duet/status.h"

// `rows` rows of `row` bytes, each `…_stride` bytes after the one before. The caller's until the mover is
// done. Memory that a cache of this core holds (DUET_MAINTAINED) begins and ends on lines: to, row and
// to_stride are multiples of 32 where to_policy says so.
struct duet_transfer {
    void *to;
    const void *from;
    uint32_t row;  // 1 or more
    uint32_t rows; // 1 or more
    uint32_t to_stride;
    uint32_t from_stride;
    enum duet_policy to_policy;
    enum duet_policy from_policy;
    const struct duet_transfer *next; // of a list, or NULL
};

// What a port's engine takes at once: the library cuts transfers to this.
#define DUET_ENGINE_ROW  65536u // most bytes in a row
#define DUET_ENGINE_ROWS 4096u  // most rows

struct duet_mover_config {
    const struct duet_port *port;
    struct duet_notify *notify; // NULL: nobody is told
    uint32_t line;
    uint32_t tell_peer; // 1: raised at the other core; 0: made pending on this one
};

struct duet_mover {
    const struct duet_mover_config *config;
    const struct duet_transfer *transfer; // the one that runs; NULL: idle
    struct duet_transfer piece;           // of it, that the engine has
    uint32_t row, offset;                 // done of it
    int status;                           // of the last one
};

void duet_mover_open(struct duet_mover *mover, const struct duet_mover_config *config);

// Starts a transfer and all that are linked to it. DUET_OK; DUET_AGAIN while another runs; DUET_INVALID:
// nothing was moved.
int duet_mover_start(struct duet_mover *mover, const struct duet_transfer *transfer);

// Goes on where the engine has stopped. DUET_AGAIN while it runs, DUET_OK when all is moved, or the error
// that ended it (DUET_CORRUPT: the engine's bus error).
int duet_mover_serve(struct duet_mover *mover);

// Serves until the end, up to timeout_us microseconds; then cancels and answers DUET_TIMEOUT.
int duet_mover_wait(struct duet_mover *mover, uint32_t timeout_us);

// Stops at once. What was moved stays moved; nobody is told.
void duet_mover_cancel(struct duet_mover *mover);

#endif
