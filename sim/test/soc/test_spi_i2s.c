/* I2S: RM0399 53.9. */
#include "sim/test/soc/spi_fixture.h"

enum { I2S = 1, PCM = 3 << 4, CHLEN = 1 << 10 };
enum { SLAVE = 4 << 1, SENDER = 2 << 1, RECEIVER = 3 << 1, MASTER = 5 << 1, DATFMT = 1 << 14 };
enum { BITS24 = 1 << 8, BITS32 = 2 << 8, BY4 = 2 << 16, MCKOE = 1 << 25 };

static uint32_t answer(void *ctx, uint32_t out, unsigned bits)
{
    struct peer *peer = ctx;
    peer_hears(peer, out, bits);
    return peer->count;
}

/* By 64 MHz; a slot of 16 bits by 4 takes a microsecond. */
static struct soc_fixture *start(struct peer *peer, uint32_t cgfr)
{
    struct soc_fixture *f = fixture_create();
    const struct spi_peer p = {peer, answer};
    if (peer)
        assert_true(spi_attach(f->soc, "SPI1", &p));
    fixture_write(f, D2CCIP1R, 4 << 12);
    fixture_write(f, SPI1 + CGFR, I2S | cgfr);
    fixture_write(f, SPI1 + CR1, SPE);
    return f;
}

/* Both channels are played again until UDR is clear, and the next sample is of the channel that lacked one. */
static void test_sender_underruns_in_its_channel(void **state)
{
    (void)state;
    static const uint32_t expected[] = {0x1111, 0x2222, 0x3333, 0x2222, 0x3333,
                                        0x2222, 0x3333, 0x4444, 0x5555, 0x6666};
    struct peer peer = {{0}, 0, 0};
    struct soc_fixture *f = start(&peer, SENDER | BY4);
    fixture_write(f, SPI1 + IER, UDR);
    fixture_write(f, SPI1 + TXDR, 0x22221111);
    spi_put(f, SPI1, 2, 0x3333);
    fixture_wait(f, 10 * SIM_US);
    assert_int_equal(peer.count, 0); /* not before CSTART */
    fixture_write(f, SPI1 + CR1, SPE | CSTART);
    fixture_wait(f, 3 * SIM_US + SIM_NS);
    assert_int_equal(peer.count, 3);
    assert_false(fixture_read(f, SPI1 + SR) & UDR);
    fixture_wait(f, SIM_US);
    assert_true(fixture_read(f, SPI1 + SR) & UDR);
    assert_true(f->irq[SOC_CM7][35]);
    fixture_write(f, SPI1 + TXDR, 0x55554444);
    spi_put(f, SPI1, 2, 0x6666);
    fixture_wait(f, 2 * SIM_US);
    fixture_write(f, SPI1 + IFCR, UDR);
    assert_false(f->irq[SOC_CM7][35]);
    fixture_wait(f, 4 * SIM_US);
    assert_int_equal(peer.bits, 16);
    for (unsigned n = 0; n < 10; n++)
        assert_int_equal(peer.heard[n], expected[n]);
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

static void test_receiver_overruns_in_its_channel(void **state)
{
    (void)state;
    struct peer peer = {{0}, 0, 0};
    struct soc_fixture *f = start(&peer, RECEIVER | BY4);
    fixture_write(f, SPI1 + CR1, SPE | CSTART);
    fixture_wait(f, 9 * SIM_US + SIM_NS); /* 8 in the FIFO, and the 9th, a left one, is lost */
    assert_true(fixture_read(f, SPI1 + SR) & OVR);
    for (unsigned n = 1; n <= 8; n++)
        assert_int_equal(spi_get(f, SPI1, 2), n);
    fixture_wait(f, SIM_US);
    fixture_write(f, SPI1 + IFCR, OVR);
    fixture_wait(f, 2 * SIM_US);
    assert_int_equal(spi_get(f, SPI1, 2), 11);
    assert_int_equal(spi_get(f, SPI1, 2), 12);
    fixture_destroy(f);
}

/* 53.9.9, table 440 */
static void test_rates(void **state)
{
    (void)state;
    static const struct {
        uint32_t cgfr;
        unsigned clocks; /* of a slot */
    } cases[] = {
        {16 << 16, 512},         {8 << 16 | CHLEN, 512}, {2 << 16 | MCKOE, 512},
        {2 << 16 | 1 << 24, 80}, {MCKOE, 128},           {PCM | 2 << 16, 64},
    };
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct peer peer = {{0}, 0, 0};
        struct soc_fixture *f = start(&peer, SENDER | cases[n].cgfr);
        fixture_write(f, SPI1 + CR1, SPE | CSTART);
        fixture_wait(f, sim_cycles_to_time(10 * cases[n].clocks, 64000000) - SIM_NS);
        assert_int_equal(peer.count, 9);
        fixture_wait(f, 2 * SIM_NS);
        assert_int_equal(peer.count, 10);
        fixture_destroy(f);
    }
}

static void test_slave_on_the_same_wires(void **state)
{
    (void)state;
    static const struct {
        uint32_t master, slave, sent, heard;
    } cases[] = {
        {BITS24, BITS24, 0x123456, 0x123456},
        {BITS24 | DATFMT, BITS24, 0x12345600, 0x123456},
        {BITS32, BITS24 | DATFMT, 0x12345678, 0x12345600},
        {BITS32, BITS32, 0x12345678, 0x12345678},
    };
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct soc_fixture *f = start(NULL, MASTER | CHLEN | BY4 | cases[n].master);
        assert_true(spi_join(f->soc, "SPI1", "SPI2"));
        fixture_write(f, SPI2 + CGFR, I2S | SLAVE | CHLEN | cases[n].slave);
        fixture_write(f, SPI2 + CR1, SPE);
        fixture_write(f, SPI2 + CR1, SPE | CSTART);
        fixture_write(f, SPI2 + TXDR, cases[n].heard);
        fixture_write(f, SPI1 + TXDR, cases[n].sent);
        fixture_write(f, SPI1 + CR1, SPE | CSTART);
        fixture_wait(f, 2 * SIM_US + SIM_NS);
        assert_int_equal(fixture_read(f, SPI2 + SR) & (RXP | UDR), RXP);
        assert_int_equal(fixture_read(f, SPI2 + RXDR), cases[n].heard);
        assert_int_equal(fixture_read(f, SPI1 + RXDR), n == 2 ? 0x12345600 : cases[n].sent);
        fixture_destroy(f);
    }
}

/* CSUSP stops it behind a whole frame. */
static void test_suspension(void **state)
{
    (void)state;
    struct peer peer = {{0}, 0, 0};
    struct soc_fixture *f = start(&peer, SENDER | BY4);
    fixture_write(f, SPI1 + CR1, SPE | CSTART);
    fixture_wait(f, 2 * SIM_US + SIM_NS);
    fixture_write(f, SPI1 + CR1, SPE | CSTART | CSUSP);
    fixture_wait(f, SIM_US);
    assert_true(fixture_read(f, SPI1 + CR1) & CSTART);
    fixture_wait(f, 10 * SIM_US);
    assert_false(fixture_read(f, SPI1 + CR1) & CSTART);
    assert_true(fixture_read(f, SPI1 + SR) & SUSP);
    assert_int_equal(peer.count, 4);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sender_underruns_in_its_channel),
        cmocka_unit_test(test_receiver_overruns_in_its_channel),
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_slave_on_the_same_wires),
        cmocka_unit_test(test_suspension),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
