/* From main to the first thread. */
#include "tx_kernel.h"

static ULONG idle_stack[(TX_IDLE_STACK_SIZE + sizeof(ULONG) - 1) / sizeof(ULONG)]
    __attribute__((aligned(32)));

static void initialize_lists(void)
{
    TX_LINK *kinds[] = {&_tx_kernel.threads,     &_tx_kernel.timers,     &_tx_kernel.queues,
                        &_tx_kernel.semaphores,  &_tx_kernel.mutexes,    &_tx_kernel.event_flags,
                        &_tx_kernel.block_pools, &_tx_kernel.byte_pools, &_tx_kernel.holding,
                        &_tx_kernel.due};
    for (ULONG i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        tx_list_init(kinds[i]);
    for (ULONG i = 0; i < TX_MAX_PRIORITIES + 1u; i++)
        tx_list_init(&_tx_kernel.ready_list[i]);
    for (ULONG i = 0; i < TX_TIMER_BUCKETS; i++)
        tx_list_init(&_tx_kernel.bucket[i]);
}

/* The idle thread is always ready, in the list behind all priorities, and in no other. */
static void initialize_idle(void)
{
    TX_THREAD *idle = &_tx_kernel.idle;
    *idle = (TX_THREAD){
        .tx_thread_id = TX_THREAD_ID,
        .tx_thread_name = (CHAR *)"idle",
        .tx_thread_entry = _tx_port_idle,
        .tx_thread_stack_start = idle_stack,
        .tx_thread_stack_end = (UCHAR *)idle_stack + sizeof idle_stack - 1,
        .tx_thread_stack_size = sizeof idle_stack,
        .tx_thread_priority = TX_IDLE_PRIORITY,
        .tx_thread_preempt_threshold = TX_IDLE_PRIORITY,
    };
    for (ULONG i = 0; i < sizeof idle_stack / sizeof idle_stack[0]; i++)
        idle_stack[i] = TX_STACK_FILL;
    _tx_port_stack_build(idle);
    tx_list_append(&_tx_kernel.ready_list[TX_IDLE_PRIORITY], &idle->tx_thread_ready);
    _tx_kernel.execute = idle;
}

VOID _tx_kernel_enter(VOID)
{
#ifndef TX_DISABLE_REDUNDANT_CLEARING
    _tx_kernel = (TX_KERNEL){0};
#endif
    _tx_kernel.lock = 1; /* no thread runs before the last line */
    initialize_lists();
    initialize_idle();
    _tx_timer_initialize();
    VOID *first_unused_memory = _tx_port_initialize();
    tx_application_define(first_unused_memory);
    _tx_kernel.lock = 0;
#ifdef TX_EXECUTION_PROFILE_ENABLE
    _tx_execution_initialize();
#endif
    _tx_port_start();
}

UINT _tx_interrupt_control(UINT new_posture)
{
    UINT old_posture = tx_port_disable();
    TX_TRACE(INTERRUPT_CONTROL_EVENT, 40, new_posture, TX_TRACE_STACK, 0, 0);
    tx_port_restore(new_posture);
    return old_posture;
}
