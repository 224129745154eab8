/* SPI: RM0399 chapter 53, in the order of the vendor's drivers, with a peer that answers. */
#include "sim/test/soc/spi_fixture.h"

#define RCC  0x58024400u
#define DMA1 0x40020000u
#define MUX1 0x40020800u

enum { MASTER = 1 << 22 };

static uint32_t answer(void *ctx, uint32_t out, unsigned bits)
{
    peer_hears(ctx, out, bits);
    return out + 0x21;
}

static struct soc_fixture *start(struct peer *peer, uint32_t cfg1, uint32_t cfg2, uint32_t frames)
{
    struct soc_fixture *f = fixture_create();
    const struct spi_peer p = {peer, answer};
    if (peer)
        assert_true(spi_attach(f->soc, "SPI4", &p));
    fixture_write(f, SPI4 + CFG1, cfg1 | 2u << 28);
    fixture_write(f, SPI4 + CR1, 1 << 12);
    fixture_write(f, SPI4 + CFG2, cfg2 | MASTER | 1 << 26);
    fixture_write(f, SPI4 + CR2, frames);
    fixture_write(f, SPI4 + CR1, SPE | 1 << 12);
    return f;
}

static void go(struct soc_fixture *f)
{
    fixture_write(f, SPI4 + CR1, fixture_read(f, SPI4 + CR1) | CSTART);
}

/* 8 bits of 64 MHz / 8: a microsecond each. */
static void test_full_duplex_by_polling(void **state)
{
    (void)state;
    struct peer peer = {{0}, 0, 0};
    struct soc_fixture *f = start(&peer, 7, 0, 3);
    assert_int_equal(fixture_read(f, SPI4 + SR) & (TXP | RXP | EOT), TXP);
    go(f);
    for (unsigned n = 0; n < 3; n++)
        spi_put(f, SPI4, 1, (uint8_t)(n + 1));
    assert_int_equal(fixture_read(f, SPI4 + SR) & (TXP | TXTF | EOT), TXTF);
    fixture_wait(f, 3 * SIM_US - SIM_NS);
    assert_int_equal(fixture_read(f, SPI4 + SR) >> 16, 1);
    assert_false(fixture_read(f, SPI4 + SR) & EOT);
    fixture_wait(f, 2 * SIM_NS);
    assert_int_equal(fixture_read(f, SPI4 + SR) & (EOT | TXC | RXP), EOT | TXC | RXP);
    assert_false(fixture_read(f, SPI4 + CR1) & CSTART);
    for (unsigned n = 0; n < 3; n++) {
        assert_int_equal(peer.heard[n], n + 1);
        assert_int_equal(spi_get(f, SPI4, 1), n + 0x22);
    }
    assert_int_equal(fixture_read(f, SPI4 + SR) & RXP, 0);
    fixture_write(f, SPI4 + IFCR, EOT | TXTF);
    assert_int_equal(fixture_read(f, SPI4 + SR) & (EOT | TXTF), 0);
    fixture_destroy(f);
}

static void test_end_of_transfer_interrupts(void **state)
{
    (void)state;
    struct soc_fixture *f = start(NULL, 15, 0, 1);
    fixture_write(f, SPI4 + IER, RXP);
    go(f);
    assert_int_equal(bus_write(&f->sim.bus, MASTER_CM7, SPI4 + TXDR, 2, 0x1234), BUS_OK);
    assert_false(f->irq[SOC_CM7][84]);
    fixture_wait(f, 2 * SIM_US + SIM_NS);
    assert_true(f->irq[SOC_CM7][84]);
    assert_int_equal(fixture_read(f, SPI4 + RXDR), 0xffff); /* nobody drives the line */
    assert_false(f->irq[SOC_CM7][84]);
    fixture_write(f, SPI4 + IER, EOT);
    assert_true(f->irq[SOC_CM7][84]);
    fixture_write(f, SPI4 + CR1, 0);
    assert_false(f->irq[SOC_CM7][84]);
    fixture_destroy(f);
}

/* A receiver alone needs nothing to send; with MASRX the clock waits, without it frames are lost. */
static void test_simplex_receiver_waits_or_overruns(void **state)
{
    (void)state;
    for (unsigned waits = 0; waits < 2; waits++) {
        struct peer peer = {{0}, 0, 0};
        struct soc_fixture *f = start(&peer, 7, 2u << 17, 20);
        fixture_write(f, SPI4 + CR1, SPE | 1 << 12 | waits << 8);
        go(f);
        fixture_wait(f, 15 * SIM_US);
        assert_int_equal(peer.count, waits ? 8 : 15);
        assert_int_equal(fixture_read(f, SPI4 + SR) & OVR, waits ? 0 : OVR);
        fixture_read(f, SPI4 + RXDR);
        fixture_wait(f, 10 * SIM_US);
        assert_int_equal(peer.count, waits ? 8 : 20);
        assert_int_equal(fixture_read(f, SPI4 + SR) & SUSP, waits ? SUSP : 0);
        fixture_write(f, SPI4 + IFCR, SUSP);
        fixture_wait(f, 10 * SIM_US);
        assert_int_equal(peer.count, waits ? 12 : 20);
        fixture_destroy(f);
    }
}

/* Handlers clear SUSP first and read then: it stays clear for a frame's time. */
static void test_suspended_receiver_leaves_time_to_read(void **state)
{
    (void)state;
    struct soc_fixture *f = start(NULL, 7, 2u << 17, 20);
    fixture_write(f, SPI4 + CR1, SPE | 1 << 12 | 1 << 8);
    go(f);
    fixture_wait(f, 15 * SIM_US);
    assert_true(fixture_read(f, SPI4 + SR) & SUSP);
    fixture_write(f, SPI4 + IFCR, SUSP);
    assert_false(fixture_read(f, SPI4 + SR) & SUSP);
    fixture_wait(f, SIM_US - SIM_NS);
    assert_false(fixture_read(f, SPI4 + SR) & SUSP);
    fixture_wait(f, 2 * SIM_NS);
    assert_true(fixture_read(f, SPI4 + SR) & SUSP);
    fixture_write(f, SPI4 + IFCR, SUSP);
    spi_get(f, SPI4, 1);
    fixture_wait(f, SIM_US + SIM_NS);
    assert_int_equal(fixture_read(f, SPI4 + SR) >> 16, 11);
    fixture_destroy(f);
}

static void test_endless_transfer_is_suspended(void **state)
{
    (void)state;
    struct peer peer = {{0}, 0, 0};
    struct soc_fixture *f = start(&peer, 7, 1u << 17, 0);
    go(f);
    for (unsigned n = 0; n < 8; n++)
        spi_put(f, SPI4, 1, (uint8_t)n);
    assert_int_equal(fixture_read(f, SPI4 + SR) & (TXP | TXTF), 0);
    fixture_wait(f, 2 * SIM_US + SIM_NS);
    assert_true(fixture_read(f, SPI4 + SR) & TXP);
    fixture_write(f, SPI4 + CR1, fixture_read(f, SPI4 + CR1) | CSUSP);
    assert_int_equal(fixture_read(f, SPI4 + SR) & SUSP, 0); /* the frame ends first */
    fixture_wait(f, SIM_US);
    assert_int_equal(fixture_read(f, SPI4 + SR) & SUSP, SUSP);
    assert_false(fixture_read(f, SPI4 + CR1) & CSTART);
    fixture_wait(f, 10 * SIM_US);
    assert_int_equal(peer.count, 3);
    fixture_write(f, SPI4 + IFCR, SUSP);
    go(f);
    fixture_wait(f, 10 * SIM_US);
    assert_int_equal(peer.count, 8);
    fixture_destroy(f);
}

static void test_both_ways_by_dma(void **state)
{
    (void)state;
    struct peer peer = {{0}, 0, 0};
    struct soc_fixture *f = start(&peer, 7, 0, 40);
    fixture_write(f, SPI4 + CR1, 0);
    for (unsigned n = 0; n < 10; n++)
        fixture_write(f, 0x30000000 + 4 * n, 0x03020100u + 0x04040404u * n);
    fixture_write(f, MUX1, 83);
    fixture_write(f, MUX1 + 4, 84);
    for (unsigned n = 0; n < 2; n++) {
        uint32_t stream = DMA1 + 0x10 + 0x18 * n;
        fixture_write(f, stream + 4, 40);
        fixture_write(f, stream + 8, SPI4 + (n ? TXDR : RXDR));
        fixture_write(f, stream + 12, 0x30000000 + (n ? 0 : 0x100));
        fixture_write(f, stream, 1 << 10 | n << 6 | 1);
    }
    fixture_write(f, SPI4 + CFG1, 7 | 2u << 28 | 3 << 14);
    fixture_write(f, SPI4 + CR2, 40);
    fixture_write(f, SPI4 + CR1, SPE | 1 << 12);
    go(f);
    fixture_wait(f, 45 * SIM_US);
    assert_true(fixture_read(f, SPI4 + SR) & EOT);
    for (unsigned n = 0; n < 10; n++)
        assert_int_equal(fixture_read(f, 0x30000100 + 4 * n), 0x24232221u + 0x04040404u * n);
    fixture_destroy(f);
}

static void test_what_is_not_modelled_is_reported(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, SPI1 + CR1, SPE);
    assert_non_null(strstr(f->complaint, "slave"));
    fixture_destroy(f);
}

static void test_txc_is_a_copy_of_eot_in_a_counted_transfer(void **state)
{
    (void)state;
    struct soc_fixture *f = start(NULL, 7, 0, 1);
    assert_false(fixture_read(f, SPI4 + SR) & TXC);
    fixture_write(f, SPI4 + IER, 6 | TXTF); /* TXPIE, DXPIE */
    go(f);
    spi_put(f, SPI4, 1, 1);
    assert_int_equal(fixture_read(f, SPI4 + IER), TXTF); /* there is nothing more to write */
    fixture_wait(f, 2 * SIM_US);
    assert_int_equal(fixture_read(f, SPI4 + SR) & (TXC | EOT), TXC | EOT);
    fixture_write(f, SPI4 + IFCR, EOT);
    assert_int_equal(fixture_read(f, SPI4 + SR) & (TXC | EOT), 0);
    fixture_destroy(f);
}

static void test_tser_extends_the_transfer(void **state)
{
    (void)state;
    struct peer peer = {{0}, 0, 0};
    struct soc_fixture *f = start(&peer, 7, 1u << 17, 2 | 3u << 16);
    go(f);
    fixture_write(f, SPI4 + CR2, 9u << 16); /* not before it is 0, and never TSIZE */
    for (unsigned n = 0; n < 5; n++)
        spi_put(f, SPI4, 1, (uint8_t)n);
    fixture_wait(f, 2 * SIM_US + SIM_NS);
    assert_int_equal(fixture_read(f, SPI4 + SR) & (EOT | TSERF), TSERF);
    assert_int_equal(fixture_read(f, SPI4 + CR2), 3);
    fixture_wait(f, 3 * SIM_US);
    assert_int_equal(fixture_read(f, SPI4 + SR) & (EOT | TSERF), EOT | TSERF);
    assert_int_equal(peer.count, 5);
    fixture_write(f, SPI4 + IFCR, TSERF);
    assert_false(fixture_read(f, SPI4 + SR) & TSERF);
    fixture_destroy(f);
}

static void test_a_master_that_is_selected_gives_way(void **state)
{
    (void)state;
    struct soc_fixture *f = start(NULL, 7, 0, 1);
    fixture_write(f, SPI4 + CR1, SPE); /* SSI low */
    assert_int_equal(fixture_read(f, SPI4 + SR) & MODF, MODF);
    assert_int_equal(fixture_read(f, SPI4 + CR1) & SPE, 0);
    assert_int_equal(fixture_read(f, SPI4 + CFG2) & MASTER, 0);
    fixture_write(f, SPI4 + CR1, SPE | 1 << 12);
    assert_int_equal(fixture_read(f, SPI4 + CR1) & SPE, 0);
    fixture_write(f, SPI4 + IFCR, MODF);
    fixture_write(f, SPI4 + CFG2, MASTER | 1 << 26);
    fixture_write(f, SPI4 + CR1, SPE | 1 << 12);
    assert_int_equal(fixture_read(f, SPI4 + CR1) & SPE, SPE);
    fixture_destroy(f);
}

static void test_registers_that_need_spe_to_be_off(void **state)
{
    (void)state;
    struct soc_fixture *f = start(NULL, 7, 0, 5);
    uint32_t cfg2 = fixture_read(f, SPI4 + CFG2);
    fixture_write(f, SPI4 + CFG1, 0xffffffff);
    assert_int_equal(fixture_read(f, SPI4 + CFG1), 0x2000c007);
    fixture_write(f, SPI4 + CFG2, 0);
    assert_int_equal(fixture_read(f, SPI4 + CFG2), cfg2);
    fixture_write(f, SPI4 + CR2, 0);
    assert_int_equal(fixture_read(f, SPI4 + CR2), 5);
    fixture_write(f, SPI4 + 0x40, 0x11021);
    assert_int_equal(fixture_read(f, SPI4 + 0x40), 0x107);
    fixture_write(f, SPI4 + 0x4c, 0x55);
    assert_int_equal(fixture_read(f, SPI4 + 0x4c), 0);
    fixture_write(f, SPI4 + CR1, SPE | 1 << 12 | 1 << 16); /* IOLOCK comes too late */
    assert_int_equal(fixture_read(f, SPI4 + CR1), SPE | 1 << 12);
    fixture_write(f, SPI4 + CR1, 1 << 12);
    fixture_write(f, SPI4 + CR1, 1 << 12 | 1 << 16);
    fixture_write(f, SPI4 + CFG2, 0);
    assert_int_equal(fixture_read(f, SPI4 + CFG2), cfg2);
    fixture_destroy(f);
}

/* Packets of four: the DMA fetches the last two frames when the transfer ends. */
static void test_dma_takes_the_rest_of_a_packet(void **state)
{
    (void)state;
    struct soc_fixture *f = start(NULL, 7 | 3 << 5 | 1 << 14, 0, 6);
    const struct wire *request = &f->soc->dma_request[0][83];
    go(f);
    for (unsigned n = 0; n < 6; n++)
        spi_put(f, SPI4, 1, (uint8_t)n);
    fixture_wait(f, 5 * SIM_US);
    assert_true(request->level);
    for (unsigned n = 0; n < 4; n++)
        spi_get(f, SPI4, 1);
    assert_false(request->level);
    fixture_wait(f, 2 * SIM_US);
    assert_true(request->level);
    spi_get(f, SPI4, 1), spi_get(f, SPI4, 1);
    assert_false(request->level);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full_duplex_by_polling),
        cmocka_unit_test(test_end_of_transfer_interrupts),
        cmocka_unit_test(test_simplex_receiver_waits_or_overruns),
        cmocka_unit_test(test_suspended_receiver_leaves_time_to_read),
        cmocka_unit_test(test_endless_transfer_is_suspended),
        cmocka_unit_test(test_both_ways_by_dma),
        cmocka_unit_test(test_txc_is_a_copy_of_eot_in_a_counted_transfer),
        cmocka_unit_test(test_tser_extends_the_transfer),
        cmocka_unit_test(test_a_master_that_is_selected_gives_way),
        cmocka_unit_test(test_registers_that_need_spe_to_be_off),
        cmocka_unit_test(test_dma_takes_the_rest_of_a_packet),
        cmocka_unit_test(test_what_is_not_modelled_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
