/* What --events writes of a host in the USB connector. */
#include "sim/host/events.h"
#include "sim/host/json.h"
#include "sim/test/host/host_fixture.h"

#include <string.h>

static char *lines;
static size_t size;

static const char *string_of(const struct json_object *object, const char *name)
{
    const struct json_value *value = json_member(object, name);
    assert_non_null(value);
    assert_int_equal(value->kind, JSON_STRING);
    return value->string;
}

static void device_is_told(void **state)
{
    struct usb_pc_found found = {.speed = USB_SPEED_FULL,
                                 .vendor = 0x483,
                                 .product = 0x5740,
                                 .release = 0x200,
                                 .device_class = 2,
                                 .interfaces = 2};
    struct events events;
    struct json_object object;
    struct failure failure;
    (void)state;
    memset(found.manufacturer, '"', sizeof found.manufacturer - 1);
    memset(found.name, '\\', sizeof found.name - 1);
    memset(found.serial, 'x', sizeof found.serial - 1);
    FILE *to = open_memstream(&lines, &size);
    events_open(&events, to);
    events_usb_configured(&events, 1500 * SIM_US, &found);
    events_close(&events);
    fclose(to);
    if (!json_read(&object, lines, size, &failure))
        fail_msg("%s: %s", failure.text, lines);
    assert_true(json_member(&object, "t")->number == 1500);
    assert_string_equal(string_of(&object, "usb"), "configured");
    assert_string_equal(string_of(&object, "speed"), "full");
    assert_string_equal(string_of(&object, "vendor"), "0483");
    assert_string_equal(string_of(&object, "product"), "5740");
    assert_string_equal(string_of(&object, "release"), "0200");
    assert_string_equal(string_of(&object, "class"), "communication");
    assert_string_equal(string_of(&object, "manufacturer"), found.manufacturer);
    assert_string_equal(string_of(&object, "name"), found.name);
    assert_string_equal(string_of(&object, "serial"), found.serial);
    json_free(&object);
    free(lines);
}

static void the_rest_is_told(void **state)
{
    static const uint8_t bytes[USB_PC_REPORT] = {0x01, 0xfe};
    struct events events;
    (void)state;
    FILE *to = open_memstream(&lines, &size);
    events_open(&events, to);
    events_usb_attached(&events, 0, true);
    events_usb_report(&events, 0, bytes, 3);
    events_usb_report(&events, 0, bytes, USB_PC_REPORT);
    events_usb_failed(&events, 0, "SET_ADDRESS: no answer");
    events_usb_attached(&events, 0, false);
    events_close(&events);
    fclose(to);
    assert_non_null(strstr(lines, "{\"t\":0.0,\"usb\":\"attached\"}\n"));
    assert_non_null(strstr(lines, "{\"t\":0.0,\"usb\":\"report\",\"bytes\":\"01fe00\"}\n"));
    assert_non_null(strstr(lines, "0000\"}\n"));
    assert_non_null(
        strstr(lines, "{\"t\":0.0,\"usb\":\"failed\",\"why\":\"SET_ADDRESS: no answer\"}\n"));
    assert_non_null(strstr(lines, "{\"t\":0.0,\"usb\":\"detached\"}\n"));
    free(lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(device_is_told),
        cmocka_unit_test(the_rest_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
