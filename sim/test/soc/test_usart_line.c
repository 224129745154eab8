/* Two USARTs of the chip with crossed lines: formats, errors, breaks, mute mode (RM0399 chapter 51). */
#include "sim/soc/usart.h"
#include "sim/test/soc/soc_fixture.h"

#define USART2 0x40004400u
#define USART3 0x40004800u
enum { CR1 = 0, CR2 = 4, CR3 = 8, BRR = 0xc, RQR = 0x18, ISR = 0x1c, ICR = 0x20 };
enum { RDR = 0x24, TDR = 0x28, UE = 1, RE = 4, TE = 8, PS = 1 << 9, PCE = 1 << 10, WAKE = 1 << 11 };
enum { M0 = 1 << 12, MME = 1 << 13, OVER8 = 1 << 15, M1 = 1 << 28, FIFOEN = 1 << 29 };
enum { ADDM7 = 1 << 4, STOP2 = 2 << 12, LINEN = 1 << 14, DATAINV = 1 << 18, MSBFIRST = 1 << 19 };
enum { ABREN = 1 << 20, CLKEN = 1 << 11, HDSEL = 1 << 3, SBKRQ = 2, MMRQ = 4 };
enum { PE = 1, FE = 2, ORE = 8, IDLE = 16, RXNE = 32, LBDF = 256, ABRF = 1 << 15, CMF = 1 << 17 };
enum { SBKF = 1 << 18, RWU = 1 << 19, LETTER = 0x41 };

static void configure(struct soc_fixture *f, uint32_t base, uint32_t cr1, uint32_t cr2)
{
    fixture_write(f, base + CR1, 0);
    fixture_write(f, base + BRR, 0x200);
    fixture_write(f, base + CR2, cr2);
    fixture_write(f, base + CR1, cr1 | UE | RE | TE);
}

static struct soc_fixture *create(uint32_t cr1, uint32_t cr2)
{
    struct soc_fixture *f = fixture_create();
    assert_true(usart_join(f->soc, "USART2", "USART3"));
    assert_false(usart_join(f->soc, "USART3", "UART4"));
    configure(f, USART2, cr1, cr2);
    configure(f, USART3, cr1, cr2);
    fixture_wait(f, SIM_MS); /* the idle frames */
    return f;
}

/* USART2 sends; what USART3 has in RDR, with the error flags above. */
static uint32_t carry(struct soc_fixture *f, uint32_t data)
{
    fixture_write(f, USART2 + TDR, data);
    fixture_wait(f, SIM_MS);
    uint32_t flags = fixture_read(f, USART3 + ISR) & 15;
    assert_true(fixture_read(f, USART3 + ISR) & RXNE);
    fixture_write(f, USART3 + ICR, 0x1f);
    return fixture_read(f, USART3 + RDR) | flags << 16;
}

static void test_every_format_arrives(void **state)
{
    (void)state;
    static const struct {
        uint32_t cr1, cr2, sent, received; /* RDR has the parity bit */
    } cases[] = {
        {0, 0, 0x141, 0x41},
        {M0, 0, 0x141, 0x141},
        {M1, 0, 0xc1, 0x41},
        {PCE, 0, 0x41, 0x41},
        {PCE, 0, 0x43, 0xc3},
        {PCE | PS, 0, 0x41, 0xc1},
        {M0 | PCE, STOP2, 0xc1, 0x1c1},
        {M1 | PCE, 0, 0x01, 0x41},
        {OVER8, 0, 0x41, 0x41},
        {0, MSBFIRST, 0x41, 0x41},
        {PCE, DATAINV, 0x43, 0xc3},
        {M0, DATAINV | MSBFIRST, 0x143, 0x143},
        {FIFOEN, 0, 0x41, 0x41},
    };
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct soc_fixture *f = create(cases[n].cr1, cases[n].cr2);
        assert_int_equal(carry(f, cases[n].sent), cases[n].received);
        assert_string_equal(f->complaint, "");
        fixture_destroy(f);
    }
}

static void test_formats_that_differ_are_errors(void **state)
{
    (void)state;
    struct soc_fixture *f = create(PCE, 0);
    configure(f, USART3, PCE | PS, 0);
    assert_int_equal(carry(f, LETTER) >> 16, PE);
    configure(f, USART3, 0, 0);
    assert_int_equal(carry(f, 0x43), 0xc3); /* the parity bit as a bit of data */
    configure(f, USART2, M0, 0);
    assert_int_equal(carry(f, LETTER) >> 16, FE); /* bit 8 where the stop bit should be */
    assert_int_equal(carry(f, 0x100 | LETTER), LETTER);
    configure(f, USART2, 0, MSBFIRST);
    assert_int_equal(carry(f, 0x41), 0x82);
    configure(f, USART2, 0, 0);
    fixture_write(f, USART2 + CR1, 0);
    fixture_write(f, USART2 + BRR, 0x400); /* half the speed: each bit twice, and no stop bit */
    fixture_write(f, USART2 + CR1, UE | TE);
    fixture_wait(f, SIM_MS);
    assert_int_equal(carry(f, 0x0f), 0xfe | 0 << 16);
    assert_int_equal(carry(f, 0x01), 0x06 | FE << 16);
    fixture_destroy(f);
}

static void test_msb_first_is_seen_at_the_other_end(void **state)
{
    (void)state;
    struct soc_fixture *f = create(0, MSBFIRST);
    configure(f, USART3, 0, DATAINV);
    assert_int_equal(carry(f, 0x01), 0x7f);
    fixture_destroy(f);
}

static void test_a_break_is_a_framing_error(void **state)
{
    (void)state;
    struct soc_fixture *f = create(0, 0);
    fixture_write(f, USART2 + TDR, LETTER);
    fixture_write(f, USART2 + TDR, LETTER + 1);
    fixture_write(f, USART2 + RQR, SBKRQ); /* goes before the byte that waits */
    assert_true(fixture_read(f, USART2 + ISR) & SBKF);
    fixture_wait(f, 120 * SIM_US);
    assert_int_equal(fixture_read(f, USART3 + RDR), LETTER);
    fixture_wait(f, 90 * SIM_US);
    assert_false(fixture_read(f, USART2 + ISR) & SBKF);
    assert_int_equal(fixture_read(f, USART3 + ISR) & (FE | RXNE), FE | RXNE);
    assert_int_equal(fixture_read(f, USART3 + RDR), 0);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, USART3 + RDR), LETTER + 1);
    assert_false(fixture_read(f, USART3 + ISR) & (LBDF | ORE));
    fixture_destroy(f);
}

static void test_lin_breaks(void **state)
{
    (void)state;
    struct soc_fixture *f = create(0, LINEN);
    configure(f, USART3, 0, LINEN | 1 << 5 | 1 << 6); /* 11 bits, with its interrupt */
    fixture_write(f, USART2 + RQR, SBKRQ);
    fixture_wait(f, SIM_MS);
    assert_true(fixture_read(f, USART3 + ISR) & LBDF);
    assert_true(f->irq[SOC_CM7][39]);
    fixture_write(f, USART3 + ICR, LBDF);
    assert_false(f->irq[SOC_CM7][39]);
    configure(f, USART2, 0, 0);
    fixture_wait(f, SIM_MS);
    fixture_write(f, USART2 + RQR, SBKRQ); /* 10 bits do not do */
    fixture_wait(f, SIM_MS);
    assert_false(fixture_read(f, USART3 + ISR) & LBDF);
    configure(f, USART3, 0, LINEN);
    fixture_write(f, USART2 + RQR, SBKRQ);
    fixture_wait(f, SIM_MS);
    assert_true(fixture_read(f, USART3 + ISR) & LBDF);
    fixture_destroy(f);
}

/* In the FIFO an error flag comes with its byte. */
static void test_errors_stay_with_their_bytes(void **state)
{
    (void)state;
    struct soc_fixture *f = create(FIFOEN, 0);
    fixture_write(f, USART2 + TDR, LETTER);
    fixture_wait(f, SIM_MS);
    fixture_write(f, USART2 + RQR, SBKRQ);
    fixture_wait(f, SIM_MS);
    assert_false(fixture_read(f, USART3 + ISR) & FE);
    assert_int_equal(fixture_read(f, USART3 + RDR), LETTER);
    assert_true(fixture_read(f, USART3 + ISR) & FE);
    fixture_destroy(f);
}

/* 17 frames stand in FIFO and RDR, the 18th is too many. */
static void test_receive_fifo_levels(void **state)
{
    (void)state;
    static const uint8_t thresholds[6] = {2, 4, 8, 12, 14, 16};
    for (unsigned code = 0; code < 6; code++) {
        struct soc_fixture *f = create(FIFOEN, 0);
        fixture_write(f, USART3 + CR3, code << 25);
        for (unsigned n = 1; n <= 18; n++) {
            fixture_write(f, USART2 + TDR, n);
            fixture_wait(f, SIM_MS);
            uint32_t isr = fixture_read(f, USART3 + ISR);
            assert_int_equal(isr >> 26 & 1, n >= thresholds[code]);
            assert_int_equal(isr >> 24 & 1, n >= 17);
            assert_int_equal(isr & ORE, n == 18 ? ORE : 0);
        }
        for (unsigned n = 1; n <= 17; n++)
            assert_int_equal(fixture_read(f, USART3 + RDR), n);
        assert_false(fixture_read(f, USART3 + ISR) & RXNE);
        fixture_destroy(f);
    }
}

static void test_mute_until_the_line_idles(void **state)
{
    (void)state;
    struct soc_fixture *f = create(MME, 0);
    fixture_write(f, USART3 + RQR, MMRQ);
    assert_false(fixture_read(f, USART3 + ISR) & RWU); /* it idles already */
    fixture_write(f, USART2 + TDR, 1);
    fixture_wait(f, 85 * SIM_US);
    fixture_write(f, USART2 + TDR, 2);
    fixture_read(f, USART3 + RDR);
    fixture_write(f, USART3 + RQR, MMRQ);
    assert_true(fixture_read(f, USART3 + ISR) & RWU);
    fixture_wait(f, SIM_MS);
    assert_false(fixture_read(f, USART3 + ISR) & (RXNE | RWU | IDLE));
    assert_int_equal(carry(f, 3), 3);
    fixture_destroy(f);
}

static void test_mute_until_the_own_address(void **state)
{
    (void)state;
    struct soc_fixture *f = create(0, 0);
    configure(f, USART3, MME | WAKE, 0x05000000 | ADDM7);
    fixture_write(f, USART2 + TDR, 0x86);
    fixture_wait(f, SIM_MS);
    fixture_write(f, USART2 + TDR, 0x41);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, USART3 + ISR) & (RXNE | RWU | IDLE), RWU);
    assert_int_equal(carry(f, 0x85), 0x85);
    assert_false(fixture_read(f, USART3 + ISR) & RWU);
    assert_int_equal(carry(f, 0x41), 0x41);
    fixture_write(f, USART2 + TDR, 0x95); /* 7 bits of address, not 4 */
    fixture_wait(f, SIM_MS);
    assert_true(fixture_read(f, USART3 + ISR) & RWU);
    fixture_write(f, USART3 + CR1, 0);
    configure(f, USART3, MME | WAKE, 0x05000000);
    assert_int_equal(carry(f, 0x95), 0x95);
    fixture_destroy(f);
}

/* Not mute, all eight bits count, whatever ADDM7 says. */
static void test_character_match_compares_the_whole_character(void **state)
{
    (void)state;
    struct soc_fixture *f = create(0, 0x41000000 | ADDM7);
    carry(f, 0xc1);
    assert_false(fixture_read(f, USART3 + ISR) & CMF);
    carry(f, 0x41);
    assert_true(fixture_read(f, USART3 + ISR) & CMF);
    fixture_destroy(f);
}

static void test_one_wire_hears_itself(void **state)
{
    (void)state;
    struct soc_fixture *f = create(0, 0);
    assert_int_equal(carry(f, LETTER), LETTER);
    assert_false(fixture_read(f, USART2 + ISR) & RXNE);
    fixture_write(f, USART2 + CR1, 0);
    fixture_write(f, USART2 + CR3, HDSEL);
    configure(f, USART2, 0, 0);
    assert_int_equal(carry(f, LETTER + 1), LETTER + 1);
    assert_int_equal(fixture_read(f, USART2 + RDR), LETTER + 1);
    fixture_destroy(f);
}

static void test_the_synchronous_master_receives_as_it_sends(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    configure(f, USART2, 0, CLKEN);
    fixture_write(f, USART2 + TDR, LETTER);
    fixture_wait(f, SIM_MS);
    assert_true(fixture_read(f, USART2 + ISR) & RXNE);
    assert_int_equal(fixture_read(f, USART2 + RDR), 0xff);
    fixture_destroy(f);
}

static void test_automatic_baud_rate(void **state)
{
    (void)state;
    struct soc_fixture *f = create(0, 0);
    fixture_write(f, USART3 + CR1, 0);
    fixture_write(f, USART3 + CR2, ABREN);
    fixture_write(f, USART3 + BRR, 0x123);
    fixture_write(f, USART3 + CR1, UE | RE);
    assert_int_equal(carry(f, 0x41), 0x41);
    assert_int_equal(fixture_read(f, USART3 + BRR), 0x200);
    assert_true(fixture_read(f, USART3 + ISR) & ABRF);
    fixture_write(f, USART3 + RQR, 1);
    assert_false(fixture_read(f, USART3 + ISR) & ABRF);
    fixture_destroy(f);
}

static void test_a_line_to_itself(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    assert_true(usart_join(f->soc, "USART3", "USART3"));
    configure(f, USART3, 0, 0);
    fixture_write(f, USART3 + TDR, LETTER);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, USART3 + RDR), LETTER);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_format_arrives),
        cmocka_unit_test(test_formats_that_differ_are_errors),
        cmocka_unit_test(test_msb_first_is_seen_at_the_other_end),
        cmocka_unit_test(test_a_break_is_a_framing_error),
        cmocka_unit_test(test_lin_breaks),
        cmocka_unit_test(test_errors_stay_with_their_bytes),
        cmocka_unit_test(test_receive_fifo_levels),
        cmocka_unit_test(test_mute_until_the_line_idles),
        cmocka_unit_test(test_mute_until_the_own_address),
        cmocka_unit_test(test_character_match_compares_the_whole_character),
        cmocka_unit_test(test_one_wire_hears_itself),
        cmocka_unit_test(test_the_synchronous_master_receives_as_it_sends),
        cmocka_unit_test(test_automatic_baud_rate),
        cmocka_unit_test(test_a_line_to_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
