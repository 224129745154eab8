#include "cm7/log.h"

#include "shared/link.h"
#include "tx_api.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 110, WAITING_BYTES = 1024, RETRY_TICKS = 10 };

void log_thread(ULONG unused);

/* What is said waits here until the M4 listens and has room. */
static struct {
    TX_MUTEX lock;
    TX_SEMAPHORE more; /* 1: a line has come */
    char waiting[WAITING_BYTES];
    uint32_t count;
    uint32_t dropped; /* lines, since one last fitted */
} journal;

void log_open(void)
{
    tx_mutex_create(&journal.lock, (CHAR *)"log", TX_INHERIT);
    tx_semaphore_create(&journal.more, (CHAR *)"log", 0);
}

static void append(const char *text)
{
    char line[LINE_BYTES + 32];
    int count = journal.dropped ? snprintf(line, sizeof line, "%.*s (%lu lines lost before)\n",
                                           LINE_BYTES - 1, text, (unsigned long)journal.dropped)
                                : snprintf(line, sizeof line, "%.*s\n", LINE_BYTES - 1, text);
    if (journal.count + (uint32_t)count > WAITING_BYTES) {
        journal.dropped++;
        return;
    }
    memcpy(&journal.waiting[journal.count], line, (uint32_t)count);
    journal.count += (uint32_t)count;
    journal.dropped = 0;
}

void log_line(const char *text)
{
    tx_mutex_get(&journal.lock, TX_WAIT_FOREVER);
    append(text);
    tx_mutex_put(&journal.lock);
    tx_semaphore_ceiling_put(&journal.more, 1);
}

void log_format(const char *format, ...)
{
    char text[LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    log_line(text);
}

/* False: some is left, because the ring has no room or the M4 has not opened its end. */
static bool send(void)
{
    tx_mutex_get(&journal.lock, TX_WAIT_FOREVER);
    int written = duet_ring_write(&own_link.log, journal.waiting, journal.count);
    if (written > 0) {
        journal.count -= (uint32_t)written;
        memmove(journal.waiting, &journal.waiting[written], journal.count);
    }
    bool all_sent = journal.count == 0;
    tx_mutex_put(&journal.lock);
    return all_sent;
}

void log_thread(ULONG unused)
{
    (void)unused;
    for (;;) {
        tx_semaphore_get(&journal.more, TX_WAIT_FOREVER);
        while (!send())
            tx_thread_sleep(RETRY_TICKS);
    }
}
