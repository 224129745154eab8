/* DMA2D, configuration errors (RM0399 19.3.13): what keeps a transfer from starting. */
#include "sim/soc/dma2d.h"

static bool aligned(uint32_t address, enum dma2d_format format)
{
    unsigned bits = dma2d_bits_per_pixel(format);
    return address % (bits == 32 ? 4 : bits == 16 ? 2 : 1) == 0;
}

/* Whole units of the JPEG codec, and not as they are. */
static bool ycbcr_valid(const struct dma2d *d)
{
    unsigned width = REG(&d->block, FGPFCCR) >> 18 & 3 ? 16 : 8;
    return mode_of(d) != M2M && (pixels_per_line(d) + line_offset(d, FGOR)) % width == 0;
}

static bool layer_valid(const struct dma2d *d, const struct layer *layer)
{
    enum dma2d_format format = format_of(d, layer);
    if (format >= DMA2D_INPUT_FORMATS || (format == DMA2D_YCBCR && layer == &background))
        return false;
    if (format == DMA2D_YCBCR && !ycbcr_valid(d))
        return false;
    uint32_t offset = offsets_are_pixels(d) ? line_offset(d, layer->offset) : 0;
    return aligned(REG(&d->block, layer->mar), format) &&
           !(dma2d_bits_per_pixel(format) == 4 && (pixels_per_line(d) | offset) & 1);
}

/* SB swaps pairs of bytes: lines must have whole ones and begin at one. */
static bool swap_valid(const struct dma2d *d)
{
    uint32_t offset = line_offset(d, OOR);
    if (offsets_are_pixels(d))
        offset *= dma2d_bits_per_pixel(output_format(d)) / 8;
    return !((pixels_per_line(d) | REG(&d->block, OMAR) | offset) & 1);
}

static bool output_valid(const struct dma2d *d)
{
    enum dma2d_format format = output_format(d);
    return format < DMA2D_OUTPUT_FORMATS && aligned(REG(&d->block, OMAR), format) &&
           (!(REG(&d->block, OPFCCR) & OPFCCR_SB) || swap_valid(d));
}

bool dma2d_configuration_valid(const struct dma2d *d)
{
    enum mode mode = mode_of(d);
    if (mode >= MODES || !pixels_per_line(d) || !lines(d))
        return false;
    if ((reads_foreground(mode) && !layer_valid(d, &foreground)) ||
        (reads_background(mode) && !layer_valid(d, &background)))
        return false;
    return mode == M2M || output_valid(d);
}
