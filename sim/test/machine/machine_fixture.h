/* A whole board that runs guest programs (guest/), for the tests of the machine. */
#ifndef SIM_TEST_MACHINE_MACHINE_FIXTURE_H
#define SIM_TEST_MACHINE_MACHINE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/machine/machine.h"

enum { RESULTS = 0x38000000 };
#define DONE 0x600dc0deu

static inline void fixture_hear(void *ctx, const struct complaint *complaint,
                                enum bus_master master, uint32_t pc)
{
    (void)ctx;
    if (getenv("DUET_TEST_VERBOSE"))
        fprintf(stderr, "%s: %s (%s, pc 0x%08x)\n", complaint->block, complaint->text,
                bus_master_name(master), pc);
}

static inline struct machine *fixture_machine(sim_time slice)
{
    const struct machine_config config = {.slice = slice, .hear = fixture_hear};
    struct machine *machine = machine_create(&config);
    assert_non_null(machine);
    return machine;
}

/* Loads build/guest/<name>.<core>.<optimisation>.bin into the core's flash bank. */
static inline void fixture_load(struct machine *machine, const char *name, enum soc_core core,
                                const char *optimisation)
{
    char path[256];
    snprintf(path, sizeof path, "build/guest/%s.%s.%s.bin", name, core == SOC_CM7 ? "cm7" : "cm4",
             optimisation);
    FILE *file = fopen(path, "rb");
    if (!file) {
        print_message("%s is missing: there is no arm-none-eabi-gcc\n", path);
        skip();
    }
    static uint8_t bytes[1 << 20];
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_true(length > 0);
    assert_true(
        machine_load(machine, core == SOC_CM7 ? 0x08000000 : 0x08100000, bytes, (uint32_t)length));
}

/* Both cores' programs of one name, switched on. */
static inline struct machine *fixture_run(const char *name, const char *optimisation,
                                          sim_time slice, sim_time until)
{
    struct machine *machine = fixture_machine(slice);
    fixture_load(machine, name, SOC_CM7, optimisation);
    fixture_load(machine, name, SOC_CM4, optimisation);
    machine_power_on(machine);
    machine_run(machine, until);
    return machine;
}

static inline uint32_t fixture_result(struct machine *machine, unsigned n)
{
    uint32_t value = 0;
    assert_true(machine_peek(machine, SOC_CM7, RESULTS + 4 * n, &value, 4));
    return value;
}

static inline void fixture_assert_done(struct machine *machine)
{
    if (fixture_result(machine, 0) != DONE || fixture_result(machine, 1) != DONE)
        for (unsigned core = 0; core < SOC_CORES; core++)
            print_message("core %u: pc 0x%08x lr 0x%08x sp 0x%08x xpsr 0x%08x asleep %d\n", core,
                          cpu_get(machine_cpu(machine, core), CPU_PC),
                          cpu_get(machine_cpu(machine, core), CPU_LR),
                          cpu_get(machine_cpu(machine, core), CPU_SP),
                          cpu_get(machine_cpu(machine, core), CPU_XPSR),
                          cpu_asleep(machine_cpu(machine, core)));
    assert_int_equal(fixture_result(machine, 0), DONE);
    assert_int_equal(fixture_result(machine, 1), DONE);
}

#endif
