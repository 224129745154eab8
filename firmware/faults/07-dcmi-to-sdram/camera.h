/*
 * Fault 7. The camera's DMA writes straight to SDRAM, where the LTDC reads the screen from.
 *
 * People meet it as a capture that works until the display is switched on, or until it gets a second
 * layer: then frames are cut short, and DCMI_RIS.OVR is set if anybody looks. The DCMI can wait for
 * four words, a third of a microsecond at this sensor's pixel clock, and its stream for four more;
 * a write to SDRAM in the midst of the LTDC's bursts takes longer than that now and then, and in the
 * mean longer than a word comes.
 *
 * Cure: the stream writes to line buffers in an SRAM of its own domain, which nobody else keeps busy,
 * and the MDMA takes them to SDRAM, a buffer at a time, with all of a buffer's time to wait (15.3.7,
 * 16.3.14, 32.3.10): firmware/drivers/dcmi.h.
 */
#ifndef CAMERA_H
#define CAMERA_H

#include "drivers/sdram.h"
#include "shared/turns.h"
#include "shared/verdict.h"

enum { WIDTH = 320, HEIGHT = 240, FRAME_BYTES = WIDTH * HEIGHT * 2, FRAMES = 6 };

#define FRAME  ((uint8_t *)SDRAM_BASE)
#define SCREEN ((uint8_t *)(SDRAM_BASE + 0x100000))

/* What the M7 asks for, in this order. */
enum { WITHOUT_DISPLAY = 1, WITH_DISPLAY };

#endif
