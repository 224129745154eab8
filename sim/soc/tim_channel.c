/* The references of the timers' channels (RM0399 40.3.9 to 40.3.14), interrupts and DMA requests. */
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

static bool own_reference(const struct tim *t, unsigned n)
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

/* OC5REF may gate the first three (CCR5.GC5Cx, 40.3.14); ETRF clears until the next update (OCxCE, 40.3.20). */
bool tim_reference(const struct tim *t, unsigned n)
{
    if (t->cleared >> n & 1)
        return false;
    bool gated = n < 3 && has_break(t) && REG(&t->block, CCR5) >> (29 + n) & 1;
    return own_reference(t, n) && (!gated || tim_reference(t, 4));
}

void tim_matched_output(struct tim *t, unsigned n)
{
    unsigned mode = compare_mode(t, n);
    if (mode == 1 || mode == 2)
        t->ref[n] = mode == 1;
    else if (mode == 3)
        t->ref[n] = !t->ref[n];
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
