/*
 * DMA2D, the Chrom-ART accelerator (RM0399 chapter 19): fills, copies, converts and blends
 * rectangles of pixels, a line at a time. A line is worked on for as long as its pixels take, and its
 * bytes in the memories that they come from and go to, and stands in memory at the end of that time.
 */
#include "sim/soc/block.h"
#include "sim/soc/classes.h"
#include "sim/soc/dma2d_pixels.h"

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

static enum dma2d_format format_of(const struct dma2d *d, const struct layer *layer)
{
    return (enum dma2d_format)(REG(&d->block, layer->pfccr) & 15);
}

static enum dma2d_format output_format(const struct dma2d *d)
{
    return mode_of(d) == M2M ? format_of(d, &foreground)
                             : (enum dma2d_format)(REG(&d->block, OPFCCR) & 7);
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
    REG(&d->block, CR) &= ~(uint32_t)CR_COURSE;
    raise_flags(d, flags);
}

/* Fetching. */

static uint32_t line_bytes(enum dma2d_format format, unsigned pixels)
{
    return (dma2d_bits_per_pixel(format) * pixels + 7) / 8;
}

static bool offsets_are_pixels(const struct dma2d *d)
{
    return !(REG(&d->block, CR) & CR_LOM);
}

/* FGOR, BGOR and OOR: of 16 bits in bytes, of 14 in pixels (19.5.5). */
static uint32_t line_offset(const struct dma2d *d, uint32_t reg)
{
    return REG(&d->block, reg) & (offsets_are_pixels(d) ? 0x3fff : 0xffff);
}

/* Where a line of a picture begins. */
static uint32_t line_address(const struct dma2d *d, uint32_t base, uint32_t reg,
                             enum dma2d_format format)
{
    uint32_t pixels = pixels_per_line(d), offset = line_offset(d, reg);
    uint32_t pitch = offsets_are_pixels(d) ? line_bytes(format, pixels + offset)
                                           : line_bytes(format, pixels) + offset;
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

static bool store_raw(struct dma2d *d)
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
static bool make_line(struct dma2d *d)
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
    /* Lines count from 1 in LWR; 0 never matches (19.5.22). */
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

/* 19.3.13, "configuration error detection": what keeps a transfer from starting. */

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

static bool configuration_valid(const struct dma2d *d)
{
    enum mode mode = mode_of(d);
    if (mode >= MODES || !pixels_per_line(d) || !lines(d))
        return false;
    if ((reads_foreground(mode) && !layer_valid(d, &foreground)) ||
        (reads_background(mode) && !layer_valid(d, &background)))
        return false;
    return mode == M2M || output_valid(d);
}

static bool loads_clut(const struct dma2d *d)
{
    return event_pending(&d->clut_event[0]) || event_pending(&d->clut_event[1]);
}

static void start(struct dma2d *d)
{
    if (loads_clut(d) || !configuration_valid(d)) {
        stop(d, loads_clut(d) ? 0 : ISR_CEIF);
        return;
    }
    d->line = 0;
    d->traced = true;
    sim_trace_begin(block_sim(&d->block), "DMA2D", 0, "transfer", REG(&d->block, OMAR),
                    pixels_per_line(d) * lines(d) * dma2d_bits_per_pixel(output_format(d)) / 8);
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
    dma2d_decode(bytes == 3 ? DMA2D_RGB888 : DMA2D_ARGB8888, raw, count, NULL, 0,
                 &REG(&d->block, layer->clut));
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

/* The foreground's table is where YCbCr has its chroma. */
static bool clut_valid(const struct dma2d *d, const struct layer *layer)
{
    bool words = !(REG(&d->block, layer->pfccr) & PFCCR_CCM);
    return !(words && REG(&d->block, layer->cmar) % 4) && format_of(d, layer) != DMA2D_YCBCR;
}

/* One at a time (19.5.8, START): while the other table loads, nothing begins. */
static void start_clut(struct dma2d *d, const struct layer *layer, struct event *event)
{
    uint32_t pfccr = REG(&d->block, layer->pfccr);
    if (loads_clut(d) || !clut_valid(d, layer)) {
        REG(&d->block, layer->pfccr) &= ~(uint32_t)PFCCR_START;
        raise_flags(d, loads_clut(d) ? 0 : ISR_CEIF);
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
    if (!(REG(&d->block, CR) & CR_START))
        REG(&d->block, CR) &= ~(uint32_t)CR_COURSE;
    update_irq(d);
}

static bool clut_used(const struct dma2d *d, const struct layer *layer)
{
    enum mode mode = mode_of(d);
    enum dma2d_format format = format_of(d, layer);
    bool read = layer == &foreground ? reads_foreground(mode) : reads_background(mode);
    return REG(&d->block, CR) & CR_START && mode != M2M && read &&
           (format == DMA2D_YCBCR || (format >= DMA2D_L8 && format <= DMA2D_L4));
}

/* The tables are not the CPU's while they are loaded or used (19.3.13, 19.3.17): ISR.CAEIF. */
static bool clut_refused(struct dma2d *d, uint32_t offset)
{
    unsigned n = offset >= BGCLUT;
    if (offset < FGCLUT ||
        !(event_pending(&d->clut_event[n]) || clut_used(d, n ? &background : &foreground)))
        return false;
    raise_flags(d, ISR_CAEIF);
    return true;
}

/* BGCMAR and what follows is read-only while a table is loaded too (19.5.13 to 19.5.22). */
static bool locked(const struct dma2d *d, uint32_t offset)
{
    if (REG(&d->block, CR) & CR_START)
        return offset < FGCLUT;
    return offset >= BGCMAR && offset <= LWR && loads_clut(d);
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
    case AMTCR:
        block_store(block, offset, value, access);
        return;
    }
    if (locked(d, offset))
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
