/* The M4's start, and the console. */
#include "boards/stm32h747i_disco/board.h"
#include "chip/boot.h"
#include "chip/clocks.h"
#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "drivers/timer.h"
#include "drivers/usart.h"
#include "shared/common.h"

#include <stdio.h>

static struct duet_ring other_lines; /* what the M7 says */
static volatile uint32_t is_open;

void systick_handler(void);
void usart1_handler(void);

void example_start(void)
{
    boot_wait_for_m7();
    timer_start(TIMER_CM4);
    board_console_pins();
    usart_start();
    irq_enable(IRQ_USART1, 8);
    duet_ring_open_consumer(&other_lines, common_console());
    while (duet_ring_used(&other_lines) < 0)
        continue; /* until the M7's end is there */
    is_open = 1;
    common_start(CLOCK_CM4_HZ);
}

uint32_t example_microseconds(void)
{
    return timer_microseconds(TIMER_CM4);
}

/* Moves whole lines of the M7 to the USART while there is room. With the tick masked, because the
 * ring and the USART's queue take one caller at a time. */
static void pass_on(void)
{
    char line[CONSOLE_LINE_BYTES];
    while (usart_room() >= 4 + sizeof line) {
        int length = duet_ring_receive(&other_lines, line, sizeof line);
        if (length == DUET_RESTARTED)
            continue;
        if (length <= 0)
            return;
        usart_write("M7: ", 4);
        usart_write(line, (size_t)length);
    }
}

void systick_handler(void)
{
    common_tick();
    if (is_open)
        pass_on();
}

void usart1_handler(void)
{
    usart_interrupt();
}

/* The M7's lines first: what it said before it notified us comes before our answer. */
static bool try_to_print(const char *line, uint32_t length)
{
    uint32_t primask = interrupts_mask();
    pass_on();
    bool fits = duet_ring_used(&other_lines) <= 0 && usart_room() >= 4 + length;
    if (fits) {
        usart_write("M4: ", 4);
        usart_write(line, length);
    }
    interrupts_restore(primask);
    return fits;
}

void common_print(const char *line, uint32_t length)
{
    while (!try_to_print(line, length))
        wait_for_interrupt();
}

void console_flush(void)
{
    while (!usart_is_idle() || duet_ring_used(&other_lines) > 0)
        wait_for_interrupt();
}
