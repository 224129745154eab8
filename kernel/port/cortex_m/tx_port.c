/*
 * The Cortex-M4 and Cortex-M7 port (tx_port.h). Chapters are those of the ARMv7-M Architecture
 * Reference Manual.
 */
#include "tx_kernel.h"
#ifdef TX_EXECUTION_PROFILE_ENABLE
#include "tx_execution_profile.h"
#endif

#define REGISTER(address)     (*(volatile ULONG *)(address))
#define SYST_CSR              REGISTER(0xE000E010u)
#define SYST_RVR              REGISTER(0xE000E014u)
#define SYST_CVR              REGISTER(0xE000E018u)
#define ICSR                  REGISTER(0xE000ED04u)
#define SHPR3                 REGISTER(0xE000ED20u)
#define SHCSR                 REGISTER(0xE000ED24u)
#define CFSR                  REGISTER(0xE000ED28u)
#define HFSR                  REGISTER(0xE000ED2Cu)
#define MMFAR                 REGISTER(0xE000ED34u)
#define BFAR                  REGISTER(0xE000ED38u)
#define DWT_CTRL              REGISTER(0xE0001000u)
#define DWT_CYCCNT            REGISTER(0xE0001004u)
#define DWT_LAR               REGISTER(0xE0001FB0u)
#define DEMCR                 REGISTER(0xE000EDFCu)
#define MPU_CTRL              REGISTER(0xE000ED94u)
#define MPU_RNR               REGISTER(0xE000ED98u)
#define MPU_RBAR              REGISTER(0xE000ED9Cu)
#define MPU_RASR              REGISTER(0xE000EDA0u)
#define SYST_CSR_RUN          7u /* processor clock, interrupt, enable */
#define SYST_CSR_COUNTFLAG    (1u << 16)
#define ICSR_PENDSTSET        (1u << 26)
#define ICSR_PENDSTCLR        (1u << 25)
#define SYSTICK_MAX           0x1000000u
#define CFSR_MMARVALID        (1u << 7)
#define CFSR_BFARVALID        (1u << 15)
#define CFSR_STACKING         (1u << 4 | 1u << 5 | 1u << 12 | 1u << 13)
#define PRIORITY_LOWEST       0xFFu
#define PRIORITY_ABOVE_LOWEST 0xE0u

/* Whether idle sleeps over ticks that nobody waits for. */
#ifdef TX_PORT_EVERY_TICK
#define TICKLESS 0
#else
#define TICKLESS 1
#endif

/* What restarting SysTick takes where there is no cycle counter to measure it, and the least that
 * it is restarted with, in cycles. */
#define RESTART_CYCLES 30u
#define RESTART_LEAST  200u

/* What pendsv_handler below takes these to be. */
_Static_assert(offsetof(TX_KERNEL, current) == 0, "offset");
_Static_assert(offsetof(TX_KERNEL, execute) == 4, "offset");
_Static_assert(offsetof(TX_KERNEL, lock) == 8, "offset");
_Static_assert(offsetof(TX_THREAD, tx_thread_run_count) == 4, "offset");
_Static_assert(offsetof(TX_THREAD, tx_thread_stack_ptr) == 8, "offset");
_Static_assert(offsetof(TX_THREAD, tx_thread_stack_start) == 12, "offset");

ULONG tx_port_core_clock;
static ULONG period; /* of a tick, in cycles; 0 without SysTick */

/* The first memory that the linker script leaves free, if it says. */
extern char linker_unused_memory[] __attribute__((weak));

#define STRING_OF(x) #x
#define STRING(x)    STRING_OF(x)

/* Calls a function with the thread that is left in R0; R4 to R11 and LR have been saved. */
#define CALL(function)                                                                             \
    "mov r4, r1\n\t"                                                                               \
    "mov r5, r3\n\t"                                                                               \
    "bl " function "\n\t"                                                                          \
    "mov r1, r4\n\t"                                                                               \
    "mov r3, r5\n\t"

#ifdef TX_ENABLE_STACK_CHECKING
#define CHECK_STACK CALL("_tx_thread_stack_check")
#else
#define CHECK_STACK
#endif
#ifdef TX_EXECUTION_PROFILE_ENABLE
#define CHARGE_TIME CALL("_tx_execution_switch")
#else
#define CHARGE_TIME
#endif

#ifdef TX_PORT_MPU_GUARD
/* RBAR with VALID and REGION (B3.5.8); the return is what an ISB would be (B3.1.1). */
#define MOVE_GUARD                                                                                 \
    "ldr r0, [r1, #12]\n\t"                                                                        \
    "adds r0, #31\n\t"                                                                             \
    "bic r0, #31\n\t"                                                                              \
    "orr r0, #(0x10 | " STRING(TX_PORT_MPU_GUARD) ")\n\t"                                          \
                                                  "ldr r12, =0xE000ED9C\n\t"                       \
                                                  "str r0, [r12]\n\t"                              \
                                                  "dsb\n\t"
#else
#define MOVE_GUARD
#endif

/*
 * The switch. It needs no masking: an interrupt that changes _tx_kernel.execute meanwhile sets
 * PendSV pending again. Under the lock it does nothing; unlocking sets it pending again. Bit 4 of
 * EXC_RETURN is clear where the thread has a floating-point context; only then are S16 to S31 saved,
 * which makes the hardware save the lower ones too (B1.5.7).
 */
__attribute__((naked)) void pendsv_handler(void);
void pendsv_handler(void)
{
    __asm__ volatile("movw r3, #:lower16:_tx_kernel\n\t"
                     "movt r3, #:upper16:_tx_kernel\n\t"
                     "ldrd r0, r1, [r3]\n\t" /* current, execute */
                     "ldr r2, [r3, #8]\n\t"  /* lock */
                     "cbnz r2, 2f\n\t"
                     "cmp r0, r1\n\t"
                     "beq 2f\n\t"
                     "cbz r0, 1f\n\t"
                     "mrs r2, psp\n\t"
                     "tst lr, #0x10\n\t"
                     "it eq\n\t"
                     "vstmdbeq r2!, {s16-s31}\n\t"
                     "stmdb r2!, {r4-r11, lr}\n\t"
                     "str r2, [r0, #8]\n\t" CHECK_STACK CHARGE_TIME "1:\n\t"
                     "str r1, [r3]\n\t"
                     "ldrd r0, r2, [r1, #4]\n\t" /* run count, stack */
                     "adds r0, #1\n\t"
                     "str r0, [r1, #4]\n\t" MOVE_GUARD "ldmia r2!, {r4-r11, lr}\n\t"
                     "tst lr, #0x10\n\t"
                     "it eq\n\t"
                     "vldmiaeq r2!, {s16-s31}\n\t"
                     "msr psp, r2\n\t"
                     "2:\n\t"
                     "bx lr\n\t"
                     ".ltorg");
}

#ifdef TX_EXECUTION_PROFILE_ENABLE
void _tx_timer_interrupt(void)
{
    _tx_execution_isr_enter();
    _tx_timer_advance(1);
    _tx_execution_isr_exit();
}
#else
void _tx_timer_interrupt(void)
{
    _tx_timer_advance(1);
}
#endif

#ifndef TX_PORT_OTHER_TICK
void systick_handler(void) __attribute__((alias("_tx_timer_interrupt")));
void SysTick_Handler(void) __attribute__((alias("_tx_timer_interrupt")));
#endif
void PendSV_Handler(void) __attribute__((alias("pendsv_handler")));

/* A frame as exception return expects it (B1.5.6), below it what pendsv_handler loads. */
void _tx_port_stack_build(TX_THREAD *thread)
{
    ALIGN_TYPE top = ((ALIGN_TYPE)thread->tx_thread_stack_end + 1u) & ~(ALIGN_TYPE)7u;
    ULONG *frame = (ULONG *)top - 8;
    ULONG *saved = frame - 9;
    for (ULONG *word = saved; word != (ULONG *)top; word++)
        *word = 0;
    frame[7] = 1u << 24; /* xPSR: Thumb */
    frame[6] = (ULONG)_tx_thread_shell & ~1u;
    frame[5] = 0xFFFFFFFFu; /* LR: the shell does not return */
    saved[8] = 0xFFFFFFFDu; /* EXC_RETURN: thread mode, process stack, no floating point */
    thread->tx_thread_stack_ptr = saved;
}

static void initialize_guard(void)
{
#ifdef TX_PORT_MPU_GUARD
    MPU_RNR = TX_PORT_MPU_GUARD;
    MPU_RBAR = ((ULONG)_tx_kernel.idle.tx_thread_stack_start + 31u) & ~31u;
    MPU_RASR = 1u << 28 | 4u << 1 | 1u; /* no access, not even privileged; 32 bytes (B3.5.9) */
    MPU_CTRL |= 5u;                     /* enabled, over the default map */
    SHCSR |= 1u << 16;                  /* MemManage faults */
#endif
}

/* Whoever is told of the fault may read the whole stack. Only the guard: other regions say what caches
 * may hold. */
static void open_guard(void)
{
#ifdef TX_PORT_MPU_GUARD
    MPU_RNR = TX_PORT_MPU_GUARD;
    MPU_RASR = 0;
    __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
}

VOID *_tx_port_initialize(void)
{
    __asm__ volatile("cpsid i" ::: "memory"); /* until the first thread */
    SHPR3 = PRIORITY_ABOVE_LOWEST << 24 | PRIORITY_LOWEST << 16 | (SHPR3 & 0xFFFFu);
    period = tx_port_core_clock / TX_TIMER_TICKS_PER_SECOND;
    if (period != 0) {
        SYST_RVR = period - 1u;
        SYST_CVR = 0;
        SYST_CSR = SYST_CSR_RUN;
        DEMCR |= 1u << 24;     /* TRCENA, without which there is no DWT */
        DWT_LAR = 0xC5ACCE55u; /* the Cortex-M7's is locked */
        DWT_CTRL |= 1u;        /* CYCCNTENA, for restart() */
    }
    initialize_guard();
    return linker_unused_memory;
}

/* The main stack starts afresh, from the first vector, and belongs to handlers from here on. */
__attribute__((naked)) void _tx_port_start(void)
{
    __asm__ volatile("ldr r0, =0xE000ED08\n\t" /* VTOR */
                     "ldr r0, [r0]\n\t"
                     "ldr r0, [r0]\n\t"
                     "msr msp, r0\n\t"
                     "ldr r0, =0xE000ED04\n\t" /* ICSR.PENDSVSET */
                     "mov r1, #0x10000000\n\t"
                     "str r1, [r0]\n\t"
                     "cpsie i\n\t"
                     "b .\n\t" /* until it is taken, whenever that is */
                     ".ltorg");
}

/*
 * SysTick is stretched without stopping it: it takes a new period from SYST_RVR only when it reaches
 * 0 (B3.3), so a stretch begins with a tick and ends with one, exactly. Only where another interrupt
 * ends the sleep in the middle of a stretch must it be restarted.
 */

struct reading {
    ULONG stamp, count; /* DWT_CYCCNT and SYST_CVR, always so many cycles apart */
};

static struct reading read_clocks(void)
{
    struct reading reading;
    __asm__ volatile("ldr %0, [%2]\n\tldr %1, [%3]"
                     : "=&r"(reading.stamp), "=&r"(reading.count)
                     : "r"(&DWT_CYCCNT), "r"(&SYST_CVR)
                     : "memory");
    return reading;
}

/* Makes a tick end `cycles` after `then`. How late that turns out is made good by the next time, so
 * that it does not add up. */
static void restart(ULONG cycles, struct reading then)
{
    static ULONG late = RESTART_CYCLES;
    SYST_RVR = cycles - late - 1u;
    SYST_CVR = 0;
    while (SYST_CVR ==
           0) /* until it has loaded; one register's accesses keep their order (A3.7.3) */
        ;
    SYST_RVR = period - 1u;
    struct reading now = read_clocks();
    if (now.stamp != then.stamp)
        late += now.count + (now.stamp - then.stamp) - cycles;
}

/* Another interrupt came while a stretch of so many ticks ran. */
static void leave_stretch(ULONG ticks)
{
    struct reading now = read_clocks();
    if (now.count == 0 || (ICSR & ICSR_PENDSTSET)) {
        _tx_timer_advance(ticks - 1u); /* it has just ended; SysTick's handler tells the last */
        return;
    }
    ULONG ticks_left = (now.count + period - 1u) / period;
    ULONG later = (ticks_left - 1u) * period;
    if (later != 0 && now.count - later < RESTART_LEAST) {
        while (SYST_CVR > later)
            ;
        leave_stretch(ticks);
        return;
    }
    if (later != 0)
        restart(now.count - later, now);
    if (ticks_left < ticks)
        _tx_timer_advance(ticks - ticks_left);
}

static void wait_for_interrupt(void)
{
    __asm__ volatile("dsb\n\twfi" ::: "memory");
}

/* Sleeps to the end of the running tick and then over ticks - 1 more, interrupts masked; what has
 * passed by the time of waking is told to the kernel. */
static void sleep(ULONG ticks)
{
    ULONG most = SYSTICK_MAX / period;
    ULONG stretch = ticks - 1u < most ? ticks - 1u : most;
    if (SYST_CVR < RESTART_LEAST || (ICSR & ICSR_PENDSTSET))
        return; /* the tick ends before it could be seen to */
    SYST_RVR = stretch * period - 1u;
    wait_for_interrupt();
    UINT ended = (ICSR & ICSR_PENDSTSET) != 0;
    SYST_RVR = period - 1u;
    if (!ended && SYST_CVR <= period)
        return;
    ICSR = ICSR_PENDSTCLR;
    _tx_timer_advance(1);
    wait_for_interrupt();
    if (ICSR & ICSR_PENDSTSET)
        _tx_timer_advance(stretch - 1u);
    else
        leave_stretch(stretch);
}

void _tx_port_idle(ULONG unused)
{
    (void)unused;
    for (;;) {
        __asm__ volatile("cpsid i" ::: "memory");
        if (_tx_kernel.execute == &_tx_kernel.idle) {
            ULONG ticks = TICKLESS && period != 0 ? _tx_timer_next() : 0;
            if (ticks > 2)
                sleep(ticks);
            else
                wait_for_interrupt();
        }
        __asm__ volatile("cpsie i\n\tisb" ::: "memory");
    }
}

/* Faults. */

__attribute__((weak)) void tx_port_fault(const TX_PORT_FAULT *fault)
{
    (void)fault;
    for (;;)
        ;
}

static UINT in_guard(const TX_THREAD *thread, ULONG address)
{
    ULONG start = (ULONG)thread->tx_thread_stack_start;
    return address - start < 64u;
}

/* Ends the faulting thread, so that pendsv_handler does not save it. */
static void abandon(TX_THREAD *thread)
{
    CFSR = CFSR;
    HFSR = HFSR;
    _tx_thread_terminate(thread);
    _tx_kernel.current = TX_NULL;
    tx_port_switch();
    __asm__ volatile("cpsie i\n\tmsr basepri, %0" ::"r"(0) : "memory");
}

/* Bit 4 of EXC_RETURN is clear where the frame has floating-point registers (B1.5.6). */
static void read_frame(TX_PORT_FAULT *fault, const ULONG *frame, ULONG exc_return)
{
    fault->stack = (ULONG)frame;
    if (fault->cfsr & CFSR_STACKING)
        return;
    fault->frame_valid = TX_TRUE;
    fault->lr = frame[5];
    fault->pc = frame[6];
    fault->psr = frame[7];
    fault->stack += (exc_return & 0x10u) ? 8 * sizeof *frame : 26 * sizeof *frame;
}

static void tell_thread(TX_PORT_FAULT *fault)
{
    const TX_THREAD *thread = fault->thread;
    fault->thread_name = thread->tx_thread_name;
    fault->stack_overflow = (fault->cfsr & CFSR_STACKING) != 0 ||
                            ((fault->cfsr & CFSR_MMARVALID) && in_guard(thread, fault->address));
    if (fault->stack - (ULONG)thread->tx_thread_stack_start >= thread->tx_thread_stack_size)
        fault->stack = (ULONG)thread->tx_thread_stack_start;
}

void _tx_port_faulted(const ULONG *frame, ULONG exc_return);
void _tx_port_faulted(const ULONG *frame, ULONG exc_return)
{
    TX_PORT_FAULT fault = {.cfsr = CFSR, .hfsr = HFSR, .exception_number = ICSR & 0x1FFu};
    open_guard();
    if (exc_return & 4u)
        fault.thread = _tx_kernel.current;
    if (fault.cfsr & CFSR_MMARVALID)
        fault.address = MMFAR;
    else if (fault.cfsr & CFSR_BFARVALID)
        fault.address = BFAR;
    read_frame(&fault, frame, exc_return);
    if (fault.thread != TX_NULL)
        tell_thread(&fault);
    else
        fault.stack = 0;
    tx_port_fault(&fault);
    if (fault.thread == TX_NULL || fault.thread == &_tx_kernel.idle)
        for (;;)
            ;
    abandon(fault.thread);
    initialize_guard();
}

__attribute__((naked)) void fault_handler(void);
void fault_handler(void)
{
    __asm__ volatile("tst lr, #4\n\t"
                     "ite eq\n\t"
                     "mrseq r0, msp\n\t"
                     "mrsne r0, psp\n\t"
                     "mov r1, lr\n\t"
                     "push {r4, lr}\n\t"
                     "bl _tx_port_faulted\n\t"
                     "pop {r4, pc}");
}

void HardFault_Handler(void) __attribute__((alias("fault_handler")));
void MemManage_Handler(void) __attribute__((alias("fault_handler")));
void BusFault_Handler(void) __attribute__((alias("fault_handler")));
void UsageFault_Handler(void) __attribute__((alias("fault_handler")));
