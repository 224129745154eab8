/* What the files of the timeline share. */
#ifndef SIM_HOST_TIMELINE_INTERNAL_H
#define SIM_HOST_TIMELINE_INTERNAL_H

#include "sim/host/perfetto.h"
#include "sim/host/timeline.h"
#include "sim/host/vectors.h"

#include <stdio.h>

/* Tracks have small numbers: groups, each core's, then those of the blocks. */
enum {
    GROUP_CM7 = 1,
    GROUP_CM4,
    GROUP_FRAMES,
    GROUP_DMA,
    GROUP_HSEM,
    GROUP_BOARD,
    GROUPS_END,
    TRACK_CONSOLE = 8,
    TRACK_COMPLAINTS,
    TRACK_CORES = 16,
    TRACK_BLOCKS = 32,
    TRACKS_MAX = 256,
};
enum core_track {
    CORE_STATE,
    CORE_EXCEPTIONS,
    CORE_SIGNS, /* HSEM notifications given and taken up */
    CORE_SPANS, /* what the firmware marks through ITM ports */
    CORE_TEXT,
    CORE_CACHE,
    CORE_TRACKS
};

enum { NESTING_MAX = 64, LINE_MAX_ = 512, FLOWS_MAX = 64 };

struct track {
    bool told;
    unsigned depth;
    sim_time last;
};

struct text_line {
    char text[LINE_MAX_];
    size_t length;
};

struct timeline_core {
    unsigned exceptions[NESTING_MAX]; /* that are open */
    uint32_t spans[NESTING_MAX];      /* likewise, as port 1 had them */
    unsigned exception_count, span_count;
    bool level[SOC_IRQS];
    sim_time since[SOC_IRQS];  /* of the line's rise; SIM_NEVER: no rise that was not taken */
    uint64_t next_systick;     /* cycles */
    uint64_t flows[FLOWS_MAX]; /* notifications that were not taken up */
    unsigned flow_count;
    struct text_line text;
    struct {
        uint32_t where, address, last;
        unsigned count;
        sim_time begin, end;
    } cache; /* maintenance at hand */
};

struct timeline {
    FILE *file;
    const char *path;
    struct perfetto *perfetto;
    struct machine *machine;
    struct guest *guest;
    struct tracer tracer;
    struct track tracks[TRACKS_MAX];
    struct timeline_core core[SOC_CORES];
    struct text_line console;
    uint64_t next_flow;
};

/* timeline.c */
unsigned core_track(enum soc_core core, enum core_track which);
sim_time core_now(const struct timeline *timeline, enum soc_core core);
/* An event on a track; its type keeps the track's nesting, and time on a track never goes back. */
void timeline_put(struct timeline *timeline, unsigned track, struct perfetto_event event);
void timeline_mark(struct timeline *timeline, unsigned track, sim_time time, const char *name);
void timeline_end(struct timeline *timeline, unsigned track, sim_time time);

/* timeline_core.c */
void timeline_line(void *ctx, sim_time time, enum bus_master core, unsigned irq, bool level);
void timeline_notify(void *ctx, sim_time time, unsigned n, enum bus_master from,
                     enum bus_master to);
void timeline_core_sleeps(struct timeline *timeline, enum soc_core core);
/* The core was reset, or the trace ends: nothing of it stays open. */
void timeline_core_ends(struct timeline *timeline, enum soc_core core, sim_time time);

#endif
