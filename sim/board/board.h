/*
 * The STM32H747I-DISCO around its chip: camera, panel, touch, LEDs, buttons, SDRAM, console. What a
 * person does to the board and notices of it goes through here.
 */
#ifndef SIM_BOARD_BOARD_H
#define SIM_BOARD_BOARD_H

#include "sim/soc/sd.h"
#include "sim/soc/soc.h"
#include "sim/soc/usb.h"

struct board;

enum { PANEL_WIDTH = 800, PANEL_HEIGHT = 480, BOARD_LEDS = 4 };

enum board_panel { PANEL_OTM8009A, PANEL_NT35510 }; /* revision A; later ones */

/* What stands before the lens. Fills width * height * 3 bytes of RGB, rows from the top, scaled as a
 * lens would: aspect kept, cropped to fill. Must depend on `time` alone. */
struct camera_source {
    void *ctx;
    void (*capture)(void *ctx, sim_time time, unsigned width, unsigned height, uint8_t *rgb);
    /* For the camera's JPEG mode: compresses a picture, quality 1 to 100, into at most `room` bytes.
     * The length; 0: it cannot. NULL: the camera sends empty frames in that mode, and says so. */
    size_t (*jpeg)(void *ctx, const uint8_t *rgb, unsigned width, unsigned height, unsigned quality,
                   uint8_t *bytes, size_t room);
};

/* What a person notices. Called at the board time of sim_now(); any member may be NULL. */
struct board_listener {
    void *ctx;
    void (*led)(void *ctx, unsigned led, bool on);                  /* 1 to 4; silkscreen LED1… */
    void (*console)(void *ctx, const uint8_t *bytes, size_t count); /* sent by USART1 */
    void (*panel)(void *ctx, bool on); /* shows a picture: awake, display on, backlight on */
    void (*frame)(void *ctx, uint64_t number); /* the panel's picture changed; from 1 */
    /* A frame has come to the audio codec, the next one comes after `period`. The codec's volume and
     * mixers are not applied. */
    void (*audio)(void *ctx, int16_t left, int16_t right, sim_time period);
};

struct board_config {
    enum board_panel panel;
    struct camera_source camera; /* capture NULL: a dark room */
    struct board_listener listener;
};

struct board *board_create(struct soc *soc, const struct board_config *config);
void board_destroy(struct board *board);
void board_reset(struct board *board); /* power-on of everything around the chip */
/* Options such as panel=nt35510, jumper=PC6-PA0: what stands at one pin, drives another, and
 * wire=I2C1-I2C2, SPI2-SPI5 or USART2-UART8: two buses of the chip are one, two serial lines are crossed; pins
 * are not looked at. NULL: done; else what is wrong, static storage; "" unknown name. */
const char *board_set(struct board *board, const char *name, const char *value);
const char *board_setting_name(unsigned n); /* of all that it knows; NULL: no more */

/* What a person does. Buttons: WAKEUP, SELECT, DOWN, LEFT, RIGHT, UP. False: no such button. */
bool board_press(struct board *board, const char *button, bool pressed);
/* Drives a pin of the chip from outside, as with a wire to a signal; port 0 is A. */
void board_drive_pin(struct board *board, unsigned port, unsigned pin, bool level);
void board_touch(struct board *board, unsigned finger, unsigned x, unsigned y); /* finger 0 or 1 */
void board_lift(struct board *board, unsigned finger);
/* Types at the console; the bytes arrive at USART1's speed, in order, none lost at the sender. */
void board_type(struct board *board, const uint8_t *bytes, size_t count);

/* Puts a device into the USB connector CN1, where another may be: that one is pulled out. NULL: pulls
 * out. The device is kept alive by its owner. */
void board_plug(struct board *board, const struct usb_device *device);

/* A computer in its place, of which the board is the device; NULL: pulls it out. */
void board_plug_host(struct board *board, const struct usb_host_end *host);

/* The same for the microSD socket CN12, whose switch tells the chip by a pin. */
void board_insert(struct board *board, const struct sd_device *card);

/* The panel as the eye sees it (black when dark): PANEL_WIDTH * PANEL_HEIGHT * 3 bytes of RGB. */
void board_panel_picture(struct board *board, uint8_t *rgb);
bool board_panel_on(const struct board *board);
bool board_led(const struct board *board, unsigned led); /* 1 to 4 */

struct board_statistics {
    uint64_t frames_captured; /* whole frames that left the sensor while it streamed */
    uint64_t frames_shown;    /* pictures on the panel that differed from the one before */
    uint64_t panel_refreshes;
};
void board_statistics(const struct board *board, struct board_statistics *statistics);

#endif
