#include "cm4/console.h"

#include "boards/stm32h747i_disco/board.h"
#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "drivers/usart.h"
#include "shared/fault.h"
#include "tx_api.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { ROOM_TICKS = 500 };

static struct {
    TX_MUTEX lock;      /* one text at a time */
    TX_SEMAPHORE typed; /* 1: something came in */
    uint32_t dropped;
} console;

void usart1_handler(void);

void usart1_handler(void)
{
    if (usart_interrupt())
        tx_semaphore_ceiling_put(&console.typed, 1);
}

void console_open(void)
{
    tx_mutex_create(&console.lock, (CHAR *)"console", TX_INHERIT);
    tx_semaphore_create(&console.typed, (CHAR *)"typed", 0);
    board_console_pins();
    usart_start();
    irq_enable(IRQ_USART1, 8);
}

static bool wait_for_room(size_t count)
{
    for (ULONG start = tx_time_get(); usart_room() < count; tx_thread_sleep(1))
        if (tx_time_get() - start >= ROOM_TICKS)
            return false;
    return true;
}

void console_print(const char *text)
{
    size_t count = strlen(text);
    tx_mutex_get(&console.lock, TX_WAIT_FOREVER);
    if (wait_for_room(count))
        usart_write(text, count);
    else
        console.dropped++;
    tx_mutex_put(&console.lock);
}

void console_format(const char *format, ...)
{
    char text[CONSOLE_LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    console_print(text);
}

uint32_t console_dropped(void)
{
    return console.dropped;
}

char console_read(void)
{
    int byte;
    while ((byte = usart_read()) < 0)
        tx_semaphore_get(&console.typed, TX_WAIT_FOREVER);
    return (char)byte;
}

void fault_last_words(const char *text)
{
    usart_write_now("\nM4: ", 5);
    usart_write_now(text, strlen(text));
    usart_write_now("\n", 1);
}
