/* The M7's log lines, on the console, marked as its own. */
#include "cm4/console.h"
#include "shared/link.h"
#include "threads/ipc_wait.h"

enum { LINE_BYTES = 120 };

void journal_thread(ULONG unused);

static char line[LINE_BYTES];
static uint32_t length;

static void take(char byte)
{
    if (byte != '\n' && length < LINE_BYTES - 1) {
        line[length++] = byte;
        return;
    }
    line[length] = 0;
    length = 0;
    console_format("M7: %s\n", line);
}

void journal_thread(ULONG unused)
{
    (void)unused;
    for (;;) {
        char bytes[64];
        int count = duet_ring_read(&own_link.log, bytes, sizeof bytes);
        for (int n = 0; n < count; n++)
            take(bytes[n]);
        if (count <= 0)
            duet_notify_wait(&own_link.notify, 1u << LINE_LOG,
                             ipc_ticks(TX_TIMER_TICKS_PER_SECOND));
    }
}
