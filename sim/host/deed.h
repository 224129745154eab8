/* What comes to the board from outside while it runs: a person's actions, a debugger's changes. */
#ifndef SIM_HOST_DEED_H
#define SIM_HOST_DEED_H

#include "sim/host/input.h"
#include "sim/machine/machine.h"

enum deed_kind { DEED_ACTION, DEED_MEMORY, DEED_REGISTER };

struct deed {
    enum deed_kind kind;
    struct action action;
    enum soc_core core; /* whose memory or register */
    uint32_t address;   /* of memory; of a register its number (enum cpu_reg) and value */
    uint32_t value;
    const void *bytes; /* written to memory */
    uint32_t length;
};

/* False: see the failure; nothing answers at the address, say. */
bool deed_do(const struct deed *deed, const struct hands *hands, struct failure *failure);

/*
 * Deeds in the order in which they were done, each with its place in the run, in memory that a process
 * shares with its children.
 */
struct deed_place {
    uint64_t meeting; /* between the same two meetings of the board with its person */
    struct machine_position at;
};

struct deed_log;

struct deed_log *deed_log_create(void); /* NULL: out of memory */
void deed_log_destroy(struct deed_log *log);
void deed_log_empty(struct deed_log *log);
/* False: it is full. */
bool deed_log_add(struct deed_log *log, const struct deed *deed, const struct deed_place *place);
/* Where the next deed will be. */
size_t deed_log_end(const struct deed_log *log);
/* The deed at *cursor, which then is at the one that follows; NULL: there is none. Its bytes are good
 * until the log is emptied. */
const struct deed_place *deed_log_look(const struct deed_log *log, size_t cursor);
struct deed deed_log_take(const struct deed_log *log, size_t *cursor);

#endif
