#include "sim/host/report.h"

#include "sim/host/trace_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { CORES = 2, ROWS_MAX = 256, NESTING_MAX = 64 };
static const char *const core_names[CORES] = {"Cortex-M7", "Cortex-M4"};

/* Numbers of which the middle is wanted. */
struct samples {
    uint64_t *values;
    size_t count, capacity;
};

struct row { /* an exception of a core */
    unsigned core;
    char name[32];
    struct samples latency, duration;
};

struct open_slice {
    struct row *row;
    uint64_t begin;
};

struct core_state {
    struct open_slice open[NESTING_MAX];
    unsigned depth;
    uint64_t idle_since;
    unsigned idle_depth; /* asleep or held */
};

struct flow {
    uint64_t time;
    unsigned from; /* core + 1; 0: none */
};

struct report {
    struct row rows[ROWS_MAX];
    unsigned row_count;
    struct core_state core[CORES];
    struct flow *flows; /* by id */
    size_t flow_capacity;
    struct samples notified[CORES][CORES]; /* from, to */
    uint64_t polled[CORES][CORES];
    uint64_t *idle[CORES]; /* ns in each second */
    size_t seconds;
    uint64_t end;
};

static void *grown(void *array, size_t *capacity, size_t wanted, size_t size)
{
    size_t larger = *capacity ? *capacity : 64;
    while (larger < wanted)
        larger *= 2;
    array = realloc(array, larger * size);
    if (!array)
        abort(); /* out of host memory */
    memset((char *)array + *capacity * size, 0, (larger - *capacity) * size);
    *capacity = larger;
    return array;
}

static void add(struct samples *samples, uint64_t value)
{
    if (samples->count == samples->capacity)
        samples->values =
            grown(samples->values, &samples->capacity, samples->count + 1, sizeof(uint64_t));
    samples->values[samples->count++] = value;
}

/* --- Taking events --- */

static struct row *find_row(struct report *report, unsigned core, const char *name)
{
    for (unsigned n = 0; n < report->row_count; n++)
        if (report->rows[n].core == core && !strcmp(report->rows[n].name, name))
            return &report->rows[n];
    if (report->row_count == ROWS_MAX)
        return &report->rows[ROWS_MAX - 1];
    struct row *row = &report->rows[report->row_count++];
    row->core = core;
    snprintf(row->name, sizeof row->name, "%s", name);
    return row;
}

static void end_flows(struct report *report, unsigned to, const struct trace_event *event,
                      bool interrupt)
{
    for (unsigned n = 0; n < event->flow_count; n++) {
        uint64_t id = event->flows[n];
        if (id >= report->flow_capacity || !report->flows[id].from)
            continue;
        struct flow *flow = &report->flows[id];
        if (interrupt)
            add(&report->notified[flow->from - 1][to], event->time - flow->time);
        else
            report->polled[flow->from - 1][to]++;
        flow->from = 0;
    }
}

static void begin_flows(struct report *report, unsigned from, const struct trace_event *event)
{
    for (unsigned n = 0; n < event->flow_count; n++) {
        uint64_t id = event->flows[n];
        if (id > 1u << 28)
            continue;
        if (id >= report->flow_capacity)
            report->flows =
                grown(report->flows, &report->flow_capacity, (size_t)id + 1, sizeof *report->flows);
        report->flows[id] = (struct flow){event->time, from + 1};
    }
}

static void take_exception(struct report *report, unsigned core, const struct trace_event *event)
{
    struct core_state *state = &report->core[core];
    if (event->type == PERFETTO_BEGIN && state->depth < NESTING_MAX) {
        struct row *row = find_row(report, core, event->name);
        state->open[state->depth++] = (struct open_slice){row, event->time};
        if (event->has_latency)
            add(&row->latency, event->latency);
        end_flows(report, core, event, true);
    } else if (event->type == PERFETTO_END && state->depth) {
        struct open_slice slice = state->open[--state->depth];
        add(&slice.row->duration, event->time - slice.begin);
    }
}

static void add_idle(struct report *report, unsigned core, uint64_t from, uint64_t to)
{
    enum { SECOND = 1000000000, SECONDS_MAX = 1 << 20 };
    for (uint64_t second = from / SECOND; from < to && second < SECONDS_MAX; second++) {
        uint64_t end = (second + 1) * SECOND < to ? (second + 1) * SECOND : to;
        if (second >= report->seconds) {
            size_t before = report->seconds;
            for (unsigned n = 0; n < CORES; n++) {
                report->seconds = before;
                report->idle[n] = grown(report->idle[n], &report->seconds, second + 1, 8);
            }
        }
        report->idle[core][second] += end - from;
        from = end;
    }
}

static void take_state(struct report *report, unsigned core, const struct trace_event *event)
{
    struct core_state *state = &report->core[core];
    if (event->type == PERFETTO_BEGIN && !state->idle_depth++)
        state->idle_since = event->time;
    else if (event->type == PERFETTO_END && state->idle_depth && !--state->idle_depth)
        add_idle(report, core, state->idle_since, event->time);
}

static void take(void *ctx, const struct trace_event *event)
{
    struct report *report = ctx;
    report->end = event->time > report->end ? event->time : report->end;
    for (unsigned core = 0; core < CORES; core++) {
        if (strcmp(event->group, core_names[core]))
            continue;
        if (!strcmp(event->track, "exceptions"))
            take_exception(report, core, event);
        else if (!strcmp(event->track, "state"))
            take_state(report, core, event);
        else if (!strcmp(event->track, "HSEM") && event->flows_end)
            end_flows(report, core, event, false);
        else if (!strcmp(event->track, "HSEM"))
            begin_flows(report, core, event);
    }
}

/* --- Printing, times in microseconds --- */

static int compare(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a, two = *(const uint64_t *)b;
    return one < two ? -1 : one > two;
}

/* min, median, 99 %, max; each the value at or above which no more of them lie (nearest rank). */
static void print_samples(FILE *to, struct samples *samples)
{
    if (!samples->count) {
        fprintf(to, "%9s %9s %9s %9s", "-", "-", "-", "-");
        return;
    }
    const unsigned percent[] = {0, 50, 99, 100};
    qsort(samples->values, samples->count, sizeof(uint64_t), compare);
    for (unsigned n = 0; n < 4; n++) {
        size_t rank = (samples->count * percent[n] + 99) / 100;
        fprintf(to, "%s%9.3f", n ? " " : "", (double)samples->values[rank ? rank - 1 : 0] / 1000);
    }
}

static void print_interrupts(struct report *report, FILE *to)
{
    fprintf(to, "%-33s%-40s%s\n%-10s%-15s%8s%s%s\n", "", "latency, us", "duration, us", "core",
            "exception", "count", "      min    median      99 %       max",
            "       min    median      99 %       max");
    for (unsigned core = 0; core < CORES; core++)
        for (unsigned n = 0; n < report->row_count; n++) {
            struct row *row = &report->rows[n];
            if (row->core != core)
                continue;
            fprintf(to, "%-10s%-15s%8zu", core_names[core], row->name, row->duration.count);
            print_samples(to, &row->latency);
            fputc(' ', to);
            print_samples(to, &row->duration);
            fputc('\n', to);
        }
}

static void print_notifications(struct report *report, FILE *to)
{
    fprintf(to, "\nHSEM notification to handler, us\n%-24s%9s%s%14s\n", "", "count",
            "      min    median      99 %       max", "not by handler");
    for (unsigned from = 0; from < CORES; from++)
        for (unsigned at = 0; at < CORES; at++) {
            struct samples *samples = &report->notified[from][at];
            if (!samples->count && !report->polled[from][at])
                continue;
            fprintf(to, "%s to %s%9zu", core_names[from], core_names[at],
                    samples->count + report->polled[from][at]);
            print_samples(to, samples);
            fprintf(to, "%14" PRIu64 "\n", report->polled[from][at]);
        }
}

static void print_load(const struct report *report, FILE *to)
{
    fprintf(to, "\nload, %%\n%-10s%12s%12s\n", "second", core_names[0], core_names[1]);
    for (uint64_t second = 0; second * 1000000000 < report->end; second++) {
        uint64_t left = report->end - second * 1000000000;
        uint64_t whole = left < 1000000000 ? left : 1000000000;
        fprintf(to, "%-10" PRIu64, second);
        for (unsigned core = 0; core < CORES; core++) {
            uint64_t idle = second < report->seconds ? report->idle[core][second] : 0;
            fprintf(to, "%12.2f", 100.0 * (double)(whole - idle) / (double)whole);
        }
        fputc('\n', to);
    }
}

static void free_report(struct report *report)
{
    for (unsigned n = 0; n < ROWS_MAX; n++) {
        free(report->rows[n].latency.values);
        free(report->rows[n].duration.values);
    }
    for (unsigned core = 0; core < CORES; core++) {
        free(report->idle[core]);
        for (unsigned to = 0; to < CORES; to++)
            free(report->notified[core][to].values);
    }
    free(report->flows);
}

bool report_print(FILE *to, const char *path, struct failure *failure)
{
    static struct report report;
    report = (struct report){0};
    bool read = trace_file_read(path, take, &report, failure);
    if (read) {
        print_interrupts(&report, to);
        print_notifications(&report, to);
        print_load(&report, to);
    }
    free_report(&report);
    return read;
}
