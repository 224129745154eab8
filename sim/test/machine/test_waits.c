/*
 * The waits of sim/machine/timing.c beside what others measured on a board with the M7 at 480 MHz and
 * the M4 at 240 MHz: message buffers whose bytes cost the receiving M7 4.23 cycles each in D2's SRAM
 * and 4.35 in D3's, and the sending M4 0.79 cycles more in D3's than in D2's. A receiver that copies
 * words and a sender that stores bytes are what comes nearest to that. (The sender's waits are of one
 * cycle at 200 MHz, and rounded up.)
 */
#include "sim/test/machine/machine_fixture.h"

enum { BYTES = 2048, M7_SRAM1 = 10, M7_SRAM4, M4_SRAM1 = 20, M4_SRAM4 };

static double cycles_a_byte(struct machine *machine, unsigned result)
{
    return (double)fixture_result(machine, result) / BYTES;
}

static void waits_are_near_what_was_measured(void **state)
{
    (void)state;
    struct machine *machine = fixture_run("waits", "Os", 0, 200 * SIM_MS);
    fixture_assert_done(machine);
    double sram1 = cycles_a_byte(machine, M7_SRAM1), sram4 = cycles_a_byte(machine, M7_SRAM4);
    double more = cycles_a_byte(machine, M4_SRAM4) - cycles_a_byte(machine, M4_SRAM1);
    print_message("M7: %.2f and %.2f cycles a byte read; M4: %.2f more a byte written\n", sram1,
                  sram4, more);
    assert_true(sram1 > 4.23 * 0.8 && sram1 < 4.23 * 1.2);
    assert_true(sram4 > 4.35 * 0.8 && sram4 < 4.35 * 1.2);
    assert_true(more > 0.79 && more < 0.79 + 1.5);
    machine_destroy(machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(waits_are_near_what_was_measured)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
