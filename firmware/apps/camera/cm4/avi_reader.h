/*
 * An AVI file as it is read: what it says of its film, where its frames are. Films of cm4/avi.h, and
 * others of one MJPEG stream; of one that was cut off, what there is. No kernel and no hardware. One
 * thread.
 */
#ifndef CAMERA_AVI_READER_H
#define CAMERA_AVI_READER_H

#include <stdbool.h>
#include <stdint.h>

/* Where the bytes come from: how many of `count` there are from `at` on. Less: that is the end. */
struct avi_source {
    uint32_t (*read)(void *context, uint32_t at, void *bytes, uint32_t count);
    void *context;
};

struct avi_film {
    const struct avi_source *source;
    uint32_t frame_us;         /* from one frame to the next */
    uint32_t frames;           /* as it says; 0: it does not */
    uint32_t first, end;       /* of the chunks with frames */
    uint32_t index, index_end; /* of the index; 0: there is none */
    uint32_t index_base;       /* what its places count from */
    uint32_t at, frame;        /* the next chunk, and the number of the next frame */
};

/* False: it is no such film. `source` stays. */
bool avi_film_open(struct avi_film *film, const struct avi_source *source);
/* The next frame: where, and how many bytes. False: there is none. */
bool avi_film_next(struct avi_film *film, uint32_t *at, uint32_t *bytes);
/* The next frame will be that one, or the first where there is no index. */
void avi_film_seek(struct avi_film *film, uint32_t frame);

#endif
