/* The timers' channels as outputs (RM0399 40.3.9 to 40.3.17), interrupts and DMA requests. */
#include "sim/soc/tim_internal.h"

/* Below the compare value, as PWM mode 1 has it. */
static bool is_below(const struct tim *t, unsigned n)
{
    return t->down ? t->count <= t->compare[n] : t->count < t->compare[n];
}

/* Combined modes join a channel with its pair's reference, asymmetric ones take the pair's compare value while
 * counting down. */
static bool paired_reference(const struct tim *t, unsigned n, unsigned mode)
{
    unsigned pair = n ^ 1;
    bool other = mode < 14 && compare_mode(t, pair) < 12 && tim_reference(t, pair);
    switch (mode) {
    case 12:
        return is_below(t, n) || other;
    case 13:
        return !is_below(t, n) && other;
    case 14:
        return is_below(t, t->down ? pair : n);
    default:
        return !is_below(t, t->down ? pair : n);
    }
}

bool tim_reference(const struct tim *t, unsigned n)
{
    unsigned mode = compare_mode(t, n);
    bool runs = cr1(t) & CR1_CEN;
    switch (mode) {
    case 4:
        return false;
    case 5:
        return true;
    case 6:
        return is_below(t, n);
    case 7:
        return !is_below(t, n);
    case 8: /* retriggerable one-pulse modes: the trigger sets the counter going */
        return !runs || is_below(t, n);
    case 9:
        return runs && !is_below(t, n);
    case 12:
    case 13:
    case 14:
    case 15:
        return paired_reference(t, n, mode);
    default:
        return t->ref[n];
    }
}

void tim_matched_output(struct tim *t, unsigned n)
{
    unsigned mode = compare_mode(t, n);
    if (mode == 1 || mode == 2)
        t->ref[n] = mode == 1;
    else if (mode == 3)
        t->ref[n] = !t->ref[n];
}

/* ---- Outputs ---- */

static bool is_released(const struct tim *t)
{
    return has_break(t) && !(REG(&t->block, BDTR) & BDTR_MOE);
}

/* An output that is switched on, and not released by the break circuit; with OSSI that holds its idle
 * level then. */
bool tim_channel_drives(const struct tim *t, unsigned n)
{
    bool released = is_released(t) && !(REG(&t->block, BDTR) & BDTR_OSSI);
    return REG(&t->block, CCER) >> (4 * n) & 1 && !released && !is_capture(t, n);
}

static bool output_level(const struct tim *t, unsigned n)
{
    bool inverted = REG(&t->block, CCER) >> (4 * n + 1) & 1;
    if (!tim_channel_drives(t, n))
        return false;
    if (is_released(t))
        return REG(&t->block, CR2) >> (8 + 2 * n) & 1; /* OISx */
    return tim_reference(t, n) != inverted;
}

void tim_update_outputs(struct tim *t)
{
    for (unsigned n = 0; n < CHANNELS; n++)
        if (t->output[n].sink_count && !is_capture(t, n))
            wire_set(&t->output[n], output_level(t, n));
}

/* ---- Interrupts and DMA requests ---- */

void tim_update_irq(struct tim *t)
{
    uint32_t sr = REG(&t->block, SR);
    uint32_t pending = sr & REG(&t->block, DIER) & 0xff;
    if (sr & SR_B2IF && REG(&t->block, DIER) & SR_BIF)
        pending |= SR_BIF;
    if (!t->block.row->irq[1]) {
        block_irq(&t->block, 0, pending != 0);
        return;
    }
    block_irq(&t->block, 0, pending & SR_BIF);
    block_irq(&t->block, 1, pending & SR_UIF);
    block_irq(&t->block, 2, pending & (SR_TIF | SR_COMIF));
    block_irq(&t->block, 3, pending & SR_CAPTURES);
}

static const uint8_t request_enable[7] = {9, 10, 11, 12, 8, 14, 13};

void tim_request(struct tim *t, unsigned n)
{
    if (REG(&t->block, DIER) >> request_enable[n] & 1)
        block_dma(&t->block, n, true);
}

void tim_drop_requests(struct tim *t)
{
    for (unsigned n = 0; n < 7; n++)
        if (!(REG(&t->block, DIER) >> request_enable[n] & 1))
            block_dma(&t->block, n, false);
}
