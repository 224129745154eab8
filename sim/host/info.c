#include "sim/host/info.h"

#include "sim/host/elf.h"
#include "sim/host/memory_map.h"
#include "sim/host/symbols.h"

#include <inttypes.h>
#include <string.h>

/* A stack pointer is a multiple of 4 at the end of, or inside, a memory that is no flash. */
static bool plausible_stack(uint32_t stack)
{
    const struct memory_range *range = stack % 4 ? NULL : memory_at(stack - 1);
    return range && !strstr(range->name, "flash");
}

static bool plausible_vectors(const struct image *image, uint32_t address, uint32_t words[2])
{
    if (!image_bytes(image, address, words, 8))
        return false;
    return plausible_stack(words[0]) && words[1] & 1 && memory_at(words[1] & ~1u);
}

/* First where the cores boot as shipped, then the start of every piece. */
static void find_vectors(const struct image *image, struct image_target *target)
{
    static const uint32_t boot[] = {0x08000000, 0x08100000};
    uint32_t words[2];
    size_t tries = 2 + image->piece_count;
    for (size_t n = 0; n < tries && !target->has_vectors; n++) {
        uint32_t address = n < 2 ? boot[n] : image->pieces[n - 2].address;
        if (!plausible_vectors(image, address, words))
            continue;
        target->has_vectors = true;
        target->vectors = address;
        target->stack = words[0];
        target->reset = words[1];
    }
}

static bool say(struct image_target *target, int core, const char *reason)
{
    target->core = core;
    snprintf(target->reason, sizeof target->reason, "%s", reason);
    return true;
}

/* By the place of the vector table or the entry. */
static bool target_by_place(struct image_target *target, uint32_t place)
{
    if (place - 0x08100000 < 0x100000)
        return say(target, TARGET_CM4, "it starts in flash bank 2, where the Cortex-M4 boots");
    if (place - 0x08000000 < 0x100000)
        return say(target, TARGET_CM7, "it starts in flash bank 1, where the Cortex-M7 boots");
    if (place - 0x10000000 < 0x48000)
        return say(target, TARGET_CM4,
                   "it starts in the D2 SRAM's alias, the Cortex-M4's code bus");
    if (place < 0x10000 || place - 0x20000000 < 0x20000)
        return say(target, TARGET_CM7, "it starts in a TCM, which the Cortex-M7 alone reaches");
    return false;
}

static bool target_by_stack(struct image_target *target)
{
    uint32_t last = target->stack - 1;
    if (!target->has_vectors)
        return false;
    if (last - 0x20000000 < 0x20000)
        return say(target, TARGET_CM7,
                   "its stack is in the DTCM, which the Cortex-M7 alone reaches");
    if (last - 0x10000000 < 0x48000)
        return say(target, TARGET_CM4, "its stack is in the D2 SRAM's alias");
    return false;
}

static bool target_by_attributes(const struct image *image, struct image_target *target)
{
    struct elf_attributes found;
    if (image->format != IMAGE_ELF)
        return false;
    elf_attributes(&image->file, &found);
    if (strstr(found.cpu_name, "M7"))
        return say(target, TARGET_CM7, "it was compiled for the Cortex-M7");
    if (strstr(found.cpu_name, "M4"))
        return say(target, TARGET_CM4, "it was compiled for the Cortex-M4");
    if (found.fp_arch == 8)
        return say(target, TARGET_CM7, "it was compiled for the FPv5 unit");
    if (found.fp_arch == 6 && found.fp_use == 1)
        return say(target, TARGET_CM4, "it was compiled for the FPv4 single-precision unit");
    return false;
}

void image_target(const struct image *image, struct image_target *target)
{
    *target = (struct image_target){.core = TARGET_EITHER};
    find_vectors(image, target);
    uint32_t place = target->has_vectors ? target->vectors
                     : image->has_entry  ? image->entry
                                         : image->pieces[0].address;
    if (!target_by_place(target, place) && !target_by_stack(target) &&
        !target_by_attributes(image, target))
        say(target, TARGET_EITHER, "nothing in it tells");
}

static void print_pieces(FILE *to, const struct image *image)
{
    for (size_t n = 0; n < image->piece_count; n++) {
        const struct image_piece *piece = &image->pieces[n];
        const struct memory_range *range = memory_at(piece->address);
        fprintf(to, "  loads    0x%08x to 0x%08x  %9u bytes  %s\n", piece->address,
                (uint32_t)(piece->address + (piece->length - 1)), piece->length,
                range ? range->name : "outside memory");
    }
}

static void print_address(FILE *to, const char *what, struct symbols *symbols, uint32_t address)
{
    char text[600];
    symbols_describe(&symbols, 1, address, text, sizeof text);
    fprintf(to, "  %-8s 0x%08x", what, address);
    const char *zero = strstr(text, "+0x0");
    if (zero && (zero[4] == ' ' || !zero[4])) /* "Reset_Handler+0x0 (…)" reads better without */
        fprintf(to, "  %.*s%s\n", (int)(zero - text), text, zero + 4);
    else
        fprintf(to, "%s%s\n", *text == '0' ? "" : "  ", *text == '0' ? "" : text);
}

static void print_start(FILE *to, const struct image *image, const struct image_target *target,
                        struct symbols *symbols)
{
    if (image->has_entry)
        print_address(to, "entry", symbols, image->entry);
    if (!target->has_vectors) {
        fprintf(to, "  vectors  none found\n");
        return;
    }
    fprintf(to, "  vectors  0x%08x\n", target->vectors);
    print_address(to, "reset", symbols, target->reset);
    const struct memory_range *range = memory_at(target->stack - 1);
    fprintf(to, "  stack    0x%08x  %s\n", target->stack, range ? range->name : "outside memory");
}

bool info_print(FILE *to, const char *path, struct failure *failure)
{
    static const char *const formats[] = {"ELF", "Intel HEX", "raw bytes"};
    static const char *const cores[] = {"Cortex-M7", "Cortex-M4", "either core"};
    struct image image;
    struct image_target target;
    struct symbols symbols;
    if (!image_read_spec(&image, path, failure))
        return false;
    image_target(&image, &target);
    symbols_open(&symbols, &image);
    fprintf(to, "%s: %s\n", image.path, formats[image.format]);
    fprintf(to, "  core     %s: %s\n", cores[target.core], target.reason);
    print_pieces(to, &image);
    print_start(to, &image, &target, &symbols);
    fprintf(to, "  symbols  %zu functions, %zu objects%s\n", symbols.function_count,
            symbols.object_count, symbols_have_lines(&symbols) ? ", with source lines" : "");
    symbols_close(&symbols);
    image_free(&image);
    return true;
}
