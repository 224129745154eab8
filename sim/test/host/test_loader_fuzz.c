/* Random and broken files, the same ones in every run: the loaders never crash and never hang. */
#include "sim/test/host/host_fixture.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
#include "sim/test/host/fuzz_loaders.c"

static uint64_t state_of_chance = 0x9e3779b97f4a7c15u;

static uint32_t chance(uint32_t below)
{
    state_of_chance ^= state_of_chance << 13;
    state_of_chance ^= state_of_chance >> 7;
    state_of_chance ^= state_of_chance << 17;
    return (uint32_t)(state_of_chance >> 32) % below;
}

static void damage(uint8_t *bytes, size_t size)
{
    static const uint8_t telling[] = {0, 1, 2, 0x7f, 0x80, 0xff, ':', '\n', '0'};
    for (unsigned times = 1 + chance(6); times; times--) {
        size_t place = chance(2) ? chance((uint32_t)size) : chance(96) % size;
        bytes[place] = chance(2) ? telling[chance(sizeof telling)] : (uint8_t)chance(256);
    }
}

static unsigned rounds(void)
{
    const char *asked = getenv("DUET_FUZZ_ROUNDS");
    return asked ? (unsigned)atoi(asked) : 4000;
}

static void random_bytes(void **state)
{
    (void)state;
    uint8_t bytes[512];
    for (unsigned n = rounds() / 4; n; n--) {
        size_t size = chance(sizeof bytes);
        for (size_t m = 0; m < size; m++)
            bytes[m] = (uint8_t)chance(256);
        if (chance(2))
            memcpy(bytes, "\177ELF\1\1\1", 7);
        LLVMFuzzerTestOneInput(bytes, size);
    }
}

static void broken_elf_files(void **state)
{
    (void)state;
    struct small_elf elf = small_elf(0x08000000);
    for (unsigned n = rounds(); n; n--) {
        struct small_elf broken = elf;
        damage((uint8_t *)&broken, sizeof broken);
        LLVMFuzzerTestOneInput((uint8_t *)&broken, sizeof broken - (chance(4) ? 0 : chance(160)));
    }
}

/* A real one, with sections, symbols and debug information, if the firmware is built. */
static void broken_firmware(void **state)
{
    (void)state;
    struct file file;
    struct failure failure;
    if (!file_read(&file, "build/firmware/camera/cm4.elf", &failure)) {
        print_message("%s; skipped\n", failure.text);
        skip();
    }
    uint8_t *broken = malloc(file.size);
    for (unsigned n = rounds() / 20; n; n--) {
        memcpy(broken, file.bytes, file.size);
        Elf32_Ehdr header;
        memcpy(&header, broken, sizeof header);
        damage(broken, chance(2) ? 4096 : file.size);
        if (header.e_shoff < file.size) /* section headers are at the end and are small */
            damage(broken + header.e_shoff, file.size - header.e_shoff);
        LLVMFuzzerTestOneInput(broken, chance(4) ? file.size : chance((uint32_t)file.size));
    }
    free(broken);
    file_free(&file);
}

static void broken_hex_files(void **state)
{
    (void)state;
    static const char hex[] = ":020000040800F2\n:0400000001020304F2\n:04001000AABBCCDDDE\n"
                              ":020000021000EC\n:04FFFE0001020304F5\n:0400000508000009E6\n"
                              ":00000001FF\n";
    for (unsigned n = rounds(); n; n--) {
        uint8_t broken[sizeof hex];
        memcpy(broken, hex, sizeof hex);
        damage(broken, sizeof hex - 1);
        LLVMFuzzerTestOneInput(broken, sizeof hex - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_bytes),
        cmocka_unit_test(broken_elf_files),
        cmocka_unit_test(broken_firmware),
        cmocka_unit_test(broken_hex_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
