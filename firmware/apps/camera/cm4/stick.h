/*
 * The storage thread's side of cm4/storage.h: what it is asked, one thing at a time. storage_thread
 * (cm4/stick.c) alone calls USB and FatFs; a caller leaves a request and waits.
 */
#ifndef CAMERA_STICK_H
#define CAMERA_STICK_H

#include "cm4/storage.h"

#include "tx_api.h"

enum { STICK_LISTED = 8, STICK_READ_BYTES = 4096 };

/* Both sides own it in turn: the caller until stick_do(), the thread until that comes back. */
struct stick_request {
    enum storage_status (*run)(struct stick_request *request); /* in the storage thread */
    char path[STORAGE_NAME_BYTES]; /* a folder, a file; the name of what was written */
    struct storage_info info;
    uint32_t count; /* of entries, bytes or frames, by what is asked */
    struct {
        struct storage_entry entry; /* its name is `name` */
        char name[STORAGE_NAME_BYTES];
    } listed[STICK_LISTED];
    uint8_t bytes[STICK_READ_BYTES] __attribute__((aligned(4)));
    enum storage_status status;
};

/* From tx_application_define. */
void stick_open(void);
/* The request, for one caller at a time; NULL: another keeps it longer than STORAGE_PATIENCE_MS. */
struct stick_request *stick_begin(void);
/* Has the thread do it, and waits. */
enum storage_status stick_do(struct stick_request *request,
                             enum storage_status (*run)(struct stick_request *request));
void stick_end(void);

/* What the thread can do. A folder is listed in pieces: stick_list_first, then stick_list_next until
 * count is 0 or that is enough, then stick_list_end. */
enum storage_status stick_info(struct stick_request *request);
enum storage_status stick_list_first(struct stick_request *request);
enum storage_status stick_list_next(struct stick_request *request);
enum storage_status stick_list_end(struct stick_request *request);
enum storage_status stick_open_file(struct stick_request *request);
enum storage_status stick_read_file(struct stick_request *request);
enum storage_status stick_close_file(struct stick_request *request);
enum storage_status stick_remove(struct stick_request *request);
enum storage_status stick_record(struct stick_request *request);
enum storage_status stick_stop(struct stick_request *request);
enum storage_status stick_snapshot(struct stick_request *request);
enum storage_status stick_eject(struct stick_request *request);

#endif
