/*
 * Waiting for an object: every service that can suspend its caller comes here, and every way in
 * which such a wait ends leaves from here.
 *
 * A waiting thread's suspend_status holds from the start what its service returns on a time-out;
 * whoever ends the wait otherwise stores another. What the waiter asked for stands in its
 * suspend_info, additional_suspend_info and suspend_option, in terms of the object.
 */
#include "tx_kernel.h"

UINT _tx_wait(TX_WAITERS *waiters, UINT state_and_failure, ULONG wait_option, UINT posture)
{
    UINT failure = state_and_failure >> 8;
    if (wait_option == TX_NO_WAIT) {
        tx_port_restore(posture);
        return failure;
    }
    TX_THREAD *thread = _tx_kernel.current;
    thread->tx_thread_suspend_status = failure;
    thread->tx_thread_suspend_list = waiters;
    tx_list_append(&waiters->list, &thread->tx_thread_suspended);
    waiters->count++;
    if (wait_option != TX_WAIT_FOREVER)
        _tx_timer_insert(&thread->tx_thread_timer, wait_option);
    _tx_thread_unready(thread, state_and_failure & 0xFFu);
    return _tx_thread_block(thread, posture);
}

static void leave(TX_THREAD *thread)
{
    tx_list_remove(&thread->tx_thread_suspended);
    thread->tx_thread_suspend_list->count--;
    thread->tx_thread_suspend_list = TX_NULL;
}

void _tx_wake(TX_THREAD *thread, UINT status)
{
    leave(thread);
    thread->tx_thread_suspend_status = status;
    tx_timer_remove(&thread->tx_thread_timer);
    thread->tx_thread_suspend_cleanup = TX_NULL;
    _tx_thread_ready(thread);
}

void _tx_wake_all(TX_WAITERS *waiters, UINT status, UINT posture)
{
    tx_lock();
    while (waiters->count != 0) {
        _tx_wake(tx_first_waiter(waiters), status);
        TX_WINDOW(posture);
    }
    _tx_unlock();
    tx_port_restore(posture);
}

void _tx_wait_detach(TX_THREAD *thread)
{
    tx_timer_remove(&thread->tx_thread_timer);
    if (thread->tx_thread_suspend_list != TX_NULL)
        leave(thread);
    if (thread->tx_thread_suspend_cleanup != TX_NULL) {
        thread->tx_thread_suspend_cleanup(thread);
        thread->tx_thread_suspend_cleanup = TX_NULL;
    }
}

void _tx_wait_timeout(TX_THREAD *thread)
{
    _tx_count_timeout(thread);
    _tx_wait_detach(thread);
    _tx_thread_ready(thread);
}

TX_THREAD *_tx_wait_highest(const TX_WAITERS *waiters, UINT *posture)
{
    TX_THREAD *best;
    const TX_LINK *link;
restart:
    best = TX_NULL;
    for (link = waiters->list.next; link != &waiters->list; link = link->next) {
        TX_THREAD *thread = TX_CONTAINER(link, TX_THREAD, tx_thread_suspended);
        if (best == TX_NULL || thread->tx_thread_priority < best->tx_thread_priority)
            best = thread;
        TX_WINDOW(*posture);
        /* An interrupt may have ended either wait. */
        if (thread->tx_thread_suspend_list != waiters || best->tx_thread_suspend_list != waiters)
            goto restart;
    }
    return best;
}

UINT _tx_wait_prioritize(TX_WAITERS *waiters)
{
    UINT posture = tx_port_disable();
    tx_lock();
    TX_THREAD *best = _tx_wait_highest(waiters, &posture);
    if (best != TX_NULL) {
        tx_list_remove(&best->tx_thread_suspended);
        tx_list_insert(&waiters->list, &best->tx_thread_suspended);
    }
    _tx_unlock();
    tx_port_restore(posture);
    return TX_SUCCESS;
}
