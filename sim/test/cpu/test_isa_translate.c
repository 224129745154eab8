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

/* On s0..s7 or d0..d3, with what compares, copies and stores between. */
static uint32_t random_fp_insn(bool doubles)
{
    static const uint32_t bases[] = {
        0xee000a00, 0xee000a40, 0xee100a00, 0xee100a40, 0xee200a00, 0xee200a40, 0xee300a00,
        0xee300a40, 0xee800a00, 0xeea00a00, 0xeea00a40, 0xee900a00, 0xee900a40, 0xeeb00a40,
        0xeeb00ac0, 0xeeb10a40, 0xeeb10ac0, 0xeeb40a40, 0xeeb50a40, 0xeeb40ac0, 0xeef1fa10,
        0xed960a00, 0xed860a00, 0xed960a02, 0xed860a02, 0xeeb70a00, 0xee000a10, 0xee100a10};
    uint32_t word = bases[draw(sizeof bases / sizeof *bases)];
    uint32_t vd = draw(4), vn = draw(4), vm = draw(4);
    if (word == 0xeef1fa10)
        return word;
    if (word == 0xee000a10 || word == 0xee100a10)
        return word | vn << 16 | draw(5) << 12;
    word |= vd << 12 | (doubles && word >> 20 != 0xee0 ? 0x100 : 0);
    if (word >> 24 == 0xed || (word & 0xfff00fff) == 0xeeb00a00)
        return word;
    if ((word & 0x00b00000) != 0x00b00000) /* three operands */
        word |= vn << 16;
    return (word & 0x000f0000) == 0x00050000 && (word & 0x00b00000) == 0x00b00000 ? word
                                                                                  : word | vm;
}

static unsigned write_fp_program(uint16_t *code, bool doubles)
{
    unsigned count = 0;
    while (count < 44) {
        if (draw(6) == 0)
            code[count++] = (uint16_t)(0xbf08 | draw(14) << 4);
        uint32_t word = random_fp_insn(doubles);
        code[count++] = (uint16_t)(word >> 16);
        code[count++] = (uint16_t)word;
    }
    return count;
}

static void write_program(struct fixture *f, bool fp, bool doubles)
{
    uint16_t code[60];
    unsigned count = fp ? write_fp_program(code, doubles) : 0;
    while (count < 30)
        code[count++] = random_insn();
    code[count++] = 0xbf00; /* so that no IT reaches the loop's end */
    code[count++] = 0x3d01; /* subs r5, #1 */
    code[count] = (uint16_t)(0xd100 | ((0u - (count + 2)) & 0xff)); /* bne START */
    code[count + 1] = 0xe7fe;
    fixture_put(f, START, code, count + 2);
}

static void start_fp(struct fixture *f)
{
    fixture_scs(f, 0xe000ed88, 0xf00000);
    fp_prepare(f->cpu);
    for (unsigned i = 0; i < 32; i++)
        f->cpu->fp.s[i] = 0x3f000000 + (draw(4) - 2) * 0x80000000u + draw(0x1000000);
    for (unsigned i = 0; i < RAM_SIZE; i += 4)
        memcpy(f->ram + i, &(uint32_t){0x3f000000 + draw(0x1000000)}, 4);
    f->cpu->fpscr = draw(4) ? 0x10 : draw(UINT32_MAX) & 0xf7c0009f;
}

static void start(struct fixture *f, uint64_t program, bool fp)
{
    seed = program * 0x9e3779b97f4a7c15u | 1;
    write_program(f, fp, f->cpu->config.model == CPU_CORTEX_M7 && program % 4 == 1);
    if (fp)
        start_fp(f);
    for (unsigned i = 0; i < 5; i++)
        cpu_set(f->cpu, (enum cpu_reg)i, draw(UINT32_MAX));
    cpu_set(f->cpu, CPU_R0 + 5, 40);
    cpu_set(f->cpu, CPU_R0 + 6,
            RAM_BASE +
                (fp ? 0x3f0 + 4 * draw(2) : 0x3f0 + draw(8))); /* across pages, and unaligned */
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
    assert_int_equal(a->entered, 0);
    assert_memory_equal(&a->cpu->fp, &b->cpu->fp, sizeof a->cpu->fp);
    assert_int_equal(a->cpu->fpscr, b->cpu->fpscr);
    assert_memory_equal(a->ram, b->ram, 0x1000);
}

/* The M7's stores go by its store buffer then, and leave it at the same instructions' ends. */
static void share_ram(struct fixture *f)
{
    if (f->cpu->config.model == CPU_CORTEX_M7)
        fixture_scs(f, 0xe000ef94, 0); /* DTCMCR: no TCM */
    f->ram_shared = true;
    cpu_refresh_pages(f->cpu);
}

static void one_program(enum cpu_model model, uint64_t program, bool fp)
{
    struct fixture *a = fixture_create(model, 0), *b = fixture_create(model, UINT32_MAX);
    a->ram_wait = b->ram_wait = (uint8_t)(program / 2 % 3 * 3);
    if (program % 5 == 0)
        share_ram(a), share_ram(b);
    start(a, program, fp);
    start(b, program, fp);
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
        one_program(program & 1 ? CPU_CORTEX_M7 : CPU_CORTEX_M4, program, false);
}

static void run_in_slices(struct fixture *f, uint64_t until, uint64_t slice)
{
    while (cpu_cycles(f->cpu) < until)
        cpu_run(f->cpu, cpu_cycles(f->cpu) + slice);
}

/* For the core itself it changes nothing; and what a DMA sees that the core starts does not depend on
 * how the core's program is cut into blocks and slices. */
static void one_program_by_the_store_buffer(uint64_t program)
{
    struct fixture *shared = fixture_create(CPU_CORTEX_M7, 0);
    struct fixture *stepped = fixture_create(CPU_CORTEX_M7, UINT32_MAX);
    struct fixture *alone = fixture_create(CPU_CORTEX_M7, 0);
    struct fixture *all[] = {shared, stepped, alone};
    for (unsigned n = 0; n < 3; n++) {
        all[n]->device_looks = true;
        start(all[n], program, false);
        if (all[n] != alone)
            share_ram(all[n]);
        run_in_slices(all[n], 1500, all[n] == stepped ? 1 : 1500);
        for (unsigned i = 0; i < 15; i++)
            assert_int_equal(all[n]->cpu->r[i], shared->cpu->r[i]);
    }
    assert_true(stepped->device_saw == shared->device_saw);
    assert_memory_equal(stepped->ram, shared->ram, 0x1000);
    for (unsigned n = 0; n < 3; n++) {
        barrier(all[n]->cpu, 0);
        assert_memory_equal(all[n]->ram, shared->ram, 0x1000);
        fixture_destroy(all[n]);
    }
}

static void the_store_buffer_hides_from_its_core(void **state)
{
    (void)state;
    for (uint64_t program = 1; program <= 60; program++)
        one_program_by_the_store_buffer(program);
}

static void random_fp_programs_agree(void **state)
{
    (void)state;
    for (uint64_t program = 1; program <= 300; program++)
        one_program(program & 1 ? CPU_CORTEX_M7 : CPU_CORTEX_M4, program, true);
}

/* A tick that comes at every place of a loop with IT blocks and a call, and returns into them. */
static void start_ticking(struct fixture *f, uint32_t period)
{
    static const uint16_t loop[] = {
        0x2803, /* cmp r0, #3 */
        0xbf9c, /* itt ls */
        0x00c1, /* lslls r1, r0, #3 */
        0x3201, /* addls r2, #1 */
        0xbf8c, /* ite hi */
        0x4619, /* movhi r1, r3 */
        0x3202, /* addls r2, #2 */
        0x3001, /* adds r0, #1 */
        0x0740, /* lsls r0, r0, #29 */
        0x0f40, /* lsrs r0, r0, #29 */
        0x47a0, /* blx r4 */
        0x3d01, /* subs r5, #1 */
        0xd1f2, /* bne START */
        0xe7fe,
    };
    static const uint16_t callee[] = {0xb510, 0xbd10}; /* push {r4, lr}; pop {r4, pc} */
    static const uint16_t handler[] = {0x4770};        /* bx lr */
    fixture_put(f, START, loop, sizeof loop / sizeof *loop);
    fixture_put(f, START + 0x100, callee, 2);
    fixture_put(f, HANDLER + 4 * 15, handler, 1);
    for (unsigned i = 0; i < 4; i++)
        cpu_set(f->cpu, (enum cpu_reg)i, i * 0x111);
    cpu_set(f->cpu, CPU_R0 + 4, (START + 0x100) | 1);
    cpu_set(f->cpu, CPU_R0 + 5, 3000);
    fixture_scs(f, 0xe000e014, period);
    fixture_scs(f, 0xe000e018, 0);
    fixture_scs(f, 0xe000e010, 7);
}

static void ticks_return_into_it_blocks(void **state)
{
    (void)state;
    for (unsigned runs = 0; runs < 40; runs += 13) {
        struct fixture *a = fixture_create(CPU_CORTEX_M4, runs),
                       *b = fixture_create(CPU_CORTEX_M4, UINT32_MAX);
        start_ticking(a, 96 + runs);
        start_ticking(b, 96 + runs);
        for (unsigned slice = 0; slice < 400; slice++) {
            cpu_run(a->cpu, cpu_cycles(a->cpu) + 211);
            cpu_run(b->cpu, cpu_cycles(b->cpu) + 211);
            for (unsigned i = 0; i < 16; i++)
                assert_int_equal(a->cpu->r[i], b->cpu->r[i]);
            assert_int_equal(xpsr_read(a->cpu), xpsr_read(b->cpu));
        }
        assert_true(a->entered == 15);
        fixture_destroy(a);
        fixture_destroy(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_programs_agree),
                                       cmocka_unit_test(random_fp_programs_agree),
                                       cmocka_unit_test(the_store_buffer_hides_from_its_core),
                                       cmocka_unit_test(ticks_return_into_it_blocks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
