/*
 * MRS, MSR and CPS: the special registers by their SYSm numbers (ARMv7-M ARM B5.2).
 */
#include "sim/cpu/late.h"

enum {
    SYSM_XPSR_LAST = 7,
    SYSM_MSP = 8,
    SYSM_PSP = 9,
    SYSM_PRIMASK = 16,
    SYSM_BASEPRI = 17,
    SYSM_BASEPRI_MAX = 18,
    SYSM_FAULTMASK = 19,
    SYSM_CONTROL = 20,
};
#define APSR_FLAGS 0xf8000000u
#define APSR_GE    0x000f0000u
#define IPSR_BITS  0x1ffu

static uint32_t read_stack_pointer(const struct cpu *cpu, bool process)
{
    bool in_use = !(cpu->control & CONTROL_SPSEL) == !process;
    return in_use ? cpu->r[13] : cpu->banked_sp[process];
}

/* EPSR reads as zero; IPSR is for privileged code. */
static uint32_t read_xpsr(const struct cpu *cpu, unsigned sysm)
{
    uint32_t mask = 0;
    if (!(sysm & 4))
        mask |= APSR_FLAGS | APSR_GE;
    if ((sysm & 1) && cpu->privileged)
        mask |= IPSR_BITS;
    return xpsr_read(cpu) & mask;
}

uint32_t special_read(struct cpu *cpu, unsigned sysm)
{
    if (sysm <= SYSM_XPSR_LAST)
        return read_xpsr(cpu, sysm);
    if (sysm == SYSM_CONTROL)
        return cpu->control;
    if (!cpu->privileged)
        return 0;
    switch (sysm) {
    case SYSM_MSP:
    case SYSM_PSP:
        return read_stack_pointer(cpu, sysm == SYSM_PSP);
    case SYSM_PRIMASK:
        return cpu->primask;
    case SYSM_BASEPRI:
    case SYSM_BASEPRI_MAX:
        return cpu->basepri;
    case SYSM_FAULTMASK:
        return cpu->faultmask;
    default:
        report_unpredictable(cpu, "MRS of a special register that does not exist");
        return 0;
    }
}

static void write_apsr(struct cpu *cpu, unsigned mask, uint32_t value)
{
    uint32_t bits = (mask & 2 ? APSR_FLAGS : 0) | (mask & 1 ? APSR_GE : 0);
    uint32_t old = xpsr_read(cpu);
    xpsr_write(cpu, (old & ~bits) | (value & bits));
}

static void write_stack_pointer(struct cpu *cpu, bool process, uint32_t value)
{
    bool in_use = !(cpu->control & CONTROL_SPSEL) == !process;
    if (in_use)
        cpu->r[13] = value & ~3u;
    else
        cpu->banked_sp[process] = value & ~3u;
}

/* SPSEL is software's only in Thread mode (B1.4.4). */
static void write_control(struct cpu *cpu, uint32_t value)
{
    if (!handler_mode(cpu))
        select_stack(cpu, value & CONTROL_SPSEL);
    cpu->control = (cpu->control & CONTROL_SPSEL) | (value & (CONTROL_NPRIV | CONTROL_FPCA));
    update_privilege(cpu);
}

/* Software may not raise itself to -1 where it runs there already (B5.2.3). */
static void set_fault_mask(struct cpu *cpu, bool on)
{
    if (on && execution_priority(cpu) <= PRIORITY_HARDFAULT)
        return;
    cpu->faultmask = on;
    memory_context_changed(cpu);
}

static void raise_basepri(struct cpu *cpu, uint32_t value)
{
    if (value && (value < cpu->basepri || !cpu->basepri))
        cpu->basepri = value;
}

/* What masks_changed() wants to know of before. Who asks for nothing late shall not pay for it. */
static int priority_before(const struct cpu *cpu)
{
    return cpu->system->late.on ? execution_priority(cpu) : 0;
}

/* Masks were written; `before` is the priority that the core executed at. */
static void masks_changed(struct cpu *cpu, int before)
{
    if (cpu->system->late.on && execution_priority(cpu) > before)
        late_begin(cpu, LATE_UNTIL_ISB);
    priorities_changed(cpu);
}

void special_write(struct cpu *cpu, unsigned sysm, unsigned mask, uint32_t value)
{
    int before = priority_before(cpu);
    if (sysm <= SYSM_XPSR_LAST) {
        if (!(sysm & 4))
            write_apsr(cpu, mask, value);
        return;
    }
    if (!cpu->privileged)
        return;
    switch (sysm) {
    case SYSM_MSP:
    case SYSM_PSP:
        write_stack_pointer(cpu, sysm == SYSM_PSP, value);
        return;
    case SYSM_PRIMASK:
        cpu->primask = value & 1;
        break;
    case SYSM_BASEPRI:
        cpu->basepri = value & cpu->system->priority_mask;
        break;
    case SYSM_BASEPRI_MAX:
        raise_basepri(cpu, value & cpu->system->priority_mask);
        break;
    case SYSM_FAULTMASK:
        set_fault_mask(cpu, value & 1);
        break;
    case SYSM_CONTROL:
        write_control(cpu, value);
        break;
    default:
        report_unpredictable(cpu, "MSR to a special register that does not exist");
        return;
    }
    masks_changed(cpu, before);
}

void change_state(struct cpu *cpu, bool disable, bool primask, bool faultmask)
{
    int before = priority_before(cpu);
    if (!cpu->privileged)
        return;
    if (primask)
        cpu->primask = disable;
    if (faultmask)
        set_fault_mask(cpu, disable);
    masks_changed(cpu, before);
}
