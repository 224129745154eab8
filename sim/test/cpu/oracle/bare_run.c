/* Runs the comparison's program on our core: bare_run m4|m7 ELF FIRST-SEED COUNT. The transcript goes
 * to standard output. Exit status 3: locked up, asleep or over the limit. */
#include <stdlib.h>
#include <string.h>

#include "sim/test/cpu/oracle/bare_machine.h"

enum { PARAMETERS = 0x203F0000u };
#define CYCLES_A_SCENARIO 4000000u

static int run(struct bare_machine *machine, char **argv)
{
    unsigned count = (unsigned)strtoul(argv[4], NULL, 0);
    const char *error = bare_machine_load(machine, argv[2]);
    if (error) {
        fprintf(stderr, "%s: %s\n", argv[2], error);
        return 2;
    }
    bare_machine_store(machine, PARAMETERS, (uint32_t)strtoul(argv[3], NULL, 0));
    bare_machine_store(machine, PARAMETERS + 4, count);
    bare_machine_store(machine, PARAMETERS + 8, strcmp(argv[1], "m7") ? 0x80 : 0x61000000u);
    machine->paged = !getenv("BARE_RUN_UNPAGED");
    enum cpu_stop stop = bare_machine_run(machine, (uint64_t)(count + 1) * CYCLES_A_SCENARIO);
    if (machine->ended)
        return 0;
    fflush(stdout);
    fprintf(stderr, "not ended: stop %d, pc 0x%08x, ipsr %u\n", (int)stop,
            cpu_get(machine->cpu, CPU_PC), cpu_get(machine->cpu, CPU_XPSR) & 0x1ff);
    return 3;
}

int main(int argc, char **argv)
{
    struct bare_machine machine;

    if (argc != 5) {
        fprintf(stderr, "usage: bare_run m4|m7 ELF FIRST-SEED COUNT\n");
        return 2;
    }
    if (!bare_machine_create(&machine, strcmp(argv[1], "m7") ? CPU_CORTEX_M4 : CPU_CORTEX_M7,
                             stdout))
        return 2;
    int status = run(&machine, argv);
    bare_machine_destroy(&machine);
    return status;
}
