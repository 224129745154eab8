/*
 * The execution profile. What has passed since the last look is charged to who ran: at each switch,
 * where a handler says that it begins or ends, and where somebody asks.
 */
#include "tx_kernel.h"

#ifdef TX_EXECUTION_PROFILE_ENABLE
#include "tx_execution_profile.h"

#ifndef TX_EXECUTION_TIME_SOURCE
#define TX_EXECUTION_TIME_SOURCE _tx_kernel.ticks
#endif

static EXECUTION_TIME_SOURCE_TYPE looked; /* when, last */
static EXECUTION_TIME in_threads, in_handlers, in_idle;
static ULONG nesting; /* of handlers that have said so */

static void charge(void)
{
    EXECUTION_TIME_SOURCE_TYPE now = TX_EXECUTION_TIME_SOURCE;
    EXECUTION_TIME_SOURCE_TYPE passed = now - looked;
    TX_THREAD *thread = _tx_kernel.current;
    looked = now;
    if (nesting != 0) {
        in_handlers += passed;
    } else if (thread == &_tx_kernel.idle) {
        in_idle += passed;
    } else if (thread != TX_NULL) {
        thread->tx_thread_execution_time_total += passed;
        in_threads += passed;
    }
}

void _tx_execution_initialize(void)
{
    in_threads = in_handlers = in_idle = nesting = 0;
    looked = TX_EXECUTION_TIME_SOURCE;
}

void _tx_execution_switch(void)
{
    UINT posture = tx_port_disable();
    charge();
    tx_port_restore(posture);
}

VOID _tx_execution_isr_enter(VOID)
{
    UINT posture = tx_port_disable();
    charge();
    nesting++;
    tx_port_restore(posture);
}

VOID _tx_execution_isr_exit(VOID)
{
    UINT posture = tx_port_disable();
    charge();
    nesting--;
    tx_port_restore(posture);
}

static UINT get(EXECUTION_TIME *total, EXECUTION_TIME *total_time)
{
    if (total_time == TX_NULL)
        return TX_PTR_ERROR;
    UINT posture = tx_port_disable();
    charge();
    *total_time = *total;
    tx_port_restore(posture);
    return TX_SUCCESS;
}

static UINT reset(EXECUTION_TIME *total)
{
    UINT posture = tx_port_disable();
    charge();
    *total = 0;
    tx_port_restore(posture);
    return TX_SUCCESS;
}

static UINT is_thread(const TX_THREAD *thread)
{
    return thread != TX_NULL && thread->tx_thread_id == TX_THREAD_ID;
}

UINT _tx_execution_thread_time_get(TX_THREAD *thread, EXECUTION_TIME *total_time)
{
    if (!is_thread(thread))
        return TX_THREAD_ERROR;
    return get(&thread->tx_thread_execution_time_total, total_time);
}

UINT _tx_execution_thread_time_reset(TX_THREAD *thread)
{
    if (!is_thread(thread))
        return TX_THREAD_ERROR;
    return reset(&thread->tx_thread_execution_time_total);
}

UINT _tx_execution_thread_total_time_get(EXECUTION_TIME *total_time)
{
    return get(&in_threads, total_time);
}

UINT _tx_execution_isr_time_get(EXECUTION_TIME *total_time)
{
    return get(&in_handlers, total_time);
}

UINT _tx_execution_idle_time_get(EXECUTION_TIME *total_time)
{
    return get(&in_idle, total_time);
}

/* Threads come and go only with interrupts masked, so the list is walked so. */
UINT _tx_execution_thread_total_time_reset(VOID)
{
    UINT posture = tx_port_disable();
    charge();
    in_threads = 0;
    for (TX_LINK *link = _tx_kernel.threads.next; link != &_tx_kernel.threads; link = link->next)
        TX_CONTAINER(link, TX_THREAD, tx_thread_created)->tx_thread_execution_time_total = 0;
    tx_port_restore(posture);
    return TX_SUCCESS;
}

UINT _tx_execution_isr_time_reset(VOID)
{
    return reset(&in_handlers);
}

UINT _tx_execution_idle_time_reset(VOID)
{
    return reset(&in_idle);
}
#endif
