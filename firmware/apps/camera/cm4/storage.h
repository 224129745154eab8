/*
 * The USB stick as the rest of this core sees it: what the shell's commands need.
 *
 * All calls are for threads, one or several at a time; each comes back within STORAGE_PATIENCE_MS,
 * with STORAGE_SLOW where the stick has not answered by then. Paths are UTF-8, separated by '/',
 * from the stick's root.
 */
#ifndef CAMERA_STORAGE_H
#define CAMERA_STORAGE_H

#include <stdbool.h>
#include <stdint.h>

enum { STORAGE_PATIENCE_MS = 5000, STORAGE_NAME_BYTES = 256, STORAGE_LABEL_BYTES = 36 };

enum storage_status {
    STORAGE_OK,
    STORAGE_NO_STICK,
    STORAGE_EJECTED,       /* it is still in the port */
    STORAGE_NOT_FORMATTED, /* a stick without a file system that is known here */
    STORAGE_NOT_A_STICK,   /* something else is plugged in */
    STORAGE_NO_MEDIUM,     /* a card reader without a card */
    STORAGE_GONE,          /* the stick was taken out meanwhile */
    STORAGE_NOT_FOUND,
    STORAGE_BAD_NAME,
    STORAGE_IS_FOLDER, /* where a file is needed */
    STORAGE_IS_FILE,   /* where a folder is needed */
    STORAGE_READ_ONLY, /* the stick or the file */
    STORAGE_FULL,
    STORAGE_NOT_EMPTY, /* a folder that is to be removed */
    STORAGE_NO_NAME,   /* all names that count up are taken */
    STORAGE_IN_USE,    /* a file that is being recorded; another file is open */
    STORAGE_NO_CAMERA, /* no frames come */
    STORAGE_TOO_LARGE, /* a picture that is more bytes than there is room for */
    STORAGE_RECORDING, /* it records already */
    STORAGE_NOT_RECORDING,
    STORAGE_PLAYING,    /* a film or picture from the stick is shown */
    STORAGE_NOT_A_FILM, /* neither film nor picture that can be shown */
    STORAGE_TOO_WIDE,   /* more pixels than the panel has */
    STORAGE_SLOW,
    STORAGE_BROKEN, /* the stick reports errors */
    STORAGE_STATUS_COUNT,
};

/* One line for a person, without the name of a file: what is so and, where it helps, what to do. */
const char *storage_text(enum storage_status status);

struct storage_info {
    char label[STORAGE_LABEL_BYTES]; /* "" for none */
    const char *type;                /* "FAT32" */
    uint64_t size_bytes, free_bytes;
    bool is_read_only;
    bool is_recording;
    char recorded[STORAGE_NAME_BYTES]; /* the file, while it records */
    uint32_t recorded_frames;
};
/* STORAGE_OK: a stick is mounted. */
enum storage_status storage_get_info(struct storage_info *info);

struct storage_entry {
    const char *name;
    uint64_t bytes;
    bool is_folder;
    uint16_t year; /* 0: the file has no date */
    uint8_t month, day, hour, minute;
};
/* Calls each(context, entry) for each entry of a folder, in the stick's order; false ends it. */
enum storage_status storage_list(const char *folder,
                                 bool (*each)(void *context, const struct storage_entry *entry),
                                 void *context);

/* One file is open for reading at a time. STORAGE_OK with *taken = 0: its end. */
enum storage_status storage_open(const char *path);
enum storage_status storage_read(void *bytes, uint32_t count, uint32_t *taken);
void storage_close(void);

/* A file or an empty folder. */
enum storage_status storage_remove(const char *path);

/* What the camera sees, to a file whose name is put into `name`, which never is one that is
 * there. */
enum storage_status storage_record(char name[STORAGE_NAME_BYTES]);
/* Closes the file: its name and how many frames it has. */
enum storage_status storage_stop(char name[STORAGE_NAME_BYTES], uint32_t *frames);
enum storage_status storage_snapshot(char name[STORAGE_NAME_BYTES]);

/* Stops a recording, writes what is left and unmounts: STORAGE_OK, the stick may be taken out. */
enum storage_status storage_eject(void);

#endif
