/* A stick's or card's sectors in a file of the person's, which keeps what was written to it. */
#ifndef SIM_HOST_DISK_IMAGE_H
#define SIM_HOST_DISK_IMAGE_H

#include "sim/board/disk.h"
#include "sim/host/failure.h"

#include <stddef.h>

enum { DISK_BAD_RANGES = 16 };

struct disk_range {
    uint64_t first, last; /* both included */
};

struct disk_image_options {
    const char *what; /* "stick": for what is said of it */
    bool read_only;
    uint32_t sector_size;
    uint64_t unit;       /* its size is a multiple of so many bytes; 0: of a sector */
    uint64_t fresh_size; /* bytes of one that is made */
    struct disk_range bad[DISK_BAD_RANGES]; /* sectors that cannot be read nor written */
    size_t bad_count;
    /* Its contents are held in memory beside the file, so that a copy of this process (history.h) has
     * those of its own time. `past`: this is such a copy, which leaves the file alone. */
    bool in_memory, past;
    bool apart; /* what is written goes into a copy of no name: the file stays as it is */
};

struct disk_image {
    struct disk disk; /* ctx is this */
    int descriptor;   /* -1: not open */
    uint8_t *memory;  /* NULL: not held */
    size_t size;
    struct disk_image_options options;
};

/* Opens an image; one that is not there is made as a fresh one, formatted with FAT32, sparse. A path
 * of NULL: a fresh one of no name, gone when it is closed. False: see the failure. */
bool disk_image_open(struct disk_image *image, const char *path,
                     const struct disk_image_options *options, struct failure *failure);
void disk_image_close(struct disk_image *image);
/* A fresh stick in a file of our own (scratch.h); the caller frees the path and unlinks the file. NULL:
 * see the failure. */
char *disk_image_make_scratch(const struct disk_image_options *options, struct failure *failure);
/* While nobody has it plugged in, somebody else may: lets go of the file, and takes it again. */
void disk_image_release(const struct disk_image *image);
bool disk_image_seize(const struct disk_image *image, const char *path, struct failure *failure);
/* What would be a pity to find out later: it is there and cannot be used. Changes nothing. */
bool disk_image_check(const char *path, const struct disk_image_options *options,
                      struct failure *failure);

#endif
