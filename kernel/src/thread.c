/* Threads: their life from create to delete, and what may be changed of them. */
#include "tx_kernel.h"

static UINT is_thread(const TX_THREAD *thread)
{
    return thread != TX_NULL && thread->tx_thread_id == TX_THREAD_ID;
}

static UINT has_ended(const TX_THREAD *thread)
{
    return thread->tx_thread_state == TX_COMPLETED || thread->tx_thread_state == TX_TERMINATED;
}

static void fill_stack(const TX_THREAD *thread)
{
#ifdef TX_DISABLE_STACK_FILLING
    (void)thread;
#else
    UCHAR *byte = thread->tx_thread_stack_start;
    for (ULONG left = thread->tx_thread_stack_size; left != 0; left--)
        *byte++ = (UCHAR)TX_STACK_FILL;
#endif
}

/* Makes a suspended thread that starts at its entry. */
static void build(TX_THREAD *thread)
{
    fill_stack(thread);
    _tx_port_stack_build(thread);
    thread->tx_thread_time_slice = thread->tx_thread_new_time_slice;
    thread->tx_thread_delayed_suspend = TX_FALSE;
    thread->tx_thread_state = TX_SUSPENDED;
}

UINT _tx_thread_create(TX_THREAD *thread, CHAR *name_ptr, VOID (*entry_function)(ULONG),
                       ULONG entry_input, VOID *stack_start, ULONG stack_size, UINT priority,
                       UINT preempt_threshold, ULONG time_slice, UINT auto_start)
{
#ifdef TX_DISABLE_PREEMPTION_THRESHOLD
    if (preempt_threshold != priority)
        return TX_THRESH_ERROR;
#endif
    *thread = (TX_THREAD){
        .tx_thread_name = name_ptr,
        .tx_thread_entry = entry_function,
        .tx_thread_entry_parameter = entry_input,
        .tx_thread_stack_start = stack_start,
        .tx_thread_stack_end = (UCHAR *)stack_start + stack_size - 1,
        .tx_thread_stack_size = stack_size,
        .tx_thread_priority = priority,
        .tx_thread_user_priority = priority,
        .tx_thread_preempt_threshold = preempt_threshold,
        .tx_thread_user_preempt_threshold = preempt_threshold,
        .tx_thread_new_time_slice = time_slice,
    };
    tx_list_init(&thread->tx_thread_owned_mutexes);
    build(thread);
    _tx_object_created(&_tx_kernel.threads, &thread->tx_thread_created, &thread->tx_thread_id,
                       TX_THREAD_ID);
    TX_TRACE_OBJECT(1, thread, name_ptr, (ULONG)(ALIGN_TYPE)stack_start, stack_size);
    TX_TRACE(THREAD_EVENTS, 100, thread, priority, stack_start, stack_size);
    if (auto_start)
        _tx_thread_resume(thread);
    return TX_SUCCESS;
}

UINT _txe_thread_create(TX_THREAD *thread, CHAR *name_ptr, VOID (*entry_function)(ULONG),
                        ULONG entry_input, VOID *stack_start, ULONG stack_size, UINT priority,
                        UINT preempt_threshold, ULONG time_slice, UINT auto_start)
{
    if (thread == TX_NULL || is_thread(thread))
        return TX_THREAD_ERROR;
    if (!tx_from_thread_or_initialization())
        return TX_CALLER_ERROR;
    if (entry_function == TX_NULL || stack_start == TX_NULL)
        return TX_PTR_ERROR;
    if (stack_size < TX_MINIMUM_STACK)
        return TX_SIZE_ERROR;
    if (priority >= TX_MAX_PRIORITIES)
        return TX_PRIORITY_ERROR;
    if (preempt_threshold > priority)
        return TX_THRESH_ERROR;
    if (auto_start > TX_AUTO_START)
        return TX_START_ERROR;
    return _tx_thread_create(thread, name_ptr, entry_function, entry_input, stack_start, stack_size,
                             priority, preempt_threshold, time_slice, auto_start);
}

static void notify(TX_THREAD *thread, UINT condition)
{
    VOID (*callback)(TX_THREAD *, UINT) = thread->tx_thread_notify;
    if (TX_NOTIFY && callback != TX_NULL)
        callback(thread, condition);
}

/* Takes a thread that is ready, waits or is suspended out of everything. */
static void end(TX_THREAD *thread, UINT state)
{
    tx_lock();
    UINT posture = tx_port_disable();
    if (thread->tx_thread_state == TX_READY) {
        _tx_thread_unready(thread, state);
    } else {
        _tx_wait_detach(thread);
        thread->tx_thread_state = state;
    }
    tx_port_restore(posture);
    if (thread->tx_thread_owned_mutexes.next != &thread->tx_thread_owned_mutexes)
        _tx_kernel.owner_ended(thread);
    posture = tx_port_disable();
    _tx_unlock();
    if (thread == _tx_kernel.current && !tx_port_in_isr())
        _tx_thread_block(thread, posture);
    else
        tx_port_restore(posture);
}

/* The first function on every thread's stack. */
void _tx_thread_shell(void)
{
    TX_THREAD *thread = _tx_kernel.current;
    notify(thread, TX_THREAD_ENTRY);
    thread->tx_thread_entry(thread->tx_thread_entry_parameter);
    notify(thread, TX_THREAD_EXIT);
    end(thread, TX_COMPLETED);
}

UINT _tx_thread_terminate(TX_THREAD *thread)
{
    TX_TRACE(THREAD_EVENTS, 115, thread, thread->tx_thread_state, TX_TRACE_STACK, 0);
    if (has_ended(thread))
        return TX_SUCCESS;
    notify(thread, TX_THREAD_EXIT);
    end(thread, TX_TERMINATED);
    return TX_SUCCESS;
}

TX_CHECKED_CALLER(thread_terminate, (TX_THREAD * thread), (thread), is_thread(thread),
                  TX_THREAD_ERROR, tx_from_thread_or_timer())

UINT _tx_thread_reset(TX_THREAD *thread)
{
    if (!has_ended(thread))
        return TX_NOT_DONE;
    TX_TRACE(THREAD_EVENTS, 110, thread, thread->tx_thread_state, 0, 0);
    build(thread);
    return TX_SUCCESS;
}

TX_CHECKED_CALLER(thread_reset, (TX_THREAD * thread), (thread), is_thread(thread), TX_THREAD_ERROR,
                  tx_from_thread())

UINT _tx_thread_delete(TX_THREAD *thread)
{
    UINT posture = tx_port_disable();
    if (!has_ended(thread)) {
        tx_port_restore(posture);
        return TX_DELETE_ERROR;
    }
    TX_TRACE(THREAD_EVENTS, 101, thread, TX_TRACE_STACK, 0, 0);
    TX_TRACE_OBJECT_GONE(thread);
    TX_THREAD_DELETE_EXTENSION(thread)
    _tx_object_deleted(&thread->tx_thread_created, &thread->tx_thread_id);
    tx_port_restore(posture);
    return TX_SUCCESS;
}

TX_CHECKED_CALLER(thread_delete, (TX_THREAD * thread), (thread), is_thread(thread), TX_THREAD_ERROR,
                  tx_from_thread_or_timer())

UINT _tx_thread_suspend(TX_THREAD *thread)
{
    UINT posture = tx_port_disable();
    UINT state = thread->tx_thread_state;
    UINT status = TX_SUCCESS;
    TX_TRACE(THREAD_EVENTS, 114, thread, state, TX_TRACE_STACK, 0);
    if (state == TX_READY) {
        /* Its suspend_status may still be wanted, by a wait that has just ended. */
        _tx_thread_unready(thread, TX_SUSPENDED);
        if (thread == _tx_kernel.current && !tx_port_in_isr()) {
            _tx_thread_block(thread, posture);
            return TX_SUCCESS;
        }
    } else if (has_ended(thread)) {
        status = TX_SUSPEND_ERROR;
    } else if (state != TX_SUSPENDED) {
        thread->tx_thread_delayed_suspend = TX_TRUE;
    }
    tx_port_restore(posture);
    return status;
}

UINT _txe_thread_suspend(TX_THREAD *thread)
{
    if (!is_thread(thread))
        return TX_THREAD_ERROR;
    if (thread == _tx_kernel.current && tx_from_timer())
        return TX_CALLER_ERROR;
    return _tx_thread_suspend(thread);
}

UINT _tx_thread_resume(TX_THREAD *thread)
{
    UINT posture = tx_port_disable();
    UINT status = TX_SUCCESS;
    TX_TRACE(THREAD_EVENTS, 111, thread, thread->tx_thread_state, TX_TRACE_STACK, 0);
    if (thread->tx_thread_state == TX_SUSPENDED) {
        _tx_thread_ready(thread);
    } else if (thread->tx_thread_delayed_suspend) {
        thread->tx_thread_delayed_suspend = TX_FALSE;
        status = TX_SUSPEND_LIFTED;
    } else {
        status = TX_RESUME_ERROR;
    }
    tx_port_restore(posture);
    return status;
}

TX_CHECKED(thread_resume, (TX_THREAD * thread), (thread), is_thread(thread), TX_THREAD_ERROR)

UINT _tx_thread_sleep(ULONG timer_ticks)
{
#ifdef TX_NO_TIMER
    return timer_ticks == 0 ? TX_SUCCESS : TX_FEATURE_NOT_ENABLED;
#else
    if (timer_ticks == 0)
        return TX_SUCCESS;
    UINT posture = tx_port_disable();
    TX_THREAD *thread = _tx_kernel.current;
    TX_TRACE(THREAD_EVENTS, 112, timer_ticks, thread->tx_thread_state, TX_TRACE_STACK, 0);
    thread->tx_thread_suspend_status = TX_SUCCESS;
    _tx_timer_insert(&thread->tx_thread_timer, timer_ticks);
    _tx_thread_unready(thread, TX_SLEEP);
    return _tx_thread_block(thread, posture);
#endif
}

UINT _txe_thread_sleep(ULONG timer_ticks)
{
    if (!tx_from_thread())
        return TX_CALLER_ERROR;
    return _tx_thread_sleep(timer_ticks);
}

UINT _tx_thread_wait_abort(TX_THREAD *thread)
{
    UINT posture = tx_port_disable();
    UINT status = TX_WAIT_ABORT_ERROR;
    TX_TRACE(THREAD_EVENTS, 117, thread, thread->tx_thread_state, TX_TRACE_STACK, 0);
    if (thread->tx_thread_state > TX_SUSPENDED) {
        TX_COUNT_THREAD(thread, WAIT_ABORTS);
        thread->tx_thread_suspend_status = TX_WAIT_ABORTED;
        _tx_wait_detach(thread);
        _tx_thread_ready(thread);
        status = TX_SUCCESS;
    }
    tx_port_restore(posture);
    return status;
}

TX_CHECKED(thread_wait_abort, (TX_THREAD * thread), (thread), is_thread(thread), TX_THREAD_ERROR)

VOID _tx_thread_relinquish(VOID)
{
    UINT posture = tx_port_disable();
    TX_THREAD *thread = _tx_kernel.current;
    TX_TRACE(THREAD_EVENTS, 109, TX_TRACE_STACK, 0, 0, 0);
    TX_COUNT_THREAD(thread, RELINQUISHES);
    if (thread->tx_thread_ready.next == thread->tx_thread_ready.previous &&
        thread->tx_thread_preempt_threshold == thread->tx_thread_priority) {
        /* Alone at its priority, and whoever is above would be running. */
        thread->tx_thread_time_slice = thread->tx_thread_new_time_slice;
        tx_port_restore(posture);
        return;
    }
    _tx_thread_rotate(thread);
    tx_port_switch_now(posture);
}

VOID _txe_thread_relinquish(VOID)
{
    if (tx_from_thread())
        _tx_thread_relinquish();
}

/* What thread's priority becomes: an inherited one stays while it is the higher. */
static UINT effective(const TX_THREAD *thread, UINT new_priority)
{
    UINT priority = thread->tx_thread_priority;
    UINT inherits = priority < thread->tx_thread_user_priority;
    return inherits && priority < new_priority ? priority : new_priority;
}

UINT _tx_thread_priority_change(TX_THREAD *thread, UINT new_priority, UINT *old_priority)
{
    UINT posture = tx_port_disable();
    UINT priority = effective(thread, new_priority);
    TX_TRACE(THREAD_EVENTS, 108, thread, new_priority, thread->tx_thread_user_priority,
             thread->tx_thread_state);
    TX_REPORT(old_priority, thread->tx_thread_user_priority);
    thread->tx_thread_user_priority = new_priority;
    thread->tx_thread_user_preempt_threshold = new_priority;
    _tx_thread_set_priority(thread, priority, priority);
    tx_port_restore(posture);
    return TX_SUCCESS;
}

UINT _txe_thread_priority_change(TX_THREAD *thread, UINT new_priority, UINT *old_priority)
{
    if (!is_thread(thread))
        return TX_THREAD_ERROR;
    if (old_priority == TX_NULL)
        return TX_PTR_ERROR;
    if (!tx_from_thread_or_timer())
        return TX_CALLER_ERROR;
    if (new_priority >= TX_MAX_PRIORITIES)
        return TX_PRIORITY_ERROR;
    return _tx_thread_priority_change(thread, new_priority, old_priority);
}

UINT _tx_thread_preemption_change(TX_THREAD *thread, UINT new_threshold, UINT *old_threshold)
{
    UINT posture = tx_port_disable();
    UINT priority = thread->tx_thread_priority;
    UINT status = TX_THRESH_ERROR;
    TX_TRACE(THREAD_EVENTS, 107, thread, new_threshold, thread->tx_thread_user_preempt_threshold,
             thread->tx_thread_state);
#ifdef TX_DISABLE_PREEMPTION_THRESHOLD
    UINT valid = new_threshold == thread->tx_thread_user_priority;
#else
    UINT valid = new_threshold <= thread->tx_thread_user_priority;
#endif
    if (valid) {
        TX_REPORT(old_threshold, thread->tx_thread_user_preempt_threshold);
        thread->tx_thread_user_preempt_threshold = new_threshold;
        _tx_thread_set_priority(thread, priority,
                                new_threshold < priority ? new_threshold : priority);
        status = TX_SUCCESS;
    }
    tx_port_restore(posture);
    return status;
}

UINT _txe_thread_preemption_change(TX_THREAD *thread, UINT new_threshold, UINT *old_threshold)
{
    if (!is_thread(thread))
        return TX_THREAD_ERROR;
    if (old_threshold == TX_NULL)
        return TX_PTR_ERROR;
    if (!tx_from_thread_or_timer())
        return TX_CALLER_ERROR;
    return _tx_thread_preemption_change(thread, new_threshold, old_threshold);
}

UINT _tx_thread_time_slice_change(TX_THREAD *thread, ULONG new_time_slice, ULONG *old_time_slice)
{
    UINT posture = tx_port_disable();
    TX_TRACE(THREAD_EVENTS, 116, thread, new_time_slice, thread->tx_thread_new_time_slice, 0);
    TX_REPORT(old_time_slice, thread->tx_thread_new_time_slice);
    thread->tx_thread_new_time_slice = new_time_slice;
    thread->tx_thread_time_slice = new_time_slice;
    tx_port_restore(posture);
    return TX_SUCCESS;
}

UINT _txe_thread_time_slice_change(TX_THREAD *thread, ULONG new_time_slice, ULONG *old_time_slice)
{
    if (!is_thread(thread))
        return TX_THREAD_ERROR;
    if (old_time_slice == TX_NULL)
        return TX_PTR_ERROR;
    if (!tx_from_thread_or_timer())
        return TX_CALLER_ERROR;
    return _tx_thread_time_slice_change(thread, new_time_slice, old_time_slice);
}

TX_THREAD *_tx_thread_identify(VOID)
{
    TX_THREAD *thread = _tx_kernel.current;
    return thread == &_tx_kernel.idle ? TX_NULL : thread;
}

UINT _tx_thread_info_get(TX_THREAD *thread, CHAR **name, UINT *state, ULONG *run_count,
                         UINT *priority, UINT *preemption_threshold, ULONG *time_slice,
                         TX_THREAD **next_thread, TX_THREAD **suspended_thread)
{
    UINT posture = tx_port_disable();
    const TX_WAITERS *waiters = thread->tx_thread_suspend_list;
    TX_THREAD *next_waiter = TX_NULL;
    TX_TRACE(THREAD_EVENTS, 104, thread, thread->tx_thread_state, 0, 0);
    if (waiters != TX_NULL)
        next_waiter = TX_CONTAINER(tx_list_after(&waiters->list, &thread->tx_thread_suspended),
                                   TX_THREAD, tx_thread_suspended);
    TX_REPORT(name, thread->tx_thread_name);
    TX_REPORT(state, thread->tx_thread_state);
    TX_REPORT(run_count, thread->tx_thread_run_count);
    TX_REPORT(priority, thread->tx_thread_priority);
    TX_REPORT(preemption_threshold, thread->tx_thread_preempt_threshold);
    TX_REPORT(time_slice, thread->tx_thread_time_slice);
    TX_REPORT(next_thread, TX_NEXT(threads, thread, TX_THREAD, tx_thread_created));
    TX_REPORT(suspended_thread, next_waiter);
    tx_port_restore(posture);
    return TX_SUCCESS;
}

TX_CHECKED(thread_info_get,
           (TX_THREAD * thread, CHAR **name, UINT *state, ULONG *run_count, UINT *priority,
            UINT *preemption_threshold, ULONG *time_slice, TX_THREAD **next_thread,
            TX_THREAD **suspended_thread),
           (thread, name, state, run_count, priority, preemption_threshold, time_slice, next_thread,
            suspended_thread),
           is_thread(thread), TX_THREAD_ERROR)

UINT _tx_thread_entry_exit_notify(TX_THREAD *thread, VOID (*entry_exit_notify)(TX_THREAD *, UINT))
{
    if (!TX_NOTIFY)
        return TX_FEATURE_NOT_ENABLED;
    TX_TRACE(THREAD_EVENTS, 102, thread, thread->tx_thread_state, 0, 0);
    thread->tx_thread_notify = entry_exit_notify;
    return TX_SUCCESS;
}

TX_CHECKED(thread_entry_exit_notify,
           (TX_THREAD * thread, VOID (*entry_exit_notify)(TX_THREAD *, UINT)),
           (thread, entry_exit_notify), is_thread(thread), TX_THREAD_ERROR)

UINT _tx_thread_stack_error_notify(VOID (*error_handler)(TX_THREAD *))
{
    TX_TRACE(THREAD_EVENTS, 113, 0, 0, 0, 0);
#ifdef TX_ENABLE_STACK_CHECKING
    _tx_kernel.stack_error = error_handler;
    return TX_SUCCESS;
#else
    (void)error_handler;
    return TX_FEATURE_NOT_ENABLED;
#endif
}

#ifdef TX_ENABLE_STACK_CHECKING
/* The lowest word of the stack keeps its fill pattern, and the stack pointer stays above it. */
void _tx_thread_stack_check(TX_THREAD *thread)
{
    ALIGN_TYPE fence = (ALIGN_TYPE)thread->tx_thread_stack_start + TX_PORT_STACK_FENCE;
    fence = (fence + 3u) & ~(ALIGN_TYPE)3u;
    if (thread->tx_thread_id != TX_THREAD_ID || (*(const volatile ULONG *)fence == TX_STACK_FILL &&
                                                 (ALIGN_TYPE)thread->tx_thread_stack_ptr > fence))
        return;
    if (_tx_kernel.stack_error != TX_NULL)
        _tx_kernel.stack_error(thread);
}
#endif
