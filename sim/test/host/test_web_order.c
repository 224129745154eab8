/* What browsers send: orders and the heads of uploads, right, wrong and spoilt. */
#include "sim/host/web_order.h"
#include "sim/test/host/host_fixture.h"

static bool parse(struct web_order *order, const char *text, struct failure *failure)
{
    return web_order_parse(order, text, strlen(text), failure);
}

static void time_is_ordered(void **state)
{
    static const struct {
        const char *text;
        struct web_order wanted;
    } table[] = {
        {"{\"hold\":true}", {.kind = WEB_HOLD}},
        {"{\"go\":true}", {.kind = WEB_GO}},
        {"{\"step\":33}", {.kind = WEB_STEP, .step = 33 * SIM_MS}},
        {"{\"step\":10000}", {.kind = WEB_STEP, .step = 10 * SIM_S}},
        {"{\"pace\":\"real\"}", {.kind = WEB_PACE, .real = true}},
        {"{\"pace\":\"max\"}", {.kind = WEB_PACE}},
    };
    (void)state;
    for (size_t n = 0; n < sizeof table / sizeof *table; n++) {
        struct web_order order;
        struct failure failure;
        assert_true(parse(&order, table[n].text, &failure));
        assert_int_equal(order.kind, table[n].wanted.kind);
        assert_true(order.step == table[n].wanted.step && order.real == table[n].wanted.real);
        web_order_free(&order);
    }
}

static void actions_come_as_in_input(void **state)
{
    struct web_order order;
    struct failure failure;
    (void)state;
    assert_true(parse(&order, "{\"touch\":[799,479],\"finger\":1}", &failure));
    assert_int_equal(order.kind, WEB_ACTION);
    assert_int_equal(order.action.kind, ACTION_TOUCH);
    assert_true(order.action.x == 799 && order.action.y == 479 && order.action.finger == 1);
    assert_true(parse(&order, "{\"plug\":true}", &failure));
    assert_true(order.action.kind == ACTION_PLUG && order.action.again);
    assert_true(parse(&order, "{\"type\":\"ls\\r\"}", &failure));
    assert_memory_equal(order.action.typed, "ls\r", 3);
    web_order_free(&order);
}

static void wrong_orders_say_why(void **state)
{
    static const struct {
        const char *text, *says;
    } table[] = {
        {"", "column 1"},
        {"{\"step\":0}", "from 1 to 10000"},
        {"{\"step\":10001}", "from 1 to 10000"},
        {"{\"step\":\"1\"}", "from 1 to 10000"},
        {"{\"pace\":\"fast\"}", "real or max"},
        {"{\"pace\":1}", "real or max"},
        {"{\"hold\":true,\"go\":true}", "unknown \"hold\""},
        {"{\"plug\":\"/etc/passwd,ro\"}", "--stick"},
        {"{\"insert\":\"/etc/passwd,ro\"}", "--card"},
        {"{\"camera\":\"/etc/passwd\"}", "--camera"},
        {"{\"camera\":\"browser\"}", "--camera"},
        {"{\"touch\":[800,0]}", "a place on the panel"},
    };
    (void)state;
    for (size_t n = 0; n < sizeof table / sizeof *table; n++) {
        struct web_order order;
        struct failure failure;
        if (parse(&order, table[n].text, &failure))
            fail_msg("%s: taken", table[n].text);
        if (!strstr(failure.text, table[n].says))
            fail_msg("%s: says \"%s\", not \"%s\"", table[n].text, failure.text, table[n].says);
    }
}

static void uploads_begin(void **state)
{
    static const char stick[] = "{\"upload\":\"stick\",\"name\":\"a.img\",\"size\":8589934592}",
                      browser[] = "{\"upload\":\"browser\"}";
    struct web_upload_head head;
    struct failure failure;
    (void)state;
    assert_true(web_upload_parse(&head, stick, strlen(stick), &failure));
    assert_true(head.kind == WEB_STICK && head.size == (uint64_t)8 << 30);
    assert_string_equal(head.name, "a.img");
    assert_true(web_upload_parse(&head, browser, strlen(browser), &failure));
    assert_int_equal(head.kind, WEB_BROWSER);
}

static void wrong_uploads_say_why(void **state)
{
    static const struct {
        const char *text, *says;
    } table[] = {
        {"{\"name\":\"a\",\"size\":1}", "stick, camera or browser"},
        {"{\"upload\":\"disk\"}", "stick, camera or browser"},
        {"{\"upload\":\"stick\",\"size\":1}", "\"name\""},
        {"{\"upload\":\"stick\",\"name\":\"a\"}", "\"size\""},
        {"{\"upload\":\"stick\",\"name\":\"a\",\"size\":-1}", "\"size\""},
        {"{\"upload\":\"stick\",\"name\":\"a\",\"size\":0}", "a: is empty"},
        {"{\"upload\":\"stick\",\"name\":\"a\",\"size\":8589934593}", "larger than 8192 MB"},
        {"{\"upload\":\"stick\",\"name\":\"a.json\",\"size\":513}",
         "a.json: is no image of a stick"},
        {"{\"upload\":\"camera\",\"name\":\"a\",\"size\":536870913}", "larger than 512 MB"},
        {"{\"upload\":\"camera\",\"name\":\"a\",\"size\":1e300}", "larger than 512 MB"},
    };
    (void)state;
    for (size_t n = 0; n < sizeof table / sizeof *table; n++) {
        struct web_upload_head head;
        struct failure failure;
        assert_false(web_upload_parse(&head, table[n].text, strlen(table[n].text), &failure));
        if (!strstr(failure.text, table[n].says))
            fail_msg("%s: says \"%s\"", table[n].text, failure.text);
    }
}

/* Spoilt in every way that one or a few bytes can be; what is taken keeps to its bounds. */
static void spoilt_messages_are_lived_with(void **state)
{
    static const char *const texts[] = {
        "{\"touch\":[799,479],\"finger\":1}",
        "{\"type\":\"l\\u00e9s\\r\\ud83d\\ude00\"}",
        "{\"press\":\"WAKEUP\"}",
        "{\"step\":9999}",
        "{\"plug\":\"fresh,slow=2.5,pull=3+2\"}",
        "{\"upload\":\"stick\",\"name\":\"a.img\",\"size\":1048576}",
    };
    uint64_t random = 1;
    (void)state;
    for (unsigned round = 0; round < 60000; round++) {
        const char *text = texts[round % 6];
        size_t size = strlen(text);
        char *spoilt = malloc(size + 8); /* exactly so long, for the sanitizer */
        memcpy(spoilt, text, size);
        for (unsigned change = 0; change < 1 + round / 6 % 4; change++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            spoilt[(random >> 33) % size] = (char)(random >> 20);
        }
        if (round % 5 == 0)
            size = (random >> 40) % size;
        char *exact = memcpy(malloc(size + 1), spoilt, size);
        struct web_order order;
        struct web_upload_head head;
        struct failure failure;
        if (web_order_parse(&order, exact, size, &failure)) {
            assert_true(order.action.x < PANEL_WIDTH && order.action.y < PANEL_HEIGHT);
            assert_true(order.action.finger < 2 && order.step <= 10 * SIM_S);
            assert_true(!order.action.plug.image && !order.action.scratch);
            web_order_free(&order);
        }
        if (web_upload_parse(&head, exact, size, &failure))
            assert_true(head.size <= (uint64_t)8 << 30);
        free(exact);
        free(spoilt);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_is_ordered),       cmocka_unit_test(actions_come_as_in_input),
        cmocka_unit_test(wrong_orders_say_why),  cmocka_unit_test(uploads_begin),
        cmocka_unit_test(wrong_uploads_say_why), cmocka_unit_test(spoilt_messages_are_lived_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
