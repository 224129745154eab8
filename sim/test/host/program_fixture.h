/* For tests of the program duet as a person starts it. The environment names it: DUET. */
#ifndef SIM_TEST_PROGRAM_FIXTURE_H
#define SIM_TEST_PROGRAM_FIXTURE_H

#include "sim/test/host/host_fixture.h"

#include <sys/wait.h>

struct outcome {
    int status;
    char out[1 << 16], err[1 << 16];
};

static inline void slurp(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "rb");
    size_t count = file ? fread(text, 1, size - 1, file) : 0;
    text[count] = 0;
    if (file)
        fclose(file);
}

/* A folder of the test's own; every path in it is "%s/name". */
static inline const char *folder(void)
{
    static char path[64];
    if (!*path) {
        strcpy(path, "/tmp/duet_program_XXXXXX");
        assert_non_null(mkdtemp(path));
    }
    return path;
}

static inline void remove_folder(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder());
    assert_int_equal(system(command), 0);
}

/* Runs "duet ARGUMENTS" in the folder, by the shell. */
static inline struct outcome *duet(const char *arguments)
{
    static struct outcome outcome;
    static char command[4096], path[128];
    const char *program = getenv("DUET");
    assert_non_null(program);
    snprintf(command, sizeof command, "cd %s && timeout 120 %s %s >out 2>err </dev/null", folder(),
             program, arguments);
    int status = system(command);
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    snprintf(path, sizeof path, "%s/out", folder());
    slurp(path, outcome.out, sizeof outcome.out);
    snprintf(path, sizeof path, "%s/err", folder());
    slurp(path, outcome.err, sizeof outcome.err);
    return &outcome;
}

static inline void expect(const struct outcome *outcome, int status, const char *says)
{
    if (outcome->status != status || (says && !strstr(outcome->err, says)))
        fail_msg("status %d, wanted %d with \"%s\"; said:\n%s", outcome->status, status,
                 says ? says : "", outcome->err);
}

static inline void put_file(const char *name, const void *bytes, size_t size)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder(), name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

/* Compiles a program of its own start-up: `body` is C after the vectors, which begin at `flash`; the
 * reset handler is start(), the faults go to trap() if HANDLER is defined in it. False: no compiler. */
static inline bool compile(const char *name, unsigned flash, const char *body)
{
    static const char head[] = "#include <stdint.h>\n"
                               "#define R(a) (*(volatile uint32_t *)(a))\n"
                               "void start(void);\n"
                               "#line 1 \"guest.c\"\n";
    static const char tail[] =
        "\n#ifdef HANDLER\nvoid trap(void);\n#define TRAP (uint32_t)trap\n#else\n"
        "#define TRAP 0\n#endif\n"
        "__attribute__((section(\".vectors\"), used)) const void *const vectors[16] = {\n"
        "(void *)STACK, (void *)start,\n#ifdef HANDLER\n"
        "(void *)trap, (void *)trap, (void *)trap, (void *)trap, (void *)trap,\n#endif\n};\n";
    char text[8192], command[1024], source[64];
    if (system("command -v arm-none-eabi-gcc >/dev/null") != 0)
        return false;
    snprintf(source, sizeof source, "%s.c", name);
    snprintf(text, sizeof text, "%s%s%s", head, body, tail);
    put_file(source, text, strlen(text));
    bool cm4 = flash == 0x08100000;
    snprintf(command, sizeof command,
             "cd %s && arm-none-eabi-gcc -x c %s.c -g -O1 -fno-inline -fno-optimize-sibling-calls "
             "-mthumb -mcpu=cortex-m%d -DSTACK=%s -nostdlib -ffreestanding "
             "-Wl,--section-start=.vectors=0x%08x -Wl,-Ttext=0x%08x -Wl,-Tdata=%s -Wl,-e,start "
             "-Wl,--build-id=none -o %s",
             folder(), name, cm4 ? 4 : 7, cm4 ? "0x10040000" : "0x20020000", flash, flash + 0x100,
             cm4 ? "0x10000000" : "0x24000000", name);
    assert_int_equal(system(command), 0);
    return true;
}

#endif
