/*
 * Speed of each core on compute loops beside Unicorn and qemu-system-arm (mps2-an500, mps2-an386), the
 * same ELF in the same run: instructions per second and ratios. Instructions are counted by the core;
 * the others execute the same ones.
 *
 *     bench_cpu LOOPS_CM7.ELF LOOPS_CM4.ELF [qemu-system-arm]
 */
#include "sim/cpu/cpu_internal.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unicorn/unicorn.h>

enum { CODE_SIZE = 0x10000, DATA_BASE = 0x20000000, DATA_SIZE = 0x10000, LOOPS = 4 };
enum { MAILBOX_RESULT = 8, MAILBOX_DONE = 12 };

static const char *const names[LOOPS] = {"integer", "memory", "fp32", "fp64"};

/* A core as each of the three knows it. The M4 has no double precision, and no cache. */
struct target {
    const char *name;
    enum cpu_model model;
    unsigned mpu_regions;
    int unicorn;
    const char *qemu_machine;
    unsigned loops;
    bool cache;
};

static const struct target targets[] = {
    {"Cortex-M7", CPU_CORTEX_M7, 16, UC_CPU_ARM_CORTEX_M7, "mps2-an500", LOOPS, true},
    {"Cortex-M4", CPU_CORTEX_M4, 8, UC_CPU_ARM_CORTEX_M4, "mps2-an386", LOOPS - 1, false},
};
enum { TARGETS = sizeof targets / sizeof targets[0] };

struct image {
    _Alignas(4096) uint8_t code[CODE_SIZE];
    _Alignas(4096) uint8_t data[DATA_SIZE];
};

struct measured {
    double seconds;
    uint64_t instructions;
    uint32_t result;
};

/* Processor time, so that other programs on the host do not count. */
static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* The same of all child processes that have ended. */
static double now_of_children(void)
{
    struct rusage u;
    getrusage(RUSAGE_CHILDREN, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e-6;
}

static bool load_elf(const char *path, struct image *image)
{
    static uint8_t file[1 << 18];
    FILE *stream = fopen(path, "rb");
    if (!stream)
        return false;
    size_t size = fread(file, 1, sizeof file, stream);
    fclose(stream);
    const Elf32_Ehdr *header = (const Elf32_Ehdr *)file;
    if (size < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG))
        return false;
    const Elf32_Phdr *segment = (const Elf32_Phdr *)(file + header->e_phoff);
    for (unsigned i = 0; i < header->e_phnum; i++)
        if (segment[i].p_type == PT_LOAD && segment[i].p_paddr + segment[i].p_filesz <= CODE_SIZE)
            memcpy(image->code + segment[i].p_paddr, file + segment[i].p_offset,
                   segment[i].p_filesz);
    return true;
}

static void ask(struct image *image, uint32_t loop, uint32_t count)
{
    memset(image->data, 0, DATA_SIZE);
    memcpy(image->data, &loop, 4);
    memcpy(image->data + 4, &count, 4);
}

static uint32_t word_at(const struct image *image, unsigned offset)
{
    uint32_t value;
    memcpy(&value, image->data + offset, 4);
    return value;
}

/* ---- Ours ------------------------------------------------------------------------------------- */

static uint8_t *place(struct image *image, uint32_t address)
{
    if (address < CODE_SIZE)
        return image->code + address;
    return address - DATA_BASE < DATA_SIZE ? image->data + (address - DATA_BASE) : NULL;
}

static enum cpu_bus_status bus_read(void *ctx, uint32_t address, unsigned size,
                                    enum cpu_access kind, uint32_t *value)
{
    const uint8_t *bytes = place(ctx, address);
    (void)kind;
    *value = 0;
    if (bytes)
        memcpy(value, bytes, size);
    return bytes ? CPU_BUS_OK : CPU_BUS_ERROR;
}

static enum cpu_bus_status bus_write(void *ctx, uint32_t address, unsigned size,
                                     enum cpu_access kind, uint32_t value)
{
    uint8_t *bytes = place(ctx, address);
    (void)kind;
    if (bytes)
        memcpy(bytes, &value, size);
    return bytes ? CPU_BUS_OK : CPU_BUS_ERROR;
}

static void bus_page(void *ctx, uint32_t address, enum cpu_access kind, struct cpu_page *page)
{
    (void)kind;
    page->bytes = place(ctx, address);
    page->writable = address >= DATA_BASE;
}

static void ignore_code(void *ctx, uint32_t address)
{
    (void)ctx;
    (void)address;
}

static void ignore_exclusive(void *ctx, uint32_t address, bool armed)
{
    (void)ctx;
    (void)address;
    (void)armed;
}

static void ignore(void *ctx)
{
    (void)ctx;
}

static void ignore_text(void *ctx, const char *text)
{
    (void)ctx;
    (void)text;
}

/* The data are no TCM's any more but cached, write-back with write-allocate by the default map. */
static void cache_data(struct cpu *cpu)
{
    enum { CCR = 0xE000ED14, DCISW = 0xE000EF60, DTCMCR = 0xE000EF94 };
    for (uint32_t line = 0; line < 512; line++)
        memory_write(cpu, DCISW, 4, true, false, line >> 2 << 5 | line << 30);
    memory_write(cpu, DTCMCR, 4, true, false, 0);
    memory_write(cpu, CCR, 4, true, false, 1u << 16);
}

/* As the core sees it. */
static uint32_t mailbox(struct cpu *cpu, uint32_t offset)
{
    uint32_t value = 0;
    for (unsigned n = 0; n < 4; n++) {
        uint8_t byte = 0;
        cpu_peek(cpu, DATA_BASE + offset + n, &byte);
        value |= (uint32_t)byte << 8 * n;
    }
    return value;
}

static struct measured run_core(const struct target *target, struct image *image, uint32_t loop,
                                uint32_t count, bool cached)
{
    struct cpu_config config = {
        .model = target->model,
        .irq_count = 16,
        .priority_bits = 4,
        .mpu_regions = target->mpu_regions,
        .bus = {image, bus_read, bus_write, bus_page, ignore_code, ignore_exclusive},
        .host = {NULL, ignore, ignore, ignore_text, NULL},
    };
    struct cpu *cpu = cpu_create(&config);
    struct cpu_statistics statistics;
    ask(image, loop, count);
    cpu_reset(cpu, 0);
    if (cached)
        cache_data(cpu);
    double start = now();
    while (!mailbox(cpu, MAILBOX_DONE) && !cpu_locked_up(cpu))
        cpu_run(cpu, cpu_cycles(cpu) + 100000);
    double seconds = now() - start;
    cpu_statistics(cpu, &statistics);
    struct measured measured = {seconds, statistics.instructions, mailbox(cpu, MAILBOX_RESULT)};
    cpu_destroy(cpu);
    return measured;
}

/* ---- Unicorn ---------------------------------------------------------------------------------- */

static void stop(uc_engine *engine, uint32_t number, void *ctx)
{
    (void)number;
    (void)ctx;
    uc_emu_stop(engine);
}

static struct measured run_unicorn(const struct target *target, struct image *image, uint32_t loop,
                                   uint32_t count)
{
    uc_engine *engine;
    uc_hook hook;
    uint32_t sp, pc;
    ask(image, loop, count);
    memcpy(&sp, image->code, 4);
    memcpy(&pc, image->code + 4, 4);
    uc_open(UC_ARCH_ARM, UC_MODE_THUMB, &engine);
    uc_ctl_set_cpu_model(engine, target->unicorn);
    uc_mem_map(engine, 0, CODE_SIZE, UC_PROT_ALL);
    uc_mem_write(engine, 0, image->code, CODE_SIZE);
    uc_mem_map_ptr(engine, DATA_BASE, DATA_SIZE, UC_PROT_READ | UC_PROT_WRITE, image->data);
    uc_mem_map(engine, 0xe0000000, 0x100000, UC_PROT_READ | UC_PROT_WRITE);
    uc_hook_add(engine, &hook, UC_HOOK_INTR, (void *)stop, NULL, 1, 0);
    uc_reg_write(engine, UC_ARM_REG_SP, &sp);
    double start = now();
    uc_emu_start(engine, pc | 1, CODE_SIZE - 2, 0, 0);
    double seconds = now() - start;
    uc_close(engine);
    return (struct measured){seconds, 0, word_at(image, MAILBOX_RESULT)};
}

/* ---- QEMU ------------------------------------------------------------------------------------- */

struct qemu {
    const char *program, *machine, *elf;
};

static double qemu_seconds(const struct qemu *qemu, uint32_t loop, uint32_t count,
                           const char *options)
{
    char command[1024];
    snprintf(command, sizeof command,
             "%s -M %s -display none -serial none -monitor none -semihosting %s "
             "-kernel %s -device loader,addr=0x20000000,data=%u,data-len=4 "
             "-device loader,addr=0x20000004,data=%u,data-len=4 >/dev/null 2>&1",
             qemu->program, qemu->machine, options, qemu->elf, loop, count);
    double start = now_of_children();
    int status = system(command);
    return status == -1 || !WIFEXITED(status) || WEXITSTATUS(status) > 1
               ? -1
               : now_of_children() - start;
}

/* Without its start, measured with a loop of no turns. */
static double run_qemu(const struct qemu *qemu, uint32_t loop, uint32_t count, const char *options)
{
    double idle = qemu_seconds(qemu, loop, 1, options);
    double whole = qemu_seconds(qemu, loop, count, options);
    return idle < 0 || whole < 0 ? -1 : whole - idle;
}

static void print_other(const char *name, const struct measured *ours, double seconds)
{
    double ips = (double)ours->instructions / 1e6;
    if (seconds <= 0)
        printf("  %s: not there", name);
    else
        printf("  %s %6.0f (x%.2f)", name, ips / seconds, seconds / ours->seconds);
}

/* The quickest of some runs: what else the host does can only slow one down. */
enum { RUNS = 3 };

static struct measured best_core(const struct target *target, struct image *image, uint32_t loop,
                                 uint32_t count, bool cached)
{
    struct measured best = run_core(target, image, loop, count, cached);
    for (unsigned n = 1; n < RUNS; n++) {
        struct measured again = run_core(target, image, loop, count, cached);
        best = again.seconds < best.seconds ? again : best;
    }
    return best;
}

static struct measured best_unicorn(const struct target *target, struct image *image, uint32_t loop,
                                    uint32_t count)
{
    struct measured best = run_unicorn(target, image, loop, count);
    for (unsigned n = 1; n < RUNS; n++) {
        struct measured again = run_unicorn(target, image, loop, count);
        best = again.seconds < best.seconds ? again : best;
    }
    return best;
}

static double best_qemu(const struct qemu *qemu, uint32_t loop, uint32_t count, const char *options)
{
    double best = run_qemu(qemu, loop, count, options);
    for (unsigned n = 1; n < RUNS; n++) {
        double again = run_qemu(qemu, loop, count, options);
        best = again > 0 && again < best ? again : best;
    }
    return best;
}

/* False: the results differ. */
static bool compare_loop(const struct target *target, struct image *image, uint32_t loop,
                         const struct qemu *qemu)
{
    static const uint32_t counts[LOOPS] = {20000000, 3000, 10000000, 10000000};
    struct measured ours = best_core(target, image, loop, counts[loop], false);
    struct measured unicorn = best_unicorn(target, image, loop, counts[loop]);
    bool same = ours.result == unicorn.result;
    printf("%s %-8s ours %6.0f", target->name, names[loop],
           (double)ours.instructions / 1e6 / ours.seconds);
    if (target->cache) {
        struct measured cached = best_core(target, image, loop, counts[loop], true);
        same = same && cached.result == ours.result;
        printf("  with data cache %6.0f (x%.2f)",
               (double)cached.instructions / 1e6 / cached.seconds, ours.seconds / cached.seconds);
    }
    print_other("unicorn", &ours, unicorn.seconds);
    print_other("qemu", &ours, best_qemu(qemu, loop, counts[loop], ""));
    print_other("qemu -icount", &ours, best_qemu(qemu, loop, counts[loop], "-icount shift=0"));
    printf("%s\n", same ? "" : "  RESULTS DIFFER");
    fflush(stdout);
    return same;
}

int main(int argc, char **argv)
{
    static struct image image;
    bool same = true;
    printf("million instructions per second (ratio: ours to theirs)\n");
    for (unsigned n = 0; n < TARGETS; n++) {
        const char *elf = (int)n + 1 < argc ? argv[n + 1] : NULL;
        if (!elf || !load_elf(elf, &image)) {
            fprintf(stderr, "usage: bench_cpu LOOPS_CM7.ELF LOOPS_CM4.ELF [qemu-system-arm]\n");
            return 2;
        }
        const struct qemu qemu = {argc > 3 ? argv[3] : "qemu-system-arm", targets[n].qemu_machine,
                                  elf};
        for (uint32_t loop = 0; loop < targets[n].loops; loop++)
            same = compare_loop(&targets[n], &image, loop, &qemu) && same;
    }
    return same ? 0 : 1;
}
