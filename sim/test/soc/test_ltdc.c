/* LTDC: RM0399 chapter 33. Pictures are compared with a reference that computes each pixel from the
 * registers' meaning, in floating point. */
#include <math.h>

#include "sim/soc/ltdc.h"
#include "sim/test/soc/soc_fixture.h"

#define LTDC   0x50001000u
#define BUFFER 0x24000000u

enum { SSCR = LTDC + 8, BPCR = LTDC + 0xc, AWCR = LTDC + 0x10, TWCR = LTDC + 0x14 };
enum { GCR = LTDC + 0x18, SRCR = LTDC + 0x24, BCCR = LTDC + 0x2c, IER = LTDC + 0x34 };
enum { ISR = LTDC + 0x38, ICR = LTDC + 0x3c, LIPCR = LTDC + 0x40, CPSR = LTDC + 0x44 };
enum { CDSR = LTDC + 0x48 };
enum { CR, WHPCR = 4, WVPCR = 8, CKCR = 0xc, PFCR = 0x10, CACR = 0x14, DCCR = 0x18, BFCR = 0x1c };
enum { CFBAR = 0x28, CFBLR = 0x2c, CFBLNR = 0x30, CLUTWR = 0x40 };

/* 10 MHz; 64 by 32 pixels within 100 by 50: a line takes 10 us, a frame 500 us. */
enum { WIDTH = 64, HEIGHT = 32, LEFT = 20, TOP = 10, LINE_US = 10, FRAME_US = 500 };

static uint32_t screen[HEIGHT][WIDTH];
static unsigned frames, lines_seen;

static void take_lines(void *ctx, const uint32_t *pixels, unsigned first, unsigned count,
                       unsigned width, unsigned height)
{
    (void)ctx;
    assert_int_equal(width, WIDTH);
    assert_int_equal(height, HEIGHT);
    memcpy(screen[first], pixels, (size_t)count * width * 4);
    lines_seen += count;
}

static void take_frame(void *ctx)
{
    (void)ctx;
    frames++;
}

static uint64_t clock_10mhz(struct block *rcc, enum soc_clock clock)
{
    (void)rcc, (void)clock;
    return 10000000;
}

static uint32_t layer_reg(unsigned n, uint32_t reg)
{
    return LTDC + 0x84 + n * 0x80 + reg;
}

static void layer(struct soc_fixture *f, unsigned n, uint32_t reg, uint32_t value)
{
    fixture_write(f, layer_reg(n, reg), value);
}

static struct soc_fixture *ltdc_create(void)
{
    struct soc_fixture *f = fixture_create();
    const struct ltdc_sink sink = {NULL, take_lines, take_frame};
    frames = lines_seen = 0;
    memset(screen, 0, sizeof screen);
    f->soc->clock_hz = clock_10mhz;
    ltdc_connect(soc_block(f->soc, "LTDC"), &sink);
    fixture_write(f, SSCR, 9 << 16 | 4);
    fixture_write(f, BPCR, (LEFT - 1) << 16 | (TOP - 1));
    fixture_write(f, AWCR, (LEFT + WIDTH - 1) << 16 | (TOP + HEIGHT - 1));
    fixture_write(f, TWCR, 99 << 16 | 49);
    fixture_write(f, BCCR, 0x204060);
    return f;
}

/* A window in the active area with its buffer, as large as the window. */
static void set_window(struct soc_fixture *f, unsigned n, unsigned x, unsigned y, unsigned width,
                       unsigned height, unsigned format, unsigned bytes)
{
    layer(f, n, WHPCR, (LEFT + x + width - 1) << 16 | (LEFT + x));
    layer(f, n, WVPCR, (TOP + y + height - 1) << 16 | (TOP + y));
    layer(f, n, PFCR, format);
    layer(f, n, CFBAR, BUFFER + n * 0x10000);
    layer(f, n, CFBLR, width * bytes << 16 | (width * bytes + 7));
    layer(f, n, CFBLNR, height);
    layer(f, n, CR, 1);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static void fill_buffer(struct soc_fixture *f, unsigned n, uint32_t seed)
{
    uint8_t *bytes = bus_memory_for_write(&f->sim.bus, MASTER_DEBUG, BUFFER + n * 0x10000, 0x10000);
    for (unsigned k = 0; k < 0x10000; k++)
        bytes[k] = (uint8_t)next_random(&seed);
}

/* ---- The reference ---- */

struct colour {
    double a, r, g, b; /* 0 to 255 */
};

struct reference {
    unsigned x, y, width, height, format, bf1, bf2, alpha;
    uint32_t dccr, key;
    bool on, keyed, clut;
};

static uint32_t clut_entry(unsigned index)
{
    return (index * 7 % 256) << 16 | (255 - index) << 8 | (index ^ 0x5a);
}

static double widen(uint32_t value, unsigned bits)
{
    uint32_t wide = value << (8 - bits);
    return wide | wide >> bits;
}

static struct colour of_word(uint32_t argb)
{
    return (struct colour){argb >> 24, argb >> 16 & 255, argb >> 8 & 255, argb & 255};
}

static struct colour luminance(const struct reference *r, unsigned alpha, unsigned l)
{
    struct colour c = of_word(r->clut ? clut_entry(l) : l * 0x10101);
    c.a = alpha;
    return c;
}

static struct colour pixel_of(const struct reference *r, const uint8_t *p)
{
    uint32_t v = p[0] | (uint32_t)p[1] << 8;
    switch (r->format) {
    case 0:
        return of_word(v | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24);
    case 1:
        return (struct colour){255, p[2], p[1], p[0]};
    case 2:
        return (struct colour){255, widen(v >> 11, 5), widen(v >> 5 & 63, 6), widen(v & 31, 5)};
    case 3:
        return (struct colour){v >> 15 ? 255 : 0, widen(v >> 10 & 31, 5), widen(v >> 5 & 31, 5),
                               widen(v & 31, 5)};
    case 4:
        return (struct colour){widen(v >> 12, 4), widen(v >> 8 & 15, 4), widen(v >> 4 & 15, 4),
                               widen(v & 15, 4)};
    case 5:
        return luminance(r, 255, p[0]);
    case 6:
        return luminance(r, (p[0] >> 4) * 17u, (p[0] & 15) * 17u);
    default:
        return luminance(r, p[1], p[0]);
    }
}

static struct colour over(const struct reference *r, struct colour c, struct colour under)
{
    double pixel = c.a / 255 * r->alpha / 255, constant = r->alpha / 255.0;
    double f1 = r->bf1 == 6 ? pixel : constant, f2 = 1 - (r->bf2 == 7 ? pixel : constant);
    struct colour out = {255, f1 * c.r + f2 * under.r, f1 * c.g + f2 * under.g,
                         f1 * c.b + f2 * under.b};
    out.r = out.r > 255 ? 255 : out.r;
    out.g = out.g > 255 ? 255 : out.g;
    out.b = out.b > 255 ? 255 : out.b;
    return out;
}

static struct colour reference_layer(struct soc_fixture *f, const struct reference *r, unsigned n,
                                     unsigned x, unsigned y, struct colour under)
{
    static const unsigned sizes[8] = {4, 3, 2, 2, 2, 1, 1, 2};
    if (!r->on)
        return under;
    struct colour c = of_word(r->dccr);
    if (x - r->x < r->width && y - r->y < r->height) {
        uint32_t place = ((y - r->y) * r->width + (x - r->x)) * sizes[r->format];
        c = pixel_of(r, bus_memory(&f->sim.bus, MASTER_DEBUG, BUFFER + n * 0x10000 + place, 4));
        uint32_t rgb = (uint32_t)c.r << 16 | (uint32_t)c.g << 8 | (uint32_t)c.b;
        if (r->keyed && rgb == r->key)
            c = (struct colour){0, 0, 0, 0};
    }
    return over(r, c, under);
}

static void assert_close(double expected, uint32_t got, unsigned x, unsigned y)
{
    if (fabs(expected - got) > 1.01)
        fail_msg("pixel (%u, %u): expected %.2f, got %u", x, y, expected, (unsigned)got);
}

static void compare(struct soc_fixture *f, const struct reference *layers)
{
    for (unsigned y = 0; y < HEIGHT; y++) {
        for (unsigned x = 0; x < WIDTH; x++) {
            struct colour c = of_word(0xff204060);
            for (unsigned n = 0; n < 2; n++)
                c = reference_layer(f, &layers[n], n, x, y, c);
            assert_close(c.r, screen[y][x] >> 16 & 255, x, y);
            assert_close(c.g, screen[y][x] >> 8 & 255, x, y);
            assert_close(c.b, screen[y][x] & 255, x, y);
        }
    }
}

static void program(struct soc_fixture *f, unsigned n, const struct reference *r)
{
    static const unsigned sizes[8] = {4, 3, 2, 2, 2, 1, 1, 2};
    if (!r->on)
        return;
    set_window(f, n, r->x, r->y, r->width, r->height, r->format, sizes[r->format]);
    layer(f, n, CACR, r->alpha);
    layer(f, n, DCCR, r->dccr);
    layer(f, n, BFCR, r->bf1 << 8 | r->bf2);
    layer(f, n, CKCR, r->key);
    layer(f, n, CR, 1u | (r->keyed ? 2u : 0) | (r->clut ? 16u : 0));
    for (unsigned k = 0; k < 256; k++)
        layer(f, n, CLUTWR, k << 24 | clut_entry(k));
}

static void show(struct soc_fixture *f)
{
    fixture_write(f, SRCR, 1);
    fixture_write(f, GCR, 0x2221);
    fixture_wait(f, FRAME_US * SIM_US);
}

static void test_every_format_as_the_reference(void **state)
{
    (void)state; /* 33.7.21 and 33.4.2 */
    for (unsigned format = 0; format < 8; format++) {
        for (unsigned clut = 0; clut < 2; clut++) {
            struct soc_fixture *f = ltdc_create();
            const struct reference layers[2] = {{.on = true,
                                                 .x = 5,
                                                 .y = 3,
                                                 .width = 40,
                                                 .height = 20,
                                                 .format = format,
                                                 .bf1 = 6,
                                                 .bf2 = 7,
                                                 .alpha = 255,
                                                 .clut = clut}};
            fill_buffer(f, 0, format);
            program(f, 0, &layers[0]);
            show(f);
            compare(f, layers);
            fixture_destroy(f);
        }
    }
}

static void test_two_layers_of_random_settings_as_the_reference(void **state)
{
    (void)state;
    uint32_t seed = 4711;
    for (unsigned round = 0; round < 60; round++) {
        struct soc_fixture *f = ltdc_create();
        struct reference layers[2];
        for (unsigned n = 0; n < 2; n++) {
            struct reference *r = &layers[n];
            *r = (struct reference){.on = true};
            r->x = next_random(&seed) % 60, r->y = next_random(&seed) % 28;
            r->width = 1 + next_random(&seed) % (WIDTH - r->x);
            r->height = 1 + next_random(&seed) % (HEIGHT - r->y);
            r->format = next_random(&seed) % 8;
            r->bf1 = next_random(&seed) % 2 ? 4 : 6;
            r->bf2 = next_random(&seed) % 2 ? 5 : 7;
            r->alpha = next_random(&seed) % 3 ? 255 : next_random(&seed) & 255;
            r->dccr = next_random(&seed) << 8 | (next_random(&seed) & 255);
            r->clut = next_random(&seed) % 2;
            fill_buffer(f, n, seed);
            program(f, n, r);
        }
        show(f);
        compare(f, layers);
        fixture_destroy(f);
    }
}

static void test_colour_key_makes_pixels_transparent(void **state)
{
    (void)state; /* 33.4.2, colour keying */
    struct soc_fixture *f = ltdc_create();
    const struct reference layers[2] = {{.on = true,
                                         .width = WIDTH,
                                         .height = HEIGHT,
                                         .format = 5,
                                         .bf1 = 6,
                                         .bf2 = 7,
                                         .alpha = 255,
                                         .keyed = true,
                                         .key = 0x808080}};
    uint8_t *bytes = bus_memory_for_write(&f->sim.bus, MASTER_DEBUG, BUFFER, WIDTH * HEIGHT);
    for (unsigned k = 0; k < WIDTH * HEIGHT; k++)
        bytes[k] = k % 3 ? 0x80 : 0x81;
    program(f, 0, &layers[0]);
    show(f);
    compare(f, layers);
    assert_int_equal(screen[0][1], 0xff204060);
    assert_int_equal(screen[0][3], 0xff818181);
    fixture_destroy(f);
}

static void test_registers_of_a_layer_are_shadowed(void **state)
{
    (void)state; /* 33.4.1: reads give the active value until the reload */
    struct soc_fixture *f = ltdc_create();
    layer(f, 0, CFBAR, 0x24001000);
    assert_int_equal(fixture_read(f, layer_reg(0, CFBAR)), 0);
    fixture_write(f, SRCR, 1);
    assert_int_equal(fixture_read(f, layer_reg(0, CFBAR)), 0x24001000);
    assert_int_equal(fixture_read(f, SRCR), 0);
    fixture_destroy(f);
}

static void test_reload_at_vertical_blank_and_its_interrupt(void **state)
{
    (void)state; /* SRCR.VBR clears itself when it is done; board facts, point 14 */
    struct soc_fixture *f = ltdc_create();
    fixture_write(f, IER, 8);
    fixture_write(f, GCR, 0x2221);
    fixture_wait(f, 100 * SIM_US);
    layer(f, 0, CFBAR, 0x24001000);
    fixture_write(f, SRCR, 2);
    fixture_wait(f, (LINE_US * (TOP + HEIGHT) - 101) * SIM_US);
    assert_int_equal(fixture_read(f, SRCR), 2);
    assert_int_equal(fixture_read(f, layer_reg(0, CFBAR)), 0);
    assert_false(f->irq[SOC_CM7][88]);
    fixture_wait(f, 2 * SIM_US);
    assert_int_equal(fixture_read(f, SRCR), 0);
    assert_int_equal(fixture_read(f, layer_reg(0, CFBAR)), 0x24001000);
    assert_true(f->irq[SOC_CM7][88]);
    assert_true(f->irq[SOC_CM4][88]);
    fixture_write(f, ICR, 8);
    assert_false(f->irq[SOC_CM7][88]);
    fixture_destroy(f);
}

static void test_line_interrupt_comes_at_its_line_in_every_frame(void **state)
{
    (void)state; /* 33.5, 33.7.11 */
    static const unsigned lines[] = {0, 3, 17, 30, 42, 49};
    for (unsigned n = 0; n < sizeof lines / sizeof lines[0]; n++) {
        struct soc_fixture *f = ltdc_create();
        fixture_write(f, LIPCR, lines[n]);
        fixture_write(f, IER, 1);
        fixture_write(f, GCR, 0x2221);
        fixture_write(f, ICR, 1);
        for (unsigned k = 1; k < 4; k++) {
            sim_time due = (k * FRAME_US + lines[n] * LINE_US) * SIM_US;
            fixture_wait(f, due - SIM_US - sim_now(&f->sim));
            fixture_write(f, ICR, 1);
            fixture_wait(f, 0);
            assert_false(f->irq[SOC_CM7][88]);
            fixture_wait(f, 2 * SIM_US);
            assert_true(f->irq[SOC_CM7][88]);
        }
        fixture_destroy(f);
    }
}

static void test_position_and_status_follow_the_scan(void **state)
{
    (void)state; /* 33.7.12, 33.7.13 */
    struct soc_fixture *f = ltdc_create();
    assert_int_equal(fixture_read(f, CDSR), 0xf);
    fixture_write(f, GCR, 0x2221);
    assert_int_equal(fixture_read(f, CDSR), 8 | 4);
    fixture_wait(f, 15 * LINE_US * SIM_US + 3 * SIM_US);
    assert_int_equal(fixture_read(f, CPSR), 30 << 16 | 15);
    assert_int_equal(fixture_read(f, CDSR), 2 | 1);
    fixture_wait(f, 30 * LINE_US * SIM_US + 6 * SIM_US);
    assert_int_equal(fixture_read(f, CPSR), 90 << 16 | 45);
    assert_int_equal(fixture_read(f, CDSR), 0);
    fixture_destroy(f);
}

static void test_a_buffer_that_changes_during_the_scan_tears(void **state)
{
    (void)state;
    struct soc_fixture *f = ltdc_create();
    set_window(f, 0, 0, 0, WIDTH, HEIGHT, 5, 1);
    show(f);
    fixture_wait(f, (TOP + HEIGHT / 2) * LINE_US * SIM_US);
    memset(bus_memory_for_write(&f->sim.bus, MASTER_DEBUG, BUFFER, WIDTH * HEIGHT), 0xff,
           WIDTH * HEIGHT);
    fixture_wait(f, FRAME_US / 2 * SIM_US);
    assert_int_equal(screen[0][0], 0xff000000);
    assert_int_equal(screen[HEIGHT / 2 - 8][0], 0xff000000);
    assert_int_equal(screen[HEIGHT / 2 + 8][0], 0xffffffff);
    fixture_wait(f, FRAME_US * SIM_US);
    assert_int_equal(screen[0][0], 0xffffffff);
    fixture_destroy(f);
}

static void test_an_immediate_reload_tears_at_the_line_it_is_made(void **state)
{
    (void)state;
    struct soc_fixture *f = ltdc_create();
    set_window(f, 0, 0, 0, WIDTH, HEIGHT, 5, 1);
    show(f);
    memset(bus_memory_for_write(&f->sim.bus, MASTER_DEBUG, BUFFER + 0x10000, WIDTH * HEIGHT), 0xff,
           WIDTH * HEIGHT);
    layer(f, 0, CFBAR, BUFFER + 0x10000);
    fixture_wait(f, (TOP + 13) * LINE_US * SIM_US);
    fixture_write(f, SRCR, 1);
    fixture_wait(f, (HEIGHT - 13) * LINE_US * SIM_US);
    assert_int_equal(screen[12][0], 0xff000000);
    assert_int_equal(screen[13][0], 0xffffffff);
    fixture_destroy(f);
}

static void test_an_unchanged_picture_is_not_passed_on_again(void **state)
{
    (void)state;
    struct soc_fixture *f = ltdc_create();
    set_window(f, 0, 0, 0, WIDTH, HEIGHT, 2, 2);
    show(f);
    assert_int_equal(lines_seen, HEIGHT);
    fixture_wait(f, 3 * FRAME_US * SIM_US);
    assert_int_equal(lines_seen, HEIGHT);
    assert_int_equal(frames, 4);
    fixture_write(f, BUFFER + 5 * WIDTH * 2, 0xffff);
    fixture_wait(f, FRAME_US * SIM_US);
    assert_int_equal(lines_seen, HEIGHT + 1);
    assert_int_equal(screen[5][0], 0xffffffff);
    ltdc_redraw(soc_block(f->soc, "LTDC"));
    fixture_wait(f, FRAME_US * SIM_US);
    assert_int_equal(lines_seen, 2 * HEIGHT + 1);
    fixture_destroy(f);
}

static void test_memory_that_is_not_there_is_a_transfer_error(void **state)
{
    (void)state; /* 33.5, TERRIF, on the error interrupt */
    struct soc_fixture *f = ltdc_create();
    set_window(f, 0, 0, 0, WIDTH, HEIGHT, 2, 2);
    layer(f, 0, CFBAR, 0x40000000u - 0x10000);
    fixture_write(f, IER, 4);
    show(f);
    assert_int_equal(fixture_read(f, ISR) & 4, 4);
    assert_true(f->irq[SOC_CM7][89]);
    assert_false(f->irq[SOC_CM7][88]);
    fixture_destroy(f);
}

static void test_held_it_scans_one_frame_at_a_time(void **state)
{
    (void)state;
    struct soc_fixture *f = ltdc_create();
    struct block *block = soc_block(f->soc, "LTDC");
    ltdc_hold(block, true);
    show(f);
    assert_int_equal(frames, 0);
    ltdc_scan_once(block);
    while (!frames)
        fixture_wait(f, SIM_US);
    ltdc_scan_once(block); /* in the blanking of the frame before, as on its end-of-refresh event */
    fixture_wait(f, 3 * FRAME_US * SIM_US);
    assert_int_equal(frames, 2);
    assert_false(ltdc_scanning(block));
    fixture_destroy(f);
}

/* 64 pixels of 4 bytes are 4 bursts, in a line of 10 us. */
static void test_fetches_that_do_not_fit_their_line_underrun_the_fifo(void **state)
{
    (void)state; /* 33.5, FUIF, on the error interrupt */
    struct soc_fixture *f = ltdc_create();
    struct ram *ram = &f->soc->memory.axi_sram;
    const struct traffic_plan all = {0, SIM_S, TRAFFIC_FULL};
    set_window(f, 0, 0, 0, WIDTH, HEIGHT, 0, 4);
    fixture_write(f, IER, 2);
    show(f);
    ram->traffic->latency = 100 * SIM_NS;
    ram->traffic->byte_time = 0;
    assert_int_equal(fixture_read(f, ISR) & 2, 0);
    traffic_plan(&f->sim, ram, MASTER_DMA2D, 0, &all, 2 * SIM_US); /* 8 us of waiting */
    fixture_wait(f, FRAME_US * SIM_US);
    assert_int_equal(fixture_read(f, ISR) & 2, 0);
    traffic_plan(&f->sim, ram, MASTER_DMA2D, 0, &all, 3 * SIM_US); /* 12 us */
    fixture_wait(f, FRAME_US * SIM_US);
    assert_int_equal(fixture_read(f, ISR) & 2, 2);
    assert_true(f->irq[SOC_CM7][89]);
    fixture_destroy(f);
}

static uint32_t share_at(struct soc_fixture *f, unsigned line)
{
    sim_time frame = sim_now(&f->sim);
    return traffic_share(&f->soc->memory.axi_sram, MASTER_LTDC,
                         frame + (TOP + line) * LINE_US * SIM_US + SIM_US);
}

static void test_fetches_keep_the_memory_busy_in_the_lines_of_the_window(void **state)
{
    (void)state;
    struct soc_fixture *f = ltdc_create();
    struct ram *ram = &f->soc->memory.axi_sram;
    ram->traffic->latency = 100 * SIM_NS;
    ram->traffic->byte_time = 10 * SIM_NS; /* 64 bytes in 740 ns, four times a line */
    set_window(f, 0, 0, 8, WIDTH, 16, 0, 4);
    fixture_write(f, SRCR, 1);
    fixture_write(f, GCR, 1);
    assert_int_equal(share_at(f, 7), 0);
    assert_in_range(share_at(f, 8), 4 * 740 * TRAFFIC_FULL / 10000 - 1,
                    4 * 740 * TRAFFIC_FULL / 10000);
    assert_int_equal(share_at(f, 23), share_at(f, 8));
    assert_int_equal(share_at(f, 24), 0);
    fixture_write(f, GCR, 0);
    assert_int_equal(share_at(f, 8), 0);
    fixture_destroy(f);
}

static void test_blanking_reload_is_not_taken_back_by_a_write(void **state)
{
    (void)state; /* 33.7.6, VBR */
    struct soc_fixture *f = ltdc_create();
    fixture_write(f, GCR, 1);
    layer(f, 0, DCCR, 0x12345678);
    fixture_write(f, SRCR, 2);
    fixture_write(f, SRCR, 0);
    assert_int_equal(fixture_read(f, SRCR), 2);
    fixture_wait(f, FRAME_US * SIM_US);
    assert_int_equal(fixture_read(f, SRCR), 0);
    assert_int_equal(fixture_read(f, layer_reg(0, DCCR)), 0x12345678);
    fixture_destroy(f);
}

/* 33.4.2, "color frame buffer length": one line, or one word of a line, less than the window shows. */
static void test_a_buffer_that_is_too_small_is_an_underrun(void **state)
{
    (void)state;
    static const struct {
        unsigned line, lines;
        bool underrun;
    } cases[] = {{32 + 7, 8, false}, {24 + 7, 8, true}, {32 + 7, 7, true}};
    for (unsigned n = 0; n < 3; n++) {
        struct soc_fixture *f = ltdc_create();
        set_window(f, 0, 4, 4, 16, 8, 2, 2);
        layer(f, 0, CFBLR, 64 << 16 | cases[n].line);
        layer(f, 0, CFBLNR, cases[n].lines);
        fixture_write(f, SRCR, 1);
        fixture_write(f, GCR, 1);
        fixture_wait(f, FRAME_US * SIM_US);
        assert_int_equal(fixture_read(f, ISR) & 2, cases[n].underrun ? 2 : 0);
        fixture_destroy(f);
    }
}

static void test_position_is_held_at_the_last_pixel_while_disabled(void **state)
{
    (void)state; /* 33.4.1, synchronous timings */
    struct soc_fixture *f = ltdc_create();
    assert_int_equal(fixture_read(f, CPSR), 99 << 16 | 49);
    fixture_write(f, GCR, 1);
    assert_int_equal(fixture_read(f, CPSR), 0);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blanking_reload_is_not_taken_back_by_a_write),
        cmocka_unit_test(test_a_buffer_that_is_too_small_is_an_underrun),
        cmocka_unit_test(test_position_is_held_at_the_last_pixel_while_disabled),
        cmocka_unit_test(test_every_format_as_the_reference),
        cmocka_unit_test(test_two_layers_of_random_settings_as_the_reference),
        cmocka_unit_test(test_colour_key_makes_pixels_transparent),
        cmocka_unit_test(test_registers_of_a_layer_are_shadowed),
        cmocka_unit_test(test_reload_at_vertical_blank_and_its_interrupt),
        cmocka_unit_test(test_line_interrupt_comes_at_its_line_in_every_frame),
        cmocka_unit_test(test_position_and_status_follow_the_scan),
        cmocka_unit_test(test_a_buffer_that_changes_during_the_scan_tears),
        cmocka_unit_test(test_an_immediate_reload_tears_at_the_line_it_is_made),
        cmocka_unit_test(test_an_unchanged_picture_is_not_passed_on_again),
        cmocka_unit_test(test_memory_that_is_not_there_is_a_transfer_error),
        cmocka_unit_test(test_held_it_scans_one_frame_at_a_time),
        cmocka_unit_test(test_fetches_that_do_not_fit_their_line_underrun_the_fifo),
        cmocka_unit_test(test_fetches_keep_the_memory_busy_in_the_lines_of_the_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
