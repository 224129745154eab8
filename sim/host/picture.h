/* A picture in memory: rows of RGB from the top. PNG and JPEG in, PNG out. */
#ifndef SIM_HOST_PICTURE_H
#define SIM_HOST_PICTURE_H

#include "sim/host/failure.h"
#include "sim/host/file.h"

#include <stdint.h>

struct picture {
    unsigned width, height; /* neither is 0 */
    uint8_t *rgb;           /* width * height * 3 bytes; the owner frees it with picture_free() */
};

enum { PICTURE_SIDE_MAX = 16384 };

enum picture_format { PICTURE_UNKNOWN, PICTURE_PNG, PICTURE_JPEG };
/* By the first bytes; a name's ending says nothing. */
enum picture_format picture_format(const uint8_t *bytes, size_t size);
/* Transparent parts are over black. False: broken, or larger than PICTURE_SIDE_MAX. */
bool picture_decode(struct picture *picture, const struct file *file, struct failure *failure);
bool picture_create(struct picture *picture, unsigned width, unsigned height); /* black */
void picture_free(struct picture *picture);
bool picture_write_png(const char *path, const uint8_t *rgb, unsigned width, unsigned height,
                       struct failure *failure);

#endif
