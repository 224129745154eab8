/* WWDG: RM0399 chapter 47. */
#include "sim/test/soc/soc_fixture.h"

#define WWDG1 0x50003000u
#define WWDG2 0x40002c00u
#define RCC   0x58024400u

enum { CR = 0, CFR = 4, SR = 8, EWI = 1 << 9 };

/* Counts of 4096 * 2^WDGTB cycles of the bus clock. */
static void counts(struct soc_fixture *f, unsigned n, unsigned wdgtb)
{
    fixture_wait(f,
                 sim_cycles_to_time((uint64_t)n * 4096 << wdgtb, soc_clock_hz(f->soc, CLOCK_APB3)));
}

static void test_early_wake_up_then_the_core_alone_is_reset(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, WWDG1 + CFR, 0x7f | 3 << 11 | EWI);
    fixture_write(f, WWDG1 + CR, 0xff);
    counts(f, 10, 3);
    assert_int_equal(fixture_read(f, WWDG1 + CR), 0x80 | (0x7f - 10));
    counts(f, 0x7f - 0x40 - 10, 3);
    assert_true(f->irq[SOC_CM7][0]);
    assert_false(f->irq[SOC_CM4][0]);
    assert_int_equal(fixture_read(f, WWDG1 + SR), 1);
    fixture_write(f, WWDG1 + SR, 0);
    assert_false(f->irq[SOC_CM7][0]);
    counts(f, 1, 3);
    assert_int_equal(f->resets[SOC_CM7], 1);
    assert_int_equal(f->resets[SOC_CM4], 0);
    assert_true(fixture_read(f, RCC + 0xd0) & 1 << 28);
    assert_int_equal(fixture_read(f, WWDG1 + CR), 0x7f);
    fixture_destroy(f);
}

static void test_refresh_inside_and_outside_the_window(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, RCC + 0xa0, 2); /* WW2RSC: WWDG2 resets the system */
    fixture_write(f, WWDG2 + CFR, 0x60);
    fixture_write(f, WWDG2 + CR, 0xff);
    counts(f, 0x7f - 0x5f, 0);
    fixture_write(f, WWDG2 + CR, 0xff);
    assert_int_equal(f->resets[SOC_CM4], 0);
    counts(f, 0x7f - 0x62, 0);
    fixture_write(f, WWDG2 + CR, 0xff);
    assert_int_equal(f->resets[SOC_CM4], 1);
    assert_int_equal(f->resets[SOC_CM7], 1);
    assert_true(fixture_read(f, RCC + 0xd0) & 1 << 29);
    fixture_destroy(f);
}

/* It counts the APB's clock, whatever that is by then, and stands still with it (9.5.11). */
static void test_it_follows_its_clock(void **state)
{
    (void)state;
    enum { WWDG1_CR = 0x50003000, D1CFGR = 0x58024418, APB3LPENR = 0x5802450c };
    struct soc_fixture *f = fixture_create();
    fixture_write(f, WWDG1_CR, 0xff);
    fixture_wait(f, 640 * SIM_US); /* 10 ticks of 4096 / 64 MHz */
    assert_int_equal(fixture_read(f, WWDG1_CR), 0xff - 10);
    fixture_write(f, D1CFGR, 4 << 4); /* APB3 at 32 MHz */
    fixture_wait(f, 641 * SIM_US);
    assert_int_equal(fixture_read(f, WWDG1_CR), 0xff - 15);
    fixture_write(f, APB3LPENR, fixture_read(f, APB3LPENR) & ~(1u << 6));
    soc_core_sleep_changed(f->soc, SOC_CM7, true, false);
    fixture_wait(f, SIM_S);
    soc_core_sleep_changed(f->soc, SOC_CM7, false, false);
    assert_int_equal(fixture_read(f, WWDG1_CR), 0xff - 15);
    assert_int_equal(f->resets[SOC_CM7], 0);
    fixture_wait(f, SIM_S);
    assert_int_equal(f->resets[SOC_CM7], 1);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_early_wake_up_then_the_core_alone_is_reset),
        cmocka_unit_test(test_refresh_inside_and_outside_the_window),
        cmocka_unit_test(test_it_follows_its_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
