/* USB OTG: periodic channels. RM0399 60.14.25, USB 2.0 5.7. */
#include "sim/test/soc/usb_fixture.h"

static void test_interrupt_channel_has_its_frame(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    SCRIPT({USB_NAK, 0, 0}, {USB_ACK, 8, 0});
    set(f, HCTSIZ(4), TSIZ(DATA0, 1, 8));
    set(f, HCDMA(4), SRAM);
    for (unsigned turn = 0; turn < 2; turn++) {
        uint32_t frame = get(f, HFNUM) & 0x3fff;
        uint32_t odd = frame & 1 ? 0 : ODDFRM; /* the next */
        set(f, HCINT(4), 0x7ff);
        set(f, HCCHAR(4), CHENA | INTERRUPT | IN | odd | 8);
        uint32_t left = get(f, HFNUM) >> 16;
        fixture_wait(f, left * SIM_US / 60 - SIM_US);
        assert_int_equal(fake.count, turn); /* not yet */
        fixture_wait(f, 10 * SIM_US);
        assert_int_equal(fake.count, turn + 1);
        assert_int_equal(get(f, HCINT(4)), turn ? XFRC | ACK | CHH : NAK | CHH);
    }
    fixture_destroy(f);
}

static void test_interrupt_packets_come_one_a_frame(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    SCRIPT({USB_ACK, 8, 0}, {USB_ACK, 8, 0}, {USB_ACK, 8, 0});
    set(f, HCTSIZ(4), TSIZ(DATA0, 3, 24));
    set(f, HCDMA(4), SRAM);
    set(f, HCCHAR(4), CHENA | INTERRUPT | IN | 8);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fake.count, 3);
    assert_in_range(fake.at[1] - fake.at[0], 124 * SIM_US, 126 * SIM_US);
    assert_in_range(fake.at[2] - fake.at[1], 124 * SIM_US, 126 * SIM_US);
    fixture_destroy(f);
}

static void test_interrupt_channel_too_late_for_its_frame(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    uint32_t left = get(f, HFNUM) >> 16;
    fixture_wait(f, left * SIM_US / 60 - 5 * SIM_US);
    set(f, HCTSIZ(4), TSIZ(DATA0, 1, 1024));
    set(f, HCDMA(4), SRAM);
    set(f, HCCHAR(4), CHENA | INTERRUPT | IN | (get(f, HFNUM) & 1 ? ODDFRM : 0) | 1024);
    fixture_wait(f, SIM_US);
    assert_int_equal(get(f, HCINT(4)), FRMOR | CHH);
    assert_int_equal(fake.count, 0);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interrupt_channel_has_its_frame),
        cmocka_unit_test(test_interrupt_packets_come_one_a_frame),
        cmocka_unit_test(test_interrupt_channel_too_late_for_its_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
