/* The files on a stick, read from the image of its sectors by FatFs, also while the board writes to it:
 * nothing is changed. FAT12, FAT16, FAT32, exFAT, with or without partitions. One thread calls all of
 * this. */
#ifndef SIM_HOST_STICK_READER_H
#define SIM_HOST_STICK_READER_H

#include "sim/host/failure.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct stick_reader;

/* The descriptor is copied. NULL: see the failure: no file system, or too many readers. */
struct stick_reader *stick_reader_open(int descriptor, uint32_t sector_size, uint64_t sectors,
                                       struct failure *failure);
void stick_reader_close(struct stick_reader *reader); /* NULL: nothing */

/* As JSON: {"label":"DUET","size":…,"free":…,"more":false,"files":[{"path":"A/B.JPG","size":…},
 * {"path":"A","folder":true}]}, in bytes; `more`: there are others, which were left out. */
bool stick_reader_list(struct stick_reader *reader, FILE *to, struct failure *failure);
/* A file, to be read from its start. */
bool stick_reader_find(struct stick_reader *reader, const char *path, uint64_t *size,
                       struct failure *failure);
/* What comes next. 0: its end, or it cannot be read any more. */
size_t stick_reader_read(struct stick_reader *reader, void *bytes, size_t size);

#endif
