/*
 * What a core says by itself: lines on the console, marked with the core that said them. Any
 * thread, and tx_application_define. The M7's (cm7/log.c) cross to the M4, whose journal
 * (cm4/journal.c) leaves out what is above the level that the shell's `log` sets.
 */
#ifndef CAMERA_SHARED_LOG_H
#define CAMERA_SHARED_LOG_H

enum log_level {
    LOG_ERROR,   /* something does not work */
    LOG_WARNING, /* something was lost, and it goes on */
    LOG_INFO,    /* what a person did or would want to know */
    LOG_DEBUG,
    LOG_LEVELS,
};

enum { LOG_TEXT_BYTES = 108 };

/* At most LOG_TEXT_BYTES - 1 characters; the rest is cut off. */
void log_line(enum log_level level, const char *text);
void log_format(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
