#include "shared/threads.h"

_Static_assert(TX_TIMER_TICKS_PER_SECOND == 1000, "a tick is a millisecond");

static TX_THREAD threads[ACTIVITIES_MAX];

bool threads_create(void)
{
    for (unsigned n = 0; n < activity_count; n++) {
        const struct activity *row = &activities[n];
        if (n == ACTIVITIES_MAX ||
            tx_thread_create(&threads[n], (CHAR *)row->name, row->entry, 0, row->stack,
                             row->stack_bytes, row->priority, row->priority, TX_NO_TIME_SLICE,
                             TX_AUTO_START) != TX_SUCCESS)
            return false;
    }
    return true;
}

TX_THREAD *threads_first(void)
{
    return &threads[0];
}

void sleep_out(ULONG *due, ULONG period)
{
    ULONG passed = tx_time_get() - *due;
    ULONG left = period - passed % period;
    *due += passed + left;
    tx_thread_sleep(left);
}

void wait_milliseconds(uint32_t milliseconds)
{
    tx_thread_sleep(milliseconds + 1); /* the running tick is not whole */
}
