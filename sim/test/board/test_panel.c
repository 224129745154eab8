/* The panel behind the DSI host: MIPI display command set 1.1; RM0399 chapters 33 and 34. */
#include "sim/test/board/board_fixture.h"

#define DSI    0x50000000u
#define LTDC   0x50001000u
#define BUFFER 0x24000000u

enum { GHCR = DSI + 0x6c, GPDR = DSI + 0x70 };

static uint8_t rgb[PANEL_HEIGHT][PANEL_WIDTH][3];

/* Regulator, PLL (25 MHz / 5 * 2 * 100), PHY, host and wrapper, bus turn-around. */
static struct board_fixture *panel_create(void)
{
    struct board_fixture *b = board_fixture_create(NULL);
    fixture_write(b->f, DSI + 0x430, 1 << 24);
    fixture_write(b->f, DSI + 0x430, 1 << 24 | 5 << 11 | 100 << 2 | 1);
    fixture_wait(b->f, SIM_MS);
    fixture_write(b->f, DSI + 0xa0, 6);
    fixture_write(b->f, DSI + 0x2c, 4);
    fixture_write(b->f, DSI + 0x10, 5);
    fixture_write(b->f, DSI + 0x400, 5 << 1);
    fixture_write(b->f, DSI + 0x94, 1);
    fixture_write(b->f, DSI + 0x04, 1);
    fixture_write(b->f, DSI + 0x404, 8);
    return b;
}

static void send(struct board_fixture *b, uint32_t header)
{
    fixture_write(b->f, GHCR, header);
    fixture_wait(b->f, 100 * SIM_US);
}

static void dcs0(struct board_fixture *b, uint32_t command)
{
    send(b, 0x05 | command << 8);
}

static void dcs1(struct board_fixture *b, uint32_t command, uint32_t value)
{
    send(b, 0x15 | command << 8 | value << 16);
}

static void dcs_long(struct board_fixture *b, const uint8_t *bytes, unsigned count)
{
    for (unsigned n = 0; n < count; n += 4) {
        uint32_t word = 0;
        memcpy(&word, bytes + n, count - n < 4 ? count - n : 4);
        fixture_write(b->f, GPDR, word);
    }
    send(b, 0x39 | count << 8);
}

static uint32_t dcs_read(struct board_fixture *b, uint32_t command, uint32_t size)
{
    send(b, 0x37 | size << 8);
    send(b, 0x06 | command << 8);
    return fixture_read(b->f, GPDR);
}

static void wake(struct board_fixture *b)
{
    dcs1(b, 0x36, 0x60);
    dcs0(b, 0x11);
    dcs0(b, 0x29);
}

/* Video mode: 800 by 480 from an RGB565 buffer, as firmware of this board sets it up. */
static void start_video(struct board_fixture *b)
{
    static const uint32_t regs[][2] = {{DSI + 0x34, 0},
                                       {DSI + 0x3c, 800},
                                       {DSI + 0x60, 480},
                                       {LTDC + 0x08, 1 << 16},
                                       {LTDC + 0x0c, 35 << 16 | 15},
                                       {LTDC + 0x10, 835 << 16 | 495},
                                       {LTDC + 0x14, 869 << 16 | 511},
                                       {LTDC + 0x88, 835 << 16 | 36},
                                       {LTDC + 0x8c, 495 << 16 | 16},
                                       {LTDC + 0x94, 5},
                                       {LTDC + 0xac, BUFFER},
                                       {LTDC + 0xb0, 800 << 16 | 807},
                                       {LTDC + 0xb4, 480},
                                       {LTDC + 0x84, 1},
                                       {LTDC + 0x24, 1},
                                       {LTDC + 0x18, 0x2221}};
    for (unsigned n = 0; n < sizeof regs / sizeof regs[0]; n++)
        fixture_write(b->f, regs[n][0], regs[n][1]);
    fixture_wait(b->f, 40 * SIM_MS);
}

static uint32_t look(struct board_fixture *b, unsigned x, unsigned y)
{
    board_panel_picture(b->board, &rgb[0][0][0]);
    return (uint32_t)rgb[y][x][0] << 16 | (uint32_t)rgb[y][x][1] << 8 | rgb[y][x][2];
}

static void test_each_revision_names_itself(void **state)
{
    (void)state;
    struct board_fixture *b = panel_create();
    assert_int_equal(dcs_read(b, 0xda, 1), 0x40);
    assert_int_equal(dcs_read(b, 0x04, 3), 0x40);
    assert_int_equal(dcs_read(b, 0xa1, 4), 0x09808b01);
    assert_null(board_set(b->board, "panel", "nt35510"));
    assert_int_equal(dcs_read(b, 0xdb, 1), 0x80);
    assert_int_equal(dcs_read(b, 0xda, 1), 0x00);
    assert_string_equal(board_set(b->board, "camera", "x"), "");
    assert_true(strlen(board_set(b->board, "panel", "x")) > 0);
    board_fixture_destroy(b);
}

static void test_it_shows_when_awake_on_and_lit(void **state)
{
    (void)state;
    struct board_fixture *b = panel_create();
    dcs1(b, 0x36, 0x60);
    dcs0(b, 0x11);
    assert_false(b->panel);
    assert_int_equal(dcs_read(b, 0x0a, 1), 0x98);
    dcs0(b, 0x29);
    assert_true(b->panel);
    assert_true(board_panel_on(b->board));
    assert_int_equal(dcs_read(b, 0x0a, 1), 0x9c);
    pin_output(b, 'J', 12, false);
    assert_false(b->panel);
    pin_output(b, 'J', 12, true);
    assert_true(b->panel);
    dcs1(b, 0x53, 0x2c);
    assert_false(b->panel); /* brightness 0 */
    dcs1(b, 0x51, 0x7f);
    assert_true(b->panel);
    dcs0(b, 0x10);
    assert_false(b->panel);
    dcs0(b, 0x11);
    pin_output(b, 'G', 3, false);
    assert_false(b->panel);
    pin_output(b, 'G', 3, true);
    assert_int_equal(dcs_read(b, 0x0b, 1), 0); /* reset has cleared the address mode */
    assert_int_equal(b->panel_changes, 8);
    board_fixture_destroy(b);
}

static void test_video_is_seen_and_changes_are_counted(void **state)
{
    (void)state;
    struct board_fixture *b = panel_create();
    struct board_statistics statistics;
    wake(b);
    start_video(b);
    assert_int_equal(b->frames, 1);
    assert_int_equal(look(b, 799, 479), 0);
    fixture_write(b->f, BUFFER + 479 * 800 + 796, 0xc0ffffff);
    fixture_write(b->f, BUFFER + 479 * 800, 0x80); /* on the same line: in one frame */
    fixture_wait(b->f, 40 * SIM_MS);
    assert_int_equal(look(b, 799, 479), 0xc0c0c0);
    assert_int_equal(look(b, 0, 479), 0x808080);
    assert_int_equal(b->frames, 2);
    board_statistics(b->board, &statistics);
    assert_int_equal(statistics.frames_shown, 2);
    assert_in_range(statistics.panel_refreshes, 4, 5);
    dcs0(b, 0x28);
    assert_int_equal(look(b, 0, 479), 0);
    assert_int_equal(b->f->sim.reporter.distinct[COMPLAINT_GUEST], 0);
    board_fixture_destroy(b);
}

static void test_colour_mode_and_shutdown_come_with_the_stream(void **state)
{
    (void)state; /* RM0399 34.16.2: WCR.COLM and SHTDN */
    struct board_fixture *b = panel_create();
    wake(b);
    start_video(b);
    fixture_write(b->f, BUFFER, 0x6090);
    fixture_write(b->f, DSI + 0x404, 8 | 1);
    fixture_wait(b->f, 60 * SIM_MS);
    assert_int_equal(look(b, 0, 0), 0xffffff); /* eight colours */
    assert_int_equal(look(b, 1, 0), 0);
    fixture_write(b->f, DSI + 0x404, 8 | 2);
    fixture_wait(b->f, 60 * SIM_MS);
    assert_int_equal(look(b, 0, 0), 0);
    assert_false(b->panel);
    fixture_write(b->f, DSI + 0x404, 8);
    fixture_wait(b->f, 60 * SIM_MS);
    assert_int_equal(look(b, 0, 0), 0x909090);
    assert_true(b->panel);
    board_fixture_destroy(b);
}

/* Set_address_mode: the glass stands on its side; 60h makes the picture upright for the eye. */
static void test_address_mode_turns_and_mirrors(void **state)
{
    (void)state;
    static const struct {
        uint8_t madctl;
        uint16_t x, y;
    } cases[] = {{0x60, 2, 1}, {0xa0, 797, 478}, {0x00, 1, 477}, {0x40, 1, 2}, {0x80, 798, 477}};
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct board_fixture *b = panel_create();
        wake(b);
        dcs1(b, 0x36, cases[n].madctl);
        dcs_long(b, (const uint8_t[]){0x2a, 0, 2, 0, 2}, 5);
        dcs_long(b, (const uint8_t[]){0x2b, 0, 1, 0, 1}, 5);
        dcs_long(b, (const uint8_t[]){0x2c, 0x11, 0x22, 0x33}, 4);
        assert_int_equal(look(b, cases[n].x, cases[n].y), 0x112233);
        board_fixture_destroy(b);
    }
}

static void test_memory_writes_fill_the_window_row_by_row(void **state)
{
    (void)state;
    struct board_fixture *b = panel_create();
    wake(b);
    dcs1(b, 0x3a, 0x55);
    dcs_long(b, (const uint8_t[]){0x2a, 0x01, 0x00, 0x01, 0x01}, 5);
    dcs_long(b, (const uint8_t[]){0x2b, 0, 7, 0, 8}, 5);
    dcs_long(b, (const uint8_t[]){0x2c, 0xf8, 0x00, 0x07, 0xe0}, 5);
    dcs_long(b, (const uint8_t[]){0x3c, 0x00, 0x1f, 0xff, 0xff}, 5);
    assert_int_equal(look(b, 256, 7), 0xff0000);
    assert_int_equal(look(b, 257, 7), 0x00ff00);
    assert_int_equal(look(b, 256, 8), 0x0000ff);
    assert_int_equal(look(b, 257, 8), 0xffffff);
    dcs0(b, 0x21);
    assert_int_equal(look(b, 257, 8), 0);
    board_fixture_destroy(b);
}

/* The wrapper's flag after a time, and cleared. */
static uint32_t tearing_within(struct board_fixture *b, sim_time time)
{
    fixture_wait(b->f, time);
    uint32_t flag = fixture_read(b->f, DSI + 0x40c) & 1;
    fixture_write(b->f, DSI + 0x410, 1);
    return flag;
}

static void hear_tearing_pin(struct board_fixture *b)
{
    wake(b);
    fixture_write(b->f, DSI + 0x400, 1 | 5 << 1 | 1 << 4);
    fixture_write(b->f, GPIO('J') + 0x00, 0xffffffef);
    fixture_write(b->f, GPIO('J') + 0x20, 13 << 8);
}

static void test_tearing_effect_pulses_its_pin_and_the_wrapper(void **state)
{
    (void)state;
    struct board_fixture *b = panel_create();
    hear_tearing_pin(b);
    assert_int_equal(tearing_within(b, 40 * SIM_MS), 0);
    dcs1(b, 0x35, 0);
    assert_int_equal(tearing_within(b, 40 * SIM_MS), 1);
    dcs0(b, 0x34);
    assert_int_equal(tearing_within(b, 40 * SIM_MS), 0);
    board_fixture_destroy(b);
}

static void test_set_tear_scanline_turns_tearing_on_at_that_line(void **state)
{
    (void)state; /* the scan's line is read back by get_scanline, two bytes */
    struct board_fixture *b = panel_create();
    hear_tearing_pin(b);
    dcs_long(b, (const uint8_t[]){0x44, 0x02, 0x15}, 3);
    while (!tearing_within(b, 100 * SIM_US))
        ;
    uint32_t line = dcs_read(b, 0x45, 2);
    line = (line & 255) << 8 | line >> 8;
    assert_in_range(line, 0x215, 0x215 + 40);
    assert_int_equal(tearing_within(b, 15 * SIM_MS), 0);
    assert_int_equal(tearing_within(b, 2 * SIM_MS), 1);
    dcs0(b, 0x34);
    assert_int_equal(tearing_within(b, 40 * SIM_MS), 0);
    board_fixture_destroy(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_revision_names_itself),
        cmocka_unit_test(test_it_shows_when_awake_on_and_lit),
        cmocka_unit_test(test_video_is_seen_and_changes_are_counted),
        cmocka_unit_test(test_colour_mode_and_shutdown_come_with_the_stream),
        cmocka_unit_test(test_address_mode_turns_and_mirrors),
        cmocka_unit_test(test_memory_writes_fill_the_window_row_by_row),
        cmocka_unit_test(test_tearing_effect_pulses_its_pin_and_the_wrapper),
        cmocka_unit_test(test_set_tear_scanline_turns_tearing_on_at_that_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
