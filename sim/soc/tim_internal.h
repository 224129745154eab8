/*
 * What the files of the timers share: tim.c registers, tim_count.c the counter, tim_channel.c compare outputs,
 * interrupts and DMA requests, tim_output.c outputs with dead time and breaks, tim_trigger.c what timers tell each
 * other, tim_input.c inputs and slave modes.
 */
#ifndef SIM_SOC_TIM_INTERNAL_H
#define SIM_SOC_TIM_INTERNAL_H

#include "sim/soc/block.h"
#include "sim/soc/tim.h"

enum { CHANNELS = 6, COMPLEMENTS = 3, BREAKS = 2, BREAK_SOURCES = 3 };
enum { INPUTS = 4, SLAVES_MAX = 8, LISTENERS_MAX = 4, TRIGGER_OUTPUTS = 2 };

enum {
    CR1 = 0x00,
    CR2 = 0x04,
    SMCR = 0x08,
    DIER = 0x0c,
    SR = 0x10,
    EGR = 0x14,
    CCMR1 = 0x18,
    CCMR2 = 0x1c,
    CCER = 0x20,
    CNT = 0x24,
    PSC = 0x28,
    ARR = 0x2c,
    RCR = 0x30,
    CCR1 = 0x34,
    BDTR = 0x44,
    DCR = 0x48,
    DMAR = 0x4c,
    CCMR3 = 0x54,
    CCR5 = 0x58,
    AF1 = 0x60,
    AF2 = 0x64,
    TISEL = 0x68,
};

enum {
    CR1_CEN = 1 << 0,
    CR1_UDIS = 1 << 1,
    CR1_URS = 1 << 2,
    CR1_OPM = 1 << 3,
    CR1_DIR = 1 << 4,
    CR1_CMS = 3 << 5,
    CR1_ARPE = 1 << 7,
    CR1_UIFREMAP = 1 << 11,
    CR2_CCPC = 1 << 0,
    CR2_CCUS = 1 << 2,
    CR2_CCDS = 1 << 3,
    CR2_TI1S = 1 << 7,
    CR2_OIS = 0x5ff00,
    SMCR_ECE = 1 << 14,
    SMCR_ETP = 1 << 15,
    DIER_DMA_SHIFT = 8, /* of a flag's DMA enable over its place in SR */
    SR_UIF = 1 << 0,
    SR_CC1IF = 1 << 1,
    SR_COMIF = 1 << 5,
    SR_TIF = 1 << 6,
    SR_BIF = 1 << 7,
    SR_B2IF = 1 << 8,
    SR_CC1OF = 1 << 9,
    SR_CC5IF = 1 << 16,
    SR_CAPTURES = 0x1e, /* CC1IF to CC4IF */
    SR_FLAGS = 0x33fff,
    BDTR_LOCK = 3 << 8,
    BDTR_LEVEL1 = 0x03ff70ff, /* DTG, BKE, BKP, AOE, both breaks' filters and polarities */
    BDTR_LEVEL2 = 3 << 10,    /* OSSI, OSSR */
    BDTR_OSSI = 1 << 10,
    BDTR_AOE = 1 << 14,
    BDTR_MOE = 1 << 15,
    CCER_POLARITIES = 0x22aaaa,
    CCER_ENABLES = 0x115555, /* CCxE, CCxNE */
    CCMR_OCCE = 1 << 7,
    BDTR_OSSR = 1 << 11,
    CCMR_MODE = 1 << 16 | 0x78, /* OCxM, OCxPE of the first channel */
};

enum slave_mode {
    ENCODER1 = 1,
    ENCODER2,
    ENCODER3,
    RESET,
    GATED,
    TRIGGER,
    EXTERNAL,
    RESET_TRIGGER
};
enum { DMA_UP = 4, DMA_TRIG = 5, DMA_COM = 6 };

/* A signal at a break input: the pin, and both comparators. */
struct break_source {
    bool connected, level;
};

struct tim {
    struct block block;
    struct event event;
    uint32_t mask; /* 0xffff or 0xffffffff */
    /* Counting: `counted` ticks were worked out since `epoch`, at the active prescaler. */
    sim_time epoch;
    uint64_t counted;
    uint64_t hz;
    uint32_t count;
    bool down;
    bool gate;          /* gated mode: the trigger is high */
    uint32_t prescaler; /* active (shadow) values */
    uint32_t reload, compare[CHANNELS];
    uint32_t repetitions;    /* left until the next update event */
    uint32_t external_edges; /* prescaler's place when clocked from outside */
    bool ref[CHANNELS];      /* OCxREF of the modes that remember */
    uint8_t cleared;         /* references that ETRF holds low, a bit a channel */
    struct wire output[CHANNELS], complement[COMPLEMENTS];
    struct wire driven[CHANNELS + COMPLEMENTS]; /* the timer drives that output */
    uint32_t enables;                           /* of CCER, and */
    uint16_t modes[CHANNELS];                   /* OCxM: as a commutation left them */
    struct event dead;
    bool dead_reference[COMPLEMENTS];
    sim_time dead_until[COMPLEMENTS], idle_from;
    bool released; /* MOE is 0 */
    struct break_source breaks[BREAKS][BREAK_SOURCES];
    bool input[INPUTS];
    unsigned edges[INPUTS];              /* of the capture prescaler */
    unsigned burst;                      /* transfers of the DMA burst so far */
    bool external_trigger;               /* the level at ETR */
    unsigned etr_edges;                  /* of its prescaler */
    bool lock_written;                   /* BDTR.LOCK is frozen */
    bool trigger_level[TRIGGER_OUTPUTS]; /* TRGO, TRGO2 */
    uint8_t references;                  /* OC4REF to OC6REF as TRGO2 saw them last */
    struct tim *masters[4], *slaves[SLAVES_MAX];
    struct wire trigger[TRIGGER_OUTPUTS]; /* for blocks that are no timers */
    const void *listeners[LISTENERS_MAX]; /* those that want it */
};

struct tim *tim_find(struct soc *soc, unsigned instance);

static inline unsigned instance(const struct tim *t)
{
    return t->block.row->instance;
}

static inline bool has_break(const struct tim *t)
{
    return instance(t) == 1 || instance(t) == 8 || instance(t) >= 15;
}

static inline bool basic(const struct tim *t)
{
    return instance(t) == 6 || instance(t) == 7;
}

static inline bool counts_down_too(const struct tim *t)
{
    return instance(t) <= 5 || instance(t) == 8;
}

static inline uint32_t cr1(const struct tim *t)
{
    return REG(&t->block, CR1);
}

static inline bool centred(const struct tim *t)
{
    return cr1(t) & CR1_CMS;
}

static inline unsigned slave_mode(const struct tim *t)
{
    uint32_t smcr = REG(&t->block, SMCR);
    return (smcr & 7) | (smcr >> 13 & 8);
}

static inline unsigned trigger_source(const struct tim *t)
{
    uint32_t smcr = REG(&t->block, SMCR);
    return (smcr >> 4 & 7) | (smcr >> 17 & 0x18);
}

static inline bool clocked_by_time(const struct tim *t)
{
    unsigned mode = slave_mode(t);
    if (!(cr1(t) & CR1_CEN) || REG(&t->block, SMCR) & SMCR_ECE || mode == EXTERNAL ||
        (mode >= ENCODER1 && mode <= ENCODER3))
        return false;
    return mode != GATED || t->gate;
}

/* ---- Channels. Channel n is 0 to 5. ---- */

static inline uint32_t ccmr(const struct tim *t, unsigned n)
{
    uint32_t reg = REG(&t->block, n < 4 ? CCMR1 + n / 2 * 4 : CCMR3);
    return n % 2 ? reg >> 8 : reg;
}

static inline bool is_capture(const struct tim *t, unsigned n)
{
    return n < 4 && ccmr(t, n) & 3;
}

static inline unsigned compare_mode(const struct tim *t, unsigned n)
{
    return t->modes[n];
}

static inline uint32_t *ccr(struct tim *t, unsigned n)
{
    return &REG(&t->block, n < 4 ? CCR1 + 4 * n : CCR5 + 4 * (n - 4));
}

static inline uint32_t channel_flag(unsigned n)
{
    return n < 4 ? (uint32_t)SR_CC1IF << n : (uint32_t)SR_CC5IF << (n - 4);
}

/* ---- tim.c ---- */

/* Outputs, triggers, interrupt and next event follow the state. */
void tim_settle(struct tim *t);
/* A COM event as CR2.CCPC knows it. */
void tim_commutate(struct tim *t);

/* ---- tim_count.c ---- */

/* Works the counter out, up to now; to be called before anything that it depends on changes. */
void tim_sync(struct tim *t);
/* An event for the next instant that somebody must be told of. */
void tim_schedule(struct tim *t);
/* So many ticks, from wherever they come. */
void tim_count(struct tim *t, uint64_t ticks);
/* Ticks are counted from now on. */
void tim_rebase(struct tim *t);
/* As by EGR.UG, or a reset by the slave mode controller. */
void tim_reinitialise(struct tim *t);

/* ---- tim_channel.c ---- */

bool tim_reference(const struct tim *t, unsigned n); /* OCxREF */
/* OCxREF of the modes that remember follows a match. */
void tim_matched_output(struct tim *t, unsigned n);
void tim_update_irq(struct tim *t);
/* DMA output n: CC1 to CC4, DMA_UP, DMA_TRIG, DMA_COM. */
void tim_request(struct tim *t, unsigned n);
void tim_drop_requests(struct tim *t); /* those whose enable has gone */

/* ---- tim_output.c ---- */

void tim_init_outputs(struct tim *t);
void tim_reset_outputs(struct tim *t);
void tim_update_outputs(struct tim *t);
bool tim_channel_drives(const struct tim *t, unsigned n);
bool tim_complement_drives(const struct tim *t, unsigned n);
/* Somebody sees what the channel's reference does. */
bool tim_output_matters(const struct tim *t, unsigned n);
/* Breaks that are active take MOE away and set their flag. */
void tim_check_breaks(struct tim *t);
bool tim_broken(const struct tim *t);

/* ---- tim_trigger.c ---- */

void tim_connect_masters(struct tim *t);
/* What makes an edge of TRGO (0) or TRGO2 (1); as MMS and MMS2 have it. */
unsigned tim_master_mode(const struct tim *t, unsigned which);
/* In this mode of TRGO2 the channel's edges make pulses. */
bool tim_pulses_by(unsigned mode, unsigned n);
/* Somebody hears TRGO or TRGO2. */
bool tim_trigger_observed(const struct tim *t);
/* A pulse on those outputs that are in this mode. */
void tim_pulse_trigger(struct tim *t, unsigned mode);
void tim_update_trigger_level(struct tim *t);
/* Masters may have to make events of their triggers from now on. */
void tim_ask_masters(struct tim *t);

/* ---- tim_input.c ---- */

void tim_capture(struct tim *t, unsigned n);
void tim_trigger_edge(struct tim *t, bool level);
/* References that ETRF clears, now that it has changed. */
void tim_clear_references(struct tim *t);
/* SMCR has changed: gated mode sees its trigger. */
void tim_slave_mode_changed(struct tim *t);

#endif
