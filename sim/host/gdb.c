/* The debuggers' server as the run sees it: when the board stands still, and why. */
#include "sim/host/gdb_internal.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { SIGNAL_INT = 2, SIGNAL_TRAP = 5, SIGNAL_SEGV = 11 };

/* --- Opening and closing --- */

static void describe_place(struct gdb *gdb)
{
    if (gdb->count == 1)
        snprintf(gdb->where, sizeof gdb->where, "target remote 127.0.0.1:%u",
                 gdb->debuggers[0].link.port);
    else
        snprintf(gdb->where, sizeof gdb->where, "target remote 127.0.0.1:%u (%s) or :%u (%s)",
                 gdb->debuggers[0].link.port, core_name(SOC_CM7), gdb->debuggers[1].link.port,
                 core_name(SOC_CM4));
}

static bool open_port(struct gdb *gdb, const char *port, struct failure *failure)
{
    struct debugger *debugger = &gdb->debuggers[gdb->count++];
    debugger->gdb = gdb;
    debugger->machine = gdb->machine;
    debugger->event.signal = SIGNAL_TRAP;
    return link_open(&debugger->link, port, failure);
}

static bool open_ports(struct gdb *gdb, const char *ports, struct failure *failure)
{
    const char *comma = strchr(ports, ',');
    char *first = strndup(ports, strcspn(ports, ","));
    bool done =
        first && open_port(gdb, first, failure) && (!comma || open_port(gdb, comma + 1, failure));
    free(first);
    if (!done)
        return false;
    for (unsigned core = 0; core < SOC_CORES; core++)
        gdb->debuggers[comma ? core : 0].has[core] = true;
    if (comma)
        gdb->debuggers[1].core = gdb->debuggers[1].event.core = SOC_CM4;
    describe_place(gdb);
    return true;
}

struct gdb *gdb_open(const char *ports, struct machine *machine, struct guest *guest,
                     struct history *history, struct failure *failure)
{
    struct gdb *gdb =
        mmap(NULL, sizeof *gdb, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (gdb == MAP_FAILED) {
        failed(failure, "out of memory");
        return NULL;
    }
    gdb->machine = machine;
    gdb->history = history;
    gdb->guest = guest;
    if (open_ports(gdb, ports, failure))
        return gdb;
    gdb_close(gdb);
    return NULL;
}

void gdb_close(struct gdb *gdb)
{
    if (!gdb)
        return;
    for (unsigned n = 0; n < gdb->count; n++)
        link_close(&gdb->debuggers[n].link);
    munmap(gdb, sizeof *gdb);
}

const char *gdb_where(const struct gdb *gdb)
{
    return gdb->where;
}

bool gdb_killed(const struct gdb *gdb)
{
    return gdb->killed;
}

static bool connected(const struct debugger *debugger)
{
    return debugger->link.client >= 0;
}

bool gdb_other_stands(const struct gdb *gdb, const struct debugger *but)
{
    for (const struct debugger *other = gdb->debuggers; other < gdb->debuggers + gdb->count;
         other++)
        if (other != but && connected(other) && !other->running)
            return true;
    return false;
}

void gdb_ended(struct gdb *gdb, int status)
{
    char text[8];
    snprintf(text, sizeof text, "W%02x", (unsigned)status & 0xff);
    for (unsigned n = 0; n < gdb->count; n++)
        if (connected(&gdb->debuggers[n]) && gdb->debuggers[n].running)
            reply(&gdb->debuggers[n].link, text);
}

/* --- Standing still --- */

void gdb_halt(struct debugger *debugger, unsigned signal, enum soc_core core)
{
    debugger->running = debugger->stepping = false;
    debugger->back = BACK_NO;
    debugger->event.signal = signal;
    debugger->event.core = core;
    debugger->core = core;
    debugger->step_is_due = debugger->event.watched;
    gdb_report(debugger);
}

static void serve(struct debugger *debugger)
{
    static char packet[GDB_PACKET_MAX + 1];
    int length;
    while (!debugger->gdb->killed && (length = link_packet(&debugger->link, packet)) >= 0) {
        if (*packet == 3 && debugger->running)
            gdb_halt(debugger, SIGNAL_INT, debugger->core);
        else if (*packet != 3 && !debugger->running)
            gdb_command(debugger, packet, (size_t)length);
    }
}

void gdb_let_go(struct debugger *debugger)
{
    gdb_clear_points(debugger);
    debugger->running = debugger->gdb->started = true;
    debugger->stepping = false;
}

static void attend(struct debugger *debugger)
{
    bool was_there = connected(debugger);
    link_receive(&debugger->link);
    if (!history_is_past(debugger->gdb->history) && link_accept(&debugger->link)) {
        debugger->running = false; /* whoever comes finds the board standing */
        debugger->event = (struct gdb_event){.signal = SIGNAL_TRAP, .core = debugger->core};
    }
    serve(debugger);
    if (was_there && !connected(debugger))
        gdb_let_go(debugger); /* gone without a word: as if it had detached */
}

static bool stands(const struct gdb *gdb)
{
    return gdb_other_stands(gdb, NULL) || !gdb->started;
}

static void wait_for_debuggers(const struct gdb *gdb)
{
    struct pollfd places[SOC_CORES];
    for (unsigned n = 0; n < gdb->count; n++)
        places[n] =
            (struct pollfd){.fd = link_descriptor(&gdb->debuggers[n].link), .events = POLLIN};
    poll(places, gdb->count, 20);
}

void gdb_set_pauses(struct gdb *gdb)
{
    uint64_t at[SOC_CORES] = {UINT64_MAX, UINT64_MAX};
    for (unsigned n = 0; n < gdb->count; n++)
        if (gdb->debuggers[n].stepping)
            at[gdb->debuggers[n].step_core] = gdb->debuggers[n].step_to;
    for (unsigned n = 0; n < SOC_CORES; n++)
        machine_pause_at(gdb->machine, (enum soc_core)n, at[n]);
}

void gdb_attend(struct gdb *gdb)
{
    if (stands(gdb))
        wait_for_debuggers(gdb);
    for (unsigned n = 0; n < gdb->count; n++)
        attend(&gdb->debuggers[n]);
}

/* There is a history as long as somebody is there to look back. */
static void keep_history(struct gdb *gdb)
{
    bool wanted = false;
    for (unsigned n = 0; n < gdb->count; n++)
        wanted |= connected(&gdb->debuggers[n]);
    if (wanted && !history_recorded(gdb->history))
        history_checkpoint(gdb->history);
    else if (!wanted && history_recorded(gdb->history))
        history_forget(gdb->history);
}

bool gdb_holds(struct gdb *gdb)
{
    if (!history_is_past(gdb->history)) {
        if (!gdb->away) {
            gdb_attend(gdb);
            keep_history(gdb); /* a visit of the past may start here */
        }
    }
    if (history_is_past(gdb->history))
        return gdb_visits(gdb);
    if (gdb_is_away(gdb))
        return true;
    gdb_set_pauses(gdb);
    return stands(gdb) && !gdb->killed;
}

/* --- Stopping --- */

enum soc_core gdb_core_of_event(const struct debugger *debugger)
{
    enum bus_master master = debugger->event.master;
    bool of_core = debugger->event.access != MACHINE_WRITTEN_BACK;
    enum soc_core core = master == MASTER_CM7 && of_core ? SOC_CM7
                         : master == MASTER_CM4          ? SOC_CM4
                                                         : debugger->core;
    return debugger->has[core] ? core : debugger->core;
}

void gdb_describe_access(const struct debugger *debugger, char *text, size_t size)
{
    static const char *const verbs[] = {"read by the", "written by the", "written back by the"};
    const struct gdb_event *event = &debugger->event;
    enum soc_core core = event->master == MASTER_CM4 ? SOC_CM4 : SOC_CM7;
    sim_time now = machine_time(debugger->machine);
    char place[800] = "";
    if (event->master == MASTER_CM7 || event->master == MASTER_CM4) {
        now = machine_core_time(debugger->machine, core);
        memcpy(place, " in ", 5);
        guest_describe(debugger->gdb->guest, core, event->pc, place + 4, sizeof place - 4);
    }
    snprintf(text, size, "0x%08x was %s %s%s%s, board time %" PRIu64 ".%09" PRIu64 " s\n",
             event->address, verbs[event->access], bus_master_name(event->master),
             event->access == MACHINE_WRITTEN_BACK ? "'s data cache" : "", place, now / SIM_S,
             now % SIM_S / SIM_NS);
}

static void tell_access(struct debugger *debugger)
{
    char text[1024];
    gdb_describe_access(debugger, text, sizeof text);
    reply_console(&debugger->link, text);
}

static bool has_stepped(const struct debugger *debugger)
{
    struct cpu_statistics statistics;
    cpu_statistics(machine_cpu(debugger->machine, debugger->step_core), &statistics);
    return debugger->stepping && statistics.instructions >= debugger->step_to;
}

static void hear_stop(struct debugger *debugger, enum machine_stop stop)
{
    enum soc_core core = machine_stopped_core(debugger->machine);
    if (stop == MACHINE_STOP_PAUSED && debugger->event.watched) {
        tell_access(debugger);
        gdb_halt(debugger, SIGNAL_TRAP, gdb_core_of_event(debugger));
    } else if (stop == MACHINE_STOP_PAUSED && has_stepped(debugger)) {
        gdb_halt(debugger, SIGNAL_TRAP, debugger->step_core);
    } else if (stop == MACHINE_STOP_BREAKPOINT && debugger->has[core]) {
        gdb_halt(debugger, SIGNAL_TRAP, core);
    } else if (stop == MACHINE_STOP_LOCKUP && debugger->has[core]) {
        gdb_halt(debugger, SIGNAL_SEGV, core);
    }
}

bool gdb_stopped(struct gdb *gdb, enum machine_stop stop)
{
    bool debugged = false;
    if (gdb_notes_stop(gdb, stop))
        return true;
    for (unsigned n = 0; n < gdb->count; n++) {
        struct debugger *debugger = &gdb->debuggers[n];
        if (!connected(debugger) || !debugger->running)
            continue;
        debugged = true;
        hear_stop(debugger, stop);
    }
    return debugged || stop != MACHINE_STOP_LOCKUP;
}
