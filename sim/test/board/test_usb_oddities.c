/* What is no stick, and a bad cable. */
#include "sim/board/usb_oddities.h"
#include "sim/test/board/stick_host.h"

static void start_oddity(struct sim *sim, struct usb_gadget *gadget, struct usb_host *host,
                         enum usb_oddity kind)
{
    sim_init(sim);
    usb_oddity_init(gadget, sim, kind);
    host_start(host, sim, &gadget->device, gadget->device.speed);
    host_configure(host);
}

static void test_keyboard(void **state)
{
    static struct sim sim;
    static struct usb_gadget gadget;
    struct usb_host host;
    uint8_t d[256];
    (void)state;
    start_oddity(&sim, &gadget, &host, USB_KEYBOARD);
    assert_int_equal(gadget.device.speed, USB_SPEED_LOW);
    assert_int_equal(host_control(&host, 0x80, 6, 0x100, 0, d, 18), 18);
    assert_int_equal(d[7], 8);
    assert_int_equal(host_control(&host, 0x80, 6, 0x200, 0, d, 255), 34);
    assert_memory_equal(d + 9, "\x09\4\0\0\1\3\1\1\0\x09\x21\x11\1\0\1\x22\x2d\0", 18);
    assert_memory_equal(d + 27, "\x07\5\x81\3\x08\0\x0a", 7);
    assert_int_equal(host_control(&host, 0x81, 6, 0x2200, 0, d, 255), 0x2d);
    assert_int_equal(host_control(&host, 0x21, 10, 0, 0, NULL, 0), 0); /* SET_IDLE */
    assert_int_equal(host_in(&host, 1, d), HOST_NAKED);
    sim_free(&sim);
}

static void test_hub(void **state)
{
    static struct sim sim;
    static struct usb_gadget gadget;
    struct usb_host host;
    uint8_t d[256];
    (void)state;
    start_oddity(&sim, &gadget, &host, USB_HUB);
    assert_int_equal(host_control(&host, 0x80, 6, 0x100, 0, d, 18), 18);
    assert_int_equal(d[4], 9);
    assert_int_equal(host_control(&host, 0xa0, 6, 0x2900, 0, d, 255), 9);
    assert_int_equal(d[2], 4);
    for (uint16_t port = 1; port <= 4; port++) {
        assert_int_equal(host_control(&host, 0x23, 3, 8, port, NULL, 0), 0); /* power */
        assert_int_equal(host_control(&host, 0xa3, 0, 0, port, d, 4), 4);
        assert_memory_equal(d, "\0\0\0\0", 4);
    }
    assert_int_equal(host_control(&host, 0xa0, 6, 0x2a00, 0, d, 255), HOST_STALLED);
    sim_free(&sim);
}

/* Over a cable that spoils each third transaction a host that asks again loses nothing. */
static void test_bad_cable(void **state)
{
    (void)state;
    struct stick_host *s = stick_start((struct usb_stick_config){0});
    stick_make_ready(s);
    struct usb_bad_cable cable;
    usb_bad_cable_init(&cable, s->host.device, 3);
    s->host.device = &cable.device;
    const uint8_t cdb[10] = {0x2a, 0, 0, 0, 0, 4, 0, 0, 8};
    uint8_t data[8 * 512], wrapper[31] = {'U', 'S', 'B', 'C', 1, 2, 3, 4, 0, 16};
    wrapper[14] = 10;
    memcpy(wrapper + 15, cdb, 10);
    for (unsigned n = 0; n < sizeof data; n++)
        data[n] = (uint8_t)(n * 3 + n / 512);
    unsigned lost = 0;
    while (host_out(&s->host, 2, USB_OUT, wrapper, 31) < 0)
        lost++;
    for (unsigned n = 0; n < 8; n++)
        while (host_out(&s->host, 2, USB_OUT, data + n * 512, 512) < 0)
            lost++;
    while (host_in(&s->host, 1, wrapper) < 0)
        lost++;
    assert_true(lost >= 3);
    assert_int_equal(wrapper[12], 0);
    assert_memory_equal(s->bytes + 4 * 512, data, sizeof data);
    stick_end(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keyboard),
        cmocka_unit_test(test_hub),
        cmocka_unit_test(test_bad_cable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
