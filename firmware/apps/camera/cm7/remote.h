/*
 * What takes its time because the M4 and the stick do it: remote_thread (cm7/threads.c) does one job
 * after the other, and the user interface hears of what came of it.
 */
#ifndef CAMERA_REMOTE_H
#define CAMERA_REMOTE_H

#include "cm7/album.h"
#include "shared/panel_link.h"

enum remote_kind {
    REMOTE_LIST, /* `value`: the page, of wish `number` */
    REMOTE_SHOW,
    REMOTE_REMOVE,
    REMOTE_PAUSE, /* value 0: go on */
    REMOTE_SEEK,  /* to frame `value` */
    REMOTE_LEAVE,
    REMOTE_KEEP,   /* `camera` in a file of the stick (cm7/keepsake.h) */
    REMOTE_RECALL, /* what such a file says of `camera` */
};

struct remote_job {
    uint32_t kind, value, number;
    struct panel_camera camera;
    char path[FILES_NAME_BYTES];
};

/* From tx_application_define, after link_open(). `changed` is called from remote_thread. */
void remote_open(void (*changed)(void));
/* False: so much is left to be done that this is dropped. One thread. */
bool remote_do(const struct remote_job *job);
/* As it is now. Any thread. */
void remote_get_album(struct album *album);
/* Once after each time: what became of a job. */
enum remote_news {
    REMOTE_NOTHING,
    REMOTE_SILENT,   /* the M4 did not answer */
    REMOTE_KEPT,     /* the settings are on the stick */
    REMOTE_RECALLED, /* *camera is what the stick kept */
};
enum remote_news remote_get_news(struct panel_camera *camera);

#endif
