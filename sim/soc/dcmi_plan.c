#include "sim/soc/dcmi_plan.h"

#include <string.h>

/* ---- What is selected: 32.3.8, 32.5.1 ---- */

static bool cropping(const struct dcmi *dcmi)
{
    return (REG(&dcmi->block, CR) & (CR_CROP | CR_JPEG)) == CR_CROP;
}

static bool line_selected(const struct dcmi *dcmi)
{
    uint32_t cr = REG(&dcmi->block, CR);
    if (cropping(dcmi)) {
        uint32_t first = REG(&dcmi->block, CWSTRT) >> 16;
        if (dcmi->line < first || dcmi->line - first > REG(&dcmi->block, CWSIZE) >> 16)
            return false;
    }
    return !(cr & CR_LSM) || dcmi->line % 2 == (cr & CR_OELS ? 1 : 0);
}

bool dcmi_ends_window(const struct dcmi *dcmi)
{
    uint32_t last = (REG(&dcmi->block, CWSTRT) >> 16) + (REG(&dcmi->block, CWSIZE) >> 16);
    return cropping(dcmi) && dcmi->line == last;
}

/* ---- Samples to words ---- */

struct selection {
    unsigned first, last;   /* samples of the crop window */
    unsigned period, phase; /* of these, BSM: `take` of each `period` from `phase` on */
    unsigned take;
};

static struct selection select_samples(const struct dcmi *dcmi)
{
    uint32_t cr = REG(&dcmi->block, CR);
    struct selection s = {0, UINT32_MAX, 1, 0, 1};
    if (cropping(dcmi)) {
        s.first = REG(&dcmi->block, CWSTRT) & 0x3fff;
        s.last = s.first + (REG(&dcmi->block, CWSIZE) & 0x3fff);
    }
    bool odd = cr & CR_OEBS;
    switch (cr >> 16 & 3) {
    case 1:
        s.period = 2, s.phase = odd ? 1 : 0;
        break;
    case 2:
        s.period = 4, s.phase = odd ? 1 : 0;
        break;
    case 3:
        s.period = 4, s.phase = odd ? 2 : 0, s.take = 2;
        break;
    default:
        break;
    }
    if (cr >> 10 & 3) /* EDM: BSM is for 8 bits only */
        s.period = 1, s.phase = 0;
    return s;
}

static bool selects(const struct selection *s, unsigned sample)
{
    unsigned place = (sample - s->first) % s->period;
    return sample >= s->first && sample <= s->last && place >= s->phase &&
           place < s->phase + s->take;
}

static void add_item(struct dcmi *dcmi, enum item_kind kind, unsigned sample, uint32_t word)
{
    if (dcmi->item_count < ITEMS_MAX)
        dcmi->items[dcmi->item_count++] = (struct item){word, (uint16_t)sample, (uint8_t)kind};
}

static void add_bytes(struct dcmi *dcmi, unsigned sample, uint32_t value, unsigned bytes)
{
    dcmi->partial |= value << (8 * dcmi->partial_bytes);
    dcmi->partial_bytes += bytes;
    if (dcmi->partial_bytes < 4)
        return;
    add_item(dcmi, ITEM_WORD, sample, dcmi->partial);
    dcmi->partial = dcmi->partial_bytes = 0;
}

/* 32.3.5, table "positioning of captured data": 8 bits four to a word, others two. */
static void take_sample(struct dcmi *dcmi, const struct dcmi_samples *samples, unsigned n)
{
    unsigned edm = REG(&dcmi->block, CR) >> 10 & 3;
    if (!edm) {
        add_bytes(dcmi, n, samples->low[n], 1);
        return;
    }
    uint32_t value = samples->low[n] | (samples->high ? (uint32_t)samples->high[n] << 8 : 0);
    add_bytes(dcmi, n, value & ((1u << (8 + 2 * edm)) - 1), 2);
}

/* The common case: all bytes of the line, from a whole word on. */
static void plan_plain(struct dcmi *dcmi, const struct dcmi_samples *samples)
{
    unsigned n = 0;
    for (; n + 4 <= samples->count; n += 4) {
        uint32_t word;
        memcpy(&word, samples->low + n, 4);
        add_item(dcmi, ITEM_WORD, n + 3, word);
    }
    for (; n < samples->count; n++)
        add_bytes(dcmi, n, samples->low[n], 1);
}

void dcmi_plan_line(struct dcmi *dcmi, const struct dcmi_samples *samples)
{
    uint32_t cr = REG(&dcmi->block, CR);
    if (!line_selected(dcmi))
        return;
    if (!(cr & (3u << 10 | 3u << 16)) && !cropping(dcmi) && !dcmi->partial_bytes) {
        plan_plain(dcmi, samples);
        return;
    }
    const struct selection s = select_samples(dcmi);
    unsigned end = samples->count;
    if (s.last < end)
        end = s.last + 1;
    for (unsigned n = s.first; n < end; n++)
        if (selects(&s, n))
            take_sample(dcmi, samples, n);
}

/* ---- Embedded synchronisation: 32.3.6 ---- */

enum code { CODE_FRAME_START, CODE_LINE_START, CODE_LINE_END, CODE_FRAME_END };

static bool code_is(const struct dcmi *dcmi, uint8_t byte, enum code code)
{
    uint8_t wanted = (uint8_t)(REG(&dcmi->block, ESCR) >> (8 * code));
    uint8_t mask = (uint8_t)(REG(&dcmi->block, ESUR) >> (8 * code));
    return ((byte ^ wanted) & mask) == 0;
}

static uint8_t code_value(const struct dcmi *dcmi, enum code code)
{
    return (uint8_t)(REG(&dcmi->block, ESCR) >> (8 * code));
}

static void plan_frame_start(struct dcmi *dcmi, unsigned sample)
{
    dcmi->embedded.in_frame = dcmi->embedded.in_line = true;
    dcmi->embedded.ended = false;
    dcmi->embedded.column = 0;
    dcmi->partial = dcmi->partial_bytes = 0;
    dcmi->line = 0;
    add_item(dcmi, ITEM_FRAME_START, sample, 0);
}

static void plan_line_end(struct dcmi *dcmi, unsigned sample)
{
    dcmi->embedded.in_line = false;
    add_item(dcmi, ITEM_LINE_END, sample, 0);
    if (dcmi_ends_window(dcmi))
        add_item(dcmi, ITEM_WINDOW_END, sample, 0);
    dcmi->line++;
}

static void plan_frame_end(struct dcmi *dcmi, unsigned sample)
{
    if (dcmi->embedded.in_line)
        plan_line_end(dcmi, sample);
    if (dcmi->embedded.in_frame)
        add_item(dcmi, ITEM_FRAME_END, sample, 0);
    dcmi->embedded.in_frame = false;
    dcmi->embedded.ended = true;
}

static void plan_error(struct dcmi *dcmi, unsigned sample)
{
    dcmi->embedded.in_frame = dcmi->embedded.in_line = false;
    add_item(dcmi, ITEM_ERROR, sample, 0);
}

/* FSC = FF: the first line start after a frame end starts the frame. */
static void plan_line_start(struct dcmi *dcmi, unsigned sample)
{
    if (!dcmi->embedded.in_frame) {
        if (dcmi->embedded.ended && code_value(dcmi, CODE_FRAME_START) == 0xff)
            plan_frame_start(dcmi, sample);
    } else if (dcmi->embedded.in_line) {
        plan_error(dcmi, sample);
    } else {
        dcmi->embedded.in_line = true;
        dcmi->embedded.column = 0;
        add_item(dcmi, ITEM_LINE_START, sample, 0);
    }
}

/* The fourth byte of FF 00 00 XY. FSC = FF: there is no start code. FEC = FF: every code that is none
 * of the others ends the frame. A frame starts after the end of one only. */
static void plan_code(struct dcmi *dcmi, unsigned sample, uint8_t byte)
{
    if (code_value(dcmi, CODE_FRAME_START) != 0xff && code_is(dcmi, byte, CODE_FRAME_START)) {
        if (dcmi->embedded.in_frame)
            plan_error(dcmi, sample);
        else if (dcmi->embedded.ended)
            plan_frame_start(dcmi, sample);
    } else if (code_is(dcmi, byte, CODE_LINE_START)) {
        plan_line_start(dcmi, sample);
    } else if (code_is(dcmi, byte, CODE_LINE_END)) {
        if (dcmi->embedded.in_line)
            plan_line_end(dcmi, sample);
        else if (dcmi->embedded.in_frame)
            plan_error(dcmi, sample);
    } else if (code_value(dcmi, CODE_FRAME_END) == 0xff || code_is(dcmi, byte, CODE_FRAME_END)) {
        plan_frame_end(dcmi, sample);
    }
}

/* The bytes of a code reach the packer before it is known for one: they are taken back. They never
 * span a word that has left, because FF 00 00 does not occur in data. */
static void drop_code_bytes(struct dcmi *dcmi)
{
    for (unsigned taken = dcmi->embedded.taken & 7; taken; taken &= taken - 1) {
        if (!dcmi->partial_bytes) {
            if (!dcmi->item_count || dcmi->items[dcmi->item_count - 1].kind != ITEM_WORD)
                return;
            dcmi->partial = dcmi->items[--dcmi->item_count].word;
            dcmi->partial_bytes = 4;
        }
        dcmi->partial_bytes--;
        dcmi->partial &= (1u << (8 * dcmi->partial_bytes)) - 1;
    }
}

void dcmi_plan_codes(struct dcmi *dcmi, const struct dcmi_samples *samples)
{
    const struct selection selection = select_samples(dcmi);
    for (unsigned n = 0; n < samples->count; n++) {
        uint8_t byte = samples->low[n];
        bool code = (dcmi->embedded.history & 0xffffff) == 0xff0000;
        dcmi->embedded.history = dcmi->embedded.history << 8 | byte;
        if (code) {
            if (dcmi->embedded.in_line)
                drop_code_bytes(dcmi);
            dcmi->embedded.taken = 0;
            plan_code(dcmi, n, byte);
        } else if (dcmi->embedded.in_line) {
            bool taken = line_selected(dcmi) && selects(&selection, dcmi->embedded.column++);
            dcmi->embedded.taken = dcmi->embedded.taken << 1 | taken;
            if (taken)
                add_bytes(dcmi, n, byte, 1);
        }
    }
}
