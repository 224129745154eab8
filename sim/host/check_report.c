#include "sim/host/check_report.h"

#include "sim/host/json.h"

#include <inttypes.h>
#include <string.h>

enum { PLACE_SIZE = 700 };

static const char *const deeds[] = {
    [CHECK_READ] = "read",
    [CHECK_WROTE] = "wrote",
    [CHECK_CLEANED] = "cleaned",
    [CHECK_EVICTED] = "evicted",
    [CHECK_INVALIDATED] = "invalidated",
    [CHECK_PUBLISHED] = "published",
    [CHECK_SAW] = "saw",
    [CHECK_SET] = "wrote",
    [CHECK_GOT] = "read",
    [CHECK_USED_FP] = "used the floating-point unit",
    [CHECK_TOOK] = "took exception",
    [CHECK_SLEPT] = "went to sleep",
    [CHECK_STARTED] = "started",
    [CHECK_SENT] = "sent an event",
    [CHECK_HEARD] = "got the event",
};

/* ---- Addresses and places -------------------------------------------------------------------- */

/* "0x24001000..0x24001003 (inbox+0x4)" */
static void describe_range(struct guest *guest, uint32_t address, uint32_t length, char *text,
                           size_t size)
{
    char symbol[PLACE_SIZE];
    int used = length > 1 ? snprintf(text, size, "0x%08x..0x%08x", address, address + length - 1)
                          : snprintf(text, size, "0x%08x", address);
    if (used > 0 && (size_t)used < size && guest_object(guest, address, symbol, sizeof symbol))
        snprintf(text + used, size - (size_t)used, " (%s)", symbol);
}

static bool is_core(const struct check_party *party)
{
    return party->master == MASTER_CM7 || party->master == MASTER_CM4;
}

static void describe_place(struct guest *guest, const struct check_party *party, char *text,
                           size_t size)
{
    enum soc_core core = party->master == MASTER_CM4 ? SOC_CM4 : SOC_CM7;
    *text = 0;
    if (is_core(party))
        guest_describe(guest, core, party->pc, text, size);
}

/* ---- For a person ------------------------------------------------------------------------------ */

static const struct check_party *who(const struct check_report *report, enum check_deed deed)
{
    for (unsigned n = 0; n < report->party_count; n++)
        if (report->parties[n].did == deed)
            return &report->parties[n];
    return &report->parties[report->party_count - 1];
}

void check_report_headline(struct guest *guest, const struct check_report *report, char *text,
                           size_t size)
{
    char range[PLACE_SIZE + 64], effect[2 * PLACE_SIZE], first[64], last[64], reader[64];
    const struct check_party *end = &report->parties[report->party_count - 1];
    describe_range(guest, report->address, report->length, range, sizeof range);
    check_party_name(&report->parties[0], first, sizeof first);
    check_party_name(end, last, sizeof last);
    check_party_name(who(report, CHECK_READ), reader, sizeof reader);
    switch (report->kind) {
    case CHECK_STALE_READ:
        snprintf(text, size, "the %s read an old %s from its cache, from before the %s wrote it",
                 last, range, first);
        break;
    case CHECK_HIDDEN_WRITE:
        snprintf(text, size, "the %s read an old %s: what the %s wrote is still in its cache", last,
                 range, first);
        break;
    case CHECK_LOST_WRITE:
        if (end->did == CHECK_READ)
            snprintf(text, size, "the %s read %s, where what the %s wrote was thrown away", last,
                     range, first);
        else
            snprintf(text, size, "what was written to %s was overwritten by a whole line of the %s",
                     range, last);
        break;
    case CHECK_SHARED_LINE:
        snprintf(text, size, "the %s wrote %s into a line that the %s holds dirty", last, range,
                 first);
        break;
    case CHECK_UNORDERED_PUBLISH:
        snprintf(text, size, "nothing makes the %s see %s when it has seen the %s", reader, range,
                 report->cure == CURE_BARRIER_START ? "start" : "flag");
        break;
    case CHECK_MISSING_BARRIER:
        check_effect_text(report, range, effect, sizeof effect);
        snprintf(text, size, "nothing makes %s", effect);
        break;
    default:
        snprintf(text, size, "both cores use %s, and nothing orders them", range);
        break;
    }
}

static void print_party(FILE *to, struct guest *guest, const struct check_party *party)
{
    char name[64], place[PLACE_SIZE];
    check_party_name(party, name, sizeof name);
    describe_place(guest, party, place, sizeof place);
    fprintf(to, "  %s %s", name, deeds[party->did]);
    if (party->did == CHECK_TOOK)
        fprintf(to, " %u", party->address);
    else if (party->did < CHECK_USED_FP)
        fprintf(to, " 0x%08x", party->address);
    if (is_core(party))
        fprintf(to, " at pc 0x%08x%s%s", party->pc, strncmp(place, "0x", 2) ? ", " : "",
                strncmp(place, "0x", 2) ? place : "");
    else if (party->job.bytes)
        fprintf(to, " in its transfer 0x%08x to 0x%08x, %u bytes", party->job.from, party->job.to,
                party->job.bytes);
    fprintf(to, ", board time %" PRIu64 ".%09" PRIu64 " s\n", party->time / SIM_S,
            party->time % SIM_S / SIM_NS);
}

void check_report_text(FILE *to, struct guest *guest, const struct check_report *report)
{
    char headline[2 * PLACE_SIZE], cure[512];
    check_report_headline(guest, report, headline, sizeof headline);
    check_cure_text(report, cure, sizeof cure);
    fprintf(to, "duet: %s: %s\n", check_kind_name(report->kind), headline);
    for (unsigned n = 0; n < report->party_count; n++)
        print_party(to, guest, &report->parties[n]);
    fprintf(to, "  cure: %s\n", cure);
}

void check_report_summary(FILE *to, const struct check_report *places, size_t count)
{
    uint64_t of_kind[CHECK_KINDS] = {0}, times = 0;
    for (size_t n = 0; n < count; n++) {
        of_kind[places[n].kind]++;
        times += places[n].count;
    }
    fprintf(to, "duet: check: %zu place%s", count, count == 1 ? "" : "s");
    const char *between = ": ";
    for (enum check_kind kind = 0; kind < CHECK_KINDS; kind++) {
        if (of_kind[kind])
            fprintf(to, "%s%" PRIu64 " %s", between, of_kind[kind], check_kind_name(kind));
        between = of_kind[kind] ? ", " : between;
    }
    if (count)
        fprintf(to, "; %" PRIu64 " times in all", times);
    fputc('\n', to);
}

/* ---- For a program ------------------------------------------------------------------------------- */

static void write_string(FILE *to, const char *name, const char *text)
{
    fprintf(to, "\"%s\":\"", name);
    json_write_string(to, (const uint8_t *)text, strlen(text));
    fputc('"', to);
}

static void write_party(FILE *to, struct guest *guest, const struct check_party *party)
{
    char name[64], place[PLACE_SIZE];
    check_party_name(party, name, sizeof name);
    describe_place(guest, party, place, sizeof place);
    fputc('{', to);
    write_string(to, "by", name);
    fprintf(to, ",\"did\":\"%s\",\"address\":\"0x%08x\"", deeds[party->did], party->address);
    if (is_core(party)) {
        fprintf(to, ",\"pc\":\"0x%08x\",", party->pc);
        write_string(to, "place", place);
    } else if (party->job.bytes) {
        fprintf(to, ",\"from\":\"0x%08x\",\"to\":\"0x%08x\",\"bytes\":%u", party->job.from,
                party->job.to, party->job.bytes);
    }
    fprintf(to, ",\"t\":%" PRIu64 ".%06" PRIu64 "}", party->time / SIM_US, party->time % SIM_US);
}

void check_report_json(FILE *to, struct guest *guest, const struct check_report *report)
{
    char symbol[PLACE_SIZE] = "", cure[512];
    guest_object(guest, report->address, symbol, sizeof symbol);
    check_cure_text(report, cure, sizeof cure);
    fprintf(to, "{\"kind\":\"%s\",\"address\":\"0x%08x\",\"length\":%u,",
            check_kind_name(report->kind), report->address, report->length);
    write_string(to, "symbol", symbol);
    fprintf(to, ",\"count\":%" PRIu64 ",", report->count);
    write_string(to, "cure", cure);
    fputs(",\"parties\":[", to);
    for (unsigned n = 0; n < report->party_count; n++) {
        if (n)
            fputc(',', to);
        write_party(to, guest, &report->parties[n]);
    }
    fputs("]}\n", to);
}
