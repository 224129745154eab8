/* USART: RM0399 chapter 51. */
#include "sim/soc/usart.h"
#include "sim/test/soc/soc_fixture.h"

#define USART1 0x40011000u
enum { CR1 = 0, CR2 = 4, CR3 = 8, BRR = 0xc, RTOR = 0x14, RQR = 0x18, ISR = 0x1c, ICR = 0x20 };
enum { RDR = 0x24, TDR = 0x28 };
enum { UE = 1, RE = 4, TE = 8, RXNEIE = 1 << 5, IRQ_USART1 = 37 };

struct line {
    char text[64];
    size_t count;
    sim_time at[64];
    struct sim *sim;
};

static void hear(void *ctx, uint16_t data)
{
    struct line *line = ctx;
    line->at[line->count] = sim_now(line->sim);
    line->text[line->count++] = (char)data;
}

static struct soc_fixture *create(struct line *line)
{
    struct soc_fixture *f = fixture_create();
    *line = (struct line){.sim = &f->sim};
    const struct usart_peer peer = {line, hear};
    assert_true(usart_attach(f->soc, "USART1", &peer));
    fixture_write(f, USART1 + BRR, 64000000 / 115200); /* 555: APB2 runs at HSI's 64 MHz */
    return f;
}

static void test_sent_frames_take_their_bits(void **state)
{
    struct line line;
    struct soc_fixture *f = create(&line);
    (void)state;
    fixture_write(f, USART1 + CR1, UE | TE);
    assert_true(fixture_read(f, USART1 + ISR) & 1u << 21); /* TEACK */
    sim_time start = sim_now(&f->sim), frame = sim_cycles_to_time(10 * 555, 64000000);
    fixture_write(f, USART1 + TDR, 'h');
    assert_false(fixture_read(f, USART1 + ISR) & 1u << 7); /* behind TE an idle frame goes first */
    fixture_wait(f, frame);
    assert_true(fixture_read(f, USART1 + ISR) & 1u << 7); /* the shift register took it: TXE */
    fixture_write(f, USART1 + TDR, 'i');
    assert_false(fixture_read(f, USART1 + ISR) & (1u << 7 | 1u << 6));
    fixture_wait(f, 1 * SIM_MS);
    assert_string_equal(line.text, "hi");
    assert_int_equal(line.at[0] - start, 2 * frame);
    assert_int_equal(line.at[1] - line.at[0], frame);
    assert_true(fixture_read(f, USART1 + ISR) & 1u << 6);
    fixture_destroy(f);
}

static void test_fifo_takes_sixteen_and_flags_its_levels(void **state)
{
    struct line line;
    struct soc_fixture *f = create(&line);
    (void)state;
    fixture_write(f, USART1 + CR1, UE | TE | 1u << 29);
    assert_true(fixture_read(f, USART1 + ISR) & 1u << 23); /* TXFE */
    fixture_wait(f, 200 * SIM_US);
    for (unsigned n = 0; n < 17; n++)
        fixture_write(f, USART1 + TDR, 'a' + n);
    assert_false(fixture_read(f, USART1 + ISR) & (1u << 23 | 1u << 7));
    fixture_wait(f, 5 * SIM_MS);
    assert_string_equal(line.text, "abcdefghijklmnopq");
    fixture_destroy(f);
}

static void test_received_byte_interrupts_and_overrun_loses_the_newer(void **state)
{
    struct line line;
    struct soc_fixture *f = create(&line);
    (void)state;
    fixture_write(f, USART1 + CR1, UE | RE | RXNEIE);
    usart_send(f->soc, "USART1", (const uint8_t *)"xyz", 3);
    fixture_wait(f, 100 * SIM_US);
    assert_true(f->irq[SOC_CM7][IRQ_USART1]);
    assert_true(f->irq[SOC_CM4][IRQ_USART1]);
    fixture_wait(f, 400 * SIM_US);
    assert_int_equal(fixture_read(f, USART1 + ISR) & 0x38, 0x38); /* RXNE, IDLE, ORE */
    assert_int_equal(fixture_read(f, USART1 + RDR), 'x');
    assert_int_equal(fixture_read(f, USART1 + ISR) & 0x20, 0);
    fixture_write(f, USART1 + ICR, 0x18);
    assert_int_equal(fixture_read(f, USART1 + ISR) & 0x38, 0);
    assert_false(f->irq[SOC_CM7][IRQ_USART1]);
    fixture_destroy(f);
}

static void test_bytes_wait_for_the_receiver(void **state)
{
    struct line line;
    struct soc_fixture *f = create(&line);
    (void)state;
    usart_send(f->soc, "USART1", (const uint8_t *)"q", 1);
    fixture_wait(f, SIM_MS);
    fixture_write(f, USART1 + CR1, UE | RE);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, USART1 + RDR), 'q');
    fixture_destroy(f);
}

static void test_receiver_timeout(void **state)
{
    struct line line;
    struct soc_fixture *f = create(&line);
    (void)state;
    fixture_write(f, USART1 + RTOR, 50);
    fixture_write(f, USART1 + CR2, 1u << 23);
    fixture_write(f, USART1 + CR1, UE | RE);
    usart_send(f->soc, "USART1", (const uint8_t *)"q", 1);
    fixture_wait(f, 87 * SIM_US + 400 * SIM_US);
    assert_false(fixture_read(f, USART1 + ISR) & 1u << 11);
    fixture_wait(f, 100 * SIM_US);
    assert_true(fixture_read(f, USART1 + ISR) & 1u << 11);
    fixture_destroy(f);
}

static void test_dma_requests_are_levels(void **state)
{
    struct line line;
    struct soc_fixture *f = create(&line);
    (void)state;
    struct wire *request = f->soc->dma_request[0];
    fixture_write(f, USART1 + CR3, 1u << 6 | 1u << 7);
    fixture_write(f, USART1 + CR1, UE | RE | TE);
    assert_true(request[42].level);
    assert_false(request[41].level);
    usart_send(f->soc, "USART1", (const uint8_t *)"q", 1);
    fixture_wait(f, SIM_MS);
    assert_true(request[41].level);
    fixture_read(f, USART1 + RDR);
    assert_false(request[41].level);
    fixture_destroy(f);
}

/* A value that is over already ends the timeout at once (51.8.7). */
static void test_receiver_timeout_is_changed_on_the_fly(void **state)
{
    struct line line;
    struct soc_fixture *f = create(&line);
    (void)state;
    fixture_write(f, USART1 + RTOR, 0xffffff);
    fixture_write(f, USART1 + CR2, 1u << 23);
    fixture_write(f, USART1 + CR1, UE | RE);
    usart_send(f->soc, "USART1", (const uint8_t *)"q", 1);
    fixture_wait(f, SIM_MS);
    assert_false(fixture_read(f, USART1 + ISR) & 1u << 11);
    fixture_write(f, USART1 + RTOR, 50);
    fixture_wait(f, 1);
    assert_true(fixture_read(f, USART1 + ISR) & 1u << 11);
    fixture_destroy(f);
}

static void test_fields_that_need_ue_to_be_off(void **state)
{
    static const struct {
        uint32_t offset, all, locked;
    } cases[] = {
        {CR1, 0xfffffffc, 0x33ff9e00}, {CR2, 0xff0fff79, 0xff0fff30}, {CR3, 0xfffeff7f, 0x003efb3e},
        {BRR, 0xffff, 0xffff},         {0x10, 0xffff, 0xffff},        {0x2c, 15, 15},
        {RTOR, 0xffffffff, 0},
    };
    (void)state;
    for (unsigned n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct line line;
        struct soc_fixture *f = create(&line);
        fixture_write(f, USART1 + BRR, 0);
        fixture_write(f, USART1 + CR1, UE | RE);
        f->complaint[0] = 0;
        uint32_t still_on = cases[n].offset == CR1 ? UE | RE : 0;
        fixture_write(f, USART1 + cases[n].offset, cases[n].all | still_on);
        uint32_t kept = fixture_read(f, USART1 + cases[n].offset) & cases[n].all;
        assert_int_equal(kept & ~(uint32_t)RE, cases[n].all & ~cases[n].locked & ~(uint32_t)RE);
        if (cases[n].offset == BRR)
            assert_non_null(strstr(f->complaint, "USART1: BRR is written while UE is set"));
        fixture_destroy(f);
    }
}

static void test_received_parity_bit_is_in_rdr(void **state)
{
    struct line line;
    struct soc_fixture *f = create(&line);
    (void)state;
    fixture_write(f, USART1 + CR1, UE | RE | 3u << 9 | 1u << 12); /* 8 bits and odd parity */
    usart_send(f->soc, "USART1", (const uint8_t *)"\x41", 1);
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, USART1 + ISR) & 1, 0);
    assert_int_equal(fixture_read(f, USART1 + RDR), 0x141);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sent_frames_take_their_bits),
        cmocka_unit_test(test_fifo_takes_sixteen_and_flags_its_levels),
        cmocka_unit_test(test_received_byte_interrupts_and_overrun_loses_the_newer),
        cmocka_unit_test(test_bytes_wait_for_the_receiver),
        cmocka_unit_test(test_receiver_timeout),
        cmocka_unit_test(test_dma_requests_are_levels),
        cmocka_unit_test(test_receiver_timeout_is_changed_on_the_fly),
        cmocka_unit_test(test_fields_that_need_ue_to_be_off),
        cmocka_unit_test(test_received_parity_bit_is_in_rdr),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
