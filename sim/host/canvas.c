#include "sim/host/canvas.h"

#include <string.h>

struct canvas canvas_on(uint8_t *rgb, unsigned width, unsigned height)
{
    return (struct canvas){rgb, width, height, (double)width / height};
}

/* Taylor's series around the nearest quarter, to about 1e-9. */
double canvas_sine(double turns)
{
    turns -= (double)(int64_t)turns;
    if (turns < 0)
        turns += 1;
    double sign = turns < 0.5 ? 1 : -1;
    turns = turns < 0.5 ? turns : turns - 0.5;
    turns = turns < 0.25 ? turns : 0.5 - turns;
    double x = turns * 6.283185307179586, square = x * x;
    return sign * x *
           (1 -
            square / 6 *
                (1 - square / 20 *
                         (1 - square / 42 *
                                  (1 - square / 72 * (1 - square / 110 * (1 - square / 156))))));
}

/* Square root by Newton's steps: libm's is exact too, but not promised to be. */
static double root(double x)
{
    double guess = x < 1 ? 1 : x;
    for (unsigned n = 0; n < 60; n++) {
        double next = 0.5 * (guess + x / guess);
        if (next >= guess)
            break;
        guess = next;
    }
    return guess;
}

static void blend(struct canvas *canvas, unsigned x, unsigned y, uint32_t colour, double share)
{
    uint8_t *pixel = canvas->rgb + ((size_t)y * canvas->width + x) * 3;
    uint32_t weight = (uint32_t)(share * 256 + 0.5);
    for (unsigned c = 0; c < 3; c++) {
        uint32_t to = colour >> (16 - 8 * c) & 0xff;
        pixel[c] = (uint8_t)((pixel[c] * (256 - weight) + to * weight + 128) >> 8);
    }
}

/* How much of a pixel lies inside, by its distance (in pixels) to the edge. */
static double coverage(double outside)
{
    return outside <= -0.5 ? 1 : outside >= 0.5 ? 0 : 0.5 - outside;
}

struct box {
    unsigned left, top, right, bottom; /* right and bottom are outside */
};

static unsigned clamp(double value, unsigned limit)
{
    return value <= 0 ? 0 : value >= limit ? limit : (unsigned)value;
}

static struct box box_around(const struct canvas *canvas, double left, double top, double right,
                             double bottom)
{
    double scale = canvas->height;
    return (struct box){
        clamp(left * scale - 1, canvas->width), clamp(top * scale - 1, canvas->height),
        clamp(right * scale + 2, canvas->width), clamp(bottom * scale + 2, canvas->height)};
}

void canvas_row(struct canvas *canvas, unsigned y, uint32_t colour)
{
    for (unsigned x = 0; x < canvas->width; x++)
        blend(canvas, x, y, colour, 1);
}

void canvas_column(struct canvas *canvas, unsigned x, double top, uint32_t colour)
{
    double edge = top * canvas->height;
    for (unsigned y = clamp(edge - 1, canvas->height); y < canvas->height; y++)
        blend(canvas, x, y, colour, coverage(edge - (y + 0.5)));
}

void canvas_disc(struct canvas *canvas, double x, double y, double radius, uint32_t colour,
                 double opacity)
{
    canvas_line(canvas, x, y, x, y, radius, colour, opacity);
}

void canvas_glow(struct canvas *canvas, double x, double y, double radius, uint32_t colour,
                 double opacity)
{
    struct box box = box_around(canvas, x - radius, y - radius, x + radius, y + radius);
    for (unsigned row = box.top; row < box.bottom; row++)
        for (unsigned column = box.left; column < box.right; column++) {
            double dx = (column + 0.5) / canvas->height - x, dy = (row + 0.5) / canvas->height - y;
            double near = 1 - root(dx * dx + dy * dy) / radius;
            if (near > 0)
                blend(canvas, column, row, colour, opacity * near * near);
        }
}

/* The distance to an ellipse, to first order: exact enough within a pixel of its edge. */
void canvas_ellipse(struct canvas *canvas, double x, double y, double across, double down,
                    uint32_t colour)
{
    struct box box = box_around(canvas, x - across, y - down, x + across, y + down);
    for (unsigned row = box.top; row < box.bottom; row++)
        for (unsigned column = box.left; column < box.right; column++) {
            double dx = (column + 0.5) / canvas->height - x, dy = (row + 0.5) / canvas->height - y;
            double u = dx / across, v = dy / down;
            double level = u * u + v * v - 1;
            double slope = 2 * root(u * u / (across * across) + v * v / (down * down) + 1e-12);
            double share = coverage(level / slope * canvas->height);
            if (share > 0)
                blend(canvas, column, row, colour, share);
        }
}

static double distance_to_line(double px, double py, double dx, double dy, double square)
{
    double along = square > 0 ? (px * dx + py * dy) / square : 0;
    along = along < 0 ? 0 : along > 1 ? 1 : along;
    double x = px - along * dx, y = py - along * dy;
    return x * x + y * y;
}

void canvas_line(struct canvas *canvas, double x0, double y0, double x1, double y1,
                 double thickness, uint32_t colour, double opacity)
{
    struct box box =
        box_around(canvas, (x0 < x1 ? x0 : x1) - thickness, (y0 < y1 ? y0 : y1) - thickness,
                   (x0 > x1 ? x0 : x1) + thickness, (y0 > y1 ? y0 : y1) + thickness);
    double dx = x1 - x0, dy = y1 - y0, square = dx * dx + dy * dy, scale = canvas->height;
    double inner = thickness - 0.5 / scale, outer = thickness + 0.5 / scale;
    inner = inner > 0 ? inner * inner : 0;
    outer *= outer;
    for (unsigned row = box.top; row < box.bottom; row++)
        for (unsigned column = box.left; column < box.right; column++) {
            double away = distance_to_line((column + 0.5) / scale - x0, (row + 0.5) / scale - y0,
                                           dx, dy, square);
            if (away >= outer)
                continue;
            double share = away <= inner ? 1 : coverage((root(away) - thickness) * scale);
            blend(canvas, column, row, colour, share * opacity);
        }
}

/* Seven strokes: top, the upper right and so on clockwise, the middle. Bit n: stroke n. */
static const uint8_t digit_strokes[10] = {0x3f, 0x06, 0x5b, 0x4f, 0x66,
                                          0x6d, 0x7d, 0x07, 0x7f, 0x6f};
static const double stroke_ends[7][4] = {
    {0, 0, 1, 0}, {1, 0, 1, 1}, {1, 1, 1, 2}, {0, 2, 1, 2},
    {0, 1, 0, 2}, {0, 0, 0, 1}, {0, 1, 1, 1},
};

static void draw_digit(struct canvas *canvas, double left, double top, double height, char c,
                       uint32_t colour)
{
    double half = height / 2, thickness = height * 0.075;
    if (c == '.' || c == ':') {
        double x = left + thickness;
        canvas_disc(canvas, x, top + height * (c == '.' ? 1 : 0.75), thickness * 1.2, colour, 1);
        if (c == ':')
            canvas_disc(canvas, x, top + height * 0.25, thickness * 1.2, colour, 1);
        return;
    }
    for (unsigned n = 0; n < 7; n++)
        if (c >= '0' && c <= '9' && digit_strokes[c - '0'] & 1u << n) {
            const double *ends = stroke_ends[n];
            canvas_line(canvas, left + ends[0] * half, top + ends[1] * half, left + ends[2] * half,
                        top + ends[3] * half, thickness, colour, 1);
        }
}

static double advance(char c, double height)
{
    return c == '.' || c == ':' ? height * 0.36 : height * 0.76;
}

void canvas_digits(struct canvas *canvas, double x, double y, double height, const char *text,
                   uint32_t colour)
{
    double width = -height * 0.2;
    for (const char *c = text; *c; c++)
        width += advance(*c, height);
    double left = x - width / 2;
    for (const char *c = text; *c; c++) {
        draw_digit(canvas, left, y - height / 2, height, *c, colour);
        left += advance(*c, height);
    }
}
