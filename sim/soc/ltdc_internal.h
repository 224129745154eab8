/* The LTDC, what its files share (RM0399 chapter 33): ltdc.c has the registers and the scan, ltdc_lines.c
 * makes the lines of the picture, ltdc_bandwidth.c knows what their fetches take of the memories. */
#ifndef SIM_SOC_LTDC_INTERNAL_H
#define SIM_SOC_LTDC_INTERNAL_H

#include "sim/soc/block.h"
#include "sim/soc/ltdc.h"
#include "sim/soc/ltdc_blend.h"

enum {
    LTDC_SSCR = 0x08,
    LTDC_BPCR = 0x0c,
    LTDC_AWCR = 0x10,
    LTDC_TWCR = 0x14,
    LTDC_GCR = 0x18,
    LTDC_SRCR = 0x24,
    LTDC_BCCR = 0x2c,
    LTDC_IER = 0x34,
    LTDC_ISR = 0x38,
    LTDC_ICR = 0x3c,
    LTDC_LIPCR = 0x40,
    LTDC_CPSR = 0x44,
    LTDC_CDSR = 0x48,
    LTDC_L1CR = 0x84,
    LTDC_L2CR = 0x104,
    /* from a layer's first register */
    LAYER_CR = 0x00,
    LAYER_WHPCR = 0x04,
    LAYER_WVPCR = 0x08,
    LAYER_CKCR = 0x0c,
    LAYER_PFCR = 0x10,
    LAYER_CACR = 0x14,
    LAYER_DCCR = 0x18,
    LAYER_BFCR = 0x1c,
    LAYER_CFBAR = 0x28,
    LAYER_CFBLR = 0x2c,
    LAYER_CFBLNR = 0x30,
    LAYER_CLUTWR = 0x40,
    LAYER_STRIDE = 0x80,
};

enum { GCR_LTDCEN = 1 };
enum { SRCR_IMR = 1, SRCR_VBR = 2 };
enum { FLAG_LINE = 1, FLAG_UNDERRUN = 2, FLAG_ERROR = 4, FLAG_RELOAD = 8 };
enum { CDSR_VDES = 1, CDSR_HDES = 2, CDSR_VSYNCS = 4, CDSR_HSYNCS = 8 };
enum { LxCR_LEN = 1, LxCR_COLKEN = 2, LxCR_CLUTEN = 16 };

enum { LTDC_BAND = 8, LAYER_WORDS = LAYER_CLUTWR / 4 };

/* What the lines of a layer were made of when they were scanned last. */
struct fetched {
    uint8_t *bytes;
    size_t size;
    unsigned pitch;
};

struct ltdc {
    struct block block;
    struct ltdc_sink sink;
    struct event scan;
    uint32_t shadow[2][LAYER_WORDS]; /* written and not yet loaded; REG() has the active values */
    struct ltdc_layer layer[2];
    struct fetched fetched[2];
    struct ram *source[2]; /* of the layers' pixels, while their fetches are planned; or NULL */
    struct bus_job job;    /* for reports: the layer that is read */
    bool held, scanning;
    bool once; /* one frame is to be scanned although it is held */
    sim_time frame_start;
    uint64_t pixel_hz;
    unsigned line;       /* scan: everything before it is done */
    unsigned made;       /* lines of the active area that are passed on */
    unsigned generation; /* of registers that the picture depends on; never 0 */
    unsigned *line_generation;
    uint32_t *band; /* LTDC_BAND rows */
    unsigned width, height;
};

/* ltdc.c: timings; all registers are accumulated and minus 1 */
unsigned ltdc_across(const struct ltdc *ltdc, uint32_t reg);
unsigned ltdc_down(const struct ltdc *ltdc, uint32_t reg);
unsigned ltdc_first_line(const struct ltdc *ltdc);
sim_time ltdc_line_time(const struct ltdc *ltdc, unsigned line);
void ltdc_raise(struct ltdc *ltdc, uint32_t flag);

/* ltdc_lines.c */
void ltdc_configuration_changed(struct ltdc *ltdc); /* registers that the picture depends on */
/* Bytes of layer `n`'s line in its frame buffer; 0: the line shows no pixels of it. */
unsigned ltdc_line_bytes(const struct ltdc *ltdc, unsigned n, unsigned y);
/* The layer's window is larger than what it fetches. */
bool ltdc_runs_short(const struct ltdc *ltdc, unsigned n);
/* Lines of the active area up to `end`, which have been scanned by now. */
void ltdc_make_lines(struct ltdc *ltdc, unsigned end);
/* Lines that were scanned before something changes show it as it was. */
void ltdc_make_scanned_lines(struct ltdc *ltdc);

/* ltdc_bandwidth.c */
void ltdc_plan_fetches(struct ltdc *ltdc);
void ltdc_forget_plans(struct ltdc *ltdc);
void ltdc_look_for_underrun(struct ltdc *ltdc, unsigned y);

#endif
