/*
 * The kernel's own state and the few operations that its files share.
 *
 * Masking. A function here that takes a posture is called with interrupts masked, and gives them
 * back (tx_port_restore) before it returns; the others are called masked and return masked. Masked
 * sections do not grow with the number of threads: where a list of waiters is walked, a window
 * (TX_WINDOW) is opened at each of them while the scheduler lock keeps other threads from running,
 * so that the list can only shrink meanwhile, by what interrupts do.
 *
 * Switching. tx_port_switch() asks for a change to _tx_kernel.execute; it happens when interrupts
 * are no longer masked, no interrupt handler is active and the lock is 0.
 */
#ifndef TX_KERNEL_H
#define TX_KERNEL_H

#include "tx_api.h"
#include <stddef.h>

#define TX_READY_GROUPS  (TX_MAX_PRIORITIES / 32)
#define TX_IDLE_PRIORITY ((UINT)TX_MAX_PRIORITIES) /* its list is never empty */
#define TX_TIMER_BUCKETS 32

typedef struct TX_KERNEL_STRUCT {
    TX_THREAD *current;           /* what runs, or was interrupted; TX_NULL before the first */
    TX_THREAD *execute;           /* what is to run */
    ULONG lock;                   /* threads do not switch while it is not 0 */
    ULONG ready_groups;           /* most significant bit first: groups of 32 priorities … */
    ULONG ready[TX_READY_GROUPS]; /* … and in each, priorities that have a ready thread */
    TX_LINK ready_list[TX_MAX_PRIORITIES + 1];
    TX_LINK holding; /* preempted under their preemption-threshold, latest first */

    ULONG clock;                      /* tx_time_get */
    ULONG ticks;                      /* since the start */
    ULONG timers_done;                /* the tick up to which timers have been seen to */
    ULONG buckets_used;               /* a bit may be left over from a bucket since emptied */
    TX_LINK bucket[TX_TIMER_BUCKETS]; /* timer.c */
    TX_LINK due;
    TX_TIMER *expiring; /* its function is being called */

    VOID (*owner_ended)(TX_THREAD *); /* mutex.c, once there is a mutex */
    VOID (*stack_error)(TX_THREAD *);
    TX_LINK threads, timers, queues, semaphores, mutexes, event_flags, block_pools, byte_pools;
    TX_THREAD idle;
#ifndef TX_TIMER_PROCESS_IN_ISR
    TX_THREAD timer_thread;
#endif
} TX_KERNEL;

extern TX_KERNEL _tx_kernel;

#ifdef TX_NOT_INTERRUPTABLE
#define TX_WINDOW(posture) ((void)(posture))
#else
#define TX_WINDOW(posture) (tx_port_restore(posture), (posture) = tx_port_disable())
#endif

/* The object of which member is at pointer; member's offset is a constant. */
#define TX_CONTAINER(pointer, type, member)                                                        \
    ((type *)(void *)((UCHAR *)(void *)(pointer)-offsetof(type, member)))

/* For info services: a destination may be TX_NULL. */
#define TX_REPORT(destination, value)                                                              \
    do {                                                                                           \
        if ((destination) != TX_NULL)                                                              \
            *(destination) = (value);                                                              \
    } while (0)

#define TX_REPORT_WAITERS(waiters, first, number)                                                  \
    do {                                                                                           \
        TX_REPORT(first, tx_first_suspended(waiters));                                             \
        TX_REPORT(number, (waiters)->count);                                                       \
    } while (0)

/* What an info service gives as the next object of the kind. */
#define TX_NEXT(list, object, type, member)                                                        \
    TX_CONTAINER(tx_list_after(&_tx_kernel.list, &(object)->member), type, member)

/* The checking form of a service that only checks its object. */
#define TX_CHECKED(name, parameters, arguments, valid, error)                                      \
    UINT _txe_##name parameters                                                                    \
    {                                                                                              \
        return (valid) ? _tx_##name arguments : (error);                                           \
    }

/* The same for one that also checks its caller. */
#define TX_CHECKED_CALLER(name, parameters, arguments, valid, error, allowed)                      \
    UINT _txe_##name parameters                                                                    \
    {                                                                                              \
        if (!(valid))                                                                              \
            return (error);                                                                        \
        return (allowed) ? _tx_##name arguments : TX_CALLER_ERROR;                                 \
    }

/* Lists. */

static inline void tx_list_init(TX_LINK *list)
{
    list->next = list;
    list->previous = list;
}

static inline void tx_list_insert(TX_LINK *after, TX_LINK *link)
{
    TX_LINK *next = after->next;
    link->next = next;
    link->previous = after;
    next->previous = link;
    after->next = link;
}

static inline void tx_list_append(TX_LINK *list, TX_LINK *link)
{
    tx_list_insert(list->previous, link);
}

static inline void tx_list_remove(const TX_LINK *link)
{
    TX_LINK *next = link->next;
    TX_LINK *previous = link->previous;
    previous->next = next;
    next->previous = previous;
}

/* The member after link, going round past the list itself. */
static inline TX_LINK *tx_list_after(const TX_LINK *list, const TX_LINK *link)
{
    return link->next == list ? list->next : link->next;
}

static inline void tx_waiters_init(TX_WAITERS *waiters)
{
    tx_list_init(&waiters->list);
    waiters->count = 0;
}

static inline TX_THREAD *tx_first_waiter(const TX_WAITERS *waiters)
{
    return TX_CONTAINER(waiters->list.next, TX_THREAD, tx_thread_suspended);
}

/* The first waiter as info services tell it. */
static inline TX_THREAD *tx_first_suspended(const TX_WAITERS *waiters)
{
    return waiters->count != 0 ? tx_first_waiter(waiters) : TX_NULL;
}

/* Enters an object, of which all else is set up, in the list of its kind; masks by itself. */
void _tx_object_created(TX_LINK *list, TX_LINK *created, ULONG *id, ULONG id_value);

static inline void _tx_object_deleted(TX_LINK *created, ULONG *id)
{
    *id = TX_CLEAR_ID;
    tx_list_remove(created);
}

/* Who calls. */

static inline UINT tx_from_timer(void)
{
#ifdef TX_TIMER_PROCESS_IN_ISR
    return TX_FALSE;
#else
    return _tx_kernel.current == &_tx_kernel.timer_thread;
#endif
}

static inline UINT tx_from_initialization(void)
{
    return _tx_kernel.current == TX_NULL;
}

/* Threads of the application. */
static inline UINT tx_from_thread(void)
{
    return !tx_port_in_isr() && !tx_from_initialization() && !tx_from_timer();
}

static inline UINT tx_from_thread_or_timer(void)
{
    return !tx_port_in_isr() && !tx_from_initialization();
}

static inline UINT tx_from_thread_or_initialization(void)
{
    return !tx_port_in_isr() && !tx_from_timer();
}

/* A wait option is valid from a thread, and TX_NO_WAIT from anywhere. */
static inline UINT tx_wait_allowed(ULONG wait_option)
{
    return wait_option == TX_NO_WAIT || tx_from_thread();
}

/* Threads (schedule.c). */

/* Puts thread, which is not ready, among the ready, or suspends it where that was asked for. */
void _tx_thread_ready(TX_THREAD *thread);
/* Takes a ready thread from among the ready, giving it another state. */
void _tx_thread_unready(TX_THREAD *thread, UINT state);
/* Chooses anew what to execute: the highest ready, or a preempted thread whose threshold holds. */
void _tx_thread_reselect(void);
/* Puts the running thread behind the others of its priority and chooses anew. */
void _tx_thread_rotate(TX_THREAD *thread);
/* Gives a thread its effective priority and threshold, whatever its state. */
void _tx_thread_set_priority(TX_THREAD *thread, UINT priority, UINT threshold);
/* Ends the call of the running thread that is no longer ready; returns its suspend_status. */
UINT _tx_thread_block(TX_THREAD *thread, UINT posture);

/* No thread switches between lock and unlock; unlock is called with interrupts masked. */
static inline void tx_lock(void)
{
    _tx_kernel.lock++;
}
void _tx_unlock(void);

/* Waiting (wait.c). */

/* Waits as TX_WAIT_FOR(state, failure) says: failure is returned if the wait times out. */
#define TX_WAIT_FOR(state, failure) ((state) | (failure) << 8)
UINT _tx_wait(TX_WAITERS *waiters, UINT state_and_failure, ULONG wait_option, UINT posture);
/* Ends the wait of a thread that waits for an object. */
void _tx_wake(TX_THREAD *thread, UINT status);
/* The same for all waiters, first come first, as an object's deletion does. */
void _tx_wake_all(TX_WAITERS *waiters, UINT status, UINT posture);
/* Takes a thread out of the wait or sleep that failed it, without making it ready. */
void _tx_wait_detach(TX_THREAD *thread);
/* A time-out: called from timer.c. */
void _tx_wait_timeout(TX_THREAD *thread);
/* Moves the waiter of the highest priority (the first of them) to the front; masks by itself. */
UINT _tx_wait_prioritize(TX_WAITERS *waiters);
/* The waiter of the highest priority, TX_NULL if none; opens windows, needs the lock. */
TX_THREAD *_tx_wait_highest(const TX_WAITERS *waiters, UINT *posture);

/* Timers (timer.c). */

void _tx_timer_initialize(void);
void _tx_timer_insert(TX_TIMER_INTERNAL *timer, ULONG ticks);
/* Called by the port at each tick, or for several that passed at once while all threads slept. */
void _tx_timer_advance(ULONG ticks);
/* How many ticks may pass before the kernel has to see one, TX_WAIT_FOREVER if none must. */
ULONG _tx_timer_next(void);

static inline void tx_timer_remove(TX_TIMER_INTERNAL *timer)
{
#ifdef TX_NO_TIMER
    (void)timer;
#else
    if (timer->tx_timer_internal_link.next != TX_NULL) {
        tx_list_remove(&timer->tx_timer_internal_link);
        timer->tx_timer_internal_link.next = TX_NULL;
    }
#endif
}

/* What the port provides beyond tx_port.h, and calls. */

/* Lays out a stack on which the first switch to thread starts _tx_thread_shell. */
void _tx_port_stack_build(TX_THREAD *thread);
/* Prepares tick and interrupts; returns the first address of unused memory, or TX_NULL. */
VOID *_tx_port_initialize(void);
/* Switches to the first thread. On a target it does not return. */
void _tx_port_start(void);
/* The idle thread: waits for interrupts, for ever. */
void _tx_port_idle(ULONG unused);
void _tx_thread_shell(void);
/* Called at each switch away from a thread, when TX_ENABLE_STACK_CHECKING. */
void _tx_thread_stack_check(TX_THREAD *thread);

/* Counts and traces. */

/* Counts of all objects of a kind; each object has its own beside (observe/performance.c). */
typedef struct TX_ALL_COUNTS_STRUCT {
    TX_COUNTS(THREAD, tx_thread_performance)
    TX_COUNTS(TIMER, tx_timer_performance)
    TX_COUNTS(QUEUE, tx_queue_performance)
    TX_COUNTS(SEMAPHORE, tx_semaphore_performance)
    TX_COUNTS(MUTEX, tx_mutex_performance)
    TX_COUNTS(EVENT_FLAGS, tx_event_flags_group_performance)
    TX_COUNTS(BLOCK_POOL, tx_block_pool_performance)
    TX_COUNTS(BYTE_POOL, tx_byte_pool_performance)
    ULONG idle_returns, non_idle_returns;
} TX_ALL_COUNTS;

extern TX_ALL_COUNTS _tx_counts;

#define TX_COUNT_IN(kind, object, member, what)                                                    \
    do {                                                                                           \
        if (TX_##kind##_COUNTED) {                                                                 \
            (object)->member[TX_##kind##_##what]++;                                                \
            _tx_counts.member[TX_##kind##_##what]++;                                               \
        }                                                                                          \
    } while (0)
#define TX_COUNT_THREAD(object, what) TX_COUNT_IN(THREAD, object, tx_thread_performance, what)
#define TX_COUNT_TIMER(object, what)  TX_COUNT_IN(TIMER, object, tx_timer_performance, what)
#define TX_COUNT_QUEUE(object, what)  TX_COUNT_IN(QUEUE, object, tx_queue_performance, what)
#define TX_COUNT_SEMAPHORE(object, what)                                                           \
    TX_COUNT_IN(SEMAPHORE, object, tx_semaphore_performance, what)
#define TX_COUNT_MUTEX(object, what) TX_COUNT_IN(MUTEX, object, tx_mutex_performance, what)
#define TX_COUNT_EVENT_FLAGS(object, what)                                                         \
    TX_COUNT_IN(EVENT_FLAGS, object, tx_event_flags_group_performance, what)
#define TX_COUNT_BLOCK_POOL(object, what)                                                          \
    TX_COUNT_IN(BLOCK_POOL, object, tx_block_pool_performance, what)
#define TX_COUNT_BYTE_POOL(object, what)                                                           \
    TX_COUNT_IN(BYTE_POOL, object, tx_byte_pool_performance, what)
void _tx_count_timeout(TX_THREAD *thread);

void _tx_trace(ULONG class_bit, ULONG event, ULONG field_1, ULONG field_2, ULONG field_3,
               ULONG field_4);
void _tx_trace_object(UINT type, const VOID *object, const CHAR *name, ULONG parameter_1,
                      ULONG parameter_2);
void _tx_trace_object_gone(const VOID *object);
#ifdef TX_ENABLE_EVENT_TRACE
#define TX_TRACE(kind, event, a, b, c, d)                                                          \
    _tx_trace(TX_TRACE_##kind, event, TX_TRACE_FIELD(a), TX_TRACE_FIELD(b), TX_TRACE_FIELD(c),     \
              TX_TRACE_FIELD(d))
#define TX_TRACE_OBJECT(type, object, name, a, b) _tx_trace_object(type, object, name, a, b)
#define TX_TRACE_OBJECT_GONE(object)              _tx_trace_object_gone(object)
#define TX_TRACE_FIELD(value)                     ((ULONG)(ALIGN_TYPE)(value))
#else
#define TX_TRACE(kind, event, a, b, c, d)         ((void)0)
#define TX_TRACE_OBJECT(type, object, name, a, b) ((void)0)
#define TX_TRACE_OBJECT_GONE(object)              ((void)0)
#endif
#ifdef TX_EXECUTION_PROFILE_ENABLE
void _tx_execution_initialize(void);
/* Called by the port before each switch away from _tx_kernel.current. */
void _tx_execution_switch(void);
#endif
/* Where a traced call's stack is. */
#define TX_TRACE_STACK __builtin_frame_address(0)

#endif
