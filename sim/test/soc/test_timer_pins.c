/* The timers' channels at the chip's pins: data sheet DS12930, alternate functions. */
#include "sim/test/soc/soc_fixture.h"

#define TIM2    0x40000000u
#define TIM3    0x40000400u
#define GPIO(n) (0x58020000u + 0x400u * (n))
enum { PORT_A, PORT_B, PORT_C };
enum { CR1 = 0, SR = 16, CCMR1 = 24, CCER = 32, CNT = 36, ARR = 44, CCR1 = 52, CC1IF = 2 };

static void select_function(struct soc_fixture *f, unsigned port, unsigned pin, uint32_t function)
{
    uint32_t afr = GPIO(port) + 0x20 + pin / 8 * 4, moder = GPIO(port);
    fixture_write(f, afr, (fixture_read(f, afr) & ~(15u << pin % 8 * 4)) | function << pin % 8 * 4);
    fixture_write(f, moder, (fixture_read(f, moder) & ~(3u << 2 * pin)) | 2u << 2 * pin);
}

static bool is_high(struct soc_fixture *f, unsigned port, unsigned pin)
{
    return fixture_read(f, GPIO(port) + 0x10) >> pin & 1;
}

/* TIM3 CH1: 100 ticks of 64 MHz, high for 30. */
static struct soc_fixture *pwm(void)
{
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM3 + ARR, 99);
    fixture_write(f, TIM3 + CCMR1, 6 << 4);
    fixture_write(f, TIM3 + CCR1, 30);
    fixture_write(f, TIM3 + CCER, 1);
    fixture_write(f, TIM3 + CR1, 1);
    return f;
}

static void test_a_pin_shows_the_channel_that_it_is_given_to(void **state)
{
    (void)state;
    struct soc_fixture *f = pwm();
    fixture_wait(f, 100 * SIM_NS);
    assert_false(is_high(f, PORT_C, 6)); /* analogue, as after reset */
    select_function(f, PORT_C, 6, 2);
    assert_true(is_high(f, PORT_C, 6));
    assert_true(f->soc->pin_out[PORT_C][6].level);
    fixture_wait(f, 500 * SIM_NS);
    assert_false(is_high(f, PORT_C, 6));
    assert_true(f->soc->pin_sunk[PORT_C][6].level);
    select_function(f, PORT_C, 6, 3); /* TIM8's, which does nothing */
    assert_false(f->soc->pin_sunk[PORT_C][6].level);
    select_function(f, PORT_C, 6, 2);
    fixture_wait(f, SIM_US);
    assert_true(is_high(f, PORT_C, 6));
    fixture_write(f, TIM3 + CCER, 0);
    assert_false(is_high(f, PORT_C, 6));
    fixture_destroy(f);
}

static void test_edges_are_captured(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM2 + CCMR1, 1);
    fixture_write(f, TIM2 + CCER, 1);
    fixture_write(f, TIM2 + CR1, 1);
    soc_drive_pin(f->soc, PORT_A, 15, true);
    soc_drive_pin(f->soc, PORT_A, 15, false);
    assert_int_equal(fixture_read(f, TIM2 + SR) & CC1IF, 0); /* the pin is not the timer's */
    select_function(f, PORT_A, 15, 1);
    fixture_wait(f, 10 * SIM_US);
    soc_drive_pin(f->soc, PORT_A, 15, true);
    fixture_wait(f, SIM_US);
    assert_true(fixture_read(f, TIM2 + SR) & CC1IF);
    assert_in_range(fixture_read(f, TIM2 + CCR1), 639, 641);
    fixture_destroy(f);
}

static void test_a_pin_that_is_high_when_it_is_given(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM2 + CCMR1, 1);
    fixture_write(f, TIM2 + CCER, 1);
    fixture_write(f, TIM2 + CR1, 1);
    soc_drive_pin(f->soc, PORT_A, 0, true);
    select_function(f, PORT_A, 0, 2); /* TIM5's */
    assert_int_equal(fixture_read(f, TIM2 + SR) & CC1IF, 0);
    select_function(f, PORT_A, 0, 1);
    assert_true(fixture_read(f, TIM2 + SR) & CC1IF);
    fixture_destroy(f);
}

/* PA0 by its function 1 is TIM2's channel 1 and its ETR, by 3 TIM8's ETR; PD2 by 2 is TIM3's. */
static void test_external_trigger_pins(void **state)
{
    (void)state;
    enum { SMCR = 8, ECE = 1 << 14, PORT_D = 3 };
    static const struct {
        uint32_t base, port, pin, function;
    } cases[] = {{TIM2, PORT_A, 0, 1}, {0x40010400, PORT_A, 0, 3}, {TIM3, PORT_D, 2, 2}};
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct soc_fixture *f = fixture_create();
        fixture_write(f, cases[n].base + SMCR, ECE);
        fixture_write(f, cases[n].base + CR1, 1);
        for (unsigned edge = 0; edge < 6; edge++)
            soc_drive_pin(f->soc, cases[n].port, cases[n].pin, edge % 2 == 0);
        assert_int_equal(fixture_read(f, cases[n].base + CNT), 0);
        select_function(f, cases[n].port, cases[n].pin, cases[n].function);
        for (unsigned edge = 0; edge < 6; edge++)
            soc_drive_pin(f->soc, cases[n].port, cases[n].pin, edge % 2 == 0);
        assert_int_equal(fixture_read(f, cases[n].base + CNT), 3);
        fixture_destroy(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_pin_shows_the_channel_that_it_is_given_to),
        cmocka_unit_test(test_edges_are_captured),
        cmocka_unit_test(test_a_pin_that_is_high_when_it_is_given),
        cmocka_unit_test(test_external_trigger_pins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
