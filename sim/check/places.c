/* Reports: each place once, with a count. */
#include <stdlib.h>

#include "sim/check/internal.h"

struct check_party party_now(const struct check *check, enum bus_master master, enum check_deed did,
                             uint32_t address)
{
    const struct check_world *world = &check->world;
    struct check_party party = {.master = master, .did = did, .address = address};
    party.time = world->time(world->ctx, master);
    if (master <= MASTER_CM4)
        party.pc = world->pc(world->ctx, master);
    else if (world->bus->job[master])
        party.job = *world->bus->job[master];
    return party;
}

/* Compilers unroll loops: what is done to the same bytes a few instructions further is one place. */
enum { NEAR_BYTES = 64 };

static bool near(uint32_t a, uint32_t b)
{
    return a - b + NEAR_BYTES <= 2 * NEAR_BYTES;
}

static bool touches(const struct check_report *a, const struct check_report *b)
{
    return a->address <= b->address + b->length + CPU_LINE_SIZE &&
           b->address <= a->address + a->length + CPU_LINE_SIZE;
}

static bool same_place(const struct check_report *a, const struct check_report *b)
{
    bool same = a->kind == b->kind && a->party_count == b->party_count, exactly = true;
    for (unsigned n = 0; same && n < a->party_count; n++) {
        const struct check_party *x = &a->parties[n], *y = &b->parties[n];
        same = x->master == y->master && x->did == y->did && x->job.n == y->job.n &&
               near(x->pc, y->pc);
        exactly = exactly && x->pc == y->pc;
    }
    return same && (exactly || touches(a, b));
}

/* What follows at once belongs to the same object; what is elsewhere is only counted. */
static void extend(struct check_report *place, const struct check_report *report)
{
    uint32_t end = place->address + place->length, report_end = report->address + report->length;
    if (!touches(place, report))
        return;
    place->address = place->address < report->address ? place->address : report->address;
    place->length = (end > report_end ? end : report_end) - place->address;
}

void place_report(struct check *check, const struct check_report *report)
{
    for (size_t n = 0; n < check->place_count; n++) {
        struct check_report *place = &check->places[n];
        if (!same_place(place, report))
            continue;
        place->count++;
        extend(place, report);
        return;
    }
    if (check->place_count == check->place_room) {
        check->place_room = check->place_room ? 2 * check->place_room : 16;
        check->places = realloc(check->places, check->place_room * sizeof *check->places);
        if (!check->places)
            abort(); /* out of host memory */
    }
    struct check_report *place = &check->places[check->place_count++];
    *place = *report;
    place->count = 1;
    check->world.hear(check->world.ctx, place);
}

static void round_to_lines(struct check_report *report, uint32_t address, uint32_t length)
{
    uint32_t first = address & ~(CPU_LINE_SIZE - 1u);
    uint32_t end = (address + length + CPU_LINE_SIZE - 1) & ~(CPU_LINE_SIZE - 1u);
    report->cure_address = first;
    report->cure_length = end - first;
}

void place_cure(struct check_report *report, enum check_cure cure, const struct check_party *party)
{
    const struct bus_job *job = party ? &party->job : NULL;
    report->cure = cure;
    if (job && report->address - job->to < job->bytes)
        round_to_lines(report, job->to, job->bytes);
    else if (job && report->address - job->from < job->bytes)
        round_to_lines(report, job->from, job->bytes);
    else
        round_to_lines(report, report->address, report->length);
}

const struct check_report *check_places(const struct check *check, size_t *count)
{
    *count = check->place_count;
    return check->places;
}

struct check *check_create(const struct check_world *world)
{
    struct check *check = calloc(1, sizeof *check);
    if (check)
        check->world = *world;
    return check;
}

void check_destroy(struct check *check)
{
    if (!check)
        return;
    pages_free(check);
    free(check->places);
    free(check);
}
