#include "sim/host/symbols.h"

#include "sim/host/debug_info.h"
#include "sim/host/elf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct string_table {
    const char *bytes;
    size_t size;
};

/* A name that ends inside its table; NULL otherwise. */
static const char *string_at(const struct string_table *table, uint32_t offset)
{
    if (offset >= table->size || !memchr(table->bytes + offset, 0, table->size - offset))
        return NULL;
    return table->bytes + offset;
}

static int by_address(const void *a, const void *b)
{
    const struct symbol *left = a, *right = b;
    if (left->address != right->address)
        return left->address < right->address ? -1 : 1;
    /* A sized symbol beside an unsized label is the function; then by name, to be deterministic. */
    if ((left->size == 0) != (right->size == 0))
        return left->size ? 1 : -1;
    return strcmp(right->name, left->name);
}

static bool executable(const struct file *file, const Elf32_Ehdr *header, unsigned index)
{
    if (index >= elf_sections(file, header))
        return false;
    Elf32_Shdr section;
    elf_section(file, header, index, &section);
    return section.sh_flags & SHF_EXECINSTR;
}

/* Functions, and labels of assembly in code; not the mapping symbols $t, $a, $d. */
static bool is_function(const struct file *file, const Elf32_Ehdr *header, const Elf32_Sym *symbol,
                        const char *name)
{
    unsigned type = ELF32_ST_TYPE(symbol->st_info);
    if (!name || !*name || *name == '$' || symbol->st_shndx == SHN_UNDEF)
        return false;
    return type == STT_FUNC || (type == STT_NOTYPE && executable(file, header, symbol->st_shndx));
}

static void add_symbol(struct symbols *symbols, const struct file *file, const Elf32_Ehdr *header,
                       const Elf32_Sym *symbol, const char *name)
{
    if (is_function(file, header, symbol, name))
        symbols->functions[symbols->function_count++] =
            (struct symbol){symbol->st_value & ~1u, symbol->st_size, name};
    else if (name && ELF32_ST_TYPE(symbol->st_info) == STT_OBJECT)
        symbols->objects[symbols->object_count++] =
            (struct symbol){symbol->st_value, symbol->st_size, name};
}

static void read_table(struct symbols *symbols, const Elf32_Ehdr *header, const Elf32_Shdr *section)
{
    const struct file *file = &symbols->image->file;
    Elf32_Shdr strings;
    if (section->sh_link >= elf_sections(file, header) ||
        !elf_part(file, section->sh_offset, section->sh_size))
        return;
    elf_section(file, header, section->sh_link, &strings);
    if (!elf_part(file, strings.sh_offset, strings.sh_size))
        return;
    struct string_table names = {(const char *)file->bytes + strings.sh_offset, strings.sh_size};
    size_t count = section->sh_size / sizeof(Elf32_Sym);
    symbols->functions = calloc(count ? count : 1, sizeof *symbols->functions);
    symbols->objects = calloc(count ? count : 1, sizeof *symbols->objects);
    if (!symbols->functions || !symbols->objects)
        return;
    for (size_t n = 0; n < count; n++) {
        Elf32_Sym symbol;
        memcpy(&symbol, file->bytes + section->sh_offset + n * sizeof symbol, sizeof symbol);
        add_symbol(symbols, file, header, &symbol, string_at(&names, symbol.st_name));
    }
    qsort(symbols->functions, symbols->function_count, sizeof *symbols->functions, by_address);
    qsort(symbols->objects, symbols->object_count, sizeof *symbols->objects, by_address);
}

void symbols_open(struct symbols *symbols, const struct image *image)
{
    *symbols = (struct symbols){.image = image};
    Elf32_Ehdr header;
    struct failure ignored;
    if (image->format != IMAGE_ELF || !elf_read_header(&image->file, &header, &ignored))
        return;
    for (size_t n = 0; n < elf_sections(&image->file, &header); n++) {
        Elf32_Shdr section;
        elf_section(&image->file, &header, n, &section);
        if (section.sh_type == SHT_SYMTAB) {
            read_table(symbols, &header, &section);
            return;
        }
    }
}

void symbols_close(struct symbols *symbols)
{
    debug_info_close(symbols->debug);
    free(symbols->functions);
    free(symbols->objects);
    *symbols = (struct symbols){0};
}

static struct debug_info *debug_of(struct symbols *symbols)
{
    if (!symbols->debug_tried && symbols->image->format == IMAGE_ELF)
        symbols->debug = debug_info_open(&symbols->image->file);
    symbols->debug_tried = true;
    return symbols->debug;
}

bool symbols_have_lines(struct symbols *symbols)
{
    return debug_info_has_lines(debug_of(symbols));
}

/* The last one that does not begin behind the address; NULL: none. */
static const struct symbol *last_before(const struct symbol *table, size_t count, uint32_t address)
{
    size_t low = 0, high = count;
    while (low < high) { /* the first one behind the address */
        size_t middle = low + (high - low) / 2;
        if (table[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &table[low - 1] : NULL;
}

const struct symbol *symbols_function(const struct symbols *symbols, uint32_t address)
{
    address &= ~1u;
    const struct symbol *found = last_before(symbols->functions, symbols->function_count, address);
    if (!found)
        return NULL;
    uint32_t offset = address - found->address;
    /* An assembly label has no size: it reaches to the next one, but not into another memory. */
    return offset < found->size || (found->size == 0 && offset < 0x1000) ? found : NULL;
}

const struct symbol *symbols_object(const struct symbols *symbols, uint32_t address)
{
    const struct symbol *found = last_before(symbols->objects, symbols->object_count, address);
    return found && address - found->address < found->size ? found : NULL;
}

bool symbols_line(struct symbols *symbols, uint32_t address, char *text, size_t size)
{
    return debug_info_line(debug_of(symbols), address & ~1u, text, size);
}

bool symbols_unwind(struct symbols *symbols, uint32_t registers[16],
                    const struct unwind_memory *memory)
{
    return debug_info_unwind(debug_of(symbols), registers, memory) ||
           exidx_unwind(&symbols->image->file, registers, memory);
}

static bool describe(struct symbols *symbols, uint32_t address, char *text, size_t size)
{
    const struct symbol *function = symbols_function(symbols, address);
    char line[512];
    if (!function)
        return false;
    int length =
        snprintf(text, size, "%s+0x%x", function->name, (address & ~1u) - function->address);
    if (length > 0 && (size_t)length < size && symbols_line(symbols, address, line, sizeof line))
        snprintf(text + length, size - (size_t)length, " (%s)", line);
    return true;
}

/* D2 SRAM is at 0x10000000 and at 0x30000000; a file is linked for one, a core may run at the other. */
static uint32_t other_alias(uint32_t address)
{
    return address >> 28 == 1 || address >> 28 == 3 ? address ^ 0x20000000 : address;
}

void symbols_describe(struct symbols *const *tables, size_t count, uint32_t address, char *text,
                      size_t size)
{
    for (size_t n = 0; n < count; n++)
        if (describe(tables[n], address, text, size))
            return;
    for (size_t n = 0; n < count; n++)
        if (describe(tables[n], other_alias(address), text, size))
            return;
    snprintf(text, size, "0x%08x", address);
}

static bool describe_object(const struct symbols *symbols, uint32_t address, char *text,
                            size_t size)
{
    const struct symbol *object = symbols_object(symbols, address);
    if (!object)
        return false;
    if (address == object->address)
        snprintf(text, size, "%s", object->name);
    else
        snprintf(text, size, "%s+0x%x", object->name, address - object->address);
    return true;
}

bool symbols_describe_object(struct symbols *const *tables, size_t count, uint32_t address,
                             char *text, size_t size)
{
    for (size_t n = 0; n < count; n++)
        if (describe_object(tables[n], address, text, size) ||
            describe_object(tables[n], other_alias(address), text, size))
            return true;
    return false;
}
