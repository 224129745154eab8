/*
 * Back in time (bs, bc). The present asks for a visit of the past (history.h) and attends to it; the
 * visitor looks for the place, serves the debuggers there, and goes on up to the present. What both
 * must know of the debuggers lies in memory that they share.
 */
#include "sim/host/gdb_internal.h"

#include <string.h>
#include <unistd.h>

enum { SIGNAL_TRAP = 5 };

static struct debugger *seeker_of(struct gdb *gdb)
{
    return &gdb->debuggers[gdb->seeker];
}

/* The points of all debuggers, as they are by now; or none. */
static void arm(struct gdb *gdb, bool on)
{
    machine_clear_watches(gdb->machine);
    for (unsigned n = 0; n < SOC_CORES; n++)
        cpu_clear_breakpoints(machine_cpu(gdb->machine, (enum soc_core)n));
    for (unsigned n = 0; on && n < gdb->count; n++)
        gdb_arm_points(&gdb->debuggers[n]);
}

/* Who wants to go back, and is let; NULL: nobody. */
static struct debugger *who_wants_back(struct gdb *gdb)
{
    for (struct debugger *debugger = gdb->debuggers; debugger < gdb->debuggers + gdb->count;
         debugger++)
        if (debugger->back && !gdb_other_stands(gdb, debugger))
            return debugger;
    return NULL;
}

/* --- The present --- */

static void come_home(struct gdb *gdb)
{
    gdb->away = false;
    for (unsigned n = 0; n < gdb->count; n++)
        if (gdb->debuggers[n].link.client < 0 && gdb->held[n] >= 0)
            close(gdb->held[n]);
    arm(gdb, true);
}

static void visit(struct gdb *gdb, const struct history_goal *goal)
{
    int descriptors[SOC_CORES];
    unsigned count = 0;
    for (unsigned n = 0; n < gdb->count; n++) {
        gdb->held[n] = gdb->debuggers[n].link.client;
        if (gdb->held[n] >= 0)
            descriptors[count++] = gdb->held[n];
    }
    gdb->away = history_visit(gdb->history, goal, descriptors, count);
    if (gdb->away)
        return;
    struct debugger *debugger = seeker_of(gdb);
    debugger->event.at_start = true;
    if (goal->kind != HISTORY_START) {
        visit(gdb, &(struct history_goal){.kind = HISTORY_START});
        return;
    }
    come_home(gdb); /* no checkpoint could be made: there is but the present */
    gdb_halt(debugger, SIGNAL_TRAP, debugger->step_core);
}

/* As the one who wants it does, from the place where the board was seen last. */
static void go_back(struct gdb *gdb, struct debugger *debugger)
{
    struct history_goal goal = {.kind = HISTORY_SEARCH, .place = gdb->from};
    uint64_t count = gdb->from.instructions[debugger->step_core];
    gdb->seeker = (unsigned)(debugger - gdb->debuggers);
    gdb->found.is_there = false;
    if (debugger->back == BACK_STEP) {
        goal.kind = count ? HISTORY_COUNT : HISTORY_START;
        goal.core = debugger->step_core;
        goal.count = count - 1;
        debugger->event.at_start = !count;
    }
    visit(gdb, &goal);
}

/* The visitor's process has died: what it was to find out is not known. */
static void mourn(struct gdb *gdb)
{
    come_home(gdb);
    for (unsigned n = 0; n < gdb->count; n++) {
        struct debugger *debugger = &gdb->debuggers[n];
        if (debugger->link.client < 0 || !debugger->running)
            continue;
        reply_console(&debugger->link, "the visit of the past has failed; this is the present\n");
        gdb_halt(debugger, SIGNAL_TRAP, debugger->core);
    }
}

/* What the visitor's end means. */
static void go_on_after(struct gdb *gdb, enum history_outcome outcome)
{
    struct debugger *debugger = who_wants_back(gdb);
    struct history_goal goal = {.kind = HISTORY_PLACE, .place = gdb->found.place};
    switch (outcome) {
    case HISTORY_BACK:
        if (debugger)
            go_back(gdb, debugger);
        break;
    case HISTORY_FOUND:
        visit(gdb, &goal);
        break;
    case HISTORY_NOTHING: /* then before that */
        goal.kind = HISTORY_SEARCH;
        goal.place = history_start(gdb->history);
        visit(gdb, &goal);
        break;
    case HISTORY_LOST:
        mourn(gdb);
        break;
    default:
        come_home(gdb);
    }
}

bool gdb_is_away(struct gdb *gdb)
{
    if (gdb->away) {
        enum history_outcome outcome = history_wait(gdb->history);
        if (outcome != HISTORY_AWAY)
            go_on_after(gdb, outcome);
        return gdb->away;
    }
    struct debugger *debugger = who_wants_back(gdb);
    gdb->from = machine_position(gdb->machine);
    if (debugger)
        go_back(gdb, debugger);
    return gdb->away;
}

/* --- The visitor --- */

void gdb_depart(struct gdb *gdb)
{
    arm(gdb, history_goal(gdb->history).kind == HISTORY_SEARCH);
}

/* From now on the debuggers are served here. */
static void stay(struct gdb *gdb)
{
    history_stay(gdb->history);
    arm(gdb, true);
}

static void arrive(struct gdb *gdb)
{
    struct debugger *debugger = seeker_of(gdb);
    enum soc_core core = debugger->step_core;
    struct history_goal goal = history_goal(gdb->history);
    if (goal.kind == HISTORY_SEARCH)
        history_leave(gdb->history, gdb->found.is_there ? HISTORY_FOUND : HISTORY_NOTHING);
    stay(gdb);
    if (goal.kind == HISTORY_PLACE) {
        debugger->event = gdb->found.event;
        core = debugger->event.core;
        if (*gdb->found.text)
            reply_console(&debugger->link, gdb->found.text);
    }
    gdb_halt(debugger, SIGNAL_TRAP, core);
}

/* A stop on the way of a search: the last one before its end is what is looked for. */
static void note_stop(struct gdb *gdb, enum machine_stop stop)
{
    struct debugger *debugger = seeker_of(gdb);
    struct gdb_found found = {
        .is_there = true, .place = machine_position(gdb->machine), .event = debugger->event};
    enum soc_core core = machine_stopped_core(gdb->machine);
    bool hit = stop == MACHINE_STOP_BREAKPOINT && debugger->has[core];
    found.event.core = core;
    if (debugger->event.watched) { /* the debugger wants to see what was before it */
        hit = true;
        found.place = machine_position_before(&found.place);
        found.event.core = gdb_core_of_event(debugger);
        gdb_describe_access(debugger, found.text, sizeof found.text);
    }
    const struct machine_position end = history_goal(gdb->history).place;
    if (hit && machine_position_compare(&found.place, &end) < 0)
        gdb->found = found;
    for (unsigned n = 0; n < gdb->count; n++)
        gdb->debuggers[n].event.watched = false;
}

bool gdb_notes_stop(struct gdb *gdb, enum machine_stop stop)
{
    if (!history_is_past(gdb->history) || history_is_staying(gdb->history))
        return false;
    if (history_goal(gdb->history).kind == HISTORY_SEARCH)
        note_stop(gdb, stop);
    return true;
}

static void set_pauses(struct gdb *gdb)
{
    struct history_goal goal = history_goal(gdb->history);
    bool staying = history_is_staying(gdb->history);
    for (unsigned n = 0; n < SOC_CORES; n++)
        machine_pause_at(gdb->machine, (enum soc_core)n, UINT64_MAX);
    if (staying)
        gdb_set_pauses(gdb);
    else if (goal.kind == HISTORY_COUNT)
        machine_pause_at(gdb->machine, goal.core, goal.count);
}

static bool anybody_there(const struct gdb *gdb)
{
    return gdb->debuggers[0].link.client >= 0 ||
           (gdb->count > 1 && gdb->debuggers[1].link.client >= 0);
}

/* Where the present stopped at a breakpoint that is still there, whoever comes by stops again. */
static void stop_as_the_present(struct gdb *gdb)
{
    struct machine_position here = machine_position(gdb->machine);
    uint32_t pc = cpu_get(machine_cpu(gdb->machine, here.core), CPU_PC);
    for (unsigned n = 0; n < gdb->count; n++) {
        struct debugger *debugger = &gdb->debuggers[n];
        if (here.amid && debugger->has[here.core] && debugger->running &&
            gdb_has_breakpoint(debugger, pc))
            gdb_halt(debugger, SIGNAL_TRAP, here.core);
    }
}

bool gdb_visits(struct gdb *gdb)
{
    struct history *history = gdb->history;
    history_redo(history);
    if (!history_is_staying(history) && history_is_there(history))
        arrive(gdb);
    gdb_attend(gdb);
    if (gdb->killed || !anybody_there(gdb))
        history_leave(history, HISTORY_LEFT);
    if (!history_is_staying(history) && gdb_other_stands(gdb, NULL))
        stay(gdb); /* interrupted on the way */
    gdb->from = history_here(history);
    if (history_is_staying(history) && who_wants_back(gdb))
        history_leave(history, HISTORY_BACK);
    if (history_is_staying(history) && history_is_present(history)) {
        stop_as_the_present(gdb);
        history_leave(history, HISTORY_PRESENT);
    }
    set_pauses(gdb);
    return gdb_other_stands(gdb, NULL);
}
