#include "boards/stm32h747i_disco/board.h"

#include <stddef.h>

const struct video_timing board_panel_timing = {
    .width = 800,
    .horizontal_sync = 2,
    .horizontal_back = 34,
    .horizontal_front = 34,
    .height = 480,
    .vertical_sync = 1,
    .vertical_back = 15,
    .vertical_front = 16,
};

void led_init(uint8_t led)
{
    gpio_output(led, true);
}

void led_set(uint8_t led, bool on)
{
    gpio_write(led, !on);
}

/* A port and the pins of it that take one alternate function. */
struct pin_group {
    char port;
    uint16_t pins;
    uint8_t function;
};

static void take_pins(const struct pin_group *groups, size_t count)
{
    for (size_t n = 0; n < count; n++)
        for (unsigned pin = 0; pin < 16; pin++)
            if (groups[n].pins >> pin & 1)
                gpio_alternate(PIN(groups[n].port, pin), groups[n].function);
}

#define TAKE(groups) take_pins(groups, sizeof groups / sizeof groups[0])

void board_sdram_pins(void)
{
    static const struct pin_group groups[] = {
        {'D', 0xc703, 12}, {'E', 0xff83, 12}, {'F', 0xf83f, 12},
        {'G', 0x8137, 12}, {'H', 0xffe0, 12}, {'I', 0x06ff, 12},
    };
    TAKE(groups);
}

void board_console_pins(void)
{
    static const struct pin_group groups[] = {{'A', 0x0600, 7}};
    TAKE(groups);
}

void board_usb_pins(void)
{
    static const struct pin_group groups[] = {
        {'A', 0x0028, 10}, {'B', 0x3c23, 10}, {'C', 0x0001, 10},
        {'H', 0x0010, 10}, {'I', 0x0800, 10},
    };
    TAKE(groups);
}

void board_camera_pins(void)
{
    static const struct pin_group groups[] = {
        {'A', 0x0050, 13}, {'B', 0x0380, 13}, {'C', 0x0ac0, 13},
        {'D', 0x0008, 13}, {'G', 0x0400, 13},
    };
    TAKE(groups);
    gpio_alternate_open_drain(PIN('D', 12), 4);
    gpio_alternate_open_drain(PIN('D', 13), 4);
    gpio_output(CAMERA_POWER_DOWN, true);
}
