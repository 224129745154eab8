/* Inside of an ELF file, for the loader, the symbols and `duet info`. */
#ifndef SIM_HOST_ELF_H
#define SIM_HOST_ELF_H

#include "sim/host/failure.h"
#include "sim/host/file.h"

#include <elf.h>

/* The header of a 32-bit little-endian ARM executable whose program headers lie in the file. */
bool elf_read_header(const struct file *file, Elf32_Ehdr *header, struct failure *failure);
/* Do these bytes lie in the file? */
bool elf_part(const struct file *file, uint64_t offset, uint64_t length);
/* How many section headers there are; 0 where the table is missing or broken. */
size_t elf_sections(const struct file *file, const Elf32_Ehdr *header);
void elf_section(const struct file *file, const Elf32_Ehdr *header, size_t index,
                 Elf32_Shdr *section);

/* The value of a symbol with this name; false: there is none. */
bool elf_symbol(const struct file *file, const Elf32_Ehdr *header, const char *name,
                uint32_t *value);

/* What the compiler noted about the target (.ARM.attributes). */
struct elf_attributes {
    bool present;
    char cpu_name[32]; /* "7E-M", "Cortex-M7"; "" if not given */
    unsigned cpu_arch; /* 13: v7E-M */
    unsigned fp_arch;  /* 6: VFPv4-D16, 8: FPv5-D16 */
    unsigned fp_use;   /* 1: single precision only */
};
void elf_attributes(const struct file *file, struct elf_attributes *found);

#endif
