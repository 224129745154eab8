/* USB OTG in DMA mode: RM0399 60.15, USB 2.0 chapters 5 and 8. */
#include "sim/test/soc/usb_fixture.h"

/* ---- DMA mode ---- */

static void test_dma_setup_and_its_stages(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    SCRIPT({USB_ACK, 0, false}, {USB_ACK, 18, false}, {USB_ACK, 0, false});
    fake.data1 = true;
    memory(f)[0] = 0x01000680;
    memory(f)[1] = 0x00120000;
    run_channel(f, 0, CONTROL | 64, TSIZ(SETUP, 1, 8));
    assert_int_equal(get(f, HCINT(0)), XFRC | CHH | ACK);
    assert_int_equal(get(f, HCCHAR(0)) >> 30, 0);
    assert_int_equal(fake.seen[0].token, USB_SETUP);
    assert_int_equal(fake.seen[0].address, 5);
    assert_int_equal(fake.seen[0].endpoint, 2);
    assert_int_equal(fake.seen[0].length, 8);
    assert_int_equal(fake.seen[0].data[0], 0x80);
    assert_int_equal(fake.seen[0].data[6], 0x12);
    assert_int_equal(get(f, HCTSIZ(0)) >> 29, DATA1); /* the stage that follows */

    run_channel(f, 1, CONTROL | IN | 64, TSIZ(DATA1, 1, 64));
    assert_int_equal(get(f, HCINT(1)), XFRC | CHH | ACK); /* a short packet ends it */
    assert_int_equal(get(f, HCTSIZ(1)), TSIZ(DATA0, 0, 64 - 18));
    assert_int_equal(get(f, HCDMA(1)), SRAM + 18);
    assert_int_equal(memory(f)[0], 0x03020100);
    assert_int_equal(memory(f)[4] & 0xffff, 0x1110);

    run_channel(f, 0, CONTROL | 64, TSIZ(DATA1, 1, 0));
    assert_int_equal(get(f, HCINT(0)), XFRC | CHH | ACK);
    assert_int_equal(fake.seen[2].token, USB_OUT);
    assert_int_equal(fake.seen[2].length, 0);
    assert_true(fake.seen[2].data1);
    fixture_destroy(f);
}

static void test_dma_out_of_many_packets(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    SCRIPT({USB_ACK, 0, false});
    for (unsigned n = 0; n < 400; n++)
        memory(f)[n] = n * 0x01010101u;
    run_channel(f, 3, BULK | 512, TSIZ(DATA1, 4, 3 * 512 + 5));
    assert_int_equal(get(f, HCINT(3)), XFRC | CHH | ACK);
    assert_int_equal(fake.count, 4);
    for (unsigned n = 0; n < 4; n++) {
        assert_int_equal(fake.seen[n].data1, n % 2 == 0);
        assert_int_equal(fake.seen[n].length, n < 3 ? 512 : 5);
        assert_memory_equal(fake.seen[n].data, &memory(f)[n * 128], fake.seen[n].length);
    }
    assert_int_equal(get(f, HCTSIZ(3)), TSIZ(DATA1, 0, 0));
    assert_int_equal(get(f, HCDMA(3)), SRAM + 3 * 512 + 5);
    fixture_destroy(f);
}

static void test_dma_in_until_the_count_or_a_short_packet(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    SCRIPT({USB_ACK, 512, false}, {USB_ACK, 512, false}, {USB_ACK, 7, false});
    run_channel(f, 1, BULK | IN | 512, TSIZ(DATA0, 2, 1024));
    assert_int_equal(get(f, HCINT(1)), XFRC | CHH | ACK);
    assert_int_equal(fake.count, 2);
    assert_int_equal(fake.acknowledged, 2);
    memory(f)[1] = 0xa5a5a5a5;
    run_channel(f, 1, BULK | IN | 512, get(f, HCTSIZ(1)) | TSIZ(0, 8, 4096));
    assert_int_equal(fake.count, 3);
    assert_int_equal(get(f, HCTSIZ(1)), TSIZ(DATA1, 7, 4096 - 7));
    assert_int_equal(memory(f)[1], 0xa5080706); /* bytes 4 to 6 and no more */
    fixture_destroy(f);
}

/* 60.15.5: the core rewinds after NAK and asks with PING before it sends again. */
static void test_dma_nak_of_out_is_pinged(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    SCRIPT({USB_ACK, 0, 0}, {USB_NAK, 0, 0}, {USB_NAK, 0, 0}, {USB_ACK, 0, 0}, {USB_ACK, 0, 0});
    run_channel(f, 2, BULK | 512, TSIZ(DATA0, 2, 1024));
    assert_int_equal(get(f, HCINT(2)), XFRC | CHH | ACK | NAK);
    static const enum usb_token tokens[] = {USB_OUT, USB_OUT, USB_PING, USB_PING, USB_OUT};
    assert_int_equal(fake.count, 5);
    for (unsigned n = 0; n < 5; n++)
        assert_int_equal(fake.seen[n].token, tokens[n]);
    assert_true(fake.seen[1].data1 && fake.seen[4].data1);
    assert_int_equal(get(f, HCTSIZ(2)) & 0x7ffff, 0);
    fixture_destroy(f);
}

static void test_dma_nyet_is_pinged(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    SCRIPT({USB_NYET, 0, 0}, {USB_ACK, 0, 0}, {USB_NYET, 0, 0});
    run_channel(f, 2, BULK | 512, TSIZ(DATA0, 2, 1024));
    assert_int_equal(get(f, HCINT(2)), XFRC | CHH | ACK | NYET);
    assert_int_equal(fake.count, 3);
    assert_int_equal(fake.seen[1].token, USB_PING);
    assert_int_equal(fake.seen[2].token, USB_OUT);
    assert_true(fake.seen[2].data1);
    fixture_destroy(f);
}

static void test_ping_that_the_guest_asks_for(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    SCRIPT({USB_ACK, 0, 0}, {USB_ACK, 0, 0});
    run_channel(f, 2, BULK | 512, DOPING | TSIZ(DATA0, 1, 512));
    assert_int_equal(fake.seen[0].token, USB_PING);
    assert_int_equal(fake.seen[1].token, USB_OUT);
    assert_int_equal(get(f, HCINT(2)), XFRC | CHH | ACK);
    fixture_destroy(f);
}

/* A device that says when it will have something is not asked until then. */
static void test_dma_in_waits_for_a_device_that_naks(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    SCRIPT({USB_NAK, 0, 0}, {USB_NAK, 0, 0}, {USB_NAK, 0, 0}, {USB_ACK, 13, 0});
    run_channel(f, 1, BULK | IN | 512, TSIZ(DATA0, 1, 512));
    assert_int_equal(get(f, HCINT(1)), XFRC | CHH | ACK | NAK);
    assert_int_equal(fake.count, 4);
    assert_true(fake.at[3] - fake.at[0] < 15 * SIM_US);
    SCRIPT({USB_NAK, 0, 0}, {USB_ACK, 13, 0});
    fake.ready = sim_now(&f->sim) + 5 * SIM_MS;
    run_channel(f, 1, BULK | IN | 512, TSIZ(DATA1, 1, 512));
    assert_int_equal(fake.count, 1);
    fixture_wait(f, 5 * SIM_MS);
    assert_int_equal(fake.count, 2);
    assert_int_equal(fake.at[1], fake.ready);
    assert_true(get(f, HCINT(1)) & XFRC);
    fixture_destroy(f);
}

static void test_dma_channel_halts_at_what_the_guest_must_see(void **state)
{
    static const struct {
        struct step step;
        uint32_t character, flags;
    } cases[] = {
        {{USB_STALL, 0, 0}, BULK | 512, STALL | CHH},
        {{USB_STALL, 0, 0}, BULK | IN | 512, STALL | CHH},
        {{USB_SILENCE, 0, 0}, BULK | 512, TXERR | CHH},
        {{USB_GARBLED, 9, 0}, BULK | IN | 512, TXERR | CHH},
        {{USB_ACK, 513, 0}, BULK | IN | 512, BBERR | CHH},
        {{USB_ACK, 9, true}, BULK | IN | 512, DTERR | CHH},
    };
    (void)state;
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct soc_fixture *f = start_dma();
        SCRIPT(cases[n].step);
        memory(f)[0] = 0xa5a5a5a5;
        run_channel(f, 9, cases[n].character, TSIZ(DATA0, 2, 1024));
        assert_int_equal(get(f, HCINT(9)), cases[n].flags);
        assert_int_equal(get(f, HCCHAR(9)) >> 30, 0);
        assert_int_equal(get(f, HCTSIZ(9)), TSIZ(DATA0, 2, 1024));
        assert_int_equal(memory(f)[0], 0xa5a5a5a5);
        assert_int_equal(fake.count, 1);
        fixture_destroy(f);
    }
}

/* A host that did not see the device's data does not acknowledge them; the repeated ones it does. */
static void test_garbled_data_come_again(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    SCRIPT({USB_GARBLED, 9, false}, {USB_ACK, 9, false}, {USB_ACK, 9, true});
    run_channel(f, 1, BULK | IN | 512, TSIZ(DATA0, 1, 512));
    assert_int_equal(fake.acknowledged, 0);
    run_channel(f, 1, BULK | IN | 512, TSIZ(DATA0, 1, 512));
    assert_int_equal(fake.acknowledged, 1);
    run_channel(f, 1, BULK | IN | 512, TSIZ(DATA1, 1, 512));
    assert_int_equal(get(f, HCINT(1)), DTERR | CHH);
    assert_int_equal(fake.acknowledged, 2);
    fixture_destroy(f);
}

static void test_dma_that_reaches_nothing(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    for (unsigned in = 0; in < 2; in++) {
        SCRIPT({USB_ACK, 64, 0});
        set(f, HCINT(0), 0x7ff);
        set(f, HCTSIZ(0), TSIZ(DATA0, 1, 64));
        set(f, HCDMA(0), 0x20000000); /* the DTCM is the M7's alone */
        fake.data1 = false;
        set(f, HCCHAR(0), CHENA | BULK | (in ? IN : 0) | 512);
        fixture_wait(f, 200 * SIM_US);
        assert_int_equal(get(f, HCINT(0)), AHBERR | CHH);
        assert_non_null(strstr(f->complaint, "cannot reach 0x20000000"));
    }
    fixture_destroy(f);
}

/* USB 2.0 table 5-10: thirteen packets of 512 bytes in a microframe; table 5-9: nineteen of 64. */
static void test_bulk_packets_in_a_frame(void **state)
{
    (void)state;
    static const struct {
        enum usb_speed speed;
        unsigned size, packets;
        sim_time frame, each; /* 55 bytes beside the data at high speed, 13 at full speed */
    } cases[] = {{USB_SPEED_HIGH, 512, 13, 125 * SIM_US, 9450 * SIM_NS},
                 {USB_SPEED_FULL, 64, 19, SIM_MS, 51333 * SIM_NS}};
    for (unsigned n = 0; n < 2; n++) {
        struct soc_fixture *f = start_enabled(cases[n].speed);
        unsigned all = 3 * cases[n].packets;
        set(f, GAHBCFG, 1 | 1 << 5);
        SCRIPT({USB_ACK, 0, 0});
        set(f, HCTSIZ(2), TSIZ(DATA0, all + 1, (all + 1) * cases[n].size));
        set(f, HCDMA(2), SRAM);
        /* from the beginning of a frame */
        sim_time clocks = get(f, HFNUM) >> 16;
        fixture_wait(f, clocks * SIM_US / 60 + SIM_US / 10);
        sim_time began = sim_now(&f->sim);
        set(f, HCCHAR(2), CHENA | BULK | cases[n].size);
        fixture_wait(f, 4 * cases[n].frame);
        assert_int_equal(fake.count, all + 1);
        for (unsigned k = 0; k <= all; k++)
            assert_int_equal((fake.at[k] - began) / cases[n].frame, k / cases[n].packets);
        assert_in_range(fake.at[1] - fake.at[0], cases[n].each, cases[n].each + SIM_NS);
        fixture_destroy(f);
    }
}

/* Its bursts are counted at the memory: others there see them. */
static void test_dma_takes_its_share_of_the_memory(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    struct ram *ram = &f->soc->memory.sram1;
    SCRIPT({USB_ACK, 0, 0});
    assert_int_equal(traffic_share(ram, MASTER_USB1, sim_now(&f->sim)), 0);
    set(f, HCTSIZ(2), TSIZ(DATA0, 64, 32768));
    set(f, HCDMA(2), SRAM);
    set(f, HCCHAR(2), CHENA | BULK | 512);
    fixture_wait(f, 300 * SIM_US);
    assert_true(traffic_share(ram, MASTER_USB1, sim_now(&f->sim)) > 0);
    fixture_destroy(f);
}

static void test_channels_take_turns(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    SCRIPT({USB_ACK, 0, 0});
    for (unsigned n = 1; n <= 3; n++) {
        set(f, HCTSIZ(n), TSIZ(DATA0, 2, 128));
        set(f, HCDMA(n), SRAM);
        set(f, HCCHAR(n), CHENA | BULK | n << 11 | 64);
    }
    fixture_wait(f, 200 * SIM_US);
    assert_int_equal(fake.count, 6);
    for (unsigned n = 0; n < 6; n++)
        assert_int_equal(fake.seen[n].endpoint, n % 3 + 1);
    fixture_destroy(f);
}

/* ---- Halts ---- */

static void test_halt_takes_a_moment_and_ends_a_transfer(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    SCRIPT({USB_NAK, 0, 0});
    fake.ready = SIM_NEVER - 1;
    run_channel(f, 1, BULK | IN | 512, TSIZ(DATA0, 1, 512));
    /* As some drivers do it: first CHDIS, then CHENA, which must not enable it anew. */
    set(f, HCCHAR(1), get(f, HCCHAR(1)) | CHDIS);
    set(f, HCCHAR(1), get(f, HCCHAR(1)) | CHENA);
    set(f, HCCHAR(1), (get(f, HCCHAR(1)) & ~(uint32_t)CHDIS) | CHENA);
    assert_int_equal(get(f, HCCHAR(1)) >> 30, 3);
    fixture_wait(f, SIM_US);
    assert_int_equal(get(f, HCCHAR(1)) >> 30, 0);
    assert_int_equal(get(f, HCINT(1)), NAK | CHH);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fake.count, 1);
    /* One that is not enabled halts, too; CHDIS alone is nothing. */
    set(f, HCINT(1), 0x7ff);
    set(f, HCCHAR(1), CHDIS);
    fixture_wait(f, SIM_US);
    assert_int_equal(get(f, HCINT(1)), 0);
    set(f, HCCHAR(1), CHENA | CHDIS);
    fixture_wait(f, SIM_US);
    assert_int_equal(get(f, HCINT(1)), CHH);
    fixture_destroy(f);
}

static void test_halt_waits_for_the_packet_on_the_wire(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    SCRIPT({USB_ACK, 512, 0});
    set(f, HCTSIZ(1), TSIZ(DATA0, 8, 4096));
    set(f, HCDMA(1), SRAM);
    set(f, HCCHAR(1), CHENA | BULK | IN | 512);
    fixture_wait(f, 2 * SIM_US);
    assert_int_equal(fake.count, 1);
    set(f, HCCHAR(1), get(f, HCCHAR(1)) | CHDIS);
    fixture_wait(f, SIM_US);
    assert_int_equal(get(f, HCINT(1)), 0);
    fixture_wait(f, 20 * SIM_US);
    assert_int_equal(get(f, HCINT(1)), ACK | CHH);
    assert_int_equal(get(f, HCTSIZ(1)), TSIZ(DATA1, 7, 4096 - 512));
    assert_int_equal(fake.count, 1);
    fixture_destroy(f);
}

static void test_interrupts_of_channels(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    SCRIPT({USB_STALL, 0, 0});
    set(f, GINTMSK, HCINTS);
    set(f, HAINTMSK, 1u << 3);
    set(f, HCINTMSK(3), STALL);
    set(f, HCINTMSK(4), XFRC);
    run_channel(f, 4, BULK | 512, TSIZ(DATA0, 1, 512));
    assert_int_equal(get(f, HAINT), 0);
    SCRIPT({USB_STALL, 0, 0}, {USB_STALL, 0, 0});
    set(f, HCINTMSK(4), STALL);
    run_channel(f, 4, BULK | 512, TSIZ(DATA0, 1, 512));
    assert_int_equal(get(f, HAINT), 1u << 4);
    assert_false(f->irq[SOC_CM7][77]);
    run_channel(f, 3, BULK | 512, TSIZ(DATA0, 1, 512));
    assert_int_equal(get(f, HAINT), 3u << 3);
    assert_true(f->irq[SOC_CM7][77] && f->irq[SOC_CM4][77]);
    set(f, HCINT(3), STALL);
    assert_false(f->irq[SOC_CM7][77]);
    fixture_destroy(f);
}

/* ---- When nobody is there ---- */

static void test_silence_after_the_device_was_pulled(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    SCRIPT({USB_ACK, 0, 0});
    set(f, HCTSIZ(1), TSIZ(DATA0, 100, 51200));
    set(f, HCDMA(1), SRAM);
    set(f, HCCHAR(1), CHENA | BULK | 512);
    fixture_wait(f, 2 * SIM_US);
    usb_plug(soc_block(f->soc, "USB1_OTG_HS"), NULL);
    fixture_wait(f, 50 * SIM_US);
    assert_int_equal(get(f, HCINT(1)), TXERR | CHH);
    assert_int_equal(get(f, HCTSIZ(1)) >> 19 & 0x3ff, 100);
    fixture_wait(f, SIM_MS);
    assert_true(get(f, GINTSTS) & DISCINT);
    /* Now nothing goes out; a halt still works. */
    run_channel(f, 1, BULK | 512, TSIZ(DATA0, 1, 512));
    assert_int_equal(get(f, HCINT(1)), 0);
    set(f, HCCHAR(1), get(f, HCCHAR(1)) | CHDIS);
    fixture_wait(f, SIM_US);
    assert_int_equal(get(f, HCINT(1)), CHH);
    fixture_destroy(f);
}

static void test_no_packets_while_the_phy_clock_is_stopped(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    SCRIPT({USB_ACK, 0, 0});
    set(f, PCGCCTL, 1);
    run_channel(f, 1, BULK | 512, TSIZ(DATA0, 1, 512));
    assert_int_equal(fake.count, 0);
    set(f, PCGCCTL, 0);
    fixture_wait(f, 200 * SIM_US);
    assert_int_equal(fake.count, 1);
    fixture_destroy(f);
}

static void test_split_transactions_are_not_there(void **state)
{
    (void)state;
    struct soc_fixture *f = start_dma();
    set(f, HCSPLT(1), 0x80000000u);
    run_channel(f, 1, BULK | 512, TSIZ(DATA0, 1, 512));
    assert_non_null(strstr(f->complaint, "split"));
    assert_int_equal(get(f, HCINT(1)), TXERR | CHH);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dma_setup_and_its_stages),
        cmocka_unit_test(test_dma_out_of_many_packets),
        cmocka_unit_test(test_dma_in_until_the_count_or_a_short_packet),
        cmocka_unit_test(test_dma_nak_of_out_is_pinged),
        cmocka_unit_test(test_dma_nyet_is_pinged),
        cmocka_unit_test(test_ping_that_the_guest_asks_for),
        cmocka_unit_test(test_dma_in_waits_for_a_device_that_naks),
        cmocka_unit_test(test_dma_channel_halts_at_what_the_guest_must_see),
        cmocka_unit_test(test_garbled_data_come_again),
        cmocka_unit_test(test_dma_that_reaches_nothing),
        cmocka_unit_test(test_bulk_packets_in_a_frame),
        cmocka_unit_test(test_dma_takes_its_share_of_the_memory),
        cmocka_unit_test(test_channels_take_turns),
        cmocka_unit_test(test_halt_takes_a_moment_and_ends_a_transfer),
        cmocka_unit_test(test_halt_waits_for_the_packet_on_the_wire),
        cmocka_unit_test(test_interrupts_of_channels),
        cmocka_unit_test(test_silence_after_the_device_was_pulled),
        cmocka_unit_test(test_no_packets_while_the_phy_clock_is_stopped),
        cmocka_unit_test(test_split_transactions_are_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
