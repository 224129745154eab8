#include "boards/stm32h747i_disco/ft6x06.h"

#include "boards/stm32h747i_disco/board.h"
#include "chip/stm32h747.h"
#include "drivers/i2c.h"

/* Registers (application note "FT6x06 registers"). */
enum { TD_STATUS = 0x02, G_MODE = 0xa4, CHIP_ID = 0xa8, POINT_BYTES = 6 };
enum { ID_FT6X06 = 0x11, MODE_PULSES = 1 };
enum { LINE = 7, PORT_K = 10, GLASS_WIDTH = 480 };

static uint8_t address; /* 0: not found */

static bool read(uint8_t reg, uint8_t *bytes, unsigned count)
{
    return i2c_read(address, &reg, 1, bytes, count);
}

/* MB1166 revision A (OTM8009A), and the one with the NT35510. */
static bool find(void)
{
    static const uint8_t places[] = {0x54, 0x70};
    for (unsigned n = 0; n < sizeof places; n++) {
        uint8_t id = 0;
        address = places[n];
        if (read(CHIP_ID, &id, 1) && id == ID_FT6X06)
            return true;
    }
    address = 0;
    return false;
}

static void open_interrupt(void)
{
    gpio_input(TOUCH_INTERRUPT, GPIO_PULL_UP);
    reg_set(RCC_APB4ENR, RCC_APB4ENR_SYSCFGEN);
    (void)reg_read(RCC_APB4ENR);
    reg_modify(SYSCFG_EXTICR2, SYSCFG_EXTICR2_EXTI7(15), SYSCFG_EXTICR2_EXTI7(PORT_K));
    reg_set(EXTI_FTSR1, BIT(LINE));
    reg_write(EXTI_C2PR1, BIT(LINE));
    reg_set(EXTI_C2IMR1, BIT(LINE));
}

bool ft6x06_start(void)
{
    const uint8_t pulses[] = {G_MODE, MODE_PULSES};
    if (!find() || !i2c_write(address, pulses, sizeof pulses))
        return false;
    open_interrupt();
    return true;
}

/* The glass stands upright where the panel lies: its Y is our x, and its X runs up along our y. */
static void take_point(const uint8_t point[POINT_BYTES],
                       struct ft6x06_finger fingers[FT6X06_FINGERS])
{
    unsigned finger = point[2] >> 4;
    if (finger >= FT6X06_FINGERS)
        return;
    fingers[finger].down = true;
    fingers[finger].x = (uint16_t)((point[2] & 15) << 8 | point[3]);
    fingers[finger].y = (uint16_t)(GLASS_WIDTH - 1 - ((point[0] & 15) << 8 | point[1]));
}

bool ft6x06_read(struct ft6x06_finger fingers[FT6X06_FINGERS])
{
    uint8_t bytes[1 + FT6X06_FINGERS * POINT_BYTES];
    if (!address || !read(TD_STATUS, bytes, sizeof bytes))
        return false;
    unsigned count = bytes[0] & 15;
    for (unsigned n = 0; n < FT6X06_FINGERS; n++)
        fingers[n].down = false;
    for (unsigned n = 0; n < FT6X06_FINGERS && n < count; n++)
        take_point(bytes + 1 + n * POINT_BYTES, fingers);
    return true;
}

bool ft6x06_interrupt(void)
{
    bool ours = reg_read(EXTI_C2PR1) & BIT(LINE);
    reg_write(EXTI_C2PR1, BIT(LINE));
    return ours;
}
