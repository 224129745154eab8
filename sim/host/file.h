/* Whole files in memory. */
#ifndef SIM_HOST_FILE_H
#define SIM_HOST_FILE_H

#include "sim/host/failure.h"

#include <stddef.h>
#include <stdint.h>

enum { FILE_SIZE_MAX = 512 << 20 }; /* bytes; what is larger cannot be meant for this board */

struct file {
    uint8_t *bytes; /* followed by one 0 byte; the reader owns it */
    size_t size;
};

/* False: not there, not a regular file or a pipe, not readable, or too large. The failure's text
 * begins with the path. */
bool file_read(struct file *file, const char *path, struct failure *failure);
void file_free(struct file *file);

#endif
