/* Every service of threads, semaphores, queues and timers, and nothing else of the kernel: its size
 * is that of a minimal kernel. */
#include "test/target/startup.h"
#include "tx_api.h"

static void (*const volatile services[])(void) = {
#define USE(service) (void (*)(void)) service
    USE(tx_thread_create),
    USE(tx_thread_delete),
    USE(tx_thread_identify),
    USE(tx_thread_info_get),
    USE(tx_thread_preemption_change),
    USE(tx_thread_priority_change),
    USE(tx_thread_relinquish),
    USE(tx_thread_reset),
    USE(tx_thread_resume),
    USE(tx_thread_sleep),
    USE(tx_thread_suspend),
    USE(tx_thread_terminate),
    USE(tx_thread_time_slice_change),
    USE(tx_thread_wait_abort),
    USE(tx_thread_entry_exit_notify),
    USE(tx_semaphore_ceiling_put),
    USE(tx_semaphore_create),
    USE(tx_semaphore_delete),
    USE(tx_semaphore_get),
    USE(tx_semaphore_info_get),
    USE(tx_semaphore_prioritize),
    USE(tx_semaphore_put),
    USE(tx_semaphore_put_notify),
    USE(tx_queue_create),
    USE(tx_queue_delete),
    USE(tx_queue_flush),
    USE(tx_queue_front_send),
    USE(tx_queue_info_get),
    USE(tx_queue_prioritize),
    USE(tx_queue_receive),
    USE(tx_queue_send),
    USE(tx_queue_send_notify),
    USE(tx_timer_activate),
    USE(tx_timer_change),
    USE(tx_timer_create),
    USE(tx_timer_deactivate),
    USE(tx_timer_delete),
    USE(tx_timer_info_get),
    USE(tx_time_get),
    USE(tx_time_set),
    USE(tx_interrupt_control),
};

VOID tx_application_define(VOID *first_unused_memory)
{
    (void)first_unused_memory;
    for (unsigned i = 0; i < sizeof services / sizeof services[0]; i++)
        services[i]();
}

int main(void)
{
    tx_kernel_enter();
}
