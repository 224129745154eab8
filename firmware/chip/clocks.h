/*
 * The clock tree of the chip for a 25 MHz crystal: M7 480 MHz, M4, AHB and AXI 240 MHz, all APBs
 * 120 MHz, LTDC pixel clock 27.5 MHz. Voltage scale 0 with the direct SMPS supply of the board.
 */
#ifndef CHIP_CLOCKS_H
#define CHIP_CLOCKS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    CLOCK_CM7_HZ = 480000000,
    CLOCK_CM4_HZ = 240000000,
    CLOCK_APB_HZ = 120000000,
    CLOCK_TIMER_HZ = 240000000, /* timers of APB1 and APB2: twice their bus */
    CLOCK_PIXEL_HZ = 27500000,
    CLOCK_SDRAM_HZ = 120000000,
};

/* M7 only, once, from reset with interrupts off. False: a clock or the voltage did not get ready;
 * the chip then still runs on its 64 MHz internal oscillator. */
bool clocks_start(void);

#endif
