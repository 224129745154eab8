/*
 * What of a picture has to be drawn again: the places at which what it shows now and what it is to
 * show differ. No kernel, no hardware.
 */
#ifndef CAMERA_DAMAGE_H
#define CAMERA_DAMAGE_H

#include "cm7/box.h"

enum { PAINTED_MAX = 384, DAMAGE_BOXES = 8 };

/* One thing that is drawn: all that it looks like, as a hash, and where. */
struct painted {
    uint32_t look;
    struct box box;
};

/* In the order of drawing. More than PAINTED_MAX: `is_partial`, and it is never the same as another. */
struct painting {
    struct painted item[PAINTED_MAX];
    uint32_t count;
    bool is_partial;
};

struct damage {
    struct box box[DAMAGE_BOXES]; /* none overlaps another */
    uint32_t count;
};

/* Empty boxes count for nothing. */
void damage_add(struct damage *damage, struct box box);
/* Adds where the two differ; `whole` is what it is when either is partial. */
void damage_between(struct damage *damage, const struct painting *before,
                    const struct painting *after, struct box whole);

#endif
