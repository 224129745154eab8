/* The reader of JSON lines, what a person does, and the writer of events. */
#include "sim/test/host/host_fixture.h"

#include "sim/host/events.h"
#include "sim/host/input.h"
#include "sim/host/json.h"

/* The board of these tests only writes down what was done to it. */
static char done[512];

static void note(const char *text)
{
    strncat(done, text, sizeof done - strlen(done) - 1);
}

bool board_press(struct board *board, const char *button, bool pressed)
{
    (void)board;
    note(pressed ? "press " : "release ");
    note(button);
    note(";");
    return true;
}

void board_touch(struct board *board, unsigned finger, unsigned x, unsigned y)
{
    char text[64];
    (void)board;
    snprintf(text, sizeof text, "touch %u %u %u;", finger, x, y);
    note(text);
}

void board_lift(struct board *board, unsigned finger)
{
    (void)board;
    note(finger ? "lift 1;" : "lift 0;");
}

void board_type(struct board *board, const uint8_t *bytes, size_t count)
{
    (void)board;
    note("type ");
    strncat(done, (const char *)bytes, count);
    note(";");
}

bool connector_plug(struct connector *connector, const struct plug *plug, struct failure *failure)
{
    char text[64];
    (void)connector, (void)failure;
    snprintf(text, sizeof text, "plug %s%s;", plug->image ? plug->image : "",
             plug->disk.read_only ? " ro" : "");
    note(text);
    return true;
}

bool connector_plug_again(struct connector *connector, struct failure *failure)
{
    (void)connector, (void)failure;
    note("plug again;");
    return true;
}

bool camera_change(struct camera *camera, const char *source, bool scratch, struct failure *failure)
{
    (void)camera, (void)scratch, (void)failure;
    note("camera ");
    note(source ? source : "first");
    note(";");
    return true;
}

struct board *machine_board(struct machine *machine)
{
    (void)machine;
    return NULL;
}

void machine_reset(struct machine *machine)
{
    (void)machine;
    note("reset;");
}

enum machine_stop machine_run(struct machine *machine, sim_time until)
{
    (void)machine, (void)until;
    return MACHINE_STOP_TIME;
}

sim_time machine_time(const struct machine *machine)
{
    (void)machine;
    return 0;
}

void connector_unplug(struct connector *connector)
{
    (void)connector;
    note("unplug;");
}

void board_drive_pin(struct board *board, unsigned port, unsigned pin, bool level)
{
    char text[32];
    (void)board;
    snprintf(text, sizeof text, "pin %u %u %d;", port, pin, level);
    note(text);
}

bool connector_insert(struct connector *connector, const struct plug *plug, struct failure *failure)
{
    (void)connector, (void)failure;
    note("insert ");
    note(plug->image);
    note(";");
    return true;
}

void connector_eject(struct connector *connector)
{
    (void)connector;
    note("eject;");
}

void board_panel_picture(struct board *board, uint8_t *rgb)
{
    (void)board;
    memset(rgb, 0x80, PANEL_WIDTH * PANEL_HEIGHT * 3);
    note("picture;");
}

static void reads_every_kind_of_value(void **state)
{
    (void)state;
    const char *text =
        " { \"a\" : -1.5e2 , \"b\":\"x\\n\\\"\\u00e9\\ud83d\\ude00\", \"c\":[1, 2.5],"
        "\"d\":true,\"e\":null,\"f\":[] } \r";
    struct json_object object;
    struct failure failure;
    assert_true(json_read(&object, text, strlen(text), &failure));
    assert_int_equal(object.count, 6);
    assert_true(json_member(&object, "a")->number == -150);
    assert_string_equal(json_member(&object, "b")->string, "x\n\"\xc3\xa9\xf0\x9f\x98\x80");
    assert_int_equal(json_member(&object, "c")->count, 2);
    assert_true(json_member(&object, "c")->numbers[1] == 2.5);
    assert_int_equal(json_member(&object, "d")->kind, JSON_TRUE);
    assert_int_equal(json_member(&object, "e")->kind, JSON_NULL);
    assert_int_equal(json_member(&object, "f")->count, 0);
    assert_null(json_member(&object, "g"));
    json_free(&object);
}

static void refuses_what_is_no_json(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "x",
                                      "{",
                                      "{}x",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{\"a\":1,}",
                                      "{a:1}",
                                      "{\"a\":01}",
                                      "{\"a\":1.}",
                                      "{\"a\":+1}",
                                      "{\"a\":1e}",
                                      "{\"a\":.5}",
                                      "{\"a\":\"}",
                                      "{\"a\":[1}",
                                      "{\"a\":[1,]}",
                                      "{\"a\":{}}",
                                      "{\"a\":[[]]}",
                                      "{\"a\":nul}",
                                      "[1]",
                                      "{\"a\":1 2}",
                                      "{\"a\":\"\\x\"}",
                                      "{\"a\":\"\\ud800\"}",
                                      "{\"a\":\"\\u12g4\"}",
                                      "{\"a\":1,\"a\":2}",
                                      "{\"a\":\"\n\"}",
                                      "{\"a\":NaN}"};
    for (size_t n = 0; n < sizeof bad / sizeof *bad; n++) {
        struct json_object object;
        struct failure failure;
        if (json_read(&object, bad[n], strlen(bad[n]), &failure))
            fail_msg("accepted %s", bad[n]);
        assert_non_null(strstr(failure.text, "column "));
    }
}

/* Every prefix of a good line is refused, and no byte behind it is read (the sanitizer looks). */
static void prefixes_are_refused(void **state)
{
    (void)state;
    const char *text = "{\"t\":1.5e3,\"type\":\"a\\u00e9\\n\",\"x\":[1,2],\"y\":true}";
    for (size_t size = 0; size < strlen(text); size++) {
        struct json_object object;
        struct failure failure;
        char *copy = malloc(size ? size : 1);
        memcpy(copy, text, size);
        assert_false(json_read(&object, copy, size, &failure));
        free(copy);
    }
}

static bool read_input(struct input *input, const char *text, struct failure *failure)
{
    char *path = write_file(text, strlen(text));
    bool read = input_read(input, path, failure);
    remove_file(path);
    return read;
}

static void actions_are_done_in_the_order_of_time(void **state)
{
    (void)state;
    const struct hands hands = {NULL, NULL, NULL};
    struct input input;
    struct failure failure;
    assert_true(read_input(
        &input,
        "{\"t\":1500000,\"press\":\"WAKEUP\"}\n\n"
        "{\"t\":1600000,\"release\":\"WAKEUP\"}\r\n"
        "{\"t\":0.5,\"touch\":[400,240]}\n{\"t\":2,\"lift\":true}\n"
        "{\"t\":2,\"type\":\"h\\n\"}\n{\"t\":3,\"touch\":[1,2],\"finger\":1}\n"
        "{\"t\":4,\"lift\":1}\n{\"t\":5,\"plug\":\"a.img,ro\"}\n"
        "{\"t\":6,\"unplug\":true}\n{\"t\":7,\"plug\":\"fresh\"}\n"
        "{\"t\":7,\"plug\":true}\n{\"t\":8,\"insert\":\"b.img\"}\n"
        "{\"t\":9,\"eject\":true}\n{\"t\":9,\"pin\":\"PC13=0\"}\n{\"t\":9,\"camera\":\"b.png\"}\n"
        "{\"t\":9,\"camera\":true}\n{\"t\":9,\"reset\":true}",
        &failure));
    assert_int_equal(input.count, 17);
    done[0] = 0;
    assert_true(input_due(&input) == 500 * SIM_NS);
    assert_true(input_do(&input, 499 * SIM_NS, &hands, &failure));
    assert_string_equal(done, "");
    assert_true(input_do(&input, 10 * SIM_US, &hands, &failure));
    assert_string_equal(done, "touch 0 400 240;lift 0;type h\n;touch 1 1 2;lift 1;"
                              "plug a.img ro;unplug;plug ;plug again;insert b.img;eject;pin 2 13 0;"
                              "camera b.png;camera first;reset;");
    assert_true(input_due(&input) == 1500 * SIM_MS);
    assert_true(input_do(&input, SIM_NEVER - 1, &hands, &failure));
    assert_non_null(strstr(done, "press WAKEUP;release WAKEUP;"));
    assert_true(input_due(&input) == SIM_NEVER);
    input_free(&input);
}

static void wrong_actions_name_the_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } table[] = {
        {"{\"t\":0,\"press\":\"UP\"}\n{\"press\":\"UP\"}", "line 2: \"t\" is missing"},
        {"{\"t\":-1,\"press\":\"UP\"}", "line 1: \"t\" is missing, or"},
        {"{\"t\":1e300,\"press\":\"UP\"}", "line 1: \"t\" is missing, or"},
        {"{\"t\":0,\"press\":\"FIRE\"}", "no such button; there are WAKEUP"},
        {"{\"t\":0,\"press\":1}", "no such button"},
        {"{\"t\":0,\"touch\":[800,0]}", "a place on the panel"},
        {"{\"t\":0,\"touch\":[1]}", "a place on the panel"},
        {"{\"t\":0,\"touch\":\"x\"}", "a place on the panel"},
        {"{\"t\":0,\"type\":1}", "\"type\" is a string"},
        {"{\"t\":0,\"lift\":2}", "a finger is 0 or 1"},
        {"{\"t\":0,\"plug\":1}", "as --stick takes it"},
        {"{\"t\":0,\"pin\":\"PA16=1\"}", "its level: \"PA6=1\""},
        {"{\"t\":0,\"pin\":\"PL1=1\"}", "its level"},
        {"{\"t\":0,\"pin\":\"PA1=2\"}", "its level"},
        {"{\"t\":0,\"pin\":\"PA1=1x\"}", "its level"},
        {"{\"t\":0,\"plug\":\"fresh,slow=x\"}", "megabytes a second"},
        {"{\"t\":0,\"plug\":\"/dev/null\"}", "a regular file"},
        {"{\"t\":0,\"camera\":7}", "as --camera takes it"},
        {"{\"t\":0,\"camera\":\"\"}", "as --camera takes it"},
        {"{\"t\":0,\"screenshot\":1}", "the file that gets the panel's picture"},
        {"{\"t\":0,\"screenshot\":\"\"}", "the file that gets the panel's picture"},
        {"{\"t\":0}", "nothing is done here"},
        {"{\"t\":0,\"jump\":1}", "unknown \"jump\""},
        {"{\"t\":0,\"press\":\"UP\",\"release\":\"UP\"}", "one line is one action"},
        {"{\"t\":0,\"press\":\"UP\"", "line 1: column 20: } or , is missing"},
    };
    for (size_t n = 0; n < sizeof table / sizeof *table; n++) {
        struct input input;
        struct failure failure;
        assert_false(read_input(&input, table[n].text, &failure));
        if (!strstr(failure.text, table[n].says))
            fail_msg("says \"%s\", not \"%s\"", failure.text, table[n].says);
        assert_non_null(strstr(failure.text, "--input: /tmp/duet_test_"));
    }
}

/* A PNG, or a failure that names the file. */
static void a_screenshot_is_written_when_it_is_due(void **state)
{
    (void)state;
    const struct hands hands = {0};
    struct input input;
    struct failure failure;
    char text[128], signature[4] = "", *path = write_file("", 0);
    snprintf(text, sizeof text, "{\"t\":8,\"screenshot\":\"%s\"}", path);
    assert_true(read_input(&input, text, &failure));
    done[0] = 0;
    assert_true(input_do(&input, 9 * SIM_US, &hands, &failure));
    assert_string_equal(done, "picture;");
    input_free(&input);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(signature, 1, 4, file), 4);
    assert_memory_equal(signature, "\x89PNG", 4);
    fclose(file);
    remove_file(path);
    assert_true(read_input(&input, "{\"t\":8,\"screenshot\":\"/none/a.png\"}", &failure));
    assert_false(input_do(&input, 9 * SIM_US, &hands, &failure));
    assert_non_null(strstr(failure.text, "/none/a.png"));
    input_free(&input);
}

/* What comes from the page has no time, and names no files. */
static void the_page_names_no_files(void **state)
{
    (void)state;
    struct action action;
    struct failure failure;
    const char *file = "{\"plug\":\"a.img\"}", *fresh = "{\"plug\":\"fresh,ro\"}";
    assert_false(action_parse(&action, file, strlen(file), false, &failure));
    assert_non_null(strstr(failure.text, "--stick"));
    assert_true(action_parse(&action, fresh, strlen(fresh), false, &failure));
    action_free(&action);
    const char *shot = "{\"screenshot\":\"a.png\"}";
    assert_false(action_parse(&action, shot, strlen(shot), false, &failure));
    assert_non_null(strstr(failure.text, "--screenshot"));
    const char *camera = "{\"camera\":\"a.png\"}", *scene = "{\"camera\":\"scene\"}";
    assert_false(action_parse(&action, camera, strlen(camera), false, &failure));
    assert_non_null(strstr(failure.text, "--camera"));
    assert_true(action_parse(&action, scene, strlen(scene), false, &failure));
    action_free(&action);
}

static void strings_are_escaped(void **state)
{
    (void)state;
    char *text;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    static const uint8_t bytes[] = "a\"\\\n\r\t\x01\x7f\xc3\xa9\xff\xe2\x82\xed\xa0\x80\0z";
    json_write_string(to, bytes, sizeof bytes - 1);
    fclose(to);
    assert_string_equal(text, "a\\\"\\\\\\n\\r\\t\\u0001\\u007f\xc3\xa9\\u00ff\\u00e2\\u0082"
                              "\\u00ed\\u00a0\\u0080\\u0000z");
    free(text);
}

/* Lines come with the time of their last byte, what happens inside them stays in its place. */
static void events_are_in_the_order_of_time(void **state)
{
    (void)state;
    char *text;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    struct events events;
    events_open(&events, to);
    events_led(&events, 200 * SIM_MS, 2, true);
    events_console(&events, 201 * SIM_MS, (const uint8_t *)"he", 2);
    events_frame(&events, 202 * SIM_MS, 12);
    events_console(&events, 203 * SIM_MS, (const uint8_t *)"y\r\n> ", 5);
    events_panel(&events, 204 * SIM_MS, true);
    events_tick(&events, 222 * SIM_MS);
    events_led(&events, 230 * SIM_MS + 60 * SIM_NS, 4, false);
    events_console(&events, 240 * SIM_MS, (const uint8_t *)"x", 1);
    events_close(&events);
    fclose(to);
    assert_string_equal(text, "{\"t\":200000.0,\"led\":\"LED2\",\"on\":true}\n"
                              "{\"t\":202000.0,\"frame\":12}\n"
                              "{\"t\":203000.0,\"console\":\"hey\\r\\n\"}\n"
                              "{\"t\":203000.0,\"console\":\"> \"}\n"
                              "{\"t\":204000.0,\"panel\":\"on\"}\n"
                              "{\"t\":230000.0,\"led\":\"LED4\",\"on\":false}\n"
                              "{\"t\":240000.0,\"console\":\"x\"}\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_kind_of_value),
        cmocka_unit_test(refuses_what_is_no_json),
        cmocka_unit_test(prefixes_are_refused),
        cmocka_unit_test(actions_are_done_in_the_order_of_time),
        cmocka_unit_test(wrong_actions_name_the_line),
        cmocka_unit_test(a_screenshot_is_written_when_it_is_due),
        cmocka_unit_test(the_page_names_no_files),
        cmocka_unit_test(strings_are_escaped),
        cmocka_unit_test(events_are_in_the_order_of_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
