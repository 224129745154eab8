/* The M7's start: clocks, caches, shared memory, and then the M4. */
#include "boards/stm32h747i_disco/board.h"
#include "chip/clocks.h"
#include "chip/cm7_memory.h"
#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "drivers/timer.h"
#include "shared/common.h"

enum { DOMAIN_POLLS = 0xffff, PATIENCE_US = 1000000 };

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

/* With BCM4 = 1 (option bytes) the M4 starts at reset, together with this core; else it is held. */
static bool m4_starts_with_us(void)
{
    reg_set(RCC_APB4ENR, RCC_APB4ENR_SYSCFGEN);
    (void)reg_read(RCC_APB4ENR);
    return reg_read(SYSCFG_UR1) & SYSCFG_UR1_BCM4;
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

/* The M4 sleeps in Stop, or is held. It goes on when the semaphore SYSTEM_UP is taken, which stays
 * so; the bell only wakes it. */
static void release_m4(bool started)
{
    reg_set(RCC_AHB4ENR, RCC_AHB4ENR_HSEMEN);
    (void)reg_read(RCC_AHB4ENR);
    (void)reg_read(HSEM_RLR0 + 4 * HSEM_SYSTEM_UP);
    if (!started)
        reg_set(RCC_GCR, RCC_GCR_BOOT_C2);
    (void)reg_read(HSEM_RLR0 + 4 * HSEM_START_BELL);
    reg_write(HSEM_R0 + 4 * HSEM_START_BELL, HSEM_COREID_CM7 << 8);
    reg_wait(RCC_CR, RCC_CR_D2CKRDY, RCC_CR_D2CKRDY, DOMAIN_POLLS);
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
    bool m4_started = m4_starts_with_us();
    if (m4_started)
        reg_wait(RCC_CR, RCC_CR_D2CKRDY, 0, DOMAIN_POLLS); /* clocks may change while it sleeps */
    start_clocks();
    timer_start(TIMER_CM7);
    set_up_memory();
    duet_ring_open_producer(&own_lines, common_console());
    common_start(CLOCK_CM7_HZ);
    release_m4(m4_started);
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
