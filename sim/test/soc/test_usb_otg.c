/* USB OTG: core, port and frames. RM0399 chapter 60, USB 2.0 chapter 7. */
#include "sim/test/soc/usb_fixture.h"

/* ---- Core ---- */

/* 60.14.5: the core is idle on AHB; CSRST, TXFFLSH and RXFFLSH clear themselves. */
static void test_reset_and_flushes_clear_themselves(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    assert_true(get(f, GRSTCTL) >> 31);
    set(f, GRXFSIZ, 0x123);
    set(f, GUSBCFG, 0x1440);
    set(f, GRSTCTL, 1);
    assert_true(get(f, GRSTCTL) & 1);
    fixture_wait(f, 10 * SIM_US);
    assert_int_equal(get(f, GRSTCTL), 0x80000000u);
    assert_int_equal(get(f, GRXFSIZ), 0x200);
    assert_int_equal(get(f, GUSBCFG), 0x1440);
    fixture_write(f, USB2 + GRSTCTL, 0x10 << 6 | 0x30);
    assert_int_equal(fixture_read(f, USB2 + GRSTCTL) & 0x30, 0x30);
    fixture_wait(f, 10 * SIM_US);
    assert_int_equal(fixture_read(f, USB2 + GRSTCTL) & 0x30, 0);
    fixture_destroy(f);
}

/* 60.14.4, FHMOD: after 25 ms the core is in host mode; a core reset leaves it there. */
static void test_forced_mode_is_seen_after_its_time(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    set(f, GUSBCFG, 1u << 29);
    assert_false(get(f, GINTSTS) & 1);
    fixture_wait(f, 20 * SIM_MS);
    assert_false(get(f, GINTSTS) & 1);
    set(f, GUSBCFG, 1u << 29 | 5 << 10); /* other bits: its time goes on */
    fixture_wait(f, 6 * SIM_MS);
    assert_true(get(f, GINTSTS) & 1);
    set(f, GRSTCTL, 1);
    assert_true(get(f, GINTSTS) & 1);
    set(f, GUSBCFG, 1u << 30);
    fixture_wait(f, 26 * SIM_MS);
    assert_false(get(f, GINTSTS) & 1);
    fixture_destroy(f);
}

/* 60.14.37: NAK by set and clear. */
static void test_endpoint_of_device_mode(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    set(f, DIEPCTL1, 1u << 27 | 0x40);
    assert_int_equal(get(f, DIEPCTL1), 1u << 17 | 0x40);
    set(f, DIEPCTL1, 1u << 30 | 1u << 31 | 1u << 26);
    assert_int_equal(get(f, DIEPCTL1), 0);
    assert_true(get(f, DIEPINT1) & 2);
    fixture_destroy(f);
}

/* What drivers wait for when they disable an endpoint: 60.14.34 DCTL, 60.14.37, 60.14.39. */
static void test_naks_of_device_mode_take_effect(void **state)
{
    (void)state;
    enum { DCTL = 0x804, DIEPMSK = 0x810, DOEPMSK = 0x814, DAINT = 0x818, DAINTMSK = 0x81c };
    enum { DOEPCTL1 = 0xb20, DOEPINT1 = 0xb28 };
    struct soc_fixture *f = start();
    set(f, DCTL, 1 << 9 | 1 << 7);
    assert_int_equal(get(f, DCTL), 3 << 2);
    assert_int_equal(get(f, GINTSTS) & 3 << 6, 3 << 6);
    set(f, DCTL, 1 << 8);
    assert_int_equal(get(f, GINTSTS) & 3 << 6, 1 << 7);
    set(f, DCTL, 1 << 10);
    assert_int_equal(get(f, DCTL), 0);
    assert_int_equal(get(f, GINTSTS) & 3 << 6, 0);
    set(f, DIEPCTL1, 1u << 31 | 1u << 27);
    assert_true(get(f, DIEPINT1) & 1 << 6);
    set(f, DIEPCTL1, 1u << 26);
    assert_false(get(f, DIEPINT1) & 1 << 6);
    set(f, DOEPCTL1, 1u << 30 | 1u << 27);
    assert_true(get(f, DOEPINT1) & 2);
    assert_false(get(f, GINTSTS) & 1 << 19);
    set(f, DOEPMSK, 2);
    set(f, DAINTMSK, 2u << 16);
    assert_int_equal(get(f, DAINT), 2 << 16);
    assert_true(get(f, GINTSTS) & 1 << 19);
    set(f, GINTMSK, 1 << 19);
    set(f, GAHBCFG, 1);
    assert_true(f->irq[SOC_CM7][77]);
    set(f, DOEPINT1, 2);
    assert_false(f->irq[SOC_CM7][77]);
    set(f, DIEPMSK, 1 << 1);
    set(f, DAINTMSK, 2);
    set(f, DIEPCTL1, 1u << 30);
    assert_int_equal(get(f, GINTSTS) & 3 << 18, 1 << 18);
    fixture_destroy(f);
}

/* As the maker's driver starts a device and stops it again, without a host: no wait is for ever. */
static void test_a_device_without_a_host_starts_and_stops(void **state)
{
    (void)state;
    enum { DCFG = 0x800, DCTL = 0x804, DSTS = 0x808 };
    struct soc_fixture *f = start();
    set(f, GRSTCTL, 1);
    fixture_wait(f, SIM_MS);
    assert_int_equal(get(f, GRSTCTL), 0x80000000u);
    set(f, GUSBCFG, (get(f, GUSBCFG) & ~(3u << 29)) | 1u << 30);
    fixture_wait(f, 50 * SIM_MS);
    assert_false(get(f, GINTSTS) & 1);
    set(f, DCTL, 2); /* soft disconnect */
    set(f, DCFG, get(f, DCFG) & ~3u);
    set(f, GRSTCTL, 0x10 << 6 | 1 << 5);
    set(f, GRSTCTL, 1 << 4);
    fixture_wait(f, SIM_MS);
    assert_int_equal(get(f, GRSTCTL) & 0x30, 0);
    set(f, GINTSTS, 0xbfffffff);
    set(f, DCTL, 0);
    fixture_wait(f, 100 * SIM_MS);
    assert_int_equal(get(f, GINTSTS) & (1 << 12 | 1 << 13), 0); /* nobody resets or enumerates */
    assert_int_equal(get(f, DSTS) >> 8, 0);
    fixture_destroy(f);
}

/* ---- Port ---- */

/* 60.14.23: PRES, PRST, PPWR and PTCTL are as written; PSPD, PLSTS and the states are not writable. */
static void test_port_keeps_what_is_writable(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    set(f, HPRT, 0xffffffff & ~(uint32_t)(PRST | PRES));
    assert_int_equal(get(f, HPRT), PPWR | 15u << 13);
    set(f, HPRT, PPWR | 5u << 13 | PRES);
    assert_int_equal(get(f, HPRT), PPWR | 5u << 13 | PRES);
    set(f, HPRT, 0);
    assert_int_equal(get(f, HPRT), 0);
    fixture_destroy(f);
}

static void test_device_connects_when_the_port_has_power(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    usb_plug(soc_block(f->soc, "USB1_OTG_HS"), &device);
    set(f, HPRT, PPWR);
    fixture_wait(f, 100 * SIM_MS);
    assert_int_equal(get(f, HPRT), PPWR); /* not a host yet */
    assert_false(fake.powered);
    be_host(f);
    assert_true(fake.powered);
    assert_true(get(f, GOTGCTL) & 1u << 18); /* ASVLD */
    fixture_wait(f, 100 * SIM_MS);
    assert_int_equal(get(f, HPRT), PCSTS | PCDET | PPWR | PLSTS_DP | 1u << 17);
    assert_true(get(f, GINTSTS) & HPRTINT);
    set(f, HPRT, PPWR | PCDET);
    assert_int_equal(get(f, HPRT) & PCDET, 0);
    assert_false(get(f, GINTSTS) & HPRTINT);
    set(f, HPRT, 0);
    assert_false(fake.powered);
    assert_int_equal(get(f, HPRT) & (PCSTS | PLSTS_DP), 0);
    assert_true(get(f, GINTSTS) & DISCINT);
    fixture_destroy(f);
}

/* USB 2.0 7.1.7.5: the reset decides the speed. HCFG.FSLSS keeps the host from high speed. */
static void test_reset_finds_the_speed(void **state)
{
    static const struct {
        enum usb_speed device;
        uint32_t hcfg;
        enum usb_speed agreed;
    } cases[] = {
        {USB_SPEED_HIGH, 0, USB_SPEED_HIGH},
        {USB_SPEED_HIGH, 4, USB_SPEED_FULL},
        {USB_SPEED_FULL, 0, USB_SPEED_FULL},
        {USB_SPEED_LOW, 0, USB_SPEED_LOW},
    };
    (void)state;
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct soc_fixture *f = start();
        device.speed = cases[n].device;
        usb_plug(soc_block(f->soc, "USB1_OTG_HS"), &device);
        be_host(f);
        set(f, HCFG, cases[n].hcfg);
        set(f, HPRT, PPWR);
        fixture_wait(f, 100 * SIM_MS);
        assert_int_equal(!!(get(f, HPRT) & PLSTS_DM), cases[n].device == USB_SPEED_LOW);
        clear_port_changes(f);
        set(f, HPRT, PPWR | PRST);
        fixture_wait(f, 50 * SIM_MS);
        assert_int_equal(get(f, HPRT) & PENA, 0);
        assert_int_equal(fake.resets, 0);
        set(f, HPRT, PPWR);
        fixture_wait(f, SIM_MS);
        assert_int_equal(get(f, HPRT) & (PENA | PENCHNG | PSPD),
                         PENA | PENCHNG | (uint32_t)cases[n].agreed << 17);
        assert_int_equal(fake.speed, cases[n].agreed);
        assert_string_equal(f->complaint, "");
        fixture_destroy(f);
    }
}

static void test_short_reset_is_reported(void **state)
{
    (void)state;
    struct soc_fixture *f = start_enabled(USB_SPEED_HIGH);
    set(f, HPRT, PPWR | PRST);
    fixture_wait(f, 2 * SIM_MS);
    set(f, HPRT, PPWR);
    assert_non_null(strstr(f->complaint, "reset for 2000 us"));
    fixture_destroy(f);
}

static void test_port_is_disabled_by_1(void **state)
{
    (void)state;
    struct soc_fixture *f = start_enabled(USB_SPEED_HIGH);
    set(f, HPRT, PPWR | PENA);
    assert_int_equal(get(f, HPRT) & (PENA | PENCHNG), PENCHNG);
    fixture_destroy(f);
}

static void test_device_is_pulled_out_and_another_plugged(void **state)
{
    (void)state;
    struct soc_fixture *f = start_enabled(USB_SPEED_HIGH);
    struct block *usb = soc_block(f->soc, "USB1_OTG_HS");
    usb_plug(usb, NULL);
    assert_false(fake.powered);
    fixture_wait(f, 200 * SIM_US);
    assert_int_equal(get(f, HPRT) & (PCSTS | PENA | PENCHNG), PENCHNG);
    assert_true(get(f, GINTSTS) & DISCINT);
    set(f, GINTSTS, DISCINT);
    assert_false(get(f, GINTSTS) & DISCINT);
    usb_plug(usb, &device);
    assert_true(fake.powered);
    fixture_wait(f, 100 * SIM_MS);
    assert_int_equal(get(f, HPRT) & (PCSTS | PCDET), PCSTS | PCDET);
    /* At once another: the host sees one go and then one come. */
    clear_port_changes(f);
    usb_plug(usb, &device);
    fixture_wait(f, 200 * SIM_US);
    assert_int_equal(get(f, HPRT) & (PCSTS | PCDET), 0);
    assert_true(get(f, GINTSTS) & DISCINT);
    fixture_wait(f, 100 * SIM_MS);
    assert_int_equal(get(f, HPRT) & (PCSTS | PCDET), PCSTS | PCDET);
    fixture_destroy(f);
}

static void test_suspend_and_resume(void **state)
{
    (void)state;
    struct soc_fixture *f = start_enabled(USB_SPEED_HIGH);
    fixture_wait(f, 20 * SIM_MS);
    uint32_t frame = get(f, HFNUM) & 0x3fff;
    assert_true(frame > 160);
    set(f, HPRT, PPWR | PSUSP);
    assert_true(get(f, HPRT) & PSUSP);
    fixture_wait(f, 10 * SIM_MS);
    assert_int_equal(get(f, HFNUM) & 0x3fff, frame);
    set(f, HPRT, PPWR); /* is not cleared by 0 */
    assert_true(get(f, HPRT) & PSUSP);
    set(f, HPRT, PPWR | PRES);
    fixture_wait(f, 25 * SIM_MS);
    assert_true(get(f, HPRT) & PSUSP);
    set(f, HPRT, PPWR);
    assert_false(get(f, HPRT) & PSUSP);
    assert_true(get(f, HPRT) & PENA);
    assert_int_equal(get(f, HFNUM) & 0x3fff, frame + 1);
    frame = get(f, HFNUM) & 0x3fff;
    fixture_wait(f, SIM_MS);
    assert_int_equal(get(f, HFNUM) & 0x3fff, frame + 8);
    fixture_destroy(f);
}

static void test_device_wakes_the_host(void **state)
{
    (void)state;
    struct soc_fixture *f = start_enabled(USB_SPEED_HIGH);
    struct block *usb = soc_block(f->soc, "USB1_OTG_HS");
    usb_remote_wakeup(usb);
    assert_false(get(f, GINTSTS) >> 31);
    set(f, HPRT, PPWR | PSUSP);
    usb_remote_wakeup(usb);
    assert_true(get(f, GINTSTS) >> 31);
    assert_true(get(f, HPRT) & PRES);
    set(f, HPRT, PPWR);
    assert_false(get(f, HPRT) & (PSUSP | PRES));
    fixture_destroy(f);
}

static void test_overcurrent_disables_the_port(void **state)
{
    (void)state;
    struct soc_fixture *f = start_enabled(USB_SPEED_HIGH);
    usb_overcurrent(soc_block(f->soc, "USB1_OTG_HS"), true);
    assert_int_equal(get(f, HPRT) & (PENA | POCA | POCCHNG), POCA | POCCHNG);
    assert_true(get(f, GINTSTS) & HPRTINT);
    clear_port_changes(f);
    usb_overcurrent(soc_block(f->soc, "USB1_OTG_HS"), false);
    assert_int_equal(get(f, HPRT) & (POCA | POCCHNG), POCCHNG);
    fixture_destroy(f);
}

/* The PHY of USB1 has its own gate in the RCC; that of USB2 needs 48 MHz and to be switched on. */
static void test_phys_need_their_clocks(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    fixture_write(f, RCC + RCC_AHB1ENR, 1u << 25 | 1u << 27);
    usb_plug(soc_block(f->soc, "USB1_OTG_HS"), &device);
    be_host(f);
    set(f, HPRT, PPWR);
    assert_non_null(strstr(f->complaint, "USB1OTGHSULPIEN"));
    fixture_wait(f, SIM_S);
    assert_int_equal(get(f, HPRT), PPWR);

    usb_plug(soc_block(f->soc, "USB2_OTG_FS"), &device);
    fixture_write(f, USB2 + GUSBCFG, 1u << 29);
    fixture_wait(f, 26 * SIM_MS);
    fixture_write(f, USB2 + HPRT, PPWR);
    assert_non_null(strstr(f->complaint, "GCCFG.PWRDWN"));
    fixture_write(f, USB2 + HPRT, 0);
    fixture_write(f, USB2 + GCCFG, 1u << 16);
    fixture_write(f, USB2 + HPRT, PPWR);
    assert_non_null(strstr(f->complaint, "48 MHz"));
    fixture_write(f, USB2 + HPRT, 0);
    fixture_write(f, RCC, fixture_read(f, RCC) | 1u << 12); /* HSI48ON */
    fixture_wait(f, SIM_MS);
    fixture_write(f, RCC + RCC_D2CCIP2R, 3u << 20);
    fixture_write(f, USB2 + HPRT, PPWR);
    fixture_wait(f, 100 * SIM_MS);
    fixture_write(f, USB2 + HPRT, PPWR | PRST);
    fixture_wait(f, 50 * SIM_MS);
    fixture_write(f, USB2 + HPRT, PPWR);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, USB2 + HPRT) & (PENA | PSPD), PENA | 1u << 17);
    fixture_destroy(f);
}

/* ---- Frames ---- */

static void test_frames_are_counted_and_interrupt(void **state)
{
    (void)state;
    static const struct {
        enum usb_speed speed;
        sim_time frame;
    } cases[] = {{USB_SPEED_HIGH, 125 * SIM_US}, {USB_SPEED_FULL, SIM_MS}};
    for (unsigned n = 0; n < 2; n++) {
        struct soc_fixture *f = start_enabled(cases[n].speed);
        uint32_t first = get(f, HFNUM) & 0xffff;
        fixture_wait(f, 10 * cases[n].frame);
        assert_int_equal(get(f, HFNUM) & 0xffff, first + 10);
        set(f, GAHBCFG, 1);
        assert_true(get(f, GINTSTS) & SOF);
        set(f, GINTSTS, SOF);
        set(f, GINTMSK, SOF);
        assert_false(f->irq[SOC_CM7][77]);
        for (unsigned frame = 0; frame < 5; frame++) {
            fixture_wait(f, cases[n].frame);
            assert_true(f->irq[SOC_CM7][77]);
            assert_true(f->irq[SOC_CM4][77]);
            set(f, GINTSTS, SOF);
            assert_false(f->irq[SOC_CM7][77]);
        }
        fixture_wait(f, 20 * SIM_US);
        uint32_t left = get(f, HFNUM) >> 16;
        fixture_wait(f, 10 * SIM_US);
        assert_int_equal(get(f, HFNUM) >> 16, left - 600); /* clocks of 60 MHz */
        fixture_destroy(f);
    }
}

static void test_fifos_that_overlap_are_reported(void **state)
{
    (void)state;
    struct soc_fixture *f = start_enabled(USB_SPEED_HIGH);
    set(f, HPTXFSIZ, 0x00010400);
    reset_port(f);
    assert_non_null(strstr(f->complaint, "1025 words"));
    fixture_destroy(f);
}

static void test_wrong_frame_interval_is_reported(void **state)
{
    (void)state;
    struct soc_fixture *f = start_enabled(USB_SPEED_HIGH);
    set(f, HFIR, 7499);
    set(f, HPRT, PPWR);
    set(f, HFIR, 7500);
    set(f, HPRT, PPWR);
    assert_string_equal(f->complaint, "");
    set(f, HFIR, 48000);
    set(f, HPRT, PPWR);
    assert_non_null(strstr(f->complaint, "HFIR is 48000"));
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reset_and_flushes_clear_themselves),
        cmocka_unit_test(test_forced_mode_is_seen_after_its_time),
        cmocka_unit_test(test_endpoint_of_device_mode),
        cmocka_unit_test(test_naks_of_device_mode_take_effect),
        cmocka_unit_test(test_a_device_without_a_host_starts_and_stops),
        cmocka_unit_test(test_port_keeps_what_is_writable),
        cmocka_unit_test(test_device_connects_when_the_port_has_power),
        cmocka_unit_test(test_reset_finds_the_speed),
        cmocka_unit_test(test_short_reset_is_reported),
        cmocka_unit_test(test_port_is_disabled_by_1),
        cmocka_unit_test(test_device_is_pulled_out_and_another_plugged),
        cmocka_unit_test(test_suspend_and_resume),
        cmocka_unit_test(test_device_wakes_the_host),
        cmocka_unit_test(test_overcurrent_disables_the_port),
        cmocka_unit_test(test_phys_need_their_clocks),
        cmocka_unit_test(test_frames_are_counted_and_interrupt),
        cmocka_unit_test(test_fifos_that_overlap_are_reported),
        cmocka_unit_test(test_wrong_frame_interval_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
