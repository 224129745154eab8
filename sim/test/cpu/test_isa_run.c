/* The contract of cpu_run(): where it stops, what it has done by then; each test translated and
 * interpreted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/test/cpu/isa_fixture.h"

static const unsigned ways[2] = {0, UINT32_MAX};
#define BOTH_WAYS(f)                                                                               \
    for (unsigned way = 0; way < 2; way++)                                                         \
        for (struct fixture *f = fixture_create(CPU_CORTEX_M7, ways[way]); f;                      \
             fixture_destroy(f), f = NULL)

static uint32_t r(const struct fixture *f, unsigned n)
{
    return cpu_get(f->cpu, (enum cpu_reg)(CPU_R0 + n));
}

/* adds r0, #1 four times, b . : one cycle each */
static void stops_at_the_exact_instruction(void **state)
{
    (void)state;
    BOTH_WAYS(f)
    {
        CODE(f, 0x3001, 0x3001, 0x3001, 0x3001, 0xe7fe);
        for (unsigned i = 1; i <= 4; i++) {
            assert_int_equal(cpu_run(f->cpu, cpu_cycles(f->cpu) + 1), CPU_STOP_LIMIT);
            assert_int_equal(r(f, 0), i);
            assert_int_equal(cpu_get(f->cpu, CPU_PC), START + 2 * i);
        }
    }
}

/* movs r0,#200; loop: subs r0,#1; bne loop; b . */
static void counts_instructions_and_cycles_alike(void **state)
{
    (void)state;
    uint64_t cycles[2], hashes[2];
    struct cpu_statistics statistics;
    BOTH_WAYS(f)
    {
        CODE(f, 0x20c8, 0x3801, 0xd1fd, 0xbe00);
        while (f->entered == 0)
            cpu_run(f->cpu, cpu_cycles(f->cpu) + 17);
        cpu_statistics(f->cpu, &statistics);
        assert_int_equal(r(f, 0), 0);
        cycles[way] = cpu_cycles(f->cpu);
        hashes[way] = cpu_hash(f->cpu);
    }
    assert_int_equal(cycles[0], cycles[1]);
    assert_int_equal(hashes[0], hashes[1]);
}

/* ldr r1,[r0]; adds r2,#1; b . */
static void a_yield_leaves_the_instruction_undone(void **state)
{
    (void)state;
    BOTH_WAYS(f)
    {
        CODE(f, 0x3201, 0x6801, 0x3201, 0xe7fe);
        cpu_set(f->cpu, CPU_R0, DEVICE + 8);
        f->device_value = 77;
        f->device_answer = CPU_BUS_YIELD;
        assert_int_equal(cpu_run(f->cpu, 100), CPU_STOP_YIELD);
        assert_int_equal(cpu_get(f->cpu, CPU_PC), START + 2);
        assert_int_equal(cpu_cycles(f->cpu), 1);
        assert_int_equal(r(f, 1), 0);
        f->device_answer = CPU_BUS_OK;
        cpu_run(f->cpu, 4);
        assert_int_equal(r(f, 1), 77);
        assert_int_equal(r(f, 2), 2);
        assert_int_equal(f->device_reads, 2);
    }
}

static void a_callback_sees_the_present_and_may_end_the_slice(void **state)
{
    (void)state;
    BOTH_WAYS(f)
    {
        CODE(f, 0x3201, 0x3201, 0x6001, 0x3201, 0xe7fe);
        cpu_set(f->cpu, CPU_R0, DEVICE);
        f->device_ends_slice = true;
        assert_int_equal(cpu_run(f->cpu, 1000), CPU_STOP_ASKED);
        assert_int_equal(f->device_cycles, 2);
        assert_int_equal(f->device_pc, START + 4);
        assert_int_equal(cpu_get(f->cpu, CPU_PC), START + 6);
        assert_int_equal(r(f, 2), 2);
    }
}

static void an_interrupt_is_taken_after_the_store_that_raised_it(void **state)
{
    (void)state;
    BOTH_WAYS(f)
    {
        CODE(f, 0x6001, 0x3201, 0xe7fe);
        fixture_put(f, HANDLER + 4 * (16 + 3), (const uint16_t[]){0x4613, 0xe7fe}, 2);
        fixture_scs(f, 0xe000e100, 1u << 3);
        cpu_set(f->cpu, CPU_R0, DEVICE);
        f->device_raises = 4;
        cpu_run(f->cpu, 60);
        assert_int_equal(f->entered, 16 + 3);
        assert_int_equal(r(f, 3), 0); /* mov r3, r2 in the handler: the adds had not run */
    }
}

/* ldr r1,[r0],#4 from nowhere: the fault leaves the base alone. */
static void a_fault_restores_the_base(void **state)
{
    (void)state;
    BOTH_WAYS(f)
    {
        CODE(f, 0xf850, 0x1b04, 0xe7fe);
        fixture_put(f, HANDLER + 12, (const uint16_t[]){0xe7fe}, 1);
        cpu_set(f->cpu, CPU_R0, 0x60000000);
        cpu_run(f->cpu, 60);
        assert_int_equal(f->entered, EXCEPTION_HARDFAULT);
        assert_int_equal(r(f, 0), 0x60000000);
        assert_true(f->faults & 1u << 9);
        uint32_t stacked;
        memcpy(&stacked, fixture_place(f, cpu_get(f->cpu, CPU_SP) + 24), 4);
        assert_int_equal(stacked, START);
    }
}

/* cmp r0,r0; ittee eq: the store raises an interrupt in the middle of the block. */
static void an_it_block_survives_an_interrupt(void **state)
{
    (void)state;
    BOTH_WAYS(f)
    {
        CODE(f, 0x4280, 0xbf07, 0x6021, 0x3201, 0x3301, 0x3501, 0xe7fe); /* EQ EQ NE NE */
        fixture_scs(f, 0xe000e100, 1u << 3);
        fixture_put(f, HANDLER + 4 * (16 + 3), (const uint16_t[]){0x4770}, 1);
        cpu_set(f->cpu, CPU_R0 + 4, DEVICE);
        f->device_raises = 4;
        while (f->entered == 0)
            cpu_run(f->cpu, cpu_cycles(f->cpu) + 1);
        assert_int_equal(r(f, 2), 0);
        cpu_set_irq(f->cpu, 3, false);
        f->device_raises = 0;
        cpu_run(f->cpu, cpu_cycles(f->cpu) + 100);
        assert_int_equal(r(f, 2), 1);
        assert_int_equal(r(f, 3), 0);
        assert_int_equal(r(f, 5), 0);
    }
}

/* Code in RAM rewrites the instruction behind the store. */
static void written_code_is_decoded_again(void **state)
{
    (void)state;
    BOTH_WAYS(f)
    {
        f->ram_holds_code = true;
        cpu_forget_pages(f->cpu);
        /* strh r1,[r0]; adds r2,#1 (becomes adds r2,#9); b . */
        fixture_put(f, RAM_BASE, (const uint16_t[]){0x8001, 0x3201, 0xe7fe}, 3);
        for (unsigned i = 0; i < 2; i++) {
            cpu_set(f->cpu, CPU_PC, RAM_BASE);
            cpu_set(f->cpu, CPU_R0, RAM_BASE + 2);
            cpu_set(f->cpu, CPU_R0 + 1, 0x3209 + i);
            cpu_run(f->cpu, cpu_cycles(f->cpu) + 20);
        }
        assert_int_equal(f->watched, RAM_BASE);
        assert_int_equal(r(f, 2), 9 + 10);
    }
}

/* b ., until a region says that the page holds no code. */
static void code_under_a_new_region_is_looked_at_again(void **state)
{
    (void)state;
    BOTH_WAYS(f)
    {
        CODE(f, 0xe7fe);
        fixture_scs(f, 0xE000ED94, 5);
        cpu_run(f->cpu, cpu_cycles(f->cpu) + 100);
        assert_int_equal(f->entered, 0);
        fixture_scs(f, 0xE000ED9C, (START & ~31u) | 16);
        fixture_scs(f, 0xE000EDA0, 0x13000000 | 4 << 1 | 1); /* 32 bytes, XN */
        cpu_run(f->cpu, cpu_cycles(f->cpu) + 100);
        assert_int_not_equal(f->entered, 0);
    }
}

static void a_breakpoint_stops_before_and_lets_go_on(void **state)
{
    (void)state;
    BOTH_WAYS(f)
    {
        CODE(f, 0x3001, 0x3001, 0x3001, 0xe7fb);
        assert_true(cpu_set_breakpoint(f->cpu, START + 2, true));
        for (unsigned turn = 0; turn < 3; turn++) {
            assert_int_equal(cpu_run(f->cpu, cpu_cycles(f->cpu) + 1000), CPU_STOP_BREAKPOINT);
            assert_int_equal(cpu_get(f->cpu, CPU_PC), START + 2);
            assert_int_equal(r(f, 0), 3 * turn + 1);
            assert_int_equal(f->cpu->instructions, 4 * turn + 1);
        }
        cpu_set_breakpoint(f->cpu, START + 2, false);
        assert_int_equal(cpu_run(f->cpu, cpu_cycles(f->cpu) + 100), CPU_STOP_LIMIT);
    }
}

/* SysTick every 50 cycles while a loop runs in translated code. */
static void systick_interrupts_a_loop(void **state)
{
    (void)state;
    uint32_t ticks[2];
    BOTH_WAYS(f)
    {
        CODE(f, 0x3001, 0x3101, 0xe7fc);
        fixture_put(f, HANDLER + 4 * 15, (const uint16_t[]){0x3701, 0x4770}, 2);
        fixture_scs(f, 0xe000e014, 49);
        fixture_scs(f, 0xe000e018, 0);
        fixture_scs(f, 0xe000e010, 7);
        cpu_run(f->cpu, 5000);
        ticks[way] = r(f, 7);
        assert_in_range(ticks[way], 95, 100);
    }
    assert_int_equal(ticks[0], ticks[1]);
}

static void an_even_branch_target_faults(void **state)
{
    (void)state;
    BOTH_WAYS(f)
    {
        CODE(f, 0x4700);
        fixture_put(f, HANDLER + 12, (const uint16_t[]){0xe7fe}, 1);
        cpu_set(f->cpu, CPU_R0, START + 0x100);
        cpu_run(f->cpu, 60);
        assert_int_equal(f->entered, EXCEPTION_HARDFAULT);
        assert_true(f->faults & 1u << 17);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stops_at_the_exact_instruction),
        cmocka_unit_test(counts_instructions_and_cycles_alike),
        cmocka_unit_test(a_yield_leaves_the_instruction_undone),
        cmocka_unit_test(a_callback_sees_the_present_and_may_end_the_slice),
        cmocka_unit_test(an_interrupt_is_taken_after_the_store_that_raised_it),
        cmocka_unit_test(a_fault_restores_the_base),
        cmocka_unit_test(an_it_block_survives_an_interrupt),
        cmocka_unit_test(written_code_is_decoded_again),
        cmocka_unit_test(code_under_a_new_region_is_looked_at_again),
        cmocka_unit_test(a_breakpoint_stops_before_and_lets_go_on),
        cmocka_unit_test(systick_interrupts_a_loop),
        cmocka_unit_test(an_even_branch_target_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
