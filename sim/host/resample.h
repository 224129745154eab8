/*
 * From a picture to the size that a sensor was programmed for, as a lens would: aspect kept, the
 * middle cropped to fill. Bicubic (Catmull-Rom), its kernel widened to the step where the picture
 * shrinks, so that fine detail is averaged and does not alias. Whole numbers decide every pixel:
 * the result is the same on every machine.
 */
#ifndef SIM_HOST_RESAMPLE_H
#define SIM_HOST_RESAMPLE_H

#include "sim/host/picture.h"

/* Fills width * height * 3 bytes at `rgb`. Sizes are at least 1. False: out of memory. */
bool resample_to_fill(const struct picture *picture, unsigned width, unsigned height, uint8_t *rgb);

#endif
