#include "cm7/canvas.h"

#include "cm7/blitter.h"

#define ART_PIXELS
#include "art.h"

static struct dma2d_area area_of(const struct canvas *canvas, struct box box)
{
    return (struct dma2d_area){
        .pixels = canvas->pixels + ((uint32_t)box.top * canvas->width + (uint32_t)box.left) *
                                       pixel_bytes(canvas->format),
        .format = canvas->format,
        .width = (uint16_t)(box.right - box.left),
        .height = (uint16_t)(box.bottom - box.top),
        .stride = canvas->width,
    };
}

void canvas_clear(const struct canvas *canvas, struct box box, uint32_t argb)
{
    box = box_common(box, canvas->clip);
    if (box_is_empty(box))
        return;
    struct dma2d_area to = area_of(canvas, box);
    blitter_take();
    dma2d_fill(&to, argb);
    blitter_finish((uint32_t)box_area(box));
}

static void fill(const struct canvas *canvas, struct box box, uint32_t argb)
{
    if (argb >> 24 == 0xff) {
        canvas_clear(canvas, box, argb);
        return;
    }
    box = box_common(box, canvas->clip);
    if (box_is_empty(box))
        return;
    struct dma2d_area to = area_of(canvas, box);
    blitter_take();
    dma2d_tint(&to, argb);
    blitter_finish((uint32_t)box_area(box));
}

/* `coverage` is that of the box's first pixel. */
static void stencil(const struct canvas *canvas, struct box box, const uint8_t *coverage,
                    uint32_t stride, uint32_t argb)
{
    struct box seen = box_common(box, canvas->clip);
    if (box_is_empty(seen))
        return;
    struct dma2d_area to = area_of(canvas, seen);
    coverage += (uint32_t)(seen.top - box.top) * stride + (uint32_t)(seen.left - box.left);
    blitter_take();
    dma2d_stencil(&to, coverage, stride, argb);
    blitter_finish((uint32_t)box_area(seen));
}

static void mask(const struct canvas *canvas, const struct art_mask *mask, int x, int y,
                 uint32_t argb)
{
    stencil(canvas, box_of(x + mask->left, y + mask->top, mask->width, mask->height),
            mask->coverage, (uint32_t)mask->width, argb);
}

/* The disc's quarters stand in the corners. */
static void fill_corners(const struct canvas *canvas, struct box box, const struct art_mask *disc,
                         uint32_t argb)
{
    int radius = disc->width / 2;
    for (int n = 0; n < 4; n++) {
        int right = n & 1, lower = n >> 1;
        stencil(canvas,
                box_of(right ? box.right - radius : box.left, lower ? box.bottom - radius : box.top,
                       radius, radius),
                disc->coverage + lower * radius * disc->width + right * radius,
                (uint32_t)disc->width, argb);
    }
}

static unsigned least(unsigned a, int b)
{
    return a < (unsigned)b ? a : (unsigned)b;
}

void canvas_fill(const struct canvas *canvas, struct box box, unsigned radius, uint32_t argb)
{
    if (box_is_empty(box))
        return;
    radius = least(least(radius, (box.right - box.left) / 2), (box.bottom - box.top) / 2);
    const struct art_mask *disc = letters_disc(radius);
    if (!disc) {
        fill(canvas, box, argb);
        return;
    }
    int16_t r = disc->width / 2;
    fill_corners(canvas, box, disc, argb);
    fill(canvas, (struct box){box.left + r, box.top, box.right - r, box.top + r}, argb);
    fill(canvas, (struct box){box.left, box.top + r, box.right, box.bottom - r}, argb);
    fill(canvas, (struct box){box.left + r, box.bottom - r, box.right - r, box.bottom}, argb);
}

void canvas_disc(const struct canvas *canvas, struct box box, uint32_t argb)
{
    const struct art_mask *disc = letters_disc((unsigned)(box.right - box.left) / 2);
    if (disc)
        mask(canvas, disc, (box.left + box.right - disc->width) / 2,
             (box.top + box.bottom - disc->height) / 2, argb);
}

void canvas_text(const struct canvas *canvas, enum letters_font font, int x, int y, uint32_t argb,
                 const char *text, uint32_t bytes)
{
    int pen = x * 64 + 32;
    while (bytes) {
        const struct art_mask *letter = letters_next(font, &text, &bytes);
        if (letter->width)
            mask(canvas, letter, pen / 64, y, argb);
        pen += letter->advance;
    }
}

void canvas_icon(const struct canvas *canvas, unsigned icon, int x, int y, uint32_t argb)
{
    mask(canvas, letters_icon(icon), x, y, argb);
}

void canvas_picture(const struct canvas *canvas, struct box box, const uint16_t *pixels,
                    uint32_t stride)
{
    struct box seen = box_common(box, canvas->clip);
    if (box_is_empty(seen))
        return;
    struct dma2d_area to = area_of(canvas, seen);
    pixels += (uint32_t)(seen.top - box.top) * stride + (uint32_t)(seen.left - box.left);
    blitter_take();
    dma2d_copy(&to, pixels, stride);
    blitter_finish((uint32_t)box_area(seen));
}
