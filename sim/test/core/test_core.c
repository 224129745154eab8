/* Time, wires, the bus and complaints: docs/architecture.md, "Time" and "Memory as each master sees it". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/core/sim.h"
#include "sim/core/wire.h"

struct log {
    struct sim *sim;
    struct event again;
    char text[64];
    sim_time at[8];
    unsigned count;
};

static void note(struct log *log, char c)
{
    log->at[log->count] = sim_now(log->sim);
    log->text[log->count++] = c;
}

static void fire_a(void *ctx)
{
    note(ctx, 'a');
}

static void fire_b(void *ctx)
{
    note(ctx, 'b');
}

static void fire_again(void *ctx)
{
    struct log *log = ctx;
    note(log, 'r');
    if (log->count < 5)
        event_in(&log->sim->events, &log->again, 10);
}

static void test_events_fire_by_time_then_by_scheduling(void **state)
{
    struct sim sim;
    struct log log = {.sim = &sim};
    struct event a, b;
    (void)state;
    sim_init(&sim);
    event_init(&a, "a", fire_a, &log);
    event_init(&b, "b", fire_b, &log);
    event_init(&log.again, "again", fire_again, &log);
    event_at(&sim.events, &b, 100);
    event_at(&sim.events, &a, 100);
    event_at(&sim.events, &log.again, 95);
    event_run_until(&sim.events, 105);
    assert_string_equal(log.text, "rbar");
    assert_int_equal(log.at[3], 105);
    event_cancel(&sim.events, &log.again);
    assert_int_equal(event_next(&sim.events), SIM_NEVER);
    sim_free(&sim);
}

static void test_many_events_come_out_in_order(void **state)
{
    struct sim sim;
    static struct event events[500];
    struct log log = {.sim = &sim};
    sim_time last = 0;
    (void)state;
    sim_init(&sim);
    for (unsigned n = 0; n < 500; n++) {
        event_init(&events[n], "n", fire_a, &log);
        event_at(&sim.events, &events[n], (n * 7919) % 1009);
    }
    for (unsigned n = 0; n < 500; n += 3)
        event_cancel(&sim.events, &events[n]);
    while (event_next(&sim.events) != SIM_NEVER) {
        log.count = 0;
        assert_true(event_next(&sim.events) >= last);
        last = event_next(&sim.events);
        event_run_until(&sim.events, last);
    }
    sim_free(&sim);
}

static void hear_level(void *ctx, unsigned index, bool level)
{
    unsigned *heard = ctx;
    *heard = *heard * 10 + index * 2 + level;
}

static void test_wires_tell_changes_only(void **state)
{
    struct wire wire = {0};
    unsigned heard = 0;
    (void)state;
    wire_connect(&wire, hear_level, &heard, 1);
    wire_set(&wire, false);
    assert_int_equal(heard, 0);
    wire_pulse(&wire);
    assert_int_equal(heard, 32);
}

static struct {
    uint32_t offset, length;
    uint8_t watch;
    unsigned calls;
} told;

static void hear_write(void *ctx, struct ram *ram, uint32_t offset, uint32_t length, uint8_t watch,
                       enum bus_master master)
{
    (void)ctx, (void)ram, (void)master;
    told.offset = offset;
    told.length = length;
    told.watch = watch;
    told.calls++;
}

static void test_a_watch_hears_of_writes_by_every_alias(void **state)
{
    struct sim sim;
    struct ram ram;
    uint32_t value;
    (void)state;
    sim_init(&sim);
    assert_true(ram_init(&ram, "RAM", 8192));
    bus_add_ram(&sim.bus, 0x10000000, 8192, MASTERS_ALL, &ram, 0);
    bus_add_ram(&sim.bus, 0x30000000, 8192, MASTER_BIT(MASTER_CM7), &ram, 0);
    sim.bus.watched_write = hear_write;
    assert_true(bus_watch(&sim.bus, MASTER_CM7, 0x30000400, WATCH_DEBUG, 0));
    assert_int_equal(bus_write(&sim.bus, MASTER_CM4, 0x10000404, 4, 7), BUS_OK);
    assert_int_equal(told.calls, 1);
    assert_int_equal(told.offset, 0x404);
    assert_int_equal(bus_read(&sim.bus, MASTER_CM7, 0x30000404, 4, &value), BUS_OK);
    assert_int_equal(value, 7);
    assert_int_equal(bus_read(&sim.bus, MASTER_CM4, 0x30000404, 4, &value), BUS_ERROR);
    assert_non_null(bus_memory_for_write(&sim.bus, MASTER_DMA1, 0x100003f0, 64));
    assert_int_equal(told.offset, 0x400);
    assert_int_equal(told.length, 48);
    assert_null(bus_memory(&sim.bus, MASTER_DMA1, 0x10001ff0, 64)); /* leaves the region */
    ram_free(&ram);
    sim_free(&sim);
}

/* Many chunks of one: a write to the first must not be seen in the next. */
static void test_erased_memory_is_all_ones_and_each_page_its_own(void **state)
{
    (void)state;
    struct ram ram;
    assert_true(ram_init_erased(&ram, "flash", 3 * ERASED_CHUNK));
    ram.bytes[5] = 0x12;
    for (uint32_t at = 0; at < ram.size; at += 4093)
        assert_int_equal(ram.bytes[at], 0xff);
    assert_int_equal(ram.bytes[5], 0x12);
    assert_int_equal(ram.bytes[ERASED_CHUNK + 5], 0xff);
    ram_free(&ram);
    assert_true(ram_init_erased(&ram, "flash", ERASED_CHUNK));
    assert_int_equal(ram.bytes[5], 0xff);
    ram_free(&ram);
}

static unsigned complaints;

struct sharing {
    unsigned count;
    uint32_t page;
    enum bus_master master;
};

static void hear_sharing(void *ctx, struct ram *ram, uint32_t page, enum bus_master master)
{
    struct sharing *heard = ctx;
    (void)ram;
    *heard = (struct sharing){heard->count + 1, page, master};
}

/* Each way to memory counts; the debugger does not, nor does who was there before. */
static void test_a_page_is_shared_from_its_second_master_on(void **state)
{
    struct sim sim;
    struct ram ram;
    struct sharing heard = {0};
    uint32_t value;
    (void)state;
    sim_init(&sim);
    assert_true(ram_init(&ram, "SRAM1", 8 * BUS_PAGE_SIZE));
    bus_add_ram(&sim.bus, 0x30000000, 8 * BUS_PAGE_SIZE, MASTERS_ALL, &ram, 0);
    sim.bus.page_shared = hear_sharing;
    sim.bus.share_ctx = &heard;
    bus_write(&sim.bus, MASTER_DEBUG, 0x30000400, 4, 0);
    bus_read(&sim.bus, MASTER_CM7, 0x30000400, 4, &value);
    bus_write(&sim.bus, MASTER_CM7, 0x30000404, 4, 0);
    bus_memory(&sim.bus, MASTER_DEBUG, 0x30000000, 2048);
    assert_false(ram_page_is_shared(&ram, 1));
    assert_int_equal(heard.count, 0);
    bus_write(&sim.bus, MASTER_CM4, 0x300007fc, 4, 0);
    assert_true(ram_page_is_shared(&ram, 1));
    assert_int_equal(heard.count, 1);
    assert_int_equal(heard.page, 1);
    assert_int_equal(heard.master, MASTER_CM4);
    bus_read(&sim.bus, MASTER_CM4, 0x30000400, 1, &value);
    assert_int_equal(heard.count, 1);
    bus_memory_for_write(&sim.bus, MASTER_MDMA, 0x300003ff, 2 * BUS_PAGE_SIZE);
    assert_int_equal(heard.count, 2); /* of its three pages one had masters */
    bus_memory(&sim.bus, MASTER_LTDC, 0x300003ff, 1);
    assert_true(ram_page_is_shared(&ram, 0));
    assert_int_equal(heard.count, 3);
    assert_false(ram_page_is_shared(&ram, 3));
    ram_free(&ram);
    sim_free(&sim);
}

static void hear_complaint(void *ctx, const struct complaint *complaint)
{
    (void)ctx;
    assert_string_equal(complaint->text, "register 4");
    complaints++;
}

static void test_a_complaint_is_passed_on_once(void **state)
{
    struct reporter reporter;
    (void)state;
    reporter_init(&reporter);
    reporter.hear = hear_complaint;
    for (unsigned n = 0; n < 3; n++)
        complain(&reporter, COMPLAINT_GUEST, "USART1", 4, "register %u", 4u);
    assert_int_equal(complaints, 1);
    assert_int_equal(reporter.total[COMPLAINT_GUEST], 3);
    assert_int_equal(reporter.distinct[COMPLAINT_GUEST], 1);
    reporter_free(&reporter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_events_fire_by_time_then_by_scheduling),
        cmocka_unit_test(test_many_events_come_out_in_order),
        cmocka_unit_test(test_wires_tell_changes_only),
        cmocka_unit_test(test_a_watch_hears_of_writes_by_every_alias),
        cmocka_unit_test(test_a_page_is_shared_from_its_second_master_on),
        cmocka_unit_test(test_erased_memory_is_all_ones_and_each_page_its_own),
        cmocka_unit_test(test_a_complaint_is_passed_on_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
