#include "sim/host/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Grows as it reads: a pipe does not tell its size. */
static bool read_all(int descriptor, struct file *file, struct failure *failure)
{
    size_t capacity = 0;
    for (;;) {
        if (file->size + 1 >= capacity) {
            capacity = capacity ? 2 * capacity : 1 << 16;
            uint8_t *bytes = realloc(file->bytes, capacity);
            if (!bytes)
                return failed(failure, "out of memory");
            file->bytes = bytes;
        }
        ssize_t count = read(descriptor, file->bytes + file->size, capacity - file->size - 1);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return failed(failure, "cannot be read: %s", strerror(errno));
        if (count == 0)
            break;
        file->size += (size_t)count;
        if (file->size > FILE_SIZE_MAX)
            return failed(failure, "is larger than %d MB; no memory of the board is",
                          FILE_SIZE_MAX >> 20);
    }
    file->bytes[file->size] = 0;
    return true;
}

bool file_read(struct file *file, const char *path, struct failure *failure)
{
    *file = (struct file){0};
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        failed(failure, "cannot be opened: %s", strerror(errno));
        return failed_in(failure, path);
    }
    struct stat status;
    bool done = false;
    if (fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode))
        failed(failure, "is a directory; name a file");
    else
        done = read_all(descriptor, file, failure);
    close(descriptor);
    if (done)
        return true;
    file_free(file);
    return failed_in(failure, path);
}

void file_free(struct file *file)
{
    free(file->bytes);
    *file = (struct file){0};
}
