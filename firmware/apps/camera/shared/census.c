#include "shared/census.h"

#include "shared/threads.h"
#include "tx_execution_profile.h"

#include <string.h>

static EXECUTION_TIME told[LINK_THREADS_MAX], all_told, handlers_told; /* at the last call */

/* In hundredths of a percent. */
static uint32_t share_of(EXECUTION_TIME now, EXECUTION_TIME *before, uint64_t passed)
{
    uint64_t used = now - *before;
    *before = now;
    return passed ? (uint32_t)(used * 10000 / passed) : 0;
}

/* How deep it ever was, by the fill pattern. The lowest bytes may be closed by the MPU's guard. */
static uint16_t stack_used(const TX_THREAD *thread)
{
    const ULONG *word = thread->tx_thread_stack_start;
    const ULONG *end = word + thread->tx_thread_stack_size / sizeof *word;
    for (word += TX_PORT_STACK_FENCE / sizeof *word; word < end && *word == TX_STACK_FILL;)
        word++;
    return (uint16_t)((uintptr_t)end - (uintptr_t)word);
}

static TX_THREAD *count_thread(struct link_thread *row, TX_THREAD *thread, EXECUTION_TIME *before,
                               uint64_t passed)
{
    CHAR *name;
    UINT state, priority, threshold;
    ULONG runs, slice;
    TX_THREAD *next, *next_waiting;
    EXECUTION_TIME time;
    tx_thread_info_get(thread, &name, &state, &runs, &priority, &threshold, &slice, &next,
                       &next_waiting);
    _tx_execution_thread_time_get(thread, &time);
    strncpy(row->name, name, sizeof row->name);
    row->state = (uint8_t)state;
    row->priority = (uint8_t)priority;
    row->run_count = runs;
    row->stack_bytes = (uint16_t)thread->tx_thread_stack_size;
    row->stack_used = stack_used(thread);
    row->share = share_of(time, before, passed);
    return next;
}

/* Threads are only ever added, so each keeps its row. */
void census_take(uint64_t passed_cycles)
{
    struct link_threads *card = &LINK_MAP->threads[LINK_THIS_CORE];
    TX_THREAD *first = threads_first(), *thread = first;
    uint32_t count = 0;
    uint32_t rows_share = 0, all_share;
    EXECUTION_TIME all, handlers;
    do {
        thread = count_thread(&card->thread[count], thread, &told[count], passed_cycles);
        rows_share += card->thread[count].share;
        count++;
    } while (thread != first && count < LINK_THREADS_MAX);
    _tx_execution_thread_total_time_get(&all);
    _tx_execution_isr_time_get(&handlers);
    all_share = share_of(all, &all_told, passed_cycles);
    card->timers_share = all_share > rows_share ? all_share - rows_share : 0;
    card->handlers_share = share_of(handlers, &handlers_told, passed_cycles);
    card->count = count;
}

const char *census_state(unsigned state)
{
    static const char *const names[] = {
        [TX_READY] = "ready",
        [TX_COMPLETED] = "completed",
        [TX_TERMINATED] = "terminated",
        [TX_SUSPENDED] = "suspended",
        [TX_SLEEP] = "sleep",
        [TX_QUEUE_SUSP] = "queue",
        [TX_SEMAPHORE_SUSP] = "semaphore",
        [TX_EVENT_FLAG] = "flags",
        [TX_BLOCK_MEMORY] = "blocks",
        [TX_BYTE_MEMORY] = "bytes",
        [TX_MUTEX_SUSP] = "mutex",
    };
    return state < sizeof names / sizeof names[0] && names[state] ? names[state] : "?";
}
