#include "shared/log.h"

#include <stdarg.h>
#include <stdio.h>

void log_format(enum log_level level, const char *format, ...)
{
    char text[LOG_TEXT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    log_line(level, text);
}
