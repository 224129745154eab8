/*
 * LCD-TFT display controller: RM0399 chapter 33. Timings and scan by the pixel clock, two layers
 * with shadow registers, interrupts. The pixels of a line are fetched and blended when the line is
 * scanned, in bands of a few lines, and only if something that they are made of has changed; so a
 * buffer that changes during the scan tears as on the glass. Dithering (GCR.DEN) is not modelled.
 *
 * Bandwidth: the fetches keep the layers' memories busy, evenly over the lines of each window. Where a
 * line's take longer than the line, because other masters are at the same memory, the FIFO underruns:
 * ISR.FUIF tells, the picture stays whole.
 */
#include "sim/soc/ltdc.h"

#include <stdlib.h>
#include <string.h>

#include "sim/soc/block.h"
#include "sim/soc/classes.h"
#include "sim/soc/ltdc_blend.h"

enum {
    SSCR = 0x08,
    BPCR = 0x0c,
    AWCR = 0x10,
    TWCR = 0x14,
    GCR = 0x18,
    SRCR = 0x24,
    BCCR = 0x2c,
    IER = 0x34,
    ISR = 0x38,
    ICR = 0x3c,
    LIPCR = 0x40,
    CPSR = 0x44,
    CDSR = 0x48,
    L1CR = 0x84,
    L2CR = 0x104,
    /* from a layer's first register */
    CR = 0x00,
    WHPCR = 0x04,
    WVPCR = 0x08,
    CKCR = 0x0c,
    PFCR = 0x10,
    CACR = 0x14,
    DCCR = 0x18,
    BFCR = 0x1c,
    CFBAR = 0x28,
    CFBLR = 0x2c,
    CFBLNR = 0x30,
    CLUTWR = 0x40,
    LAYER_STRIDE = 0x80,
};

enum { GCR_LTDCEN = 1 };
enum { SRCR_IMR = 1, SRCR_VBR = 2 };
enum { FLAG_LINE = 1, FLAG_UNDERRUN = 2, FLAG_ERROR = 4, FLAG_RELOAD = 8 };
enum { CDSR_VDES = 1, CDSR_HDES = 2, CDSR_VSYNCS = 4, CDSR_HSYNCS = 8 };
enum { LxCR_LEN = 1, LxCR_COLKEN = 2, LxCR_CLUTEN = 16 };

/* LxCACR: the manual has FF, the register description 0; the manual is right (33.7.19). */
#define LAYER_REGS(base, prefix)                                                                   \
    {(base) + CR, prefix "CR", 0, 0x00000013, 0, 0},                                               \
        {(base) + WHPCR, prefix "WHPCR", 0, 0x0fff0fff, 0, 0},                                     \
        {(base) + WVPCR, prefix "WVPCR", 0, 0x07ff07ff, 0, 0},                                     \
        {(base) + CKCR, prefix "CKCR", 0, 0x00ffffff, 0, 0},                                       \
        {(base) + PFCR, prefix "PFCR", 0, 0x00000007, 0, 0},                                       \
        {(base) + CACR, prefix "CACR", 0x000000ff, 0x000000ff, 0, 0},                              \
        {(base) + DCCR, prefix "DCCR", 0, 0xffffffff, 0, 0},                                       \
        {(base) + BFCR, prefix "BFCR", 0x00000607, 0x00000707, 0, 0},                              \
        {(base) + CFBAR, prefix "CFBAR", 0, 0xffffffff, 0, 0},                                     \
        {(base) + CFBLR, prefix "CFBLR", 0, 0x1fff1fff, 0, 0},                                     \
        {(base) + CFBLNR, prefix "CFBLNR", 0, 0x000007ff, 0, 0},                                   \
    {                                                                                              \
        (base) + CLUTWR, prefix "CLUTWR", 0, 0, 0, 0                                               \
    }

static const struct reg ltdc_regs[] = {
    {SSCR, "SSCR", 0, 0x0fff07ff, 0, 0},
    {BPCR, "BPCR", 0, 0x0fff07ff, 0, 0},
    {AWCR, "AWCR", 0, 0x0fff07ff, 0, 0},
    {TWCR, "TWCR", 0, 0x0fff07ff, 0, 0},
    {GCR, "GCR", 0x00002220, 0xf0010001, 0, 0},
    {SRCR, "SRCR", 0, 0x00000003, 0, 0},
    {BCCR, "BCCR", 0, 0x00ffffff, 0, 0},
    {IER, "IER", 0, 0x0000000f, 0, 0},
    {ISR, "ISR", 0, 0, 0, 0},
    {ICR, "ICR", 0, 0, 0, 0},
    {LIPCR, "LIPCR", 0, 0x000007ff, 0, 0},
    {CPSR, "CPSR", 0, 0, 0, 0},
    {CDSR, "CDSR", 0x0000000f, 0, 0, 0},
    LAYER_REGS(L1CR, "L1"),
    LAYER_REGS(L2CR, "L2"),
};

enum { BAND = 8, LAYER_WORDS = CLUTWR / 4, BURST_BYTES = 64 };

/* What the lines of a layer were made of when they were scanned last. */
struct fetched {
    uint8_t *bytes;
    size_t size;
    unsigned pitch;
};

struct ltdc {
    struct block block;
    struct ltdc_sink sink;
    struct event scan;
    uint32_t shadow[2][LAYER_WORDS]; /* written and not yet loaded; REG() has the active values */
    struct ltdc_layer layer[2];
    struct fetched fetched[2];
    struct ram *source[2]; /* of the layers' pixels, while their fetches are planned; or NULL */
    struct bus_job job;    /* for reports: the layer that is read */
    bool held, scanning;
    bool once; /* one frame is to be scanned although it is held */
    sim_time frame_start;
    uint64_t pixel_hz;
    unsigned line;       /* scan: everything before it is done */
    unsigned made;       /* lines of the active area that are passed on */
    unsigned generation; /* of registers that the picture depends on; never 0 */
    unsigned *line_generation;
    uint32_t *band; /* BAND rows */
    unsigned width, height;
};

/* ---- Timings: 33.4.1; all registers are accumulated and minus 1 ---- */

static unsigned across(const struct ltdc *ltdc, uint32_t reg)
{
    return REG(&ltdc->block, reg) >> 16 & 0xfff;
}

static unsigned down(const struct ltdc *ltdc, uint32_t reg)
{
    return REG(&ltdc->block, reg) & 0x7ff;
}

static unsigned first_line(const struct ltdc *ltdc)
{
    return down(ltdc, BPCR) + 1;
}

static unsigned total_lines(const struct ltdc *ltdc)
{
    return down(ltdc, TWCR) + 1;
}

/* First line of the vertical blanking after the active area. */
static unsigned blank_line(const struct ltdc *ltdc)
{
    unsigned line = first_line(ltdc) + ltdc->height;
    return line < total_lines(ltdc) ? line : total_lines(ltdc);
}

static sim_time line_time(const struct ltdc *ltdc, unsigned line)
{
    uint64_t pixels = (uint64_t)line * (across(ltdc, TWCR) + 1);
    return ltdc->frame_start + sim_cycles_to_time(pixels, ltdc->pixel_hz);
}

/* ---- Interrupts ---- */

static void update_irq(struct ltdc *ltdc)
{
    uint32_t active = REG(&ltdc->block, ISR) & REG(&ltdc->block, IER);
    block_irq(&ltdc->block, 0, active & (FLAG_LINE | FLAG_RELOAD));
    block_irq(&ltdc->block, 1, active & (FLAG_UNDERRUN | FLAG_ERROR));
    block_mdma(&ltdc->block, 0, REG(&ltdc->block, ISR) & FLAG_LINE);
}

static void raise_flag(struct ltdc *ltdc, uint32_t flag)
{
    REG(&ltdc->block, ISR) |= flag;
    update_irq(ltdc);
}

/* ---- Layers ---- */

static uint32_t active(const struct ltdc *ltdc, unsigned n, uint32_t reg)
{
    return REG(&ltdc->block, L1CR + n * LAYER_STRIDE + reg);
}

/* A window edge, relative to the active area that begins at `origin`. */
static unsigned relative(uint32_t position, unsigned origin)
{
    return position > origin ? position - origin : 0;
}

static void decode_layer(struct ltdc *ltdc, unsigned n)
{
    struct ltdc_layer *l = &ltdc->layer[n];
    uint32_t cr = active(ltdc, n, CR), h = active(ltdc, n, WHPCR), v = active(ltdc, n, WVPCR);
    uint32_t blend = active(ltdc, n, BFCR), length = active(ltdc, n, CFBLR);
    unsigned left = across(ltdc, BPCR) + 1, top = down(ltdc, BPCR) + 1;
    l->enabled = cr & LxCR_LEN;
    l->keyed = cr & LxCR_COLKEN;
    l->uses_clut = cr & LxCR_CLUTEN;
    l->x0 = relative(h & 0xfff, left);
    l->x1 = relative((h >> 16) + 1, left);
    l->y0 = relative(v & 0x7ff, top);
    l->y1 = relative((v >> 16) + 1, top);
    l->format = (enum ltdc_format)(active(ltdc, n, PFCR) & 7);
    l->alpha = (uint8_t)active(ltdc, n, CACR);
    l->pixel_alpha[0] = (blend >> 8 & 7) == 6;
    l->pixel_alpha[1] = (blend & 7) == 7;
    l->default_colour = active(ltdc, n, DCCR);
    l->key = active(ltdc, n, CKCR);
    l->base = active(ltdc, n, CFBAR);
    l->pitch = length >> 16;
    /* CFBLL is the length plus 7 (33.7.23), plus 3 in older drivers, which works as well: memory
     * is read in words of 8 bytes. */
    l->length = (length & 0x1fff) > 3 ? (length & 0x1fff) - 3 : 0;
    l->lines = active(ltdc, n, CFBLNR);
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

static void configuration_changed(struct ltdc *ltdc)
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
    configuration_changed((struct ltdc *)block);
}

/* ---- Making lines ---- */

/* Bytes of a layer's line in its frame buffer; 0: the line shows no pixels of it. */
static unsigned line_bytes(const struct ltdc *ltdc, unsigned n, unsigned y)
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
    unsigned length = line_bytes(ltdc, n, y);
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
            raise_flag(ltdc, FLAG_ERROR);
        return true;
    }
    if (!memcmp(copy, memory, length))
        return false;
    memcpy(copy, memory, length);
    return true;
}

/* ---- Bandwidth ---- */

static unsigned bursts_of_line(const struct ltdc *ltdc, unsigned n, unsigned y)
{
    return (line_bytes(ltdc, n, y) + BURST_BYTES - 1) / BURST_BYTES;
}

static struct ram *source_of(const struct ltdc *ltdc, unsigned n)
{
    struct bus *bus = &block_sim(&ltdc->block)->bus;
    struct bus_region *region = bus_find(bus, MASTER_LTDC, ltdc->layer[n].base);
    return region ? region->ram : NULL;
}

static void forget_plan(struct ltdc *ltdc, unsigned n)
{
    static const struct traffic_plan nothing = {0, 0, 0};
    if (ltdc->source[n])
        traffic_plan(block_sim(&ltdc->block), ltdc->source[n], MASTER_LTDC, n, &nothing, 0);
    ltdc->source[n] = NULL;
}

/* Tells the memory of a layer what will be fetched of it in this frame. */
static void plan_layer(struct ltdc *ltdc, unsigned n)
{
    const struct ltdc_layer *l = &ltdc->layer[n];
    unsigned bursts = bursts_of_line(ltdc, n, l->y0), first = first_line(ltdc);
    struct ram *ram = bursts ? source_of(ltdc, n) : NULL;
    forget_plan(ltdc, n);
    if (!ram)
        return;
    unsigned end = l->y1 < ltdc->height ? l->y1 : ltdc->height;
    sim_time line = line_time(ltdc, 1) - ltdc->frame_start;
    sim_time burst = traffic_burst_time(ram, BURST_BYTES);
    sim_time share = bursts * burst * TRAFFIC_FULL / (line ? line : 1);
    const struct traffic_plan plan = {
        .from = line_time(ltdc, first + l->y0),
        .until = line_time(ltdc, first + end),
        .share = share < TRAFFIC_FULL ? (uint32_t)share : TRAFFIC_FULL,
    };
    ltdc->source[n] = ram;
    traffic_plan(block_sim(&ltdc->block), ram, MASTER_LTDC, n, &plan, burst);
}

static void plan_fetches(struct ltdc *ltdc)
{
    for (unsigned n = 0; n < 2; n++)
        plan_layer(ltdc, n);
}

static void forget_plans(struct ltdc *ltdc)
{
    forget_plan(ltdc, 0);
    forget_plan(ltdc, 1);
}

/* 33.7.9, FUIF: the layers' fetches of a line, other masters in their way, take longer than it. */
static void look_for_underrun(struct ltdc *ltdc, unsigned y)
{
    sim_time line = line_time(ltdc, 1) - ltdc->frame_start, taken = 0;
    for (unsigned n = 0; n < 2; n++) {
        const struct ram *ram = ltdc->source[n];
        if (!ram)
            continue;
        sim_time burst = traffic_burst_time(ram, BURST_BYTES);
        sim_time wait = traffic_wait(ram, MASTER_LTDC, sim_now(block_sim(&ltdc->block)), burst);
        taken += bursts_of_line(ltdc, n, y) * (burst + wait);
    }
    if (taken <= line)
        return;
    sim_trace_mark(block_sim(&ltdc->block), "LTDC", 0, "FIFO underrun");
    raise_flag(ltdc, FLAG_UNDERRUN);
}

/* 33.4.2, "color frame buffer length": the window is larger than what CFBLL and CFBLNR have fetched. */
static bool runs_short(const struct ltdc *ltdc, unsigned n)
{
    const struct ltdc_layer *l = &ltdc->layer[n];
    unsigned end = l->y1 < ltdc->height ? l->y1 : ltdc->height;
    return l->enabled && end > l->y0 && l->x1 > l->x0 &&
           (ltdc->fetched[n].pitch > l->length || end - l->y0 > l->lines);
}

/* ---- Making the picture ---- */

static void make_line(struct ltdc *ltdc, unsigned y, uint32_t *row)
{
    uint32_t background = 0xff000000 | REG(&ltdc->block, BCCR);
    for (unsigned x = 0; x < ltdc->width; x++)
        row[x] = background;
    for (unsigned n = 0; n < 2; n++) {
        const struct ltdc_layer *l = &ltdc->layer[n];
        unsigned pixels = line_bytes(ltdc, n, y) / ltdc_pixel_bytes(l->format);
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

/* Lines of the active area up to `end`, which have been scanned by now. */
static void make_lines(struct ltdc *ltdc, unsigned end)
{
    unsigned waiting = 0;
    if (end > ltdc->height)
        end = ltdc->height;
    for (; ltdc->made < end; ltdc->made++) {
        bool stale = line_is_stale(ltdc, ltdc->made);
        if (!stale || waiting == BAND) {
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

/* Lines that were scanned before something changes show it as it was. */
static void make_scanned_lines(struct ltdc *ltdc)
{
    if (!ltdc->scanning)
        return;
    sim_time passed = sim_now(block_sim(&ltdc->block)) - ltdc->frame_start;
    uint64_t pixels = (uint64_t)((unsigned __int128)passed * ltdc->pixel_hz / SIM_S);
    uint64_t line = pixels / (across(ltdc, TWCR) + 1);
    if (line > first_line(ltdc))
        make_lines(ltdc, (unsigned)(line - first_line(ltdc)));
}

/* ---- Shadow registers: 33.4.1 ---- */

static void reload(struct ltdc *ltdc)
{
    make_scanned_lines(ltdc);
    sim_trace_mark(block_sim(&ltdc->block), "LTDC", 0, "reload");
    for (unsigned n = 0; n < 2; n++)
        for (uint32_t reg = 0; reg < CLUTWR; reg += 4)
            REG(&ltdc->block, L1CR + n * LAYER_STRIDE + reg) = ltdc->shadow[n][reg / 4];
    configuration_changed(ltdc);
    if (ltdc->scanning)
        plan_fetches(ltdc);
}

/* ---- The scan ---- */

static void schedule(struct ltdc *ltdc)
{
    unsigned next = total_lines(ltdc), here = ltdc->line;
    unsigned first = first_line(ltdc), blank = blank_line(ltdc), lipos = down(ltdc, LIPCR);
    if (here < blank)
        next = here < first ? first + BAND : here + BAND;
    if (here < blank && next > blank)
        next = blank;
    if (lipos > here && lipos < next)
        next = lipos;
    event_at(&block_sim(&ltdc->block)->events, &ltdc->scan, line_time(ltdc, next));
    ltdc->line = next;
}

static bool fit_active_area(struct ltdc *ltdc)
{
    unsigned left = across(ltdc, BPCR), right = across(ltdc, AWCR);
    unsigned top = down(ltdc, BPCR), bottom = down(ltdc, AWCR);
    ltdc->width = right > left ? right - left : 0;
    ltdc->height = bottom > top ? bottom - top : 0;
    free(ltdc->band);
    free(ltdc->line_generation);
    ltdc->band = calloc((size_t)BAND * ltdc->width + 1, sizeof *ltdc->band);
    ltdc->line_generation = calloc(ltdc->height + 1u, sizeof *ltdc->line_generation);
    return ltdc->band && ltdc->line_generation;
}

static void start_frame(struct ltdc *ltdc, sim_time when)
{
    ltdc->frame_start = when;
    ltdc->line = 0;
    ltdc->made = 0;
    ltdc->scanning = true;
    ltdc->once = false;
    plan_fetches(ltdc);
    if (down(ltdc, LIPCR) == 0)
        raise_flag(ltdc, FLAG_LINE);
    schedule(ltdc);
}

static void stop_scan(struct ltdc *ltdc)
{
    make_scanned_lines(ltdc);
    event_cancel(&block_sim(&ltdc->block)->events, &ltdc->scan);
    ltdc->scanning = false;
    forget_plans(ltdc);
}

static void start_scan(struct ltdc *ltdc)
{
    struct block *block = &ltdc->block;
    if (ltdc->held && ltdc->scanning) /* the frame that is cut short comes again */
        ltdc->once = true;
    stop_scan(ltdc);
    ltdc->pixel_hz = block_kernel_hz(block);
    if (!(REG(block, GCR) & GCR_LTDCEN) || (ltdc->held && !ltdc->once))
        return;
    if (!ltdc->pixel_hz) {
        block_complain(block, COMPLAINT_GUEST, GCR,
                       "LTDC is on but its pixel clock pll3_r_ck does not run: start PLL3");
        return;
    }
    if (!fit_active_area(ltdc))
        abort(); /* out of host memory */
    configuration_changed(ltdc);
    start_frame(ltdc, sim_now(block_sim(block)));
}

/* The vertical blanking begins (33.7.6, VBR). */
static void begin_blank(struct ltdc *ltdc)
{
    make_lines(ltdc, ltdc->height);
    if (runs_short(ltdc, 0) || runs_short(ltdc, 1))
        raise_flag(ltdc, FLAG_UNDERRUN);
    if (ltdc->sink.frame)
        ltdc->sink.frame(ltdc->sink.ctx);
    if (!(REG(&ltdc->block, SRCR) & SRCR_VBR))
        return;
    REG(&ltdc->block, SRCR) &= ~(uint32_t)SRCR_VBR;
    reload(ltdc);
    raise_flag(ltdc, FLAG_RELOAD);
}

static void scan_due(void *ctx)
{
    struct ltdc *ltdc = ctx;
    unsigned line = ltdc->line;
    if (line >= total_lines(ltdc)) {
        if (blank_line(ltdc) == line)
            begin_blank(ltdc);
        ltdc->scanning = false;
        if (!ltdc->held || ltdc->once)
            start_frame(ltdc, line_time(ltdc, line));
        return;
    }
    if (line > first_line(ltdc) && line < blank_line(ltdc)) {
        make_lines(ltdc, line - first_line(ltdc));
        look_for_underrun(ltdc, line - first_line(ltdc));
    }
    if (line == down(ltdc, LIPCR))
        raise_flag(ltdc, FLAG_LINE);
    if (line == blank_line(ltdc))
        begin_blank(ltdc);
    schedule(ltdc);
}

void ltdc_connect(struct block *block, const struct ltdc_sink *sink)
{
    ((struct ltdc *)block)->sink = *sink;
}

void ltdc_hold(struct block *block, bool held)
{
    struct ltdc *ltdc = (struct ltdc *)block;
    ltdc->held = held;
    if (!held && !ltdc->scanning)
        start_scan(ltdc);
}

void ltdc_scan_once(struct block *block)
{
    struct ltdc *ltdc = (struct ltdc *)block;
    ltdc->once = true;
    if (!ltdc->scanning)
        start_scan(ltdc);
}

bool ltdc_scanning(struct block *block)
{
    return ((struct ltdc *)block)->scanning;
}

/* ---- Registers ---- */

struct position {
    unsigned x, y;
};

static struct position position_now(const struct ltdc *ltdc)
{
    sim_time passed = sim_now(block_sim(&ltdc->block)) - ltdc->frame_start;
    uint64_t pixels = (uint64_t)((unsigned __int128)passed * ltdc->pixel_hz / SIM_S);
    unsigned per_line = across(ltdc, TWCR) + 1;
    return (struct position){(unsigned)(pixels % per_line),
                             (unsigned)(pixels / per_line % total_lines(ltdc))};
}

static uint32_t read_cdsr(const struct ltdc *ltdc, struct position at)
{
    uint32_t status = at.x <= across(ltdc, SSCR) ? CDSR_HSYNCS : 0;
    status |= at.y <= down(ltdc, SSCR) ? CDSR_VSYNCS : 0;
    status |= at.x > across(ltdc, BPCR) && at.x <= across(ltdc, AWCR) ? CDSR_HDES : 0;
    return status | (at.y > down(ltdc, BPCR) && at.y <= down(ltdc, AWCR) ? CDSR_VDES : 0);
}

static uint32_t ltdc_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    const struct ltdc *ltdc = (const struct ltdc *)block;
    (void)access;
    if (offset == CPSR && !ltdc->scanning)
        return REG(block, TWCR); /* it is held at the last pixel (33.4.1) */
    if ((offset != CPSR && offset != CDSR) || !ltdc->scanning)
        return REG(block, offset);
    struct position at = position_now(ltdc);
    return offset == CPSR ? (uint32_t)(at.x << 16 | at.y) : read_cdsr(ltdc, at);
}

/* Writes go to the shadow register; reads give the active value until it is loaded. */
static void write_layer(struct ltdc *ltdc, uint32_t offset, uint32_t value,
                        const struct block_access *access)
{
    unsigned n = offset >= L2CR ? 1 : 0;
    uint32_t reg = offset - L1CR - n * LAYER_STRIDE;
    if (reg == CLUTWR) {
        make_scanned_lines(ltdc);
        ltdc->layer[n].clut[value >> 24] = value & 0xffffff;
        configuration_changed(ltdc);
        return;
    }
    uint32_t mask = ltdc->block.reg_at[offset / 4]->writable & access->lanes;
    uint32_t *shadow = &ltdc->shadow[n][reg / 4];
    *shadow = (*shadow & ~mask) | (value & mask);
}

static void write_general(struct ltdc *ltdc, uint32_t offset, uint32_t value,
                          const struct block_access *access)
{
    struct block *block = &ltdc->block;
    uint32_t before = REG(block, offset);
    if (offset <= GCR || offset == BCCR)
        make_scanned_lines(ltdc);
    block_store(block, offset, value, access);
    uint32_t changed = before ^ REG(block, offset);
    if (offset == ICR)
        REG(block, ISR) &= ~value;
    else if (offset == BCCR)
        configuration_changed(ltdc);
    else if (offset == SRCR) /* VBR: only the reload takes it back (33.7.6) */
        REG(block, SRCR) |= before & SRCR_VBR;
    else if ((offset <= TWCR && changed) || (offset == GCR && changed & GCR_LTDCEN))
        start_scan(ltdc);
    else if (offset == LIPCR && changed && ltdc->scanning)
        ltdc->line = position_now(ltdc).y, schedule(ltdc);
    if (offset == SRCR && REG(block, SRCR) & SRCR_IMR) {
        REG(block, SRCR) &= ~(uint32_t)SRCR_IMR;
        reload(ltdc);
    }
    update_irq(ltdc);
}

static void ltdc_write(struct block *block, uint32_t offset, uint32_t value,
                       const struct block_access *access)
{
    struct ltdc *ltdc = (struct ltdc *)block;
    if (offset >= L1CR)
        write_layer(ltdc, offset, value, access);
    else
        write_general(ltdc, offset, value, access);
}

static void ltdc_clock_changed(struct block *block)
{
    struct ltdc *ltdc = (struct ltdc *)block;
    if (ltdc->pixel_hz != block_kernel_hz(block) && REG(block, GCR) & GCR_LTDCEN)
        start_scan(ltdc);
}

static void ltdc_reset(struct block *block)
{
    struct ltdc *ltdc = (struct ltdc *)block;
    event_cancel(&block_sim(block)->events, &ltdc->scan);
    ltdc->scanning = ltdc->held = ltdc->once = false;
    forget_plans(ltdc);
    for (unsigned n = 0; n < 2; n++) {
        memcpy(ltdc->shadow[n], &REG(block, L1CR + n * LAYER_STRIDE), sizeof ltdc->shadow[n]);
        memset(ltdc->layer[n].clut, 0, sizeof ltdc->layer[n].clut);
    }
    configuration_changed(ltdc);
    update_irq(ltdc);
}

static void ltdc_init(struct block *block)
{
    struct ltdc *ltdc = (struct ltdc *)block;
    event_init(&ltdc->scan, "LTDC scan", scan_due, ltdc);
}

static void ltdc_destroy(struct block *block)
{
    struct ltdc *ltdc = (struct ltdc *)block;
    free(ltdc->fetched[0].bytes);
    free(ltdc->fetched[1].bytes);
    free(ltdc->band);
    free(ltdc->line_generation);
}

const struct block_class ltdc_class = {
    .name = "LTDC",
    .regs = ltdc_regs,
    .reg_count = sizeof ltdc_regs / sizeof ltdc_regs[0],
    .size = sizeof(struct ltdc),
    .init = ltdc_init,
    .destroy = ltdc_destroy,
    .reset = ltdc_reset,
    .read = ltdc_read,
    .write = ltdc_write,
    .clock_changed = ltdc_clock_changed,
};
