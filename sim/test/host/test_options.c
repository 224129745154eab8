/* The command line: what is accepted, and one line for each way to be wrong. */
#include "sim/test/host/host_fixture.h"

#include "sim/host/number.h"
#include "sim/host/options.h"

static bool parse(struct options *options, struct failure *failure, const char *line)
{
    static char copy[512];
    char *argv[64], *rest = copy;
    int argc = 0;
    snprintf(copy, sizeof copy, "%s", line);
    for (char *word; (word = strsep(&rest, " ")) != NULL;)
        argv[argc++] = word;
    argv[argc] = NULL;
    return options_parse(options, argc, argv, failure);
}

static void accepts_every_option(void **state)
{
    (void)state;
    struct options o;
    struct failure failure;
    assert_true(
        parse(&o, &failure,
              "duet run --cm7 a.elf --cm4=b.elf --load c.hex --load d.bin@0x90000000 --camera "
              "scene --for 1.5s --pace real --screenshot p.png --console c.txt --web "
              "127.0.0.1:0 --events e --input i --hash --stats --strict --check-json j --set "
              "BCM4=0 --set "
              "panel=nt35510 --log USART1,HSEM --gdb 3333"));
    assert_string_equal(o.gdb, "3333");
    assert_string_equal(o.cm7, "a.elf");
    assert_string_equal(o.cm4, "b.elf");
    assert_int_equal(o.loads.count, 2);
    assert_string_equal(o.loads.items[1], "d.bin@0x90000000");
    assert_true(o.timed && o.duration == 1500 * SIM_MS);
    assert_int_equal(o.pace, PACE_REAL);
    assert_true(o.hash && o.stats && o.strict && o.check);
    assert_string_equal(o.check_json, "j");
    assert_string_equal(o.settings.items[1], "panel=nt35510");
    assert_string_equal(o.log, "USART1,HSEM");
}

static void pace_is_max_with_for_and_real_without(void **state)
{
    (void)state;
    struct options o;
    struct failure failure;
    assert_true(parse(&o, &failure, "duet run --for 3s"));
    assert_int_equal(o.pace, PACE_MAX);
    assert_true(parse(&o, &failure, "duet run"));
    assert_int_equal(o.pace, PACE_REAL);
    assert_false(o.timed);
    assert_true(parse(&o, &failure, "duet run --pace max"));
    assert_int_equal(o.pace, PACE_MAX);
}

static void knows_the_commands(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum command command;
    } table[] = {{"duet run", COMMAND_RUN},
                 {"duet info a b", COMMAND_INFO},
                 {"duet --help", COMMAND_HELP},
                 {"duet run --for 3s --help", COMMAND_RUN_HELP},
                 {"duet info --help", COMMAND_INFO_HELP},
                 {"duet --version", COMMAND_VERSION}};
    for (size_t n = 0; n < sizeof table / sizeof *table; n++) {
        struct options o;
        struct failure failure;
        assert_true(parse(&o, &failure, table[n].line));
        assert_int_equal(o.command, table[n].command);
    }
}

static void refuses_with_what_and_what_to_do(void **state)
{
    (void)state;
    static const struct {
        const char *line, *says;
    } table[] = {
        {"duet", "no command given"},
        {"duet fly", "unknown command fly"},
        {"duet run --fast", "unknown option --fast; see duet run --help"},
        {"duet run -x", "unknown option -x"},
        {"duet run a.elf", "'a.elf' is no option; firmware is given with --cm7"},
        {"duet run --cm7", "--cm7 needs a value"},
        {"duet run --cm7=", "--cm7 needs a value, and this one is empty"},
        {"duet run --cm7 a --cm7 b", "--cm7 is given twice"},
        {"duet run --for 3", "--for 3: not a time; write a number and a unit: 3s, 500ms, 20us"},
        {"duet run --for -3s", "not a time"},
        {"duet run --for 3sec", "not a time"},
        {"duet run --for 99999999999999999s", "not a time"},
        {"duet run --pace fast", "--pace fast: say real or max"},
        {"duet run --set BCM4", "--set BCM4: write NAME=VALUE"},
        {"duet run --set =1", "write NAME=VALUE"},
        {"duet run --hash=1", "unknown option --hash=1"},
        {"duet info", "no file given"},
        {"duet info -v x", "unknown option -v"},
    };
    for (size_t n = 0; n < sizeof table / sizeof *table; n++) {
        struct options o;
        struct failure failure;
        assert_false(parse(&o, &failure, table[n].line));
        if (!strstr(failure.text, table[n].says))
            fail_msg("%s: says \"%s\", not \"%s\"", table[n].line, failure.text, table[n].says);
        assert_null(strchr(failure.text, '\n'));
    }
}

static void times_have_units(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        sim_time time;
    } good[] = {{"3s", 3 * SIM_S},       {"500ms", 500 * SIM_MS},
                {"20us", 20 * SIM_US},   {"7ns", 7 * SIM_NS},
                {"1.5s", 1500 * SIM_MS}, {"0.25ms", 250 * SIM_US},
                {".5s", 500 * SIM_MS},   {"0s", 0},
                {"2.s", 2 * SIM_S}};
    static const char *const bad[] = {"", "s", ".s", "3", "3 s", "3m", "+3s", "-3s", "1e3s", "3s "};
    sim_time time;
    for (size_t n = 0; n < sizeof good / sizeof *good; n++) {
        assert_true(parse_time(good[n].text, &time));
        assert_true(time == good[n].time);
    }
    for (size_t n = 0; n < sizeof bad / sizeof *bad; n++)
        assert_false(parse_time(bad[n], &time));
}

static void addresses_are_decimal_or_hexadecimal(void **state)
{
    (void)state;
    uint32_t address;
    assert_true(parse_address("0x08100000", &address) && address == 0x08100000);
    assert_true(parse_address("4096", &address) && address == 4096);
    assert_true(parse_address("0xffffffff", &address) && address == UINT32_MAX);
    static const char *const bad[] = {"", "0x", "0x100000000", "08z", "-1", " 1", "0x 1", "0x-1"};
    for (size_t n = 0; n < sizeof bad / sizeof *bad; n++)
        assert_false(parse_address(bad[n], &address));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_every_option),
        cmocka_unit_test(pace_is_max_with_for_and_real_without),
        cmocka_unit_test(knows_the_commands),
        cmocka_unit_test(refuses_with_what_and_what_to_do),
        cmocka_unit_test(times_have_units),
        cmocka_unit_test(addresses_are_decimal_or_hexadecimal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
