/* What the files of the LPTIMs share: lptim.c registers and counting, lptim_input.c pins, triggers, the encoder. */
#ifndef SIM_SOC_LPTIM_INTERNAL_H
#define SIM_SOC_LPTIM_INTERNAL_H

#include "sim/soc/block.h"
#include "sim/soc/lptim.h"

enum {
    ISR = 0x00,
    ICR = 0x04,
    IER = 0x08,
    CFGR = 0x0c,
    CR = 0x10,
    CMP = 0x14,
    ARR = 0x18,
    CNT = 0x1c,
    CFGR2 = 0x24,
};

enum {
    ISR_CMPM = 1 << 0,
    ISR_ARRM = 1 << 1,
    ISR_EXTTRIG = 1 << 2,
    ISR_CMPOK = 1 << 3,
    ISR_ARROK = 1 << 4,
    ISR_UP = 1 << 5,
    ISR_DOWN = 1 << 6,
    ISR_FLAGS = 0x7f,
    CFGR_CKSEL = 1 << 0,
    CFGR_TRIGEN = 3 << 17,
    CFGR_TIMOUT = 1 << 19,
    CFGR_WAVE = 1 << 20,
    CFGR_WAVPOL = 1 << 21,
    CFGR_PRELOAD = 1 << 22,
    CFGR_COUNTMODE = 1 << 23,
    CFGR_ENC = 1 << 24,
    CR_ENABLE = 1 << 0,
    CR_SNGSTRT = 1 << 1,
    CR_CNTSTRT = 1 << 2,
    CR_COUNTRST = 1 << 3,
    CR_RSTARE = 1 << 4,
};

enum run { STOPPED, ONCE, FOREVER };
enum { LPTIMS = 5, INPUTS = 2 };

struct lptim {
    struct block block;
    struct event event;
    enum run run, armed; /* armed: as the next trigger starts it */
    uint64_t hz;
    sim_time epoch;
    uint64_t counted; /* ticks worked out since epoch */
    uint32_t count;
    uint32_t compare, reload;      /* active values */
    bool set_once;                 /* CFGR.WAVE: the output keeps its last level */
    bool resets_by_read;           /* CR.RSTARE, which cannot be read back */
    bool wave;                     /* the output */
    struct wire heard;             /* the same, for ADC and DAC */
    bool down;                     /* as the encoder turns */
    bool input[INPUTS], etr;       /* at the pins */
    unsigned edges;                /* of Input1 since it was enabled */
    struct lptim *all[LPTIMS + 1]; /* by number */
};

struct lptim *lptim_find(struct soc *soc, unsigned instance);

/* Input1 moves the counter, and time does not. */
static inline bool lptim_counts_edges(const struct lptim *t)
{
    return REG(&t->block, CFGR) & (CFGR_CKSEL | CFGR_COUNTMODE | CFGR_ENC);
}

static inline uint64_t tick_cycles(const struct lptim *t)
{
    return 1ull << (REG(&t->block, CFGR) >> 9 & 7);
}

/* ---- lptim.c ---- */

void lptim_sync(struct lptim *t);
void lptim_settle(struct lptim *t);
/* So many ticks, from wherever they come. */
void lptim_count(struct lptim *t, uint64_t ticks);
/* From 0 on, until it is told otherwise. */
void lptim_run(struct lptim *t, enum run run);

/* ---- lptim_input.c ---- */

void lptim_init_inputs(struct lptim *t);
/* The output is another. */
void lptim_output_changed(struct lptim *t);
/* Somebody sees the output's edges. */
bool lptim_output_observed(const struct lptim *t);

#endif
