/* OV5640 on I2C4 and DCMI, driven by registers as firmware does; DMA2 stream 3 takes the frames.
 * OV5640 data sheet 2.03; RM0399 chapters 15, 17, 34. */
#include "sim/board/ov5640.h"
#include "sim/test/board/board_fixture.h"

#define DCMI    0x48020000u
#define DMA2    0x40020400u
#define DMAMUX1 0x40020800u
#define FRAME   0x24000000u

enum { WIDTH = 320, HEIGHT = 240, CAMERA = 0x78 };
enum { DCMI_ENABLE = 1 << 14, HSPOL = 1 << 6, VSPOL = 1 << 7 };

struct setting {
    uint16_t address;
    uint8_t value;
};

/* 320 by 240, RGB565 low byte first, 8 MHz * 56 / 1 / 2 / 2 / 2 = 56 MHz, 1896 * 984 clocks a
 * frame, pixel clock 112 MHz by 4. Flipped and not mirrored: upright. */
static const struct setting qvga[] = {
    {0x3103, 0x11}, {0x3008, 0x82}, {0x3008, 0x42}, {0x3103, 0x03}, {0x3017, 0xff}, {0x3018, 0xff},
    {0x3034, 0x18}, {0x3035, 0x11}, {0x3036, 0x38}, {0x3037, 0x13}, {0x3108, 0x01}, {0x3824, 0x04},
    {0x460c, 0x22}, {0x3800, 0x00}, {0x3801, 0x00}, {0x3802, 0x00}, {0x3803, 0x04}, {0x3804, 0x0a},
    {0x3805, 0x3f}, {0x3806, 0x07}, {0x3807, 0x9b}, {0x3808, 0x01}, {0x3809, 0x40}, {0x380a, 0x00},
    {0x380b, 0xf0}, {0x380c, 0x07}, {0x380d, 0x68}, {0x380e, 0x03}, {0x380f, 0xd8}, {0x3814, 0x31},
    {0x3815, 0x31}, {0x3820, 0x47}, {0x3821, 0x01}, {0x4300, 0x6f}, {0x501f, 0x01}, {0x4740, 0x21},
    {0x3008, 0x02},
};
enum { SETTINGS = sizeof qvga / sizeof qvga[0] };

static void set(struct board_fixture *b, uint16_t address, uint8_t value)
{
    const uint8_t bytes[3] = {(uint8_t)(address >> 8), (uint8_t)address, value};
    assert_true(i2c_write(b, CAMERA, bytes, 3));
}

static uint8_t get(struct board_fixture *b, uint16_t address)
{
    const uint8_t bytes[2] = {(uint8_t)(address >> 8), (uint8_t)address};
    uint8_t value;
    assert_true(i2c_read(b, CAMERA, bytes, 2, &value, 1));
    return value;
}

/* A scene whose every pixel tells its place. */
static void gradient(void *ctx, sim_time time, unsigned width, unsigned height, uint8_t *rgb)
{
    (void)ctx, (void)time;
    for (unsigned y = 0; y < height; y++)
        for (unsigned x = 0; x < width; x++, rgb += 3)
            rgb[0] = (uint8_t)x, rgb[1] = (uint8_t)y, rgb[2] = (uint8_t)(x * 3 + y * 5);
}

static size_t fake_jpeg(void *ctx, const uint8_t *rgb, unsigned width, unsigned height,
                        unsigned quality, uint8_t *bytes, size_t room)
{
    (void)ctx, (void)rgb, (void)width, (void)height, (void)quality;
    assert_true(room > 5000);
    for (unsigned n = 0; n < 5000; n++)
        bytes[n] = (uint8_t)(n * 7 + 1);
    return 5000;
}

static void program(struct board_fixture *b)
{
    for (unsigned n = 0; n < SETTINGS; n++)
        set(b, qvga[n].address, qvga[n].value);
}

static void connect_camera_pins(struct board_fixture *b)
{
    static const char pins[][4] = {"B7", "A4",  "A6", "C6", "C7", "G10",
                                   "C9", "C11", "D3", "B8", "B9"};
    for (unsigned n = 0; n < sizeof pins / sizeof pins[0]; n++)
        pin_alternate(b, pins[n][0], (unsigned)atoi(pins[n] + 1), 13);
}

/* DMA2 stream 3 (channel 11 of DMAMUX1) from DCMI_DR, words, circular. */
static void start_dma(struct board_fixture *b, uint32_t words)
{
    fixture_write(b->f, DMAMUX1 + 4 * 11, 75);
    fixture_write(b->f, DMA2 + 0x10 + 3 * 0x18 + 4, words);
    fixture_write(b->f, DMA2 + 0x10 + 3 * 0x18 + 8, DCMI + 0x28);
    fixture_write(b->f, DMA2 + 0x10 + 3 * 0x18 + 12, FRAME);
    fixture_write(b->f, DMA2 + 0x10 + 3 * 0x18, 2 << 13 | 2 << 11 | 1 << 10 | 1 << 8 | 1);
}

static struct board_fixture *camera_create(void)
{
    const struct camera_source source = {NULL, gradient, fake_jpeg};
    struct board_fixture *b = board_fixture_create(&source);
    open_i2c(b);
    connect_camera_pins(b);
    return b;
}

static void capture(struct board_fixture *b, uint32_t cr)
{
    fixture_write(b->f, DCMI, DCMI_ENABLE | cr);
    fixture_write(b->f, DCMI, DCMI_ENABLE | cr | 1);
}

/* Board time at which the next frame has been captured. */
static sim_time wait_frame(struct board_fixture *b)
{
    for (unsigned us = 0; us < 200000; us++) {
        if (fixture_read(b->f, DCMI + 8) & 1) {
            fixture_write(b->f, DCMI + 0x14, 1);
            return sim_now(&b->f->sim);
        }
        fixture_wait(b->f, SIM_US);
    }
    fail_msg("no frame within 200 ms");
    return 0;
}

static const uint8_t *frame_bytes(struct board_fixture *b)
{
    return bus_memory(&b->f->sim.bus, MASTER_DEBUG, FRAME, WIDTH * HEIGHT * 2);
}

static unsigned expected_565(unsigned x, unsigned y)
{
    unsigned r = x & 255, g = y & 255, blue = (x * 3 + y * 5) & 255;
    return (r * 31 + 127) / 255 << 11 | (g * 63 + 127) / 255 << 5 | (blue * 31 + 127) / 255;
}

static void assert_picture(struct board_fixture *b, bool mirrored, bool flipped)
{
    const uint8_t *bytes = frame_bytes(b);
    for (unsigned y = 0; y < HEIGHT; y++) {
        for (unsigned x = 0; x < WIDTH; x++) {
            unsigned got = bytes[2 * (y * WIDTH + x)] | bytes[2 * (y * WIDTH + x) + 1] << 8u;
            unsigned want =
                expected_565(mirrored ? WIDTH - 1 - x : x, flipped ? HEIGHT - 1 - y : y);
            if (got != want)
                fail_msg("pixel (%u, %u): expected %04x, got %04x", x, y, want, got);
        }
    }
}

static void test_identity_is_read_over_i2c4(void **state)
{
    (void)state;
    struct board_fixture *b = camera_create();
    assert_int_equal(get(b, 0x300a), 0x56);
    assert_int_equal(get(b, 0x300b), 0x40);
    set(b, 0x300a, 0);
    assert_int_equal(get(b, 0x300a), 0x56);
    const uint8_t address[2] = {0x38, 0x08};
    uint8_t size[4]; /* the address counts up; 2592 by 1944 after reset */
    assert_true(i2c_read(b, CAMERA, address, 2, size, 4));
    assert_memory_equal(size, "\x0a\x20\x07\x98", 4);
    board_fixture_destroy(b);
}

static void test_other_addresses_of_the_bus_do_not_answer(void **state)
{
    (void)state;
    struct board_fixture *b = camera_create();
    static const uint8_t absent[] = {0x32, 0x60, 0x7a, 0x70};
    for (unsigned n = 0; n < sizeof absent; n++)
        assert_false(i2c_write(b, absent[n], (const uint8_t[]){0}, 1));
    board_fixture_destroy(b);
}

static void test_frames_arrive_pixel_by_pixel_through_dcmi_and_dma(void **state)
{
    (void)state;
    struct board_fixture *b = camera_create();
    program(b);
    start_dma(b, WIDTH * HEIGHT / 2);
    capture(b, 0);
    wait_frame(b);
    assert_picture(b, false, false);
    assert_int_equal(fixture_read(b->f, DCMI + 8) & 2, 0);
    assert_int_equal(b->f->sim.reporter.distinct[COMPLAINT_GUEST], 0);
    board_fixture_destroy(b);
}

/* 1896 * 984 clocks of 56 MHz; 300 frames do not drift. */
static void test_frame_rate_is_that_of_clocks_hts_and_vts(void **state)
{
    (void)state;
    struct board_fixture *b = camera_create();
    program(b);
    start_dma(b, WIDTH * HEIGHT / 2);
    capture(b, 0);
    sim_time first = wait_frame(b), last = first;
    for (unsigned n = 0; n < 6; n++)
        last = wait_frame(b);
    sim_time exact = (sim_time)((unsigned __int128)6 * 1896 * 984 * SIM_S / 56000000);
    assert_in_range(last - first, exact - SIM_US, exact + SIM_US);
    struct board_statistics statistics;
    board_statistics(b->board, &statistics);
    assert_in_range(statistics.frames_captured, 7, 9);
    board_fixture_destroy(b);
}

/* Acknowledging requests has no effect here, or, with DMAMUX_CxCR.EGE, must be done one by one. */
static uint64_t hash_of_a_capture(uint32_t mux, uint32_t cr, uint32_t fcr, sim_time *end)
{
    struct board_fixture *b = camera_create();
    program(b);
    fixture_write(b->f, DMA2 + 0x10 + 3 * 0x18 + 0x14, fcr);
    fixture_write(b->f, DMA2 + 0x10 + 3 * 0x18, cr);
    start_dma(b, 1000);
    fixture_write(b->f, DMA2 + 0x10 + 3 * 0x18, 0);
    fixture_write(b->f, DMA2 + 8, 0x3d << 22);
    fixture_write(b->f, DMA2 + 0x10 + 3 * 0x18 + 4, 1000);
    fixture_write(b->f, DMA2 + 0x10 + 3 * 0x18, cr | 2 << 13 | 2 << 11 | 1 << 10 | 1 << 8 | 1);
    fixture_write(b->f, DMAMUX1 + 4 * 11, 75 | mux);
    capture(b, 0);
    *end = wait_frame(b);
    uint64_t hash = b->f->sim.dma_hash;
    assert_true(b->f->sim.dma_bytes[MASTER_DMA2] >= WIDTH * HEIGHT * 2 - 16);
    board_fixture_destroy(b);
    return hash;
}

static void test_words_in_groups_move_as_one_by_one(void **state)
{
    (void)state;
    static const struct {
        uint32_t cr, fcr;
    } cases[] = {{0, 0x21}, {1 << 23, 4 | 3}, {0, 4 | 1}};
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        sim_time ends[2];
        uint64_t groups = hash_of_a_capture(0, cases[n].cr, cases[n].fcr, &ends[0]);
        uint64_t single = hash_of_a_capture(1 << 9, cases[n].cr, cases[n].fcr, &ends[1]);
        assert_true(groups == single);
        assert_true(ends[0] == ends[1]);
    }
}

static void test_mirror_and_flip(void **state)
{
    (void)state; /* 0x3821[1], 0x3820[1]; flipped is upright on this board */
    struct board_fixture *b = camera_create();
    program(b);
    start_dma(b, WIDTH * HEIGHT / 2);
    capture(b, 0);
    for (unsigned n = 0; n < 4; n++) {
        set(b, 0x3821, n & 1 ? 0x07 : 0x01);
        set(b, 0x3820, n & 2 ? 0x41 : 0x47);
        wait_frame(b);
        wait_frame(b);
        assert_picture(b, n & 1, n & 2);
    }
    board_fixture_destroy(b);
}

static void test_colour_bars(void **state)
{
    (void)state; /* 0x503D */
    static const unsigned bars[8] = {0xffff, 0xffe0, 0x07ff, 0x07e0,
                                     0xf81f, 0xf800, 0x001f, 0x0000};
    struct board_fixture *b = camera_create();
    program(b);
    set(b, 0x503d, 0x80);
    start_dma(b, WIDTH * HEIGHT / 2);
    capture(b, 0);
    wait_frame(b);
    const uint8_t *line = frame_bytes(b) + 100 * WIDTH * 2;
    for (unsigned n = 0; n < 8; n++)
        assert_int_equal(line[n * 80 + 40] | line[n * 80 + 41] << 8, bars[n]);
    board_fixture_destroy(b);
}

static void test_polarity_of_sensor_and_dcmi_must_agree(void **state)
{
    (void)state; /* 0x4740; with 22h VSYNC and HREF are high between lines and frames */
    struct board_fixture *b = camera_create();
    program(b);
    set(b, 0x4740, 0x22);
    start_dma(b, WIDTH * HEIGHT / 2);
    capture(b, HSPOL | VSPOL);
    wait_frame(b);
    wait_frame(b);
    assert_picture(b, false, false);
    board_fixture_destroy(b);
}

static void test_power_down_pin_and_software_standby(void **state)
{
    (void)state;
    struct board_fixture *b = camera_create();
    struct board_statistics before, after;
    program(b);
    set(b, 0x3008, 0x42);
    board_statistics(b->board, &before);
    fixture_wait(b->f, 200 * SIM_MS);
    board_statistics(b->board, &after);
    assert_int_equal(before.frames_captured, after.frames_captured);
    set(b, 0x3008, 0x02);
    fixture_wait(b->f, 200 * SIM_MS);
    board_statistics(b->board, &after);
    assert_in_range(after.frames_captured - before.frames_captured, 5, 6);
    pin_output(b, 'J', 14, true);
    const uint8_t bytes[3] = {0x30, 0x08, 0x02};
    assert_false(i2c_write(b, CAMERA, bytes, 3));
    board_statistics(b->board, &before);
    fixture_wait(b->f, 200 * SIM_MS);
    board_statistics(b->board, &after);
    assert_int_equal(before.frames_captured, after.frames_captured);
    pin_output(b, 'J', 14, false);
    assert_int_equal(get(b, 0x3809), 0x40); /* registers are kept */
    set(b, 0x3008, 0x82);
    assert_int_equal(get(b, 0x3809), 0x20);
    assert_int_equal(get(b, 0x3008), 0x02);
    board_fixture_destroy(b);
}

static void test_nothing_leaves_while_the_pads_are_inputs(void **state)
{
    (void)state; /* 0x3017, as after reset */
    struct board_fixture *b = camera_create();
    struct board_statistics statistics;
    program(b);
    set(b, 0x3017, 0x00);
    board_statistics(b->board, &statistics);
    uint64_t frames = statistics.frames_captured;
    fixture_wait(b->f, 200 * SIM_MS);
    board_statistics(b->board, &statistics);
    assert_int_equal(statistics.frames_captured, frames);
    board_fixture_destroy(b);
}

static void test_jpeg_comes_in_lines_of_fixed_length(void **state)
{
    (void)state; /* 0x3821[5]; DCMI in JPEG mode, RM0399 34.3.10 */
    struct board_fixture *b = camera_create();
    program(b);
    set(b, 0x4602, 0x04);
    set(b, 0x4603, 0x00);
    set(b, 0x3821, 0x21);
    start_dma(b, 0x8000);
    capture(b, 1 << 3 | 1 << 1);
    wait_frame(b);
    const uint8_t *bytes = frame_bytes(b);
    for (unsigned n = 0; n < 5000; n++)
        assert_int_equal(bytes[n], (uint8_t)(n * 7 + 1));
    assert_int_equal(bytes[5000], 0);
    assert_int_equal(fixture_read(b->f, DMA2 + 0x10 + 3 * 0x18 + 4), 0x8000 - 5 * 1024 / 4);
    board_fixture_destroy(b);
}

static void test_unconnected_pins_are_the_guests_mistake(void **state)
{
    (void)state;
    struct board_fixture *b = camera_create();
    program(b);
    pin_mode(b, 'G', 10, 3);
    capture(b, 0);
    fixture_wait(b->f, 100 * SIM_MS);
    assert_non_null(strstr(b->f->complaint, "PG10 is not in alternate function 13"));
    pin_mode(b, 'D', 12, 0);
    const uint8_t bytes[3] = {0x30, 0x08, 0x02};
    assert_false(i2c_write(b, CAMERA, bytes, 3));
    assert_non_null(strstr(b->f->complaint, "PD12 is not in alternate function 4"));
    board_fixture_destroy(b);
}

static void test_registers_that_make_no_frame_are_reported(void **state)
{
    (void)state;
    struct board_fixture *b = camera_create();
    program(b);
    set(b, 0x380c, 0);
    set(b, 0x380d, 0);
    fixture_wait(b->f, 100 * SIM_MS);
    assert_non_null(strstr(b->f->complaint, "HTS 0"));
    set(b, 0x380d, 0x68);
    set(b, 0x380c, 0x07);
    struct board_statistics before, after;
    board_statistics(b->board, &before);
    fixture_wait(b->f, 200 * SIM_MS);
    board_statistics(b->board, &after);
    assert_true(after.frames_captured >= before.frames_captured + 5);
    board_fixture_destroy(b);
}

/* Table 7-22: what the two pixels (200, 100, 50) and (10, 20, 30) look like in each format. */
static void test_output_formats(void **state)
{
    (void)state;
    static const uint8_t rgb[6] = {200, 100, 50, 10, 20, 30};
    /* (200, 100, 50) is 24, 25, 6 in 5, 6 and 5 bits; (10, 20, 30) is 1, 5, 4. */
    static const struct {
        uint8_t format, bytes[6];
        unsigned count;
    } cases[] = {
        {0x6f, {0x26, 0xc3, 0xa4, 0x08}, 4},
        {0x61, {0xc3, 0x26, 0x08, 0xa4}, 4},
        {0x60, {0x33, 0x38, 0x20, 0xa1}, 4},
        {0x30, {124, 110, 18, 152}, 4},
        {0x31, {124, 152, 18, 110}, 4},
        {0x32, {110, 124, 152, 18}, 4},
        {0x33, {152, 124, 110, 18}, 4},
        {0x10, {124, 18}, 2},
        {0x00, {50, 20}, 2},
        {0x21, {200, 100, 50, 10, 20, 30}, 6},
        {0x23, {50, 100, 200, 30, 20, 10}, 6},
    };
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct ov5640_mode mode = {.width = 2, .height = 1, .data_mask = 0xff};
        uint8_t bytes[6] = {0};
        mode.format = cases[n].format;
        mode.line_bytes = 2 * ov5640_pixel_bytes(mode.format);
        assert_int_equal(mode.line_bytes, cases[n].count);
        ov5640_convert_line(&mode, rgb, 0, bytes);
        for (unsigned k = 0; k < cases[n].count; k++)
            if (abs(bytes[k] - cases[n].bytes[k]) > (mode.format >> 4 == 3 ? 1 : 0))
                fail_msg("format %02x, byte %u: expected %u, got %u", mode.format, k,
                         cases[n].bytes[k], bytes[k]);
    }
}

/* The clock tree by hand: pre-divider 1.5 and bit divider 2.5 are no whole numbers. */
static void test_clock_tree(void **state)
{
    (void)state;
    static const struct {
        uint8_t r3034, r3035, r3036, r3037, r3108, r3824, r460c;
        uint64_t system_khz, pixel_khz;
    } cases[] = {
        {0x18, 0x11, 0x38, 0x13, 0x01, 0x02, 0x22, 56000, 56000},
        {0x1a, 0x11, 0x46, 0x13, 0x01, 0x04, 0x20, 56000, 112000},
        {0x1a, 0x21, 0x69, 0x03, 0x16, 0x04, 0x20, 42000, 84000},
        {0x1a, 0x41, 0x60, 0x13, 0x01, 0x02, 0x22, 19200, 19200},
        {0x18, 0x14, 0x38, 0x13, 0x01, 0x04, 0x20, 56000, 28000},
        {0x1a, 0x11, 0x20, 0x05, 0x00, 0x04, 0x20, 204800, 204800},
    };
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        static uint8_t regs[0x10000];
        regs[0x3103] = 3;
        regs[0x3034] = cases[n].r3034, regs[0x3035] = cases[n].r3035;
        regs[0x3036] = cases[n].r3036, regs[0x3037] = cases[n].r3037;
        regs[0x3108] = cases[n].r3108, regs[0x3824] = cases[n].r3824;
        regs[0x460c] = cases[n].r460c;
        struct ov5640_mode mode = ov5640_decode(regs);
        assert_int_equal(ov5640_clock_time(mode.system, cases[n].system_khz * 1000), SIM_S);
        assert_int_equal(ov5640_clock_time(mode.pixel, cases[n].pixel_khz * 1000), SIM_S);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identity_is_read_over_i2c4),
        cmocka_unit_test(test_other_addresses_of_the_bus_do_not_answer),
        cmocka_unit_test(test_frames_arrive_pixel_by_pixel_through_dcmi_and_dma),
        cmocka_unit_test(test_frame_rate_is_that_of_clocks_hts_and_vts),
        cmocka_unit_test(test_words_in_groups_move_as_one_by_one),
        cmocka_unit_test(test_mirror_and_flip),
        cmocka_unit_test(test_colour_bars),
        cmocka_unit_test(test_polarity_of_sensor_and_dcmi_must_agree),
        cmocka_unit_test(test_power_down_pin_and_software_standby),
        cmocka_unit_test(test_nothing_leaves_while_the_pads_are_inputs),
        cmocka_unit_test(test_jpeg_comes_in_lines_of_fixed_length),
        cmocka_unit_test(test_unconnected_pins_are_the_guests_mistake),
        cmocka_unit_test(test_registers_that_make_no_frame_are_reported),
        cmocka_unit_test(test_output_formats),
        cmocka_unit_test(test_clock_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
