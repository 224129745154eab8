/* A synchronous master and slave: RM0399 51.5.14. */
#include "sim/soc/usart.h"
#include "sim/test/soc/soc_fixture.h"

#define USART2 0x40004400u
#define USART3 0x40004800u
enum { CR1 = 0, CR2 = 4, CR3 = 8, BRR = 0xc, ISR = 0x1c, ICR = 0x20, RDR = 0x24, TDR = 0x28 };
enum { UE = 1, RE = 4, TE = 8, FIFOEN = 1 << 29, PCE = 1 << 10, SLVEN = 1, DIS_NSS = 8 };
enum { LBCL = 1 << 8, CLKEN = 1 << 11, MSBFIRST = 1 << 19, EIE = 1 };
enum { IDLE = 16, RXNE = 32, TC = 64, UDR = 1 << 13 };

static struct soc_fixture *create(uint32_t cr1, uint32_t master_cr2, uint32_t slave_cr2)
{
    struct soc_fixture *f = fixture_create();
    assert_true(usart_join(f->soc, "USART2", "USART3"));
    fixture_write(f, USART3 + CR2, SLVEN | DIS_NSS | slave_cr2);
    fixture_write(f, USART3 + CR3, EIE);
    fixture_write(f, USART3 + CR1, cr1 | UE | RE | TE);
    fixture_write(f, USART2 + BRR, 0x200);
    fixture_write(f, USART2 + CR2, CLKEN | master_cr2);
    fixture_write(f, USART2 + CR1, cr1 | UE | RE | TE);
    fixture_wait(f, SIM_MS);
    return f;
}

static void send(struct soc_fixture *f, uint32_t data)
{
    fixture_write(f, USART2 + TDR, data);
    fixture_wait(f, SIM_MS);
}

static void test_both_ways(void **state)
{
    (void)state;
    static const struct {
        uint32_t cr1, cr2, parity;
    } cases[] = {{0, 0, 0}, {0, MSBFIRST, 0}, {PCE, 0, 0x80}};
    for (unsigned n = 0; n < 3; n++) {
        struct soc_fixture *f = create(cases[n].cr1, LBCL | cases[n].cr2, cases[n].cr2);
        fixture_write(f, USART3 + TDR, 0x31);
        assert_false(fixture_read(f, USART3 + ISR) & TC);
        fixture_wait(f, SIM_MS);
        assert_false(fixture_read(f, USART2 + ISR) & RXNE); /* there was no clock */
        send(f, 0x07);
        assert_int_equal(fixture_read(f, USART3 + ISR) & (RXNE | TC | UDR | IDLE | 15), RXNE | TC);
        assert_int_equal(fixture_read(f, USART3 + RDR), 0x07 | cases[n].parity);
        assert_int_equal(fixture_read(f, USART2 + RDR), 0x31 | cases[n].parity);
        assert_string_equal(f->complaint, "");
        fixture_destroy(f);
    }
}

static void test_a_slave_with_nothing_to_send_underruns(void **state)
{
    (void)state;
    struct soc_fixture *f = create(FIFOEN, LBCL, 0);
    send(f, 1);
    assert_int_equal(fixture_read(f, USART2 + RDR), 0xff);
    assert_true(fixture_read(f, USART3 + ISR) & UDR);
    assert_true(f->irq[SOC_CM7][39]);
    fixture_write(f, USART3 + ICR, UDR);
    assert_false(f->irq[SOC_CM7][39]);
    fixture_write(f, USART3 + TDR, 0x21);
    fixture_write(f, USART3 + TDR, 0x22);
    for (unsigned n = 1; n <= 2; n++) {
        send(f, n + 1);
        assert_int_equal(fixture_read(f, USART2 + RDR), 0x20 + n);
        assert_int_equal(fixture_read(f, USART3 + RDR), n);
    }
    assert_int_equal(fixture_read(f, USART3 + RDR), 3);
    assert_false(fixture_read(f, USART3 + ISR) & UDR);
    fixture_destroy(f);
}

/* 7 clocks a frame: the slave's first is full with the second's first bit. */
static void test_the_last_bit_has_no_clock_without_lbcl(void **state)
{
    (void)state;
    struct soc_fixture *f = create(0, 0, 0);
    fixture_write(f, USART3 + TDR, 0);
    send(f, 0x41);
    assert_false(fixture_read(f, USART3 + ISR) & RXNE);
    assert_int_equal(fixture_read(f, USART2 + RDR), 0x80);
    send(f, 0x03);
    assert_int_equal(fixture_read(f, USART3 + RDR), 0xc1);
    fixture_destroy(f);
}

static void test_a_wire_from_the_output_to_the_input(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    assert_true(usart_join(f->soc, "USART2", "USART2"));
    fixture_write(f, USART2 + BRR, 0x200);
    fixture_write(f, USART2 + CR2, CLKEN);
    fixture_write(f, USART2 + CR1, FIFOEN | UE | RE | TE);
    fixture_wait(f, SIM_MS);
    send(f, 0x5a);
    assert_int_equal(fixture_read(f, USART2 + RDR), 0x5a);
    assert_false(fixture_read(f, USART2 + ISR) & RXNE);
    fixture_destroy(f);
}

static void test_a_slave_without_a_master_is_told(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, USART2 + CR2, SLVEN);
    fixture_write(f, USART2 + CR1, UE);
    assert_non_null(strstr(f->complaint, "no master"));
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways),
        cmocka_unit_test(test_a_slave_with_nothing_to_send_underruns),
        cmocka_unit_test(test_the_last_bit_has_no_clock_without_lbcl),
        cmocka_unit_test(test_a_wire_from_the_output_to_the_input),
        cmocka_unit_test(test_a_slave_without_a_master_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
