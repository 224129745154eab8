/* A rectangle of pixels: right and bottom are just outside. */
#ifndef CAMERA_BOX_H
#define CAMERA_BOX_H

#include <stdbool.h>
#include <stdint.h>

struct box {
    int16_t left, top, right, bottom;
};

static inline struct box box_of(int x, int y, int width, int height)
{
    return (struct box){(int16_t)x, (int16_t)y, (int16_t)(x + width), (int16_t)(y + height)};
}

static inline bool box_is_empty(struct box box)
{
    return box.left >= box.right || box.top >= box.bottom;
}

static inline struct box box_common(struct box a, struct box b)
{
    return (struct box){a.left > b.left ? a.left : b.left, a.top > b.top ? a.top : b.top,
                        a.right < b.right ? a.right : b.right,
                        a.bottom < b.bottom ? a.bottom : b.bottom};
}

/* The smallest that holds both, neither being empty. */
static inline struct box box_around(struct box a, struct box b)
{
    return (struct box){a.left < b.left ? a.left : b.left, a.top < b.top ? a.top : b.top,
                        a.right > b.right ? a.right : b.right,
                        a.bottom > b.bottom ? a.bottom : b.bottom};
}

static inline int box_area(struct box box)
{
    return box_is_empty(box) ? 0 : (box.right - box.left) * (box.bottom - box.top);
}

#endif
