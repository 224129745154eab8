/*
 * Display in video mode as the maker's board package sets it up, with the SDRAM tested before:
 * fills, a blend, a second layer with its colour key, line event and reload at the blanking, ultra-low
 * power of the link and back, then the touch controller.
 */
#include "vendor.h"

#ifdef CM7
volatile uint32_t ticks, line_events, reloads;

void systick_handler(void);
void systick_handler(void)
{
    ticks++;
}

void irq_handler(void);
void irq_handler(void)
{
    uint32_t flags = LTDC(0x38) & LTDC(0x34);
    if (flags & 1)
        line_events++, LTDC(0x34) &= ~1u, LTDC(0x3c) = 1;
    if (flags & 8)
        reloads++, LTDC(0x34) &= ~8u, LTDC(0x3c) = 8;
    CHECK(!(flags & 6));
    dsb();
}

static void test_sdram(void)
{
    for (uint32_t n = 0; n < 32u << 20; n += 0x40004)
        MMIO(SDRAM + n) = n ^ 0xa5a5a5a5;
    for (uint32_t n = 0; n < 32u << 20; n += 0x40004)
        CHECK(MMIO(SDRAM + n) == (n ^ 0xa5a5a5a5));
    RCC(0xd4) |= 1; /* MDMA, by software: a block of 4 KB, words, incremented */
    MMIO(0x52000044) = 0x1f;
    MMIO(0x5200004c) = 3u << 6;
    MMIO(0x52000050) =
        2u | 2u << 2 | 2u << 4 | 2u << 6 | 2u << 8 | 2u << 10 | 127u << 18 | 1u << 28 | 1u << 30;
    MMIO(0x52000054) = 4096;
    MMIO(0x52000058) = SDRAM;
    MMIO(0x5200005c) = SDRAM + 0x1000000;
    MMIO(0x5200004c) |= 1;
    MMIO(0x5200004c) |= 1u << 16;
    WAIT(MMIO(0x52000040), 2, 2); /* CTCIF */
    for (uint32_t n = 0; n < 4096; n += 4)
        CHECK(MMIO(SDRAM + 0x1000000 + n) == MMIO(SDRAM + n));
}

/* White at half strength over what is there: memory to memory with blending. */
static void blend(uint32_t x, uint32_t y, uint32_t width, uint32_t height)
{
    uint32_t place = SDRAM + 4 * (y * 800 + x);
    DMA2D(0x0c) = SDRAM + 0x800000; /* foreground: A8 would do as well; ARGB8888 here */
    DMA2D(0x10) = 0;
    DMA2D(0x1c) = 0;
    DMA2D(0x14) = place;
    DMA2D(0x18) = 800 - width;
    DMA2D(0x24) = 0;
    DMA2D(0x34) = 0;
    DMA2D(0x3c) = place;
    DMA2D(0x40) = 800 - width;
    DMA2D(0x44) = width << 16 | height;
    for (uint32_t n = 0; n < width * height; n++)
        MMIO(SDRAM + 0x800000 + 4 * n) = 0x80ffffff;
    dsb();
    dma2d_run(2);
}

static void draw(void)
{
    fill(0, 0, 800, 480, 0xff000000);
    fill(0, 0, 400, 240, 0xffff0000);
    fill(400, 0, 400, 240, 0xff00ff00);
    fill(0, 240, 400, 240, 0xff0000ff);
    blend(100, 100, 50, 40);
}

/* A window of 200 by 100 pixels at (500, 300): yellow, its left half in the keyed colour. */
static void second_layer(void)
{
    static const struct layer layer = {500, 300, 700, 400, 2, 128, 6, 7, SDRAM + 0x400000,
                                       200, 100, 2};
    for (uint32_t y = 0; y < 100; y++)
        for (uint32_t x = 0; x < 200; x++)
            *(volatile uint16_t *)(SDRAM + 0x400000 + 2 * (y * 200 + x)) =
                x < 100 ? 0xf81f : 0xffe0;
    configure_layer(1, &layer);
    LAYER(1, 0x0c) = 0xff00ff; /* keyed; reads give the register in use, so a load comes between */
    LAYER(1, 0x00) |= 2;
    LTDC(0x24) = 1;
}

static void interrupts(void)
{
    enable_interrupt(88);
    enable_interrupt(89);
    LTDC(0x40) = 240; /* the line event, once */
    LTDC(0x34) |= 1;
    delay(40);
    CHECK(line_events == 1);
    LAYER(1, 0x14) = 255; /* opaque from the next frame on */
    LTDC(0x34) |= 8;
    LTDC(0x24) = 2;
    delay(40);
    CHECK(reloads == 1 && LTDC(0x24) == 0);
}

/* All lanes into ultra-low power, the PLL off, and back. */
static void sleep_link(void)
{
    DSI(0x94) &= ~1u;
    DSI(0xa8) |= 1 | 4;
    WAIT(DSI(0xb0), 1u << 3 | 1u << 5 | 1u << 8, 0);
    DSI(0x430) &= ~1u;
    delay(5);
    DSI(0x430) |= 1;
    WAIT(DSI(0x40c), 1u << 8, 1u << 8);
    DSI(0xa8) |= 2 | 8;
    WAIT(DSI(0xb0), 1u << 3 | 1u << 5 | 1u << 8, 1u << 3 | 1u << 5 | 1u << 8);
    delay(1);
    DSI(0xa8) = 0;
    WAIT(DSI(0xb0), 1u << 2 | 1u << 4 | 1u << 7, 1u << 2 | 1u << 4 | 1u << 7);
    DSI(0x94) |= 1;
}

/* Both addresses as the board's revisions have them; then the finger, turned as the package does. */
static void touch(void)
{
    uint8_t id = 0, points[6] = {0}, count = 0;
    uint32_t device = i2c_read(0x54, 0xa8, 1, &id, 1) ? 0x54 : 0x70;
    CHECK(device == 0x54 || i2c_read(device, 0xa8, 1, &id, 1));
    CHECK(id == 0x11);
    RESULT(4) = device;
    CM7_DONE = DONE;
    while (!(count & 15)) {
        delay(1);
        CHECK(i2c_read(device, 0x02, 1, &count, 1));
    }
    CHECK(i2c_read(device, 0x03, 1, points, 4));
    uint32_t x = (points[0] & 15u) << 8 | points[1], y = (points[2] & 15u) << 8 | points[3];
    RESULT(5) = y;
    RESULT(6) = 480 - x - 1;
    RESULT(7) = count;
}

/* Everything off again, as the package's de-initialisation does it. */
static void stop_display(void)
{
    LTDC(0x18) &= ~1u;
    DSI(0x404) &= ~8u;
    DSI(0x04) &= ~1u;
    DSI(0xa0) &= ~6u;
    DSI(0x430) &= ~1u;
    DSI(0x430) &= ~(1u << 24);
    WAIT(DSI(0x40c), 1u << 8 | 1u << 12, 0);
    reset_blocks();
    RCC(0xe4) &= ~(1u << 3 | 1u << 4);
}

static void start_display(void)
{
    static const struct layer layer = {0, 0, 800, 480, 0, 255, 6, 7, SDRAM, 800, 480, 4};
    reset_panel();
    reset_blocks();
    start_dsi_host();
    configure_video();
    start_ltdc(800);
    DSI(0x04) |= 1;
    DSI(0x404) |= 8;
    configure_commands();
    configure_panel();
    configure_layer(0, &layer);
}

int main(void)
{
    start_clocks();
    start_sdram();
    test_sdram();
    start_display();
    stop_display();
    start_display();
    draw();
    second_layer();
    interrupts();
    sleep_link();
    start_i2c();
    touch();
    wait_forever();
}
#else
int main(void)
{
    CM4_DONE = DONE;
    wait_forever();
}
#endif
