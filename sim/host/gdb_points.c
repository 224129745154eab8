/* Breakpoints (Z0, Z1) stop either core; watchpoints (Z2 to Z4) also hear of the DMAs' writes. */
#include "sim/host/gdb_internal.h"

#include <stdlib.h>

static void hit(void *ctx, const struct machine_watch *watch, enum bus_master master, bool write)
{
    struct gdb *gdb = ctx;
    if (gdb->event.watched)
        return; /* the first one counts */
    gdb->event.watched = true;
    gdb->event.kinds = watch->kinds;
    gdb->event.address = watch->address;
    gdb->event.master = master;
    gdb->event.write = write;
    if (master == MASTER_CM7 || master == MASTER_CM4)
        gdb->event.pc =
            cpu_get(machine_cpu(gdb->machine, master == MASTER_CM7 ? SOC_CM7 : SOC_CM4), CPU_PC);
    machine_pause(gdb->machine);
}

static bool set_breakpoint(struct gdb *gdb, uint32_t address, bool on)
{
    bool first = cpu_set_breakpoint(machine_cpu(gdb->machine, SOC_CM7), address, on);
    bool second = cpu_set_breakpoint(machine_cpu(gdb->machine, SOC_CM4), address, on);
    return (first && second) || !on;
}

static bool set_watch(struct gdb *gdb, char type, uint32_t address, uint32_t length, bool on)
{
    static const unsigned kinds[] = {MACHINE_WATCH_WRITE, MACHINE_WATCH_READ,
                                     MACHINE_WATCH_READ | MACHINE_WATCH_WRITE};
    const struct machine_watch watch = {
        .address = address, .length = length, .kinds = kinds[type - '2'], .hit = hit, .ctx = gdb};
    return on ? machine_add_watch(gdb->machine, &watch)
              : machine_remove_watch(gdb->machine, &watch) || true;
}

void gdb_set_point(struct gdb *gdb, const char *packet)
{
    char type = packet[1], *end;
    if (type < '0' || type > '4' || packet[2] != ',') {
        reply(&gdb->link, "");
        return;
    }
    uint32_t address = (uint32_t)strtoul(packet + 3, &end, 16);
    uint32_t kind = *end == ',' ? (uint32_t)strtoul(end + 1, NULL, 16) : 0;
    bool on = packet[0] == 'Z';
    bool done = type <= '1' ? set_breakpoint(gdb, address & ~1u, on)
                            : set_watch(gdb, type, address, kind, on);
    reply(&gdb->link, done ? "OK" : "E0c"); /* as ENOMEM: there are too many, or nothing there */
}

void gdb_clear_points(struct gdb *gdb)
{
    machine_clear_watches(gdb->machine);
    cpu_clear_breakpoints(machine_cpu(gdb->machine, SOC_CM7));
    cpu_clear_breakpoints(machine_cpu(gdb->machine, SOC_CM4));
}
