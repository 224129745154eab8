#include "sim/test/cpu/oracle/bare_machine.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

enum {
    DATA_BASE = 0x20000000u,
    UART_DATA = 0x40004000u,
    UART_END = 0x40005000u,
    EXIT_WORD = 0x40004100u,
};

static uint8_t *ram_at(struct bare_machine *machine, uint32_t address)
{
    if (address < BARE_RAM_SIZE)
        return machine->code + address;
    if (address - DATA_BASE < BARE_RAM_SIZE)
        return machine->data + (address - DATA_BASE);
    if (address - BARE_EDGE < sizeof machine->edge)
        return machine->edge + (address - BARE_EDGE);
    return NULL;
}

static bool in_uart(uint32_t address)
{
    return address >= UART_DATA && address < UART_END;
}

static enum cpu_bus_status bare_read(void *ctx, uint32_t address, unsigned size,
                                     enum cpu_access kind, uint32_t *value)
{
    uint8_t *ram = ram_at(ctx, address);
    (void)kind;
    *value = 0;
    if (ram)
        memcpy(value, ram, size);
    return ram || in_uart(address) ? CPU_BUS_OK : CPU_BUS_ERROR;
}

static enum cpu_bus_status bare_write(void *ctx, uint32_t address, unsigned size,
                                      enum cpu_access kind, uint32_t value)
{
    struct bare_machine *machine = ctx;
    uint8_t *ram = ram_at(machine, address);
    (void)kind;
    if (ram) {
        memcpy(ram, &value, size);
    } else if (address == UART_DATA) {
        fputc((int)(value & 0xff), machine->console);
    } else if (address == EXIT_WORD) {
        machine->ended = true;
        cpu_end_slice(machine->cpu);
    }
    return ram || in_uart(address) ? CPU_BUS_OK : CPU_BUS_ERROR;
}

static void bare_page(void *ctx, uint32_t address, enum cpu_access kind, struct cpu_page *page)
{
    struct bare_machine *machine = ctx;
    page->bytes = machine->paged || kind == CPU_ACCESS_FETCH ? ram_at(machine, address) : NULL;
    page->writable = machine->paged && address >= DATA_BASE;
}

static void ignore_code(void *ctx, uint32_t page)
{
    (void)ctx;
    (void)page;
}

static void ignore_exclusive(void *ctx, uint32_t address, bool armed)
{
    (void)ctx;
    (void)address;
    (void)armed;
}

bool bare_machine_create(struct bare_machine *machine, enum cpu_model model, FILE *console)
{
    struct cpu_config config = {
        .model = model, .irq_count = 32, .priority_bits = 8, .mpu_regions = 8};

    *machine = (struct bare_machine){.console = console, .paged = true};
    config.bus =
        (struct cpu_bus){machine, bare_read, bare_write, bare_page, ignore_code, ignore_exclusive};
    machine->code = calloc(1, BARE_RAM_SIZE);
    machine->data = calloc(1, BARE_RAM_SIZE);
    machine->cpu = cpu_create(&config);
    if (machine->code && machine->data && machine->cpu)
        return true;
    bare_machine_destroy(machine);
    return false;
}

void bare_machine_destroy(struct bare_machine *machine)
{
    cpu_destroy(machine->cpu);
    free(machine->code);
    free(machine->data);
    *machine = (struct bare_machine){0};
}

static const char *load_segment(struct bare_machine *machine, const Elf32_Phdr *segment, FILE *file)
{
    uint8_t *to = ram_at(machine, segment->p_paddr);
    if (segment->p_type != PT_LOAD || !segment->p_filesz)
        return NULL;
    if (!to || !ram_at(machine, segment->p_paddr + segment->p_filesz - 1))
        return "a segment lies outside the memory";
    if (fseek(file, (long)segment->p_offset, SEEK_SET) ||
        fread(to, 1, segment->p_filesz, file) != segment->p_filesz)
        return "a segment is cut short";
    return NULL;
}

static const char *load_segments(struct bare_machine *machine, const Elf32_Ehdr *header, FILE *file)
{
    const char *error = NULL;
    for (unsigned i = 0; i < header->e_phnum && !error; i++) {
        Elf32_Phdr segment;
        if (fseek(file, (long)(header->e_phoff + i * sizeof segment), SEEK_SET) ||
            fread(&segment, sizeof segment, 1, file) != 1)
            return "its program headers are cut short";
        error = load_segment(machine, &segment, file);
    }
    return error;
}

const char *bare_machine_load(struct bare_machine *machine, const char *path)
{
    Elf32_Ehdr header;
    const char *error;
    FILE *file = fopen(path, "rb");

    if (!file)
        return "cannot be opened";
    if (fread(&header, sizeof header, 1, file) != 1 ||
        memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_machine != EM_ARM)
        error = "is not an ELF for ARM";
    else
        error = load_segments(machine, &header, file);
    fclose(file);
    return error;
}

void bare_machine_store(struct bare_machine *machine, uint32_t address, uint32_t value)
{
    bare_write(machine, address, 4, CPU_ACCESS_DEBUG, value);
}

enum cpu_stop bare_machine_run(struct bare_machine *machine, uint64_t cycles)
{
    enum cpu_stop stop = CPU_STOP_LIMIT;

    cpu_reset(machine->cpu, 0);
    uint64_t limit = cpu_cycles(machine->cpu) + cycles;
    while (!machine->ended && cpu_cycles(machine->cpu) < limit && stop != CPU_STOP_LOCKUP &&
           stop != CPU_STOP_SLEEP)
        stop = cpu_run(machine->cpu, limit);
    return stop;
}
