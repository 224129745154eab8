/* CRC: RM0399 chapter 22, against published check values of "123456789". */
#include "sim/test/soc/soc_fixture.h"

#define CRC 0x58024c00u

enum { DR = 0, IDR = 4, CR = 8, INIT = 0x10, POL = 0x14, REV_BYTE = 1 << 5, REV_OUT = 1 << 7 };

static uint32_t check(struct soc_fixture *f, uint32_t cr, uint32_t init, uint32_t polynomial)
{
    fixture_write(f, CRC + POL, polynomial);
    fixture_write(f, CRC + INIT, init);
    fixture_write(f, CRC + CR, cr | 1);
    assert_int_equal(fixture_read(f, CRC + CR), cr); /* RESET clears itself */
    for (const char *digit = "123456789"; *digit; digit++)
        assert_int_equal(bus_write(&f->sim.bus, MASTER_CM4, CRC + DR, 1, (uint8_t)*digit), BUS_OK);
    return fixture_read(f, CRC + DR);
}

static void test_check_values_of_all_sizes(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    uint32_t both = REV_BYTE | REV_OUT;
    assert_int_equal(check(f, 0, 0xffffffff, 0x04c11db7), 0x0376e6e7);          /* CRC-32/MPEG-2 */
    assert_int_equal(check(f, both, 0xffffffff, 0x04c11db7) ^ ~0u, 0xcbf43926); /* CRC-32 */
    assert_int_equal(check(f, 1 << 3, 0xffff, 0x1021), 0x29b1);   /* CRC-16/CCITT-FALSE */
    assert_int_equal(check(f, 1 << 3 | both, 0, 0x8005), 0xbb3d); /* CRC-16/ARC */
    assert_int_equal(check(f, 2 << 3, 0, 0x07), 0xf4);            /* CRC-8 */
    assert_int_equal(check(f, 3 << 3, 0, 0x09), 0x75);            /* CRC-7/MMC */
    fixture_destroy(f);
}

static void test_words_and_reversal_by_word(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, CRC + CR, 1);
    fixture_write(f, CRC + DR, 0x31323334);
    uint32_t word = fixture_read(f, CRC + DR);
    fixture_write(f, CRC + CR, 1 | 3 << 5);
    fixture_write(f, CRC + DR, 0x2ccc4c8c); /* the same, mirrored */
    assert_int_equal(fixture_read(f, CRC + DR), word);
    fixture_write(f, CRC + CR, 1 | 2 << 5);
    fixture_write(f, CRC + DR, 0x4c8c2ccc);
    assert_int_equal(fixture_read(f, CRC + DR), word);
    fixture_write(f, CRC + IDR, 0x12345678);
    fixture_write(f, CRC + CR, 1);
    assert_int_equal(fixture_read(f, CRC + IDR), 0x12345678);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check_values_of_all_sizes),
        cmocka_unit_test(test_words_and_reversal_by_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
