/* No guest crashes or hangs the host: random code, random vectors, random words in the system control
 * space, random inputs. The sanitizers judge; the core must come back from every slice. */
#include "sim/test/cpu/core_fixture.h"

static uint32_t random_state;

static uint32_t draw(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

static void randomize_memory(void)
{
    for (uint32_t address = 0x400; address < FIXTURE_RAM; address += 4)
        fixture_put(address, draw());
    for (uint32_t address = 0; address < FIXTURE_RAM; address += 64)
        fixture_put(FIXTURE_DATA + address, draw());
    for (unsigned number = 2; number < 166; number++)
        if (!(draw() % 8))
            fixture_put(4 * number, draw());
}

static void poke_anything(void)
{
    uint32_t value = draw();
    uint32_t address = 0xE000E000u + draw() % 0x1000;
    if (!(draw() % 8))
        address = 0xE0000000u + draw() % 0x100000;
    (void)memory_write(fixture.cpu, address, 1u << draw() % 3, draw() & 1, draw() & 1, value);
    (void)memory_read(fixture.cpu, address ^ 4, 1u << draw() % 3, draw() & 1, draw() & 1, &value);
}

static void disturb(struct cpu *cpu)
{
    for (unsigned i = 0; i < 6; i++)
        poke_anything();
    cpu_set_irq(cpu, draw() % 160, draw() & 1);
    if (!(draw() % 16))
        cpu_pulse_nmi(cpu);
    if (draw() & 1)
        cpu_signal_event(cpu);
    if (cpu_asleep(cpu))
        cpu_skip(cpu, draw() % 100000, draw() & 1);
    if (!(draw() % 16))
        cpu_set(cpu, (enum cpu_reg)(draw() % 64), draw());
    if (!(draw() % 8))
        cpu_set(cpu, CPU_PC, draw() % FIXTURE_RAM);
}

static void run_one(uint32_t seed)
{
    struct cpu *cpu = fixture.cpu;
    random_state = seed * 2654435761u | 1;
    randomize_memory();
    cpu_reset(cpu, 0);
    for (unsigned slice = 0; slice < 20; slice++) {
        disturb(cpu);
        uint64_t limit = cpu_cycles(cpu) + draw() % 2000;
        enum cpu_stop stop = cpu_run(cpu, limit);
        if (stop == CPU_STOP_LIMIT)
            assert_true(cpu_cycles(cpu) >= limit);
        if (stop == CPU_STOP_LOCKUP)
            cpu_reset(cpu, draw() & 0x20000380u);
    }
}

static void random_guests(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 1500; seed++)
        run_one(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        M4_TEST(random_guests),
        M7_TEST(random_guests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
