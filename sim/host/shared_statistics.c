/*
 * What firmware counts in shared memory of the messages between its cores: blocks of 128 bytes on a
 * cache line, found by what they begin with. docs/ipc-wire.md, "Statistics", is their format.
 */
#include "sim/host/session.h"

#include <inttypes.h>
#include <string.h>

enum { MAGIC = 0x54415453, WORDS = 32, LINE_WORDS = 8, PAGE_WORDS = 1024, BUCKETS = 20 };
enum {
    AT_MAGIC,
    AT_MOVES,
    AT_BYTES,
    AT_HIGH_WATER,
    AT_SLOWEST,
    AT_KIND,
    AT_ZEROS,
    AT_LATENCY = 12
};

static const struct kind {
    const char *name, *unit;
} kinds[] = {
    {NULL, NULL},
    {"ring, sent", "bytes"},
    {"ring, received", "bytes"},
    {"RPMsg, sent", "buffers"},
    {"RPMsg, received", "buffers"},
};

/* Where they are looked for. */
static const struct {
    uint32_t base, size;
} memories[] = {
    {0x24000000, 512 << 10}, /* AXI SRAM */
    {0x30000000, 288 << 10}, /* SRAM1 to SRAM3 */
    {0x38000000, 64 << 10},  /* SRAM4 */
    {0xd0000000, 32 << 20},  /* SDRAM */
};

static bool is_block(const uint32_t *words)
{
    if (words[AT_MAGIC] != MAGIC || words[AT_KIND] == 0 ||
        words[AT_KIND] >= sizeof kinds / sizeof *kinds)
        return false;
    for (unsigned n = AT_ZEROS; n < AT_LATENCY; n++)
        if (words[n] != 0)
            return false;
    return true;
}

/* ", under 1 us 3, 2 us 10, 4 us 1": those that are not 0. */
static void print_latencies(FILE *to, const uint32_t *counts)
{
    const char *before = ", under ";
    for (unsigned n = 0; n < BUCKETS - 1; n++) {
        if (counts[n] == 0)
            continue;
        fprintf(to, "%s%" PRIu32 " us %" PRIu32, before, UINT32_C(1) << n, counts[n]);
        before = ", ";
    }
    if (counts[BUCKETS - 1] != 0)
        fprintf(to, ", above %" PRIu32, counts[BUCKETS - 1]);
}

static void print_block(FILE *to, uint32_t address, const uint32_t *words)
{
    const struct kind *kind = &kinds[words[AT_KIND]];
    fprintf(to,
            "shared        0x%08" PRIx32 " %s: messages %" PRIu32 ", bytes %" PRIu32
            ", at most %" PRIu32 " %s",
            address, kind->name, words[AT_MOVES], words[AT_BYTES], words[AT_HIGH_WATER],
            kind->unit);
    if (words[AT_SLOWEST] != 0)
        fprintf(to, ", slowest %" PRIu32 " us", words[AT_SLOWEST]);
    print_latencies(to, &words[AT_LATENCY]);
    fputc('\n', to);
}

static void look_at_line(FILE *to, struct machine *machine, uint32_t address)
{
    uint32_t words[WORDS];
    if (machine_peek_memory(machine, SOC_CM7, address, words, sizeof words) && is_block(words))
        print_block(to, address, words);
}

void print_shared_statistics(struct session *session, FILE *to)
{
    uint32_t page[PAGE_WORDS];
    for (size_t n = 0; n < sizeof memories / sizeof *memories; n++)
        for (uint32_t at = 0; at < memories[n].size; at += sizeof page) {
            uint32_t address = memories[n].base + at;
            if (!machine_peek_memory(session->machine, SOC_CM7, address, page, sizeof page))
                continue;
            for (uint32_t word = 0; word < PAGE_WORDS; word += LINE_WORDS)
                if (page[word] == MAGIC)
                    look_at_line(to, session->machine, address + 4 * word);
        }
}
