/* FLASH: RM0399 chapter 4. Bank 2, sector 7, unless the test says otherwise. */
#include "sim/soc/flash.h"
#include "sim/test/soc/soc_fixture.h"

#define FLASH  0x52002000u
#define SECTOR 0x081e0000u
enum { KEYR2 = 0x104, CR2 = 0x10c, SR2 = 0x110, CCR2 = 0x114, OPTKEYR = 0x08, OPTCR = 0x18 };
enum { OPTSR_CUR = 0x1c, OPTSR_PRG = 0x20, WPSN_PRG2 = 0x13c };
enum { PG = 2, SER = 4, START = 1 << 7, BUSY = 5, EOP = 1 << 16, WRPERR = 1 << 17 };
enum { PGSERR = 1 << 18, INCERR = 1 << 21 };

static void unlock(struct soc_fixture *f)
{
    fixture_write(f, FLASH + KEYR2, 0x45670123);
    fixture_write(f, FLASH + KEYR2, 0xcdef89ab);
    assert_false(fixture_read(f, FLASH + CR2) & 1);
}

static void program(struct soc_fixture *f, uint32_t address, uint32_t first)
{
    for (unsigned n = 0; n < 8; n++)
        fixture_write(f, address + 4 * n, first + n);
}

static void test_program_needs_key_mode_and_a_whole_word(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, SECTOR, 1);
    assert_int_equal(fixture_read(f, FLASH + SR2), PGSERR);
    fixture_write(f, FLASH + CCR2, PGSERR);
    unlock(f);
    fixture_write(f, FLASH + CR2, PG);
    program(f, SECTOR, 0x100);
    assert_int_equal(fixture_read(f, FLASH + SR2) & BUSY, BUSY);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, FLASH + SR2), EOP);
    assert_int_equal(fixture_read(f, SECTOR + 28), 0x107);
    fixture_write(f, SECTOR + 64, 1);
    fixture_write(f, SECTOR + 96, 1); /* another word in between */
    assert_true(fixture_read(f, FLASH + SR2) & INCERR);
    fixture_destroy(f);
}

static void test_programmed_bits_only_fall_until_erased(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    unlock(f);
    fixture_write(f, FLASH + CR2, PG);
    program(f, SECTOR, 0xf0);
    fixture_wait(f, SIM_MS);
    program(f, SECTOR, 0x0f);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, SECTOR), 0);
    fixture_write(f, FLASH + CR2, SER | START | 7u << 8);
    assert_int_equal(fixture_read(f, FLASH + SR2) & BUSY, BUSY);
    fixture_wait(f, SIM_S);
    assert_int_equal(fixture_read(f, SECTOR), 0xffffffff);
    assert_int_equal(fixture_read(f, FLASH + CR2) & START, 0);
    fixture_destroy(f);
}

static void write_options(struct soc_fixture *f, uint32_t offset, uint32_t value)
{
    fixture_write(f, FLASH + OPTKEYR, 0x08192a3b);
    fixture_write(f, FLASH + OPTKEYR, 0x4c5d6e7f);
    fixture_write(f, FLASH + offset, value);
    fixture_write(f, FLASH + OPTCR, 2);
    assert_true(fixture_read(f, FLASH + OPTSR_CUR) & 1);
    fixture_wait(f, SIM_S);
    assert_false(fixture_read(f, FLASH + OPTSR_CUR) & 1);
}

static void test_option_bytes_change_the_next_boot(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    uint32_t options = fixture_read(f, FLASH + OPTSR_CUR);
    fixture_write(f, FLASH + OPTSR_PRG, 0); /* locked */
    assert_int_equal(fixture_read(f, FLASH + OPTSR_PRG), options);
    write_options(f, OPTSR_PRG, options & ~(uint32_t)OPTSR_BCM4);
    assert_false(soc_core_held(f->soc, SOC_CM4));
    soc_system_reset(f->soc, RSR_SFT1RSTF);
    assert_true(soc_core_held(f->soc, SOC_CM4));
    assert_false(soc_core_held(f->soc, SOC_CM7));
    assert_true(f->held[SOC_CM4]);
    fixture_write(f, 0x58024400 + 0xa0, 1u << 3); /* RCC_GCR.BOOT_C2 */
    assert_false(f->held[SOC_CM4]);
    fixture_destroy(f);
}

static void test_bank_swap(void **state)
{
    (void)state; /* 4.3.13: by the reset, with registers and options of the banks */
    struct soc_fixture *f = fixture_create();
    uint8_t *bytes = f->soc->memory.flash.bytes;
    bytes[0] = 1;
    bytes[0x100000] = 2;
    write_options(f, WPSN_PRG2, 0xfe);
    write_options(f, OPTSR_PRG, fixture_read(f, FLASH + OPTSR_CUR) | 1u << 31);
    assert_int_equal(fixture_read(f, 0x08000000) & 0xff, 1);
    assert_int_equal(fixture_read(f, FLASH + OPTCR) >> 31, 0);
    soc_system_reset(f->soc, RSR_SFT1RSTF);
    assert_int_equal(fixture_read(f, 0x08000000) & 0xff, 2);
    assert_int_equal(fixture_read(f, 0x08100000) & 0xff, 1);
    assert_int_equal(fixture_read(f, FLASH + OPTCR) >> 31, 1);
    assert_int_equal(fixture_read(f, FLASH + WPSN_PRG2 - 0x100), 0xfe);
    soc_system_reset(f->soc, RSR_SFT1RSTF); /* once is enough */
    assert_int_equal(fixture_read(f, 0x08000000) & 0xff, 2);
    write_options(f, OPTSR_PRG, fixture_read(f, FLASH + OPTSR_CUR) & ~(1u << 31));
    soc_system_reset(f->soc, RSR_SFT1RSTF);
    assert_int_equal(fixture_read(f, 0x08000000) & 0xff, 1);
    assert_string_equal(f->complaint, "");
    fixture_destroy(f);
}

/* What is loaded, is loaded to where the chip that then is switched on has it. */
static void test_banks_that_are_swapped_from_the_start(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    f->soc->memory.flash.bytes[0] = 1;
    assert_null(flash_set_option(f->soc, "SWAP_BANK", 1));
    soc_reset(f->soc, true);
    assert_int_equal(fixture_read(f, 0x08000000) & 0xff, 1);
    assert_int_equal(fixture_read(f, FLASH + OPTCR) >> 31, 1);
    fixture_destroy(f);
}

static void test_protected_sector_refuses(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    write_options(f, WPSN_PRG2, 0x7f);
    unlock(f);
    fixture_write(f, FLASH + CR2, SER | START | 7u << 8);
    assert_int_equal(fixture_read(f, FLASH + SR2), WRPERR);
    assert_int_equal(fixture_read(f, FLASH + CR2) & START, 0); /* answered */
    fixture_write(f, FLASH + CCR2, WRPERR);
    fixture_write(f, FLASH + CR2, PG);
    program(f, SECTOR, 0);
    assert_int_equal(fixture_read(f, FLASH + SR2), WRPERR);
    assert_int_equal(fixture_read(f, SECTOR), 0xffffffff);
    fixture_destroy(f);
}

static void test_wrong_key_locks_until_reset(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, FLASH + KEYR2, 0x45670123);
    fixture_write(f, FLASH + KEYR2, 0x12345678);
    fixture_write(f, FLASH + KEYR2, 0x45670123);
    fixture_write(f, FLASH + KEYR2, 0xcdef89ab);
    assert_true(fixture_read(f, FLASH + CR2) & 1);
    soc_system_reset(f->soc, RSR_SFT1RSTF);
    unlock(f);
    fixture_destroy(f);
}

/* 4.7.3, 4.7.5: an error of the sequence must be cleared before the next word. */
static void test_errors_block_the_next_word(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    unlock(f);
    fixture_write(f, FLASH + CR2, PG);
    fixture_write(f, SECTOR, 1);
    fixture_write(f, SECTOR + 32, 1);
    assert_int_equal(fixture_read(f, FLASH + SR2), INCERR | 2);
    program(f, SECTOR + 64, 0);
    assert_int_equal(fixture_read(f, FLASH + SR2), INCERR | PGSERR);
    fixture_write(f, FLASH + CCR2, INCERR);
    program(f, SECTOR + 64, 0);
    assert_int_equal(fixture_read(f, FLASH + SR2), PGSERR);
    fixture_write(f, FLASH + CCR2, PGSERR);
    program(f, SECTOR + 64, 0);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, FLASH + SR2), EOP);
    assert_int_equal(fixture_read(f, SECTOR), 0xffffffff);
    assert_int_equal(fixture_read(f, SECTOR + 64), 0);
    fixture_destroy(f);
}

/* 4.6.2: the buffer goes with PG; 4.9.4: with FW what is missing is ones. */
static void test_a_word_that_is_not_whole(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    unlock(f);
    fixture_write(f, FLASH + CR2, PG);
    fixture_write(f, SECTOR, 0);
    assert_int_equal(fixture_read(f, FLASH + SR2), 2);
    fixture_write(f, FLASH + CR2, 0);
    assert_int_equal(fixture_read(f, FLASH + SR2), 0);
    fixture_write(f, FLASH + CR2, PG);
    fixture_write(f, SECTOR + 4, 0x1234);
    fixture_write(f, FLASH + CR2, PG | 1 << 6);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, SECTOR), 0xffffffff);
    assert_int_equal(fixture_read(f, SECTOR + 4), 0x1234);
    assert_int_equal(fixture_read(f, FLASH + CR2), PG);
    fixture_destroy(f);
}

/* What comes while the bank is busy waits. */
static void test_words_queue(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    unlock(f);
    fixture_write(f, FLASH + CR2, PG);
    program(f, SECTOR, 1);
    program(f, SECTOR + 32, 9);
    fixture_wait(f, 150 * SIM_US);
    assert_int_equal(fixture_read(f, FLASH + SR2), BUSY);
    fixture_wait(f, 100 * SIM_US);
    assert_int_equal(fixture_read(f, FLASH + SR2), EOP);
    assert_int_equal(fixture_read(f, SECTOR + 60), 16);
    fixture_destroy(f);
}

/* 4.3.12, 4.9.4: CRC_EN switches it off with all that was set up. */
static void test_the_crc_is_switched_off(void **state)
{
    (void)state;
    enum { CRCCR2 = 0x150, CRCDATAR = 0x5c };
    struct soc_fixture *f = fixture_create();
    unlock(f);
    fixture_write(f, FLASH + CR2, 1 << 15);
    fixture_write(f, FLASH + CRCCR2, 1 << 8 | 1 << 17);
    assert_int_equal(fixture_read(f, FLASH + CRCDATAR), 0xffffffff);
    fixture_write(f, FLASH + CR2, 0);
    assert_int_equal(fixture_read(f, FLASH + CRCDATAR), 0);
    assert_int_equal(fixture_read(f, FLASH + CRCCR2), 0x001c0000);
    fixture_destroy(f);
}

/* 4.5.1: the first wrong word, and the second. */
static void test_wrong_option_key_locks_until_reset(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, FLASH + OPTKEYR, 0x08192a3b);
    fixture_write(f, FLASH + OPTKEYR, 0x08192a3b);
    for (unsigned n = 0; n < 2; n++) {
        fixture_write(f, FLASH + OPTKEYR, 0x08192a3b);
        fixture_write(f, FLASH + OPTKEYR, 0x4c5d6e7f);
        assert_int_equal(fixture_read(f, FLASH + OPTCR) & 1, n == 0);
        soc_system_reset(f->soc, RSR_SFT1RSTF);
    }
    fixture_destroy(f);
}

enum { CHANGEERR = 1 << 30, IRQ_FLASH = 4 };

/* Table 24: from level 1 back to 0 everything protected goes; in level 2 nothing but the swap changes. */
static void test_readout_protection(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    uint32_t options = fixture_read(f, FLASH + OPTSR_CUR) & ~0xff00u;
    f->soc->memory.flash.bytes[5] = f->soc->memory.backup.bytes[5] = 5;
    write_options(f, OPTSR_PRG, options | 0x5500);
    assert_int_equal(f->soc->memory.flash.bytes[5], 5);
    write_options(f, OPTSR_PRG, options | 0xaa00);
    assert_int_equal(f->soc->memory.flash.bytes[5], 0xff);
    assert_int_equal(f->soc->memory.backup.bytes[5], 0);
    assert_int_equal(fixture_read(f, FLASH + 0x10), EOP);
    write_options(f, OPTSR_PRG, options | 0xcc00);
    assert_int_equal(fixture_read(f, FLASH + OPTSR_CUR), options | 0xcc00);
    fixture_write(f, FLASH + OPTCR, CHANGEERR); /* its interrupt */
    fixture_write(f, FLASH + OPTSR_PRG, options | 0xaa00);
    fixture_write(f, FLASH + OPTCR, CHANGEERR | 2);
    fixture_wait(f, SIM_S);
    assert_int_equal(fixture_read(f, FLASH + OPTSR_CUR), options | 0xcc00 | CHANGEERR);
    assert_int_equal(fixture_read(f, FLASH + OPTSR_PRG), options | 0xaa00);
    assert_true(f->irq[SOC_CM7][IRQ_FLASH]);
    fixture_write(f, FLASH + 0x24, CHANGEERR);
    assert_false(f->irq[SOC_CM7][IRQ_FLASH]);
    write_options(f, OPTSR_PRG, options | 0xcc00 | 1u << 31);
    assert_int_equal(fixture_read(f, FLASH + OPTSR_CUR), options | 0xcc00 | 1u << 31);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_program_needs_key_mode_and_a_whole_word),
        cmocka_unit_test(test_programmed_bits_only_fall_until_erased),
        cmocka_unit_test(test_option_bytes_change_the_next_boot),
        cmocka_unit_test(test_bank_swap),
        cmocka_unit_test(test_banks_that_are_swapped_from_the_start),
        cmocka_unit_test(test_protected_sector_refuses),
        cmocka_unit_test(test_wrong_key_locks_until_reset),
        cmocka_unit_test(test_errors_block_the_next_word),
        cmocka_unit_test(test_a_word_that_is_not_whole),
        cmocka_unit_test(test_words_queue),
        cmocka_unit_test(test_the_crc_is_switched_off),
        cmocka_unit_test(test_wrong_option_key_locks_until_reset),
        cmocka_unit_test(test_readout_protection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
