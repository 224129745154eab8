/*
 * The USB host stack and bulk_only.c, stick.c on the host, with a controller that only passes on what a
 * device says: descriptors that lie, a hundred thousand of them, each enumerated; and after each an honest
 * stick must be one. Sanitizers see what a board might not notice. And what stick.c asks an honest one to do.
 */
#include "usb/bulk_only.h"
#include "usb/usb_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "host/hcd.h"
#include "host/usbh.h"
#include "tusb.h"

enum { DEVICE_DESCRIPTOR = 1, CONFIGURATION_DESCRIPTOR = 2, LONGEST = 512 };
enum { BULK_OUT = 0x02, BULK_IN = 0x81, SECTORS = 1000 };
enum { REQUEST_SENSE = 0x03, ILLEGAL_REQUEST = 5, SYNCHRONIZE_CACHE = 0x35 };

static const uint8_t honest_device[18] = {18, 1,    0x00, 2,    0, 0, 0, 64, 0x83,
                                          4,  0x20, 0x57, 0x00, 2, 1, 2, 3,  1};
static const uint8_t honest_configuration[32] = {9, 2, 32, 0, 1, 1,        0, 0x80, 50, 9,       4,
                                                 0, 0, 2,  8, 6, 0x50,     0, 7,    5,  BULK_IN, 2,
                                                 0, 2, 0,  7, 5, BULK_OUT, 2, 0,    2,  0};

/* What is wrong with a device. */
struct lie {
    uint8_t kind;    /* DEVICE_DESCRIPTOR or CONFIGURATION_DESCRIPTOR: of this one */
    unsigned honest; /* so many answers are the truth first */
    int byte;        /* this one is `value`; -1: none */
    uint8_t value;
    int length;    /* of the answer; -1: as it should be */
    uint64_t seed; /* instead: garbage of this seed; 0: none */
};

static const struct lie none = {.byte = -1, .length = -1};

static struct {
    struct lie lie;
    bool plugged;
    unsigned answers[3]; /* given, by kind */
    uint64_t random;
    uint8_t setup[8];
    uint8_t wrapper[31]; /* the last command */
    uint8_t refused;     /* a command that it does not know */
    unsigned flushes;    /* SYNCHRONIZE CACHE */
    bool data_is_due;
    uint32_t now; /* ms */
} device;

/* splitmix64 */
static unsigned below(unsigned limit)
{
    uint64_t z = device.random += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (unsigned)((z ^ z >> 31) % limit);
}

/* ---- The device's descriptors ---- */

/* Descriptors of any kind after each other, as long as they say, or nearly. */
static unsigned make_chain(uint8_t *bytes)
{
    static const uint8_t kinds[] = {4, 4, 5, 5, 5, 11, 2, 0x24};
    unsigned length = 9, end = 9 + below(LONGEST - 9);
    while (length + 9 < end) {
        unsigned its = below(8) ? 7 + below(3) : below(256);
        uint8_t *at = bytes + length;
        for (unsigned n = 0; n < 9; n++)
            at[n] = (uint8_t)below(below(2) ? 4 : 256);
        at[0] = (uint8_t)its;
        at[1] = kinds[below(sizeof kinds)];
        if (at[1] == 4 && below(2))
            memcpy(at + 4, (const uint8_t[]){2, 8, 6, 0x50}, 4);
        length += its ? its : 1;
    }
    length = length < LONGEST ? length : LONGEST;
    bytes[2] = (uint8_t)(below(8) ? length : below(256));
    bytes[3] = (uint8_t)(length >> 8);
    return length;
}

/* As in `lie`; how long the answer then is. */
static unsigned make_garbage(uint8_t kind, uint8_t *bytes, unsigned length)
{
    unsigned way = below(5);
    if (way == 0 && kind == CONFIGURATION_DESCRIPTOR)
        return make_chain(bytes);
    if (way == 1)
        return below(length + 1);
    if (way == 2)
        length = below(LONGEST + 1);
    for (unsigned n = way == 2 ? length : way == 3 ? 1 + below(6) : 0; n--;)
        bytes[below(length)] = (uint8_t)below(256);
    return length;
}

static unsigned describe(uint8_t kind, uint8_t bytes[LONGEST])
{
    const struct lie *lie = &device.lie;
    bool of_device = kind == DEVICE_DESCRIPTOR;
    unsigned length = of_device ? sizeof honest_device : sizeof honest_configuration;
    memcpy(bytes, of_device ? honest_device : honest_configuration, length);
    if (lie->seed)
        return make_garbage(kind, bytes, length);
    if (kind != lie->kind || device.answers[kind]++ < lie->honest)
        return length;
    if (lie->byte >= 0)
        bytes[lie->byte] = lie->value;
    return lie->length >= 0 ? (unsigned)lie->length : length;
}

/* ---- The controller that TinyUSB talks to (host/hcd.h): all is done at once ---- */

bool hcd_configure(uint8_t port, uint32_t id, const void *parameter)
{
    (void)port, (void)id, (void)parameter;
    return true;
}

bool hcd_init(uint8_t port, const tusb_rhport_init_t *init)
{
    (void)port, (void)init;
    return true;
}

bool hcd_deinit(uint8_t port)
{
    (void)port;
    return true;
}

void hcd_int_handler(uint8_t port, bool in_isr)
{
    (void)port, (void)in_isr;
}

void hcd_int_enable(uint8_t port)
{
    (void)port;
}

void hcd_int_disable(uint8_t port)
{
    (void)port;
}

uint32_t hcd_frame_number(uint8_t port)
{
    (void)port;
    return device.now;
}

bool hcd_port_connect_status(uint8_t port)
{
    (void)port;
    return device.plugged;
}

void hcd_port_reset(uint8_t port)
{
    (void)port;
}

void hcd_port_reset_end(uint8_t port)
{
    (void)port;
}

tusb_speed_t hcd_port_speed_get(uint8_t port)
{
    (void)port;
    return TUSB_SPEED_HIGH;
}

void hcd_device_close(uint8_t port, uint8_t address)
{
    (void)port, (void)address;
}

bool hcd_edpt_open(uint8_t port, uint8_t address, const tusb_desc_endpoint_t *endpoint)
{
    (void)port, (void)address;
    return tu_edpt_packet_size(endpoint) <= 1024;
}

bool hcd_edpt_abort_xfer(uint8_t port, uint8_t address, uint8_t endpoint)
{
    (void)port, (void)address, (void)endpoint;
    return true;
}

bool hcd_edpt_clear_stall(uint8_t port, uint8_t address, uint8_t endpoint)
{
    (void)port, (void)address, (void)endpoint;
    return true;
}

bool hcd_setup_send(uint8_t port, uint8_t address, const uint8_t setup[8])
{
    (void)port;
    memcpy(device.setup, setup, sizeof device.setup);
    hcd_event_xfer_complete(address, 0, 8, XFER_RESULT_SUCCESS, true);
    return true;
}

/* What the device says to a request with data to the host; -1: it stalls. */
static int answer_request(uint8_t *buffer, unsigned room)
{
    uint8_t bytes[LONGEST] = {0};
    enum { GET_DESCRIPTOR = 6 };
    if (device.setup[1] != GET_DESCRIPTOR || device.setup[3] > CONFIGURATION_DESCRIPTOR)
        return -1;
    unsigned length = describe(device.setup[3], bytes);
    length = length < room ? length : room;
    memcpy(buffer, bytes, length);
    return (int)length;
}

/* A disk of SECTORS sectors that can be asked what it is, and does what it is told. */
static unsigned answer_bulk(uint8_t *buffer, unsigned room)
{
    uint8_t bytes[36] = {0}, *wrapper = device.wrapper;
    unsigned length = 13;
    if (device.data_is_due) {
        length = wrapper[8];
        if (wrapper[15] == 0x25)
            memcpy(bytes,
                   (const uint8_t[]){0, 0, (SECTORS - 1) >> 8, (SECTORS - 1) & 255, 0, 0, 2, 0}, 8);
        bytes[2] |= wrapper[15] == REQUEST_SENSE ? ILLEGAL_REQUEST : 0;
    } else {
        memcpy(bytes, "USBS", 4);
        memcpy(bytes + 4, wrapper + 4, 4);
        bytes[12] = device.refused && wrapper[15] == device.refused;
        device.flushes += wrapper[15] == SYNCHRONIZE_CACHE;
    }
    device.data_is_due = false;
    length = length < room ? length : room;
    memcpy(buffer, bytes, length);
    return length;
}

bool hcd_edpt_xfer(uint8_t port, uint8_t address, uint8_t endpoint, uint8_t *buffer,
                   uint16_t length)
{
    (void)port;
    int moved = length;
    if (!device.plugged)
        moved = -1;
    else if (endpoint == 0x80 && length)
        moved = answer_request(buffer, length);
    else if (endpoint & 0x80 && endpoint & 15)
        moved = (int)answer_bulk(buffer, length);
    else if (endpoint && length == sizeof device.wrapper) {
        memcpy(device.wrapper, buffer, length);
        device.data_is_due = device.wrapper[8] != 0;
    }
    hcd_event_xfer_complete(address, endpoint, moved < 0 ? 0 : (uint32_t)moved,
                            moved < 0 ? XFER_RESULT_STALLED : XFER_RESULT_SUCCESS, true);
    return true;
}

/* ---- What the stack and stick.c are given (usb_host.h, bulk_only.h) ---- */

uint32_t usb_host_milliseconds(void)
{
    return device.now;
}

void usb_host_idle(void)
{
    device.now++;
}

uint32_t tusb_time_millis_api(void)
{
    return device.now;
}

void tusb_time_delay_ms_api(uint32_t milliseconds)
{
    device.now += milliseconds;
}

bool usb_host_wait(const volatile bool *ended)
{
    for (uint32_t began = device.now; !*ended && device.now - began < STICK_PATIENCE_MS;) {
        if (!tuh_task_event_ready())
            usb_host_idle();
        tuh_task();
    }
    return *ended;
}

bool usb_host_keeps_device(void)
{
    return device.plugged;
}

/* ---- Plugged in, asked what it is, pulled out ---- */

static bool plug_in(const struct lie *lie)
{
    const tusb_rhport_init_t host = {.role = TUSB_ROLE_HOST, .speed = TUSB_SPEED_AUTO};
    memset(&device, 0, sizeof device);
    device.lie = *lie;
    device.random = lie->seed;
    assert_true(tusb_init(USB_HOST_PORT, &host));
    device.plugged = true;
    hcd_event_device_attach(USB_HOST_PORT, true);
    while (tuh_task_event_ready())
        tuh_task();
    bool is_one = bulk_only_present() && stick_meet();
    assert_true(device.now < 60000);
    return is_one;
}

static void pull_out(void)
{
    device.plugged = false;
    tuh_deinit(USB_HOST_PORT);
    assert_false(bulk_only_present());
}

static bool is_stick(const struct lie *lie)
{
    bool is_one = plug_in(lie);
    pull_out();
    return is_one;
}

static void honest_stick_is_one(void)
{
    assert_true(is_stick(&none));
    assert_int_equal(stick_sectors(), SECTORS);
    assert_int_equal(stick_sector_size(), 512);
}

static unsigned told, believed;

static void tell(const struct lie *lie)
{
    told++;
    believed += is_stick(lie);
    honest_stick_is_one();
}

/* ---- Tests ---- */

/* From the first answer on, or from the second: after the length that was asked for first. */
static void test_each_byte_with_each_value(void **state)
{
    (void)state;
    for (uint8_t kind = DEVICE_DESCRIPTOR; kind <= CONFIGURATION_DESCRIPTOR; kind++)
        for (unsigned honest = 0; honest < 2; honest++)
            for (int byte = 0; byte < (kind == DEVICE_DESCRIPTOR ? 18 : 32); byte++)
                for (unsigned value = 0; value < 256; value++)
                    tell(&(struct lie){kind, honest, byte, (uint8_t)value, -1, 0});
}

static void test_each_length(void **state)
{
    (void)state;
    for (uint8_t kind = DEVICE_DESCRIPTOR; kind <= CONFIGURATION_DESCRIPTOR; kind++)
        for (unsigned honest = 0; honest < 2; honest++)
            for (int length = 0; length <= LONGEST; length++)
                tell(&(struct lie){kind, honest, -1, 0, length, 0});
}

static void test_garbage(void **state)
{
    (void)state;
    for (uint64_t seed = 1; told < 100000; seed++)
        tell(&(struct lie){.seed = seed});
    print_message("%u lies, of which %u are good for a stick\n", told, believed);
}

static void test_what_is_written_is_flushed(void **state)
{
    (void)state;
    assert_true(plug_in(&none));
    assert_true(stick_flush() && stick_flush());
    assert_int_equal(device.flushes, 2);
    pull_out();
    assert_false(stick_flush());
}

static void test_one_that_knows_no_flush_is_asked_once(void **state)
{
    (void)state;
    assert_true(plug_in(&none));
    device.refused = SYNCHRONIZE_CACHE;
    assert_true(stick_flush() && stick_flush());
    assert_int_equal(device.flushes, 1);
    pull_out();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_written_is_flushed),
        cmocka_unit_test(test_one_that_knows_no_flush_is_asked_once),
        cmocka_unit_test(test_each_byte_with_each_value),
        cmocka_unit_test(test_each_length),
        cmocka_unit_test(test_garbage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
