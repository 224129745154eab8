#include "sim/host/deed.h"

#include <string.h>
#include <sys/mman.h>

bool deed_do(const struct deed *deed, const struct hands *hands, struct failure *failure)
{
    switch (deed->kind) {
    case DEED_ACTION:
        return action_do(&deed->action, hands, failure);
    case DEED_MEMORY:
        return machine_poke(hands->machine, deed->core, deed->address, deed->bytes, deed->length) ||
               failed(failure, "nothing answers at 0x%08x", deed->address);
    case DEED_REGISTER:
        cpu_set(machine_cpu(hands->machine, deed->core), (enum cpu_reg)deed->address, deed->value);
        return true;
    }
    return false;
}

/* --- The log --- */

enum { LOG_SIZE = 64 << 20 }; /* of address space; memory only where something is written */

struct deed_log {
    size_t length; /* of what follows */
    _Alignas(16) uint8_t bytes[];
};

struct record { /* followed by its bytes */
    struct deed_place place;
    struct deed deed;
    size_t count;
};

struct deed_log *deed_log_create(void)
{
    void *memory = mmap(NULL, LOG_SIZE, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void deed_log_destroy(struct deed_log *log)
{
    if (log)
        munmap(log, LOG_SIZE);
}

void deed_log_empty(struct deed_log *log)
{
    log->length = 0;
}

size_t deed_log_end(const struct deed_log *log)
{
    return log->length;
}

static size_t size_of(size_t count)
{
    return (sizeof(struct record) + count + 15) / 16 * 16;
}

/* What a deed points to: what was typed, an image's path with its end, or bytes for memory. Where the
 * camera looks is not kept, for its pictures are (camera_log.h). */
static const void *pointed_to(const struct deed *deed, size_t *count)
{
    const struct action *action = &deed->action;
    if (deed->kind != DEED_ACTION) {
        *count = deed->bytes ? deed->length : 0;
        return deed->bytes;
    }
    *count = action->typed ? action->typed_count
                           : (action->plug.image ? strlen(action->plug.image) + 1 : 0);
    return action->typed ? (const void *)action->typed : action->plug.image;
}

bool deed_log_add(struct deed_log *log, const struct deed *deed, const struct deed_place *place)
{
    size_t count;
    const void *bytes = pointed_to(deed, &count);
    if (size_of(count) > LOG_SIZE - sizeof *log - log->length)
        return false;
    struct record *record = (struct record *)&log->bytes[log->length];
    *record = (struct record){*place, *deed, count};
    record->deed.action.source = NULL;
    if (count)
        memcpy(record + 1, bytes, count);
    log->length += size_of(count);
    return true;
}

const struct deed_place *deed_log_look(const struct deed_log *log, size_t cursor)
{
    return cursor < log->length ? &((const struct record *)&log->bytes[cursor])->place : NULL;
}

struct deed deed_log_take(const struct deed_log *log, size_t *cursor)
{
    const struct record *record = (const struct record *)&log->bytes[*cursor];
    struct deed deed = record->deed;
    void *bytes = record->count ? (void *)(uintptr_t)(record + 1) : NULL;
    if (deed.kind != DEED_ACTION)
        deed.bytes = bytes;
    else if (deed.action.kind == ACTION_TYPE)
        deed.action.typed = bytes;
    else
        deed.action.plug.image = bytes;
    *cursor += size_of(record->count);
    return deed;
}
