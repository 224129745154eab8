/* The loaders: ELF, Intel HEX and raw bytes, whole and broken in every way that has a message. */
#include "sim/test/host/host_fixture.h"

#include "sim/host/image.h"
#include "sim/host/info.h"
#include "sim/host/memory_map.h"

static bool read_elf(const struct small_elf *elf, size_t size, struct image *image,
                     struct failure *failure)
{
    char *path = write_file(elf, size);
    bool done = image_read_elf(image, path, failure);
    remove_file(path);
    return done;
}

static void expect_refused(const struct small_elf *elf, size_t size, const char *says)
{
    struct image image;
    struct failure failure;
    assert_false(read_elf(elf, size, &image, &failure));
    if (!strstr(failure.text, says))
        fail_msg("says \"%s\", not \"%s\"", failure.text, says);
    assert_non_null(strstr(failure.text, "/tmp/duet_test_"));
}

static void elf_loads_at_physical_addresses(void **state)
{
    (void)state;
    struct small_elf elf = small_elf(0x08000000);
    struct image image;
    struct failure failure;
    elf.segment.p_vaddr = 0x24000000; /* where .data runs */
    elf.segment.p_memsz = 4096;       /* and .bss behind it */
    assert_true(read_elf(&elf, sizeof elf, &image, &failure));
    assert_int_equal(image.piece_count, 1);
    assert_int_equal(image.pieces[0].address, 0x08000000);
    assert_int_equal(image.pieces[0].length, 64);
    assert_memory_equal(image.pieces[0].bytes, elf.words, 64);
    assert_true(image.has_entry && image.entry == 0x08000009);
    assert_true(image_fits(&image, &failure));
    image_free(&image);
}

static void elf_that_is_wrong_is_named(void **state)
{
    (void)state;
    struct small_elf good = small_elf(0x08000000), e;
    e = good, e.header.e_ident[EI_CLASS] = ELFCLASS64;
    expect_refused(&e, sizeof e, "64-bit");
    e = good, e.header.e_ident[EI_CLASS] = 9;
    expect_refused(&e, sizeof e, "unknown ELF class 9");
    e = good, e.header.e_ident[EI_DATA] = ELFDATA2MSB;
    expect_refused(&e, sizeof e, "big-endian");
    e = good, e.header.e_machine = EM_386;
    expect_refused(&e, sizeof e, "machine 3, not for ARM");
    e = good, e.header.e_type = ET_REL;
    expect_refused(&e, sizeof e, "object file; link it first");
    e = good, e.header.e_type = ET_DYN;
    expect_refused(&e, sizeof e, "not an executable");
    e = good, e.header.e_phnum = 0;
    expect_refused(&e, sizeof e, "no segments");
    e = good, e.header.e_phentsize = 31;
    expect_refused(&e, sizeof e, "broken program header table");
    e = good, e.segment.p_type = PT_NOTE;
    expect_refused(&e, sizeof e, "holds nothing to load");
    e = good, e.segment.p_memsz = 3;
    expect_refused(&e, sizeof e, "larger in the file than in memory");
    e = good, e.segment.p_paddr = 0xfffffff0;
    expect_refused(&e, sizeof e, "does not fit below 4 GB");
    e = good, e.segment.p_filesz = e.segment.p_memsz = 0xffffffff;
    expect_refused(&e, sizeof e, "truncated: segment 0");
    e = good, e.header.e_phoff = 0xfffffff0;
    expect_refused(&e, sizeof e, "program headers lie behind its end");
    e = good, memcpy(e.header.e_ident, "\177FLE", 4);
    expect_refused(&e, sizeof e, "is not an ELF; for Intel HEX or raw bytes use --load");
}

static void elf_cut_anywhere_is_truncated(void **state)
{
    (void)state;
    struct small_elf elf = small_elf(0x08000000);
    for (size_t size = 5; size < sizeof elf; size++)
        expect_refused(&elf, size, "truncated");
}

/* Sections tell what the linker put before the code; a programmer would not write that. */
static void elf_headers_inside_a_segment_are_left_out(void **state)
{
    (void)state;
    struct {
        struct small_elf elf;
        Elf32_Shdr sections[2];
    } file = {small_elf(0x08000000),
              {{0},
               {.sh_type = SHT_PROGBITS,
                .sh_flags = SHF_ALLOC,
                .sh_offset = sizeof(Elf32_Ehdr) + sizeof(Elf32_Phdr),
                .sh_size = 64}}};
    file.elf.segment.p_offset = 0;
    file.elf.segment.p_filesz = file.elf.segment.p_memsz = sizeof file.elf;
    file.elf.segment.p_paddr = 0x08000000 - sizeof(Elf32_Ehdr) - sizeof(Elf32_Phdr);
    file.elf.header.e_shoff = sizeof file.elf;
    file.elf.header.e_shnum = 2;
    file.elf.header.e_shentsize = sizeof(Elf32_Shdr);
    struct image image;
    struct failure failure;
    assert_true(read_elf((struct small_elf *)&file, sizeof file, &image, &failure));
    assert_int_equal(image.pieces[0].address, 0x08000000);
    assert_int_equal(image.pieces[0].length, 64);
    image_free(&image);
}

static void elf_that_overlaps_itself_is_refused(void **state)
{
    (void)state;
    struct {
        Elf32_Ehdr header;
        Elf32_Phdr segments[2];
        uint8_t bytes[64];
    } elf;
    struct small_elf good = small_elf(0x08000000);
    memset(&elf, 0, sizeof elf);
    elf.header = good.header;
    elf.header.e_phnum = 2;
    elf.segments[0] = elf.segments[1] = good.segment;
    elf.segments[0].p_offset = elf.segments[1].p_offset = sizeof elf - 64;
    elf.segments[1].p_paddr += 63;
    char *path = write_file(&elf, sizeof elf);
    struct image image;
    struct failure failure;
    assert_false(image_read_elf(&image, path, &failure));
    assert_non_null(strstr(failure.text, "gives the byte at 0x0800003f twice"));
    remove_file(path);
}

static void files_that_overlap_are_both_named(void **state)
{
    (void)state;
    struct small_elf a = small_elf(0x08000000), b = small_elf(0x0800003c);
    struct image images[2];
    struct failure failure;
    assert_true(read_elf(&a, sizeof a, &images[0], &failure));
    assert_true(read_elf(&b, sizeof b, &images[1], &failure));
    assert_false(images_disjoint(images, 2, &failure));
    assert_non_null(strstr(failure.text, images[0].path));
    assert_non_null(strstr(failure.text, images[1].path));
    assert_non_null(strstr(failure.text, "overlap at 0x0800003c"));
    images[1].pieces[0].address = 0x08000040;
    assert_true(images_disjoint(images, 2, &failure));
    image_free(&images[0]);
    image_free(&images[1]);
}

static void outside_memory_is_refused(void **state)
{
    (void)state;
    static const uint32_t outside[] = {0x60000000, 0x081fffff, 0x10047ffc, 0xe0000000, 0x2001fff0};
    for (size_t n = 0; n < sizeof outside / sizeof *outside; n++) {
        struct small_elf elf = small_elf(outside[n]);
        struct image image;
        struct failure failure;
        assert_true(read_elf(&elf, sizeof elf, &image, &failure));
        assert_false(image_fits(&image, &failure));
        assert_non_null(strstr(failure.text, "outside memory"));
        image_free(&image);
    }
}

/* GNU ld gives a section of its own memory an address behind the section before, if no region says
 * otherwise: 0x38000000 is then loaded to 0x301000a8, where nothing is. */
static void stray_physical_address_is_not_believed(void **state)
{
    (void)state;
    struct small_elf elf = small_elf(0x38000000);
    elf.segment.p_paddr = 0x301000a8;
    struct image image;
    struct failure failure;
    assert_true(read_elf(&elf, sizeof elf, &image, &failure));
    assert_true(image_fits(&image, &failure));
    assert_int_equal(image.pieces[0].address, 0x38000000);
    image_free(&image);
}

static bool read_text(const char *text, struct image *image, struct failure *failure)
{
    char *path = write_file(text, strlen(text));
    bool done = image_read(image, path, NULL, failure);
    remove_file(path);
    return done;
}

/* All record types; lines may end in CR LF; two pieces, the second in the linear address space. */
static void hex_has_all_record_types(void **state)
{
    (void)state;
    struct image image;
    struct failure failure;
    assert_true(read_text(":020000021000EC\r\n:0400000001020304F2\r\n:020000040810E2\n"
                          ":08001000AABBCCDDEEFF0011DC\n:02001800223391\n:040000030000C00039\n"
                          ":0400000508100011CE\n:00000001FF\n",
                          &image, &failure));
    assert_int_equal(image.format, IMAGE_HEX);
    assert_int_equal(image.piece_count, 2);
    assert_int_equal(image.pieces[0].address, 0x00010000);
    assert_int_equal(image.pieces[0].length, 4);
    assert_int_equal(image.pieces[1].address, 0x08100010);
    assert_int_equal(image.pieces[1].length, 10);
    assert_memory_equal(image.pieces[1].bytes, "\xaa\xbb\xcc\xdd\xee\xff\x00\x11\x22\x33", 10);
    assert_true(image.has_entry);
    assert_int_equal(image.entry, 0x08100011);
    image_free(&image);
}

/* Type 2 wraps within its 64 KB (Intel's specification, "extended segment address record"). */
static void hex_segment_wraps(void **state)
{
    (void)state;
    struct image image;
    struct failure failure;
    assert_true(read_text(":020000021000EC\n:02FFFF000102FD\n:00000001FF\n", &image, &failure));
    assert_int_equal(image.piece_count, 2);
    assert_int_equal(image.pieces[0].address, 0x00010000);
    assert_int_equal(image.pieces[0].bytes[0], 2);
    assert_int_equal(image.pieces[1].address, 0x0001ffff);
    image_free(&image);
}

static void hex_that_is_wrong_names_the_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } table[] = {
        {":0400000001020304F2\n:0400040001020304EF\n:00000001FF\n",
         "line 2: the checksum is 0xEF and should be 0xEE"},
        {":0400000001020304F2\n", "no end record"},
        {":0400000001020304F2\n:00000001FF\n:0400000001020304F2\n", "line 3: a record behind"},
        {":0400000001020304F2\n:00000006FA\n", "line 2: record type 6 is not known"},
        {":0400000001020304F2\n:0100000400FB\n", "line 2: the record's length"},
        {":0400000001020304F2\n:04000000010", "line 2: the file ends inside a record"},
        {":0400000001020304F2\n:0400000001x20304F2\n", "line 2: a character that is no"},
        {":0400000001020304F2\nhello\n", "line 2: a record begins with ':'"},
        {":0400000001020304F2 x\n", "line 1: a record begins with ':'"},
        {":00000001FF\n", "holds nothing to load"},
        {":020000040810E2\n:0400000001020304F2\n:0400020001020304F0\n:00000001FF\n",
         "gives the byte at 0x08100002 twice"},
        {":02000004FFFFFC\n:02FFFF000102FD\n:00000001FF\n", "line 2: data behind the 4 GB"},
    };
    for (size_t n = 0; n < sizeof table / sizeof *table; n++) {
        struct image image;
        struct failure failure;
        assert_false(read_text(table[n].text, &image, &failure));
        if (!strstr(failure.text, table[n].says))
            fail_msg("says \"%s\", not \"%s\"", failure.text, table[n].says);
    }
}

static void raw_bytes_need_an_address(void **state)
{
    (void)state;
    struct image image;
    struct failure failure;
    char spec[128], *path = write_file("12345678", 8);
    assert_false(image_read_spec(&image, path, &failure));
    assert_non_null(strstr(failure.text, "raw bytes need an address"));
    snprintf(spec, sizeof spec, "%s@0x90000000", path);
    assert_true(image_read_spec(&image, spec, &failure));
    assert_int_equal(image.pieces[0].address, 0x90000000);
    assert_int_equal(image.pieces[0].length, 8);
    image_free(&image);
    snprintf(spec, sizeof spec, "%s@here", path);
    assert_false(image_read_spec(&image, spec, &failure));
    assert_non_null(strstr(failure.text, "'here' is no address"));
    snprintf(spec, sizeof spec, "%s@0xfffffffc", path);
    assert_false(image_read_spec(&image, spec, &failure));
    assert_non_null(strstr(failure.text, "does not fit below 4 GB"));
    remove_file(path);
}

static void missing_and_empty_files_are_named(void **state)
{
    (void)state;
    struct image image;
    struct failure failure;
    assert_false(image_read_spec(&image, "/nowhere/a.elf", &failure));
    assert_string_equal(failure.text,
                        "/nowhere/a.elf: cannot be opened: No such file or directory");
    assert_false(image_read_spec(&image, "/tmp", &failure));
    assert_non_null(strstr(failure.text, "is a directory"));
    char spec[128], *path = write_file("", 0);
    snprintf(spec, sizeof spec, "%s@0x08000000", path);
    assert_false(image_read_spec(&image, spec, &failure));
    assert_non_null(strstr(failure.text, "is empty"));
    remove_file(path);
}

static void the_core_is_told_by_place_then_stack(void **state)
{
    (void)state;
    static const struct {
        uint32_t address, stack;
        int core;
    } table[] = {{0x08000000, 0x20020000, TARGET_CM7},   {0x08100000, 0x10048000, TARGET_CM4},
                 {0x10000000, 0x10048000, TARGET_CM4},   {0x00000000, 0x24080000, TARGET_CM7},
                 {0x24000000, 0x20020000, TARGET_CM7},   {0x30000000, 0x10048000, TARGET_CM4},
                 {0x38000000, 0x38010000, TARGET_EITHER}};
    for (size_t n = 0; n < sizeof table / sizeof *table; n++) {
        struct small_elf elf = small_elf(table[n].address);
        struct image image;
        struct failure failure;
        struct image_target target;
        elf.words[0] = table[n].stack;
        assert_true(read_elf(&elf, sizeof elf, &image, &failure));
        image_target(&image, &target);
        assert_int_equal(target.core, table[n].core);
        assert_true(target.has_vectors);
        assert_int_equal(target.vectors, table[n].address);
        assert_int_equal(target.stack, table[n].stack);
        image_free(&image);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elf_loads_at_physical_addresses),
        cmocka_unit_test(elf_that_is_wrong_is_named),
        cmocka_unit_test(elf_cut_anywhere_is_truncated),
        cmocka_unit_test(elf_headers_inside_a_segment_are_left_out),
        cmocka_unit_test(elf_that_overlaps_itself_is_refused),
        cmocka_unit_test(files_that_overlap_are_both_named),
        cmocka_unit_test(outside_memory_is_refused),
        cmocka_unit_test(stray_physical_address_is_not_believed),
        cmocka_unit_test(hex_has_all_record_types),
        cmocka_unit_test(hex_segment_wraps),
        cmocka_unit_test(hex_that_is_wrong_names_the_line),
        cmocka_unit_test(raw_bytes_need_an_address),
        cmocka_unit_test(missing_and_empty_files_are_named),
        cmocka_unit_test(the_core_is_told_by_place_then_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
