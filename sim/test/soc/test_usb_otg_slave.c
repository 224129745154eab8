/* USB OTG in slave mode: FIFOs, request queues, channels. RM0399 60.10, 60.15. */
#include "sim/test/soc/usb_fixture.h"

/* ---- Slave mode ---- */

static void enable_slave(struct soc_fixture *f, unsigned n, uint32_t character, uint32_t size)
{
    set(f, HCINT(n), 0x7ff);
    set(f, HCTSIZ(n), size);
    set(f, HCCHAR(n), CHENA | ADDRESS | ENDPOINT | character);
}

static void write_words(struct soc_fixture *f, unsigned n, unsigned words)
{
    for (unsigned k = 0; k < words; k++)
        set(f, DFIFO(n), k * 0x11111111u);
}

/* 60.15.2: a packet is posted with its last word, and counted when it is acknowledged. */
static void test_slave_out(void **state)
{
    (void)state;
    struct soc_fixture *f = start_enabled(USB_SPEED_HIGH);
    SCRIPT({USB_ACK, 0, 0});
    set(f, HNPTXFSIZ, 0x01000200);
    assert_int_equal(get(f, HNPTXSTS) & 0xffffff, 8 << 16 | 0x100);
    enable_slave(f, 2, BULK | 64, TSIZ(DATA0, 2, 70));
    write_words(f, 2, 15);
    fixture_wait(f, 50 * SIM_US);
    assert_int_equal(fake.count, 0);
    assert_int_equal(get(f, HNPTXSTS) & 0xffffff, 8 << 16 | (0x100 - 15));
    write_words(f, 2, 3);
    assert_int_equal(get(f, HNPTXSTS) >> 16 & 0xff, 6);
    assert_int_equal(get(f, HCTSIZ(2)) & 0x7ffff, 0);
    fixture_wait(f, 50 * SIM_US);
    assert_int_equal(fake.count, 2);
    assert_int_equal(fake.seen[0].length, 64);
    assert_int_equal(fake.seen[1].length, 6);
    assert_int_equal(fake.seen[0].data[59], 0xee);
    assert_true(fake.seen[1].data1);
    assert_int_equal(get(f, HCINT(2)), XFRC | ACK);
    assert_int_equal(get(f, HNPTXSTS) & 0xffffff, 8 << 16 | 0x100);
    fixture_destroy(f);
}

static void test_slave_setup_and_empty_packet(void **state)
{
    (void)state;
    struct soc_fixture *f = start_enabled(USB_SPEED_FULL);
    SCRIPT({USB_ACK, 0, 0});
    enable_slave(f, 0, CONTROL | 64, TSIZ(SETUP, 1, 8));
    write_words(f, 0, 2);
    fixture_wait(f, 200 * SIM_US);
    assert_int_equal(fake.seen[0].token, USB_SETUP);
    enable_slave(f, 0, CONTROL | 64, TSIZ(DATA1, 1, 0));
    fixture_wait(f, 200 * SIM_US);
    assert_int_equal(fake.count, 2);
    assert_int_equal(fake.seen[1].token, USB_OUT);
    assert_int_equal(fake.seen[1].length, 0);
    assert_int_equal(get(f, HCINT(0)), XFRC | ACK);
    fixture_destroy(f);
}

static void test_levels_of_transmit_fifos(void **state)
{
    (void)state;
    struct soc_fixture *f = start_enabled(USB_SPEED_HIGH);
    set(f, HNPTXFSIZ, 0x00200200);
    set(f, PCGCCTL, 1); /* nothing leaves */
    enable_slave(f, 2, BULK | 64, TSIZ(DATA0, 2, 128));
    assert_true(get(f, GINTSTS) & NPTXFE);
    write_words(f, 2, 16);
    assert_true(get(f, GINTSTS) & NPTXFE); /* half empty */
    set(f, GAHBCFG, 1 << 7);               /* completely */
    assert_false(get(f, GINTSTS) & NPTXFE);
    set(f, GAHBCFG, 0);
    write_words(f, 2, 1);
    assert_false(get(f, GINTSTS) & NPTXFE);
    assert_true(get(f, GINTSTS) & PTXFE);
    set(f, GRSTCTL, 0x20 | 0 << 6);
    assert_true(get(f, GINTSTS) & NPTXFE);
    fixture_destroy(f);
}

static void test_wrong_use_of_fifos_is_reported(void **state)
{
    (void)state;
    struct soc_fixture *f = start_enabled(USB_SPEED_HIGH);
    set(f, PCGCCTL, 1);
    set(f, HNPTXFSIZ, 0x00100200);
    write_words(f, 5, 1);
    assert_non_null(strstr(f->complaint, "nothing to send"));
    enable_slave(f, 2, BULK | 64, TSIZ(DATA0, 2, 128));
    enable_slave(f, 3, BULK | 64, TSIZ(DATA0, 2, 128));
    write_words(f, 2, 1);
    write_words(f, 3, 1);
    assert_non_null(strstr(f->complaint, "before that of channel 2"));
    write_words(f, 2, 16);
    assert_non_null(strstr(f->complaint, "overflows"));
    for (unsigned n = 0; n < 9; n++)
        enable_slave(f, 4, BULK | IN | 64, TSIZ(DATA0, 1, 64));
    assert_non_null(strstr(f->complaint, "queue is full"));
    fixture_destroy(f);
}

/* 60.15.2: data and the end of the transfer come through the receive FIFO, in order. */
static void test_slave_in(void **state)
{
    (void)state;
    struct soc_fixture *f = start_enabled(USB_SPEED_HIGH);
    SCRIPT({USB_ACK, 64, 0}, {USB_ACK, 6, 0});
    enable_slave(f, 1, BULK | IN | 64, TSIZ(DATA0, 4, 256));
    fixture_wait(f, 50 * SIM_US);
    assert_int_equal(fake.count, 1); /* a token each time it is enabled */
    assert_true(get(f, GINTSTS) & RXFLVL);
    assert_int_equal(get(f, HCINT(1)), 0);
    assert_int_equal(get(f, GRXSTSR), 2 << 17 | 0 << 15 | 64 << 4 | 1);
    assert_int_equal(get(f, GRXSTSP), 2 << 17 | 0 << 15 | 64 << 4 | 1);
    assert_int_equal(get(f, HCINT(1)), ACK);
    assert_false(get(f, GINTSTS) & RXFLVL);
    for (unsigned n = 0; n < 16; n++)
        assert_int_equal(get(f, DFIFO(n)), 0x03020100 + n * 0x04040404);
    assert_int_equal(get(f, DFIFO(0)), 0);
    assert_int_equal(get(f, HCTSIZ(1)), TSIZ(DATA1, 3, 192));

    set(f, HCCHAR(1), get(f, HCCHAR(1)) | CHENA);
    fixture_wait(f, 50 * SIM_US);
    assert_int_equal(get(f, GRXSTSP), 2 << 17 | 2 << 15 | 6 << 4 | 1);
    assert_int_equal(get(f, DFIFO(1)), 0x04030201);
    assert_int_equal(get(f, DFIFO(1)), 0x0605);
    assert_int_equal(get(f, HCINT(1)), ACK);
    assert_int_equal(get(f, GRXSTSP), 3 << 17 | 1); /* a short packet ended it */
    assert_int_equal(get(f, HCINT(1)), XFRC | ACK);

    set(f, HCCHAR(1), get(f, HCCHAR(1)) | CHENA | CHDIS);
    fixture_wait(f, SIM_US);
    assert_int_equal(get(f, HCINT(1)), XFRC | ACK);
    assert_int_equal(get(f, GRXSTSP), 7 << 17 | 1);
    assert_int_equal(get(f, HCINT(1)), XFRC | ACK | CHH);
    assert_int_equal(get(f, GRXSTSP), 0);
    fixture_destroy(f);
}

static void test_data_left_in_the_receive_fifo(void **state)
{
    (void)state;
    struct soc_fixture *f = start_enabled(USB_SPEED_HIGH);
    SCRIPT({USB_ACK, 64, 0}, {USB_ACK, 64, 0});
    enable_slave(f, 1, BULK | IN | 64, TSIZ(DATA0, 4, 256));
    set(f, HCCHAR(1), get(f, HCCHAR(1)) | CHENA);
    fixture_wait(f, 50 * SIM_US);
    get(f, GRXSTSP);
    get(f, DFIFO(1));
    assert_int_equal(get(f, GRXSTSP) >> 17, 2);
    assert_non_null(strstr(f->complaint, "15 words"));
    assert_int_equal(get(f, DFIFO(1)), 0x04030201);
    set(f, GRSTCTL, 0x10);
    assert_false(get(f, GINTSTS) & RXFLVL);
    fixture_destroy(f);
}

/* No IN token goes out while its packet would not fit. */
static void test_full_receive_fifo_holds_tokens_back(void **state)
{
    (void)state;
    struct soc_fixture *f = start_enabled(USB_SPEED_HIGH);
    set(f, GRXFSIZ, 2 * 18);
    fake.length = 64;
    enable_slave(f, 1, BULK | IN | 64, TSIZ(DATA0, 8, 512));
    for (unsigned n = 0; n < 3; n++)
        set(f, HCCHAR(1), get(f, HCCHAR(1)) | CHENA);
    fixture_wait(f, 500 * SIM_US);
    assert_int_equal(fake.count, 2);
    get(f, GRXSTSP);
    for (unsigned n = 0; n < 16; n++)
        get(f, DFIFO(1));
    fixture_wait(f, 500 * SIM_US);
    assert_int_equal(fake.count, 3);
    fixture_destroy(f);
}

static void test_slave_flags_of_refusals(void **state)
{
    static const struct {
        struct step step;
        uint32_t character, flags;
    } cases[] = {
        {{USB_NAK, 0, 0}, BULK | 64, NAK},       {{USB_NAK, 0, 0}, BULK | IN | 64, NAK},
        {{USB_STALL, 0, 0}, BULK | 64, STALL},   {{USB_STALL, 0, 0}, BULK | IN | 64, STALL},
        {{USB_SILENCE, 0, 0}, BULK | 64, TXERR}, {{USB_GARBLED, 9, 0}, BULK | IN | 64, TXERR},
        {{USB_NYET, 0, 0}, BULK | 64, NYET},     {{USB_ACK, 65, 0}, BULK | IN | 64, BBERR},
    };
    (void)state;
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct soc_fixture *f = start_enabled(USB_SPEED_HIGH);
        SCRIPT(cases[n].step);
        enable_slave(f, 1, cases[n].character, TSIZ(DATA0, 2, 128));
        if (!(cases[n].character & IN))
            write_words(f, 1, 32); /* the second packet is posted, and must not go */
        fixture_wait(f, 100 * SIM_US);
        assert_int_equal(get(f, HCINT(1)), cases[n].flags);
        assert_int_equal(fake.count, 1);
        assert_true(get(f, HCCHAR(1)) >> 31);
        set(f, HCCHAR(1), get(f, HCCHAR(1)) | CHENA | CHDIS);
        fixture_wait(f, SIM_US);
        while (get(f, GRXSTSR))
            get(f, GRXSTSP);
        assert_true(get(f, HCINT(1)) & CHH);
        assert_int_equal(get(f, HNPTXSTS) >> 16, 8); /* flushed */
        fixture_destroy(f);
    }
}

/* 60.15: a halt flushes what its channel has posted, and nothing else. */
static void test_halt_flushes_what_is_posted(void **state)
{
    (void)state;
    struct soc_fixture *f = start_enabled(USB_SPEED_HIGH);
    set(f, PCGCCTL, 1); /* nothing leaves */
    enable_slave(f, 1, BULK | IN | 64, TSIZ(DATA0, 2, 128));
    enable_slave(f, 2, BULK | 64, TSIZ(DATA0, 2, 128));
    write_words(f, 2, 20); /* a packet, and the beginning of another */
    enable_slave(f, 3, BULK | IN | 64, TSIZ(DATA0, 1, 64));
    assert_int_equal(get(f, HNPTXSTS) >> 16 & 0xff, 5);
    set(f, HCCHAR(2), get(f, HCCHAR(2)) | CHENA | CHDIS);
    fixture_wait(f, SIM_US);
    assert_int_equal(get(f, HCINT(2)), CHH);
    assert_int_equal(get(f, HNPTXSTS) & 0xffffff, 6 << 16 | 0x200);
    set(f, PCGCCTL, 0);
    fixture_wait(f, 200 * SIM_US);
    assert_int_equal(fake.count, 2);
    fixture_destroy(f);
}

static void test_slave_toggle_error_and_ping(void **state)
{
    (void)state;
    struct soc_fixture *f = start_enabled(USB_SPEED_HIGH);
    SCRIPT({USB_ACK, 9, true}, {USB_ACK, 0, 0});
    enable_slave(f, 1, BULK | IN | 64, TSIZ(DATA0, 1, 64));
    fixture_wait(f, 50 * SIM_US);
    assert_int_equal(get(f, GRXSTSP), 5 << 17 | 1);
    assert_int_equal(get(f, HCINT(1)), DTERR);
    enable_slave(f, 2, BULK | 64, DOPING | TSIZ(DATA0, 1, 64));
    fixture_wait(f, 50 * SIM_US);
    assert_int_equal(fake.seen[1].token, USB_PING);
    assert_int_equal(get(f, HCINT(2)), ACK);
    assert_false(get(f, HCTSIZ(2)) & DOPING);
    set(f, HCCHAR(2), get(f, HCCHAR(2)) | CHENA);
    write_words(f, 2, 16);
    fixture_wait(f, 50 * SIM_US);
    assert_int_equal(fake.count, 3);
    assert_int_equal(fake.seen[2].token, USB_OUT);
    assert_int_equal(get(f, HCINT(2)), XFRC | ACK);
    fixture_destroy(f);
}

static void test_slave_interrupt_channel_has_its_queue(void **state)
{
    (void)state;
    struct soc_fixture *f = start_enabled(USB_SPEED_HIGH);
    SCRIPT({USB_ACK, 8, 0});
    set(f, HPTXFSIZ, 0x00400300);
    uint32_t odd = get(f, HFNUM) & 1 ? 0 : ODDFRM;
    enable_slave(f, 6, INTERRUPT | IN | odd | 8, TSIZ(DATA0, 1, 8));
    assert_int_equal(get(f, HPTXSTS), 6u << 27 | 7 << 16 | 0x40);
    fixture_wait(f, 250 * SIM_US);
    assert_int_equal(get(f, HPTXSTS), 8 << 16 | 0x40);
    assert_int_equal(fake.count, 1);
    assert_int_equal(get(f, GRXSTSP), 2 << 17 | 8 << 4 | 6);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slave_out),
        cmocka_unit_test(test_slave_setup_and_empty_packet),
        cmocka_unit_test(test_levels_of_transmit_fifos),
        cmocka_unit_test(test_wrong_use_of_fifos_is_reported),
        cmocka_unit_test(test_slave_in),
        cmocka_unit_test(test_data_left_in_the_receive_fifo),
        cmocka_unit_test(test_full_receive_fifo_holds_tokens_back),
        cmocka_unit_test(test_slave_flags_of_refusals),
        cmocka_unit_test(test_halt_flushes_what_is_posted),
        cmocka_unit_test(test_slave_toggle_error_and_ping),
        cmocka_unit_test(test_slave_interrupt_channel_has_its_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
