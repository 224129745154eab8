/* Breakpoints (Z0, Z1) stop either core; watchpoints (Z2 to Z4) also hear of the DMAs' writes. */
#include "sim/host/gdb_internal.h"

#include <stdlib.h>

/* A store past the cache is told twice, the second time for what it is. Else the first one counts. */
static bool is_news(const struct gdb_event *event, enum bus_master master,
                    enum machine_access access)
{
    return !event->watched || (event->access == MACHINE_WRITTEN_BACK && master == event->master &&
                               access == MACHINE_WRITTEN);
}

static void hit(void *ctx, const struct machine_watch *watch, enum bus_master master,
                enum machine_access access)
{
    struct debugger *debugger = ctx;
    if (!is_news(&debugger->event, master, access))
        return;
    debugger->event.watched = true;
    debugger->event.kinds = watch->kinds;
    debugger->event.address = watch->address;
    debugger->event.master = master;
    debugger->event.access = access;
    if (master == MASTER_CM7 || master == MASTER_CM4)
        debugger->event.pc = cpu_get(
            machine_cpu(debugger->machine, master == MASTER_CM7 ? SOC_CM7 : SOC_CM4), CPU_PC);
    machine_pause(debugger->machine);
}

static bool set_breakpoint(struct debugger *debugger, uint32_t address, bool on)
{
    bool done = true;
    for (unsigned n = 0; n < SOC_CORES; n++)
        if (debugger->has[n])
            done &=
                cpu_set_breakpoint(machine_cpu(debugger->machine, (enum soc_core)n), address, on);
    return done || !on;
}

static bool set_watch(struct debugger *debugger, char type, uint32_t address, uint32_t length,
                      bool on)
{
    static const unsigned kinds[] = {MACHINE_WATCH_WRITE, MACHINE_WATCH_READ,
                                     MACHINE_WATCH_READ | MACHINE_WATCH_WRITE};
    const struct machine_watch watch = {.address = address,
                                        .length = length,
                                        .kinds = kinds[type - '2'],
                                        .hit = hit,
                                        .ctx = debugger};
    return on ? machine_add_watch(debugger->machine, &watch)
              : machine_remove_watch(debugger->machine, &watch) || true;
}

static bool set(struct debugger *debugger, const struct gdb_point *point, bool on)
{
    return point->type <= '1' ? set_breakpoint(debugger, point->address & ~1u, on)
                              : set_watch(debugger, point->type, point->address, point->length, on);
}

static struct gdb_point *find(struct debugger *debugger, const struct gdb_point *wanted)
{
    for (struct gdb_point *point = debugger->points;
         point < debugger->points + debugger->point_count; point++)
        if (point->type == wanted->type && point->address == wanted->address &&
            point->length == wanted->length)
            return point;
    return NULL;
}

/* Setting what is set, and taking away what is not, is no mistake. */
static bool change(struct debugger *debugger, const struct gdb_point *point, bool on)
{
    struct gdb_point *found = find(debugger, point);
    if (on == (found != NULL))
        return true;
    if (on && (debugger->point_count == GDB_POINTS_MAX || !set(debugger, point, true)))
        return false;
    if (on) {
        debugger->points[debugger->point_count++] = *point;
    } else {
        set(debugger, point, false);
        *found = debugger->points[--debugger->point_count];
    }
    return true;
}

void gdb_set_point(struct debugger *debugger, const char *packet)
{
    struct gdb_point point = {.type = packet[1]};
    char *end;
    if (point.type < '0' || point.type > '4' || packet[2] != ',') {
        reply(&debugger->link, "");
        return;
    }
    point.address = (uint32_t)strtoul(packet + 3, &end, 16);
    point.length = *end == ',' ? (uint32_t)strtoul(end + 1, NULL, 16) : 0;
    bool done = change(debugger, &point, packet[0] == 'Z');
    reply(&debugger->link, done ? "OK" : "E0c"); /* as ENOMEM: too many, or nothing there */
}

bool gdb_has_breakpoint(const struct debugger *debugger, uint32_t address)
{
    for (unsigned n = 0; n < debugger->point_count; n++)
        if (debugger->points[n].type <= '1' && (debugger->points[n].address & ~1u) == address)
            return true;
    return false;
}

void gdb_arm_points(struct debugger *debugger)
{
    for (unsigned n = 0; n < debugger->point_count; n++)
        set(debugger, &debugger->points[n], true);
}

void gdb_clear_points(struct debugger *debugger)
{
    while (debugger->point_count)
        set(debugger, &debugger->points[--debugger->point_count], false);
}
