/* RNG. */
#include "sim/test/soc/soc_fixture.h"

#define RNG 0x48021800u
#define RCC 0x58024400u

enum { CR = 0, SR = 4, DR = 8, RNGEN = 4, IE = 8 };

static void start_hsi48(struct soc_fixture *f)
{
    fixture_write(f, RCC, fixture_read(f, RCC) | 1 << 12);
    fixture_wait(f, SIM_MS);
}

static void test_words_come_in_time_and_repeat_from_run_to_run(void **state)
{
    (void)state;
    uint32_t words[2][8];
    for (unsigned run = 0; run < 2; run++) {
        struct soc_fixture *f = fixture_create();
        start_hsi48(f);
        fixture_write(f, RNG + CR, RNGEN);
        assert_int_equal(fixture_read(f, RNG + SR), 0);
        for (unsigned n = 0; n < 8; n++) {
            fixture_wait(f, 2 * SIM_US);
            assert_int_equal(fixture_read(f, RNG + SR), 1);
            words[run][n] = fixture_read(f, RNG + DR);
            assert_int_equal(fixture_read(f, RNG + SR), 0);
            assert_true(n == 0 || words[run][n] != words[run][n - 1]);
        }
        fixture_destroy(f);
    }
    assert_memory_equal(words[0], words[1], sizeof words[0]);
}

static void test_interrupt_and_disable(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    start_hsi48(f);
    fixture_write(f, RNG + CR, RNGEN | IE);
    fixture_wait(f, 2 * SIM_US);
    assert_true(f->irq[SOC_CM7][80]);
    fixture_read(f, RNG + DR);
    assert_false(f->irq[SOC_CM7][80]);
    fixture_write(f, RNG + CR, 0);
    fixture_wait(f, 2 * SIM_US);
    assert_int_equal(fixture_read(f, RNG + SR), 0);
    assert_int_equal(fixture_read(f, RNG + DR), 0);
    fixture_destroy(f);
}

/* A clock that does not run, or is too slow for the bus; CED stops the watch. */
static void test_clock_error(void **state)
{
    (void)state;
    enum { RNG_CR = 0x48021800, RNG_SR = 0x48021804, RCC_CR = 0x58024400, IRQ = 80 };
    enum { CED = 32, CECS = 2, CEIS = 32 };
    struct soc_fixture *f = fixture_create();
    fixture_write(f, RNG_CR, RNGEN | CED);
    assert_int_equal(fixture_read(f, RNG_SR), 0);
    fixture_write(f, RNG_CR, 0);
    fixture_write(f, RNG_CR, RNGEN | IE);
    assert_int_equal(fixture_read(f, RNG_SR), CECS | CEIS);
    assert_true(f->irq[SOC_CM7][IRQ]);
    fixture_write(f, RNG_SR, 0);
    assert_int_equal(fixture_read(f, RNG_SR), CECS);
    assert_false(f->irq[SOC_CM7][IRQ]);
    fixture_write(f, RCC_CR, fixture_read(f, RCC_CR) | 1 << 12); /* HSI48 */
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, RNG_SR), 1);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_come_in_time_and_repeat_from_run_to_run),
        cmocka_unit_test(test_interrupt_and_disable),
        cmocka_unit_test(test_clock_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
