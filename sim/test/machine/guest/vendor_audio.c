/*
 * Music as the maker's board package plays it: PLL2 for 48 kHz, the codec's registers by I2C4, SAI1 A as
 * master with four slots of which two are used, a circular DMA that is filled half by half.
 */
#include "vendor.h"

#ifdef CM7
#define SAI_A(offset)  MMIO(0x40015800u + (offset))
#define DMA2(offset)   MMIO(0x40020400u + (offset))
#define STREAM(offset) DMA2(0x10 + 0x18 + (offset))
enum { CR1 = 4, CR2 = 8, FRCR = 12, SLOTR = 16, SR = 0x18, CLRFR = 0x1c, SAIEN = 1 << 16 };
enum { DMAEN = 1 << 17, CODEC = 0x34, SAMPLES = 256 /* of both sides, twice a half */ };

volatile uint32_t ticks;
static int16_t *const buffer = (int16_t *)0x24000000u;
static uint32_t next;
static volatile uint32_t halves;

void systick_handler(void);
void systick_handler(void)
{
    ticks++;
}

/* A rising saw on the left, a falling one on the right. */
static void refill(uint32_t half)
{
    int16_t *to = buffer + half * SAMPLES;
    for (uint32_t n = 0; n < SAMPLES / 2; n++, next++) {
        *to++ = (int16_t)(next * 16);
        *to++ = (int16_t)(-(int32_t)next * 16);
    }
}

void irq_handler(void);
void irq_handler(void)
{
    uint32_t flags = DMA2(0) >> 6 & 0x3d;
    DMA2(8) = flags << 6;
    CHECK(!(flags & 0xd));
    if (flags & 0x10)
        refill(0);
    if (flags & 0x20)
        refill(1);
    halves++;
    dsb();
}

static void start_audio_clock(void)
{
    RCC_CR &= ~(1u << 26);
    WAIT(RCC_CR, 1u << 27, 0);
    RCC_PLLCKSELR = (RCC_PLLCKSELR & ~(0x3fu << 12)) | 25u << 12;
    RCC(0x38) = (344 - 1) | (7 - 1) << 9 | (2 - 1) << 16 | (2u - 1) << 24;
    RCC_PLLCFGR = (RCC_PLLCFGR & ~(3u << 6)) | 7u << 19;
    RCC_CR |= 1u << 26;
    WAIT(RCC_CR, 1u << 27, 1u << 27);
    RCC(0x50) = (RCC(0x50) & ~7u) | 1;
}

static void codec_write(uint32_t reg, uint32_t value)
{
    WAIT(I2C(0x18), 1u << 15, 0);
    I2C(0x04) = CODEC | 4u << 16 | 1u << 25 | 1u << 13;
    const uint8_t bytes[4] = {(uint8_t)(reg >> 8), (uint8_t)reg, (uint8_t)(value >> 8),
                              (uint8_t)value};
    for (unsigned n = 0; n < 4; n++) {
        WAIT(I2C(0x18), I2C_TXIS, I2C_TXIS);
        I2C(0x28) = bytes[n];
    }
    WAIT(I2C(0x18), I2C_STOPF, I2C_STOPF);
    I2C(0x1c) = I2C_STOPF;
}

static void start_codec(void)
{
    uint8_t id[2];
    CHECK(i2c_read(CODEC, 0, 2, id, 2));
    CHECK(id[0] == 0x89 && id[1] == 0x94);
    codec_write(0x001, 0x0003);
    codec_write(0x005, 0x0303);
    codec_write(0x601, 0x0001);
    codec_write(0x602, 0x0001);
    codec_write(0x420, 0x0000);
    CHECK(i2c_read(CODEC, 0x0602, 2, id, 2));
    CHECK(id[1] == 1);
}

static void start_sai(void)
{
    RCC_APB2ENR |= 1u << 22;
    alternate(PORT_G, 1u << 7, 6);
    alternate(PORT_E, 7u << 4, 6);
    SAI_A(CR1) &= ~(uint32_t)SAIEN;
    WAIT(SAI_A(CR1), SAIEN, 0);
    SAI_A(CR1) = 4u << 5 | 1u << 9 | 1u << 13 | 4u << 20;
    SAI_A(CR2) = 1;
    SAI_A(FRCR) = 127 | 63u << 8 | 1u << 16 | 1u << 18;
    SAI_A(SLOTR) = 3u << 8 | 5u << 16;
}

static void start_dma(void)
{
    RCC(0xd8) |= 1u << 1;
    MMIO(0x40020800u + 4 * 9) = 87;
    STREAM(0) = 0;
    WAIT(STREAM(0), 1, 0);
    DMA2(8) = 0x3d << 6;
    STREAM(4) = 2 * SAMPLES;
    STREAM(8) = 0x40015820;
    STREAM(12) = (uint32_t)buffer;
    STREAM(0) = 1u << 13 | 1u << 11 | 1u << 10 | 1u << 8 | 1u << 6 | 1u << 4 | 1u << 3 | 1u << 2;
    STREAM(0) |= 1;
    enable_interrupt(57);
}

static void stop_playing(void)
{
    SAI_A(CR1) &= ~(uint32_t)DMAEN;
    STREAM(0) &= ~1u;
    WAIT(STREAM(0), 1, 0);
    SAI_A(CR1) &= ~(uint32_t)SAIEN;
    WAIT(SAI_A(CR1), SAIEN, 0);
    SAI_A(CR2) |= 1u << 3;
}

int main(void)
{
    start_clocks();
    start_audio_clock();
    start_i2c();
    start_codec();
    start_sai();
    refill(0);
    refill(1);
    start_dma();
    SAI_A(CR1) |= DMAEN;
    SAI_A(CR1) |= SAIEN;
    WAIT(halves, ~7u, 8);
    CHECK(!(SAI_A(SR) & 1)); /* no underrun */
    stop_playing();
    RESULT(4) = halves;
    CM7_DONE = DONE;
    wait_forever();
}
#else
int main(void)
{
    CM4_DONE = DONE;
    wait_forever();
}
#endif
