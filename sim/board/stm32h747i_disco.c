/* STM32H747I-DISCO (MB1248): which pin leads where. User manual UM2411, schematics. */
#include "sim/board/internal.h"

enum { A, B, C, D, E, F, G, H, I, J, K };

const struct pin disco_led_pins[BOARD_LEDS] = {{I, 12}, {I, 13}, {I, 14}, {I, 15}};

const struct button disco_buttons[] = {
    {"WAKEUP", {C, 13}, true}, {"SELECT", {K, 2}, false}, {"DOWN", {K, 3}, false},
    {"LEFT", {K, 4}, false},   {"RIGHT", {K, 5}, false},  {"UP", {K, 6}, false},
};
const unsigned disco_button_count = sizeof disco_buttons / sizeof disco_buttons[0];

const struct pin disco_panel_reset = {G, 3};
const struct pin disco_backlight = {J, 12};
const struct pin disco_tearing_effect = {J, 2};
const struct pin disco_touch_interrupt = {K, 7};
const struct pin disco_camera_power_down = {J, 14};
const struct pin disco_card_detect = {I, 8};

/* Of the console only the line that it listens to: firmware that prints need not read. */
const struct connection disco_console = {"USART1", 7, 1, {{A, 9}}};
const struct connection disco_i2c = {"I2C4", 4, 2, {{D, 12}, {D, 13}}};
/* ULPI to the USB3320: clock, data 0 to 7, stop, next, direction. The PHY's CPEN, which follows the
 * core's HPRT.PPWR, switches VBUS; no pin of the chip does. */
const struct connection disco_usb = {"USB1_OTG_HS",
                                     10,
                                     12,
                                     {{A, 5},
                                      {A, 3},
                                      {B, 0},
                                      {B, 1},
                                      {B, 10},
                                      {B, 11},
                                      {B, 12},
                                      {B, 13},
                                      {B, 5},
                                      {C, 0},
                                      {H, 4},
                                      {I, 11}}};
/* Chip select: the other wires of the flash are in two different functions. */
const struct connection disco_flash = {"QUADSPI", 10, 1, {{G, 6}}};
/* Clock, command and the first data line; the other three. Two of those are also the camera's. */
const struct connection disco_card = {"SDMMC1", 12, 3, {{C, 12}, {D, 2}, {C, 8}}};
const struct connection disco_card_wide = {"SDMMC1", 12, 3, {{C, 9}, {C, 10}, {C, 11}}};
/* To the codec: master clock, frame, bit clock, data of sub-block A. */
const struct connection disco_audio = {"SAI1", 6, 4, {{G, 7}, {E, 4}, {E, 5}, {E, 6}}};
/* Management of the Ethernet PHY: MDC and MDIO; the frames' wires lead to nobody. */
const struct connection disco_ethernet = {"ETH", 11, 2, {{C, 1}, {A, 2}}};
const struct connection disco_camera = {
    "DCMI",
    13,
    11,
    {{B, 7}, {A, 4}, {A, 6}, {C, 6}, {C, 7}, {G, 10}, {C, 9}, {C, 11}, {D, 3}, {B, 8}, {B, 9}}};
