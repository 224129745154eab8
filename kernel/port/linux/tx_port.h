/*
 * The Linux host port: threads are contexts of one process, time is virtual, and interrupts come
 * only where a program says so, so that every run is the same.
 *
 * The clock stands still while threads run. It moves when all of them wait (at once to the next
 * tick that the kernel has to see), and when a thread says with tx_linux_busy() that it computes.
 * An interrupt is a function called by tx_linux_interrupt(), or by the hook that a test sets, which
 * is called at each place where interrupts are enabled again.
 */
#ifndef TX_PORT_H
#define TX_PORT_H

#include <stdint.h>

#define VOID void
typedef char CHAR;
typedef unsigned char UCHAR;
typedef int INT;
typedef unsigned int UINT;
typedef int32_t LONG;
typedef uint32_t ULONG;
typedef uint64_t ULONG64;
typedef short SHORT;
typedef unsigned short USHORT;
typedef uintptr_t ALIGN_TYPE;
#define ULONG64_DEFINED
#define ALIGN_TYPE_DEFINED

#ifndef TX_MINIMUM_STACK
#define TX_MINIMUM_STACK 512
#endif
/* Host code (printf, sanitizers) needs far more stack than a target's: the contexts have their own,
 * and a thread's stack area is only filled and checked. */
#define TX_LINUX_CONTEXT_STACK_SIZE (64 * 1024)
#ifndef TX_TIMER_THREAD_STACK_SIZE
#define TX_TIMER_THREAD_STACK_SIZE 1024
#endif
#define TX_IDLE_STACK_SIZE 512

#define TX_INT_ENABLE  0u
#define TX_INT_DISABLE 1u

#define TX_INTERRUPT_SAVE_AREA UINT interrupt_save;
#define TX_DISABLE             interrupt_save = tx_port_disable();
#define TX_RESTORE             tx_port_restore(interrupt_save);

/* The thread's host context. */
#define TX_THREAD_EXTENSION_2              VOID *tx_thread_linux_context;
#define TX_THREAD_DELETE_EXTENSION(thread) _tx_linux_deleted(thread);
struct TX_THREAD_STRUCT;
void _tx_linux_deleted(struct TX_THREAD_STRUCT *thread);

/* Interrupts disabled (1) or enabled (0), and whether a handler runs. */
extern UINT _tx_linux_posture;
extern UINT _tx_linux_in_isr;
void _tx_linux_enabled(void);

static inline UINT tx_port_disable(void)
{
    UINT posture = _tx_linux_posture;
    _tx_linux_posture = TX_INT_DISABLE;
    return posture;
}

static inline void tx_port_restore(UINT posture)
{
    _tx_linux_posture = posture;
    if (posture == TX_INT_ENABLE)
        _tx_linux_enabled();
}

static inline UINT tx_port_in_isr(void)
{
    return _tx_linux_in_isr != 0;
}

static inline UINT tx_port_leading_zeros(ULONG value)
{
    return value == 0 ? 32u : (UINT)__builtin_clz(value);
}

/* Asks for a switch to _tx_kernel.execute. */
void tx_port_switch(void);

/* Lets it happen now, in a thread, and gives the posture back when the thread runs again. */
static inline void tx_port_switch_now(UINT posture)
{
    tx_port_restore(TX_INT_ENABLE);
    tx_port_restore(posture);
}

/* What a program on the host may call, from threads or handlers. */

/* Lets ticks pass while the caller computes; other threads and timers run as they come. */
void tx_linux_busy(ULONG ticks);
/* Calls handler as an interrupt, as soon as interrupts are enabled. */
void tx_linux_interrupt(void (*handler)(void));
/* Sets what is called wherever interrupts are enabled again outside handlers, or NULL. */
void tx_linux_set_hook(void (*hook)(void));
/* Makes tx_kernel_enter return, from any thread; the threads' contexts end there. */
void tx_linux_stop(void);

#endif
