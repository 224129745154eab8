/* JPEG codec: RM0399 chapter 35; streams are made and read by libjpeg-turbo's other API. */
#include "sim/test/soc/soc_fixture.h"

#include <turbojpeg.h>

#define JPEG 0x52003000u
#define MDMA 0x52000000u
#define AXI  0x24000000u

enum { CONFR0 = 0, CONFR1 = 4, CONFR2 = 8, CONFR3 = 0xc, CONFRN1 = 0x10, CR = 0x30, SR = 0x34 };
enum { CFR = 0x38, DIR = 0x40, DOR = 0x44, QMEM = 0x50, DHTMEM = 0x360, ENC_AC = 0x500 };
enum { ENC_DC = 0x7c0, DE = 8, HDR = 0x100, JCEN = 1, IFTF = 2, IFNFF = 4, OFTF = 8, OFNEF = 16 };
enum { EOCF = 32, HPDF = 64, COF = 128, IFF = 1 << 13 };
enum { OFF = 1 << 14, JPEG_IRQ = 121, WIDTH = 64, HEIGHT = 32, STREAM_MAX = 65536 };

static void set(struct soc_fixture *f, uint32_t offset, uint32_t value)
{
    fixture_write(f, JPEG + offset, value);
}

static uint32_t get(struct soc_fixture *f, uint32_t offset)
{
    return fixture_read(f, JPEG + offset);
}

/* --- Tables, as T.81 annex K has them, written the way the vendor's driver does --- */

static const uint8_t dc_bits[2][16] = {{0, 1, 5, 1, 1, 1, 1, 1, 1},
                                       {0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1}};
static const uint8_t ac_bits[2][16] = {{0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d},
                                       {0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77}};
static const uint8_t ac_symbols[2][162] = {
    {0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61,
     0x07, 0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52,
     0xd1, 0xf0, 0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0a, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x25,
     0x26, 0x27, 0x28, 0x29, 0x2a, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45,
     0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64,
     0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x83,
     0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99,
     0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6,
     0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3,
     0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8,
     0xe9, 0xea, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa},
    {0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61,
     0x71, 0x13, 0x22, 0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33,
     0x52, 0xf0, 0x15, 0x62, 0x72, 0xd1, 0x0a, 0x16, 0x24, 0x34, 0xe1, 0x25, 0xf1, 0x17, 0x18,
     0x19, 0x1a, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44,
     0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63,
     0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a,
     0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97,
     0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4,
     0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca,
     0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7,
     0xe8, 0xe9, 0xea, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa}};

static void set_byte(struct soc_fixture *f, uint32_t offset, uint8_t byte)
{
    uint32_t shift = 8 * (offset & 3), word = get(f, offset & ~3u);
    set(f, offset & ~3u, (word & ~(0xffu << shift)) | (uint32_t)byte << shift);
}

static unsigned encoder_place(uint8_t symbol, bool ac)
{
    if (!ac)
        return symbol;
    if (symbol == 0)
        return 160;
    return symbol == 0xf0 ? 161 : (symbol >> 4) * 10u + (symbol & 15u) - 1;
}

static void set_encoder_table(struct soc_fixture *f, uint32_t memory, const uint8_t *bits,
                              const uint8_t *symbols, bool ac)
{
    unsigned code = 0, n = 0;
    for (unsigned length = 1; length <= 16; length++, code <<= 1)
        for (unsigned k = 0; k < bits[length - 1]; k++, code++) {
            unsigned place = encoder_place(symbols[n++], ac), shift = 16 * (place & 1);
            uint32_t offset = memory + place / 2 * 4, entry = (length - 1) << 8 | (code & 0xff);
            set(f, offset, (get(f, offset) & ~(0xffffu << shift)) | entry << shift);
        }
}

static void set_tables(struct soc_fixture *f, uint8_t quantiser)
{
    uint8_t dc_symbols[12];
    uint32_t at = DHTMEM;
    for (unsigned n = 0; n < 12; n++)
        dc_symbols[n] = (uint8_t)n;
    for (unsigned n = 0; n < 128; n++)
        set_byte(f, QMEM + n, quantiser);
    for (unsigned n = 0; n < 2; n++) {
        set_encoder_table(f, ENC_DC + 0x20 * n, dc_bits[n], dc_symbols, false);
        set_encoder_table(f, ENC_AC + 0x160 * n, ac_bits[n], ac_symbols[n], true);
        for (unsigned k = 0; k < 16; k++)
            set_byte(f, at++, dc_bits[n][k]);
        for (unsigned k = 0; k < 12; k++)
            set_byte(f, at++, dc_symbols[k]);
        for (unsigned k = 0; k < 16; k++)
            set_byte(f, at++, ac_bits[n][k]);
        for (unsigned k = 0; k < 162; k++)
            set_byte(f, at++, ac_symbols[n][k]);
    }
}

/* --- A picture in planes, and in the codec's units --- */

struct planes {
    unsigned h, v, count; /* luma's sampling factors; 1 or 3 planes */
    uint8_t y[WIDTH * HEIGHT], cb[WIDTH * HEIGHT], cr[WIDTH * HEIGHT];
};

static uint8_t *plane_of(struct planes *p, unsigned n)
{
    return n == 0 ? p->y : n == 1 ? p->cb : p->cr;
}

static unsigned plane_width(const struct planes *p, unsigned n)
{
    return n ? WIDTH / p->h : WIDTH;
}

static unsigned plane_height(const struct planes *p, unsigned n)
{
    return n ? HEIGHT / p->v : HEIGHT;
}

static void draw(struct planes *p, unsigned h, unsigned v, unsigned count)
{
    *p = (struct planes){.h = h, .v = v, .count = count};
    for (unsigned n = 0; n < count; n++)
        for (unsigned y = 0; y < plane_height(p, n); y++)
            for (unsigned x = 0; x < plane_width(p, n); x++)
                plane_of(p, n)[y * plane_width(p, n) + x] =
                    (uint8_t)(40 + 50 * n + 2 * x + 3 * y + (x / 5 + y / 7) % 3 * 9);
}

/* Calls for each sample in the order of the codec's units. */
static unsigned walk_units(struct planes *p, uint8_t *units, bool into_units)
{
    unsigned at = 0;
    for (unsigned my = 0; my < HEIGHT / (8 * p->v); my++)
        for (unsigned mx = 0; mx < WIDTH / (8 * p->h); mx++)
            for (unsigned n = 0; n < p->count; n++) {
                unsigned h = n ? 1 : p->h, v = n ? 1 : p->v;
                for (unsigned b = 0; b < h * v; b++)
                    for (unsigned k = 0; k < 64; k++, at++) {
                        unsigned x = (mx * h + b % h) * 8 + k % 8;
                        unsigned y = (my * v + b / h) * 8 + k / 8;
                        uint8_t *sample = &plane_of(p, n)[y * plane_width(p, n) + x];
                        if (into_units)
                            units[at] = *sample;
                        else
                            *sample = units[at];
                    }
            }
    return at;
}

static double mean_square_error(struct planes *a, struct planes *b)
{
    double sum = 0;
    unsigned count = 0;
    for (unsigned n = 0; n < a->count; n++)
        for (unsigned k = 0; k < plane_width(a, n) * plane_height(a, n); k++, count++) {
            double difference = plane_of(a, n)[k] - plane_of(b, n)[k];
            sum += difference * difference;
        }
    return sum / count;
}

static int subsampling(const struct planes *p)
{
    if (p->count == 1)
        return TJSAMP_GRAY;
    return p->h == 1 ? TJSAMP_444 : p->v == 1 ? TJSAMP_422 : TJSAMP_420;
}

static void read_stream(uint8_t *stream, unsigned length, struct planes *p)
{
    int width, height, sampling, colours;
    uint8_t *planes[3] = {p->y, p->cb, p->cr};
    tjhandle tj = tjInitDecompress();
    assert_int_equal(tjDecompressHeader3(tj, stream, length, &width, &height, &sampling, &colours),
                     0);
    assert_int_equal(width, WIDTH);
    assert_int_equal(height, HEIGHT);
    assert_int_equal(sampling, subsampling(p));
    assert_int_equal(
        tjDecompressToYUVPlanes(tj, stream, length, planes, 0, NULL, 0, TJFLAG_ACCURATEDCT), 0);
    tjDestroy(tj);
}

static unsigned make_stream(struct planes *p, uint8_t **stream)
{
    unsigned long length = 0;
    const uint8_t *planes[3] = {p->y, p->cb, p->cr};
    tjhandle tj = tjInitCompress();
    *stream = NULL;
    assert_int_equal(tjCompressFromYUVPlanes(tj, planes, WIDTH, NULL, HEIGHT, subsampling(p),
                                             stream, &length, 90, TJFLAG_ACCURATEDCT),
                     0);
    tjDestroy(tj);
    return (unsigned)length;
}

/* --- Conversions by polling, as the vendor's driver does --- */

static void configure(struct soc_fixture *f, const struct planes *p, uint32_t mode)
{
    uint32_t luma = p->h << 12 | p->v << 8 | (p->h * p->v - 1) << 4;
    set(f, CONFR1, (uint32_t)HEIGHT << 16 | (p->count - 1) << 6 | (p->count - 1) | mode);
    set(f, CONFR2, WIDTH / (8 * p->h) * (HEIGHT / (8 * p->v)) - 1);
    set(f, CONFR3, (uint32_t)WIDTH << 16);
    set(f, CONFRN1, luma);
    set(f, CONFRN1 + 4, 0x1107);
    set(f, CONFRN1 + 8, 0x1107);
    set(f, CR, JCEN);
    set(f, CFR, EOCF | HPDF);
    set(f, CONFR0, 1);
}

static void begin_decoding(struct soc_fixture *f)
{
    set(f, CONFR0, 0);
    set(f, CONFR1, DE | HDR);
    set(f, CR, JCEN | IFF | OFF);
    set(f, CFR, EOCF | HPDF);
    set(f, CONFR0, 1);
}

static uint32_t word_at(const uint8_t *bytes, unsigned at, unsigned length)
{
    uint32_t word = 0;
    for (unsigned k = 0; k < 4 && at + k < length; k++)
        word |= (uint32_t)bytes[at + k] << 8 * k;
    return word;
}

/* Until the end of the conversion, or nothing moves any more; how many bytes came out. */
static unsigned convert(struct soc_fixture *f, const uint8_t *in, unsigned length, uint8_t *out)
{
    unsigned taken = 0, made = 0;
    for (unsigned idle = 0; idle < 100; idle++, fixture_wait(f, SIM_US)) {
        for (; get(f, SR) & IFNFF && taken < length; taken += 4, idle = 0)
            set(f, DIR, word_at(in, taken, length));
        for (; get(f, SR) & OFNEF && made < STREAM_MAX; made += 4, idle = 0) {
            uint32_t word = get(f, DOR);
            memcpy(out + made, &word, 4);
        }
        if ((get(f, SR) & (EOCF | OFNEF)) == EOCF)
            break;
    }
    return made;
}

static const unsigned samplings[][3] = {{1, 1, 3}, {2, 1, 3}, {2, 2, 3}, {1, 1, 1}};
enum { SAMPLINGS = sizeof samplings / sizeof samplings[0] };

static void test_what_it_encodes_others_decode(void **state)
{
    (void)state;
    static uint8_t units[STREAM_MAX], stream[STREAM_MAX];
    for (unsigned n = 0; n < SAMPLINGS; n++) {
        struct planes before, after;
        struct soc_fixture *f = fixture_create();
        draw(&before, samplings[n][0], samplings[n][1], samplings[n][2]);
        after = before;
        memset(after.y, 0, sizeof after.y);
        unsigned length = walk_units(&before, units, true);
        set_tables(f, 2);
        configure(f, &before, HDR);
        assert_true(get(f, SR) & COF);
        unsigned made = convert(f, units, length, stream);
        assert_int_equal(get(f, SR) & (EOCF | COF | OFNEF), EOCF);
        read_stream(stream, made, &after);
        assert_true(mean_square_error(&before, &after) < 2);
        assert_string_equal(f->complaint, "");
        fixture_destroy(f);
    }
}

/* Sample for sample: both use the accurate integer transform. */
static void test_what_others_encode_it_decodes(void **state)
{
    (void)state;
    static uint8_t units[STREAM_MAX], expected[STREAM_MAX];
    for (unsigned n = 0; n < SAMPLINGS; n++) {
        uint8_t *stream;
        struct planes picture, decoded;
        struct soc_fixture *f = fixture_create();
        draw(&picture, samplings[n][0], samplings[n][1], samplings[n][2]);
        decoded = picture;
        unsigned length = make_stream(&picture, &stream);
        read_stream(stream, length, &decoded);
        unsigned count = walk_units(&decoded, expected, true);
        begin_decoding(f);
        assert_int_equal(convert(f, stream, length, units), count);
        assert_memory_equal(units, expected, count);
        assert_int_equal(get(f, SR) & (EOCF | HPDF | COF), EOCF | HPDF);
        tjFree(stream);
        fixture_destroy(f);
    }
}

static void test_header_fills_the_registers(void **state)
{
    (void)state;
    static uint8_t units[STREAM_MAX];
    uint8_t *stream;
    struct planes picture;
    struct soc_fixture *f = fixture_create();
    draw(&picture, 2, 1, 3);
    unsigned length = make_stream(&picture, &stream);
    set(f, CONFR1, DE | HDR);
    set(f, CR, JCEN | HPDF);
    set(f, CONFR0, 1);
    assert_false(f->irq[SOC_CM7][JPEG_IRQ]);
    convert(f, stream, length, units);
    assert_true(f->irq[SOC_CM7][JPEG_IRQ] && f->irq[SOC_CM4][JPEG_IRQ]);
    set(f, CFR, HPDF);
    assert_false(f->irq[SOC_CM7][JPEG_IRQ]);
    assert_int_equal(get(f, CONFR1), (uint32_t)HEIGHT << 16 | HDR | DE | 2 << 6 | 2);
    assert_int_equal(get(f, CONFR2), WIDTH / 16 * (HEIGHT / 8) - 1);
    assert_int_equal(get(f, CONFR3), (uint32_t)WIDTH << 16);
    assert_int_equal(get(f, CONFRN1), 2 << 12 | 1 << 8 | 1 << 4);
    assert_int_equal(get(f, CONFRN1 + 4), 0x1107);
    assert_int_equal(get(f, QMEM), 0x03020203); /* quality 90 of annex K: 3, 2, 2, 3 natural */
    tjFree(stream);
    fixture_destroy(f);
}

static void test_without_header_the_coded_segment_alone(void **state)
{
    (void)state;
    static uint8_t units[STREAM_MAX], whole[STREAM_MAX], bare[STREAM_MAX];
    struct planes p;
    struct soc_fixture *f = fixture_create();
    draw(&p, 2, 1, 3);
    unsigned length = walk_units(&p, units, true);
    set_tables(f, 2);
    configure(f, &p, HDR);
    unsigned made = convert(f, units, length, whole);
    configure(f, &p, 0);
    unsigned less = convert(f, units, length, bare);
    assert_true(less < made);
    unsigned scan = 0;
    while (whole[scan] != 0xff || whole[scan + 1] != 0xda)
        scan++;
    scan += 2 + (unsigned)(whole[scan + 2] << 8 | whole[scan + 3]);
    assert_memory_equal(bare, whole + scan, made - scan - 8);
    fixture_destroy(f);
}

static void test_fifo_flags_and_triggers(void **state)
{
    (void)state;
    struct planes p;
    struct soc_fixture *f = fixture_create();
    const struct wire *trigger = f->soc->mdma_trigger;
    draw(&p, 1, 1, 1);
    assert_int_equal(get(f, SR), IFTF | IFNFF);
    assert_true(trigger[17].level && trigger[18].level);
    for (unsigned n = 0; n < 16; n++) {
        assert_int_equal(get(f, SR), (n <= 8 ? IFTF : 0) | IFNFF);
        set(f, DIR, n);
    }
    assert_int_equal(get(f, SR), 0);
    assert_false(trigger[17].level || trigger[18].level);
    assert_string_equal(f->complaint, "");
    set(f, DIR, 16);
    assert_non_null(strstr(f->complaint, "the word is lost"));
    set(f, CR, JCEN | 0x1f80 | IFF); /* bits 12 to 7 are reserved (35.5.6) */
    assert_int_equal(get(f, SR), IFTF | IFNFF);
    assert_int_equal(get(f, CR), JCEN);
    fixture_destroy(f);
}

/* One row of units of grey samples makes some words; they wait where nobody fetches them. */
static void test_output_waits_and_time_passes(void **state)
{
    (void)state;
    static uint8_t units[STREAM_MAX];
    struct planes p;
    struct soc_fixture *f = fixture_create();
    draw(&p, 1, 1, 1);
    walk_units(&p, units, true);
    set_tables(f, 1);
    configure(f, &p, HDR);
    set(f, CR, JCEN | OFTF);
    assert_false(f->irq[SOC_CM7][JPEG_IRQ]);
    unsigned taken = 0;
    for (unsigned n = 0; n < 1000; n++, fixture_wait(f, SIM_US))
        for (; get(f, SR) & IFNFF && taken < 4096; taken += 4)
            set(f, DIR, word_at(units, taken, 4096));
    assert_true(taken < WIDTH * 8 + 64 + 4); /* a row, and what the full FIFO holds */
    assert_int_equal(get(f, SR) & (OFTF | OFNEF | EOCF), OFTF | OFNEF);
    assert_true(f->irq[SOC_CM7][JPEG_IRQ]);
    assert_true(f->soc->mdma_trigger[19].level && f->soc->mdma_trigger[20].level);
    set(f, CR, JCEN | OFTF | OFF);
    assert_int_equal(get(f, SR) & OFNEF, 0);
    fixture_destroy(f);
}

static void test_a_sample_takes_a_cycle(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    struct planes p;
    draw(&p, 1, 1, 1);
    set_tables(f, 1);
    configure(f, &p, HDR);
    sim_time cycle = SIM_S / soc_clock_hz(f->soc, CLOCK_HCLK);
    for (unsigned n = 0; n < 16; n++)
        set(f, DIR, 0);
    fixture_wait(f, 36 * cycle - cycle); /* the first word alone, then eight */
    assert_int_equal(get(f, SR) & IFTF, 0);
    fixture_wait(f, 2 * cycle);
    assert_int_equal(get(f, SR) & IFTF, IFTF);
    fixture_destroy(f);
}

static void test_stopped_it_begins_anew(void **state)
{
    (void)state;
    static uint8_t units[STREAM_MAX], first[STREAM_MAX], second[STREAM_MAX];
    struct planes p;
    struct soc_fixture *f = fixture_create();
    draw(&p, 2, 2, 3);
    unsigned length = walk_units(&p, units, true);
    set_tables(f, 3);
    configure(f, &p, HDR);
    unsigned made = convert(f, units, length, first);
    configure(f, &p, HDR);
    convert(f, units, length / 3 & ~3u, second);
    set(f, CONFR0, 0);
    assert_int_equal(get(f, SR) & COF, 0);
    set(f, CR, JCEN | IFF | OFF);
    configure(f, &p, HDR);
    assert_int_equal(convert(f, units, length, second), made);
    assert_memory_equal(first, second, made);
    fixture_destroy(f);
}

/* 35.3.4: EOCF is cleared when the output has been taken, and not before. */
static void test_end_flag_stays_while_there_is_output(void **state)
{
    (void)state;
    uint8_t *stream;
    struct planes p;
    struct soc_fixture *f = fixture_create();
    draw(&p, 1, 1, 1);
    unsigned length = make_stream(&p, &stream);
    begin_decoding(f);
    for (unsigned at = 0, got = 0; !(get(f, SR) & EOCF) && got < STREAM_MAX;
         fixture_wait(f, SIM_US)) {
        for (; get(f, SR) & IFNFF && at < length; at += 4)
            set(f, DIR, word_at(stream, at, length));
        for (; (get(f, SR) & (OFTF | EOCF)) == OFTF; got += 4)
            get(f, DOR);
    }
    assert_int_equal(get(f, SR) & (EOCF | OFNEF), EOCF | OFNEF);
    set(f, CFR, EOCF);
    assert_int_equal(get(f, SR) & EOCF, EOCF);
    while (get(f, SR) & OFNEF)
        get(f, DOR);
    set(f, CFR, EOCF);
    assert_int_equal(get(f, SR) & EOCF, 0);
    tjFree(stream);
    fixture_destroy(f);
}

/* 35.5.6, JCEN */
static void test_disabled_core_forgets_its_conversion(void **state)
{
    (void)state;
    struct planes p;
    struct soc_fixture *f = fixture_create();
    draw(&p, 1, 1, 1);
    set_tables(f, 2);
    configure(f, &p, HDR);
    assert_int_equal(get(f, SR) & COF, COF);
    set(f, CR, 0);
    assert_int_equal(get(f, SR) & COF, 0);
    fixture_destroy(f);
}

/* 35.5.3, NMCU: complete units alone after a header; to encode, as many as the picture has. */
static void test_number_of_units(void **state)
{
    (void)state;
    static uint8_t units[STREAM_MAX];
    uint8_t *stream;
    struct planes p;
    struct soc_fixture *f = fixture_create();
    draw(&p, 1, 1, 1);
    set_tables(f, 2);
    configure(f, &p, HDR);
    assert_string_equal(f->complaint, "");
    set(f, CONFR0, 0);
    set(f, CONFR2, 7);
    set(f, CONFR0, 1);
    assert_non_null(strstr(f->complaint, "NMCU is for 8 units to encode"));
    unsigned length = make_stream(&p, &stream), at = 0;
    while (at + 7 < length && !(stream[at] == 0xff && stream[at + 1] == 0xc0))
        at++;
    stream[at + 6] = HEIGHT - 4; /* SOF0: its last row of units is not complete */
    begin_decoding(f);
    convert(f, stream, length, units);
    assert_int_equal(get(f, CONFR2), WIDTH / 8 * (HEIGHT / 8 - 1) - 1);
    tjFree(stream);
    fixture_destroy(f);
}

static void test_missing_tables_are_told(void **state)
{
    (void)state;
    static uint8_t units[STREAM_MAX];
    struct planes p;
    struct soc_fixture *f = fixture_create();
    draw(&p, 1, 1, 1);
    configure(f, &p, HDR);
    convert(f, units, 4096, units);
    assert_non_null(strstr(f->complaint, "a quantization table holds 0"));
    assert_int_equal(get(f, SR) & (COF | EOCF), 0);
    fixture_destroy(f);
}

static void test_a_header_that_will_not_fit_is_told(void **state)
{
    (void)state;
    struct planes p;
    struct soc_fixture *f = fixture_create();
    draw(&p, 1, 1, 1);
    set_tables(f, 2);
    configure(f, &p, HDR);
    assert_string_equal(f->complaint, "");
    set_byte(f, DHTMEM + 30, 77);
    configure(f, &p, HDR);
    assert_non_null(strstr(f->complaint, "DHTMEM"));
    fixture_destroy(f);
}

static void test_decoding_without_header_is_not_modelled(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set(f, CONFR1, DE);
    set(f, CONFR0, 1);
    assert_non_null(strstr(f->complaint, "without header processing"));
    assert_int_equal(get(f, SR) & COF, 0);
    fixture_destroy(f);
}

/* Whatever comes in, the host stays whole: each byte of a stream broken in turn. */
static void test_broken_streams_harm_nobody(void **state)
{
    (void)state;
    static uint8_t units[STREAM_MAX];
    uint8_t *stream;
    struct planes picture;
    struct soc_fixture *f = fixture_create();
    draw(&picture, 2, 2, 3);
    unsigned length = make_stream(&picture, &stream);
    for (unsigned n = 0; n < length; n += n < 700 ? 1 : 13) {
        uint8_t kept = stream[n];
        stream[n] ^= (uint8_t)(0x55 << n % 3);
        begin_decoding(f);
        convert(f, stream, length, units);
        stream[n] = kept;
    }
    begin_decoding(f);
    assert_int_equal(convert(f, stream, length, units), WIDTH * HEIGHT * 3 / 2);
    tjFree(stream);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_it_encodes_others_decode),
        cmocka_unit_test(test_what_others_encode_it_decodes),
        cmocka_unit_test(test_header_fills_the_registers),
        cmocka_unit_test(test_without_header_the_coded_segment_alone),
        cmocka_unit_test(test_fifo_flags_and_triggers),
        cmocka_unit_test(test_output_waits_and_time_passes),
        cmocka_unit_test(test_a_sample_takes_a_cycle),
        cmocka_unit_test(test_stopped_it_begins_anew),
        cmocka_unit_test(test_end_flag_stays_while_there_is_output),
        cmocka_unit_test(test_disabled_core_forgets_its_conversion),
        cmocka_unit_test(test_number_of_units),
        cmocka_unit_test(test_missing_tables_are_told),
        cmocka_unit_test(test_a_header_that_will_not_fit_is_told),
        cmocka_unit_test(test_decoding_without_header_is_not_modelled),
        cmocka_unit_test(test_broken_streams_harm_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
