/* The M7 runs the eight threads and sends their counters. */
#include "threads/threads.h"

static void send_counters(ULONG unused)
{
    uint32_t message[DEMO_THREADS + 1];
    (void)unused;
    while (!demo_over)
        tx_thread_sleep(1);
    for (unsigned n = 0; n < DEMO_THREADS; n++)
        message[n] = counters[n];
    message[DEMO_THREADS] = demo_failures;
    if (xMessageBufferSend(counters_buffer, message, sizeof message, 100) != sizeof message)
        say("the counters were not sent");
}

int main(void)
{
    demo_start(send_counters);
}
