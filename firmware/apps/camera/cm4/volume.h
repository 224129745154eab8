/*
 * The mounted stick: what is on it, by FatFs. storage_thread's alone.
 */
#ifndef CAMERA_VOLUME_H
#define CAMERA_VOLUME_H

#include "cm4/storage.h"

#include "ff.h"

#include <stddef.h>

/* What the two calls below tell is read here: while it is mounted they ask the stick for nothing. */
enum storage_status volume_mount(void);
void volume_unmount(void);
/* Label, type, size, free space, write protection. */
enum storage_status volume_info(struct storage_info *info);

/* Why the stick does not do what it should: STORAGE_GONE, STORAGE_SLOW, STORAGE_BROKEN. */
enum storage_status volume_trouble(void);
/* What FatFs answers, in the words of storage.h. */
enum storage_status volume_status(FRESULT result);
/* What an entry is called in `room` bytes, with the end of the text: where its name is too long the short
 * one, by which it can be named too. One without it (exFAT) is too long as it is. */
const char *volume_name(const FILINFO *info, size_t room);

struct volume_space {
    uint64_t size, free; /* bytes */
    uint32_t cluster;    /* bytes: files take whole ones */
};
enum storage_status volume_space(struct volume_space *space);

/* Files and folders; one of each is open at a time. */
enum storage_status volume_open_folder(const char *path);
void volume_close_folder(void);
/* *there false: that was all. `name` has STORAGE_NAME_BYTES. */
enum storage_status volume_next_entry(struct storage_entry *entry, char *name, bool *there);
enum storage_status volume_open_file(const char *path);
enum storage_status volume_read(void *bytes, uint32_t count, uint32_t *taken);
void volume_close_file(void);
enum storage_status volume_remove(const char *path);

#endif
