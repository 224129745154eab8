/* Unicorn as the second opinion. UC_MODE_MCLASS would select a core without double precision. */
#include "sim/test/cpu/differential/differential.h"

#include <stdlib.h>
#include <string.h>
#include <unicorn/unicorn.h>

enum { REGISTERS = 34 };

struct oracle {
    uc_engine *engine;
    enum outcome outcome;
    _Alignas(4096) uint8_t data[DATA_SIZE];
};

static const int register_ids[REGISTERS] = {
    UC_ARM_REG_R0,  UC_ARM_REG_R1,  UC_ARM_REG_R2,   UC_ARM_REG_R3,   UC_ARM_REG_R4,
    UC_ARM_REG_R5,  UC_ARM_REG_R6,  UC_ARM_REG_R7,   UC_ARM_REG_R8,   UC_ARM_REG_R9,
    UC_ARM_REG_R10, UC_ARM_REG_R11, UC_ARM_REG_R12,  UC_ARM_REG_SP,   UC_ARM_REG_LR,
    UC_ARM_REG_PC,  UC_ARM_REG_D0,  UC_ARM_REG_D1,   UC_ARM_REG_D2,   UC_ARM_REG_D3,
    UC_ARM_REG_D4,  UC_ARM_REG_D5,  UC_ARM_REG_D6,   UC_ARM_REG_D7,   UC_ARM_REG_D8,
    UC_ARM_REG_D9,  UC_ARM_REG_D10, UC_ARM_REG_D11,  UC_ARM_REG_D12,  UC_ARM_REG_D13,
    UC_ARM_REG_D14, UC_ARM_REG_D15, UC_ARM_REG_APSR, UC_ARM_REG_FPSCR};

static void interrupt(uc_engine *engine, uint32_t number, void *ctx)
{
    struct oracle *oracle = ctx;
    oracle->outcome = number == 2    ? ENDED_SVC
                      : number == 7  ? ENDED_BKPT
                      : number == 17 ? ENDED_NOCP
                                     : ENDED_UNDEFINED;
    uc_emu_stop(engine);
}

/* The first FP instruction makes a new FP context: VMOV S0, S0. */
static void warm_up(struct oracle *oracle)
{
    static const uint16_t code[] = {0xeeb0, 0x0a40, 0xe7fe};
    uc_mem_write(oracle->engine, CODE_AT, code, sizeof code);
    uc_emu_start(oracle->engine, CODE_AT | 1, CODE_AT + 4, 0, 1);
}

struct oracle *oracle_create(enum cpu_model model, const uint8_t *code)
{
    struct oracle *oracle = aligned_alloc(4096, (sizeof *oracle + 4095) & ~(size_t)4095);
    uc_hook hook;
    memset(oracle, 0, sizeof *oracle);
    if (uc_open(UC_ARCH_ARM, UC_MODE_THUMB, &oracle->engine) != UC_ERR_OK)
        abort();
    uc_ctl_set_cpu_model(oracle->engine,
                         model == CPU_CORTEX_M7 ? UC_CPU_ARM_CORTEX_M7 : UC_CPU_ARM_CORTEX_M4);
    uc_mem_map(oracle->engine, CODE_BASE, CODE_SIZE, UC_PROT_READ | UC_PROT_EXEC);
    uc_mem_write(oracle->engine, CODE_BASE, code, CODE_SIZE);
    uc_mem_map_ptr(oracle->engine, DATA_BASE, DATA_SIZE, UC_PROT_READ | UC_PROT_WRITE,
                   oracle->data);
    uc_hook_add(oracle->engine, &hook, UC_HOOK_INTR, (void *)interrupt, oracle, 1, 0);
    warm_up(oracle);
    return oracle;
}

void oracle_destroy(struct oracle *oracle)
{
    uc_close(oracle->engine);
    free(oracle);
}

uint8_t *oracle_data(struct oracle *oracle)
{
    return oracle->data;
}

uint32_t oracle_ge(struct oracle *oracle)
{
    uint32_t apsr = 0;
    uc_reg_read(oracle->engine, UC_ARM_REG_APSR, &apsr);
    return apsr & 0x000f0000;
}

void oracle_load(struct oracle *oracle, const struct vector *vector)
{
    uc_mem_write(oracle->engine, CODE_AT, vector->code, sizeof vector->code);
    uc_ctl_remove_cache(oracle->engine, CODE_AT, CODE_AT + sizeof vector->code);
}

static void point_at(struct state *state, void **values)
{
    for (unsigned i = 0; i < 16; i++) {
        values[i] = &state->r[i];
        values[16 + i] = &state->d[i];
    }
    values[32] = &state->apsr;
    values[33] = &state->fpscr;
}

static void reset_masks(struct oracle *oracle)
{
    static const int masks[] = {UC_ARM_REG_PRIMASK, UC_ARM_REG_BASEPRI, UC_ARM_REG_FAULTMASK};
    uint32_t zero = 0;
    for (unsigned i = 0; i < 3; i++)
        uc_reg_write(oracle->engine, masks[i], &zero);
}

void oracle_execute(struct oracle *oracle, const struct vector *vector, struct result *result)
{
    void *values[REGISTERS];
    result->after = vector->before;
    result->after.r[15] = CODE_AT | 1;
    point_at(&result->after, values);
    oracle->outcome = ENDED_WELL;
    if (vector->insn.op == OP_mrs || vector->insn.op == OP_msr || vector->insn.op == OP_cps)
        reset_masks(oracle);
    uc_reg_write_batch(oracle->engine, (int *)(uintptr_t)register_ids, values, REGISTERS);
    /* Always with a count: coming and going without one drops all translated code. */
    uint64_t until = vector->branches ? CODE_BASE + CODE_SIZE - 2 : vector->end;
    size_t count = vector->insn.op == OP_it ? 8 : vector->insn.op == OP_strex ? 2 : 1;
    uc_err error = uc_emu_start(oracle->engine, CODE_AT | 1, until, 0, count);
    uc_reg_read_batch(oracle->engine, (int *)(uintptr_t)register_ids, values, REGISTERS);
    result->after.apsr &= 0xf80f0000;
    if (error == UC_ERR_INSN_INVALID || error == UC_ERR_EXCEPTION)
        oracle->outcome = ENDED_UNDEFINED;
    else if ((error == UC_ERR_FETCH_UNMAPPED || error == UC_ERR_FETCH_PROT) && vector->branches)
        oracle->outcome = ENDED_WELL; /* the branch is done, nothing is there */
    else if (error != UC_ERR_OK)
        oracle->outcome = ENDED_FAULT;
    result->outcome = oracle->outcome;
}
