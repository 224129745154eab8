/*
 * An ARMv7E-M core: Cortex-M4 (FPv4-SP, 8 MPU regions, bit-band) or Cortex-M7 (FPv5-D16, 16 MPU
 * regions). Architecture: ARM DDI 0403E ("ARMv7-M ARM"); implementation: ARM 100166 (M4), ARM DDI
 * 0489 (M7).
 *
 * The core knows no SoC, no clock and no other core. Two tables of functions join it to the rest:
 * `cpu_bus` is its memory, `cpu_host` hears what it says. It counts time in its own clock's cycles.
 *
 * Contract of every function here: single-threaded; called by the owner of the core, or from within
 * a callback of the two tables where it says so.
 */
#ifndef SIM_CPU_CPU_H
#define SIM_CPU_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cpu;

enum cpu_model { CPU_CORTEX_M4, CPU_CORTEX_M7 };

/* What an access is for. The bus may treat them differently; the core sets them truthfully. */
enum cpu_access {
    CPU_ACCESS_FETCH, /* instruction fetch, 16 bit */
    CPU_ACCESS_DATA,  /* load or store of an instruction */
    CPU_ACCESS_STACK, /* exception entry and return, lazy FP state, vector fetch: never yields */
    CPU_ACCESS_DEBUG, /* for a debugger or a test: no side effects wanted, never yields */
    CPU_ACCESS_LINE,  /* to `page` only: a line of it moves now between the cache and memory */
};

enum cpu_bus_status {
    CPU_BUS_OK,
    CPU_BUS_ERROR,      /* precise bus fault */
    CPU_BUS_ERROR_LATE, /* the write is accepted, an imprecise bus fault follows */
    CPU_BUS_YIELD, /* not yet: nothing happened; end the slice before this instruction and retry
                           it in the next one. Only for CPU_ACCESS_DATA, and only as the answer to
                           the first access of the instruction that is not plain memory */
};

enum { CPU_PAGE_SHIFT = 10, CPU_PAGE_SIZE = 1 << CPU_PAGE_SHIFT };

/* Host memory behind one page, for accesses that go around `read` and `write`. */
struct cpu_page {
    uint8_t
        *bytes; /* CPU_PAGE_SIZE bytes, 8-byte aligned, little endian; NULL: use read and write */
    bool writable; /* false: stores to this page go through `write` (flash, watched memory) */
    bool shared;   /* another master has touched it as well; once it is, it stays so */
    /* Cycles that the core waits for a load and for a store beyond what the instruction takes, and for
     * a line of 32 bytes: of the memory, also where `bytes` is NULL. */
    uint16_t read_wait, write_wait, line_wait;
};

struct cpu_bus {
    void *ctx;
    /* size is 1, 2 or 4; the address is a multiple of it (the core splits unaligned accesses). */
    enum cpu_bus_status (*read)(void *ctx, uint32_t address, unsigned size, enum cpu_access kind,
                                uint32_t *value);
    enum cpu_bus_status (*write)(void *ctx, uint32_t address, unsigned size, enum cpu_access kind,
                                 uint32_t value);
    /* The page that holds `address`. Answers stay valid until cpu_forget_pages() or
     * cpu_refresh_pages(), which also follows when `shared` becomes true. */
    void (*page)(void *ctx, uint32_t address, enum cpu_access kind, struct cpu_page *page);
    /* The core holds decoded code of this page: from now on every write to it, by whichever master
     * and alias, must be followed by cpu_code_written(). The owner makes the page not writable. */
    void (*watch_code)(void *ctx, uint32_t page_address);
    /* The exclusive monitor tags (or lets go of, when !armed) the granule at `address`. While armed,
     * a write to its page by another master must be followed by cpu_clear_exclusive(). */
    void (*watch_exclusive)(void *ctx, uint32_t address, bool armed);
};

/*
 * What the M7's L1 data cache does, for a checker; NULL functions are not called. Nothing here may
 * change the simulation. `event` comes before the bytes move: a line that is cleaned or evicted is
 * not in memory yet, one that is invalidated still has its bytes.
 */
enum { CPU_LINE_SIZE = 32 };

struct cpu_cache_line {
    uint32_t address; /* a multiple of CPU_LINE_SIZE */
    unsigned set, way;
    bool dirty;
    const uint8_t *bytes; /* what the core sees */
    const uint8_t
        *origin; /* what memory had when the line was filled or last cleaned: where `bytes`
                              differs the core has written, where memory differs somebody else has */
};

enum cpu_cache_event {
    CPU_CACHE_FILLED,
    CPU_CACHE_DIRTIED,     /* written, and clean before; the value is in */
    CPU_CACHE_CLEANED,     /* about to be written to memory */
    CPU_CACHE_EVICTED,     /* about to give way to another line; CPU_CACHE_CLEANED came before */
    CPU_CACHE_INVALIDATED, /* about to be forgotten; if dirty, its data are lost */
};

enum cpu_cache_reason {
    CPU_CACHE_READ,
    CPU_CACHE_WRITE,
    CPU_CACHE_REPLACEMENT,
    CPU_CACHE_BY_ADDRESS, /* maintenance: DCIMVAC, DCCMVAC, DCCMVAU, DCCIMVAC */
    CPU_CACHE_BY_SET_WAY, /* DCISW, DCCSW, DCCISW */
    CPU_CACHE_SPECULATION,
};

struct cpu_cache_ops {
    void *ctx;
    void (*event)(void *ctx, enum cpu_cache_event event, enum cpu_cache_reason reason,
                  const struct cpu_cache_line *line);
    /* A load or store that hit a line of cpu_cache_watch(), after it. */
    void (*access)(void *ctx, const struct cpu_cache_line *line, uint32_t address, unsigned size,
                   bool write);
};

enum cpu_trace_kind {
    CPU_TRACE_EXCEPTION_ENTRY,  /* value: exception number */
    CPU_TRACE_EXCEPTION_RETURN, /* value: exception number that was left */
    CPU_TRACE_FAULT,            /* value: CFSR bits newly set; before the entry */
    CPU_TRACE_CACHE_OPERATION,  /* value: written word; address: the SCS register */
    CPU_TRACE_BARRIER,          /* value: 0 DMB, 1 DSB, 2 ISB */
    CPU_TRACE_ITM,              /* value: written word; address: stimulus port number */
    CPU_TRACE_SYSTEM_READ,      /* address: a register of the system control space */
    CPU_TRACE_SYSTEM_WRITE,     /* likewise, and the value; before it takes effect */
    CPU_TRACE_FP,   /* the first floating-point instruction since CPACR or an exception entry */
    CPU_TRACE_WAIT, /* value: 0 WFI, 1 WFE; before the core sleeps, if it does */
    CPU_TRACE_WAKE, /* the core's sleep ends */
};

struct cpu_host {
    void *ctx;
    void (*send_event)(void *ctx);                      /* SEV was executed: TXEV pulses */
    void (*request_reset)(void *ctx);                   /* AIRCR.SYSRESETREQ was written */
    void (*unpredictable)(void *ctx, const char *what); /* the guest did what the manual forbids */
    void (*trace)(void *ctx, enum cpu_trace_kind kind, uint32_t address,
                  uint32_t value); /* or NULL */
};

/* Why cpu_run() came back. */
enum cpu_stop {
    CPU_STOP_LIMIT,  /* the cycle limit is reached */
    CPU_STOP_YIELD,  /* the bus said CPU_BUS_YIELD; nothing of that instruction has happened */
    CPU_STOP_ASKED,  /* cpu_end_slice() was called from a callback; the instruction is complete */
    CPU_STOP_SLEEP,  /* WFI or WFE put it to sleep (cpu_asleep() is true) */
    CPU_STOP_LOCKUP, /* in lockup; only NMI or reset ends it */
    CPU_STOP_BREAKPOINT, /* a breakpoint of cpu_set_breakpoint() is at pc, not yet executed */
    CPU_STOP_PAUSED,     /* cpu_pause() or cpu_pause_at() asked for it */
};

struct cpu_config {
    enum cpu_model model;
    unsigned irq_count;     /* external interrupts, at most 240; 150 on the STM32H747 */
    unsigned priority_bits; /* 4 on the STM32H747 */
    unsigned mpu_regions;   /* 16 on its M7, 8 on its M4; 0: no MPU */
    uint32_t initial_vtor;  /* VTOR after reset */
    uint32_t seed;          /* of what is pseudo-random in the core: the caches' replacement */
    struct cpu_bus bus;
    struct cpu_host host;
    const struct cpu_cache_ops *cache; /* M7; may be NULL */
};

struct cpu *cpu_create(const struct cpu_config *config); /* NULL: out of memory */
void cpu_destroy(struct cpu *cpu);

/* Architectural reset (B1.5.5): loads SP and PC through `vtor`, which is also VTOR's reset value. */
void cpu_reset(struct cpu *cpu, uint32_t vtor);

/*
 * Runs until cpu_cycles() >= limit, or until something else ends the slice. An instruction is never
 * split; the count may exceed the limit by one instruction's cycles. Interrupts are taken between
 * instructions; SysTick counts inside.
 */
enum cpu_stop cpu_run(struct cpu *cpu, uint64_t limit);
/* From a callback: return from cpu_run() after the current instruction. */
void cpu_end_slice(struct cpu *cpu);

/* From a callback of the bus: the access takes the core this many cycles more. */
void cpu_stall(struct cpu *cpu, unsigned cycles);

/* Cycles of the free-running core clock (FCLK) since creation, asleep or not. Exact in callbacks. */
uint64_t cpu_cycles(const struct cpu *cpu);
/* Time passes while the core sleeps: advances cpu_cycles() and SysTick, not DWT_CYCCNT. `systick`
 * is false while the clock is really stopped (CStop): only the count of cycles advances then. */
void cpu_skip(struct cpu *cpu, uint64_t cycles, bool systick);
/* The value of cpu_cycles() at which SysTick next raises its exception; UINT64_MAX: never. */
uint64_t cpu_next_systick(const struct cpu *cpu);
/* SysTick's external reference: one tick in `divisor` core cycles (8 on the STM32H7). */
void cpu_set_systick_reference(struct cpu *cpu, unsigned divisor);

/* Inputs. Safe inside callbacks, also of another core's. Interrupt lines are levels. */
void cpu_set_irq(struct cpu *cpu, unsigned irq, bool level);
void cpu_pulse_nmi(struct cpu *cpu);
void cpu_signal_event(struct cpu *cpu); /* RXEV: sets the event register */

/* Asleep: WFI or WFE with nothing that ends it. An input may end it; then this is false. */
bool cpu_asleep(const struct cpu *cpu);
bool cpu_sleeps_deeply(const struct cpu *cpu); /* SCR.SLEEPDEEP as it is now */
bool cpu_sleeping_on_exit(const struct cpu *cpu);
bool cpu_locked_up(const struct cpu *cpu);

/* The memory map, a watch or a permission outside the core changed: ask `page` again. */
void cpu_forget_pages(struct cpu *cpu);
/* Only what may be written directly changed (a watch): ask `page` again; decoded code stays valid.
 * Safe inside callbacks. */
void cpu_refresh_pages(struct cpu *cpu);
/* Bytes of a watched code page changed. `address` is any address in the page as the core sees it. */
void cpu_code_written(struct cpu *cpu, uint32_t address);
void cpu_clear_exclusive(struct cpu *cpu);

/* Registers, for debuggers, reports and tests. */
enum cpu_reg {
    CPU_R0 = 0, /* to CPU_R0 + 12 */
    CPU_SP = 13,
    CPU_LR = 14,
    CPU_PC = 15, /* the next instruction to execute; inside a callback the current one */
    CPU_XPSR,
    CPU_MSP,
    CPU_PSP,
    CPU_PRIMASK,
    CPU_BASEPRI,
    CPU_FAULTMASK,
    CPU_CONTROL,
    CPU_FPSCR,
    CPU_S0 = 32, /* to CPU_S0 + 31 */
};
uint32_t cpu_get(const struct cpu *cpu, enum cpu_reg reg);
void cpu_set(struct cpu *cpu, enum cpu_reg reg, uint32_t value);

/* System control space as a privileged load or store of the core would see it, without the core's
 * time advancing; for debuggers and reports (fault status, NVIC state). False: no register there. */
bool cpu_scs_peek(struct cpu *cpu, uint32_t address, uint32_t *value);

/* What memory is to the core by its MPU and cache (ARMv7-M ARM A3.5): cpu_remember_memory() keeps the
 * present settings, cpu_memory_differs() says whether an access to the address is another by now. */
void cpu_remember_memory(struct cpu *cpu);
bool cpu_memory_differs(const struct cpu *cpu, uint32_t address);
/* The MPU or the default map keeps the address out of the data cache. */
bool cpu_memory_is_uncached(const struct cpu *cpu, uint32_t address);

/* A byte as a load of the core would see it, also if it is in the data cache; without side effects.
 * False: nothing is there. What memory has is the bus' to say. */
bool cpu_peek(struct cpu *cpu, uint32_t address, uint8_t *byte);
/* A debugger wrote `size` bytes (1, 2, 4, aligned) to memory: a line that holds them gets them too, and
 * the store buffer. */
void cpu_poke_line(struct cpu *cpu, uint32_t address, const uint8_t *bytes, unsigned size);
/* The line of the data cache that holds the address; false: there is none. The pointers are good
 * until the core runs again. */
bool cpu_cache_find(const struct cpu *cpu, uint32_t address, struct cpu_cache_line *line);
/* From now on every hit of this line is told to cpu_cache_ops.access, as long as the line stays in the
 * cache. False: it is not there. Safe in callbacks. */
bool cpu_cache_watch(struct cpu *cpu, uint32_t address, bool on);
void cpu_set_seed(struct cpu *cpu,
                  uint32_t seed); /* instead of the configuration's; before the run */
/* From now on lines that were invalidated by address come back by speculation, one at each call of
 * cpu_speculate() between two calls of cpu_run(). */
void cpu_set_speculation(struct cpu *cpu, uint32_t seed);
void cpu_speculate(struct cpu *cpu);
/* From now on stores wait in the M7's store buffer as long as they may, sleep or not. */
void cpu_set_late_stores(struct cpu *cpu);
/* From now on what the core does to its own interrupts takes effect as late as it may, see late.h. */
void cpu_set_late_effects(struct cpu *cpu);

/*
 * For debuggers. Stops by a breakpoint or a pause leave no trace: a run that is gone on with, by
 * cpu_run() to the same limit, is the same run, to the bit.
 */
bool cpu_set_breakpoint(struct cpu *cpu, uint32_t address, bool on);
void cpu_clear_breakpoints(struct cpu *cpu);
/* Stop when this many instructions have been retired since creation; UINT64_MAX: do not. */
void cpu_pause_at(struct cpu *cpu, uint64_t instructions);
bool cpu_pause_due(const struct cpu *cpu); /* that many have been, whatever ended the run */
void cpu_pause(struct cpu *cpu);           /* from a callback: after the current instruction */
/* Who hears of loads and stores. */
enum { CPU_WATCH_LOADS = 1, CPU_WATCH_STORES = 2 };
struct cpu_watcher {
    void *ctx;
    /* Which of those in the page of `address` are to be told, at least. */
    unsigned (*watches)(void *ctx, uint32_t address);
    void (*accessed)(void *ctx, uint32_t address, unsigned size, bool write); /* after it */
};
/* From now on, until NULL. To be called again when what `watches` says has changed. */
void cpu_watch(struct cpu *cpu, const struct cpu_watcher *watcher);

struct cpu_statistics {
    uint64_t instructions;
    uint64_t cycles_awake;
    uint64_t exceptions; /* entries, also tail-chained */
};
void cpu_statistics(const struct cpu *cpu, struct cpu_statistics *statistics);
/* A running hash over what the core did (retired instructions' effects at least by pc, cycles and
 * data written through the bus), cheap enough to be always on. */
uint64_t cpu_hash(const struct cpu *cpu);

#endif
