/*
 * Files on the stick for those who read and write pieces of them: beside what cm4/storage.h has for the
 * shell. Each call is a request to storage_thread, and comes back within STORAGE_PATIENCE_MS, with
 * STORAGE_SLOW where the stick has not answered by then; the request may still be done after that, so a
 * file, and what is read in large pieces, stand in memory that stays. Threads; a file is one thread's.
 */
#ifndef CAMERA_ARCHIVE_H
#define CAMERA_ARCHIVE_H

#include "cm4/storage.h"

#include "ff.h"

enum { ARCHIVE_SMALL = 4096, ARCHIVE_LISTED = 8 };
enum archive_mode {
    ARCHIVE_READ,
    ARCHIVE_WRITE
}; /* write: a new file, or in place of an old one */

struct archive_file {
    FIL file;
    bool is_open;
};

/* One that is open is closed first. */
enum storage_status archive_open(struct archive_file *file, const char *path,
                                 enum archive_mode mode);
/* From byte `at` on; *taken is less than `count` at the end alone. More than ARCHIVE_SMALL bytes go to
 * `bytes` without a copy: a multiple of 4, and memory that stays. */
enum storage_status archive_read(struct archive_file *file, uint32_t at, void *bytes,
                                 uint32_t count, uint32_t *taken);
/* At the end of the file, up to ARCHIVE_SMALL bytes. */
enum storage_status archive_write(struct archive_file *file, const void *bytes, uint32_t count);
/* What was written is on the stick then. */
enum storage_status archive_close(struct archive_file *file);

struct archive_entry {
    char name[64];
    uint32_t bytes; /* at most 2^32 - 1 */
    bool is_folder;
    uint16_t year; /* 0: it has no date */
    uint8_t month, day, hour, minute;
};

enum storage_status archive_stat(const char *path, struct archive_entry *entry);
/* The latest first: `*count` entries from the `skip`th on, which becomes how many there are; and how
 * many there are in all; up to ARCHIVE_LISTED. With `shown`, films and pictures alone. Where a name
 * is longer its short one is told; on exFAT, which has none, it is passed over. */
enum storage_status archive_list(const char *folder, bool shown, uint32_t skip,
                                 struct archive_entry *entries, uint32_t *count, uint32_t *total);

#endif
