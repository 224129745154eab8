/* A computer at the board's connector, and the board as its device (guest/usb_device.c). */
#include "sim/board/board.h"
#include "sim/board/usb_pc.h"
#include "sim/test/machine/machine_fixture.h"

static struct usb_pc_found found[2];
static unsigned attached, detached, configured, reports;
static char failure[128];

static void hear_attached(void *ctx, bool is)
{
    (void)ctx;
    *(is ? &attached : &detached) += 1;
}

static void hear_configured(void *ctx, const struct usb_pc_found *what)
{
    (void)ctx;
    if (configured < 2)
        found[configured] = *what;
    configured++;
}

static void hear_failed(void *ctx, const char *why)
{
    (void)ctx;
    snprintf(failure, sizeof failure, "%s", why);
}

static void hear_report(void *ctx, const uint8_t *bytes, unsigned count)
{
    (void)ctx;
    assert_int_equal(count, 3);
    unsigned number = reports++ % 5 + 1;
    assert_int_equal(bytes[0], 0);
    assert_int_equal(bytes[1], number);
    assert_int_equal(bytes[2], 256 - number);
}

static void assert_mouse(const struct usb_pc_found *what, enum usb_speed speed)
{
    assert_int_equal(what->speed, speed);
    assert_int_equal(what->vendor, 0x1209);
    assert_int_equal(what->product, 7);
    assert_int_equal(what->interfaces, 1);
    assert_string_equal(usb_pc_class_name(what->device_class), "human interface");
    assert_string_equal(what->manufacturer, "Duet");
    assert_string_equal(what->name, "A mouse that moves by itself, slowly"); /* two packets */
    assert_string_equal(what->serial, "");
}

/* By DMA at high speed, and by the FIFOs at full speed. */
static void test_mouse_by_dma_and_by_fifos(void **state)
{
    static struct usb_pc pc;
    const struct usb_pc_listener listener = {NULL, hear_attached, hear_configured, hear_failed,
                                             hear_report};
    (void)state;
    for (unsigned level = 0; level < 2; level++) {
        struct machine *machine = fixture_machine(0);
        attached = detached = configured = reports = 0;
        *failure = 0;
        usb_pc_init(&pc, machine_sim(machine), &listener);
        fixture_load(machine, "usb_device", SOC_CM7, level ? "Os" : "O0");
        fixture_load(machine, "usb_device", SOC_CM4, level ? "Os" : "O0");
        board_plug_host(machine_board(machine), &pc.end);
        machine_power_on(machine);
        machine_run(machine, SIM_S);
        assert_string_equal(failure, "");
        for (unsigned n = 10; n <= 20; n += 10) {
            assert_int_equal(fixture_result(machine, n), 0);
            assert_int_equal(fixture_result(machine, n + 1), 2);  /* resets */
            assert_int_equal(fixture_result(machine, n + 2), 1);  /* suspend, before the first */
            assert_int_equal(fixture_result(machine, n + 3), 11); /* requests */
        }
        assert_true(fixture_result(machine, 14) > 20); /* interrupts */
        fixture_assert_done(machine);
        assert_int_equal(attached, 2);
        assert_int_equal(detached, 2);
        assert_int_equal(configured, 2);
        assert_mouse(&found[0], USB_SPEED_HIGH);
        assert_mouse(&found[1], USB_SPEED_FULL);
        assert_int_equal(reports, 10);
        board_plug_host(machine_board(machine), NULL);
        machine_destroy(machine);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mouse_by_dma_and_by_fifos),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
