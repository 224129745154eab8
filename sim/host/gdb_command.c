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

static unsigned threads(const struct debugger *debugger)
{
    return debugger->has[SOC_CM7] && debugger->has[SOC_CM4] ? 2 : 1;
}

/* A core by itself is thread 1. */
static enum soc_core core_of(const struct debugger *debugger, unsigned long thread)
{
    return thread == 2 || !debugger->has[SOC_CM7] ? SOC_CM4 : SOC_CM7;
}

static unsigned thread_of(const struct debugger *debugger, enum soc_core core)
{
    return core == SOC_CM4 && debugger->has[SOC_CM7] ? 2 : 1;
}

static const char *watch_word(unsigned kinds)
{
    return kinds == MACHINE_WATCH_WRITE  ? "watch"
           : kinds == MACHINE_WATCH_READ ? "rwatch"
                                         : "awatch";
}

void gdb_report(struct debugger *debugger)
{
    struct gdb_link *link = &debugger->link;
    reply_begin(link);
    reply_add(link, "T%02xthread:%x;", debugger->event.signal,
              thread_of(debugger, debugger->event.core));
    if (debugger->event.at_start)
        reply_add(link, "replaylog:begin;");
    if (debugger->event.watched)
        reply_add(link, "%s:%x;", watch_word(debugger->event.kinds), debugger->event.address);
    reply_send(link);
}

/* --- Running --- */

static void resume(struct debugger *debugger, bool step, enum soc_core core)
{
    struct cpu_statistics statistics;
    cpu_statistics(machine_cpu(debugger->machine, core), &statistics);
    debugger->event = (struct gdb_event){.signal = SIGNAL_TRAP, .core = core};
    debugger->stepping = step;
    debugger->step_core = core;
    debugger->step_to = statistics.instructions + 1;
    debugger->running = debugger->gdb->started = true;
    debugger->step_is_due = false;
    if (gdb_other_stands(debugger->gdb, debugger))
        reply_console(&debugger->link,
                      "the board stands until the other core's debugger lets it run too\n");
}

/* On this architecture gdb believes that a watchpoint stops before the access, and steps over it. Here
 * it is made (undone, when gone back to): there is nothing left to do. */
static bool is_gdbs_own_step(struct debugger *debugger)
{
    if (!debugger->step_is_due)
        return false;
    debugger->step_is_due = false;
    debugger->event.watched = false;
    gdb_report(debugger);
    return true;
}

/* vCont;s:1;c and the like: of the first action that steps, its thread. Cores run together, so that
 * one that is not named runs as well. */
static void run_by_actions(struct debugger *debugger, const char *actions)
{
    for (const char *action = actions; action; action = strchr(action + 1, ';')) {
        const char *colon = strchr(action, ':'), *next = strchr(action + 1, ';');
        bool named = colon && (!next || colon < next) && colon[1] != '-';
        if ((action[1] == 's' || action[1] == 'S')) {
            if (is_gdbs_own_step(debugger))
                return;
            resume(debugger, true,
                   named ? core_of(debugger, strtoul(colon + 1, NULL, 16)) : debugger->core);
            return;
        }
    }
    resume(debugger, false, debugger->core);
}

const char *gdb_change(struct debugger *debugger, const struct deed *deed)
{
    struct failure ignored; /* the protocol has numbers for it */
    bool done = history_do(debugger->gdb->history, deed, &ignored);
    return done ? "OK" : "E0e"; /* as EFAULT: nothing answers there */
}

static void set_pc(struct debugger *debugger, const char *address)
{
    const struct deed deed = {.kind = DEED_REGISTER,
                              .core = debugger->core,
                              .address = CPU_PC,
                              .value = (uint32_t)strtoul(address, NULL, 16)};
    if (*address)
        gdb_change(debugger, &deed);
}

/* --- Questions --- */

/* qXfer:…:read::OFFSET,LENGTH */
static void transfer(struct debugger *debugger, const char *text, const char *range)
{
    char *end;
    size_t offset = strtoul(range, &end, 16), size = strlen(text);
    size_t length = *end == ',' ? strtoul(end + 1, NULL, 16) : 0;
    offset = offset < size ? offset : size;
    bool rest = length >= size - offset;
    length = rest ? size - offset : length;
    reply_begin(&debugger->link);
    reply_add(&debugger->link, "%c", rest ? 'l' : 'm');
    reply_binary(&debugger->link, text + offset, length);
    reply_send(&debugger->link);
}

static void describe_thread(struct debugger *debugger, enum soc_core core)
{
    const struct cpu *cpu = machine_cpu(debugger->machine, core);
    struct machine_core_statistics statistics;
    char text[80];
    machine_core_statistics(debugger->machine, core, &statistics);
    snprintf(text, sizeof text, "%s, %s", core == SOC_CM7 ? "Cortex-M7" : "Cortex-M4",
             !statistics.started              ? "held in reset"
             : cpu_locked_up(cpu)             ? "locked up"
             : cpu_asleep(cpu)                ? "asleep"
             : cpu_get(cpu, CPU_XPSR) & 0x1ff ? "in an exception handler"
                                              : "in thread mode");
    reply_begin(&debugger->link);
    reply_hex(&debugger->link, text, strlen(text));
    reply_send(&debugger->link);
}

static void tell_features(struct debugger *debugger)
{
    reply_begin(&debugger->link);
    reply_add(&debugger->link,
              "PacketSize=%x;qXfer:features:read+;qXfer:memory-map:read+;QStartNoAckMode+;"
              "vContSupported+;ReverseStep+;ReverseContinue+",
              GDB_PACKET_MAX - 8);
    reply_send(&debugger->link);
}

static void question(struct debugger *debugger, const char *packet)
{
    struct gdb_link *link = &debugger->link;
    if (starts(packet, "qSupported")) {
        tell_features(debugger);
    } else if (starts(packet, "qXfer:features:read:target.xml:")) {
        transfer(debugger, gdb_target_xml, packet + 31);
    } else if (starts(packet, "qXfer:memory-map:read::")) {
        transfer(debugger, gdb_memory_map_xml, packet + 23);
    } else if (starts(packet, "qRcmd,")) {
        gdb_monitor(debugger, packet + 6);
    } else if (starts(packet, "qThreadExtraInfo,")) {
        describe_thread(debugger, core_of(debugger, strtoul(packet + 17, NULL, 16)));
    } else if (strcmp(packet, "qC") == 0) {
        reply(link, thread_of(debugger, debugger->core) == 2 ? "QC2" : "QC1");
    } else {
        reply(link, strcmp(packet, "qfThreadInfo") == 0   ? (threads(debugger) == 2 ? "m1,2" : "m1")
                    : strcmp(packet, "qsThreadInfo") == 0 ? "l"
                    : starts(packet, "qAttached")         ? "1"
                    : starts(packet, "qSymbol")           ? "OK"
                                                          : "");
    }
}

static void choose_thread(struct debugger *debugger, const char *packet)
{
    unsigned long thread = strtoul(packet + 2, NULL, 16);
    if (packet[2] != '-' && thread > threads(debugger)) {
        reply(&debugger->link, "E01");
        return;
    }
    if (packet[2] != '-' && thread)
        debugger->core = core_of(debugger, thread);
    reply(&debugger->link, "OK");
}

static void detach(struct debugger *debugger)
{
    gdb_let_go(debugger);
    reply(&debugger->link, "OK");
    link_drop(&debugger->link);
}

static void kill_board(struct debugger *debugger)
{
    debugger->gdb->killed = true;
}

static void long_command(struct debugger *debugger, const char *packet, size_t length)
{
    if (strcmp(packet, "vCont?") == 0) {
        reply(&debugger->link, "vCont;c;C;s;S");
    } else if (starts(packet, "vCont;")) {
        run_by_actions(debugger, packet + 5);
    } else if (starts(packet, "vFlash")) {
        gdb_flash(debugger, packet, length);
    } else if (starts(packet, "vKill")) {
        reply(&debugger->link, "OK");
        kill_board(debugger);
    } else {
        reply(&debugger->link, "");
    }
}

static void start_no_ack(struct debugger *debugger)
{
    reply(&debugger->link, "OK");
    debugger->link.no_ack = true;
}

static void run_command(struct debugger *debugger, const char *packet)
{
    bool step = *packet == 's' || *packet == 'S';
    if (step && is_gdbs_own_step(debugger))
        return;
    const char *address = strchr(packet, ';');
    set_pc(debugger, *packet == 'c' || *packet == 's' ? packet + 1 : address ? address + 1 : "");
    resume(debugger, step, debugger->core);
}

/* bs and bc: one instruction back, or to the last stop. */
static void run_back(struct debugger *debugger, const char *packet)
{
    if (strcmp(packet, "bs") != 0 && strcmp(packet, "bc") != 0) {
        reply(&debugger->link, "");
        return;
    }
    if (packet[1] == 's' && is_gdbs_own_step(debugger))
        return;
    resume(debugger, false, debugger->core);
    debugger->back = packet[1] == 's' ? BACK_STEP : BACK_RUN;
}

void gdb_command(struct debugger *debugger, char *packet, size_t length)
{
    switch (*packet) {
    case '?':
        gdb_report(debugger);
        break;
    case 'g':
        gdb_read_registers(debugger);
        break;
    case 'G':
        gdb_write_registers(debugger, packet + 1);
        break;
    case 'p':
        gdb_read_register(debugger, packet + 1);
        break;
    case 'P':
        gdb_write_register(debugger, packet + 1);
        break;
    case 'm':
        gdb_read_memory(debugger, packet + 1);
        break;
    case 'M':
        gdb_write_memory(debugger, packet + 1);
        break;
    case 'X':
        gdb_write_binary(debugger, packet + 1, length - 1);
        break;
    case 'Z':
    case 'z':
        gdb_set_point(debugger, packet);
        break;
    case 'c':
    case 'C':
    case 's':
    case 'S':
        run_command(debugger, packet);
        break;
    case 'b':
        run_back(debugger, packet);
        break;
    case 'v':
        long_command(debugger, packet, length);
        break;
    case 'q':
        question(debugger, packet);
        break;
    case 'H':
        choose_thread(debugger, packet);
        break;
    case 'T':
        reply(&debugger->link,
              strtoul(packet + 1, NULL, 16) - 1 < threads(debugger) ? "OK" : "E01");
        break;
    case 'D':
        detach(debugger);
        break;
    case 'k':
        kill_board(debugger);
        break;
    case 'Q':
        if (strcmp(packet, "QStartNoAckMode") == 0) {
            start_no_ack(debugger);
            break;
        }
        /* fall through */
    default:
        reply(&debugger->link, "");
    }
}
