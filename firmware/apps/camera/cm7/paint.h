/*
 * From Nuklear's list of commands to pixels: what there is to be drawn, so that two lists can be compared
 * (cm7/damage.h), and the drawing of a part of it. Icons are images whose handle is their number;
 * pictures are images whose handle is a struct paint_picture.
 */
#ifndef CAMERA_PAINT_H
#define CAMERA_PAINT_H

#include "cm7/canvas.h"
#include "cm7/damage.h"
#include "cm7/gui.h"

/* Pixels that stay as they are while `version` does. */
struct paint_picture {
    const uint16_t *pixels; /* RGB565, `width` from a line to the next */
    uint32_t width, height, version;
};

void paint_list(struct gui *gui, struct painting *painting);
/* Draws anew what lies in the box. */
void paint_box(struct gui *gui, const struct canvas *canvas, struct box box);

#endif
