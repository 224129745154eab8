/* The program duet: exit status and words for what is wrong, and what comes of a run. */
#include "sim/test/host/program_fixture.h"

#include <signal.h>

static const char spin[] = "void start(void) { for (;;) __asm volatile(\"wfi\"); }";
/* A store to nowhere, two calls deep, with no handler for the fault. */
static const char crash[] =
    "void deep(uint32_t place) { R(place) = 1; }\n"
    "void middle(void) { deep(0xfffffff0u - 0x5fffffff); R(0x20000000) = 2; }\n"
    "void start(void) { middle(); for (;;) ; }";

#define NEEDS_COMPILER(made)                                                                       \
    do {                                                                                           \
        if (!(made)) {                                                                             \
            print_message("no cross compiler here; skipped\n");                                    \
            skip();                                                                                \
        }                                                                                          \
    } while (0)

static void what_is_wrong_is_one_line_and_status_2(void **state)
{
    (void)state;
    struct small_elf elf = small_elf(0x08000000), other = small_elf(0x08000020), far;
    put_file("good.elf", &elf, sizeof elf);
    put_file("other.elf", &other, sizeof other);
    put_file("short.elf", &elf, 100);
    far = small_elf(0x60000000);
    put_file("far.elf", &far, sizeof far);
    elf.header.e_machine = EM_386;
    put_file("pc.elf", &elf, sizeof elf);
    put_file("text", "hello\n", 6);
    put_file("bad.hex", ":0400000001020304F3\n", 20);
    put_file("bad.png", "\211PNG\r\n\032\nxxxxxxxxxxxxxxxxx", 24);
    put_file("bad.json", "{\"t\":1,\"press\":\"WAKEUP\"}\n{\"t\":\n", 32);
    static const struct {
        const char *arguments, *says;
    } table[] = {
        {"", "no command given"},
        {"run --frob", "unknown option --frob; see duet run --help"},
        {"run --for 3", "--for 3: not a time"},
        {"run --cm7 none.elf", "--cm7: none.elf: cannot be opened: No such file or directory"},
        {"run --cm7 text", "--cm7: text: is not an ELF"},
        {"run --cm4 short.elf", "--cm4: short.elf: is truncated"},
        {"run --cm7 pc.elf", "--cm7: pc.elf: is for machine 3, not for ARM"},
        {"run --cm7 far.elf", "far.elf: 0x60000000 to 0x6000003f is outside memory"},
        {"run --cm7 good.elf --load other.elf", "good.elf and other.elf overlap at 0x08000020"},
        {"run --load bad.hex", "--load: bad.hex: line 1: the checksum is 0xF3 and should be 0xF2"},
        {"run --load text", "raw bytes need an address: text@0x08000000"},
        {"run --load text@0x60000000", "outside memory"},
        {"run --cm7 good.elf --camera bad.png", "--camera: bad.png: is a broken PNG"},
        {"run --cm7 good.elf --camera none.png", "--camera: none.png: cannot be opened"},
        {"run --cm7 good.elf --camera text", "--camera: text: "},
        {"run --cm7 good.elf --input bad.json", "--input: bad.json: line 2: column 6"},
        {"run --cm7 good.elf --input none", "--input: none: cannot be opened"},
        {"run --cm7 good.elf --console /none/x", "--console /none/x: cannot be written"},
        {"run --cm7 good.elf --events /none/x", "--events /none/x: cannot be written"},
        {"run --cm7 good.elf --screenshot /none/x", "--screenshot /none/x: cannot be written"},
        {"run --cm7 good.elf --stick text",
         "--stick: text: 6 bytes are no whole number of sectors"},
        {"run --cm7 good.elf --stick good.elf,rw", "--stick: no option \"rw\" of a stick"},
        {"run --cm7 good.elf --stick /none/x", "--stick: /none/x: a fresh stick cannot be made"},
        {"run --cm7 good.elf --web here", "--web here: write ADDR:PORT"},
        {"run --cm7 good.elf --web 127.0.0.1:99999", "write ADDR:PORT"},
        {"run --cm7 good.elf --web 203.0.113.9:80", "--web 203.0.113.9:80: "},
        {"run --cm7 good.elf --log NOSUCH", "--log NOSUCH: no such block"},
        {"run --cm7 good.elf --set NOSUCH=1",
         "--set NOSUCH=1: no such option; there are HSE, LSE, "},
        {"run --cm7 good.elf --set NOSUCH=1", ", BOOT_CM7_ADD0, "},
        {"run --cm7 good.elf --set NOSUCH=1", ", panel, jumper, wire\n"},
        {"run --cm7 good.elf --set BCM4=x", "--set BCM4=x: "},
        {"run --cm7 good.elf --set BCM4=2", "--set BCM4=2: the value has more bits"},
        {"run --cm7 good.elf --set panel=crt", "--set panel=crt: "},
        {"run --cm7 good.elf --set wire=I2C1", "--set wire=I2C1: a wire leads from one bus"},
        {"run --cm7 good.elf --set jumper=PA0", "--set jumper=PA0: a jumper leads from one pin"},
        {"run --cm7 good.elf --set vdd=9", "--set vdd=9: vdd is a voltage from 1.62 to 3.6"},
        {"run --cm7 good.elf --set vdd=2@soon", "behind the @ is a time"},
        {"run --cm7 good.elf --set BCM4=0@1s",
         "only HSE=fail, LSE=fail and vdd=VOLTS may come at a time"},
        {"info none.elf", "none.elf: cannot be opened"},
        {"info text", "is neither ELF nor Intel HEX"},
    };
    for (size_t n = 0; n < sizeof table / sizeof *table; n++) {
        struct outcome *outcome = duet(table[n].arguments);
        expect(outcome, 2, table[n].says);
        const char *newline = strchr(outcome->err, '\n');
        if (!newline || newline[1] || strncmp(outcome->err, "duet: ", 6))
            fail_msg("%s: not one line: %s", table[n].arguments, outcome->err);
        assert_string_equal(outcome->out, "");
    }
}

static void help_and_version_go_to_standard_output(void **state)
{
    (void)state;
    static const struct {
        const char *arguments, *says;
    } table[] = {{"--help", "duet run [OPTION"},
                 {"run --help", "--screenshot FILE    PNG of the panel at the end"},
                 {"info --help", "duet info ELF"},
                 {"--version", "duet 0."}};
    for (size_t n = 0; n < sizeof table / sizeof *table; n++) {
        struct outcome *outcome = duet(table[n].arguments);
        expect(outcome, 0, NULL);
        assert_non_null(strstr(outcome->out, table[n].says));
        assert_string_equal(outcome->err, "");
    }
}

static void info_tells_core_entry_stack_and_symbols(void **state)
{
    (void)state;
    NEEDS_COMPILER(compile("spin7", 0x08000000, spin) && compile("spin4", 0x08100000, spin));
    struct outcome *outcome = duet("info spin7 spin4");
    expect(outcome, 0, NULL);
    assert_non_null(strstr(outcome->out, "spin7: ELF\n  core     Cortex-M7"));
    assert_non_null(strstr(outcome->out, "spin4: ELF\n  core     Cortex-M4"));
    assert_non_null(strstr(outcome->out, "start (guest.c:1)"));
    assert_non_null(strstr(outcome->out, "stack    0x20020000  DTCM"));
    assert_non_null(strstr(outcome->out, "flash bank 2"));
    assert_non_null(strstr(outcome->out, "objects, with source lines"));
}

static void one_core_alone_runs_beside_erased_flash(void **state)
{
    (void)state;
    NEEDS_COMPILER(compile("spin7", 0x08000000, spin) && compile("spin4", 0x08100000, spin));
    struct outcome *outcome = duet("run --cm7 spin7 --for 2ms --strict --stats");
    expect(outcome, 0, "the Cortex-M4 boots at 0x08100000, where nothing is loaded");
    assert_non_null(strstr(outcome->out, "board time    0.002000 s"));
    outcome = duet("run --cm7 spin7 --for 2ms --set BCM4=0");
    expect(outcome, 0, NULL);
    assert_string_equal(outcome->err, "");
    outcome = duet("run --cm4 spin4 --for 2ms --strict");
    expect(outcome, 0, "the Cortex-M7 boots at 0x08000000, where nothing is loaded");
    outcome = duet("run --cm7 spin4 --for 2ms");
    expect(outcome, 0, "spin4 was given for the Cortex-M7, but it starts in flash bank 2");
}

static void lockup_names_everything_and_is_status_3(void **state)
{
    (void)state;
    NEEDS_COMPILER(compile("crash", 0x08000000, crash));
    struct outcome *outcome = duet("run --cm7 crash --for 2ms --screenshot shot.png --hash");
    expect(outcome, 3, "duet: the Cortex-M7 locked up at pc 0x");
    static const char *const says[] = {"after a fault at 0x0800",
                                       "deep+0x",
                                       "(guest.c:1)",
                                       "xPSR",
                                       "CFSR   0x00",
                                       "HFSR   0x4",
                                       "FORCED: another fault could not be taken",
                                       "middle+0x",
                                       "(guest.c:2)",
                                       "start+0x",
                                       "(guest.c:3)"};
    for (size_t n = 0; n < sizeof says / sizeof *says; n++)
        if (!strstr(outcome->err, says[n]))
            fail_msg("\"%s\" is missing in:\n%s", says[n], outcome->err);
    assert_non_null(strstr(outcome->out, "hash "));
    char path[128];
    snprintf(path, sizeof path, "%s/shot.png", folder());
    assert_int_equal(access(path, R_OK), 0);
}

static void strict_stops_at_the_first_complaint(void **state)
{
    (void)state;
    static const char complains[] =
        "#define HANDLER\n"
        "void trap(void) { for (;;) ; }\n"
        "uint32_t touch(void) { return R(0x60000000); }\n" /* no memory is wired there */
        "void start(void) { touch(); for (;;) ; }";
    NEEDS_COMPILER(compile("complains", 0x08000000, complains));
    struct outcome *outcome = duet("run --cm7 complains --for 2ms --strict");
    expect(outcome, 3, "duet: the Cortex-M7 was stopped by --strict at pc 0x");
    expect(outcome, 3, "duet: guest: FMC: ");
    expect(outcome, 3, ", touch+0x");
    outcome = duet("run --cm7 complains --for 2ms");
    expect(outcome, 0, "duet: guest: FMC: ");
    const char *first = strstr(outcome->err, "duet: guest: FMC: ");
    assert_null(strstr(first + 1, "duet: guest: FMC: ")); /* said once */
}

static const char both_count[] = "volatile uint32_t count;\n"
                                 "void start(void) { for (;;) { count = count * 5 + 1;\n"
                                 "R(0x38000000 + (count & 0xffc)) += count; } }";

static void the_same_run_has_the_same_hash(void **state)
{
    (void)state;
    char first[256];
    NEEDS_COMPILER(compile("count7", 0x08000000, both_count) &&
                   compile("count4", 0x08100000, both_count));
    struct outcome *outcome = duet("run --cm7 count7 --cm4 count4 --for 3ms --hash");
    expect(outcome, 0, NULL);
    assert_memory_equal(outcome->out, "hash ", 5);
    assert_true(strlen(outcome->out) < sizeof first);
    strcpy(first, outcome->out);
    assert_string_equal(duet("run --cm7 count7 --cm4 count4 --for 3ms --hash")->out, first);
    assert_string_equal(
        duet("run --cm7 count7 --cm4 count4 --for 3ms --hash --pace real --events ev "
             "--web 127.0.0.1:0")
            ->out,
        first);
    assert_string_not_equal(duet("run --cm7 count7 --cm4 count4 --for 4ms --hash")->out, first);
}

static void interrupt_ends_in_order(void **state)
{
    (void)state;
    char command[1024], text[256], path[128];
    NEEDS_COMPILER(compile("spin7", 0x08000000, spin));
    snprintf(command, sizeof command,
             "cd %s && rm -f end.png && (%s run --cm7 spin7 --set BCM4=0 --screenshot end.png "
             "--web 127.0.0.1:0 --stats >out 2>err & p=$!; "
             "until grep -q http err || ! kill -0 $p; do sleep .1; done; sleep 1; "
             "kill -INT $p; wait $p; echo $? >status)",
             folder(), getenv("DUET"));
    assert_int_equal(system(command), 0);
    snprintf(path, sizeof path, "%s/status", folder());
    slurp(path, text, sizeof text);
    assert_string_equal(text, "0\n");
    snprintf(path, sizeof path, "%s/end.png", folder());
    assert_int_equal(access(path, R_OK), 0);
    snprintf(path, sizeof path, "%s/out", folder());
    slurp(path, text, sizeof text);
    double seconds = 0, wall = 0; /* at real pace */
    assert_int_equal(sscanf(text, "board time %lf", &seconds), 1);
    assert_int_equal(sscanf(strstr(text, "wall time"), "wall time %lf", &wall), 1);
    assert_true(seconds > 0 && seconds < wall + 0.1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_is_one_line_and_status_2),
        cmocka_unit_test(help_and_version_go_to_standard_output),
        cmocka_unit_test(info_tells_core_entry_stack_and_symbols),
        cmocka_unit_test(one_core_alone_runs_beside_erased_flash),
        cmocka_unit_test(lockup_names_everything_and_is_status_3),
        cmocka_unit_test(strict_stops_at_the_first_complaint),
        cmocka_unit_test(the_same_run_has_the_same_hash),
        cmocka_unit_test(interrupt_ends_in_order),
    };
    if (!getenv("DUET")) {
        printf("skipped: the program duet is not built (DUET names it)\n");
        return 77;
    }
    int failed_count = cmocka_run_group_tests(tests, NULL, NULL);
    remove_folder();
    return failed_count;
}
