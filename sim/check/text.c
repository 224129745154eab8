/* Reports in words, as far as they need no symbols. */
#include <stdio.h>

#include "sim/check/internal.h"

const char *check_kind_name(enum check_kind kind)
{
    static const char *const names[CHECK_KINDS] = {
        "stale read",        "hidden write",  "lost write",      "shared line",
        "unordered publish", "racing access", "missing barrier",
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

static void cure_memory(const struct check_report *report, char *text, size_t size)
{
    char name[64], begin[96], range[32];
    const struct check_party *writer = who_did(report, CHECK_WROTE);
    check_party_name(writer, name, sizeof name);
    begin_of(writer, begin, sizeof begin);
    snprintf(range, sizeof range, "0x%08x..0x%08x", report->cure_address,
             report->cure_address + report->cure_length - 1);
    switch (report->cure) {
    case CURE_INVALIDATE_AFTER:
        snprintf(text, size, "invalidate %s when the %s has written it, before reading", range,
                 name);
        break;
    case CURE_CLEAN_BEFORE:
        begin_of(who_did(report, CHECK_READ), begin, sizeof begin);
        snprintf(text, size, "clean %s before %s", range, begin);
        break;
    case CURE_INVALIDATE_BEFORE:
        snprintf(text, size, "invalidate or clean %s before %s", range, begin);
        break;
    case CURE_CLEAN_NOT_DROP:
        snprintf(text, size,
                 "clean %s before it is invalidated, or keep it out of lines that are (align it to "
                 "32 bytes)",
                 range);
        break;
    default:
        snprintf(
            text, size,
            "keep what the %s writes out of the lines %s that the Cortex-M7 writes (align it to "
            "32 bytes), or do not cache it",
            name, range);
        break;
    }
}

static void cure_order(const struct check_report *report, char *text, size_t size)
{
    char writer[64], reader[64];
    check_party_name(&report->parties[0], writer, sizeof writer);
    check_party_name(who_did(report, CHECK_READ), reader, sizeof reader);
    switch (report->cure) {
    case CURE_BARRIER_WRITER:
        if (report->parties[1].did == CHECK_SENT)
            snprintf(text, size, "a DSB on the %s between the data's store and SEV", writer);
        else
            snprintf(text, size, "a DMB on the %s between the data's store and the flag's", writer);
        break;
    case CURE_BARRIER_CLEAN:
        snprintf(text, size, "a DSB on the %s between the clean and the flag's store", writer);
        break;
    case CURE_BARRIER_READER:
        snprintf(text, size, "a DMB on the %s between the flag's load and the data's", reader);
        break;
    case CURE_BARRIER_START:
        snprintf(text, size, "a DSB on the %s before it writes the register that the %s goes by",
                 writer, reader);
        break;
    case CURE_DSB:
    case CURE_ISB:
    case CURE_DSB_ISB:
        snprintf(text, size, "%s on the %s between the two",
                 report->cure == CURE_DSB   ? "a DSB"
                 : report->cure == CURE_ISB ? "an ISB behind the DSB"
                                            : "a DSB and an ISB",
                 writer);
        break;
    default:
        snprintf(text, size,
                 "an HSEM semaphore or LDREX and STREX around it; or a flag that is stored after a "
                 "DMB, and loaded before one");
        break;
    }
}

void check_cure_text(const struct check_report *report, char *text, size_t size)
{
    if (report->cure <= CURE_LAST_OF_MEMORY)
        cure_memory(report, text, size);
    else
        cure_order(report, text, size);
}

/* ---- Missing barriers ---------------------------------------------------------------------------- */

/* Registers of the system control space whose change the checker judges (ARMv7-M ARM B3.2, B3.5). */
static const char *setting_name(uint32_t address)
{
    static const struct {
        uint32_t address;
        const char *name;
    } names[] = {
        {0xe000ed04, "ICSR"},     {0xe000ed08, "VTOR"},     {0xe000ed0c, "AIRCR"},
        {0xe000ed10, "SCR"},      {0xe000ed14, "CCR"},      {0xe000ed80, "CCSIDR"},
        {0xe000ed84, "CSSELR"},   {0xe000ed88, "CPACR"},    {0xe000ed94, "MPU_CTRL"},
        {0xe000ed9c, "MPU_RBAR"}, {0xe000eda0, "MPU_RASR"}, {0xe000ef50, "ICIALLU"},
        {0xe000ef60, "DCISW"},    {0xe000ef6c, "DCCSW"},    {0xe000ef74, "DCCISW"},
    };
    for (unsigned n = 0; n < sizeof names / sizeof *names; n++)
        if (names[n].address == address)
            return names[n].name;
    return "an alias of MPU_RBAR or MPU_RASR";
}

static void cause_text(const struct check_report *report, const char *range, char *text,
                       size_t size)
{
    const struct check_party *party = &report->parties[0];
    switch (party->did) {
    case CHECK_SET:
        snprintf(text, size, "the write of %s", setting_name(party->address));
        break;
    case CHECK_INVALIDATED:
        snprintf(text, size, "the invalidation of 0x%08x", party->address);
        break;
    default:
        if (party->address == report->address)
            snprintf(text, size, "the write of %s", range);
        else
            snprintf(text, size, "the write of 0x%08x", party->address);
        break;
    }
}

static void effect_text(const struct check_party *party, const char *range, char *text, size_t size)
{
    switch (party->did) {
    case CHECK_READ:
        snprintf(text, size, "reads %s", range);
        break;
    case CHECK_WROTE:
        snprintf(text, size, "writes %s", range);
        break;
    case CHECK_CLEANED:
        snprintf(text, size, "cleans that line");
        break;
    case CHECK_INVALIDATED:
        snprintf(text, size, "invalidates that line");
        break;
    case CHECK_SET:
        snprintf(text, size, "writes %s", setting_name(party->address));
        break;
    case CHECK_GOT:
        snprintf(text, size, "reads %s", setting_name(party->address));
        break;
    case CHECK_USED_FP:
        snprintf(text, size, "executes a floating-point instruction");
        break;
    case CHECK_TOOK:
        snprintf(text, size, "takes exception %u", party->address);
        break;
    default:
        snprintf(text, size, "goes to sleep");
        break;
    }
}

void check_effect_text(const struct check_report *report, const char *range, char *text,
                       size_t size)
{
    char name[64], cause[768], effect[768];
    const struct check_party *user = &report->parties[report->party_count - 1];
    check_party_name(user, name, sizeof name);
    cause_text(report, range, cause, sizeof cause);
    effect_text(user, range, effect, sizeof effect);
    snprintf(text, size, "%s take effect before the %s %s", cause, name, effect);
}
