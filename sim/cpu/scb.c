/*
 * System control block, FP extension, memory control of the M7, debug control block (ARMv7-M ARM B3.2,
 * B3.4.2, B4; C1.6; Cortex-M4 TRM 4.1, Cortex-M7 TRM 3.2 and 3.3).
 */
#include "sim/cpu/scb.h"

#include "sim/cpu/dcache.h"
#include "sim/cpu/late.h"

#define VECTKEY      0x05FAu
#define VECTKEY_READ 0xFA05u
#define AIRCR_RESET  (1u << 2)
#define AIRCR_LOCAL  (1u << 0)
#define ICSR_NMISET  (1u << 31)
#define ICSR_SVSET   (1u << 28)
#define ICSR_SVCLR   (1u << 27)
#define ICSR_STSET   (1u << 26)
#define ICSR_STCLR   (1u << 25)
#define ICSR_ISRPEND (1u << 22)
#define ICSR_RETTO   (1u << 11)
#define CPACR_BITS   0x00f00000u
#define FPDSCR_BITS  0x07c00000u
#define DEMCR_BITS   0x011f07f1u
#define CCR_M4_BITS  0x0000031bu
#define CCR_M7_BITS  0x0003011bu /* STKALIGN and BP read as one */
#define CCR_M7_ONES  (CCR_STKALIGN | CCR_BP)

static bool is_m7(const struct cpu *cpu)
{
    return cpu->config.model == CPU_CORTEX_M7;
}

/* ---- Identification ------------------------------------------------------------------------- */

/* 0xE000ED40 on: ID_PFR0 to ID_ISAR4, CLIDR, CTR. */
static const uint32_t m4_identity[] = {
    0x00000030, 0x00000200, 0x00100000, 0x00000000, 0x00100030, 0x00000000, 0x01000000, 0x00000000,
    0x01141110, 0x02112000, 0x21232231, 0x01111131, 0x01310132, 0x00000000, 0x00000000, 0x8000C000};
static const uint32_t m7_identity[] = {
    0x00000030, 0x00000200, 0x00100000, 0x00000000, 0x00100030, 0x00000000, 0x01000000, 0x00000000,
    0x01101110, 0x02112000, 0x20232231, 0x01111131, 0x01310132, 0x00000000, 0x09000003, 0x8303C003};

static uint32_t read_identity(struct cpu *cpu, uint32_t address)
{
    unsigned index = (address - 0xE000ED40u) / 4;
    return is_m7(cpu) ? m7_identity[index] : m4_identity[index];
}

static uint32_t read_cpuid(struct cpu *cpu, uint32_t address)
{
    (void)address;
    return is_m7(cpu) ? 0x411FC271u : 0x410FC241u;
}

static uint32_t read_ictr(struct cpu *cpu, uint32_t address)
{
    (void)address;
    unsigned words = (cpu->config.irq_count + 31) / 32;
    return words ? words - 1 : 0;
}

/* 16 KB data, 4 ways; 16 KB instructions, 2 ways; lines of 32 bytes. */
static uint32_t read_ccsidr(struct cpu *cpu, uint32_t address)
{
    (void)address;
    if (!is_m7(cpu) || cpu->system->csselr > 1)
        return 0;
    return cpu->system->csselr ? 0xF01FE009u : 0xF00FE019u;
}

static uint32_t read_mvfr(struct cpu *cpu, uint32_t address)
{
    static const uint32_t m4[3] = {0x10110021, 0x11000011, 0x00000000};
    static const uint32_t m7[3] = {0x10110221, 0x12000011, 0x00000040};
    unsigned index = (address - 0xE000EF40u) / 4;
    return is_m7(cpu) ? m7[index] : m4[index];
}

static uint32_t read_component_id(struct cpu *cpu, uint32_t address)
{
    static const uint8_t m4[12] = {0x04, 0, 0, 0, 0x0c, 0xb0, 0x0b, 0x00, 0x0d, 0xe0, 0x05, 0xb1};
    static const uint8_t m7[12] = {0x04, 0, 0, 0, 0x0c, 0xb0, 0x0b, 0x00, 0x0d, 0xe0, 0x05, 0xb1};
    unsigned index = (address - 0xE000EFD0u) / 4;
    return is_m7(cpu) ? m7[index] : m4[index];
}

/* ---- ICSR, AIRCR ---------------------------------------------------------------------------- */

static bool any_interrupt_pending(const struct system_state *system)
{
    uint32_t bits = system->pending[0] >> 16;
    for (unsigned word = 1; word < EXCEPTION_WORDS; word++)
        bits |= system->pending[word];
    return bits;
}

/* VECTPENDING heeds BASEPRI and FAULTMASK but not PRIMASK (Cortex-M4 generic user guide 4.3.3). */
static unsigned vector_pending(const struct cpu *cpu)
{
    const struct system_state *system = cpu->system;
    unsigned number = highest_pending(system);
    int priority = number ? group_priority(system, exception_priority(system, number)) : 0;

    if (cpu->faultmask && priority >= PRIORITY_HARDFAULT)
        return 0;
    if (cpu->basepri && priority >= group_priority(system, (int)cpu->basepri))
        return 0;
    return number;
}

/* No exception but the one in IPSR is active. */
static bool returns_to_base(const struct cpu *cpu)
{
    unsigned others = active_count(cpu->system);
    return others == (bit_test(cpu->system->active, cpu->ipsr) ? 1 : 0);
}

static uint32_t read_icsr(struct cpu *cpu, uint32_t address)
{
    const struct system_state *system = cpu->system;
    uint32_t value = cpu->ipsr | vector_pending(cpu) << 12;
    (void)address;

    value |= returns_to_base(cpu) ? ICSR_RETTO : 0;
    value |= any_interrupt_pending(system) ? ICSR_ISRPEND : 0;
    value |= bit_test(system->pending, EXCEPTION_SYSTICK) ? ICSR_STSET : 0;
    value |= bit_test(system->pending, EXCEPTION_PENDSV) ? ICSR_SVSET : 0;
    value |= bit_test(system->pending, EXCEPTION_NMI) ? ICSR_NMISET : 0;
    return value;
}

static void write_icsr(struct cpu *cpu, uint32_t address, uint32_t value)
{
    (void)address;
    if (value & (ICSR_NMISET | ICSR_SVSET | ICSR_STSET))
        late_begin(cpu, LATE_UNTIL_DSB);
    if (value & ICSR_SVCLR)
        clear_pending(cpu, EXCEPTION_PENDSV);
    if (value & ICSR_STCLR)
        clear_pending(cpu, EXCEPTION_SYSTICK);
    if (value & ICSR_NMISET)
        set_pending(cpu, EXCEPTION_NMI);
    if (value & ICSR_SVSET)
        set_pending(cpu, EXCEPTION_PENDSV);
    if (value & ICSR_STSET)
        set_pending(cpu, EXCEPTION_SYSTICK);
}

static uint32_t read_aircr(struct cpu *cpu, uint32_t address)
{
    (void)address;
    return VECTKEY_READ << 16 | cpu->system->prigroup << 8;
}

static void write_aircr(struct cpu *cpu, uint32_t address, uint32_t value)
{
    (void)address;
    if (value >> 16 != VECTKEY)
        return;
    cpu->system->prigroup = value >> 8 & 7;
    active_priorities_changed(cpu);
    if (value & AIRCR_LOCAL) {
        report_unpredictable(cpu, "AIRCR.VECTRESET outside debug state");
        cpu->system->reset_requested = true;
        cpu->attention = true;
    }
    if ((value & AIRCR_RESET) && cpu->config.host.request_reset)
        cpu->config.host.request_reset(cpu->config.host.ctx);
}

/* ---- SHCSR ----------------------------------------------------------------------------------- */

/* Which of SHCSR's bits stands for which state of which exception. */
static const struct shcsr_bit {
    uint8_t bit, number;
    enum { SHCSR_ACTIVE, SHCSR_PENDING, SHCSR_ENABLED } state;
} shcsr_bits[] = {
    {0, EXCEPTION_MEMMANAGE, SHCSR_ACTIVE},    {1, EXCEPTION_BUSFAULT, SHCSR_ACTIVE},
    {3, EXCEPTION_USAGEFAULT, SHCSR_ACTIVE},   {7, EXCEPTION_SVCALL, SHCSR_ACTIVE},
    {8, EXCEPTION_DEBUGMONITOR, SHCSR_ACTIVE}, {10, EXCEPTION_PENDSV, SHCSR_ACTIVE},
    {11, EXCEPTION_SYSTICK, SHCSR_ACTIVE},     {12, EXCEPTION_USAGEFAULT, SHCSR_PENDING},
    {13, EXCEPTION_MEMMANAGE, SHCSR_PENDING},  {14, EXCEPTION_BUSFAULT, SHCSR_PENDING},
    {15, EXCEPTION_SVCALL, SHCSR_PENDING},     {16, EXCEPTION_MEMMANAGE, SHCSR_ENABLED},
    {17, EXCEPTION_BUSFAULT, SHCSR_ENABLED},   {18, EXCEPTION_USAGEFAULT, SHCSR_ENABLED},
};
enum { SHCSR_BITS = sizeof shcsr_bits / sizeof *shcsr_bits };

static uint32_t *shcsr_set(struct system_state *system, const struct shcsr_bit *bit)
{
    if (bit->state == SHCSR_ACTIVE)
        return system->active;
    return bit->state == SHCSR_PENDING ? system->pending : system->enabled;
}

static uint32_t read_shcsr(struct cpu *cpu, uint32_t address)
{
    uint32_t value = 0;
    (void)address;
    for (unsigned i = 0; i < SHCSR_BITS; i++)
        value |= (uint32_t)bit_test(shcsr_set(cpu->system, &shcsr_bits[i]), shcsr_bits[i].number)
                 << shcsr_bits[i].bit;
    return value;
}

static void write_shcsr(struct cpu *cpu, uint32_t address, uint32_t value)
{
    (void)address;
    for (unsigned i = 0; i < SHCSR_BITS; i++) {
        uint32_t *set = shcsr_set(cpu->system, &shcsr_bits[i]);
        if (value >> shcsr_bits[i].bit & 1)
            bit_set(set, shcsr_bits[i].number);
        else
            bit_clear(set, shcsr_bits[i].number);
    }
    active_priorities_changed(cpu);
}

/* ---- Plain words, some with an effect --------------------------------------------------------- */

static uint32_t read_cfsr(struct cpu *cpu, uint32_t address)
{
    (void)address;
    return cpu->system->cfsr;
}

static void write_cfsr(struct cpu *cpu, uint32_t address, uint32_t value)
{
    (void)address;
    cpu->system->cfsr &= ~value;
}

static uint32_t read_hfsr(struct cpu *cpu, uint32_t address)
{
    (void)address;
    return cpu->system->hfsr;
}

static void write_hfsr(struct cpu *cpu, uint32_t address, uint32_t value)
{
    (void)address;
    cpu->system->hfsr &= ~value;
}

static uint32_t read_dfsr(struct cpu *cpu, uint32_t address)
{
    (void)address;
    return cpu->system->dfsr;
}

static void write_dfsr(struct cpu *cpu, uint32_t address, uint32_t value)
{
    (void)address;
    cpu->system->dfsr &= ~value;
}

static uint32_t read_ccr(struct cpu *cpu, uint32_t address)
{
    (void)address;
    return cpu->system->ccr;
}

static void write_ccr(struct cpu *cpu, uint32_t address, uint32_t value)
{
    (void)address;
    uint32_t old = cpu->system->ccr;
    cpu->system->ccr = is_m7(cpu) ? (value & CCR_M7_BITS) | CCR_M7_ONES : value & CCR_M4_BITS;
    uint32_t changed = old ^ cpu->system->ccr;
    if (changed & CCR_DC)
        memory_flush(cpu);
    if (changed & CCR_IC)
        isa_forget_code(cpu);
    if ((changed & cpu->system->ccr & CCR_IC) && !cpu->system->icache_invalidated)
        report_unpredictable(cpu, "instruction cache switched on and not invalidated since reset");
    if (changed & cpu->system->ccr & CCR_DC)
        dcache_switched_on(cpu);
}

/* EN of a TCM decides whether its addresses are cached; its size is the chip's. */
static void write_tcmcr(struct cpu *cpu, uint32_t address, uint32_t value)
{
    uint32_t *word = (address & 0xff) == 0x90 ? &cpu->system->itcmcr : &cpu->system->dtcmcr;
    *word = (*word & ~7u) | (value & 7);
    memory_flush(cpu);
}

static void write_cacr(struct cpu *cpu, uint32_t address, uint32_t value)
{
    (void)address;
    cpu->system->cacr = value & 7;
    memory_flush(cpu);
}

static void write_cpacr(struct cpu *cpu, uint32_t address, uint32_t value)
{
    (void)address;
    cpu->system->cpacr = value & CPACR_BITS;
    cpu->fp_ready = false; /* the next instruction asks, and is told of */
}

static void write_fpccr(struct cpu *cpu, uint32_t address, uint32_t value)
{
    (void)address;
    cpu->system->fpccr =
        value & (FPCCR_ASPEN | FPCCR_LSPEN | FPCCR_MONRDY | FPCCR_BFRDY | FPCCR_MMRDY |
                 FPCCR_HFRDY | FPCCR_THREAD | FPCCR_USER | FPCCR_LSPACT);
    update_fp_ready(cpu);
}

static void write_csselr(struct cpu *cpu, uint32_t address, uint32_t value)
{
    (void)address;
    if (is_m7(cpu))
        cpu->system->csselr = value & 15;
}

/* DHCSR without a debugger: registers ready, not halted; the sticky reset bit stays clear. */
static uint32_t read_dhcsr(struct cpu *cpu, uint32_t address)
{
    (void)address;
    return 0x01010000u | (cpu->locked_up ? 1u << 19 : 0);
}

static void write_demcr(struct cpu *cpu, uint32_t address, uint32_t value)
{
    (void)address;
    cpu->system->demcr = value & DEMCR_BITS & ~DEMCR_MON_PEND;
    dwt_update(cpu);
    if ((value & DEMCR_MON_PEND) && !bit_test(cpu->system->pending, EXCEPTION_DEBUGMONITOR))
        set_pending(cpu, EXCEPTION_DEBUGMONITOR);
    else if (!(value & DEMCR_MON_PEND))
        clear_pending(cpu, EXCEPTION_DEBUGMONITOR);
}

static uint32_t read_demcr(struct cpu *cpu, uint32_t address)
{
    bool pending = bit_test(cpu->system->pending, EXCEPTION_DEBUGMONITOR);
    (void)address;
    return cpu->system->demcr | (pending ? DEMCR_MON_PEND : 0);
}

/* ---- The table -------------------------------------------------------------------------------- */

#define WORD(member) offsetof(struct system_state, member) + 1

/* A register is a word of system_state (`word` - 1), or has functions, or both. */
static const struct scb_register {
    uint16_t first, last; /* offset from 0xE000E000 */
    bool m7_only;
    size_t word;
    uint32_t writable;
    uint32_t (*read)(struct cpu *cpu, uint32_t address);
    void (*write)(struct cpu *cpu, uint32_t address, uint32_t value);
} registers[] = {
    {0x004, 0x004, false, 0, 0, read_ictr, NULL},                        /* ICTR */
    {0x008, 0x008, false, WORD(actlr), 0x1ffffc07u | 0x300, NULL, NULL}, /* ACTLR */
    {0xd00, 0xd00, false, 0, 0, read_cpuid, NULL},                       /* CPUID */
    {0xd04, 0xd04, false, 0, 0, read_icsr, write_icsr},                  /* ICSR */
    {0xd08, 0xd08, false, WORD(vtor), 0xffffff80u, NULL, NULL},          /* VTOR */
    {0xd0c, 0xd0c, false, 0, 0, read_aircr, write_aircr},                /* AIRCR */
    {0xd10, 0xd10, false, WORD(scr), 0x16, NULL, NULL},                  /* SCR */
    {0xd14, 0xd14, false, 0, 0, read_ccr, write_ccr},                    /* CCR */
    {0xd24, 0xd24, false, 0, 0, read_shcsr, write_shcsr},                /* SHCSR */
    {0xd28, 0xd28, false, 0, 0, read_cfsr, write_cfsr},                  /* CFSR */
    {0xd2c, 0xd2c, false, 0, 0, read_hfsr, write_hfsr},                  /* HFSR */
    {0xd30, 0xd30, false, 0, 0, read_dfsr, write_dfsr},                  /* DFSR */
    {0xd34, 0xd34, false, WORD(mmfar), 0xffffffffu, NULL, NULL},         /* MMFAR */
    {0xd38, 0xd38, false, WORD(bfar), 0xffffffffu, NULL, NULL},          /* BFAR */
    {0xd3c, 0xd3c, false, WORD(afsr), 0, NULL, NULL},                    /* AFSR */
    {0xd40, 0xd7c, false, 0, 0, read_identity, NULL},                    /* ID_PFR0 to CTR */
    {0xd80, 0xd80, false, 0, 0, read_ccsidr, NULL},                      /* CCSIDR */
    {0xd84, 0xd84, false, WORD(csselr), 0, NULL, write_csselr},          /* CSSELR */
    {0xd88, 0xd88, false, WORD(cpacr), 0, NULL, write_cpacr},            /* CPACR */
    {0xdf0, 0xdf0, false, 0, 0, read_dhcsr, NULL},                       /* DHCSR */
    {0xdf8, 0xdf8, false, WORD(dcrdr), 0xffffffffu, NULL, NULL},         /* DCRDR */
    {0xdfc, 0xdfc, false, 0, 0, read_demcr, write_demcr},                /* DEMCR */
    {0xf34, 0xf34, false, WORD(fpccr), 0, NULL, write_fpccr},            /* FPCCR */
    {0xf38, 0xf38, false, WORD(fpcar), 0xfffffff8u, NULL, NULL},         /* FPCAR */
    {0xf3c, 0xf3c, false, WORD(fpdscr), FPDSCR_BITS, NULL, NULL},        /* FPDSCR */
    {0xf40, 0xf48, false, 0, 0, read_mvfr, NULL},                        /* MVFR0 to MVFR2 */
    {0xf90, 0xf90, true, WORD(itcmcr), 0, NULL, write_tcmcr},            /* ITCMCR */
    {0xf94, 0xf94, true, WORD(dtcmcr), 0, NULL, write_tcmcr},            /* DTCMCR */
    {0xf98, 0xf98, true, WORD(ahbpcr), 0x00000001u, NULL, NULL},         /* AHBPCR */
    {0xf9c, 0xf9c, true, WORD(cacr), 0, NULL, write_cacr},               /* CACR */
    {0xfa0, 0xfa0, true, WORD(ahbscr), 0x0000ffffu, NULL, NULL},         /* AHBSCR */
    {0xfa8, 0xfa8, true, WORD(abfsr), 0x0000031fu, NULL, NULL},          /* ABFSR */
    {0xfd0, 0xffc, false, 0, 0, read_component_id, NULL},                /* PID4 to CID3 */
};

static const struct scb_register *find(const struct cpu *cpu, uint32_t address)
{
    uint32_t offset = address & 0xfff;
    for (unsigned i = 0; i < sizeof registers / sizeof *registers; i++)
        if (offset >= registers[i].first && offset <= registers[i].last)
            return registers[i].m7_only && !is_m7(cpu) ? NULL : &registers[i];
    return NULL;
}

static uint32_t *word_of(struct cpu *cpu, const struct scb_register *reg)
{
    return (uint32_t *)(void *)((char *)cpu->system + (reg->word - 1));
}

bool scb_read(struct cpu *cpu, uint32_t address, bool peek, uint32_t *value)
{
    const struct scb_register *reg = find(cpu, address);
    (void)peek;
    if (!reg)
        return false;
    *value = reg->read ? reg->read(cpu, address) : *word_of(cpu, reg);
    return true;
}

bool scb_write(struct cpu *cpu, uint32_t address, uint32_t value)
{
    const struct scb_register *reg = find(cpu, address);
    if (!reg)
        return false;
    if (reg->write)
        reg->write(cpu, address, value);
    else if (reg->word)
        *word_of(cpu, reg) = (*word_of(cpu, reg) & ~reg->writable) | (value & reg->writable);
    return true;
}

/* What the debug and trace units hold outlives a system reset (C1.6.5, C1.8); fault addresses are
 * UNKNOWN after it and left as they are. */
void scs_reset(struct cpu *cpu)
{
    struct system_state *system = cpu->system;

    system->icache_invalidated = false;
    system->scr = system->cfsr = system->hfsr = system->afsr = 0;
    system->ccr = is_m7(cpu) ? CCR_M7_ONES : (uint32_t)CCR_STKALIGN;
    system->actlr = system->cpacr = system->fpcar = system->fpdscr = system->csselr = 0;
    system->fpccr = FPCCR_ASPEN | FPCCR_LSPEN;
    system->itcmcr = 0x39; /* 64 KB, enabled as the STM32H7 configures it */
    system->dtcmcr = 0x41; /* 128 KB */
    system->ahbpcr = 0x05; /* 512 MB, enabled */
    system->cacr = system->abfsr = 0;
    system->ahbscr = 0x0800;
    system->demcr &= ~(DEMCR_MON_EN | 0xe0000u);
    mpu_reset(cpu);
    systick_reset(cpu);
}
