/*
 * Which thread runs.
 *
 * Ready threads stand in one list a priority, the running one among them, and two levels of bits
 * find the first list that is not empty. The idle thread has a list of its own behind all others,
 * so that there is always a thread to execute.
 *
 * A thread whose preemption-threshold is above its priority keeps threads between the two from
 * running, from when it starts to run until it blocks or relinquishes, even while a thread above
 * the threshold has preempted it. Threads that were preempted so stand in the holding list, the
 * latest first; each was preempted by one that its threshold admits, so the first has the highest
 * threshold of them and is the only one to ask.
 */
#include "tx_kernel.h"

TX_KERNEL _tx_kernel;

static void enter_ready(TX_THREAD *thread, UINT at_front)
{
    UINT priority = thread->tx_thread_priority;
    TX_LINK *list = &_tx_kernel.ready_list[priority];
    tx_list_insert(at_front ? list : list->previous, &thread->tx_thread_ready);
#if TX_READY_GROUPS == 1
    _tx_kernel.ready[0] |= 0x80000000u >> priority;
#else
    _tx_kernel.ready[priority / 32] |= 0x80000000u >> priority % 32;
    _tx_kernel.ready_groups |= 0x80000000u >> priority / 32;
#endif
}

static void leave_ready(TX_THREAD *thread)
{
    TX_LINK *next = thread->tx_thread_ready.next;
    tx_list_remove(&thread->tx_thread_ready);
    if (next->next != next)
        return;
    UINT priority = thread->tx_thread_priority;
#if TX_READY_GROUPS == 1
    _tx_kernel.ready[0] &= ~(0x80000000u >> priority);
#else
    ULONG left = _tx_kernel.ready[priority / 32] &= ~(0x80000000u >> priority % 32);
    if (left == 0)
        _tx_kernel.ready_groups &= ~(0x80000000u >> priority / 32);
#endif
}

static TX_THREAD *highest_ready(void)
{
#if TX_READY_GROUPS == 1
    UINT priority = tx_port_leading_zeros(_tx_kernel.ready[0]);
#else
    UINT group = tx_port_leading_zeros(_tx_kernel.ready_groups);
    UINT priority = TX_IDLE_PRIORITY;
    if (group < 32)
        priority = group * 32 + tx_port_leading_zeros(_tx_kernel.ready[group]);
#endif
    return TX_CONTAINER(_tx_kernel.ready_list[priority].next, TX_THREAD, tx_thread_ready);
}

#ifndef TX_DISABLE_PREEMPTION_THRESHOLD
static UINT has_threshold(const TX_THREAD *thread)
{
    return thread->tx_thread_preempt_threshold != thread->tx_thread_priority;
}

static void hold(TX_THREAD *thread)
{
    if (thread == _tx_kernel.current && thread->tx_thread_holding.next == TX_NULL)
        tx_list_insert(&_tx_kernel.holding, &thread->tx_thread_holding);
}
#endif

/* Called before another thread may be chosen although the running one is ready. */
static inline void hold_running(TX_THREAD *running)
{
#ifndef TX_DISABLE_PREEMPTION_THRESHOLD
    if (has_threshold(running))
        hold(running);
#else
    (void)running;
#endif
}

static void release_hold(TX_THREAD *thread)
{
#ifndef TX_DISABLE_PREEMPTION_THRESHOLD
    if (thread->tx_thread_holding.next != TX_NULL) {
        tx_list_remove(&thread->tx_thread_holding);
        thread->tx_thread_holding.next = TX_NULL;
    }
#else
    (void)thread;
#endif
}

static void execute(TX_THREAD *thread)
{
    if (_tx_kernel.execute == thread)
        return;
    _tx_kernel.execute = thread;
    tx_port_switch();
}

static void count_preemption(TX_THREAD *by)
{
    TX_THREAD *thread = _tx_kernel.execute;
    if (!TX_THREAD_COUNTED || thread == &_tx_kernel.idle)
        return;
    thread->tx_thread_preempted_by = by;
    if (tx_port_in_isr())
        TX_COUNT_THREAD(thread, INTERRUPT_PREEMPTIONS);
    else
        TX_COUNT_THREAD(thread, SOLICITED_PREEMPTIONS);
}

void _tx_thread_ready(TX_THREAD *thread)
{
    TX_TRACE(INTERNAL_EVENTS, 1, thread, thread->tx_thread_state, TX_TRACE_STACK,
             _tx_kernel.execute);
    if (thread->tx_thread_delayed_suspend) {
        thread->tx_thread_delayed_suspend = TX_FALSE;
        thread->tx_thread_state = TX_SUSPENDED;
        return;
    }
    TX_COUNT_THREAD(thread, RESUMPTIONS);
    thread->tx_thread_state = TX_READY;
    enter_ready(thread, TX_FALSE);
    TX_THREAD *running = _tx_kernel.execute;
    if (thread->tx_thread_priority >= running->tx_thread_preempt_threshold)
        return;
    hold_running(running);
    count_preemption(thread);
    _tx_kernel.execute = thread;
    tx_port_switch();
}

void _tx_thread_unready(TX_THREAD *thread, UINT state)
{
    TX_COUNT_THREAD(thread, SUSPENSIONS);
    thread->tx_thread_state = state;
    thread->tx_thread_time_slice = thread->tx_thread_new_time_slice;
    leave_ready(thread);
    release_hold(thread);
    if (thread == _tx_kernel.execute)
        _tx_thread_reselect();
    TX_TRACE(INTERNAL_EVENTS, 2, thread, state, TX_TRACE_STACK, _tx_kernel.execute);
}

void _tx_thread_reselect(void)
{
    TX_THREAD *best = highest_ready();
#ifndef TX_DISABLE_PREEMPTION_THRESHOLD
    TX_LINK *first = _tx_kernel.holding.next;
    if (first != &_tx_kernel.holding) {
        TX_THREAD *holder = TX_CONTAINER(first, TX_THREAD, tx_thread_holding);
        if (holder->tx_thread_preempt_threshold <= best->tx_thread_priority)
            best = holder;
    }
#endif
    execute(best);
}

void _tx_thread_rotate(TX_THREAD *thread)
{
    thread->tx_thread_time_slice = thread->tx_thread_new_time_slice;
    release_hold(thread);
    tx_list_remove(&thread->tx_thread_ready);
    tx_list_append(&_tx_kernel.ready_list[thread->tx_thread_priority], &thread->tx_thread_ready);
    _tx_thread_reselect();
}

void _tx_thread_set_priority(TX_THREAD *thread, UINT priority, UINT threshold)
{
    UINT ready = thread->tx_thread_state == TX_READY;
    /* Whoever was running, or was preempted, goes on before others of the new priority. */
    UINT at_front = thread == _tx_kernel.current || thread->tx_thread_holding.next != TX_NULL;
    if (ready)
        leave_ready(thread);
    thread->tx_thread_priority = priority;
    thread->tx_thread_preempt_threshold = threshold;
    if (!ready)
        return;
    enter_ready(thread, at_front);
    if (threshold == priority)
        release_hold(thread);
    hold_running(_tx_kernel.execute);
    _tx_thread_reselect();
}

UINT _tx_thread_block(TX_THREAD *thread, UINT posture)
{
    if (TX_THREAD_COUNTED && _tx_kernel.execute == &_tx_kernel.idle)
        _tx_counts.idle_returns++;
    else if (TX_THREAD_COUNTED)
        _tx_counts.non_idle_returns++;
    tx_port_switch_now(posture);
    return thread->tx_thread_suspend_status;
}

void _tx_unlock(void)
{
    _tx_kernel.lock--;
    if (_tx_kernel.execute != _tx_kernel.current)
        tx_port_switch();
}

void _tx_object_created(TX_LINK *list, TX_LINK *created, ULONG *id, ULONG id_value)
{
    UINT posture = tx_port_disable();
    tx_list_append(list, created);
    *id = id_value;
    tx_port_restore(posture);
}
