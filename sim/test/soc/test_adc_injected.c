/* ADC: the queue of injected contexts (RM0399 26.4.21) and the dual injected modes (26.4.32). */
#include "sim/test/soc/adc_fixture.h"

enum { JQDIS_OFF = 6 << 2, JQM = 1 << 21, JQOVF = 1 << 10, JADSTP = 32 };
enum { TIM6_TRIGGER = 14 << 2 | 1 << 7 };

static uint32_t code(unsigned channel)
{
    return channel * 160;
}

static void drive_inputs(struct soc_fixture *f, unsigned instance)
{
    for (unsigned channel = 1; channel < 8; channel++)
        adc_drive_code(f->soc, instance, channel, (uint16_t)(code(channel) << 4));
}

/* TIM6 triggers as often as UG is written. */
static void trigger(struct soc_fixture *f)
{
    fixture_write(f, TIM6 + 4, 0); /* MMS: UG */
    fixture_write(f, TIM6 + 0x14, 1);
    fixture_wait(f, 20 * SIM_US);
}

/* A context of one conversion, by TIM6. */
static uint32_t context(uint32_t channel)
{
    return channel << 9 | TIM6_TRIGGER;
}

static struct soc_fixture *queueing(uint32_t cfgr)
{
    struct soc_fixture *f = start(ADC1);
    fixture_write(f, ADC1 + PCSEL, 0xfffff);
    drive_inputs(f, 1);
    fixture_write(f, ADC1 + CFGR, JQDIS_OFF | cfgr);
    return f;
}

static void test_contexts_follow_each_other(void **state)
{
    (void)state;
    struct soc_fixture *f = queueing(0);
    fixture_write(f, ADC1 + JSQR, context(1));
    fixture_write(f, ADC1 + JSQR, context(2));
    assert_int_equal(fixture_read(f, ADC1 + JSQR), context(1));
    set(f, ADC1 + CR, JADSTART);
    trigger(f);
    assert_int_equal(fixture_read(f, ADC1 + JDR1), code(1));
    assert_int_equal(fixture_read(f, ADC1 + JSQR), context(2));
    fixture_write(f, ADC1 + JSQR, context(3)); /* while it is running */
    trigger(f);
    assert_int_equal(fixture_read(f, ADC1 + JDR1), code(2));
    trigger(f);
    assert_int_equal(fixture_read(f, ADC1 + JDR1), code(3));
    trigger(f); /* the last one stays */
    assert_int_equal(fixture_read(f, ADC1 + JDR1), code(3));
    assert_int_equal(fixture_read(f, ADC1 + JSQR), context(3));
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

static void test_a_third_context_overflows(void **state)
{
    (void)state;
    struct soc_fixture *f = queueing(0);
    for (uint32_t channel = 1; channel < 4; channel++) {
        assert_false(fixture_read(f, ADC1 + ISR) & JQOVF);
        fixture_write(f, ADC1 + JSQR, context(channel));
    }
    assert_true(fixture_read(f, ADC1 + ISR) & JQOVF);
    fixture_write(f, ADC1 + ISR, JQOVF);
    set(f, ADC1 + CR, JADSTART);
    trigger(f);
    trigger(f);
    trigger(f);
    assert_int_equal(fixture_read(f, ADC1 + JDR1), code(2));
    fixture_destroy(f);
}

/* JQM: behind the last context triggers are ignored, until the next one is written; JADSTART stays. */
static void test_an_empty_queue_ignores_triggers(void **state)
{
    (void)state;
    struct soc_fixture *f = queueing(JQM);
    fixture_write(f, ADC1 + JSQR, context(1));
    set(f, ADC1 + CR, JADSTART);
    trigger(f);
    assert_int_equal(fixture_read(f, ADC1 + JDR1), code(1));
    assert_int_equal(fixture_read(f, ADC1 + JSQR), 0);
    fixture_write(f, ADC1 + ISR, JEOS | JEOC);
    trigger(f);
    assert_false(fixture_read(f, ADC1 + ISR) & JEOS);
    assert_true(fixture_read(f, ADC1 + CR) & JADSTART);
    fixture_write(f, ADC1 + JSQR, context(4));
    trigger(f);
    assert_int_equal(fixture_read(f, ADC1 + JDR1), code(4));
    fixture_destroy(f);
}

/* JADSTP flushes: to the active one without JQM, to nothing with it. */
static void test_stopping_flushes(void **state)
{
    (void)state;
    for (uint32_t jqm = 0; jqm < 2; jqm++) {
        struct soc_fixture *f = queueing(jqm ? JQM : 0);
        fixture_write(f, ADC1 + JSQR, context(1));
        fixture_write(f, ADC1 + JSQR, context(2));
        set(f, ADC1 + CR, JADSTART);
        set(f, ADC1 + CR, JADSTP);
        assert_int_equal(fixture_read(f, ADC1 + JSQR), jqm ? 0 : context(1));
        fixture_write(f, ADC1 + JSQR, context(3));
        set(f, ADC1 + CR, JADSTART);
        trigger(f);
        assert_int_equal(fixture_read(f, ADC1 + JDR1), code(jqm ? 3 : 1));
        fixture_destroy(f);
    }
}

static struct soc_fixture *pair(uint32_t mode)
{
    struct soc_fixture *f = fixture_create();
    power_up(f, ADC1);
    power_up(f, ADC2);
    enable(f, ADC1);
    enable(f, ADC2);
    fixture_write(f, ADC1 + PCSEL, 0xfffff);
    fixture_write(f, ADC2 + PCSEL, 0xfffff);
    drive_inputs(f, 1);
    drive_inputs(f, 2);
    fixture_write(f, ADC1 + CCR, fixture_read(f, ADC1 + CCR) | mode);
    return f;
}

/* Both injected groups at the master's start; the slave's regular group stays its own. */
static void test_injected_simultaneous(void **state)
{
    (void)state;
    struct soc_fixture *f = pair(5);
    fixture_write(f, ADC1 + JSQR, 1 | 1 << 9 | 2 << 15);
    fixture_write(f, ADC2 + JSQR, 1 | 3 << 9 | 4 << 15);
    set(f, ADC2 + CR, JADSTART); /* is not the slave's to start */
    fixture_wait(f, 20 * SIM_US);
    assert_int_equal(fixture_read(f, ADC2 + ISR) & JEOS, 0);
    set(f, ADC1 + CR, JADSTART);
    assert_true(fixture_read(f, ADC2 + CR) & JADSTART);
    fixture_wait(f, 20 * SIM_US);
    assert_int_equal(fixture_read(f, ADC1 + ISR) & (JEOC | JEOS), JEOC | JEOS);
    assert_int_equal(fixture_read(f, ADC2 + ISR) & (JEOC | JEOS), JEOC | JEOS);
    assert_int_equal(fixture_read(f, ADC1 + JDR1 + 4), code(2));
    assert_int_equal(fixture_read(f, ADC2 + JDR1), code(3));
    assert_int_equal(fixture_read(f, ADC2 + JDR1 + 4), code(4));
    assert_int_equal((fixture_read(f, ADC1 + CR) | fixture_read(f, ADC2 + CR)) & JADSTART, 0);
    assert_int_equal(convert(f, ADC2, 5), code(5));
    assert_int_equal(fixture_read(f, ADC1 + ISR) & EOC, 0);
    fixture_destroy(f);
}

/* The master's triggers go to one and the other. */
static void test_alternate_trigger(void **state)
{
    (void)state;
    struct soc_fixture *f = pair(9);
    fixture_write(f, ADC1 + JSQR, context(1));
    fixture_write(f, ADC2 + JSQR, context(2));
    set(f, ADC1 + CR, JADSTART);
    for (unsigned n = 0; n < 4; n++) {
        trigger(f);
        uint32_t mine = n % 2 ? ADC2 : ADC1, others = n % 2 ? ADC1 : ADC2;
        assert_true(fixture_read(f, mine + ISR) & JEOS);
        assert_false(fixture_read(f, others + ISR) & JEOS);
        assert_int_equal(fixture_read(f, mine + JDR1), code(1 + n % 2));
        fixture_write(f, mine + ISR, JEOS | JEOC);
    }
    set(f, ADC1 + CR, JADSTP);
    assert_int_equal((fixture_read(f, ADC1 + CR) | fixture_read(f, ADC2 + CR)) & JADSTART, 0);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contexts_follow_each_other),
        cmocka_unit_test(test_a_third_context_overflows),
        cmocka_unit_test(test_an_empty_queue_ignores_triggers),
        cmocka_unit_test(test_stopping_flushes),
        cmocka_unit_test(test_injected_simultaneous),
        cmocka_unit_test(test_alternate_trigger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
