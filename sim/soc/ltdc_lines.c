/* The lines of the LTDC's picture: fetched from the layers' buffers and blended (RM0399 33.4.2). */
#include <stdlib.h>
#include <string.h>

#include "sim/soc/ltdc_internal.h"

/* ---- Layers ---- */

static uint32_t active(const struct ltdc *ltdc, unsigned n, uint32_t reg)
{
    return REG(&ltdc->block, LTDC_L1CR + n * LAYER_STRIDE + reg);
}

/* A window edge, relative to the active area that begins at `origin`. */
static unsigned relative(uint32_t position, unsigned origin)
{
    return position > origin ? position - origin : 0;
}

static void decode_layer(struct ltdc *ltdc, unsigned n)
{
    struct ltdc_layer *l = &ltdc->layer[n];
    uint32_t cr = active(ltdc, n, LAYER_CR), h = active(ltdc, n, LAYER_WHPCR),
             v = active(ltdc, n, LAYER_WVPCR);
    uint32_t blend = active(ltdc, n, LAYER_BFCR), length = active(ltdc, n, LAYER_CFBLR);
    unsigned left = ltdc_across(ltdc, LTDC_BPCR) + 1, top = ltdc_down(ltdc, LTDC_BPCR) + 1;
    l->enabled = cr & LxCR_LEN;
    l->keyed = cr & LxCR_COLKEN;
    l->uses_clut = cr & LxCR_CLUTEN;
    l->x0 = relative(h & 0xfff, left);
    l->x1 = relative((h >> 16) + 1, left);
    l->y0 = relative(v & 0x7ff, top);
    l->y1 = relative((v >> 16) + 1, top);
    l->format = (enum ltdc_format)(active(ltdc, n, LAYER_PFCR) & 7);
    l->alpha = (uint8_t)active(ltdc, n, LAYER_CACR);
    l->pixel_alpha[0] = (blend >> 8 & 7) == 6;
    l->pixel_alpha[1] = (blend & 7) == 7;
    l->default_colour = active(ltdc, n, LAYER_DCCR);
    l->key = active(ltdc, n, LAYER_CKCR);
    l->base = active(ltdc, n, LAYER_CFBAR);
    l->pitch = length >> 16;
    /* CFBLL is the length plus 7 (33.7.23), plus 3 in older drivers, which works as well: memory
     * is read in words of 8 bytes. */
    l->length = (length & 0x1fff) > 3 ? (length & 0x1fff) - 3 : 0;
    l->lines = active(ltdc, n, LAYER_CFBLNR);
}

/* Room to remember the window's lines; the picture is made anew. */
static void fit_fetched(struct ltdc *ltdc, unsigned n)
{
    const struct ltdc_layer *l = &ltdc->layer[n];
    struct fetched *f = &ltdc->fetched[n];
    unsigned columns = l->x1 > l->x0 ? l->x1 - l->x0 : 0;
    f->pitch = columns * ltdc_pixel_bytes(l->format);
    size_t size = (size_t)f->pitch * (l->y1 > l->y0 ? l->y1 - l->y0 : 0);
    if (size <= f->size)
        return;
    free(f->bytes);
    f->bytes = calloc(1, size);
    if (!f->bytes)
        abort(); /* out of host memory: nothing sensible is left to do */
    f->size = size;
}

void ltdc_configuration_changed(struct ltdc *ltdc)
{
    for (unsigned n = 0; n < 2; n++) {
        decode_layer(ltdc, n);
        fit_fetched(ltdc, n);
    }
    if (++ltdc->generation == 0)
        ltdc->generation = 1;
}

void ltdc_redraw(struct block *block)
{
    ltdc_configuration_changed((struct ltdc *)block);
}

/* ---- Making lines ---- */

unsigned ltdc_line_bytes(const struct ltdc *ltdc, unsigned n, unsigned y)
{
    const struct ltdc_layer *l = &ltdc->layer[n];
    if (!l->enabled || y < l->y0 || y >= l->y1 || y - l->y0 >= l->lines)
        return 0;
    return ltdc->fetched[n].pitch < l->length ? ltdc->fetched[n].pitch : l->length;
}

/* Reads a layer's line; true: it differs from what was remembered. */
static bool fetch(struct ltdc *ltdc, unsigned n, unsigned y)
{
    const struct ltdc_layer *l = &ltdc->layer[n];
    unsigned length = ltdc_line_bytes(ltdc, n, y);
    if (!length)
        return false;
    struct bus *bus = &block_sim(&ltdc->block)->bus;
    uint32_t address = l->base + (y - l->y0) * l->pitch;
    uint8_t *copy = &ltdc->fetched[n].bytes[(size_t)(y - l->y0) * ltdc->fetched[n].pitch];
    ltdc->job = (struct bus_job){.n = n, .from = l->base, .bytes = l->pitch * l->lines};
    bus->job[MASTER_LTDC] = &ltdc->job;
    const uint8_t *memory = bus_memory(bus, MASTER_LTDC, address, length);
    if (!memory) {
        if (bus_copy_out(bus, MASTER_LTDC, address, copy, length) != BUS_OK)
            ltdc_raise(ltdc, FLAG_ERROR);
        return true;
    }
    if (!memcmp(copy, memory, length))
        return false;
    memcpy(copy, memory, length);
    return true;
}

/* 33.4.2, "color frame buffer length": the window is larger than what CFBLL and CFBLNR have fetched. */
bool ltdc_runs_short(const struct ltdc *ltdc, unsigned n)
{
    const struct ltdc_layer *l = &ltdc->layer[n];
    unsigned end = l->y1 < ltdc->height ? l->y1 : ltdc->height;
    return l->enabled && end > l->y0 && l->x1 > l->x0 &&
           (ltdc->fetched[n].pitch > l->length || end - l->y0 > l->lines);
}

/* ---- Making the picture ---- */

static void make_line(struct ltdc *ltdc, unsigned y, uint32_t *row)
{
    uint32_t background = 0xff000000 | REG(&ltdc->block, LTDC_BCCR);
    for (unsigned x = 0; x < ltdc->width; x++)
        row[x] = background;
    for (unsigned n = 0; n < 2; n++) {
        const struct ltdc_layer *l = &ltdc->layer[n];
        unsigned pixels = ltdc_line_bytes(ltdc, n, y) / ltdc_pixel_bytes(l->format);
        const uint8_t *source =
            pixels ? &ltdc->fetched[n].bytes[(size_t)(y - l->y0) * ltdc->fetched[n].pitch] : NULL;
        ltdc_blend_line(l, y, source, pixels, row, ltdc->width);
    }
}

static bool line_is_stale(struct ltdc *ltdc, unsigned y)
{
    bool changed = fetch(ltdc, 0, y);
    changed |= fetch(ltdc, 1, y);
    return changed || ltdc->line_generation[y] != ltdc->generation;
}

static void pass_on(struct ltdc *ltdc, unsigned end, unsigned count)
{
    if (count && ltdc->sink.lines)
        ltdc->sink.lines(ltdc->sink.ctx, ltdc->band, end - count, count, ltdc->width, ltdc->height);
}

void ltdc_make_lines(struct ltdc *ltdc, unsigned end)
{
    unsigned waiting = 0;
    if (end > ltdc->height)
        end = ltdc->height;
    for (; ltdc->made < end; ltdc->made++) {
        bool stale = line_is_stale(ltdc, ltdc->made);
        if (!stale || waiting == LTDC_BAND) {
            pass_on(ltdc, ltdc->made, waiting);
            waiting = 0;
        }
        if (!stale)
            continue;
        make_line(ltdc, ltdc->made, &ltdc->band[(size_t)waiting++ * ltdc->width]);
        ltdc->line_generation[ltdc->made] = ltdc->generation;
    }
    pass_on(ltdc, ltdc->made, waiting);
}

void ltdc_make_scanned_lines(struct ltdc *ltdc)
{
    if (!ltdc->scanning)
        return;
    sim_time passed = sim_now(block_sim(&ltdc->block)) - ltdc->frame_start;
    uint64_t pixels = (uint64_t)((unsigned __int128)passed * ltdc->pixel_hz / SIM_S);
    uint64_t line = pixels / (ltdc_across(ltdc, LTDC_TWCR) + 1);
    if (line > ltdc_first_line(ltdc))
        ltdc_make_lines(ltdc, (unsigned)(line - ltdc_first_line(ltdc)));
}
