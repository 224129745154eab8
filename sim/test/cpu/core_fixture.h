/*
 * A core with a little memory, for tests of the system half: 64 KB at 0, 64 KB at 0x20000000, a device
 * word at 0x40000000, and addresses whose accesses fail in the ways of the bus.
 */
#ifndef SIM_TEST_CPU_CORE_FIXTURE_H
#define SIM_TEST_CPU_CORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "sim/cpu/system.h"

enum {
    FIXTURE_RAM = 0x10000,
    FIXTURE_DATA = 0x20000000,
    FIXTURE_DEVICE = 0x40000000,
    FIXTURE_LATE = 0x40010000,  /* a store fails later */
    FIXTURE_YIELD = 0x40020000, /* yields once, then answers */
    FIXTURE_STACK = 0x20008000,
    FIXTURE_HANDLERS = 0x1000, /* vector n leads to 0x1000 + 16 n */
    FIXTURE_CODE = 0x4000,
};

static struct fixture {
    struct cpu *cpu;
    _Alignas(8) uint8_t code[FIXTURE_RAM], data[FIXTURE_RAM];
    uint32_t device;
    unsigned device_reads, device_writes;
    bool yielded;
    bool shared; /* other masters use the data */
    unsigned sent_events, resets, unpredictables;
    enum cpu_trace_kind traced;
    uint32_t trace_address, trace_value;
} fixture;

static uint8_t *fixture_ram(uint32_t address)
{
    if (address < FIXTURE_RAM)
        return fixture.code + address;
    return address - FIXTURE_DATA < FIXTURE_RAM ? fixture.data + (address - FIXTURE_DATA) : NULL;
}

static enum cpu_bus_status fixture_read(void *ctx, uint32_t address, unsigned size,
                                        enum cpu_access kind, uint32_t *value)
{
    uint8_t *ram = fixture_ram(address);
    (void)ctx, (void)kind;
    *value = 0;
    if (ram) {
        memcpy(value, ram, size);
    } else if (address == FIXTURE_DEVICE) {
        fixture.device_reads++;
        *value = fixture.device;
    } else if (address == FIXTURE_YIELD && !fixture.yielded) {
        fixture.yielded = true;
        return CPU_BUS_YIELD;
    } else if (address != FIXTURE_YIELD) {
        return CPU_BUS_ERROR;
    }
    return CPU_BUS_OK;
}

static enum cpu_bus_status fixture_write(void *ctx, uint32_t address, unsigned size,
                                         enum cpu_access kind, uint32_t value)
{
    uint8_t *ram = fixture_ram(address);
    (void)ctx, (void)kind;
    if (address == FIXTURE_LATE)
        return CPU_BUS_ERROR_LATE;
    if (ram) {
        memcpy(ram, &value, size);
    } else if (address == FIXTURE_DEVICE) {
        fixture.device_writes++;
        fixture.device = value;
    } else {
        return CPU_BUS_ERROR;
    }
    return CPU_BUS_OK;
}

static void fixture_page(void *ctx, uint32_t address, enum cpu_access kind, struct cpu_page *page)
{
    (void)ctx, (void)kind;
    page->bytes = fixture_ram(address);
    page->writable = true;
    page->shared = fixture.shared;
}

static void fixture_watch_code(void *ctx, uint32_t address)
{
    (void)ctx, (void)address;
}

static void fixture_event(void *ctx)
{
    (void)ctx;
    fixture.sent_events++;
}

static void fixture_reset(void *ctx)
{
    (void)ctx;
    fixture.resets++;
}

static void fixture_unpredictable(void *ctx, const char *what)
{
    (void)ctx, (void)what;
    fixture.unpredictables++;
}

static void fixture_trace(void *ctx, enum cpu_trace_kind kind, uint32_t address, uint32_t value)
{
    (void)ctx;
    fixture.traced = kind;
    fixture.trace_address = address;
    fixture.trace_value = value;
}

static void fixture_put(uint32_t address, uint32_t value)
{
    memcpy(fixture_ram(address), &value, 4);
}

static int fixture_open(enum cpu_model model)
{
    struct cpu_config config = {.model = model,
                                .irq_count = 150,
                                .priority_bits = 4,
                                .mpu_regions = model == CPU_CORTEX_M7 ? 16 : 8};
    memset(&fixture, 0, sizeof fixture);
    config.bus.read = fixture_read;
    config.bus.write = fixture_write;
    config.bus.page = fixture_page;
    config.bus.watch_code = fixture_watch_code;
    config.host =
        (struct cpu_host){NULL, fixture_event, fixture_reset, fixture_unpredictable, fixture_trace};
    fixture.cpu = cpu_create(&config);
    assert_non_null(fixture.cpu);
    fixture_put(0, FIXTURE_STACK);
    fixture_put(4, FIXTURE_CODE | 1);
    for (unsigned number = 2; number < 166; number++)
        fixture_put(4 * number, (FIXTURE_HANDLERS + 16 * number) | 1);
    for (uint32_t address = FIXTURE_HANDLERS; address < FIXTURE_RAM; address += 4)
        fixture_put(address, 0xbf00bf00u); /* NOP */
    cpu_reset(fixture.cpu, 0);
    service(fixture.cpu);
    return 0;
}

static inline int fixture_open_m4(void **state)
{
    (void)state;
    return fixture_open(CPU_CORTEX_M4);
}

static inline int fixture_open_m7(void **state)
{
    (void)state;
    return fixture_open(CPU_CORTEX_M7);
}

static inline int fixture_close(void **state)
{
    (void)state;
    cpu_destroy(fixture.cpu);
    return 0;
}

/* A load and a store as the core's own instruction would do them. */
static inline uint32_t load(uint32_t address)
{
    uint32_t value = 0;
    assert_int_equal(memory_read(fixture.cpu, address, 4, false, false, &value), FAULT_NONE);
    return value;
}

static inline void store(uint32_t address, uint32_t value)
{
    assert_int_equal(memory_write(fixture.cpu, address, 4, false, false, value), FAULT_NONE);
}

static inline enum cpu_fault try_load(uint32_t address, unsigned size)
{
    uint32_t value;
    return memory_read(fixture.cpu, address, size, false, false, &value);
}

static inline enum cpu_fault try_store(uint32_t address, unsigned size)
{
    return memory_write(fixture.cpu, address, size, false, false, 0x12345678);
}

#define M4_TEST(function) cmocka_unit_test_setup_teardown(function, fixture_open_m4, fixture_close)
#define M7_TEST(function) cmocka_unit_test_setup_teardown(function, fixture_open_m7, fixture_close)

#endif
