/* The timeline's file and tracks, and what the blocks of the board say. */
#include "sim/host/timeline_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- Tracks --- */

static const char *const groups[GROUPS_END] = {NULL,  "Cortex-M7", "Cortex-M4", "Frames",
                                               "DMA", "HSEM",      "Board"};
static const char *const core_tracks[CORE_TRACKS] = {"state", "exceptions", "HSEM",
                                                     "spans", "text",       "cache maintenance"};

/* Tracks as the blocks call them. */
static const struct block_track {
    const char *block, *title;
    unsigned group, first, count;
} block_tracks[] = {
    {"sensor", "sensor", GROUP_FRAMES, 32, 1},      {"DCMI", "DCMI", GROUP_FRAMES, 33, 1},
    {"LTDC", "LTDC", GROUP_FRAMES, 34, 1},          {"panel", "panel", GROUP_FRAMES, 35, 1},
    {"MDMA", "MDMA channel %u", GROUP_DMA, 48, 16}, {"DMA2", "DMA2 stream %u", GROUP_DMA, 64, 8},
    {"DMA1", "DMA1 stream %u", GROUP_DMA, 72, 8},   {"BDMA", "BDMA channel %u", GROUP_DMA, 80, 8},
    {"DMA2D", "DMA2D", GROUP_DMA, 88, 1},           {"HSEM", "semaphore %u", GROUP_HSEM, 96, 32},
};

unsigned core_track(enum soc_core core, enum core_track which)
{
    return TRACK_CORES + 8 * core + which;
}

/* 0: nobody's. */
static unsigned block_track(const char *block, unsigned n)
{
    for (size_t row = 0; row < sizeof block_tracks / sizeof *block_tracks; row++)
        if (strcmp(block_tracks[row].block, block) == 0)
            return n < block_tracks[row].count ? block_tracks[row].first + n : 0;
    return 0;
}

static unsigned name_track(unsigned track, char *name, size_t size)
{
    if (track == TRACK_CONSOLE || track == TRACK_COMPLAINTS) {
        snprintf(name, size, "%s", track == TRACK_CONSOLE ? "console" : "complaints");
        return GROUP_BOARD;
    }
    if (track < TRACK_BLOCKS) {
        snprintf(name, size, "%s", core_tracks[track % 8]);
        return track < TRACK_CORES + 8 ? GROUP_CM7 : GROUP_CM4;
    }
    for (size_t row = 0; row < sizeof block_tracks / sizeof *block_tracks; row++) {
        const struct block_track *it = &block_tracks[row];
        if (track < it->first || track >= it->first + it->count)
            continue;
        const char *place = strstr(it->title, "%u");
        snprintf(name, size, "%.*s", place ? (int)(place - it->title) : (int)size - 1, it->title);
        if (place)
            snprintf(name + strlen(name), size - strlen(name), "%u", track - it->first);
        return it->group;
    }
    return 0;
}

/* Only what is used is shown. */
static void tell_track(struct timeline *timeline, unsigned track)
{
    char name[32] = "";
    if (timeline->tracks[track].told)
        return;
    timeline->tracks[track].told = true;
    perfetto_track(timeline->perfetto, track, name_track(track, name, sizeof name), name, track);
}

void timeline_put(struct timeline *timeline, unsigned number, struct perfetto_event event)
{
    struct track *track = &timeline->tracks[number];
    if (event.type == PERFETTO_END && !track->depth)
        return;
    tell_track(timeline, number);
    if (event.time < track->last)
        event.time = track->last;
    track->last = event.time;
    track->depth += event.type == PERFETTO_BEGIN;
    track->depth -= event.type == PERFETTO_END;
    event.track = number;
    perfetto_event(timeline->perfetto, &event);
}

void timeline_mark(struct timeline *timeline, unsigned track, sim_time time, const char *name)
{
    timeline_put(timeline, track,
                 (struct perfetto_event){.time = time, .type = PERFETTO_MARK, .name = name});
}

void timeline_end(struct timeline *timeline, unsigned track, sim_time time)
{
    timeline_put(timeline, track, (struct perfetto_event){.time = time, .type = PERFETTO_END});
}

/* --- What the blocks and the scheduler say --- */

/* "state" is that of the core `n`, a bus_master; all others are blocks. */
static unsigned find_track(const char *name, unsigned n)
{
    if (strcmp(name, "state") == 0)
        return core_track(n == MASTER_CM7 ? SOC_CM7 : SOC_CM4, CORE_STATE);
    return block_track(name, n);
}

static void hear_begin(void *ctx, sim_time time, const char *name, unsigned n, const char *what,
                       uint32_t address, uint32_t bytes)
{
    struct timeline *timeline = ctx;
    unsigned track = find_track(name, n);
    struct perfetto_event event = {.time = time, .type = PERFETTO_BEGIN, .name = what};
    if (!track)
        return;
    if (address)
        event.notes[event.note_count++] = (struct perfetto_note){"address", NULL, address};
    if (bytes)
        event.notes[event.note_count++] = (struct perfetto_note){"bytes", NULL, bytes};
    timeline_put(timeline, track, event);
    if (track < TRACK_BLOCKS)
        timeline_core_sleeps(timeline, n == MASTER_CM7 ? SOC_CM7 : SOC_CM4);
}

static void hear_end(void *ctx, sim_time time, const char *name, unsigned n)
{
    unsigned track = find_track(name, n);
    if (track)
        timeline_end(ctx, track, time);
}

static void hear_mark(void *ctx, sim_time time, const char *name, unsigned n, const char *what)
{
    unsigned track = find_track(name, n);
    if (!track)
        return;
    if (track < TRACK_BLOCKS) /* a core starts */
        timeline_core_ends(ctx, n == MASTER_CM7 ? SOC_CM7 : SOC_CM4, time);
    timeline_mark(ctx, track, time, what);
}

/* --- What the host hears --- */

/* A line is told when it ends, or is long. */
void timeline_console(struct timeline *timeline, const uint8_t *bytes, size_t count)
{
    struct text_line *line = &timeline->console;
    for (size_t n = 0; n < count; n++) {
        if (bytes[n] >= ' ' || bytes[n] == '\t')
            line->text[line->length++] = (char)bytes[n];
        if ((bytes[n] != '\n' && line->length < LINE_MAX_ - 1) || !line->length)
            continue;
        line->text[line->length] = 0;
        timeline_mark(timeline, TRACK_CONSOLE, sim_now(machine_sim(timeline->machine)), line->text);
        line->length = 0;
    }
}

void timeline_complaint(struct timeline *timeline, const char *kind, const char *block,
                        const char *text, const char *by)
{
    struct perfetto_event event = {
        .time = sim_now(machine_sim(timeline->machine)),
        .type = PERFETTO_MARK,
        .name = text,
        .note_count = 3,
        .notes = {{"kind", kind, 0}, {"block", block, 0}, {"by", by, 0}}};
    timeline_put(timeline, TRACK_COMPLAINTS, event);
}

/* --- Life --- */

struct timeline *timeline_open(const char *path, struct failure *failure)
{
    FILE *file = fopen(path, "wb");
    struct timeline *timeline = calloc(1, sizeof *timeline);
    if (!timeline)
        abort(); /* out of host memory */
    timeline->path = path;
    timeline->file = file;
    timeline->next_flow = 1;
    if (file) {
        setvbuf(file, NULL, _IOFBF, 1 << 18);
        timeline->perfetto = perfetto_open(file);
        return timeline;
    }
    failed(failure, "--trace %s: cannot be written: %s", path, strerror(errno));
    free(timeline);
    return NULL;
}

void timeline_attach(struct timeline *timeline, struct machine *machine, struct guest *guest)
{
    timeline->machine = machine;
    timeline->guest = guest;
    timeline->tracer =
        (struct tracer){timeline, hear_begin, hear_end, hear_mark, timeline_notify, timeline_line};
    for (unsigned group = 1; group < GROUPS_END; group++)
        perfetto_track(timeline->perfetto, group, 0, groups[group], group);
    for (unsigned core = 0; core < SOC_CORES; core++) {
        timeline->core[core].next_systick = UINT64_MAX;
        for (unsigned irq = 0; irq < SOC_IRQS; irq++)
            timeline->core[core].since[irq] = SIM_NEVER;
        hear_begin(timeline, 0, "state", core == SOC_CM7 ? MASTER_CM7 : MASTER_CM4, "held in reset",
                   0, 0);
    }
    machine_sim(machine)->tracer = &timeline->tracer;
}

static void end_all(struct timeline *timeline)
{
    sim_time now = machine_time(timeline->machine);
    timeline_console(timeline, (const uint8_t *)"\n", 1);
    for (unsigned core = 0; core < SOC_CORES; core++)
        timeline_core_ends(timeline, (enum soc_core)core, now);
    for (unsigned track = 1; track < TRACKS_MAX; track++)
        while (timeline->tracks[track].depth)
            timeline_end(timeline, track, now);
}

bool timeline_close(struct timeline *timeline, struct failure *failure)
{
    if (!timeline)
        return true;
    if (timeline->machine) {
        machine_sim(timeline->machine)->tracer = NULL;
        end_all(timeline);
    }
    perfetto_close(timeline->perfetto);
    bool written = !ferror(timeline->file);
    written = fclose(timeline->file) == 0 && written;
    if (!written)
        failed(failure, "--trace %s: could not be written to its end", timeline->path);
    free(timeline);
    return written;
}
