/*
 * The event trace, in the format that TraceX reads (TraceX guide, chapter 11): a header, a registry
 * of objects' names, and a ring of events. Addresses are 32-bit there; a host's are cut.
 */
#include "tx_kernel.h"

#ifdef TX_ENABLE_EVENT_TRACE
#define ENABLED 1
#else
#define ENABLED 0
#endif
#define HEADER_ID 0x54585442u /* "TXTB" */

#ifndef TX_TRACE_TIME_SOURCE
#define TX_TRACE_TIME_SOURCE (++simulated_time)
#define TX_TRACE_TIME_MASK   0xFFFFFFFFu
static ULONG simulated_time;
#endif

static TX_TRACE_HEADER *header; /* TX_NULL while disabled */
static TX_TRACE_OBJECT_ENTRY *registry, *registry_end;
static TX_TRACE_BUFFER_ENTRY *first, *current, *end;
static ULONG filtered;
static VOID (*full)(VOID *);

static ULONG address(const VOID *pointer)
{
    return (ULONG)(ALIGN_TYPE)pointer;
}

/* Who runs, as the format has it. */
static ULONG context(void)
{
    if (tx_port_in_isr())
        return 0xFFFFFFFFu;
    return tx_from_initialization() ? 0xF0F0F0F0u : address(_tx_kernel.current);
}

/* Its priorities; in an interrupt, the thread that it interrupted. */
static ULONG context_priority(void)
{
    const TX_THREAD *thread = _tx_kernel.current;
    if (tx_port_in_isr() || thread == TX_NULL)
        return address(thread);
    return 0x40000000u | thread->tx_thread_priority | thread->tx_thread_preempt_threshold << 16;
}

static void insert(ULONG event, const ULONG field[4])
{
    UINT posture = tx_port_disable();
    VOID *filled = TX_NULL;
    *current =
        (TX_TRACE_BUFFER_ENTRY){context(), context_priority(), event,    TX_TRACE_TIME_SOURCE,
                                field[0],  field[1],           field[2], field[3]};
    if (++current == end) {
        current = first;
        filled = header;
    }
    header->tx_trace_header_buffer_current_pointer = address(current);
    tx_port_restore(posture);
    if (filled != TX_NULL && full != TX_NULL)
        full(filled);
}

void _tx_trace(ULONG class_bit, ULONG event, ULONG field_1, ULONG field_2, ULONG field_3,
               ULONG field_4)
{
    if (header != TX_NULL && !(filtered & class_bit))
        insert(event, (ULONG[]){field_1, field_2, field_3, field_4});
}

static void enter(UINT type, const VOID *object, const CHAR *name, ULONG parameter_1,
                  ULONG parameter_2, UINT priority)
{
    TX_TRACE_OBJECT_ENTRY *entry = registry;
    while (entry != registry_end && !entry->tx_trace_object_entry_available)
        entry++;
    if (entry == registry_end)
        return;
    *entry = (TX_TRACE_OBJECT_ENTRY){.tx_trace_object_entry_type = (UCHAR)type,
                                     .tx_trace_object_entry_reserved1 = (UCHAR)(priority >> 8),
                                     .tx_trace_object_entry_reserved2 = (UCHAR)priority,
                                     .tx_trace_object_entry_object_pointer = address(object),
                                     .tx_trace_object_entry_param_1 = parameter_1,
                                     .tx_trace_object_entry_param_2 = parameter_2};
    for (UINT i = 0; name != TX_NULL && name[i] != 0 && i < TX_TRACE_OBJECT_REGISTRY_NAME - 1; i++)
        entry->tx_trace_object_entry_name[i] = (UCHAR)name[i];
}

void _tx_trace_object(UINT type, const VOID *object, const CHAR *name, ULONG parameter_1,
                      ULONG parameter_2)
{
    if (header == TX_NULL)
        return;
    UINT priority = type == 1 ? ((const TX_THREAD *)object)->tx_thread_priority : 0;
    UINT posture = tx_port_disable();
    enter(type, object, name, parameter_1, parameter_2, priority);
    tx_port_restore(posture);
}

void _tx_trace_object_gone(const VOID *object)
{
    if (header == TX_NULL)
        return;
    for (TX_TRACE_OBJECT_ENTRY *entry = registry; entry != registry_end; entry++) {
        if (entry->tx_trace_object_entry_object_pointer == address(object))
            entry->tx_trace_object_entry_available = TX_TRUE;
    }
}

#define ENTER_ALL(list, kind, type, member, parameter_1, parameter_2)                              \
    for (TX_LINK *link = (list)->next; link != (list); link = link->next) {                        \
        const kind *o = TX_CONTAINER(link, kind, member##_created);                                \
        _tx_trace_object(type, o, o->member##_name, parameter_1, parameter_2);                     \
    }

static void enter_existing(void){
    ENTER_ALL(&_tx_kernel.threads, TX_THREAD, 1, tx_thread, address(o->tx_thread_stack_start),
              o->tx_thread_stack_size) ENTER_ALL(&_tx_kernel.timers, TX_TIMER, 2, tx_timer,
                                                 o->tx_timer_remaining_ticks,
                                                 o->tx_timer_reschedule_ticks)
        ENTER_ALL(&_tx_kernel.queues, TX_QUEUE, 3, tx_queue, o->tx_queue_capacity,
                  o->tx_queue_message_size) ENTER_ALL(&_tx_kernel.semaphores, TX_SEMAPHORE, 4,
                                                      tx_semaphore, o->tx_semaphore_count, 0)
            ENTER_ALL(&_tx_kernel.mutexes, TX_MUTEX, 5, tx_mutex, o->tx_mutex_inherit, 0)
                ENTER_ALL(&_tx_kernel.event_flags, TX_EVENT_FLAGS_GROUP, 6, tx_event_flags_group, 0,
                          0) ENTER_ALL(&_tx_kernel.block_pools, TX_BLOCK_POOL, 7, tx_block_pool,
                                       o->tx_block_pool_total, o->tx_block_pool_block_size)
                    ENTER_ALL(&_tx_kernel.byte_pools, TX_BYTE_POOL, 8, tx_byte_pool,
                              o->tx_byte_pool_size, 0)}

UINT _tx_trace_enable(VOID *trace_buffer_start, ULONG trace_buffer_size, ULONG registry_entries)
{
    if (!ENABLED)
        return TX_FEATURE_NOT_ENABLED;
    ULONG registry_size = registry_entries * (ULONG)sizeof(TX_TRACE_OBJECT_ENTRY);
    ULONG fixed = (ULONG)sizeof(TX_TRACE_HEADER) + registry_size;
    if (header != TX_NULL)
        return TX_NOT_DONE;
    if (registry_entries > trace_buffer_size || fixed > trace_buffer_size ||
        trace_buffer_size - fixed < sizeof(TX_TRACE_BUFFER_ENTRY))
        return TX_SIZE_ERROR;
    TX_TRACE_HEADER *start = trace_buffer_start;
    registry = (TX_TRACE_OBJECT_ENTRY *)(VOID *)(start + 1);
    registry_end = registry + registry_entries;
    first = current = (TX_TRACE_BUFFER_ENTRY *)(VOID *)registry_end;
    end = first + (trace_buffer_size - fixed) / sizeof(TX_TRACE_BUFFER_ENTRY);
    for (TX_TRACE_OBJECT_ENTRY *entry = registry; entry != registry_end; entry++)
        *entry = (TX_TRACE_OBJECT_ENTRY){.tx_trace_object_entry_available = TX_TRUE};
    for (TX_TRACE_BUFFER_ENTRY *entry = first; entry != end; entry++)
        *entry = (TX_TRACE_BUFFER_ENTRY){0};
    *start = (TX_TRACE_HEADER){
        .tx_trace_header_id = HEADER_ID,
        .tx_trace_header_timer_valid_mask = TX_TRACE_TIME_MASK,
        .tx_trace_header_trace_base_address = address(start),
        .tx_trace_header_registry_start_pointer = address(registry),
        .tx_trace_header_object_name_size = TX_TRACE_OBJECT_REGISTRY_NAME,
        .tx_trace_header_registry_end_pointer = address(registry_end),
        .tx_trace_header_buffer_start_pointer = address(first),
        .tx_trace_header_buffer_end_pointer = address(end),
        .tx_trace_header_buffer_current_pointer = address(first),
    };
    filtered = 0;
    header = start;
    enter_existing();
    return TX_SUCCESS;
}

UINT _tx_trace_disable(VOID)
{
    if (!ENABLED)
        return TX_FEATURE_NOT_ENABLED;
    if (header == TX_NULL)
        return TX_NOT_DONE;
    header = TX_NULL;
    return TX_SUCCESS;
}

UINT _tx_trace_event_filter(ULONG event_filter_bits)
{
    if (!ENABLED)
        return TX_FEATURE_NOT_ENABLED;
    filtered |= event_filter_bits;
    return TX_SUCCESS;
}

UINT _tx_trace_event_unfilter(ULONG event_unfilter_bits)
{
    if (!ENABLED)
        return TX_FEATURE_NOT_ENABLED;
    filtered &= ~event_unfilter_bits;
    return TX_SUCCESS;
}

UINT _tx_trace_buffer_full_notify(VOID (*full_buffer_callback)(VOID *))
{
    if (!ENABLED)
        return TX_FEATURE_NOT_ENABLED;
    full = full_buffer_callback;
    return TX_SUCCESS;
}

VOID _tx_trace_isr_enter_insert(ULONG isr_id)
{
    if (ENABLED)
        _tx_trace(TX_TRACE_INTERNAL_EVENTS, 3, address(TX_TRACE_STACK), isr_id, 1, _tx_kernel.lock);
}

VOID _tx_trace_isr_exit_insert(ULONG isr_id)
{
    if (ENABLED)
        _tx_trace(TX_TRACE_INTERNAL_EVENTS, 4, address(TX_TRACE_STACK), isr_id, 1, _tx_kernel.lock);
}

UINT _tx_trace_user_event_insert(ULONG event_id, ULONG info_field_1, ULONG info_field_2,
                                 ULONG info_field_3, ULONG info_field_4)
{
    if (!ENABLED)
        return TX_FEATURE_NOT_ENABLED;
    if (header == TX_NULL)
        return TX_NOT_DONE;
    _tx_trace(TX_TRACE_USER_EVENTS, event_id, info_field_1, info_field_2, info_field_3,
              info_field_4);
    return TX_SUCCESS;
}
