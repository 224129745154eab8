/* The timeline of a core: exceptions, notifications, cache maintenance, and what its firmware marks. */
#include "sim/host/timeline_internal.h"

#include <string.h>

enum { IRQ_HSEM1 = 125, IRQ_HSEM2 = 126 };

sim_time core_now(const struct timeline *timeline, enum soc_core core)
{
    return machine_core_time(timeline->machine, core);
}

static enum soc_core core_of(enum bus_master master)
{
    return master == MASTER_CM7 ? SOC_CM7 : SOC_CM4;
}

/* --- Notifications --- */

void timeline_notify(void *ctx, sim_time time, unsigned n, enum bus_master from, enum bus_master to)
{
    struct timeline *timeline = ctx;
    struct timeline_core *receiver = &timeline->core[core_of(to)];
    char name[48];
    uint64_t flow = timeline->next_flow++;
    snprintf(name, sizeof name, "HSEM %u to %s", n, bus_master_name(to));
    struct perfetto_event event = {
        .time = time, .type = PERFETTO_MARK, .name = name, .flows = &flow, .flow_count = 1};
    timeline_put(timeline, core_track(core_of(from), CORE_SIGNS), event);
    if (receiver->flow_count < FLOWS_MAX)
        receiver->flows[receiver->flow_count++] = flow;
}

/* The status was cleared although no handler was entered for it: polled, or in a loop of the handler
 * that runs. */
static void take_up(struct timeline *timeline, enum soc_core id, sim_time time)
{
    struct timeline_core *core = &timeline->core[id];
    if (!core->flow_count)
        return;
    struct perfetto_event event = {.time = time,
                                   .type = PERFETTO_MARK,
                                   .name = "taken up without an interrupt",
                                   .flows = core->flows,
                                   .flow_count = core->flow_count,
                                   .flows_end = true};
    timeline_put(timeline, core_track(id, CORE_SIGNS), event);
    core->flow_count = 0;
}

/* --- Interrupts --- */

static bool is_hsem(enum soc_core core, unsigned irq)
{
    return irq == (core == SOC_CM7 ? IRQ_HSEM1 : IRQ_HSEM2);
}

void timeline_line(void *ctx, sim_time time, enum bus_master master, unsigned irq, bool level)
{
    struct timeline *timeline = ctx;
    enum soc_core id = core_of(master);
    struct timeline_core *core = &timeline->core[id];
    if (irq >= SOC_IRQS)
        return;
    core->level[irq] = level;
    if (level)
        core->since[irq] = time;
    else if (is_hsem(id, irq))
        take_up(timeline, id, time);
}

/* SysTick has no line: when it is due is asked after each tick and before each sleep, which is when
 * a kernel without ticks has set it anew. */
static void foresee_systick(struct timeline *timeline, enum soc_core core)
{
    timeline->core[core].next_systick = cpu_next_systick(machine_cpu(timeline->machine, core));
}

void timeline_core_sleeps(struct timeline *timeline, enum soc_core core)
{
    foresee_systick(timeline, core);
}

/* From the line, or the timer, to now; SIM_NEVER: nobody knows. */
static sim_time latency_of(struct timeline *timeline, enum soc_core id, unsigned number)
{
    struct timeline_core *core = &timeline->core[id];
    sim_time now = core_now(timeline, id);
    if (number == VECTOR_SYSTICK) {
        uint64_t due = core->next_systick;
        uint64_t cycles = cpu_cycles(machine_cpu(timeline->machine, id));
        uint64_t hz =
            soc_clock_hz(machine_soc(timeline->machine), id == SOC_CM7 ? CLOCK_CM7 : CLOCK_CM4);
        return due <= cycles ? sim_cycles_to_time(cycles - due, hz) : SIM_NEVER;
    }
    if (number < VECTOR_IRQ0 || number - VECTOR_IRQ0 >= SOC_IRQS)
        return SIM_NEVER;
    sim_time since = core->since[number - VECTOR_IRQ0];
    core->since[number - VECTOR_IRQ0] = SIM_NEVER;
    return since <= now ? now - since : SIM_NEVER;
}

static const char *handler_name(const struct timeline *timeline, enum soc_core core,
                                uint32_t address)
{
    const struct guest *guest = timeline->guest;
    for (size_t n = 0; guest && n < guest->count; n++) {
        const struct symbol *symbol = symbols_function(guest->order[core][n], address);
        if (symbol)
            return symbol->name;
    }
    return NULL;
}

static void enter(struct timeline *timeline, enum soc_core id, uint32_t vector, unsigned number)
{
    struct timeline_core *core = &timeline->core[id];
    struct perfetto_event event = {
        .time = core_now(timeline, id), .type = PERFETTO_BEGIN, .name = vector_name(number)};
    sim_time latency = latency_of(timeline, id, number);
    const char *handler = handler_name(timeline, id, vector);
    if (handler)
        event.notes[event.note_count++] = (struct perfetto_note){"handler", handler, 0};
    if (latency != SIM_NEVER)
        event.notes[event.note_count++] =
            (struct perfetto_note){"latency ns", NULL, latency / SIM_NS};
    if (number >= VECTOR_IRQ0 && is_hsem(id, number - VECTOR_IRQ0)) {
        event.flows = core->flows;
        event.flow_count = core->flow_count;
        event.flows_end = true;
        core->flow_count = 0;
    }
    if (core->exception_count == NESTING_MAX)
        return;
    core->exceptions[core->exception_count++] = number;
    timeline_put(timeline, core_track(id, CORE_EXCEPTIONS), event);
    if (number == VECTOR_SYSTICK)
        foresee_systick(timeline, id);
}

/* Also those that were entered on top and never left. */
static void leave(struct timeline *timeline, enum soc_core id, unsigned number)
{
    struct timeline_core *core = &timeline->core[id];
    sim_time now = core_now(timeline, id);
    unsigned place = core->exception_count;
    while (place && core->exceptions[place - 1] != number)
        place--;
    if (!place)
        return;
    for (; core->exception_count >= place; core->exception_count--)
        timeline_end(timeline, core_track(id, CORE_EXCEPTIONS), now);
    unsigned irq = number - VECTOR_IRQ0;
    if (number >= VECTOR_IRQ0 && irq < SOC_IRQS && core->level[irq])
        core->since[irq] = now; /* the line is still high: it is pending again */
}

static void fault(struct timeline *timeline, enum soc_core core, uint32_t pc, uint32_t cfsr)
{
    struct perfetto_event event = {.time = core_now(timeline, core),
                                   .type = PERFETTO_MARK,
                                   .name = "fault",
                                   .note_count = 2,
                                   .notes = {{"pc", NULL, pc}, {"CFSR", NULL, cfsr}}};
    timeline_put(timeline, core_track(core, CORE_EXCEPTIONS), event);
}

/* --- Cache maintenance: operations in a row are one slice --- */

static const sim_time cache_patience = 2 * SIM_US;

static const char *cache_operation(uint32_t address)
{
    static const char *const names[] = {"ICIALLU",  NULL,      "ICIMVAU", "DCIMVAC",
                                        "DCISW",    "DCCMVAU", "DCCMVAC", "DCCSW",
                                        "DCCIMVAC", "DCCISW",  "BPIALL"};
    unsigned n = (address - 0xe000ef50u) / 4;
    return n < sizeof names / sizeof *names && names[n] ? names[n] : "cache operation";
}

static void end_maintenance(struct timeline *timeline, enum soc_core id)
{
    struct timeline_core *core = &timeline->core[id];
    struct perfetto_event event = {
        .time = core->cache.begin,
        .type = PERFETTO_BEGIN,
        .name = cache_operation(core->cache.where),
        .note_count = 2,
        .notes = {{"address", NULL, core->cache.address}, {"lines", NULL, core->cache.count}}};
    if (!core->cache.count)
        return;
    timeline_put(timeline, core_track(id, CORE_CACHE), event);
    timeline_end(timeline, core_track(id, CORE_CACHE), core->cache.end);
    core->cache.count = 0;
}

static void maintain(struct timeline *timeline, enum soc_core id, uint32_t where, uint32_t value)
{
    struct timeline_core *core = &timeline->core[id];
    sim_time now = core_now(timeline, id);
    if (core->cache.count && (core->cache.where != where || now > core->cache.end + cache_patience))
        end_maintenance(timeline, id);
    if (!core->cache.count) {
        core->cache.where = where;
        core->cache.address = value;
        core->cache.begin = now;
    }
    core->cache.count++;
    core->cache.end = now;
}

/* --- ITM: port 0 text, 1 begins a span, 2 ends it, 3 marks --- */

enum { PORT_TEXT, PORT_BEGIN, PORT_END, PORT_MARK };
enum { SPAN_IDS = 0x1000 }; /* below, a span has a number; above, a string's address */

static void end_text(struct timeline *timeline, enum soc_core core, sim_time time)
{
    struct text_line *line = &timeline->core[core].text;
    line->text[line->length] = 0;
    if (line->length)
        timeline_mark(timeline, core_track(core, CORE_TEXT), time, line->text);
    line->length = 0;
}

/* A write's bytes, the lowest first; a byte 0 ends them. */
static void add_text(struct timeline *timeline, enum soc_core core, uint32_t value)
{
    struct text_line *line = &timeline->core[core].text;
    for (; value & 0xff; value >>= 8) {
        if ((value & 0xff) == '\n' || line->length == LINE_MAX_ - 1)
            end_text(timeline, core, core_now(timeline, core));
        if ((value & 0xff) != '\n' && (value & 0xff) != '\r')
            line->text[line->length++] = (char)(value & 0xff);
    }
}

static void span_name(struct timeline *timeline, enum soc_core core, uint32_t value, char *name,
                      size_t size)
{
    size_t length = 0;
    if (value >= SPAN_IDS)
        while (length < size - 1 &&
               machine_peek(timeline->machine, core, value + (uint32_t)length, &name[length], 1) &&
               name[length])
            length++;
    name[length] = 0;
    if (!length)
        snprintf(name, size, value < SPAN_IDS ? "span %u" : "span 0x%08x", value);
}

static void begin_span(struct timeline *timeline, enum soc_core id, uint32_t value)
{
    struct timeline_core *core = &timeline->core[id];
    char name[64];
    if (core->span_count == NESTING_MAX)
        return;
    core->spans[core->span_count++] = value;
    span_name(timeline, id, value, name, sizeof name);
    timeline_put(timeline, core_track(id, CORE_SPANS),
                 (struct perfetto_event){
                     .time = core_now(timeline, id), .type = PERFETTO_BEGIN, .name = name});
}

/* 0 ends the innermost; else the innermost of that name, and what was begun within it. */
static void end_span(struct timeline *timeline, enum soc_core id, uint32_t value)
{
    struct timeline_core *core = &timeline->core[id];
    unsigned place = core->span_count;
    while (value && place && core->spans[place - 1] != value)
        place--;
    for (; place && core->span_count >= place; core->span_count--)
        timeline_end(timeline, core_track(id, CORE_SPANS), core_now(timeline, id));
}

static void hear_port(struct timeline *timeline, enum soc_core core, unsigned port, uint32_t value)
{
    char name[64];
    if (port == PORT_TEXT)
        add_text(timeline, core, value);
    else if (port == PORT_BEGIN)
        begin_span(timeline, core, value);
    else if (port == PORT_END)
        end_span(timeline, core, value);
    else if (port == PORT_MARK) {
        span_name(timeline, core, value, name, sizeof name);
        timeline_mark(timeline, core_track(core, CORE_SPANS), core_now(timeline, core), name);
    }
}

/* --- All of it --- */

void timeline_cpu(struct timeline *timeline, enum soc_core core, enum cpu_trace_kind kind,
                  uint32_t address, uint32_t value)
{
    if (!timeline->machine)
        return;
    switch (kind) {
    case CPU_TRACE_EXCEPTION_ENTRY:
        enter(timeline, core, address, value);
        break;
    case CPU_TRACE_EXCEPTION_RETURN:
        leave(timeline, core, value);
        break;
    case CPU_TRACE_FAULT:
        fault(timeline, core, address, value);
        break;
    case CPU_TRACE_CACHE_OPERATION:
        maintain(timeline, core, address, value);
        break;
    case CPU_TRACE_ITM:
        hear_port(timeline, core, address, value);
        break;
    default:
        break;
    }
}

void timeline_core_ends(struct timeline *timeline, enum soc_core id, sim_time time)
{
    struct timeline_core *core = &timeline->core[id];
    end_maintenance(timeline, id);
    end_text(timeline, id, time);
    for (; core->exception_count; core->exception_count--)
        timeline_end(timeline, core_track(id, CORE_EXCEPTIONS), time);
    for (; core->span_count; core->span_count--)
        timeline_end(timeline, core_track(id, CORE_SPANS), time);
}
