#include "sim/core/report.h"

#include <stdio.h>
#include <stdlib.h>

struct report_key {
    const char *block; /* NULL: free */
    uint64_t key;
    enum complaint_kind kind;
};

void reporter_init(struct reporter *reporter)
{
    *reporter = (struct reporter){0};
}

void reporter_free(struct reporter *reporter)
{
    free(reporter->keys);
    *reporter = (struct reporter){0};
}

/* FNV-1a over the block's name: its address must not decide anything. */
static uint64_t hash_key(enum complaint_kind kind, const char *block, uint64_t key)
{
    uint64_t hash = 0xcbf29ce484222325u ^ (uint64_t)kind ^ key * 0x9e3779b97f4a7c15u;
    for (const char *c = block; *c; c++)
        hash = (hash ^ (uint8_t)*c) * 0x100000001b3u;
    return hash;
}

static struct report_key *find(const struct reporter *reporter, enum complaint_kind kind,
                               const char *block, uint64_t key)
{
    unsigned mask = reporter->key_capacity - 1;
    for (unsigned n = (unsigned)hash_key(kind, block, key) & mask;; n = (n + 1) & mask) {
        struct report_key *entry = &reporter->keys[n];
        if (!entry->block || (entry->key == key && entry->kind == kind && entry->block == block))
            return entry;
    }
}

static void grow(struct reporter *reporter)
{
    struct reporter old = *reporter;
    reporter->key_capacity = old.key_capacity ? 2 * old.key_capacity : 64;
    reporter->keys = calloc(reporter->key_capacity, sizeof *reporter->keys);
    if (!reporter->keys)
        abort(); /* out of host memory */
    for (unsigned n = 0; n < old.key_capacity; n++)
        if (old.keys[n].block)
            *find(reporter, old.keys[n].kind, old.keys[n].block, old.keys[n].key) = old.keys[n];
    free(old.keys);
}

static bool first_time(struct reporter *reporter, enum complaint_kind kind, const char *block,
                       uint64_t key)
{
    if (2 * reporter->key_count >= reporter->key_capacity)
        grow(reporter);
    struct report_key *entry = find(reporter, kind, block, key);
    if (entry->block)
        return false;
    *entry = (struct report_key){block, key, kind};
    reporter->key_count++;
    return true;
}

void complain(struct reporter *reporter, enum complaint_kind kind, const char *block, uint64_t key,
              const char *format, ...)
{
    reporter->total[kind]++;
    if (!first_time(reporter, kind, block, key))
        return;
    reporter->distinct[kind]++;
    if (!reporter->hear)
        return;
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    reporter->hear(reporter->ctx, &(struct complaint){kind, block, text});
}
