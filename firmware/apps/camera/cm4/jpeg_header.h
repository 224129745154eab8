/*
 * What a JPEG file says of its picture, before the codec gets it. No kernel, no hardware. Any context.
 */
#ifndef CAMERA_JPEG_HEADER_H
#define CAMERA_JPEG_HEADER_H

#include "shared/picture_shape.h"

/* False: no baseline JPEG of three components that the codec and the DMA2D can take. */
bool jpeg_header(const uint8_t *bytes, uint32_t count, struct picture_shape *shape);

#endif
