/*
 * A file in the Perfetto trace format, as far as a timeline of the board needs it: tracks, slices,
 * marks, arrows, and numbers and texts that go with them. The format is protobuf, and the messages are
 * those of Perfetto's trace_packet.proto and track_event.proto; names are interned.
 */
#ifndef SIM_HOST_PERFETTO_H
#define SIM_HOST_PERFETTO_H

#include "sim/core/event.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct perfetto;

enum perfetto_type { PERFETTO_BEGIN = 1, PERFETTO_END = 2, PERFETTO_MARK = 3 };

enum { PERFETTO_NOTES_MAX = 4 };

struct perfetto_note { /* shown with the event */
    const char *name;
    const char *text; /* or NULL, and then: */
    uint64_t number;
};

struct perfetto_event {
    sim_time time; /* written in whole nanoseconds */
    uint64_t track;
    enum perfetto_type type;
    const char *name; /* NULL for PERFETTO_END */
    unsigned note_count;
    struct perfetto_note notes[PERFETTO_NOTES_MAX];
    const uint64_t *flows; /* arrows that start here, or end here */
    unsigned flow_count;
    bool flows_end;
};

/* Strings that are passed are copied. `to` stays the caller's, who asks ferror(). */
struct perfetto *perfetto_open(FILE *to);
void perfetto_close(struct perfetto *perfetto); /* NULL: no-op */

/* A track below another (parent 0: at the top), in the order of `rank`. `track` is not 0. */
void perfetto_track(struct perfetto *perfetto, uint64_t track, uint64_t parent, const char *name,
                    unsigned rank);
void perfetto_event(struct perfetto *perfetto, const struct perfetto_event *event);

#endif
