/*
 * Instructions and cycles between the marks of a firmware program, on the virtual board. A mark is a
 * global label mark_NAME_begin or mark_NAME_end at a nop; what marks themselves cost is measured by
 * the pair mark_empty_begin, mark_empty_end, which the program must pass first, and taken off.
 * Between the first mark and the last, sections with interrupts masked (PRIMASK) are measured too.
 *
 *     bench_marks cm4|cm7 ELF
 *
 * One line a pair: its name, then instructions/cycles, once for each time that it was passed.
 */
#include "sim/host/elf.h"
#include "sim/host/image.h"
#include "sim/machine/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MARKS_MAX = 64, NAME_MAX_LENGTH = 48, PASSES_MAX = 8 };

struct amount {
    uint64_t instructions, cycles;
};

struct mark {
    uint32_t address;
    bool ends;
    struct pair *pair;
};

struct pair {
    char name[NAME_MAX_LENGTH];
    bool open;
    struct amount begun, passes[PASSES_MAX];
    size_t count;
};

struct bench {
    struct image image;
    struct machine *machine;
    struct cpu *cpu;
    struct mark marks[MARKS_MAX];
    struct pair pairs[MARKS_MAX];
    struct pair *passed[MARKS_MAX]; /* in the order in which the program passed them */
    size_t mark_count, pair_count, passed_count;
    struct amount empty, masked_since, longest; /* longest by cycles */
    bool masked, begun;
};

static struct pair *pair_named(struct bench *bench, const char *name, size_t length)
{
    for (size_t n = 0; n < bench->pair_count; n++)
        if (strlen(bench->pairs[n].name) == length &&
            memcmp(bench->pairs[n].name, name, length) == 0)
            return &bench->pairs[n];
    struct pair *pair = &bench->pairs[bench->pair_count++];
    memcpy(pair->name, name, length);
    return pair;
}

/* A symbol that is a mark is noted with its pair. */
static void take_symbol(struct bench *bench, const char *name, uint32_t address)
{
    static const char prefix[] = "mark_", begin[] = "_begin", end[] = "_end";
    size_t length = strlen(name);
    if (strncmp(name, prefix, strlen(prefix)) != 0 || length >= NAME_MAX_LENGTH ||
        bench->mark_count == MARKS_MAX)
        return;
    bool ends = strcmp(name + length - strlen(end), end) == 0;
    const char *suffix = ends ? end : begin;
    if (strcmp(name + length - strlen(suffix), suffix) != 0)
        return;
    size_t stem = length - strlen(prefix) - strlen(suffix);
    bench->marks[bench->mark_count++] = (struct mark){
        .address = address & ~1u,
        .ends = ends,
        .pair = pair_named(bench, name + strlen(prefix), stem),
    };
}

static void take_symbols(struct bench *bench, const Elf32_Ehdr *header)
{
    const struct file *file = &bench->image.file;
    for (size_t n = 0; n < elf_sections(file, header); n++) {
        Elf32_Shdr section, names;
        elf_section(file, header, n, &section);
        if (section.sh_type != SHT_SYMTAB || section.sh_link >= elf_sections(file, header))
            continue;
        elf_section(file, header, section.sh_link, &names);
        if (!elf_part(file, section.sh_offset, section.sh_size) ||
            !elf_part(file, names.sh_offset, names.sh_size))
            continue;
        for (uint32_t at = 0; at + sizeof(Elf32_Sym) <= section.sh_size; at += sizeof(Elf32_Sym)) {
            Elf32_Sym symbol;
            memcpy(&symbol, file->bytes + section.sh_offset + at, sizeof symbol);
            if (symbol.st_name < names.sh_size)
                take_symbol(bench, (const char *)file->bytes + names.sh_offset + symbol.st_name,
                            symbol.st_value);
        }
    }
}

/* Instructions that begin or end a masked section: CPSID I, CPSIE I, MSR PRIMASK (B5.2). */
static bool changes_mask(const uint8_t *code)
{
    unsigned first = code[0] | (unsigned)code[1] << 8, second = code[2] | (unsigned)code[3] << 8;
    return first == 0xb672 || first == 0xb662 || ((first & 0xfff0) == 0xf380 && second == 0x8810);
}

/* False: there are more of them than the core takes. */
static bool set_breakpoints(struct bench *bench)
{
    bool set = true;
    for (size_t n = 0; n < bench->mark_count; n++)
        set &= cpu_set_breakpoint(bench->cpu, bench->marks[n].address, true);
    for (size_t p = 0; p < bench->image.piece_count; p++) {
        const struct image_piece *piece = &bench->image.pieces[p];
        for (uint32_t at = 0; at + 4 <= piece->length; at += 2)
            if (changes_mask(piece->bytes + at))
                set &= cpu_set_breakpoint(bench->cpu, piece->address + at, true);
    }
    return set;
}

static struct amount now(const struct bench *bench)
{
    struct cpu_statistics statistics;
    cpu_statistics(bench->cpu, &statistics);
    return (struct amount){statistics.instructions, statistics.cycles_awake};
}

static struct amount difference(struct amount later, struct amount sooner)
{
    return (struct amount){later.instructions - sooner.instructions, later.cycles - sooner.cycles};
}

static void pass(struct bench *bench, const struct mark *mark)
{
    struct pair *pair = mark->pair;
    if (!mark->ends) {
        pair->begun = now(bench);
        pair->open = bench->begun = true;
        return;
    }
    if (!pair->open || pair->count == PASSES_MAX)
        return;
    pair->open = false;
    struct amount amount = difference(now(bench), pair->begun);
    if (strcmp(pair->name, "empty") == 0)
        bench->empty = amount;
    else if (pair->count == 0)
        bench->passed[bench->passed_count++] = pair;
    pair->passes[pair->count++] = difference(amount, bench->empty);
}

/* At an instruction that changes PRIMASK, before it is executed; its effect is known at the next. */
static void note_mask(struct bench *bench, uint32_t pc)
{
    uint8_t code[4];
    if (!bench->begun || !machine_peek(bench->machine, SOC_CM7, pc, code, sizeof code) ||
        !changes_mask(code))
        return;
    bool masks = code[0] == 0x72;
    if (code[1] == 0xf3)
        masks = cpu_get(bench->cpu, (enum cpu_reg)(code[0] & 0xf)) & 1;
    if (masks && !bench->masked)
        bench->masked_since = now(bench);
    if (!masks && bench->masked) {
        struct amount amount = difference(now(bench), bench->masked_since);
        if (amount.cycles > bench->longest.cycles)
            bench->longest = amount;
    }
    bench->masked = masks;
}

static bool run(struct bench *bench)
{
    enum machine_stop stop;
    while ((stop = machine_run(bench->machine, SIM_S)) == MACHINE_STOP_BREAKPOINT) {
        uint32_t pc = cpu_get(bench->cpu, CPU_PC);
        for (size_t n = 0; n < bench->mark_count; n++)
            if (bench->marks[n].address == pc)
                pass(bench, &bench->marks[n]);
        note_mask(bench, pc);
    }
    return stop == MACHINE_STOP_TIME;
}

static bool start(struct bench *bench, enum soc_core core)
{
    struct machine_config config = {0};
    bench->machine = machine_create(&config);
    if (!bench->machine)
        return false;
    for (size_t n = 0; n < bench->image.piece_count; n++) {
        const struct image_piece *piece = &bench->image.pieces[n];
        if (!machine_load(bench->machine, piece->address, piece->bytes, piece->length))
            return false;
    }
    if (machine_set(bench->machine, core == SOC_CM7 ? "BCM4" : "BCM7", "0"))
        return false;
    bench->cpu = machine_cpu(bench->machine, core);
    machine_power_on(bench->machine);
    return true;
}

static void print_amount(struct amount amount)
{
    printf(" %5llu/%-5llu", (unsigned long long)amount.instructions,
           (unsigned long long)amount.cycles);
}

static void print(const struct bench *bench)
{
    for (size_t n = 0; n < bench->passed_count; n++) {
        printf("%-16s", bench->passed[n]->name);
        for (size_t p = 0; p < bench->passed[n]->count; p++)
            print_amount(bench->passed[n]->passes[p]);
        puts("");
    }
    printf("%-16s", "longest masked");
    print_amount(bench->longest);
    puts("");
}

int main(int argc, char **argv)
{
    static struct bench bench;
    struct failure failure = {0};
    Elf32_Ehdr header;
    if (argc != 3 || (strcmp(argv[1], "cm4") != 0 && strcmp(argv[1], "cm7") != 0)) {
        fprintf(stderr, "usage: bench_marks cm4|cm7 ELF\n");
        return 2;
    }
    if (!image_read_elf(&bench.image, argv[2], &failure) ||
        !elf_read_header(&bench.image.file, &header, &failure)) {
        fprintf(stderr, "bench_marks: %s\n", failure.text);
        return 2;
    }
    take_symbols(&bench, &header);
    bool ran = start(&bench, argv[1][2] == '7' ? SOC_CM7 : SOC_CM4) && set_breakpoints(&bench) &&
               run(&bench);
    print(&bench);
    machine_destroy(bench.machine);
    image_free(&bench.image);
    return ran ? 0 : 1;
}
