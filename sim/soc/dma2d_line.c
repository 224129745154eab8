/*
 * DMA2D, a line of it (RM0399 chapter 19): fetched from the foreground and the background, or made of
 * a colour, converted, blended and stored.
 */
#include "sim/soc/dma2d.h"

#include <string.h>

/* Where a line of a picture begins. */
static uint32_t line_address(const struct dma2d *d, uint32_t base, uint32_t reg,
                             enum dma2d_format format)
{
    uint32_t pixels = pixels_per_line(d), offset = line_offset(d, reg);
    uint32_t pitch = offsets_are_pixels(d) ? line_bytes(format, pixels + offset)
                                           : line_bytes(format, pixels) + offset;
    return base + d->line * pitch;
}

/* Fetching. */

static bool fetch_raw(struct dma2d *d, uint32_t address, uint32_t length)
{
    return bus_copy_out(&block_sim(&d->block)->bus, MASTER_DMA2D, address, d->raw, length) ==
           BUS_OK;
}

/* Where one line of a unit of YCbCr goes among the samples of the whole line: 8 or 16 of them, at most
 * two blocks of Y beside each other; where a sample of Cb and Cr stands for two pixels it goes twice. */
static void take_unit_line(struct samples *samples, unsigned at, const uint8_t *unit, unsigned css,
                           unsigned row)
{
    unsigned luma = css ? css == 2 ? 256 : 128 : 64;
    const uint8_t *y = unit + row / 8 * 128 + row % 8 * 8;
    const uint8_t *cb = unit + luma + (css == 2 ? row / 2 : row) * 8, *cr = cb + 64;
    memcpy(&samples->y[at], y, 8);
    if (!css) {
        memcpy(&samples->cb[at], cb, 8);
        memcpy(&samples->cr[at], cr, 8);
        return;
    }
    memcpy(&samples->y[at + 8], y + 64, 8);
    for (unsigned n = 0; n < 8; n++) {
        samples->cb[at + 2 * n] = samples->cb[at + 2 * n + 1] = cb[n];
        samples->cr[at + 2 * n] = samples->cr[at + 2 * n + 1] = cr[n];
    }
}

/* A line of YCbCr as the JPEG codec leaves it: minimum coded units one after the other, each with
 * its blocks of 8 by 8 of Y, then one of Cb and one of Cr (19.3.4). */
static bool fetch_ycbcr(struct dma2d *d, uint32_t *line)
{
    unsigned css = REG(&d->block, FGPFCCR) >> 18 & 3, count = pixels_per_line(d);
    unsigned width = css ? 16 : 8, height = css == 2 ? 16 : 8, unit = width * height + 128;
    unsigned units = (count + line_offset(d, FGOR) + width - 1) / width;
    unsigned used = (count + width - 1) / width;
    uint32_t base = REG(&d->block, FGMAR) + d->line / height * units * unit;
    const uint8_t *plain = bus_memory(&block_sim(&d->block)->bus, MASTER_DMA2D, base, used * unit);
    for (unsigned n = 0; n < used; n++) {
        if (!plain && !fetch_raw(d, base + n * unit, unit))
            return false;
        take_unit_line(&d->samples, n * width, plain ? plain + n * unit : d->raw, css,
                       d->line % height);
    }
    const struct samples *from = &d->samples;
    dma2d_decode_ycbcr(from->y, from->cb, from->cr, count, line);
    return true;
}

static bool fetch_line(struct dma2d *d, const struct layer *layer, uint32_t *line)
{
    enum dma2d_format format = format_of(d, layer);
    unsigned count = pixels_per_line(d);
    uint32_t colour = REG(&d->block, layer->colr);
    const uint32_t *clut = &REG(&d->block, layer->clut);
    uint32_t address = line_address(d, REG(&d->block, layer->mar), layer->offset, format);
    if (format == DMA2D_YCBCR) {
        if (!fetch_ycbcr(d, line))
            return false;
    } else {
        if (!fetch_raw(d, address, line_bytes(format, count)))
            return false;
        dma2d_decode(format, d->raw, count, clut, colour, line);
    }
    dma2d_modify(REG(&d->block, layer->pfccr), count, line);
    return true;
}

/* Opaque, until the layer's alpha mode has its say (19.3.13). */
static void fixed_line(struct dma2d *d, const struct layer *layer, uint32_t *line)
{
    uint32_t pixel = REG(&d->block, layer->colr) | 0xff000000;
    unsigned count = pixels_per_line(d);
    dma2d_modify(REG(&d->block, layer->pfccr), 1, &pixel);
    for (unsigned n = 0; n < count; n++)
        line[n] = pixel;
}

/* Output. */

/* OCOLR is in the output's own format (19.5.15), and OPFCCR.AI and RBS are for it too (19.3.8). */
static void colour_line(struct dma2d *d)
{
    enum dma2d_format format = output_format(d);
    unsigned bytes = dma2d_bits_per_pixel(format) / 8;
    uint32_t pixel, count = pixels_per_line(d);
    uint8_t colour[4];
    memcpy(colour, &REG(&d->block, OCOLR), sizeof colour);
    dma2d_decode(format, colour, 1, NULL, 0, &pixel);
    dma2d_encode(format, REG(&d->block, OPFCCR), &pixel, 1, colour);
    for (unsigned n = 0; n < count; n++)
        memcpy(&d->raw[n * bytes], colour, bytes);
}

bool dma2d_store_line(struct dma2d *d)
{
    struct sim *sim = block_sim(&d->block);
    enum dma2d_format format = output_format(d);
    uint32_t length = line_bytes(format, pixels_per_line(d));
    uint32_t address = line_address(d, REG(&d->block, OMAR), OOR, format);
    if (REG(&d->block, OPFCCR) & OPFCCR_SB && mode_of(d) != M2M)
        dma2d_swap_bytes(d->raw, length);
    sim_hash_mix(sim, (uint64_t)address << 32 | length);
    for (uint32_t n = 0; n < length; n += 8) {
        uint64_t value = 0;
        memcpy(&value, &d->raw[n], length - n < 8 ? length - n : 8);
        sim_hash_mix(sim, value);
    }
    sim->dma_bytes[MASTER_DMA2D] += length;
    return bus_copy_in(&sim->bus, MASTER_DMA2D, address, d->raw, length) == BUS_OK;
}

/* The line in the making, from its sources to d->raw. */
bool dma2d_make_line(struct dma2d *d)
{
    enum mode mode = mode_of(d);
    enum dma2d_format format = format_of(d, &foreground);
    if (mode == R2M) {
        colour_line(d);
        return true;
    }
    if (mode == M2M)
        return fetch_raw(d, line_address(d, REG(&d->block, FGMAR), FGOR, format),
                         line_bytes(format, pixels_per_line(d)));
    if (mode == M2M_BLEND_FIXED_FG)
        fixed_line(d, &foreground, d->fg);
    else if (!fetch_line(d, &foreground, d->fg))
        return false;
    if (mode == M2M_BLEND_FIXED_BG)
        fixed_line(d, &background, d->bg);
    else if (mode != M2M_PFC && !fetch_line(d, &background, d->bg))
        return false;
    if (mode != M2M_PFC)
        dma2d_blend(d->fg, d->bg, pixels_per_line(d));
    dma2d_encode(output_format(d), REG(&d->block, OPFCCR), d->fg, pixels_per_line(d), d->raw);
    return true;
}
