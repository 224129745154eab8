/*
 * The camera as the maker's board package drives it: power-up, identification, the component's
 * start-up values, 800 by 480 in RGB565, captured continuously into SDRAM by a DMA that cannot count
 * the frame's words and so alternates between buffers that its interrupt moves on; shown by the
 * LTDC. Then a cropped snapshot of 320 by 240, and an overrun.
 */
#include "vendor.h"

#ifdef CM7
#define DCMI(offset)    MMIO(0x48020000u + (offset))
#define DMA2(offset)    MMIO(0x40020400u + (offset))
#define STREAM3(offset) DMA2(0x10 + 0x18 * 3 + (offset))
enum { CAMERA = 0x78, FRAME = SDRAM + 0x200000, CROPPED = SDRAM + 0x600000 };
enum { CHUNK_WORDS = 800 * 480 * 2 / 4 / 4, CHUNKS = 4 };

volatile uint32_t ticks, frames, chunks, dcmi_errors, left;

void systick_handler(void);
void systick_handler(void)
{
    ticks++;
}

/* A buffer is full: the one that is not in use now moves on, or back to the frame's beginning. */
static void chunk_complete(void)
{
    uint32_t second = STREAM3(0x00) >> 19 & 1;
    chunks++;
    if (left) {
        if (left % 2 == 0 && second)
            STREAM3(0x0c) += 8 * CHUNK_WORDS, left--;
        else if (!second)
            STREAM3(0x10) += 8 * CHUNK_WORDS, left--;
    } else if (second) {
        STREAM3(0x0c) = FRAME;
    } else {
        STREAM3(0x10) = FRAME + 4 * CHUNK_WORDS;
        left = CHUNKS - 2;
        DCMI(0x0c) |= 1; /* the frame's end is of interest now */
    }
}

void irq_handler(void);
void irq_handler(void)
{
    uint32_t flags = DMA2(0x00) >> 22 & 0x3d; /* LISR, stream 3 */
    DMA2(0x08) = flags << 22;
    CHECK(!(flags & 8));
    if (flags & 0x20 && STREAM3(0x00) & 1u << 18)
        chunk_complete();
    uint32_t mis = DCMI(0x10);
    DCMI(0x14) = mis;
    if (mis & 1)
        frames++, DCMI(0x0c) &= ~1u;
    if (mis & 6)
        dcmi_errors |= mis & 6;
    dsb();
}

static void set(uint32_t address, uint32_t value)
{
    CHECK(i2c_write(CAMERA, address, 2, value));
}

static void set_size(uint32_t width, uint32_t height)
{
    set(0x3808, width >> 8);
    set(0x3809, width & 0xff);
    set(0x380a, height >> 8);
    set(0x380b, height & 0xff);
}

static void start_sensor(void)
{
    static const uint32_t values[] = {
        0x3017ff, 0x3018f3, 0x303418, 0x300802, 0x303541, 0x303630, 0x303713, 0x310801,
        0x382006, 0x382100, 0x381431, 0x381531, 0x380000, 0x380100, 0x380200, 0x380304,
        0x38040a, 0x38053f, 0x380607, 0x38079b, 0x380c06, 0x380d40, 0x380e03, 0x380fe8,
        0x381000, 0x381110, 0x381200, 0x381306, 0x300000, 0x30021c, 0x3004ff, 0x3006c3,
        0x300e58, 0x302e00, 0x474022, 0x43006f, 0x501f01, 0x471303, 0x440704, 0x440e00,
        0x460b35, 0x460c23, 0x483722, 0x382402, 0x5000a7, 0x5001a3, 0x502500, 0x300802};
    uint8_t id[2] = {0};
    output(PORT_J, 14, 1);
    delay(100);
    GPIO(PORT_J, 0x18) = 1u << (14 + 16);
    delay(20);
    CHECK(!i2c_read(0x60, 0x0a, 1, id, 1)); /* no OV9655 */
    CHECK(i2c_read(CAMERA, 0x300a, 2, id, 1) && i2c_read(CAMERA, 0x300b, 2, id + 1, 1));
    CHECK(id[0] == 0x56 && id[1] == 0x40);
    set(0x3103, 0x11);
    set(0x3008, 0x82);
    delay(5);
    set(0x3103, 0x03);
    for (uint32_t n = 0; n < sizeof values / sizeof values[0]; n++)
        set(values[n] >> 8, values[n] & 0xff);
    set_size(800, 480);
}

static void start_dcmi(void)
{
    alternate(PORT_A, 0x0050, 13);
    alternate(PORT_B, 0x0380, 13);
    alternate(PORT_C, 0x0ac0, 13);
    alternate(PORT_D, 0x0008, 13);
    alternate(PORT_G, 0x0400, 13);
    RCC(0xdc) |= 1;                           /* DCMI */
    RCC(0xd8) |= 1u << 1;                     /* DMA2 */
    DCMI(0x00) = 1u << 5 | 1u << 6 | 1u << 7; /* rising edge, both syncs high in the blanking */
    DCMI(0x0c) = 2 | 4;
    MMIO(0x4002082c) = 75; /* DMAMUX1 channel 11 */
    enable_interrupt(59);
    enable_interrupt(78);
}

static void stop_stream(void)
{
    STREAM3(0x00) &= ~1u;
    WAIT(STREAM3(0x00), 1, 0);
    DMA2(0x08) = 0x3du << 22;
}

static void start_stream(uint32_t address, uint32_t words, uint32_t extra)
{
    stop_stream();
    STREAM3(0x14) = 4 | 3; /* FIFO, full */
    STREAM3(0x08) = 0x48020028;
    STREAM3(0x0c) = address;
    STREAM3(0x04) = words;
    STREAM3(0x00) = 1u << 10 | 2u << 11 | 2u << 13 | 1u << 8 | 2u << 16 | extra;
    STREAM3(0x00) |= 1u << 4 | 1u << 2 | 1u << 1;
    STREAM3(0x00) |= 1;
}

static void capture_continuously(void)
{
    left = CHUNKS - 2;
    DCMI(0x00) = (DCMI(0x00) & ~2u) | 1u << 14;
    STREAM3(0x10) = FRAME + 4 * CHUNK_WORDS;
    start_stream(FRAME, CHUNK_WORDS, 1u << 18);
    DCMI(0x00) |= 1;
    while (frames < 2)
        wfi();
    CHECK(chunks == 2 * CHUNKS);
}

static void stop_capture(void)
{
    DCMI(0x00) &= ~1u;
    WAIT(DCMI(0x00), 1, 0);
    DCMI(0x00) &= ~(1u << 14);
    stop_stream();
}

/* 100 by 50 pixels from (40, 30). */
static void capture_snapshot(void)
{
    set_size(320, 240);
    delay(200);
    DCMI(0x20) = 30u << 16 | 2 * 40;
    DCMI(0x24) = (50u - 1) << 16 | (2 * 100 - 1);
    DCMI(0x00) |= 1u << 2;
    DCMI(0x00) |= 2 | 1u << 14;
    start_stream(CROPPED, 100 * 50 / 2, 0);
    DCMI(0x0c) |= 1;
    frames = 0;
    DCMI(0x00) |= 1;
    while (!frames)
        wfi();
    CHECK(!(DCMI(0x00) & 1));
    CHECK(STREAM3(0x04) == 100 * 50 / 2); /* circular: as it began */
}

/* Nobody reads. */
static void overrun(void)
{
    stop_stream();
    CHECK(!dcmi_errors);
    DCMI(0x00) |= 1;
    while (!dcmi_errors)
        wfi();
    CHECK(dcmi_errors == 2);
}

int main(void)
{
    static const struct layer layer = {0, 0, 800, 480, 2, 255, 6, 7, FRAME, 800, 480, 2};
    start_clocks();
    start_sdram();
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
    start_i2c();
    start_sensor();
    start_dcmi();
    capture_continuously();
    RESULT(10) = 1;
    stop_capture();
    capture_snapshot();
    overrun();
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
