/*
 * SysTick (ARMv7-M ARM B3.3). The counter is not stepped: it is worked out from the cycle count when
 * somebody looks, and its next zero is a deadline of the run loop.
 */
#include "sim/cpu/late.h"

enum {
    SYST_CSR = 0xE000E010u,
    SYST_RVR = 0xE000E014u,
    SYST_CVR = 0xE000E018u,
    SYST_CALIB = 0xE000E01Cu,
};
enum { CSR_ENABLE = 1u << 0, CSR_TICKINT = 1u << 1, CSR_CLKSOURCE = 1u << 2 };
#define CSR_COUNTFLAG (1u << 16)
#define CALIB_VALUE   0x3E8u /* RM0399, "SysTick calibration value register": 1 ms at 1 MHz */

static unsigned divisor(const struct systick *systick)
{
    bool core_clock = systick->csr & CSR_CLKSOURCE;
    return core_clock || !systick->divisor ? 1 : systick->divisor;
}

static uint64_t ticks(const struct cpu *cpu)
{
    const struct systick *systick = &cpu->system->systick;
    return (cpu->cycles - systick->stopped_cycles) / divisor(systick);
}

/* Ticks from `anchor` until the counter goes from 1 to 0; 0: never. At 0 the next tick reloads. */
static uint64_t ticks_to_zero(const struct systick *systick)
{
    if (systick->value)
        return systick->value;
    return systick->reload ? (uint64_t)systick->reload + 1 : 0;
}

/* Brings value and anchor up to now. True if the counter reached zero on the way. */
static bool advance(struct cpu *cpu)
{
    struct systick *systick = &cpu->system->systick;
    uint64_t now = ticks(cpu);
    uint64_t elapsed = now - systick->anchor;
    uint64_t to_zero = ticks_to_zero(systick);

    systick->anchor = now;
    if (!(systick->csr & CSR_ENABLE))
        return false;
    if (!to_zero || elapsed < to_zero) {
        if (!systick->value && to_zero && elapsed)
            systick->value = systick->reload + 1 - (uint32_t)elapsed;
        else if (systick->value)
            systick->value -= (uint32_t)elapsed;
        return false;
    }
    uint64_t period = (uint64_t)systick->reload + 1;
    uint64_t phase = (elapsed - to_zero) % period;
    systick->value = phase ? (uint32_t)(period - phase) : 0;
    systick->countflag = true;
    return true;
}

void system_tick(struct cpu *cpu)
{
    if (advance(cpu) && (cpu->system->systick.csr & CSR_TICKINT))
        set_pending(cpu, EXCEPTION_SYSTICK);
    late_tick(cpu);
}

uint64_t cpu_next_systick(const struct cpu *cpu)
{
    const struct systick *systick = &cpu->system->systick;
    uint64_t to_zero = ticks_to_zero(systick);

    if ((systick->csr & (CSR_ENABLE | CSR_TICKINT)) != (CSR_ENABLE | CSR_TICKINT) || !to_zero)
        return UINT64_MAX;
    return (systick->anchor + to_zero) * divisor(systick) + systick->stopped_cycles;
}

uint64_t system_deadline(const struct cpu *cpu)
{
    uint64_t tick = cpu_next_systick(cpu), late = late_until(cpu);
    return tick < late ? tick : late;
}

static void reanchor(struct cpu *cpu)
{
    cpu->system->systick.anchor = ticks(cpu);
}

void cpu_set_systick_reference(struct cpu *cpu, unsigned reference)
{
    system_tick(cpu);
    cpu->system->systick.divisor = reference ? reference : 1;
    reanchor(cpu);
}

static uint32_t read_csr(struct systick *systick, bool peek)
{
    uint32_t value = systick->csr | (systick->countflag ? CSR_COUNTFLAG : 0);
    if (!peek)
        systick->countflag = false;
    return value;
}

uint32_t systick_read(struct cpu *cpu, uint32_t address, bool peek)
{
    struct systick *systick = &cpu->system->systick;
    system_tick(cpu);
    switch (address) {
    case SYST_CSR:
        return read_csr(systick, peek);
    case SYST_RVR:
        return systick->reload;
    case SYST_CVR:
        return systick->value;
    default:
        return CALIB_VALUE;
    }
}

void systick_write(struct cpu *cpu, uint32_t address, uint32_t value)
{
    struct systick *systick = &cpu->system->systick;
    system_tick(cpu);
    if (address == SYST_CSR) {
        systick->csr = value & 7;
        reanchor(cpu);
    } else if (address == SYST_RVR) {
        systick->reload = value & 0xffffff;
    } else if (address == SYST_CVR) {
        systick->value = 0;
        systick->countflag = false;
    }
    cpu->attention = true; /* the deadline moved */
}

void systick_reset(struct cpu *cpu)
{
    struct systick *systick = &cpu->system->systick;
    systick->csr = 0;
    systick->countflag = false;
    if (!systick->divisor)
        systick->divisor = 8;
    reanchor(cpu);
}
