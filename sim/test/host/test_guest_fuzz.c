/* Any memory as a program: both cores execute random bytes for a bounded time. The host never crashes,
 * and a run never takes much longer than its board time's worth of instructions. */
#include "sim/test/host/host_fixture.h"

#include "sim/machine/machine.h"

enum { PROGRAM_SIZE = 4096 };

static uint64_t state_of_chance;

static uint32_t chance(void)
{
    state_of_chance ^= state_of_chance << 13;
    state_of_chance ^= state_of_chance >> 7;
    state_of_chance ^= state_of_chance << 17;
    return (uint32_t)(state_of_chance >> 32);
}

/* Where random programs like to look: registers of every domain, memories, the cores' own space. */
static uint32_t some_address(void)
{
    static const uint32_t bases[] = {0x20000000, 0x24000000, 0x30000000, 0x38000000, 0x40000000,
                                     0x40010000, 0x40020000, 0x48020000, 0x50000000, 0x52000000,
                                     0x58000000, 0x58020000, 0x58024400, 0xe000e000, 0xd0000000,
                                     0x08000000, 0x5c001000, 0x10000000, 0x58026400, 0x58024800};
    uint32_t base = bases[chance() % (sizeof bases / sizeof *bases)];
    return base + (chance() % 0x8000 & ~3u);
}

/*
 * Instructions of purely random bits fault soon. So half of the programs are loads and stores to
 * registers with random values: movw, movt, movw, movt, str, ldr.
 */
static void random_accesses(uint16_t *code, size_t count)
{
    for (size_t n = 0; n + 10 <= count; n += 10) {
        uint32_t address = some_address(), value = chance() & (chance() % 4 ? 0xffffffff : 0xff);
        const uint32_t parts[4] = {address & 0xffff, address >> 16, value & 0xffff, value >> 16};
        for (unsigned m = 0; m < 4; m++) { /* MOVW and MOVT, T3 and T1 (A7.7.76, A7.7.79) */
            uint32_t imm = parts[m];
            code[n + 2 * m] =
                (uint16_t)((m & 1 ? 0xf2c0 : 0xf240) | imm >> 12 | (imm >> 1 & 0x400));
            code[n + 2 * m + 1] = (uint16_t)((imm & 0x700) << 4 | m / 2 << 8 | (imm & 0xff));
        }
        code[n + 8] = 0x6001; /* str r1, [r0] */
        code[n + 9] = 0x6802; /* ldr r2, [r0] */
    }
}

static void make_program(uint32_t base, uint32_t stack, bool accesses, uint8_t *bytes)
{
    uint32_t words[16] = {stack, base + 0x41};
    for (size_t n = 0; n < PROGRAM_SIZE; n += 4) {
        uint32_t word = chance();
        memcpy(bytes + n, &word, 4);
    }
    for (unsigned n = 2; n < 16; n++) /* faults go on somewhere in the program */
        words[n] = base + 0x40 + (chance() % (PROGRAM_SIZE - 0x40)) / 20 * 20 + 1;
    memcpy(bytes, words, sizeof words);
    if (accesses)
        random_accesses((uint16_t *)(void *)(bytes + 0x40), (PROGRAM_SIZE - 0x40) / 2);
}

static void run_one(uint64_t seed)
{
    static uint8_t cm7[PROGRAM_SIZE] __attribute__((aligned(4))),
        cm4[PROGRAM_SIZE] __attribute__((aligned(4)));
    struct machine_config config = {.slice = 0};
    state_of_chance = seed * 0x9e3779b97f4a7c15u + 1;
    make_program(0x08000000, 0x20020000, seed & 1, cm7);
    make_program(0x08100000, 0x10040000, seed & 2, cm4);
    struct machine *machine = machine_create(&config);
    assert_non_null(machine);
    assert_true(machine_load(machine, 0x08000000, cm7, sizeof cm7));
    assert_true(machine_load(machine, 0x08100000, cm4, sizeof cm4));
    machine_power_on(machine);
    for (unsigned tries = 0; tries < 4; tries++) { /* a lockup stops it once a core */
        alarm(60);                                 /* a hang ends the test by its signal */
        if (machine_run(machine, 100 * SIM_US) == MACHINE_STOP_TIME)
            break;
    }
    alarm(0);
    machine_destroy(machine);
}

static void random_memory_is_executed(void **state)
{
    (void)state;
    const char *asked = getenv("DUET_FUZZ_ROUNDS");
    unsigned rounds = asked ? (unsigned)atoi(asked) : 100; /* 44 misread an empty TLB entry */
    for (unsigned n = 1; n <= rounds; n++) {
        FILE *last = asked ? fopen("/tmp/duet_guest_fuzz_seed", "w") : NULL;
        if (last) { /* names the seed if the process dies */
            fprintf(last, "%u\n", n);
            fclose(last);
        }
        run_one(n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_memory_is_executed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
