/*
 * Duet's real-time kernel with ThreadX's API, written from the API's public documentation.
 *
 * Contexts. "Initialization" is tx_application_define, before any thread runs. "Threads" are the
 * application's own; "timers" are expiration functions, called by the kernel's timer thread (from
 * the tick interrupt with TX_TIMER_PROCESS_IN_ISR). Each group of services below states who may
 * call it; with error checking on, others get TX_CALLER_ERROR, and a wait option other than
 * TX_NO_WAIT outside a thread gets TX_WAIT_ERROR.
 *
 * Ownership. Control blocks, stacks and memory areas belong to the application, are given to the
 * kernel at create and come back at delete. Names are not copied. Times are in ticks. A control
 * block's members are for debuggers; use the info services to read them.
 *
 * Errors. A service that returns anything but TX_SUCCESS changed nothing, except where a wait ended
 * (TX_DELETED, TX_WAIT_ABORTED, or the service's own code for a time-out).
 */
#ifndef TX_API_H
#define TX_API_H

#ifdef TX_INCLUDE_USER_DEFINE_FILE
#include "tx_user.h"
#endif
#include "tx_port.h"

#define THREADX_MAJOR_VERSION 6
#define THREADX_MINOR_VERSION 1
#define THREADX_PATCH_VERSION 0

/* Options: a default, or a refusal (docs/kernel.md has the table). */
#ifndef TX_MAX_PRIORITIES
#define TX_MAX_PRIORITIES 32
#endif
#if TX_MAX_PRIORITIES < 32 || TX_MAX_PRIORITIES > 1024 || TX_MAX_PRIORITIES % 32 != 0
#error "TX_MAX_PRIORITIES is 32 to 1024, in steps of 32"
#endif
#ifndef TX_TIMER_TICKS_PER_SECOND
#define TX_TIMER_TICKS_PER_SECOND 100
#endif
#ifndef TX_TIMER_THREAD_PRIORITY
#define TX_TIMER_THREAD_PRIORITY 0
#endif
#ifndef TX_PORT_STACK_FENCE
#define TX_PORT_STACK_FENCE 0u /* where the fill pattern is looked at, above the stack's start */
#endif
#ifndef TX_BYTE_POOL_MIN
#define TX_BYTE_POOL_MIN 100u
#endif
#ifdef TX_DISABLE_NOTIFY_CALLBACKS
#define TX_NOTIFY 0
#else
#define TX_NOTIFY 1
#endif
#if defined(TX_NO_TIMER) && !defined(TX_TIMER_PROCESS_IN_ISR)
#error "TX_NO_TIMER needs TX_TIMER_PROCESS_IN_ISR"
#endif
#if defined(TX_ENABLE_STACK_CHECKING) && defined(TX_DISABLE_STACK_FILLING)
#error "TX_ENABLE_STACK_CHECKING reads the fill pattern that TX_DISABLE_STACK_FILLING leaves out"
#endif
#if defined(TX_MISRA_ENABLE) || defined(TX_SAFETY_CRITICAL)
#error "this kernel has no MISRA or safety-critical build"
#endif
#ifdef TX_ENABLE_EXECUTION_CHANGE_NOTIFY
#error                                                                                             \
    "this kernel calls no functions of the application's at switches; see TX_EXECUTION_PROFILE_ENABLE"
#endif
#ifdef TX_LOW_POWER
#error "this kernel sleeps over ticks by itself (TX_PORT_EVERY_TICK: it does not)"
#endif
#ifdef TX_ENABLE_RANDOM_NUMBER_STACK_FILLING
#error "this kernel fills stacks with TX_STACK_FILL"
#endif
#if defined(TX_QUEUE_MESSAGE_MAX_SIZE) && TX_QUEUE_MESSAGE_MAX_SIZE != 16
#error "messages of this kernel's queues have 1 to 16 words"
#endif

#define TX_NULL  0
#define TX_FALSE 0u
#define TX_TRUE  1u

#define TX_NO_WAIT        0u
#define TX_WAIT_FOREVER   0xFFFFFFFFu
#define TX_OR             0u
#define TX_OR_CLEAR       1u
#define TX_AND            2u
#define TX_AND_CLEAR      3u
#define TX_1_ULONG        1u
#define TX_2_ULONG        2u
#define TX_4_ULONG        4u
#define TX_8_ULONG        8u
#define TX_16_ULONG       16u
#define TX_NO_TIME_SLICE  0u
#define TX_DONT_START     0u
#define TX_AUTO_START     1u
#define TX_NO_ACTIVATE    0u
#define TX_AUTO_ACTIVATE  1u
#define TX_NO_INHERIT     0u
#define TX_INHERIT        1u
#define TX_THREAD_ENTRY   0u
#define TX_THREAD_EXIT    1u
#define TX_NO_SUSPENSIONS 0u
#define TX_NO_MESSAGES    0u
#define TX_EMPTY          0u
#define TX_CLEAR_ID       0u
#define TX_LOOP_FOREVER   1
#define TX_FOREVER        1
#define TX_STACK_FILL     0xEFEFEFEFu

/* Thread states. */
#define TX_READY           0u
#define TX_COMPLETED       1u
#define TX_TERMINATED      2u
#define TX_SUSPENDED       3u
#define TX_SLEEP           4u
#define TX_QUEUE_SUSP      5u
#define TX_SEMAPHORE_SUSP  6u
#define TX_EVENT_FLAG      7u
#define TX_BLOCK_MEMORY    8u
#define TX_BYTE_MEMORY     9u
#define TX_IO_DRIVER       10u
#define TX_FILE            11u
#define TX_TCP_IP          12u
#define TX_MUTEX_SUSP      13u
#define TX_PRIORITY_CHANGE 14u

/* Return values. */
#define TX_SUCCESS             0x00u
#define TX_DELETED             0x01u
#define TX_POOL_ERROR          0x02u
#define TX_PTR_ERROR           0x03u
#define TX_WAIT_ERROR          0x04u
#define TX_SIZE_ERROR          0x05u
#define TX_GROUP_ERROR         0x06u
#define TX_NO_EVENTS           0x07u
#define TX_OPTION_ERROR        0x08u
#define TX_QUEUE_ERROR         0x09u
#define TX_QUEUE_EMPTY         0x0Au
#define TX_QUEUE_FULL          0x0Bu
#define TX_SEMAPHORE_ERROR     0x0Cu
#define TX_NO_INSTANCE         0x0Du
#define TX_THREAD_ERROR        0x0Eu
#define TX_PRIORITY_ERROR      0x0Fu
#define TX_NO_MEMORY           0x10u
#define TX_START_ERROR         0x10u
#define TX_DELETE_ERROR        0x11u
#define TX_RESUME_ERROR        0x12u
#define TX_CALLER_ERROR        0x13u
#define TX_SUSPEND_ERROR       0x14u
#define TX_TIMER_ERROR         0x15u
#define TX_TICK_ERROR          0x16u
#define TX_ACTIVATE_ERROR      0x17u
#define TX_THRESH_ERROR        0x18u
#define TX_SUSPEND_LIFTED      0x19u
#define TX_WAIT_ABORTED        0x1Au
#define TX_WAIT_ABORT_ERROR    0x1Bu
#define TX_MUTEX_ERROR         0x1Cu
#define TX_NOT_AVAILABLE       0x1Du
#define TX_NOT_OWNED           0x1Eu
#define TX_INHERIT_ERROR       0x1Fu
#define TX_NOT_DONE            0x20u
#define TX_CEILING_EXCEEDED    0x21u
#define TX_INVALID_CEILING     0x22u
#define TX_FEATURE_NOT_ENABLED 0xFFu

/* What an object's id member holds while it exists. */
#define TX_THREAD_ID      0x54485244u
#define TX_TIMER_ID       0x4154494Du
#define TX_QUEUE_ID       0x51554555u
#define TX_SEMAPHORE_ID   0x53454D41u
#define TX_MUTEX_ID       0x4D555445u
#define TX_EVENT_FLAGS_ID 0x4456444Eu
#define TX_BLOCK_POOL_ID  0x424C4F43u
#define TX_BYTE_POOL_ID   0x42595445u

/* Members that an application or a port adds to the control blocks. */
#ifndef TX_THREAD_USER_EXTENSION
#define TX_THREAD_USER_EXTENSION
#endif
#ifndef TX_THREAD_EXTENSION_0
#define TX_THREAD_EXTENSION_0
#endif
#ifndef TX_THREAD_EXTENSION_1
#define TX_THREAD_EXTENSION_1
#endif
#ifndef TX_THREAD_EXTENSION_2
#define TX_THREAD_EXTENSION_2
#endif
#ifndef TX_THREAD_EXTENSION_3
#define TX_THREAD_EXTENSION_3
#endif
#ifndef TX_THREAD_DELETE_EXTENSION
#define TX_THREAD_DELETE_EXTENSION(thread) /* a statement, at tx_thread_delete */
#endif
#ifndef TX_TIMER_EXTENSION
#define TX_TIMER_EXTENSION
#endif
#ifndef TX_QUEUE_EXTENSION
#define TX_QUEUE_EXTENSION
#endif
#ifndef TX_SEMAPHORE_EXTENSION
#define TX_SEMAPHORE_EXTENSION
#endif
#ifndef TX_MUTEX_EXTENSION
#define TX_MUTEX_EXTENSION
#endif
#ifndef TX_EVENT_FLAGS_GROUP_EXTENSION
#define TX_EVENT_FLAGS_GROUP_EXTENSION
#endif
#ifndef TX_BLOCK_POOL_EXTENSION
#define TX_BLOCK_POOL_EXTENSION
#endif
#ifndef TX_BYTE_POOL_EXTENSION
#define TX_BYTE_POOL_EXTENSION
#endif

/* Performance information: each object counts, where the library is built for it. */
#ifdef TX_THREAD_ENABLE_PERFORMANCE_INFO
#define TX_THREAD_COUNTED 1
#else
#define TX_THREAD_COUNTED 0
#endif
#ifdef TX_TIMER_ENABLE_PERFORMANCE_INFO
#define TX_TIMER_COUNTED 1
#else
#define TX_TIMER_COUNTED 0
#endif
#ifdef TX_QUEUE_ENABLE_PERFORMANCE_INFO
#define TX_QUEUE_COUNTED 1
#else
#define TX_QUEUE_COUNTED 0
#endif
#ifdef TX_SEMAPHORE_ENABLE_PERFORMANCE_INFO
#define TX_SEMAPHORE_COUNTED 1
#else
#define TX_SEMAPHORE_COUNTED 0
#endif
#ifdef TX_MUTEX_ENABLE_PERFORMANCE_INFO
#define TX_MUTEX_COUNTED 1
#else
#define TX_MUTEX_COUNTED 0
#endif
#ifdef TX_EVENT_FLAGS_ENABLE_PERFORMANCE_INFO
#define TX_EVENT_FLAGS_COUNTED 1
#else
#define TX_EVENT_FLAGS_COUNTED 0
#endif
#ifdef TX_BLOCK_POOL_ENABLE_PERFORMANCE_INFO
#define TX_BLOCK_POOL_COUNTED 1
#else
#define TX_BLOCK_POOL_COUNTED 0
#endif
#ifdef TX_BYTE_POOL_ENABLE_PERFORMANCE_INFO
#define TX_BYTE_POOL_COUNTED 1
#else
#define TX_BYTE_POOL_COUNTED 0
#endif
enum {
    TX_THREAD_RESUMPTIONS,
    TX_THREAD_SUSPENSIONS,
    TX_THREAD_SOLICITED_PREEMPTIONS,
    TX_THREAD_INTERRUPT_PREEMPTIONS,
    TX_THREAD_PRIORITY_INVERSIONS,
    TX_THREAD_TIME_SLICES,
    TX_THREAD_RELINQUISHES,
    TX_THREAD_TIMEOUTS,
    TX_THREAD_WAIT_ABORTS,
    TX_THREAD_COUNTS
};
enum {
    TX_TIMER_ACTIVATES,
    TX_TIMER_REACTIVATES,
    TX_TIMER_DEACTIVATES,
    TX_TIMER_EXPIRATIONS,
    TX_TIMER_EXPIRATION_ADJUSTS,
    TX_TIMER_COUNTS
};
enum {
    TX_QUEUE_MESSAGES_SENT,
    TX_QUEUE_MESSAGES_RECEIVED,
    TX_QUEUE_EMPTY_SUSPENSIONS,
    TX_QUEUE_FULL_SUSPENSIONS,
    TX_QUEUE_FULL_ERRORS,
    TX_QUEUE_TIMEOUTS,
    TX_QUEUE_COUNTS
};
enum {
    TX_SEMAPHORE_PUTS,
    TX_SEMAPHORE_GETS,
    TX_SEMAPHORE_SUSPENSIONS,
    TX_SEMAPHORE_TIMEOUTS,
    TX_SEMAPHORE_COUNTS
};
enum {
    TX_MUTEX_PUTS,
    TX_MUTEX_GETS,
    TX_MUTEX_SUSPENSIONS,
    TX_MUTEX_TIMEOUTS,
    TX_MUTEX_INVERSIONS,
    TX_MUTEX_INHERITANCES,
    TX_MUTEX_COUNTS
};
enum {
    TX_EVENT_FLAGS_SETS,
    TX_EVENT_FLAGS_GETS,
    TX_EVENT_FLAGS_SUSPENSIONS,
    TX_EVENT_FLAGS_TIMEOUTS,
    TX_EVENT_FLAGS_COUNTS
};
enum {
    TX_BLOCK_POOL_ALLOCATES,
    TX_BLOCK_POOL_RELEASES,
    TX_BLOCK_POOL_SUSPENSIONS,
    TX_BLOCK_POOL_TIMEOUTS,
    TX_BLOCK_POOL_COUNTS
};
enum {
    TX_BYTE_POOL_ALLOCATES,
    TX_BYTE_POOL_RELEASES,
    TX_BYTE_POOL_FRAGMENTS_SEARCHED,
    TX_BYTE_POOL_MERGES,
    TX_BYTE_POOL_SPLITS,
    TX_BYTE_POOL_SUSPENSIONS,
    TX_BYTE_POOL_TIMEOUTS,
    TX_BYTE_POOL_COUNTS
};
#define TX_COUNTS(kind, member) ULONG member[TX_##kind##_COUNTED ? TX_##kind##_COUNTS : 0];

/* A member of a circular list, or the list itself (then next is its first, previous its last). */
typedef struct TX_LINK_STRUCT {
    struct TX_LINK_STRUCT *next;
    struct TX_LINK_STRUCT *previous;
} TX_LINK;

/* The threads that wait for an object, first come first. */
typedef struct TX_WAITERS_STRUCT {
    TX_LINK list;
    ULONG count;
} TX_WAITERS;

/* Something that happens at a tick: an application timer or, without a function, a time-out. */
typedef struct TX_TIMER_INTERNAL_STRUCT {
    TX_LINK tx_timer_internal_link; /* next is TX_NULL while inactive */
    ULONG tx_timer_internal_expires;
    VOID (*tx_timer_internal_timeout_function)(ULONG);
} TX_TIMER_INTERNAL;

typedef struct TX_THREAD_STRUCT {
    ULONG tx_thread_id;
    ULONG tx_thread_run_count;
    VOID *tx_thread_stack_ptr;
    VOID *tx_thread_stack_start;
    VOID *tx_thread_stack_end; /* its last byte */
    ULONG tx_thread_stack_size;
    ULONG tx_thread_time_slice;
    ULONG tx_thread_new_time_slice;
    TX_LINK tx_thread_ready;
    TX_THREAD_EXTENSION_0
    CHAR *tx_thread_name;
    UINT tx_thread_priority;
    UINT tx_thread_state;
    UINT tx_thread_delayed_suspend;
    UINT tx_thread_preempt_threshold;
    TX_LINK tx_thread_holding; /* preempted under its threshold; next is TX_NULL otherwise */
    VOID (*tx_thread_entry)(ULONG);
    ULONG tx_thread_entry_parameter;
    TX_TIMER_INTERNAL tx_thread_timer;
    VOID (*tx_thread_suspend_cleanup)(struct TX_THREAD_STRUCT *); /* after a wait that failed */
    TX_WAITERS *tx_thread_suspend_list;
    TX_LINK tx_thread_suspended;
    ULONG tx_thread_suspend_info;
    VOID *tx_thread_additional_suspend_info;
    UINT tx_thread_suspend_option;
    UINT tx_thread_suspend_status; /* what the waiting service is going to return */
    TX_THREAD_EXTENSION_1
    TX_LINK tx_thread_created;
    TX_THREAD_EXTENSION_2
#ifndef TX_NO_FILEX_POINTER
    VOID *tx_thread_filex_ptr;
#endif
    UINT tx_thread_user_priority;
    UINT tx_thread_user_preempt_threshold;
    TX_LINK tx_thread_owned_mutexes;
    struct TX_THREAD_STRUCT *tx_thread_preempted_by; /* the last that did */
    TX_COUNTS(THREAD, tx_thread_performance)
#ifdef TX_EXECUTION_PROFILE_ENABLE
    ULONG64 tx_thread_execution_time_total; /* tx_execution_profile.h */
#endif
    VOID (*tx_thread_notify)(struct TX_THREAD_STRUCT *, UINT);
    TX_THREAD_EXTENSION_3
    TX_THREAD_USER_EXTENSION
} TX_THREAD;

typedef struct TX_TIMER_STRUCT {
    ULONG tx_timer_id;
    CHAR *tx_timer_name;
    TX_TIMER_INTERNAL tx_timer_internal;
    ULONG tx_timer_remaining_ticks; /* while inactive */
    ULONG tx_timer_reschedule_ticks;
    ULONG tx_timer_expiration_input;
    TX_LINK tx_timer_created;
    TX_COUNTS(TIMER, tx_timer_performance)
    TX_TIMER_EXTENSION
} TX_TIMER;

typedef struct TX_QUEUE_STRUCT {
    ULONG tx_queue_id;
    CHAR *tx_queue_name;
    UINT tx_queue_message_size; /* in words */
    ULONG tx_queue_capacity;    /* in messages */
    ULONG tx_queue_enqueued;
    ULONG *tx_queue_start;
    ULONG *tx_queue_end;
    ULONG *tx_queue_read;
    ULONG *tx_queue_write;
    TX_WAITERS tx_queue_waiters; /* receivers while empty, senders while full */
    TX_LINK tx_queue_created;
    TX_COUNTS(QUEUE, tx_queue_performance)
    VOID (*tx_queue_notify)(struct TX_QUEUE_STRUCT *);
    TX_QUEUE_EXTENSION
} TX_QUEUE;

typedef struct TX_SEMAPHORE_STRUCT {
    ULONG tx_semaphore_id;
    CHAR *tx_semaphore_name;
    ULONG tx_semaphore_count;
    TX_WAITERS tx_semaphore_waiters;
    TX_LINK tx_semaphore_created;
    TX_COUNTS(SEMAPHORE, tx_semaphore_performance)
    VOID (*tx_semaphore_notify)(struct TX_SEMAPHORE_STRUCT *);
    TX_SEMAPHORE_EXTENSION
} TX_SEMAPHORE;

typedef struct TX_MUTEX_STRUCT {
    ULONG tx_mutex_id;
    CHAR *tx_mutex_name;
    ULONG tx_mutex_ownership_count;
    TX_THREAD *tx_mutex_owner;
    UINT tx_mutex_inherit;
    TX_WAITERS tx_mutex_waiters;
    TX_LINK tx_mutex_created;
    TX_LINK tx_mutex_owned; /* among its owner's */
    TX_COUNTS(MUTEX, tx_mutex_performance)
    TX_MUTEX_EXTENSION
} TX_MUTEX;

typedef struct TX_EVENT_FLAGS_GROUP_STRUCT {
    ULONG tx_event_flags_group_id;
    CHAR *tx_event_flags_group_name;
    ULONG tx_event_flags_group_current;
    TX_WAITERS tx_event_flags_group_waiters;
    TX_LINK tx_event_flags_group_created;
    TX_COUNTS(EVENT_FLAGS, tx_event_flags_group_performance)
    VOID (*tx_event_flags_group_notify)(struct TX_EVENT_FLAGS_GROUP_STRUCT *);
    TX_EVENT_FLAGS_GROUP_EXTENSION
} TX_EVENT_FLAGS_GROUP;

typedef struct TX_BLOCK_POOL_STRUCT {
    ULONG tx_block_pool_id;
    CHAR *tx_block_pool_name;
    ULONG tx_block_pool_available;
    ULONG tx_block_pool_total;
    UCHAR *tx_block_pool_available_list;
    UCHAR *tx_block_pool_start;
    ULONG tx_block_pool_size;
    ULONG tx_block_pool_block_size;
    TX_WAITERS tx_block_pool_waiters;
    TX_LINK tx_block_pool_created;
    TX_COUNTS(BLOCK_POOL, tx_block_pool_performance)
    TX_BLOCK_POOL_EXTENSION
} TX_BLOCK_POOL;

typedef struct TX_BYTE_POOL_STRUCT {
    ULONG tx_byte_pool_id;
    CHAR *tx_byte_pool_name;
    ULONG tx_byte_pool_available;
    ULONG tx_byte_pool_fragments;
    UCHAR *tx_byte_pool_list;   /* its first block */
    UCHAR *tx_byte_pool_search; /* no block below is free */
    UCHAR *tx_byte_pool_start;
    ULONG tx_byte_pool_size;
    TX_WAITERS tx_byte_pool_waiters;
    TX_LINK tx_byte_pool_created;
    TX_COUNTS(BYTE_POOL, tx_byte_pool_performance)
    TX_BYTE_POOL_EXTENSION
} TX_BYTE_POOL;

/*
 * Each service has a form that checks its arguments and caller, _txe_…, and one that does not,
 * _tx_…; the application's TX_DISABLE_ERROR_CHECKING chooses which name means which.
 */
#ifdef TX_DISABLE_ERROR_CHECKING
#define TX_SERVICE(name) _tx_##name
#else
#define TX_SERVICE(name) _txe_##name
#endif
#define TX_DECLARE(name, ...)                                                                      \
    UINT _tx_##name(__VA_ARGS__);                                                                  \
    UINT _txe_##name(__VA_ARGS__)

/* What the application defines: creates its first objects. first_unused_memory is the port's. */
VOID tx_application_define(VOID *first_unused_memory);

/* Kernel. Main calls tx_kernel_enter once; it calls tx_application_define and starts threads. */
VOID _tx_kernel_enter(VOID);

/* Threads. create: initialization, threads. reset, relinquish, sleep: threads. delete, terminate,
 * priority_change, preemption_change, time_slice_change: threads, timers. Others: anywhere. */
TX_DECLARE(thread_create, TX_THREAD *thread_ptr, CHAR *name_ptr, VOID (*entry_function)(ULONG),
           ULONG entry_input, VOID *stack_start, ULONG stack_size, UINT priority,
           UINT preempt_threshold, ULONG time_slice, UINT auto_start);
TX_DECLARE(thread_delete, TX_THREAD *thread_ptr);
TX_DECLARE(thread_entry_exit_notify, TX_THREAD *thread_ptr,
           VOID (*entry_exit_notify)(TX_THREAD *, UINT));
TX_THREAD *_tx_thread_identify(VOID);
TX_DECLARE(thread_info_get, TX_THREAD *thread_ptr, CHAR **name, UINT *state, ULONG *run_count,
           UINT *priority, UINT *preemption_threshold, ULONG *time_slice, TX_THREAD **next_thread,
           TX_THREAD **suspended_thread);
UINT _tx_thread_performance_info_get(TX_THREAD *thread_ptr, ULONG *resumptions, ULONG *suspensions,
                                     ULONG *solicited_preemptions, ULONG *interrupt_preemptions,
                                     ULONG *priority_inversions, ULONG *time_slices,
                                     ULONG *relinquishes, ULONG *timeouts, ULONG *wait_aborts,
                                     TX_THREAD **last_preempted_by);
UINT _tx_thread_performance_system_info_get(ULONG *resumptions, ULONG *suspensions,
                                            ULONG *solicited_preemptions,
                                            ULONG *interrupt_preemptions,
                                            ULONG *priority_inversions, ULONG *time_slices,
                                            ULONG *relinquishes, ULONG *timeouts,
                                            ULONG *wait_aborts, ULONG *non_idle_returns,
                                            ULONG *idle_returns);
TX_DECLARE(thread_preemption_change, TX_THREAD *thread_ptr, UINT new_threshold,
           UINT *old_threshold);
TX_DECLARE(thread_priority_change, TX_THREAD *thread_ptr, UINT new_priority, UINT *old_priority);
VOID _tx_thread_relinquish(VOID);
VOID _txe_thread_relinquish(VOID);
TX_DECLARE(thread_reset, TX_THREAD *thread_ptr);
TX_DECLARE(thread_resume, TX_THREAD *thread_ptr);
TX_DECLARE(thread_sleep, ULONG timer_ticks);
UINT _tx_thread_stack_error_notify(VOID (*error_handler)(TX_THREAD *));
TX_DECLARE(thread_suspend, TX_THREAD *thread_ptr);
TX_DECLARE(thread_terminate, TX_THREAD *thread_ptr);
TX_DECLARE(thread_time_slice_change, TX_THREAD *thread_ptr, ULONG new_time_slice,
           ULONG *old_time_slice);
TX_DECLARE(thread_wait_abort, TX_THREAD *thread_ptr);

/* Queues of messages of 1 to 16 words. create: initialization, threads. delete: threads.
 * Others: anywhere. */
TX_DECLARE(queue_create, TX_QUEUE *queue_ptr, CHAR *name_ptr, UINT message_size, VOID *queue_start,
           ULONG queue_size);
TX_DECLARE(queue_delete, TX_QUEUE *queue_ptr);
TX_DECLARE(queue_flush, TX_QUEUE *queue_ptr);
TX_DECLARE(queue_front_send, TX_QUEUE *queue_ptr, VOID *source_ptr, ULONG wait_option);
TX_DECLARE(queue_info_get, TX_QUEUE *queue_ptr, CHAR **name, ULONG *enqueued,
           ULONG *available_storage, TX_THREAD **first_suspended, ULONG *suspended_count,
           TX_QUEUE **next_queue);
UINT _tx_queue_performance_info_get(TX_QUEUE *queue_ptr, ULONG *messages_sent,
                                    ULONG *messages_received, ULONG *empty_suspensions,
                                    ULONG *full_suspensions, ULONG *full_errors, ULONG *timeouts);
UINT _tx_queue_performance_system_info_get(ULONG *messages_sent, ULONG *messages_received,
                                           ULONG *empty_suspensions, ULONG *full_suspensions,
                                           ULONG *full_errors, ULONG *timeouts);
TX_DECLARE(queue_prioritize, TX_QUEUE *queue_ptr);
TX_DECLARE(queue_receive, TX_QUEUE *queue_ptr, VOID *destination_ptr, ULONG wait_option);
TX_DECLARE(queue_send, TX_QUEUE *queue_ptr, VOID *source_ptr, ULONG wait_option);
TX_DECLARE(queue_send_notify, TX_QUEUE *queue_ptr, VOID (*queue_send_notify)(TX_QUEUE *));

/* Counting semaphores. create: initialization, threads. delete: threads. Others: anywhere. */
TX_DECLARE(semaphore_ceiling_put, TX_SEMAPHORE *semaphore_ptr, ULONG ceiling);
TX_DECLARE(semaphore_create, TX_SEMAPHORE *semaphore_ptr, CHAR *name_ptr, ULONG initial_count);
TX_DECLARE(semaphore_delete, TX_SEMAPHORE *semaphore_ptr);
TX_DECLARE(semaphore_get, TX_SEMAPHORE *semaphore_ptr, ULONG wait_option);
TX_DECLARE(semaphore_info_get, TX_SEMAPHORE *semaphore_ptr, CHAR **name, ULONG *current_value,
           TX_THREAD **first_suspended, ULONG *suspended_count, TX_SEMAPHORE **next_semaphore);
UINT _tx_semaphore_performance_info_get(TX_SEMAPHORE *semaphore_ptr, ULONG *puts, ULONG *gets,
                                        ULONG *suspensions, ULONG *timeouts);
UINT _tx_semaphore_performance_system_info_get(ULONG *puts, ULONG *gets, ULONG *suspensions,
                                               ULONG *timeouts);
TX_DECLARE(semaphore_prioritize, TX_SEMAPHORE *semaphore_ptr);
TX_DECLARE(semaphore_put, TX_SEMAPHORE *semaphore_ptr);
TX_DECLARE(semaphore_put_notify, TX_SEMAPHORE *semaphore_ptr,
           VOID (*semaphore_put_notify)(TX_SEMAPHORE *));

/* Mutexes. create: initialization, threads. delete: threads. get, put: initialization, threads,
 * timers. Others: anywhere. A thread that ends releases what it owns. */
TX_DECLARE(mutex_create, TX_MUTEX *mutex_ptr, CHAR *name_ptr, UINT priority_inherit);
TX_DECLARE(mutex_delete, TX_MUTEX *mutex_ptr);
TX_DECLARE(mutex_get, TX_MUTEX *mutex_ptr, ULONG wait_option);
TX_DECLARE(mutex_info_get, TX_MUTEX *mutex_ptr, CHAR **name, ULONG *count, TX_THREAD **owner,
           TX_THREAD **first_suspended, ULONG *suspended_count, TX_MUTEX **next_mutex);
UINT _tx_mutex_performance_info_get(TX_MUTEX *mutex_ptr, ULONG *puts, ULONG *gets,
                                    ULONG *suspensions, ULONG *timeouts, ULONG *inversions,
                                    ULONG *inheritances);
UINT _tx_mutex_performance_system_info_get(ULONG *puts, ULONG *gets, ULONG *suspensions,
                                           ULONG *timeouts, ULONG *inversions, ULONG *inheritances);
TX_DECLARE(mutex_prioritize, TX_MUTEX *mutex_ptr);
TX_DECLARE(mutex_put, TX_MUTEX *mutex_ptr);

/* Event flags groups of 32 flags. create: initialization, threads. delete: threads. Others:
 * anywhere. */
TX_DECLARE(event_flags_create, TX_EVENT_FLAGS_GROUP *group_ptr, CHAR *name_ptr);
TX_DECLARE(event_flags_delete, TX_EVENT_FLAGS_GROUP *group_ptr);
TX_DECLARE(event_flags_get, TX_EVENT_FLAGS_GROUP *group_ptr, ULONG requested_flags, UINT get_option,
           ULONG *actual_flags_ptr, ULONG wait_option);
TX_DECLARE(event_flags_info_get, TX_EVENT_FLAGS_GROUP *group_ptr, CHAR **name, ULONG *current_flags,
           TX_THREAD **first_suspended, ULONG *suspended_count, TX_EVENT_FLAGS_GROUP **next_group);
UINT _tx_event_flags_performance_info_get(TX_EVENT_FLAGS_GROUP *group_ptr, ULONG *sets, ULONG *gets,
                                          ULONG *suspensions, ULONG *timeouts);
UINT _tx_event_flags_performance_system_info_get(ULONG *sets, ULONG *gets, ULONG *suspensions,
                                                 ULONG *timeouts);
TX_DECLARE(event_flags_set, TX_EVENT_FLAGS_GROUP *group_ptr, ULONG flags_to_set, UINT set_option);
TX_DECLARE(event_flags_set_notify, TX_EVENT_FLAGS_GROUP *group_ptr,
           VOID (*events_set_notify)(TX_EVENT_FLAGS_GROUP *));

/* Pools of blocks of one size. create: initialization, threads. delete: threads. Others: anywhere. */
TX_DECLARE(block_allocate, TX_BLOCK_POOL *pool_ptr, VOID **block_ptr, ULONG wait_option);
TX_DECLARE(block_pool_create, TX_BLOCK_POOL *pool_ptr, CHAR *name_ptr, ULONG block_size,
           VOID *pool_start, ULONG pool_size);
TX_DECLARE(block_pool_delete, TX_BLOCK_POOL *pool_ptr);
TX_DECLARE(block_pool_info_get, TX_BLOCK_POOL *pool_ptr, CHAR **name, ULONG *available,
           ULONG *total_blocks, TX_THREAD **first_suspended, ULONG *suspended_count,
           TX_BLOCK_POOL **next_pool);
UINT _tx_block_pool_performance_info_get(TX_BLOCK_POOL *pool_ptr, ULONG *allocates, ULONG *releases,
                                         ULONG *suspensions, ULONG *timeouts);
UINT _tx_block_pool_performance_system_info_get(ULONG *allocates, ULONG *releases,
                                                ULONG *suspensions, ULONG *timeouts);
TX_DECLARE(block_pool_prioritize, TX_BLOCK_POOL *pool_ptr);
TX_DECLARE(block_release, VOID *block_ptr);

/* Pools of bytes. allocate, create, release: initialization, threads. delete: threads. Others:
 * anywhere. */
TX_DECLARE(byte_allocate, TX_BYTE_POOL *pool_ptr, VOID **memory_ptr, ULONG memory_size,
           ULONG wait_option);
TX_DECLARE(byte_pool_create, TX_BYTE_POOL *pool_ptr, CHAR *name_ptr, VOID *pool_start,
           ULONG pool_size);
TX_DECLARE(byte_pool_delete, TX_BYTE_POOL *pool_ptr);
TX_DECLARE(byte_pool_info_get, TX_BYTE_POOL *pool_ptr, CHAR **name, ULONG *available,
           ULONG *fragments, TX_THREAD **first_suspended, ULONG *suspended_count,
           TX_BYTE_POOL **next_pool);
UINT _tx_byte_pool_performance_info_get(TX_BYTE_POOL *pool_ptr, ULONG *allocates, ULONG *releases,
                                        ULONG *fragments_searched, ULONG *merges, ULONG *splits,
                                        ULONG *suspensions, ULONG *timeouts);
UINT _tx_byte_pool_performance_system_info_get(ULONG *allocates, ULONG *releases,
                                               ULONG *fragments_searched, ULONG *merges,
                                               ULONG *splits, ULONG *suspensions, ULONG *timeouts);
TX_DECLARE(byte_pool_prioritize, TX_BYTE_POOL *pool_ptr);
TX_DECLARE(byte_release, VOID *memory_ptr);

/* Application timers. create: initialization, threads. delete: threads. change: threads, timers,
 * interrupts. Others: anywhere. */
TX_DECLARE(timer_activate, TX_TIMER *timer_ptr);
TX_DECLARE(timer_change, TX_TIMER *timer_ptr, ULONG initial_ticks, ULONG reschedule_ticks);
TX_DECLARE(timer_create, TX_TIMER *timer_ptr, CHAR *name_ptr, VOID (*expiration_function)(ULONG),
           ULONG expiration_input, ULONG initial_ticks, ULONG reschedule_ticks, UINT auto_activate);
TX_DECLARE(timer_deactivate, TX_TIMER *timer_ptr);
TX_DECLARE(timer_delete, TX_TIMER *timer_ptr);
TX_DECLARE(timer_info_get, TX_TIMER *timer_ptr, CHAR **name, UINT *active, ULONG *remaining_ticks,
           ULONG *reschedule_ticks, TX_TIMER **next_timer);
UINT _tx_timer_performance_info_get(TX_TIMER *timer_ptr, ULONG *activates, ULONG *reactivates,
                                    ULONG *deactivates, ULONG *expirations,
                                    ULONG *expiration_adjusts);
UINT _tx_timer_performance_system_info_get(ULONG *activates, ULONG *reactivates, ULONG *deactivates,
                                           ULONG *expirations, ULONG *expiration_adjusts);

/* The clock, and interrupts. Anywhere. */
ULONG _tx_time_get(VOID);
VOID _tx_time_set(ULONG new_time);
UINT _tx_interrupt_control(UINT new_posture);

/* The event trace, in TraceX's format; TX_FEATURE_NOT_ENABLED without TX_ENABLE_EVENT_TRACE. */
UINT _tx_trace_enable(VOID *trace_buffer_start, ULONG trace_buffer_size, ULONG registry_entries);
UINT _tx_trace_disable(VOID);
UINT _tx_trace_event_filter(ULONG event_filter_bits);
UINT _tx_trace_event_unfilter(ULONG event_unfilter_bits);
UINT _tx_trace_buffer_full_notify(VOID (*full_buffer_callback)(VOID *));
VOID _tx_trace_isr_enter_insert(ULONG isr_id);
VOID _tx_trace_isr_exit_insert(ULONG isr_id);
UINT _tx_trace_user_event_insert(ULONG event_id, ULONG info_field_1, ULONG info_field_2,
                                 ULONG info_field_3, ULONG info_field_4);

/* The names that the application uses. */
#define tx_kernel_enter                            _tx_kernel_enter
#define tx_thread_create                           TX_SERVICE(thread_create)
#define tx_thread_delete                           TX_SERVICE(thread_delete)
#define tx_thread_entry_exit_notify                TX_SERVICE(thread_entry_exit_notify)
#define tx_thread_identify                         _tx_thread_identify
#define tx_thread_info_get                         TX_SERVICE(thread_info_get)
#define tx_thread_performance_info_get             _tx_thread_performance_info_get
#define tx_thread_performance_system_info_get      _tx_thread_performance_system_info_get
#define tx_thread_preemption_change                TX_SERVICE(thread_preemption_change)
#define tx_thread_priority_change                  TX_SERVICE(thread_priority_change)
#define tx_thread_relinquish                       TX_SERVICE(thread_relinquish)
#define tx_thread_reset                            TX_SERVICE(thread_reset)
#define tx_thread_resume                           TX_SERVICE(thread_resume)
#define tx_thread_sleep                            TX_SERVICE(thread_sleep)
#define tx_thread_stack_error_notify               _tx_thread_stack_error_notify
#define tx_thread_suspend                          TX_SERVICE(thread_suspend)
#define tx_thread_terminate                        TX_SERVICE(thread_terminate)
#define tx_thread_time_slice_change                TX_SERVICE(thread_time_slice_change)
#define tx_thread_wait_abort                       TX_SERVICE(thread_wait_abort)
#define tx_queue_create                            TX_SERVICE(queue_create)
#define tx_queue_delete                            TX_SERVICE(queue_delete)
#define tx_queue_flush                             TX_SERVICE(queue_flush)
#define tx_queue_front_send                        TX_SERVICE(queue_front_send)
#define tx_queue_info_get                          TX_SERVICE(queue_info_get)
#define tx_queue_performance_info_get              _tx_queue_performance_info_get
#define tx_queue_performance_system_info_get       _tx_queue_performance_system_info_get
#define tx_queue_prioritize                        TX_SERVICE(queue_prioritize)
#define tx_queue_receive                           TX_SERVICE(queue_receive)
#define tx_queue_send                              TX_SERVICE(queue_send)
#define tx_queue_send_notify                       TX_SERVICE(queue_send_notify)
#define tx_semaphore_ceiling_put                   TX_SERVICE(semaphore_ceiling_put)
#define tx_semaphore_create                        TX_SERVICE(semaphore_create)
#define tx_semaphore_delete                        TX_SERVICE(semaphore_delete)
#define tx_semaphore_get                           TX_SERVICE(semaphore_get)
#define tx_semaphore_info_get                      TX_SERVICE(semaphore_info_get)
#define tx_semaphore_performance_info_get          _tx_semaphore_performance_info_get
#define tx_semaphore_performance_system_info_get   _tx_semaphore_performance_system_info_get
#define tx_semaphore_prioritize                    TX_SERVICE(semaphore_prioritize)
#define tx_semaphore_put                           TX_SERVICE(semaphore_put)
#define tx_semaphore_put_notify                    TX_SERVICE(semaphore_put_notify)
#define tx_mutex_create                            TX_SERVICE(mutex_create)
#define tx_mutex_delete                            TX_SERVICE(mutex_delete)
#define tx_mutex_get                               TX_SERVICE(mutex_get)
#define tx_mutex_info_get                          TX_SERVICE(mutex_info_get)
#define tx_mutex_performance_info_get              _tx_mutex_performance_info_get
#define tx_mutex_performance_system_info_get       _tx_mutex_performance_system_info_get
#define tx_mutex_prioritize                        TX_SERVICE(mutex_prioritize)
#define tx_mutex_put                               TX_SERVICE(mutex_put)
#define tx_event_flags_create                      TX_SERVICE(event_flags_create)
#define tx_event_flags_delete                      TX_SERVICE(event_flags_delete)
#define tx_event_flags_get                         TX_SERVICE(event_flags_get)
#define tx_event_flags_info_get                    TX_SERVICE(event_flags_info_get)
#define tx_event_flags_performance_info_get        _tx_event_flags_performance_info_get
#define tx_event_flags_performance_system_info_get _tx_event_flags_performance_system_info_get
#define tx_event_flags_set                         TX_SERVICE(event_flags_set)
#define tx_event_flags_set_notify                  TX_SERVICE(event_flags_set_notify)
#define tx_block_allocate                          TX_SERVICE(block_allocate)
#define tx_block_pool_create                       TX_SERVICE(block_pool_create)
#define tx_block_pool_delete                       TX_SERVICE(block_pool_delete)
#define tx_block_pool_info_get                     TX_SERVICE(block_pool_info_get)
#define tx_block_pool_performance_info_get         _tx_block_pool_performance_info_get
#define tx_block_pool_performance_system_info_get  _tx_block_pool_performance_system_info_get
#define tx_block_pool_prioritize                   TX_SERVICE(block_pool_prioritize)
#define tx_block_release                           TX_SERVICE(block_release)
#define tx_byte_allocate                           TX_SERVICE(byte_allocate)
#define tx_byte_pool_create                        TX_SERVICE(byte_pool_create)
#define tx_byte_pool_delete                        TX_SERVICE(byte_pool_delete)
#define tx_byte_pool_info_get                      TX_SERVICE(byte_pool_info_get)
#define tx_byte_pool_performance_info_get          _tx_byte_pool_performance_info_get
#define tx_byte_pool_performance_system_info_get   _tx_byte_pool_performance_system_info_get
#define tx_byte_pool_prioritize                    TX_SERVICE(byte_pool_prioritize)
#define tx_byte_release                            TX_SERVICE(byte_release)
#define tx_timer_activate                          TX_SERVICE(timer_activate)
#define tx_timer_change                            TX_SERVICE(timer_change)
#define tx_timer_create                            TX_SERVICE(timer_create)
#define tx_timer_deactivate                        TX_SERVICE(timer_deactivate)
#define tx_timer_delete                            TX_SERVICE(timer_delete)
#define tx_timer_info_get                          TX_SERVICE(timer_info_get)
#define tx_timer_performance_info_get              _tx_timer_performance_info_get
#define tx_timer_performance_system_info_get       _tx_timer_performance_system_info_get
#define tx_time_get                                _tx_time_get
#define tx_time_set                                _tx_time_set
#define tx_interrupt_control                       _tx_interrupt_control
#define tx_trace_enable                            _tx_trace_enable
#define tx_trace_disable                           _tx_trace_disable
#define tx_trace_event_filter                      _tx_trace_event_filter
#define tx_trace_event_unfilter                    _tx_trace_event_unfilter
#define tx_trace_buffer_full_notify                _tx_trace_buffer_full_notify
#define tx_trace_isr_enter_insert                  _tx_trace_isr_enter_insert
#define tx_trace_isr_exit_insert                   _tx_trace_isr_exit_insert
#define tx_trace_user_event_insert                 _tx_trace_user_event_insert

/* Classes of trace events, for the filter. */
#define TX_TRACE_ALL_EVENTS              0x000007FFu
#define TX_TRACE_INTERNAL_EVENTS         0x00000001u
#define TX_TRACE_BLOCK_POOL_EVENTS       0x00000002u
#define TX_TRACE_BYTE_POOL_EVENTS        0x00000004u
#define TX_TRACE_EVENT_FLAGS_EVENTS      0x00000008u
#define TX_TRACE_INTERRUPT_CONTROL_EVENT 0x00000010u
#define TX_TRACE_MUTEX_EVENTS            0x00000020u
#define TX_TRACE_QUEUE_EVENTS            0x00000040u
#define TX_TRACE_SEMAPHORE_EVENTS        0x00000080u
#define TX_TRACE_THREAD_EVENTS           0x00000100u
#define TX_TRACE_TIME_EVENTS             0x00000200u
#define TX_TRACE_TIMER_EVENTS            0x00000400u
#define TX_TRACE_USER_EVENTS             0x80000000u
#define TX_TRACE_USER_EVENT_START        4096u
#define TX_TRACE_USER_EVENT_END          65535u

/* Trace buffer and registry entries, as the TraceX guide gives them (chapter 11). */
#ifndef TX_TRACE_OBJECT_REGISTRY_NAME
#define TX_TRACE_OBJECT_REGISTRY_NAME 32
#endif

typedef struct TX_TRACE_HEADER_STRUCT {
    ULONG tx_trace_header_id; /* "TXTB" */
    ULONG tx_trace_header_timer_valid_mask;
    ULONG tx_trace_header_trace_base_address;
    ULONG tx_trace_header_registry_start_pointer;
    USHORT tx_trace_header_reserved1;
    USHORT tx_trace_header_object_name_size;
    ULONG tx_trace_header_registry_end_pointer;
    ULONG tx_trace_header_buffer_start_pointer;
    ULONG tx_trace_header_buffer_end_pointer;
    ULONG tx_trace_header_buffer_current_pointer;
    ULONG tx_trace_header_reserved2;
    ULONG tx_trace_header_reserved3;
    ULONG tx_trace_header_reserved4;
} TX_TRACE_HEADER;

typedef struct TX_TRACE_OBJECT_ENTRY_STRUCT {
    UCHAR tx_trace_object_entry_available;
    UCHAR tx_trace_object_entry_type;
    UCHAR tx_trace_object_entry_reserved1;
    UCHAR tx_trace_object_entry_reserved2;
    ULONG tx_trace_object_entry_object_pointer;
    ULONG tx_trace_object_entry_param_1;
    ULONG tx_trace_object_entry_param_2;
    UCHAR tx_trace_object_entry_name[TX_TRACE_OBJECT_REGISTRY_NAME];
} TX_TRACE_OBJECT_ENTRY;

typedef struct TX_TRACE_BUFFER_ENTRY_STRUCT {
    ULONG tx_trace_buffer_entry_thread_pointer;
    ULONG tx_trace_buffer_entry_thread_priority;
    ULONG tx_trace_buffer_entry_event_id;
    ULONG tx_trace_buffer_entry_time_stamp;
    ULONG tx_trace_buffer_entry_information_field_1;
    ULONG tx_trace_buffer_entry_information_field_2;
    ULONG tx_trace_buffer_entry_information_field_3;
    ULONG tx_trace_buffer_entry_information_field_4;
} TX_TRACE_BUFFER_ENTRY;

#endif
