#include "cm7/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 110 };

static struct {
    struct link *link;
    uint32_t dropped;
} journal;

void log_start(struct link *link)
{
    journal.link = link;
}

/* The ring carries bytes: a line goes in whole or not at all, so that no half line is ever read. */
static bool put(const char *text, uint32_t count)
{
    int used = duet_ring_used(&journal.link->log);
    if (used < 0)
        used = duet_ring_used(&journal.link->log); /* told once that the other end opened anew */
    if (used < 0 || (uint32_t)used + count >= LOG_BYTES)
        return false;
    return duet_ring_write(&journal.link->log, text, count) == (int)count;
}

void log_line(const char *text)
{
    char line[LINE_BYTES + 32];
    int count = journal.dropped ? snprintf(line, sizeof line, "%.*s (%lu lines lost before)\n",
                                           LINE_BYTES - 1, text, (unsigned long)journal.dropped)
                                : snprintf(line, sizeof line, "%.*s\n", LINE_BYTES - 1, text);
    if (put(line, (uint32_t)count))
        journal.dropped = 0;
    else
        journal.dropped++;
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
