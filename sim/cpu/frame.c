/*
 * Exception frames: PushStack() and PopStack() (ARMv7-M ARM B1.5.6 to B1.5.8).
 */
#include "sim/cpu/system.h"

enum {
    FRAME_BASIC = 0x20,
    FRAME_EXTENDED = 0x68,
    FRAME_FP = 0x20,    /* offset of S0 */
    FRAME_FPSCR = 0x60, /* and of FPSCR */
};
#define XPSR_ALIGNED      (1u << 9) /* of the stacked xPSR: SP was moved by 4 */
#define EXC_RETURN_BASIC  (1u << 4) /* no FP state in the frame */
#define EXC_RETURN_THREAD (1u << 3)
#define EXC_RETURN_PSP    (1u << 2)

/* A derived exception on stacking or unstacking (B1.5.11): pended, status only, no address. */
static void fail_frame(struct cpu *cpu, enum cpu_fault fault, uint32_t mpu_bit, uint32_t bus_bit)
{
    bool mpu = fault == FAULT_DATA_MPU;
    set_fault_status(cpu, mpu ? mpu_bit : bus_bit);
    pend_fault(cpu, mpu ? EXCEPTION_MEMMANAGE : EXCEPTION_BUSFAULT);
}

static bool push_words(struct cpu *cpu, uint32_t address, const uint32_t *words, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        enum cpu_fault fault = stack_write(cpu, address + 4 * i, cpu->privileged, words[i]);
        if (fault != FAULT_NONE) {
            fail_frame(cpu, fault, CFSR_MSTKERR, CFSR_STKERR);
            return false;
        }
    }
    return true;
}

static bool pop_words(struct cpu *cpu, uint32_t address, bool privileged, uint32_t *words,
                      unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        enum cpu_fault fault = stack_read(cpu, address + 4 * i, privileged, &words[i]);
        if (fault != FAULT_NONE) {
            fail_frame(cpu, fault, CFSR_MUNSTKERR, CFSR_UNSTKERR);
            return false;
        }
    }
    return true;
}

/* S0 to S15 and FPSCR at once (FPCCR.LSPEN is 0). */
static void push_fp(struct cpu *cpu, uint32_t frame)
{
    if (!fp_enabled(cpu)) {
        set_fault_status(cpu, CFSR_NOCP);
        pend_fault(cpu, EXCEPTION_USAGEFAULT);
        return;
    }
    cpu->cycles += 17;
    if (push_words(cpu, frame + FRAME_FP, cpu->fp.s, 16))
        push_words(cpu, frame + FRAME_FPSCR, &cpu->fpscr, 1);
}

uint32_t push_stack(struct cpu *cpu)
{
    bool extended = cpu->control & CONTROL_FPCA;
    bool align = extended || (cpu->system->ccr & CCR_STKALIGN);
    uint32_t moved = align && (cpu->r[13] & 4) ? XPSR_ALIGNED : 0;
    uint32_t mode = 1;

    uint32_t frame = cpu->r[13] - (extended ? FRAME_EXTENDED : FRAME_BASIC);
    frame &= align ? ~7u : ~3u;
    const uint32_t words[8] = {
        cpu->r[0],  cpu->r[1],  cpu->r[2],  cpu->r[3],
        cpu->r[12], cpu->r[14], cpu->r[15], (xpsr_read(cpu) & ~XPSR_ALIGNED) | moved,
    };
    cpu->r[13] = frame;
    bool complete = push_words(cpu, frame, words, 8);
    if (extended && (cpu->system->fpccr & FPCCR_LSPEN))
        prepare_lazy_fp(cpu, frame + FRAME_FP);
    else if (extended && complete)
        push_fp(cpu, frame);
    if (!handler_mode(cpu))
        mode = 9 | (cpu->control & CONTROL_SPSEL ? EXC_RETURN_PSP : 0);
    return 0xffffffe0u | (extended ? 0 : EXC_RETURN_BASIC) | mode;
}

static bool pop_fp(struct cpu *cpu, uint32_t frame, bool privileged)
{
    uint32_t words[17];

    if (cpu->system->fpccr & FPCCR_LSPACT) { /* never stacked: still in the registers */
        cpu->system->fpccr &= ~FPCCR_LSPACT;
        return true;
    }
    if (!fp_enabled(cpu)) {
        set_fault_status(cpu, CFSR_NOCP);
        pend_fault(cpu, EXCEPTION_USAGEFAULT);
        return false;
    }
    if (!pop_words(cpu, frame + FRAME_FP, privileged, words, 17))
        return false;
    for (unsigned i = 0; i < 16; i++)
        cpu->fp.s[i] = words[i];
    cpu->fpscr = words[16];
    return true;
}

static void restore(struct cpu *cpu, const uint32_t *words)
{
    for (unsigned i = 0; i < 4; i++)
        cpu->r[i] = words[i];
    cpu->r[12] = words[4];
    cpu->r[14] = words[5];
    if (words[6] & 1)
        report_unpredictable(cpu, "exception return to an odd address");
    branch_to(cpu, words[6]);
    xpsr_write(cpu, words[7]);
    cpu->ipsr = words[7] & 0x1ff;
}

bool pop_stack(struct cpu *cpu, uint32_t exc_return)
{
    bool extended = !(exc_return & EXC_RETURN_BASIC);
    bool thread = exc_return & EXC_RETURN_THREAD;
    bool process = thread && (exc_return & EXC_RETURN_PSP);
    bool privileged = !thread || !(cpu->control & CONTROL_NPRIV);
    bool align = extended || (cpu->system->ccr & CCR_STKALIGN);
    uint32_t frame = process ? cpu->banked_sp[1] : cpu->r[13]; /* in Handler mode SP is MSP */
    uint32_t words[8];

    if (!pop_words(cpu, frame, privileged, words, 8))
        return false;
    if (extended && !pop_fp(cpu, frame, privileged))
        return false;
    select_stack(cpu, process);
    cpu->r[13] = (frame + (extended ? FRAME_EXTENDED : FRAME_BASIC)) |
                 (align && (words[7] & XPSR_ALIGNED) ? 4 : 0);
    cpu->control &= ~(uint32_t)CONTROL_FPCA;
    if (extended)
        cpu->control |= CONTROL_FPCA;
    restore(cpu, words);
    return true;
}
