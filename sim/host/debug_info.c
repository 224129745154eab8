#include "sim/host/debug_info.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct debug_info {
    Elf *elf;
    Dwarf *dwarf;
    Dwarf_CFI *frames; /* owned by `dwarf` */
};

struct debug_info *debug_info_open(const struct file *file)
{
    struct debug_info *debug = calloc(1, sizeof *debug);
    if (!debug)
        return NULL;
    elf_version(EV_CURRENT);
    debug->elf = elf_memory((char *)file->bytes, file->size);
    debug->dwarf = debug->elf ? dwarf_begin_elf(debug->elf, DWARF_C_READ, NULL) : NULL;
    if (!debug->dwarf) {
        debug_info_close(debug);
        return NULL;
    }
    debug->frames = dwarf_getcfi(debug->dwarf);
    return debug;
}

void debug_info_close(struct debug_info *debug)
{
    if (!debug)
        return;
    if (debug->dwarf)
        dwarf_end(debug->dwarf);
    if (debug->elf)
        elf_end(debug->elf);
    free(debug);
}

bool debug_info_has_lines(struct debug_info *debug)
{
    Dwarf_CU *unit = NULL;
    return debug && dwarf_get_units(debug->dwarf, NULL, &unit, NULL, NULL, NULL, NULL) == 0;
}

/* The unit that holds the address: by the index, else by asking each (assembly has no index). */
static bool unit_at(struct debug_info *debug, uint32_t address, Dwarf_Die *die)
{
    if (dwarf_addrdie(debug->dwarf, address, die))
        return true;
    for (Dwarf_CU *unit = NULL, *next;
         dwarf_get_units(debug->dwarf, unit, &next, NULL, NULL, die, NULL) == 0; unit = next)
        if (dwarf_haspc(die, address) > 0)
            return true;
    return false;
}

bool debug_info_line(struct debug_info *debug, uint32_t address, char *text, size_t size)
{
    Dwarf_Die unit;
    if (!debug || !unit_at(debug, address, &unit))
        return false;
    Dwarf_Line *line = dwarf_getsrc_die(&unit, address);
    const char *path = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
    int number = 0;
    if (!path || dwarf_lineno(line, &number) != 0)
        return false;
    const char *name = strrchr(path, '/');
    snprintf(text, size, "%s:%d", name ? name + 1 : path, number);
    return true;
}

/*
 * A rule's value. Compilers give for C functions only: undefined (not known any more), a register,
 * a register plus a constant, and that place in memory. More is not needed and not followed.
 */
static bool evaluate(const Dwarf_Op *ops, size_t count, const uint32_t registers[16], uint32_t cfa,
                     uint32_t *value)
{
    if (count < 1)
        return false;
    uint8_t atom = ops[0].atom;
    if (atom >= DW_OP_breg0 && atom < DW_OP_breg0 + 16)
        *value = registers[atom - DW_OP_breg0] + (uint32_t)ops[0].number;
    else if (atom == DW_OP_bregx && ops[0].number < 16)
        *value = registers[ops[0].number] + (uint32_t)ops[0].number2;
    else if (atom >= DW_OP_reg0 && atom < DW_OP_reg0 + 16)
        *value = registers[atom - DW_OP_reg0];
    else if (atom == DW_OP_regx && ops[0].number < 16)
        *value = registers[ops[0].number];
    else if (atom == DW_OP_call_frame_cfa)
        *value = cfa;
    else
        return false;
    for (size_t n = 1; n < count; n++) {
        if (ops[n].atom == DW_OP_plus_uconst)
            *value += (uint32_t)ops[n].number;
        else if (ops[n].atom != DW_OP_stack_value)
            return false;
    }
    return true;
}

static bool frame_register(Dwarf_Frame *frame, int number, const uint32_t registers[16],
                           uint32_t cfa, const struct unwind_memory *memory, uint32_t *value)
{
    Dwarf_Op space[3], *ops;
    size_t count;
    if (dwarf_frame_register(frame, number, space, &ops, &count) != 0)
        return false;
    if (count == 0) { /* the same value; or it is not known, and the old one is the best guess */
        *value = registers[number];
        return true;
    }
    bool is_value = ops[count - 1].atom == DW_OP_stack_value ||
                    (ops[0].atom >= DW_OP_reg0 && ops[0].atom < DW_OP_reg0 + 32);
    uint32_t place;
    if (!evaluate(ops, count, registers, cfa, &place))
        return false;
    *value = place;
    return is_value || memory->read(memory->ctx, place, value);
}

static bool step(Dwarf_Frame *frame, uint32_t registers[16], const struct unwind_memory *memory)
{
    Dwarf_Op *ops;
    size_t count;
    uint32_t caller[16], cfa;
    if (dwarf_frame_cfa(frame, &ops, &count) != 0 || !evaluate(ops, count, registers, 0, &cfa))
        return false;
    for (int n = 0; n < 15; n++)
        if (n != 13 && !frame_register(frame, n, registers, cfa, memory, &caller[n]))
            return false;
    caller[13] = cfa;
    caller[15] = caller[14];
    memcpy(registers, caller, sizeof caller);
    return true;
}

bool debug_info_unwind(struct debug_info *debug, uint32_t registers[16],
                       const struct unwind_memory *memory)
{
    Dwarf_Frame *frame = NULL;
    if (!debug || !debug->frames ||
        dwarf_cfi_addrframe(debug->frames, registers[15] & ~1u, &frame) != 0)
        return false;
    bool done = step(frame, registers, memory);
    free(frame);
    return done;
}
