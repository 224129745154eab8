/* DMAMUX1 and 2: RM0399 chapter 18. */
#include "sim/soc/dmamux.h"
#include "sim/soc/usart.h"
#include "sim/test/soc/soc_fixture.h"

#define DMA1    0x40020000u
#define DMAMUX1 0x40020800u
#define SRAM1   0x30000000u
#define SRAM2   0x30020000u

enum { CSR = 0x80, CFR = 0x84, RG0CR = 0x100, RGSR = 0x140, RGCFR = 0x144, REQUEST = 127 };
enum { SE = 1 << 16, RISING = 1 << 17, SOIE = 1 << 8, EGE = 1 << 9, GE = 1 << 16, OIE = 1 << 8 };
enum { NDTR0 = 0x14, MINC = 1 << 10, EN = 1 };

static void start_stream(struct soc_fixture *f, unsigned n, uint32_t count)
{
    uint32_t stream = DMA1 + 0x10 + n * 0x18;
    fixture_write(f, stream + 4, count);
    fixture_write(f, stream + 8, SRAM1);
    fixture_write(f, stream + 12, SRAM2);
    fixture_write(f, stream, MINC | EN);
}

static void pulse(struct soc_fixture *f, unsigned input)
{
    dmamux_trigger(f->soc, 0, input, true);
    dmamux_trigger(f->soc, 0, input, false);
    fixture_wait(f, 10 * SIM_US);
}

static uint32_t left(struct soc_fixture *f, unsigned n)
{
    return fixture_read(f, DMA1 + NDTR0 + n * 0x18);
}

static void test_a_request_reaches_the_stream_that_chose_it_alone(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    start_stream(f, 0, 1000);
    start_stream(f, 1, 1000);
    fixture_write(f, DMAMUX1 + 4, REQUEST);
    wire_set(&f->soc->dma_request[0][REQUEST], true);
    fixture_wait(f, SIM_US);
    assert_int_equal(left(f, 0), 1000);
    assert_true(left(f, 1) < 1000);
    uint32_t before = left(f, 1);
    fixture_write(f, DMAMUX1 + 4, 0);
    fixture_wait(f, SIM_US);
    assert_int_equal(left(f, 1), before);
    fixture_write(f, DMAMUX1 + 0, REQUEST); /* the level that already stands counts */
    fixture_wait(f, SIM_US);
    assert_true(left(f, 0) < 1000);
    fixture_destroy(f);
}

static void test_generator_makes_gnbreq_plus_one_requests_a_trigger(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    start_stream(f, 0, 1000);
    fixture_write(f, DMAMUX1 + 0, 1 + 2); /* generator 2 */
    fixture_write(f, DMAMUX1 + RG0CR + 8, GE | RISING | 4 << 19 | DMAMUX1_LPTIM2_OUT);
    pulse(f, DMAMUX1_LPTIM1_OUT);
    assert_int_equal(left(f, 0), 1000);
    pulse(f, DMAMUX1_LPTIM2_OUT);
    assert_int_equal(left(f, 0), 995);
    pulse(f, DMAMUX1_LPTIM2_OUT);
    assert_int_equal(left(f, 0), 990);
    fixture_destroy(f);
}

static void test_generator_overrun_when_the_trigger_comes_too_early(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, DMAMUX1 + RG0CR, GE | RISING | OIE | DMAMUX1_TIM12_TRGO);
    pulse(f, DMAMUX1_TIM12_TRGO);
    assert_int_equal(fixture_read(f, DMAMUX1 + RGSR), 0);
    pulse(f, DMAMUX1_TIM12_TRGO);
    assert_int_equal(fixture_read(f, DMAMUX1 + RGSR), 1);
    assert_true(f->irq[SOC_CM7][102]);
    fixture_write(f, DMAMUX1 + RGCFR, 1);
    assert_int_equal(fixture_read(f, DMAMUX1 + RGSR), 0);
    assert_false(f->irq[SOC_CM7][102]);
    fixture_destroy(f);
}

static void test_synchronised_channel_forwards_nbreq_plus_one_an_event(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    start_stream(f, 0, 1000);
    wire_set(&f->soc->dma_request[0][REQUEST], true);
    fixture_write(f, DMAMUX1, REQUEST | SE | RISING | SOIE | 2 << 19 | DMAMUX1_LPTIM3_OUT << 24);
    fixture_wait(f, SIM_US);
    assert_int_equal(left(f, 0), 1000);
    pulse(f, DMAMUX1_LPTIM3_OUT);
    assert_int_equal(left(f, 0), 997);
    assert_int_equal(fixture_read(f, DMAMUX1 + CSR), 0);
    fixture_write(f, DMA1 + 0x10, 0); /* nobody serves it */
    pulse(f, DMAMUX1_LPTIM3_OUT);
    pulse(f, DMAMUX1_LPTIM3_OUT); /* before the three were through */
    assert_int_equal(fixture_read(f, DMAMUX1 + CSR), 1);
    assert_true(f->irq[SOC_CM4][102]);
    fixture_write(f, DMAMUX1 + CFR, 1);
    assert_false(f->irq[SOC_CM4][102]);
    fixture_destroy(f);
}

/* 18.4.4: the counter is loaded at its underrun alone. */
static void test_an_overrun_does_not_begin_the_count_anew(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    start_stream(f, 0, 1000);
    fixture_write(f, DMAMUX1, REQUEST | SE | RISING | 4 << 19 | DMAMUX1_LPTIM3_OUT << 24);
    wire_set(&f->soc->dma_request[0][REQUEST], true);
    pulse(f, DMAMUX1_LPTIM3_OUT);
    assert_int_equal(left(f, 0), 995);
    fixture_write(f, DMA1 + 0x10, 0);
    dmamux_trigger(f->soc, 0, DMAMUX1_LPTIM3_OUT, true);
    dmamux_trigger(f->soc, 0, DMAMUX1_LPTIM3_OUT, false);
    for (unsigned n = 0; n < 3; n++)
        dmamux_served(f->soc, 0, 0);
    pulse(f, DMAMUX1_LPTIM3_OUT);
    assert_int_equal(fixture_read(f, DMAMUX1 + CSR), 1);
    start_stream(f, 0, 1000);
    fixture_wait(f, 10 * SIM_US);
    assert_int_equal(left(f, 0), 998);
    fixture_destroy(f);
}

/* 18.4.4: the event of channel 0 triggers a generator that serves channel 1. */
static void test_channel_event_chains_to_a_generator(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    start_stream(f, 0, 12);
    start_stream(f, 1, 1000);
    fixture_write(f, DMAMUX1 + RG0CR, GE | RISING | DMAMUX1_EVT0);
    fixture_write(f, DMAMUX1 + 4, 1);
    fixture_write(f, DMAMUX1, REQUEST | EGE | 3 << 19);
    wire_set(&f->soc->dma_request[0][REQUEST], true);
    fixture_wait(f, 100 * SIM_US);
    assert_int_equal(left(f, 0), 0);
    assert_true(left(f, 1) < 1000);
    assert_true(left(f, 1) >= 997); /* three events, or fewer where they overran */
    fixture_destroy(f);
}

/* 18.4.4: what comes after the event waits for the next one. */
static void test_event_without_a_request_is_discarded(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    start_stream(f, 0, 1000);
    fixture_write(f, DMAMUX1, REQUEST | SE | RISING | DMAMUX1_LPTIM3_OUT << 24);
    pulse(f, DMAMUX1_LPTIM3_OUT);
    pulse(f, DMAMUX1_LPTIM3_OUT);
    assert_int_equal(fixture_read(f, DMAMUX1 + CSR), 0);
    wire_set(&f->soc->dma_request[0][REQUEST], true);
    fixture_wait(f, SIM_US);
    assert_int_equal(left(f, 0), 1000);
    pulse(f, DMAMUX1_LPTIM3_OUT);
    assert_int_equal(left(f, 0), 999);
    fixture_destroy(f);
}

/* 18.6.1, 18.6.2, 18.6.7, 18.6.8 */
static void test_fields_are_as_wide_as_each_multiplexer_has_inputs(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    const uint32_t dmamux2 = 0x58025800u;
    fixture_write(f, DMAMUX1, ~(uint32_t)SE);
    assert_int_equal(fixture_read(f, DMAMUX1), 0x07fe037f);
    fixture_write(f, DMAMUX1 + RG0CR, ~(uint32_t)GE);
    assert_int_equal(fixture_read(f, DMAMUX1 + RG0CR), 0x00fe0107);
    fixture_write(f, dmamux2, ~(uint32_t)SE);
    assert_int_equal(fixture_read(f, dmamux2), 0x1ffe031f);
    fixture_write(f, dmamux2 + RG0CR, ~(uint32_t)GE);
    assert_int_equal(fixture_read(f, dmamux2 + RG0CR), 0x00fe011f);
    fixture_destroy(f);
}

/* Tables 131 and 132: EXTI line 0 is DMAMUX2's trigger 20 and its synchronisation input 14. */
static void test_exti_line_0_of_dmamux2(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    const uint32_t dmamux2 = 0x58025800u, bdma0 = 0x58025408u, sram4 = 0x38000000u;
    for (unsigned synchronised = 0; synchronised < 2; synchronised++) {
        fixture_write(f, bdma0 + 4, 10);
        fixture_write(f, bdma0 + 8, sram4);
        fixture_write(f, bdma0 + 12, sram4 + 64);
        fixture_write(f, dmamux2 + RG0CR, synchronised ? 0 : GE | RISING | DMAMUX2_EXTI0);
        fixture_write(f, dmamux2, synchronised ? 31u | SE | RISING | 14 << 24 : 1u);
        wire_set(&f->soc->dma_request[1][31], synchronised);
        fixture_write(f, bdma0, EN);
        wire_pulse(&f->soc->exti_line[0]);
        fixture_wait(f, SIM_US);
        assert_int_equal(fixture_read(f, bdma0 + 4), 9);
        fixture_write(f, bdma0, 0);
    }
    fixture_destroy(f);
}

/* Generator 0 by this input, for BDMA channel 7. */
static void generate_by(struct soc_fixture *f, unsigned input)
{
    const uint32_t dmamux2 = 0x58025800u, bdma7 = 0x58025408u + 7 * 0x14;
    fixture_write(f, bdma7, 0);
    fixture_write(f, bdma7 + 4, 100);
    fixture_write(f, bdma7 + 8, 0x38000000);
    fixture_write(f, bdma7 + 12, 0x38000040);
    fixture_write(f, dmamux2 + RG0CR, 0);
    fixture_write(f, dmamux2 + RG0CR, GE | RISING | input);
    fixture_write(f, dmamux2 + 4 * 7, 1);
    fixture_write(f, bdma7, EN);
}

/* Table 131 */
static void test_inputs_of_dmamux2(void **state)
{
    (void)state;
    static const uint8_t lines[][2] = {
        {48, 9},  {50, 11}, {52, 13}, {53, 14}, {25, 15}, {41, 16}, {20, 17}, {21, 18},
        {19, 19}, {0, 20},  {2, 21},  {25, 22}, {41, 23}, {75, 26}, {66, 28}, {67, 29},
    };
    struct soc_fixture *f = fixture_create();
    for (unsigned n = 0; n < sizeof lines / sizeof lines[0]; n++) {
        generate_by(f, lines[n][1]);
        wire_pulse(&f->soc->exti_line[lines[n][0]]);
        fixture_wait(f, SIM_US);
        assert_int_equal(fixture_read(f, 0x58025408u + 7 * 0x14 + 4), 99);
    }
    fixture_destroy(f);
}

/* LPTIM2_OUT, and LPUART1's interrupts by direction. */
static void test_blocks_that_trigger_dmamux2(void **state)
{
    (void)state;
    const uint32_t lptim2 = 0x58002400u, lpuart = 0x58000c00u, counter = 0x58025408u + 7 * 0x14 + 4;
    struct soc_fixture *f = fixture_create();
    generate_by(f, DMAMUX2_LPTIM2_OUT);
    fixture_write(f, lptim2 + 0x10, 1);
    fixture_write(f, lptim2 + 0x18, 999);
    fixture_write(f, lptim2 + 0x14, 500);
    fixture_write(f, lptim2 + 0x10, 5);
    fixture_wait(f, sim_cycles_to_time(3000, soc_clock_hz(f->soc, CLOCK_LPTIM2)));
    assert_int_equal(fixture_read(f, counter), 97);
    fixture_write(f, lptim2 + 0x10, 0);
    generate_by(f, DMAMUX2_LPUART1_TX_IT);
    fixture_write(f, lpuart + 0x0c, 0x1000);
    fixture_write(f, lpuart, 1 << 7 | 9); /* TXEIE */
    fixture_wait(f, SIM_US);
    assert_int_equal(fixture_read(f, counter), 99);
    generate_by(f, DMAMUX2_LPUART1_RX_IT);
    fixture_write(f, lpuart, 1 << 5 | 13); /* RXNEIE */
    fixture_wait(f, SIM_MS);
    assert_int_equal(fixture_read(f, counter), 100);
    assert_true(usart_send(f->soc, "LPUART1", (const uint8_t *)"a", 1));
    fixture_wait(f, 10 * SIM_MS);
    assert_int_equal(fixture_read(f, counter), 99);
    fixture_destroy(f);
}

static void test_exti_line_0_is_a_trigger(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    start_stream(f, 0, 10);
    fixture_write(f, DMAMUX1, 1);
    fixture_write(f, DMAMUX1 + RG0CR, GE | RISING | DMAMUX1_EXTI0);
    wire_pulse(&f->soc->exti_line[0]);
    fixture_wait(f, SIM_US);
    assert_int_equal(left(f, 0), 9);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_request_reaches_the_stream_that_chose_it_alone),
        cmocka_unit_test(test_generator_makes_gnbreq_plus_one_requests_a_trigger),
        cmocka_unit_test(test_generator_overrun_when_the_trigger_comes_too_early),
        cmocka_unit_test(test_synchronised_channel_forwards_nbreq_plus_one_an_event),
        cmocka_unit_test(test_an_overrun_does_not_begin_the_count_anew),
        cmocka_unit_test(test_inputs_of_dmamux2),
        cmocka_unit_test(test_blocks_that_trigger_dmamux2),
        cmocka_unit_test(test_channel_event_chains_to_a_generator),
        cmocka_unit_test(test_exti_line_0_is_a_trigger),
        cmocka_unit_test(test_event_without_a_request_is_discarded),
        cmocka_unit_test(test_fields_are_as_wide_as_each_multiplexer_has_inputs),
        cmocka_unit_test(test_exti_line_0_of_dmamux2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
