/* tx_trace */
#include "suite.h"

static ULONG buffer[512];

static void setup(void)
{
}

static void full(VOID *start)
{
    EXPECT(start, buffer);
    note('f');
}

#ifdef TX_ENABLE_EVENT_TRACE
static const TX_TRACE_HEADER *header(void)
{
    return (const TX_TRACE_HEADER *)(VOID *)buffer;
}

static const TX_TRACE_OBJECT_ENTRY *registry(UINT i)
{
    return (const TX_TRACE_OBJECT_ENTRY *)(const VOID *)(header() + 1) + i;
}

static const TX_TRACE_BUFFER_ENTRY *entry(UINT i)
{
    return (const TX_TRACE_BUFFER_ENTRY *)(const VOID *)registry(20) + i;
}

static void enable(void)
{
    EXPECT(tx_trace_enable(buffer, sizeof buffer, 20), TX_SUCCESS);
}

RETURNS(too_small, tx_trace_enable(buffer, 100, 2), TX_SIZE_ERROR)
RETURNS(registry_alone_too_large, tx_trace_enable(buffer, 100, 0xFFFFFFFFu), TX_SIZE_ERROR)
RETURNS(disabled_before_enabled, tx_trace_disable(), TX_NOT_DONE)
RETURNS(user_event_before_enabled,
        tx_trace_user_event_insert(TX_TRACE_USER_EVENT_START, 1, 2, 3, 4), TX_NOT_DONE)

CASE(twice)
{
    enable();
    EXPECT(tx_trace_enable(buffer, sizeof buffer, 2), TX_NOT_DONE);
    EXPECT(tx_trace_disable(), TX_SUCCESS);
}

CASE(the_header_says_where_all_is)
{
    enable();
    tx_trace_disable();
    EXPECT(header()->tx_trace_header_id, 0x54585442u);
    EXPECT(header()->tx_trace_header_registry_end_pointer -
               header()->tx_trace_header_registry_start_pointer,
           20 * 48);
    EXPECT(header()->tx_trace_header_object_name_size, 32);
    EXPECT(header()->tx_trace_header_buffer_start_pointer -
               header()->tx_trace_header_trace_base_address,
           48 + 20 * 48);
}

CASE(objects_are_registered_by_name)
{
    tx_semaphore_create(&S[0], (CHAR *)"before", 7);
    tx_mutex_create(&M[0], (CHAR *)"m", 1);
    tx_queue_create(&Q[0], (CHAR *)"q", 1, memory, 8);
    tx_event_flags_create(&E[0], (CHAR *)"e");
    tx_block_pool_create(&B[0], TX_NULL, 8, memory, 64);
    tx_byte_pool_create(&Y[0], (CHAR *)"a name of more than thirty-two letters", memory + 64, 256);
    enable();
    EXPECT(registry(0)->tx_trace_object_entry_type, 1);
    EXPECT(registry(0)->tx_trace_object_entry_name[0], 'r');
    EXPECT(registry(1)->tx_trace_object_entry_type, 3);
    EXPECT(registry(2)->tx_trace_object_entry_param_1, 7);
    EXPECT(registry(6)->tx_trace_object_entry_name[31], 0);
    tx_semaphore_create(&S[1], (CHAR *)"after", 9);
    EXPECT(registry(7)->tx_trace_object_entry_param_1, 9);
    tx_semaphore_delete(&S[1]);
    EXPECT(registry(7)->tx_trace_object_entry_available, 1);
    tx_trace_disable();
}

CASE(no_more_objects_than_entries)
{
    EXPECT(tx_trace_enable(buffer, sizeof buffer, 1), TX_SUCCESS);
    tx_semaphore_create(&S[0], (CHAR *)"s", 7);
    EXPECT(registry(0)->tx_trace_object_entry_type, 1);
    tx_trace_disable();
}

CASE(services_are_recorded)
{
    tx_semaphore_create(&S[0], (CHAR *)"s", 7);
    enable();
    tx_semaphore_put(&S[0]);
    tx_trace_user_event_insert(TX_TRACE_USER_EVENT_START + 1, 1, 2, 3, 4);
    EXPECT(entry(0)->tx_trace_buffer_entry_event_id, 88);
    EXPECT(entry(0)->tx_trace_buffer_entry_information_field_2, 7);
    EXPECT(entry(0)->tx_trace_buffer_entry_thread_pointer, (ULONG)(ALIGN_TYPE)&runner);
    EXPECT(entry(0)->tx_trace_buffer_entry_thread_priority & 0xFFu, RUNNER);
    EXPECT(entry(1)->tx_trace_buffer_entry_event_id, TX_TRACE_USER_EVENT_START + 1);
    EXPECT(entry(1)->tx_trace_buffer_entry_information_field_4, 4);
    EXPECT(entry(2)->tx_trace_buffer_entry_event_id, 0);
    tx_trace_disable();
}

CASE(filtered_events_are_not)
{
    tx_semaphore_create(&S[0], (CHAR *)"s", 7);
    enable();
    EXPECT(tx_trace_event_filter(TX_TRACE_SEMAPHORE_EVENTS), TX_SUCCESS);
    tx_semaphore_put(&S[0]);
    EXPECT(entry(0)->tx_trace_buffer_entry_event_id, 0);
    EXPECT(tx_trace_event_unfilter(TX_TRACE_ALL_EVENTS), TX_SUCCESS);
    tx_semaphore_put(&S[0]);
    EXPECT(entry(0)->tx_trace_buffer_entry_event_id, 88);
    tx_trace_disable();
}

static void handler(void)
{
    tx_trace_isr_enter_insert(5);
    tx_trace_isr_exit_insert(5);
}

CASE(interrupts_are_recorded)
{
    enable();
    test_interrupt(handler);
    EXPECT(entry(0)->tx_trace_buffer_entry_event_id, 3);
    EXPECT(entry(0)->tx_trace_buffer_entry_thread_pointer, 0xFFFFFFFFu);
    EXPECT(entry(1)->tx_trace_buffer_entry_event_id, 4);
    EXPECT(entry(1)->tx_trace_buffer_entry_information_field_2, 5);
    tx_trace_disable();
}

INITIALIZATION_CASE(initialization_is_recorded)
{
    enable();
    tx_semaphore_create(&S[0], (CHAR *)"s", 7);
    EXPECT(entry(0)->tx_trace_buffer_entry_thread_pointer, 0xF0F0F0F0u);
    tx_trace_disable();
}

CASE(a_full_buffer_is_told_and_goes_round)
{
    EXPECT(tx_trace_buffer_full_notify(full), TX_SUCCESS);
    enable();
    UINT entries = (sizeof buffer - 48 - 20 * 48) / 32;
    for (UINT i = 0; i <= entries; i++)
        tx_trace_user_event_insert(TX_TRACE_USER_EVENT_START, i, 0, 0, 0);
    EXPECT_NOTES("f");
    EXPECT(entry(0)->tx_trace_buffer_entry_information_field_1, entries);
    EXPECT(entry(1)->tx_trace_buffer_entry_information_field_1, 1);
    tx_trace_buffer_full_notify(TX_NULL);
    for (UINT i = 0; i < entries; i++)
        tx_trace_user_event_insert(TX_TRACE_USER_EVENT_START, i, 0, 0, 0);
    EXPECT_NOTES("");
    tx_trace_disable();
}
#else
RETURNS(enable_not_enabled, tx_trace_enable(buffer, sizeof buffer, 2), TX_FEATURE_NOT_ENABLED)
RETURNS(disable_not_enabled, tx_trace_disable(), TX_FEATURE_NOT_ENABLED)
RETURNS(filter_not_enabled, tx_trace_event_filter(1), TX_FEATURE_NOT_ENABLED)
RETURNS(unfilter_not_enabled, tx_trace_event_unfilter(1), TX_FEATURE_NOT_ENABLED)
RETURNS(notify_not_enabled, tx_trace_buffer_full_notify(full), TX_FEATURE_NOT_ENABLED)
RETURNS(user_event_not_enabled, tx_trace_user_event_insert(TX_TRACE_USER_EVENT_START, 1, 2, 3, 4),
        TX_FEATURE_NOT_ENABLED)

CASE(isr_events_do_nothing)
{
    tx_trace_isr_enter_insert(1);
    tx_trace_isr_exit_insert(1);
    EXPECT_NOTES("");
}
#endif
