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

static bool same_party(const struct check_party *a, const struct check_party *b)
{
    return a->master == b->master && a->did == b->did && a->pc == b->pc && a->job.n == b->job.n;
}

static bool same_place(const struct check_report *a, const struct check_report *b)
{
    if (a->kind != b->kind || a->party_count != b->party_count)
        return false;
    for (unsigned n = 0; n < a->party_count; n++)
        if (!same_party(&a->parties[n], &b->parties[n]))
            return false;
    return true;
}

/* What follows at once belongs to the same object; what is elsewhere is only counted. */
static void extend(struct check_report *place, const struct check_report *report)
{
    uint32_t end = place->address + place->length;
    uint32_t report_end = report->address + report->length;
    if (report->address > end + CPU_LINE_SIZE || place->address > report_end + CPU_LINE_SIZE)
        return;
    if (report_end > end)
        place->length = report_end - place->address;
    if (report->address < place->address) {
        place->length += place->address - report->address;
        place->address = report->address;
    }
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
