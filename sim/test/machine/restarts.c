/*
 * A core that is stopped, or reset, at every instruction of a piece of its program, while the other
 * lives on: firmware/apps/ipc-restart says by its own diaries whether all went well.
 *
 *     restarts CM7.elf CM4.elf cm7|cm4 STORY uncached|cached [STRIDE]
 *
 * The victim passes restart_life_begin and, when its life is whole, restart_life_end. After its
 * instruction k between them it is reset, or first halted for longer than the survivor's bound; the
 * next life must be whole. k goes from 1 to the length of a life, by STRIDE (1).
 */
#include "sim/host/elf.h"
#include "sim/host/image.h"
#include "sim/host/symbols.h"
#include "sim/machine/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ORDERS = 3, HALT_US = 2500, PATIENCE_MS = 400 };

/* As restart.h of the firmware has it, in words. */
enum { SENT, HEARD, RETURNS, TOLD, LATEST, FAULTS, LIVES, DIARY_WORDS = 8 };

struct diary {
    uint32_t word[DIARY_WORDS];
};

struct test {
    struct image images[SOC_CORES];
    struct symbols symbols[SOC_CORES];
    struct machine *machine;
    enum soc_core victim;
    struct cpu *cpu;
    uint32_t begin, end, orders, diaries;
    uint64_t stopped, lives;
    uint32_t told; /* the survivor's, when the last life was whole */
    char where[128];
};

static enum soc_core survivor_of(const struct test *test)
{
    return test->victim == SOC_CM7 ? SOC_CM4 : SOC_CM7;
}

static struct diary diary_of(const struct test *test, enum soc_core core)
{
    struct diary diary = {0};
    uint32_t at = test->diaries + (core == SOC_CM7 ? 0 : (uint32_t)sizeof diary);
    machine_peek_memory(test->machine, core, at, &diary, sizeof diary);
    return diary;
}

static void describe_core(const struct test *test, enum soc_core core, char *text, size_t size)
{
    struct symbols *tables[] = {(struct symbols *)&test->symbols[core]};
    symbols_describe(tables, 1, cpu_get(machine_cpu(test->machine, core), CPU_PC), text, size);
}

/* What went wrong, where the victim was stopped last, and how the two are now. */
static bool fail(const struct test *test, const char *what)
{
    printf("FAILED: %s; the last stop was at %s\n", what, test->where);
    for (enum soc_core core = 0; core < SOC_CORES; core++) {
        struct diary diary = diary_of(test, core);
        char where[128];
        describe_core(test, core, where, sizeof where);
        printf("  %s at %s%s, exception %u: sent %u, heard %u, returns %u, told %u, latest %u, "
               "lives %u\n",
               core == SOC_CM7 ? "M7" : "M4", where,
               cpu_asleep(machine_cpu(test->machine, core)) ? " asleep" : "",
               cpu_get(machine_cpu(test->machine, core), CPU_XPSR) & 0x1ff, diary.word[SENT],
               diary.word[HEARD], diary.word[RETURNS], diary.word[TOLD], diary.word[LATEST],
               diary.word[LIVES]);
    }
    return false;
}

static uint64_t instructions(const struct test *test)
{
    struct cpu_statistics statistics;
    cpu_statistics(test->cpu, &statistics);
    return statistics.instructions;
}

static enum machine_stop run_for(struct test *test, sim_time time)
{
    return machine_run(test->machine, machine_time(test->machine) + time);
}

/* The victim comes to an address, and to no other breakpoint. */
static bool comes_to(struct test *test, uint32_t address)
{
    cpu_pause_at(test->cpu, UINT64_MAX);
    cpu_clear_breakpoints(test->cpu);
    cpu_set_breakpoint(test->cpu, address, true);
    return run_for(test, PATIENCE_MS * SIM_MS) == MACHINE_STOP_BREAKPOINT;
}

static bool nothing_is_wrong(struct test *test)
{
    for (enum soc_core core = 0; core < SOC_CORES; core++) {
        uint32_t fault = diary_of(test, core).word[FAULTS];
        if (fault) {
            printf("the %s's program says: file %u, line %u\n", core == SOC_CM7 ? "M7" : "M4",
                   fault / 10000, fault % 10000);
            return fail(test, "an expectation");
        }
    }
    return true;
}

/* From anywhere: a life from its begin to its end, and what the survivor has to say of it. */
static bool lives_whole(struct test *test)
{
    machine_reset_core(test->machine, test->victim);
    test->lives++;
    if (!comes_to(test, test->end))
        return nothing_is_wrong(test) && fail(test, "the two do not talk again");
    uint32_t told = diary_of(test, survivor_of(test)).word[TOLD];
    if (told == test->told && test->lives > 1)
        return fail(test, "the survivor was not told of a restart");
    test->told = told;
    return nothing_is_wrong(test);
}

/* Halted for longer than any bound: the survivor's call must have come back. */
static bool survives_silence(struct test *test)
{
    uint32_t before = diary_of(test, survivor_of(test)).word[RETURNS];
    machine_halt_core(test->machine, test->victim, true);
    cpu_pause_at(test->cpu, UINT64_MAX);
    if (run_for(test, HALT_US * SIM_US) != MACHINE_STOP_TIME)
        return fail(test, "the survivor stopped");
    if (diary_of(test, survivor_of(test)).word[RETURNS] == before)
        return fail(test, "the survivor's call has not come back within its bound");
    return true;
}

/* A new life up to its instruction k. 1: it is stopped there; 0: it was whole before; -1: neither. */
static int dies_at(struct test *test, uint64_t k)
{
    machine_reset_core(test->machine, test->victim);
    test->lives++;
    if (!comes_to(test, test->begin))
        return -1;
    cpu_clear_breakpoints(test->cpu);
    cpu_set_breakpoint(test->cpu, test->end, true);
    cpu_pause_at(test->cpu, instructions(test) + k);
    enum machine_stop stop = run_for(test, PATIENCE_MS * SIM_MS);
    if (stop == MACHINE_STOP_BREAKPOINT)
        return 0;
    describe_core(test, test->victim, test->where, sizeof test->where);
    return stop == MACHINE_STOP_PAUSED ? 1 : -1;
}

static bool every_instruction(struct test *test, uint64_t stride)
{
    if (!lives_whole(test))
        return false;
    for (uint64_t k = 1;; k += stride)
        for (int halts = 0; halts < 2; halts++) {
            int died = dies_at(test, k);
            if (died < 0)
                return nothing_is_wrong(test) && fail(test, "a life came to nothing");
            if (died == 0)
                return true;
            test->stopped++;
            if ((halts && !survives_silence(test)) || !lives_whole(test))
                return false;
        }
}

static bool find_symbols(struct test *test)
{
    const struct file *file = &test->images[test->victim].file;
    Elf32_Ehdr header;
    struct failure failure = {0};
    return elf_read_header(file, &header, &failure) &&
           elf_symbol(file, &header, "restart_life_begin", &test->begin) &&
           elf_symbol(file, &header, "restart_life_end", &test->end) &&
           elf_symbol(file, &header, "restart_orders", &test->orders) &&
           elf_symbol(file, &header, "restart_diaries", &test->diaries);
}

static bool load(struct test *test, char **paths)
{
    struct failure failure = {0};
    for (enum soc_core core = 0; core < SOC_CORES; core++) {
        struct image *image = &test->images[core];
        if (!image_read_elf(image, paths[core], &failure)) {
            printf("restarts: %s\n", failure.text);
            return false;
        }
        symbols_open(&test->symbols[core], image);
        for (size_t n = 0; n < image->piece_count; n++)
            machine_load(test->machine, image->pieces[n].address, image->pieces[n].bytes,
                         image->pieces[n].length);
    }
    return find_symbols(test);
}

int main(int argc, char **argv)
{
    static struct test test;
    struct machine_config config = {0};
    if (argc < 6) {
        puts("usage: restarts CM7.elf CM4.elf cm7|cm4 STORY uncached|cached [STRIDE]");
        return 2;
    }
    test.victim = strcmp(argv[3], "cm7") == 0 ? SOC_CM7 : SOC_CM4;
    test.machine = machine_create(&config);
    if (!test.machine || !load(&test, &argv[1]))
        return 2;
    test.cpu = machine_cpu(test.machine, test.victim);
    uint32_t orders[ORDERS] = {test.victim == SOC_CM4, (uint32_t)strtoul(argv[4], NULL, 0),
                               strcmp(argv[5], "cached") == 0};
    machine_load(test.machine, test.orders, orders, sizeof orders);
    machine_power_on(test.machine);
    bool good = every_instruction(&test, argc > 6 ? strtoul(argv[6], NULL, 0) : 1);
    struct diary diary = diary_of(&test, survivor_of(&test));
    printf("%s story %s %s: stopped at %llu steps, every instruction of a life by %s; %llu lives; "
           "told %u, latest %u us beyond the bound\n",
           argv[3], argv[4], argv[5], (unsigned long long)test.stopped, argc > 6 ? argv[6] : "1",
           (unsigned long long)test.lives, diary.word[TOLD], diary.word[LATEST]);
    for (enum soc_core core = 0; core < SOC_CORES; core++) {
        symbols_close(&test.symbols[core]);
        image_free(&test.images[core]);
    }
    machine_destroy(test.machine);
    return good ? 0 : 1;
}
