/*
 * The clock, time-outs and application timers.
 *
 * Timers stand in 32 buckets: bucket k holds those whose expiry first differs in bit k, counted
 * from the top, from the tick that has been seen to (timers_done). Nothing in bucket k can be due
 * before bit k of the tick count changes, and when it changes, the bucket's timers are due or move
 * to other buckets. So starting and stopping a timer take constant time, a tick looks at one bit
 * unless a bucket's turn has come, a timer is moved at most once for each bit of its delay, and the
 * lowest bucket in use tells how long the processor may sleep. Timers of the same expiry are always
 * in the same bucket, in the order of their activation.
 */
#include "tx_kernel.h"

ULONG _tx_time_get(void)
{
    TX_TRACE(TIME_EVENTS, 120, _tx_kernel.clock, TX_TRACE_STACK, 0, 0);
    return _tx_kernel.clock;
}

void _tx_time_set(ULONG new_time)
{
    TX_TRACE(TIME_EVENTS, 121, new_time, 0, 0, 0);
    _tx_kernel.clock = new_time;
}

static UINT highest_bit(ULONG value)
{
    return 31u - tx_port_leading_zeros(value);
}

static UINT lowest_bucket(void)
{
    ULONG used = _tx_kernel.buckets_used;
    return highest_bit(used & (0u - used));
}

static void insert_at(TX_TIMER_INTERNAL *timer, ULONG expires)
{
    UINT bucket = highest_bit(expires ^ _tx_kernel.timers_done);
    timer->tx_timer_internal_expires = expires;
    tx_list_append(&_tx_kernel.bucket[bucket], &timer->tx_timer_internal_link);
    _tx_kernel.buckets_used |= 1u << bucket;
}

void _tx_timer_insert(TX_TIMER_INTERNAL *timer, ULONG ticks)
{
#ifndef TX_NO_TIMER
    ULONG late = _tx_kernel.ticks - _tx_kernel.timers_done;
    if (ticks + late < ticks) /* would look as if past */
        ticks = TX_WAIT_FOREVER - late;
    insert_at(timer, _tx_kernel.ticks + ticks);
#else
    (void)timer;
    (void)ticks;
#endif
}

static UINT bucket_turn(void)
{
    return _tx_kernel.buckets_used != 0 &&
           (_tx_kernel.ticks ^ _tx_kernel.timers_done) >> lowest_bucket() != 0;
}

static ULONG next_turn(void)
{
    UINT bucket = lowest_bucket();
    return ((_tx_kernel.timers_done >> bucket) + 1u) << bucket;
}

ULONG _tx_timer_next(void)
{
    UINT posture = tx_port_disable();
    ULONG next = TX_WAIT_FOREVER;
    if (_tx_kernel.buckets_used != 0)
        next = next_turn() - _tx_kernel.ticks;
    tx_port_restore(posture);
    return next;
}

/* Moves time on to the next bucket's turn, and all whose bit changes then into the due list. */
static void take_turn(void)
{
    ULONG turn = next_turn();
    UINT top = highest_bit(turn ^ _tx_kernel.timers_done);
    ULONG changed = _tx_kernel.buckets_used & (0xFFFFFFFFu >> (31u - top));
    _tx_kernel.timers_done = turn;
    _tx_kernel.buckets_used ^= changed;
    for (; changed != 0; changed &= changed - 1u) {
        TX_LINK *bucket = &_tx_kernel.bucket[highest_bit(changed & (0u - changed))];
        if (bucket->next == bucket)
            continue;
        bucket->next->previous = _tx_kernel.due.previous;
        _tx_kernel.due.previous->next = bucket->next;
        bucket->previous->next = &_tx_kernel.due;
        _tx_kernel.due.previous = bucket->previous;
        tx_list_init(bucket);
    }
}

/* Calls the function of a timer that expired, then starts a periodic one again. */
static UINT expire(TX_TIMER *timer, UINT posture)
{
    VOID (*function)(ULONG) = timer->tx_timer_internal.tx_timer_internal_timeout_function;
    ULONG input = timer->tx_timer_expiration_input;
    UINT periodic = timer->tx_timer_reschedule_ticks != 0;
    timer->tx_timer_remaining_ticks = timer->tx_timer_reschedule_ticks;
    TX_COUNT_TIMER(timer, EXPIRATIONS);
    _tx_kernel.expiring = timer;
    tx_port_restore(posture);
    function(input);
    posture = tx_port_disable();
    /* The function may have stopped, changed or deleted its own timer. */
    if (periodic && _tx_kernel.expiring == timer) {
        TX_COUNT_TIMER(timer, REACTIVATES);
        insert_at(&timer->tx_timer_internal,
                  _tx_kernel.timers_done + timer->tx_timer_reschedule_ticks);
    }
    _tx_kernel.expiring = TX_NULL;
    return posture;
}

static UINT see_to_due(UINT posture)
{
    while (_tx_kernel.due.next != &_tx_kernel.due) {
        TX_TIMER_INTERNAL *timer =
            TX_CONTAINER(_tx_kernel.due.next, TX_TIMER_INTERNAL, tx_timer_internal_link);
        TX_TIMER *application = TX_CONTAINER(timer, TX_TIMER, tx_timer_internal);
        UINT is_application = timer->tx_timer_internal_timeout_function != TX_NULL;
        tx_timer_remove(timer);
        if (timer->tx_timer_internal_expires != _tx_kernel.timers_done) {
            if (is_application)
                TX_COUNT_TIMER(application, EXPIRATION_ADJUSTS);
            insert_at(timer, timer->tx_timer_internal_expires);
        } else if (is_application) {
            posture = expire(application, posture);
        } else {
            _tx_wait_timeout(TX_CONTAINER(timer, TX_THREAD, tx_thread_timer));
        }
        TX_WINDOW(posture);
    }
    return posture;
}

static void see_to_timers(void)
{
    UINT posture = tx_port_disable();
    while (bucket_turn()) {
        take_turn();
        posture = see_to_due(posture);
    }
    _tx_kernel.timers_done = _tx_kernel.ticks;
    tx_port_restore(posture);
}

#ifdef TX_TIMER_PROCESS_IN_ISR

void _tx_timer_initialize(void)
{
}

#else

static ULONG timer_stack[(TX_TIMER_THREAD_STACK_SIZE + sizeof(ULONG) - 1) / sizeof(ULONG)]
    __attribute__((aligned(32)));

static VOID timer_thread_entry(ULONG unused)
{
    (void)unused;
    while (TX_FOREVER) {
        see_to_timers();
        UINT posture = tx_port_disable();
        if (bucket_turn()) {
            tx_port_restore(posture);
            continue;
        }
        _tx_thread_unready(&_tx_kernel.timer_thread, TX_SUSPENDED);
        _tx_thread_block(&_tx_kernel.timer_thread, posture);
    }
}

void _tx_timer_initialize(void)
{
    _tx_thread_create(&_tx_kernel.timer_thread, (CHAR *)"System Timer Thread", timer_thread_entry,
                      0, timer_stack, sizeof timer_stack, TX_TIMER_THREAD_PRIORITY,
                      TX_TIMER_THREAD_PRIORITY, TX_NO_TIME_SLICE, TX_DONT_START);
    tx_list_remove(&_tx_kernel.timer_thread.tx_thread_created);
}

#endif

static void spend_time_slice(TX_THREAD *thread)
{
    if (thread == TX_NULL || thread->tx_thread_time_slice == 0 ||
        --thread->tx_thread_time_slice != 0)
        return;
    thread->tx_thread_time_slice = thread->tx_thread_new_time_slice;
    TX_LINK *link = &thread->tx_thread_ready;
    if (thread != _tx_kernel.execute || link->next == link->previous ||
        thread->tx_thread_preempt_threshold != thread->tx_thread_priority)
        return;
    TX_COUNT_THREAD(thread, TIME_SLICES);
    _tx_thread_rotate(thread);
    TX_TRACE(INTERNAL_EVENTS, 5, _tx_kernel.execute, 0, _tx_kernel.lock, TX_TRACE_STACK);
}

void _tx_timer_advance(ULONG ticks)
{
    UINT posture = tx_port_disable();
    _tx_kernel.clock += ticks;
    _tx_kernel.ticks += ticks;
    spend_time_slice(_tx_kernel.current);
    UINT turn = bucket_turn();
    if (!turn && _tx_kernel.due.next == &_tx_kernel.due && _tx_kernel.expiring == TX_NULL)
        _tx_kernel.timers_done = _tx_kernel.ticks;
#ifdef TX_TIMER_PROCESS_IN_ISR
    tx_port_restore(posture);
    if (turn)
        see_to_timers();
#else
    if (turn && _tx_kernel.timer_thread.tx_thread_state == TX_SUSPENDED)
        _tx_thread_ready(&_tx_kernel.timer_thread);
    tx_port_restore(posture);
#endif
}

static UINT is_timer(const TX_TIMER *timer)
{
    return timer != TX_NULL && timer->tx_timer_id == TX_TIMER_ID;
}

static UINT is_active(const TX_TIMER *timer)
{
    return timer->tx_timer_internal.tx_timer_internal_link.next != TX_NULL;
}

/* Ticks until an active timer expires: at least 1, were it overdue. */
static ULONG remaining(const TX_TIMER *timer)
{
    ULONG late = _tx_kernel.ticks - _tx_kernel.timers_done;
    ULONG left = timer->tx_timer_internal.tx_timer_internal_expires - _tx_kernel.timers_done;
    return left > late ? left - late : 1u;
}

static void forget_expiring(const TX_TIMER *timer)
{
    if (_tx_kernel.expiring == timer)
        _tx_kernel.expiring = TX_NULL;
}

UINT _tx_timer_create(TX_TIMER *timer, CHAR *name_ptr, VOID (*expiration_function)(ULONG),
                      ULONG expiration_input, ULONG initial_ticks, ULONG reschedule_ticks,
                      UINT auto_activate)
{
    *timer = (TX_TIMER){.tx_timer_name = name_ptr,
                        .tx_timer_remaining_ticks = initial_ticks,
                        .tx_timer_reschedule_ticks = reschedule_ticks,
                        .tx_timer_expiration_input = expiration_input};
    timer->tx_timer_internal.tx_timer_internal_timeout_function = expiration_function;
    _tx_object_created(&_tx_kernel.timers, &timer->tx_timer_created, &timer->tx_timer_id,
                       TX_TIMER_ID);
    TX_TRACE_OBJECT(2, timer, name_ptr, initial_ticks, reschedule_ticks);
    TX_TRACE(TIMER_EVENTS, 124, timer, initial_ticks, reschedule_ticks, auto_activate);
    if (auto_activate)
        _tx_timer_activate(timer);
    return TX_SUCCESS;
}

UINT _txe_timer_create(TX_TIMER *timer, CHAR *name_ptr, VOID (*expiration_function)(ULONG),
                       ULONG expiration_input, ULONG initial_ticks, ULONG reschedule_ticks,
                       UINT auto_activate)
{
    if (timer == TX_NULL || is_timer(timer))
        return TX_TIMER_ERROR;
    if (initial_ticks == 0)
        return TX_TICK_ERROR;
    if (auto_activate > TX_AUTO_ACTIVATE)
        return TX_ACTIVATE_ERROR;
    if (!tx_from_thread_or_initialization())
        return TX_CALLER_ERROR;
    return _tx_timer_create(timer, name_ptr, expiration_function, expiration_input, initial_ticks,
                            reschedule_ticks, auto_activate);
}

UINT _tx_timer_activate(TX_TIMER *timer)
{
    UINT posture = tx_port_disable();
    UINT status = TX_ACTIVATE_ERROR;
    TX_TRACE(TIMER_EVENTS, 122, timer, 0, 0, 0);
    if (!is_active(timer) && timer->tx_timer_remaining_ticks != 0) {
        TX_COUNT_TIMER(timer, ACTIVATES);
        forget_expiring(timer);
        _tx_timer_insert(&timer->tx_timer_internal, timer->tx_timer_remaining_ticks);
        status = TX_SUCCESS;
    }
    tx_port_restore(posture);
    return status;
}

TX_CHECKED(timer_activate, (TX_TIMER * timer), (timer), is_timer(timer), TX_TIMER_ERROR)

UINT _tx_timer_deactivate(TX_TIMER *timer)
{
    UINT posture = tx_port_disable();
    TX_TRACE(TIMER_EVENTS, 125, timer, TX_TRACE_STACK, 0, 0);
    TX_COUNT_TIMER(timer, DEACTIVATES);
    if (is_active(timer)) {
        timer->tx_timer_remaining_ticks = remaining(timer);
        tx_timer_remove(&timer->tx_timer_internal);
    }
    forget_expiring(timer);
    tx_port_restore(posture);
    return TX_SUCCESS;
}

TX_CHECKED(timer_deactivate, (TX_TIMER * timer), (timer), is_timer(timer), TX_TIMER_ERROR)

/* A timer still active keeps its next expiration; what is changed counts from then on. */
UINT _tx_timer_change(TX_TIMER *timer, ULONG initial_ticks, ULONG reschedule_ticks)
{
    UINT posture = tx_port_disable();
    TX_TRACE(TIMER_EVENTS, 123, timer, initial_ticks, reschedule_ticks, 0);
    forget_expiring(timer);
    timer->tx_timer_remaining_ticks = initial_ticks;
    timer->tx_timer_reschedule_ticks = reschedule_ticks;
    tx_port_restore(posture);
    return TX_SUCCESS;
}

UINT _txe_timer_change(TX_TIMER *timer, ULONG initial_ticks, ULONG reschedule_ticks)
{
    if (!is_timer(timer))
        return TX_TIMER_ERROR;
    if (initial_ticks == 0)
        return TX_TICK_ERROR;
    if (tx_from_initialization())
        return TX_CALLER_ERROR;
    return _tx_timer_change(timer, initial_ticks, reschedule_ticks);
}

UINT _tx_timer_delete(TX_TIMER *timer)
{
    UINT posture = tx_port_disable();
    TX_TRACE(TIMER_EVENTS, 126, timer, 0, 0, 0);
    TX_TRACE_OBJECT_GONE(timer);
    tx_timer_remove(&timer->tx_timer_internal);
    forget_expiring(timer);
    _tx_object_deleted(&timer->tx_timer_created, &timer->tx_timer_id);
    tx_port_restore(posture);
    return TX_SUCCESS;
}

TX_CHECKED_CALLER(timer_delete, (TX_TIMER * timer), (timer), is_timer(timer), TX_TIMER_ERROR,
                  tx_from_thread())

UINT _tx_timer_info_get(TX_TIMER *timer, CHAR **name, UINT *active, ULONG *remaining_ticks,
                        ULONG *reschedule_ticks, TX_TIMER **next_timer)
{
    UINT posture = tx_port_disable();
    UINT running = is_active(timer);
    TX_TRACE(TIMER_EVENTS, 127, timer, TX_TRACE_STACK, 0, 0);
    TX_REPORT(name, timer->tx_timer_name);
    TX_REPORT(active, running);
    TX_REPORT(remaining_ticks, running ? remaining(timer) : timer->tx_timer_remaining_ticks);
    TX_REPORT(reschedule_ticks, timer->tx_timer_reschedule_ticks);
    TX_REPORT(next_timer, TX_NEXT(timers, timer, TX_TIMER, tx_timer_created));
    tx_port_restore(posture);
    return TX_SUCCESS;
}

TX_CHECKED(timer_info_get,
           (TX_TIMER * timer, CHAR **name, UINT *active, ULONG *remaining_ticks,
            ULONG *reschedule_ticks, TX_TIMER **next_timer),
           (timer, name, active, remaining_ticks, reschedule_ticks, next_timer), is_timer(timer),
           TX_TIMER_ERROR)
