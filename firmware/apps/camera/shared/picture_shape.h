/*
 * A picture in the JPEG codec's units (drivers/dcmi.h), and the tag with which it crosses as a frame.
 */
#ifndef CAMERA_PICTURE_SHAPE_H
#define CAMERA_PICTURE_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

enum shape_chroma { SHAPE_444, SHAPE_422, SHAPE_420 };

struct picture_shape {
    uint16_t width, height;
    uint8_t chroma; /* enum shape_chroma */
};

/* Of a unit, in pixels, and in bytes. */
static inline uint32_t shape_unit_width(const struct picture_shape *shape)
{
    return shape->chroma == SHAPE_444 ? 8 : 16;
}

static inline uint32_t shape_unit_height(const struct picture_shape *shape)
{
    return shape->chroma == SHAPE_420 ? 16 : 8;
}

static inline uint32_t shape_unit_bytes(const struct picture_shape *shape)
{
    return shape_unit_width(shape) * shape_unit_height(shape) + 128;
}

/* In whole units. */
static inline uint32_t shape_columns(const struct picture_shape *shape)
{
    return (shape->width + shape_unit_width(shape) - 1) / shape_unit_width(shape);
}

static inline uint32_t shape_rows(const struct picture_shape *shape)
{
    return (shape->height + shape_unit_height(shape) - 1) / shape_unit_height(shape);
}

static inline uint32_t shape_bytes(const struct picture_shape *shape)
{
    return shape_columns(shape) * shape_rows(shape) * shape_unit_bytes(shape);
}

/* Width 12 bits, height 12 bits, chroma and 1 above them: 0 is no tag. */
static inline uint32_t shape_tag(const struct picture_shape *shape)
{
    return (shape->chroma + 1u) << 24 | (uint32_t)shape->width << 12 | shape->height;
}

static inline struct picture_shape shape_of_tag(uint32_t tag)
{
    return (struct picture_shape){
        .width = tag >> 12 & 0xfff, .height = tag & 0xfff, .chroma = (uint8_t)((tag >> 24) - 1)};
}

#endif
