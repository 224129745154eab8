/* A slave of another block of the chip on the same wires: RM0399 53.4.11, 53.5.2. */
#include "sim/test/soc/spi_fixture.h"

#define MASTER_SPI SPI4
#define SLAVE_SPI  SPI5
enum { MASTER = 1 << 22, LSBFRST = 1 << 23, SSM = 1 << 26 };

static void enable(struct soc_fixture *f, uint32_t slave_cfg1, uint32_t frames)
{
    fixture_write(f, MASTER_SPI + CFG1, 7 | 2u << 28);
    fixture_write(f, MASTER_SPI + CR1, SSI);
    fixture_write(f, MASTER_SPI + CFG2, MASTER | SSM);
    fixture_write(f, MASTER_SPI + CR2, frames);
    fixture_write(f, MASTER_SPI + CR1, SPE | SSI);
    fixture_write(f, SLAVE_SPI + CFG1, 7 | slave_cfg1);
    fixture_write(f, SLAVE_SPI + CR2, frames);
    fixture_write(f, SLAVE_SPI + CR1, SPE);
}

static struct soc_fixture *start(uint32_t slave_cfg1, uint32_t frames)
{
    struct soc_fixture *f = fixture_create();
    assert_true(spi_join(f->soc, "SPI4", "SPI5"));
    assert_false(spi_join(f->soc, "SPI5", "SPI1"));
    fixture_write(f, SLAVE_SPI + UDRDR, 0x55);
    enable(f, slave_cfg1, frames);
    return f;
}

static void send(struct soc_fixture *f, uint32_t count)
{
    fixture_write(f, MASTER_SPI + CR1, SPE | SSI | CSTART);
    for (unsigned n = 0; n < count; n++) {
        spi_put(f, MASTER_SPI, 1, (uint8_t)(0x10 + n));
        fixture_wait(f, 2 * SIM_US);
    }
}

static void test_both_ways(void **state)
{
    (void)state;
    struct soc_fixture *f = start(0, 3);
    for (unsigned n = 0; n < 3; n++)
        spi_put(f, SLAVE_SPI, 1, (uint8_t)(0xa0 + n));
    assert_false(fixture_read(f, SLAVE_SPI + SR) & (EOT | RXP));
    send(f, 3);
    assert_int_equal(fixture_read(f, SLAVE_SPI + SR) & (EOT | TXC | RXP | UDR), EOT | TXC | RXP);
    for (unsigned n = 0; n < 3; n++) {
        assert_int_equal(spi_get(f, SLAVE_SPI, 1), 0x10 + n);
        assert_int_equal(spi_get(f, MASTER_SPI, 1), 0xa0 + n);
    }
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

/* UDRCFG: a constant, what came last, what went last. */
static void test_underrun(void **state)
{
    (void)state;
    static const uint8_t sent[3] = {0x55, 0x10, 0xa0};
    for (unsigned how = 0; how < 3; how++) {
        struct soc_fixture *f = start(how << 9, 0);
        fixture_write(f, SLAVE_SPI + IER, UDR);
        spi_put(f, SLAVE_SPI, 1, 0xa0);
        send(f, 2);
        assert_int_equal(spi_get(f, MASTER_SPI, 1), 0xa0);
        assert_int_equal(spi_get(f, MASTER_SPI, 1), sent[how]);
        assert_true(fixture_read(f, SLAVE_SPI + SR) & UDR);
        assert_true(f->irq[SOC_CM7][85]);
        fixture_write(f, SLAVE_SPI + IFCR, UDR);
        assert_false(f->irq[SOC_CM7][85]);
        fixture_destroy(f);
    }
}

static void test_overrun(void **state)
{
    (void)state;
    struct soc_fixture *f = start(0, 0);
    send(f, 9); /* its FIFO has 8 bytes */
    assert_true(fixture_read(f, SLAVE_SPI + SR) & OVR);
    for (unsigned n = 0; n < 8; n++)
        assert_int_equal(spi_get(f, SLAVE_SPI, 1), 0x10 + n);
    fixture_destroy(f);
}

static void test_one_that_is_not_selected_hears_nothing(void **state)
{
    (void)state;
    struct soc_fixture *f = start(0, 0);
    fixture_write(f, SLAVE_SPI + CR1, 0);
    fixture_write(f, SLAVE_SPI + CFG2, SSM);
    fixture_write(f, SLAVE_SPI + CR1, SPE | SSI);
    send(f, 1);
    assert_int_equal(spi_get(f, MASTER_SPI, 1), 0xff);
    assert_false(fixture_read(f, SLAVE_SPI + SR) & RXP);
    fixture_write(f, SLAVE_SPI + CR1, SPE);
    send(f, 1);
    assert_int_equal(spi_get(f, SLAVE_SPI, 1), 0x10);
    fixture_destroy(f);
}

/* The master sends its lowest bit first, the slave takes the first for its highest. */
static void test_ends_with_other_orders_of_bits(void **state)
{
    (void)state;
    struct soc_fixture *f = start(0, 1);
    fixture_write(f, MASTER_SPI + CR1, SSI);
    fixture_write(f, MASTER_SPI + CFG2, MASTER | SSM | LSBFRST);
    fixture_write(f, MASTER_SPI + CR1, SPE | SSI);
    spi_put(f, SLAVE_SPI, 1, 0x01);
    send(f, 1); /* 0x10 */
    assert_int_equal(spi_get(f, SLAVE_SPI, 1), 0x08);
    assert_int_equal(spi_get(f, MASTER_SPI, 1), 0x80);
    fixture_destroy(f);
}

static void test_ends_with_other_lengths_of_frames(void **state)
{
    (void)state;
    uint32_t value;
    struct soc_fixture *f = start(8, 2); /* 16 bits */
    fixture_write(f, MASTER_SPI + CR1, SSI);
    fixture_write(f, MASTER_SPI + CR2, 4);
    fixture_write(f, MASTER_SPI + CR1, SPE | SSI);
    fixture_write(f, SLAVE_SPI + TXDR, 0xc0d0a0b0);
    send(f, 4);
    static const uint8_t heard[4] = {0xa0, 0xb0, 0xc0, 0xd0};
    for (unsigned n = 0; n < 4; n++)
        assert_int_equal(spi_get(f, MASTER_SPI, 1), heard[n]);
    assert_int_equal(fixture_read(f, SLAVE_SPI + SR) & (EOT | UDR), EOT);
    bus_read(&f->sim.bus, MASTER_CM7, SLAVE_SPI + RXDR, 2, &value);
    assert_int_equal(value, 0x1011);
    bus_read(&f->sim.bus, MASTER_CM7, SLAVE_SPI + RXDR, 2, &value);
    assert_int_equal(value, 0x1213);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways),
        cmocka_unit_test(test_underrun),
        cmocka_unit_test(test_overrun),
        cmocka_unit_test(test_one_that_is_not_selected_hears_nothing),
        cmocka_unit_test(test_ends_with_other_orders_of_bits),
        cmocka_unit_test(test_ends_with_other_lengths_of_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
