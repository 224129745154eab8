/* I2C: RM0399 chapter 51. */
#include "sim/soc/i2c.h"
#include "sim/test/soc/soc_fixture.h"

#define I2C1    0x40005400u
#define I2C2    0x40005800u
#define I2C4    0x58001c00u
#define DMA1    0x40020000u
#define DMAMUX1 0x40020800u

enum { CR1 = 0, CR2 = 4, OAR1 = 8, TIMINGR = 0x10, TIMEOUTR = 0x14, ISR = 0x18, ICR = 0x1c };
enum { RXDR = 0x24, TXDR = 0x28 };
enum { TXE = 1, TXIS = 2, RXNE = 4, ADDR = 8, NACKF = 16, STOPF = 32, TC = 64, TCR = 128 };
enum { TIMEOUT = 1 << 12, BUSY = 1 << 15, DIR = 1 << 16 };
enum { READ = 1 << 10, ADD10 = 1 << 11, START = 1 << 13, STOP = 1 << 14, NACK = 1 << 15 };
enum { RELOAD = 1 << 24, AUTOEND = 1 << 25 };

/* A memory of 256 bytes with one address byte, as the touch controller has it. */
struct eeprom {
    struct i2c_device device;
    uint8_t bytes[256], at;
    bool addressed, busy;
    unsigned starts, stops, refuse_at;
};

static bool eeprom_start(void *ctx, bool read)
{
    struct eeprom *e = ctx;
    e->starts++;
    if (!read)
        e->addressed = false;
    return !e->busy;
}

static bool eeprom_write(void *ctx, uint8_t byte)
{
    struct eeprom *e = ctx;
    if (e->addressed && e->refuse_at && e->at == e->refuse_at)
        return false;
    if (e->addressed)
        e->bytes[e->at++] = byte;
    else
        e->at = byte;
    e->addressed = true;
    return true;
}

static uint8_t eeprom_read(void *ctx)
{
    struct eeprom *e = ctx;
    return e->bytes[e->at++];
}

static void eeprom_stop(void *ctx)
{
    ((struct eeprom *)ctx)->stops++;
}

static void attach(struct soc_fixture *f, unsigned instance, struct eeprom *e, uint16_t address)
{
    *e = (struct eeprom){.device = {.name = "EEPROM",
                                    .ctx = e,
                                    .address = address,
                                    .ten_bit = address > 0x7f,
                                    .start = eeprom_start,
                                    .write = eeprom_write,
                                    .read = eeprom_read,
                                    .stop = eeprom_stop}};
    for (unsigned n = 0; n < 256; n++)
        e->bytes[n] = (uint8_t)(n ^ 0x5a);
    assert_true(i2c_attach(f->soc, instance, &e->device));
}

static uint32_t flags(struct soc_fixture *f, uint32_t base)
{
    return fixture_read(f, base + ISR);
}

/* Waits for a flag for at most a millisecond of board time. */
static void await(struct soc_fixture *f, uint32_t base, uint32_t flag)
{
    for (unsigned n = 0; n < 1000 && !(flags(f, base) & flag); n++)
        fixture_wait(f, SIM_US);
    assert_true(flags(f, base) & flag);
}

static void enable(struct soc_fixture *f, uint32_t base, uint32_t cr1)
{
    fixture_write(f, base + TIMINGR, 0x00000f0f); /* 32 + 4 cycles a bit */
    fixture_write(f, base + CR1, cr1 | 1);
}

static void send(struct soc_fixture *f, uint32_t base, uint32_t byte)
{
    await(f, base, TXIS);
    fixture_write(f, base + TXDR, byte);
}

static uint32_t receive(struct soc_fixture *f, uint32_t base)
{
    await(f, base, RXNE);
    return fixture_read(f, base + RXDR);
}

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

/* I2C1 writes to I2C2 and reads from it: 51.4.7. */
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
    fixture_write(f, I2C2 + CR2, NACK);
    fixture_write(f, I2C2 + ISR, TXE);
    fixture_write(f, I2C1 + CR2, 0x64 | START | AUTOEND | 2 << 16);
    await(f, I2C2, ADDR);
    fixture_write(f, I2C2 + ICR, ADDR);
    send(f, I2C1, 0x9a);
    await(f, I2C1, STOPF);
    assert_true(flags(f, I2C1) & NACKF);
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
        cmocka_unit_test(test_slave_receives_and_transmits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
