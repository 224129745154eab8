/* Large memories full of 0xff: one chunk of it in a file of memory, mapped again and again, private, so
 * that a page becomes the board's own when it is written. */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sim/core/bus.h"

/* -1: the host does not give it. */
static int erased_file(void)
{
    int file = memfd_create("erased flash", MFD_CLOEXEC);
    if (file < 0)
        return -1;
    void *chunk = MAP_FAILED;
    if (!ftruncate(file, ERASED_CHUNK))
        chunk = mmap(NULL, ERASED_CHUNK, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (chunk == MAP_FAILED) {
        close(file);
        return -1;
    }
    memset(chunk, 0xff, ERASED_CHUNK);
    munmap(chunk, ERASED_CHUNK);
    return file;
}

static bool map_chunks(uint8_t *bytes, uint32_t size, int file)
{
    for (uint32_t at = 0; at < size; at += ERASED_CHUNK)
        if (mmap(bytes + at, ERASED_CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, file,
                 0) == MAP_FAILED)
            return false;
    return true;
}

static uint8_t *erased_bytes(uint32_t size)
{
    int file = erased_file();
    if (file < 0)
        return NULL;
    uint8_t *bytes = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (bytes != MAP_FAILED && !map_chunks(bytes, size, file)) {
        munmap(bytes, size);
        bytes = MAP_FAILED;
    }
    close(file);
    return bytes == MAP_FAILED ? NULL : bytes;
}

bool ram_init_erased(struct ram *ram, const char *name, uint32_t size)
{
    *ram = (struct ram){.name = name, .size = size};
    ram->bytes = erased_bytes(size);
    ram->mapped = ram->bytes != NULL;
    return ram->mapped && ram_init_notes(ram);
}
