/* The CRC of the SPIs: RM0399 53.5.3, with the check values that the catalogues give for "123456789". */
#include "sim/test/soc/spi_fixture.h"

enum { FULL = 1 << 13, RX_ONES = 1 << 14, TX_ONES = 1 << 15, CRCEN = 1 << 22 };
enum { MASTER = 1 << 22, SSM = 1 << 26 };

struct heard {
    uint32_t frame;
    unsigned bits, count;
};

static uint32_t hear(void *ctx, uint32_t out, unsigned bits)
{
    struct heard *heard = ctx;
    heard->frame = out;
    heard->bits = bits;
    heard->count++;
    return out;
}

static void enable(struct soc_fixture *f, uint32_t base, uint32_t cr1, unsigned crc_bits,
                   uint32_t polynomial)
{
    fixture_write(f, base + CR1, 0);
    fixture_write(f, base + CFG1, 7 | 2u << 28 | CRCEN | (crc_bits - 1) << 16);
    fixture_write(f, base + CR1, SSI | cr1);
    fixture_write(f, base + CRCPOLY, polynomial);
    fixture_write(f, base + CFG2, base == SPI5 ? 0 : MASTER | SSM);
    fixture_write(f, base + CR2, 9);
    fixture_write(f, base + CR1, SPE | SSI | cr1);
}

/* Each end sends "123456789"; a byte takes a microsecond. */
static void send(struct soc_fixture *f, uint32_t base, uint32_t slave, uint32_t cr1)
{
    fixture_write(f, base + CR1, SPE | SSI | CSTART | cr1);
    for (unsigned n = 0; n < 9; n++) {
        if (slave)
            bus_write(&f->sim.bus, MASTER_CM7, slave + TXDR, 1, '1' + n);
        bus_write(&f->sim.bus, MASTER_CM7, base + TXDR, 1, '1' + n);
        fixture_wait(f, SIM_US + SIM_NS);
        assert_int_equal(spi_get(f, base, 1), '1' + n);
        if (slave)
            assert_int_equal(spi_get(f, slave, 1), '1' + n);
    }
    assert_false(fixture_read(f, base + SR) & EOT);
}

static void test_check_values(void **state)
{
    (void)state;
    static const struct {
        uint32_t base, cr1, polynomial, crc, frame;
        unsigned bits;
    } all[] = {
        {SPI4, 0, 0x107, 0xf4, 0xf4, 8},                              /* SMBus */
        {SPI4, TX_ONES | RX_ONES, 0x11d, 0xb4, 0xb4, 8},              /* HITAG */
        {SPI1, 0, 0x11021, 0x31c3, 0x31c3, 16},                       /* XMODEM */
        {SPI4, FULL, 0x1021, 0x31c3, 0x31c3, 16},                     /* the same */
        {SPI1, 0, 0x11021, 0x31c3, 0x31, 8},                          /* its upper half */
        {SPI1, 0, 0x11021, 0x31c3, 0x31c30000, 32},                   /* filled with zeros */
        {SPI4, FULL | TX_ONES | RX_ONES, 0x1021, 0x29b1, 0x29b1, 16}, /* with ones */
        {SPI1, FULL | TX_ONES | RX_ONES, 0x4c11db7, 0x376e6e7, 0x376e6e7, 32}, /* MPEG-2 */
    };
    for (unsigned n = 0; n < sizeof all / sizeof all[0]; n++) {
        struct heard heard = {0, 0, 0};
        struct soc_fixture *f = fixture_create();
        const struct spi_peer peer = {&heard, hear};
        fixture_write(f, D2CCIP1R, 4 << 12); /* SPI1 by per_ck: HSI */
        assert_true(spi_attach(f->soc, all[n].base == SPI1 ? "SPI1" : "SPI4", &peer));
        enable(f, all[n].base, all[n].cr1, all[n].bits, all[n].polynomial);
        send(f, all[n].base, 0, all[n].cr1);
        assert_int_equal(fixture_read(f, all[n].base + TXCRC), all[n].crc);
        fixture_wait(f, all[n].bits * SIM_US / 8 + SIM_NS);
        assert_int_equal(heard.count, 10);
        assert_int_equal(heard.bits, all[n].bits);
        assert_int_equal(heard.frame, all[n].frame);
        assert_int_equal(fixture_read(f, all[n].base + SR) & (EOT | CRCE | RXP), EOT);
        assert_int_equal(fixture_read(f, all[n].base + RXCRC),
                         fixture_read(f, all[n].base + TXCRC));
        assert_string_equal(f->complaint, "");
        fixture_write(f, all[n].base + CR1, 0);
        assert_int_equal(fixture_read(f, all[n].base + TXCRC), 0);
        fixture_destroy(f);
    }
}

static void test_both_ends_compare(void **state)
{
    (void)state;
    for (unsigned differs = 0; differs < 2; differs++) {
        struct soc_fixture *f = fixture_create();
        assert_true(spi_join(f->soc, "SPI4", "SPI5"));
        enable(f, SPI5, 0, 8, differs ? 0x11d : 0x107);
        enable(f, SPI4, 0, 8, 0x107);
        fixture_write(f, SPI5 + IER, CRCE);
        send(f, SPI4, SPI5, 0);
        fixture_wait(f, SIM_US);
        for (uint32_t base = SPI4; base; base = base == SPI4 ? SPI5 : 0)
            assert_int_equal(fixture_read(f, base + SR) & (EOT | CRCE | RXP),
                             EOT | (differs ? CRCE : 0));
        assert_int_equal(f->irq[SOC_CM7][85], differs);
        fixture_write(f, SPI5 + IFCR, CRCE);
        assert_false(f->irq[SOC_CM7][85]);
        assert_false(fixture_read(f, SPI5 + SR) & CRCE);
        fixture_destroy(f);
    }
}

/* With no SPE between them: a block begins anew after a CRC. */
static void test_next_block_begins_anew(void **state)
{
    (void)state;
    struct heard heard = {0, 0, 0};
    struct soc_fixture *f = fixture_create();
    const struct spi_peer peer = {&heard, hear};
    assert_true(spi_attach(f->soc, "SPI4", &peer));
    enable(f, SPI4, 0, 8, 0x107);
    for (unsigned n = 1; n <= 2; n++) {
        send(f, SPI4, 0, 0);
        fixture_wait(f, SIM_US + SIM_NS);
        assert_int_equal(heard.count, 10 * n);
        assert_int_equal(heard.frame, 0xf4);
        assert_int_equal(fixture_read(f, SPI4 + SR) & (EOT | CRCE), EOT);
        fixture_write(f, SPI4 + IFCR, EOT);
    }
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check_values),
        cmocka_unit_test(test_both_ends_compare),
        cmocka_unit_test(test_next_block_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
