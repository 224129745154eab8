/*
 * Fault 2. The receiver writes into the sender's header, in memory that its cache holds.
 *
 * People meet it as messages that turn into the one before, once in a while and more often when the
 * M7 has much to do. The write makes the line dirty in the M7's cache. It leaves the cache when its
 * place is needed, whole: all 32 bytes, over whatever the sender has put there meanwhile.
 *
 * Cure: one writer for each line. What the receiver notes goes to a line (or a memory) of its own.
 * PM0253 4.8; docs/ipc-wire.md has both ends of a ring on lines of their own for the same reason.
 */
#ifndef MAILBOX_H
#define MAILBOX_H

#include "shared/turns.h"
#include "shared/verdict.h"

enum { MESSAGES = 64, WORDS = 6 };

/* One line of the M7's cache. */
struct mailbox {
    uint32_t number; /* of the message */
    uint32_t seen;   /* the receiver's note: the last message that it took */
    uint32_t words[WORDS];
};

#define MAILBOX ((struct mailbox *)0x30000000u) /* SRAM1: cached by the default map, write-back */

static inline uint32_t word_of(uint32_t number, uint32_t n)
{
    return number * 0x10001 + n;
}

#endif
