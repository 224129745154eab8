/*
 * Files on the stick, which the M4 has: the calls of shared/files_link.h. Each comes back within
 * FILES_PATIENCE_US. remote_thread's alone.
 */
#ifndef CAMERA_CM7_FILES_H
#define CAMERA_CM7_FILES_H

#include "shared/files_link.h"
#include "shared/picture_shape.h"

enum files_result {
    FILES_DONE,
    FILES_REFUSED, /* by the M4, which has its reasons: files_refusal() */
    FILES_SILENT,  /* the M4 does not answer, or nothing that makes sense */
};

struct files_entry {
    char name[FILES_NAME_BYTES];
    uint32_t bytes;
    bool is_folder;
    uint16_t year; /* 0: it has no date */
    uint8_t month, day, hour, minute;
};

/* From tx_application_define, after link_open(). */
void files_open(void);
/* The M4's status that refused last, as cm4/storage.h numbers them. */
uint32_t files_refusal(void);

/* The latest first, films and pictures: up to FILES_LISTED from the `skip`th on; how many these are,
 * and how many there are in all. */
enum files_result files_list(uint32_t skip, struct files_entry entries[FILES_LISTED],
                             uint32_t *count, uint32_t *total);
enum files_result files_stat(const char *path, struct files_entry *entry);
/* Writes a whole file, in place of one that is there. */
enum files_result files_write(const char *path, const char *bytes, uint32_t count);
/* Up to `room` bytes from the start of a file. */
enum files_result files_read(const char *path, char *bytes, uint32_t room, uint32_t *count);
enum files_result files_remove(const char *path);
enum files_result files_show(const char *path);
enum files_result files_pause(bool on);
enum files_result files_seek(uint32_t frame);
enum files_result files_leave(void);
/* What stands at LINK_STILL then. */
enum files_result files_still(const char *path, struct picture_shape *shape);

#endif
