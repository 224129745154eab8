/* Ethernet MAC: RM0399 chapter 61, as a driver starts it, with a PHY that notes what reaches it. */
#include "sim/soc/eth.h"
#include "sim/test/soc/soc_fixture.h"

#define ETH  0x40028000u
#define RING 0x30000000u

enum { MACCR = ETH, MDIOAR = ETH + 0x200, MDIODR = ETH + 0x204, MACA0HR = ETH + 0x300 };
enum { MACVR = ETH + 0x110, TXQOMR = ETH + 0xd00, DMAMR = ETH + 0x1000, DMAISR = ETH + 0x1008 };
enum { DMACCR = ETH + 0x1100, TXCR = ETH + 0x1104, TXDLAR = ETH + 0x1114 };
enum { TXDTPR = ETH + 0x1120, TXRLR = ETH + 0x112c, CIER = ETH + 0x1134, CSR = ETH + 0x1160 };
enum { MB = 1, WRITE = 1 << 2, READ = 3 << 2, DIVIDE_102 = 4 << 8, IRQ_ETH = 61 };
enum { TI = 1, TBU = 4, FBE = 1 << 12, AIS = 1 << 14, NIS = 1 << 15, STRIDE = 24 };

static struct {
    unsigned address, reg, reads, writes;
    uint16_t value;
} noted;

static uint16_t phy_read(void *ctx, unsigned address, unsigned reg)
{
    (void)ctx;
    noted.address = address;
    noted.reg = reg;
    noted.reads++;
    return 0xc131;
}

static void phy_write(void *ctx, unsigned address, unsigned reg, uint16_t value)
{
    (void)ctx;
    noted.address = address;
    noted.reg = reg;
    noted.value = value;
    noted.writes++;
}

static struct soc_fixture *start(void)
{
    struct soc_fixture *f = fixture_create();
    const struct eth_phy phy = {NULL, phy_read, phy_write};
    memset(&noted, 0, sizeof noted);
    eth_connect(soc_block(f->soc, "ETH"), &phy);
    return f;
}

static void test_reset_ends_and_clears_the_registers(void **state)
{
    (void)state; /* DMAMR.SWR */
    struct soc_fixture *f = start();
    assert_int_equal(fixture_read(f, MACVR), 0x3041);
    fixture_write(f, MACA0HR, 0x1234);
    assert_int_equal(fixture_read(f, MACA0HR), 0x80001234);
    fixture_write(f, DMAMR, 1);
    assert_int_equal(fixture_read(f, DMAMR), 1);
    assert_int_equal(fixture_read(f, MACA0HR), 0x8000ffff);
    fixture_wait(f, 10 * SIM_US);
    assert_int_equal(fixture_read(f, DMAMR), 0);
    fixture_write(f, TXQOMR, 0x00070008 | 1);
    assert_int_equal(fixture_read(f, TXQOMR), 0x00070008); /* FTQ: the flush is over */
    fixture_destroy(f);
}

static void test_phy_is_managed_in_the_frames_time(void **state)
{
    (void)state; /* 64 bits at 64 MHz / 102: 102 us */
    struct soc_fixture *f = start();
    fixture_write(f, MDIOAR, 5u << 21 | 3 << 16 | DIVIDE_102 | READ | MB);
    fixture_wait(f, 101 * SIM_US);
    assert_true(fixture_read(f, MDIOAR) & MB);
    fixture_write(f, MDIOAR, WRITE | MB); /* not while it is busy */
    fixture_wait(f, 2 * SIM_US);
    assert_false(fixture_read(f, MDIOAR) & MB);
    assert_int_equal(fixture_read(f, MDIODR), 0xc131);
    assert_true(noted.address == 5 && noted.reg == 3 && noted.reads == 1 && noted.writes == 0);
    fixture_write(f, MDIODR, 0x8000);
    fixture_write(f, MDIOAR, DIVIDE_102 | WRITE | MB);
    fixture_wait(f, 200 * SIM_US);
    assert_true(noted.address == 0 && noted.reg == 0 && noted.writes == 1);
    assert_int_equal(noted.value, 0x8000);
    fixture_destroy(f);
}

static void test_nobody_at_the_management_wires(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    const struct eth_phy nobody = {NULL, NULL, NULL};
    eth_connect(soc_block(f->soc, "ETH"), &nobody);
    fixture_write(f, MDIOAR, DIVIDE_102 | READ | MB);
    fixture_wait(f, 200 * SIM_US);
    assert_int_equal(fixture_read(f, MDIOAR) & MB, 0);
    assert_int_equal(fixture_read(f, MDIODR), 0xffff);
    fixture_destroy(f);
}

/* 24 bytes apart as the maker's driver has them: OWN, first and last, an interrupt on completion. */
static void put_descriptor(struct soc_fixture *f, unsigned n, uint32_t length)
{
    fixture_write(f, RING + n * STRIDE, 0x24000000);
    fixture_write(f, RING + n * STRIDE + 4, 0);
    fixture_write(f, RING + n * STRIDE + 8, 1u << 31 | length);
    fixture_write(f, RING + n * STRIDE + 12, 0xb0000000 | length);
}

static void open_sender(struct soc_fixture *f)
{
    fixture_write(f, DMACCR, 1 << 18);
    fixture_write(f, TXRLR, 3 - 1);
    fixture_write(f, TXDLAR, RING);
    fixture_write(f, TXDTPR, RING);
    fixture_write(f, MACCR, 1 << 14 | 1 << 1);
    fixture_write(f, CIER, NIS | AIS | TI | FBE);
    fixture_write(f, TXCR, 1);
}

static bool owned(struct soc_fixture *f, unsigned n)
{
    return fixture_read(f, RING + n * STRIDE + 12) >> 31;
}

static void test_frames_are_sent_in_their_time(void **state)
{
    (void)state; /* 976 + 24 bytes at 100 Mbit/s: 80 us each */
    struct soc_fixture *f = start();
    open_sender(f);
    for (unsigned n = 0; n < 3; n++)
        put_descriptor(f, n, 976);
    assert_int_equal(fixture_read(f, CSR), 0);
    fixture_write(f, TXDTPR, RING + 2 * STRIDE);
    fixture_wait(f, 79 * SIM_US);
    assert_true(owned(f, 0));
    assert_false(f->irq[SOC_CM7][IRQ_ETH]);
    fixture_wait(f, 2 * SIM_US);
    assert_false(owned(f, 0));
    assert_int_equal(fixture_read(f, CSR), TI | NIS);
    assert_int_equal(fixture_read(f, DMAISR), 1);
    assert_true(f->irq[SOC_CM7][IRQ_ETH]);
    fixture_write(f, CSR, TI | NIS);
    assert_false(f->irq[SOC_CM7][IRQ_ETH]);
    fixture_wait(f, 80 * SIM_US);
    assert_false(owned(f, 1));
    fixture_wait(f, SIM_MS);
    assert_true(owned(f, 2)); /* the tail stands there */
    put_descriptor(f, 0, 976);
    fixture_write(f, TXDTPR, RING + STRIDE);
    fixture_wait(f, 170 * SIM_US);
    assert_false(owned(f, 2) || owned(f, 0)); /* round the ring */
    fixture_destroy(f);
}

static void test_a_descriptor_of_the_cpu_suspends_the_sender(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    open_sender(f);
    fixture_write(f, TXDTPR, RING + STRIDE);
    assert_int_equal(fixture_read(f, CSR), TBU);
    put_descriptor(f, 0, 100);
    fixture_write(f, TXDTPR, RING + STRIDE);
    fixture_wait(f, SIM_MS);
    assert_false(owned(f, 0));
    fixture_destroy(f);
}

static void test_memory_that_it_does_not_reach_is_a_bus_error(void **state)
{
    (void)state;
    struct soc_fixture *f = start();
    open_sender(f);
    fixture_write(f, TXCR, 0);
    fixture_write(f, TXDLAR, 0x10);
    fixture_write(f, TXCR, 1);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, CSR), FBE | AIS);
    assert_int_equal(fixture_read(f, TXCR), 0);
    assert_true(f->irq[SOC_CM7][IRQ_ETH]);
    assert_non_null(strstr(f->complaint, "descriptor"));
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reset_ends_and_clears_the_registers),
        cmocka_unit_test(test_phy_is_managed_in_the_frames_time),
        cmocka_unit_test(test_nobody_at_the_management_wires),
        cmocka_unit_test(test_frames_are_sent_in_their_time),
        cmocka_unit_test(test_a_descriptor_of_the_cpu_suspends_the_sender),
        cmocka_unit_test(test_memory_that_it_does_not_reach_is_a_bus_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
