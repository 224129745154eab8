/*
 * The camera's frames as JPEG, for whoever records. A frame on its way to the M7 stops at the codec
 * (drivers/jpeg.h) if somebody wants it; the stream goes into a slot, and slots go to a thread and
 * back. Where all slots are full, or a stream finds no room in its slot, the frame is passed on
 * unrecorded and counted.
 */
#ifndef CAMERA_ENCODER_H
#define CAMERA_ENCODER_H

#include "drivers/jpeg.h"
#include "tx_api.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    ENCODER_QUALITY = 85,
    ENCODER_SLOTS = 16, /* half a second at 30 a second, for a stick that takes its time */
    ENCODER_SLOT_BYTES = 128 * 1024,
    ENCODER_HEAD = 8,    /* bytes that are free before the stream, for a chunk's header */
    ENCODER_TAIL = 1024, /* and after it, for what fills up its last sector */
    ENCODER_EVERY_FRAME = -1,
};

struct encoder_picture {
    uint8_t *head;   /* ENCODER_HEAD bytes, then the stream */
    uint32_t length; /* of the stream; a multiple of 4 */
    uint16_t width, height;
    uint32_t slot;
};

struct encoder_counts {
    uint32_t pictures;                 /* encoded, since start */
    uint32_t no_slot, too_large, busy; /* wanted and not encoded; busy: with the frame before */
};

/* From tx_application_define; the codec itself is set up by the first that wants frames. */
void encoder_open(void);
/* The next `frames` are wanted; 0: no more; ENCODER_EVERY_FRAME. Threads. */
void encoder_want(int32_t frames);
/* Waits for the next picture. False: none came in `ticks`. One thread. */
bool encoder_next(struct encoder_picture *picture, ULONG ticks);
void encoder_give_back(const struct encoder_picture *picture);
struct encoder_counts encoder_counts(void);

/* For the capture, from its interrupt: true, the frame is being encoded; `done` is called from an
 * interrupt of the same priority when it is needed no longer. */
bool encoder_take_frame(const uint8_t *units, uint32_t width, uint32_t height, void (*done)(void));
/* Who decodes has the codec and the slots' memory meanwhile: from encoder_lend() on, false where
 * frames are wanted or being encoded, until encoder_take_back(). `ended` is called from the interrupt.
 * One thread at a time. */
bool encoder_lend(void (*ended)(enum jpeg_result result));
void encoder_take_back(void);
bool encoder_is_lent(void);

/* For the handler of MDMA. */
void encoder_mdma_interrupt(void);

#endif
