/*
 * Drawing into a picture: rectangles, rounded ones, anti-aliased text and icons, all by the
 * DMA2D; no CPU touches a pixel, so the picture may lie in memory that a cache would hold. Everything
 * is clipped to `clip`. One thread.
 */
#ifndef CAMERA_CANVAS_H
#define CAMERA_CANVAS_H

#include "cm7/box.h"
#include "cm7/letters.h"
#include "drivers/pixel_format.h"

struct canvas {
    uint8_t *pixels;
    enum pixel_format format;
    uint32_t width; /* pixels from a line to the next */
    struct box clip;
};

/* Puts a colour there, its alpha with it; the others blend over what is there. */
void canvas_clear(const struct canvas *canvas, struct box box, uint32_t argb);
/* `radius` of the corners: 0, or one of the build's discs; another becomes the next smaller one. */
void canvas_fill(const struct canvas *canvas, struct box box, unsigned radius, uint32_t argb);
void canvas_disc(const struct canvas *canvas, struct box box, uint32_t argb);
/* y is the top of the line. */
void canvas_text(const struct canvas *canvas, enum letters_font font, int x, int y, uint32_t argb,
                 const char *text, uint32_t bytes);
void canvas_icon(const struct canvas *canvas, unsigned icon, int x, int y, uint32_t argb);
/* Opaque RGB565, `stride` pixels from a line to the next. */
void canvas_picture(const struct canvas *canvas, struct box box, const uint16_t *pixels,
                    uint32_t stride);

#endif
