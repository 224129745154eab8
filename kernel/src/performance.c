/*
 * The performance information services: counts that the other files keep where the library is built
 * with TX_…_ENABLE_PERFORMANCE_INFO, for one object and for all of its kind. In each service, the
 * destinations stand in the order of the kind's counts.
 */
#include "tx_kernel.h"

TX_ALL_COUNTS _tx_counts;

static UINT report(UINT counted, const ULONG *counts, ULONG *const *destinations, UINT number)
{
    if (!counted)
        return TX_FEATURE_NOT_ENABLED;
    UINT posture = tx_port_disable();
    for (UINT i = 0; i < number; i++)
        TX_REPORT(destinations[i], counts[i]);
    tx_port_restore(posture);
    return TX_SUCCESS;
}

#define REPORT(kind, counts) report(TX_##kind##_COUNTED, counts, destinations, TX_##kind##_COUNTS)

UINT _tx_thread_performance_info_get(TX_THREAD *thread, ULONG *resumptions, ULONG *suspensions,
                                     ULONG *solicited_preemptions, ULONG *interrupt_preemptions,
                                     ULONG *priority_inversions, ULONG *time_slices,
                                     ULONG *relinquishes, ULONG *timeouts, ULONG *wait_aborts,
                                     TX_THREAD **last_preempted_by)
{
    ULONG *const destinations[] = {
        resumptions,         suspensions, solicited_preemptions, interrupt_preemptions,
        priority_inversions, time_slices, relinquishes,          timeouts,
        wait_aborts};
    if (thread == TX_NULL)
        return TX_PTR_ERROR;
    TX_TRACE(THREAD_EVENTS, 105, thread, 0, 0, 0);
    if (TX_THREAD_COUNTED)
        TX_REPORT(last_preempted_by, thread->tx_thread_preempted_by);
    return REPORT(THREAD, thread->tx_thread_performance);
}

UINT _tx_thread_performance_system_info_get(ULONG *resumptions, ULONG *suspensions,
                                            ULONG *solicited_preemptions,
                                            ULONG *interrupt_preemptions,
                                            ULONG *priority_inversions, ULONG *time_slices,
                                            ULONG *relinquishes, ULONG *timeouts,
                                            ULONG *wait_aborts, ULONG *non_idle_returns,
                                            ULONG *idle_returns)
{
    ULONG *const destinations[] = {
        resumptions,         suspensions, solicited_preemptions, interrupt_preemptions,
        priority_inversions, time_slices, relinquishes,          timeouts,
        wait_aborts};
    TX_TRACE(THREAD_EVENTS, 106, 0, 0, 0, 0);
    if (TX_THREAD_COUNTED) {
        TX_REPORT(non_idle_returns, _tx_counts.non_idle_returns);
        TX_REPORT(idle_returns, _tx_counts.idle_returns);
    }
    return REPORT(THREAD, _tx_counts.tx_thread_performance);
}

UINT _tx_timer_performance_info_get(TX_TIMER *timer, ULONG *activates, ULONG *reactivates,
                                    ULONG *deactivates, ULONG *expirations,
                                    ULONG *expiration_adjusts)
{
    ULONG *const destinations[] = {activates, reactivates, deactivates, expirations,
                                   expiration_adjusts};
    if (timer == TX_NULL)
        return TX_PTR_ERROR;
    TX_TRACE(TIMER_EVENTS, 128, timer, 0, 0, 0);
    return REPORT(TIMER, timer->tx_timer_performance);
}

UINT _tx_timer_performance_system_info_get(ULONG *activates, ULONG *reactivates, ULONG *deactivates,
                                           ULONG *expirations, ULONG *expiration_adjusts)
{
    ULONG *const destinations[] = {activates, reactivates, deactivates, expirations,
                                   expiration_adjusts};
    TX_TRACE(TIMER_EVENTS, 129, 0, 0, 0, 0);
    return REPORT(TIMER, _tx_counts.tx_timer_performance);
}

UINT _tx_queue_performance_info_get(TX_QUEUE *queue, ULONG *messages_sent, ULONG *messages_received,
                                    ULONG *empty_suspensions, ULONG *full_suspensions,
                                    ULONG *full_errors, ULONG *timeouts)
{
    ULONG *const destinations[] = {messages_sent,    messages_received, empty_suspensions,
                                   full_suspensions, full_errors,       timeouts};
    if (queue == TX_NULL)
        return TX_PTR_ERROR;
    TX_TRACE(QUEUE_EVENTS, 65, queue, 0, 0, 0);
    return REPORT(QUEUE, queue->tx_queue_performance);
}

UINT _tx_queue_performance_system_info_get(ULONG *messages_sent, ULONG *messages_received,
                                           ULONG *empty_suspensions, ULONG *full_suspensions,
                                           ULONG *full_errors, ULONG *timeouts)
{
    ULONG *const destinations[] = {messages_sent,    messages_received, empty_suspensions,
                                   full_suspensions, full_errors,       timeouts};
    TX_TRACE(QUEUE_EVENTS, 66, 0, 0, 0, 0);
    return REPORT(QUEUE, _tx_counts.tx_queue_performance);
}

UINT _tx_semaphore_performance_info_get(TX_SEMAPHORE *semaphore, ULONG *puts, ULONG *gets,
                                        ULONG *suspensions, ULONG *timeouts)
{
    ULONG *const destinations[] = {puts, gets, suspensions, timeouts};
    if (semaphore == TX_NULL)
        return TX_PTR_ERROR;
    TX_TRACE(SEMAPHORE_EVENTS, 85, semaphore, 0, 0, 0);
    return REPORT(SEMAPHORE, semaphore->tx_semaphore_performance);
}

UINT _tx_semaphore_performance_system_info_get(ULONG *puts, ULONG *gets, ULONG *suspensions,
                                               ULONG *timeouts)
{
    ULONG *const destinations[] = {puts, gets, suspensions, timeouts};
    TX_TRACE(SEMAPHORE_EVENTS, 86, 0, 0, 0, 0);
    return REPORT(SEMAPHORE, _tx_counts.tx_semaphore_performance);
}

UINT _tx_mutex_performance_info_get(TX_MUTEX *mutex, ULONG *puts, ULONG *gets, ULONG *suspensions,
                                    ULONG *timeouts, ULONG *inversions, ULONG *inheritances)
{
    ULONG *const destinations[] = {puts, gets, suspensions, timeouts, inversions, inheritances};
    if (mutex == TX_NULL)
        return TX_PTR_ERROR;
    TX_TRACE(MUTEX_EVENTS, 54, mutex, 0, 0, 0);
    return REPORT(MUTEX, mutex->tx_mutex_performance);
}

UINT _tx_mutex_performance_system_info_get(ULONG *puts, ULONG *gets, ULONG *suspensions,
                                           ULONG *timeouts, ULONG *inversions, ULONG *inheritances)
{
    ULONG *const destinations[] = {puts, gets, suspensions, timeouts, inversions, inheritances};
    TX_TRACE(MUTEX_EVENTS, 55, 0, 0, 0, 0);
    return REPORT(MUTEX, _tx_counts.tx_mutex_performance);
}

UINT _tx_event_flags_performance_info_get(TX_EVENT_FLAGS_GROUP *group, ULONG *sets, ULONG *gets,
                                          ULONG *suspensions, ULONG *timeouts)
{
    ULONG *const destinations[] = {sets, gets, suspensions, timeouts};
    if (group == TX_NULL)
        return TX_PTR_ERROR;
    TX_TRACE(EVENT_FLAGS_EVENTS, 34, group, 0, 0, 0);
    return REPORT(EVENT_FLAGS, group->tx_event_flags_group_performance);
}

UINT _tx_event_flags_performance_system_info_get(ULONG *sets, ULONG *gets, ULONG *suspensions,
                                                 ULONG *timeouts)
{
    ULONG *const destinations[] = {sets, gets, suspensions, timeouts};
    TX_TRACE(EVENT_FLAGS_EVENTS, 35, 0, 0, 0, 0);
    return REPORT(EVENT_FLAGS, _tx_counts.tx_event_flags_group_performance);
}

UINT _tx_block_pool_performance_info_get(TX_BLOCK_POOL *pool, ULONG *allocates, ULONG *releases,
                                         ULONG *suspensions, ULONG *timeouts)
{
    ULONG *const destinations[] = {allocates, releases, suspensions, timeouts};
    if (pool == TX_NULL)
        return TX_PTR_ERROR;
    TX_TRACE(BLOCK_POOL_EVENTS, 14, pool, 0, 0, 0);
    return REPORT(BLOCK_POOL, pool->tx_block_pool_performance);
}

UINT _tx_block_pool_performance_system_info_get(ULONG *allocates, ULONG *releases,
                                                ULONG *suspensions, ULONG *timeouts)
{
    ULONG *const destinations[] = {allocates, releases, suspensions, timeouts};
    TX_TRACE(BLOCK_POOL_EVENTS, 15, 0, 0, 0, 0);
    return REPORT(BLOCK_POOL, _tx_counts.tx_block_pool_performance);
}

UINT _tx_byte_pool_performance_info_get(TX_BYTE_POOL *pool, ULONG *allocates, ULONG *releases,
                                        ULONG *fragments_searched, ULONG *merges, ULONG *splits,
                                        ULONG *suspensions, ULONG *timeouts)
{
    ULONG *const destinations[] = {allocates,   releases, fragments_searched, merges, splits,
                                   suspensions, timeouts};
    if (pool == TX_NULL)
        return TX_PTR_ERROR;
    TX_TRACE(BYTE_POOL_EVENTS, 24, pool, 0, 0, 0);
    return REPORT(BYTE_POOL, pool->tx_byte_pool_performance);
}

UINT _tx_byte_pool_performance_system_info_get(ULONG *allocates, ULONG *releases,
                                               ULONG *fragments_searched, ULONG *merges,
                                               ULONG *splits, ULONG *suspensions, ULONG *timeouts)
{
    ULONG *const destinations[] = {allocates,   releases, fragments_searched, merges, splits,
                                   suspensions, timeouts};
    TX_TRACE(BYTE_POOL_EVENTS, 25, 0, 0, 0, 0);
    return REPORT(BYTE_POOL, _tx_counts.tx_byte_pool_performance);
}

/* Counts a time-out with what the thread waits for. */
void _tx_count_timeout(TX_THREAD *thread)
{
    VOID *waiters = thread->tx_thread_suspend_list;
    TX_COUNT_THREAD(thread, TIMEOUTS);
    switch (thread->tx_thread_state) {
    case TX_QUEUE_SUSP:
        TX_COUNT_QUEUE(TX_CONTAINER(waiters, TX_QUEUE, tx_queue_waiters), TIMEOUTS);
        break;
    case TX_SEMAPHORE_SUSP:
        TX_COUNT_SEMAPHORE(TX_CONTAINER(waiters, TX_SEMAPHORE, tx_semaphore_waiters), TIMEOUTS);
        break;
    case TX_EVENT_FLAG:
        TX_COUNT_EVENT_FLAGS(
            TX_CONTAINER(waiters, TX_EVENT_FLAGS_GROUP, tx_event_flags_group_waiters), TIMEOUTS);
        break;
    case TX_BLOCK_MEMORY:
        TX_COUNT_BLOCK_POOL(TX_CONTAINER(waiters, TX_BLOCK_POOL, tx_block_pool_waiters), TIMEOUTS);
        break;
    case TX_BYTE_MEMORY:
        TX_COUNT_BYTE_POOL(TX_CONTAINER(waiters, TX_BYTE_POOL, tx_byte_pool_waiters), TIMEOUTS);
        break;
    case TX_MUTEX_SUSP:
        TX_COUNT_MUTEX(TX_CONTAINER(waiters, TX_MUTEX, tx_mutex_waiters), TIMEOUTS);
        break;
    default:
        break;
    }
}
