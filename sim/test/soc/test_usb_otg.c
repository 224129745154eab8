/* USB OTG registers with nothing plugged in: RM0399 chapter 60. */
#include "sim/test/soc/soc_fixture.h"

#define USB1 0x40040000u
#define USB2 0x40080000u
#define RCC  0x58024400u

enum {
    GAHBCFG = 0x008,
    GUSBCFG = 0x00c,
    GRSTCTL = 0x010,
    GINTSTS = 0x014,
    GINTMSK = 0x018,
    GRXFSIZ = 0x024,
    HAINTMSK = 0x418,
    HPRT = 0x440,
    HCCHAR3 = 0x560,
    HCINT3 = 0x568,
    HCINTMSK3 = 0x56c,
    DIEPCTL1 = 0x920,
    DIEPINT1 = 0x928,
    RCC_AHB1ENR = 0x0d8,
};

static struct soc_fixture *start(void)
{
    struct soc_fixture *f = fixture_create();
    fixture_write(f, RCC + RCC_AHB1ENR, 1u << 25 | 1u << 27);
    return f;
}

/* 60.14.5: the core is idle on AHB; CSRST, TXFFLSH and RXFFLSH clear themselves. */
static void test_reset_and_flushes_clear_themselves(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    assert_true(fixture_read(f, USB1 + GRSTCTL) >> 31);
    fixture_write(f, USB1 + GRXFSIZ, 0x123);
    fixture_write(f, USB1 + GUSBCFG, 0x1440);
    fixture_write(f, USB1 + GRSTCTL, 1);
    assert_true(fixture_read(f, USB1 + GRSTCTL) & 1);
    fixture_wait(f, 10 * SIM_US);
    assert_int_equal(fixture_read(f, USB1 + GRSTCTL), 0x80000000u);
    assert_int_equal(fixture_read(f, USB1 + GRXFSIZ), 0x200);
    assert_int_equal(fixture_read(f, USB1 + GUSBCFG), 0x1440);
    fixture_write(f, USB2 + GRSTCTL, 0x10 << 6 | 0x30);
    assert_int_equal(fixture_read(f, USB2 + GRSTCTL) & 0x30, 0x30);
    fixture_wait(f, 10 * SIM_US);
    assert_int_equal(fixture_read(f, USB2 + GRSTCTL) & 0x30, 0);
    fixture_destroy(f);
}

/* 60.14.4, FHMOD: after 25 ms the core is in host mode. */
static void test_forced_mode_is_seen_after_its_time(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    fixture_write(f, USB1 + GUSBCFG, 1u << 29);
    assert_false(fixture_read(f, USB1 + GINTSTS) & 1);
    fixture_wait(f, 26 * SIM_MS);
    assert_true(fixture_read(f, USB1 + GINTSTS) & 1);
    fixture_write(f, USB1 + GUSBCFG, 1u << 30);
    fixture_wait(f, 26 * SIM_MS);
    assert_false(fixture_read(f, USB1 + GINTSTS) & 1);
    fixture_destroy(f);
}

/* 60.14.28: a channel that is enabled and disabled halts; one whose device is not there fails. */
static void test_channel_ends_and_interrupts(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    fixture_write(f, USB1 + GAHBCFG, 1);
    fixture_write(f, USB1 + GINTMSK, 1u << 25);
    fixture_write(f, USB1 + HAINTMSK, 1u << 3);
    fixture_write(f, USB1 + HCINTMSK3, 2);
    fixture_write(f, USB1 + HCCHAR3, 0xc0000000u);
    assert_int_equal(fixture_read(f, USB1 + HCCHAR3) >> 30, 0);
    assert_int_equal(fixture_read(f, USB1 + HCINT3), 2);
    assert_true(f->irq[SOC_CM7][77]);
    fixture_write(f, USB1 + HCINT3, 0x7ff);
    assert_false(f->irq[SOC_CM7][77]);
    fixture_write(f, USB1 + HCCHAR3, 0x80000040u);
    assert_true(fixture_read(f, USB1 + HCCHAR3) >> 31);
    fixture_wait(f, SIM_MS);
    assert_false(fixture_read(f, USB1 + HCCHAR3) >> 31);
    assert_int_equal(fixture_read(f, USB1 + HCINT3), 0x82);
    fixture_destroy(f);
}

/* 60.14.23: the port has power when told so, and nothing connects. 60.14.37: NAK by set and clear. */
static void test_port_and_endpoint(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    fixture_write(f, USB1 + HPRT, 1u << 12);
    fixture_wait(f, 200 * SIM_MS);
    assert_int_equal(fixture_read(f, USB1 + HPRT), 1u << 12);
    fixture_write(f, USB1 + DIEPCTL1, 1u << 27 | 0x40);
    assert_int_equal(fixture_read(f, USB1 + DIEPCTL1), 1u << 17 | 0x40);
    fixture_write(f, USB1 + DIEPCTL1, 1u << 30 | 1u << 31 | 1u << 26);
    assert_int_equal(fixture_read(f, USB1 + DIEPCTL1), 0);
    assert_true(fixture_read(f, USB1 + DIEPINT1) & 2);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reset_and_flushes_clear_themselves),
        cmocka_unit_test(test_forced_mode_is_seen_after_its_time),
        cmocka_unit_test(test_channel_ends_and_interrupts),
        cmocka_unit_test(test_port_and_endpoint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
