/*
 * What the files of sim/cpu share. Two halves meet here:
 *   the instruction set  decode.c, execute_*.c, fp_*.c, run.c      fetch, decode, execute, count
 *   the system           exception.c, nvic.c, scs.c, mpu.c, systick.c, memory.c, special.c
 */
#ifndef SIM_CPU_CPU_INTERNAL_H
#define SIM_CPU_CPU_INTERNAL_H

#include "sim/cpu/cpu.h"

/* Exception numbers (B1.5.2). External interrupt n is EXCEPTION_IRQ0 + n. */
enum {
    EXCEPTION_RESET = 1,
    EXCEPTION_NMI = 2,
    EXCEPTION_HARDFAULT = 3,
    EXCEPTION_MEMMANAGE = 4,
    EXCEPTION_BUSFAULT = 5,
    EXCEPTION_USAGEFAULT = 6,
    EXCEPTION_SVCALL = 11,
    EXCEPTION_DEBUGMONITOR = 12,
    EXCEPTION_PENDSV = 14,
    EXCEPTION_SYSTICK = 15,
    EXCEPTION_IRQ0 = 16,
    EXCEPTION_MAX = EXCEPTION_IRQ0 + 240,
};

/* Why an instruction cannot complete; each maps to CFSR/HFSR bits (B3.2.15). */
enum cpu_fault {
    FAULT_NONE,
    FAULT_UNDEFINED,      /* UFSR.UNDEFINSTR */
    FAULT_INVALID_STATE,  /* UFSR.INVSTATE */
    FAULT_INVALID_PC,     /* UFSR.INVPC */
    FAULT_NO_COPROCESSOR, /* UFSR.NOCP */
    FAULT_UNALIGNED,      /* UFSR.UNALIGNED */
    FAULT_DIVIDE_BY_ZERO, /* UFSR.DIVBYZERO */
    FAULT_FETCH_MPU,      /* MMFSR.IACCVIOL */
    FAULT_DATA_MPU,       /* MMFSR.DACCVIOL, MMFAR */
    FAULT_FETCH_BUS,      /* BFSR.IBUSERR */
    FAULT_DATA_BUS,       /* BFSR.PRECISERR, BFAR */
    FAULT_DATA_BUS_LATE,  /* BFSR.IMPRECISERR */
    FAULT_BREAKPOINT,     /* BKPT with no debugger: HFSR.DEBUGEVT */
    FAULT_YIELD,          /* no fault: the bus asked to end the slice before this instruction */
};

/* One entry of the translation of addresses to host memory. `tag` is the page's address with the low
 * bits set to TLB_* below, or TLB_EMPTY. host = bytes - page address, so that host + address is it. */
struct tlb_entry {
    uint32_t tag;
    uint32_t wait; /* cycles of each access; if not 0, TLB_WAITS is in the tag */
    uintptr_t host;
};
#define TLB_WAITS 0x20u

enum { TLB_BITS = 8, TLB_SIZE = 1 << TLB_BITS };
/* No access' tag: those are a page's address with the low bits that its size wants to be zero. */
#define TLB_EMPTY 0x10u
static inline unsigned tlb_index(uint32_t address)
{
    return (address >> CPU_PAGE_SHIFT) & (TLB_SIZE - 1);
}

enum { DEVICE_PAGES = 64, TLB_FEW = 32 };

/* The same of the M7's data cache, by lines: `host` leads into the line's bytes in the cache. Looked
 * up where tlb_* has no entry. A write entry is one of a line that is dirty and written back. */
enum { LINE_TLB_BITS = 9, LINE_TLB_SIZE = 1 << LINE_TLB_BITS, LINE_SHIFT = 5 };
static inline unsigned line_index(uint32_t address)
{
    return (address >> LINE_SHIFT) & (LINE_TLB_SIZE - 1);
}

struct isa_state;    /* owned by the instruction set half: decoded pages, block tables */
struct system_state; /* owned by the system half: NVIC, MPU, SCS, SysTick, DWT, exceptions */

struct cpu {
    uint32_t r[16]; /* r[15]: address of the instruction being executed, whenever another file
                       than run.c and the executors looks */
    /* Flags, each 0 or 1, in the form the executors like best; see xpsr_* below. */
    uint32_t flag_n, flag_z, flag_c, flag_v, flag_q;
    uint32_t ge;      /* APSR.GE, 4 bits */
    uint32_t itstate; /* EPSR.IT, 8 bits; 0 outside IT blocks */
    uint32_t ipsr;    /* exception number, 0 in Thread mode */
    bool thumb;       /* EPSR.T; false faults with INVSTATE at the next instruction */

    uint32_t banked_sp[2]; /* [0] MSP, [1] PSP; the one in use is in r[13] and stale here */
    uint32_t control;      /* CONTROL: nPRIV, SPSEL, FPCA */
    uint32_t primask, basepri, faultmask;

    union {
        uint32_t s[32];
        uint64_t d[16];
    } fp;
    uint32_t fpscr;
    bool fp_ready; /* FP instructions may run now: CPACR allows it, no lazy state is waiting, FPCA
                      is set. When false call fp_prepare() first */

    uint64_t cycles;        /* FCLK count, cpu_cycles() */
    uint64_t asleep_cycles; /* of them passed by cpu_skip() */
    uint64_t limit;         /* of the running slice */
    uint64_t deadline;      /* of the inner loop: the limit, or SysTick or `stores_due` before it */
    uint64_t stores_due;    /* cycle at which a store leaves the store buffer; UINT64_MAX: none */
    uint64_t instructions;
    bool attention;    /* something must be looked at before the next instruction: service() */
    bool end_slice;    /* cpu_end_slice() was called */
    bool broken;       /* a debugger's stop ended the last run: the next one is its rest */
    uint64_t pause_at; /* count of instructions at which a debugger wants to look */
    const struct cpu_watcher *watcher; /* cpu_watch(); or NULL */
    bool stalled;                      /* an access took more cycles than its instruction's */
    bool asleep, locked_up;
    bool event_register;
    bool privileged; /* derived: handler mode or !CONTROL.nPRIV; kept by update_privilege() */

    struct {
        bool armed;
        uint32_t address;
    } exclusive;

    /* Fast paths; filled by memory.c, emptied by cpu_forget_pages() and update_privilege(). */
    struct tlb_entry tlb_read[TLB_SIZE];
    struct tlb_entry tlb_write[TLB_SIZE];
    struct tlb_entry line_read[LINE_TLB_SIZE];
    struct tlb_entry line_write[LINE_TLB_SIZE];
    /* As tlb_read, for loads relative to pc: a program's first page and its data's first page have one
     * index, and a loop that needs both would miss every time. */
    struct tlb_entry tlb_literal[TLB_SIZE];
    /* The places that were filled since the three were emptied; if more than TLB_FEW, any. */
    uint8_t filled[TLB_FEW];
    unsigned filled_count;
    /* Pages of devices, for which there is nothing to ask: they have no bytes, and nobody waits. */
    uint32_t devices[DEVICE_PAGES]; /* the page's address, with 1 added */

    uint64_t hash;
    struct cpu_config config;
    struct isa_state *isa;
    struct system_state *system;
};

/* ---- Offered by the system half to the instruction set half ------------------------------- */

/* Data accesses in full: MPU, PPB and system control space, bit-band, alignment rules (CCR
 * .UNALIGN_TRP; `aligned` true for LDM, LDRD, LDREX, VLDR and all that always fault), the bus, and
 * filling of the TLB. `unprivileged` is for LDRT/STRT. On a fault they return it and nothing
 * has happened; the caller passes it to raise_fault(). */
enum cpu_fault memory_read(struct cpu *cpu, uint32_t address, unsigned size, bool aligned,
                           bool unprivileged, uint32_t *value);
enum cpu_fault memory_write(struct cpu *cpu, uint32_t address, unsigned size, bool aligned,
                            bool unprivileged, uint32_t value);
/* One halfword of code, checked for execution (MPU, XN). */
enum cpu_fault memory_fetch(struct cpu *cpu, uint32_t address, uint16_t *halfword);
/* True and the page, if code of the whole page may be executed at the present privilege. */
bool memory_code_page(struct cpu *cpu, uint32_t address, struct cpu_page *page);

/* The instruction cache holds code of this address once it was fetched (CCR.IC, the memory's type). */
bool memory_code_is_cached(const struct cpu *cpu, uint32_t address);
/* Reports code of [address, end) whose newer bytes are in the data cache, where no fetch sees them. */
void memory_look_for_hidden_code(struct cpu *cpu, uint32_t address, uint32_t end);
void system_report(struct cpu *cpu, const char *what); /* to cpu_host.unpredictable */

/* Take the fault now: r[15] is the faulting instruction's address, all other state is as before it
 * (base registers restored). Sets status registers, escalates, enters the handler or locks up.
 * `address` is the data address for FAULT_DATA_*. For FAULT_YIELD only ends the slice. */
void raise_fault(struct cpu *cpu, enum cpu_fault fault, uint32_t address);
/* SVC: r[15] is already the next instruction. Escalates to HardFault where it must. */
void raise_svc(struct cpu *cpu);
/* Between instructions, when `attention`: takes the exception that is due, wakes, ends. Afterwards
 * r[15] is the next instruction. Clears `attention` if nothing remains. */
void service(struct cpu *cpu);
/* BX, POP, LDM, LDR to pc with 0xFxxxxxxx in Handler mode. Includes tail-chaining and faults. */
void exception_return(struct cpu *cpu, uint32_t exc_return);
/* An FP instruction is about to run and !fp_ready. FAULT_NONE or FAULT_NO_COPROCESSOR, or a fault of
 * lazy state preservation that was already raised: then FAULT_YIELD and pc is in the handler. */
enum cpu_fault fp_prepare(struct cpu *cpu);

void wait_for_interrupt(struct cpu *cpu); /* may set `asleep`; r[15] is the next instruction */
void wait_for_event(struct cpu *cpu);
void send_event(struct cpu *cpu);
enum { BARRIER_DMB, BARRIER_DSB, BARRIER_ISB };
void barrier(struct cpu *cpu, unsigned kind);
/* All stores so far are in memory when it returns: the store buffer is empty (store_buffer.h). */
void drain_stores(struct cpu *cpu);
/* `cycles` has reached `stores_due`. */
void store_buffer_tick(struct cpu *cpu);

/* MRS, MSR and CPS by SYSm number (B5.2); privilege rules applied inside. */
uint32_t special_read(struct cpu *cpu, unsigned sysm);
void special_write(struct cpu *cpu, unsigned sysm, unsigned mask, uint32_t value);
void change_state(struct cpu *cpu, bool disable, bool primask, bool faultmask);

/* CCR bits that executors need. */
bool trap_divide_by_zero(const struct cpu *cpu);
bool trap_unaligned(const struct cpu *cpu);

/* Lifetime, called by cpu_create() and friends in run.c. */
bool system_create(struct cpu *cpu);
void system_destroy(struct cpu *cpu);
void system_reset(struct cpu *cpu, uint32_t vtor); /* loads SP and PC as B1.5.5 says */
/* The earliest cycle count at which `attention` must be looked at again (SysTick). run.c stops its
 * inner loop there and calls system_tick(). */
uint64_t system_deadline(const struct cpu *cpu);
void system_tick(struct cpu *cpu);
/* Recomputes what is derived (privilege, fp_ready, attention, the TLB's validity) after registers were
 * set from outside by cpu_set(). `control` and the banked SPs are consistent with r[13] before. */
void system_refresh(struct cpu *cpu);
/* CONTROL.SPSEL becomes `process` and r[13] is exchanged with its bank. */
void select_stack(struct cpu *cpu, bool process);
uint64_t system_exceptions(const struct cpu *cpu); /* entries since creation */

/* The local exclusive monitor, for LDREX and STREX: tags `address` or lets go of it and tells
 * bus.watch_exclusive. The executor compares exclusive.address itself. */
void monitor_arm(struct cpu *cpu, uint32_t address);
void monitor_clear(struct cpu *cpu);

/* Of cpu.h the system half defines: cpu_skip, cpu_next_systick, cpu_set_systick_reference, cpu_set_irq,
 * cpu_pulse_nmi, cpu_signal_event, cpu_asleep, cpu_sleeps_deeply, cpu_sleeping_on_exit, cpu_locked_up,
 * cpu_forget_pages, cpu_clear_exclusive, cpu_scs_peek. The instruction set half defines the rest. */

/* ---- Offered by the instruction set half to the system half ------------------------------- */

/* BranchTo: bit 0 is dropped. Does not look at EXC_RETURN. */
static inline void branch_to(struct cpu *cpu, uint32_t address)
{
    cpu->r[15] = address & ~1u;
}
void isa_forget_code(struct cpu *cpu);     /* all that is decoded (map, MPU, privilege) */
void isa_invalidate_code(struct cpu *cpu); /* the instruction cache too (ICIALLU) */
void isa_invalidate_line(struct cpu *cpu, uint32_t address); /* a line of it (ICIMVAU) */
void isa_line_dirtied(struct cpu *cpu, uint32_t address);    /* in the data cache */
void icache_set_seed(struct cpu *cpu, uint32_t seed);
void isa_forget_page(struct cpu *cpu, uint32_t page_address);
void isa_forget_range(struct cpu *cpu, uint32_t first, uint32_t last); /* to the page of `last` */
bool isa_create(struct cpu *cpu);
void isa_destroy(struct cpu *cpu);

static inline uint32_t xpsr_read(const struct cpu *cpu)
{
    return cpu->flag_n << 31 | cpu->flag_z << 30 | cpu->flag_c << 29 | cpu->flag_v << 28 |
           cpu->flag_q << 27 | (cpu->itstate & 3) << 25 | (uint32_t)cpu->thumb << 24 |
           cpu->ge << 16 | (cpu->itstate & 0xfc) << 8 | cpu->ipsr;
}

/* All fields but IPSR, which only exception entry and return change. */
static inline void xpsr_write(struct cpu *cpu, uint32_t value)
{
    cpu->flag_n = value >> 31;
    cpu->flag_z = value >> 30 & 1;
    cpu->flag_c = value >> 29 & 1;
    cpu->flag_v = value >> 28 & 1;
    cpu->flag_q = value >> 27 & 1;
    cpu->itstate = (value >> 25 & 3) | (value >> 8 & 0xfc);
    cpu->thumb = value >> 24 & 1;
    cpu->ge = value >> 16 & 15;
}

/* The access that is being made takes longer. */
static inline void stall(struct cpu *cpu, unsigned cycles)
{
    cpu->cycles += cycles;
    cpu->stalled |= cycles != 0;
}

/* FNV-like mixing; enough to tell runs apart, cheap. */
static inline void hash_mix(struct cpu *cpu, uint64_t value)
{
    cpu->hash = (cpu->hash ^ value) * 0x9e3779b97f4a7c15u;
}

#endif
