/* Pixels as the LTDC and the DMA2D number them (RM0399 19.3.4, 33.4.2). */
#ifndef DRIVERS_PIXEL_FORMAT_H
#define DRIVERS_PIXEL_FORMAT_H

#include <stdint.h>

enum pixel_format { PIXEL_ARGB8888 = 0, PIXEL_RGB565 = 2, PIXEL_ARGB4444 = 4 };

static inline uint32_t pixel_bytes(enum pixel_format format)
{
    return format == PIXEL_ARGB8888 ? 4 : 2;
}

#endif
