/*
 * What the files of the DMA2D share (RM0399 chapter 19): dma2d.c has the registers, the course of a
 * transfer and the colour tables, dma2d_check.c the configuration errors, dma2d_line.c a line's way
 * from its sources to memory, dma2d_pixels.c the formats.
 */
#ifndef SIM_SOC_DMA2D_H
#define SIM_SOC_DMA2D_H

#include "sim/soc/block.h"
#include "sim/soc/dma2d_pixels.h"

enum { LINE_PIXELS = 16384, CLUT_ENTRIES = 256, LINE_CYCLES = 16, BUS_BYTES = 8, BURST_BYTES = 64 };

enum {
    CR = 0x00,
    ISR = 0x04,
    IFCR = 0x08,
    FGMAR = 0x0c,
    FGOR = 0x10,
    BGMAR = 0x14,
    BGOR = 0x18,
    FGPFCCR = 0x1c,
    FGCOLR = 0x20,
    BGPFCCR = 0x24,
    BGCOLR = 0x28,
    FGCMAR = 0x2c,
    BGCMAR = 0x30,
    OPFCCR = 0x34,
    OCOLR = 0x38,
    OMAR = 0x3c,
    OOR = 0x40,
    NLR = 0x44,
    LWR = 0x48,
    AMTCR = 0x4c,
    FGCLUT = 0x400,
    BGCLUT = 0x800,
};

enum {
    CR_START = 1 << 0,
    CR_SUSP = 1 << 1,
    CR_ABORT = 1 << 2,
    CR_COURSE = CR_START | CR_SUSP | CR_ABORT,
    CR_LOM = 1 << 6,
    CR_ENABLES = 0x3f00,
    CR_WRITABLE = 0x73f47,
    ISR_TEIF = 1 << 0,
    ISR_TCIF = 1 << 1,
    ISR_TWIF = 1 << 2,
    ISR_CAEIF = 1 << 3,
    ISR_CTCIF = 1 << 4,
    ISR_CEIF = 1 << 5,
    ISR_FLAGS = 0x3f,
    PFCCR_CCM = 1 << 4,
    PFCCR_START = 1 << 5,
    OPFCCR_SB = 1 << 8,
};

enum mode { M2M, M2M_PFC, M2M_BLEND, R2M, M2M_BLEND_FIXED_FG, M2M_BLEND_FIXED_BG, MODES };

/* The foreground and the background differ in where their registers are. */
struct layer {
    uint32_t mar, offset, pfccr, colr, cmar, clut;
};

static const struct layer foreground = {FGMAR, FGOR, FGPFCCR, FGCOLR, FGCMAR, FGCLUT};
static const struct layer background = {BGMAR, BGOR, BGPFCCR, BGCOLR, BGCMAR, BGCLUT};

/* A line of YCbCr; the last unit may reach beyond it. */
struct samples {
    uint8_t y[LINE_PIXELS + 16], cb[LINE_PIXELS + 16], cr[LINE_PIXELS + 16];
};

struct dma2d {
    struct block block;
    struct event line_event, clut_event[2];
    bool traced;              /* the timeline has been told of the transfer at hand */
    unsigned line;            /* the one that is being worked on */
    uint32_t fg[LINE_PIXELS]; /* a line as ARGB8888 */
    uint32_t bg[LINE_PIXELS];
    uint8_t raw[LINE_PIXELS * 4]; /* a line as it stands in memory */
    struct samples samples;
};

static inline enum mode mode_of(const struct dma2d *d)
{
    return (enum mode)(REG(&d->block, CR) >> 16 & 7);
}

static inline enum dma2d_format format_of(const struct dma2d *d, const struct layer *layer)
{
    return (enum dma2d_format)(REG(&d->block, layer->pfccr) & 15);
}

static inline enum dma2d_format output_format(const struct dma2d *d)
{
    return mode_of(d) == M2M ? format_of(d, &foreground)
                             : (enum dma2d_format)(REG(&d->block, OPFCCR) & 7);
}

static inline unsigned pixels_per_line(const struct dma2d *d)
{
    return REG(&d->block, NLR) >> 16 & 0x3fff;
}

static inline unsigned lines(const struct dma2d *d)
{
    return REG(&d->block, NLR) & 0xffff;
}

static inline bool reads_foreground(enum mode mode)
{
    return mode != R2M && mode != M2M_BLEND_FIXED_FG;
}

static inline bool reads_background(enum mode mode)
{
    return mode == M2M_BLEND || mode == M2M_BLEND_FIXED_FG;
}

static inline uint32_t line_bytes(enum dma2d_format format, unsigned pixels)
{
    return (dma2d_bits_per_pixel(format) * pixels + 7) / 8;
}

static inline bool offsets_are_pixels(const struct dma2d *d)
{
    return !(REG(&d->block, CR) & CR_LOM);
}

/* FGOR, BGOR and OOR: of 16 bits in bytes, of 14 in pixels (19.5.5). */
static inline uint32_t line_offset(const struct dma2d *d, uint32_t reg)
{
    return REG(&d->block, reg) & (offsets_are_pixels(d) ? 0x3fff : 0xffff);
}

/* Whether what CR, NLR and the layers' registers ask for can begin; else it is ISR.CEIF. */
bool dma2d_configuration_valid(const struct dma2d *d);
/* The line in the making, from its sources to d->raw; false on a bus error. */
bool dma2d_make_line(struct dma2d *d);
/* d->raw to where OMAR wants it; false on a bus error. */
bool dma2d_store_line(struct dma2d *d);

#endif
