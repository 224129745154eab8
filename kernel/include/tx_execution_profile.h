/*
 * How long each thread, idle and interrupt handlers have run, in the unit of
 * TX_EXECUTION_TIME_SOURCE: cycles of the core on a Cortex-M (the DWT's counter, which stands still
 * in sleep, so that idle time is what idle was awake), ticks on the host. For a library and an
 * application that are built with TX_EXECUTION_PROFILE_ENABLE.
 *
 * Times of a handler count for what it interrupted, unless it calls _tx_execution_isr_enter() first
 * and _tx_execution_isr_exit() last, as the kernel's own tick does; they nest. The source may wrap
 * once between two switches, not more. Any context.
 */
#ifndef TX_EXECUTION_PROFILE_H
#define TX_EXECUTION_PROFILE_H

#include "tx_api.h"

typedef ULONG64 EXECUTION_TIME;
typedef ULONG EXECUTION_TIME_SOURCE_TYPE;

VOID _tx_execution_isr_enter(VOID);
VOID _tx_execution_isr_exit(VOID);

/* TX_SUCCESS; a thread that is not one is TX_THREAD_ERROR, a null pointer TX_PTR_ERROR. */
UINT _tx_execution_thread_time_get(TX_THREAD *thread, EXECUTION_TIME *total_time);
UINT _tx_execution_thread_total_time_get(EXECUTION_TIME *total_time); /* of all threads but idle */
UINT _tx_execution_isr_time_get(EXECUTION_TIME *total_time);
UINT _tx_execution_idle_time_get(EXECUTION_TIME *total_time);

UINT _tx_execution_thread_time_reset(TX_THREAD *thread);
UINT _tx_execution_thread_total_time_reset(VOID); /* and that of every thread */
UINT _tx_execution_isr_time_reset(VOID);
UINT _tx_execution_idle_time_reset(VOID);

#endif
