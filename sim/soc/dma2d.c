/*
 * DMA2D, the Chrom-ART accelerator (RM0399 chapter 19): fills, copies, converts and blends
 * rectangles of pixels, a line at a time. A line is worked on for as long as its pixels take, and its
 * bytes in the memories that they come from and go to, and stands in memory at the end of that time.
 */
#include "sim/soc/dma2d.h"
#include "sim/soc/classes.h"

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
    if (!dma2d_make_line(d) || !dma2d_store_line(d)) {
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

static bool loads_clut(const struct dma2d *d)
{
    return event_pending(&d->clut_event[0]) || event_pending(&d->clut_event[1]);
}

static void start(struct dma2d *d)
{
    if (loads_clut(d) || !dma2d_configuration_valid(d)) {
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
