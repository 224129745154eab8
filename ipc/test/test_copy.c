// Each copy at every alignment of both sides and every length around its steps: all bytes, and no other.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "copy_short.h"

#define MOST  200u
#define GUARD 8u

static uint8_t source[MOST + 8];

static void check(void (*copy)(void *, const void *, uint32_t), uint32_t to, uint32_t from,
                  uint32_t count)
{
    uint8_t memory[GUARD + MOST + 8 + GUARD];

    memset(memory, 0xEE, sizeof(memory));
    copy(memory + GUARD + to, source + from, count);
    for (uint32_t i = 0; i < sizeof(memory); i++) {
        uint32_t at = i - GUARD - to;

        assert_int_equal(memory[i], at < count ? source[from + at] : 0xEE);
    }
}

static void check_all(void (*copy)(void *, const void *, uint32_t))
{
    for (uint32_t i = 0; i < sizeof(source); i++)
        source[i] = (uint8_t)(i * 7 + 1);
    for (uint32_t to = 0; to < 4; to++)
        for (uint32_t from = 0; from < 4; from++)
            for (uint32_t count = 0; count <= MOST; count++)
                check(copy, to, from, count);
}

static void copies_out(void **state)
{
    (void)state;
    check_all(duet_copy_out);
}

static void copies_in(void **state)
{
    (void)state;
    check_all(duet_copy_in);
}

static void copies(void **state)
{
    (void)state;
    check_all(duet_copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_out),
        cmocka_unit_test(copies_in),
        cmocka_unit_test(copies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
