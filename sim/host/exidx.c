/* Exception handling ABI for the ARM architecture (IHI 0038), sections 5 to 9. */
#include "sim/host/debug_info.h"
#include "sim/host/elf.h"

#include <string.h>

struct exidx {
    const struct file *file;
    Elf32_Ehdr header;
    Elf32_Shdr index; /* pairs of words, ascending by function */
};

static bool find_index(struct exidx *exidx, const struct file *file)
{
    struct failure ignored;
    exidx->file = file;
    if (!elf_read_header(file, &exidx->header, &ignored))
        return false;
    for (size_t n = 0; n < elf_sections(file, &exidx->header); n++) {
        elf_section(file, &exidx->header, n, &exidx->index);
        if (exidx->index.sh_type == SHT_ARM_EXIDX &&
            elf_part(file, exidx->index.sh_offset, exidx->index.sh_size))
            return true;
    }
    return false;
}

static uint32_t word_at(const struct exidx *exidx, uint32_t offset)
{
    uint32_t word;
    memcpy(&word, exidx->file->bytes + offset, sizeof word);
    return word;
}

/* A 31-bit offset relative to its own place. */
static uint32_t prel31(uint32_t word, uint32_t place)
{
    uint32_t offset = word & 0x7fffffff;
    return place + (offset | (offset & 0x40000000) << 1);
}

/* The file offset of four bytes at an address of the linked image. */
static bool offset_of(const struct exidx *exidx, uint32_t address, uint32_t *offset)
{
    for (size_t n = 0; n < elf_sections(exidx->file, &exidx->header); n++) {
        Elf32_Shdr section;
        elf_section(exidx->file, &exidx->header, n, &section);
        if (section.sh_type == SHT_NOBITS || address - section.sh_addr >= section.sh_size ||
            section.sh_size - (address - section.sh_addr) < 4)
            continue;
        *offset = section.sh_offset + (address - section.sh_addr);
        return elf_part(exidx->file, *offset, 4);
    }
    return false;
}

enum { CANNOT_UNWIND = 1, CODE_MAX = 4 + 255 * 4 };

struct unwind_code {
    uint8_t bytes[CODE_MAX];
    size_t count, at;
};

/* The instructions of a table entry, most significant byte first (section 6.3). */
static bool take_words(const struct exidx *exidx, uint32_t address, uint32_t first,
                       struct unwind_code *code)
{
    unsigned personality = first >> 24 & 0xf;
    unsigned more = personality ? first >> 16 & 0xff : 0;
    if (!(first >> 31) || personality > 2)
        return false;
    for (int shift = personality ? 8 : 16; shift >= 0; shift -= 8)
        code->bytes[code->count++] = (uint8_t)(first >> shift);
    for (unsigned n = 1; n <= more; n++) {
        uint32_t offset;
        if (!offset_of(exidx, address + 4 * n, &offset))
            return false;
        uint32_t word = word_at(exidx, offset);
        for (int shift = 24; shift >= 0; shift -= 8)
            code->bytes[code->count++] = (uint8_t)(word >> shift);
    }
    return true;
}

static bool code_for(const struct exidx *exidx, uint32_t pc, struct unwind_code *code)
{
    uint32_t found = UINT32_MAX;
    for (uint32_t n = 0; n + 8 <= exidx->index.sh_size; n += 8) {
        uint32_t function =
            prel31(word_at(exidx, exidx->index.sh_offset + n), exidx->index.sh_addr + n);
        if ((function & ~1u) > pc)
            break;
        found = n;
    }
    if (found == UINT32_MAX)
        return false;
    uint32_t second = word_at(exidx, exidx->index.sh_offset + found + 4);
    uint32_t place = exidx->index.sh_addr + found + 4;
    if (second == CANNOT_UNWIND)
        return false;
    if (second >> 31)
        return take_words(exidx, place, second, code);
    uint32_t table = prel31(second, place), offset;
    return offset_of(exidx, table, &offset) &&
           take_words(exidx, table, word_at(exidx, offset), code);
}

static bool pop(uint32_t registers[16], unsigned set, const struct unwind_memory *memory)
{
    uint32_t sp = registers[13];
    for (unsigned n = 0; n < 16; n++)
        if (set & 1u << n) {
            if (!memory->read(memory->ctx, sp, &registers[n]))
                return false;
            sp += 4;
        }
    if (!(set & 1u << 13))
        registers[13] = sp;
    return true;
}

static uint8_t next_byte(struct unwind_code *code)
{
    return code->at < code->count ? code->bytes[code->at++] : 0xb0; /* finish */
}

/* Codes 0xb1 to 0xff. */
static bool step_high(struct unwind_code *code, uint8_t byte, uint32_t registers[16],
                      const struct unwind_memory *memory)
{
    if (byte == 0xb1)
        return pop(registers, next_byte(code) & 0xf, memory);
    if (byte == 0xb2) {
        uint32_t value = 0;
        for (unsigned shift = 0; shift < 28; shift += 7) {
            uint8_t part = next_byte(code);
            value |= (uint32_t)(part & 0x7f) << shift;
            if (!(part & 0x80))
                break;
        }
        registers[13] += 0x204 + (value << 2);
        return true;
    }
    if (byte == 0xb3) /* FSTMX: doubles and a pad word */
        registers[13] += 8u * ((next_byte(code) & 0xf) + 1u) + 4;
    else if (byte >= 0xb8 && byte <= 0xbf)
        registers[13] += 8u * ((byte & 7) + 1u) + 4;
    else if (byte == 0xc8 || byte == 0xc9)
        registers[13] += 8u * ((next_byte(code) & 0xf) + 1u);
    else if (byte >= 0xd0 && byte <= 0xd7)
        registers[13] += 8u * ((byte & 7) + 1u);
    else
        return false;
    return true;
}

static bool step(struct unwind_code *code, uint8_t byte, uint32_t registers[16],
                 const struct unwind_memory *memory)
{
    if (byte < 0x40)
        registers[13] += (uint32_t)(byte & 0x3f) * 4 + 4;
    else if (byte < 0x80)
        registers[13] -= (uint32_t)(byte & 0x3f) * 4 + 4;
    else if (byte < 0x90) {
        unsigned set = ((unsigned)(byte & 0xf) << 8 | next_byte(code)) << 4;
        return set && pop(registers, set, memory);
    } else if (byte < 0xa0)
        registers[13] = registers[byte & 0xf];
    else if (byte < 0xb0)
        return pop(registers, ((0x10u << ((byte & 7) + 1)) - 0x10u) | (byte & 8 ? 1u << 14 : 0),
                   memory);
    else
        return step_high(code, byte, registers, memory);
    return true;
}

bool exidx_unwind(const struct file *file, uint32_t registers[16],
                  const struct unwind_memory *memory)
{
    struct exidx exidx;
    struct unwind_code code = {.count = 0};
    uint32_t caller[16];
    memcpy(caller, registers, sizeof caller);
    if (!find_index(&exidx, file) || !code_for(&exidx, registers[15] & ~1u, &code))
        return false;
    caller[15] = 0;
    while (code.at < code.count) {
        uint8_t byte = next_byte(&code);
        if (byte == 0xb0)
            break;
        if (!step(&code, byte, caller, memory))
            return false;
    }
    if (!caller[15])
        caller[15] = caller[14];
    memcpy(registers, caller, sizeof caller);
    return true;
}
