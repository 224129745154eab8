/*
 * The M7: clocks, memory and display. What both cores rely on is set up here; then the M4 goes on,
 * this core's kernel starts, and all else is in the threads of cm7/threads.c.
 */
#include "boards/stm32h747i_disco/board.h"
#include "chip/boot.h"
#include "chip/clocks.h"
#include "chip/cm7_memory.h"
#include "chip/cortex_m.h"
#include "cm7/display.h"
#include "cm7/log.h"
#include "cm7/remote.h"
#include "cm7/ui.h"
#include "drivers/sdram.h"
#include "drivers/timer.h"
#include "shared/blink.h"
#include "shared/fault.h"
#include "shared/link.h"
#include "shared/threads.h"

static struct blink sign_of_life;

static uint32_t microseconds(void)
{
    return timer_microseconds(TIMER_CM7);
}

/* Nothing works without these: the red LED says so, and the core stops here. */
static void fail(void)
{
    led_init(LED3_RED);
    led_set(LED3_RED, true);
    for (;;)
        wait_for_event();
}

/* The M4's console reads the map and says it. */
void fault_last_words(const char *text)
{
    (void)text;
}

/* SRAM4 is seen by both cores and held by no cache; so are the camera's frames. The rest of the
 * SDRAM is this core's own. */
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

/* In the notification's handler. Until the M4 has opened its end there is no wish. */
static void take_wish(void *unused, uint32_t line)
{
    (void)unused, (void)line;
    if (LINK_MAP->cards.card[CORE_CM4].open && link_wished() <= LED_BLINKS)
        blink_set(&sign_of_life, (enum led_mode)link_wished());
}

VOID tx_application_define(VOID *unused)
{
    static const struct duet_notify_entry handlers[LINE_COUNT] = {
        [LINE_FRAMES] = {.handler = display_frame_came},
        [LINE_PANEL] = {.handler = ui_message_came},
        [LINE_FIGURES] = {.handler = take_wish},
    };
    (void)unused;
    log_open();
    display_open(ui_overlay_is_free);
    ui_open();
    blink_start(&sign_of_life, LED4_BLUE, 500, LED_BLINKS);
    bool is_linked = link_open(handlers) == DUET_OK;
    remote_open(ui_remote_changed);
    if (!is_linked || !threads_create())
        fail();
}

int main(void)
{
    boot_hold_m4();
    if (!clocks_start())
        fail();
    timer_start(TIMER_CM7);
    set_up_memory();
    boot_release_m4();
    tx_port_core_clock = CLOCK_CM7_HZ;
    tx_kernel_enter();
}
