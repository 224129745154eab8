/* I2C as a master: RM0399 50.4.9, and its registers. */
#include "sim/test/soc/i2c_fixture.h"

#define DMA1    0x40020000u
#define DMAMUX1 0x40020800u

static void test_memory_read_with_softend_and_repeated_start(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    struct eeprom e;
    attach(f, 4, &e, 0x38);
    enable(f, I2C4, 0);
    fixture_write(f, I2C4 + CR2, 0x70 | START | 1 << 16);
    assert_true(flags(f, I2C4) & BUSY);
    send(f, I2C4, 0xa8);
    await(f, I2C4, TC);
    assert_false(flags(f, I2C4) & STOPF);
    assert_int_equal(fixture_read(f, I2C4 + CR2) & START, 0);
    fixture_write(f, I2C4 + CR2, 0x70 | READ | START | AUTOEND | 3 << 16);
    assert_false(flags(f, I2C4) & TC);
    for (unsigned n = 0; n < 3; n++)
        assert_int_equal(receive(f, I2C4), (0xa8 + n) ^ 0x5a);
    await(f, I2C4, STOPF);
    assert_false(flags(f, I2C4) & BUSY);
    assert_int_equal(e.starts, 2);
    assert_int_equal(e.stops, 1);
    assert_int_equal(e.at, 0xab); /* not one byte was read too many */
    fixture_write(f, I2C4 + ICR, STOPF);
    assert_int_equal(flags(f, I2C4), TXE);
    fixture_destroy(f);
}

static void test_absent_device_is_a_nack_and_a_stop(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    enable(f, I2C1, 1 << 4);
    fixture_write(f, I2C1 + CR2, 0x70 | START | AUTOEND | 2 << 16);
    await(f, I2C1, STOPF);
    assert_int_equal(flags(f, I2C1), TXE | NACKF | STOPF);
    assert_true(f->irq[SOC_CM7][31]);
    fixture_write(f, I2C1 + ICR, NACKF);
    assert_false(f->irq[SOC_CM7][31]);
    fixture_destroy(f);
}

/* The way HAL_I2C_IsDeviceReady() asks: no byte at all. */
static void test_address_alone_finds_a_device(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    struct eeprom e;
    attach(f, 1, &e, 0x3c);
    enable(f, I2C1, 0);
    fixture_write(f, I2C1 + CR2, 0x78 | START | AUTOEND);
    await(f, I2C1, STOPF);
    assert_int_equal(flags(f, I2C1), TXE | STOPF);
    e.busy = true;
    fixture_write(f, I2C1 + ICR, STOPF);
    fixture_write(f, I2C1 + CR2, 0x78 | START | AUTOEND);
    await(f, I2C1, STOPF);
    assert_true(flags(f, I2C1) & NACKF);
    fixture_destroy(f);
}

static void test_reload_goes_on_after_tcr_without_a_start(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    struct eeprom e;
    attach(f, 1, &e, 0x50);
    enable(f, I2C1, 1 << 6);
    fixture_write(f, I2C1 + CR2, 0xa0 | START | RELOAD | 2 << 16);
    send(f, I2C1, 0x10);
    send(f, I2C1, 0x11);
    await(f, I2C1, TCR);
    assert_true(f->irq[SOC_CM4][31]);
    assert_false(flags(f, I2C1) & (TXIS | STOPF));
    fixture_write(f, I2C1 + CR2, 0xa0 | AUTOEND | 2 << 16);
    assert_false(flags(f, I2C1) & TCR);
    send(f, I2C1, 0x22);
    send(f, I2C1, 0x33);
    await(f, I2C1, STOPF);
    assert_int_equal(e.bytes[0x10], 0x11);
    assert_int_equal(e.bytes[0x11], 0x22);
    assert_int_equal(e.bytes[0x12], 0x33);
    assert_int_equal(e.starts, 1);
    fixture_destroy(f);
}

static void test_refused_byte_ends_the_transfer(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    struct eeprom e;
    attach(f, 1, &e, 0x50);
    e.refuse_at = 0x21;
    enable(f, I2C1, 0);
    fixture_write(f, I2C1 + CR2, 0xa0 | START | AUTOEND | 9 << 16);
    send(f, I2C1, 0x20);
    send(f, I2C1, 1);
    send(f, I2C1, 2);
    await(f, I2C1, STOPF);
    assert_true(flags(f, I2C1) & NACKF);
    assert_false(flags(f, I2C1) & TXIS);
    assert_int_equal(e.stops, 1);
    fixture_destroy(f);
}

static void test_bytes_take_nine_bits_of_timingr(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    struct eeprom e;
    attach(f, 1, &e, 0x50);
    enable(f, I2C1, 0);
    fixture_write(f, I2C1 + TXDR, 0);
    uint64_t hz = soc_clock_hz(f->soc, CLOCK_I2C123);
    sim_time bit = sim_cycles_to_time(36, hz), begin = sim_now(&f->sim);
    fixture_write(f, I2C1 + CR2, 0xa0 | START | AUTOEND | 1 << 16);
    while (!(flags(f, I2C1) & STOPF))
        event_run_until(&f->sim.events, event_next(&f->sim.events));
    sim_time taken = sim_now(&f->sim) - begin;
    assert_true(taken >= 19 * bit && taken <= 21 * bit);
    fixture_destroy(f);
}

static void test_reading_holds_the_clock_until_rxdr_is_read(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    struct eeprom e;
    attach(f, 1, &e, 0x50);
    enable(f, I2C1, 0);
    fixture_write(f, I2C1 + CR2, 0xa0 | READ | START | AUTOEND | 4 << 16);
    fixture_wait(f, SIM_MS);
    assert_int_equal(e.at, 2); /* one in RXDR, one in the shift register */
    for (unsigned n = 0; n < 4; n++)
        assert_int_equal(receive(f, I2C1), n ^ 0x5a);
    await(f, I2C1, STOPF);
    fixture_destroy(f);
}

static void test_dma_moves_both_directions(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    struct eeprom e;
    attach(f, 1, &e, 0x50);
    uint8_t *ram = bus_memory_for_write(&f->sim.bus, MASTER_DEBUG, 0x30000000, 256);
    ram[0] = 0x40, ram[1] = 0xde, ram[2] = 0xad;
    fixture_write(f, DMAMUX1 + 0, 34);
    fixture_write(f, DMAMUX1 + 4, 33);
    fixture_write(f, DMA1 + 0x14, 3);
    fixture_write(f, DMA1 + 0x18, I2C1 + TXDR);
    fixture_write(f, DMA1 + 0x1c, 0x30000000);
    fixture_write(f, DMA1 + 0x10, 1 << 6 | 1 << 10 | 1);
    enable(f, I2C1, 1 << 14 | 1 << 15);
    fixture_write(f, I2C1 + CR2, 0xa0 | START | AUTOEND | 3 << 16);
    await(f, I2C1, STOPF);
    assert_int_equal(e.bytes[0x40], 0xde);
    assert_int_equal(e.bytes[0x41], 0xad);
    e.at = 0x40;
    fixture_write(f, DMA1 + 0x2c, 2);
    fixture_write(f, DMA1 + 0x30, I2C1 + RXDR);
    fixture_write(f, DMA1 + 0x34, 0x30000080);
    fixture_write(f, DMA1 + 0x28, 1 << 10 | 1);
    fixture_write(f, I2C1 + ICR, STOPF);
    fixture_write(f, I2C1 + CR2, 0xa0 | READ | START | AUTOEND | 2 << 16);
    await(f, I2C1, STOPF);
    fixture_wait(f, SIM_US);
    assert_int_equal(ram[0x80], 0xde);
    assert_int_equal(ram[0x81], 0xad);
    fixture_destroy(f);
}

static void test_ten_bit_address(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    struct eeprom e;
    attach(f, 1, &e, 0x2a5);
    enable(f, I2C1, 0);
    fixture_write(f, I2C1 + CR2, 0x2a5 | ADD10 | READ | START | AUTOEND | 1 << 16);
    assert_int_equal(receive(f, I2C1), 0x5a);
    await(f, I2C1, STOPF);
    assert_false(flags(f, I2C1) & NACKF);
    fixture_destroy(f);
}

static void test_disabling_lets_the_bus_go(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    struct eeprom e;
    attach(f, 1, &e, 0x50);
    enable(f, I2C1, 0);
    fixture_write(f, I2C1 + CR2, 0xa0 | START | 3 << 16);
    await(f, I2C1, TXIS);
    fixture_write(f, I2C1 + CR1, 0);
    assert_int_equal(flags(f, I2C1), TXE);
    assert_int_equal(fixture_read(f, I2C1 + CR2) & START, 0);
    assert_int_equal(e.stops, 1);
    fixture_destroy(f);
}

static void test_held_clock_times_out(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    struct eeprom e;
    attach(f, 1, &e, 0x50);
    fixture_write(f, I2C1 + TIMEOUTR, 1 << 15 | 3);
    enable(f, I2C1, 1 << 7);
    fixture_write(f, I2C1 + CR2, 0xa0 | START | 3 << 16);
    await(f, I2C1, TXIS);
    fixture_wait(f, 10 * SIM_MS);
    assert_int_equal(flags(f, I2C1) & (TIMEOUT | BUSY | STOPF), TIMEOUT | STOPF);
    assert_true(f->irq[SOC_CM7][32]);
    fixture_write(f, I2C1 + ICR, TIMEOUT);
    assert_false(f->irq[SOC_CM7][32]);
    fixture_destroy(f);
}

/* A START that comes while the STOP is on its way begins once the bus is free. */
static void test_start_waits_for_the_stop(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    struct eeprom e;
    attach(f, 1, &e, 0x50);
    enable(f, I2C1, 0);
    fixture_write(f, I2C1 + CR2, 0xa0 | START | AUTOEND | 1 << 16);
    send(f, I2C1, 0x30);
    fixture_write(f, I2C1 + CR2, 0xa0 | READ | START | AUTOEND | 1 << 16);
    while (!e.stops)
        event_run_until(&f->sim.events, event_next(&f->sim.events));
    assert_int_equal(e.starts, 1); /* no repeated START */
    assert_int_equal(receive(f, I2C1), 0x30 ^ 0x5a);
    assert_int_equal(e.starts, 2);
    fixture_destroy(f);
}

static void test_locked_fields(void **state)
{
    (void)state;
    static const struct {
        uint32_t offset, first, second, third;
    } cases[] = {
        {CR1, 0x00000001, 0x00021f03, 0x00000003}, /* NOSTRETCH, DNF and ANFOFF while PE */
        {OAR1, 0x8064, 0x8466, 0x8064},
        {OAR1, 0x8064, 0x0066, 0x0064},
        {OAR2, 0x8064, 0x8366, 0x8064},
        {TIMEOUTR, 0x8003, 0x9fff, 0x8003},
        {TIMEOUTR, 0x80030000, 0x8fff0004, 0x80030004},
        {TXDR, 0x11, 0x22, 0x22}, /* TXE: PE is 0 */
    };
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct soc_fixture *f = fixture_create();
        fixture_write(f, I2C1 + cases[n].offset, cases[n].first);
        fixture_write(f, I2C1 + cases[n].offset, cases[n].second);
        assert_int_equal(fixture_read(f, I2C1 + cases[n].offset), cases[n].third);
        fixture_destroy(f);
    }
    struct soc_fixture *f = fixture_create();
    enable(f, I2C1, 0);
    fixture_write(f, I2C1 + TXDR, 0x11);
    fixture_write(f, I2C1 + TXDR, 0x22);
    assert_int_equal(fixture_read(f, I2C1 + TXDR), 0x11);
    fixture_destroy(f);
}

/* More than 255 bytes, as the vendor's driver reads them: RELOAD with 255, then the rest. */
static void test_300_bytes_are_read_by_reload(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    struct eeprom e;
    attach(f, 1, &e, 0x50);
    enable(f, I2C1, 0);
    fixture_write(f, I2C1 + CR2, 0xa0 | READ | START | RELOAD | 255 << 16);
    for (unsigned n = 0; n < 255; n++)
        assert_int_equal(receive(f, I2C1), (n ^ 0x5a) & 0xff);
    await(f, I2C1, TCR);
    assert_int_equal(e.at, 255);
    fixture_write(f, I2C1 + CR2, 0xa0 | READ | AUTOEND | 45 << 16);
    for (unsigned n = 255; n < 300; n++)
        assert_int_equal(receive(f, I2C1), (n ^ 0x5a) & 0xff);
    await(f, I2C1, STOPF);
    assert_int_equal(e.at, 300 & 255);
    assert_int_equal(e.starts, 1);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_read_with_softend_and_repeated_start),
        cmocka_unit_test(test_absent_device_is_a_nack_and_a_stop),
        cmocka_unit_test(test_address_alone_finds_a_device),
        cmocka_unit_test(test_reload_goes_on_after_tcr_without_a_start),
        cmocka_unit_test(test_refused_byte_ends_the_transfer),
        cmocka_unit_test(test_bytes_take_nine_bits_of_timingr),
        cmocka_unit_test(test_reading_holds_the_clock_until_rxdr_is_read),
        cmocka_unit_test(test_dma_moves_both_directions),
        cmocka_unit_test(test_ten_bit_address),
        cmocka_unit_test(test_disabling_lets_the_bus_go),
        cmocka_unit_test(test_held_clock_times_out),
        cmocka_unit_test(test_start_waits_for_the_stop),
        cmocka_unit_test(test_locked_fields),
        cmocka_unit_test(test_300_bytes_are_read_by_reload),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
