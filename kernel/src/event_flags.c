/* Event flags groups. */
#include "tx_kernel.h"

#define CLEAR_BIT 1u /* in TX_OR_CLEAR and TX_AND_CLEAR */

static UINT is_group(const TX_EVENT_FLAGS_GROUP *group)
{
    return group != TX_NULL && group->tx_event_flags_group_id == TX_EVENT_FLAGS_ID;
}

static inline UINT satisfied(ULONG flags, ULONG requested, UINT option)
{
    ULONG found = flags & requested;
    return option & TX_AND ? found == requested : found != 0;
}

UINT _tx_event_flags_create(TX_EVENT_FLAGS_GROUP *group, CHAR *name_ptr)
{
    *group = (TX_EVENT_FLAGS_GROUP){.tx_event_flags_group_name = name_ptr};
    tx_waiters_init(&group->tx_event_flags_group_waiters);
    _tx_object_created(&_tx_kernel.event_flags, &group->tx_event_flags_group_created,
                       &group->tx_event_flags_group_id, TX_EVENT_FLAGS_ID);
    TX_TRACE_OBJECT(6, group, name_ptr, 0, 0);
    TX_TRACE(EVENT_FLAGS_EVENTS, 30, group, TX_TRACE_STACK, 0, 0);
    return TX_SUCCESS;
}

UINT _txe_event_flags_create(TX_EVENT_FLAGS_GROUP *group, CHAR *name_ptr)
{
    if (group == TX_NULL || is_group(group))
        return TX_GROUP_ERROR;
    if (!tx_from_thread_or_initialization())
        return TX_CALLER_ERROR;
    return _tx_event_flags_create(group, name_ptr);
}

UINT _tx_event_flags_delete(TX_EVENT_FLAGS_GROUP *group)
{
    UINT posture = tx_port_disable();
    TX_TRACE(EVENT_FLAGS_EVENTS, 31, group, TX_TRACE_STACK, 0, 0);
    TX_TRACE_OBJECT_GONE(group);
    _tx_object_deleted(&group->tx_event_flags_group_created, &group->tx_event_flags_group_id);
    _tx_wake_all(&group->tx_event_flags_group_waiters, TX_DELETED, posture);
    return TX_SUCCESS;
}

TX_CHECKED_CALLER(event_flags_delete, (TX_EVENT_FLAGS_GROUP * group), (group), is_group(group),
                  TX_GROUP_ERROR, tx_from_thread())

UINT _tx_event_flags_get(TX_EVENT_FLAGS_GROUP *group, ULONG requested_flags, UINT get_option,
                         ULONG *actual_flags_ptr, ULONG wait_option)
{
    UINT posture = tx_port_disable();
    ULONG flags = group->tx_event_flags_group_current;
    TX_TRACE(EVENT_FLAGS_EVENTS, 32, group, requested_flags, flags, get_option);
    TX_COUNT_EVENT_FLAGS(group, GETS);
    if (satisfied(flags, requested_flags, get_option)) {
        *actual_flags_ptr = flags;
        if (get_option & CLEAR_BIT)
            group->tx_event_flags_group_current = flags & ~requested_flags;
        tx_port_restore(posture);
        return TX_SUCCESS;
    }
    if (wait_option != TX_NO_WAIT) {
        TX_THREAD *thread = _tx_kernel.current;
        TX_COUNT_EVENT_FLAGS(group, SUSPENSIONS);
        thread->tx_thread_suspend_info = requested_flags;
        thread->tx_thread_suspend_option = get_option;
        thread->tx_thread_additional_suspend_info = actual_flags_ptr;
    }
    return _tx_wait(&group->tx_event_flags_group_waiters, TX_WAIT_FOR(TX_EVENT_FLAG, TX_NO_EVENTS),
                    wait_option, posture);
}

UINT _txe_event_flags_get(TX_EVENT_FLAGS_GROUP *group, ULONG requested_flags, UINT get_option,
                          ULONG *actual_flags_ptr, ULONG wait_option)
{
    if (!is_group(group))
        return TX_GROUP_ERROR;
    if (actual_flags_ptr == TX_NULL)
        return TX_PTR_ERROR;
    if (!tx_wait_allowed(wait_option))
        return TX_WAIT_ERROR;
    if (get_option > TX_AND_CLEAR)
        return TX_OPTION_ERROR;
    return _tx_event_flags_get(group, requested_flags, get_option, actual_flags_ptr, wait_option);
}

/*
 * Reviews all waiters against the flags as set: what one of them consumes is still there for the
 * others. An interrupt in a window may set, get or clear flags and end waits; if it ended the wait
 * of the thread that the walk stands at, the walk starts again.
 */
static void review_waiters(TX_EVENT_FLAGS_GROUP *group, UINT posture)
{
    TX_WAITERS *waiters = &group->tx_event_flags_group_waiters;
    ULONG consumed = 0;
    tx_lock();
    TX_LINK *link = waiters->list.next;
    while (link != &waiters->list) {
        TX_THREAD *thread = TX_CONTAINER(link, TX_THREAD, tx_thread_suspended);
        ULONG flags = group->tx_event_flags_group_current | consumed;
        ULONG requested = thread->tx_thread_suspend_info;
        TX_LINK *next = link->next;
        if (satisfied(flags, requested, thread->tx_thread_suspend_option)) {
            *(ULONG *)thread->tx_thread_additional_suspend_info = flags;
            if (thread->tx_thread_suspend_option & CLEAR_BIT) {
                consumed |= flags & requested;
                group->tx_event_flags_group_current &= ~requested;
            }
            _tx_wake(thread, TX_SUCCESS);
        }
        link = next;
        if (link == &waiters->list)
            break;
        TX_WINDOW(posture);
        thread = TX_CONTAINER(link, TX_THREAD, tx_thread_suspended);
        if (thread->tx_thread_suspend_list != waiters)
            link = waiters->list.next;
    }
    _tx_unlock();
    tx_port_restore(posture);
}

static inline void notify(TX_EVENT_FLAGS_GROUP *group)
{
    VOID (*callback)(TX_EVENT_FLAGS_GROUP *) = group->tx_event_flags_group_notify;
    if (TX_NOTIFY && callback != TX_NULL)
        callback(group);
}

UINT _tx_event_flags_set(TX_EVENT_FLAGS_GROUP *group, ULONG flags_to_set, UINT set_option)
{
    UINT posture = tx_port_disable();
    TX_TRACE(EVENT_FLAGS_EVENTS, 36, group, flags_to_set, set_option,
             group->tx_event_flags_group_waiters.count);
    TX_COUNT_EVENT_FLAGS(group, SETS);
    if (set_option == TX_AND) {
        group->tx_event_flags_group_current &= flags_to_set;
        tx_port_restore(posture);
        return TX_SUCCESS;
    }
    group->tx_event_flags_group_current |= flags_to_set;
    if (group->tx_event_flags_group_waiters.count != 0)
        review_waiters(group, posture);
    else
        tx_port_restore(posture);
    notify(group);
    return TX_SUCCESS;
}

UINT _txe_event_flags_set(TX_EVENT_FLAGS_GROUP *group, ULONG flags_to_set, UINT set_option)
{
    if (!is_group(group))
        return TX_GROUP_ERROR;
    if (set_option != TX_AND && set_option != TX_OR)
        return TX_OPTION_ERROR;
    return _tx_event_flags_set(group, flags_to_set, set_option);
}

UINT _tx_event_flags_set_notify(TX_EVENT_FLAGS_GROUP *group,
                                VOID (*events_set_notify)(TX_EVENT_FLAGS_GROUP *))
{
    if (!TX_NOTIFY)
        return TX_FEATURE_NOT_ENABLED;
    TX_TRACE(EVENT_FLAGS_EVENTS, 37, group, 0, 0, 0);
    group->tx_event_flags_group_notify = events_set_notify;
    return TX_SUCCESS;
}

TX_CHECKED(event_flags_set_notify,
           (TX_EVENT_FLAGS_GROUP * group, VOID (*events_set_notify)(TX_EVENT_FLAGS_GROUP *)),
           (group, events_set_notify), is_group(group), TX_GROUP_ERROR)

UINT _tx_event_flags_info_get(TX_EVENT_FLAGS_GROUP *group, CHAR **name, ULONG *current_flags,
                              TX_THREAD **first_suspended, ULONG *suspended_count,
                              TX_EVENT_FLAGS_GROUP **next_group)
{
    UINT posture = tx_port_disable();
    TX_TRACE(EVENT_FLAGS_EVENTS, 33, group, 0, 0, 0);
    TX_REPORT(name, group->tx_event_flags_group_name);
    TX_REPORT(current_flags, group->tx_event_flags_group_current);
    TX_REPORT_WAITERS(&group->tx_event_flags_group_waiters, first_suspended, suspended_count);
    TX_REPORT(next_group,
              TX_NEXT(event_flags, group, TX_EVENT_FLAGS_GROUP, tx_event_flags_group_created));
    tx_port_restore(posture);
    return TX_SUCCESS;
}

TX_CHECKED(event_flags_info_get,
           (TX_EVENT_FLAGS_GROUP * group, CHAR **name, ULONG *current_flags,
            TX_THREAD **first_suspended, ULONG *suspended_count, TX_EVENT_FLAGS_GROUP **next_group),
           (group, name, current_flags, first_suspended, suspended_count, next_group),
           is_group(group), TX_GROUP_ERROR)
