/* The debugger's server as the run sees it: when the board stands still, and why. */
#include "sim/host/gdb_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { SIGNAL_INT = 2, SIGNAL_TRAP = 5, SIGNAL_SEGV = 11 };

struct gdb *gdb_open(const char *port, struct machine *machine, struct failure *failure)
{
    struct gdb *gdb = calloc(1, sizeof *gdb);
    if (!gdb) {
        failed(failure, "out of memory");
        return NULL;
    }
    gdb->machine = machine;
    gdb->event.signal = SIGNAL_TRAP;
    if (link_open(&gdb->link, port, failure))
        return gdb;
    gdb_close(gdb);
    return NULL;
}

void gdb_close(struct gdb *gdb)
{
    if (gdb)
        link_close(&gdb->link);
    free(gdb);
}

unsigned gdb_port(const struct gdb *gdb)
{
    return gdb->link.port;
}

bool gdb_killed(const struct gdb *gdb)
{
    return gdb->killed;
}

void gdb_ended(struct gdb *gdb, int status)
{
    char text[8];
    snprintf(text, sizeof text, "W%02x", (unsigned)status & 0xff);
    if (gdb->link.client >= 0 && gdb->running)
        reply(&gdb->link, text);
}

static void pause_no_more(struct gdb *gdb)
{
    for (unsigned n = 0; n < SOC_CORES; n++)
        cpu_pause_at(machine_cpu(gdb->machine, (enum soc_core)n), UINT64_MAX);
}

/* The board stands still from now on, and the debugger hears why. */
static void halt(struct gdb *gdb, unsigned signal, enum soc_core core)
{
    gdb->running = false;
    gdb->event.signal = signal;
    gdb->event.core = core;
    gdb->core = core;
    gdb_report(gdb);
}

static void interrupt(struct gdb *gdb)
{
    if (!gdb->running)
        return;
    pause_no_more(gdb);
    halt(gdb, SIGNAL_INT, gdb->core);
}

static void serve(struct gdb *gdb)
{
    static char packet[GDB_PACKET_MAX + 1];
    int length;
    while (!gdb->killed && (length = link_packet(&gdb->link, packet)) >= 0) {
        if (*packet == 3)
            interrupt(gdb);
        else if (!gdb->running)
            gdb_command(gdb, packet, (size_t)length);
    }
}

/* Gone without a word: as if it had detached. */
static void lost(struct gdb *gdb)
{
    gdb_clear_points(gdb);
    gdb->running = true;
}

bool gdb_holds(struct gdb *gdb)
{
    bool was_there = gdb->link.client >= 0;
    link_receive(&gdb->link, gdb->running ? 0 : 20);
    if (link_accept(&gdb->link)) {
        gdb->running = false; /* whoever comes finds the board standing */
        gdb->event = (struct gdb_event){.signal = SIGNAL_TRAP, .core = gdb->core};
    }
    serve(gdb);
    if (was_there && gdb->link.client < 0 && !gdb->running)
        lost(gdb);
    else if (was_there && gdb->link.client < 0)
        gdb_clear_points(gdb);
    return !gdb->running && !gdb->killed;
}

/* Which core's business a watched access was; the one that was chosen, for a DMA's. */
static enum soc_core core_of_event(const struct gdb *gdb)
{
    return gdb->event.master == MASTER_CM7   ? SOC_CM7
           : gdb->event.master == MASTER_CM4 ? SOC_CM4
                                             : gdb->core;
}

static void tell_access(struct gdb *gdb)
{
    const struct gdb_event *event = &gdb->event;
    sim_time now = machine_time(gdb->machine);
    char text[160];
    snprintf(text, sizeof text, "0x%08x was %s by the %s, board time %" PRIu64 ".%09" PRIu64 " s\n",
             event->address, event->write ? "written" : "read", bus_master_name(event->master),
             now / SIM_S, now % SIM_S / SIM_NS);
    reply_console(&gdb->link, text);
}

bool gdb_stopped(struct gdb *gdb, enum machine_stop stop)
{
    enum soc_core core = machine_stopped_core(gdb->machine);
    if (stop == MACHINE_STOP_PAUSED || stop == MACHINE_STOP_BREAKPOINT)
        pause_no_more(gdb);
    if (gdb->link.client < 0 || !gdb->running)
        return stop != MACHINE_STOP_LOCKUP;
    if (stop == MACHINE_STOP_PAUSED && gdb->event.watched) {
        tell_access(gdb);
        halt(gdb, SIGNAL_TRAP, core_of_event(gdb));
    } else if (stop == MACHINE_STOP_PAUSED || stop == MACHINE_STOP_BREAKPOINT) {
        halt(gdb, SIGNAL_TRAP, core);
    } else if (stop == MACHINE_STOP_LOCKUP) {
        halt(gdb, SIGNAL_SEGV, core);
    }
    return true;
}
