#define _GNU_SOURCE
#include "sim/host/disk_image.h"

#include "sim/host/process.h"
#include "sim/host/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Sectors: straight to the file, so that what the guest was told is kept whatever comes ---- */

static bool is_bad(const struct disk_image *image, uint64_t sector)
{
    for (size_t n = 0; n < image->options.bad_count; n++)
        if (sector >= image->options.bad[n].first && sector <= image->options.bad[n].last)
            return true;
    return false;
}

static bool read_sector(void *ctx, uint64_t sector, uint8_t *bytes)
{
    struct disk_image *image = ctx;
    size_t size = image->disk.sector_size;
    if (image->memory && !is_bad(image, sector)) {
        memcpy(bytes, &image->memory[sector * size], size);
        return true;
    }
    return !is_bad(image, sector) &&
           pread(image->descriptor, bytes, size, (off_t)(sector * size)) == (ssize_t)size;
}

static bool write_sector(void *ctx, uint64_t sector, const uint8_t *bytes)
{
    struct disk_image *image = ctx;
    size_t size = image->disk.sector_size;
    if (image->memory && !is_bad(image, sector))
        memcpy(&image->memory[sector * size], bytes, size);
    if (image->options.past)
        return !is_bad(image, sector);
    return !is_bad(image, sector) &&
           pwrite(image->descriptor, bytes, size, (off_t)(sector * size)) == (ssize_t)size;
}

/* ---- A fresh one ---- */

/* The same bytes each time: no volume id and no time of the present. */
static bool format(const char *path, const struct disk_image_options *options,
                   struct failure *failure)
{
    char size[16], line[256];
    snprintf(size, sizeof size, "%u", options->sector_size);
    const char *const argv[] = {"mkfs.fat", "--invariant", "-F",   "32", "-S",
                                size,       "-n",          "DUET", path, NULL};
    struct process process;
    if (!process_start(&process, argv, failure))
        return failed_in(failure, "what is fresh is formatted by mkfs.fat (package dosfstools)");
    while (fgetc(process.output) != EOF)
        ;
    int status = process_wait(&process);
    process_last_error(&process, line, sizeof line);
    process_end(&process);
    return status == 0 || failed(failure, "%s: mkfs.fat: %s", path, line);
}

static bool fill(int descriptor, const char *path, const struct disk_image_options *options,
                 struct failure *failure)
{
    if (ftruncate(descriptor, (off_t)options->fresh_size) != 0)
        return failed(failure, "%s: a %s of %" PRIu64 " bytes cannot be made there: %s", path,
                      options->what, options->fresh_size, strerror(errno));
    return format(path, options, failure);
}

static bool make_named(const char *path, const struct disk_image_options *options,
                       struct failure *failure)
{
    int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return failed(failure, "%s: a fresh %s cannot be made: %s", path, options->what,
                      strerror(errno));
    bool done = fill(descriptor, path, options, failure);
    close(descriptor);
    if (!done)
        unlink(path);
    return done;
}

static int make_in_scratch(char path[SCRATCH_PATH_MAX], const struct disk_image_options *options,
                           struct failure *failure)
{
    char name[32];
    snprintf(name, sizeof name, "fresh %s", options->what);
    int descriptor = scratch_create(name, path, failure);
    if (descriptor < 0 || fill(descriptor, path, options, failure))
        return descriptor;
    unlink(path);
    close(descriptor);
    return -1;
}

static bool make_nameless(struct disk_image *image, const struct disk_image_options *options,
                          struct failure *failure)
{
    char path[SCRATCH_PATH_MAX];
    image->descriptor = make_in_scratch(path, options, failure);
    if (image->descriptor >= 0)
        unlink(path);
    return image->descriptor >= 0;
}

char *disk_image_make_scratch(const struct disk_image_options *options, struct failure *failure)
{
    char path[SCRATCH_PATH_MAX];
    int descriptor = make_in_scratch(path, options, failure);
    if (descriptor < 0)
        return NULL;
    close(descriptor);
    return strdup(path);
}

/* ---- An image that is there ---- */

static int open_file(const char *path, const char *what, bool read_only, struct failure *failure)
{
    int descriptor = open(path, (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC);
    if (descriptor < 0 && (errno == EACCES || errno == EROFS) && !read_only)
        failed(failure, "%s: cannot be written; add the option ro for a write-protected %s", path,
               what);
    else if (descriptor < 0)
        failed(failure, "%s: %s", path, strerror(errno));
    return descriptor;
}

static bool measure(struct disk_image *image, const char *path, struct failure *failure)
{
    struct stat status;
    uint32_t sector = image->options.sector_size;
    uint64_t unit = image->options.unit ? image->options.unit : sector;
    if (fstat(image->descriptor, &status) != 0 || !S_ISREG(status.st_mode))
        return failed(failure, "%s: an image of a %s is a regular file", path, image->options.what);
    if (status.st_size == 0 || (uint64_t)status.st_size % unit)
        return failed(failure,
                      "%s: %lld bytes are no whole number of %s of %" PRIu64 " bytes; mend it with "
                      "truncate --size=%%%" PRIu64 "%s",
                      path, (long long)status.st_size, unit == sector ? "sectors" : "units", unit,
                      unit, unit == sector ? ", or give another sector=" : "");
    image->disk.sectors = (uint64_t)status.st_size / sector;
    return true;
}

bool disk_image_seize(const struct disk_image *image, const char *path, struct failure *failure)
{
    int how = image->options.read_only ? LOCK_SH : LOCK_EX;
    return flock(image->descriptor, how | LOCK_NB) == 0 ||
           failed(failure, "%s: is plugged into another board that runs now", path);
}

void disk_image_release(const struct disk_image *image)
{
    if (image->descriptor >= 0)
        flock(image->descriptor, LOCK_UN);
}

/* Calls `take` for each piece of the file that is no hole of it. */
static bool each_piece(int from,
                       bool (*take)(void *ctx, off_t at, const uint8_t *bytes, size_t count),
                       void *ctx)
{
    static uint8_t bytes[1 << 16]; /* the simulation's thread alone opens sticks */
    off_t at = 0;
    while ((at = lseek(from, at, SEEK_DATA)) >= 0)
        for (off_t end = lseek(from, at, SEEK_HOLE); at < end;) {
            size_t room = end - at < (off_t)sizeof bytes ? (size_t)(end - at) : sizeof bytes;
            ssize_t count = pread(from, bytes, room, at);
            if (count <= 0 || !take(ctx, at, bytes, (size_t)count))
                return false;
            at += count;
        }
    return errno == ENXIO;
}

static bool to_memory(void *ctx, off_t at, const uint8_t *bytes, size_t count)
{
    struct disk_image *image = ctx;
    memcpy(&image->memory[at], bytes, count);
    return true;
}

/* Holes of the file are memory that is not touched. */
static bool hold(struct disk_image *image, const char *path, struct failure *failure)
{
    image->size = image->disk.sectors * image->disk.sector_size;
    void *memory = mmap(NULL, image->size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return failed(failure, "%s: its contents do not fit into memory", path);
    image->memory = memory;
    return each_piece(image->descriptor, to_memory, image) ||
           failed(failure, "%s: cannot be read: %s", path, strerror(errno));
}

static bool to_file(void *ctx, off_t at, const uint8_t *bytes, size_t count)
{
    const int *to = ctx;
    return pwrite(*to, bytes, count, at) == (ssize_t)count;
}

/* The copy takes the file's place. */
static bool copy_apart(struct disk_image *image, const char *path, struct failure *failure)
{
    char copy[SCRATCH_PATH_MAX];
    struct stat status;
    int to = scratch_create("copy", copy, failure);
    if (to < 0)
        return false;
    unlink(copy);
    bool done = fstat(image->descriptor, &status) == 0 && ftruncate(to, status.st_size) == 0 &&
                each_piece(image->descriptor, to_file, &to);
    close(image->descriptor);
    image->descriptor = to;
    return done || failed(failure, "%s: cannot be copied: %s", path, strerror(errno));
}

bool disk_image_check(const char *path, const struct disk_image_options *options,
                      struct failure *failure)
{
    if (!path || access(path, F_OK) != 0)
        return true;
    struct disk_image image = {.options = *options};
    image.descriptor = open_file(path, options->what, options->read_only, failure);
    if (image.descriptor < 0)
        return false;
    bool usable = measure(&image, path, failure);
    close(image.descriptor);
    return usable;
}

bool disk_image_open(struct disk_image *image, const char *path,
                     const struct disk_image_options *options, struct failure *failure)
{
    *image = (struct disk_image){.descriptor = -1, .options = *options};
    image->disk = (struct disk){.ctx = image,
                                .sector_size = options->sector_size,
                                .read_only = options->read_only,
                                .read = read_sector,
                                .write = write_sector};
    bool done = true, writes = !options->read_only && !options->past;
    const char *name = path ? path : options->what;
    if (!path)
        done = make_nameless(image, options, failure);
    else if (!options->past && access(path, F_OK) != 0)
        done = make_named(path, options, failure);
    if (done && path)
        done = (image->descriptor = open_file(path, options->what, !writes, failure)) >= 0;
    if (done && path && options->apart && !options->past)
        done = copy_apart(image, path, failure);
    done = done && measure(image, name, failure) &&
           (options->past || disk_image_seize(image, name, failure));
    if (done && (!options->in_memory || hold(image, name, failure)))
        return true;
    disk_image_close(image);
    return false;
}

void disk_image_close(struct disk_image *image)
{
    if (image->descriptor >= 0)
        close(image->descriptor);
    image->descriptor = -1;
    if (image->memory)
        munmap(image->memory, image->size);
    image->memory = NULL;
}
