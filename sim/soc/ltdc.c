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

#include <stdlib.h>
#include <string.h>

#include "sim/soc/classes.h"
#include "sim/soc/ltdc_internal.h"

/* LxCACR: the manual has FF, the register description 0; the manual is right (33.7.19). */
#define LAYER_REGS(base, prefix)                                                                   \
    {(base) + LAYER_CR, prefix "CR", 0, 0x00000013, 0, 0},                                         \
        {(base) + LAYER_WHPCR, prefix "WHPCR", 0, 0x0fff0fff, 0, 0},                               \
        {(base) + LAYER_WVPCR, prefix "WVPCR", 0, 0x07ff07ff, 0, 0},                               \
        {(base) + LAYER_CKCR, prefix "CKCR", 0, 0x00ffffff, 0, 0},                                 \
        {(base) + LAYER_PFCR, prefix "PFCR", 0, 0x00000007, 0, 0},                                 \
        {(base) + LAYER_CACR, prefix "CACR", 0x000000ff, 0x000000ff, 0, 0},                        \
        {(base) + LAYER_DCCR, prefix "DCCR", 0, 0xffffffff, 0, 0},                                 \
        {(base) + LAYER_BFCR, prefix "BFCR", 0x00000607, 0x00000707, 0, 0},                        \
        {(base) + LAYER_CFBAR, prefix "CFBAR", 0, 0xffffffff, 0, 0},                               \
        {(base) + LAYER_CFBLR, prefix "CFBLR", 0, 0x1fff1fff, 0, 0},                               \
        {(base) + LAYER_CFBLNR, prefix "CFBLNR", 0, 0x000007ff, 0, 0},                             \
    {                                                                                              \
        (base) + LAYER_CLUTWR, prefix "CLUTWR", 0, 0, 0, 0                                         \
    }

static const struct reg ltdc_regs[] = {
    {LTDC_SSCR, "SSCR", 0, 0x0fff07ff, 0, 0},
    {LTDC_BPCR, "BPCR", 0, 0x0fff07ff, 0, 0},
    {LTDC_AWCR, "AWCR", 0, 0x0fff07ff, 0, 0},
    {LTDC_TWCR, "TWCR", 0, 0x0fff07ff, 0, 0},
    {LTDC_GCR, "GCR", 0x00002220, 0xf0010001, 0, 0},
    {LTDC_SRCR, "SRCR", 0, 0x00000003, 0, 0},
    {LTDC_BCCR, "BCCR", 0, 0x00ffffff, 0, 0},
    {LTDC_IER, "IER", 0, 0x0000000f, 0, 0},
    {LTDC_ISR, "ISR", 0, 0, 0, 0},
    {LTDC_ICR, "ICR", 0, 0, 0, 0},
    {LTDC_LIPCR, "LIPCR", 0, 0x000007ff, 0, 0},
    {LTDC_CPSR, "CPSR", 0, 0, 0, 0},
    {LTDC_CDSR, "CDSR", 0x0000000f, 0, 0, 0},
    LAYER_REGS(LTDC_L1CR, "L1"),
    LAYER_REGS(LTDC_L2CR, "L2"),
};

/* ---- Timings: 33.4.1; all registers are accumulated and minus 1 ---- */

unsigned ltdc_across(const struct ltdc *ltdc, uint32_t reg)
{
    return REG(&ltdc->block, reg) >> 16 & 0xfff;
}

unsigned ltdc_down(const struct ltdc *ltdc, uint32_t reg)
{
    return REG(&ltdc->block, reg) & 0x7ff;
}

unsigned ltdc_first_line(const struct ltdc *ltdc)
{
    return ltdc_down(ltdc, LTDC_BPCR) + 1;
}

static unsigned total_lines(const struct ltdc *ltdc)
{
    return ltdc_down(ltdc, LTDC_TWCR) + 1;
}

/* First line of the vertical blanking after the active area. */
static unsigned blank_line(const struct ltdc *ltdc)
{
    unsigned line = ltdc_first_line(ltdc) + ltdc->height;
    return line < total_lines(ltdc) ? line : total_lines(ltdc);
}

sim_time ltdc_line_time(const struct ltdc *ltdc, unsigned line)
{
    uint64_t pixels = (uint64_t)line * (ltdc_across(ltdc, LTDC_TWCR) + 1);
    return ltdc->frame_start + sim_cycles_to_time(pixels, ltdc->pixel_hz);
}

/* ---- Interrupts ---- */

static void update_irq(struct ltdc *ltdc)
{
    uint32_t active = REG(&ltdc->block, LTDC_ISR) & REG(&ltdc->block, LTDC_IER);
    block_irq(&ltdc->block, 0, active & (FLAG_LINE | FLAG_RELOAD));
    block_irq(&ltdc->block, 1, active & (FLAG_UNDERRUN | FLAG_ERROR));
    block_mdma(&ltdc->block, 0, REG(&ltdc->block, LTDC_ISR) & FLAG_LINE);
}

void ltdc_raise(struct ltdc *ltdc, uint32_t flag)
{
    REG(&ltdc->block, LTDC_ISR) |= flag;
    update_irq(ltdc);
}

/* ---- Shadow registers: 33.4.1 ---- */

static void reload(struct ltdc *ltdc)
{
    ltdc_make_scanned_lines(ltdc);
    sim_trace_mark(block_sim(&ltdc->block), "LTDC", 0, "reload");
    for (unsigned n = 0; n < 2; n++)
        for (uint32_t reg = 0; reg < LAYER_CLUTWR; reg += 4)
            REG(&ltdc->block, LTDC_L1CR + n * LAYER_STRIDE + reg) = ltdc->shadow[n][reg / 4];
    ltdc_configuration_changed(ltdc);
    if (ltdc->scanning)
        ltdc_plan_fetches(ltdc);
}

/* ---- The scan ---- */

static void schedule(struct ltdc *ltdc)
{
    unsigned next = total_lines(ltdc), here = ltdc->line;
    unsigned first = ltdc_first_line(ltdc), blank = blank_line(ltdc),
             lipos = ltdc_down(ltdc, LTDC_LIPCR);
    if (here < blank)
        next = here < first ? first + LTDC_BAND : here + LTDC_BAND;
    if (here < blank && next > blank)
        next = blank;
    if (lipos > here && lipos < next)
        next = lipos;
    event_at(&block_sim(&ltdc->block)->events, &ltdc->scan, ltdc_line_time(ltdc, next));
    ltdc->line = next;
}

static bool fit_active_area(struct ltdc *ltdc)
{
    unsigned left = ltdc_across(ltdc, LTDC_BPCR), right = ltdc_across(ltdc, LTDC_AWCR);
    unsigned top = ltdc_down(ltdc, LTDC_BPCR), bottom = ltdc_down(ltdc, LTDC_AWCR);
    ltdc->width = right > left ? right - left : 0;
    ltdc->height = bottom > top ? bottom - top : 0;
    free(ltdc->band);
    free(ltdc->line_generation);
    ltdc->band = calloc((size_t)LTDC_BAND * ltdc->width + 1, sizeof *ltdc->band);
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
    ltdc_plan_fetches(ltdc);
    if (ltdc_down(ltdc, LTDC_LIPCR) == 0)
        ltdc_raise(ltdc, FLAG_LINE);
    schedule(ltdc);
}

static void stop_scan(struct ltdc *ltdc)
{
    ltdc_make_scanned_lines(ltdc);
    event_cancel(&block_sim(&ltdc->block)->events, &ltdc->scan);
    ltdc->scanning = false;
    ltdc_forget_plans(ltdc);
}

static void start_scan(struct ltdc *ltdc)
{
    struct block *block = &ltdc->block;
    if (ltdc->held && ltdc->scanning) /* the frame that is cut short comes again */
        ltdc->once = true;
    stop_scan(ltdc);
    ltdc->pixel_hz = block_kernel_hz(block);
    if (!(REG(block, LTDC_GCR) & GCR_LTDCEN) || (ltdc->held && !ltdc->once))
        return;
    if (!ltdc->pixel_hz) {
        block_complain(block, COMPLAINT_GUEST, LTDC_GCR,
                       "LTDC is on but its pixel clock pll3_r_ck does not run: start PLL3");
        return;
    }
    if (!fit_active_area(ltdc))
        abort(); /* out of host memory */
    ltdc_configuration_changed(ltdc);
    start_frame(ltdc, sim_now(block_sim(block)));
}

/* The vertical blanking begins (33.7.6, VBR). */
static void begin_blank(struct ltdc *ltdc)
{
    ltdc_make_lines(ltdc, ltdc->height);
    if (ltdc_runs_short(ltdc, 0) || ltdc_runs_short(ltdc, 1))
        ltdc_raise(ltdc, FLAG_UNDERRUN);
    if (ltdc->sink.frame)
        ltdc->sink.frame(ltdc->sink.ctx);
    if (!(REG(&ltdc->block, LTDC_SRCR) & SRCR_VBR))
        return;
    REG(&ltdc->block, LTDC_SRCR) &= ~(uint32_t)SRCR_VBR;
    reload(ltdc);
    ltdc_raise(ltdc, FLAG_RELOAD);
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
            start_frame(ltdc, ltdc_line_time(ltdc, line));
        return;
    }
    if (line > ltdc_first_line(ltdc) && line < blank_line(ltdc)) {
        ltdc_make_lines(ltdc, line - ltdc_first_line(ltdc));
        ltdc_look_for_underrun(ltdc, line - ltdc_first_line(ltdc));
    }
    if (line == ltdc_down(ltdc, LTDC_LIPCR))
        ltdc_raise(ltdc, FLAG_LINE);
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
    unsigned per_line = ltdc_across(ltdc, LTDC_TWCR) + 1;
    return (struct position){(unsigned)(pixels % per_line),
                             (unsigned)(pixels / per_line % total_lines(ltdc))};
}

static uint32_t read_cdsr(const struct ltdc *ltdc, struct position at)
{
    uint32_t status = at.x <= ltdc_across(ltdc, LTDC_SSCR) ? CDSR_HSYNCS : 0;
    status |= at.y <= ltdc_down(ltdc, LTDC_SSCR) ? CDSR_VSYNCS : 0;
    status |=
        at.x > ltdc_across(ltdc, LTDC_BPCR) && at.x <= ltdc_across(ltdc, LTDC_AWCR) ? CDSR_HDES : 0;
    return status |
           (at.y > ltdc_down(ltdc, LTDC_BPCR) && at.y <= ltdc_down(ltdc, LTDC_AWCR) ? CDSR_VDES
                                                                                    : 0);
}

static uint32_t ltdc_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    const struct ltdc *ltdc = (const struct ltdc *)block;
    (void)access;
    if (offset == LTDC_CPSR && !ltdc->scanning)
        return REG(block, LTDC_TWCR); /* it is held at the last pixel (33.4.1) */
    if ((offset != LTDC_CPSR && offset != LTDC_CDSR) || !ltdc->scanning)
        return REG(block, offset);
    struct position at = position_now(ltdc);
    return offset == LTDC_CPSR ? (uint32_t)(at.x << 16 | at.y) : read_cdsr(ltdc, at);
}

/* Writes go to the shadow register; reads give the active value until it is loaded. */
static void write_layer(struct ltdc *ltdc, uint32_t offset, uint32_t value,
                        const struct block_access *access)
{
    unsigned n = offset >= LTDC_L2CR ? 1 : 0;
    uint32_t reg = offset - LTDC_L1CR - n * LAYER_STRIDE;
    if (reg == LAYER_CLUTWR) {
        ltdc_make_scanned_lines(ltdc);
        ltdc->layer[n].clut[value >> 24] = value & 0xffffff;
        ltdc_configuration_changed(ltdc);
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
    if (offset <= LTDC_GCR || offset == LTDC_BCCR)
        ltdc_make_scanned_lines(ltdc);
    block_store(block, offset, value, access);
    uint32_t changed = before ^ REG(block, offset);
    if (offset == LTDC_ICR)
        REG(block, LTDC_ISR) &= ~value;
    else if (offset == LTDC_BCCR)
        ltdc_configuration_changed(ltdc);
    else if (offset == LTDC_SRCR) /* VBR: only the reload takes it back (33.7.6) */
        REG(block, LTDC_SRCR) |= before & SRCR_VBR;
    else if ((offset <= LTDC_TWCR && changed) || (offset == LTDC_GCR && changed & GCR_LTDCEN))
        start_scan(ltdc);
    else if (offset == LTDC_LIPCR && changed && ltdc->scanning)
        ltdc->line = position_now(ltdc).y, schedule(ltdc);
    if (offset == LTDC_SRCR && REG(block, LTDC_SRCR) & SRCR_IMR) {
        REG(block, LTDC_SRCR) &= ~(uint32_t)SRCR_IMR;
        reload(ltdc);
    }
    update_irq(ltdc);
}

static void ltdc_write(struct block *block, uint32_t offset, uint32_t value,
                       const struct block_access *access)
{
    struct ltdc *ltdc = (struct ltdc *)block;
    if (offset >= LTDC_L1CR)
        write_layer(ltdc, offset, value, access);
    else
        write_general(ltdc, offset, value, access);
}

static void ltdc_clock_changed(struct block *block)
{
    struct ltdc *ltdc = (struct ltdc *)block;
    if (ltdc->pixel_hz != block_kernel_hz(block) && REG(block, LTDC_GCR) & GCR_LTDCEN)
        start_scan(ltdc);
}

static void ltdc_reset(struct block *block)
{
    struct ltdc *ltdc = (struct ltdc *)block;
    event_cancel(&block_sim(block)->events, &ltdc->scan);
    ltdc->scanning = ltdc->held = ltdc->once = false;
    ltdc_forget_plans(ltdc);
    for (unsigned n = 0; n < 2; n++) {
        memcpy(ltdc->shadow[n], &REG(block, LTDC_L1CR + n * LAYER_STRIDE), sizeof ltdc->shadow[n]);
        memset(ltdc->layer[n].clut, 0, sizeof ltdc->layer[n].clut);
    }
    ltdc_configuration_changed(ltdc);
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
