#include "cm4/console.h"

#include "boards/stm32h747i_disco/board.h"
#include "chip/cortex_m.h"
#include "chip/stm32h747.h"
#include "drivers/usart.h"
#include "shared/fault.h"
#include "tx_api.h"
#include "tx_execution_profile.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { ROOM_TICKS = 500, FLUSH_TICKS = 1000, CONTROL_C = 3 };

static void nothing(void)
{
}

static struct {
    TX_MUTEX lock;      /* one text at a time */
    TX_SEMAPHORE typed; /* 1: something came in */
    uint32_t dropped;
    void (*hide)(void), (*show)(void);
} console = {.hide = nothing, .show = nothing};

void usart1_handler(void);

void usart1_handler(void)
{
    _tx_execution_isr_enter();
    if (usart_interrupt())
        tx_semaphore_ceiling_put(&console.typed, 1);
    _tx_execution_isr_exit();
}

void console_open(void)
{
    tx_mutex_create(&console.lock, (CHAR *)"console", TX_INHERIT);
    tx_semaphore_create(&console.typed, (CHAR *)"typed", 0);
    board_console_pins();
    usart_start();
    irq_enable(IRQ_USART1, 8);
}

void console_lock(void)
{
    tx_mutex_get(&console.lock, TX_WAIT_FOREVER);
}

void console_unlock(void)
{
    tx_mutex_put(&console.lock);
}

static bool wait_for_room(size_t count)
{
    for (ULONG start = tx_time_get(); usart_room() < count; tx_thread_sleep(1))
        if (tx_time_get() - start >= ROOM_TICKS)
            return false;
    return true;
}

void console_write(const char *bytes, size_t count)
{
    if (wait_for_room(count))
        usart_write(bytes, count);
    else
        console.dropped++;
}

static size_t newlines(const char *text)
{
    size_t count = 0;
    while ((text = strchr(text, '\n'))) {
        count++;
        text++;
    }
    return count;
}

static void write_lines(const char *text)
{
    for (;;) {
        size_t length = strcspn(text, "\n");
        usart_write(text, length);
        if (!text[length])
            return;
        usart_write("\r\n", 2);
        text += length + 1;
    }
}

void console_print(const char *text)
{
    console_lock();
    console.hide();
    if (wait_for_room(strlen(text) + newlines(text)))
        write_lines(text);
    else
        console.dropped++;
    console.show();
    console_unlock();
}

void console_format(const char *format, ...)
{
    char text[CONSOLE_LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof text && format[strlen(format) - 1] == '\n')
        text[sizeof text - 2] = '\n';
    console_print(text);
}

uint32_t console_dropped(void)
{
    return console.dropped;
}

void console_flush(void)
{
    for (ULONG start = tx_time_get(); !usart_is_idle(); tx_thread_sleep(1))
        if (tx_time_get() - start >= FLUSH_TICKS)
            return;
}

void console_keep_line(void (*hide)(void), void (*show)(void))
{
    console.hide = hide;
    console.show = show;
}

char console_read(void)
{
    int byte;
    while ((byte = usart_read()) < 0)
        tx_semaphore_get(&console.typed, TX_WAIT_FOREVER);
    return (char)byte;
}

bool console_interrupted(void)
{
    return usart_read_past(CONTROL_C);
}

void fault_last_words(const char *text)
{
    usart_write_now("\r\nM4: ", 6);
    usart_write_now(text, strlen(text));
    usart_write_now("\r\n", 2);
}
