/* Reads what perfetto.h writes, event by event. Hostile files are refused, not trusted. */
#ifndef SIM_HOST_TRACE_FILE_H
#define SIM_HOST_TRACE_FILE_H

#include "sim/host/failure.h"
#include "sim/host/file.h"
#include "sim/host/perfetto.h"

/* An event as it was written; `time` is in ns. Names are "" where there are none. */
struct trace_event {
    uint64_t time;
    const char *group, *track; /* "Cortex-M7", "exceptions" */
    uint64_t track_id;
    enum perfetto_type type;
    const char *name;
    bool has_latency;
    uint64_t latency; /* the note "latency ns" */
    unsigned flow_count;
    uint64_t flows[64];
    bool flows_end;
};

/* Calls `take` for each event in the order of the file. False: the failure says what is wrong. */
bool trace_file_read(const char *path, void (*take)(void *ctx, const struct trace_event *event),
                     void *ctx, struct failure *failure);

#endif
