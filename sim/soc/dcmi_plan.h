/*
 * What the files of the DCMI share (RM0399 chapter 32): dcmi.c has the registers, the FIFO, the frames
 * and their time, dcmi_plan.c what the samples of a line come to.
 */
#ifndef SIM_SOC_DCMI_PLAN_H
#define SIM_SOC_DCMI_PLAN_H

#include "sim/soc/block.h"
#include "sim/soc/dcmi.h"

enum {
    CR = 0x00,
    SR = 0x04,
    RIS = 0x08,
    IER = 0x0c,
    MIS = 0x10,
    ICR = 0x14,
    ESCR = 0x18,
    ESUR = 0x1c,
    CWSTRT = 0x20,
    CWSIZE = 0x24,
    DR = 0x28,
};

enum {
    CR_CAPTURE = 1 << 0,
    CR_CM = 1 << 1,
    CR_CROP = 1 << 2,
    CR_JPEG = 1 << 3,
    CR_ESS = 1 << 4,
    CR_HSPOL = 1 << 6,
    CR_VSPOL = 1 << 7,
    CR_ENABLE = 1 << 14,
    CR_OEBS = 1 << 18,
    CR_LSM = 1 << 19,
    CR_OELS = 1 << 20,
};
enum { SR_HSYNC = 1, SR_VSYNC = 2, SR_FNE = 4 };
enum { FLAG_FRAME = 1, FLAG_OVR = 2, FLAG_ERR = 4, FLAG_VSYNC = 8, FLAG_LINE = 16 };

/* The FIFO has 8 words. Words come in groups of up to GROUP while they are read as fast as they
 * come, so the array has room for a group on top. */
enum { FIFO_WORDS = 8, GROUP = 16, FIFO_ROOM = 32 };

enum item_kind {
    ITEM_WORD,
    ITEM_FRAME_START,
    ITEM_LINE_START,
    ITEM_LINE_END,
    ITEM_WINDOW_END,
    ITEM_FRAME_END,
    ITEM_ERROR
};

/* What the samples of a line come to, and after which sample. */
struct item {
    uint32_t word;
    uint16_t sample;
    uint8_t kind;
};

enum { ITEMS_MAX = DCMI_LINE_MAX };

struct dcmi {
    struct block block;
    struct event due;
    bool vsync, hsync; /* levels at the pins */
    bool capturing;    /* within a frame that is captured */
    bool stop_asked;   /* CAPTURE was cleared during it */
    unsigned frames;   /* since CAPTURE was set, for FCRC */
    unsigned line;     /* within the frame */
    uint32_t partial;  /* bytes of a word that is not complete */
    unsigned partial_bytes;
    uint32_t fifo[FIFO_ROOM];
    unsigned head, fill;
    bool read_since; /* DR was read since words came last */
    unsigned group;  /* words of the next group */
    unsigned words;  /* of the frame, that came */
    struct {
        uint32_t history; /* the last four bytes */
        bool in_frame, in_line;
        bool ended;      /* the last code was a frame's end: one may start */
        unsigned column; /* bytes since the line's start */
        unsigned taken;  /* of the last three bytes, a bit each: it was selected */
    } embedded;
    bool active_frame, active_line; /* by the codes that have come: SR */
    struct item items[ITEMS_MAX];
    unsigned item_count, next_item;
    sim_time start;
    uint64_t pixclk_hz;
};

/* The line ends the crop window. */
bool dcmi_ends_window(const struct dcmi *dcmi);

/* What a line with synchronisation by the pins, or by codes among the samples, comes to: items. */
void dcmi_plan_line(struct dcmi *dcmi, const struct dcmi_samples *samples);
void dcmi_plan_codes(struct dcmi *dcmi, const struct dcmi_samples *samples);

#endif
