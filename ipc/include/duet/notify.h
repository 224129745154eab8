// Notification: 32 logical lines each way over one hardware line.
//
// State in shared memory stands behind every event. The sender flips its request bit of a line, the
// receiver makes its acknowledge bit equal again, so `request XOR acknowledge` is what is pending,
// each word has one writer, and no event is lost whether the peer runs, is about to sleep, sleeps or
// is not started yet. The receiver acknowledges *before* it looks at what the event is about, so a
// raise that comes while it looks is a new event. Raising a pending line again costs no ring.
//
// Contexts: duet_notify_raise, duet_notify_take and duet_notify_pending from any context;
// duet_notify_interrupt from the hardware line's handler; duet_notify_wait and duet_notify_sleep from
// threads, which alone block. A struct duet_notify belongs to one core.
#ifndef DUET_NOTIFY_H
#define DUET_NOTIFY_H

#include "duet/port.h"

#define DUET_NOTIFY_LINES 32

// In shared memory, 32 bytes a core, each written by that core alone.
struct duet_notify_card {
    uint32_t request;     // a flip raises the line
    uint32_t acknowledge; // equal to the peer's request: nothing pending
    uint32_t reserved[6];
};

struct duet_notify_shared {
    struct duet_notify_card card[2]; // by core
} __attribute__((aligned(DUET_LINE)));

// Called by duet_notify_interrupt, in its context, after the line was acknowledged.
typedef void duet_notify_handler(void *argument, uint32_t line);

struct duet_notify_entry {
    duet_notify_handler *handler; // NULL: the line is kept for take and wait
    void *argument;
};

struct duet_notify_config {
    struct duet_memory memory;
    struct duet_notify_shared *shared;       // as this core addresses it
    const struct duet_notify_entry *entries; // by line; NULL when entry_count is 0
    uint32_t entry_count;                    // 0 to 32
};

struct duet_notify {
    const struct duet_notify_config *config;
    struct duet_notify_card *mine;
    const struct duet_notify_card *theirs;
    uint32_t request;
    uint32_t acknowledge;
    uint32_t latched; // acknowledged, not yet taken
    uint32_t handled; // the lines that have a handler
};

// Joins. Every line of both directions is pending once afterwards, so whatever happened before is
// looked at: the order in which the cores start does not matter, nor does old content of the memory.
// DUET_OK or DUET_INVALID. config must outlive notify.
int duet_notify_open(struct duet_notify *notify, const struct duet_notify_config *config);

// Makes `line` (0 to 31) pending at the peer, after all that this core wrote before. Higher numbers
// are ignored.
void duet_notify_raise(struct duet_notify *notify, uint32_t line);

// The lines of `lines` (a bit each) that were pending; they no longer are. Look at what they are
// about after this call, never before.
uint32_t duet_notify_take(struct duet_notify *notify, uint32_t lines);

// Makes `line` pending on this core, as if the peer had raised it. Any context.
void duet_notify_latch(struct duet_notify *notify, uint32_t line);

// The lines of `lines` that duet_notify_take would answer; changes nothing.
uint32_t duet_notify_pending(const struct duet_notify *notify, uint32_t lines);

// Takes lines that are pending, if not always all of them, and sleeps up to timeout_us microseconds (at
// most 2^31) for one of `lines` when none is. 0: none came in that time.
uint32_t duet_notify_wait(struct duet_notify *notify, uint32_t lines, uint32_t timeout_us);

// Sleeps up to timeout_us microseconds, unless one of `lines` is pending; takes nothing, and may return
// early: for a caller who knows by his own state in shared memory what he waits for. He takes the
// lines, looks at that state, and sleeps then.
void duet_notify_sleep(struct duet_notify *notify, uint32_t lines, uint32_t timeout_us);

// The hardware line's interrupt handler: clears the flag, calls the handlers of the pending lines in
// the order of their numbers, and keeps the lines without one.
void duet_notify_interrupt(struct duet_notify *notify);

#endif
