/* What board.c and the wiring table share. */
#ifndef SIM_BOARD_INTERNAL_H
#define SIM_BOARD_INTERNAL_H

#include "sim/board/ft6x06.h"
#include "sim/board/lan8742.h"
#include "sim/board/mt25tl01g.h"
#include "sim/board/ov5640.h"
#include "sim/board/panel.h"
#include "sim/board/wm8994.h"

/* A pin of the chip. */
struct pin {
    uint8_t port, number; /* port 0 is A */
};

struct button {
    const char *name;
    struct pin pin;
    bool pressed_level;
};

/* Pins that a peripheral needs, in their alternate function. */
struct connection {
    const char *what; /* "USART1" */
    uint8_t alternate;
    uint8_t count;
    struct pin pins[12];
};

/* stm32h747i_disco.c: the wiring. */
extern const struct pin disco_led_pins[BOARD_LEDS];
extern const struct button disco_buttons[];
extern const unsigned disco_button_count;
extern const struct pin disco_panel_reset, disco_backlight, disco_tearing_effect;
extern const struct pin disco_touch_interrupt, disco_camera_power_down, disco_card_detect;
extern const struct connection disco_console, disco_i2c, disco_camera, disco_usb, disco_flash;
extern const struct connection disco_card, disco_card_wide, disco_audio;
extern const struct connection disco_ethernet;
enum { DISCO_I2C = 4, DISCO_SDRAM_BANK = 2, DISCO_SDRAM_SIZE = 32 << 20 };
/* 8-bit addresses on I2C4. */
enum { TOUCH_ADDRESS_A = 0x54, TOUCH_ADDRESS_B = 0x70 };

enum { BOARD_JUMPERS = 8 };

/* A device on the board's I2C, behind the pins that must be set up for it. */
struct wired_device {
    struct board *board;
    struct i2c_device *inside;
    struct i2c_device outside;
};

struct board {
    struct soc *soc;
    struct sim *sim;
    struct board_listener listener;
    enum board_panel revision;
    struct panel panel;
    struct ov5640 camera;
    struct ft6x06 touch;
    struct wm8994 codec;
    struct lan8742 phy;
    struct wired_device wired[3];
    struct ram sdram;
    struct mt25tl01g flash;
    const struct sd_device *card; /* in the socket; NULL: none */
    bool led[BOARD_LEDS];
    struct pin jumper_to[BOARD_JUMPERS];
    unsigned jumpers;
};

/* jumper.c: "PC6-PA0". NULL: done; else what is wrong, static storage. */
const char *board_set_jumper(struct board *board, const char *value);
/* "I2C1-I2C2", "SPI2-SPI5", "USART2-UART8": the same. */
const char *board_set_wire(struct board *board, const char *value);

/* All pins of the connection are in their alternate function; false: they are not, and the guest
 * is told so once. */
bool board_connected(struct board *board, const struct connection *connection);

#endif
