#include "cm7/log.h"

#include "shared/link.h"
#include "shared/log.h"
#include "tx_api.h"

#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = LOG_TEXT_BYTES, WAITING_BYTES = 1024, RETRY_TICKS = 10 };

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

static void append(enum log_level level, const char *text)
{
    char line[LINE_BYTES + 36], lost[32] = "";
    if (journal.dropped)
        snprintf(lost, sizeof lost, " (%lu lines lost before)", (unsigned long)journal.dropped);
    int count = snprintf(line, sizeof line, "%d%.*s%s\n", level, LINE_BYTES - 1, text, lost);
    if (journal.count + (uint32_t)count > WAITING_BYTES) {
        journal.dropped++;
        return;
    }
    memcpy(&journal.waiting[journal.count], line, (uint32_t)count);
    journal.count += (uint32_t)count;
    journal.dropped = 0;
}

void log_line(enum log_level level, const char *text)
{
    tx_mutex_get(&journal.lock, TX_WAIT_FOREVER);
    append(level, text);
    tx_mutex_put(&journal.lock);
    tx_semaphore_ceiling_put(&journal.more, 1);
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
