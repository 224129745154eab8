/*
 * Anti-aliased shapes on a picture. Lengths are in heights of the picture. Only operations that IEEE
 * 754 rounds exactly are used (no libm), so that every machine draws the same bytes.
 */
#ifndef SIM_HOST_CANVAS_H
#define SIM_HOST_CANVAS_H

#include <stdint.h>

struct canvas {
    uint8_t *rgb;
    unsigned width, height;
    double aspect; /* width over height */
};

struct canvas canvas_on(uint8_t *rgb, unsigned width, unsigned height);

double canvas_sine(double turns); /* of an angle in whole turns */

void canvas_row(struct canvas *canvas, unsigned y, uint32_t colour);
/* Everything of a column below `top`. */
void canvas_column(struct canvas *canvas, unsigned x, double top, uint32_t colour);
void canvas_disc(struct canvas *canvas, double x, double y, double radius, uint32_t colour,
                 double opacity);
/* Light that fades to nothing at `radius`. */
void canvas_glow(struct canvas *canvas, double x, double y, double radius, uint32_t colour,
                 double opacity);
void canvas_ellipse(struct canvas *canvas, double x, double y, double across, double down,
                    uint32_t colour);
/* A line with round ends; `thickness` is half of its width. */
void canvas_line(struct canvas *canvas, double x0, double y0, double x1, double y1,
                 double thickness, uint32_t colour, double opacity);
/* Digits, ':' and '.', centred. */
void canvas_digits(struct canvas *canvas, double x, double y, double height, const char *text,
                   uint32_t colour);

#endif
