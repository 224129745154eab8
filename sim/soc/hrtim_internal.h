/* What the files of the HRTIM share: hrtim.c registers, interrupts, pins, hrtim_count.c counters, events and outputs. */
#ifndef SIM_SOC_HRTIM_INTERNAL_H
#define SIM_SOC_HRTIM_INTERNAL_H

#include "sim/soc/block.h"
#include "sim/soc/hrtim.h"

/* The master, timers A to E, and what is common, 0x80 apart. Of a timer: */
enum {
    CR = 0x00,
    ISR = 0x04,
    ICR = 0x08,
    DIER = 0x0c,
    CNTR = 0x10,
    PER = 0x14,
    REP = 0x18,
    CMP1 = 0x1c,
    CMP1C = 0x20,
    CMP2 = 0x24,
    CMP3 = 0x28,
    CMP4 = 0x2c,
    CPT1 = 0x30,
    DT = 0x38,
    SET1 = 0x3c,
    RST1 = 0x40,
    SET2 = 0x44,
    RST2 = 0x48,
    EEF1 = 0x4c,
    EEF2 = 0x50,
    RST = 0x54,
    CHP = 0x58,
    CPT1C = 0x5c,
    CPT2C = 0x60,
    OUT = 0x64,
    FLT = 0x68,
};

enum {
    TIMER = 0x80,
    COMMON = 0x380,
    CR1 = COMMON,
    CR2 = COMMON + 4,
    C_ISR = COMMON + 8,
    C_ICR = COMMON + 0xc,
    C_IER = COMMON + 0x10,
    OENR = COMMON + 0x14,
    ODISR = COMMON + 0x18,
    ODSR = COMMON + 0x1c,
    BMCR = COMMON + 0x20,
    ADC1R = COMMON + 0x3c,
    FLTINR1 = COMMON + 0x50,
    BDMADR = COMMON + 0x60,
};

enum {
    CR_CONT = 1 << 3,
    CR_RETRIG = 1 << 4,
    CR_HALF = 1 << 5,
    CR_PSHPLL = 1 << 6,
    CR_REPU = 1 << 17,
    MCR_REPU = 1 << 29,
    CR_RSTU = 1 << 18,
    CR_MSTU = 1 << 24,
    CR_PREEN = 1 << 27,
    MCR_CEN = 1 << 16, /* and each timer's behind it */
    ISR_REP = 1 << 4,
    ISR_UPD = 1 << 6,
    ISR_CPT1 = 1 << 7,
    ISR_SET1 = 1 << 9, /* RST1, SET2, RST2 follow */
    ISR_RST = 1 << 13,
    ISR_FLAGS = 0x7fdf,
    OUT_DTEN = 1 << 8,
};

/* Bits of SETxyR and RSTxyR. */
enum {
    EVENT_SOFTWARE = 0,
    EVENT_PER = 2,
    EVENT_CMP1 = 3,
    EVENT_MASTER = 5, /* from a timer's own event to the master's */
    EVENT_UPDATE = 31,
};
#define EVENTS_MODELLED 0x80000fffu

enum { UNITS = 6, COMPARES = 4, MASTER = 0, SIDES = 2 };

struct hrtim;

/* A counter: the master's or a timer's. */
struct unit {
    struct hrtim *hrtim;
    unsigned number;
    uint32_t at; /* its registers */
    struct event event;
    bool stopped; /* one shot is over */
    sim_time epoch;
    uint64_t counted; /* ticks worked out since epoch */
    uint32_t count;
    uint32_t period, compare[COMPARES], repetition; /* active */
    uint32_t repetitions;                           /* left */
    bool output[SIDES];
};

struct hrtim {
    struct block block;
    struct unit unit[UNITS];
    uint64_t hz;
};

static inline uint32_t *unit_reg(const struct unit *u, uint32_t offset)
{
    return &REG(&u->hrtim->block, u->at + offset);
}

static inline bool unit_enabled(const struct unit *u)
{
    return REG(&u->hrtim->block, CR) & (uint32_t)MCR_CEN << u->number;
}

/* ---- hrtim_count.c ---- */

void hrtim_sync(struct hrtim *h);
void hrtim_schedule(struct hrtim *h);
void hrtim_rebase(struct unit *u);
void hrtim_init_unit(struct unit *u);
/* PER, REP and the compare values as they stand. */
void hrtim_load(struct unit *u);
/* Preloaded values take effect. */
void hrtim_update(struct unit *u);
void hrtim_reset_counter(struct unit *u);
/* An event, a bit of SETxyR and RSTxyR, at the timer's outputs. */
void hrtim_crossbar(struct unit *u, unsigned event);

/* ---- hrtim.c ---- */

void hrtim_show(struct hrtim *h);
bool hrtim_output_enabled(const struct unit *u, unsigned side);

#endif
