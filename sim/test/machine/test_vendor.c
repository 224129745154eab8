/*
 * What the maker's drivers do on this board (guest/vendor*.c), and what a person then sees. Pictures
 * are compared with ones that are worked out here.
 */
#include "sim/test/machine/machine_fixture.h"

static uint8_t picture[PANEL_WIDTH * PANEL_HEIGHT * 3];

static void hear(void *ctx, const struct complaint *complaint, enum bus_master master, uint32_t pc)
{
    fprintf(stderr, "%s: %s (pc 0x%08x)\n", complaint->block, complaint->text, pc);
    (void)master;
    ++*(unsigned *)ctx;
}

/* The maker's drivers are right: the checker has nothing to say of them. */
static void hear_report(void *ctx, const struct check_report *report)
{
    fprintf(stderr, "%s at 0x%08x (pc 0x%08x)\n", check_kind_name(report->kind), report->address,
            report->parties[report->party_count - 1].pc);
    ++*(unsigned *)ctx;
}

static unsigned complaints;

static struct machine *start(const char *name, const char *optimisation, const char *panel,
                             const struct board_config *board)
{
    const struct machine_config config = {
        .hear = hear, .incoherent = hear_report, .ctx = &complaints, .board = *board};
    struct machine *machine = machine_create(&config);
    assert_non_null(machine);
    complaints = 0;
    fixture_load(machine, name, SOC_CM7, optimisation);
    fixture_load(machine, name, SOC_CM4, optimisation);
    assert_null(machine_set(machine, "panel", panel));
    machine_power_on(machine);
    return machine;
}

static struct machine *start_with(const char *name, const char *panel,
                                  const struct camera_source *camera)
{
    const struct board_config board = {.camera = camera ? *camera : (struct camera_source){0}};
    return start(name, "Os", panel, &board);
}

static struct machine *start_listened(const char *name, const char *optimisation,
                                      const struct board_listener *listener)
{
    const struct board_config board = {.listener =
                                           listener ? *listener : (struct board_listener){0}};
    return start(name, optimisation, "otm8009a", &board);
}

/* Runs in steps until the Cortex-M7 is done. */
static void run_until_done(struct machine *machine, sim_time limit)
{
    while (fixture_result(machine, 0) != DONE && machine_time(machine) < limit)
        machine_run(machine, machine_time(machine) + 5 * SIM_MS);
    if (fixture_result(machine, 2))
        print_message("guest/vendor: line %u failed\n", fixture_result(machine, 2));
    assert_int_equal(fixture_result(machine, 2), 0);
    fixture_assert_done(machine);
    assert_int_equal(complaints, 0);
}

static uint32_t pixel(unsigned x, unsigned y)
{
    const uint8_t *p = &picture[3 * (y * PANEL_WIDTH + x)];
    return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static bool within(unsigned x, unsigned y, unsigned x0, unsigned y0, unsigned width,
                   unsigned height)
{
    return x >= x0 && x < x0 + width && y >= y0 && y < y0 + height;
}

/* Four quarters, a veil of white, and the second layer's opaque half. */
static uint32_t display_pixel(unsigned x, unsigned y)
{
    if (within(x, y, 600, 300, 100, 100))
        return 0xffff00;
    if (within(x, y, 100, 100, 50, 40))
        return 0xff8080;
    if (y < 240)
        return x < 400 ? 0xff0000 : 0x00ff00;
    return x < 400 ? 0x0000ff : 0;
}

/* Two halves: a mark across the seam, another one in the right half, a corner drawn later. */
static uint32_t command_mode_pixel(unsigned x, unsigned y)
{
    if (within(x, y, 390, 10, 20, 30))
        return 0xffffff;
    if (within(x, y, 700, 400, 50, 40))
        return 0xff8000;
    if (within(x, y, 200, 200, 20, 20))
        return 0x0000ff;
    return within(x, y, 0, 0, 8, 8) ? 0x00ff00 : 0x102030;
}

static void assert_picture(struct machine *machine, uint32_t (*expected)(unsigned x, unsigned y))
{
    assert_true(board_panel_on(machine_board(machine)));
    board_panel_picture(machine_board(machine), picture);
    for (unsigned y = 0; y < PANEL_HEIGHT; y++)
        for (unsigned x = 0; x < PANEL_WIDTH; x++)
            if (pixel(x, y) != expected(x, y))
                fail_msg("pixel %u, %u is %06x, not %06x", x, y, pixel(x, y), expected(x, y));
}

static const char *const panels[] = {"otm8009a", "nt35510"};

static void test_display_and_touch(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 2; n++) {
        struct machine *machine = start_with("vendor_display", panels[n], NULL);
        run_until_done(machine, 2 * SIM_S);
        assert_int_equal(fixture_result(machine, 3), n + 1);
        assert_int_equal(fixture_result(machine, 4), n ? 0x70 : 0x54);
        machine_run(machine, machine_time(machine) + 20 * SIM_MS);
        assert_picture(machine, display_pixel);
        board_touch(machine_board(machine), 0, 123 + n, 45);
        machine_run(machine, machine_time(machine) + 5 * SIM_MS);
        assert_int_equal(fixture_result(machine, 5), 123 + n);
        assert_int_equal(fixture_result(machine, 6), 45);
        assert_int_equal(fixture_result(machine, 7), 1);
        machine_destroy(machine);
    }
}

static void test_command_mode(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 2; n++) {
        struct machine *machine = start_with("vendor_command_mode", panels[n], NULL);
        run_until_done(machine, 4 * SIM_S);
        assert_int_equal(fixture_result(machine, 10), 0);
        assert_int_equal(fixture_result(machine, 11), 2);
        assert_picture(machine, command_mode_pixel);
        machine_destroy(machine);
    }
}

/* What stands before the lens: no two corners alike, no symmetry. */
static void scene_colour(unsigned x, unsigned y, unsigned width, unsigned height, uint8_t *rgb)
{
    rgb[0] = (uint8_t)(x * 255 / width);
    rgb[1] = (uint8_t)(y * 255 / height);
    rgb[2] = (uint8_t)(x / 16 % 2 ? 200 : 40);
}

static void scene(void *ctx, sim_time time, unsigned width, unsigned height, uint8_t *rgb)
{
    (void)ctx;
    (void)time;
    for (unsigned y = 0; y < height; y++)
        for (unsigned x = 0; x < width; x++, rgb += 3)
            scene_colour(x, y, width, height, rgb);
}

static unsigned rounded(unsigned v, unsigned max)
{
    return (v * max * 2 + 255) / 510;
}

static uint16_t scene_565(unsigned x, unsigned y, unsigned width, unsigned height)
{
    uint8_t rgb[3];
    scene_colour(x, y, width, height, rgb);
    return (uint16_t)(rounded(rgb[0], 31) << 11 | rounded(rgb[1], 63) << 5 | rounded(rgb[2], 31));
}

static uint32_t camera_pixel(unsigned x, unsigned y)
{
    uint32_t v = scene_565(x, y, PANEL_WIDTH, PANEL_HEIGHT);
    uint32_t r = v >> 11, g = v >> 5 & 63, b = v & 31;
    return (r << 3 | r >> 2) << 16 | (g << 2 | g >> 4) << 8 | b << 3 | b >> 2;
}

static void test_camera(void **state)
{
    (void)state;
    const struct camera_source camera = {.capture = scene};
    struct machine *machine = start_with("vendor_camera", "otm8009a", &camera);
    run_until_done(machine, 3 * SIM_S);
    assert_picture(machine, camera_pixel);
    for (unsigned y = 0; y < 50; y++)
        for (unsigned x = 0; x < 100; x++) {
            uint16_t got = 0;
            uint32_t address = 0xd0600000 + 2 * (y * 100 + x);
            assert_true(machine_peek(machine, SOC_CM7, address, &got, 2));
            assert_int_equal(got, scene_565(40 + x, 30 + y, 320, 240));
        }
    machine_destroy(machine);
}

/* The flash answers the board package, and an image loaded at its address is there. */
static void test_flash(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 2; n++) {
        struct machine *machine = start_with("vendor_flash", panels[n], NULL);
        const uint8_t loaded[4] = {1, 2, 3, 4};
        assert_true(machine_load(machine, 0x97ff0000, loaded, sizeof loaded));
        assert_false(machine_load(machine, 0x98000000, loaded, sizeof loaded));
        run_until_done(machine, SIM_S);
        assert_int_equal(fixture_result(machine, 3), 42);
        assert_int_equal(fixture_result(machine, 4), 0x04030201);
        machine_destroy(machine);
    }
}

static void hear_console(void *ctx, const uint8_t *bytes, size_t count)
{
    char *text = ctx;
    size_t length = strlen(text);
    assert_true(length + count < 128);
    memcpy(text + length, bytes, count);
    text[length + count] = 0;
}

static void wait_for_step(struct machine *machine, uint32_t step)
{
    sim_time limit = machine_time(machine) + 500 * SIM_MS;
    while (fixture_result(machine, 10) != step && machine_time(machine) < limit)
        machine_run(machine, machine_time(machine) + SIM_MS / 2);
    if (fixture_result(machine, 2))
        print_message("guest/vendor: line %u failed\n", fixture_result(machine, 2));
    assert_int_equal(fixture_result(machine, 10), step);
}

static void type(struct machine *machine, const char *text)
{
    machine_run(machine, machine_time(machine) + SIM_MS);
    board_type(machine_board(machine), (const uint8_t *)text, strlen(text));
}

static const char *const optimisations[] = {"O0", "Os"};

static void test_console(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 2; n++) {
        char heard[128] = "";
        const struct board_listener listener = {.ctx = heard, .console = hear_console};
        struct machine *machine = start_listened("vendor_uart", optimisations[n], &listener);
        static const char *const typed[] = {"first", "second\r", "third", "eight by"};
        for (uint32_t step = 1; step <= 4; step++) {
            wait_for_step(machine, step);
            type(machine, typed[step - 1]);
        }
        run_until_done(machine, SIM_S);
        assert_string_equal(heard, "by interrupt\r\nby DMA\r\n");
        assert_int_equal(fixture_result(machine, 11), 5);
        assert_int_equal(fixture_result(machine, 4), 50);
        machine_destroy(machine);
    }
}

static void test_console_wakes_the_system(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 2; n++) {
        char heard[128] = "";
        const struct board_listener listener = {.ctx = heard, .console = hear_console};
        struct machine *machine = start_listened("vendor_stop_uart", optimisations[n], &listener);
        wait_for_step(machine, 1);
        type(machine, "abcd");
        wait_for_step(machine, 2);
        type(machine, "abcdefghijklmnop");
        run_until_done(machine, SIM_S);
        assert_string_equal(heard, "4\r\n16\r\ndone\r\n");
        machine_destroy(machine);
    }
}

/* Standby of D1, Stop of all with the Cortex-M4 held, Standby of all. */
static void test_power_modes(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 2; n++) {
        struct machine *machine = start_listened("vendor_power", optimisations[n], NULL);
        run_until_done(machine, SIM_S);
        machine_destroy(machine);
    }
}

/* The crystal breaks, and after it the supply sags for a while. */
static void test_mishaps(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 2; n++) {
        struct machine *machine = start_listened("vendor_mishaps", optimisations[n], NULL);
        wait_for_step(machine, 1);
        sim_time now = machine_time(machine);
        assert_null(machine_set_at(machine, "HSE", "fail", now + SIM_MS));
        assert_null(machine_set_at(machine, "vdd", "2.5", now + 300 * SIM_MS));
        assert_null(machine_set_at(machine, "vdd", "3.3", now + 301 * SIM_MS));
        wait_for_step(machine, 2);
        assert_true(machine_time(machine) < now + 300 * SIM_MS);
        run_until_done(machine, SIM_S);
        assert_int_equal(fixture_result(machine, 4), 1);
        assert_int_equal(fixture_result(machine, 5), 1);
        assert_int_equal(fixture_result(machine, 6), 1);
        assert_int_equal(fixture_result(machine, 7), 1);
        machine_destroy(machine);
    }
}

static void test_bank_swap(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 2; n++) {
        struct machine *machine = start_listened("vendor_swap", optimisations[n], NULL);
        assert_null(machine_set(machine, "BCM4", "0"));
        machine_power_on(machine);
        run_until_done(machine, 2 * SIM_S);
        assert_int_equal(fixture_result(machine, 3), 2);
        machine_destroy(machine);
    }
}

static void test_can(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 2; n++) {
        struct machine *machine = start_listened("vendor_can", optimisations[n], NULL);
        run_until_done(machine, SIM_S);
        machine_destroy(machine);
    }
}

static void test_timers_at_pins(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 2; n++) {
        struct machine *machine = start_listened("vendor_timer", optimisations[n], NULL);
        assert_null(machine_set(machine, "jumper", "PC6-PA0"));
        run_until_done(machine, SIM_S);
        assert_in_range(fixture_result(machine, 4), 399998, 400000);
        assert_in_range(fixture_result(machine, 5), 99998, 100000);
        machine_destroy(machine);
    }
}

static void test_two_i2cs_on_one_wire(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 2; n++) {
        struct machine *machine = start_listened("vendor_wires", optimisations[n], NULL);
        assert_null(machine_set(machine, "wire", "I2C1-I2C2"));
        run_until_done(machine, SIM_S);
        machine_destroy(machine);
    }
}

/* Both sides of the saw that guest/vendor_audio.c plays. */
static void hear_audio(void *ctx, int16_t left, int16_t right, sim_time period)
{
    uint32_t *frames = ctx;
    assert_int_equal(left, (int16_t)(*frames * 16));
    assert_int_equal(right, (int16_t)(0 - *frames * 16));
    assert_int_equal(SIM_S / period, 47991); /* 49.142857 MHz / 4 / 256 */
    ++*frames;
}

static void test_audio(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 2; n++) {
        uint32_t frames = 0;
        const struct board_listener listener = {.ctx = &frames, .audio = hear_audio};
        struct machine *machine = start_listened("vendor_audio", optimisations[n], &listener);
        run_until_done(machine, SIM_S);
        assert_in_range(fixture_result(machine, 4), 8, 9);
        assert_true(frames >= 8 * 128 - 8); /* the FIFO had the rest when it stopped */
        machine_destroy(machine);
    }
}

/* The table's colours in a row of 256, from the left again and again. */
static uint32_t table_pixel(unsigned x, unsigned y)
{
    uint32_t index = ((x & ~3u) & 0xff) + (x & 3);
    (void)y;
    index &= 0xff;
    return index << 16 | (255 - index) << 8 | (index ^ 0x55);
}

static void press(struct machine *machine, const char *button)
{
    machine_run(machine, machine_time(machine) + SIM_MS);
    assert_true(board_press(machine_board(machine), button, true));
    machine_run(machine, machine_time(machine) + SIM_MS);
    assert_true(board_press(machine_board(machine), button, false));
}

static void test_person_and_colour_table(void **state)
{
    (void)state;
    static const char *const buttons[] = {"SELECT", "DOWN", "LEFT", "RIGHT", "UP"};
    for (unsigned n = 0; n < 2; n++) {
        struct machine *machine = start_listened("vendor_person", optimisations[n], NULL);
        struct board *board = machine_board(machine);
        wait_for_step(machine, 1);
        for (unsigned k = 0; k < 5; k++) {
            press(machine, buttons[k]);
            assert_true(board_led(board, k % 4 + 1));
        }
        press(machine, "WAKEUP");
        for (unsigned led = 1; led <= 4; led++)
            assert_false(board_led(board, led));
        wait_for_step(machine, 2);
        board_touch(board, 0, 600, 100);
        board_touch(board, 1, 20, 479);
        run_until_done(machine, 3 * SIM_S);
        assert_int_equal(fixture_result(machine, 11), 600 << 16 | 100);
        assert_int_equal(fixture_result(machine, 12), 20 << 16 | 479);
        assert_int_equal(fixture_result(machine, 13), 0x01);
        machine_run(machine, machine_time(machine) + 40 * SIM_MS);
        assert_picture(machine, table_pixel);
        machine_destroy(machine);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_display_and_touch),
        cmocka_unit_test(test_command_mode),
        cmocka_unit_test(test_camera),
        cmocka_unit_test(test_flash),
        cmocka_unit_test(test_console),
        cmocka_unit_test(test_console_wakes_the_system),
        cmocka_unit_test(test_can),
        cmocka_unit_test(test_timers_at_pins),
        cmocka_unit_test(test_two_i2cs_on_one_wire),
        cmocka_unit_test(test_audio),
        cmocka_unit_test(test_power_modes),
        cmocka_unit_test(test_mishaps),
        cmocka_unit_test(test_bank_swap),
        cmocka_unit_test(test_person_and_colour_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
