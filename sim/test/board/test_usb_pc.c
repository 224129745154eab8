/* The computer that asks a device what it is. USB 2.0 chapters 7.1.7 and 9. */
#include "sim/board/usb_oddities.h"
#include "sim/board/usb_pc.h"
#include "sim/test/board/usb_host.h"

#include <stdio.h>

/* ---- A device of the connector as one of a bus, which can be made to fail ---- */

static struct {
    struct sim sim;
    struct usb_gadget gadget;
    struct usb_pc pc;
    struct usb_bus bus;
    bool in_reset, silent, stalls;
    uint8_t naks_at,
        packet; /* naks_at: the request that is never answered; packet: it lies, or 0 */
    unsigned resets, transactions, reports;
    sim_time reset_began;
    uint8_t request, report[8];
    bool attached;
    struct usb_pc_found found;
    unsigned configured;
    char failure[128];
} t;

static void bus_reset(void *ctx, bool level)
{
    (void)ctx;
    if (level) {
        t.reset_began = sim_now(&t.sim);
    } else {
        assert_true(sim_now(&t.sim) - t.reset_began >= 10 * SIM_MS); /* TDRST */
        t.gadget.device.reset(t.gadget.device.ctx, t.gadget.device.speed);
        t.resets++;
    }
    t.in_reset = level;
}

static enum usb_speed bus_speed(void *ctx)
{
    (void)ctx;
    return t.gadget.device.speed;
}

static enum usb_answer bus_transact(void *ctx, struct usb_transaction *transaction)
{
    const struct usb_device *device = &t.gadget.device;
    (void)ctx;
    assert_false(t.in_reset);
    t.transactions++;
    if (t.silent)
        return USB_SILENCE;
    if (transaction->token == USB_SETUP)
        t.request = transaction->data[1];
    else if (t.naks_at && t.request == t.naks_at)
        return USB_NAK;
    else if (t.stalls)
        return USB_STALL;
    if (transaction->endpoint && t.reports) {
        memcpy(transaction->data, t.report, transaction->length = sizeof t.report);
        transaction->data1 = --t.reports % 2;
        return USB_ACK;
    }
    enum usb_answer answer = device->transact(device->ctx, transaction);
    if (answer == USB_ACK && transaction->token == USB_IN && device->acknowledged)
        device->acknowledged(device->ctx, transaction->endpoint);
    if (t.packet && transaction->token == USB_IN && transaction->data[1] == 1)
        transaction->data[7] = t.packet;
    return answer;
}

static void hear_attached(void *ctx, bool attached)
{
    (void)ctx;
    t.attached = attached;
}

static void hear_configured(void *ctx, const struct usb_pc_found *found)
{
    (void)ctx;
    t.found = *found;
    t.configured++;
}

static void hear_failed(void *ctx, const char *why)
{
    (void)ctx;
    snprintf(t.failure, sizeof t.failure, "%s", why);
}

static unsigned heard;

static void hear_report(void *ctx, const uint8_t *bytes, unsigned count)
{
    (void)ctx;
    assert_int_equal(count, 8);
    assert_memory_equal(bytes, t.report, 8);
    heard++;
}

static void start(enum usb_oddity kind)
{
    const struct usb_pc_listener listener = {NULL, hear_attached, hear_configured, hear_failed,
                                             hear_report};
    memset(&t, 0, sizeof t);
    heard = 0;
    sim_init(&t.sim);
    usb_oddity_init(&t.gadget, &t.sim, kind);
    usb_pc_init(&t.pc, &t.sim, &listener);
    t.bus = (struct usb_bus){NULL, bus_reset, bus_speed, bus_transact};
}

static void wait(sim_time time)
{
    sim_time until = t.sim.events.now + time;
    event_run_until(&t.sim.events, until);
    t.sim.events.now = until;
}

static void attach(bool attached)
{
    t.pc.end.attached(t.pc.end.ctx, attached ? &t.bus : NULL);
}

/* ---- Tests ---- */

static void test_tells_what_it_is(void **state)
{
    (void)state;
    start(USB_HUB);
    attach(true);
    wait(90 * SIM_MS); /* 7.1.7.3: the contact has to be sure */
    assert_int_equal(t.resets, 0);
    assert_false(t.attached);
    wait(SIM_S);
    assert_true(t.attached);
    assert_int_equal(t.resets, 2);
    assert_int_equal(t.configured, 1);
    assert_int_equal(t.gadget.configuration, 1);
    assert_int_equal(t.gadget.address, 1);
    assert_int_equal(t.found.speed, USB_SPEED_HIGH);
    assert_int_equal(t.found.vendor, 0x1209);
    assert_int_equal(t.found.product, 3);
    assert_int_equal(t.found.release, 0x100);
    assert_string_equal(t.found.manufacturer, "Duet");
    assert_string_equal(t.found.name, "USB hub");
    assert_string_equal(usb_pc_class_name(t.found.device_class), "hub");
    assert_string_equal(t.failure, "");
    unsigned before = t.transactions;
    wait(SIM_S);
    assert_int_equal(t.transactions, before); /* nothing more is asked */
    attach(false);
    assert_false(t.attached);
    sim_free(&t.sim);
}

/* Packets of 8 bytes; the class is its interface's; reports are told when they change. */
static void test_reports_of_a_keyboard(void **state)
{
    (void)state;
    start(USB_KEYBOARD);
    attach(true);
    wait(SIM_S);
    assert_int_equal(t.configured, 1);
    assert_string_equal(usb_pc_class_name(t.found.device_class), "human interface");
    assert_string_equal(t.found.name, "USB keyboard");
    t.report[2] = 4;
    t.reports = 3; /* DATA0, DATA1, DATA0 */
    wait(50 * SIM_MS);
    assert_int_equal(t.reports, 0);
    assert_int_equal(heard, 1);
    t.report[2] = 0;
    t.reports = 1; /* DATA0 once more: sent twice */
    wait(50 * SIM_MS);
    assert_int_equal(heard, 1);
    t.reports = 2;
    wait(50 * SIM_MS);
    assert_int_equal(heard, 2);
    sim_free(&t.sim);
}

static void test_a_bounce_is_no_contact(void **state)
{
    (void)state;
    start(USB_HUB);
    for (unsigned n = 0; n < 5; n++) {
        attach(true);
        wait(50 * SIM_MS);
        attach(false);
    }
    wait(SIM_S);
    assert_int_equal(t.resets, 0);
    assert_int_equal(t.transactions, 0);
    sim_free(&t.sim);
}

static void expect_failure(sim_time time, const char *why)
{
    attach(true);
    wait(time);
    assert_string_equal(t.failure, why);
    assert_int_equal(t.configured, 0);
    unsigned before = t.transactions;
    wait(10 * SIM_S);
    assert_int_equal(t.transactions, before);
    sim_free(&t.sim);
}

/* Three times, then it gives up and says why. */
static void test_what_goes_wrong_is_told(void **state)
{
    (void)state;
    start(USB_HUB);
    t.silent = true;
    expect_failure(2 * SIM_S, "device descriptor at address 0: no answer");
    assert_int_equal(t.resets, 3);
    start(USB_HUB);
    t.stalls = true;
    expect_failure(2 * SIM_S, "device descriptor at address 0: STALL");
    start(USB_HUB);
    t.naks_at = 5;
    expect_failure(20 * SIM_S, "SET_ADDRESS: NAK for 5 s");
    start(USB_HUB);
    t.naks_at = 9;
    expect_failure(20 * SIM_S, "SET_CONFIGURATION: NAK for 5 s");
    start(USB_HUB);
    t.packet = 32;
    expect_failure(2 * SIM_S,
                   "device descriptor at address 0: bMaxPacketSize0 is not 64 at high speed");
    start(USB_KEYBOARD);
    t.packet = 9;
    expect_failure(2 * SIM_S,
                   "device descriptor at address 0: bMaxPacketSize0 is none of 8, 16, 32 and 64");
}

static void test_pulled_out_in_the_middle_and_again(void **state)
{
    (void)state;
    start(USB_HUB);
    for (sim_time when = 100 * SIM_MS; when < 300 * SIM_MS; when += 3 * SIM_MS) {
        attach(true);
        wait(when);
        attach(false);
        unsigned before = t.transactions;
        wait(SIM_S);
        assert_int_equal(t.transactions, before);
        t.in_reset = false;
    }
    t.configured = 0;
    attach(true);
    wait(SIM_S);
    assert_int_equal(t.configured, 1);
    sim_free(&t.sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tells_what_it_is),
        cmocka_unit_test(test_reports_of_a_keyboard),
        cmocka_unit_test(test_a_bounce_is_no_contact),
        cmocka_unit_test(test_what_goes_wrong_is_told),
        cmocka_unit_test(test_pulled_out_in_the_middle_and_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
