/* DCMI: RM0399 chapter 32. The camera is the test itself; DR is read by the M7 or by a reader that
 * stands for the DMA. */
#include "sim/soc/dcmi.h"
#include "sim/test/soc/soc_fixture.h"

#define DCMI 0x48020000u

enum { CR = DCMI, SR = DCMI + 4, RIS = DCMI + 8, IER = DCMI + 0xc, MIS = DCMI + 0x10 };
enum { ICR = DCMI + 0x14, ESCR = DCMI + 0x18, ESUR = DCMI + 0x1c, CWSTRT = DCMI + 0x20 };
enum { CWSIZE = DCMI + 0x24, DR = DCMI + 0x28 };
enum { CAPTURE = 1, SNAPSHOT = 2, CROP = 4, ESS = 16, ENABLE = 1 << 14 };
enum { FRAME = 1, OVR = 2, ERR = 4, VSYNC = 8, LINE = 16 };
enum { IRQ_DCMI = 78, REQUEST = 75 };

#define PIXCLK 10000000u /* 100 ns a sample */

struct camera {
    struct soc_fixture *f;
    struct block *dcmi;
    uint8_t got[65536];
    unsigned count;
    bool reading;      /* answer requests */
    sim_time delay;    /* after which a request is answered */
    sim_time pace;     /* and the next word */
    struct event read; /* the reader */
    sim_time latest;   /* between the first word's arrival and its reading */
};

static void read_due(void *ctx)
{
    struct camera *c = ctx;
    if (!c->f->soc->dma_request[0][REQUEST].level)
        return;
    uint32_t word = fixture_read(c->f, DR);
    memcpy(&c->got[c->count], &word, 4);
    c->count += 4;
    if (c->f->soc->dma_request[0][REQUEST].level)
        event_in(&c->f->sim.events, &c->read, c->pace);
}

static void requested(void *ctx, unsigned index, bool level)
{
    struct camera *c = ctx;
    (void)index;
    if (level && c->reading && !event_pending(&c->read))
        event_in(&c->f->sim.events, &c->read, c->delay);
}

static struct camera *camera_create(bool reading)
{
    struct camera *c = calloc(1, sizeof *c);
    c->f = fixture_create();
    c->dcmi = soc_block(c->f->soc, "DCMI");
    c->reading = reading;
    c->delay = 20 * SIM_NS;
    c->pace = 10 * SIM_NS;
    event_init(&c->read, "reader", read_due, c);
    wire_connect(&c->f->soc->dma_request[0][REQUEST], requested, c, 0);
    return c;
}

static void camera_destroy(struct camera *c)
{
    event_cancel(&c->f->sim.events, &c->read);
    fixture_destroy(c->f);
    free(c);
}

/* A line of `count` samples first, first + 1, … with HREF high (HSPOL 0: low is blank). */
static void send_line(struct camera *c, unsigned first, unsigned count)
{
    uint8_t bytes[4096];
    for (unsigned n = 0; n < count; n++)
        bytes[n] = (uint8_t)(first + n);
    const struct dcmi_samples samples = {bytes, NULL, count, PIXCLK};
    dcmi_hsync(c->dcmi, true);
    dcmi_line(c->dcmi, &samples);
    fixture_wait(c->f, count * 100 * SIM_NS);
    dcmi_hsync(c->dcmi, false);
    fixture_wait(c->f, SIM_US);
}

/* VSYNC low is blank (VSPOL 0). */
static void send_frame(struct camera *c, unsigned lines, unsigned count)
{
    dcmi_vsync(c->dcmi, true);
    fixture_wait(c->f, SIM_US);
    for (unsigned n = 0; n < lines; n++)
        send_line(c, 16 * n, count);
    dcmi_vsync(c->dcmi, false);
    fixture_wait(c->f, SIM_US);
}

static void expect(struct camera *c, const uint8_t *bytes, unsigned count)
{
    assert_int_equal(c->count, count);
    assert_memory_equal(c->got, bytes, count);
}

static void test_snapshot_takes_one_whole_frame_and_ends(void **state)
{
    (void)state; /* 32.3.7 */
    struct camera *c = camera_create(true);
    fixture_write(c->f, IER, FRAME);
    fixture_write(c->f, CR, ENABLE);
    dcmi_vsync(c->dcmi, true);
    fixture_write(c->f, CR, ENABLE | CAPTURE | SNAPSHOT);
    send_line(c, 0, 8); /* in the midst of a frame: waits for the next */
    dcmi_vsync(c->dcmi, false);
    assert_int_equal(c->count, 0);
    send_frame(c, 3, 8);
    static const uint8_t expected[] = {0,  1,  2,  3,  4,  5,  6,  7,  16, 17, 18, 19,
                                       20, 21, 22, 23, 32, 33, 34, 35, 36, 37, 38, 39};
    expect(c, expected, sizeof expected);
    assert_int_equal(fixture_read(c->f, CR) & CAPTURE, 0);
    assert_int_equal(fixture_read(c->f, RIS), FRAME | VSYNC | LINE);
    assert_int_equal(fixture_read(c->f, MIS), FRAME);
    assert_true(c->f->irq[SOC_CM7][IRQ_DCMI]);
    assert_true(c->f->irq[SOC_CM4][IRQ_DCMI]);
    fixture_write(c->f, ICR, FRAME);
    assert_false(c->f->irq[SOC_CM4][IRQ_DCMI]);
    send_frame(c, 3, 8);
    assert_int_equal(c->count, sizeof expected);
    assert_int_equal(fixture_read(c->f, RIS) & FRAME, 0);
    camera_destroy(c);
}

static void test_capture_falls_at_the_end_of_the_frame_in_which_it_was_cleared(void **state)
{
    (void)state; /* 32.5.1, CAPTURE; board facts, point 14 */
    struct camera *c = camera_create(true);
    fixture_write(c->f, CR, ENABLE | CAPTURE);
    dcmi_vsync(c->dcmi, true);
    send_line(c, 0, 8);
    fixture_write(c->f, CR, ENABLE);
    assert_int_equal(fixture_read(c->f, CR), ENABLE | CAPTURE);
    send_line(c, 8, 8);
    assert_int_equal(fixture_read(c->f, CR), ENABLE | CAPTURE);
    dcmi_vsync(c->dcmi, false);
    assert_int_equal(fixture_read(c->f, CR), ENABLE);
    assert_int_equal(c->count, 16);
    send_frame(c, 1, 8);
    assert_int_equal(c->count, 16);
    fixture_write(c->f, CR, ENABLE | CAPTURE); /* no frame under way: at once */
    fixture_write(c->f, CR, ENABLE);
    assert_int_equal(fixture_read(c->f, CR), ENABLE);
    camera_destroy(c);
}

static void test_line_and_vsync_flags_come_with_their_edges(void **state)
{
    (void)state; /* 32.5.3 */
    struct camera *c = camera_create(true);
    fixture_write(c->f, CR, ENABLE | CAPTURE);
    assert_int_equal(fixture_read(c->f, SR), 3); /* between lines, between frames */
    dcmi_vsync(c->dcmi, true);
    assert_int_equal(fixture_read(c->f, SR), 1);
    dcmi_hsync(c->dcmi, true);
    assert_int_equal(fixture_read(c->f, SR), 0);
    assert_int_equal(fixture_read(c->f, RIS), 0);
    dcmi_hsync(c->dcmi, false);
    assert_int_equal(fixture_read(c->f, RIS), LINE);
    dcmi_vsync(c->dcmi, false);
    assert_int_equal(fixture_read(c->f, RIS), LINE | VSYNC | FRAME);
    camera_destroy(c);
}

static void test_crop_takes_its_window_and_frame_comes_with_its_last_line(void **state)
{
    (void)state; /* 32.3.8 */
    struct camera *c = camera_create(true);
    fixture_write(c->f, CWSTRT, 1 << 16 | 4);
    fixture_write(c->f, CWSIZE, 1 << 16 | 7);
    fixture_write(c->f, CR, ENABLE | CAPTURE | CROP);
    dcmi_vsync(c->dcmi, true);
    send_line(c, 0, 16);
    send_line(c, 16, 16);
    assert_int_equal(fixture_read(c->f, RIS) & FRAME, 0);
    send_line(c, 32, 16);
    assert_int_equal(fixture_read(c->f, RIS) & FRAME, FRAME);
    send_line(c, 48, 16);
    static const uint8_t expected[] = {20, 21, 22, 23, 24, 25, 26, 27,
                                       36, 37, 38, 39, 40, 41, 42, 43};
    expect(c, expected, sizeof expected);
    camera_destroy(c);
}

static void test_byte_and_line_selection(void **state)
{
    (void)state; /* 32.5.1: BSM, OEBS, LSM, OELS */
    static const struct {
        uint32_t cr;
        uint8_t bytes[8];
    } cases[] = {
        {1 << 16 | 1 << 19, {0, 2, 4, 6, 8, 10, 12, 14}},
        {1 << 16 | 1 << 18 | 1 << 19, {1, 3, 5, 7, 9, 11, 13, 15}},
        {2 << 16, {0, 4, 8, 12, 16, 20, 24, 28}},
        {3 << 16 | 1 << 19 | 1 << 20, {16, 17, 20, 21, 24, 25, 28, 29}},
        {3 << 16 | 1 << 18 | 1 << 19, {2, 3, 6, 7, 10, 11, 14, 15}},
    };
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct camera *c = camera_create(true);
        fixture_write(c->f, CR, ENABLE | CAPTURE | cases[n].cr);
        send_frame(c, 2, 16);
        expect(c, cases[n].bytes, 8);
        camera_destroy(c);
    }
}

static void test_wide_samples_take_two_bytes(void **state)
{
    (void)state; /* 32.3.5, EDM 12 bits */
    struct camera *c = camera_create(true);
    static const uint8_t low[] = {0x34, 0x78}, high[] = {0x12, 0x36};
    const struct dcmi_samples samples = {low, high, 2, PIXCLK};
    fixture_write(c->f, CR, ENABLE | CAPTURE | 2 << 10);
    dcmi_vsync(c->dcmi, true);
    dcmi_hsync(c->dcmi, true);
    dcmi_line(c->dcmi, &samples);
    fixture_wait(c->f, SIM_US);
    static const uint8_t expected[] = {0x34, 0x02, 0x78, 0x06};
    expect(c, expected, 4);
    camera_destroy(c);
}

static void test_frame_rate_control_drops_frames(void **state)
{
    (void)state; /* 32.5.1, FCRC */
    struct camera *c = camera_create(true);
    fixture_write(c->f, CR, ENABLE | CAPTURE | 2 << 8);
    for (unsigned n = 0; n < 8; n++)
        send_frame(c, 1, 4);
    assert_int_equal(c->count, 2 * 4);
    camera_destroy(c);
}

static void test_unread_words_overrun_and_the_rest_of_the_frame_is_lost(void **state)
{
    (void)state; /* 32.3.10 */
    struct camera *c = camera_create(false);
    fixture_write(c->f, IER, OVR);
    fixture_write(c->f, CR, ENABLE | CAPTURE);
    dcmi_vsync(c->dcmi, true);
    send_line(c, 0, 32);
    assert_int_equal(fixture_read(c->f, RIS) & OVR, 0); /* eight words: they fit */
    send_line(c, 32, 4);
    assert_int_equal(fixture_read(c->f, RIS) & OVR, OVR);
    assert_true(c->f->irq[SOC_CM7][IRQ_DCMI]);
    assert_int_equal(fixture_read(c->f, SR) & 4, 0);
    dcmi_vsync(c->dcmi, false);
    assert_int_equal(fixture_read(c->f, RIS) & FRAME, 0);
    c->reading = true;
    send_frame(c, 1, 8);
    assert_int_equal(c->count, 8);
    assert_int_equal(fixture_read(c->f, RIS) & FRAME, FRAME);
    camera_destroy(c);
}

static void test_overrun_ends_a_snapshot(void **state)
{
    (void)state; /* 32.3.7 */
    struct camera *c = camera_create(false);
    fixture_write(c->f, CR, ENABLE | CAPTURE | SNAPSHOT);
    send_frame(c, 1, 40);
    assert_int_equal(fixture_read(c->f, RIS) & (OVR | FRAME), OVR);
    assert_int_equal(fixture_read(c->f, CR), ENABLE | SNAPSHOT);
    camera_destroy(c);
}

static void test_capture_cleared_before_an_overrun_falls_at_the_frames_end(void **state)
{
    (void)state; /* 32.5.1, CAPTURE */
    struct camera *c = camera_create(false);
    fixture_write(c->f, CR, ENABLE | CAPTURE);
    dcmi_vsync(c->dcmi, true);
    fixture_write(c->f, CR, ENABLE);
    send_line(c, 0, 40);
    assert_int_equal(fixture_read(c->f, RIS) & OVR, OVR);
    assert_int_equal(fixture_read(c->f, CR), ENABLE | CAPTURE);
    dcmi_vsync(c->dcmi, false);
    assert_int_equal(fixture_read(c->f, CR), ENABLE);
    camera_destroy(c);
}

/* A word takes 400 ns to come: a reader that needs longer loses, one that is quicker does not. */
static void test_overrun_depends_on_the_readers_pace(void **state)
{
    (void)state;
    static const struct {
        sim_time pace;
        bool overrun;
    } cases[] = {{10 * SIM_NS, false}, {390 * SIM_NS, false}, {480 * SIM_NS, true}};
    for (unsigned n = 0; n < 3; n++) {
        struct camera *c = camera_create(true);
        c->pace = cases[n].pace;
        fixture_write(c->f, CR, ENABLE | CAPTURE);
        dcmi_vsync(c->dcmi, true);
        send_line(c, 0, 1280);
        fixture_wait(c->f, 5 * SIM_US);
        assert_int_equal(!!(fixture_read(c->f, RIS) & OVR), cases[n].overrun);
        if (!cases[n].overrun)
            assert_int_equal(c->count, 1280);
        camera_destroy(c);
    }
}

static void test_words_come_at_their_time(void **state)
{
    (void)state;
    struct camera *c = camera_create(true);
    uint8_t bytes[1280] = {0};
    const struct dcmi_samples samples = {bytes, NULL, sizeof bytes, PIXCLK};
    fixture_write(c->f, CR, ENABLE | CAPTURE);
    dcmi_vsync(c->dcmi, true);
    dcmi_hsync(c->dcmi, true);
    dcmi_line(c->dcmi, &samples);
    for (unsigned us = 1; us < 128; us++) {
        fixture_wait(c->f, SIM_US);
        unsigned sent = us * 10, late = 4 * (16 + 3); /* a group of words, and the DMA's FIFO */
        assert_in_range(c->count, sent < late ? 0 : sent - late, sent);
    }
    camera_destroy(c);
}

static void test_partial_word_is_filled_with_zeros_at_the_frames_end(void **state)
{
    (void)state; /* 32.3.9 */
    struct camera *c = camera_create(true);
    fixture_write(c->f, CR, ENABLE | CAPTURE | 8);
    send_frame(c, 1, 6);
    static const uint8_t expected[] = {0, 1, 2, 3, 4, 5, 0, 0};
    expect(c, expected, 8);
    camera_destroy(c);
}

static void test_polarity_tells_blank_from_data(void **state)
{
    (void)state; /* 32.5.1, HSPOL and VSPOL */
    struct camera *c = camera_create(true);
    fixture_write(c->f, CR, ENABLE | CAPTURE | 3 << 6);
    dcmi_vsync(c->dcmi, true);
    dcmi_hsync(c->dcmi, true);
    dcmi_vsync(c->dcmi, false);
    dcmi_hsync(c->dcmi, false);
    static const uint8_t bytes[4] = {1, 2, 3, 4};
    const struct dcmi_samples samples = {bytes, NULL, 4, PIXCLK};
    dcmi_line(c->dcmi, &samples);
    fixture_wait(c->f, SIM_US);
    expect(c, bytes, 4);
    camera_destroy(c);
}

/* ITU-R BT.656 in mode 2 of 32.3.6: no frame start code, every other code ends the frame. */
static void test_embedded_codes_frame_the_data(void **state)
{
    (void)state;
    struct camera *c = camera_create(true);
    static const uint8_t stream[] = {0xff, 0, 0, 0xb6, 9,    9, 0xff, 0,    0, 0x80, 1, 2, 3, 4,
                                     0xff, 0, 0, 0x9d, 9,    9, 0xff, 0,    0, 0x80, 5, 6, 7, 8,
                                     0xff, 0, 0, 0x9d, 0xff, 0, 0,    0xb6, 9, 9};
    const struct dcmi_samples samples = {stream, NULL, sizeof stream, PIXCLK};
    fixture_write(c->f, ESCR, 0xff9d80ffu);
    fixture_write(c->f, ESUR, 0xffffffffu);
    fixture_write(c->f, CR, ENABLE | CAPTURE | ESS);
    dcmi_line(c->dcmi, &samples);
    fixture_wait(c->f, 10 * SIM_US);
    static const uint8_t expected[] = {1, 2, 3, 4, 5, 6, 7, 8};
    expect(c, expected, 8);
    assert_int_equal(fixture_read(c->f, RIS), FRAME | VSYNC | LINE);
    camera_destroy(c);
}

/* FS 10, LS 20, LE 30, FE 40. */
static void set_codes(struct camera *c, uint32_t control)
{
    fixture_write(c->f, ESCR, 0x40302010u);
    fixture_write(c->f, ESUR, 0xffffffffu);
    fixture_write(c->f, CR, ENABLE | ESS | control);
}

static void send_codes(struct camera *c, const uint8_t *bytes, unsigned count)
{
    const struct dcmi_samples samples = {bytes, NULL, count, PIXCLK};
    dcmi_line(c->dcmi, &samples);
    fixture_wait(c->f, 10 * SIM_US);
}

static void test_embedded_codes_out_of_order_are_an_error(void **state)
{
    (void)state; /* 32.5.3, ERR_RIS */
    struct camera *c = camera_create(true);
    static const uint8_t stream[] = {0xff, 0, 0,    0x40, 0xff, 0,    0, 0x10, 1, 2,
                                     3,    4, 0xff, 0,    0,    0x20, 5, 6,    7, 8};
    set_codes(c, CAPTURE);
    send_codes(c, stream, sizeof stream);
    assert_int_equal(fixture_read(c->f, RIS), ERR);
    expect(c, &stream[8], 4); /* and nothing until a frame starts anew */
    c->count = 0;
    static const uint8_t next[] = {0xff, 0, 0, 0x40, 0xff, 0, 0, 0x10, 9, 9, 9, 9};
    send_codes(c, next, sizeof next);
    expect(c, &next[8], 4);
    camera_destroy(c);
}

static void test_embedded_frame_starts_after_the_end_of_one(void **state)
{
    (void)state; /* 32.3.6 */
    struct camera *c = camera_create(true);
    static const uint8_t stream[] = {0xff, 0, 0, 0x10, 1, 2, 3, 4, 0xff, 0, 0, 0x40};
    set_codes(c, CAPTURE);
    send_codes(c, stream, sizeof stream);
    assert_int_equal(c->count, 0);
    send_codes(c, stream, sizeof stream);
    expect(c, &stream[4], 4);
    camera_destroy(c);
}

/* 32.5.2, SR: 1 between lines, 2 between frames. */
static void test_embedded_codes_show_in_the_status(void **state)
{
    (void)state;
    struct camera *c = camera_create(true);
    static const struct {
        uint8_t code, status;
    } steps[] = {{0x40, 3}, {0x10, 0}, {0x30, 1}, {0x20, 0}, {0x30, 1}, {0x40, 3}};
    set_codes(c, 0);
    assert_int_equal(fixture_read(c->f, SR), 0);
    set_codes(c, CAPTURE);
    for (unsigned n = 0; n < 6; n++) {
        const uint8_t code[] = {0xff, 0, 0, steps[n].code};
        send_codes(c, code, 4);
        assert_int_equal(fixture_read(c->f, SR), steps[n].status);
    }
    camera_destroy(c);
}

/* 32.3.8: the window is of the lines and bytes between the codes, and FRAME comes with its last line. */
static void test_embedded_codes_with_a_crop_window(void **state)
{
    (void)state;
    struct camera *c = camera_create(true);
    static const uint8_t frame[] = {0xff, 0, 0, 0x40, 0xff, 0,  0,    0x10, 1, 2,   3,
                                    4,    5, 6, 0xff, 0,    0,  0x30, 0xff, 0, 0,   0x20,
                                    7,    8, 9, 10,   11,   12, 0xff, 0,    0, 0x30};
    set_codes(c, 0);
    fixture_write(c->f, CWSTRT, 1 << 16 | 1);
    fixture_write(c->f, CWSIZE, 0 << 16 | 3);
    set_codes(c, CAPTURE | CROP);
    send_codes(c, frame, sizeof frame);
    static const uint8_t expected[] = {8, 9, 10, 11};
    expect(c, expected, 4);
    assert_int_equal(fixture_read(c->f, RIS) & FRAME, FRAME);
    camera_destroy(c);
}

static void test_jpeg_switches_the_embedded_codes_off(void **state)
{
    (void)state; /* 32.5.1, ESS */
    struct camera *c = camera_create(true);
    fixture_write(c->f, CR, ENABLE | CAPTURE | ESS | 8);
    send_frame(c, 1, 8);
    assert_int_equal(c->count, 8);
    camera_destroy(c);
}

static void test_disabled_interface_hears_nothing(void **state)
{
    (void)state;
    struct camera *c = camera_create(true);
    send_frame(c, 2, 16);
    assert_int_equal(fixture_read(c->f, RIS), 0);
    assert_int_equal(c->count, 0);
    camera_destroy(c);
}

/* HCLK is 64 MHz: up to 25.6 MHz. Who captures nothing is told nothing. */
static void test_a_pixel_clock_that_is_too_fast(void **state)
{
    (void)state;
    static const uint8_t bytes[4];
    static const struct {
        uint64_t hz;
        bool capturing, told;
    } cases[] = {{25600000, true, false}, {25600001, true, true}, {90000000, false, false}};
    for (unsigned n = 0; n < 3; n++) {
        struct camera *c = camera_create(true);
        const struct dcmi_samples samples = {bytes, NULL, sizeof bytes, cases[n].hz};
        fixture_write(c->f, CR, ENABLE | (cases[n].capturing ? CAPTURE : 0));
        dcmi_vsync(c->dcmi, true);
        dcmi_hsync(c->dcmi, true);
        dcmi_line(c->dcmi, &samples);
        fixture_wait(c->f, SIM_US);
        assert_int_equal(strstr(c->f->complaint, "up to 25600 kHz") != NULL, cases[n].told);
        camera_destroy(c);
    }
}

static void test_registers_are_words(void **state)
{
    (void)state; /* 32.5: otherwise a bus error occurs */
    struct soc_fixture *f = fixture_create();
    uint32_t value;
    assert_int_equal(bus_read(&f->sim.bus, MASTER_CM4, 0x48020004, 2, &value), BUS_ERROR);
    assert_int_equal(bus_write(&f->sim.bus, MASTER_CM4, 0x48020000, 1, 2), BUS_ERROR);
    assert_int_equal(fixture_read(f, 0x48020000), 0);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_registers_are_words),
        cmocka_unit_test(test_snapshot_takes_one_whole_frame_and_ends),
        cmocka_unit_test(test_capture_falls_at_the_end_of_the_frame_in_which_it_was_cleared),
        cmocka_unit_test(test_line_and_vsync_flags_come_with_their_edges),
        cmocka_unit_test(test_crop_takes_its_window_and_frame_comes_with_its_last_line),
        cmocka_unit_test(test_byte_and_line_selection),
        cmocka_unit_test(test_wide_samples_take_two_bytes),
        cmocka_unit_test(test_frame_rate_control_drops_frames),
        cmocka_unit_test(test_unread_words_overrun_and_the_rest_of_the_frame_is_lost),
        cmocka_unit_test(test_overrun_ends_a_snapshot),
        cmocka_unit_test(test_capture_cleared_before_an_overrun_falls_at_the_frames_end),
        cmocka_unit_test(test_overrun_depends_on_the_readers_pace),
        cmocka_unit_test(test_words_come_at_their_time),
        cmocka_unit_test(test_partial_word_is_filled_with_zeros_at_the_frames_end),
        cmocka_unit_test(test_polarity_tells_blank_from_data),
        cmocka_unit_test(test_embedded_codes_frame_the_data),
        cmocka_unit_test(test_embedded_codes_out_of_order_are_an_error),
        cmocka_unit_test(test_embedded_frame_starts_after_the_end_of_one),
        cmocka_unit_test(test_embedded_codes_show_in_the_status),
        cmocka_unit_test(test_embedded_codes_with_a_crop_window),
        cmocka_unit_test(test_jpeg_switches_the_embedded_codes_off),
        cmocka_unit_test(test_disabled_interface_hears_nothing),
        cmocka_unit_test(test_a_pixel_clock_that_is_too_fast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
