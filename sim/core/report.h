/*
 * The three kinds of complaint, never mixed: the guest did something wrong, the guest used something
 * that is not modelled, the board is wired wrong (a bug of ours).
 */
#ifndef SIM_CORE_REPORT_H
#define SIM_CORE_REPORT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

enum complaint_kind { COMPLAINT_GUEST, COMPLAINT_UNMODELLED, COMPLAINT_BOARD };

struct complaint {
    enum complaint_kind kind;
    const char *block; /* "USART1", "bus", "Cortex-M7"; static storage */
    const char *text;  /* what happened and what to do; valid during the call */
};

/* Complaints go to one listener, who adds the core, its pc and the time. `once` keys are remembered
 * here: a second complaint with the same key is counted and not passed on. */
struct reporter {
    void (*hear)(void *ctx, const struct complaint *complaint);
    void *ctx;
    struct report_key *keys; /* hash table of (block, key) */
    unsigned key_count, key_capacity;
    uint64_t total[3]; /* by kind, repeated ones included */
    uint64_t distinct[3];
};

void reporter_init(struct reporter *reporter);
void reporter_free(struct reporter *reporter);

/* Complains once for each (kind, block, key). key: anything that tells one cause from another, such
 * as a register's offset. printf format. */
void complain(struct reporter *reporter, enum complaint_kind kind, const char *block, uint64_t key,
              const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
