/* The board without cores: registers by the bus, time by hand, a person who notes what happens. */
#ifndef SIM_TEST_BOARD_BOARD_FIXTURE_H
#define SIM_TEST_BOARD_BOARD_FIXTURE_H

#include "sim/board/board.h"
#include "sim/test/soc/soc_fixture.h"

#define GPIO(port)   (0x58020000u + 0x400u * (uint32_t)((port) - 'A'))
#define I2C4         0x58001c00u
#define FIXTURE_HCLK 200000000u

struct board_fixture {
    struct soc_fixture *f;
    struct board *board;
    unsigned led_changes, panel_changes, frames;
    bool led[5], panel;
    char console[64];
    unsigned console_count;
};

static inline void note_led(void *ctx, unsigned led, bool on)
{
    struct board_fixture *b = ctx;
    b->led_changes++;
    b->led[led] = on;
}

static inline void note_console(void *ctx, const uint8_t *bytes, size_t count)
{
    struct board_fixture *b = ctx;
    for (size_t n = 0; n < count && b->console_count < sizeof b->console - 1; n++)
        b->console[b->console_count++] = (char)bytes[n];
}

static inline void note_panel(void *ctx, bool on)
{
    struct board_fixture *b = ctx;
    b->panel_changes++;
    b->panel = on;
}

static inline void note_frame(void *ctx, uint64_t number)
{
    ((struct board_fixture *)ctx)->frames = (unsigned)number;
}

/* 200 MHz everywhere, HSE 25 MHz, pixel clock 27.5 MHz, as if the RCC had been set up. */
static inline uint64_t fixture_clock(struct block *rcc, enum soc_clock clock)
{
    (void)rcc;
    return clock == CLOCK_HSE ? 25000000 : clock == CLOCK_LTDC ? 27500000 : FIXTURE_HCLK;
}

static inline struct board_fixture *board_fixture_create(const struct camera_source *source)
{
    struct board_fixture *b = calloc(1, sizeof *b);
    assert_non_null(b);
    struct board_config config = {.listener = {b, note_led, note_console, note_panel, note_frame}};
    if (source)
        config.camera = *source;
    b->f = fixture_create();
    b->f->soc->clock_hz = fixture_clock;
    b->board = board_create(b->f->soc, &config);
    assert_non_null(b->board);
    return b;
}

static inline void board_fixture_destroy(struct board_fixture *b)
{
    board_destroy(b->board);
    fixture_destroy(b->f);
    free(b);
}

/* A pin's MODER: 0 input, 1 output, 2 alternate. */
static inline void pin_mode(struct board_fixture *b, char port, unsigned pin, uint32_t mode)
{
    uint32_t moder = fixture_read(b->f, GPIO(port));
    fixture_write(b->f, GPIO(port), (moder & ~(3u << 2 * pin)) | mode << 2 * pin);
}

static inline void pin_alternate(struct board_fixture *b, char port, unsigned pin, uint32_t af)
{
    uint32_t at = GPIO(port) + 0x20 + pin / 8 * 4, shift = pin % 8 * 4;
    fixture_write(b->f, at, (fixture_read(b->f, at) & ~(15u << shift)) | af << shift);
    pin_mode(b, port, pin, 2);
}

static inline void pin_output(struct board_fixture *b, char port, unsigned pin, bool level)
{
    fixture_write(b->f, GPIO(port) + 0x18, level ? 1u << pin : 1u << (pin + 16));
    pin_mode(b, port, pin, 1);
}

static inline void open_i2c(struct board_fixture *b)
{
    pin_alternate(b, 'D', 12, 4);
    pin_alternate(b, 'D', 13, 4);
    fixture_write(b->f, I2C4 + 0x10, 0x40912732);
    fixture_write(b->f, I2C4, 1);
}

/* Waits for one of the flags of ISR; the flags then. */
static inline uint32_t i2c_wait(struct board_fixture *b, uint32_t flags)
{
    for (unsigned n = 0; n < 10000; n++) {
        uint32_t isr = fixture_read(b->f, I2C4 + 0x18);
        if (isr & flags)
            return isr;
        fixture_wait(b->f, SIM_US);
    }
    fail_msg("I2C4 does not answer");
    return 0;
}

enum { ISR_TXIS = 2, ISR_RXNE = 4, ISR_NACKF = 16, ISR_STOPF = 32, ISR_TC = 64 };

static inline bool i2c_end(struct board_fixture *b)
{
    uint32_t isr = i2c_wait(b, ISR_STOPF);
    fixture_write(b->f, I2C4 + 0x1c, ISR_STOPF | ISR_NACKF);
    return !(isr & ISR_NACKF);
}

/* Bytes to a device (8-bit address) and STOP; false: not acknowledged. */
static inline bool i2c_write(struct board_fixture *b, unsigned device, const uint8_t *bytes,
                             unsigned count)
{
    fixture_write(b->f, I2C4 + 4, device | count << 16 | 1 << 25 | 1 << 13);
    for (unsigned n = 0; n < count; n++) {
        if (i2c_wait(b, ISR_TXIS | ISR_NACKF) & ISR_NACKF)
            break;
        fixture_write(b->f, I2C4 + 0x28, bytes[n]);
    }
    return i2c_end(b);
}

/* Writes `sent` bytes (a register's address), a repeated START, reads. */
static inline bool i2c_read(struct board_fixture *b, unsigned device, const uint8_t *address,
                            unsigned sent, uint8_t *bytes, unsigned count)
{
    fixture_write(b->f, I2C4 + 4, device | sent << 16 | 1 << 13);
    for (unsigned n = 0; n < sent; n++) {
        if (i2c_wait(b, ISR_TXIS | ISR_NACKF) & ISR_NACKF)
            return i2c_end(b);
        fixture_write(b->f, I2C4 + 0x28, address[n]);
    }
    i2c_wait(b, ISR_TC);
    fixture_write(b->f, I2C4 + 4, device | count << 16 | 1 << 25 | 1 << 13 | 1 << 10);
    for (unsigned n = 0; n < count; n++) {
        i2c_wait(b, ISR_RXNE);
        bytes[n] = (uint8_t)fixture_read(b->f, I2C4 + 0x24);
    }
    return i2c_end(b);
}

#endif
