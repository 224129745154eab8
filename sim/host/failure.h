/* What went wrong, in one line for a person: what, where, and what to do about it. */
#ifndef SIM_HOST_FAILURE_H
#define SIM_HOST_FAILURE_H

#include <stdbool.h>

struct failure {
    char text[1024];
};

/* Stores the line (printf format, no newline) and returns false, so that `return failed(…)` works. */
bool failed(struct failure *failure, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Puts "path: " or the like before what is there already. Returns false. */
bool failed_in(struct failure *failure, const char *where);

#endif
