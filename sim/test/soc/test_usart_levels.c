/* Flow control by RTS and CTS, inverted levels and swapped pins between two USARTs of the chip (RM0399 51.5.20,
 * 51.8.3). */
#include "sim/soc/usart.h"
#include "sim/test/soc/soc_fixture.h"

#define USART2 0x40004400u
#define USART3 0x40004800u
enum { CR1 = 0, CR2 = 4, CR3 = 8, BRR = 0xc, ISR = 0x1c, ICR = 0x20, RDR = 0x24, TDR = 0x28 };
enum { UE = 1, RE = 4, TE = 8, FIFOEN = 1 << 29, RTSE = 1 << 8, CTSE = 1 << 9, CTSIE = 1 << 10 };
enum { SWAP = 1 << 15, RXINV = 1 << 16, TXINV = 1 << 17 };
enum { FE = 2, ORE = 8, RXNE = 32, TC = 64, CTSIF = 1 << 9, CTS = 1 << 10 };

static void configure(struct soc_fixture *f, uint32_t base, uint32_t cr1, uint32_t cr2,
                      uint32_t cr3)
{
    fixture_write(f, base + CR1, 0);
    fixture_write(f, base + BRR, 0x200);
    fixture_write(f, base + CR2, cr2);
    fixture_write(f, base + CR3, cr3);
    fixture_write(f, base + CR1, cr1 | UE | RE | TE);
    fixture_wait(f, SIM_MS); /* the idle frame */
}

static struct soc_fixture *create(void)
{
    struct soc_fixture *f = fixture_create();
    assert_true(usart_join(f->soc, "USART2", "USART3"));
    return f;
}

static void test_sender_waits_for_the_reader(void **state)
{
    (void)state;
    struct soc_fixture *f = create();
    configure(f, USART2, FIFOEN, 0, CTSE | CTSIE);
    configure(f, USART3, 0, 0, RTSE);
    fixture_write(f, USART2 + ICR, CTSIF);
    assert_true(fixture_read(f, USART2 + ISR) & CTS);
    for (unsigned n = 1; n <= 5; n++)
        fixture_write(f, USART2 + TDR, n);
    for (unsigned n = 1; n <= 5; n++) {
        fixture_wait(f, SIM_MS);
        assert_int_equal(fixture_read(f, USART2 + ISR) & (CTS | CTSIF), CTSIF);
        assert_true(f->irq[SOC_CM7][38]);
        fixture_write(f, USART2 + ICR, CTSIF);
        assert_false(f->irq[SOC_CM7][38]);
        assert_int_equal(fixture_read(f, USART2 + ISR) & TC, n == 5 ? TC : 0);
        assert_int_equal(fixture_read(f, USART3 + ISR) & (RXNE | ORE), RXNE);
        assert_int_equal(fixture_read(f, USART3 + RDR), n);
        assert_true(fixture_read(f, USART2 + ISR) & CTS);
    }
    fixture_destroy(f);
}

static void test_a_fifo_asks_to_wait_when_it_is_full(void **state)
{
    (void)state;
    struct soc_fixture *f = create();
    configure(f, USART2, 0, 0, CTSE);
    configure(f, USART3, FIFOEN, 0, RTSE);
    for (unsigned n = 1; n <= 18; n++) {
        assert_true(fixture_read(f, USART2 + ISR) & CTS);
        fixture_write(f, USART2 + TDR, n);
        fixture_wait(f, SIM_MS);
        if (n == 17)
            fixture_read(f, USART3 + RDR);
    }
    assert_false(fixture_read(f, USART2 + ISR) & CTS);
    for (unsigned n = 2; n <= 18; n++)
        assert_int_equal(fixture_read(f, USART3 + RDR), n);
    assert_false(fixture_read(f, USART3 + ISR) & ORE);
    fixture_destroy(f);
}

/* Its RTS says no until RE; without CTSE nobody asks. */
static void test_a_receiver_that_is_off_is_waited_for(void **state)
{
    (void)state;
    struct soc_fixture *f = create();
    configure(f, USART3, 0, 0, RTSE);
    fixture_write(f, USART3 + CR1, UE);
    configure(f, USART2, 0, 0, CTSE);
    fixture_write(f, USART2 + TDR, 7);
    fixture_wait(f, SIM_MS);
    assert_false(fixture_read(f, USART2 + ISR) & TC);
    fixture_write(f, USART3 + CR1, UE | RE);
    fixture_wait(f, SIM_MS);
    assert_true(fixture_read(f, USART2 + ISR) & TC);
    assert_int_equal(fixture_read(f, USART3 + RDR), 7);
    fixture_write(f, USART3 + CR1, UE);
    configure(f, USART2, 0, 0, 0);
    fixture_write(f, USART2 + TDR, 8);
    fixture_wait(f, SIM_MS);
    assert_true(fixture_read(f, USART2 + ISR) & TC);
    fixture_destroy(f);
}

static uint32_t carry(struct soc_fixture *f, uint32_t data)
{
    fixture_write(f, USART2 + TDR, data);
    fixture_wait(f, SIM_MS);
    uint32_t isr = fixture_read(f, USART3 + ISR);
    fixture_write(f, USART3 + ICR, FE);
    return isr & RXNE ? fixture_read(f, USART3 + RDR) | (isr & FE) << 16 : 0xffffffff;
}

static void test_levels_and_pins(void **state)
{
    (void)state;
    static const struct {
        uint32_t from, to, data, received;
    } cases[] = {
        {TXINV, RXINV, 0x41, 0x41},
        {SWAP, SWAP, 0x41, 0x41},
        {SWAP | TXINV, SWAP | RXINV, 0x41, 0x41},
        {SWAP, 0, 0x41, 0xffffffff},
        {0, SWAP, 0x41, 0xffffffff},
        /* Bit 0 is taken for the start bit: bits 1 to 7 inverted, the stop bit, and an idle line
         * that is low. */
        {TXINV, 0, 0x41, 0x5f | FE << 16},
        {0, RXINV, 0x55, 0x55 | FE << 16},
    };
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct soc_fixture *f = create();
        configure(f, USART3, 0, cases[n].to, 0);
        configure(f, USART2, 0, cases[n].from, 0);
        assert_int_equal(carry(f, cases[n].data), cases[n].received);
        assert_string_equal(f->complaint, "");
        fixture_destroy(f);
    }
}

struct heard {
    uint32_t data;
    unsigned count;
};

static void hear(void *ctx, uint16_t data)
{
    struct heard *heard = ctx;
    heard->data = data;
    heard->count++;
}

/* The board's end of the line has its pins and levels as they are soldered. */
static void test_levels_and_pins_towards_a_peer(void **state)
{
    (void)state;
    struct heard heard = {0, 0};
    const struct usart_peer peer = {&heard, hear};
    const uint8_t byte = 0x55;
    struct soc_fixture *f = fixture_create();
    assert_true(usart_attach(f->soc, "USART2", &peer));
    configure(f, USART2, 0, TXINV | RXINV, 0);
    fixture_write(f, USART2 + TDR, 0x55);
    fixture_wait(f, SIM_MS);
    assert_int_equal(heard.data, 0x2a ^ 0x7f);
    assert_true(usart_send(f->soc, "USART2", &byte, 1));
    fixture_wait(f, SIM_MS);
    assert_true(fixture_read(f, USART2 + ISR) & FE);
    assert_int_equal(fixture_read(f, USART2 + RDR), 0x2a ^ 0x7f);
    configure(f, USART2, 0, SWAP, 0);
    assert_true(usart_send(f->soc, "USART2", &byte, 1));
    fixture_write(f, USART2 + TDR, 0x55);
    fixture_wait(f, SIM_MS);
    assert_int_equal(heard.count, 1);
    assert_false(fixture_read(f, USART2 + ISR) & RXNE);
    configure(f, USART2, 0, 0, 0);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, USART2 + RDR), 0x55);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sender_waits_for_the_reader),
        cmocka_unit_test(test_a_fifo_asks_to_wait_when_it_is_full),
        cmocka_unit_test(test_a_receiver_that_is_off_is_waited_for),
        cmocka_unit_test(test_levels_and_pins),
        cmocka_unit_test(test_levels_and_pins_towards_a_peer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
