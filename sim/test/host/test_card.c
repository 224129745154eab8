/* --card: a program that puts a file onto a card (guest/vendor_card.c), and what is then in its image. */
#include "sim/test/host/program_fixture.h"

#include <unistd.h>

static char program[512];

static bool shell(const char *format)
{
    char command[1024];
    snprintf(command, sizeof command, format, folder());
    return system(command) == 0;
}

static void needs_the_tools(void)
{
    char here[400];
    assert_non_null(getcwd(here, sizeof here));
    snprintf(program, sizeof program, "%s/build/guest/vendor_card.cm7.Os.elf", here);
    if (access(program, R_OK) != 0 || !shell("command -v mkfs.fat mtype fsck.fat >%s/tools"))
        skip();
    assert_true(shell("cd %s && rm -f card.img && truncate --size=16M card.img && "
                      "mkfs.fat -F 16 card.img >out"));
}

static struct outcome *run_with(const char *options)
{
    char arguments[1024];
    snprintf(arguments, sizeof arguments, "run --cm7 %s --set BCM4=0 --for 300ms --strict %s",
             program, options);
    return duet(arguments);
}

static void a_file_is_on_the_card(void **state)
{
    (void)state;
    needs_the_tools();
    expect(run_with("--card card.img"), 0, NULL);
    assert_true(shell("cd %s && fsck.fat -n card.img >out"));
    assert_true(shell("cd %s && mtype -i card.img ::HELLO.TXT >text"));
    assert_true(shell("cd %s && echo 'a file that a microSD card keeps' | cmp - text"));
}

static void a_protected_card_keeps_what_it_has(void **state)
{
    (void)state;
    needs_the_tools();
    assert_true(shell("cd %s && cp card.img before && chmod -w card.img"));
    expect(run_with("--card card.img,ro"), 0, NULL);
    assert_true(shell("cd %s && cmp card.img before"));
}

static void a_card_comes_and_goes(void **state)
{
    static const char input[] =
        "{\"t\":1000,\"insert\":\"card.img\"}\n{\"t\":2000,\"eject\":true}\n";
    (void)state;
    needs_the_tools();
    put_file("input", input, sizeof input - 1);
    struct outcome *outcome = run_with("--input input --events - --stats");
    expect(outcome, 0, NULL);
    assert_non_null(strstr(outcome->out, "{\"t\":1000.0,\"card\":\"inserted\"}"));
    assert_non_null(strstr(outcome->out, "{\"t\":2000.0,\"card\":\"ejected\"}"));
    assert_non_null(strstr(outcome->out, "card          commands"));
}

static void what_is_no_card(void **state)
{
    (void)state;
    needs_the_tools();
    put_file("text", "no card", 7);
    expect(run_with("--card text"), 2, "--card: text: 7 bytes are no whole number of units");
    expect(run_with("--card card.img,full"), 2, "--card: no option \"full\" of a card");
    expect(run_with("--card /none/x"), 2, "--card: /none/x: a fresh card cannot be made");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_on_the_card),
        cmocka_unit_test(a_protected_card_keeps_what_it_has),
        cmocka_unit_test(a_card_comes_and_goes),
        cmocka_unit_test(what_is_no_card),
    };
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    remove_folder();
    return failures;
}
