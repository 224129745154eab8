/* Counting semaphores. While threads wait, the count is 0. */
#include "tx_kernel.h"

static UINT is_semaphore(const TX_SEMAPHORE *semaphore)
{
    return semaphore != TX_NULL && semaphore->tx_semaphore_id == TX_SEMAPHORE_ID;
}

UINT _tx_semaphore_create(TX_SEMAPHORE *semaphore, CHAR *name_ptr, ULONG initial_count)
{
    *semaphore = (TX_SEMAPHORE){.tx_semaphore_name = name_ptr, .tx_semaphore_count = initial_count};
    tx_waiters_init(&semaphore->tx_semaphore_waiters);
    _tx_object_created(&_tx_kernel.semaphores, &semaphore->tx_semaphore_created,
                       &semaphore->tx_semaphore_id, TX_SEMAPHORE_ID);
    TX_TRACE_OBJECT(4, semaphore, name_ptr, initial_count, 0);
    TX_TRACE(SEMAPHORE_EVENTS, 81, semaphore, initial_count, TX_TRACE_STACK, 0);
    return TX_SUCCESS;
}

UINT _txe_semaphore_create(TX_SEMAPHORE *semaphore, CHAR *name_ptr, ULONG initial_count)
{
    if (semaphore == TX_NULL || is_semaphore(semaphore))
        return TX_SEMAPHORE_ERROR;
    if (!tx_from_thread_or_initialization())
        return TX_CALLER_ERROR;
    return _tx_semaphore_create(semaphore, name_ptr, initial_count);
}

UINT _tx_semaphore_delete(TX_SEMAPHORE *semaphore)
{
    UINT posture = tx_port_disable();
    TX_TRACE(SEMAPHORE_EVENTS, 82, semaphore, TX_TRACE_STACK, 0, 0);
    TX_TRACE_OBJECT_GONE(semaphore);
    _tx_object_deleted(&semaphore->tx_semaphore_created, &semaphore->tx_semaphore_id);
    _tx_wake_all(&semaphore->tx_semaphore_waiters, TX_DELETED, posture);
    return TX_SUCCESS;
}

TX_CHECKED_CALLER(semaphore_delete, (TX_SEMAPHORE * semaphore), (semaphore),
                  is_semaphore(semaphore), TX_SEMAPHORE_ERROR, tx_from_thread())

UINT _tx_semaphore_get(TX_SEMAPHORE *semaphore, ULONG wait_option)
{
    UINT posture = tx_port_disable();
    ULONG count = semaphore->tx_semaphore_count;
    TX_TRACE(SEMAPHORE_EVENTS, 83, semaphore, wait_option, count, TX_TRACE_STACK);
    TX_COUNT_SEMAPHORE(semaphore, GETS);
    if (count != 0) {
        semaphore->tx_semaphore_count = count - 1;
        tx_port_restore(posture);
        return TX_SUCCESS;
    }
    if (wait_option != TX_NO_WAIT)
        TX_COUNT_SEMAPHORE(semaphore, SUSPENSIONS);
    return _tx_wait(&semaphore->tx_semaphore_waiters,
                    TX_WAIT_FOR(TX_SEMAPHORE_SUSP, TX_NO_INSTANCE), wait_option, posture);
}

UINT _txe_semaphore_get(TX_SEMAPHORE *semaphore, ULONG wait_option)
{
    if (!is_semaphore(semaphore))
        return TX_SEMAPHORE_ERROR;
    if (!tx_wait_allowed(wait_option))
        return TX_WAIT_ERROR;
    return _tx_semaphore_get(semaphore, wait_option);
}

static inline void notify(TX_SEMAPHORE *semaphore)
{
    VOID (*callback)(TX_SEMAPHORE *) = semaphore->tx_semaphore_notify;
    if (TX_NOTIFY && callback != TX_NULL)
        callback(semaphore);
}

static inline UINT put(TX_SEMAPHORE *semaphore, UINT posture)
{
    TX_COUNT_SEMAPHORE(semaphore, PUTS);
    if (semaphore->tx_semaphore_waiters.count == 0)
        semaphore->tx_semaphore_count++;
    else
        _tx_wake(tx_first_waiter(&semaphore->tx_semaphore_waiters), TX_SUCCESS);
    tx_port_restore(posture);
    notify(semaphore);
    return TX_SUCCESS;
}

UINT _tx_semaphore_put(TX_SEMAPHORE *semaphore)
{
    UINT posture = tx_port_disable();
    TX_TRACE(SEMAPHORE_EVENTS, 88, semaphore, semaphore->tx_semaphore_count,
             semaphore->tx_semaphore_waiters.count, TX_TRACE_STACK);
    return put(semaphore, posture);
}

TX_CHECKED(semaphore_put, (TX_SEMAPHORE * semaphore), (semaphore), is_semaphore(semaphore),
           TX_SEMAPHORE_ERROR)

UINT _tx_semaphore_ceiling_put(TX_SEMAPHORE *semaphore, ULONG ceiling)
{
    UINT posture = tx_port_disable();
    TX_TRACE(SEMAPHORE_EVENTS, 80, semaphore, semaphore->tx_semaphore_count,
             semaphore->tx_semaphore_waiters.count, ceiling);
    if (semaphore->tx_semaphore_count >= ceiling) {
        tx_port_restore(posture);
        return TX_CEILING_EXCEEDED;
    }
    return put(semaphore, posture);
}

UINT _txe_semaphore_ceiling_put(TX_SEMAPHORE *semaphore, ULONG ceiling)
{
    if (!is_semaphore(semaphore))
        return TX_SEMAPHORE_ERROR;
    if (ceiling == 0)
        return TX_INVALID_CEILING;
    return _tx_semaphore_ceiling_put(semaphore, ceiling);
}

UINT _tx_semaphore_prioritize(TX_SEMAPHORE *semaphore)
{
    TX_TRACE(SEMAPHORE_EVENTS, 87, semaphore, semaphore->tx_semaphore_waiters.count, TX_TRACE_STACK,
             0);
    return _tx_wait_prioritize(&semaphore->tx_semaphore_waiters);
}

TX_CHECKED(semaphore_prioritize, (TX_SEMAPHORE * semaphore), (semaphore), is_semaphore(semaphore),
           TX_SEMAPHORE_ERROR)

UINT _tx_semaphore_put_notify(TX_SEMAPHORE *semaphore, VOID (*semaphore_put_notify)(TX_SEMAPHORE *))
{
    if (!TX_NOTIFY)
        return TX_FEATURE_NOT_ENABLED;
    TX_TRACE(SEMAPHORE_EVENTS, 89, semaphore, 0, 0, 0);
    semaphore->tx_semaphore_notify = semaphore_put_notify;
    return TX_SUCCESS;
}

TX_CHECKED(semaphore_put_notify,
           (TX_SEMAPHORE * semaphore, VOID (*semaphore_put_notify)(TX_SEMAPHORE *)),
           (semaphore, semaphore_put_notify), is_semaphore(semaphore), TX_SEMAPHORE_ERROR)

UINT _tx_semaphore_info_get(TX_SEMAPHORE *semaphore, CHAR **name, ULONG *current_value,
                            TX_THREAD **first_suspended, ULONG *suspended_count,
                            TX_SEMAPHORE **next_semaphore)
{
    UINT posture = tx_port_disable();
    TX_TRACE(SEMAPHORE_EVENTS, 84, semaphore, 0, 0, 0);
    TX_REPORT(name, semaphore->tx_semaphore_name);
    TX_REPORT(current_value, semaphore->tx_semaphore_count);
    TX_REPORT_WAITERS(&semaphore->tx_semaphore_waiters, first_suspended, suspended_count);
    TX_REPORT(next_semaphore, TX_NEXT(semaphores, semaphore, TX_SEMAPHORE, tx_semaphore_created));
    tx_port_restore(posture);
    return TX_SUCCESS;
}

TX_CHECKED(semaphore_info_get,
           (TX_SEMAPHORE * semaphore, CHAR **name, ULONG *current_value,
            TX_THREAD **first_suspended, ULONG *suspended_count, TX_SEMAPHORE **next_semaphore),
           (semaphore, name, current_value, first_suspended, suspended_count, next_semaphore),
           is_semaphore(semaphore), TX_SEMAPHORE_ERROR)
