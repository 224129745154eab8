/* The M7's start: clocks, caches, shared memory, and then the M4. */
#include "boards/stm32h747i_disco/board.h"
#include "chip/boot.h"
#include "chip/clocks.h"
#include "chip/cm7_memory.h"
#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "drivers/timer.h"
#include "shared/common.h"

enum { PATIENCE_US = 1000000 };

static struct duet_ring own_lines;

void systick_handler(void);

void systick_handler(void)
{
    common_tick();
}

/* Without clocks there is no console: the red LED says so. */
static void start_clocks(void)
{
    if (clocks_start())
        return;
    led_init(LED3_RED);
    led_set(LED3_RED, true);
    example_end();
}

/* SRAM4 is seen by both cores, so no cache may hold it. The D2 SRAMs need their clocks. */
static void set_up_memory(void)
{
    static const struct memory_region shared = {SHARED_BASE, 16, MEMORY_NORMAL_UNCACHED};
    reg_set(RCC_AHB2ENR, RCC_AHB2ENR_SRAM1EN | RCC_AHB2ENR_SRAM2EN | RCC_AHB2ENR_SRAM3EN);
    (void)reg_read(RCC_AHB2ENR);
    memory_protect(&shared, 1);
    cache_enable();
}

/* Until the M4's end is open: from there on both cores run, and lines are taken. */
static void wait_for_console(void)
{
    uint32_t start = example_microseconds();
    while (duet_ring_used(&own_lines) < 0 && example_microseconds() - start < PATIENCE_US)
        continue;
}

void example_start(void)
{
    boot_hold_m4();
    start_clocks();
    timer_start(TIMER_CM7);
    set_up_memory();
    duet_ring_open_producer(&own_lines, common_console());
    common_start(CLOCK_CM7_HZ);
    boot_release_m4();
    wait_for_console();
}

uint32_t example_microseconds(void)
{
    return timer_microseconds(TIMER_CM7);
}

void common_print(const char *line, uint32_t length)
{
    uint32_t start = example_microseconds();
    while (duet_ring_send(&own_lines, line, length) < 0)
        if (example_microseconds() - start > PATIENCE_US)
            return; /* the M4 does not take them: nobody reads this line */
}
