/* What the files of the machine share. */
#ifndef SIM_MACHINE_INTERNAL_H
#define SIM_MACHINE_INTERNAL_H

#include <signal.h>

#include "sim/machine/machine.h"

/*
 * A core and its clock. Time is exact: `base` and `base_cycles` belong together, a cycle takes
 * num / den picoseconds, and both move on together when the frequency changes.
 */
struct machine_core {
    struct machine *machine;
    struct cpu *cpu;
    enum soc_core id;
    enum bus_master master;
    uint64_t hz;
    uint64_t num, den;
    sim_time narrow;        /* shorter times than this go without 128-bit arithmetic */
    uint64_t narrow_cycles; /* and so do fewer cycles than this */
    sim_time base;
    uint64_t base_cycles;
    sim_time wanted;    /* after a yield: the time of the access that waits */
    sim_time granted;   /* of its last access to a device: an instruction may make several */
    bool yielded;       /* the next access is granted: everybody else was let to catch up */
    bool held;          /* not released since the last reset */
    bool reset_pending; /* cpu_reset() at the next chance */
    bool locked_up;     /* and the run was stopped for it */
    bool halted;        /* by a debugger */
    bool told_asleep;   /* PWR believes that the core sleeps */
    bool started;
    sim_time idle_since; /* held or told asleep since */
    sim_time asleep, in_hold;
    struct event sev, reset_request, slept; /* what the core does, brought into global order */
    struct cpu_watcher watcher;             /* debug.c: for a debugger and the checker */
    struct ram *exclusive_ram;              /* where its monitor is armed; NULL: it is not */
    uint32_t exclusive_offset;
};

/* A memory that a core reached by page, and the cycles that other masters cost its single accesses
 * there, as its pages have them. */
struct memory_load {
    struct ram *ram;
    uint16_t wait[SOC_CORES];
};
enum { MEMORY_LOADS = 16 };

/* What is to befall the board at a time: mishaps.c. */
struct mishap {
    struct event event;
    struct machine *machine;
    uint32_t millivolts; /* VDD from then on; 0: a crystal breaks */
    bool lse;            /* the one of 32 kHz */
};
enum { MISHAPS = 16 };

struct machine {
    struct machine_config config;
    struct sim sim;
    struct soc *soc;
    struct board *board;
    struct machine_core core[SOC_CORES];
    struct machine_core *running;  /* inside its cpu_run(), or NULL */
    struct machine_core *accessor; /* inside its access to a device, or NULL */
    sim_time slice_end;            /* of the running core */
    sim_time slice;
    enum soc_core stopped_core;
    struct mishap mishaps[MISHAPS];
    unsigned mishap_count;
    struct check *check; /* NULL: nobody checks */
    struct cpu_cache_ops check_cache;
    bool disturbed; /* something happened that a core or the scheduler must look at */
    volatile sig_atomic_t stop_asked;
    struct machine_core *broken; /* a debugger stopped it amidst its turn; NULL: none */
    uint64_t broken_limit;       /* of that turn, in the core's cycles */
    bool pause_asked;
    struct event traffic_look;
    struct memory_load loads[MEMORY_LOADS];
    unsigned load_count;
    uint64_t pause_at[SOC_CORES];      /* machine_pause_at() */
    uint64_t turns, last_turn;         /* begun so far; the last one that may begin */
    const struct machine_core *turned; /* whose turn it was last; NULL: that of events */
    struct machine_watch watches[MACHINE_WATCHES];
    unsigned watch_count;
};

/* clock.c */
void core_set_clock(struct machine_core *core, uint64_t hz); /* from its present time on */
sim_time core_time(const struct machine_core *core);
/* The first cycle count whose time is not before `time`. */
uint64_t core_cycles_at(const struct machine_core *core, sim_time time);
sim_time core_time_of_cycles(const struct machine_core *core, uint64_t cycles);
/* Lets a core that does not run reach `time`; no-op if it is there. */
void core_catch_up(struct machine_core *core, sim_time time);
/* The core starts counting anew at `time` (it was held). */
void core_rebase(struct machine_core *core, sim_time time);

/* machine.c: into memory past the bus, its watchers told */
void machine_put(struct machine *machine, struct ram *ram, uint32_t offset, const uint8_t *bytes,
                 uint32_t length);

/* timing.c: the cycles that the core waits for the memory at an address; `ram` NULL: none is there. */
void machine_set_waits(struct machine_core *core, uint32_t address, struct ram *ram,
                       enum cpu_access kind, struct cpu_page *page);
/* The event `traffic_look`: other masters' shares of the memories have changed. */
void machine_look_at_traffic(void *ctx);

/* access.c */
extern const struct cpu_bus machine_cpu_bus; /* ctx is to be filled in with the core */
void machine_watched_write(void *ctx, struct ram *ram, uint32_t offset, uint32_t length,
                           uint8_t watch, enum bus_master master);
void machine_page_shared(void *ctx, struct ram *ram, uint32_t page, enum bus_master master);
void machine_map_changed(void *ctx);

/* checks.c */
bool machine_create_check(struct machine *machine); /* false: out of memory */
void machine_check_trace(struct machine_core *core, enum cpu_trace_kind kind, uint32_t address,
                         uint32_t value);

/* debug.c */
/* What is watched of the core's loads and stores has changed. Safe in callbacks. */
void machine_update_watcher(struct machine_core *core);
void machine_debug_written(struct machine *machine, struct ram *ram, uint32_t offset,
                           uint32_t length, enum bus_master master);

/* scheduler.c */
bool core_runs(const struct machine_core *core); /* awake, released, clocked */
/* The event `slept` of a core: PWR hears of it when all cores have reached that time. */
void core_fell_asleep(void *ctx);
/* Something changed for a core: the running one ends its slice so that it is looked at. */
void machine_look_again(struct machine *machine);

/* NULL: done; else what is wrong. */
const char *machine_read_vdd(const char *value, uint32_t *millivolts);

#endif
