/*
 * The M7: clocks, memory and display. It shows each frame that the M4 sends by giving the LTDC its
 * address, at the vertical blank, and draws the status column once a second.
 */
#include "boards/stm32h747i_disco/board.h"
#include "chip/clocks.h"
#include "chip/cm7_memory.h"
#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "cm7/log.h"
#include "cm7/screen.h"
#include "drivers/sdram.h"
#include "drivers/timer.h"
#include "duet_stm32h7.h"
#include "shared/idle.h"
#include "shared/link.h"
#include "shared/tick.h"

enum { DOMAIN_POLLS = 0xffff };

static uint32_t microseconds(void)
{
    return timer_microseconds(TIMER_CM7);
}

static const struct duet_stm32h7 chip = {
    .own = HSEM_RINGS_CM7,
    .peer = HSEM_RINGS_CM4,
    .microseconds = microseconds,
};
static const struct duet_port port = DUET_STM32H7_PORT(hsem, chip);

static struct link link;
static struct idle idle;

void hsem_handler(void);

void hsem_handler(void)
{
    duet_notify_interrupt(&link.notify);
}

/* Nothing works without these: the red LED says so, and the core stops here. */
static void fail(void)
{
    led_init(LED3_RED);
    led_set(LED3_RED, true);
    for (;;)
        wait_for_event();
}

static bool m4_starts_with_us(void)
{
    reg_set(RCC_APB4ENR, RCC_APB4ENR_SYSCFGEN);
    (void)reg_read(RCC_APB4ENR);
    return reg_read(SYSCFG_UR1) & SYSCFG_UR1_BCM4;
}

/* SRAM4 is seen by both cores and held by no cache; so are the camera's frames. The rest of the SDRAM
 * is this core's own. */
static void set_up_memory(void)
{
    static const struct memory_region regions[] = {
        {0x38000000, 16, MEMORY_NORMAL_UNCACHED},
        {SDRAM_BASE, 25, MEMORY_NORMAL_WRITE_BACK},
        {SDRAM_BASE, LINK_FRAMES_SIZE_LOG2, MEMORY_NORMAL_UNCACHED},
    };
    board_sdram_pins();
    if (!sdram_start(microseconds))
        fail();
    memory_protect(regions, sizeof regions / sizeof regions[0]);
    cache_enable();
}

/* The M4 sleeps in Stop, or is held (BCM4 = 0). It goes on when the semaphore SYSTEM_UP is taken,
 * which stays so; the bell only wakes it. */
static void release_m4(bool started)
{
    reg_set(RCC_AHB4ENR, RCC_AHB4ENR_HSEMEN);
    (void)reg_read(RCC_AHB4ENR);
    (void)reg_read(HSEM_RLR0 + 4 * HSEM_SYSTEM_UP);
    if (!started)
        reg_set(RCC_GCR, RCC_GCR_BOOT_C2);
    (void)reg_read(HSEM_RLR0 + 4 * HSEM_START_BELL);
    reg_write(HSEM_R0 + 4 * HSEM_START_BELL, HSEM_COREID_CM7 << 8);
    if (!reg_wait(RCC_CR, RCC_CR_D2CKRDY, RCC_CR_D2CKRDY, DOMAIN_POLLS))
        log_line("RCC_CR.D2CKRDY did not rise after the M4's release");
}

static void open_link(void)
{
    duet_stm32h7_start_hsem(&chip); /* opening rings the other core already */
    if (link_open(&link, &port) != DUET_OK)
        fail();
    irq_enable(IRQ_HSEM_CM7, 5);
}

static void blink(void)
{
    static struct period half = {.length = 500};
    static bool lit;
    if (!period_passed(&half))
        return;
    lit = !lit;
    led_set(LED4_BLUE, lit);
}

static void report(void)
{
    static struct period second = {.length = 1000};
    if (!period_passed(&second))
        return;
    struct link_figures own = {.load_permille = idle_load_permille(&idle)};
    screen_figures(&own);
    link_tell(&link, &port, &own);
    screen_draw_status(&own, link_peer_figures(&port));
}

int main(void)
{
    bool m4_started = m4_starts_with_us();
    if (m4_started)
        reg_wait(RCC_CR, RCC_CR_D2CKRDY, 0, DOMAIN_POLLS); /* clocks may change while it sleeps */
    if (!clocks_start())
        fail();
    timer_start(TIMER_CM7);
    tick_start(CLOCK_CM7_HZ);
    led_init(LED4_BLUE);
    set_up_memory();
    open_link();
    if (screen_start(&link, tick_wait))
        log_format("panel %s, 800x480", board_panel_name());
    else
        log_line("no panel answers on DSI");
    release_m4(m4_started);
    if (duet_region_wait_peer(&link.region, 100000) != DUET_OK)
        log_line("the M4 was late to open the shared memory");
    idle_start(&idle, TIMER_CM7);
    for (;;) {
        blink();
        report();
        screen_service();
        log_service(&link);
        idle_sleep(&idle);
    }
}
