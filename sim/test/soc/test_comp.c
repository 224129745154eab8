/* COMP and OPAMP: RM0399 chapters 29 and 30. */
#include "sim/test/soc/soc_fixture.h"

#define COMP    0x58003800u
#define OPAMP   0x40009000u
#define DAC     0x40007400u
#define TIM1    0x40010000u
#define EXTI    0x58000000u
#define GPIO(n) (0x58020000u + 0x400u * (n))

enum { B = 1, C = 2, E = 4, COMP_IRQ = 137 };
enum { SR = 0, ICFR = 4, OR = 8, CFGR1 = 0xc, CFGR2 = 0x10, C1IF = 1 << 16 };
enum { EN = 1, BRGEN = 2, SCALEN = 4, POLARITY = 8, WINMODE = 16, ITEN = 64 };

/* PB0 against the reference: value, interrupt, EXTI. */
static void test_a_pin_against_the_reference(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    soc_drive_pin(f->soc, B, 0, false);
    fixture_write(f, COMP + CFGR1, EN | SCALEN | ITEN | 3 << 16);
    assert_int_equal(fixture_read(f, COMP + SR), 0);
    soc_drive_pin(f->soc, B, 0, true);
    assert_int_equal(fixture_read(f, COMP + SR), C1IF | 1);
    assert_true(f->irq[SOC_CM7][COMP_IRQ]);
    assert_true(f->irq[SOC_CM4][COMP_IRQ]);
    assert_true(f->soc->exti_line[20].level);
    fixture_write(f, COMP + ICFR, C1IF);
    assert_int_equal(fixture_read(f, COMP + SR), 1);
    assert_false(f->irq[SOC_CM7][COMP_IRQ]);
    soc_drive_pin(f->soc, B, 0, false);
    assert_int_equal(fixture_read(f, COMP + SR), 0);
    assert_false(f->soc->exti_line[20].level);
    fixture_write(f, COMP + CFGR1, EN | SCALEN | POLARITY | 3 << 16);
    assert_int_equal(fixture_read(f, COMP + SR), C1IF | 1);
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

/* 29.5.1: the falling edge by EXTI line 21, at the comparators' interrupt. */
static void test_interrupt_by_exti(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    soc_drive_pin(f->soc, E, 9, true);
    fixture_write(f, COMP + CFGR2, EN | SCALEN | 3 << 16);
    fixture_write(f, EXTI + 4, 1 << 21);
    fixture_write(f, EXTI + 0x80, 1 << 21);
    assert_false(f->irq[SOC_CM7][COMP_IRQ]);
    soc_drive_pin(f->soc, E, 9, false);
    assert_true(f->irq[SOC_CM7][COMP_IRQ]);
    assert_false(f->irq[SOC_CM4][COMP_IRQ]);
    fixture_write(f, EXTI + 0x88, 1 << 21);
    assert_false(f->irq[SOC_CM7][COMP_IRQ]);
    fixture_destroy(f);
}

/* The window: both look at PB0; one against DAC channel 1. */
static void test_window_against_the_dac(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    soc_drive_pin(f->soc, B, 0, true);
    fixture_write(f, DAC + 0x3c, 1); /* to the pin and on the chip */
    fixture_write(f, DAC, 1);
    fixture_write(f, DAC + 8, 4095);
    fixture_write(f, COMP + CFGR1, EN | 4 << 16);
    fixture_write(f, COMP + CFGR2, EN | WINMODE | 5 << 16);
    assert_int_equal(fixture_read(f, COMP + SR) & 3, 3);
    soc_drive_pin(f->soc, B, 0, false);
    assert_int_equal(fixture_read(f, COMP + SR) & 3, 0);
    fixture_write(f, COMP + CFGR1, EN | POLARITY | 4 << 16);
    assert_int_equal(fixture_read(f, COMP + SR) & 3, 1);
    fixture_write(f, DAC + 8, 0);
    assert_int_equal(fixture_read(f, COMP + SR) & 3, 1); /* not above it either */
    fixture_destroy(f);
}

/* PC5 and PE13 by themselves, PE6 by COMP_OR; the break of TIM1. */
static void test_outputs(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, GPIO(C) + 0x20, 13 << 20);
    fixture_write(f, GPIO(C), 0xfffffbff);
    fixture_write(f, GPIO(E) + 0x20, 11 << 24);
    fixture_write(f, GPIO(E), 0xffffefff);
    fixture_write(f, TIM1 + 0x60, 2);                           /* BKCMP1E */
    fixture_write(f, TIM1 + 0x44, 1 << 12 | 1 << 13 | 1 << 15); /* BKE, BKP, MOE */
    soc_drive_pin(f->soc, B, 2, false);
    fixture_write(f, COMP + CFGR1, EN | SCALEN | BRGEN | 1 << 20);
    assert_true(f->soc->pin_sunk[C][5].level);
    assert_false(f->soc->pin_out[E][6].level);
    soc_drive_pin(f->soc, B, 2, true);
    assert_true(f->soc->pin_out[C][5].level);
    assert_true(f->soc->pin_out[E][6].level);
    assert_true(fixture_read(f, TIM1 + 0x10) & 1 << 7);
    fixture_write(f, COMP + OR, 1 << 3); /* the second */
    assert_false(f->soc->pin_out[E][6].level);
    fixture_destroy(f);
}

static void test_lock(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, COMP + CFGR1, EN | 1u << 31);
    fixture_write(f, COMP + CFGR1, 0);
    fixture_write(f, COMP + OR, 5);
    fixture_write(f, COMP + CFGR2, EN);
    assert_int_equal(fixture_read(f, COMP + CFGR1), EN | 1u << 31);
    assert_int_equal(fixture_read(f, COMP + OR), 0);
    assert_int_equal(fixture_read(f, COMP + CFGR2), EN);
    fixture_destroy(f);
}

/* 30.3.5: from 1 to 0 at the optimum, for each pair and mode alone. */
static void test_opamp_calibrates(void **state)
{
    (void)state;
    enum { OPAEN = 1, HSM = 1 << 8, CALON = 1 << 11, P = 1 << 12, N = 3 << 12, USERTRIM = 1 << 18 };
    static const uint32_t modes[4] = {N, P, N | HSM, P | HSM};
    struct soc_fixture *f = fixture_create();
    for (unsigned n = 0; n < 8; n++) {
        uint32_t csr = OPAMP + n / 4 * 16, mode = modes[n % 4];
        uint32_t otr = csr + (mode & HSM ? 8 : 4);
        unsigned shift = (mode & N) == N ? 0 : 8, trim = 0;
        fixture_write(f, csr, OPAEN | CALON | USERTRIM | mode);
        for (fixture_write(f, otr, 0); fixture_read(f, csr) >> 30 & 1; trim++)
            fixture_write(f, otr, (trim + 1) << shift);
        assert_int_equal(trim, 16);
        fixture_write(f, csr, 0);
        assert_int_equal(fixture_read(f, csr), 0);
    }
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

/* The DAC through the amplifier into ADC1's input 4. */
static void test_opamp_follows_and_multiplies(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    const uint32_t adc = 0x40022000;
    fixture_write(f, DAC + 0x3c, 3);
    fixture_write(f, DAC, 1);
    fixture_write(f, DAC + 8, 512);
    fixture_write(f, OPAMP, 1 | 1 << 2 | 3 << 5);
    fixture_write(f, adc + 0x308, 1 << 16);
    fixture_write(f, adc + 8, 1 << 28);
    fixture_write(f, adc + 8, 1 << 28 | 1);
    fixture_wait(f, SIM_MS);
    fixture_write(f, adc + 0x1c, 1 << 4);
    fixture_write(f, adc + 0x30, 4 << 6);
    static const struct {
        uint32_t csr, expected;
    } cases[] = {{1 | 1 << 2 | 3 << 5, 8192}, {1 | 1 << 2 | 2 << 5 | 1 << 14, 32768}, {0, 0}};
    for (unsigned n = 0; n < 3; n++) {
        fixture_write(f, OPAMP, cases[n].csr);
        fixture_write(f, adc + 8, 1 << 28 | 4);
        fixture_wait(f, SIM_MS);
        assert_int_equal(fixture_read(f, adc + 0x40), cases[n].expected);
    }
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_pin_against_the_reference),
        cmocka_unit_test(test_interrupt_by_exti),
        cmocka_unit_test(test_window_against_the_dac),
        cmocka_unit_test(test_outputs),
        cmocka_unit_test(test_lock),
        cmocka_unit_test(test_opamp_calibrates),
        cmocka_unit_test(test_opamp_follows_and_multiplies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
