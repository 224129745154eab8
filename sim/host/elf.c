/*
 * ELF executables (ELF for the ARM architecture, IHI 0044). The headers are read here and not by
 * libelf: a file may be broken in any way, and each way has its own message.
 */
#include "sim/host/elf.h"

#include "sim/host/image.h"
#include "sim/host/memory_map.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

enum { HEADERS_MAX = 4096 };

bool elf_part(const struct file *file, uint64_t offset, uint64_t length)
{
    return offset <= file->size && length <= file->size - offset;
}

static bool check_identity(const struct file *file, Elf32_Ehdr *header, struct failure *failure)
{
    if (file->size < EI_NIDENT)
        return failed(failure, "is truncated inside its ELF header; copy or build it again");
    const uint8_t *identity = file->bytes;
    if (identity[EI_CLASS] == ELFCLASS64)
        return failed(failure, "is a 64-bit ELF; build it for a Cortex-M (arm-none-eabi)");
    if (identity[EI_CLASS] != ELFCLASS32)
        return failed(failure, "has the unknown ELF class %u; build it again", identity[EI_CLASS]);
    if (identity[EI_DATA] == ELFDATA2MSB)
        return failed(failure,
                      "is big-endian; the chip is little-endian, build without -mbig-endian");
    if (identity[EI_DATA] != ELFDATA2LSB)
        return failed(failure, "has the unknown byte order %u; build it again", identity[EI_DATA]);
    if (file->size < sizeof *header)
        return failed(failure, "is truncated inside its ELF header; copy or build it again");
    memcpy(header, file->bytes, sizeof *header);
    return true;
}

static bool check_kind(const Elf32_Ehdr *header, struct failure *failure)
{
    if (header->e_machine != EM_ARM)
        return failed(failure,
                      "is for machine %u, not for ARM (%u); build it with arm-none-eabi-gcc",
                      header->e_machine, EM_ARM);
    if (header->e_type == ET_REL)
        return failed(failure, "is an object file; link it first");
    if (header->e_type != ET_EXEC)
        return failed(failure,
                      "is not an executable (ELF type %u); link it without -shared and -pie",
                      header->e_type);
    if (header->e_phnum == 0)
        return failed(failure, "has no segments; there is nothing to load");
    if (header->e_phentsize != sizeof(Elf32_Phdr) || header->e_phnum > HEADERS_MAX)
        return failed(failure, "has a broken program header table; build it again");
    return true;
}

bool elf_read_header(const struct file *file, Elf32_Ehdr *header, struct failure *failure)
{
    if (!check_identity(file, header, failure) || !check_kind(header, failure))
        return false;
    if (!elf_part(file, header->e_phoff, (uint64_t)header->e_phnum * sizeof(Elf32_Phdr)))
        return failed(failure,
                      "is truncated: its program headers lie behind its end; copy it again");
    return true;
}

size_t elf_sections(const struct file *file, const Elf32_Ehdr *header)
{
    bool usable = header->e_shentsize == sizeof(Elf32_Shdr) && header->e_shoff &&
                  elf_part(file, header->e_shoff, (uint64_t)header->e_shnum * sizeof(Elf32_Shdr));
    return usable ? header->e_shnum : 0;
}

void elf_section(const struct file *file, const Elf32_Ehdr *header, size_t index,
                 Elf32_Shdr *section)
{
    memcpy(section, file->bytes + header->e_shoff + index * sizeof *section, sizeof *section);
}

/*
 * Linkers round a segment's start down to a page and put the ELF's own headers there. A programmer
 * writes sections, so the segment shrinks to those inside it, if there are any.
 */
static bool symbol_in(const struct file *file, const Elf32_Shdr *symbols, const Elf32_Shdr *names,
                      const char *name, uint32_t *value)
{
    size_t length = strlen(name) + 1;
    for (uint32_t at = 0; at + sizeof(Elf32_Sym) <= symbols->sh_size; at += sizeof(Elf32_Sym)) {
        Elf32_Sym symbol;
        memcpy(&symbol, file->bytes + symbols->sh_offset + at, sizeof symbol);
        if (symbol.st_name >= names->sh_size || names->sh_size - symbol.st_name < length ||
            memcmp(file->bytes + names->sh_offset + symbol.st_name, name, length) != 0)
            continue;
        *value = symbol.st_value & ~(ELF32_ST_TYPE(symbol.st_info) == STT_FUNC ? 1u : 0u);
        return true;
    }
    return false;
}

bool elf_symbol(const struct file *file, const Elf32_Ehdr *header, const char *name,
                uint32_t *value)
{
    for (size_t n = 0; n < elf_sections(file, header); n++) {
        Elf32_Shdr symbols, names;
        elf_section(file, header, n, &symbols);
        if (symbols.sh_type != SHT_SYMTAB || symbols.sh_link >= elf_sections(file, header))
            continue;
        elf_section(file, header, symbols.sh_link, &names);
        if (elf_part(file, symbols.sh_offset, symbols.sh_size) &&
            elf_part(file, names.sh_offset, names.sh_size) &&
            symbol_in(file, &symbols, &names, name, value))
            return true;
    }
    return false;
}

static void shrink_to_sections(const struct file *file, const Elf32_Ehdr *header,
                               Elf32_Phdr *segment)
{
    uint64_t low = UINT64_MAX, high = 0;
    uint64_t start = segment->p_offset, end = start + segment->p_filesz;
    for (size_t n = 0; n < elf_sections(file, header); n++) {
        Elf32_Shdr section;
        elf_section(file, header, n, &section);
        uint64_t first = section.sh_offset, last = first + section.sh_size;
        if (!(section.sh_flags & SHF_ALLOC) || section.sh_type == SHT_NOBITS ||
            section.sh_size == 0 || first < start || last > end)
            continue;
        low = first < low ? first : low;
        high = last > high ? last : high;
    }
    if (low >= high)
        return;
    segment->p_paddr += (uint32_t)(low - start);
    segment->p_vaddr += (uint32_t)(low - start);
    segment->p_offset = (uint32_t)low;
    segment->p_filesz = (uint32_t)(high - low);
}

/*
 * Where the bytes are loaded: the physical address. Linkers let it run on behind the section before,
 * so for data of a shared RAM it can be nowhere at all; then the virtual address is meant.
 */
static uint32_t load_address(const Elf32_Phdr *segment)
{
    bool stray = !memory_at(segment->p_paddr) && memory_at(segment->p_vaddr);
    return stray ? segment->p_vaddr : segment->p_paddr;
}

static bool add_segment(struct image *image, const Elf32_Ehdr *header, unsigned index,
                        struct failure *failure)
{
    Elf32_Phdr segment;
    const struct file *file = &image->file;
    memcpy(&segment, file->bytes + header->e_phoff + index * sizeof segment, sizeof segment);
    if (segment.p_type != PT_LOAD || segment.p_filesz == 0)
        return true;
    if (segment.p_memsz < segment.p_filesz)
        return failed(failure, "segment %u is larger in the file than in memory; build it again",
                      index);
    if (!elf_part(file, segment.p_offset, segment.p_filesz))
        return failed(failure, "is truncated: segment %u ends at byte %llu of %zu; copy it again",
                      index, (unsigned long long)segment.p_offset + segment.p_filesz, file->size);
    if ((uint64_t)segment.p_paddr + segment.p_filesz > UINT64_C(1) << 32)
        return failed(failure,
                      "segment %u at 0x%08x does not fit below 4 GB; mend the linker script", index,
                      segment.p_paddr);
    shrink_to_sections(file, header, &segment);
    return image_add_piece(image, load_address(&segment), file->bytes + segment.p_offset,
                           segment.p_filesz, failure);
}

bool image_parse_elf(struct image *image, struct failure *failure)
{
    Elf32_Ehdr header;
    image->format = IMAGE_ELF;
    if (!elf_read_header(&image->file, &header, failure))
        return false;
    for (unsigned n = 0; n < header.e_phnum; n++)
        if (!add_segment(image, &header, n, failure))
            return false;
    image->has_entry = true;
    image->entry = header.e_entry;
    return true;
}

/* Build attributes (addenda to the ABI, IHI 0045): the value of one tag of the file, "aeabi". */
static uint64_t uleb(const uint8_t **at, const uint8_t *end)
{
    uint64_t value = 0;
    for (unsigned shift = 0; *at < end && shift < 63; shift += 7) {
        uint8_t byte = *(*at)++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            break;
    }
    return value;
}

static bool attribute_is_text(uint64_t tag)
{
    return tag == 4 || tag == 5 || (tag > 32 && tag % 2); /* CPU_raw_name, CPU_name, odd ones */
}

static void read_attributes(const uint8_t *at, const uint8_t *end, struct elf_attributes *found)
{
    while (at < end) {
        uint64_t tag = uleb(&at, end);
        if (attribute_is_text(tag) || tag == 32) {
            if (tag == 32)
                uleb(&at, end);
            const uint8_t *text = at;
            while (at < end && *at)
                at++;
            if (tag == 5 && at < end)
                strncpy(found->cpu_name, (const char *)text, sizeof found->cpu_name - 1);
            at++;
            continue;
        }
        uint64_t value = uleb(&at, end);
        if (tag == 6)
            found->cpu_arch = (unsigned)value;
        else if (tag == 10)
            found->fp_arch = (unsigned)value;
        else if (tag == 27)
            found->fp_use = (unsigned)value;
    }
}

/* 'A', then sub-sections: length, vendor, then sub-sub-sections: tag, length, attributes. */
static void read_attribute_section(const uint8_t *bytes, size_t size, struct elf_attributes *found)
{
    const uint8_t *vendor = bytes + 1 + 4;
    if (size < 1 + 4 + 6 + 5 || bytes[0] != 'A' || memcmp(vendor, "aeabi", 6) != 0)
        return;
    const uint8_t *tagged = vendor + 6;
    uint32_t length;
    memcpy(&length, tagged + 1, sizeof length);
    size_t left = size - (size_t)(tagged - bytes);
    if (tagged[0] != 1 || length < 5 || length > left)
        return;
    found->present = true;
    read_attributes(tagged + 5, tagged + length, found);
}

void elf_attributes(const struct file *file, struct elf_attributes *found)
{
    *found = (struct elf_attributes){0};
    Elf32_Ehdr header;
    struct failure ignored;
    if (!elf_read_header(file, &header, &ignored))
        return;
    for (size_t n = 0; n < elf_sections(file, &header); n++) {
        Elf32_Shdr section;
        elf_section(file, &header, n, &section);
        if (section.sh_type == SHT_ARM_ATTRIBUTES &&
            elf_part(file, section.sh_offset, section.sh_size))
            read_attribute_section(file->bytes + section.sh_offset, section.sh_size, found);
    }
}
