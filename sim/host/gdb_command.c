/* The debugger's packets (GDB manual, appendix E.2 to E.4), all but those of the other files. */
#include "sim/host/gdb_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNAL_TRAP = 5 };

static bool starts(const char *packet, const char *with)
{
    return strncmp(packet, with, strlen(with)) == 0;
}

static enum soc_core core_of(unsigned long thread)
{
    return thread == 2 ? SOC_CM4 : SOC_CM7;
}

static unsigned thread_of(enum soc_core core)
{
    return core == SOC_CM4 ? 2 : 1;
}

static const char *watch_word(unsigned kinds)
{
    return kinds == MACHINE_WATCH_WRITE  ? "watch"
           : kinds == MACHINE_WATCH_READ ? "rwatch"
                                         : "awatch";
}

void gdb_report(struct gdb *gdb)
{
    struct gdb_link *link = &gdb->link;
    reply_begin(link);
    reply_add(link, "T%02xthread:%x;", gdb->event.signal, thread_of(gdb->event.core));
    if (gdb->event.watched)
        reply_add(link, "%s:%x;", watch_word(gdb->event.kinds), gdb->event.address);
    reply_send(link);
}

/* --- Running --- */

static void resume(struct gdb *gdb, bool step, enum soc_core core)
{
    struct cpu_statistics statistics;
    cpu_statistics(machine_cpu(gdb->machine, core), &statistics);
    for (unsigned n = 0; n < SOC_CORES; n++)
        cpu_pause_at(machine_cpu(gdb->machine, (enum soc_core)n), UINT64_MAX);
    if (step)
        cpu_pause_at(machine_cpu(gdb->machine, core), statistics.instructions + 1);
    gdb->event = (struct gdb_event){.signal = SIGNAL_TRAP, .core = core};
    gdb->stepping = step;
    gdb->step_core = core;
    gdb->running = true;
}

/* vCont;s:1;c and the like: of the first action that steps, its thread. Cores run together, so that
 * one that is not named runs as well. */
static void run_by_actions(struct gdb *gdb, const char *actions)
{
    for (const char *action = actions; action; action = strchr(action + 1, ';')) {
        const char *colon = strchr(action, ':'), *next = strchr(action + 1, ';');
        bool named = colon && (!next || colon < next) && colon[1] != '-';
        if (action[1] == 's' || action[1] == 'S') {
            resume(gdb, true, named ? core_of(strtoul(colon + 1, NULL, 16)) : gdb->core);
            return;
        }
    }
    resume(gdb, false, gdb->core);
}

static void set_pc(struct gdb *gdb, const char *address)
{
    if (*address)
        cpu_set(machine_cpu(gdb->machine, gdb->core), CPU_PC, (uint32_t)strtoul(address, NULL, 16));
}

/* --- Questions --- */

/* qXfer:…:read::OFFSET,LENGTH */
static void transfer(struct gdb *gdb, const char *text, const char *range)
{
    char *end;
    size_t offset = strtoul(range, &end, 16), size = strlen(text);
    size_t length = *end == ',' ? strtoul(end + 1, NULL, 16) : 0;
    offset = offset < size ? offset : size;
    bool rest = length >= size - offset;
    length = rest ? size - offset : length;
    reply_begin(&gdb->link);
    reply_add(&gdb->link, "%c", rest ? 'l' : 'm');
    reply_binary(&gdb->link, text + offset, length);
    reply_send(&gdb->link);
}

static void describe_thread(struct gdb *gdb, enum soc_core core)
{
    const struct cpu *cpu = machine_cpu(gdb->machine, core);
    struct machine_core_statistics statistics;
    char text[80];
    machine_core_statistics(gdb->machine, core, &statistics);
    snprintf(text, sizeof text, "%s, %s", core == SOC_CM7 ? "Cortex-M7" : "Cortex-M4",
             !statistics.started              ? "held in reset"
             : cpu_locked_up(cpu)             ? "locked up"
             : cpu_asleep(cpu)                ? "asleep"
             : cpu_get(cpu, CPU_XPSR) & 0x1ff ? "in an exception handler"
                                              : "in thread mode");
    reply_begin(&gdb->link);
    reply_hex(&gdb->link, text, strlen(text));
    reply_send(&gdb->link);
}

static void tell_features(struct gdb *gdb)
{
    reply_begin(&gdb->link);
    reply_add(&gdb->link,
              "PacketSize=%x;qXfer:features:read+;qXfer:memory-map:read+;QStartNoAckMode+;"
              "vContSupported+",
              GDB_PACKET_MAX - 8);
    reply_send(&gdb->link);
}

static void question(struct gdb *gdb, const char *packet)
{
    struct gdb_link *link = &gdb->link;
    if (starts(packet, "qSupported")) {
        tell_features(gdb);
    } else if (starts(packet, "qXfer:features:read:target.xml:")) {
        transfer(gdb, gdb_target_xml, packet + 31);
    } else if (starts(packet, "qXfer:memory-map:read::")) {
        transfer(gdb, gdb_memory_map_xml, packet + 23);
    } else if (starts(packet, "qRcmd,")) {
        gdb_monitor(gdb, packet + 6);
    } else if (starts(packet, "qThreadExtraInfo,")) {
        describe_thread(gdb, core_of(strtoul(packet + 17, NULL, 16)));
    } else if (strcmp(packet, "qC") == 0) {
        reply(link, gdb->core == SOC_CM4 ? "QC2" : "QC1");
    } else {
        reply(link, strcmp(packet, "qfThreadInfo") == 0   ? "m1,2"
                    : strcmp(packet, "qsThreadInfo") == 0 ? "l"
                    : starts(packet, "qAttached")         ? "1"
                    : starts(packet, "qSymbol")           ? "OK"
                                                          : "");
    }
}

static void choose_thread(struct gdb *gdb, const char *packet)
{
    unsigned long thread = strtoul(packet + 2, NULL, 16);
    if (packet[2] != '-' && thread > 2) {
        reply(&gdb->link, "E01");
        return;
    }
    if (packet[2] != '-' && thread)
        gdb->core = core_of(thread);
    reply(&gdb->link, "OK");
}

static void detach(struct gdb *gdb)
{
    gdb_clear_points(gdb);
    resume(gdb, false, SOC_CM7);
    reply(&gdb->link, "OK");
    link_drop(&gdb->link);
}

static void kill_board(struct gdb *gdb)
{
    gdb->killed = true;
}

static void long_command(struct gdb *gdb, const char *packet, size_t length)
{
    if (strcmp(packet, "vCont?") == 0) {
        reply(&gdb->link, "vCont;c;C;s;S");
    } else if (starts(packet, "vCont;")) {
        run_by_actions(gdb, packet + 5);
    } else if (starts(packet, "vFlash")) {
        gdb_flash(gdb, packet, length);
    } else if (starts(packet, "vKill")) {
        reply(&gdb->link, "OK");
        kill_board(gdb);
    } else {
        reply(&gdb->link, "");
    }
}

static void start_no_ack(struct gdb *gdb)
{
    reply(&gdb->link, "OK");
    gdb->link.no_ack = true;
}

static void run_command(struct gdb *gdb, const char *packet)
{
    bool step = *packet == 's' || *packet == 'S';
    const char *address = strchr(packet, ';');
    set_pc(gdb, *packet == 'c' || *packet == 's' ? packet + 1 : address ? address + 1 : "");
    resume(gdb, step, gdb->core);
}

void gdb_command(struct gdb *gdb, char *packet, size_t length)
{
    switch (*packet) {
    case '?':
        gdb_report(gdb);
        break;
    case 'g':
        gdb_read_registers(gdb);
        break;
    case 'G':
        gdb_write_registers(gdb, packet + 1);
        break;
    case 'p':
        gdb_read_register(gdb, packet + 1);
        break;
    case 'P':
        gdb_write_register(gdb, packet + 1);
        break;
    case 'm':
        gdb_read_memory(gdb, packet + 1);
        break;
    case 'M':
        gdb_write_memory(gdb, packet + 1);
        break;
    case 'X':
        gdb_write_binary(gdb, packet + 1, length - 1);
        break;
    case 'Z':
    case 'z':
        gdb_set_point(gdb, packet);
        break;
    case 'c':
    case 'C':
    case 's':
    case 'S':
        run_command(gdb, packet);
        break;
    case 'v':
        long_command(gdb, packet, length);
        break;
    case 'q':
        question(gdb, packet);
        break;
    case 'H':
        choose_thread(gdb, packet);
        break;
    case 'T':
        reply(&gdb->link, strtoul(packet + 1, NULL, 16) - 1 < 2 ? "OK" : "E01");
        break;
    case 'D':
        detach(gdb);
        break;
    case 'k':
        kill_board(gdb);
        break;
    case 'Q':
        if (strcmp(packet, "QStartNoAckMode") == 0) {
            start_no_ack(gdb);
            break;
        }
        /* fall through */
    default:
        reply(&gdb->link, "");
    }
}
