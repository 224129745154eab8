/* I2C blocks of the chip on the same wires: the slave, RM0399 50.4.8, and who has the bus. */
#include "sim/test/soc/i2c_fixture.h"

/* I2C1 writes to I2C2 and reads from it: 50.4.8. */
static void test_slave_receives_and_transmits(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    assert_true(i2c_join(f->soc, 1, 2));
    enable(f, I2C1, 0);
    enable(f, I2C2, 0);
    fixture_write(f, I2C2 + OAR1, 1 << 15 | 0x64);
    fixture_write(f, I2C1 + CR2, 0x64 | START | 2 << 16);
    await(f, I2C2, ADDR);
    assert_int_equal(flags(f, I2C2) & (DIR | 0x7f << 17), 0x32 << 17);
    fixture_write(f, I2C2 + ICR, ADDR);
    send(f, I2C1, 0x12);
    assert_int_equal(receive(f, I2C2), 0x12);
    send(f, I2C1, 0x34);
    assert_int_equal(receive(f, I2C2), 0x34);
    await(f, I2C1, TC);
    fixture_write(f, I2C1 + CR2, 0x64 | READ | START | AUTOEND | 2 << 16);
    await(f, I2C2, ADDR);
    assert_true(flags(f, I2C2) & DIR);
    fixture_write(f, I2C2 + ICR, ADDR);
    send(f, I2C2, 0x56);
    assert_int_equal(receive(f, I2C1), 0x56);
    send(f, I2C2, 0x78);
    assert_int_equal(receive(f, I2C1), 0x78);
    await(f, I2C2, STOPF);
    assert_true(flags(f, I2C2) & NACKF);
    assert_false(flags(f, I2C2) & BUSY);
    await(f, I2C1, STOPF);
    /* A slave that does not want the byte. */
    fixture_write(f, I2C1 + ICR, 0x38);
    fixture_write(f, I2C2 + ICR, 0x38);
    fixture_write(f, I2C2 + ISR, TXE);
    fixture_write(f, I2C1 + CR2, 0x64 | START | AUTOEND | 2 << 16);
    await(f, I2C2, ADDR);
    fixture_write(f, I2C2 + CR2, NACK);
    fixture_write(f, I2C2 + ICR, ADDR);
    send(f, I2C1, 0x9a);
    await(f, I2C1, STOPF);
    assert_true(flags(f, I2C1) & NACKF);
    fixture_destroy(f);
}

/* I2C1 and I2C2 on the same wires, I2C2 at address 0x32. */
static struct soc_fixture *joined(void)
{
    struct soc_fixture *f = fixture_create();
    assert_true(i2c_join(f->soc, 1, 2));
    enable(f, I2C1, 0);
    enable(f, I2C2, 0);
    fixture_write(f, I2C2 + OAR1, 1 << 15 | 0x64);
    return f;
}

/* The vendor's driver sets NACK between transfers, and counts on the address match to clear it. */
static void test_nack_of_a_slave_ends_with_the_address_match_and_with_stop(void **state)
{
    (void)state;
    struct soc_fixture *f = joined();
    fixture_write(f, I2C2 + CR2, NACK);
    fixture_write(f, I2C1 + CR2, 0x64 | START | AUTOEND | 1 << 16);
    await(f, I2C2, ADDR);
    assert_int_equal(fixture_read(f, I2C2 + CR2) & NACK, 0);
    fixture_write(f, I2C2 + ICR, ADDR);
    send(f, I2C1, 0x12);
    assert_int_equal(receive(f, I2C2), 0x12);
    fixture_write(f, I2C2 + CR2, NACK);
    await(f, I2C2, STOPF);
    assert_int_equal(fixture_read(f, I2C2 + CR2) & NACK, 0);
    assert_int_equal(flags(f, I2C1) & NACKF, 0);
    fixture_destroy(f);
}

/* A ten-bit address is matched to write first, and again behind the repeated START, to read: the vendor's slave
 * waits for both. */
static void test_ten_bits_are_matched_twice_to_read(void **state)
{
    (void)state;
    struct soc_fixture *f = joined();
    fixture_write(f, I2C2 + OAR1, 0);
    fixture_write(f, I2C2 + OAR1, 1 << 15 | 1 << 10 | 0x2b4);
    fixture_write(f, I2C1 + CR2, 0x2b4 | ADD10 | READ | START | AUTOEND | 1 << 16);
    await(f, I2C2, ADDR);
    assert_int_equal(flags(f, I2C2) & (DIR | 0x7f << 17), 0x7a << 17);
    fixture_wait(f, 10 * SIM_MS);
    assert_true(fixture_read(f, I2C1 + CR2) & START);
    fixture_write(f, I2C2 + ICR, ADDR);
    assert_false(flags(f, I2C2) & ADDR);
    await(f, I2C2, ADDR);
    assert_true(flags(f, I2C2) & DIR);
    assert_false(fixture_read(f, I2C1 + CR2) & START);
    fixture_write(f, I2C2 + ICR, ADDR);
    send(f, I2C2, 0x56);
    assert_int_equal(receive(f, I2C1), 0x56);
    await(f, I2C1, STOPF);
    /* The header alone, when the slave was written to before. */
    fixture_write(f, I2C1 + ICR, STOPF);
    fixture_write(f, I2C2 + ICR, STOPF | NACKF);
    fixture_write(f, I2C2 + ISR, TXE);
    fixture_write(f, I2C1 + CR2, 0x2b4 | ADD10 | START | 1 << 16);
    await(f, I2C2, ADDR);
    fixture_write(f, I2C2 + ICR, ADDR);
    send(f, I2C1, 0x12);
    assert_int_equal(receive(f, I2C2), 0x12);
    await(f, I2C1, TC);
    fixture_write(f, I2C1 + CR2, 0x2b4 | ADD10 | HEAD10R | READ | START | AUTOEND | 1 << 16);
    await(f, I2C2, ADDR);
    assert_true(flags(f, I2C2) & DIR);
    fixture_write(f, I2C2 + ICR, ADDR);
    send(f, I2C2, 0x78);
    assert_int_equal(receive(f, I2C1), 0x78);
    await(f, I2C1, STOPF);
    fixture_destroy(f);
}

/* A repeated START to somebody else: the first slave is free, and hears of the STOP. */
static void test_restart_to_a_device_leaves_the_slave(void **state)
{
    (void)state;
    struct soc_fixture *f = joined();
    struct eeprom e;
    attach(f, 2, &e, 0x50); /* at the other block's pins: the wires are the same */
    fixture_write(f, I2C1 + CR2, 0x64 | START | 1 << 16);
    await(f, I2C2, ADDR);
    fixture_write(f, I2C2 + ICR, ADDR);
    send(f, I2C1, 0x12);
    assert_int_equal(receive(f, I2C2), 0x12);
    await(f, I2C1, TC);
    fixture_write(f, I2C1 + CR2, 0xa0 | START | AUTOEND | 2 << 16);
    send(f, I2C1, 0x40);
    send(f, I2C1, 0x77);
    await(f, I2C2, STOPF);
    assert_int_equal(e.bytes[0x40], 0x77);
    assert_int_equal(flags(f, I2C2) & (4 | ADDR | BUSY), 0);
    fixture_destroy(f);
}

static void test_a_busy_bus_is_seen_and_waited_for(void **state)
{
    (void)state;
    struct soc_fixture *f = joined();
    struct eeprom e;
    attach(f, 1, &e, 0x50);
    fixture_write(f, I2C1 + CR2, 0xa0 | START | AUTOEND | 2 << 16);
    assert_true(flags(f, I2C2) & BUSY);
    fixture_write(f, I2C2 + CR2, 0xa0 | READ | START | AUTOEND | 1 << 16);
    send(f, I2C1, 0x20);
    assert_true(fixture_read(f, I2C2 + CR2) & START);
    send(f, I2C1, 0x55);
    await(f, I2C1, STOPF);
    assert_true(flags(f, I2C1) & BUSY);
    assert_int_equal(receive(f, I2C2), 0x21 ^ 0x5a);
    await(f, I2C2, STOPF);
    assert_false(flags(f, I2C1) & BUSY);
    /* ADDRCF gives a waiting START up. */
    fixture_write(f, I2C1 + CR2, 0xa0 | START | AUTOEND | 1 << 16);
    fixture_write(f, I2C2 + CR2, 0xa0 | START | AUTOEND | 1 << 16);
    fixture_write(f, I2C2 + ICR, ADDR);
    assert_false(fixture_read(f, I2C2 + CR2) & START);
    fixture_destroy(f);
}

static void test_two_that_wait_arbitrate(void **state)
{
    (void)state;
    struct soc_fixture *f = joined();
    assert_true(i2c_join(f->soc, 3, 2));
    assert_false(i2c_join(f->soc, 3, 1)); /* they are already */
    enable(f, I2C3, 0);
    fixture_write(f, I2C3 + OAR1, 1 << 15 | 0x20);
    fixture_write(f, I2C3 + CR2, 0x70 | START | 1 << 16); /* nobody there */
    fixture_write(f, I2C1 + CR2, 0x66 | START | AUTOEND | 1 << 16);
    fixture_write(f, I2C2 + CR2, 0x20 | START | AUTOEND | 1 << 16);
    await(f, I2C3, STOPF);
    assert_int_equal(flags(f, I2C1) & ARLO, ARLO);
    assert_int_equal(fixture_read(f, I2C1 + CR2) & START, 0);
    await(f, I2C3, ADDR);
    fixture_write(f, I2C3 + ICR, ADDR | STOPF);
    send(f, I2C2, 0x99);
    assert_int_equal(receive(f, I2C3), 0x99);
    fixture_destroy(f);
}

static void test_a_slave_that_is_switched_off_answers_no_more(void **state)
{
    (void)state;
    struct soc_fixture *f = joined();
    fixture_write(f, I2C1 + CR2, 0x64 | START | AUTOEND | 3 << 16);
    await(f, I2C2, ADDR);
    fixture_write(f, I2C1 + TXDR, 1);
    fixture_write(f, I2C2 + CR1, 0);
    await(f, I2C1, STOPF);
    assert_true(flags(f, I2C1) & NACKF);
    assert_int_equal(flags(f, I2C2), TXE);
    fixture_destroy(f);
}

/* Who ACKs which address: 50.7.1, 50.7.3, 50.7.4. */
static void test_own_addresses(void **state)
{
    (void)state;
    static const struct {
        uint32_t cr1, oar1, oar2, address;
        bool ack;
    } cases[] = {
        {0, 0x8064, 0, 0x64, true},
        {0, 0x8064, 0, 0x66, false},
        {0, 0x0064, 0, 0x64, false},
        {0, 0, 0x8064, 0x64, true},
        {0, 0, 0x8064, 0x66, false},
        {0, 0, 0x8164, 0x66, true}, /* OA2MSK = 1 */
        {0, 0, 0x8264, 0x62, true},
        {0, 0, 0x8264, 0x6a, false},
        {0, 0, 0x8700, 0xee, true},
        {0, 0, 0x8700, 0x0e, false}, /* reserved addresses never by a mask */
        {0, 0, 0x8700, 0xf0, false},
        {0, 0, 0x800e, 0x0e, true}, /* but by the address itself */
        {0, 0, 0, 0, false},
        {1 << 19, 0, 0, 0, true}, /* GCEN */
        {0, 0, 0, 0x10, false},
        {1 << 20, 0, 0, 0x10, true}, /* SMBHEN */
        {1 << 21, 0, 0, 0xc2, true}, /* SMBDEN */
    };
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct soc_fixture *f = fixture_create();
        assert_true(i2c_join(f->soc, 1, 2));
        enable(f, I2C1, 0);
        enable(f, I2C2, cases[n].cr1);
        fixture_write(f, I2C2 + OAR1, cases[n].oar1);
        fixture_write(f, I2C2 + OAR2, cases[n].oar2);
        fixture_write(f, I2C1 + CR2, cases[n].address | START | AUTOEND);
        fixture_wait(f, SIM_MS);
        assert_int_equal((flags(f, I2C2) & ADDR) != 0, cases[n].ack);
        assert_int_equal((flags(f, I2C1) & NACKF) == 0, cases[n].ack);
        fixture_destroy(f);
    }
}

static void test_without_stretching_a_slave_over_and_underruns(void **state)
{
    (void)state;
    struct soc_fixture *f = joined();
    fixture_write(f, I2C2 + CR1, 0);
    fixture_write(f, I2C2 + CR1, 1 << 17 | 1);
    fixture_write(f, I2C2 + ISR, TXE | TXIS); /* asks itself for the first byte */
    assert_true(flags(f, I2C2) & TXIS);
    fixture_write(f, I2C2 + TXDR, 0x42);
    assert_false(flags(f, I2C2) & TXIS);
    fixture_write(f, I2C1 + CR2, 0x64 | READ | START | AUTOEND | 2 << 16);
    assert_int_equal(receive(f, I2C1), 0x42);
    assert_int_equal(receive(f, I2C1), 0xff);
    await(f, I2C2, STOPF);
    assert_true(flags(f, I2C2) & OVR);
    fixture_write(f, I2C2 + ICR, OVR | STOPF | NACKF | ADDR);
    fixture_write(f, I2C1 + ICR, STOPF);
    fixture_write(f, I2C1 + CR2, 0x64 | START | AUTOEND | 3 << 16);
    send(f, I2C1, 1);
    send(f, I2C1, 2);
    await(f, I2C1, STOPF); /* the byte too many is refused */
    assert_true(flags(f, I2C1) & NACKF);
    assert_true(flags(f, I2C2) & OVR);
    assert_int_equal(fixture_read(f, I2C2 + RXDR), 1);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slave_receives_and_transmits),
        cmocka_unit_test(test_nack_of_a_slave_ends_with_the_address_match_and_with_stop),
        cmocka_unit_test(test_ten_bits_are_matched_twice_to_read),
        cmocka_unit_test(test_restart_to_a_device_leaves_the_slave),
        cmocka_unit_test(test_a_busy_bus_is_seen_and_waited_for),
        cmocka_unit_test(test_two_that_wait_arbitrate),
        cmocka_unit_test(test_a_slave_that_is_switched_off_answers_no_more),
        cmocka_unit_test(test_own_addresses),
        cmocka_unit_test(test_without_stretching_a_slave_over_and_underruns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
