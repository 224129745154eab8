/* Files and bytes for the tests of sim/host. */
#ifndef SIM_TEST_HOST_FIXTURE_H
#define SIM_TEST_HOST_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <elf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Writes a file of a name that does not exist yet; the caller unlinks and frees it. */
static inline char *write_file(const void *bytes, size_t size)
{
    char *path = strdup("/tmp/duet_test_XXXXXX");
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes, size), size);
    close(descriptor);
    return path;
}

static inline void remove_file(char *path)
{
    unlink(path);
    free(path);
}

/* A complete ELF: header, one segment of `size` bytes for `address`. Mend it before writing. */
struct small_elf {
    Elf32_Ehdr header;
    Elf32_Phdr segment;
    uint32_t words[16];
};

static inline struct small_elf small_elf(uint32_t address)
{
    struct small_elf elf = {
        .header = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
                   .e_type = ET_EXEC,
                   .e_machine = EM_ARM,
                   .e_version = EV_CURRENT,
                   .e_entry = address + 9,
                   .e_phoff = sizeof(Elf32_Ehdr),
                   .e_ehsize = sizeof(Elf32_Ehdr),
                   .e_phentsize = sizeof(Elf32_Phdr),
                   .e_phnum = 1},
        .segment = {.p_type = PT_LOAD,
                    .p_offset = sizeof(Elf32_Ehdr) + sizeof(Elf32_Phdr),
                    .p_vaddr = address,
                    .p_paddr = address,
                    .p_filesz = 64,
                    .p_memsz = 64},
        .words = {0x20020000, address + 9, 0xbf00e7fe},
    };
    return elf;
}

#endif
