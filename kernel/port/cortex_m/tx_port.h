/*
 * The Cortex-M4 and Cortex-M7 port.
 *
 * Kernel calls are allowed from every handler that the kernel's masking holds off: all of them with
 * PRIMASK (the default); with TX_PORT_USE_BASEPRI those of priority TX_PORT_BASEPRI and below,
 * while those above are never delayed and must not call the kernel. PendSV has the lowest priority
 * and SysTick the one above it.
 *
 * The application sets tx_port_core_clock before tx_kernel_enter, if SysTick is to make the ticks;
 * otherwise it calls _tx_timer_interrupt at each tick by itself. Its vector table names
 * pendsv_handler, systick_handler and fault_handler (or PendSV_Handler, … as CMSIS has them).
 */
#ifndef TX_PORT_H
#define TX_PORT_H

#include <stdint.h>

#define VOID void
typedef char CHAR;
typedef unsigned char UCHAR;
typedef int INT;
typedef unsigned int UINT;
typedef long LONG;
typedef unsigned long ULONG;
typedef unsigned long long ULONG64;
typedef short SHORT;
typedef unsigned short USHORT;
typedef unsigned long ALIGN_TYPE;
#define ULONG64_DEFINED
#define ALIGN_TYPE_DEFINED

/* An exception frame with floating-point registers, and those that a switch saves. */
#ifndef TX_MINIMUM_STACK
#define TX_MINIMUM_STACK 256
#endif
#ifndef TX_TIMER_THREAD_STACK_SIZE
#define TX_TIMER_THREAD_STACK_SIZE 1024
#endif
#ifndef TX_IDLE_STACK_SIZE
#define TX_IDLE_STACK_SIZE 256
#endif

/* TX_PORT_MPU_GUARD is the number of an MPU region that makes the lowest 32 aligned bytes of the
 * running thread's stack inaccessible; the fill pattern is then looked at above them. */
#ifdef TX_PORT_MPU_GUARD
#define TX_PORT_STACK_FENCE 64u
#endif

#ifndef TX_PORT_BASEPRI
#define TX_PORT_BASEPRI 0x40u
#endif

#define TX_INT_ENABLE 0u
#ifdef TX_PORT_USE_BASEPRI
#define TX_INT_DISABLE TX_PORT_BASEPRI
#else
#define TX_INT_DISABLE 1u
#endif

#define TX_INTERRUPT_SAVE_AREA UINT interrupt_save;
#define TX_DISABLE             interrupt_save = tx_port_disable();
#define TX_RESTORE             tx_port_restore(interrupt_save);

static inline UINT tx_port_disable(void)
{
    UINT posture;
#ifdef TX_PORT_USE_BASEPRI
    __asm__ volatile("mrs %0, basepri\n\tmsr basepri_max, %1"
                     : "=&r"(posture)
                     : "r"(TX_PORT_BASEPRI)
                     : "memory");
#else
    __asm__ volatile("mrs %0, primask\n\tcpsid i" : "=r"(posture)::"memory");
#endif
    return posture;
}

static inline void tx_port_restore(UINT posture)
{
#ifdef TX_PORT_USE_BASEPRI
    __asm__ volatile("msr basepri, %0" ::"r"(posture) : "memory");
#else
    __asm__ volatile("msr primask, %0" ::"r"(posture) : "memory");
#endif
}

static inline UINT tx_port_in_isr(void)
{
    UINT exception;
    __asm__ volatile("mrs %0, ipsr" : "=r"(exception));
    return exception != 0;
}

/* 32 for 0, which the compiler's builtin does not promise. */
static inline UINT tx_port_leading_zeros(ULONG value)
{
    UINT zeros;
    __asm__("clz %0, %1" : "=r"(zeros) : "r"(value));
    return zeros;
}

/* Asks for a switch to _tx_kernel.execute: ICSR.PENDSVSET (ARMv7-M, B3.2.4). */
static inline void tx_port_switch(void)
{
    *(volatile ULONG *)0xE000ED04u = 1u << 28;
}

/* Lets it happen now, in a thread, and gives the posture back when the thread runs again. */
static inline void tx_port_switch_now(UINT posture)
{
#ifdef TX_PORT_USE_BASEPRI
    __asm__ volatile("dsb\n\tmsr basepri, %1\n\tisb\n\tmsr basepri, %0" ::"r"(posture), "r"(0)
                     : "memory");
#else
    __asm__ volatile("dsb\n\tcpsie i\n\tisb\n\tmsr primask, %0" ::"r"(posture) : "memory");
#endif
}

/* Time stamps of the event trace: the cycle counter, which the application enables. */
#ifndef TX_TRACE_TIME_SOURCE
#define TX_TRACE_TIME_SOURCE (*(volatile ULONG *)0xE0001004u)
#define TX_TRACE_TIME_MASK   0xFFFFFFFFu
#endif

/* The execution profile's time: the cycle counter, which the kernel enables with SysTick. */
#ifndef TX_EXECUTION_TIME_SOURCE
#define TX_EXECUTION_TIME_SOURCE (*(volatile ULONG *)0xE0001004u)
#endif

/* The core's clock in Hz, from which SysTick is counted down. */
extern ULONG tx_port_core_clock;
/* One tick: for an application with another source of ticks than SysTick, from its handler. */
void _tx_timer_interrupt(void);

/* A fault, as its handler found it. */
struct TX_THREAD_STRUCT;
typedef struct TX_PORT_FAULT_STRUCT {
    struct TX_THREAD_STRUCT *thread; /* TX_NULL if a handler or initialization ran */
    const CHAR *thread_name;
    UINT stack_overflow;   /* the stack's guard or fence was hit */
    UINT frame_valid;      /* pc, lr and psr could be read */
    ULONG pc, lr, psr;     /* where */
    ULONG cfsr, hfsr;      /* what: ARMv7-M, B3.2.15 and B3.2.16 */
    ULONG address;         /* MMFAR or BFAR, where CFSR says that it is valid */
    ULONG stack;           /* from here to the stack's end is what the thread had on it, to be read,
                            * the guard too; 0: no thread's */
    UINT exception_number; /* 3 hard, 4 memory, 5 bus, 6 usage */
} TX_PORT_FAULT;

/* Called at a fault; the default stops for ever. If it returns and a thread was the cause, that
 * thread is terminated and the others go on. */
void tx_port_fault(const TX_PORT_FAULT *fault);

#endif
