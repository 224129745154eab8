/* The board's Ethernet PHY as a driver finds it: LAN8742A at address 0, no cable. */
#include "sim/test/board/board_fixture.h"

#define ETH 0x40028000u

enum { MDIOAR = ETH + 0x200, MDIODR = ETH + 0x204, MB = 1, DIVIDE_102 = 4 << 8 };

static void alternate(struct board_fixture *b, char port, unsigned pin)
{
    uint32_t moder = GPIO(port), afr = GPIO(port) + 0x20 + pin / 8 * 4, shift = pin % 8 * 4;
    fixture_write(b->f, moder, (fixture_read(b->f, moder) & ~(3u << 2 * pin)) | 2u << 2 * pin);
    fixture_write(b->f, afr, (fixture_read(b->f, afr) & ~(15u << shift)) | 11u << shift);
}

static struct board_fixture *start(void)
{
    struct board_fixture *b = board_fixture_create(NULL);
    alternate(b, 'A', 2);
    alternate(b, 'C', 1);
    return b;
}

static uint32_t get(struct board_fixture *b, unsigned address, unsigned reg)
{
    fixture_write(b->f, MDIOAR, address << 21 | reg << 16 | DIVIDE_102 | 3 << 2 | MB);
    fixture_wait(b->f, 200 * SIM_US);
    assert_int_equal(fixture_read(b->f, MDIOAR) & MB, 0);
    return fixture_read(b->f, MDIODR);
}

static void set(struct board_fixture *b, unsigned reg, uint32_t value)
{
    fixture_write(b->f, MDIODR, value);
    fixture_write(b->f, MDIOAR, reg << 16 | DIVIDE_102 | 1 << 2 | MB);
    fixture_wait(b->f, 200 * SIM_US);
}

static void test_the_phy_is_found_and_has_no_link(void **state)
{
    (void)state;
    struct board_fixture *b = start();
    assert_int_equal(get(b, 0, 18) & 31, 0); /* the address by its straps, which drivers look for */
    assert_int_equal(get(b, 0, 2), 0x0007);
    assert_int_equal(get(b, 0, 3) & 0xfff0, 0xc130);
    assert_int_equal(get(b, 0, 1) & (1 << 2 | 1 << 5), 0); /* link, negotiation complete */
    assert_int_equal(get(b, 1, 2), 0xffff);
    set(b, 0, 0x2100);
    assert_int_equal(get(b, 0, 0), 0x2100);
    set(b, 0, 0x8000);
    assert_int_equal(get(b, 0, 0), 0x3000);
    set(b, 2, 0x1234);
    assert_int_equal(get(b, 0, 2), 0x0007);
    board_fixture_destroy(b);
}

static void test_management_needs_its_pins(void **state)
{
    (void)state;
    struct board_fixture *b = board_fixture_create(NULL);
    assert_int_equal(get(b, 0, 2), 0xffff);
    assert_non_null(strstr(b->f->complaint, "PC1 is not in alternate function 11"));
    board_fixture_destroy(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_the_phy_is_found_and_has_no_link),
                                       cmocka_unit_test(test_management_needs_its_pins)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
