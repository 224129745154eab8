/*
 * The scheduler: which core runs, how far, and when events fire.
 *
 * The core that is furthest behind runs, until it is a slice ahead of the other or an event is due.
 * Events fire when all cores that run have reached their time. Between accesses to devices the
 * cores may be a slice apart; at every access to a device they are in order (access.c). Time jumps
 * while both sleep.
 */
#include "sim/machine/internal.h"

bool core_runs(const struct machine_core *core)
{
    return !core->held && !core->locked_up && !core->halted && !cpu_asleep(core->cpu) &&
           !soc_core_clock_stopped(core->machine->soc, core->id);
}

void machine_look_again(struct machine *machine)
{
    machine->disturbed = true;
    if (machine->running)
        cpu_end_slice(machine->running->cpu);
}

/* The time at which the core is for the scheduler: that of the access it waits to make. */
static sim_time place_of(const struct machine_core *core)
{
    sim_time time = core_time(core);
    return core->yielded && core->wanted > time ? core->wanted : time;
}

/* When a sleeping core's SysTick will wake it. */
static sim_time next_tick(const struct machine_core *core)
{
    if (core->held || core->locked_up || core->halted || !cpu_asleep(core->cpu) ||
        soc_core_clock_stopped(core->machine->soc, core->id))
        return SIM_NEVER;
    uint64_t cycles = cpu_next_systick(core->cpu);
    if (cycles == UINT64_MAX)
        return SIM_NEVER;
    sim_time time = core_time_of_cycles(core, cycles);
    return core_cycles_at(core, time) < cycles ? time + 1 : time;
}

static sim_time earliest(sim_time a, sim_time b)
{
    return a < b ? a : b;
}

/* --- Sleep as PWR hears of it --- */

/* A slice of the core's state for the timeline: it sleeps, or is held in reset. */
static void trace_state(const struct machine_core *core, const char *what, bool on, sim_time time)
{
    const struct tracer *tracer = core->machine->sim.tracer;
    if (tracer && on)
        tracer->begin(tracer->ctx, time, "state", core->master, what, 0, 0);
    else if (tracer)
        tracer->end(tracer->ctx, time, "state", core->master);
}

static void tell_sleep(struct machine_core *core, bool asleep)
{
    struct machine *machine = core->machine;
    if (core->told_asleep == asleep)
        return;
    sim_time now = core_time(core);
    core->told_asleep = asleep;
    trace_state(core, cpu_sleeps_deeply(core->cpu) ? "deep sleep" : "sleep", asleep, now);
    if (asleep)
        core->idle_since = now;
    else
        core->asleep += now - core->idle_since;
    if (machine->sim.events.now < now)
        machine->sim.events.now = now;
    soc_core_sleep_changed(machine->soc, core->id, asleep, cpu_sleeps_deeply(core->cpu));
}

void core_fell_asleep(void *ctx)
{
    struct machine_core *core = ctx;
    if (!cpu_asleep(core->cpu))
        return;
    core->machine->disturbed = true; /* PWR may stop clocks */
    tell_sleep(core, true);
}

/* --- Resets and releases, outside of cpu_run() --- */

/* The M4's vector table is the alias at 0 (RM0399 2.6); its VTOR resets to 0. */
static uint32_t boot_vector(struct machine_core *core)
{
    struct soc *soc = core->machine->soc;
    if (core->id == SOC_CM4 && soc->cm4_alias->enabled)
        return 0;
    return soc_boot_address(soc, core->id);
}

static void apply_reset(struct machine_core *core)
{
    struct machine *machine = core->machine;
    sim_time now = machine->sim.events.now;
    core_catch_up(core, now);
    tell_sleep(core, false);
    bool held = soc_core_held(machine->soc, core->id);
    if (held != core->held) {
        trace_state(core, "held in reset", held, now);
        if (held)
            core->idle_since = now;
        else
            core->in_hold += now - core->idle_since;
    }
    core->held = held;
    event_cancel(&machine->sim.events, &core->slept);
    core->reset_pending = core->yielded = core->locked_up = core->halted = false;
    if (held)
        return;
    core->started = true;
    if (machine->sim.tracer)
        machine->sim.tracer->mark(machine->sim.tracer->ctx, now, "state", core->master, "starts");
    if (machine->check)
        check_started(machine->check, core->master);
    cpu_reset(core->cpu, boot_vector(core));
}

static void apply_resets(struct machine *machine)
{
    for (unsigned n = 0; n < SOC_CORES; n++)
        if (machine->core[n].reset_pending)
            apply_reset(&machine->core[n]);
}

/* --- Time --- */

static void sleepers_catch_up(struct machine *machine, sim_time time)
{
    for (unsigned n = 0; n < SOC_CORES; n++)
        if (!core_runs(&machine->core[n]))
            core_catch_up(&machine->core[n], time);
}

/* Nobody runs before `time`: whatever is due there happens. */
static void reach(struct machine *machine, sim_time time)
{
    struct event_queue *events = &machine->sim.events;
    sleepers_catch_up(machine, time);
    if (events->now < time)
        events->now = time;
    event_run_until(events, time);
}

/* The core that is furthest behind; the M7 among equals. NULL: none runs. */
static struct machine_core *furthest_behind(struct machine *machine)
{
    struct machine_core *first = NULL;
    for (unsigned n = 0; n < SOC_CORES; n++) {
        struct machine_core *core = &machine->core[n];
        if (core_runs(core) && (!first || place_of(core) < place_of(first)))
            first = core;
    }
    return first;
}

static sim_time first_due(struct machine *machine)
{
    sim_time due = event_next(&machine->sim.events);
    for (unsigned n = 0; n < SOC_CORES; n++)
        due = earliest(due, next_tick(&machine->core[n]));
    return due;
}

/* --- Running a core --- */

static void begin_turn(struct machine_core *core, sim_time end)
{
    struct machine *machine = core->machine;
    machine->turned = core;
    tell_sleep(core, false);
    event_cancel(&machine->sim.events, &core->slept);
    machine->slice_end = end;
    cpu_speculate(core->cpu);
    uint64_t limit = core_cycles_at(core, end);
    uint64_t cycles = cpu_cycles(core->cpu);
    machine->broken_limit = limit > cycles ? limit : cycles + 1;
}

/* A debugger's stop leaves the turn as it is, to be gone on with. */
static enum cpu_stop run_core(struct machine_core *core)
{
    struct machine *machine = core->machine;
    machine->running = core;
    enum cpu_stop stop = cpu_run(core->cpu, machine->broken_limit);
    machine->running = NULL;
    bool broken = stop == CPU_STOP_BREAKPOINT || stop == CPU_STOP_PAUSED;
    machine->broken = broken ? core : NULL;
    if (broken)
        return stop;
    if (stop != CPU_STOP_YIELD)
        core->yielded = false;
    if (cpu_asleep(core->cpu) && !core->reset_pending)
        event_at(&machine->sim.events, &core->slept, core_time(core));
    return stop;
}

static sim_time end_of_slice(struct machine_core *core, sim_time due, sim_time until)
{
    struct machine *machine = core->machine;
    struct machine_core *other = &machine->core[core->id == SOC_CM7 ? SOC_CM4 : SOC_CM7];
    sim_time end = earliest(due, until);
    if (core_runs(other))
        end = earliest(end, place_of(other) + machine->slice);
    return end;
}

/* Runs a core; false if the run ends with it. */
static bool give_turn(struct machine_core *core, enum machine_stop *result)
{
    enum cpu_stop stop = run_core(core);
    if (stop != CPU_STOP_LOCKUP && stop != CPU_STOP_BREAKPOINT && stop != CPU_STOP_PAUSED)
        return true;
    core->machine->stopped_core = core->id;
    core->locked_up = stop == CPU_STOP_LOCKUP;
    *result = core->locked_up               ? MACHINE_STOP_LOCKUP
              : stop == CPU_STOP_BREAKPOINT ? MACHINE_STOP_BREAKPOINT
                                            : MACHINE_STOP_PAUSED;
    return false;
}

/* --- All sleep --- */

static bool sound_asleep(const struct machine_core *core)
{
    return core->held || core->locked_up || core->halted ||
           (cpu_asleep(core->cpu) && !soc_core_clock_stopped(core->machine->soc, core->id));
}

static bool may_fire(const struct machine *machine)
{
    return !machine->disturbed && !machine->stop_asked && !machine->pause_asked &&
           machine->turns < machine->last_turn;
}

/* While nobody runs, events fire one after the other up to, not including, the first SysTick or
 * `until`. Each is a turn, as it would be if a debugger had stopped before it. The cores catch up once, at the end, or when an event wakes one (machine.c). */
static void sleep_through(struct machine *machine, sim_time until)
{
    struct event_queue *events = &machine->sim.events;
    sim_time end = until;
    for (unsigned n = 0; n < SOC_CORES; n++) {
        if (!sound_asleep(&machine->core[n]))
            return;
        end = earliest(end, next_tick(&machine->core[n]));
    }
    machine->disturbed = false;
    while (may_fire(machine) && event_next(events) < end) {
        machine->turns++;
        event_run_until(events, event_next(events));
    }
    sleepers_catch_up(machine, events->now);
}

/* A debugger's wish that came up amidst a turn whose end came first. */
static bool paused(struct machine *machine, enum machine_stop *result)
{
    for (unsigned n = 0; n < SOC_CORES; n++) {
        struct machine_core *core = &machine->core[n];
        if (!cpu_pause_due(core->cpu))
            continue;
        machine->stopped_core = core->id;
        machine->pause_asked = true;
    }
    if (machine->pause_asked)
        *result = MACHINE_STOP_PAUSED;
    return machine->pause_asked;
}

/* One turn. False: the run ends with *result. */
static bool turn(struct machine *machine, sim_time until, enum machine_stop *result)
{
    if (machine->broken)
        return give_turn(machine->broken, result);
    if (machine->turns >= machine->last_turn) {
        *result = MACHINE_STOP_PAUSED;
        return false;
    }
    machine->turns++;
    machine->turned = NULL;
    struct machine_core *core = furthest_behind(machine);
    sim_time due = first_due(machine), place = core ? place_of(core) : SIM_NEVER;
    if (due <= place && due <= until && due != SIM_NEVER) {
        reach(machine, due);
        if (!core)
            sleep_through(machine, until);
        return true;
    }
    if (place < until) {
        begin_turn(core, end_of_slice(core, due, until));
        return give_turn(core, result);
    }
    *result = until == SIM_NEVER ? MACHINE_STOP_DEAD : MACHINE_STOP_TIME;
    if (until != SIM_NEVER)
        reach(machine, until);
    return false;
}

enum machine_stop machine_run(struct machine *machine, sim_time until)
{
    enum machine_stop result = MACHINE_STOP_ASKED;
    machine->pause_asked = false;
    if (!machine->broken)
        apply_resets(machine);
    while (!machine->stop_asked && turn(machine, until, &result) && !paused(machine, &result))
        apply_resets(machine);
    if (!machine->broken)
        apply_resets(machine);
    machine->stop_asked = 0;
    return result;
}
