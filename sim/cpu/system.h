/*
 * What the files of the system half share (ARMv7-M ARM part B): exceptions, NVIC, system control
 * space, MPU, SysTick, debug and trace units. Not for the instruction set half, which sees only
 * cpu_internal.h.
 */
#ifndef SIM_CPU_SYSTEM_H
#define SIM_CPU_SYSTEM_H

#include "sim/cpu/cpu_internal.h"
#include "sim/cpu/store_buffer.h"

/* One bit an exception number; a ninth word so that IRQ n's bit n + 16 may be read in pairs. */
enum { EXCEPTION_WORDS = EXCEPTION_MAX / 32 + 1 };

/* Execution priority when nothing is active and nothing masks (B1.5.4). */
enum { PRIORITY_NONE = 256, PRIORITY_NMI = -2, PRIORITY_HARDFAULT = -1, PRIORITY_RESET = -3 };

/* CCR (B3.2.8). */
enum {
    CCR_NONBASETHRDENA = 1u << 0,
    CCR_USERSETMPEND = 1u << 1,
    CCR_UNALIGN_TRP = 1u << 3,
    CCR_DIV_0_TRP = 1u << 4,
    CCR_BFHFNMIGN = 1u << 8,
    CCR_STKALIGN = 1u << 9,
    CCR_DC = 1u << 16,
    CCR_IC = 1u << 17,
    CCR_BP = 1u << 18,
};

/* SCR (B3.2.7). */
enum { SCR_SLEEPONEXIT = 1u << 1, SCR_SLEEPDEEP = 1u << 2, SCR_SEVONPEND = 1u << 4 };

/* CFSR (B3.2.15): MMFSR in bits 7:0, BFSR in 15:8, UFSR in 31:16. */
enum {
    CFSR_IACCVIOL = 1u << 0,
    CFSR_DACCVIOL = 1u << 1,
    CFSR_MUNSTKERR = 1u << 3,
    CFSR_MSTKERR = 1u << 4,
    CFSR_MLSPERR = 1u << 5,
    CFSR_MMARVALID = 1u << 7,
    CFSR_IBUSERR = 1u << 8,
    CFSR_PRECISERR = 1u << 9,
    CFSR_IMPRECISERR = 1u << 10,
    CFSR_UNSTKERR = 1u << 11,
    CFSR_STKERR = 1u << 12,
    CFSR_LSPERR = 1u << 13,
    CFSR_BFARVALID = 1u << 15,
    CFSR_UNDEFINSTR = 1u << 16,
    CFSR_INVSTATE = 1u << 17,
    CFSR_INVPC = 1u << 18,
    CFSR_NOCP = 1u << 19,
    CFSR_UNALIGNED = 1u << 24,
    CFSR_DIVBYZERO = 1u << 25,
};

/* HFSR (B3.2.16) and DFSR (C1.6.1). */
#define HFSR_VECTTBL  (1u << 1)
#define HFSR_FORCED   (1u << 30)
#define HFSR_DEBUGEVT (1u << 31)
#define DFSR_BKPT     (1u << 1)

/* FPCCR (B3.2.21). */
#define FPCCR_LSPACT (1u << 0)
#define FPCCR_USER   (1u << 1)
#define FPCCR_THREAD (1u << 3)
#define FPCCR_HFRDY  (1u << 4)
#define FPCCR_MMRDY  (1u << 5)
#define FPCCR_BFRDY  (1u << 6)
#define FPCCR_MONRDY (1u << 8)
#define FPCCR_LSPEN  (1u << 30)
#define FPCCR_ASPEN  (1u << 31)

/* CONTROL (B1.4.4). */
enum { CONTROL_NPRIV = 1u << 0, CONTROL_SPSEL = 1u << 1, CONTROL_FPCA = 1u << 2 };

#define DEMCR_MON_EN   (1u << 16)
#define DEMCR_MON_PEND (1u << 17)
#define DEMCR_TRCENA   (1u << 24)

enum sleep_kind { SLEEP_WFI, SLEEP_WFE, SLEEP_ON_EXIT };

/* MPU (B3.5). */
enum { MPU_MAX_REGIONS = 16 };
enum {
    MPU_CTRL_ENABLE = 1u << 0,
    MPU_CTRL_HFNMIENA = 1u << 1,
    MPU_CTRL_PRIVDEFENA = 1u << 2,
};
enum memory_type {
    MEMORY_STRONGLY_ORDERED,
    MEMORY_DEVICE,
    MEMORY_NON_CACHEABLE,
    MEMORY_WRITE_THROUGH,
    MEMORY_WRITE_BACK,                /* no write allocate */
    MEMORY_WRITE_BACK_WRITE_ALLOCATE, /* and read allocate */
};

/* What the MPU or the default map says of an address (A3.5, B3.1, B3.5.8). The inner policy, which
 * is what the L1 cache obeys. */
struct memory_attributes {
    enum memory_type type;
    bool shareable;
    bool readable, writable, executable; /* at the privilege asked for */
    int region;                          /* -1: default map */
};

/* What the regions say of a page that one answer holds for. */
struct mpu_answer {
    uint32_t page; /* its address, MPU_ANSWER_* */
    struct memory_attributes attributes;
};
enum { MPU_ANSWERS = 64, MPU_ANSWER_VALID = 1, MPU_ANSWER_PRIVILEGED = 2 };

struct mpu {
    uint32_t ctrl, rnr;
    uint32_t rbar[MPU_MAX_REGIONS]; /* ADDR only */
    uint32_t rasr[MPU_MAX_REGIONS];
};

struct systick {
    uint32_t csr;    /* ENABLE, TICKINT, CLKSOURCE */
    uint32_t reload; /* 24 bit */
    uint32_t value;  /* of the counter at `anchor` */
    uint64_t anchor; /* in ticks of the selected clock */
    bool countflag;
    unsigned divisor;        /* of the external reference */
    uint64_t stopped_cycles; /* core cycles in which the clock did not run */
};

enum { DWT_COMPARATORS = 4 };
struct dwt {
    uint32_t ctrl;
    uint32_t cycle_base; /* CYCCNT = base + awake cycles while it runs */
    bool running;
    uint32_t counter[5];                     /* CPICNT, EXCCNT, SLEEPCNT, LSUCNT, FOLDCNT */
    uint32_t comparator[DWT_COMPARATORS][3]; /* COMP, MASK, FUNCTION */
    bool unlocked;
};

struct itm {
    uint32_t ter, tpr, tcr;
    bool unlocked;
};

enum { FPB_MAX_COMPARATORS = 8 };
struct fpb {
    uint32_t ctrl, remap;
    uint32_t comparator[FPB_MAX_COMPARATORS];
};

struct tpiu {
    uint32_t cspsr, acpr, sppr, ffcr;
};

/* Lines that may come back by speculation, see speculation.c. */
enum { SPECULATION_LINES = 128 };
struct speculation {
    bool on;
    uint32_t random; /* never 0 */
    uint32_t line[SPECULATION_LINES];
    unsigned count;
};

/* Effects that wait, see late.h. */
enum late_stage { LATE_NOTHING, LATE_UNTIL_ISB, LATE_UNTIL_DSB };
struct late {
    bool on;
    enum late_stage stage;
    uint64_t until;                     /* cycle; 0: not known yet */
    uint32_t disabled[EXCEPTION_WORDS]; /* and still in `enabled` */
};

struct system_state {
    uint32_t pending[EXCEPTION_WORDS];
    uint32_t active[EXCEPTION_WORDS];
    uint32_t enabled[EXCEPTION_WORDS]; /* 1 to 15 but the configurable faults are always set */
    uint32_t level[EXCEPTION_WORDS];   /* the input lines */
    uint8_t priority[EXCEPTION_MAX];   /* of configurable priority, 4 and up */
    int active_priority;               /* group priority of all that is active */
    unsigned prigroup;
    uint32_t priority_mask; /* of the implemented bits in a priority byte */
    uint32_t initial_vtor, vtor;
    uint32_t scr, ccr, cfsr, hfsr, dfsr, mmfar, bfar, afsr;
    uint32_t actlr, cpacr, fpccr, fpcar, fpdscr, csselr;
    uint32_t itcmcr, dtcmcr, ahbpcr, cacr, ahbscr, abfsr; /* M7 only */
    uint32_t demcr, dcrdr;
    uint32_t fault_address; /* of the piece of an access that failed last */
    struct mpu mpu;
    struct mpu_answer mpu_answers[MPU_ANSWERS]; /* by its registers as they are */
    struct mpu remembered_mpu;                  /* cpu_remember_memory() */
    bool remembered_cache;
    struct systick systick;
    struct dwt dwt;
    struct itm itm;
    struct fpb fpb;
    struct tpiu tpiu;
    enum sleep_kind sleep;
    bool reset_requested; /* AIRCR.VECTRESET: in service() */
    unsigned tlb_context; /* for which MPU state and privilege the TLB holds */
    uint64_t exceptions;
    struct dcache *dcache;      /* of the M7 */
    struct store_buffer stores; /* likewise; empty on the M4 */
    struct speculation speculation;
    struct late late;
    bool icache_invalidated; /* since reset */
};

static inline bool bit_test(const uint32_t *bits, unsigned number)
{
    return number < EXCEPTION_MAX && (bits[number / 32] >> number % 32 & 1);
}
static inline void bit_set(uint32_t *bits, unsigned number)
{
    bits[number / 32] |= 1u << number % 32;
}
static inline void bit_clear(uint32_t *bits, unsigned number)
{
    bits[number / 32] &= ~(1u << number % 32);
}
static inline bool handler_mode(const struct cpu *cpu)
{
    return cpu->ipsr != 0;
}

/* ---- nvic.c: what is pending, active, masked ---------------------------------------------- */

int execution_priority(const struct cpu *cpu);
int exception_priority(const struct system_state *system, unsigned number);
int group_priority(const struct system_state *system, int priority);
/* The pending and enabled exception of highest priority, 0 for none. */
unsigned highest_pending(const struct system_state *system);
/* A pending exception would be taken if PRIMASK were `primask`. */
bool preempts(const struct cpu *cpu, uint32_t primask);
void set_pending(struct cpu *cpu, unsigned number);
void clear_pending(struct cpu *cpu, unsigned number);
void activate(struct cpu *cpu, unsigned number);
void deactivate(struct cpu *cpu, unsigned number);
unsigned active_count(const struct system_state *system);
/* After a change of active bits, priorities or grouping. */
void active_priorities_changed(struct cpu *cpu);
/* After a change of pending, enabled, priority, active or mask bits: attention, wake-up. */
void priorities_changed(struct cpu *cpu);
bool nvic_covers(uint32_t address);
uint32_t nvic_read(struct cpu *cpu, uint32_t address, unsigned size);
void nvic_write(struct cpu *cpu, uint32_t address, unsigned size, uint32_t value);
void software_trigger(struct cpu *cpu, uint32_t value); /* STIR */

/* ---- exception.c -------------------------------------------------------------------------- */

void update_privilege(struct cpu *cpu);
void enter_lockup(struct cpu *cpu);
/* Pends a synchronous fault's exception, or HardFault in its stead, or locks up (false). */
bool pend_fault(struct cpu *cpu, unsigned number);
/* Enters the highest pending exception; r[15] is the return address. */
void enter_exception(struct cpu *cpu);
void set_fault_status(struct cpu *cpu, uint32_t cfsr);

/* ---- frame.c: stacking and unstacking ------------------------------------------------------ */

/* EXC_RETURN for the frame. A fault on the way is pended as derived exception. */
uint32_t push_stack(struct cpu *cpu);
/* False if a fault was met (and pended): nothing of the frame is used then. */
bool pop_stack(struct cpu *cpu, uint32_t exc_return);

/* ---- fp_state.c ---------------------------------------------------------------------------- */

bool fp_enabled(const struct cpu *cpu); /* by CPACR at the present privilege */
void update_fp_ready(struct cpu *cpu);
void prepare_lazy_fp(struct cpu *cpu, uint32_t frame); /* FPCAR, FPCCR at exception entry */

/* ---- sleep.c ------------------------------------------------------------------------------- */

void set_event_register(struct cpu *cpu);
void wake_if_due(struct cpu *cpu);
void sleep_on_exit(struct cpu *cpu);

/* ---- mpu.c --------------------------------------------------------------------------------- */

/* The MPU judges accesses now (MPU_CTRL, HFNMIENA and the execution priority). */
bool mpu_active(const struct cpu *cpu);
void mpu_reset(struct cpu *cpu);
struct memory_attributes mpu_attributes(const struct cpu *cpu, uint32_t address, bool privileged);
struct memory_attributes default_attributes(uint32_t address);
/* One answer holds for all of the page. */
bool mpu_page_is_uniform(const struct cpu *cpu, uint32_t address);
uint32_t mpu_read(struct cpu *cpu, uint32_t address);
void mpu_write(struct cpu *cpu, uint32_t address, uint32_t value);

/* ---- memory.c ------------------------------------------------------------------------------ */

/* The TLB is emptied if it was filled under another MPU state or privilege. */
void memory_context_changed(struct cpu *cpu);
void memory_flush(struct cpu *cpu);
void memory_flush_range(struct cpu *cpu, uint32_t first, uint32_t last); /* to the page of `last` */
/* The bus took a write and fails it later. */
enum cpu_bus_status memory_late_error(struct cpu *cpu);
/* A word of an exception frame or FP state, checked at the privilege given. */
enum cpu_fault stack_read(struct cpu *cpu, uint32_t address, bool privileged, uint32_t *value);
enum cpu_fault stack_write(struct cpu *cpu, uint32_t address, bool privileged, uint32_t value);
bool vector_read(struct cpu *cpu, uint32_t address, uint32_t *value); /* by the default map */

/* ---- scs.c and its units ------------------------------------------------------------------- */

/* Private peripheral bus, 0xE0000000 to 0xE00FFFFF. FAULT_DATA_BUS: no access there. */
enum cpu_fault ppb_read(struct cpu *cpu, uint32_t address, unsigned size, bool privileged,
                        uint32_t *value);
enum cpu_fault ppb_write(struct cpu *cpu, uint32_t address, unsigned size, bool privileged,
                         uint32_t value);
/* `address` is word-aligned. False: no register of the unit's. `peek`: without side effects. */
bool scs_read(struct cpu *cpu, uint32_t address, bool peek, uint32_t *value);
bool scs_write(struct cpu *cpu, uint32_t address, uint32_t value);
void scs_reset(struct cpu *cpu);

uint32_t systick_read(struct cpu *cpu, uint32_t address, bool peek);
void systick_write(struct cpu *cpu, uint32_t address, uint32_t value);
void systick_reset(struct cpu *cpu);

bool dwt_read(struct cpu *cpu, uint32_t address, uint32_t *value);
bool dwt_write(struct cpu *cpu, uint32_t address, uint32_t value);
void dwt_update(struct cpu *cpu); /* TRCENA changed */
bool itm_read(struct cpu *cpu, uint32_t address, uint32_t *value);
bool itm_write(struct cpu *cpu, uint32_t address, unsigned size, uint32_t value);
bool itm_port_is_open(const struct cpu *cpu, uint32_t address);           /* to unprivileged code */
bool debug_unit_read(struct cpu *cpu, uint32_t address, uint32_t *value); /* FPB, TPIU, ROM table */
bool debug_unit_write(struct cpu *cpu, uint32_t address, uint32_t value);

static inline void report_unpredictable(struct cpu *cpu, const char *what)
{
    if (cpu->config.host.unpredictable)
        cpu->config.host.unpredictable(cpu->config.host.ctx, what);
}
static inline void trace(struct cpu *cpu, enum cpu_trace_kind kind, uint32_t address,
                         uint32_t value)
{
    if (cpu->config.host.trace)
        cpu->config.host.trace(cpu->config.host.ctx, kind, address, value);
}

#endif
