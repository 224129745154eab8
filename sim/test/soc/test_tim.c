/* TIM1 to TIM17: RM0399 chapters 40 to 44. */
#include "sim/soc/tim.h"
#include "sim/test/soc/soc_fixture.h"

#define TIM1    0x40010000u
#define TIM2    0x40000000u
#define TIM3    0x40000400u
#define TIM4    0x40000800u
#define TIM6    0x40001000u
#define DMA1    0x40020000u
#define DMAMUX1 0x40020800u

enum { CR1 = 0, CR2 = 4, SMCR = 8, DIER = 0xc, SR = 0x10, EGR = 0x14, CCMR1 = 0x18, CCER = 0x20 };
enum { CNT = 0x24, PSC = 0x28, ARR = 0x2c, RCR = 0x30, CCR_1 = 0x34, CCR_2 = 0x38, BDTR = 0x44 };
enum {
    DCR = 0x48,
    DMAR = 0x4c,
    CEN = 1,
    UDIS = 2,
    OPM = 8,
    DIR = 16,
    ARPE = 128,
    UIF = 1,
    CC1 = 2
};

/* Lets the timer's clock tick `ticks` times, and a little more against rounding. */
static void ticks(struct soc_fixture *f, uint64_t count)
{
    fixture_wait(f, sim_cycles_to_time(count, soc_clock_hz(f->soc, CLOCK_TIM_APB1)));
}

static void test_up_counter_wraps_and_flags_without_any_event(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_wait(f, SIM_MS); /* what the clocks have to do after reset is done */
    fixture_write(f, TIM3 + ARR, 99);
    fixture_write(f, TIM3 + CR1, CEN);
    size_t pending = f->sim.events.count;
    ticks(f, 42);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 42);
    assert_int_equal(fixture_read(f, TIM3 + SR) & UIF, 0);
    ticks(f, 58);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 0);
    assert_int_equal(fixture_read(f, TIM3 + SR) & UIF, UIF);
    fixture_write(f, TIM3 + SR, ~1u);
    assert_int_equal(fixture_read(f, TIM3 + SR) & UIF, 0);
    ticks(f, 1000000007); /* a long sleep: whole cycles are skipped */
    assert_int_equal(fixture_read(f, TIM3 + CNT), 7);
    assert_int_equal(f->sim.events.count, pending);
    fixture_destroy(f);
}

static void test_prescaler_is_loaded_by_the_update(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM3 + ARR, 9);
    fixture_write(f, TIM3 + CR1, CEN);
    fixture_write(f, TIM3 + PSC, 4);
    ticks(f, 9);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 9); /* still undivided */
    ticks(f, 1 + 15);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 3);
    fixture_write(f, TIM3 + PSC, 0);
    fixture_write(f, TIM3 + EGR, 1);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 0);
    ticks(f, 6);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 6);
    fixture_destroy(f);
}

static void test_down_and_centre_aligned_counting(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM3 + ARR, 10);
    fixture_write(f, TIM3 + CR1, CEN | DIR);
    fixture_write(f, TIM3 + EGR, 1);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 10);
    ticks(f, 4);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 6);
    ticks(f, 7);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 10);
    fixture_write(f, TIM4 + ARR, 10);
    fixture_write(f, TIM4 + CR1, CEN | 1 << 5);
    ticks(f, 9);
    assert_int_equal(fixture_read(f, TIM4 + CNT), 9);
    assert_int_equal(fixture_read(f, TIM4 + SR) & UIF, 0);
    ticks(f, 4);
    assert_int_equal(fixture_read(f, TIM4 + CNT), 7);
    assert_int_equal(fixture_read(f, TIM4 + CR1) & DIR, DIR);
    assert_int_equal(fixture_read(f, TIM4 + SR) & UIF, UIF);
    ticks(f, 9);
    assert_int_equal(fixture_read(f, TIM4 + CNT), 2);
    assert_int_equal(fixture_read(f, TIM4 + CR1) & DIR, 0);
    fixture_destroy(f);
}

static void test_auto_reload_preload_waits_for_the_update(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM3 + ARR, 9);
    fixture_write(f, TIM3 + CR1, ARPE);
    fixture_write(f, TIM3 + EGR, 1);
    fixture_write(f, TIM3 + CR1, CEN | ARPE);
    fixture_write(f, TIM3 + ARR, 4);
    ticks(f, 7);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 7);
    ticks(f, 3 + 6);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 1);
    fixture_destroy(f);
}

static void test_update_interrupt_comes_at_its_tick(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM6 + PSC, 63);
    fixture_write(f, TIM6 + ARR, 999);
    fixture_write(f, TIM6 + EGR, 1);
    fixture_write(f, TIM6 + SR, 0);
    fixture_write(f, TIM6 + DIER, 1);
    fixture_write(f, TIM6 + CR1, CEN);
    sim_time begin = sim_now(&f->sim);
    for (unsigned n = 1; n <= 3; n++) {
        while (!f->irq[SOC_CM4][54])
            event_run_until(&f->sim.events, event_next(&f->sim.events));
        uint64_t hz = soc_clock_hz(f->soc, CLOCK_TIM_APB1);
        assert_true(sim_now(&f->sim) - begin == sim_cycles_to_time(n * 64000, hz));
        fixture_write(f, TIM6 + SR, 0);
        assert_false(f->irq[SOC_CM4][54]);
    }
    fixture_destroy(f);
}

static void test_one_pulse_mode_stops_at_the_update(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM3 + ARR, 9);
    fixture_write(f, TIM3 + CR1, CEN | OPM);
    ticks(f, 100);
    assert_int_equal(fixture_read(f, TIM3 + CR1) & CEN, 0);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 0);
    assert_int_equal(fixture_read(f, TIM3 + SR) & UIF, UIF);
    fixture_destroy(f);
}

static void test_repetition_counter_spaces_updates_and_tim1_has_four_interrupts(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM1 + ARR, 9);
    fixture_write(f, TIM1 + RCR, 2);
    fixture_write(f, TIM1 + EGR, 1);
    fixture_write(f, TIM1 + SR, 0);
    fixture_write(f, TIM1 + CCR_1, 5);
    fixture_write(f, TIM1 + DIER, UIF | CC1);
    fixture_write(f, TIM1 + CR1, CEN);
    ticks(f, 5);
    assert_true(f->irq[SOC_CM7][27]);
    ticks(f, 24);
    assert_false(f->irq[SOC_CM7][25]);
    ticks(f, 1);
    assert_true(f->irq[SOC_CM7][25]);
    assert_false(f->irq[SOC_CM7][24] || f->irq[SOC_CM7][26]);
    fixture_write(f, TIM1 + EGR, 1 << 7);
    fixture_write(f, TIM1 + DIER, 1 << 7);
    assert_true(f->irq[SOC_CM7][24]);
    fixture_destroy(f);
}

struct edges {
    struct soc_fixture *f;
    sim_time at[16];
    bool level[16];
    unsigned count;
};

static void hear_edge(void *ctx, unsigned index, bool level)
{
    struct edges *edges = ctx;
    (void)index;
    if (edges->count == 16)
        return;
    edges->at[edges->count] = sim_now(&edges->f->sim);
    edges->level[edges->count++] = level;
}

static void test_pwm_puts_out_its_duty(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    struct edges edges = {.f = f};
    wire_connect(tim_output(f->soc, 3, 2), hear_edge, &edges, 0);
    fixture_write(f, TIM3 + ARR, 99);
    fixture_write(f, TIM3 + CCR_2, 30);
    fixture_write(f, TIM3 + CCMR1, (6 << 4 | 8) << 8); /* PWM 1, preload */
    fixture_write(f, TIM3 + EGR, 1);
    fixture_write(f, TIM3 + CCER, 1 << 4);
    fixture_write(f, TIM3 + CR1, CEN);
    ticks(f, 250);
    uint64_t hz = soc_clock_hz(f->soc, CLOCK_TIM_APB1);
    assert_int_equal(edges.count, 6);
    assert_true(edges.level[0] && !edges.level[1] && edges.level[2]);
    assert_true(edges.at[1] - edges.at[0] == sim_cycles_to_time(30, hz));
    assert_true(edges.at[2] - edges.at[0] == sim_cycles_to_time(100, hz));
    fixture_write(f, TIM3 + CCR_2, 60); /* from the next update on */
    ticks(f, 150);
    assert_true(edges.at[5] - edges.at[4] > sim_cycles_to_time(29, hz));
    assert_true(edges.at[7] - edges.at[6] >= sim_cycles_to_time(60, hz) - 1);
    fixture_destroy(f);
}

static void test_toggle_mode_and_break(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    struct edges edges = {.f = f};
    wire_connect(tim_output(f->soc, 1, 1), hear_edge, &edges, 0);
    fixture_write(f, TIM1 + ARR, 9);
    fixture_write(f, TIM1 + CCR_1, 4);
    fixture_write(f, TIM1 + CCMR1, 3 << 4);
    fixture_write(f, TIM1 + CCER, 1);
    fixture_write(f, TIM1 + CR1, CEN);
    ticks(f, 35);
    assert_int_equal(edges.count, 0); /* MOE */
    fixture_write(f, TIM1 + BDTR, 1 << 15);
    ticks(f, 40);
    assert_true(edges.count >= 4);
    fixture_write(f, TIM1 + EGR, 1 << 7);
    assert_false(tim_output(f->soc, 1, 1)->level);
    fixture_destroy(f);
}

static void test_input_capture_latches_the_counter(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM2 + CCMR1, 1 | 2 << 8); /* both channels from TI1 */
    fixture_write(f, TIM2 + CCER, 1 | 3 << 4);  /* rising, falling */
    fixture_write(f, TIM2 + DIER, CC1);
    fixture_write(f, TIM2 + CR1, CEN);
    ticks(f, 0x12345);
    tim_input(f->soc, 2, 1, true);
    assert_true(f->irq[SOC_CM7][28]);
    ticks(f, 0x100);
    tim_input(f->soc, 2, 1, false);
    assert_int_equal(fixture_read(f, TIM2 + SR) & 6, 6);
    assert_int_equal(fixture_read(f, TIM2 + CCR_1), 0x12345);
    assert_int_equal(fixture_read(f, TIM2 + CCR_2), 0x12445);
    assert_false(f->irq[SOC_CM7][28]);
    tim_input(f->soc, 2, 1, true);
    tim_input(f->soc, 2, 1, false);
    tim_input(f->soc, 2, 1, true);
    assert_true(fixture_read(f, TIM2 + SR) & 1 << 9); /* CC1OF */
    fixture_destroy(f);
}

static void test_master_clocks_slave(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM2 + ARR, 9);
    fixture_write(f, TIM2 + CR2, 2 << 4);
    fixture_write(f, TIM3 + SMCR, 7 | 1 << 4); /* external clock 1, ITR1 = TIM2 */
    fixture_write(f, TIM3 + CR1, CEN);
    fixture_write(f, TIM2 + CR1, CEN);
    ticks(f, 57);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 5);
    ticks(f, 3);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 6);
    fixture_destroy(f);
}

static void test_master_starts_gates_and_resets_slave(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM2 + CR2, 1 << 4);      /* TRGO is CEN */
    fixture_write(f, TIM3 + SMCR, 6 | 1 << 4); /* trigger */
    fixture_write(f, TIM4 + SMCR, 5 | 1 << 4); /* gated */
    fixture_write(f, TIM4 + CR1, CEN);
    ticks(f, 10);
    assert_int_equal(fixture_read(f, TIM3 + CR1) & CEN, 0);
    assert_int_equal(fixture_read(f, TIM4 + CNT), 0);
    fixture_write(f, TIM2 + CR1, CEN);
    ticks(f, 10);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 10);
    assert_int_equal(fixture_read(f, TIM4 + CNT), 10);
    fixture_write(f, TIM2 + CR1, 0);
    ticks(f, 10);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 20);
    assert_int_equal(fixture_read(f, TIM4 + CNT), 10);
    fixture_write(f, TIM2 + CR2, 0); /* TRGO is UG */
    fixture_write(f, TIM3 + SMCR, 4 | 1 << 4);
    fixture_write(f, TIM2 + EGR, 1);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 0);
    assert_true(fixture_read(f, TIM3 + SR) & 1 << 6);
    fixture_destroy(f);
}

static void test_encoder_counts_both_ways(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    fixture_write(f, TIM3 + ARR, 0xffff);
    fixture_write(f, TIM3 + SMCR, 3);
    fixture_write(f, TIM3 + CR1, CEN);
    for (unsigned n = 0; n < 3; n++) {
        tim_input(f->soc, 3, 1, true);
        tim_input(f->soc, 3, 2, true);
        tim_input(f->soc, 3, 1, false);
        tim_input(f->soc, 3, 2, false);
    }
    assert_int_equal(fixture_read(f, TIM3 + CNT), 12);
    tim_input(f->soc, 3, 2, true);
    tim_input(f->soc, 3, 1, true);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 10);
    assert_int_equal(fixture_read(f, TIM3 + CR1) & DIR, DIR);
    fixture_destroy(f);
}

static void start_dma(struct soc_fixture *f, unsigned id, uint32_t target, uint32_t count)
{
    fixture_write(f, DMAMUX1, id);
    fixture_write(f, DMA1 + 0x14, count);
    fixture_write(f, DMA1 + 0x18, target);
    fixture_write(f, DMA1 + 0x1c, 0x30000000);
    fixture_write(f, DMA1 + 0x10, 1 << 6 | 1 << 10 | 2 << 11 | 2 << 13 | 1);
}

static void test_update_request_moves_one_item_an_update(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    start_dma(f, 27, TIM3 + CCR_1, 10);
    fixture_write(f, 0x30000008, 77);
    fixture_write(f, TIM3 + ARR, 999);
    fixture_write(f, TIM3 + DIER, 1 << 8);
    fixture_write(f, TIM3 + CR1, CEN);
    ticks(f, 3500);
    assert_int_equal(fixture_read(f, DMA1 + 0x14), 7);
    assert_int_equal(fixture_read(f, TIM3 + CCR_1), 77);
    fixture_destroy(f);
}

static void test_dma_burst_writes_several_registers_an_update(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    for (unsigned n = 0; n < 6; n++)
        fixture_write(f, 0x30000000 + 4 * n, 100 + n);
    start_dma(f, 27, TIM3 + DMAR, 6);
    fixture_write(f, TIM3 + ARR, 999);
    fixture_write(f, TIM3 + DCR, 2 << 8 | CCR_1 / 4);
    fixture_write(f, TIM3 + DIER, 1 << 8);
    fixture_write(f, TIM3 + CR1, CEN);
    ticks(f, 1500);
    assert_int_equal(fixture_read(f, DMA1 + 0x14), 3);
    assert_int_equal(fixture_read(f, TIM3 + CCR_1), 100);
    assert_int_equal(fixture_read(f, TIM3 + CCR_1 + 8), 102);
    ticks(f, 1000);
    assert_int_equal(fixture_read(f, TIM3 + CCR_1 + 8), 105);
    fixture_destroy(f);
}

static void test_32_bit_counter_and_uif_copy(void **state)
{
    (void)state;
    struct soc_fixture *f = fixture_create();
    assert_int_equal(fixture_read(f, TIM2 + ARR), 0xffffffff);
    fixture_write(f, TIM2 + CNT, 0xfffffff0);
    fixture_write(f, TIM2 + CR1, CEN | 1 << 11);
    ticks(f, 8);
    assert_int_equal(fixture_read(f, TIM2 + CNT), 0x7ffffff8 | 1u << 31);
    ticks(f, 10);
    assert_int_equal(fixture_read(f, TIM2 + CNT), 2 | 1u << 31);
    fixture_write(f, TIM3 + CNT, 0x12345);
    assert_int_equal(fixture_read(f, TIM3 + CNT), 0x2345);
    fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_up_counter_wraps_and_flags_without_any_event),
        cmocka_unit_test(test_prescaler_is_loaded_by_the_update),
        cmocka_unit_test(test_down_and_centre_aligned_counting),
        cmocka_unit_test(test_auto_reload_preload_waits_for_the_update),
        cmocka_unit_test(test_update_interrupt_comes_at_its_tick),
        cmocka_unit_test(test_one_pulse_mode_stops_at_the_update),
        cmocka_unit_test(test_repetition_counter_spaces_updates_and_tim1_has_four_interrupts),
        cmocka_unit_test(test_pwm_puts_out_its_duty),
        cmocka_unit_test(test_toggle_mode_and_break),
        cmocka_unit_test(test_input_capture_latches_the_counter),
        cmocka_unit_test(test_master_clocks_slave),
        cmocka_unit_test(test_master_starts_gates_and_resets_slave),
        cmocka_unit_test(test_encoder_counts_both_ways),
        cmocka_unit_test(test_update_request_moves_one_item_an_update),
        cmocka_unit_test(test_dma_burst_writes_several_registers_an_update),
        cmocka_unit_test(test_32_bit_counter_and_uif_copy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
