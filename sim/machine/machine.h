/*
 * The whole virtual board: two cores, the SoC and what is soldered around it, run in turn on one
 * clock. This is the simulator as a library; sim/host is the person's side of it.
 *
 * Determinism: the same configuration, images and inputs at the same board times give the same run,
 * to the bit. Nothing here looks at the host's clock, environment or addresses.
 */
#ifndef SIM_MACHINE_MACHINE_H
#define SIM_MACHINE_MACHINE_H

#include "sim/board/board.h"
#include "sim/check/check.h"
#include "sim/core/sim.h"
#include "sim/cpu/cpu.h"
#include "sim/soc/soc.h"

struct machine;

struct machine_config {
    sim_time slice;            /* longest turn of one core while the other is awake;
                                     0: the default, 200 ns */
    struct board_config board; /* camera source, panel, listeners */
    /* Complaints, with the master and pc of the core that caused them; MASTER_COUNT and 0 if none
     * did. May be NULL. */
    void (*hear)(void *ctx, const struct complaint *complaint, enum bus_master master, uint32_t pc);
    void (*trace)(void *ctx, enum soc_core core, enum cpu_trace_kind kind, uint32_t address,
                  uint32_t value); /* may be NULL */
    /* What the coherency checker found, each place once; NULL: nobody checks. A run with it is the
     * same, to the bit. */
    void (*incoherent)(void *ctx, const struct check_report *report);
    void *ctx;
    const struct cpu_cache_ops *cache; /* hears of the M7's data cache; may be NULL */
    uint64_t seed; /* of what is random on the chip; also machine_set("seed"). 0: the default */
};

struct machine *machine_create(const struct machine_config *config); /* NULL: out of memory */
void machine_destroy(struct machine *machine);

/* Puts bytes where a debugger or the factory would: flash, any RAM; SDRAM and QUADSPI flash too,
 * although the chip has not set them up yet. False: no memory there (all or nothing). */
bool machine_load(struct machine *machine, uint32_t address, const void *bytes, uint32_t length);
/* What the board's owner chooses (docs/command-line.md, --set): of the machine, an option byte, or of
 * the board. NULL: done; else what is wrong, static storage; "" unknown name. Before
 * machine_power_on(). */
const char *machine_set(struct machine *machine, const char *name, const char *value);
const char *machine_setting_name(unsigned n); /* of all that there are; NULL: no more */
/* Likewise at a board time: "HSE" and "LSE" to "fail", "vdd" to volts. */
const char *machine_set_at(struct machine *machine, const char *name, const char *value,
                           sim_time time);
/* Power on: all resets, boot addresses from the option bytes, cores released as BCM4/BCM7 say. */
void machine_power_on(struct machine *machine);

enum machine_stop {
    MACHINE_STOP_TIME,       /* the time given is reached */
    MACHINE_STOP_LOCKUP,     /* a core locked up: machine_stopped_core() says which */
    MACHINE_STOP_BREAKPOINT, /* likewise */
    MACHINE_STOP_ASKED,      /* machine_stop() was called from a callback or a signal handler */
    MACHINE_STOP_DEAD,       /* both cores wait and no event is due, ever */
    MACHINE_STOP_PAUSED,     /* machine_pause() or a core's cpu_pause_at() asked for it */
};
/* Runs until board time `until`, or until something else stops it. A locked-up core stops the run
 * once; the next call goes on with the other core alone. */
enum machine_stop machine_run(struct machine *machine, sim_time until);
void machine_stop(struct machine *machine); /* async-signal-safe */

sim_time machine_time(const struct machine *machine);
/* Where a core is: in its callbacks exact, and up to a slice ahead of machine_time(). */
sim_time machine_core_time(const struct machine *machine, enum soc_core core);
enum soc_core machine_stopped_core(const struct machine *machine);
struct cpu *machine_cpu(struct machine *machine, enum soc_core core);
struct soc *machine_soc(struct machine *machine);
struct board *machine_board(struct machine *machine);
struct sim *machine_sim(struct machine *machine);
/* Memory as the core sees it, the M7 through its data cache, without side effects. False at the first
 * byte that is not there. */
bool machine_peek(struct machine *machine, enum soc_core core, uint32_t address, void *bytes,
                  uint32_t length);

/* The same as memory has it, whatever the M7's data cache holds. */
bool machine_peek_memory(struct machine *machine, enum soc_core core, uint32_t address, void *bytes,
                         uint32_t length);

/*
 * For debuggers. A stop by a breakpoint, a pause or a watch leaves no trace: a run that is gone on
 * with, by machine_run() to the same time, is the same run, to the bit.
 */
void machine_pause(struct machine *machine); /* from a callback: after the instruction or event */
/* The core stops when it has retired this many instructions since creation; UINT64_MAX: it does not. */
void machine_pause_at(struct machine *machine, enum soc_core core, uint64_t instructions);

/*
 * A place in a run, the same in every run of the same board: whose turn it is, the how manieth, and
 * how many instructions each core has retired. Of two places the earlier one is that of fewer turns,
 * then of fewer instructions, then the one amid its turn.
 */
struct machine_position {
    uint64_t turn;
    uint64_t instructions[SOC_CORES];
    bool amid;    /* the turn is not over */
    bool of_core; /* the turn is (was) this core's, and not one of events: */
    enum soc_core core;
};
struct machine_position machine_position(const struct machine *machine);
/* Less than, equal to or greater than 0, as for qsort(). */
int machine_position_compare(const struct machine_position *a, const struct machine_position *b);
/* What was before the instruction, or else before the events, that led to this position. */
struct machine_position machine_position_before(const struct machine_position *position);
/* As machine_run(), and stops (MACHINE_STOP_PAUSED) at the position if it lies on the way. */
enum machine_stop machine_run_to(struct machine *machine, sim_time until,
                                 const struct machine_position *to);

/* Bytes as the core would store them, past the M7's data cache too; devices by aligned accesses.
 * False: something of it is not there. */
bool machine_poke(struct machine *machine, enum soc_core core, uint32_t address, const void *bytes,
                  uint32_t length);
/* A reset of the whole chip as by its NRST pin; the cores start at the next machine_run(). */
void machine_reset(struct machine *machine);

/* A reset of one core alone, as by its window watchdog (RM0399 9.7.36), and the end of its halt: at
 * once, between two instructions. The rest of the chip goes on. */
void machine_reset_core(struct machine *machine, enum soc_core core);
/* The core stands still, as when a debugger halts it, until it is let go or reset. */
void machine_halt_core(struct machine *machine, enum soc_core core, bool halted);

enum { MACHINE_WATCHES = 16 };
enum { MACHINE_WATCH_READ = 1, MACHINE_WATCH_WRITE = 2 };
enum machine_access {
    MACHINE_READ,
    MACHINE_WRITTEN,
    MACHINE_WRITTEN_BACK, /* to memory by the M7's data cache: an eviction, or a clean. A store that
                             goes past the cache is told as such first, too */
};
struct machine_watch {
    uint32_t address, length; /* as the M7 (or else the M4) sees it; other addresses of the same
                                 memory count as well */
    unsigned kinds;           /* MACHINE_WATCH_*; reads are those of the cores */
    /* After an access of a core, before one of anybody else. May call machine_pause(). */
    void (*hit)(void *ctx, const struct machine_watch *watch, enum bus_master master,
                enum machine_access access);
    void *ctx;
    struct ram *ram; /* filled in: the memory, or NULL for devices */
    uint32_t offset;
};
/* False: there are too many, or nothing is there. */
bool machine_add_watch(struct machine *machine, const struct machine_watch *watch);
/* False: there is none of this address, length, kinds and ctx. */
bool machine_remove_watch(struct machine *machine, const struct machine_watch *watch);

void machine_clear_watches(struct machine *machine);

struct machine_core_statistics {
    uint64_t instructions, cycles, interrupts;
    sim_time asleep, held; /* of board time */
    bool started;
};
void machine_core_statistics(const struct machine *machine, enum soc_core core,
                             struct machine_core_statistics *statistics);
/* All that the coherency checker has found, with counts; none if nobody checks. */
const struct check_report *machine_check_places(const struct machine *machine, size_t *count);
/* Over everything both cores and all DMAs did. */
uint64_t machine_hash(const struct machine *machine);

#endif
