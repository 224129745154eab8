/*
 * Digital camera interface: RM0399 chapter 32. Hardware and embedded synchronisation (32.3.6),
 * snapshot and continuous capture (32.3.7), crop (32.3.8), JPEG (32.3.9), byte and line selection, and
 * the FIFO (32.3.10) with its overrun.
 */
#include "sim/soc/dcmi_plan.h"

#include <string.h>

#include "sim/soc/classes.h"

static const struct reg dcmi_regs[] = {
    {CR, "CR", 0, 0x001f4fff, 0, 0},
    {SR, "SR", 0, 0, 0, 0},
    {RIS, "RIS", 0, 0, 0, 0},
    {IER, "IER", 0, 0x0000001f, 0, 0},
    {MIS, "MIS", 0, 0, 0, 0},
    {ICR, "ICR", 0, 0, 0, 0},
    {ESCR, "ESCR", 0, 0xffffffff, 0, 0},
    {ESUR, "ESUR", 0, 0xffffffff, 0, 0},
    {CWSTRT, "CWSTRT", 0, 0x1fff3fff, 0, 0},
    {CWSIZE, "CWSIZE", 0, 0x3fff3fff, 0, 0},
    {DR, "DR", 0, 0, 0, 0},
};

/* ---- Lines to the outside ---- */

static void update_irq(struct dcmi *dcmi)
{
    block_irq(&dcmi->block, 0, REG(&dcmi->block, RIS) & REG(&dcmi->block, IER));
}

static void raise_flag(struct dcmi *dcmi, uint32_t flag)
{
    REG(&dcmi->block, RIS) |= flag;
    update_irq(dcmi);
}

static bool enabled(const struct dcmi *dcmi)
{
    return REG(&dcmi->block, CR) & CR_ENABLE;
}

/* ---- FIFO ---- */

static void empty_fifo(struct dcmi *dcmi)
{
    dcmi->head = dcmi->fill = 0;
    dcmi->partial = dcmi->partial_bytes = 0;
    block_dma(&dcmi->block, 0, false);
}

static uint32_t read_word(struct dcmi *dcmi)
{
    dcmi->read_since = true;
    if (!dcmi->fill)
        return REG(&dcmi->block, DR);
    uint32_t word = dcmi->fifo[dcmi->head++ % FIFO_ROOM];
    REG(&dcmi->block, DR) = word;
    if (--dcmi->fill == 0)
        block_dma(&dcmi->block, 0, false);
    return word;
}

/* As read_word(), for as many words as there are. */
static unsigned read_words(struct block *block, uint32_t offset, uint32_t *words, unsigned count)
{
    struct dcmi *dcmi = (struct dcmi *)block;
    if (offset != DR || !dcmi->fill)
        return 0;
    if (count > dcmi->fill)
        count = dcmi->fill;
    for (unsigned n = 0; n < count; n++)
        words[n] = dcmi->fifo[dcmi->head++ % FIFO_ROOM];
    dcmi->read_since = true;
    dcmi->fill -= count;
    REG(block, DR) = words[count - 1];
    if (!dcmi->fill)
        block_dma(block, 0, false);
    return count;
}

/* Words that came as one group were in truth read as they came, if they were read at all before the
 * next; so it is what the reader left behind that tells whether it keeps up. */
static bool overruns(const struct dcmi *dcmi, unsigned count)
{
    if (!dcmi->fill)
        return false;
    if (!dcmi->read_since || count == 1)
        return dcmi->fill + count > FIFO_WORDS;
    return dcmi->fill > FIFO_WORDS;
}

static void set_capturing(struct dcmi *dcmi, bool capturing)
{
    if (capturing && !dcmi->capturing)
        sim_trace_begin(block_sim(&dcmi->block), "DCMI", 0, "frame", 0, 0);
    else if (dcmi->capturing && !capturing)
        sim_trace_end(block_sim(&dcmi->block), "DCMI", 0);
    dcmi->capturing = capturing;
}

static void end_capture(struct dcmi *dcmi)
{
    dcmi->stop_asked = false;
    set_capturing(dcmi, false);
    REG(&dcmi->block, CR) &= ~(uint32_t)CR_CAPTURE;
}

/* The FIFO is reset, and the rest of the frame is lost (32.3.10); a snapshot is over (32.3.7). */
static void overrun(struct dcmi *dcmi)
{
    empty_fifo(dcmi);
    sim_trace_mark(block_sim(&dcmi->block), "DCMI", 0, "overrun");
    if (REG(&dcmi->block, CR) & CR_CM)
        end_capture(dcmi);
    set_capturing(dcmi, false);
    raise_flag(dcmi, FLAG_OVR);
}

static void push(struct dcmi *dcmi, const struct item *items, unsigned count)
{
    if (overruns(dcmi, count)) {
        overrun(dcmi);
        return;
    }
    dcmi->words += count;
    dcmi->group = dcmi->fill ? 1 : GROUP - dcmi->words % GROUP;
    dcmi->read_since = false;
    for (unsigned n = 0; n < count; n++)
        dcmi->fifo[(dcmi->head + dcmi->fill++) % FIFO_ROOM] = items[n].word;
    block_dma(&dcmi->block, 0, true);
}

/* ---- Frames ---- */

static bool rate_selects(const struct dcmi *dcmi, unsigned frame)
{
    unsigned fcrc = REG(&dcmi->block, CR) >> 8 & 3;
    return fcrc == 1 ? frame % 2 == 0 : fcrc == 2 ? frame % 4 == 0 : true;
}

static void start_frame(struct dcmi *dcmi)
{
    dcmi->line = 0;
    dcmi->partial = dcmi->partial_bytes = 0;
    dcmi->group = 1;
    dcmi->words = 0;
    if (dcmi->stop_asked)
        end_capture(dcmi);
    set_capturing(dcmi, false); /* the frame before had no end */
    set_capturing(dcmi, REG(&dcmi->block, CR) & CR_CAPTURE && rate_selects(dcmi, dcmi->frames));
    if (REG(&dcmi->block, CR) & CR_CAPTURE)
        dcmi->frames++;
}

/* The end of the frame, or of the crop window (32.5.3, FRAME_RIS). A word that is not complete is
 * filled up with zeros. */
static void end_frame(struct dcmi *dcmi)
{
    if (!dcmi->capturing) {
        if (dcmi->stop_asked) /* during a frame that an overrun has ended */
            end_capture(dcmi);
        return;
    }
    if (dcmi->partial_bytes) {
        const struct item last = {.word = dcmi->partial};
        dcmi->partial = dcmi->partial_bytes = 0;
        push(dcmi, &last, 1);
        if (!dcmi->capturing)
            return;
    }
    set_capturing(dcmi, false);
    if (REG(&dcmi->block, CR) & CR_CM || dcmi->stop_asked)
        end_capture(dcmi);
    raise_flag(dcmi, FLAG_FRAME);
}

static void end_line(struct dcmi *dcmi)
{
    if (dcmi_ends_window(dcmi))
        end_frame(dcmi);
    dcmi->line++;
}

/* ---- The course of a line ---- */

static sim_time sample_time(const struct dcmi *dcmi, unsigned sample)
{
    return dcmi->start + ((sim_time)sample + 1) * SIM_S / dcmi->pixclk_hz;
}

/* Items of the next group: words only, or one that is none. */
static unsigned group_size(const struct dcmi *dcmi)
{
    unsigned left = dcmi->item_count - dcmi->next_item, n = 0;
    const struct item *items = &dcmi->items[dcmi->next_item];
    while (n < left && n < dcmi->group && items[n].kind == ITEM_WORD)
        n++;
    return n ? n : left ? 1 : 0;
}

static void note_activity(struct dcmi *dcmi, const struct item *item)
{
    bool starts_line = item->kind == ITEM_FRAME_START || item->kind == ITEM_LINE_START;
    dcmi->active_line = starts_line;
    if (item->kind == ITEM_FRAME_START)
        dcmi->active_frame = true;
    else if (item->kind == ITEM_FRAME_END || item->kind == ITEM_ERROR)
        dcmi->active_frame = false;
}

/* Codes in a wrong order: the FIFO is reset, and the next frame is waited for (32.3.10). */
static void code_error(struct dcmi *dcmi)
{
    if (!dcmi->capturing)
        return;
    empty_fifo(dcmi);
    set_capturing(dcmi, false);
    raise_flag(dcmi, FLAG_ERR);
}

static void do_item(struct dcmi *dcmi, const struct item *item)
{
    bool told = REG(&dcmi->block, CR) & CR_CAPTURE;
    note_activity(dcmi, item);
    switch (item->kind) {
    case ITEM_FRAME_START:
        start_frame(dcmi);
        break;
    case ITEM_LINE_START:
        break;
    case ITEM_LINE_END:
        if (told)
            raise_flag(dcmi, FLAG_LINE);
        break;
    case ITEM_WINDOW_END:
        end_frame(dcmi);
        break;
    case ITEM_FRAME_END:
        end_frame(dcmi);
        if (told)
            raise_flag(dcmi, FLAG_VSYNC);
        break;
    default:
        code_error(dcmi);
        break;
    }
}

static void do_group(struct dcmi *dcmi, unsigned count)
{
    const struct item *items = &dcmi->items[dcmi->next_item];
    dcmi->next_item += count;
    if (items->kind != ITEM_WORD)
        do_item(dcmi, items);
    else if (dcmi->capturing)
        push(dcmi, items, count);
}

static void schedule(struct dcmi *dcmi)
{
    unsigned count = group_size(dcmi);
    if (count)
        event_at(&block_sim(&dcmi->block)->events, &dcmi->due,
                 sample_time(dcmi, dcmi->items[dcmi->next_item + count - 1].sample));
}

static void group_due(void *ctx)
{
    struct dcmi *dcmi = ctx;
    do_group(dcmi, group_size(dcmi));
    schedule(dcmi);
}

/* Everything that has come by now: a pin may change at the same instant as a group is due. */
static void catch_up(struct dcmi *dcmi)
{
    sim_time now = sim_now(block_sim(&dcmi->block));
    unsigned count;
    while ((count = group_size(dcmi)) != 0 &&
           sample_time(dcmi, dcmi->items[dcmi->next_item + count - 1].sample) <= now)
        do_group(dcmi, count);
    event_cancel(&block_sim(&dcmi->block)->events, &dcmi->due);
    schedule(dcmi);
}

static void forget_line(struct dcmi *dcmi)
{
    dcmi->item_count = dcmi->next_item = 0;
    event_cancel(&block_sim(&dcmi->block)->events, &dcmi->due);
}

static void forget_codes(struct dcmi *dcmi)
{
    memset(&dcmi->embedded, 0, sizeof dcmi->embedded);
    dcmi->active_frame = dcmi->active_line = false;
}

/* ---- Pins ---- */

/* VSPOL and HSPOL give the level at which data is not valid (32.5.1). */
static bool blanking(const struct dcmi *dcmi, bool level, uint32_t polarity)
{
    return level == !!(REG(&dcmi->block, CR) & polarity);
}

/* JPEG mode switches ESS off (32.5.1). */
static bool embedded_sync(const struct dcmi *dcmi)
{
    return (REG(&dcmi->block, CR) & (CR_ESS | CR_JPEG)) == CR_ESS;
}

static bool hardware_sync(const struct dcmi *dcmi)
{
    return enabled(dcmi) && !embedded_sync(dcmi);
}

void dcmi_vsync(struct block *block, bool level)
{
    struct dcmi *dcmi = (struct dcmi *)block;
    if (dcmi->vsync == level)
        return;
    dcmi->vsync = level;
    if (!hardware_sync(dcmi))
        return;
    catch_up(dcmi);
    if (blanking(dcmi, level, CR_VSPOL)) {
        end_frame(dcmi);
        raise_flag(dcmi, FLAG_VSYNC);
    } else {
        start_frame(dcmi);
    }
}

void dcmi_hsync(struct block *block, bool level)
{
    struct dcmi *dcmi = (struct dcmi *)block;
    if (dcmi->hsync == level)
        return;
    dcmi->hsync = level;
    if (!hardware_sync(dcmi) || !blanking(dcmi, level, CR_HSPOL))
        return;
    catch_up(dcmi);
    end_line(dcmi);
    raise_flag(dcmi, FLAG_LINE);
}

/* The pixel clock is sampled by HCLK: at most 80 MHz, and 0.4 of HCLK (data sheet DS12930, DCMI
 * characteristics). Beyond that a real chip takes garbage; this one says so and takes the samples. */
static void check_pixclk(struct dcmi *dcmi, uint64_t hz)
{
    enum { MOST = 80000000 };
    uint64_t hclk = block_bus_hz(&dcmi->block), most = hclk * 2 / 5 < MOST ? hclk * 2 / 5 : MOST;
    if (hz > most)
        block_complain(&dcmi->block, COMPLAINT_GUEST, 0x1000,
                       "the camera's pixel clock is %llu kHz; at an HCLK of %llu MHz the DCMI "
                       "follows up to %llu kHz",
                       (unsigned long long)hz / 1000, (unsigned long long)hclk / 1000000,
                       (unsigned long long)most / 1000);
}

void dcmi_line(struct block *block, const struct dcmi_samples *samples)
{
    struct dcmi *dcmi = (struct dcmi *)block;
    struct dcmi_samples s = *samples;
    if (!enabled(dcmi))
        return;
    catch_up(dcmi);
    forget_line(dcmi);
    if (s.count > DCMI_LINE_MAX)
        s.count = DCMI_LINE_MAX;
    dcmi->start = sim_now(block_sim(block));
    dcmi->pixclk_hz = s.pixclk_hz;
    if (dcmi->capturing)
        check_pixclk(dcmi, s.pixclk_hz);
    if (embedded_sync(dcmi))
        dcmi_plan_codes(dcmi, &s);
    else if (dcmi->capturing && !blanking(dcmi, dcmi->hsync, CR_HSPOL) &&
             !blanking(dcmi, dcmi->vsync, CR_VSPOL))
        dcmi_plan_line(dcmi, &s);
    schedule(dcmi);
}

/* ---- Registers ---- */

/* By the pins, or by the codes, which count while CAPTURE is set (32.5.2). */
static uint32_t read_sr(const struct dcmi *dcmi)
{
    uint32_t sr = dcmi->fill ? SR_FNE : 0;
    if (!enabled(dcmi))
        return sr;
    if (embedded_sync(dcmi)) {
        if (!(REG(&dcmi->block, CR) & CR_CAPTURE))
            return sr;
        return sr | (dcmi->active_line ? 0 : SR_HSYNC) | (dcmi->active_frame ? 0 : SR_VSYNC);
    }
    sr |= blanking(dcmi, dcmi->hsync, CR_HSPOL) ? SR_HSYNC : 0;
    return sr | (blanking(dcmi, dcmi->vsync, CR_VSPOL) ? SR_VSYNC : 0);
}

static uint32_t dcmi_read(struct block *block, uint32_t offset, const struct block_access *access)
{
    struct dcmi *dcmi = (struct dcmi *)block;
    (void)access;
    switch (offset) {
    case DR:
        return read_word(dcmi);
    case SR:
        return read_sr(dcmi);
    case MIS:
        return REG(block, RIS) & REG(block, IER);
    default:
        return REG(block, offset);
    }
}

/* CAPTURE that is cleared during a frame falls at its end (32.5.1). */
static void write_cr(struct dcmi *dcmi, uint32_t before)
{
    uint32_t *cr = &REG(&dcmi->block, CR);
    if (before & ~*cr & CR_ENABLE) {
        forget_line(dcmi);
        empty_fifo(dcmi);
        end_capture(dcmi);
        forget_codes(dcmi);
        return;
    }
    if (~before & *cr & CR_CAPTURE)
        dcmi->frames = 0;
    if (*cr & CR_CAPTURE)
        dcmi->stop_asked = false;
    else if (dcmi->capturing)
        dcmi->stop_asked = true, *cr |= CR_CAPTURE;
}

static void dcmi_write(struct block *block, uint32_t offset, uint32_t value,
                       const struct block_access *access)
{
    struct dcmi *dcmi = (struct dcmi *)block;
    uint32_t before = REG(block, offset);
    block_store(block, offset, value, access);
    if (offset == CR)
        write_cr(dcmi, before);
    else if (offset == ICR)
        REG(block, RIS) &= ~value;
    update_irq(dcmi);
}

static void dcmi_reset(struct block *block)
{
    struct dcmi *dcmi = (struct dcmi *)block;
    forget_line(dcmi);
    empty_fifo(dcmi);
    set_capturing(dcmi, false);
    dcmi->stop_asked = dcmi->read_since = false;
    dcmi->frames = dcmi->line = 0;
    dcmi->group = 1;
    forget_codes(dcmi);
}

static void dcmi_init(struct block *block)
{
    struct dcmi *dcmi = (struct dcmi *)block;
    event_init(&dcmi->due, "DCMI words", group_due, dcmi);
}

const struct block_class dcmi_class = {
    .name = "DCMI",
    .regs = dcmi_regs,
    .reg_count = sizeof dcmi_regs / sizeof dcmi_regs[0],
    .size = sizeof(struct dcmi),
    .words_only = true, /* 32.5 */
    .init = dcmi_init,
    .reset = dcmi_reset,
    .read = dcmi_read,
    .read_fifo = read_words,
    .write = dcmi_write,
};
