/* Reports in words, as far as they need no symbols. */
#include <stdio.h>

#include "sim/check/internal.h"

const char *check_kind_name(enum check_kind kind)
{
    static const char *const names[CHECK_KINDS] = {
        "stale read",  "hidden write",      "lost write",
        "shared line", "unordered publish", "racing access",
    };
    return names[kind];
}

void check_party_name(const struct check_party *party, char *text, size_t size)
{
    const char *name = bus_master_name(party->master);
    switch (party->master) {
    case MASTER_DMA1:
    case MASTER_DMA2:
        snprintf(text, size, "%s stream %u", name, party->job.n);
        break;
    case MASTER_MDMA:
    case MASTER_BDMA:
        snprintf(text, size, "%s channel %u", name, party->job.n);
        break;
    case MASTER_LTDC:
        snprintf(text, size, "%s layer %u", name, party->job.n + 1);
        break;
    default:
        snprintf(text, size, "%s", name);
    }
}

/* Of several the last. */
static const struct check_party *who_did(const struct check_report *report, enum check_deed deed)
{
    for (unsigned n = report->party_count; n-- > 0;)
        if (report->parties[n].did == deed)
            return &report->parties[n];
    return &report->parties[0];
}

/* "starting DMA2 stream 1", "the Cortex-M4 is told of it" */
static void begin_of(const struct check_party *party, char *text, size_t size)
{
    char name[64];
    check_party_name(party, name, sizeof name);
    if (party->master <= MASTER_CM4)
        snprintf(text, size, "the %s is told of it", name);
    else
        snprintf(text, size, "starting %s", name);
}

void check_cure_text(const struct check_report *report, char *text, size_t size)
{
    char name[64], begin[96];
    uint32_t first = report->cure_address, last = first + report->cure_length - 1;
    const struct check_party *writer = who_did(report, CHECK_WROTE);
    const struct check_party *reader = who_did(report, CHECK_READ);
    check_party_name(writer, name, sizeof name);
    switch (report->cure) {
    case CURE_INVALIDATE_AFTER:
        snprintf(text, size, "invalidate 0x%08x..0x%08x when the %s has written it, before reading",
                 first, last, name);
        break;
    case CURE_CLEAN_BEFORE:
        begin_of(reader, begin, sizeof begin);
        snprintf(text, size, "clean 0x%08x..0x%08x before %s", first, last, begin);
        break;
    case CURE_INVALIDATE_BEFORE:
        begin_of(writer, begin, sizeof begin);
        snprintf(text, size, "invalidate or clean 0x%08x..0x%08x before %s", first, last, begin);
        break;
    case CURE_OWN_LINES:
        snprintf(text, size,
                 "keep what the %s writes out of the lines 0x%08x..0x%08x that the "
                 "Cortex-M7 writes (align it to 32 bytes), or do not cache it",
                 name, first, last);
        break;
    case CURE_CLEAN_NOT_DROP:
        snprintf(text, size,
                 "clean 0x%08x..0x%08x before it is invalidated, or keep it out of "
                 "lines that are (align it to 32 bytes)",
                 first, last);
        break;
    case CURE_BARRIER_WRITER:
        snprintf(text, size, "a DMB on the %s between the data's store and the flag's", name);
        break;
    case CURE_BARRIER_READER:
        check_party_name(reader, name, sizeof name);
        snprintf(text, size, "a DMB on the %s between the flag's load and the data's", name);
        break;
    case CURE_BARRIER_START:
        check_party_name(reader, begin, sizeof begin);
        check_party_name(&report->parties[0], name, sizeof name);
        snprintf(text, size, "a DSB on the %s before it writes the register that the %s goes by",
                 name, begin);
        break;
    case CURE_ORDER:
        snprintf(text, size,
                 "an HSEM semaphore or LDREX and STREX around it; or a flag that is "
                 "stored after a DMB, and loaded before one");
        break;
    }
}
