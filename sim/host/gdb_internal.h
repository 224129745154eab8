/* What the files of the debuggers' server share. */
#ifndef SIM_HOST_GDB_INTERNAL_H
#define SIM_HOST_GDB_INTERNAL_H

#include "sim/host/gdb.h"
#include "sim/host/history.h"

#include <stdarg.h>

enum { GDB_PACKET_MAX = 16384 };

struct gdb_link {
    int listener, client; /* client < 0: nobody is there */
    unsigned port;
    bool no_ack;
    char in[2 * GDB_PACKET_MAX]; /* what came and is not yet a whole packet */
    size_t in_length;
    char out[2 * GDB_PACKET_MAX + 8]; /* the reply that is being written: "$…" */
    size_t out_length;
};

struct gdb_event { /* why the board stopped last */
    unsigned signal;
    enum soc_core core;
    bool watched; /* by this watch: */
    unsigned kinds;
    uint32_t address;
    enum bus_master master;
    enum machine_access access;
    uint32_t pc;   /* of a core that did it */
    bool at_start; /* there is nothing before it */
};

struct gdb_point { /* as Z and z name it */
    char type;
    uint32_t address, length;
};

enum { GDB_POINTS_MAX = 96 };

struct debugger { /* whoever connects to one port */
    struct gdb *gdb;
    struct machine *machine;
    struct gdb_link link;
    bool has[SOC_CORES]; /* the cores that it debugs */
    bool running;        /* it lets the board run */
    enum { BACK_NO, BACK_STEP, BACK_RUN } back;
    bool step_is_due; /* gdb steps after a watchpoint's stop, before it looks at the value */
    bool stepping;    /* the run is a step of this core, to this count of its instructions: */
    enum soc_core step_core;
    uint64_t step_to;
    enum soc_core core; /* that registers and memory are asked of (Hg) */
    struct gdb_event event;
    struct gdb_point points[GDB_POINTS_MAX]; /* that it has set */
    unsigned point_count;
};

struct gdb_found { /* by a search in the past */
    bool is_there;
    struct machine_position place;
    struct gdb_event event;
    char text[1024]; /* for the person; may be empty */
};

/* Shared by the present and its visitors of the past; the pointers are good in all of them. */
struct gdb {
    struct machine *machine;
    struct guest *guest;
    struct history *history;
    struct debugger debuggers[SOC_CORES];
    unsigned count;
    bool started; /* a debugger has let the board run, or has come and gone */
    bool killed;
    char where[96];
    bool away;       /* a visitor is in the past */
    unsigned seeker; /* which debugger went back */
    struct machine_position from;
    struct gdb_found found;
    int held[SOC_CORES]; /* the clients as the present has them */
};

/* gdb.c: another debugger than this one (NULL: any) holds the board */
bool gdb_other_stands(const struct gdb *gdb, const struct debugger *but);
/* Serves all of them. */
void gdb_attend(struct gdb *gdb);
/* The board stands still from now on, and the debugger hears why. */
void gdb_halt(struct debugger *debugger, unsigned signal, enum soc_core core);
/* The steps that are under way end the run where they end. */
void gdb_set_pauses(struct gdb *gdb);
/* Which core's business a watched access was; the one that was chosen, for a DMA's. */
enum soc_core gdb_core_of_event(const struct debugger *debugger);
/* "0x24000000 was written by the Cortex-M7 in fill+0x8 (main.c:12), board time 0.100000000 s" */
void gdb_describe_access(const struct debugger *debugger, char *text, size_t size);
/* The debugger goes: the board runs on without its points. */
void gdb_let_go(struct debugger *debugger);

/* gdb_past.c: in the present, whether a debugger is in the past, or now goes there */
bool gdb_is_away(struct gdb *gdb);
/* In the past, whether a stop is no debugger's business; gdb_holds(). */
bool gdb_notes_stop(struct gdb *gdb, enum machine_stop stop);
bool gdb_visits(struct gdb *gdb);

/* gdb_link.c: the wire */
bool link_open(struct gdb_link *link, const char *port, struct failure *failure);
void link_close(struct gdb_link *link);
void link_drop(struct gdb_link *link);   /* the debugger has gone */
bool link_accept(struct gdb_link *link); /* true: a debugger came */
/* Reads what there is. */
void link_receive(struct gdb_link *link);
/* What to poll() for: somebody who comes, or what the one who is there says. */
int link_descriptor(const struct gdb_link *link);
/* The next whole packet, its escapes undone, 0-terminated; its length, or -1: there is none.
 * "\3" is the interrupt. */
int link_packet(struct gdb_link *link, char *packet);
/* A reply: begun, added to, sent. */
void reply_begin(struct gdb_link *link);
void reply_add(struct gdb_link *link, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void reply_hex(struct gdb_link *link, const void *bytes, size_t count);
void reply_binary(struct gdb_link *link, const char *bytes, size_t count);
void reply_send(struct gdb_link *link);
void reply(struct gdb_link *link, const char *text);
/* Text for the person at the debugger, while the board runs. */
void reply_console(struct gdb_link *link, const char *text);
/* Bytes of pairs of hexadecimal digits; how many. */
size_t unhex(const char *text, void *bytes, size_t limit);

/* gdb_command.c */
/* Does something to the board; what to reply to the debugger. */
const char *gdb_change(struct debugger *debugger, const struct deed *deed);
void gdb_command(struct debugger *debugger, char *packet, size_t length);
void gdb_report(struct debugger *debugger); /* the stop reply of debugger->event */
/* gdb_registers.c: g, G, p, P */
void gdb_read_registers(struct debugger *debugger);
void gdb_write_registers(struct debugger *debugger, const char *hex);
void gdb_read_register(struct debugger *debugger, const char *arguments);
void gdb_write_register(struct debugger *debugger, const char *arguments);
/* gdb_memory.c: m, M, X, vFlash */
void gdb_read_memory(struct debugger *debugger, const char *arguments);
void gdb_write_memory(struct debugger *debugger, const char *arguments);
void gdb_write_binary(struct debugger *debugger, const char *arguments, size_t length);
void gdb_flash(struct debugger *debugger, const char *packet, size_t length);
/* gdb_points.c: Z, z */
void gdb_set_point(struct debugger *debugger, const char *packet);
/* Those that this debugger set and has not taken away: into the machine, which has none. */
void gdb_arm_points(struct debugger *debugger);
bool gdb_has_breakpoint(const struct debugger *debugger, uint32_t address);
void gdb_clear_points(struct debugger *debugger);
/* gdb_target.c */
extern const char gdb_target_xml[], gdb_memory_map_xml[];
/* gdb_monitor.c: qRcmd */
void gdb_monitor(struct debugger *debugger, const char *hex);

#endif
