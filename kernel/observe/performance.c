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

/* Both services of a kind; event is the first's number in the trace, the second's is the next. */
#define UNPACK(...) __VA_ARGS__
#define SERVICES(service, kind, type, member, event, parameters, names)                            \
    UINT _tx_##service##_performance_info_get(type *object, UNPACK parameters)                     \
    {                                                                                              \
        ULONG *const destinations[] = {UNPACK names};                                              \
        if (object == TX_NULL)                                                                     \
            return TX_PTR_ERROR;                                                                   \
        TX_TRACE(kind##_EVENTS, event, object, 0, 0, 0);                                           \
        return REPORT(kind, object->member);                                                       \
    }                                                                                              \
    UINT _tx_##service##_performance_system_info_get(UNPACK parameters)                            \
    {                                                                                              \
        ULONG *const destinations[] = {UNPACK names};                                              \
        TX_TRACE(kind##_EVENTS, (event) + 1, 0, 0, 0, 0);                                          \
        return REPORT(kind, _tx_counts.member);                                                    \
    }

SERVICES(timer, TIMER, TX_TIMER, tx_timer_performance, 128,
         (ULONG * activates, ULONG *reactivates, ULONG *deactivates, ULONG *expirations,
          ULONG *expiration_adjusts),
         (activates, reactivates, deactivates, expirations, expiration_adjusts))
SERVICES(queue, QUEUE, TX_QUEUE, tx_queue_performance, 65,
         (ULONG * messages_sent, ULONG *messages_received, ULONG *empty_suspensions,
          ULONG *full_suspensions, ULONG *full_errors, ULONG *timeouts),
         (messages_sent, messages_received, empty_suspensions, full_suspensions, full_errors,
          timeouts))
SERVICES(semaphore, SEMAPHORE, TX_SEMAPHORE, tx_semaphore_performance, 85,
         (ULONG * puts, ULONG *gets, ULONG *suspensions, ULONG *timeouts),
         (puts, gets, suspensions, timeouts))
SERVICES(mutex, MUTEX, TX_MUTEX, tx_mutex_performance, 54,
         (ULONG * puts, ULONG *gets, ULONG *suspensions, ULONG *timeouts, ULONG *inversions,
          ULONG *inheritances),
         (puts, gets, suspensions, timeouts, inversions, inheritances))
SERVICES(event_flags, EVENT_FLAGS, TX_EVENT_FLAGS_GROUP, tx_event_flags_group_performance, 34,
         (ULONG * sets, ULONG *gets, ULONG *suspensions, ULONG *timeouts),
         (sets, gets, suspensions, timeouts))
SERVICES(block_pool, BLOCK_POOL, TX_BLOCK_POOL, tx_block_pool_performance, 14,
         (ULONG * allocates, ULONG *releases, ULONG *suspensions, ULONG *timeouts),
         (allocates, releases, suspensions, timeouts))
SERVICES(byte_pool, BYTE_POOL, TX_BYTE_POOL, tx_byte_pool_performance, 24,
         (ULONG * allocates, ULONG *releases, ULONG *fragments_searched, ULONG *merges,
          ULONG *splits, ULONG *suspensions, ULONG *timeouts),
         (allocates, releases, fragments_searched, merges, splits, suspensions, timeouts))

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
