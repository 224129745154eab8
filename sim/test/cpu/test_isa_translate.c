/* Translated and interpreted, random programs do the same: registers, flags, memory, cycles, hash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/test/cpu/isa_fixture.h"

static uint64_t seed;

static uint32_t draw(uint32_t limit)
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return (uint32_t)((seed * 0x2545f4914f6cdd1du >> 32) * limit >> 32);
}

/* r0..r4 are data, r5 counts the loop, r6 points into RAM, r7 at the device. */
static uint16_t random_insn(void)
{
    static const uint16_t bases[] = {0x1840, 0x1a40, 0x4000, 0x4040, 0x4080, 0x40c0, 0x4100,
                                     0x4140, 0x4180, 0x41c0, 0x4200, 0x4280, 0x42c0, 0x4300,
                                     0x4340, 0x4380, 0x43c0, 0xb200, 0xb280, 0xba00};
    uint32_t rd = draw(5), rm = draw(5);
    switch (draw(8)) {
    case 0:
        return (uint16_t)(0x2000 | draw(4) << 11 | rd << 8 | draw(256));
    case 1: /* loads and stores of all sizes at r6 + imm */
        return (uint16_t)((draw(2) ? 0x6030u : 0x7030u) | draw(2) << 11 | draw(31) << 6 | rd);
    case 2:
        return draw(6) ? (uint16_t)(0x0000 | draw(3) << 11 | draw(32) << 6 | rm << 3 | rd)
                       : (uint16_t)(0x6038 | draw(2) << 11 | draw(4) << 6 | rd); /* the device */
    case 3:
        return (uint16_t)(0xbf08 | draw(14) << 4); /* IT for one */
    default:
        return (uint16_t)(bases[draw(20)] | rm << 3 | rd);
    }
}

static void write_program(struct fixture *f)
{
    uint16_t code[40];
    unsigned count = 0;
    while (count < 30)
        code[count++] = random_insn();
    code[count++] = 0xbf00; /* so that no IT reaches the loop's end */
    code[count++] = 0x3d01; /* subs r5, #1 */
    code[count] = (uint16_t)(0xd100 | ((0u - (count + 2)) & 0xff)); /* bne START */
    code[count + 1] = 0xe7fe;
    fixture_put(f, START, code, count + 2);
}

static void start(struct fixture *f, uint64_t program)
{
    seed = program * 0x9e3779b97f4a7c15u | 1;
    write_program(f);
    for (unsigned i = 0; i < 5; i++)
        cpu_set(f->cpu, (enum cpu_reg)i, draw(UINT32_MAX));
    cpu_set(f->cpu, CPU_R0 + 5, 40);
    cpu_set(f->cpu, CPU_R0 + 6, RAM_BASE + 0x3f0 + draw(8)); /* across pages, and unaligned */
    cpu_set(f->cpu, CPU_R0 + 7, DEVICE);
}

static void same_state(const struct fixture *a, const struct fixture *b)
{
    for (unsigned i = 0; i < 16; i++)
        assert_int_equal(a->cpu->r[i], b->cpu->r[i]);
    assert_int_equal(xpsr_read(a->cpu), xpsr_read(b->cpu));
    assert_int_equal(cpu_cycles(a->cpu), cpu_cycles(b->cpu));
    assert_int_equal(a->cpu->instructions, b->cpu->instructions);
    assert_int_equal(cpu_hash(a->cpu), cpu_hash(b->cpu));
    assert_memory_equal(a->ram, b->ram, 0x1000);
}

static void one_program(enum cpu_model model, uint64_t program)
{
    struct fixture *a = fixture_create(model, 0), *b = fixture_create(model, UINT32_MAX);
    start(a, program);
    start(b, program);
    for (unsigned slice = 0; slice < 60; slice++) {
        uint64_t length = draw(2) ? draw(12) : draw(400);
        enum cpu_stop stop = cpu_run(a->cpu, cpu_cycles(a->cpu) + length);
        assert_int_equal(stop, cpu_run(b->cpu, cpu_cycles(b->cpu) + length));
        same_state(a, b);
    }
    fixture_destroy(a);
    fixture_destroy(b);
}

static void random_programs_agree(void **state)
{
    (void)state;
    for (uint64_t program = 1; program <= 300; program++)
        one_program(program & 1 ? CPU_CORTEX_M7 : CPU_CORTEX_M4, program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_programs_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
