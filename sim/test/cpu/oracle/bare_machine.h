/*
 * The least machine that the comparison's program runs on: the RAM of QEMU's MPS2 boards, the data
 * register of their first UART, and a word to end by. For tests.
 */
#ifndef SIM_TEST_CPU_BARE_MACHINE_H
#define SIM_TEST_CPU_BARE_MACHINE_H

#include <stdio.h>

#include "sim/cpu/cpu.h"

enum { BARE_RAM_SIZE = 4 << 20, BARE_EDGE = 0x61000000 - CPU_PAGE_SIZE };

struct bare_machine {
    struct cpu *cpu;
    uint8_t *code;                           /* BARE_RAM_SIZE at 0 */
    uint8_t *data;                           /* BARE_RAM_SIZE at 0x20000000 */
    _Alignas(8) uint8_t edge[CPU_PAGE_SIZE]; /* at BARE_EDGE, with nothing behind */
    FILE *console;                           /* what the UART sends; the owner's */
    bool ended;                              /* the program wrote the word to end by */
    bool paged;                              /* false: every access goes through read and write */
};

/* False: no memory. The machine has 8 priority bits, 32 interrupts and 8 MPU regions, as QEMU has. */
bool bare_machine_create(struct bare_machine *machine, enum cpu_model model, FILE *console);
void bare_machine_destroy(struct bare_machine *machine);
/* Loads an ELF for ARM at its physical addresses. NULL, or why not. */
const char *bare_machine_load(struct bare_machine *machine, const char *path);
void bare_machine_store(struct bare_machine *machine, uint32_t address, uint32_t value);
/* Resets the core and runs it until the program ends, locks up or `cycles` have passed. */
enum cpu_stop bare_machine_run(struct bare_machine *machine, uint64_t cycles);

#endif
