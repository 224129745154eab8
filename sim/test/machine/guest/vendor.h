/*
 * What drivers of the chip's maker do on this board, register by register in their order and with
 * their time-outs: clocks at 400 and 200 MHz, SDRAM, DSI, LTDC, DMA2D, I2C. Figures of the board
 * (timings, pins) are those of UM2411 and the data sheets.
 */
#ifndef GUEST_VENDOR_H
#define GUEST_VENDOR_H

#include "guest.h"

enum { PORT_A, PORT_B, PORT_C, PORT_D, PORT_E, PORT_F, PORT_G, PORT_H, PORT_I, PORT_J, PORT_K };
enum { SDRAM = 0xd0000000 };

/* ---- Time: SysTick at 1 kHz; the maker's delay does not sleep, but tests are to be quick ---- */

extern volatile uint32_t ticks;

static inline void delay(uint32_t milliseconds)
{
    uint32_t start = ticks;
    while (ticks - start < milliseconds + 1)
        wfi();
}

/* Where a wait failed: RESULT(2) keeps the first line that did. */
static inline void wait_at(unsigned line, volatile uint32_t *reg, uint32_t mask, uint32_t wanted)
{
    uint32_t start = ticks;
    while ((*reg & mask) != wanted)
        if (ticks - start > 1000) {
            if (!RESULT(2))
                RESULT(2) = line;
            return;
        }
}
#define WAIT(reg, mask, wanted) wait_at(__LINE__, &(reg), mask, wanted)

static inline void check_at(unsigned line, int good)
{
    if (!good && !RESULT(2))
        RESULT(2) = line;
}
#define CHECK(good) check_at(__LINE__, good)

static inline void start_clocks(void)
{
    RESULT(2) = 0;
    RCC_AHB4ENR |= 0x7ff;
    PWR_CR3 = (PWR_CR3 & ~7u) | 4; /* direct SMPS */
    PWR_D3CR |= 3u << 14;          /* VOS1 */
    while (!(PWR_D3CR & 1u << 13))
        ;
    RCC_CR |= 1u << 16;
    while (!(RCC_CR & 1u << 17))
        ;
    RCC_PLLCKSELR = 2 | 5u << 4 | 5u << 20; /* HSE / 5 = 5 MHz for PLL1 and PLL3 */
    RCC_PLL1DIVR = (160 - 1) | (2 - 1) << 9 | (4 - 1) << 16 | (2u - 1) << 24;
    RCC_PLLCFGR = 2u << 2 | 7u << 16;
    RCC_CR |= 1u << 24;
    while (!(RCC_CR & 1u << 25))
        ;
    FLASH_ACR = 4 | 2u << 4;
    RCC_D1CFGR = 8 | 4u << 4;
    RCC_D2CFGR = 4u << 4 | 4u << 8;
    RCC_D3CFGR = 4u << 4;
    RCC_CFGR = 3;
    while ((RCC_CFGR >> 3 & 7) != 3)
        ;
    SYST_RVR = 400000 - 1;
    SYST_CVR = 0;
    SYST_CSR = 7;
}

/* ---- Pins ---- */

static inline void alternate(unsigned port, uint32_t pins, uint32_t function)
{
    for (unsigned n = 0; n < 16; n++) {
        if (!(pins >> n & 1))
            continue;
        uint32_t shift = n % 8 * 4;
        GPIO(port, 0x08) |= 3u << (2 * n);
        GPIO(port, 0x20 + n / 8 * 4) =
            (GPIO(port, 0x20 + n / 8 * 4) & ~(15u << shift)) | function << shift;
        GPIO(port, 0x00) = (GPIO(port, 0x00) & ~(3u << (2 * n))) | 2u << (2 * n);
    }
}

static inline void output(unsigned port, unsigned pin, int level)
{
    GPIO(port, 0x18) = 1u << (level ? pin : pin + 16);
    GPIO(port, 0x00) = (GPIO(port, 0x00) & ~(3u << (2 * pin))) | 1u << (2 * pin);
}

/* ---- SDRAM: bank 2 of the FMC, 100 MHz ---- */

#define FMC(offset) MMIO(0x52004000u + (offset))

static inline void sdram_command(uint32_t mode, uint32_t refreshes, uint32_t mode_register)
{
    FMC(0x150) = mode | 1u << 3 | (refreshes - 1) << 5 | mode_register << 9;
    WAIT(FMC(0x158), 1u << 5, 0);
}

static inline void start_sdram(void)
{
    RCC(0xd4) |= 1u << 12;
    alternate(PORT_D, 0xc703, 12);
    alternate(PORT_E, 0xff83, 12);
    alternate(PORT_F, 0xf83f, 12);
    alternate(PORT_G, 0x8137, 12);
    alternate(PORT_H, 0xffe0, 12);
    alternate(PORT_I, 0x06ff, 12);
    FMC(0x140) = 2u << 10 | 1u << 12;
    FMC(0x144) = 1 | 1u << 2 | 2u << 4 | 1u << 6 | 3u << 7;
    FMC(0x148) = 7u << 12 | 1u << 20;
    FMC(0x14c) = 1 | 8u << 4 | 5u << 8 | 2u << 16 | 1u << 24;
    FMC(0x000) |= 1u << 31;
    sdram_command(1, 1, 0);
    delay(1);
    sdram_command(2, 1, 0);
    sdram_command(3, 8, 0);
    sdram_command(4, 1, 0x230);
    FMC(0x154) = 0x603u << 1;
}

/* ---- DSI packets ---- */

#define DSI(offset) MMIO(0x50000000u + (offset))

static inline void dsi_short(uint32_t type, uint32_t command, uint32_t parameter)
{
    WAIT(DSI(0x74), 1, 1);
    DSI(0x6c) = type | command << 8 | parameter << 16;
}

static inline void dsi_write(const uint8_t *bytes, uint32_t count)
{
    WAIT(DSI(0x74), 1, 1);
    for (uint32_t n = 0; n < count; n += 4) {
        uint32_t word = 0;
        for (uint32_t b = 0; b < 4 && n + b < count; b++)
            word |= (uint32_t)bytes[n + b] << (8 * b);
        DSI(0x70) = word;
    }
    DSI(0x6c) = 0x39 | count << 8;
}

static inline uint32_t dsi_read(uint32_t command)
{
    dsi_short(0x06, command, 0);
    WAIT(DSI(0x74), 1u << 4, 0); /* PRDFE */
    uint32_t value = DSI(0x70) & 0xff;
    WAIT(DSI(0x74), 1u << 6, 0); /* RCB */
    return value;
}

static inline void dsi_window(uint32_t command, uint32_t first, uint32_t last)
{
    const uint8_t bytes[5] = {(uint8_t)command, (uint8_t)(first >> 8), (uint8_t)first,
                              (uint8_t)(last >> 8), (uint8_t)last};
    dsi_write(bytes, 5);
}

/* ---- Display ---- */

static inline void reset_panel(void)
{
    output(PORT_G, 3, 0);
    delay(20);
    GPIO(PORT_G, 0x18) = 1u << 3;
    delay(10);
    output(PORT_J, 12, 1);
    alternate(PORT_J, 1u << 2, 13);
}

static inline void reset_blocks(void)
{
    RCC(0xe4) |= 1u << 3 | 1u << 4; /* LTDC, DSI */
    RCC(0xd4) |= 1u << 4;           /* DMA2D */
    RCC(0x8c) |= 1u << 3;
    RCC(0x8c) &= ~(1u << 3);
    RCC(0x7c) |= 1u << 4;
    RCC(0x7c) &= ~(1u << 4);
    RCC(0x8c) |= 1u << 4;
    RCC(0x8c) &= ~(1u << 4);
}

static inline void start_dsi_host(void)
{
    DSI(0x430) |= 1u << 24;
    WAIT(DSI(0x40c), 1u << 12, 1u << 12);
    DSI(0x430) &= ~(0x7fu << 2 | 0xfu << 11 | 3u << 16);
    DSI(0x430) |= 100u << 2 | 5u << 11;
    DSI(0x430) |= 1;
    WAIT(DSI(0x40c), 1u << 8, 1u << 8);
    DSI(0xa0) |= 2 | 4;
    DSI(0x94) &= ~3u;
    DSI(0x94) |= 1;
    DSI(0xa4) = (DSI(0xa4) & ~3u) | 1;
    DSI(0x08) = (DSI(0x08) & ~0xffu) | 4;
    DSI(0x418) = (DSI(0x418) & ~0x3fu) | 8;
    DSI(0xc4) = 0;
    DSI(0xc8) = 0;
}

/* Commands in low power, answers by bus turn-around. */
static inline void configure_commands(void)
{
    DSI(0x68) |= 0x010f7f00;
    DSI(0x2c) |= 4;
}

static inline void configure_video(void)
{
    DSI(0x34) &= ~1u;
    DSI(0x400) &= ~1u;
    DSI(0x38) = (DSI(0x38) & ~3u) | 2; /* burst */
    DSI(0x3c) = 800;
    DSI(0x40) = 0;
    DSI(0x44) = 0xfff;
    DSI(0x0c) = 0;
    DSI(0x14) = 0;
    DSI(0x10) = 5;
    DSI(0x400) = (DSI(0x400) & ~0xeu) | 5u << 1;
    DSI(0x48) = 2 * 62500 / 27500;
    DSI(0x4c) = 34 * 62500 / 27500;
    DSI(0x50) = (800 + 2 + 34 + 34) * 62500 / 27500;
    DSI(0x54) = 1;
    DSI(0x58) = 15;
    DSI(0x5c) = 16;
    DSI(0x60) = 480;
    DSI(0x38) |= 0xff00; /* low power wherever it fits, commands too */
    DSI(0x18) = 4 | 16u << 16;
}

#define LTDC(offset)     MMIO(0x50001000u + (offset))
#define LAYER(n, offset) LTDC(0x84 + 0x80 * (n) + (offset))

static inline void start_pixel_clock(void)
{
    RCC_CR &= ~(1u << 28);
    WAIT(RCC_CR, 1u << 29, 0);
    RCC(0x40) = (132 - 1) | (2 - 1) << 9 | (2 - 1) << 16 | (24u - 1) << 24;
    RCC_PLLCFGR = (RCC_PLLCFGR & ~(3u << 10)) | 2u << 10 | 7u << 22;
    RCC_CR |= 1u << 28;
    WAIT(RCC_CR, 1u << 29, 1u << 29);
}

static inline void start_ltdc(uint32_t width)
{
    start_pixel_clock();
    LTDC(0x18) = (LTDC(0x18) & ~(0xfu << 28)) | 1u << 28; /* inverted pixel clock */
    LTDC(0x08) = (2u - 1) << 16 | (1 - 1);
    LTDC(0x0c) = (2u + 34 - 1) << 16 | (1 + 15 - 1);
    LTDC(0x10) = (2 + 34 + width - 1) << 16 | (1 + 15 + 480 - 1);
    LTDC(0x14) = (2 + 34 + width + 34 - 1) << 16 | (1 + 15 + 480 + 16 - 1);
    LTDC(0x2c) = 0;
    LTDC(0x34) |= 1u << 1 | 1u << 2; /* underrun and error interrupts */
    LTDC(0x18) |= 1;
}

struct layer {
    uint32_t x0, y0, x1, y1, format, alpha, factor1, factor2, address, width, lines, bytes;
};

/* Everything into the shadow registers, and at once into use. */
static inline void configure_layer(unsigned n, const struct layer *l)
{
    uint32_t left = (LTDC(0x0c) >> 16) + 1, top = (LTDC(0x0c) & 0x7ff) + 1;
    LAYER(n, 0x04) = (l->x0 + left) | (l->x1 + left - 1) << 16;
    LAYER(n, 0x08) = (l->y0 + top) | (l->y1 + top - 1) << 16;
    LAYER(n, 0x10) = l->format;
    LAYER(n, 0x18) = 0;
    LAYER(n, 0x14) = l->alpha;
    LAYER(n, 0x1c) = l->factor1 << 8 | l->factor2;
    LAYER(n, 0x28) = l->address;
    LAYER(n, 0x2c) = (l->width * l->bytes) << 16 | ((l->x1 - l->x0) * l->bytes + 7);
    LAYER(n, 0x30) = l->lines;
    LAYER(n, 0x00) |= 1;
    LTDC(0x24) = 1;
}

/* The panel's controller, whichever it is, for landscape and 24 bits. */
static inline void configure_panel(void)
{
    static const uint8_t page[] = {0xff, 0x80, 0x09, 0x01};
    uint32_t id1 = dsi_read(0xda), id2 = dsi_read(0xdb);
    CHECK(id1 == 0x40 || id2 == 0x80);
    RESULT(3) = id1 == 0x40 ? 1 : 2;
    dsi_short(0x15, 0x00, 0x00);
    dsi_write(page, sizeof page);
    dsi_short(0x05, 0x11, 0);
    delay(120);
    dsi_short(0x15, 0x3a, 0x77);
    dsi_short(0x15, 0x36, 0x60);
    dsi_window(0x2a, 0, 799);
    dsi_window(0x2b, 0, 479);
    dsi_short(0x15, 0x51, 0x7f);
    dsi_short(0x15, 0x53, 0x2c);
    dsi_short(0x15, 0x55, 0x02);
    dsi_short(0x15, 0x5e, 0xff);
    dsi_short(0x05, 0x29, 0);
    dsi_short(0x15, 0x00, 0x00);
    dsi_short(0x05, 0x2c, 0);
    WAIT(DSI(0x74), 1, 1);
}

/* ---- DMA2D ---- */

#define DMA2D(offset) MMIO(0x52001000u + (offset))

static inline void dma2d_run(uint32_t mode)
{
    DMA2D(0x00) = mode << 16;
    DMA2D(0x00) |= 1;
    WAIT(DMA2D(0x04), 1u << 1, 1u << 1);
    DMA2D(0x08) = 1u << 1 | 1u << 4;
}

static inline void fill(uint32_t x, uint32_t y, uint32_t width, uint32_t height, uint32_t colour)
{
    DMA2D(0x34) = 0;
    DMA2D(0x38) = colour;
    DMA2D(0x3c) = SDRAM + 4 * (y * 800 + x);
    DMA2D(0x40) = 800 - width;
    DMA2D(0x44) = width << 16 | height;
    dma2d_run(3);
}

/* ---- I2C4 at 100 MHz ---- */

#define I2C(offset) MMIO(0x58001c00u + (offset))
enum { I2C_TXIS = 2, I2C_RXNE = 4, I2C_NACKF = 16, I2C_STOPF = 32, I2C_TC = 64 };

static inline void start_i2c(void)
{
    RCC_APB4ENR |= 1u << 7;
    GPIO(PORT_D, 0x04) |= 3u << 12;
    alternate(PORT_D, 3u << 12, 4);
    I2C(0x00) = 0;
    I2C(0x10) = 0x40912732;
    I2C(0x00) = 1;
}

static inline int i2c_address_register(uint32_t device, uint32_t address, unsigned bytes,
                                       uint32_t more, uint32_t end)
{
    WAIT(I2C(0x18), 1u << 15, 0);
    I2C(0x04) = device | (bytes + more) << 16 | end | 1u << 13;
    while (bytes--) {
        uint32_t start = ticks;
        while (!(I2C(0x18) & I2C_TXIS))
            if (I2C(0x18) & I2C_NACKF || ticks - start > 25) {
                WAIT(I2C(0x18), I2C_STOPF, I2C_STOPF);
                I2C(0x1c) = I2C_NACKF | I2C_STOPF;
                return 0;
            }
        I2C(0x28) = address >> (8 * bytes) & 0xff;
    }
    return 1;
}

static inline int i2c_read(uint32_t device, uint32_t address, unsigned bytes, uint8_t *data,
                           uint32_t count)
{
    if (!i2c_address_register(device, address, bytes, 0, 0))
        return 0;
    WAIT(I2C(0x18), I2C_TC, I2C_TC);
    I2C(0x04) = device | count << 16 | 1u << 25 | 1u << 10 | 1u << 13;
    for (uint32_t n = 0; n < count; n++) {
        WAIT(I2C(0x18), I2C_RXNE, I2C_RXNE);
        data[n] = (uint8_t)I2C(0x24);
    }
    WAIT(I2C(0x18), I2C_STOPF, I2C_STOPF);
    I2C(0x1c) = I2C_STOPF;
    return 1;
}

static inline int i2c_write(uint32_t device, uint32_t address, unsigned bytes, uint32_t value)
{
    if (!i2c_address_register(device, address, bytes, 1, 1u << 25))
        return 0;
    WAIT(I2C(0x18), I2C_TXIS, I2C_TXIS);
    I2C(0x28) = value;
    WAIT(I2C(0x18), I2C_STOPF, I2C_STOPF);
    I2C(0x1c) = I2C_STOPF;
    return 1;
}

#endif
