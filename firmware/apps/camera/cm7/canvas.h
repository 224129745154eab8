/* Drawing into a picture of ARGB8888 in memory: rectangles and anti-aliased text. Everything is
 * clipped to the picture. The cache's duty towards the display is the caller's. */
#ifndef CAMERA_CANVAS_H
#define CAMERA_CANVAS_H

#include <stdint.h>

struct canvas {
    uint32_t *pixels;
    unsigned width, height;
};

enum canvas_font { CANVAS_SMALL, CANVAS_LARGE };

void canvas_fill(struct canvas *canvas, unsigned x, unsigned y, unsigned width, unsigned height,
                 uint32_t argb);
/* Printable ASCII; y is the top of the line. Coverage is blended over what is there. */
void canvas_text(struct canvas *canvas, enum canvas_font font, unsigned x, unsigned y,
                 uint32_t argb, const char *text);

#endif
