/*
 * A page of the gallery: films and pictures of the stick, with a small picture of each.
 */
#ifndef CAMERA_ALBUM_H
#define CAMERA_ALBUM_H

#include "cm7/files.h"
#include "cm7/paint.h"

enum { ALBUM_PAGE = 8, THUMBNAIL_WIDTH = 160, THUMBNAIL_HEIGHT = 120 };

struct album_item {
    struct files_entry entry;
    struct paint_picture thumbnail; /* version 0: there is none */
};

struct album {
    enum { ALBUM_IS_LOOKED_FOR, ALBUM_IS_THERE, ALBUM_FAILED } state;
    uint32_t total, page, count; /* in all; which page, from 0; of it */
    uint32_t wish;               /* the number of the wish that it answers */
    struct album_item items[ALBUM_PAGE];
};

#endif
