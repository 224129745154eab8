/*
 * The kernel's operations, each once between two marks: count.py runs this program on an emulated
 * core one instruction at a time and counts those from one mark to the other.
 */
#include "test/target/startup.h"
#include "tx_api.h"

#define MARK(name) __asm__ volatile(".global mark_" #name "\nmark_" #name ": nop" ::: "memory")

static TX_THREAD high, low, peer;
static TX_SEMAPHORE semaphore, woken;
static TX_MUTEX mutex;
static TX_QUEUE queue;
static TX_EVENT_FLAGS_GROUP group;
static TX_BLOCK_POOL pool;
static TX_TIMER timers[1000], due;
static ULONG stacks[3][256], queue_memory[4], pool_memory[16];

static void put_in_interrupt(void)
{
    tx_semaphore_put(&woken);
}

/* Woken three times: by a thread, once more by a thread with a mark inside, and by an interrupt. */
static void high_entry(ULONG unused)
{
    (void)unused;
    tx_semaphore_get(&woken, TX_WAIT_FOREVER);
    MARK(semaphore_wake_end);
    MARK(block_begin);
    tx_semaphore_get(&woken, TX_WAIT_FOREVER);
    MARK(interrupt_wake_end);
    tx_semaphore_get(&woken, TX_WAIT_FOREVER);
}

static void uncontended(void)
{
    ULONG message = 1, flags;
    VOID *block;
    MARK(empty_begin);
    MARK(empty_end);
    MARK(semaphore_begin);
    tx_semaphore_put(&semaphore);
    tx_semaphore_get(&semaphore, TX_NO_WAIT);
    MARK(semaphore_end);
    MARK(queue_begin);
    tx_queue_send(&queue, &message, TX_NO_WAIT);
    tx_queue_receive(&queue, &message, TX_NO_WAIT);
    MARK(queue_end);
    MARK(mutex_begin);
    tx_mutex_get(&mutex, TX_NO_WAIT);
    tx_mutex_put(&mutex);
    MARK(mutex_end);
    MARK(event_flags_begin);
    tx_event_flags_set(&group, 1, TX_OR);
    tx_event_flags_get(&group, 1, TX_OR_CLEAR, &flags, TX_NO_WAIT);
    MARK(event_flags_end);
    MARK(block_pool_begin);
    tx_block_allocate(&pool, &block, TX_NO_WAIT);
    tx_block_release(block);
    MARK(block_pool_end);
    MARK(relinquish_begin);
    tx_thread_relinquish();
    MARK(relinquish_end);
    MARK(mask_begin);
    TX_INTERRUPT_SAVE_AREA
    TX_DISABLE
    TX_RESTORE
    MARK(mask_end);
}

static void expired(ULONG is_due)
{
    if (is_due)
        MARK(expiry_end);
}

/* Starting, stopping, a tick with none due, and from the tick's interrupt to an expiring timer's
 * function, with count timers active. */
__attribute__((noinline, noclone)) static void with_timers(UINT count)
{
    for (UINT i = 0; i < count - 1; i++)
        tx_timer_activate(&timers[i]);
    MARK(timer_begin);
    tx_timer_activate(&timers[999]);
    tx_timer_deactivate(&timers[999]);
    MARK(timer_end);
    MARK(tick_begin);
    _tx_timer_interrupt();
    MARK(tick_end);
    tx_timer_change(&due, 1, 0);
    tx_timer_activate(&due);
    MARK(expiry_begin);
    software_interrupt_raise(_tx_timer_interrupt);
    tx_timer_deactivate(&due);
    for (UINT i = 0; i < count - 1; i++)
        tx_timer_deactivate(&timers[i]);
}

static void low_entry(ULONG unused)
{
    (void)unused;
    uncontended();
    MARK(semaphore_wake_begin);
    tx_semaphore_put(&woken);
    MARK(block_end);
    MARK(interrupt_wake_begin);
    software_interrupt_raise(put_in_interrupt);
    for (UINT count = 1; count <= 1000; count *= 10)
        with_timers(count);
    tx_thread_resume(&peer);
    MARK(switch_begin);
    tx_thread_relinquish();
    program_end(0);
}

static void peer_entry(ULONG unused)
{
    (void)unused;
    MARK(switch_end);
    tx_thread_relinquish();
}

VOID tx_application_define(VOID *first_unused_memory)
{
    (void)first_unused_memory;
    tx_semaphore_create(&semaphore, (CHAR *)"semaphore", 0);
    tx_semaphore_create(&woken, (CHAR *)"woken", 0);
    tx_mutex_create(&mutex, (CHAR *)"mutex", TX_INHERIT);
    tx_queue_create(&queue, (CHAR *)"queue", TX_1_ULONG, queue_memory, sizeof queue_memory);
    tx_event_flags_create(&group, (CHAR *)"flags");
    tx_block_pool_create(&pool, (CHAR *)"pool", 16, pool_memory, sizeof pool_memory);
    for (UINT i = 0; i < 1000; i++)
        tx_timer_create(&timers[i], (CHAR *)"timer", expired, 0, 1000 + 13 * i, 0, TX_NO_ACTIVATE);
    tx_timer_create(&due, (CHAR *)"due", expired, 1, 1, 0, TX_NO_ACTIVATE);
    tx_thread_create(&high, (CHAR *)"high", high_entry, 0, stacks[0], sizeof stacks[0], 5, 5,
                     TX_NO_TIME_SLICE, TX_AUTO_START);
    tx_thread_create(&low, (CHAR *)"low", low_entry, 0, stacks[1], sizeof stacks[1], 9, 9,
                     TX_NO_TIME_SLICE, TX_AUTO_START);
    tx_thread_create(&peer, (CHAR *)"peer", peer_entry, 0, stacks[2], sizeof stacks[2], 9, 9,
                     TX_NO_TIME_SLICE, TX_DONT_START);
}

int main(void)
{
    tx_kernel_enter();
}
