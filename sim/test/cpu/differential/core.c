/* The core under test, with flat memory. */
#include "sim/test/cpu/differential/differential.h"

#include <stdlib.h>
#include <string.h>

struct core {
    struct cpu *cpu;
    _Alignas(8) uint8_t code[CODE_SIZE];
    _Alignas(8) uint8_t data[DATA_SIZE];
    unsigned exception; /* the first one entered */
    uint32_t fault;     /* CFSR bits */
};

static uint8_t *place(struct core *core, uint32_t address)
{
    if (address - CODE_BASE < CODE_SIZE)
        return core->code + (address - CODE_BASE);
    if (address - DATA_BASE < DATA_SIZE)
        return core->data + (address - DATA_BASE);
    return NULL;
}

static enum cpu_bus_status bus_read(void *ctx, uint32_t address, unsigned size,
                                    enum cpu_access kind, uint32_t *value)
{
    const uint8_t *bytes = place(ctx, address);
    (void)kind;
    *value = 0;
    if (!bytes)
        return CPU_BUS_ERROR;
    memcpy(value, bytes, size);
    return CPU_BUS_OK;
}

static enum cpu_bus_status bus_write(void *ctx, uint32_t address, unsigned size,
                                     enum cpu_access kind, uint32_t value)
{
    uint8_t *bytes = place(ctx, address);
    (void)kind;
    if (!bytes)
        return CPU_BUS_ERROR;
    memcpy(bytes, &value, size);
    return CPU_BUS_OK;
}

static void bus_page(void *ctx, uint32_t address, enum cpu_access kind, struct cpu_page *page)
{
    (void)kind;
    page->bytes = place(ctx, address);
    page->writable = address >= DATA_BASE;
}

static void watch_code(void *ctx, uint32_t page_address)
{
    (void)ctx;
    (void)page_address;
}

static void watch_exclusive(void *ctx, uint32_t address, bool armed)
{
    (void)ctx;
    (void)address;
    (void)armed;
}

static void ignore(void *ctx)
{
    (void)ctx;
}

static void unpredictable(void *ctx, const char *what)
{
    (void)ctx;
    (void)what;
}

static void trace(void *ctx, enum cpu_trace_kind kind, uint32_t address, uint32_t value)
{
    struct core *core = ctx;
    (void)address;
    if (kind == CPU_TRACE_EXCEPTION_ENTRY && !core->exception)
        core->exception = value;
    if (kind == CPU_TRACE_FAULT)
        core->fault |= value;
}

struct core *core_create(enum cpu_model model, bool translate)
{
    struct core *core = calloc(1, sizeof *core);
    struct cpu_config config = {
        .model = model,
        .irq_count = 16,
        .priority_bits = 4,
        .initial_vtor = CODE_BASE,
        .bus = {core, bus_read, bus_write, bus_page, watch_code, watch_exclusive},
        .host = {core, ignore, ignore, unpredictable, trace},
    };
    uint32_t handler = CODE_BASE + 0xc01;
    for (unsigned i = 0; i < 256; i++)
        memcpy(core->code + 4 * i, &handler, 4);
    memcpy(core->code, &(uint32_t){DATA_BASE + DATA_SIZE}, 4);
    memcpy(core->code + 0xc00, &(uint16_t){0xe7fe}, 2);
    core->cpu = cpu_create(&config);
    isa_translate_after(core->cpu, translate ? 0 : UINT32_MAX);
    cpu_reset(core->cpu, CODE_BASE);
    return core;
}

void core_destroy(struct core *core)
{
    cpu_destroy(core->cpu);
    free(core);
}

struct cpu *core_cpu(struct core *core)
{
    return core->cpu;
}

uint8_t *core_data(struct core *core)
{
    return core->data;
}

const uint8_t *core_code(struct core *core)
{
    return core->code;
}

void core_load(struct core *core, const struct vector *vector)
{
    memcpy(core->code + (CODE_AT - CODE_BASE), vector->code, sizeof vector->code);
    cpu_code_written(core->cpu, CODE_AT);
}

/* After an exception the core is reset; CPACR opens the FPU. */
static void recover(struct core *core)
{
    cpu_reset(core->cpu, CODE_BASE);
    core->cpu->ipsr = 0;
}

static void open_fpu(struct cpu *cpu)
{
    uint32_t value;
    if (!cpu_scs_peek(cpu, 0xe000ed88, &value) || value != 0x00f00000)
        memory_write(cpu, 0xe000ed88, 4, true, false, 0x00f00000);
    if (!cpu->fp_ready)
        fp_prepare(cpu); /* the first FP instruction's new context */
}

static void set_state(struct cpu *cpu, const struct state *state)
{
    for (unsigned i = 0; i < 15; i++)
        cpu->r[i] = state->r[i];
    cpu->r[15] = CODE_AT;
    cpu->primask = cpu->basepri = cpu->faultmask = 0;
    system_refresh(cpu);
    xpsr_write(cpu, state->apsr | 1u << 24);
    memcpy(cpu->fp.d, state->d, sizeof state->d);
    cpu->fpscr = state->fpscr;
}

static void get_state(const struct cpu *cpu, struct state *state)
{
    memcpy(state->r, cpu->r, sizeof state->r);
    state->apsr = xpsr_read(cpu) & 0xf80f0000;
    memcpy(state->d, cpu->fp.d, sizeof state->d);
    state->fpscr = cpu->fpscr;
}

static enum outcome judge(const struct core *core)
{
    if (core->exception == 0)
        return ENDED_WELL;
    if (core->exception == EXCEPTION_SVCALL)
        return ENDED_SVC;
    if (core->fault & 1u << 16)
        return ENDED_UNDEFINED;
    if (core->fault & 1u << 19)
        return ENDED_NOCP;
    return core->fault ? ENDED_FAULT : ENDED_BKPT;
}

void core_execute(struct core *core, const struct vector *vector, struct result *result)
{
    struct cpu *cpu = core->cpu;
    open_fpu(cpu);
    core->exception = core->fault = 0;
    set_state(cpu, &vector->before);
    /* Enough for [IT] and the instruction; B . waits for the rest. */
    cpu_run(cpu, cpu->cycles + (vector->branches ? 1 + vector->in_it : 60));
    if (cpu->asleep)
        cpu->asleep = false;
    result->outcome = judge(core);
    get_state(cpu, &result->after);
    if (core->exception || cpu->locked_up)
        recover(core);
}
