/*
 * DSI host and its PHY for a panel of two lanes at 500 Mbit/s, video mode in bursts (RM0399 chapter
 * 34). M7, thread context.
 */
#ifndef DRIVERS_DSI_H
#define DRIVERS_DSI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the LTDC sends, in pixels and lines; porches as in its registers. */
struct video_timing {
    uint16_t width, horizontal_sync, horizontal_back, horizontal_front;
    uint16_t height, vertical_sync, vertical_back, vertical_front;
};

/* Brings up regulator, PLL, PHY, host and video mode; the LTDC is not flowing yet.
 * False: regulator or PLL did not get ready. */
bool dsi_start(const struct video_timing *timing);
void dsi_flow(void); /* the LTDC's pixels go out from now on */

/* DCS command with its parameters, in low-power mode. False: the FIFO stayed full. */
bool dsi_write(uint8_t command, const uint8_t *parameters, size_t count);
/* DCS read of one byte. False: the panel did not answer in time. */
bool dsi_read(uint8_t command, uint8_t *value);

#endif
