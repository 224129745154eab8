/*
 * What goes into the board's memories before power-on: ELF executables, Intel HEX files and raw
 * bytes. An image is a list of pieces, each with its physical (load) address.
 */
#ifndef SIM_HOST_IMAGE_H
#define SIM_HOST_IMAGE_H

#include "sim/host/failure.h"
#include "sim/host/file.h"

#include <stddef.h>
#include <stdint.h>

enum image_format { IMAGE_ELF, IMAGE_HEX, IMAGE_RAW };

struct image_piece {
    uint32_t address, length; /* length is never 0; address + length never exceeds 2^32 */
    const uint8_t *bytes;     /* owned by the image */
};

struct image {
    char *path;
    enum image_format format;
    struct file file;
    struct image_piece *pieces; /* in ascending order of address, none touching another */
    size_t piece_count;
    uint8_t *decoded; /* the bytes of a HEX file */
    bool has_entry;   /* an ELF's, or a HEX file's start record */
    uint32_t entry;   /* bit 0 as the file has it */
};

/* The format is told by the content. `address` is for raw bytes alone, NULL: none was given. */
bool image_read(struct image *image, const char *path, const uint32_t *address,
                struct failure *failure);
/* As image_read(), but refuses everything but an ELF. */
bool image_read_elf(struct image *image, const char *path, struct failure *failure);
/* FILE[@ADDR] of the command line. */
bool image_read_spec(struct image *image, const char *spec, struct failure *failure);
void image_free(struct image *image);

/* No two images (nor two pieces of one) may want the same byte. */
bool images_disjoint(const struct image *images, size_t count, struct failure *failure);
/* Up to `length` bytes that the image puts at `address`; false: it does not put all of them. */
bool image_bytes(const struct image *image, uint32_t address, void *bytes, uint32_t length);

/* For the loaders of the formats: appends a piece. */
bool image_add_piece(struct image *image, uint32_t address, const uint8_t *bytes, uint32_t length,
                     struct failure *failure);
bool image_parse_elf(struct image *image, struct failure *failure);
bool image_parse_hex(struct image *image, struct failure *failure);

#endif
