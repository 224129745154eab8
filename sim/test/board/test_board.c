/* The wiring of the STM32H747I-DISCO: UM2411; touch controller: "FT6x06 registers" 1.0. */
#include "sim/test/board/board_fixture.h"

enum { TOUCH_A = 0x54, TOUCH_B = 0x70 };

static bool pin_is_high(struct board_fixture *b, char port, unsigned pin)
{
    pin_mode(b, port, pin, 0);
    return fixture_read(b->f, GPIO(port) + 0x10) >> pin & 1;
}

static bool touch_read(struct board_fixture *b, unsigned device, uint8_t from, uint8_t *bytes,
                       unsigned count)
{
    return i2c_read(b, device, &from, 1, bytes, count);
}

static void test_leds_light_when_their_pins_are_low(void **state)
{
    (void)state;
    struct board_fixture *b = board_fixture_create(NULL);
    for (unsigned led = 1; led <= 4; led++) {
        assert_false(board_led(b->board, led));
        pin_output(b, 'I', 11 + led, false);
        assert_true(b->led[led]);
        assert_true(board_led(b->board, led));
        pin_output(b, 'I', 11 + led, true);
        assert_false(b->led[led]);
    }
    assert_int_equal(b->led_changes, 8);
    board_fixture_destroy(b);
}

static void test_buttons_have_their_levels(void **state)
{
    (void)state; /* PC13 is high when pressed, the joystick low */
    static const struct {
        const char *name;
        char port;
        unsigned pin;
        bool pressed;
    } buttons[] = {{"WAKEUP", 'C', 13, true}, {"SELECT", 'K', 2, false}, {"DOWN", 'K', 3, false},
                   {"LEFT", 'K', 4, false},   {"RIGHT", 'K', 5, false},  {"UP", 'K', 6, false}};
    struct board_fixture *b = board_fixture_create(NULL);
    for (unsigned n = 0; n < sizeof buttons / sizeof buttons[0]; n++) {
        assert_int_equal(pin_is_high(b, buttons[n].port, buttons[n].pin), !buttons[n].pressed);
        assert_true(board_press(b->board, buttons[n].name, true));
        assert_int_equal(pin_is_high(b, buttons[n].port, buttons[n].pin), buttons[n].pressed);
        assert_true(board_press(b->board, buttons[n].name, false));
        assert_int_equal(pin_is_high(b, buttons[n].port, buttons[n].pin), !buttons[n].pressed);
    }
    assert_false(board_press(b->board, "FIRE", true));
    board_fixture_destroy(b);
}

static void test_touch_answers_at_the_address_of_the_panels_revision(void **state)
{
    (void)state;
    struct board_fixture *b = board_fixture_create(NULL);
    uint8_t id = 0;
    open_i2c(b);
    assert_true(touch_read(b, TOUCH_A, 0xa8, &id, 1));
    assert_int_equal(id, 0x11);
    assert_false(touch_read(b, TOUCH_B, 0xa8, &id, 1));
    assert_null(board_set(b->board, "panel", "nt35510"));
    assert_false(touch_read(b, TOUCH_A, 0xa8, &id, 1));
    assert_true(touch_read(b, TOUCH_B, 0xa8, &id, 1));
    board_fixture_destroy(b);
}

/* The eye's (400, 100) is X 379, Y 400 for the controller: swapped, and Y mirrored. */
static void test_two_fingers_are_reported(void **state)
{
    (void)state;
    struct board_fixture *b = board_fixture_create(NULL);
    uint8_t data[13];
    open_i2c(b);
    assert_true(pin_is_high(b, 'K', 7));
    board_touch(b->board, 0, 400, 100);
    assert_false(pin_is_high(b, 'K', 7));
    assert_true(touch_read(b, TOUCH_A, 0x02, data, 13));
    assert_memory_equal(data, "\x01\x01\x7b\x01\x90", 5);
    board_touch(b->board, 1, 10, 20);
    fixture_wait(b->f, 50 * SIM_MS);
    assert_true(touch_read(b, TOUCH_A, 0x02, data, 13));
    assert_int_equal(data[0], 2);
    assert_memory_equal(data + 1, "\x81\x7b\x01\x90", 4);
    assert_memory_equal(data + 7, "\x81\xcb\x10\x0a", 4);
    board_lift(b->board, 0);
    assert_true(touch_read(b, TOUCH_A, 0x02, data, 13));
    assert_int_equal(data[0], 1);
    assert_memory_equal(data + 1, "\x81\xcb\x10\x0a", 4);
    assert_int_equal(data[7] >> 6, 1); /* lifted */
    board_lift(b->board, 1);
    assert_true(touch_read(b, TOUCH_A, 0x02, data, 1));
    assert_int_equal(data[0], 0);
    assert_true(pin_is_high(b, 'K', 7));
    board_fixture_destroy(b);
}

static void test_trigger_mode_pulses_for_each_report(void **state)
{
    (void)state; /* G_MODE 1 */
    struct board_fixture *b = board_fixture_create(NULL);
    const uint8_t mode[2] = {0xa4, 1};
    open_i2c(b);
    assert_true(i2c_write(b, TOUCH_A, mode, 2));
    board_touch(b->board, 0, 1, 1);
    assert_false(pin_is_high(b, 'K', 7));
    fixture_wait(b->f, SIM_MS);
    assert_true(pin_is_high(b, 'K', 7));
    fixture_wait(b->f, SIM_S / 60 - SIM_MS + 100 * SIM_US);
    assert_false(pin_is_high(b, 'K', 7));
    fixture_wait(b->f, SIM_MS);
    assert_true(pin_is_high(b, 'K', 7));
    board_lift(b->board, 0);
    assert_false(pin_is_high(b, 'K', 7));
    board_fixture_destroy(b);
}

static void test_a_stroke_is_a_gesture(void **state)
{
    (void)state;
    struct board_fixture *b = board_fixture_create(NULL);
    uint8_t gesture;
    open_i2c(b);
    board_touch(b->board, 0, 100, 200);
    board_touch(b->board, 0, 400, 210);
    board_lift(b->board, 0);
    assert_true(touch_read(b, TOUCH_A, 0x01, &gesture, 1));
    assert_int_equal(gesture, 0x18); /* along Y of the glass */
    board_fixture_destroy(b);
}

static void test_console_sends_and_receives_by_usart1(void **state)
{
    (void)state; /* 8N1 with both pins in AF7 */
    struct board_fixture *b = board_fixture_create(NULL);
    const uint32_t usart1 = 0x40011000;
    fixture_write(b->f, usart1 + 0x0c, FIXTURE_HCLK / 1000000);
    fixture_write(b->f, usart1, 1 | 4 | 8);
    fixture_write(b->f, usart1 + 0x28, 'x');
    fixture_wait(b->f, SIM_MS);
    assert_int_equal(b->console_count, 0);
    assert_non_null(strstr(b->f->complaint, "PA9 is not in alternate function 7"));
    pin_alternate(b, 'A', 9, 7);
    pin_alternate(b, 'A', 10, 7);
    fixture_write(b->f, usart1 + 0x28, 'D');
    fixture_wait(b->f, SIM_MS);
    assert_string_equal(b->console, "D");
    board_type(b->board, (const uint8_t *)"!", 1);
    fixture_wait(b->f, SIM_MS);
    assert_int_equal(fixture_read(b->f, usart1 + 0x24), '!');
    board_fixture_destroy(b);
}

static void test_sdram_is_on_bank_2(void **state)
{
    (void)state;
    struct board_fixture *b = board_fixture_create(NULL);
    const uint32_t fmc = 0x52004000;
    static const uint32_t commands[] = {1, 2, 3 | 7 << 5, 4 | 0x230 << 9};
    fixture_write(b->f, fmc, 0x800030db);
    fixture_write(b->f, fmc + 0x140, 2 << 10);
    fixture_write(b->f, fmc + 0x144, 0x1e5);
    for (unsigned n = 0; n < 4; n++)
        fixture_write(b->f, fmc + 0x150, commands[n] | 1 << 3);
    fixture_write(b->f, fmc + 0x154, 0x603 << 1);
    fixture_write(b->f, 0xd1fffffc, 42);
    assert_int_equal(fixture_read(b->f, 0xd1fffffc), 42);
    assert_int_equal(b->f->sim.reporter.distinct[COMPLAINT_GUEST], 0);
    board_fixture_destroy(b);
}

static void test_jumpers(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",         "PA0",      "PA0-PA0",  "PA0-PL0",
                                        "PA16-PA0", "PA0-PA16", "PA0-PA1x", "A0-A1"};
    struct board_fixture *b = board_fixture_create(NULL);
    for (unsigned n = 0; n < sizeof wrong / sizeof wrong[0]; n++)
        assert_non_null(strstr(board_set(b->board, "jumper", wrong[n]), "from one pin"));
    assert_null(board_set(b->board, "jumper", "PC6-PA0"));
    assert_null(board_set(b->board, "jumper", "PA0-PD3"));
    for (unsigned level = 0; level < 4; level++) {
        pin_output(b, 'C', 6, level % 2);
        assert_int_equal(pin_is_high(b, 'A', 0), level % 2);
        assert_int_equal(pin_is_high(b, 'D', 3), level % 2);
    }
    unsigned made = 0;
    while (!board_set(b->board, "jumper", "PE1-PE2"))
        made++;
    assert_in_range(made, 1, 6);
    board_fixture_destroy(b);
}

/* I2C1's address is heard by I2C2 once they are wired: each knows that the bus is busy. */
static void test_wired_buses(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",           "I2C1",        "I2C1-PA0",
                                        "I2C1-I2C2x", "I2C1-I2C1",   "I2C1-I2C5",
                                        "USART2-",    "USART2-SPI1", "USART2-UART8x"};
    enum { CR1 = 0, CR2 = 4, ISR = 0x18, BUSY = 1 << 15 };
    const uint32_t i2c1 = 0x40005400, i2c2 = 0x40005800;
    struct board_fixture *b = board_fixture_create(NULL);
    for (unsigned n = 0; n < sizeof wrong / sizeof wrong[0]; n++)
        assert_non_null(strstr(board_set(b->board, "wire", wrong[n]), "I2C"));
    assert_null(board_set(b->board, "wire", "I2C1-I2C2"));
    assert_non_null(strstr(board_set(b->board, "wire", "I2C2-I2C1"), "wired once"));
    fixture_write(b->f, i2c1 + CR1, 1);
    fixture_write(b->f, i2c2 + CR1, 1);
    fixture_write(b->f, i2c1 + CR2, 1 << 13 | 1 << 25 | 0x70);
    assert_true(fixture_read(b->f, i2c2 + ISR) & BUSY);
    assert_null(board_set(b->board, "wire", "USART2-UART8"));
    assert_null(board_set(b->board, "wire", "SPI2-SPI5"));
    assert_non_null(strstr(board_set(b->board, "wire", "SPI5-SPI1"), "have none yet"));
    assert_non_null(strstr(board_set(b->board, "wire", "UART8-UART5"), "have none yet"));
    board_fixture_destroy(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leds_light_when_their_pins_are_low),
        cmocka_unit_test(test_buttons_have_their_levels),
        cmocka_unit_test(test_touch_answers_at_the_address_of_the_panels_revision),
        cmocka_unit_test(test_two_fingers_are_reported),
        cmocka_unit_test(test_trigger_mode_pulses_for_each_report),
        cmocka_unit_test(test_a_stroke_is_a_gesture),
        cmocka_unit_test(test_console_sends_and_receives_by_usart1),
        cmocka_unit_test(test_sdram_is_on_bank_2),
        cmocka_unit_test(test_jumpers),
        cmocka_unit_test(test_wired_buses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
