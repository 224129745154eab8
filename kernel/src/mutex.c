/*
 * Mutexes, with priority inheritance through chains: the owner of an inheriting mutex has at least
 * the priority of each thread that waits for it, and so has the owner of what that owner waits for.
 *
 * Interrupts do not get or put mutexes, but they end waits. So the slow paths here run under the
 * scheduler lock, with windows where waiters are walked.
 */
#include "tx_kernel.h"

static UINT is_mutex(const TX_MUTEX *mutex)
{
    return mutex != TX_NULL && mutex->tx_mutex_id == TX_MUTEX_ID;
}

/* The mutex that thread waits for, TX_NULL if none. */
static TX_MUTEX *awaited(const TX_THREAD *thread)
{
    if (thread->tx_thread_state != TX_MUTEX_SUSP || thread->tx_thread_suspend_list == TX_NULL)
        return TX_NULL; /* the latter while its wait is being ended */
    return TX_CONTAINER(thread->tx_thread_suspend_list, TX_MUTEX, tx_mutex_waiters);
}

static void give_priority(TX_THREAD *thread, UINT priority)
{
    UINT threshold = thread->tx_thread_user_preempt_threshold;
    if (priority != thread->tx_thread_priority)
        _tx_thread_set_priority(thread, priority, threshold < priority ? threshold : priority);
}

/* Raises the owners along the chain that starts at mutex to priority. */
static void raise_owners(TX_MUTEX *mutex, UINT priority)
{
    while (mutex != TX_NULL && mutex->tx_mutex_inherit) {
        TX_THREAD *owner = mutex->tx_mutex_owner;
        if (owner == TX_NULL || owner->tx_thread_priority <= priority)
            return;
        TX_COUNT_MUTEX(mutex, INHERITANCES);
        give_priority(owner, priority);
        mutex = awaited(owner);
    }
}

/* What thread's priority is by itself and by those that wait for what it owns. */
static UINT inherited(const TX_THREAD *thread, UINT *posture)
{
    UINT priority = thread->tx_thread_user_priority;
    const TX_LINK *owned = &thread->tx_thread_owned_mutexes;
    for (const TX_LINK *link = owned->next; link != owned; link = link->next) {
        const TX_MUTEX *mutex = TX_CONTAINER(link, TX_MUTEX, tx_mutex_owned);
        if (!mutex->tx_mutex_inherit)
            continue;
        const TX_THREAD *waiter = _tx_wait_highest(&mutex->tx_mutex_waiters, posture);
        if (waiter != TX_NULL && waiter->tx_thread_priority < priority)
            priority = waiter->tx_thread_priority;
    }
    return priority;
}

/* Gives the owners along the chain that starts at thread what is still due to them. */
static void restore_priority(TX_THREAD *thread, UINT *posture)
{
    while (thread != TX_NULL) {
        UINT priority = inherited(thread, posture);
        if (priority == thread->tx_thread_priority)
            return;
        give_priority(thread, priority);
        const TX_MUTEX *mutex = awaited(thread);
        thread = mutex != TX_NULL && mutex->tx_mutex_inherit ? mutex->tx_mutex_owner : TX_NULL;
    }
}

/* A waiter has left without the mutex (suspend_cleanup). */
static void waiter_left(TX_THREAD *thread)
{
    TX_MUTEX *mutex = thread->tx_thread_additional_suspend_info;
    UINT posture = TX_INT_DISABLE; /* the caller's section stays closed */
    tx_lock();
    restore_priority(mutex->tx_mutex_owner, &posture);
    _tx_unlock();
}

static void set_owner(TX_MUTEX *mutex, TX_THREAD *thread)
{
    mutex->tx_mutex_ownership_count = 1;
    mutex->tx_mutex_owner = thread;
    if (thread != TX_NULL)
        tx_list_insert(&thread->tx_thread_owned_mutexes, &mutex->tx_mutex_owned);
}

/* Takes the mutex from its owner, and gives it to the first waiter if there is one. Under lock. */
static void release(TX_MUTEX *mutex, UINT *posture)
{
    TX_WAITERS *waiters = &mutex->tx_mutex_waiters;
    TX_THREAD *owner = mutex->tx_mutex_owner;
    tx_list_remove(&mutex->tx_mutex_owned);
    restore_priority(owner, posture);
    TX_THREAD *next = TX_NULL;
    if (mutex->tx_mutex_inherit)
        next = _tx_wait_highest(waiters, posture);
    else
        next = tx_first_suspended(waiters);
    mutex->tx_mutex_ownership_count = 0;
    mutex->tx_mutex_owner = TX_NULL;
    if (next == TX_NULL)
        return;
    set_owner(mutex, next);
    _tx_wake(next, TX_SUCCESS);
    restore_priority(next, posture);
}

static void owner_ended(TX_THREAD *thread)
{
    UINT posture = tx_port_disable();
    while (thread->tx_thread_owned_mutexes.next != &thread->tx_thread_owned_mutexes) {
        release(TX_CONTAINER(thread->tx_thread_owned_mutexes.next, TX_MUTEX, tx_mutex_owned),
                &posture);
        TX_WINDOW(posture);
    }
    tx_port_restore(posture);
}

UINT _tx_mutex_create(TX_MUTEX *mutex, CHAR *name_ptr, UINT priority_inherit)
{
    *mutex = (TX_MUTEX){.tx_mutex_name = name_ptr, .tx_mutex_inherit = priority_inherit};
    tx_waiters_init(&mutex->tx_mutex_waiters);
    _tx_kernel.owner_ended = owner_ended;
    _tx_object_created(&_tx_kernel.mutexes, &mutex->tx_mutex_created, &mutex->tx_mutex_id,
                       TX_MUTEX_ID);
    TX_TRACE_OBJECT(5, mutex, name_ptr, priority_inherit, 0);
    TX_TRACE(MUTEX_EVENTS, 50, mutex, priority_inherit, TX_TRACE_STACK, 0);
    return TX_SUCCESS;
}

UINT _txe_mutex_create(TX_MUTEX *mutex, CHAR *name_ptr, UINT priority_inherit)
{
    if (mutex == TX_NULL || is_mutex(mutex))
        return TX_MUTEX_ERROR;
    if (priority_inherit > TX_INHERIT)
        return TX_INHERIT_ERROR;
    if (!tx_from_thread_or_initialization())
        return TX_CALLER_ERROR;
    return _tx_mutex_create(mutex, name_ptr, priority_inherit);
}

UINT _tx_mutex_delete(TX_MUTEX *mutex)
{
    UINT posture = tx_port_disable();
    TX_THREAD *owner = mutex->tx_mutex_owner;
    TX_TRACE(MUTEX_EVENTS, 51, mutex, TX_TRACE_STACK, 0, 0);
    TX_TRACE_OBJECT_GONE(mutex);
    _tx_object_deleted(&mutex->tx_mutex_created, &mutex->tx_mutex_id);
    tx_lock();
    mutex->tx_mutex_owner = TX_NULL;
    if (owner != TX_NULL) {
        tx_list_remove(&mutex->tx_mutex_owned);
        restore_priority(owner, &posture);
    }
    _tx_wake_all(&mutex->tx_mutex_waiters, TX_DELETED, posture);
    posture = tx_port_disable();
    _tx_unlock();
    tx_port_restore(posture);
    return TX_SUCCESS;
}

TX_CHECKED_CALLER(mutex_delete, (TX_MUTEX * mutex), (mutex), is_mutex(mutex), TX_MUTEX_ERROR,
                  tx_from_thread())

static UINT wait_for(TX_MUTEX *mutex, TX_THREAD *thread, ULONG wait_option, UINT posture)
{
    if (wait_option != TX_NO_WAIT) {
        TX_COUNT_MUTEX(mutex, SUSPENSIONS);
        if (mutex->tx_mutex_owner != TX_NULL &&
            mutex->tx_mutex_owner->tx_thread_priority > thread->tx_thread_priority) {
            TX_COUNT_MUTEX(mutex, INVERSIONS);
            TX_COUNT_THREAD(thread, PRIORITY_INVERSIONS);
        }
        if (mutex->tx_mutex_inherit) {
            thread->tx_thread_suspend_cleanup = waiter_left;
            thread->tx_thread_additional_suspend_info = mutex;
            raise_owners(mutex, thread->tx_thread_priority);
        }
    }
    return _tx_wait(&mutex->tx_mutex_waiters, TX_WAIT_FOR(TX_MUTEX_SUSP, TX_NOT_AVAILABLE),
                    wait_option, posture);
}

UINT _tx_mutex_get(TX_MUTEX *mutex, ULONG wait_option)
{
    UINT posture = tx_port_disable();
    TX_THREAD *thread = _tx_kernel.current;
    TX_TRACE(MUTEX_EVENTS, 52, mutex, wait_option, mutex->tx_mutex_owner,
             mutex->tx_mutex_ownership_count);
    TX_COUNT_MUTEX(mutex, GETS);
    if (mutex->tx_mutex_ownership_count == 0)
        set_owner(mutex, thread);
    else if (mutex->tx_mutex_owner == thread)
        mutex->tx_mutex_ownership_count++;
    else
        return wait_for(mutex, thread, wait_option, posture);
    tx_port_restore(posture);
    return TX_SUCCESS;
}

UINT _txe_mutex_get(TX_MUTEX *mutex, ULONG wait_option)
{
    if (!is_mutex(mutex))
        return TX_MUTEX_ERROR;
    if (tx_port_in_isr())
        return TX_CALLER_ERROR;
    if (!tx_wait_allowed(wait_option))
        return TX_WAIT_ERROR;
    return _tx_mutex_get(mutex, wait_option);
}

UINT _tx_mutex_put(TX_MUTEX *mutex)
{
    UINT posture = tx_port_disable();
    TX_THREAD *thread = _tx_kernel.current;
    UINT status = TX_SUCCESS;
    TX_TRACE(MUTEX_EVENTS, 57, mutex, mutex->tx_mutex_owner, mutex->tx_mutex_ownership_count,
             TX_TRACE_STACK);
    if (mutex->tx_mutex_ownership_count == 0 || mutex->tx_mutex_owner != thread) {
        status = TX_NOT_OWNED;
    } else if (mutex->tx_mutex_ownership_count != 1) {
        mutex->tx_mutex_ownership_count--;
    } else if (thread == TX_NULL) { /* from initialization */
        mutex->tx_mutex_ownership_count = 0;
    } else if (mutex->tx_mutex_waiters.count == 0 &&
               thread->tx_thread_priority == thread->tx_thread_user_priority) {
        tx_list_remove(&mutex->tx_mutex_owned);
        mutex->tx_mutex_ownership_count = 0;
        mutex->tx_mutex_owner = TX_NULL;
    } else {
        tx_lock();
        release(mutex, &posture);
        _tx_unlock();
    }
    if (status == TX_SUCCESS)
        TX_COUNT_MUTEX(mutex, PUTS);
    tx_port_restore(posture);
    return status;
}

TX_CHECKED_CALLER(mutex_put, (TX_MUTEX * mutex), (mutex), is_mutex(mutex), TX_MUTEX_ERROR,
                  !tx_port_in_isr())

UINT _tx_mutex_prioritize(TX_MUTEX *mutex)
{
    TX_TRACE(MUTEX_EVENTS, 56, mutex, mutex->tx_mutex_waiters.count, TX_TRACE_STACK, 0);
    return _tx_wait_prioritize(&mutex->tx_mutex_waiters);
}

TX_CHECKED(mutex_prioritize, (TX_MUTEX * mutex), (mutex), is_mutex(mutex), TX_MUTEX_ERROR)

UINT _tx_mutex_info_get(TX_MUTEX *mutex, CHAR **name, ULONG *count, TX_THREAD **owner,
                        TX_THREAD **first_suspended, ULONG *suspended_count, TX_MUTEX **next_mutex)
{
    UINT posture = tx_port_disable();
    TX_TRACE(MUTEX_EVENTS, 53, mutex, 0, 0, 0);
    TX_REPORT(name, mutex->tx_mutex_name);
    TX_REPORT(count, mutex->tx_mutex_ownership_count);
    TX_REPORT(owner, mutex->tx_mutex_owner);
    TX_REPORT_WAITERS(&mutex->tx_mutex_waiters, first_suspended, suspended_count);
    TX_REPORT(next_mutex, TX_NEXT(mutexes, mutex, TX_MUTEX, tx_mutex_created));
    tx_port_restore(posture);
    return TX_SUCCESS;
}

TX_CHECKED(mutex_info_get,
           (TX_MUTEX * mutex, CHAR **name, ULONG *count, TX_THREAD **owner,
            TX_THREAD **first_suspended, ULONG *suspended_count, TX_MUTEX **next_mutex),
           (mutex, name, count, owner, first_suspended, suspended_count, next_mutex),
           is_mutex(mutex), TX_MUTEX_ERROR)
