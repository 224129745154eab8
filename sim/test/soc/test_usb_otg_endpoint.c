/* USB OTG in device mode: bulk endpoints. RM0399 60.14.37 on, 60.15. */
#include "sim/test/soc/usb_device_fixture.h"

static void write_words(struct soc_fixture *f, unsigned n, unsigned words)
{
    for (unsigned k = 0; k < words; k++)
        set(f, FIFO(n), k);
}

/* 150 bytes in packets of 64, of which the FIFO of 64 words takes all; toggles go on. */
static void test_bulk_in_in_slave_mode(void **state)
{
    (void)state;
    struct soc_fixture *f = start_device(0);
    assert_int_equal(ask_in(2), USB_SILENCE); /* not active */
    set(f, DIEPCTL(2), USBAEP | BULK_TYPE | SD0PID | 2 << 22 | 64);
    assert_int_equal(ask_in(2), USB_NAK);
    assert_int_equal(get(f, DIEPINT(2)), NAKED | ITTXFE | TXFE);
    set(f, DIEPINT(2), NAKED | ITTXFE);
    set(f, DIEPTSIZ(2), 3 << 19 | 150);
    set(f, DIEPCTL(2), get(f, DIEPCTL(2)) | EPENA | CNAK);
    set(f, DAINTMSK, 4);
    assert_false(get(f, GINTSTS) & 1 << 18);
    set(f, DIEPEMPMSK, 4);
    assert_true(get(f, GINTSTS) & 1 << 18);
    write_words(f, 2, 33);
    assert_false(get(f, GINTSTS) & 1 << 18); /* more than half full */
    write_words(f, 2, 5);
    assert_int_equal(get(f, DTXFSTS(2)), 64 - 38);
    assert_int_equal(get(f, DIEPTSIZ(2)), 3 << 19);
    for (unsigned n = 0; n < 3; n++) {
        assert_int_equal(!!(get(f, DIEPCTL(2)) & DPID), n & 1);
        assert_int_equal(ask_in(2), USB_ACK);
        assert_int_equal(last.length, n == 2 ? 22 : 64);
        assert_int_equal(last.data1, n & 1);
        assert_int_equal(get(f, DIEPTSIZ(2)) >> 19, 2 - n);
    }
    assert_int_equal(last.data[0], 32);
    assert_int_equal(last.data[20], 4);
    assert_int_equal(get(f, DIEPINT(2)), EP_XFRC | TXFE);
    assert_int_equal(get(f, DIEPCTL(2)) & EPENA, 0);
    assert_int_equal(get(f, DTXFSTS(2)), 64);
    assert_int_equal(ask_in(2), USB_NAK);
    set(f, DIEPTSIZ(2), 1 << 19); /* an empty packet */
    set(f, DIEPCTL(2), get(f, DIEPCTL(2)) | EPENA | CNAK);
    assert_int_equal(ask_in(2), USB_ACK);
    assert_int_equal(last.length, 0);
    assert_true(last.data1);
    assert_string_equal(f->complaint, "");
    write_words(f, 2, 1);
    assert_non_null(strstr(f->complaint, "nothing to send"));
    fixture_destroy(f);
}

static void test_full_fifos_and_flushes(void **state)
{
    (void)state;
    struct soc_fixture *f = start_device(0);
    set(f, DIEPCTL(2), USBAEP | BULK_TYPE | 2 << 22 | 512);
    set(f, DIEPTSIZ(2), 1 << 19 | 512);
    set(f, DIEPCTL(2), get(f, DIEPCTL(2)) | EPENA | CNAK);
    write_words(f, 2, 64);
    assert_int_equal(get(f, DTXFSTS(2)), 0);
    assert_string_equal(f->complaint, "");
    write_words(f, 2, 1);
    assert_non_null(strstr(f->complaint, "overflows"));
    set(f, GRSTCTL, 1 << 5 | 1 << 6);
    assert_int_equal(get(f, DTXFSTS(2)), 0);
    set(f, GRSTCTL, 1 << 5 | 2 << 6);
    assert_int_equal(get(f, DTXFSTS(2)), 64);
    set(f, DIEPCTL(2), get(f, DIEPCTL(2)) | EPDIS | SNAK);
    assert_int_equal(get(f, DIEPCTL(2)) & EPENA, 0);
    set(f, GAHBCFG, DMAEN);
    set(f, DIEPTSIZ(2), 1 << 19 | 512);
    set(f, DIEPCTL(2), get(f, DIEPCTL(2)) | EPENA | CNAK);
    assert_int_equal(ask_in(2), USB_NAK);
    assert_non_null(strstr(f->complaint, "fewer than a packet"));
    fixture_destroy(f);
}

static void test_bulk_in_by_dma(void **state)
{
    (void)state;
    struct soc_fixture *f = start_device(DMAEN);
    uint8_t *bytes = (uint8_t *)memory(f);
    for (unsigned n = 0; n < 128; n++)
        bytes[n] = (uint8_t)n;
    set(f, DIEPCTL(2), USBAEP | BULK_TYPE | 2 << 22 | 64);
    set(f, DIEPDMA(2), SRAM);
    set(f, DIEPTSIZ(2), 3 << 19 | 128);
    set(f, DIEPCTL(2), get(f, DIEPCTL(2)) | EPENA | CNAK);
    for (unsigned n = 0; n < 3; n++) {
        assert_int_equal(ask_in(2), USB_ACK);
        assert_int_equal(last.length, n == 2 ? 0 : 64);
        assert_true(n == 2 || last.data[0] == 64 * n);
        assert_int_equal(last.data1, n & 1);
    }
    assert_int_equal(get(f, DIEPDMA(2)), SRAM + 128);
    assert_int_equal(get(f, DIEPTSIZ(2)), 0);
    assert_int_equal(get(f, DIEPINT(2)) & EP_XFRC, EP_XFRC);
    fixture_destroy(f);
}

/* Two packets; the first is sent twice, as if the host had not heard the ACK. */
static void test_bulk_out_in_slave_mode(void **state)
{
    uint8_t bytes[64] = "abcdefgh";
    (void)state;
    struct soc_fixture *f = start_device(0);
    set(f, DOEPCTL(2), USBAEP | BULK_TYPE | SD0PID | 64);
    assert_int_equal(ask(USB_PING, 0, 2, false, NULL, 0), USB_NAK);
    assert_int_equal(get(f, DOEPINT(2)), OTEPDIS | NAKED);
    set(f, DOEPINT(2), OTEPDIS | NAKED);
    set(f, DOEPTSIZ(2), 3 << 19 | 192);
    set(f, DOEPCTL(2), get(f, DOEPCTL(2)) | EPENA | CNAK);
    assert_int_equal(ask(USB_PING, 0, 2, false, NULL, 0), USB_ACK);
    assert_int_equal(ask(USB_OUT, 0, 2, false, bytes, 64), USB_ACK);
    assert_int_equal(ask(USB_OUT, 0, 2, false, bytes, 64), USB_ACK);
    assert_int_equal(get(f, DOEPTSIZ(2)), 2 << 19 | 128);
    assert_int_equal(ask(USB_OUT, 0, 2, true, bytes, 6), USB_ACK);
    assert_int_equal(ask(USB_OUT, 0, 2, false, bytes, 6), USB_NAK);
    assert_int_equal(get(f, GRXSTSP), 2 | 64 << 4 | 2 << 17);
    for (unsigned n = 0; n < 16; n++)
        assert_int_equal(get(f, FIFO(0)), n == 0 ? 0x64636261 : n == 1 ? 0x68676665 : 0);
    assert_int_equal(get(f, GRXSTSP), 2 | 6 << 4 | 2 << 15 | 2 << 17);
    get(f, FIFO(2));
    get(f, FIFO(2));
    assert_int_equal(get(f, DOEPINT(2)) & EP_XFRC, 0);
    assert_int_equal(get(f, GRXSTSP), 2 | 3 << 17);
    assert_int_equal(get(f, DOEPINT(2)) & EP_XFRC, EP_XFRC);
    assert_int_equal(get(f, DOEPCTL(2)) & (EPENA | NAKSTS), NAKSTS);
    assert_int_equal(get(f, DOEPTSIZ(2)), 1 << 19 | 122);
    set(f, GRXFSIZ, 16); /* no room for a packet */
    set(f, DOEPCTL(2), get(f, DOEPCTL(2)) | EPENA | CNAK);
    assert_int_equal(ask(USB_OUT, 0, 2, false, bytes, 6), USB_NAK);
    set(f, GRXFSIZ, 18);
    assert_int_equal(ask(USB_OUT, 0, 2, false, bytes, 6), USB_ACK);
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

static void test_bulk_out_by_dma(void **state)
{
    uint8_t bytes[64] = "abcdefgh";
    (void)state;
    struct soc_fixture *f = start_device(DMAEN);
    set(f, DOEPCTL(2), USBAEP | BULK_TYPE | 64);
    set(f, DOEPDMA(2), SRAM);
    set(f, DOEPTSIZ(2), 2 << 19 | 128);
    set(f, DOEPCTL(2), get(f, DOEPCTL(2)) | EPENA | CNAK);
    assert_int_equal(ask(USB_OUT, 0, 2, false, bytes, 64), USB_ACK);
    assert_int_equal(get(f, DOEPINT(2)) & EP_XFRC, 0);
    assert_int_equal(ask(USB_OUT, 0, 2, true, "ABCDEFGH", 8), USB_ACK);
    assert_int_equal(get(f, DOEPINT(2)) & EP_XFRC, EP_XFRC);
    assert_int_equal(get(f, DOEPDMA(2)), SRAM + 72);
    assert_int_equal(get(f, DOEPTSIZ(2)), 56);
    assert_memory_equal(memory(f), "abcdefgh", 8);
    assert_memory_equal(memory(f) + 16, "ABCDEFGH", 8);
    set(f, DOEPDMA(2), 0x70000000);
    set(f, DOEPTSIZ(2), 1 << 19 | 64);
    set(f, DOEPCTL(2), get(f, DOEPCTL(2)) | EPENA | CNAK);
    ask(USB_OUT, 0, 2, false, bytes, 64);
    assert_non_null(strstr(f->complaint, "cannot reach"));
    fixture_destroy(f);
}

static void test_stalls_and_global_naks(void **state)
{
    (void)state;
    struct soc_fixture *f = start_device(0);
    set(f, DOEPCTL(2), USBAEP | BULK_TYPE | SD0PID | 64);
    set(f, DOEPTSIZ(2), 1 << 19 | 64);
    set(f, DOEPCTL(2), get(f, DOEPCTL(2)) | EPENA | CNAK | EP_STALL);
    assert_int_equal(ask(USB_OUT, 0, 2, false, "a", 1), USB_STALL);
    set(f, DOEPCTL(2), (get(f, DOEPCTL(2)) & ~(uint32_t)EP_STALL) | SD0PID);
    set(f, DCTL, 1 << 9); /* SGONAK */
    assert_int_equal(ask(USB_OUT, 0, 2, false, "a", 1), USB_NAK);
    set(f, DCTL, 1 << 10);
    assert_int_equal(ask(USB_OUT, 0, 2, false, "a", 1), USB_ACK);
    set(f, DIEPCTL(2), USBAEP | BULK_TYPE | 2 << 22 | 64);
    set(f, DIEPTSIZ(2), 1 << 19);
    set(f, DIEPCTL(2), get(f, DIEPCTL(2)) | EPENA | CNAK);
    set(f, DCTL, 1 << 7); /* SGINAK */
    assert_int_equal(ask_in(2), USB_NAK);
    set(f, DCTL, 1 << 8);
    assert_int_equal(ask_in(2), USB_ACK);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bulk_in_in_slave_mode), cmocka_unit_test(test_full_fifos_and_flushes),
        cmocka_unit_test(test_bulk_in_by_dma),        cmocka_unit_test(test_bulk_out_in_slave_mode),
        cmocka_unit_test(test_bulk_out_by_dma),       cmocka_unit_test(test_stalls_and_global_naks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
