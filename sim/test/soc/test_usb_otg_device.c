/* USB OTG in device mode: attachment, reset, suspend, control transfers. RM0399 chapter 60, USB 2.0
 * chapters 7 to 9. */
#include "sim/test/soc/usb_device_fixture.h"

/* ---- Attachment, reset, suspend ---- */

static void test_attaches_with_vbus_and_pull_up(void **state)
{
    (void)state;
    struct soc_fixture *f = start_plugged();
    assert_null(bus);
    assert_true(get(f, GOTGCTL) & BSVLD);
    assert_true(get(f, GINTSTS) & SRQINT);
    set(f, GINTSTS, SRQINT);
    set(f, DCTL, 0);
    assert_non_null(bus);
    set(f, DCTL, SDIS);
    assert_null(bus);
    set(f, DCTL, 0);
    plug(f, false);
    assert_null(bus);
    assert_false(get(f, GOTGCTL) & BSVLD);
    assert_int_equal(get(f, GOTGINT), 4); /* SEDET */
    assert_true(get(f, GINTSTS) & 4);
    set(f, GOTGINT, 4);
    assert_false(get(f, GINTSTS) & (4 | (uint32_t)SRQINT));
    plug(f, true);
    assert_non_null(bus);
    set(f, GRSTCTL, 1); /* the core's reset lets go of it for a moment */
    assert_int_equal(attachments, 4);
    set(f, GUSBCFG, 1u << 29);
    fixture_wait(f, 30 * SIM_MS);
    assert_null(bus); /* a host now */
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

/* 60.14.1: BVALOEN and BVALOVAL say it in place of the PHY. */
static void test_the_guest_may_say_that_there_is_vbus(void **state)
{
    (void)state;
    struct soc_fixture *f = start_plugged();
    set(f, DCTL, 0);
    set(f, GOTGCTL, 1 << 6);
    assert_null(bus);
    set(f, GOTGCTL, 3 << 6);
    assert_non_null(bus);
    plug(f, false);
    assert_null(bus);
    assert_true(get(f, GOTGCTL) & BSVLD);
    assert_int_equal(get(f, GOTGINT), 4); /* of the first */
    fixture_destroy(f);
}

static void test_reset_finds_the_speed_of_the_device(void **state)
{
    static const struct {
        uint32_t dspd, enumspd;
        enum usb_speed speed;
    } cases[] = {{0, 0, USB_SPEED_HIGH}, {1, 1 << 1, USB_SPEED_FULL}};
    (void)state;
    for (size_t n = 0; n < 2; n++) {
        struct soc_fixture *f = start_plugged();
        set(f, DCFG, cases[n].dspd);
        set(f, DIEPCTL(3), USBAEP);
        set(f, DOEPCTL(3), USBAEP);
        set(f, DCTL, 0);
        assert_int_equal(send_setup(), USB_SILENCE);
        bus->reset(bus->ctx, true);
        assert_int_equal(get(f, GINTSTS) & (USBRST | ENUMDNE), USBRST);
        assert_int_equal(get(f, DIEPCTL(3)), 0);
        assert_int_equal(get(f, DOEPCTL(3)), 0);
        fixture_wait(f, 20 * SIM_MS);
        assert_int_equal(send_setup(), USB_SILENCE);
        set(f, GINTSTS, USBRST);
        bus->reset(bus->ctx, false);
        assert_int_equal(get(f, GINTSTS) & (USBRST | ENUMDNE), ENUMDNE);
        assert_int_equal(get(f, DSTS) & 7, cases[n].enumspd);
        assert_int_equal(bus->speed(bus->ctx), cases[n].speed);
        set(f, GINTMSK, SOF); /* frames are heard from now on */
        set(f, GINTSTS, SOF);
        uint32_t before = get(f, DSTS) >> 8;
        fixture_wait(f, 10 * SIM_MS);
        assert_int_equal((get(f, DSTS) >> 8) - before, cases[n].dspd ? 10 : 80);
        assert_true(get(f, GINTSTS) & SOF);
        fixture_destroy(f);
    }
}

/* USB 2.0 7.1.7.6: 3 ms without anything. A reset ends it. */
static void test_suspend(void **state)
{
    (void)state;
    struct soc_fixture *f = start_plugged();
    set(f, DCTL, 0);
    fixture_wait(f, 2900 * SIM_US);
    assert_int_equal(get(f, GINTSTS) & USBSUSP, 0);
    fixture_wait(f, 200 * SIM_US);
    assert_int_equal(get(f, GINTSTS) & USBSUSP, USBSUSP);
    assert_int_equal(get(f, DSTS) & 1, 1);
    set(f, GINTSTS, USBSUSP);
    reset_bus(f);
    assert_int_equal(get(f, DSTS) & 1, 0);
    fixture_wait(f, 50 * SIM_MS);
    assert_int_equal(get(f, GINTSTS) & USBSUSP, 0);
    plug(f, false);
    fixture_wait(f, 4 * SIM_MS);
    assert_int_equal(get(f, GINTSTS) & USBSUSP, USBSUSP);
    fixture_destroy(f);
}

/* ---- Control transfers ---- */

/* SETUP comes in spite of NAK and EP_STALL; its status follows with the next token. */
static void test_control_read_in_slave_mode(void **state)
{
    (void)state;
    struct soc_fixture *f = start_device(0);
    set(f, DIEPCTL(0), EP_STALL | SNAK);
    set(f, DOEPCTL(0), EP_STALL | SNAK);
    set(f, DOEPTSIZ(0), 3u << 29);
    set(f, DOEPMSK, STUP | EP_XFRC);
    set(f, DIEPMSK, EP_XFRC);
    set(f, DAINTMSK, 0x10001);
    assert_int_equal(ask_in(0), USB_STALL);
    assert_int_equal(send_setup(), USB_ACK);
    assert_int_equal(get(f, DOEPTSIZ(0)), 2u << 29);
    assert_int_equal(get(f, DIEPCTL(0)), USBAEP | NAKSTS);
    assert_int_equal(get(f, DOEPCTL(0)), USBAEP | NAKSTS);
    assert_int_equal(get(f, GRXSTSP), 6 << 17 | 8 << 4);
    assert_int_equal(get(f, FIFO(0)), 0x01000680);
    assert_int_equal(get(f, FIFO(0)), 0x00400000);
    assert_false(get(f, GINTSTS) & RXFLVL);
    assert_int_equal(ask_in(0), USB_NAK);
    assert_int_equal(get(f, DOEPINT(0)) & STUP, 0);
    assert_int_equal(get(f, GRXSTSP), 4 << 17);
    assert_int_equal(get(f, DOEPINT(0)) & STUP, STUP);
    assert_true(get(f, GINTSTS) & 1 << 19);
    set(f, DIEPTSIZ(0), 1 << 19 | 6);
    set(f, DIEPCTL(0), EPENA | CNAK);
    assert_int_equal(ask_in(0), USB_NAK); /* nothing is in the FIFO */
    set(f, FIFO(0), 0x44332211);
    assert_int_equal(ask_in(0), USB_NAK); /* and now not all */
    set(f, FIFO(0), 0x88776655);
    assert_int_equal(get(f, DTXFSTS(0)), 0x1e);
    assert_int_equal(ask_in(0), USB_ACK);
    assert_int_equal(last.length, 6);
    assert_memory_equal(last.data, "\x11\x22\x33\x44\x55\x66", 6);
    assert_true(last.data1);
    assert_int_equal(get(f, DIEPCTL(0)) & EPENA, 0);
    assert_int_equal(get(f, DIEPINT(0)) & EP_XFRC, EP_XFRC);
    assert_true(get(f, GINTSTS) & 1 << 18);
    assert_int_equal(ask(USB_OUT, 0, 0, true, NULL, 0), USB_NAK);
    set(f, DOEPTSIZ(0), 3u << 29 | 1 << 19 | 64);
    set(f, DOEPCTL(0), EPENA | CNAK);
    assert_int_equal(ask(USB_OUT, 0, 0, true, NULL, 0), USB_ACK);
    assert_int_equal(get(f, GRXSTSP), 2 << 17 | 2 << 15);
    assert_int_equal(get(f, DOEPINT(0)) & EP_XFRC, 0);
    assert_int_equal(get(f, GRXSTSP), 3 << 17);
    assert_int_equal(get(f, DOEPINT(0)) & EP_XFRC, EP_XFRC);
    assert_int_equal(get(f, DOEPCTL(0)), USBAEP | NAKSTS);
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

/* By DMA, SETUP waits for the endpoint to be enabled. */
static void test_control_read_by_dma(void **state)
{
    (void)state;
    struct soc_fixture *f = start_device(DMAEN);
    set(f, DOEPDMA(0), SRAM);
    assert_int_equal(send_setup(), USB_ACK);
    assert_int_equal(ask_in(0), USB_NAK);
    assert_int_equal(get(f, DOEPINT(0)) & STUP, 0);
    set(f, DOEPTSIZ(0), 3u << 29 | 1 << 19 | 24);
    set(f, DOEPCTL(0), EPENA | USBAEP);
    assert_memory_equal(memory(f), get_device, 8);
    assert_int_equal(get(f, DOEPDMA(0)), SRAM + 8);
    assert_int_equal(ask_in(0), USB_NAK);
    assert_int_equal(get(f, DOEPINT(0)) & STUP, STUP);
    assert_int_equal(get(f, DOEPCTL(0)) & EPENA, 0);
    memcpy(memory(f) + 16, "\1\2\3\4\5\6\7", 7);
    set(f, DIEPDMA(0), SRAM + 64);
    set(f, DIEPTSIZ(0), 1 << 19 | 7);
    set(f, DIEPCTL(0), EPENA | CNAK);
    assert_int_equal(ask_in(0), USB_ACK);
    assert_int_equal(last.length, 7);
    assert_memory_equal(last.data, "\1\2\3\4\5\6\7", 7);
    assert_int_equal(get(f, DIEPTSIZ(0)), 0);
    assert_int_equal(get(f, DIEPINT(0)) & EP_XFRC, EP_XFRC);
    set(f, DOEPTSIZ(0), 3u << 29 | 1 << 19 | 64);
    set(f, DOEPCTL(0), EPENA | CNAK);
    assert_int_equal(ask(USB_OUT, 0, 0, true, NULL, 0), USB_ACK);
    assert_int_equal(get(f, DOEPINT(0)) & EP_XFRC, EP_XFRC);
    assert_int_equal(get(f, GINTSTS) & RXFLVL, 0);
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

/* 9.4.6: the status stage of SET_ADDRESS still has the old one. */
static void test_address(void **state)
{
    (void)state;
    struct soc_fixture *f = start_device(0);
    assert_int_equal(ask(USB_IN, 5, 0, false, NULL, 0), USB_SILENCE);
    set(f, DCFG, 5 << 4);
    assert_int_equal(ask_in(0), USB_NAK);
    assert_int_equal(ask(USB_IN, 5, 0, false, NULL, 0), USB_NAK);
    assert_int_equal(ask_in(0), USB_SILENCE);
    reset_bus(f);
    assert_int_equal(ask_in(0), USB_SILENCE); /* the guest has to forget it */
    set(f, DCFG, 0);
    assert_int_equal(ask_in(0), USB_NAK);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attaches_with_vbus_and_pull_up),
        cmocka_unit_test(test_the_guest_may_say_that_there_is_vbus),
        cmocka_unit_test(test_reset_finds_the_speed_of_the_device),
        cmocka_unit_test(test_suspend),
        cmocka_unit_test(test_control_read_in_slave_mode),
        cmocka_unit_test(test_control_read_by_dma),
        cmocka_unit_test(test_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
