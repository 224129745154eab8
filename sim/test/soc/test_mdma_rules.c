/* MDMA: errors, software requests, suspension and resumption, by the words of RM0399 chapter 15. */
#include "sim/test/soc/soc_fixture.h"

#define MDMA  0x52000000u
#define AXI   0x24000000u
#define SRAM1 0x30000000u
#define SRAM2 0x30020000u
#define DTCM  0x20000000u

enum { ISR = 0, IFCR = 4, ESR = 8, CR = 0xc, TCR = 0x10, BNDTR = 0x14, SAR = 0x18, DAR = 0x1c };
enum { BRUR = 0x20, LAR = 0x24, TBR = 0x28, MAR = 0x30, MDR = 0x34 };
enum { TEIF = 1, CTCIF = 2, BRTIF = 4, BTIF = 8, TCIF = 16, CRQA = 1 << 16 };
enum { EN = 1, SWRQ = 1 << 16, TED = 1 << 7, TELD = 1 << 8, ASE = 1 << 10, BSE = 1 << 11 };
enum { PKE = 1 << 25, SWRM = 1 << 30, BLOCK = 1 << 28, REPEATED = 2 << 28, LIST = 3u << 28 };
enum { BYTES = 2 | 2 << 2, FROM_WORDS = 2 << 4 | 2 << 8, TO_WORDS = 2 << 6 | 2 << 10 };

static uint32_t reg(unsigned channel, uint32_t offset)
{
    return MDMA + 0x40 + channel * 0x40 + offset;
}

static uint32_t tlen(uint32_t bytes)
{
    return (bytes - 1) << 18;
}

static void set_up(struct soc_fixture *f, unsigned n, uint32_t tcr, uint32_t from, uint32_t to,
                   uint32_t bndtr)
{
    fixture_write(f, reg(n, TCR), tcr);
    fixture_write(f, reg(n, BNDTR), bndtr);
    fixture_write(f, reg(n, SAR), from);
    fixture_write(f, reg(n, DAR), to);
}

static void request(struct soc_fixture *f, unsigned n)
{
    fixture_write(f, reg(n, CR), EN);
    fixture_write(f, reg(n, CR), EN | SWRQ);
}

static uint32_t error_of(struct soc_fixture *f)
{
    request(f, 0);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, reg(0, ISR)) & (TEIF | CTCIF), TEIF);
    assert_int_equal(fixture_read(f, reg(0, CR)) & EN, 0);
    uint32_t esr = fixture_read(f, reg(0, ESR));
    fixture_write(f, reg(0, IFCR), 0x1f);
    return esr;
}

/* 15.5.4: ASE and BSE with TED and the address; CTEIF takes ASE and BSE back, not TED and TEA. */
static void test_size_errors_name_their_side_and_go_with_cteif(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    const uint32_t tcr = BYTES | SWRM | tlen(8);
    set_up(f, 0, tcr | FROM_WORDS, AXI + 0x12, SRAM1, 8);
    assert_int_equal(error_of(f), ASE | 0x12);
    set_up(f, 0, tcr | TO_WORDS | PKE, AXI, SRAM1 + 0x21, 8);
    assert_int_equal(error_of(f), ASE | TED | 0x21);
    assert_int_equal(fixture_read(f, reg(0, ESR)), TED | 0x21);
    set_up(f, 0, tcr | FROM_WORDS | PKE, AXI + 4, SRAM1, 6);
    assert_int_equal(error_of(f), BSE | 4);
    set_up(f, 0, tcr | TO_WORDS | PKE, AXI, SRAM1 + 8, 6);
    assert_int_equal(error_of(f), BSE | TED | 8);
    fixture_destroy(f);
}

/* 15.3.15: the error comes with the last transfer, which is not done; those before it are. */
static void test_block_size_error_comes_with_the_last_buffer(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    for (unsigned n = 0; n < 12; n++)
        fixture_write(f, AXI + 4 * n, 0x11111111 * (n + 1));
    set_up(f, 0, BYTES | FROM_WORDS | TO_WORDS | SWRM | BLOCK | tlen(16), AXI, SRAM1, 38);
    assert_int_equal(error_of(f), BSE | 32);
    assert_int_equal(fixture_read(f, SRAM1 + 28), 0x88888888);
    assert_int_equal(fixture_read(f, SRAM1 + 32), 0);
    assert_int_equal(fixture_read(f, reg(0, BNDTR)), 6);
    fixture_destroy(f);
}

/* 15.5.6, SSIZE and DSIZE: the TCM's port is of 32 bits. */
static void test_double_words_do_not_reach_the_tcm(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    const uint32_t both = BYTES | SWRM | tlen(8) | 3 << 4 | 3 << 6 | 3 << 8 | 3 << 10;
    set_up(f, 0, both, AXI, DTCM, 8);
    fixture_write(f, reg(0, TBR), 1 << 17);
    assert_int_equal(error_of(f), TED);
    set_up(f, 0, both, DTCM + 8, AXI, 8);
    fixture_write(f, reg(0, TBR), 1 << 16);
    assert_int_equal(error_of(f), 8);
    fixture_destroy(f);
}

/* 15.3.12: a list lies where the AXI port reaches it. */
static void test_list_in_the_tcm_is_a_link_error(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 0, BYTES | LIST | SWRM | tlen(8), AXI, SRAM1, 8);
    fixture_write(f, reg(0, LAR), DTCM + 0x48);
    assert_int_equal(error_of(f), TELD);
    fixture_destroy(f);
}

/* 15.5.5, SWRQ: software's request has no acknowledge. */
static void test_software_request_is_not_answered_by_the_mask_write(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 0, BYTES | SWRM | tlen(8), AXI, SRAM1, 8);
    fixture_write(f, reg(0, MAR), SRAM2);
    fixture_write(f, reg(0, MDR), 0xc0ffee);
    request(f, 0);
    fixture_wait(f, SIM_MS);
    assert_true(fixture_read(f, reg(0, ISR)) & CTCIF);
    assert_int_equal(fixture_read(f, SRAM2), 0);
    fixture_destroy(f);
}

static void test_request_during_a_request_is_none(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 0, BYTES | SWRM | tlen(8), AXI, SRAM1, 32);
    request(f, 0);
    fixture_write(f, reg(0, CR), EN | SWRQ);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, reg(0, BNDTR)), 24);
    fixture_destroy(f);
}

/* 15.5.7 */
static void test_block_of_no_bytes_is_not_served(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 0, BYTES | SWRM | tlen(8), AXI, SRAM1, 0);
    request(f, 0);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, reg(0, ISR)), CRQA);
    assert_int_equal(fixture_read(f, reg(0, CR)), EN);
    fixture_destroy(f);
}

/* A hardware request is seen in CRQA while another channel has the engine. */
static void test_waiting_hardware_request_shows_in_crqa(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 0, BYTES | SWRM | BLOCK | tlen(128), AXI, SRAM1, 0x8000);
    request(f, 0);
    wire_set(&f->soc->mdma_trigger[20], true);
    set_up(f, 1, BYTES | tlen(8), AXI, SRAM2, 8);
    fixture_write(f, reg(1, TBR), 20);
    assert_int_equal(fixture_read(f, reg(1, ISR)), 0);
    fixture_write(f, reg(1, CR), EN);
    assert_int_equal(fixture_read(f, reg(1, ISR)), CRQA);
    fixture_destroy(f);
}

/* 15.3.14: the buffer that is under way is completed; EN falls and CTCIF rises after it. */
static void test_disabling_completes_the_buffer_under_way(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    set_up(f, 0, BYTES | SWRM | BLOCK | tlen(128), AXI, SRAM1, 0x800);
    request(f, 0);
    fixture_wait(f, 24 * SIM_US); /* at 64 MHz, 128 times eight cycles a buffer: the second */
    fixture_write(f, reg(0, CR), 0);
    assert_int_equal(fixture_read(f, reg(0, CR)), EN);
    assert_int_equal(fixture_read(f, reg(0, ISR)), CRQA);
    fixture_write(f, reg(0, DAR), SRAM2);
    assert_int_equal(fixture_read(f, reg(0, DAR)), SRAM1);
    fixture_wait(f, 9 * SIM_US);
    assert_int_equal(fixture_read(f, reg(0, CR)), 0);
    assert_int_equal(fixture_read(f, reg(0, ISR)), CTCIF | TCIF);
    assert_int_equal(fixture_read(f, reg(0, BNDTR)), 0x800 - 256);
    assert_int_equal(fixture_read(f, reg(0, DAR)), SRAM1 + 256);
    fixture_destroy(f);
}

/* 15.3.14, 15.5.7: a channel goes on where it was stopped; a repetition reloads the programmed length. */
static void test_resumed_channel_repeats_the_whole_block(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    for (unsigned n = 0; n < 16; n++)
        fixture_write(f, AXI + 4 * n, n + 1);
    set_up(f, 0, BYTES | SWRM | tlen(16), AXI, SRAM1, 32 | 1u << 20);
    request(f, 0);
    fixture_wait(f, SIM_MS);
    fixture_write(f, reg(0, CR), 0);
    assert_int_equal(fixture_read(f, reg(0, ISR)), CTCIF | TCIF);
    assert_int_equal(fixture_read(f, reg(0, BNDTR)), 16 | 1u << 20);
    fixture_write(f, reg(0, IFCR), 0x1f);
    request(f, 0);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, reg(0, ISR)), BTIF | TCIF);
    assert_int_equal(fixture_read(f, reg(0, BNDTR)), 32);
    for (unsigned n = 0; n < 2; n++) {
        fixture_write(f, reg(0, CR), EN | SWRQ);
        fixture_wait(f, SIM_MS);
    }
    assert_int_equal(fixture_read(f, reg(0, ISR)), CTCIF | BRTIF | BTIF | TCIF);
    for (unsigned n = 0; n < 16; n++)
        assert_int_equal(fixture_read(f, SRAM1 + 4 * n), n + 1);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_size_errors_name_their_side_and_go_with_cteif),
        cmocka_unit_test(test_block_size_error_comes_with_the_last_buffer),
        cmocka_unit_test(test_double_words_do_not_reach_the_tcm),
        cmocka_unit_test(test_list_in_the_tcm_is_a_link_error),
        cmocka_unit_test(test_software_request_is_not_answered_by_the_mask_write),
        cmocka_unit_test(test_request_during_a_request_is_none),
        cmocka_unit_test(test_block_of_no_bytes_is_not_served),
        cmocka_unit_test(test_waiting_hardware_request_shows_in_crqa),
        cmocka_unit_test(test_disabling_completes_the_buffer_under_way),
        cmocka_unit_test(test_resumed_channel_repeats_the_whole_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
