/* DMA2D: RM0399 chapter 19. */
#include "sim/test/soc/soc_fixture.h"

#define DMA2D 0x52001000u
#define FG    0x24000000u
#define BG    0x24020000u
#define OUT   0x24040000u
#define CLUT  0x30000000u

enum { CR = 0, ISR = 4, IFCR = 8, FGMAR = 0xc, FGOR = 0x10, BGMAR = 0x14, BGOR = 0x18 };
enum { FGPFCCR = 0x1c, FGCOLR = 0x20, BGPFCCR = 0x24, BGCOLR = 0x28, FGCMAR = 0x2c };
enum { BGCMAR = 0x30, OPFCCR = 0x34, OCOLR = 0x38, OMAR = 0x3c, OOR = 0x40, NLR = 0x44 };
enum { LWR = 0x48, START = 1, TEIF = 1, TCIF = 2, TWIF = 4, CAEIF = 8, CTCIF = 16, CEIF = 32 };
enum { L4 = 8, YCBCR = 11, CLUT_START = 1 << 5, LOM = 1 << 6, SUSP = 2, SB = 1 << 8 };
enum { M2M, PFC, BLEND, R2M, FIXED_FG, FIXED_BG };

static uint32_t seed = 7;

static uint32_t chance(uint32_t range)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % range;
}

static uint8_t *memory(struct soc_fixture *f, uint32_t address, uint32_t length)
{
    uint8_t *bytes = bus_memory_for_write(&f->sim.bus, MASTER_DEBUG, address, length);
    assert_non_null(bytes);
    return bytes;
}

static void set(struct soc_fixture *f, uint32_t offset, uint32_t value)
{
    fixture_write(f, DMA2D + offset, value);
}

static uint32_t get(struct soc_fixture *f, uint32_t offset)
{
    return fixture_read(f, DMA2D + offset);
}

/* The reference: one pixel at a time, in plain arithmetic on channels. */

struct pixel {
    int a, r, g, b;
};

struct picture {
    const uint8_t *bytes, *clut; /* CLUT as ARGB8888 in memory's order */
    unsigned format, pitch;      /* in pixels, lines follow each other without a gap */
    unsigned am, alpha, fixed_r, fixed_g, fixed_b, css;
    bool ai, rbs;
};

static struct pixel from_clut(const struct picture *p, unsigned index)
{
    const uint8_t *entry = &p->clut[4 * index];
    return (struct pixel){entry[3], entry[2], entry[1], entry[0]};
}

static int half(const struct picture *p, unsigned at)
{
    return at % 2 ? p->bytes[at / 2] / 16 : p->bytes[at / 2] % 16;
}

static int channel(double value)
{
    return value < 0 ? 0 : value > 255 ? 255 : (int)(value + 0.5);
}

/* Where JPEG's blocks are: h and v luma blocks a unit, then Cb and Cr. */
static struct pixel jpeg_pixel(const struct picture *p, unsigned x, unsigned y)
{
    unsigned h = p->css ? 2 : 1, v = p->css == 2 ? 2 : 1, per_row = p->pitch / (8 * h);
    unsigned unit = (y / (8 * v) * per_row + x / (8 * h)) * 64 * (h * v + 2);
    unsigned ux = x % (8 * h), uy = y % (8 * v);
    int luma = p->bytes[unit + (uy / 8 * h + ux / 8) * 64 + uy % 8 * 8 + ux % 8];
    unsigned c = unit + 64 * h * v + uy / v * 8 + ux / h;
    double cb = p->bytes[c] - 128.0, cr = p->bytes[c + 64] - 128.0;
    return (struct pixel){255, channel(luma + 1.402 * cr),
                          channel(luma - 0.344136 * cb - 0.714136 * cr),
                          channel(luma + 1.772 * cb)};
}

static struct pixel stored_pixel(const struct picture *p, unsigned x, unsigned y)
{
    unsigned n = y * p->pitch + x;
    const uint8_t *b = p->bytes;
    int w = p->format == 2 || p->format == 3 || p->format == 4 ? b[2 * n] + 256 * b[2 * n + 1] : 0;
    struct pixel fixed = {0, (int)p->fixed_r, (int)p->fixed_g, (int)p->fixed_b}, q;
    switch (p->format) {
    case 0:
        return (struct pixel){b[4 * n + 3], b[4 * n + 2], b[4 * n + 1], b[4 * n]};
    case 1:
        return (struct pixel){255, b[3 * n + 2], b[3 * n + 1], b[3 * n]};
    case 2:
        return (struct pixel){255, w / 2048 * 33 / 4, w / 32 % 64 * 65 / 16, w % 32 * 33 / 4};
    case 3:
        return (struct pixel){w / 32768 * 255, w / 1024 % 32 * 33 / 4, w / 32 % 32 * 33 / 4,
                              w % 32 * 33 / 4};
    case 4:
        return (struct pixel){w / 4096 * 17, w / 256 % 16 * 17, w / 16 % 16 * 17, w % 16 * 17};
    case 5:
        return from_clut(p, b[n]);
    case 6:
        q = from_clut(p, b[n] % 16);
        q.a = b[n] / 16 * 17;
        return q;
    case 7:
        q = from_clut(p, b[2 * n]);
        q.a = b[2 * n + 1];
        return q;
    case 8:
        return from_clut(p, (unsigned)half(p, n));
    case 9:
        fixed.a = b[n];
        return fixed;
    case 10:
        fixed.a = half(p, n) * 17;
        return fixed;
    default:
        return jpeg_pixel(p, x, y);
    }
}

static struct pixel modified(const struct picture *p, struct pixel q)
{
    int own = p->am == 1 ? (int)p->alpha : q.a;
    if (p->ai)
        own = 255 - own;
    q.a = p->am == 2 ? own * (int)p->alpha / 255 : own;
    if (p->rbs) {
        int r = q.r;
        q.r = q.b;
        q.b = r;
    }
    return q;
}

static struct pixel fetch(const struct picture *p, unsigned x, unsigned y)
{
    return modified(p, stored_pixel(p, x, y));
}

/* The colour of a layer that is not fetched is opaque to begin with (19.3.13). */
static struct pixel fixed_pixel(const struct picture *p)
{
    return modified(p, (struct pixel){255, (int)p->fixed_r, (int)p->fixed_g, (int)p->fixed_b});
}

static int mix(int f, int fa, int b, int ba)
{
    int both = fa * ba / 255, alpha = fa + ba - both;
    int value = alpha ? (f * fa + b * ba - b * both) / alpha : 0;
    return value > 255 ? 255 : value;
}

static struct pixel blend(struct pixel f, struct pixel b)
{
    return (struct pixel){f.a + b.a - f.a * b.a / 255, mix(f.r, f.a, b.r, b.a),
                          mix(f.g, f.a, b.g, b.a), mix(f.b, f.a, b.b, b.a)};
}

static void store(uint8_t *to, unsigned format, struct pixel q)
{
    unsigned value = 0;
    switch (format) {
    case 0:
        to[3] = (uint8_t)q.a;
        /* fall through */
    case 1:
        to[2] = (uint8_t)q.r, to[1] = (uint8_t)q.g, to[0] = (uint8_t)q.b;
        return;
    case 2:
        value = (unsigned)(q.r / 8 * 2048 + q.g / 4 * 32 + q.b / 8);
        break;
    case 3:
        value = (unsigned)(q.a / 128 * 32768 + q.r / 8 * 1024 + q.g / 8 * 32 + q.b / 8);
        break;
    case 4:
        value = (unsigned)(q.a / 16 * 4096 + q.r / 16 * 256 + q.g / 16 * 16 + q.b / 16);
    }
    to[0] = (uint8_t)value;
    to[1] = (uint8_t)(value >> 8);
}

static const uint8_t bits[12] = {32, 24, 16, 16, 16, 8, 8, 16, 4, 8, 4, 8};

static struct picture draw_picture(const uint8_t *bytes, const uint8_t *clut, bool ycbcr,
                                   unsigned width)
{
    struct picture p = {.bytes = bytes,
                        .clut = clut,
                        .format = chance(ycbcr ? 12 : 11),
                        .am = chance(3),
                        .alpha = chance(256),
                        .fixed_r = chance(256),
                        .fixed_g = chance(256),
                        .fixed_b = chance(256),
                        .css = chance(3),
                        .ai = chance(2),
                        .rbs = chance(2)};
    p.pitch = width + 2 * chance(10);
    if (p.format == 11)
        p.pitch = (width + 15) / 16 * 16;
    return p;
}

static uint32_t pfccr(const struct picture *p)
{
    return p->format | 255u << 8 | p->am << 16 | p->css << 18 | (uint32_t)p->ai << 20 |
           (uint32_t)p->rbs << 21 | p->alpha << 24;
}

static uint32_t colr(const struct picture *p)
{
    return p->fixed_r << 16 | p->fixed_g << 8 | p->fixed_b;
}

static void load_clut(struct soc_fixture *f, uint32_t reg, uint32_t value)
{
    set(f, reg, value | CLUT_START);
    fixture_wait(f, SIM_MS);
    assert_int_equal(get(f, ISR), CTCIF);
    assert_int_equal(get(f, reg) & CLUT_START, 0);
    set(f, IFCR, CTCIF);
}

static void load_cluts(struct soc_fixture *f, const struct picture *fg, const struct picture *bg)
{
    set(f, FGCMAR, CLUT);
    set(f, BGCMAR, CLUT + 1024);
    if (fg->format == YCBCR)
        set(f, FGPFCCR, pfccr(fg));
    else
        load_clut(f, FGPFCCR, pfccr(fg));
    load_clut(f, BGPFCCR, pfccr(bg));
}

static struct pixel expected_pixel(unsigned mode, const struct picture *fg,
                                   const struct picture *bg, unsigned x, unsigned y)
{
    struct pixel f, b;
    if (mode == FIXED_FG)
        f = fixed_pixel(fg);
    else
        f = fetch(fg, x, y);
    if (mode == PFC)
        return f;
    if (mode == FIXED_BG)
        b = fixed_pixel(bg);
    else
        b = fetch(bg, x, y);
    return blend(f, b);
}

/* Within one step of the codec's rounding where colours come from YCbCr; exactly else. */
static void compare(const uint8_t *got, const uint8_t *want, unsigned count, bool exact)
{
    if (exact) {
        assert_memory_equal(got, want, count);
        return;
    }
    for (unsigned n = 0; n < count; n++)
        assert_true(abs(got[n] - want[n]) <= 1);
}

static void one_random_conversion(struct soc_fixture *f)
{
    static const unsigned modes[] = {PFC, BLEND, FIXED_FG, FIXED_BG};
    static uint8_t expected[65536];
    unsigned mode = modes[chance(4)], width = 2 + 2 * chance(40), height = 1 + chance(20);
    uint8_t *fg_bytes = memory(f, FG, 65536), *bg_bytes = memory(f, BG, 65536);
    uint8_t *out = memory(f, OUT, 65536), *clut = memory(f, CLUT, 2048);
    for (unsigned n = 0; n < 65536; n++) {
        fg_bytes[n] = (uint8_t)chance(256);
        bg_bytes[n] = (uint8_t)chance(256);
    }
    for (unsigned n = 0; n < 2048; n++)
        clut[n] = (uint8_t)chance(256);
    struct picture fg = draw_picture(fg_bytes, clut, true, width);
    struct picture bg = draw_picture(bg_bytes, clut + 1024, false, width);
    unsigned format = chance(5), offset = chance(9), bytes = bits[format] / 8;
    bool inexact = fg.format == 11 && mode != FIXED_FG;
    if (inexact)
        format = 0, bytes = 4, mode = PFC;
    bool ai = chance(2), rbs = chance(2);
    memset(out, 0xcc, 65536);
    memset(expected, 0xcc, 65536);
    for (unsigned y = 0; y < height; y++)
        for (unsigned x = 0; x < width; x++) {
            struct pixel q = expected_pixel(mode, &fg, &bg, x, y);
            if (ai)
                q.a = 255 - q.a;
            if (rbs) {
                int r = q.r;
                q.r = q.b;
                q.b = r;
            }
            store(&expected[(y * (width + offset) + x) * bytes], format, q);
        }
    load_cluts(f, &fg, &bg);
    set(f, FGMAR, FG);
    set(f, BGMAR, BG);
    set(f, FGOR, fg.pitch - width);
    set(f, BGOR, bg.pitch - width);
    set(f, FGCOLR, colr(&fg));
    set(f, BGCOLR, colr(&bg));
    set(f, OMAR, OUT);
    set(f, OOR, offset);
    set(f, OPFCCR, format | (uint32_t)ai << 20 | (uint32_t)rbs << 21);
    set(f, NLR, width << 16 | height);
    set(f, CR, mode << 16 | START);
    fixture_wait(f, 10 * SIM_MS);
    assert_int_equal(get(f, ISR), TCIF);
    assert_int_equal(get(f, CR) & START, 0);
    compare(out, expected, 65536, !inexact);
    set(f, IFCR, 0x3f);
}

static void test_random_conversions_and_blends_equal_the_reference(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    for (unsigned n = 0; n < 250; n++)
        one_random_conversion(f);
    fixture_destroy(f);
}

static void test_fill_writes_the_colour_and_takes_time(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set(f, OCOLR, 0x1234);
    set(f, OPFCCR, 2);
    set(f, OMAR, OUT);
    set(f, OOR, 2);
    set(f, NLR, 4 << 16 | 3);
    set(f, LWR, 2);
    set(f, CR, R2M << 16 | 1 << 10 | START);
    assert_int_equal(fixture_read(f, OUT), 0);
    while (!(get(f, ISR) & TWIF))
        event_run_until(&f->sim.events, event_next(&f->sim.events));
    assert_true(f->irq[SOC_CM7][90]);
    assert_true(f->soc->mdma_trigger[26].level);
    assert_int_equal(fixture_read(f, OUT + 12 + 4), 0x12341234);
    assert_int_equal(fixture_read(f, OUT + 24), 0);
    assert_int_equal(get(f, CR) & START, START);
    set(f, OMAR, FG); /* locked while it runs */
    set(f, IFCR, TWIF);
    assert_false(f->irq[SOC_CM7][90]);
    fixture_wait(f, 100 * SIM_US);
    assert_int_equal(get(f, ISR), TCIF);
    assert_true(f->soc->mdma_trigger[25].level);
    assert_int_equal(fixture_read(f, OUT + 8), 0);
    assert_int_equal(fixture_read(f, OUT + 28), 0x12341234);
    assert_int_equal(get(f, OMAR), OUT);
    fixture_destroy(f);
}

/* A fill of AXI SRAM beside a master that takes `share` of its time, in bursts of 1 us. */
static sim_time time_of_a_fill(uint32_t share)
{
    struct soc_fixture *f = fixture_create();
    const struct traffic_plan plan = {0, SIM_S, share};
    traffic_plan(&f->sim, &f->soc->memory.axi_sram, MASTER_LTDC, 0, &plan, SIM_US);
    set(f, OMAR, OUT);
    set(f, NLR, 64u << 16 | 16); /* 16 lines of 4 bursts */
    sim_time begin = sim_now(&f->sim);
    set(f, CR, R2M << 16 | START);
    while (!(get(f, ISR) & TCIF))
        event_run_until(&f->sim.events, event_next(&f->sim.events));
    sim_time taken = sim_now(&f->sim) - begin;
    fixture_destroy(f);
    return taken;
}

static void test_a_busy_memory_takes_its_time(void **state)
{
    (void)state;
    sim_time alone = time_of_a_fill(0);
    assert_int_equal(time_of_a_fill(TRAFFIC_FULL), alone + 16 * 4 * SIM_US);
}

static void test_memory_to_memory_copies_in_the_foreground_format(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    uint8_t *from = memory(f, FG, 64), *to = memory(f, OUT, 64);
    for (unsigned n = 0; n < 64; n++)
        from[n] = (uint8_t)(n + 1);
    set(f, FGPFCCR, 1);
    set(f, FGMAR, FG);
    set(f, OMAR, OUT);
    set(f, OOR, 1);
    set(f, NLR, 3 << 16 | 2);
    set(f, CR, M2M << 16 | START);
    fixture_wait(f, SIM_MS);
    assert_memory_equal(to, from, 9);
    assert_int_equal(to[9], 0);
    assert_memory_equal(to + 12, from + 9, 9);
    set(f, IFCR, TCIF);
    set(f, OOR, 5); /* bytes */
    set(f, CR, M2M << 16 | 1 << 6 | START);
    fixture_wait(f, SIM_MS);
    assert_memory_equal(to + 14, from + 9, 9);
    fixture_destroy(f);
}

static void test_wrong_configurations_and_addresses_raise_their_flags(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set(f, NLR, 3 << 16 | 1);
    set(f, FGPFCCR, 8); /* L4 needs even widths */
    set(f, FGMAR, FG);
    set(f, OMAR, OUT);
    set(f, CR, PFC << 16 | 1 << 13 | START);
    assert_int_equal(get(f, ISR), CEIF);
    assert_true(f->irq[SOC_CM4][90]);
    assert_int_equal(get(f, CR) & START, 0);
    set(f, IFCR, CEIF);
    set(f, FGPFCCR, 0);
    set(f, FGMAR, 0x60000000);
    set(f, CR, PFC << 16 | START);
    fixture_wait(f, SIM_MS);
    assert_int_equal(get(f, ISR), TEIF);
    assert_int_equal(get(f, CR) & START, 0);
    fixture_destroy(f);
}

/* 19.3.13, "configuration error detection". */
static void test_each_wrong_configuration_is_refused(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    enum { CSS_422 = 1 << 18, RGB888 = 1, RGB565 = 2 };
    static const struct {
        uint32_t cr, fgpfccr, fgor, opfccr, omar, oor, pl;
        bool wrong;
    } cases[] = {
        {PFC << 16, 0, 0, 0, OUT, 0, 4, false},
        {6 << 16, 0, 0, 0, OUT, 0, 4, true},
        {PFC << 16, L4, 0, 0, OUT, 0, 3, true},
        {PFC << 16, L4, 1, 0, OUT, 0, 4, true},
        {PFC << 16 | LOM, L4, 1, 0, OUT, 0, 4, false},
        {PFC << 16, 0, 0, RGB565, OUT + 1, 0, 4, true},
        {M2M << 16, 0, 0, RGB565, OUT + 1, 0, 4, false},
        {PFC << 16, 0, 0, 5, OUT, 0, 4, true},
        {PFC << 16, 0, 0, SB | RGB888, OUT, 0, 3, true},
        {PFC << 16, 0, 0, SB | RGB888, OUT + 1, 0, 4, true},
        {PFC << 16, 0, 0, SB | RGB888, OUT, 1, 4, true},
        {PFC << 16, 0, 0, SB | RGB565, OUT, 1, 4, false},
        {PFC << 16 | LOM, 0, 0, SB | RGB565, OUT, 1, 4, true},
        {M2M << 16, YCBCR, 0, 0, OUT, 0, 8, true},
        {PFC << 16, YCBCR, 0, 0, OUT, 0, 8, false},
        {PFC << 16, YCBCR, 0, 0, OUT, 0, 12, true},
        {PFC << 16, YCBCR, 4, 0, OUT, 0, 12, false},
        {PFC << 16, YCBCR | CSS_422, 0, 0, OUT, 0, 8, true},
        {PFC << 16, YCBCR | CSS_422, 4, 0, OUT, 0, 12, false},
    };
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        set(f, FGMAR, FG);
        set(f, FGOR, cases[n].fgor);
        set(f, FGPFCCR, cases[n].fgpfccr);
        set(f, OPFCCR, cases[n].opfccr);
        set(f, OMAR, cases[n].omar);
        set(f, OOR, cases[n].oor);
        set(f, NLR, cases[n].pl << 16 | 1);
        set(f, CR, cases[n].cr | START);
        fixture_wait(f, SIM_MS);
        assert_int_equal(get(f, ISR), cases[n].wrong ? CEIF : TCIF);
        set(f, IFCR, 0x3f);
    }
    set(f, FGPFCCR, YCBCR | CLUT_START); /* its chroma is there */
    assert_int_equal(get(f, ISR), CEIF);
    fixture_destroy(f);
}

/* 19.5.5: in pixels the offset has 14 bits. */
static void test_line_offset_in_pixels_has_14_bits(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set(f, OCOLR, 0x55);
    set(f, OMAR, OUT);
    set(f, OOR, 0xc001);
    set(f, NLR, 1 << 16 | 2);
    set(f, CR, R2M << 16 | START);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, OUT + 8), 0x55);
    fixture_destroy(f);
}

/* 19.3.8: AI and RBS are for OCOLR too. */
static void test_fill_swaps_and_inverts_its_colour(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    static const struct {
        uint32_t opfccr, colour, filled;
    } cases[] = {
        {0 | 3 << 20, 0x12345678, 0xed785634},
        {2 | 2 << 20, 0xf81f & ~0x1f, 0x001f001f},
        {3 | 1 << 20, 0x1234, 0x92349234},
        {4 | 3 << 20, 0xf123, 0x03210321},
    };
    set(f, OMAR, OUT);
    for (unsigned n = 0; n < 4; n++) {
        set(f, OPFCCR, cases[n].opfccr);
        set(f, OCOLR, cases[n].colour);
        set(f, NLR, 2 << 16 | 1);
        set(f, CR, R2M << 16 | START);
        fixture_wait(f, SIM_MS);
        assert_int_equal(fixture_read(f, OUT), cases[n].filled);
    }
    fixture_destroy(f);
}

/* 19.3.13, 19.5.1, 19.5.8: one thing at a time, and what is not begun is not marked as begun. */
static void test_transfers_and_tables_do_not_run_together(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set(f, FGCMAR, CLUT);
    set(f, BGCMAR, CLUT);
    set(f, OMAR, OUT);
    set(f, OCOLR, 0x55);
    set(f, NLR, 4 << 16 | 4);
    set(f, FGPFCCR, CLUT_START | 255 << 8);
    set(f, BGPFCCR, CLUT_START);
    assert_int_equal(get(f, BGPFCCR), 0);
    set(f, CR, R2M << 16 | START);
    assert_int_equal(get(f, CR) & START, 0);
    set(f, OMAR, FG); /* read-only while the table loads */
    assert_int_equal(get(f, OMAR), OUT);
    fixture_wait(f, SIM_MS);
    assert_int_equal(get(f, ISR), CTCIF);
    assert_int_equal(fixture_read(f, OUT), 0);
    set(f, CR, R2M << 16 | START);
    set(f, LWR, 2);
    set(f, FGPFCCR, CLUT_START);
    assert_int_equal(get(f, LWR), 0);
    assert_int_equal(get(f, FGPFCCR), 255 << 8);
    set(f, CR, R2M << 16 | START | SUSP);
    set(f, CR, R2M << 16 | START | SUSP | 4);
    assert_int_equal(get(f, CR) & 7, 0);
    set(f, CR, SUSP);
    assert_int_equal(get(f, CR) & 7, 0);
    fixture_destroy(f);
}

/* 19.3.17: nor is a table the CPU's while pixels are looked up in it. */
static void test_table_in_use_is_not_accessible(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set(f, 0x400, 0xff112233);
    set(f, FGPFCCR, 5);
    set(f, FGMAR, FG);
    set(f, OMAR, OUT);
    set(f, NLR, 4 << 16 | 4);
    set(f, CR, PFC << 16 | START);
    get(f, 0x800);
    assert_int_equal(get(f, ISR), 0);
    set(f, 0x400, 0);
    assert_int_equal(get(f, ISR), CAEIF);
    fixture_wait(f, SIM_MS);
    assert_int_equal(get(f, 0x400), 0xff112233);
    fixture_destroy(f);
}

static void test_clut_is_written_by_hand_and_guarded_while_it_loads(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set(f, 0x400 + 20, 0xff112233);
    assert_int_equal(get(f, 0x400 + 20), 0xff112233);
    set(f, 0x800 + 1020, 0x55);
    assert_int_equal(get(f, 0xbfc), 0x55);
    fixture_write(f, CLUT, 0x44332211);
    set(f, FGCMAR, CLUT);
    set(f, FGPFCCR, 1 << 5 | 1 << 4); /* one entry of RGB888 */
    get(f, 0x400);
    assert_int_equal(get(f, ISR), CAEIF);
    fixture_wait(f, SIM_MS);
    assert_int_equal(get(f, 0x400), 0xff332211);
    assert_true(f->soc->mdma_trigger[24].level);
    fixture_destroy(f);
}

static void test_suspend_abort_and_byte_swap(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set(f, OCOLR, 0x1234);
    set(f, OPFCCR, 2 | 1 << 8);
    set(f, OMAR, OUT);
    set(f, NLR, 4 << 16 | 100);
    set(f, CR, R2M << 16 | START);
    set(f, CR, R2M << 16 | START | 2);
    fixture_wait(f, SIM_MS);
    assert_int_equal(get(f, ISR), 0);
    assert_int_equal(fixture_read(f, OUT), 0x34123412);
    set(f, CR, R2M << 16 | START);
    fixture_wait(f, SIM_US * 2);
    assert_int_equal(get(f, ISR), 0);
    set(f, CR, R2M << 16 | START | 4);
    assert_int_equal(get(f, CR) & 5, 0);
    fixture_wait(f, SIM_MS);
    assert_int_equal(get(f, ISR), 0);
    assert_int_equal(fixture_read(f, OUT + 99 * 8), 0);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_conversions_and_blends_equal_the_reference),
        cmocka_unit_test(test_fill_writes_the_colour_and_takes_time),
        cmocka_unit_test(test_a_busy_memory_takes_its_time),
        cmocka_unit_test(test_memory_to_memory_copies_in_the_foreground_format),
        cmocka_unit_test(test_wrong_configurations_and_addresses_raise_their_flags),
        cmocka_unit_test(test_each_wrong_configuration_is_refused),
        cmocka_unit_test(test_line_offset_in_pixels_has_14_bits),
        cmocka_unit_test(test_fill_swaps_and_inverts_its_colour),
        cmocka_unit_test(test_transfers_and_tables_do_not_run_together),
        cmocka_unit_test(test_table_in_use_is_not_accessible),
        cmocka_unit_test(test_clut_is_written_by_hand_and_guarded_while_it_loads),
        cmocka_unit_test(test_suspend_abort_and_byte_swap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
