/*
 * What the M7's data cache and the coherency checker cost: millions of instructions of both cores a
 * second of host time, on the whole board, and as a factor of what it is with both off.
 *
 *     bench_check CM7_ELF CM4_ELF
 */
#include "sim/host/image.h"
#include "sim/machine/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RUNS = 3, SETTING = 0x38000000 + 4 * 30 };
static const sim_time duration = SIM_S / 2;

static void hear_report(void *ctx, const struct check_report *report)
{
    unsigned *reports = ctx;
    (void)report;
    ++*reports;
}

static void load(struct machine *machine, const char *path)
{
    struct image image;
    struct failure failure;
    if (!image_read_elf(&image, path, &failure)) {
        fprintf(stderr, "%s\n", failure.text);
        exit(1);
    }
    for (size_t n = 0; n < image.piece_count; n++)
        machine_load(machine, image.pieces[n].address, image.pieces[n].bytes,
                     image.pieces[n].length);
    image_free(&image);
}

static double host_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Millions of instructions a second. */
static double run(char **elfs, uint32_t cached, bool checked)
{
    unsigned reports = 0;
    const struct machine_config config = {.incoherent = checked ? hear_report : NULL,
                                          .ctx = &reports};
    struct machine *machine = machine_create(&config);
    uint64_t instructions = 0;
    load(machine, elfs[0]);
    load(machine, elfs[1]);
    machine_load(machine, SETTING, &cached, sizeof cached);
    machine_power_on(machine);
    double start = host_seconds();
    machine_run(machine, duration);
    double seconds = host_seconds() - start;
    for (unsigned core = 0; core < SOC_CORES; core++) {
        struct machine_core_statistics statistics;
        machine_core_statistics(machine, (enum soc_core)core, &statistics);
        instructions += statistics.instructions;
    }
    machine_destroy(machine);
    if (reports)
        fprintf(stderr, "bench_check: the checker has %u reports\n", reports);
    return (double)instructions / seconds / 1e6;
}

static double best(char **elfs, uint32_t cached, bool checked)
{
    double most = 0;
    for (unsigned n = 0; n < RUNS; n++) {
        double speed = run(elfs, cached, checked);
        most = speed > most ? speed : most;
    }
    return most;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "write bench_check CM7_ELF CM4_ELF\n");
        return 1;
    }
    double off = best(argv + 1, 0, false), cache = best(argv + 1, 1, false);
    double both = best(argv + 1, 1, true);
    printf("cache off, checker off  %6.1f million instructions a second\n", off);
    printf("cache on,  checker off  %6.1f, factor %.2f\n", cache, cache / off);
    printf("cache on,  checker on   %6.1f, factor %.2f\n", both, both / off);
    return 0;
}
