/* A chip without cores, for the tests of its blocks: registers by the bus, time by hand. */
#ifndef SIM_TEST_SOC_SOC_FIXTURE_H
#define SIM_TEST_SOC_SOC_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/soc/block.h"

struct soc_fixture {
    struct sim sim;
    struct soc *soc;
    bool irq[SOC_CORES][SOC_IRQS];
    unsigned nmis[SOC_CORES], events[SOC_CORES], holds[SOC_CORES], resets[SOC_CORES];
    bool held[SOC_CORES];
    char complaint[512];
};

static inline void fixture_set_irq(void *ctx, enum soc_core core, unsigned irq, bool level)
{
    ((struct soc_fixture *)ctx)->irq[core][irq] = level;
}

static inline void fixture_nmi(void *ctx, enum soc_core core)
{
    ((struct soc_fixture *)ctx)->nmis[core]++;
}

static inline void fixture_event(void *ctx, enum soc_core core)
{
    ((struct soc_fixture *)ctx)->events[core]++;
}

static inline void fixture_hold(void *ctx, enum soc_core core, bool held)
{
    ((struct soc_fixture *)ctx)->holds[core]++;
    ((struct soc_fixture *)ctx)->held[core] = held;
}

static inline void fixture_reset(void *ctx, enum soc_core core)
{
    ((struct soc_fixture *)ctx)->resets[core]++;
}

static inline void fixture_clock_changed(void *ctx, enum soc_core core)
{
    (void)ctx, (void)core;
}

static inline void fixture_hear(void *ctx, const struct complaint *complaint)
{
    struct soc_fixture *f = ctx;
    size_t n = 0;
    for (; complaint->text[n] && n < sizeof f->complaint - 1; n++)
        f->complaint[n] = complaint->text[n];
    f->complaint[n] = 0;
}

/* One aligned access by the M7; whatever a bus error leaves, fails the test. */
static inline uint32_t fixture_read(struct soc_fixture *f, uint32_t address)
{
    uint32_t value;
    assert_int_equal(bus_read(&f->sim.bus, MASTER_CM7, address, 4, &value), BUS_OK);
    return value;
}

static inline void fixture_write(struct soc_fixture *f, uint32_t address, uint32_t value)
{
    assert_int_equal(bus_write(&f->sim.bus, MASTER_CM7, address, 4, value), BUS_OK);
}

/* Lets board time pass and events fire. */
static inline void fixture_wait(struct soc_fixture *f, sim_time time)
{
    sim_time until = f->sim.events.now + time;
    event_run_until(&f->sim.events, until);
    f->sim.events.now = until;
}

/* Opens every clock gate in the RCC (RM0399 9.7: AHB3ENR at +0xD4 to APB4ENR at +0xF4). */
static inline void fixture_open_gates(struct soc_fixture *f)
{
    for (uint32_t offset = 0xd4; offset <= 0xf4; offset += 4)
        fixture_write(f, 0x58024400 + offset, 0xffffffff);
}

/* A chip at power-on with all gates open. */
static inline struct soc_fixture *fixture_create(void)
{
    struct soc_fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    sim_init(&f->sim);
    f->sim.reporter.hear = fixture_hear;
    f->sim.reporter.ctx = f;
    const struct soc_cores cores = {f,
                                    fixture_set_irq,
                                    fixture_nmi,
                                    fixture_event,
                                    fixture_hold,
                                    fixture_reset,
                                    fixture_clock_changed};
    f->soc = soc_create(&f->sim, &cores);
    assert_non_null(f->soc);
    fixture_open_gates(f);
    return f;
}

static inline void fixture_destroy(struct soc_fixture *f)
{
    soc_destroy(f->soc);
    sim_free(&f->sim);
    free(f);
}

#endif
