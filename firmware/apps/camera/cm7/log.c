#include "cm7/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 110, WAITING_BYTES = 1024 };

/* What is said waits here until the M4 listens and has room. */
static struct {
    char waiting[WAITING_BYTES];
    uint32_t count;
    uint32_t dropped; /* lines, since one last fitted */
} journal;

void log_line(const char *text)
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

void log_format(const char *format, ...)
{
    char text[LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    log_line(text);
}

void log_service(struct link *link)
{
    if (!journal.count)
        return;
    int written = duet_ring_write(&link->log, journal.waiting, journal.count);
    if (written <= 0)
        return; /* no room, or the M4 has not opened its end: again next time */
    journal.count -= (uint32_t)written;
    memmove(journal.waiting, &journal.waiting[written], journal.count);
}
