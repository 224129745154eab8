/* What the files of the ADCs share: adc.c registers and power, adc_sequence.c the two groups with triggers and
 * the data FIFO, adc_convert.c what a conversion gives. */
#ifndef SIM_SOC_ADC_INTERNAL_H
#define SIM_SOC_ADC_INTERNAL_H

#include "sim/soc/adc.h"
#include "sim/soc/block.h"

enum {
    ISR = 0x00,
    IER = 0x04,
    CR = 0x08,
    CFGR = 0x0c,
    CFGR2 = 0x10,
    SMPR1 = 0x14,
    PCSEL = 0x1c,
    LTR1 = 0x20,
    HTR1 = 0x24,
    SQR1 = 0x30,
    DR = 0x40,
    JSQR = 0x4c,
    OFR1 = 0x60,
    JDR1 = 0x80,
    AWD2CR = 0xa0,
    LTR2 = 0xb0,
    HTR2 = 0xb4,
    LTR3 = 0xb8,
    HTR3 = 0xbc,
    DIFSEL = 0xc0,
    CALFACT = 0xc4,
    CALFACT2 = 0xc8,
    UNIT = 0x100, /* from ADC1 to ADC2 */
    CSR = 0x300,
    CCR = 0x308,
    CDR = 0x30c,
    CDR2 = 0x310,
};

enum {
    ADRDY = 1 << 0,
    EOSMP = 1 << 1,
    EOC = 1 << 2,
    EOS = 1 << 3,
    OVR = 1 << 4,
    JEOC = 1 << 5,
    JEOS = 1 << 6,
    AWD1 = 1 << 7,
    JQOVF = 1 << 10,
    FLAGS = 0x7ff,
    LDORDY = 1 << 12,
    CR_ADEN = 1 << 0,
    CR_ADDIS = 1 << 1,
    CR_ADSTART = 1 << 2,
    CR_JADSTART = 1 << 3,
    CR_ADSTP = 1 << 4,
    CR_JADSTP = 1 << 5,
    CR_LINEAR = 1 << 16,
    CR_LINCALRDY = 0x3f << 22,
    CR_ADVREGEN = 1 << 28,
    CR_DEEPPWD = 1 << 29,
    CR_PLAIN = 0x3fc10300 | CR_ADVREGEN | CR_DEEPPWD, /* bits that keep what is written */
    CFGR_OVRMOD = 1 << 12,
    CFGR_DMNGT = 3 << 0,
    CFGR_DMA_ONE_SHOT = 1,
    CFGR_CONT = 1 << 13,
    CFGR_AUTDLY = 1 << 14,
    CFGR_DISCEN = 1 << 16,
    CFGR_JDISCEN = 1 << 20,
    CFGR_JQM = 1 << 21,
    CFGR_AWD1SGL = 1 << 22,
    CFGR_AWD1EN = 1 << 23,
    CFGR_JAWD1EN = 1 << 24,
    CFGR_JAUTO = 1 << 25,
    CFGR2_ROVSE = 1 << 0,
    CFGR2_JOVSE = 1 << 1,
    CFGR2_TROVS = 1 << 9,
    CFGR2_RSHIFT1 = 1 << 11,
    CCR_VREFEN = 1 << 22,
    CCR_VSENSEEN = 1 << 23,
    CCR_VBATEN = 1 << 24,
};
#define CR_ADCAL   0x80000000u
#define CFGR_JQDIS 0x80000000u
#define OFR_SSATE  0x80000000u

enum { UNITS = 2, CHANNELS = 20, DATA_DEPTH = 8, LINEARITY_WORDS = 6, CONTEXTS = 2 };

/* A sequence of conversions: the regular or the injected one. */
struct group {
    struct unit *unit;
    struct event converted;
    unsigned rank;
    bool injected;
    bool waits; /* for the injected group to be through */
};

struct unit {
    struct adc *adc;
    uint32_t at; /* its registers' offset in the block */
    struct event settled;
    struct group regular, injected;
    bool ready_next; /* settled: the unit becomes ready; else its calibration ends */
    uint32_t data[DATA_DEPTH];
    unsigned data_first, data_count;
    bool dma_over; /* the DMA has had all of its one shot */
    uint32_t linearity[LINEARITY_WORDS];
    uint32_t context[CONTEXTS]; /* of JSQR, the active one first */
    unsigned contexts;
    uint16_t input[CHANNELS]; /* of 65536 for the supply */
};

struct adc {
    struct block block;
    unsigned units;
    bool slaves_turn; /* of the alternate trigger mode */
    struct unit unit[UNITS];
};

static inline uint32_t *reg(const struct unit *u, uint32_t offset)
{
    return &REG(&u->adc->block, u->at + offset);
}

static inline bool is_adc3(const struct adc *adc)
{
    return adc->units == 1;
}

/* CCR.DUAL (26.4.32): which groups of ADC2 follow those of ADC1. */
static inline unsigned dual_mode(const struct adc *adc)
{
    return adc->units == 2 ? REG(&adc->block, CCR) & 0x1f : 0;
}

static inline bool is_dual(const struct adc *adc)
{
    unsigned mode = dual_mode(adc);
    return mode && mode != 5 && mode != 9; /* regular simultaneous or interleaved */
}

static inline bool injects_together(const struct adc *adc)
{
    unsigned mode = dual_mode(adc);
    return mode == 1 || mode == 3 || mode == 5;
}

static inline bool injects_in_turn(const struct adc *adc)
{
    return dual_mode(adc) == 2 || dual_mode(adc) == 9;
}

/* The slave's group that a dual mode takes away from its own trigger and start bit. */
static inline bool is_led(const struct group *g)
{
    const struct adc *adc = g->unit->adc;
    bool led = g->injected ? injects_together(adc) || injects_in_turn(adc) : is_dual(adc);
    return led && g->unit->at;
}

/* The unit's number as people count: 1 to 3. */
static inline unsigned adc_number(const struct unit *u)
{
    return is_adc3(u->adc) ? 3 : 1 + u->at / UNIT;
}

/* ---- adc.c ---- */

void adc_update(struct adc *adc);
uint64_t adc_clock_hz(const struct adc *adc);

/* ---- adc_convert.c ---- */

/* CFGR.RES in bits. */
unsigned adc_resolution(const struct unit *u);
/* A conversion of the channel, as it is stored in DR or JDR; the watchdogs have seen it. */
uint32_t adc_convert(struct unit *u, unsigned channel, bool injected);

/* ---- adc_sequence.c ---- */

void adc_init_group(struct group *g, struct unit *unit, bool injected);
void adc_start_group(struct group *g);
void adc_stop_group(struct group *g);
/* DR was read, or EOC cleared in its stead. */
void adc_result_taken(struct unit *u);
void adc_forget_results(struct unit *u);
/* The request follows DMNGT, OVR and the data that wait. */
void adc_update_request(struct unit *u);
/* JEOS was cleared: who waited for that goes on. */
void adc_injected_taken(struct unit *u);

/* ---- adc_queue.c ---- */

/* JSQR was written: the next context, or the only one. */
void adc_write_context(struct unit *u, uint32_t value);
/* The active context's sequence is through. */
void adc_next_context(struct unit *u);
/* The injected group was stopped. */
void adc_flush_contexts(struct unit *u);
/* There is none, so that nothing starts. */
bool adc_lacks_context(const struct unit *u);
void adc_queue_changed(struct unit *u); /* CFGR.JQDIS is another */
/* Once: hears all triggers. And: wants those that somebody waits for. */
void adc_connect_triggers(struct adc *adc);
void adc_listen(struct adc *adc);

#endif
