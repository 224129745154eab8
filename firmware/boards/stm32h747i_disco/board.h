/*
 * The STM32H747I-DISCO (MB1248) as firmware sees it: what is wired where, and who does what. M7:
 * SDRAM and panel. M4: console, camera, touch. Each core drives its own LED.
 */
#ifndef BOARD_STM32H747I_DISCO_H
#define BOARD_STM32H747I_DISCO_H

#include "drivers/dsi.h"
#include "drivers/gpio.h"

/* Active low. */
#define LED1_GREEN  PIN('I', 12)
#define LED2_ORANGE PIN('I', 13)
#define LED3_RED    PIN('I', 14)
#define LED4_BLUE   PIN('I', 15)

#define CAMERA_POWER_DOWN PIN('J', 14) /* high: off */
#define PANEL_RESET       PIN('G', 3)  /* low: reset */
#define PANEL_BACKLIGHT   PIN('J', 12)

#define TOUCH_INTERRUPT PIN('K', 7)

enum { I2C_ADDRESS_OV5640 = 0x78 };

extern const struct video_timing board_panel_timing;

void led_init(uint8_t led); /* off */
void led_set(uint8_t led, bool on);

void board_sdram_pins(void);
void board_console_pins(void);
void board_camera_pins(void);
void board_usb_pins(void); /* ULPI to the PHY of CN1; the PHY switches the connector's power */

/* Brings the panel up behind a running DSI host, whichever of its two controllers this board's
 * revision has. False: nothing answered. */
bool board_panel_start(void (*wait_milliseconds)(uint32_t));
const char *board_panel_name(void);

#endif
