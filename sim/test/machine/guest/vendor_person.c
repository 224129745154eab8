/*
 * Buttons, joystick, LEDs and touch as the board package drives them, on the Cortex-M4: everything by EXTI,
 * two fingers over I2C4. The Cortex-M7 shows a picture through the LTDC's colour table.
 */
#include "vendor_boot.h"

volatile uint32_t ticks;

void systick_handler(void);
void systick_handler(void)
{
    ticks++;
}

#ifdef CM7
/* L8: every colour of the table once a line, grey by green, from SDRAM. */
static void show_by_table(void)
{
    static const struct layer layer = {0, 0, 800, 480, 5, 255, 4, 5, SDRAM, 800, 480, 1};
    for (uint32_t n = 0; n < 800 * 480; n += 4)
        MMIO(SDRAM + n) = (n % 800 & 0xff) * 0x01010101u + 0x03020100u;
    configure_layer(0, &layer);
    for (uint32_t n = 0; n < 256; n++)
        LAYER(0, 0x40) = n << 24 | n << 16 | (255 - n) << 8 | (n ^ 0x55);
    LAYER(0, 0x00) |= 1u << 4;
    LTDC(0x24) = 1;
}

int main(void)
{
    wait_until_cm4_stops();
    start_clocks();
    start_sdram();
    release_cm4();
    reset_panel();
    reset_blocks();
    start_dsi_host();
    configure_video();
    start_ltdc(800);
    DSI(0x04) |= 1;
    DSI(0x404) |= 8;
    configure_commands();
    configure_panel();
    show_by_table();
    CM7_DONE = DONE;
    wait_forever();
}
#else
enum { TOUCH = 0x54 };
static volatile uint32_t pressed, touched;

/* 15_10 has the button, 9_5 the joystick's last two and the touch; 2 to 4 have lines of their own. */
void irq_handler(void);
void irq_handler(void)
{
    uint32_t pending = EXTI_C2PR1 & 0x20fc;
    EXTI_C2PR1 = pending;
    pressed |= pending & ~(1u << 7);
    if (pending & 1u << 7)
        touched++;
    dsb();
}

static void interrupt_on(unsigned port, unsigned pin, int rises)
{
    RCC_APB4ENR |= 2;
    (void)RCC_APB4ENR;
    GPIO(port, 0x00) &= ~(3u << (2 * pin));
    SYSCFG_EXTICR(pin / 4) =
        (SYSCFG_EXTICR(pin / 4) & ~(15u << (pin % 4 * 4))) | port << (pin % 4 * 4);
    EXTI_C2IMR1 |= 1u << pin;
    if (rises)
        EXTI_RTSR1 |= 1u << pin;
    else
        EXTI_FTSR1 |= 1u << pin;
}

static void start_buttons(void)
{
    interrupt_on(PORT_C, 13, 1);
    for (unsigned pin = 2; pin <= 6; pin++)
        interrupt_on(PORT_K, pin, 0);
    interrupt_on(PORT_K, 7, 0);
    static const uint8_t lines[] = {8, 9, 10, 23, 40};
    for (unsigned n = 0; n < sizeof lines; n++) {
        NVIC_IPR(lines[n]) = 0xf0;
        enable_interrupt(lines[n]);
    }
}

static void start_leds(void)
{
    for (unsigned pin = 12; pin <= 15; pin++)
        output(PORT_I, pin, 1);
}

/* A LED for each direction that was pressed, all of them for the button. */
static void buttons(void)
{
    static const uint8_t led[] = {12, 13, 14, 15, 12};
    RESULT(10) = 1;
    for (unsigned n = 0; n < 5; n++) {
        while (!(pressed & 1u << (2 + n)))
            ;
        GPIO(PORT_I, 0x18) = 1u << (led[n] + 16);
    }
    while (!(pressed & 1u << 13))
        ;
    GPIO(PORT_I, 0x14) ^= 15u << 12;
}

static uint32_t finger(const uint8_t *bytes)
{
    uint32_t x = (bytes[0] & 15u) << 8 | bytes[1], y = (bytes[2] & 15u) << 8 | bytes[3];
    return y << 16 | (480 - x - 1); /* as the package turns it */
}

static void touch(void)
{
    uint8_t id = 0, count = 0, points[10];
    start_i2c();
    CHECK(i2c_read(TOUCH, 0xa8, 1, &id, 1) && id == 0x11);
    CHECK(i2c_write(TOUCH, 0xa4, 1, 1)); /* a pulse for each report */
    touched = 0;
    RESULT(10) = 2;
    while (!touched)
        ;
    uint32_t start = ticks;
    while ((count & 15) < 2 && ticks - start < 1000)
        CHECK(i2c_read(TOUCH, 0x02, 1, &count, 1));
    CHECK(i2c_read(TOUCH, 0x03, 1, points, 10));
    RESULT(11) = finger(points);
    RESULT(12) = finger(points + 6);
    RESULT(13) = (uint32_t)points[2] >> 4 << 4 | points[8] >> 4;
    start = touched;
    while (touched < start + 3)
        ; /* it goes on while fingers are down */
}

int main(void)
{
    stop_until_released();
    start_leds();
    start_buttons();
    buttons();
    touch();
    CM4_DONE = DONE;
    wait_forever();
}
#endif
