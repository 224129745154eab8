/*
 * DMA2D, the Chrom-ART accelerator (RM0399 chapter 19): fills, copies, converts and blends
 * rectangles of pixels, a line at a time. A line is worked on for as long as its pixels take, and its
 * bytes in the memories that they come from and go to, and stands in memory at the end of that time.
 */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"

#include <string.h>

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
    PFCCR_AI = 1 << 20,
    PFCCR_RBS = 1 << 21,
    OPFCCR_SB = 1 << 8,
};

enum mode { M2M, M2M_PFC, M2M_BLEND, R2M, M2M_BLEND_FIXED_FG, M2M_BLEND_FIXED_BG, MODES };
enum format {
    ARGB8888,
    RGB888,
    RGB565,
    ARGB1555,
    ARGB4444,
    OUTPUT_FORMATS,
    L8 = OUTPUT_FORMATS,
    AL44,
    AL88,
    L4,
    A8,
    A4,
    YCBCR,
    INPUT_FORMATS
};

static const uint8_t bits_per_pixel[INPUT_FORMATS] = {32, 24, 16, 16, 16, 8, 8, 16, 4, 8, 4, 8};

static const struct reg dma2d_regs[] = {
    {CR, "CR", 0, CR_WRITABLE, 0, 0},
    {ISR, "ISR", 0, 0, 0, 0},
    {IFCR, "IFCR", 0, 0, 0, 0},
    {FGMAR, "FGMAR", 0, 0xffffffff, 0, 0},
    {FGOR, "FGOR", 0, 0xffff, 0, 0},
    {BGMAR, "BGMAR", 0, 0xffffffff, 0, 0},
    {BGOR, "BGOR", 0, 0xffff, 0, 0},
    {FGPFCCR, "FGPFCCR", 0, 0xff3fff3f, 0, 0},
    {FGCOLR, "FGCOLR", 0, 0xffffff, 0, 0},
    {BGPFCCR, "BGPFCCR", 0, 0xff33ff3f, 0, 0},
    {BGCOLR, "BGCOLR", 0, 0xffffff, 0, 0},
    {FGCMAR, "FGCMAR", 0, 0xffffffff, 0, 0},
    {BGCMAR, "BGCMAR", 0, 0xffffffff, 0, 0},
    {OPFCCR, "OPFCCR", 0, 0x00300107, 0, 0},
    {OCOLR, "OCOLR", 0, 0xffffffff, 0, 0},
    {OMAR, "OMAR", 0, 0xffffffff, 0, 0},
    {OOR, "OOR", 0, 0xffff, 0, 0},
    {NLR, "NLR", 0, 0x3fffffff, 0, 0},
    {LWR, "LWR", 0, 0xffff, 0, 0},
    {AMTCR, "AMTCR", 0, 0xff01, 0, 0},
    {FGCLUT, "FGCLUT%u", 0, 0xffffffff, 255, 4},
    {FGCLUT + 1020, "FGCLUT255", 0, 0xffffffff, 0, 0},
    {BGCLUT, "BGCLUT%u", 0, 0xffffffff, 255, 4},
    {BGCLUT + 1020, "BGCLUT255", 0, 0xffffffff, 0, 0},
};

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

static enum mode mode_of(const struct dma2d *d)
{
    return (enum mode)(REG(&d->block, CR) >> 16 & 7);
}

static enum format format_of(const struct dma2d *d, const struct layer *layer)
{
    return (enum format)(REG(&d->block, layer->pfccr) & 15);
}

static enum format output_format(const struct dma2d *d)
{
    return mode_of(d) == M2M ? format_of(d, &foreground)
                             : (enum format)(REG(&d->block, OPFCCR) & 7);
}

static unsigned pixels_per_line(const struct dma2d *d)
{
    return REG(&d->block, NLR) >> 16 & 0x3fff;
}

static unsigned lines(const struct dma2d *d)
{
    return REG(&d->block, NLR) & 0xffff;
}

static bool reads_foreground(enum mode mode)
{
    return mode != R2M && mode != M2M_BLEND_FIXED_FG;
}

static bool reads_background(enum mode mode)
{
    return mode == M2M_BLEND || mode == M2M_BLEND_FIXED_FG;
}

/* Flags and interrupts. */

static void update_irq(struct dma2d *d)
{
    uint32_t isr = REG(&d->block, ISR);
    block_irq(&d->block, 0, (isr & REG(&d->block, CR) >> 8 & ISR_FLAGS) != 0);
    block_mdma(&d->block, 0, isr & ISR_CTCIF);
    block_mdma(&d->block, 1, isr & ISR_TCIF);
    block_mdma(&d->block, 2, isr & ISR_TWIF);
}

static void raise_flags(struct dma2d *d, uint32_t flags)
{
    REG(&d->block, ISR) |= flags;
    update_irq(d);
}

static void stop(struct dma2d *d, uint32_t flags)
{
    event_cancel(&block_sim(&d->block)->events, &d->line_event);
    if (d->traced)
        sim_trace_end(block_sim(&d->block), "DMA2D", 0);
    d->traced = false;
    REG(&d->block, CR) &= ~(uint32_t)(CR_START | CR_ABORT);
    raise_flags(d, flags);
}

/* Pixels of each format as ARGB8888: narrow channels repeat their upper bits below (19.3.4). */

static uint32_t argb(uint32_t a, uint32_t r, uint32_t g, uint32_t b)
{
    return a << 24 | r << 16 | g << 8 | b;
}

static uint32_t expand5(uint32_t value)
{
    return value << 3 | value >> 2;
}

static uint32_t from_rgb565(uint32_t v)
{
    uint32_t green = v >> 5 & 63;
    return argb(255, expand5(v >> 11 & 31), green << 2 | green >> 4, expand5(v & 31));
}

static uint32_t from_argb1555(uint32_t v)
{
    return argb(v & 0x8000 ? 255 : 0, expand5(v >> 10 & 31), expand5(v >> 5 & 31), expand5(v & 31));
}

static uint32_t from_argb4444(uint32_t v)
{
    return argb((v >> 12 & 15) * 17, (v >> 8 & 15) * 17, (v >> 4 & 15) * 17, (v & 15) * 17);
}

static uint32_t unsigned16(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8;
}

static uint32_t nibble(const uint8_t *raw, unsigned n)
{
    return raw[n / 2] >> (n % 2 * 4) & 15;
}

/* Alpha replaced, colour kept. */
static uint32_t with_alpha(uint32_t pixel, uint32_t alpha)
{
    return (pixel & 0xffffff) | alpha << 24;
}

static uint32_t decode_pixel(enum format format, const uint8_t *raw, unsigned n,
                             const uint32_t *clut, uint32_t colour)
{
    uint32_t word;
    switch (format) {
    case ARGB8888:
        memcpy(&word, &raw[4 * n], 4);
        return word;
    case RGB888:
        return argb(255, raw[3 * n + 2], raw[3 * n + 1], raw[3 * n]);
    case RGB565:
        return from_rgb565(unsigned16(&raw[2 * n]));
    case ARGB1555:
        return from_argb1555(unsigned16(&raw[2 * n]));
    case ARGB4444:
        return from_argb4444(unsigned16(&raw[2 * n]));
    case L8:
        return clut[raw[n]];
    case AL44:
        return with_alpha(clut[raw[n] & 15], (raw[n] >> 4) * 17u);
    case AL88:
        return with_alpha(clut[raw[2 * n]], raw[2 * n + 1]);
    case L4:
        return clut[nibble(raw, n)];
    case A8:
        return with_alpha(colour, raw[n]);
    case A4:
        return with_alpha(colour, nibble(raw, n) * 17);
    default:
        return 0;
    }
}

static uint32_t clamp(int32_t value)
{
    return value < 0 ? 0 : value > 255 ? 255 : (uint32_t)value;
}

/* Full-range BT.601, as JPEG has it (19.3.4, "YCbCr"), in 16.16 fixed point. */
static uint32_t from_ycbcr(int32_t y, int32_t cb, int32_t cr)
{
    cb -= 128;
    cr -= 128;
    return argb(255, clamp(y + ((91881 * cr + 32768) >> 16)),
                clamp(y - ((22554 * cb + 46802 * cr + 32768) >> 16)),
                clamp(y + ((116130 * cb + 32768) >> 16)));
}

/* PFCCR.AM, AI and RBS on a line. */
static void modify_line(uint32_t pfccr, uint32_t *line, unsigned count)
{
    uint32_t fixed = pfccr >> 24, am = pfccr >> 16 & 3;
    if (!am && !(pfccr & (PFCCR_AI | PFCCR_RBS)))
        return;
    for (unsigned n = 0; n < count; n++) {
        uint32_t p = line[n], alpha = am == 1 ? fixed : p >> 24;
        if (pfccr & PFCCR_AI)
            alpha = 255 - alpha;
        if (am == 2)
            alpha = alpha * fixed / 255;
        if (pfccr & PFCCR_RBS)
            p = (p & 0x00ff00) | (p >> 16 & 0xff) | (p & 0xff) << 16;
        line[n] = with_alpha(p, alpha);
    }
}

/* Fetching. */

static uint32_t line_bytes(enum format format, unsigned pixels)
{
    return (bits_per_pixel[format] * pixels + 7) / 8;
}

/* Where a line of a picture begins. */
static uint32_t line_address(const struct dma2d *d, uint32_t base, uint32_t offset,
                             enum format format)
{
    uint32_t pixels = pixels_per_line(d);
    uint32_t pitch = REG(&d->block, CR) & CR_LOM ? line_bytes(format, pixels) + offset
                                                 : line_bytes(format, pixels + offset);
    return base + d->line * pitch;
}

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
    unsigned units = (count + REG(&d->block, FGOR) + width - 1) / width;
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
    for (unsigned n = 0; n < count; n++)
        line[n] = from_ycbcr(from->y[n], from->cb[n], from->cr[n]);
    return true;
}

static bool fetch_line(struct dma2d *d, const struct layer *layer, uint32_t *line)
{
    enum format format = format_of(d, layer);
    unsigned count = pixels_per_line(d);
    uint32_t colour = REG(&d->block, layer->colr);
    const uint32_t *clut = &REG(&d->block, layer->clut);
    uint32_t address =
        line_address(d, REG(&d->block, layer->mar), REG(&d->block, layer->offset), format);
    if (format == YCBCR) {
        if (!fetch_ycbcr(d, line))
            return false;
    } else {
        if (!fetch_raw(d, address, line_bytes(format, count)))
            return false;
        for (unsigned n = 0; n < count; n++)
            line[n] = decode_pixel(format, d->raw, n, clut, colour);
    }
    modify_line(REG(&d->block, layer->pfccr), line, count);
    return true;
}

static void fixed_line(struct dma2d *d, const struct layer *layer, uint32_t *line)
{
    uint32_t pixel = REG(&d->block, layer->colr) | (REG(&d->block, layer->pfccr) >> 24) << 24;
    for (unsigned n = 0; n < pixels_per_line(d); n++)
        line[n] = pixel;
}

/* 19.3.5: divisions are rounded down. */
static uint32_t blend(uint32_t fg, uint32_t bg)
{
    uint32_t fa = fg >> 24, ba = bg >> 24, both = fa * ba / 255, alpha = fa + ba - both;
    uint32_t out = alpha << 24;
    if (!alpha)
        return 0;
    for (unsigned shift = 0; shift < 24; shift += 8) {
        uint32_t f = fg >> shift & 255, b = bg >> shift & 255;
        uint32_t value = (f * fa + b * ba - b * both) / alpha;
        out |= (value > 255 ? 255 : value) << shift;
    }
    return out;
}

/* Output. */

static uint32_t encode_pixel(enum format format, uint32_t p)
{
    uint32_t a = p >> 24, r = p >> 16 & 255, g = p >> 8 & 255, b = p & 255;
    switch (format) {
    case RGB565:
        return r >> 3 << 11 | g >> 2 << 5 | b >> 3;
    case ARGB1555:
        return a >> 7 << 15 | r >> 3 << 10 | g >> 3 << 5 | b >> 3;
    case ARGB4444:
        return a >> 4 << 12 | r >> 4 << 8 | g >> 4 << 4 | b >> 4;
    default:
        return p;
    }
}

static void encode_line(struct dma2d *d, const uint32_t *line)
{
    uint32_t opfccr = REG(&d->block, OPFCCR);
    enum format format = output_format(d);
    unsigned bytes = bits_per_pixel[format] / 8;
    for (unsigned n = 0; n < pixels_per_line(d); n++) {
        uint32_t p = line[n];
        if (opfccr & PFCCR_AI)
            p ^= 0xff000000;
        if (opfccr & PFCCR_RBS)
            p = (p & 0xff00ff00) | (p >> 16 & 0xff) | (p & 0xff) << 16;
        uint32_t value = encode_pixel(format, p);
        memcpy(&d->raw[n * bytes], &value, bytes);
    }
}

/* OCOLR is in the output's own format (19.5.15). */
static void colour_line(struct dma2d *d)
{
    unsigned bytes = bits_per_pixel[output_format(d)] / 8;
    for (unsigned n = 0; n < pixels_per_line(d); n++)
        memcpy(&d->raw[n * bytes], &REG(&d->block, OCOLR), bytes);
}

static void swap_bytes(uint8_t *raw, uint32_t length)
{
    for (uint32_t n = 0; n + 1 < length; n += 2) {
        uint8_t first = raw[n];
        raw[n] = raw[n + 1];
        raw[n + 1] = first;
    }
}

static bool store_raw(struct dma2d *d)
{
    struct sim *sim = block_sim(&d->block);
    enum format format = output_format(d);
    uint32_t length = line_bytes(format, pixels_per_line(d));
    uint32_t address = line_address(d, REG(&d->block, OMAR), REG(&d->block, OOR), format);
    if (REG(&d->block, OPFCCR) & OPFCCR_SB && mode_of(d) != M2M)
        swap_bytes(d->raw, length);
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
static bool make_line(struct dma2d *d)
{
    enum mode mode = mode_of(d);
    enum format format = format_of(d, &foreground);
    if (mode == R2M) {
        colour_line(d);
        return true;
    }
    if (mode == M2M)
        return fetch_raw(d, line_address(d, REG(&d->block, FGMAR), REG(&d->block, FGOR), format),
                         line_bytes(format, pixels_per_line(d)));
    if (mode == M2M_BLEND_FIXED_FG)
        fixed_line(d, &foreground, d->fg);
    else if (!fetch_line(d, &foreground, d->fg))
        return false;
    if (mode == M2M_BLEND_FIXED_BG)
        fixed_line(d, &background, d->bg);
    else if (mode != M2M_PFC && !fetch_line(d, &background, d->bg))
        return false;
    for (unsigned n = 0; mode != M2M_PFC && n < pixels_per_line(d); n++)
        d->fg[n] = blend(d->fg[n], d->bg[n]);
    encode_line(d, d->fg);
    return true;
}

/* The course of a transfer. */

/* What the memory there, and its other masters, make `length` bytes take beyond the bus' own pace. */
static sim_time memory_delay(struct dma2d *d, uint32_t address, uint32_t length)
{
    struct sim *sim = block_sim(&d->block);
    struct bus_region *region = bus_find(&sim->bus, MASTER_DMA2D, address);
    if (!region || !region->ram)
        return 0;
    unsigned bytes = length < BURST_BYTES ? length : BURST_BYTES;
    const struct traffic_bursts bursts = {
        .count = (length + BURST_BYTES - 1) / BURST_BYTES,
        .bytes = bytes,
        .own = sim_cycles_to_time(bytes / BUS_BYTES, block_bus_hz(&d->block)),
    };
    return traffic_take(sim, region->ram, MASTER_DMA2D, sim_now(sim), &bursts);
}

static sim_time memories_delay(struct dma2d *d)
{
    enum mode mode = mode_of(d);
    unsigned pixels = pixels_per_line(d);
    sim_time delay = memory_delay(d, REG(&d->block, OMAR), line_bytes(output_format(d), pixels));
    if (reads_foreground(mode))
        delay +=
            memory_delay(d, REG(&d->block, FGMAR), line_bytes(format_of(d, &foreground), pixels));
    if (reads_background(mode))
        delay +=
            memory_delay(d, REG(&d->block, BGMAR), line_bytes(format_of(d, &background), pixels));
    return delay;
}

static void schedule_line(struct dma2d *d)
{
    enum mode mode = mode_of(d);
    unsigned pixels = pixels_per_line(d);
    uint32_t bytes = line_bytes(output_format(d), pixels);
    if (reads_foreground(mode))
        bytes += line_bytes(format_of(d, &foreground), pixels);
    if (reads_background(mode))
        bytes += line_bytes(format_of(d, &background), pixels);
    uint32_t cycles = LINE_CYCLES + bytes / BUS_BYTES + (mode == R2M || mode == M2M ? 0 : pixels);
    if (REG(&d->block, AMTCR) & 1)
        cycles += bytes / BUS_BYTES * (REG(&d->block, AMTCR) >> 8 & 255);
    sim_time time = sim_cycles_to_time(cycles, block_bus_hz(&d->block));
    if (time != SIM_NEVER)
        event_in(&block_sim(&d->block)->events, &d->line_event, time + memories_delay(d));
}

static void line_over(void *ctx)
{
    struct dma2d *d = ctx;
    if (!make_line(d) || !store_raw(d)) {
        stop(d, ISR_TEIF);
        return;
    }
    /* Lines count from 1 in LWR; 0 never matches (19.5.19). */
    d->line++;
    uint32_t flags = d->line == REG(&d->block, LWR) ? ISR_TWIF : 0;
    if (d->line == lines(d)) {
        stop(d, flags | ISR_TCIF);
        return;
    }
    if (flags)
        raise_flags(d, flags);
    if (!(REG(&d->block, CR) & CR_SUSP))
        schedule_line(d);
}

/* 19.3.12: what keeps a transfer from starting. */

static bool aligned(uint32_t address, enum format format)
{
    unsigned bits = bits_per_pixel[format];
    return address % (bits == 32 ? 4 : bits == 16 ? 2 : 1) == 0;
}

static bool layer_valid(const struct dma2d *d, const struct layer *layer)
{
    enum format format = format_of(d, layer);
    if (format >= INPUT_FORMATS || (format == YCBCR && layer == &background))
        return false;
    bool odd = (pixels_per_line(d) | REG(&d->block, layer->offset)) & 1;
    return aligned(REG(&d->block, layer->mar), format) && !(bits_per_pixel[format] == 4 && odd);
}

static bool configuration_valid(const struct dma2d *d)
{
    enum mode mode = mode_of(d);
    if (mode >= MODES || !pixels_per_line(d) || !lines(d))
        return false;
    if ((reads_foreground(mode) && !layer_valid(d, &foreground)) ||
        (reads_background(mode) && !layer_valid(d, &background)))
        return false;
    enum format format = output_format(d);
    if (mode != M2M && format >= OUTPUT_FORMATS)
        return false;
    bool swap_odd = mode != M2M && REG(&d->block, OPFCCR) & OPFCCR_SB &&
                    ((pixels_per_line(d) | REG(&d->block, OMAR)) & 1);
    return aligned(REG(&d->block, OMAR), format) && !swap_odd;
}

static void start(struct dma2d *d)
{
    if (!configuration_valid(d)) {
        stop(d, ISR_CEIF);
        return;
    }
    d->line = 0;
    d->traced = true;
    sim_trace_begin(block_sim(&d->block), "DMA2D", 0, "transfer", REG(&d->block, OMAR),
                    pixels_per_line(d) * lines(d) * bits_per_pixel[output_format(d)] / 8);
    schedule_line(d);
}

/* The colour tables. */

static bool load_clut(struct dma2d *d, const struct layer *layer)
{
    uint32_t pfccr = REG(&d->block, layer->pfccr);
    unsigned count = (pfccr >> 8 & 255) + 1, bytes = pfccr & PFCCR_CCM ? 3 : 4;
    uint8_t raw[CLUT_ENTRIES * 4];
    if (bus_copy_out(&block_sim(&d->block)->bus, MASTER_DMA2D, REG(&d->block, layer->cmar), raw,
                     count * bytes) != BUS_OK)
        return false;
    for (unsigned n = 0; n < count; n++)
        REG(&d->block, layer->clut + 4 * n) =
            decode_pixel(bytes == 3 ? RGB888 : ARGB8888, raw, n, NULL, 0);
    return true;
}

static void clut_over(struct dma2d *d, const struct layer *layer)
{
    bool loaded = load_clut(d, layer);
    REG(&d->block, layer->pfccr) &= ~(uint32_t)PFCCR_START;
    raise_flags(d, loaded ? ISR_CTCIF : ISR_TEIF);
}

static void foreground_clut_over(void *ctx)
{
    clut_over(ctx, &foreground);
}

static void background_clut_over(void *ctx)
{
    clut_over(ctx, &background);
}

static void start_clut(struct dma2d *d, const struct layer *layer, struct event *event)
{
    uint32_t pfccr = REG(&d->block, layer->pfccr);
    bool words = !(pfccr & PFCCR_CCM);
    if (words && REG(&d->block, layer->cmar) % 4) {
        REG(&d->block, layer->pfccr) &= ~(uint32_t)PFCCR_START;
        raise_flags(d, ISR_CEIF);
        return;
    }
    sim_time time =
        sim_cycles_to_time(LINE_CYCLES + (pfccr >> 8 & 255) + 1, block_bus_hz(&d->block));
    if (time != SIM_NEVER)
        event_in(&block_sim(&d->block)->events, event, time);
}

static void write_pfccr(struct dma2d *d, unsigned n, uint32_t value,
                        const struct block_access *access)
{
    const struct layer *layer = n ? &background : &foreground;
    uint32_t before = REG(&d->block, layer->pfccr);
    if (before & PFCCR_START)
        return;
    block_store(&d->block, layer->pfccr, value, access);
    if (REG(&d->block, layer->pfccr) & PFCCR_START)
        start_clut(d, layer, &d->clut_event[n]);
}

/* Registers. */

static void abort_all(struct dma2d *d)
{
    struct event_queue *events = &block_sim(&d->block)->events;
    event_cancel(events, &d->clut_event[0]);
    event_cancel(events, &d->clut_event[1]);
    REG(&d->block, FGPFCCR) &= ~(uint32_t)PFCCR_START;
    REG(&d->block, BGPFCCR) &= ~(uint32_t)PFCCR_START;
    stop(d, 0);
}

static void write_cr(struct dma2d *d, uint32_t value)
{
    uint32_t before = REG(&d->block, CR);
    bool running = before & CR_START;
    uint32_t mask = running ? (uint32_t)(CR_SUSP | CR_ENABLES) : (uint32_t)CR_WRITABLE;
    REG(&d->block, CR) = (before & ~mask) | (value & mask);
    if (value & CR_ABORT)
        abort_all(d);
    else if (!running && value & CR_START)
        start(d);
    else if (running && before & CR_SUSP && !(value & CR_SUSP))
        schedule_line(d);
    update_irq(d);
}

/* The tables are not the CPU's while they are being loaded (19.3.8): ISR.CAEIF. */
static bool clut_refused(struct dma2d *d, uint32_t offset)
{
    if (offset < FGCLUT || !event_pending(&d->clut_event[offset >= BGCLUT]))
        return false;
    raise_flags(d, ISR_CAEIF);
    return true;
}

static uint32_t dma2d_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct dma2d *d = (struct dma2d *)block;
    (void)access;
    return clut_refused(d, offset) ? 0 : REG(block, offset);
}

static void dma2d_write(struct block *block, uint32_t offset, uint32_t value,
                        const struct block_access *access)
{
    struct dma2d *d = (struct dma2d *)block;
    if (clut_refused(d, offset))
        return;
    switch (offset) {
    case CR:
        write_cr(d, block_merge(block, offset, value, access));
        return;
    case IFCR:
        REG(block, ISR) &= ~(value & ISR_FLAGS);
        update_irq(d);
        return;
    case LWR:
    case AMTCR:
        block_store(block, offset, value, access);
        return;
    }
    if (REG(block, CR) & CR_START)
        return;
    if (offset == FGPFCCR || offset == BGPFCCR)
        write_pfccr(d, offset == BGPFCCR, value, access);
    else
        block_store(block, offset, value, access);
}

static void dma2d_init(struct block *block)
{
    struct dma2d *d = (struct dma2d *)block;
    event_init(&d->line_event, "DMA2D line", line_over, d);
    event_init(&d->clut_event[0], "DMA2D foreground CLUT", foreground_clut_over, d);
    event_init(&d->clut_event[1], "DMA2D background CLUT", background_clut_over, d);
}

static void dma2d_reset(struct block *block)
{
    abort_all((struct dma2d *)block);
}

const struct block_class dma2d_class = {
    .name = "DMA2D",
    .regs = dma2d_regs,
    .reg_count = sizeof dma2d_regs / sizeof dma2d_regs[0],
    .size = sizeof(struct dma2d),
    .init = dma2d_init,
    .reset = dma2d_reset,
    .read = dma2d_read,
    .write = dma2d_write,
};
