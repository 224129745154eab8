#include "sim/host/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool failed(struct failure *failure, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(failure->text, sizeof failure->text, format, arguments);
    va_end(arguments);
    /* A file's name or a library's message may hold a line break; the promise is one line. */
    for (char *c = failure->text; *c; c++)
        if (*c == '\n' || *c == '\r')
            *c = ' ';
    return false;
}

bool failed_in(struct failure *failure, const char *where)
{
    char text[sizeof failure->text];
    memcpy(text, failure->text, sizeof text);
    return failed(failure, "%s: %s", where, text);
}
