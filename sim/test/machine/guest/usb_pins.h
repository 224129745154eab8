/* USB1's registers that host and device share, its clocks and its pins to the board's PHY. Waits are
 * bounded; the first that was in vain is remembered. */
#ifndef USB_PINS_H
#define USB_PINS_H

#include "guest.h"

#define USB(offset) MMIO(0x40040000u + (offset))
#define GAHBCFG     USB(0x008)
#define GUSBCFG     USB(0x00c)
#define GRSTCTL     USB(0x010)
#define GINTSTS     USB(0x014)
#define GINTMSK     USB(0x018)
#define GRXSTSP     USB(0x020)
#define GRXFSIZ     USB(0x024)
#define HNPTXFSIZ   USB(0x028)
#define DFIFO(n)    USB(0x1000 + 0x1000 * (n))

static volatile uint32_t usb_failure;

#define AWAIT(condition, number)                                                                   \
    do {                                                                                           \
        uint32_t left_ = 3000000;                                                                  \
        while (!(condition) && --left_)                                                            \
            ;                                                                                      \
        if (!left_ && !usb_failure)                                                                \
            usb_failure = (number);                                                                \
    } while (0)

/* ---- Pins, clocks ---- */

static void pin_to_phy(unsigned port, unsigned pin)
{
    GPIO(port, 8) |= 3u << (2 * pin);
    GPIO(port, 0x20 + pin / 8 * 4) |= 10u << (pin % 8 * 4);
    GPIO(port, 0) = (GPIO(port, 0) & ~(3u << (2 * pin))) | 2u << (2 * pin);
}

static void usb_pins(void)
{
    static const uint8_t pins[12][2] = {{0, 5},  {0, 3},  {1, 0}, {1, 1}, {1, 10}, {1, 11},
                                        {1, 12}, {1, 13}, {1, 5}, {2, 0}, {7, 4},  {8, 11}};
    RCC_AHB4ENR |= 1u << 0 | 1u << 1 | 1u << 2 | 1u << 7 | 1u << 8;
    RCC(0xd8) |= 1u << 25 | 1u << 26; /* AHB1ENR: the core, its ULPI */
    (void)RCC(0xd8);
    for (unsigned n = 0; n < 12; n++)
        pin_to_phy(pins[n][0], pins[n][1]);
}

#endif
