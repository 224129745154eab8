/*
 * Random loads, stores, maintenance and writes of another master against a model of a cache that was
 * written for this test alone. The model does not know which line is replaced: it is told, and holds
 * that only lines of a full set are. Loads and stores are instructions that the core executes, one
 * half of the runs interpreted, the other translated.
 */
#include "sim/test/cpu/core_fixture.h"

#include "sim/cpu/dcache.h"

/* Of sim/cpu/isa.h, whose names of loads and stores are the fixture's. */
void isa_translate_after(struct cpu *cpu, unsigned runs);

enum { MEMORY = FIXTURE_RAM, LINES = MEMORY / 32, ZONE = 0x2000, ZONES = MEMORY / ZONE };
enum { THROUGH = 1, BACK = 2, ALLOCATE = 4, SHARED = 8 };

/* Zones of 8 KB, each of another type: bits of MPU_RASR, and what the model makes of them. */
static const struct zone {
    uint32_t rasr;
    unsigned policy;
} zones[ZONES] = {
    {0x0b0000, BACK | ALLOCATE}, {0x030000, BACK}, {0x020000, THROUGH}, {0x080000, 0},
    {0x0f0000, SHARED},          {0x2b0000, BACK}, {0x250000, SHARED},  {0x210000, BACK | ALLOCATE},
};

static struct model {
    uint8_t memory[MEMORY];
    struct {
        bool present, dirty;
        uint8_t bytes[32];
    } line[LINES];
    bool on, siwt;
} model;

static uint32_t random_state;

static uint32_t draw(uint32_t below)
{
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 8) % below;
}

/* ---- The model ----------------------------------------------------------------------------------- */

static unsigned policy_at(uint32_t offset)
{
    unsigned policy = zones[offset / ZONE].policy;
    if (!model.on)
        return 0;
    return policy & SHARED ? (model.siwt ? THROUGH : 0) : policy;
}

static void model_fill(uint32_t line)
{
    model.line[line].present = true;
    model.line[line].dirty = false;
    memcpy(model.line[line].bytes, &model.memory[line * 32], 32);
}

static void model_clean(uint32_t line)
{
    if (model.line[line].present && model.line[line].dirty)
        memcpy(&model.memory[line * 32], model.line[line].bytes, 32);
    model.line[line].dirty = false;
}

static uint8_t model_load(uint32_t offset)
{
    uint32_t line = offset / 32;
    if (!policy_at(offset))
        return model.memory[offset];
    if (!model.line[line].present)
        model_fill(line);
    return model.line[line].bytes[offset % 32];
}

static void model_store(uint32_t offset, uint8_t value)
{
    uint32_t line = offset / 32;
    unsigned policy = policy_at(offset);
    if (policy & ALLOCATE && !model.line[line].present)
        model_fill(line);
    bool hit = policy && model.line[line].present;
    if (hit)
        model.line[line].bytes[offset % 32] = value;
    if (hit && policy & BACK)
        model.line[line].dirty = true;
    else
        model.memory[offset] = value;
}

static void heard(void *ctx, enum cpu_cache_event event, enum cpu_cache_reason reason,
                  const struct cpu_cache_line *line)
{
    uint32_t number = (line->address - FIXTURE_DATA) / 32;
    unsigned in_set = 0;
    (void)ctx, (void)reason;
    if (event != CPU_CACHE_EVICTED)
        return;
    for (uint32_t n = number % DCACHE_SETS; n < LINES; n += DCACHE_SETS)
        in_set += model.line[n].present;
    assert_int_equal(in_set, DCACHE_WAYS);
    model_clean(number);
    model.line[number].present = false;
}

/* ---- The core ------------------------------------------------------------------------------------ */

/* Each does something at [r0] and spins. */
static const struct access {
    uint16_t code;
    uint8_t size, first; /* the first register */
    bool store, aligned;
} accesses[] = {
    {0x6801, 4, 1, false, false}, {0x8801, 2, 1, false, false}, {0x7801, 1, 1, false, false},
    {0x6001, 4, 1, true, false},  {0x8001, 2, 1, true, false},  {0x7001, 1, 1, true, false},
    {0xc8f0, 16, 4, false, true}, {0xc0f0, 16, 4, true, true},
};
enum { ACCESSES = sizeof accesses / sizeof *accesses };

static void write_code(void)
{
    for (uint32_t n = 0; n < ACCESSES; n++)
        fixture_put(FIXTURE_CODE + 4 * n, accesses[n].code | 0xe7feu << 16);
}

static void execute(unsigned which, uint32_t address)
{
    cpu_set(fixture.cpu, CPU_R0, address);
    cpu_set(fixture.cpu, CPU_PC, FIXTURE_CODE + 4 * which);
    cpu_run(fixture.cpu, cpu_cycles(fixture.cpu) + 24);
}

static uint8_t byte_of(const struct access *access, unsigned n)
{
    return (uint8_t)(cpu_get(fixture.cpu, access->first + n / 4) >> n % 4 * 8);
}

static void access_once(uint32_t offset)
{
    unsigned which = draw(ACCESSES);
    const struct access *access = &accesses[which];
    offset = offset > MEMORY - 16 ? MEMORY - 16 : offset;
    offset &= access->aligned || draw(4) ? ~((access->size & 7u ? access->size : 4u) - 1) : ~0u;
    for (unsigned n = 0; n < access->size && access->store; n += 4)
        cpu_set(fixture.cpu, access->first + n / 4, draw(1 << 24) * 257);
    execute(which, FIXTURE_DATA + offset);
    for (unsigned n = 0; n < access->size; n++)
        if (access->store)
            model_store(offset + n, byte_of(access, n));
        else
            assert_int_equal(byte_of(access, n), model_load(offset + n));
}

static void maintain_address(uint32_t offset)
{
    static const struct {
        uint32_t reg;
        bool cleans, invalidates;
    } operations[] = {{0xE000EF5C, false, true},
                      {0xE000EF64, true, false},
                      {0xE000EF68, true, false},
                      {0xE000EF70, true, true}};
    unsigned which = draw(4);
    store(operations[which].reg, FIXTURE_DATA + offset);
    if (operations[which].cleans)
        model_clean(offset / 32);
    if (operations[which].invalidates)
        model.line[offset / 32].present = model.line[offset / 32].dirty = false;
}

static void maintain_set_way(uint32_t offset)
{
    struct cpu_cache_line line;
    unsigned which = draw(3); /* DCISW, DCCSW, DCCISW */
    static const uint32_t registers[] = {0xE000EF60, 0xE000EF6C, 0xE000EF74};
    if (!cpu_cache_find(fixture.cpu, FIXTURE_DATA + offset, &line))
        return;
    store(registers[which], line.set << 5 | line.way << 30);
    if (which != 0)
        model_clean(offset / 32);
    if (which != 1)
        model.line[offset / 32].present = model.line[offset / 32].dirty = false;
}

static void another_master_writes(uint32_t offset)
{
    uint8_t value = (uint8_t)draw(256);
    fixture_ram(FIXTURE_DATA)[offset] = model.memory[offset] = value;
}

static void switch_something(void)
{
    if (draw(2)) {
        model.on = !model.on;
        store(0xE000ED14, 0x40200u | (model.on ? (uint32_t)CCR_DC : 0));
    } else {
        model.siwt = !model.siwt;
        store(0xE000EF9C, model.siwt);
    }
}

/* Few sets, so that they are full, and few lines, so that they hit. */
static uint32_t somewhere(void)
{
    return draw(MEMORY / 4096) * 4096 + draw(3) * 32 + draw(32);
}

static void one_step(void)
{
    uint32_t offset = somewhere(), what = draw(100);
    if (what < 70)
        access_once(offset);
    else if (what < 82)
        another_master_writes(offset);
    else if (what < 92)
        maintain_address(offset);
    else if (what < 98)
        maintain_set_way(offset);
    else if (what < 99)
        switch_something();
}

static void compare_all(void)
{
    struct cpu_cache_line line;
    assert_memory_equal(fixture_ram(FIXTURE_DATA), model.memory, MEMORY);
    for (uint32_t n = 0; n < LINES; n++) {
        bool found = cpu_cache_find(fixture.cpu, FIXTURE_DATA + 32 * n, &line);
        assert_int_equal(found, model.line[n].present);
        if (!found)
            continue;
        assert_int_equal(line.dirty, model.line[n].dirty);
        assert_memory_equal(line.bytes, model.line[n].bytes, 32);
    }
}

static void prepare(uint32_t seed, unsigned translate_after)
{
    void *state = NULL;
    static const struct cpu_cache_ops ops = {NULL, heard, NULL};
    fixture_open_m7(&state);
    isa_translate_after(fixture.cpu, translate_after);
    fixture.cpu->config.cache = &ops;
    cpu_set_seed(fixture.cpu, seed);
    random_state = seed;
    memset(&model, 0, sizeof model);
    write_code();
    store(0xE000EF94, 0); /* no DTCM */
    for (uint32_t n = 0; n < ZONES; n++) {
        store(0xE000ED9C, (FIXTURE_DATA + n * ZONE) | 0x10 | n);
        store(0xE000EDA0, 3u << 24 | zones[n].rasr | 12 << 1 | 1);
    }
    store(0xE000ED94, 5);
}

static void run(uint32_t seed, unsigned translate_after)
{
    void *state = NULL;
    prepare(seed, translate_after);
    for (unsigned n = 0; n < 4000; n++) {
        one_step();
        if (n % 50 == 0)
            compare_all();
    }
    compare_all();
    fixture_close(&state);
}

static void interpreted_programs_agree(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 20; seed++)
        run(seed, UINT32_MAX);
}

static void translated_programs_agree(void **state)
{
    (void)state;
    for (uint32_t seed = 101; seed <= 120; seed++)
        run(seed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interpreted_programs_agree),
        cmocka_unit_test(translated_programs_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
