/* Functions, lines and call frames of an ELF that the cross compiler makes on the spot. */
#include "sim/test/host/host_fixture.h"

#include "sim/host/symbols.h"

static const char source[] = "volatile int depth;\n"
                             "__attribute__((noinline)) int inner(int a, int b) {\n"
                             "    depth = a;\n"
                             "    return a * b + depth;\n"
                             "}\n"
                             "__attribute__((noinline)) int outer(int a) {\n"
                             "    volatile int local[8];\n"
                             "    local[0] = a; local[1] = 5;\n"
                             "    return inner(local[0], 3) + local[1];\n"
                             "}\n"
                             "void start(void) { for (;;) outer(7); }\n";

struct built {
    char *path;
    struct image image;
    struct symbols symbols;
};

static bool build(struct built *built, const char *flags)
{
    char command[512], *from = write_file(source, sizeof source - 1);
    struct failure failure;
    built->path = write_file("", 0);
    snprintf(command, sizeof command,
             "arm-none-eabi-gcc -x c %s -mcpu=cortex-m7 -mthumb -O1 -fno-inline %s -nostdlib "
             "-Wl,-Ttext=0x08000000 -Wl,-e,start -o %s 2>&1",
             from, flags, built->path);
    bool there = system("command -v arm-none-eabi-gcc >/dev/null") == 0;
    if (there)
        assert_int_equal(system(command), 0);
    remove_file(from);
    if (!there) {
        remove_file(built->path);
        print_message("no cross compiler here; skipped\n");
        return false;
    }
    if (!image_read_elf(&built->image, built->path, &failure))
        fail_msg("%s", failure.text);
    symbols_open(&built->symbols, &built->image);
    return true;
}

static void destroy(struct built *built)
{
    symbols_close(&built->symbols);
    image_free(&built->image);
    remove_file(built->path);
}

static uint32_t address_of(const struct built *built, const char *name)
{
    for (size_t n = 0; n < built->symbols.function_count; n++)
        if (strcmp(built->symbols.functions[n].name, name) == 0)
            return built->symbols.functions[n].address;
    fail_msg("no function %s", name);
    return 0;
}

static void an_address_has_a_function_and_a_line(void **state)
{
    (void)state;
    struct built built;
    if (!build(&built, "-g"))
        skip();
    uint32_t inner = address_of(&built, "inner");
    const struct symbol *found = symbols_function(&built.symbols, inner + 3);
    assert_string_equal(found->name, "inner");
    assert_null(symbols_function(&built.symbols, 0x20000000));
    char text[600], line[512];
    assert_true(symbols_have_lines(&built.symbols));
    assert_true(symbols_line(&built.symbols, inner, line, sizeof line));
    assert_true(strstr(line, ":2") || strstr(line, ":3")); /* its first line, or its first code */
    struct symbols *table = &built.symbols;
    symbols_describe(&table, 1, inner + 2, text, sizeof text);
    assert_memory_equal(text, "inner+0x2 (duet_test_", 21);
    symbols_describe(&table, 1, 0x20000000, text, sizeof text);
    assert_string_equal(text, "0x20000000");
    destroy(&built);
}

/* A little stack in host memory. */
struct stack {
    uint32_t base, words[64];
};

static bool read_word(void *ctx, uint32_t address, uint32_t *value)
{
    const struct stack *stack = ctx;
    uint32_t offset = address - stack->base;
    if (offset >= sizeof stack->words || offset % 4)
        return false;
    *value = stack->words[offset / 4];
    return true;
}

/* outer() has pushed its frame and calls inner(): the caller of outer() is found by the tables. The
 * push is read from the code, so the test does not know the compiler's layout. */
static void unwinds(const char *flags)
{
    struct built built;
    if (!build(&built, flags))
        skip();
    uint32_t outer = address_of(&built, "outer");
    struct stack stack = {.base = 0x20000000};
    struct unwind_memory memory = {&stack, read_word};
    uint32_t registers[16] = {0};
    const uint8_t *code = built.image.pieces[0].bytes + (outer - built.image.pieces[0].address);
    assert_int_equal(code[1], 0xb5); /* push {…, lr} */
    unsigned saved = (unsigned)__builtin_popcount(code[0]);
    uint32_t entry_sp = stack.base + 128;
    stack.words[32 - 1] = 0x08000123; /* lr is pushed highest */
    registers[13] = entry_sp - 4 * (saved + 1);
    registers[14] = 0xdeadbeef;
    registers[15] = outer + 2; /* just behind the push */
    assert_true(symbols_unwind(&built.symbols, registers, &memory));
    assert_int_equal(registers[13], entry_sp);
    assert_int_equal(registers[15], 0x08000123);
    destroy(&built);
}

static void frames_by_dwarf(void **state)
{
    (void)state;
    unwinds("-g");
}

/* Without DWARF frames, ARM's tables are used. They describe the body of a function, so the frame is
 * that of a place behind the whole prologue. */
static void frames_by_arm_tables(void **state)
{
    (void)state;
    struct built built;
    if (!build(&built, "-funwind-tables -Wl,--defsym=__aeabi_unwind_cpp_pr0=0 "
                       "-Wl,--defsym=__aeabi_unwind_cpp_pr1=0"))
        skip();
    uint32_t outer = address_of(&built, "outer");
    struct stack stack = {.base = 0x20000000};
    struct unwind_memory memory = {&stack, read_word};
    const uint8_t *code = built.image.pieces[0].bytes + (outer - built.image.pieces[0].address);
    unsigned saved = (unsigned)__builtin_popcount(code[0]);
    assert_int_equal(code[3], 0xb0); /* sub sp, #… */
    uint32_t registers[16] = {0}, entry_sp = stack.base + 128;
    stack.words[32 - 1] = 0x08000123;
    registers[13] = entry_sp - 4 * (saved + 1) - (code[2] & 0x7fu) * 4;
    registers[15] = outer + 8;
    assert_true(symbols_unwind(&built.symbols, registers, &memory));
    assert_int_equal(registers[13], entry_sp);
    assert_int_equal(registers[15], 0x08000123);
    destroy(&built);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_has_a_function_and_a_line),
        cmocka_unit_test(frames_by_dwarf),
        cmocka_unit_test(frames_by_arm_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
