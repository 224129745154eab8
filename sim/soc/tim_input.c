/* The timers' inputs: capture, slave modes, encoder, external trigger (RM0399 40.3.3, 40.3.6, 40.3.22, 40.3.26). */
#include "sim/soc/tim_internal.h"

enum { EDGE_DETECTOR = 4, FILTERED_INPUT1 = 5, EXTERNAL_TRIGGER = 7 }; /* SMCR.TS */

/* TIx; with CR2.TI1S the first is all three of a Hall sensor, XORed. */
static bool input_level(const struct tim *t, unsigned n)
{
    if (n == 0 && REG(&t->block, CR2) & CR2_TI1S)
        return (t->input[0] != t->input[1]) != t->input[2];
    return t->input[n];
}

static bool etr_level(const struct tim *t)
{
    return t->external_trigger != ((REG(&t->block, SMCR) & SMCR_ETP) != 0);
}

/* 40.3.20: a high ETRF clears the references that let it. */
void tim_clear_references(struct tim *t)
{
    if (basic(t) || !etr_level(t))
        return;
    for (unsigned n = 0; n < CHANNELS; n++)
        if (!is_capture(t, n) && ccmr(t, n) & CCMR_OCCE)
            t->cleared |= (uint8_t)(1u << n);
}

static void start(struct tim *t)
{
    if (cr1(t) & CR1_CEN)
        return;
    REG(&t->block, CR1) |= CR1_CEN;
    tim_rebase(t);
    tim_update_trigger_level(t);
}

static void external_clock(struct tim *t)
{
    if (!(cr1(t) & CR1_CEN) || t->external_edges++ < t->prescaler)
        return;
    t->external_edges = 0;
    tim_count(t, 1);
}

void tim_capture(struct tim *t, unsigned n)
{
    static const uint8_t every[4] = {1, 2, 4, 8};
    if (!(REG(&t->block, CCER) >> (4 * n) & 1) || ++t->edges[n] < every[ccmr(t, n) >> 2 & 3])
        return;
    t->edges[n] = 0;
    *ccr(t, n) = t->count;
    uint32_t flag = channel_flag(n);
    if (REG(&t->block, SR) & flag)
        REG(&t->block, SR) |= (uint32_t)SR_CC1OF << n;
    REG(&t->block, SR) |= flag;
    tim_request(t, n);
    if (n == 0)
        tim_pulse_trigger(t, 3);
}

void tim_trigger_edge(struct tim *t, bool level)
{
    tim_sync(t);
    unsigned mode = slave_mode(t);
    for (unsigned n = 0; n < INPUTS; n++)
        if (level && (ccmr(t, n) & 3) == 3)
            tim_capture(t, n); /* TRC: before a reset */
    if (mode == GATED && t->gate != level) {
        t->gate = level;
        tim_rebase(t);
    }
    uint32_t commutes = CR2_CCPC | CR2_CCUS;
    if (level && has_break(t) && (REG(&t->block, CR2) & commutes) == commutes) {
        REG(&t->block, SR) |= SR_COMIF;
        tim_commutate(t);
        tim_request(t, DMA_COM);
    }
    if (level || mode == GATED) {
        REG(&t->block, SR) |= SR_TIF;
        tim_request(t, DMA_TRIG);
    }
    if (level) {
        if (mode == RESET || mode == RESET_TRIGGER) {
            tim_reinitialise(t);
            tim_pulse_trigger(t, 0); /* MMS: the reset goes on */
        }
        if (mode == TRIGGER || mode == RESET_TRIGGER)
            start(t);
        if (mode == EXTERNAL)
            external_clock(t);
    }
    tim_settle(t);
}

/* Encoder modes (40.3.22): the other input's level tells the direction. */
static void encoder_edge(struct tim *t, unsigned n, bool level)
{
    unsigned mode = slave_mode(t);
    if ((mode == ENCODER1 && n != 0) || (mode == ENCODER2 && n != 1))
        return;
    uint32_t ccer = REG(&t->block, CCER);
    bool inverted = (ccer >> 1 & 1) != (ccer >> 5 & 1);
    t->down = ((level == input_level(t, 1 - n)) == (n == 0)) != inverted;
    REG(&t->block, CR1) = (cr1(t) & ~(uint32_t)CR1_DIR) | (t->down ? (uint32_t)CR1_DIR : 0);
    if (cr1(t) & CR1_CEN)
        tim_count(t, 1);
}

/* CCxP and CCxNP: rising, falling, both. */
static bool edge_selected(const struct tim *t, unsigned n, bool level)
{
    unsigned polarity = REG(&t->block, CCER) >> (4 * n + 1) & 5;
    return polarity == 5 || level == (polarity == 0);
}

static void input_changed(struct tim *t, unsigned n, bool level)
{
    unsigned mode = slave_mode(t), source = trigger_source(t);
    if (mode >= ENCODER1 && mode <= ENCODER3 && n < 2)
        encoder_edge(t, n, level);
    for (unsigned channel = n & ~1u; channel < (n & ~1u) + 2; channel++) {
        unsigned selected = ccmr(t, channel) & 3;
        bool mine = selected == (channel == n ? 1u : 2u);
        if (mine && edge_selected(t, channel, level))
            tim_capture(t, channel);
    }
    if (source == EDGE_DETECTOR && n == 0) {
        tim_trigger_edge(t, true); /* TI1F_ED: either edge */
        tim_trigger_edge(t, false);
    } else if (source == FILTERED_INPUT1 + n && n < 2) {
        tim_trigger_edge(t, edge_selected(t, n, level));
    }
}

/* ---- Levels from outside ---- */

void tim_input(struct soc *soc, unsigned number, unsigned channel, bool level)
{
    struct tim *t = tim_find(soc, number);
    if (!t || channel - 1 >= INPUTS || t->input[channel - 1] == level)
        return;
    tim_sync(t);
    bool first = input_level(t, 0);
    t->input[channel - 1] = level;
    if (channel != 1)
        input_changed(t, channel - 1, level);
    if (input_level(t, 0) != first)
        input_changed(t, 0, !first);
    tim_settle(t);
}

/* ETRP: polarity and prescaler are behind the pin. */
static void external_trigger_edge(struct tim *t, bool level)
{
    if (REG(&t->block, SMCR) & SMCR_ECE && level)
        external_clock(t);
    if (trigger_source(t) == EXTERNAL_TRIGGER)
        tim_trigger_edge(t, level);
}

void tim_external_trigger(struct soc *soc, unsigned number, bool level)
{
    struct tim *t = tim_find(soc, number);
    if (!t || t->external_trigger == level)
        return;
    tim_sync(t);
    t->external_trigger = level;
    uint32_t smcr = REG(&t->block, SMCR);
    unsigned every = 1u << (smcr >> 12 & 3);
    bool active = etr_level(t);
    tim_clear_references(t);
    if (every == 1) {
        external_trigger_edge(t, active);
    } else if (active && ++t->etr_edges >= every) {
        t->etr_edges = 0;
        external_trigger_edge(t, true);
        external_trigger_edge(t, false);
    }
    tim_settle(t);
}

/* The level of the trigger that gated mode has selected. */
static bool gate_level(const struct tim *t)
{
    unsigned source = trigger_source(t);
    if (source < 4)
        return t->masters[source] && t->masters[source]->trigger_level[0];
    if (source == EXTERNAL_TRIGGER)
        return etr_level(t);
    unsigned n = source - FILTERED_INPUT1;
    return n < 2 && edge_selected(t, n, input_level(t, n));
}

void tim_slave_mode_changed(struct tim *t)
{
    if (slave_mode(t) != GATED || t->gate == gate_level(t))
        return;
    t->gate = !t->gate;
    tim_rebase(t);
}
